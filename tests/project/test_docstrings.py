"""Does everything public explain itself, with an example, and does every rule say where it comes from?"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import distbilling

ROOT = Path(__file__).parents[2]
RULEBOOK = ROOT / "docs/reference/rulebook.md"
DECISIONS = ROOT / "docs/decisions"
ROOMS_OF_RULES = ("money", "periods", "rules")

PUBLIC = import_module("distbilling").__all__
PUBLIC_THINGS = {
    name: thing
    for name in PUBLIC
    if inspect.isclass(thing := getattr(distbilling, name)) or inspect.isfunction(thing)
}


def _rules_in_the_rulebook() -> set[str]:
    return set(re.findall(r"^#+ .*?\b(R\d+)\b", RULEBOOK.read_text("utf-8"), re.MULTILINE))


def _sources(docstring: str) -> list[str]:
    """Return what each `Source:` paragraph says."""
    return re.findall(
        r"^\s*Source: (.+?)(?=\n\s*\n|\n\s*\w+:|\Z)", docstring, re.MULTILINE | re.DOTALL
    )


def _documented(file: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield getattr(node, "name", file.stem), ast.get_docstring(node) or ""


def _listed(file: Path) -> str:
    """Return the text of the module's `__all__`."""
    found = re.search(r"^__all__ = \[.*?\]", file.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


def _modules(*rooms: str) -> list[Path]:
    found = (file for room in rooms for file in (ROOT / "src/distbilling" / room).rglob("*.py"))
    return sorted(file for file in found if file.name != "__init__.py")


def _called(file: Path) -> str:
    return file.relative_to(ROOT / "src").as_posix()


@pytest.mark.parametrize("name", PUBLIC_THINGS)
def test_a_public_name_explains_itself_with_an_example(name):
    explanation = PUBLIC_THINGS[name].__doc__ or ""
    assert explanation.partition("\n")[0].endswith((".", "?"))
    assert ">>> " in explanation


def test_all_that_is_public_is_listed_once_and_in_order():
    assert list(PUBLIC) == sorted(set(PUBLIC))


@pytest.mark.parametrize("file", _modules("rules"), ids=_called)
def test_a_module_of_rules_says_which_it_follows(file):
    assert [source for _, docstring in _documented(file) for source in _sources(docstring)]


@pytest.mark.parametrize("file", _modules(*ROOMS_OF_RULES), ids=_called)
def test_a_public_function_of_the_core_says_which_rule_it_follows(file):
    functions = [
        node
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    public = [function for function in functions if f'"{function.name}"' in _listed(file)]
    assert not [
        function.name for function in public if not _sources(ast.get_docstring(function) or "")
    ]


@pytest.mark.parametrize("file", _modules("."), ids=_called)
def test_a_source_names_a_rule_or_a_decision_that_exists(file):
    known = _rules_in_the_rulebook() | {
        f"decision {record.name[:4]}" for record in DECISIONS.glob("[0-9]*.md")
    }
    for name, docstring in _documented(file):
        for source in _sources(docstring):
            named = set(re.findall(r"\bR\d+\b|\bdecision \d{4}\b", source))
            assert named, f"{name}: {source!r} names neither a rule nor a decision"
            assert not named - known, f"{name}: {sorted(named - known)} do not exist"
