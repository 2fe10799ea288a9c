"""How much has each distributor sold or collected in its billing period before an operation, as brackets count it?"""

from __future__ import annotations

from typing import Any, Final

import narwhals.stable.v2 as nw

from distbilling.modelling.earning.versions import reversed_parts
from distbilling.modelling.reading.transactions import Transactions
from distbilling.modelling.tables.calendars import periods_held
from distbilling.money import RoundingMethod

__all__ = ["with_volumes"]

_IN_PROPORTION: Final = (RoundingMethod.HALF_AWAY_FROM_ZERO,)
_GROUP: Final = ("party", "kind_no", "period_us")
_ORDER: Final = ("booked_us", "transaction")
_MOVES: Final = (*_GROUP, *_ORDER, "of", "version", "moves")


def with_volumes(transactions: Transactions, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return what is valued, at every level, with the volume ``so_far`` of the party's period of the original.

    Counted is what commission is earned on (``base``), of sales and payments apart; a correction
    adds its difference, and a reversal takes its part off, from when it was booked on, in the
    period of the original.

    Source: rulebook R13, R15, R18, as :mod:`distbilling.rules.deciding.volumes`.
    """
    calendar, profiles = transactions.tables.calendar(
        transactions.census.first, transactions.census.last
    )
    rows = rows.join(
        profiles.on(transactions.engine).drop("place", "opened_us"), on="party", how="left"
    )
    rows = periods_held(
        transactions.engine, rows, calendar, "at_us", start="period_us", end="period_end_us"
    ).drop("period_end_us")
    so_far = nw.col("moves").cum_sum().over(*_GROUP, order_by=_ORDER).cast(nw.Int64()) - nw.col(
        "moves"
    )
    if not transactions.census.amendments:
        return (
            rows.with_columns(moves=nw.col("base"))
            .with_columns(so_far=so_far)
            .drop("moves", "period_us")
        )
    rows = transactions.engine.kept(rows)
    before = rows.select(
        "of", "party", (nw.col("version") + 1).alias("version"), nw.col("base").alias("base_before")
    )
    moved = rows.join(before, on=["of", "party", "version"], how="left")
    moved = moved.with_columns(moves=nw.col("base") - nw.col("base_before").fill_null(0)).select(
        *_MOVES
    )
    counted = transactions.engine.kept(
        nw.concat([moved, _returned(transactions, rows)])
    ).with_columns(so_far=so_far)
    originals = counted.filter(nw.col("version") == 0).select("of", "party", "so_far")
    return rows.join(originals, on=["of", "party"], how="left").drop("period_us")


def _returned(transactions: Transactions, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return what reversals take off the volumes, one row for every level."""
    return reversed_parts(transactions, rows, ("base",), _IN_PROPORTION, keeping=_GROUP).select(
        *_GROUP,
        nw.col("reversed_us").alias("booked_us"),
        nw.col("reversal").alias("transaction"),
        "of",
        nw.lit(-1, nw.Int64()).alias("version"),
        (-nw.col("base")).alias("moves"),
    )
