"""The places in which a command and a reason are registered; a forgotten one is named."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import get_args

import attrs

import distbilling
from distbilling.choices import Choice
from distbilling.language.catalogue import Explained
from distbilling.rules import Command
from distbilling.rules.deciding.reasons import Reason
from distbilling.scenarios.values.spelling import spelt
from distbilling.scenarios.verbs import VERBS

ROOT = Path(__file__).parents[2]
RULES = Path(distbilling.__file__).parent / "rules"
COMMANDS = get_args(Command)
REASONS = get_args(Reason)


def _classes_below(folder: Path) -> Iterator[type]:
    """Return the public classes of values that the modules of a folder define."""
    for file in sorted(folder.rglob("*.py")):
        parts = file.relative_to(RULES.parents[1]).with_suffix("").parts
        module = import_module(".".join(parts).removesuffix(".__init__"))
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            if isinstance(value, type) and value.__module__ == module.__name__:
                yield value


def _text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def _cases() -> set[str]:
    tree = ast.parse((RULES / "__init__.py").read_text("utf-8"))
    matched = (node.cls for node in ast.walk(tree) if isinstance(node, ast.MatchClass))
    return {ast.unparse(kind) for kind in matched}


def _has_a_sentence(kind: type) -> bool:
    """Tell whether a class says itself by a text, or by a method in place of the inherited one."""
    explain = getattr(kind, "explain", None)
    return hasattr(kind, "_WORDS") or explain not in {None, Explained.explain}


def test_a_command_is_wherever_commands_are_listed() -> None:
    forgotten = [
        f"the union Command in rules/__init__.py: {kind.__name__}"
        for kind in _classes_below(RULES / "commands")
        if hasattr(kind, "reads") and kind not in COMMANDS
    ]
    for kind in COMMANDS:
        name, verb = kind.__name__, spelt(kind)
        places = {
            "the match of decide in rules/__init__.py": name in _cases(),
            "the public names in distbilling/__init__.pyi": name in dir(distbilling),
            "its own sentence, _WORDS or explain": _has_a_sentence(kind),
            "the verbs of scenarios": verb in VERBS,
            "docs/reference/scenario-format.md": f"| `{verb}` |"
            in _text("docs/reference/scenario-format.md"),
            "the bad input of tests/rules/test_bad_input.py": f"    {name}: {{"
            in _text("tests/rules/test_bad_input.py"),
            "the clerk of tests/rules/deciding/test_clerk.py": f"def on_{name}("
            in _text("tests/rules/deciding/test_clerk.py"),
            "the words of tests/rules/commands/test_commands_in_words.py": f"{name}("
            in _text("tests/rules/commands/test_commands_in_words.py"),
        }
        forgotten += [f"{place}: {name}" for place, is_there in places.items() if not is_there]
    assert not forgotten, "\n".join(forgotten)


def test_a_reason_is_wherever_reasons_are_listed() -> None:
    reasons = import_module("distbilling.rules.deciding.reasons")
    forgotten = [
        f"the union Reason in deciding/reasons/__init__.py: {kind.__name__}"
        for kind in _classes_below(RULES / "deciding/reasons")
        if attrs.has(kind) and not issubclass(kind, Choice) and kind not in REASONS
    ]
    forgotten += [
        f"the imports of deciding/reasons/__init__.py: {kind.__name__}"
        for kind in REASONS
        if not hasattr(reasons, kind.__name__)
    ]
    forgotten += [
        f"its own sentence, _WORDS or explain: {kind.__name__}"
        for kind in REASONS
        if not _has_a_sentence(kind)
    ]
    assert not forgotten, "\n".join(forgotten)
