"""Docstrings: everything public shows an example, and every rule says where it comes from."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import distbilling

ROOT = Path(__file__).parents[2]
RULEBOOK = ROOT / "docs/reference/rulebook.md"
DECISIONS = ROOT / "docs/decisions"
RULE_OR_DECISION = r"\bR\d+\b|\bdecision \d{4}\b"
CORE = ("money", "periods", "rules")

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
    match = re.search(r"^__all__ = \[.*?\]", file.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return match[0] if match else ""


def _modules(*packages: str) -> list[Path]:
    library = ROOT / "src/distbilling"
    files = (file for package in packages for file in (library / package).rglob("*.py"))
    return sorted(file for file in files if file.name != "__init__.py")


def _name_of(file: Path) -> str:
    return file.relative_to(ROOT / "src").as_posix()


def test_every_public_name_shows_an_example():
    assert not [
        name for name, thing in PUBLIC_THINGS.items() if ">>> " not in (thing.__doc__ or "")
    ]


def test_all_that_is_public_is_listed_once_and_in_order():
    assert list(PUBLIC) == sorted(set(PUBLIC))


def test_every_module_of_rules_says_which_it_follows():
    assert not [
        _name_of(file)
        for file in _modules("rules")
        if not any(_sources(docstring) for _, docstring in _documented(file))
    ]


def test_every_public_function_of_the_core_says_which_rule_it_follows():
    assert not [
        f"{_name_of(file)}: {node.name}"
        for file in _modules(*CORE)
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and f'"{node.name}"' in _listed(file)
        and not _sources(ast.get_docstring(node) or "")
    ]


def test_every_source_names_a_rule_or_a_decision_and_both_exist():
    existing = _rules_in_the_rulebook() | {
        f"decision {record.name[:4]}" for record in DECISIONS.glob("[0-9]*.md")
    }
    named = {
        f"{_name_of(file)}: {name}: {source}": set(re.findall(RULE_OR_DECISION, source))
        for file in _modules(".")
        for name, docstring in _documented(file)
        for source in _sources(docstring)
    }
    assert len(named) > len(_modules("rules"))
    assert not [source for source, names in named.items() if not names or names - existing]
