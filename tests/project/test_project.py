"""The project around the code: its README, its menu, its wheel, its changelog and its decisions."""

from __future__ import annotations

import ast
import re
import tomllib
import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
VENV = "python3 -m venv .venv && .venv/bin/python -m pip install -q"
MAIN_COMMAND = f'{VENV} ".[cli]" && .venv/bin/python -m distbilling run examples/handbook.toml'
TEST_COMMAND = f"{VENV} -r requirements/nox.txt && .venv/bin/python -m nox -s tests"
SLOW_COMMAND = ".venv/bin/python -m nox -s slow"
FRAGMENTS = sorted(file for file in (ROOT / "changelog.d").iterdir() if file.name != "README.md")
RECORDS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))


def test_the_readme_promises_the_commands_that_ci_runs():
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert {MAIN_COMMAND, TEST_COMMAND, SLOW_COMMAND} <= set(lines)


def test_every_nox_session_has_one_line_on_the_menu():
    functions = (
        node
        for node in ast.parse((ROOT / "noxfile.py").read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    )
    sessions = {
        node.name: ast.get_docstring(node)
        for node in functions
        if "nox.session" in map(_dotted, node.decorator_list)
    }
    assert {"tests", "slow"} <= sessions.keys()
    assert not [name for name, line in sessions.items() if not line or "\n" in line]


def test_the_wheel_brings_its_types_and_its_catalogues(tmp_path):
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    packed = set(zipfile.ZipFile(wheel).namelist())
    kept = {
        file.relative_to(ROOT / "src").as_posix()
        for file in (ROOT / "src/distbilling").rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }
    assert {name for name in packed if ".dist-info/" not in name} == kept
    assert "distbilling/py.typed" in packed
    assert [name for name in packed if name.endswith(".po")]


def test_the_version_is_written_once():
    version = PROJECT["project"]["version"]
    repeated = re.compile(rf"""["']{re.escape(version)}["']""")
    assert not [
        file.name
        for file in (ROOT / "src").rglob("*.py")
        if repeated.search(file.read_text("utf-8"))
    ]


def test_a_host_needs_four_packages_and_no_more():
    needed = {re.split(r"[<>=~!\[ ;]", line)[0] for line in PROJECT["project"]["dependencies"]}
    assert needed == {"attrs", "babel", "pendulum", "tzdata"}


def test_every_changelog_fragment_is_named_for_its_type():
    types = "|".join(type_["directory"] for type_ in PROJECT["tool"]["towncrier"]["type"])
    name = re.compile(rf"(\+[a-z0-9-]+|\d+)\.({types})\.md")
    assert not [file.name for file in FRAGMENTS if not name.fullmatch(file.name)]


def test_a_changed_figure_is_listed_with_its_rule_before_and_after():
    texts = {file.name: file.read_text("utf-8") for file in FRAGMENTS if ".rule." in file.name}
    assert not [
        name
        for name, text in texts.items()
        if not re.search(r"\bR\d+\b", text)
        or len(re.findall(r"\d+\.\d+", text)) < len(("before", "after"))
    ]


def test_every_decision_record_has_three_parts_and_is_in_the_index():
    index = (ROOT / "docs/decisions/index.md").read_text("utf-8")
    parts = ["Question", "Choice", "What would change our mind"]
    assert not [
        file.name
        for file in RECORDS
        if re.findall(r"^\*\*(.+?)\.\*\*", file.read_text("utf-8"), re.MULTILINE) != parts
        or not (f"({file.name})" in index or file.name.startswith("0000"))
    ]


def test_every_page_of_the_docs_can_be_reached():
    menu = (ROOT / "mkdocs.yml").read_text("utf-8")
    pages = (file.relative_to(ROOT / "docs").as_posix() for file in (ROOT / "docs").rglob("*.md"))
    assert not [page for page in pages if f" {page}\n" not in menu]


def _dotted(decorator: ast.expr) -> str:
    return ast.unparse(decorator).partition("(")[0]
