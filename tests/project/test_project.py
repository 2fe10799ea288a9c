"""Is the project around the code as its README, its menu and its changelog say?"""

from __future__ import annotations

import ast
import re
import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
VENV = "python3 -m venv .venv && .venv/bin/python -m pip install -q"
MAIN_COMMAND = f'{VENV} ".[cli]" && .venv/bin/python -m distbilling run examples/handbook.toml'
TEST_COMMAND = f'{VENV} "nox[uv]" && .venv/bin/python -m nox -s tests'
SLOW_COMMAND = ".venv/bin/python -m nox -s slow"
FRAGMENTS = sorted(file for file in (ROOT / "changelog.d").iterdir() if file.name != "README.md")
RECORDS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("command", [MAIN_COMMAND, TEST_COMMAND, SLOW_COMMAND])
def test_the_readme_promises_the_command_that_ci_runs(command):
    assert command in (ROOT / "README.md").read_text("utf-8").splitlines()


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
    assert not [
        name
        for name, line in sessions.items()
        if not line or "\n" in line or not line.endswith(".")
    ]


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


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda file: file.name)
def test_a_changelog_fragment_is_named_for_its_type_and_tells_something(fragment):
    types = "|".join(type_["directory"] for type_ in PROJECT["tool"]["towncrier"]["type"])
    assert re.fullmatch(rf"(\+[a-z0-9-]+|\d+)\.({types})\.md", fragment.name)
    text = fragment.read_text("utf-8")
    assert text.strip().endswith((".", "|", "`"))
    if ".rule." in fragment.name:
        assert re.search(r"\bR\d+\b", text), "names the rule whose figure changed"
        assert len(re.findall(r"\d+\.\d+", text)) >= len(("before", "after"))


@pytest.mark.parametrize("record", RECORDS, ids=lambda file: file.name)
def test_a_decision_record_is_half_a_page_with_three_parts(record):
    text = record.read_text("utf-8")
    assert re.findall(r"^\*\*(.+?)\.\*\*", text, re.MULTILINE) == [
        "Question",
        "Choice",
        "What would change our mind",
    ]
    assert len(text.split()) <= 300
    assert f"({record.name})" in (ROOT / "docs/decisions/index.md").read_text(
        "utf-8"
    ) or record.name.startswith("0000")


def test_every_page_of_the_docs_can_be_reached():
    menu = (ROOT / "mkdocs.yml").read_text("utf-8")
    pages = (file.relative_to(ROOT / "docs").as_posix() for file in (ROOT / "docs").rglob("*.md"))
    assert not [page for page in pages if f" {page}\n" not in menu]


def _dotted(decorator: ast.expr) -> str:
    return ast.unparse(decorator).partition("(")[0]
