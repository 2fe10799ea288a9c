"""What is to be valued? Every sale and payment, and each again with the amount that a correction gave it."""

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

_TOLD: Final = ("product", "batch", "items", "tax", "discount", "since_us")
_IN_PROPORTION: Final = (RoundingMethod.HALF_AWAY_FROM_ZERO,)


def valuations(transactions: Transactions) -> nw.LazyFrame[Any]:
    """Return what is to be valued, with its own key as ``transaction`` and that of its original as ``of``.

    ``at_us`` is the instant of the original, by whose terms it is valued; ``booked_us`` its own.
    ``version`` is 0 for an original, then 1 for its first correction. Tax and discount of a
    correction are those of the original in proportion.

    Source: rulebook R15, as :func:`distbilling.rules.chain.reversal.corrected`.
    """
    told = [
        name for name in _TOLD if transactions.has({"since_us": "customer_since"}.get(name, name))
    ]
    trades = transactions.frame.filter(nw.col("kind").is_in(TRADES)).select(
        "transaction",
        nw.col("transaction").alias("of"),
        kind_number(TRADES).alias("kind_no"),
        "at_us",
        nw.col("at_us").alias("booked_us"),
        nw.col("party").alias("seller"),
        "amount",
        *told,
        nw.lit(0, nw.Int64()).alias("version"),
    )
    return (
        trades
        if not transactions.census.amendments
        else nw.concat([trades, _corrected(transactions, trades, told)])
    )


def _corrected(
    transactions: Transactions, trades: nw.LazyFrame[Any], told: list[str]
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
    in_proportion = {
        name: rounded_part(
            sheet,
            nw.col(name).fill_null(0),
            nw.col("right"),
            nw.col("amount"),
            _IN_PROPORTION,
            largest=transactions.largest_followed,
        )
        for name in ("tax", "discount")
        if name in told
    }
    known = {
        name: nw.when(~nw.col(name).is_null()).then(part) for name, part in in_proportion.items()
    }
    return sheet.done(**{f"{name}_then": part for name, part in known.items()}).select(
        nw.col("correction").alias("transaction"),
        "of",
        "kind_no",
        "at_us",
        nw.col("corrected_us").alias("booked_us"),
        "seller",
        nw.col("right").alias("amount"),
        *(nw.col(f"{name}_then").alias(name) if name in known else nw.col(name) for name in told),
        nw.col("corrected_version").alias("version"),
    )
