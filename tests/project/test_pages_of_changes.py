"""The how-to pages on changing the library, followed to the letter in a copy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs/how-to/add-a-rule.md", *sorted((ROOT / "docs/how-to/change").glob("*.md"))]
FILE = re.compile(
    r'^(?:<!-- file: (?P<unseen>\S+) -->\n)?```(?P<kind>\w+)(?: title="(?P<path>[^"]+)")?\n'
    r"(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
CHECK = re.compile(
    r"^python -m (?P<command>distbilling check|pytest -q) (?P<path>\S+)$", re.MULTILINE
)


@pytest.fixture(params=PAGES, ids=lambda page: page.stem)
def page(request):
    return request.param.read_text("utf-8")


@pytest.fixture
def copy(tmp_path):
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("src", "tests/worked_examples", "tests/documents"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    return tmp_path


def test_there_is_a_page_for_each_kind_of_change():
    assert len(PAGES) >= 5


def test_the_example_fails_before_the_change_and_holds_after_it(page, copy):
    ((command, example),) = {match.group("command", "path") for match in CHECK.finditer(page)}
    steps = [
        {"kind": match["kind"], "path": match["path"] or match["unseen"], "text": match["text"]}
        for match in FILE.finditer(page)
        if match["path"] or match["unseen"]
    ]
    for step in steps:
        if step["path"] == example:
            _follow(copy, **step)
    before = _check(copy, command, example)
    assert before.returncode != 0, before.stdout

    for step in steps:
        if step["path"] != example:
            _follow(copy, **step)
    after = _check(copy, command, example)
    assert after.returncode == 0, after.stdout + after.stderr


def _follow(copy: Path, *, kind: str, path: str, text: str) -> None:
    """Write a new file, or change one by the hunks of a diff."""
    file = copy / path
    if kind != "diff":
        assert not file.exists(), f"{path} is there already"
        file.write_text(text, encoding="utf-8")
        return
    content = file.read_text("utf-8")
    for hunk in text.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] != "+")
        new = "".join(line[1:] for line in lines if line[0] != "-")
        assert content.count(old) == 1, f"{path} has no such lines, or has them twice:\n{old}"
        content = content.replace(old, new)
    file.write_text(content, encoding="utf-8")


def _check(copy: Path, command: str, example: str) -> subprocess.CompletedProcess[str]:
    # What the copy runs is not what is measured.
    environment = {name: value for name, value in os.environ.items() if name[:8] != "COVERAGE"}
    return subprocess.run(
        [sys.executable, "-m", *command.split(), example],
        cwd=copy,
        env=environment | {"PYTHONPATH": str(copy / "src"), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
