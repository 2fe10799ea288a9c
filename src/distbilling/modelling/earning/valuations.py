"""What is valued: every sale and payment, and each again with the amount of a correction."""

from __future__ import annotations

from typing import Any, Final

import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.proportions import rounded_part
from distbilling.modelling.arithmetic.worksheet import Worksheet
from distbilling.modelling.reading.amendments import corrections
from distbilling.modelling.reading.columns import TRADES, kind_number
from distbilling.modelling.reading.transactions import Transactions
from distbilling.money import RoundingMethod

__all__ = ["valuations"]

_OPTIONAL: Final = ("product", "batch", "items", "tax", "discount", "since_us")
_IN_PROPORTION: Final = (RoundingMethod.HALF_AWAY_FROM_ZERO,)


def valuations(transactions: Transactions) -> nw.LazyFrame[Any]:
    """Return what is valued, with its key as ``transaction`` and that of its original as ``of``.

    ``at_us`` is the instant of the original, by whose terms it is valued; ``booked_us`` its own.
    ``version`` is 0 for an original, then 1 for its first correction. Tax and discount of a
    correction are those of the original in proportion.

    Source: rulebook R15, as :func:`distbilling.rules.chain.reversal.corrected`.
    """
    frame = transactions.frame
    given = frame.collect_schema().names()
    optional: list[str] = [name for name in _OPTIONAL if name in given]
    trades = frame.filter(nw.col("kind").is_in(TRADES)).select(
        "transaction",
        nw.col("transaction").alias("of"),
        kind_number(TRADES).alias("kind_no"),
        "at_us",
        nw.col("at_us").alias("booked_us"),
        nw.col("party").alias("seller"),
        "amount",
        *optional,
        nw.lit(0, nw.Int64()).alias("version"),
    )
    if not transactions.census.amendments:
        return trades
    return nw.concat([trades, _corrected(transactions, trades, optional)])


def _corrected(
    transactions: Transactions, trades: nw.LazyFrame[Any], optional: list[str]
) -> nw.LazyFrame[Any]:
    right = corrections(transactions.frame).select(
        nw.col("transaction").alias("correction"),
        nw.col("original").alias("of"),
        nw.col("at_us").alias("corrected_us"),
        nw.col("amount").alias("right"),
        nw.col("version").alias("corrected_version"),
    )
    sheet = Worksheet(
        transactions.engine, right.join(trades.drop("transaction"), on="of", how="inner")
    )

    in_proportion: dict[str, nw.Expr] = {}
    for name in ("tax", "discount"):
        if name in optional:
            part = rounded_part(
                sheet,
                nw.col(name).fill_null(0),
                nw.col("right"),
                nw.col("amount"),
                _IN_PROPORTION,
                largest=transactions.largest_amended,
            )
            in_proportion[name] = nw.when(~nw.col(name).is_null()).then(part)

    return sheet.done(**in_proportion).select(
        nw.col("correction").alias("transaction"),
        "of",
        "kind_no",
        "at_us",
        nw.col("corrected_us").alias("booked_us"),
        "seller",
        nw.col("right").alias("amount"),
        *optional,
        nw.col("corrected_version").alias("version"),
    )
