"""Sample transactions of some days, as columns, from a seed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

import polars
from polars import col

from distbilling.errors import InvalidType, InvalidValue
from distbilling.modelling.arithmetic.dice import check_seed
from distbilling.modelling.book.book import Book
from distbilling.modelling.sample.activity import busy_days, closing_times
from distbilling.modelling.sample.remittances import remittances_of
from distbilling.modelling.sample.reversals import amendments_of
from distbilling.modelling.sample.sellers import sellers_of
from distbilling.modelling.sample.trades import trades_on
from distbilling.periods.instant import local_day
from distbilling.rules import fields
from distbilling.rules.ledger.journal import EntryKind

__all__ = ["USUAL_KINDS", "sample_transactions"]

USUAL_KINDS: Final = frozenset(
    {
        EntryKind.SALE,
        EntryKind.PAYMENT,
        EntryKind.REFUND,
        EntryKind.VOID,
        EntryKind.CHARGEBACK,
        EntryKind.REMITTANCE,
    }
)
"""What happens in the ordinary course of business."""
_ALL_KINDS: Final = USUAL_KINDS | {EntryKind.CORRECTION}
_MOST_DAYS: Final = 36_600
_MOST_PER_DAY: Final = 100_000
_PARTS: Final = 1_000_000
_DIGITS: Final = 7


def sample_transactions(  # noqa: PLR0913 - each is a choice of its own
    book: Book,
    *,
    since: dt.date,
    days: int,
    seed: int,
    per_day: float = 20,
    kinds: Collection[EntryKind] = USUAL_KINDS,
) -> polars.DataFrame:
    """Return the transactions of so many days, in order of time.

    Large distributors trade more, Sundays and Februaries bring less, and each distributor grows or
    declines. Reversals refer to their originals; a distributor remits as it nears its limit, and at
    the end of the month. What one sells does not depend on the others. Amounts are in minor units
    of ``currency``.

    Args:
        book: the distributors.
        since: the first day, in the zone of each distributor.
        days: how many days.
        seed: what is drawn from.
        per_day: sales and payments of one distributor on a day, on average.
        kinds: the kinds of entries to return; corrections only if they are among them.

    Raises:
        InvalidType: the book, the date, a number or a kind is none.
        InvalidValue: there is no day or trade, or more than 36,600 days or 100,000 trades a day; a
            kind is neither usual nor a correction.

    >>> from distbilling.testing.sample_data import distributor
    >>> book = Book.of(distributor("hudson"))
    >>> march = sample_transactions(book, since=dt.date(2026, 3, 1), days=31, seed=1)
    >>> march.equals(sample_transactions(book, since=dt.date(2026, 3, 1), days=31, seed=1))
    True
    """
    fields.check_type("book", book, Book)
    first = local_day(since, "since")
    fields.check_whole("days", days, 1, _MOST_DAYS)
    check_seed(seed)
    wanted = _kinds(kinds)
    end = first + dt.timedelta(days=days)
    sellers = sellers_of(book, seed)
    trades = trades_on(busy_days(sellers, first, days, _parts(per_day)))
    trades = trades.filter(col("kind").is_in([kind.value for kind in wanted]))
    amendments = amendments_of(trades, wanted)
    movements = polars.concat([trades.with_columns(of=col("kind")), amendments], how="diagonal")
    if EntryKind.REMITTANCE in wanted:
        remitted = remittances_of(movements, book, sellers, first, end)
        movements = polars.concat([movements, remitted], how="diagonal")
    open_until = closing_times(sellers, end)
    in_time = movements.join(open_until, on="distributor").filter(col("at") < col("closes"))
    return _as_columns(_named(in_time))


def _named(movements: polars.DataFrame) -> polars.DataFrame:
    """Return the movements with keys, numbered by distributor and time, and their originals'."""
    number = polars.int_range(1, polars.len() + 1).over("distributor").cast(polars.String)
    ordered = movements.sort("at", "distributor", "state", "kind")
    named = ordered.with_columns(
        transaction=polars.concat_str("distributor", polars.lit("-"), number.str.zfill(_DIGITS))
    )
    is_amendment = col("kind") != col("of")
    originals = named.filter(~is_amendment).select("trade", original="transaction")
    amendments = named.filter(is_amendment).join(originals, on="trade", how="left")
    return polars.concat(
        [named.filter(is_amendment.is_null() | ~is_amendment), amendments], how="diagonal"
    )


def _as_columns(movements: polars.DataFrame) -> polars.DataFrame:
    def instant(name: str) -> polars.Expr:
        return col(name).cast(polars.Datetime("us")).dt.replace_time_zone("UTC")

    ordered = movements.sort("at", "transaction")
    return ordered.select(
        "transaction", "distributor", "kind", instant("at"), "amount", "currency", "product",
        "batch", col("items").fill_null(1), "tax", "discount",
        instant("customer_since"), "original",
    )  # fmt: skip


def _kinds(kinds: Collection[EntryKind]) -> frozenset[EntryKind]:
    fields.check_type("kinds", kinds, Collection)
    for kind in kinds:
        fields.check_type("kinds", kind, EntryKind)
        if kind not in _ALL_KINDS:
            raise InvalidValue("kinds", kind, ", ".join(sorted(each.value for each in _ALL_KINDS)))
    return frozenset(kinds)


def _parts(per_day: float) -> int:
    """Return how many millionths of a trade there are a day."""
    if isinstance(per_day, bool) or not isinstance(per_day, int | float):
        raise InvalidType("per_day", per_day, "a number above zero")
    if not 0 < per_day <= _MOST_PER_DAY:
        raise InvalidValue("per_day", per_day, f"a number above zero, at most {_MOST_PER_DAY:,}")
    return round(per_day * _PARTS)
