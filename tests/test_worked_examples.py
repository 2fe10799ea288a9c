"""The worked examples of accountants: one test for each case of the files beside this one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from distbilling.scenarios import ScenarioError
from distbilling.testing.worked_examples import Case, cases

FILES = sorted((Path(__file__).parent / "worked_examples").glob("*.toml"))
DECISION = Path(__file__).parents[1] / "docs/decisions/0010-peers-figures-not-taken-yet.md"
READ: dict[str, tuple[Case, ...]] = {}
PROBLEMS: list[str] = []
for file in FILES:
    try:
        READ[file.stem] = cases(file)
    except ScenarioError as error:
        PROBLEMS.append(str(error))
CASES = {f"{name}: {case.it}": case for name, read in READ.items() for case in read}
BUILT = [*range(1, 38), 45]
SOURCES = [case.source for case in CASES.values()]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_figures_of_an_accountant_come_out(case):
    result = case.check()
    assert result.passed, str(result)


def test_every_file_can_be_read():
    assert not PROBLEMS, "\n".join(PROBLEMS)


def test_no_two_cases_say_the_same_sentence():
    assert len(CASES) == sum(map(len, READ.values()))


@pytest.mark.parametrize("number", BUILT)
def test_a_rule_that_is_built_has_a_worked_example(number):
    assert [source for source in SOURCES if re.search(rf"\bR{number}\b", source)]


def test_a_figure_of_a_peer_is_either_taken_or_listed_as_not_taken():
    taken = {match[0] for source in SOURCES if (match := re.match(r"[ACPT]\d\d\b", source))}
    listed = set(re.findall(r"\b[ACPT]\d\d\b", DECISION.read_text("utf-8")))
    assert not taken & listed
    assert len(taken) == 80
    assert len(taken | listed) == 86
