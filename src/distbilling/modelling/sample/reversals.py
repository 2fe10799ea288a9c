"""Refunds, voids, chargebacks and corrections of some of the trades of a sample."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import polars
from polars import col

from distbilling.modelling.arithmetic.dice import below
from distbilling.modelling.sample.trades import DAY, HOUR, MINUTE
from distbilling.rules.ledger.journal import EntryKind

__all__ = ["amendments_of"]

_MILLION: Final = 1_000_000
_FATES: Final = {
    EntryKind.REFUND: (0, 15_000),
    EntryKind.VOID: (15_000, 18_000),
    EntryKind.CHARGEBACK: (18_000, 19_000),
    EntryKind.CORRECTION: (19_000, 21_000),
}
"""Which of a million trades meet with each of these; none meets with two."""
_MILLISECOND: Final = 1_000
_COLUMNS: Final = ("trade", "state", "distributor", "of", "kind", "at", "amount", "currency")


def amendments_of(trades: polars.DataFrame, kinds: Collection[EntryKind]) -> polars.DataFrame:
    """Return the amendments of the trades, each with the number of its ``trade``.

    None is of more than remains, and none is too early. Refunds come within three weeks, one in
    three of a part only, and of the rest sometimes another one; voids within two hours, chargebacks
    after weeks. A correction doubles or halves the amount, and some of what was corrected is
    refunded after it.
    """
    fated = trades.lazy().with_columns(fate=below(col("state"), "fate", _MILLION))
    corrections = _corrections(_meeting(fated, EntryKind.CORRECTION))
    amendments = {
        EntryKind.REFUND: [_refunds(_meeting(fated, EntryKind.REFUND))],
        EntryKind.VOID: [_after(_meeting(fated, EntryKind.VOID), "void", 1 * MINUTE, 2 * HOUR)],
        EntryKind.CHARGEBACK: [
            _after(_meeting(fated, EntryKind.CHARGEBACK), "chargeback", 20 * DAY, 60 * DAY)
        ],
        EntryKind.CORRECTION: [corrections],
    }
    if EntryKind.CORRECTION in kinds:
        amendments[EntryKind.REFUND].append(_refunds_of(corrections))
    wanted = [
        each.select(_COLUMNS)
        for kind, frames in amendments.items()
        if kind in kinds
        for each in frames
    ]
    return polars.concat(
        [trades.lazy().with_columns(of=col("kind")).select(_COLUMNS).clear(), *wanted]
    ).collect()


def _meeting(trades: polars.LazyFrame, kind: EntryKind) -> polars.LazyFrame:
    """Return the trades that meet with this fate, with what they are themselves as ``of``."""
    mine = trades.filter(col("fate").is_between(*_FATES[kind], closed="left"))
    return mine.with_columns(of=col("kind"), kind=polars.lit(kind.value))


def _after(trades: polars.LazyFrame, name: str, least: int, most: int) -> polars.LazyFrame:
    """Return them later, by at least and by less than so many microseconds."""
    return trades.with_columns(
        at=col("at")
        + least
        + below(col("state"), name, (most - least) // _MILLISECOND) * _MILLISECOND
    )


def _refunds(trades: polars.LazyFrame) -> polars.LazyFrame:
    first = _after(trades, "refund", 10 * MINUTE, 20 * DAY).with_columns(whole=col("amount"))
    is_partial = below(col("state"), "partial", 3) == 0
    part = col("whole") * (100 + below(col("state"), "part", 801)) // 1000
    first = first.with_columns(
        amount=polars.when(is_partial).then(polars.max_horizontal(part, 1)).otherwise(col("whole"))
    )
    rest = col("whole") - col("amount")
    some = (
        polars.when(below(col("state"), "all the rest", 2) == 0)
        .then(rest)
        .otherwise((rest + 1) // 2)
    )
    again = _after(first, "refund of the rest", 1 * HOUR, 10 * DAY)
    second = again.filter((rest > 0) & (below(col("state"), "again", 3) == 0)).with_columns(
        amount=some
    )
    return polars.concat([first, second])


def _corrections(trades: polars.LazyFrame) -> polars.LazyFrame:
    half, double = col("amount") // 2, col("amount") * 2
    right = (
        polars.when((below(col("state"), "too much", 2) == 0) & (half > 0))
        .then(half)
        .otherwise(double)
    )
    return _after(trades, "correction", 5 * MINUTE, 2 * DAY).with_columns(amount=right)


def _refunds_of(corrections: polars.LazyFrame) -> polars.LazyFrame:
    """Return refunds of all that some of the corrected trades came to."""
    some = corrections.filter(below(col("state"), "refund of corrected", 4) == 0)
    return _after(
        some.with_columns(kind=polars.lit(EntryKind.REFUND.value)), "corrected", 1 * HOUR, 6 * DAY
    )
