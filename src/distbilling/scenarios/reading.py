"""The reader of scenarios: all of a file is read before anything is played."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs

from distbilling.errors import CallerError, InvalidValue
from distbilling.rules import fields
from distbilling.rules.parties.quick_form import normalised_number
from distbilling.scenarios.files import Table, arrays_of, is_table, tables_of
from distbilling.scenarios.problems import Report
from distbilling.scenarios.steps import Step, StepReader
from distbilling.scenarios.table_reader import reader_of
from distbilling.scenarios.values.converter import converter_in
from distbilling.scenarios.values.instants import instant

__all__ = ["Scenario", "read_scenario"]

PARTIES = {
    "distributor": "create_distributor",
    "quick_form": "prepare_quick_form",
    "customer": "create_customer",
}
"""The party tables, in the order in which they are set up, each with its command."""


@attrs.frozen
class Scenario:
    """What a file says happens: its steps set the parties up, then give the commands in order.

    ``inventory`` are the provider's DID numbers, as E.164 digits.

    >>> Scenario("An empty month", "ours", (), ()).steps
    ()
    """

    title: str
    source: str
    inventory: tuple[str, ...]
    steps: tuple[Step, ...]


def _numbers(typed: tuple[str, ...]) -> tuple[str, ...]:
    numbers = tuple(normalised_number(number) or "" for number in typed)
    if "" in numbers:
        raise InvalidValue(
            "inventory",
            typed[numbers.index("")],
            "telephone numbers with their country code, 3 to 15 digits",
        )
    return numbers


@attrs.frozen
class _Document:
    title: str = attrs.field(validator=fields.name)
    source: str = attrs.field(default="", validator=fields.comment)
    inventory: tuple[str, ...] = attrs.field(default=(), converter=_numbers)
    administrator: str = attrs.field(default="administrator", validator=fields.identifier)
    distributor: tuple[Any, ...] = ()
    quick_form: tuple[Any, ...] = ()
    customer: tuple[Any, ...] = ()
    command: tuple[Any, ...] = ()


_DOCUMENT = reader_of(_Document)
KEYS = frozenset(_DOCUMENT.keys)
"""What a scenario file may hold."""
_STAND_IN = "2000-01-01T00:00:00Z"
"""Stands in for a wrong creation of a distributor, which is reported where it is read."""


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario file: parties, then dated commands in order.

    An amount without a currency is in that of the party it is for. A command without a key gets one
    from its place in the file, ``command-3``; so does a party, ``distributor-1``. A quick form or
    customer without ``created`` is as old as the first distributor.

    Raises:
        ScenarioError: the file cannot be read or anything in it is wrong; all problems are reported
            at once.

    Source: rulebook R49.

    >>> read_scenario("nowhere.toml")
    Traceback (most recent call last):
    distbilling.scenarios.problems.ScenarioError: nowhere.toml: cannot be read:...
    """
    return scenario_in(tables_of(path), Report(str(path)))


def scenario_in(document: Table, report: Report) -> Scenario:
    """Read a scenario from the tables of a file.

    Raises:
        ScenarioError: anything in it is wrong; all problems are reported at once.

    >>> scenario_in({"title": "An empty month"}, Report("march.toml")).title
    'An empty month'
    """
    head = _DOCUMENT.read(document, converter_in(None), "", report)
    steps = steps_in(document, report)
    _check_keys(steps, report)
    if head is None or report.problems:
        raise report.error
    return Scenario(head.title, head.source, head.inventory, steps)


def steps_in(document: Table, report: Report) -> tuple[Step, ...]:
    """Read the steps of a story, those that are right; what is wrong with the others is reported.

    >>> steps_in({"command": []}, Report("march.toml"))
    ()
    """
    reader = StepReader(report)
    return (*_parties(document, reader), *_commands(document, reader))


def _parties(document: Table, reader: StepReader) -> Iterator[Step]:
    by = {"administrator": document.get("administrator", "administrator")}
    for kind, verb in PARTIES.items():
        for number, table in enumerate(arrays_of(document, kind), 1):
            around = {"key": f"{kind}-{number}", "by": by}
            step = reader.party(
                verb, f"{kind} {number}", _as_old_as_the_first(document, kind, table), around
            )
            if step is not None:
                yield step


def _as_old_as_the_first(document: Table, kind: str, table: object) -> object:
    distributors = arrays_of(document, "distributor")
    if kind == "distributor" or not distributors or not is_table(table) or "created" in table:
        return table
    for party in distributors:
        with suppress(CallerError):
            if is_table(party) and "created" in party:
                return table | {"created": instant(party["created"])}
    return table | {"created": _STAND_IN}


def _commands(document: Table, reader: StepReader) -> Iterator[Step]:
    for number, table in enumerate(arrays_of(document, "command"), 1):
        keyed = {"key": f"command-{number}", **table} if is_table(table) else table
        step = reader.step(f"command {number}", keyed)
        if step is not None:
            yield step


def _check_keys(steps: Iterable[Step], report: Report) -> None:
    taken: set[str] = set()
    for step in steps:
        key = step.command.key
        if key in taken:
            report.add("", "key", f"{key!r} is given to two commands; each needs its own")
        taken.add(key)
