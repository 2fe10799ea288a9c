"""The versions of each original: what its corrections change, and what reversals take back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.proportions import given_back
from distbilling.modelling.arithmetic.worksheet import Worksheet
from distbilling.modelling.reading.amendments import reversals
from distbilling.modelling.reading.columns import REVERSALS, kind_number
from distbilling.modelling.reading.transactions import Transactions
from distbilling.money import RoundingMethod

__all__ = ["changed", "reversed_parts"]


def changed(valued: nw.LazyFrame[Any], columns: Sequence[str]) -> nw.LazyFrame[Any]:
    """Return what is valued, some columns as what each version adds to the one before it.

    An original, version 0, adds all of it.

    Source: rulebook R15, as :func:`distbilling.rules.chain.reversal.corrected`.
    """
    before = {name: f"{name}_before" for name in columns}
    earlier = valued.select(
        "of",
        "party",
        (nw.col("version") + 1).alias("version"),
        *(nw.col(name).alias(alias) for name, alias in before.items()),
    )
    changes = {name: nw.col(name) - nw.col(alias).fill_null(0) for name, alias in before.items()}
    rows = valued.join(earlier, on=["of", "party", "version"], how="left")
    return rows.with_columns(**changes).drop(*before.values())


def reversed_parts(
    transactions: Transactions,
    valued: nw.LazyFrame[Any],
    columns: Sequence[str],
    methods: tuple[RoundingMethod, ...],
    *,
    keeping: Sequence[str],
) -> nw.LazyFrame[Any]:
    """Return each reversal, once for every level of what it reverses.

    ``reversal`` is its key, ``reversed_as`` the number of its kind, ``reversed_us`` its instant and
    ``back`` its amount.

    Args:
        transactions: those with the reversals.
        valued: all versions of all originals, at every level.
        columns: figures of the original, returned as what is taken back of them.
        methods: how the parts are rounded; of several, the column ``method`` has the place.
        keeping: columns that are returned as they stand in the last version of the original.

    Source: rulebook R15, as :func:`distbilling.rules.chain.reversal.claw_back`.
    """
    back = reversals(transactions.frame).select(
        nw.col("transaction").alias("reversal"),
        nw.col("original").alias("of"),
        kind_number(REVERSALS).alias("reversed_as"),
        nw.col("at_us").alias("reversed_us"),
        nw.col("amount").alias("back"),
        "already",
    )
    method = ["method"] if len(methods) > 1 else []
    stands = _latest(valued).select("of", "amount", *columns, *keeping, *method)

    sheet = Worksheet(transactions.engine, back.join(stands, on="of", how="inner"))
    amount, already, now = (nw.col(name) for name in ("amount", "already", "back"))
    largest = transactions.largest_amended
    taken = {
        name: sheet.let(
            given_back(sheet, nw.col(name), amount, already, now, methods, largest=largest)
        )
        for name in columns
    }
    return sheet.done(**taken)


def _latest(valued: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return how each original stands after its last correction, at every level."""
    last = valued.group_by("of").agg(nw.col("version").max().alias("version"))
    return valued.join(last, on=["of", "version"], how="inner")
