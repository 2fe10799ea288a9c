"""What does a book look like in a notebook? A row for each of its first distributors, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from distbilling.documents.html import element, table
from distbilling.periods import Cycle, EveryDays, EveryMonths, EveryWeeks
from distbilling.rules.agreement.rates import RateInForce
from distbilling.rules.agreement.terms import Terms
from distbilling.rules.credit.limits import limit_in_words, threshold_in_words
from distbilling.rules.parties import Distributor
from distbilling.scenarios.values.words import spelt

__all__ = ["book_table"]

SHOWN: Final = 20
_HEAD = (
    "id", "name", "parent", "currency", "time zone", "billing period", "sales commission", "payment commission",
    "further rates", "credit limit", "warned at",
)  # fmt: skip
_FIGURES = (_HEAD.index("credit limit"),)


def book_table(distributors: Sequence[Distributor]) -> str:
    """Return the first distributors as a table of HTML, and how many more there are; what stands in it is escaped.

    Source: rulebook R19.

    >>> from distbilling.testing.stage import distributor
    >>> "<td>monthly</td>" in book_table([distributor("hudson")]).replace(' style="text-align: left"', "")
    True
    """
    body = [tuple(_cells(distributor)) for distributor in distributors[:SHOWN]]
    shown = table(head=[_HEAD], body=body, foot=[], figures=_FIGURES)
    more = len(distributors) - len(body)
    return shown + element("p", f"and {more:,} more") if more else shown


def _cells(distributor: Distributor) -> Iterator[str]:
    yield distributor.id
    yield distributor.name
    yield distributor.parent or ""
    yield distributor.currency.code
    yield distributor.cycle.zone
    yield _period(distributor.cycle)
    yield distributor.terms.sales_commission.format()
    yield distributor.terms.payment_commission.format()
    yield _rates(distributor.terms)
    yield limit_in_words(distributor.credit.limit)
    yield ", ".join(map(threshold_in_words, distributor.credit.thresholds))


def _period(cycle: Cycle) -> str:
    if isinstance(cycle, EveryDays | EveryWeeks | EveryMonths):
        return f"every {cycle.n} {spelt(type(cycle)).removeprefix('every_')}"
    return spelt(type(cycle)).replace("_", " ")


def _rates(terms: Terms) -> str:
    return "; ".join(
        f"{rate.kind.value}: {RateInForce(rate.schedule, rate.origin).format()}"
        for rate in terms.rates
    )
