"""The volume of each distributor in its billing period before an operation."""

from __future__ import annotations

from typing import Any, Final

import narwhals.stable.v2 as nw

from distbilling.modelling.earning.versions import changed, reversed_parts
from distbilling.modelling.reading.transactions import Transactions
from distbilling.modelling.tables.calendars import periods_held
from distbilling.money import RoundingMethod

__all__ = ["with_volumes"]

_IN_PROPORTION: Final = (RoundingMethod.HALF_AWAY_FROM_ZERO,)
_GROUP: Final = ("party", "kind_no", "period_us")
_ORDER: Final = ("booked_us", "transaction")
_MOVES: Final = (*_GROUP, *_ORDER, "of", "version", "moves")


def with_volumes(transactions: Transactions, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return what is valued, at every level, with the volume ``so_far``.

    It is that of the party's period of the original, before the operation. Counted is what
    commission is earned on (``base``), of sales and payments apart; a correction adds its
    difference, and a reversal takes its part off, from when it was booked on, in the period of the
    original.

    Source: rulebook R13, R15, R18, as :mod:`distbilling.rules.deciding.volumes`.
    """
    engine, census = transactions.engine, transactions.census
    calendar, profiles = transactions.tables.calendar(census.first, census.last)
    rows = rows.join(profiles.on(engine).drop("place", "opened_us"), on="party", how="left")
    rows = periods_held(
        engine, rows, calendar, "at_us", start="period_us", end="period_end_us"
    ).drop("period_end_us")

    moves = nw.col("moves")
    so_far = moves.cum_sum().over(*_GROUP, order_by=_ORDER).cast(nw.Int64()) - moves
    if not census.amendments:
        counted = rows.with_columns(moves=nw.col("base")).with_columns(so_far=so_far)
        return counted.drop("moves", "period_us")

    rows = engine.kept(rows)
    added = changed(rows, ["base"]).with_columns(moves=nw.col("base")).select(*_MOVES)
    moved = engine.kept(nw.concat([added, _taken_off(transactions, rows)]))
    originals = moved.with_columns(so_far=so_far).filter(nw.col("version") == 0)
    of_originals = originals.select("of", "party", "so_far")
    return rows.join(of_originals, on=["of", "party"], how="left").drop("period_us")


def _taken_off(transactions: Transactions, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return what reversals take off the volumes, one row for every level."""
    parts = reversed_parts(transactions, rows, ("base",), _IN_PROPORTION, keeping=_GROUP)
    return parts.select(
        *_GROUP,
        nw.col("reversed_us").alias("booked_us"),
        nw.col("reversal").alias("transaction"),
        "of",
        nw.lit(-1, nw.Int64()).alias("version"),
        (-nw.col("base")).alias("moves"),
    )
