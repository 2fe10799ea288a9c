"""The statements of a distributor added up, exactly, and those of a currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import attrs

from distbilling.documents.amounts import AMOUNTS
from distbilling.modelling.book.book import Book
from distbilling.modelling.plots.drawing.rows import Row, in_time, money
from distbilling.money import Currency, Money

__all__ = ["Sums", "owed_most", "sums_of", "together", "tops_of"]

_SUMMED: Final = ("opening", "turnover", "commission", "remitted", "closing")


@attrs.frozen
class Sums:
    """What a distributor, or several, brought and earned over all periods, and owed around them.

    >>> sums = Sums(
    ...     "hudson",
    ...     Currency("USD"),
    ...     opening=0,
    ...     turnover=1000,
    ...     commission=100,
    ...     remitted=0,
    ...     closing=900,
    ... )
    >>> sums.money("closing")
    Money('9.00', 'USD')
    """

    distributor: str
    currency: Currency
    opening: int
    turnover: int
    commission: int
    remitted: int
    closing: int

    def money(self, field: str) -> Money:
        """Return one of the amounts as money."""
        return money(getattr(self, field), self.currency)


def sums_of(statements: Sequence[Row]) -> list[Sums]:
    """Return the sums of each distributor of the rows of statements, in their order.

    ``turnover`` is what was brought forward, collected and sold, less what was reversed, with
    corrections; so opening, turnover less commission and remittances make the closing.

    Source: rulebook R39.
    """
    by_distributor: defaultdict[str, list[Row]] = defaultdict(list)
    for row in statements:
        by_distributor[row["distributor"]].append(row)
    return [_sum(distributor, rows) for distributor, rows in by_distributor.items()]


def together(sums: Iterable[Sums], currency: Currency) -> Sums:
    """Return several distributors' sums as one."""
    parts = list(sums)
    return Sums("", currency, *(sum(getattr(part, name) for part in parts) for name in _SUMMED))


def owed_most(sums: Iterable[Sums], shown: int) -> tuple[list[Sums], list[Sums]]:
    """Return those who owe the most, the most first, and the others."""
    ordered = sorted(sums, key=lambda part: (-part.closing, part.distributor))
    return ordered[:shown], ordered[shown:]


def tops_of(sums: Iterable[Sums], book: Book) -> list[Sums]:
    """Return those who owe the provider itself.

    Source: rulebook R16.
    """
    return [part for part in sums if book[part.distributor].parent is None]


def _sum(distributor: str, rows: Sequence[Row]) -> Sums:
    ordered: list[dict[str, Any]] = in_time([{**row, "at": row["period_start"]} for row in rows])
    moved = [amount for amount in AMOUNTS if amount.is_turnover]
    return Sums(
        distributor,
        Currency(ordered[0]["currency"]),
        opening=ordered[0]["opening"],
        turnover=sum(amount.sign * row[amount.name] for row in rows for amount in moved),
        commission=sum(row["commission"] for row in rows),
        remitted=sum(row["remitted"] for row in rows),
        closing=ordered[-1]["closing"],
    )
