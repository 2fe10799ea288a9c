"""The rulebook: which rules hold, what keeps them, and where an accountant can see it."""

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


def _named_in(docstring: str | None) -> set[str]:
    """Return the rules that the `Source:` paragraphs of a docstring name."""
    sources = re.findall(
        r"^\s*Source: (.+?)(?=\n\s*\n|\n\s*\w+:|\Z)", docstring or "", re.MULTILINE | re.DOTALL
    )
    return set(RULE_NUMBER.findall(" ".join(sources)))


def _thing(name: str) -> object:
    """Return what a dotted name stands for: a module, or an attribute in one."""
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


def _cases() -> Iterator[tuple[str, set[str]]]:
    """Yield the name of each worked example, and the rules that its source names."""
    for file in WORKED_EXAMPLES:
        for number, case in enumerate(_tables(file), start=1):
            rules = RULE_NUMBER.findall(str(case.get("source")))
            yield f"{file.name}, case {number}", set(rules)


def _tables(file: Path) -> list[dict[str, object]]:
    try:
        cases: list[dict[str, object]] = tomllib.loads(file.read_text("utf-8")).get("case", [])
    except tomllib.TOMLDecodeError:
        return []  # a test of worked examples fails by the name of the file
    return cases


CASES = dict(_cases())
SHOWN_IN = {(rule, name.partition(",")[0]) for name, rules in CASES.items() for rule in rules}
PLANNED = {rule.number for rule in RULES.values() if rule.status == "planned"}


def test_every_rule_of_the_design_has_its_place_in_order():
    assert list(RULES) == RULES_OF_THE_DESIGN
    assert len(re.findall(r"^Status: ", PAGE, re.MULTILINE)) == len(RULES)


def test_every_rule_has_a_stable_address_and_one_of_the_three_statuses():
    assert not [
        rule.number
        for rule in RULES.values()
        if rule.anchor != rule.number.lower()
        or not STATUS.fullmatch(rule.status)
        or bool(rule.code) != (rule.status != "planned")
    ]


def test_every_covered_rule_is_shown_by_a_worked_example():
    assert not [rule.number for rule in RULES.values() if rule.is_covered and not rule.examples]


def test_the_examples_of_a_rule_are_worked_examples_that_name_it():
    listed = {(rule.number, example) for rule in RULES.values() for example in rule.examples}
    assert listed
    assert listed <= SHOWN_IN


def test_what_keeps_a_rule_exists_and_names_it_back():
    kept_by = [(rule.number, name) for rule in RULES.values() for name in rule.code]
    assert kept_by
    assert not [
        f"{name} does not name {number}"
        for number, name in kept_by
        if number not in _named_in(_thing(name).__doc__)
    ]


def test_every_worked_example_names_rules_that_exist_and_are_not_merely_planned():
    assert CASES
    assert not [
        name for name, rules in CASES.items() if not rules or rules - set(RULES) or rules & PLANNED
    ]


def test_the_code_follows_only_rules_that_exist_and_are_not_merely_planned():
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    named = [
        (file.relative_to(ROOT).as_posix(), _named_in(ast.get_docstring(node)))
        for file in MODULES
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, kinds)
    ]
    assert not [file for file, rules in named if rules - set(RULES) or rules & PLANNED]


def test_the_check_of_names_would_notice_a_slip():
    with pytest.raises(AttributeError):
        _thing("distbilling.rules.deciding.sale.keep_or_give_away")
    with pytest.raises(ModuleNotFoundError):
        _thing("distbillings.rules")
    assert _named_in("Sell it.\n\nSource: rulebook R7,\nR9; handbook.\n\nRaises: R1") == {
        "R7",
        "R9",
    }
