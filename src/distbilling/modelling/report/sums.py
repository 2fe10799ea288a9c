"""How much is it together? The statements of each distributor added up, exactly, and those of a currency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import attrs

from distbilling.modelling.book.book import Book
from distbilling.modelling.plots.drawing.rows import Row, in_time, money
from distbilling.money import Currency, Money
from distbilling.rules.ledger.statement import FIGURES

__all__ = ["MOVED", "Sums", "owed_most", "sums_of", "together", "tops_of"]

MOVED: Final = FIGURES[1:-1]
"""What moves a balance from its opening to its closing."""


@attrs.frozen
class Sums:
    """What a distributor, or several, brought and earned over all its periods, and what it owed before and after them.

    >>> Sums("hudson", Currency("USD"), opening=0, turnover=1000, commission=100, remitted=0, closing=900).money("closing")
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
    """Return the sums of each distributor of the rows of statements, in the order in which they come.

    ``turnover`` is what was brought forward, collected and sold, less what was reversed, with
    corrections; so opening, turnover less commission and remittances make the closing.

    Source: rulebook R39.
    """
    found: dict[str, list[Row]] = {}
    for row in statements:
        found.setdefault(row["distributor"], []).append(row)
    return [_sum(distributor, rows) for distributor, rows in found.items()]


def together(sums: Iterable[Sums], currency: Currency) -> Sums:
    """Return several distributors' sums as one."""
    parts = list(sums)

    def total(field: str) -> int:
        return sum(getattr(part, field) for part in parts)

    return Sums(
        "",
        currency,
        *(total(field) for field in ("opening", "turnover", "commission", "remitted", "closing")),
    )


def owed_most(sums: Iterable[Sums], shown: int) -> tuple[list[Sums], list[Sums]]:
    """Return those who owe the most, the most first, and the others."""
    ordered = sorted(sums, key=lambda each: (-each.closing, each.distributor))
    return ordered[:shown], ordered[shown:]


def tops_of(sums: Iterable[Sums], book: Book) -> list[Sums]:
    """Return those who owe the provider itself.

    Source: rulebook R16.
    """
    return [each for each in sums if book[each.distributor].parent is None]


def _sum(distributor: str, rows: Sequence[Row]) -> Sums:
    ordered: list[dict[str, Any]] = in_time([{**row, "at": row["period_start"]} for row in rows])
    total = {field: sum(row[field] for row in rows) for field in MOVED}
    turnover = (
        total["brought_forward"]
        + total["collected"]
        + total["sales"]
        - total["reversed"]
        + total["adjusted"]
    )
    return Sums(
        distributor,
        Currency(ordered[0]["currency"]),
        opening=ordered[0]["opening"],
        turnover=turnover,
        commission=total["commission"],
        remitted=total["remitted"],
        closing=ordered[-1]["closing"],
    )
