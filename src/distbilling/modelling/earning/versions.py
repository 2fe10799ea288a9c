"""How does an original stand after its corrections, and what does each reversal take back of that?"""

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

__all__ = ["reversed_parts"]


def reversed_parts(
    transactions: Transactions,
    valued: nw.LazyFrame[Any],
    columns: Sequence[str],
    methods: tuple[RoundingMethod, ...],
    *,
    keeping: Sequence[str],
) -> nw.LazyFrame[Any]:
    """Return each reversal, once for every level of what it reverses, with what it takes back of some columns of that.

    ``reversal`` is its key, ``reversed_as`` the number of its kind, ``reversed_us`` its instant and
    ``back`` its amount; what is kept of the original (``of``) is as it stands.

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
    taken = {
        name: sheet.let(
            given_back(
                sheet,
                nw.col(name),
                amount,
                already,
                now,
                methods,
                largest=transactions.largest_followed,
            )
        )
        for name in columns
    }
    return sheet.done(**taken)


def _latest(valued: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return, of what is valued at every level, how each original stands after its last correction."""
    last = valued.group_by("of").agg(nw.col("version").max().alias("version"))
    return valued.join(last, on=["of", "version"], how="inner")
