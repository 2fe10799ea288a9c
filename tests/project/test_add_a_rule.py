"""Does "Add a rule" lead to a rule? Whoever follows the page to the letter, in a copy of the house, must get there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/add-a-rule.md").read_text("utf-8")
COMMAND = re.findall(r'^```python\n(""".+?)^```$', PAGE, re.MULTILINE | re.DOTALL)[0]
CASE = re.findall(r"^```text\n( +case .+?)^```$", PAGE, re.MULTILINE | re.DOTALL)[0]
EXAMPLE = re.findall(r"^```toml .+?\n(.+?)^```$", PAGE, re.MULTILINE | re.DOTALL)[0]


@pytest.fixture
def house(tmp_path):
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "grant_customer_credit.toml").write_text(EXAMPLE, encoding="utf-8")
    return tmp_path


def test_the_worked_example_fails_before_there_is_a_rule(house):
    told = _check(house)
    assert told.returncode != 0
    assert "grant_customer_credit" in told.stdout + told.stderr


def test_one_file_and_one_case_are_enough_for_it_to_come_true(house):
    rules = house / "src/distbilling/rules"
    (rules / "commands/grant_customer_credit.py").write_text(COMMAND, encoding="utf-8")
    contents = (rules / "__init__.py").read_text("utf-8")
    story = "from distbilling.rules.commands.grant_customer_credit import GrantCustomerCredit, decide_customer_credit\n"
    for place, added in {
        "from distbilling.rules.deciding.decision ": story,
        ")\n\n\ndef decide(": "    | GrantCustomerCredit\n",
        "        case _:\n            assert_never(command)": CASE,
    }.items():
        before, found, after = contents.partition(place)
        contents = before + added + found + after
    (rules / "__init__.py").write_text(contents, encoding="utf-8")
    told = _check(house)
    assert told.returncode == 0, told.stdout + told.stderr


def _check(house: Path) -> subprocess.CompletedProcess[str]:
    # What the copy runs is not what is measured.
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")
    }
    return subprocess.run(
        [sys.executable, "-m", "distbilling", "check", "grant_customer_credit.toml"],
        cwd=house,
        env=environment | {"PYTHONPATH": str(house / "src"), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
