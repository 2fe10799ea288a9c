"""The distributors of a sample as sellers: one row of plain numbers each, made of the book."""

from __future__ import annotations

from typing import Final

import polars

from distbilling.modelling.arithmetic.dice import Dice
from distbilling.modelling.book.book import Book
from distbilling.modelling.sample.credit import size_of
from distbilling.modelling.sample.places import tax_percent, unit_of
from distbilling.money.units import units_of
from distbilling.periods.instant import microseconds_of
from distbilling.rules.credit.limits import Limit
from distbilling.rules.parties import Distributor

__all__ = ["sellers_of"]

_GROWTHS: Final = (-40, -25, -10, 0, 0, 5, 10, 15, 25, 45)
"""By how many thousandths of its start the trade of a distributor changes in a month."""
_HABITS: Final = (250, 350, 400, 450, 500, 550, 600, 650, 700, 750, 800, 1000)
"""At how many thousandths of its limit a distributor remits."""
_TASTES: Final = (-1, 0, 0, 1)
"""Whether the customers of a distributor pay in smaller notes than others, or in larger ones."""

_SCHEMA: Final = {
    "distributor": polars.String,
    "currency": polars.String,
    "zone": polars.String,
    "opened": polars.Int64,
    "size": polars.Int64,
    "growth": polars.Int64,
    "taste": polars.Int64,
    "unit": polars.Int64,
    "tax_percent": polars.Int64,
    "remits_each": polars.Int64,
    "seller": polars.UInt64,
}


def sellers_of(book: Book, seed: int) -> polars.DataFrame:
    """Return a row for each distributor: since when it sells, how much, and when it remits.

    >>> from distbilling.testing.sample_data import distributor
    >>> sellers = sellers_of(Book.of(distributor("hudson")), seed=1)
    >>> sellers.select("distributor", "zone", "unit").row(0)
    ('hudson', 'America/New_York', 100)
    """
    rows = [
        _row(book, distributor, Dice(seed, distributor.id)) for distributor in book.distributors
    ]
    return polars.DataFrame(rows, schema=_SCHEMA, orient="row")


def _row(book: Book, distributor: Distributor, dice: Dice) -> tuple[object, ...]:
    unit = unit_of(distributor.currency)
    opened = max(microseconds_of(each.created, "created") for each in book.chain(distributor.id))

    return (
        distributor.id,
        distributor.currency.code,
        distributor.cycle.zone,
        opened,
        size_of(distributor.id),
        dice.pick("growth", _GROWTHS),
        dice.pick("taste", _TASTES),
        unit,
        tax_percent(distributor.currency),
        _remits_each(distributor, dice, unit),
        dice.number,
    )


def _remits_each(distributor: Distributor, dice: Dice, unit: int) -> int | None:
    """Return how much a distributor collects until it remits that, in whole units.

    It is None for one that waits for the end of the month.
    """
    limit = distributor.credit.limit
    if not isinstance(limit, Limit) or not limit.amount.is_positive:
        return None
    owed = (
        units_of(limit.amount, distributor.currency.digits or 0)
        * dice.pick("habit", _HABITS)
        // 1000
    )
    return max(owed // unit, 1) * unit
