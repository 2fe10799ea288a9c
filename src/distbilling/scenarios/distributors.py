"""Distributors as files write them: the keys of a ``[[distributor]]`` table."""

from __future__ import annotations

import functools
from typing import cast

from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.parties import Distributor
from distbilling.scenarios.files import is_table
from distbilling.scenarios.problems import Report
from distbilling.scenarios.steps import StepReader
from distbilling.scenarios.verbs import VERBS

__all__ = ["KEYS", "distributor_in", "keys_needed"]

_VERB = "create_distributor"
_BROUGHT_ALONG = "owes"
_AROUND = {"key": "-", "by": {"administrator": "-"}}
"""Nobody reads these of a distributor that no command sets up."""
_TABLE = VERBS[_VERB].created()

KEYS = frozenset(_TABLE.keys.keys() - _TABLE.beside - {_BROUGHT_ALONG})
"""What such a table may hold."""


def distributor_in(table: object, place: str, report: Report) -> Distributor | None:
    """Return the distributor of a table; None where something is wrong, which is reported.

    What a distributor brings along from an earlier system is a movement, and no property of it.

    >>> distributor_in({"id": 7}, "row 3", report := Report("book.csv")) is None
    True
    >>> print(report.problems[0])
    row 3: id: 7 (number) is not accepted; give text in quotes
    """
    if is_table(table) and _BROUGHT_ALONG in table:
        report.add(
            place,
            _BROUGHT_ALONG,
            'is no term; give it as a transaction of the kind "opening_balance"',
        )
        table = {key: value for key, value in table.items() if key != _BROUGHT_ALONG}
    step = StepReader(report).party(_VERB, place, table, _AROUND)
    return None if step is None else cast(CreateDistributor, step.command).distributor


@functools.cache
def keys_needed() -> frozenset[str]:
    """Return what such a table must hold.

    >>> sorted(keys_needed())[:3]
    ['billing_period', 'created', 'credit_limit']
    """
    distributor_in({}, "", report := Report(""))
    return frozenset(problem.field for problem in report.problems)
