"""What is there to look up? Write the tables of ``docs/reference/`` from the code that they describe.

Run ``python tools/generate_reference.py`` after a change of a public name, a permission or a cycle;
a test fails while a page and the code differ. Each page keeps its prose; only what stands between
the two marks is replaced.
"""

from __future__ import annotations

import ast
import datetime as dt
import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final, get_args

import attrs

import distbilling
from distbilling.periods import (
    CYCLE_KINDS,
    Cycle,
    Daily,
    EveryDays,
    EveryMonths,
    EveryWeeks,
    Monthly,
    MonthlyAnniversary,
    Quarterly,
    Semimonthly,
    Weekly,
    Yearly,
)
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
    type(cycle): cycle
    for cycle in (
        Daily(A_ZONE),
        Weekly(A_ZONE),
        Semimonthly(A_ZONE),
        Monthly(A_ZONE),
        MonthlyAnniversary(A_ZONE, 30),
        EveryDays(A_ZONE, 30, FIRST),
        EveryWeeks(A_ZONE, 2, FIRST),
        EveryMonths(A_ZONE, 2, FIRST),
        Quarterly(A_ZONE),
        Yearly(A_ZONE),
    )
}


def names() -> str:
    """Return what every room offers: its modules, their questions, and each public name in one sentence."""
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
    """Return every kind of billing cycle, with the period that it makes of the middle of March 2026."""
    rows = (
        f"| `{_call(EXAMPLES[kind])}` | {_first_paragraph(kind.__doc__)} | {_span(EXAMPLES[kind])} |\n"
        for kind in CYCLE_KINDS
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
    for module in _modules(package):
        if module is not package:
            yield f"### `{module.__name__}`\n\n{_first_paragraph(module.__doc__)}\n"
        yield "| name | |\n|---|---|"
        names = [
            name
            for name in sorted(module.__all__)
            if module is package or _is_at_home(module, name)
        ]
        yield "".join(f"| {_shown(name)} | {_told(module, name)} |\n" for name in names)


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    """Return from which modules of a room its names come: a package that lists the names of its modules stands for all."""
    listed = set(getattr(package, "__all__", ()))
    if listed - _defined(package):
        yield package
        return
    door = Path(inspect.getfile(package))
    for file in sorted(door.parent.rglob("*.py")) if door.name == "__init__.py" else [door]:
        parts = file.relative_to(HOME.parent).with_suffix("").parts
        module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
        if hasattr(module, "__all__"):
            yield module


def _is_at_home(module: ModuleType, name: str) -> bool:
    """Tell whether a name is defined in a module; what is passed on from another one is listed there."""
    home = str(getattr(getattr(module, name), "__module__", module.__name__))
    return home == module.__name__ or not home.startswith("distbilling.")


def _defined(module: ModuleType) -> set[str]:
    tree = ast.parse(inspect.getsource(module))
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, kinds)} | {
        name for name, _ in _assigned(tree)
    }


def _assigned(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Return the names that a module assigns, each with the docstring below it, if there is one."""
    for node, below in zip(tree.body, [*tree.body[1:], ast.Pass()], strict=True):
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign)
            else []
        )
        said = (
            below.value.value
            if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
            else ""
        )
        for target in targets:
            yield ast.unparse(target), str(said)


def _told(module: ModuleType, name: str) -> str:
    thing: Any = getattr(module, name)
    if inspect.isclass(thing) or inspect.isroutine(thing):
        return _first_paragraph(thing.__doc__)
    if said := _said_below(module, name):
        return _first_paragraph(said)
    if choices := get_args(thing):
        return "One of " + ", ".join(f"`{choice.__name__}`" for choice in choices) + "."
    return f"A `{type(thing).__name__}`."


def _said_below(module: ModuleType, name: str) -> str:
    """Return the docstring of a constant, in whichever module of the room it is defined."""
    files = Path(inspect.getfile(module)).parent.glob("*.py")
    return next(
        (
            said
            for file in sorted(files)
            for each, said in _assigned(ast.parse(file.read_text("utf-8")))
            if each == name and said
        ),
        "",
    )


def _shown(name: str) -> str:
    return f"**`{name}`**" if name in distbilling.__all__ else f"`{name}`"


def _first_paragraph(docstring: str | None) -> str:
    first = " ".join((docstring or "").strip().partition("\n\n")[0].split())
    without_roles = re.sub(r":\w+:`(?:~?[\w.]+\.)?(\w+)`", r"`\1`", first)
    return without_roles.replace("``", "`").replace("|", "\\|")


def _answer(role: Role, action: Action) -> str:
    permission = HANDBOOK_POLICY.permission(role, action)
    because = permission.because
    why = (
        f"[{because}](rulebook.md#{because.lower()})" if re.fullmatch(r"R\d+", because) else because
    )
    return f"{'yes' if isinstance(permission, Allowed) else 'no'} ({why})"


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
    for each in TABLES:
        (PAGES / each).write_text(page_text(each), encoding="utf-8")
