"""A book as a table in a notebook: a row for each of its first distributors, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from distbilling.documents.html import element, table
from distbilling.periods import Cycle, EveryDays, EveryMonths, EveryWeeks
from distbilling.rules.agreement.rates import RateInForce
from distbilling.rules.agreement.terms import Terms
from distbilling.rules.credit.limits import limit_in_words, threshold_in_words
from distbilling.rules.parties import Distributor
from distbilling.scenarios.values.spelling import spelt

__all__ = ["book_table"]

SHOWN: Final = 20
_COLUMNS: Final[Mapping[str, Callable[[Distributor], str]]] = {
    "id": lambda distributor: distributor.id,
    "name": lambda distributor: distributor.name,
    "parent": lambda distributor: distributor.parent or "",
    "currency": lambda distributor: distributor.currency.code,
    "time zone": lambda distributor: distributor.cycle.zone,
    "billing period": lambda distributor: _period(distributor.cycle),
    "sales commission": lambda distributor: distributor.terms.sales_commission.format(),
    "payment commission": lambda distributor: distributor.terms.payment_commission.format(),
    "further rates": lambda distributor: _rates(distributor.terms),
    "credit limit": lambda distributor: limit_in_words(distributor.credit.limit),
    "warned at": lambda distributor: ", ".join(
        map(threshold_in_words, distributor.credit.thresholds)
    ),
}
_FIGURES: Final = (list(_COLUMNS).index("credit limit"),)


def book_table(distributors: Sequence[Distributor]) -> str:
    """Return the first distributors as a table of HTML, and how many more there are.

    Source: rulebook R19.

    >>> from distbilling.testing.sample_data import distributor
    >>> "monthly" in book_table([distributor("hudson")])
    True
    """
    body = [[cell(each) for cell in _COLUMNS.values()] for each in distributors[:SHOWN]]
    shown = table(head=[list(_COLUMNS)], body=body, foot=[], figures=_FIGURES)
    more = len(distributors) - len(body)
    return shown + element("p", f"and {more:,} more") if more else shown


def _period(cycle: Cycle) -> str:
    if isinstance(cycle, EveryDays | EveryWeeks | EveryMonths):
        return f"every {cycle.n} {spelt(type(cycle)).removeprefix('every_')}"
    return spelt(type(cycle)).replace("_", " ")


def _rates(terms: Terms) -> str:
    return "; ".join(
        f"{rate.kind.value}: {RateInForce(rate.schedule, rate.origin).format()}"
        for rate in terms.rates
    )
