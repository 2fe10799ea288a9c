"""The tables of ``docs/reference/``, written from the code that they describe.

Run ``python tools/generate_reference.py`` after a change of a public name, a permission or a cycle;
a test fails while a page and the code differ. Each page keeps its prose; only what stands between
the two marks is replaced. The reference covers every extra, so all of them must be installed.
"""

from __future__ import annotations

import ast
import datetime as dt
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, UnionType
from typing import Any, Final, get_args

import attrs

import distbilling
from distbilling.periods import CYCLE_KINDS, Cycle, EveryDays
from distbilling.rules.parties.permission import HANDBOOK_POLICY, Action, Allowed, Role

PAGES = Path(__file__).parents[1] / "docs" / "reference"
BEGIN: Final = "<!-- made by tools/generate_reference.py from here -->\n"
END: Final = "<!-- to here -->\n"
ROOMS: Final = (
    "money",
    "periods",
    "rules",
    "ports",
    "services",
    "documents",
    "adapters",
    "scenarios",
    "modelling",
    "modelling.partitions",
    "modelling.sample",
    "modelling.plots",
    "modelling.report",
    "testing",
    "language",
    "errors",
)
HOME: Final = Path(distbilling.__file__).parent
ON_THE_WAY: Final = dt.datetime(2026, 3, 15, 12, tzinfo=dt.UTC)
A_ZONE: Final = "America/New_York"
FIRST: Final = dt.date(2026, 1, 31)
EXAMPLES: Final[dict[type[Cycle], Cycle]] = {
    kind: kind.from_fields(A_ZONE, n=30 if kind is EveryDays else 2, first=FIRST, day=30)
    for kind in CYCLE_KINDS
}


def names() -> str:
    """Return what every room offers: its modules, and each public name in one sentence."""
    return "\n".join(section for room in ROOMS for section in _room(room))


def permissions() -> str:
    """Return the built-in permission table, one line for each action."""
    roles = (Role.DISTRIBUTOR, Role.ADMINISTRATOR)
    answers = ((action, " | ".join(_answer(role, action) for role in roles)) for action in Action)
    rows = (
        f"| {action.value} | {answer} | `Action.{action.name}` |\n" for action, answer in answers
    )
    return "| to | a distributor | an administrator | in code |\n|---|---|---|---|\n" + "".join(
        rows
    )


def cycles() -> str:
    """Return every kind of billing cycle, with its period around the middle of March 2026."""
    examples = ((kind, EXAMPLES[kind]) for kind in CYCLE_KINDS)
    rows = (
        f"| `{_call(cycle)}` | {_first_paragraph(kind.__doc__)} | {_span(cycle)} |\n"
        for kind, cycle in examples
    )
    return "| cycle | what it does | the period of 15 March 2026 |\n|---|---|---|\n" + "".join(rows)


TABLES: Final[dict[str, Callable[[], str]]] = {
    "api.md": names,
    "permission-table.md": permissions,
    "cycles.md": cycles,
}


def page_text(page: str) -> str:
    """Return a page as it should be: its prose as it is, its table as the code has it."""
    before, _, rest = (PAGES / page).read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{TABLES[page]()}\n{END}{after}"


def _room(room: str) -> Iterator[str]:
    package = importlib.import_module(f"distbilling.{room}")
    yield f"## {room}\n\n{_first_paragraph(package.__doc__)}\n"

    listed: set[tuple[str, int]] = set()
    for module in _modules(package):
        things = {name: getattr(module, name) for name in sorted(module.__all__)}
        names = [
            name
            for name, thing in things.items()
            if (name, id(thing)) not in listed and _belongs_to(module, thing)
        ]
        listed.update((name, id(things[name])) for name in names)
        if not names:
            continue

        if module is not package:
            yield f"### `{module.__name__}`\n\n{_first_paragraph(module.__doc__)}\n"
        rows = (f"| {_shown(name)} | {_description(module, name)} |\n" for name in names)
        yield f"| name | |\n|---|---|\n{''.join(rows)}"


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    """Yield the modules under which a room's names are listed, a package before its modules.

    A package that passes names of its modules on stands for all of them.
    """
    passed_on = set(getattr(package, "__all__", ())) - _defined(package)
    if any(not inspect.ismodule(getattr(package, name)) for name in passed_on):
        yield package
        return

    door = Path(inspect.getfile(package))
    for file in sorted(door.parent.rglob("*.py")) if door.name == "__init__.py" else [door]:
        parts = file.relative_to(HOME.parent).with_suffix("").parts
        module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
        if hasattr(module, "__all__"):
            yield module


def _belongs_to(module: ModuleType, thing: object) -> bool:
    """Return whether a thing is defined in a module or, if that is a package, in one below it."""
    home = str(getattr(thing, "__module__", module.__name__))
    is_below = f"{home}.".startswith(f"{module.__name__}.")
    return not inspect.ismodule(thing) and (is_below or not home.startswith("distbilling."))


def _defined(module: ModuleType) -> set[str]:
    tree = ast.parse(inspect.getsource(module))
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    functions_and_classes = {node.name for node in tree.body if isinstance(node, kinds)}
    return functions_and_classes | {name for name, _ in _assigned(tree)}


def _assigned(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the names that a module assigns, each with the docstring below it, if there is one."""
    for node, below in zip(tree.body, [*tree.body[1:], ast.Pass()], strict=True):
        match node:
            case ast.Assign(targets=targets):
                pass
            case ast.AnnAssign(target=target):
                targets = [target]
            case _:
                continue
        match below:
            case ast.Expr(value=ast.Constant(value=str(docstring))):
                pass
            case _:
                docstring = ""
        for target in targets:
            yield ast.unparse(target), docstring


def _description(module: ModuleType, name: str) -> str:
    thing: Any = getattr(module, name)
    if inspect.isclass(thing) or inspect.isroutine(thing):
        return _first_paragraph(thing.__doc__)

    sentence = _first_paragraph(_docstring_below(module, name))
    if isinstance(thing, UnionType):
        choices = get_args(thing)
        sentence += " One of " + ", ".join(f"`{choice.__name__}`" for choice in choices) + "."
    if not sentence:
        raise LookupError(f"{module.__name__}.{name} needs a docstring below its assignment")
    return sentence.lstrip()


def _docstring_below(module: ModuleType, name: str) -> str:
    """Return the docstring of a constant, in whichever module of the room it is defined."""
    file = Path(inspect.getfile(module))
    files = sorted(file.parent.rglob("*.py")) if file.name == "__init__.py" else [file]
    constants = (each for file in files for each in _assigned(ast.parse(file.read_text("utf-8"))))
    return next((docstring for each, docstring in constants if each == name and docstring), "")


def _shown(name: str) -> str:
    return f"**`{name}`**" if name in distbilling.__all__ else f"`{name}`"


def _first_paragraph(docstring: str | None) -> str:
    first = " ".join((docstring or "").strip().partition("\n\n")[0].split())
    without_roles = re.sub(r":\w+:`(?:~?[\w.]+\.)?(\w+)`", r"`\1`", first)
    return without_roles.replace("``", "`").replace("|", "\\|")


def _answer(role: Role, action: Action) -> str:
    permission = HANDBOOK_POLICY.permission(role, action)
    rule = permission.rule
    link = f"[{rule}](rulebook.md#{rule.lower()})" if re.fullmatch(r"R\d+", rule) else rule
    return f"{'yes' if isinstance(permission, Allowed) else 'no'} ({link})"


def _call(cycle: Cycle) -> str:
    """Return how the cycle is made: what must be given, with the example's values."""
    given = (field for field in attrs.fields(type(cycle)) if field.default is attrs.NOTHING)
    values = (getattr(cycle, field.name) for field in given)
    written = (
        f"date({value.year}, {value.month}, {value.day})"
        if isinstance(value, dt.date)
        else repr(value)
        for value in values
    )
    return f"{type(cycle).__name__}({', '.join(written)})".replace("'", '"')


def _span(cycle: Cycle) -> str:
    period = cycle.period_at(ON_THE_WAY)
    return f"{period.first_day} to {period.last_day}"


if __name__ == "__main__":
    try:
        for each in TABLES:
            (PAGES / each).write_text(page_text(each), encoding="utf-8")
    except ModuleNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed; the reference covers every extra")
