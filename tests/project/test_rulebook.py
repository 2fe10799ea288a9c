"""Does the rulebook say what is true: which rules hold, what keeps them, and where an accountant can see it?"""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/rulebook.md").read_text("utf-8")
WORKED_EXAMPLES = sorted((ROOT / "tests/worked_examples").glob("*.toml"))
MODULES = sorted((ROOT / "src").rglob("*.py"))
STATUS = re.compile(r"covered|partly; missing: \S.*|planned")
RULE_NUMBER = re.compile(r"\bR\d+\b")
RULES_OF_THE_DESIGN = [f"R{number}" for number in range(1, 51)]


@attrs.frozen
class Rule:
    """One rule, as the page states it."""

    number: str
    anchor: str
    status: str
    code: tuple[str, ...]
    examples: tuple[str, ...]

    @property
    def is_covered(self) -> bool:
        return self.status == "covered"


def _rules() -> Iterator[Rule]:
    for section in re.split(r"^#+ (?=R\d+ )", PAGE, flags=re.MULTILINE)[1:]:
        number, anchor = re.findall(r"^(R\d+) .+ \{ #(\w+) \}$", section, re.MULTILINE)[0]
        (status,) = re.findall(r"^Status: (.+)$", section, re.MULTILINE)
        yield Rule(number, anchor, status, _listed("Code", section), _listed("Examples", section))


def _listed(what: str, section: str) -> tuple[str, ...]:
    line = "".join(re.findall(rf"^{what}: (.+?)(?=\n\n|\n*\Z)", section, re.MULTILINE | re.DOTALL))
    return tuple(re.findall(r"`([\w.]+)`", line))


RULES = {rule.number: rule for rule in _rules()}
COVERED = [rule for rule in RULES.values() if rule.is_covered]
KEPT_BY = [(rule.number, name) for rule in RULES.values() for name in rule.code]


def _named_in(docstring: str | None) -> set[str]:
    """Return the rules that the `Source:` paragraphs of a docstring name."""
    sources = re.findall(
        r"^\s*Source: (.+?)(?=\n\s*\n|\n\s*\w+:|\Z)", docstring or "", re.MULTILINE | re.DOTALL
    )
    return set(RULE_NUMBER.findall(" ".join(sources)))


def _thing(name: str) -> object:
    """Return what a dotted name stands for: as much of it as there is a module, and its attributes from there."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[length:]:
            thing = getattr(thing, attribute)
        return thing
    raise ModuleNotFoundError(name)


def _cases() -> Iterator[tuple[str, dict[str, object]]]:
    for file in WORKED_EXAMPLES:
        for number, case in enumerate(tomllib.loads(file.read_text("utf-8"))["case"], start=1):
            yield f"{file.name}, case {number}", case


CASES = dict(_cases())
SHOWN_IN = {
    (number, name.partition(",")[0])
    for name, case in CASES.items()
    for number in RULE_NUMBER.findall(str(case.get("source")))
}


def test_every_rule_of_the_design_has_its_place_in_order():
    assert list(RULES) == RULES_OF_THE_DESIGN
    assert len(re.findall(r"^Status: ", PAGE, re.MULTILINE)) == len(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_has_a_stable_address_and_one_of_the_three_statuses(rule):
    assert rule.anchor == rule.number.lower()
    assert STATUS.fullmatch(rule.status)
    assert bool(rule.code) == (rule.status != "planned")


@pytest.mark.parametrize("rule", COVERED, ids=lambda rule: rule.number)
def test_a_covered_rule_is_shown_by_a_worked_example(rule):
    assert rule.examples


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_examples_of_a_rule_are_worked_examples_that_name_it(rule):
    assert {(rule.number, example) for example in rule.examples} <= SHOWN_IN


@pytest.mark.parametrize(("number", "name"), KEPT_BY, ids=lambda part: part)
def test_what_keeps_a_rule_exists_and_names_it_back(number, name):
    assert number in _named_in(_thing(name).__doc__)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_worked_example_names_rules_that_exist(case):
    named = set(RULE_NUMBER.findall(str(CASES[case].get("source"))))
    assert named
    assert named <= set(RULES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_worked_example_shows_nothing_that_is_merely_planned(case):
    named = RULE_NUMBER.findall(str(CASES[case].get("source")))
    assert not [number for number in named if RULES[number].status == "planned"]


@pytest.mark.parametrize(
    "file", MODULES, ids=lambda file: file.relative_to(ROOT / "src").as_posix()
)
def test_the_code_follows_only_rules_that_exist_and_are_not_merely_planned(file):
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    documented = (
        node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, kinds)
    )
    named = set().union(*(_named_in(ast.get_docstring(node)) for node in documented))
    assert named <= set(RULES)
    assert not [number for number in named if RULES[number].status == "planned"]


def test_the_check_of_names_would_notice_a_slip():
    with pytest.raises(AttributeError):
        _thing("distbilling.rules.deciding.sale.keep_or_give_away")
    with pytest.raises(ModuleNotFoundError):
        _thing("distbillings.rules")
    assert _named_in("Sell it.\n\nSource: rulebook R7,\nR9; handbook.\n\nRaises: R1") == {
        "R7",
        "R9",
    }
