"""Which transactions reverse or correct others, in which order, and do they fit what they follow?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import narwhals.stable.v2 as nw

from distbilling.errors import CallerError, InvalidValue, raise_all
from distbilling.modelling.arithmetic.proportions import LARGEST
from distbilling.modelling.engines import Engine
from distbilling.modelling.reading.columns import CORRECTION, REVERSALS, TRADES

__all__ = ["check_amendments", "corrections", "reversals"]

_ORDER = ("at_us", "transaction")
_TOLD = 5


def corrections(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the corrections among transactions, each with its ``version``: 1 for the first of an original, and so on.

    Source: rulebook R15.
    """
    found = frame.filter(nw.col("kind") == CORRECTION)
    return found.with_columns(
        version=nw.col("transaction")
        .cum_count()
        .over("original", order_by=_ORDER)
        .cast(nw.Int64()),
        is_last=nw.col("transaction").shift(-1).over("original", order_by=_ORDER).is_null(),
    )


def reversals(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the reversals among transactions, each with how much of its original was reversed ``already``, before it.

    Source: rulebook R15.
    """
    found = frame.filter(nw.col("kind").is_in(REVERSALS))
    so_far = nw.col("amount").cum_sum().over("original", order_by=_ORDER).cast(nw.Int64())
    return found.with_columns(already=so_far - nw.col("amount"))


@attrs.frozen
class _Check:
    column: str
    wrong: nw.Expr
    accepted: str


def check_amendments(engine: Engine, frame: nw.LazyFrame[Any]) -> None:
    """Refuse a reversal or correction of nothing, of another distributor's, before its original, or of more than remains.

    A correction comes before any reversal: after one, the rules refuse it.

    Raises:
        InvalidValue, InvalidFields: rows that do not fit, told by their keys and columns.

    Source: rulebook R15.
    """
    trades = frame.filter(nw.col("kind").is_in(TRADES)).select(
        nw.col("transaction").alias("original"),
        nw.col("party").alias("of_party"),
        nw.col("at_us").alias("of_us"),
        nw.col("amount").alias("of_amount"),
    )
    corrected = corrections(frame)
    stands = corrected.filter(nw.col("is_last")).select(
        "original", nw.col("amount").alias("corrected")
    )
    reversed_ = reversals(frame).with_columns(
        is_first=nw.col("transaction").shift(1).over("original", order_by=_ORDER).is_null()
    )
    first = reversed_.filter(nw.col("is_first")).select(
        "original", nw.col("at_us").alias("reversed_us"), nw.col("transaction").alias("reversed_by")
    )
    columns = ("transaction", "original", "distributor", "party", "at_us", "amount")
    both = nw.concat(
        [
            corrected.select(*columns).with_columns(
                already=nw.lit(0, nw.Int64()), is_correction=nw.lit(value=True)
            ),
            reversed_.select(*columns, "already").with_columns(is_correction=nw.lit(value=False)),
        ]
    )
    joined = both.join(trades, on="original", how="left").join(stands, on="original", how="left")
    joined = joined.join(first, on="original", how="left")
    raise_all(_problems(engine, joined))


def _problems(engine: Engine, joined: nw.LazyFrame[Any]) -> Iterator[CallerError]:
    checks = list(_checks())
    counted = [
        nw.when(check.wrong)
        .then(nw.lit(1, nw.Int64()))
        .otherwise(0)
        .sum()
        .cast(nw.Int64())
        .alias(f"wrong_{number}")
        for number, check in enumerate(checks)
    ]
    counts = engine.rows(joined.select(*counted)).row(0)
    for check, count in zip(checks, counts, strict=True):
        if count:
            names = dict.fromkeys(("transaction", check.column))
            for row in engine.rows(
                joined.filter(check.wrong).select(*names).sort("transaction").head(_TOLD)
            ).to_dicts():
                yield InvalidValue(
                    f"transaction {row['transaction']!r}, {_shown(check.column)}",
                    row[check.column],
                    check.accepted,
                )
            if count > _TOLD:
                more = f"as in the {_TOLD} rows above: {check.accepted}"
                yield InvalidValue(f"{count - _TOLD} more rows, {_shown(check.column)}", None, more)


def _checks() -> Iterator[_Check]:
    standing = (
        nw.when(nw.col("corrected").is_null())
        .then(nw.col("of_amount"))
        .otherwise(nw.col("corrected"))
    )
    is_correction = nw.col("is_correction")
    yield _Check(
        "original",
        nw.col("of_party").is_null(),
        "the key of a sale or payment among these transactions",
    )
    yield _Check(
        "distributor", nw.col("party") != nw.col("of_party"), "the distributor of the original"
    )
    early = (nw.col("at_us") < nw.col("of_us")) | (
        (nw.col("at_us") == nw.col("of_us")) & (nw.col("transaction") < nw.col("original"))
    )
    yield _Check(
        "at_us",
        early,
        "an instant after that of the original (at the same one, keys tell what comes first)",
    )
    too_much = ~is_correction & (nw.col("amount") > standing - nw.col("already"))
    yield _Check("amount", too_much, "at most what remains of the original")
    too_large = (nw.col("of_amount") >= LARGEST) | (nw.col("amount") >= LARGEST)
    yield _Check(
        "original",
        too_large,
        f"a sale or payment below {LARGEST} minor units: columns reverse and correct no larger one",
    )
    late = (nw.col("at_us") > nw.col("reversed_us")) | (
        (nw.col("at_us") == nw.col("reversed_us")) & (nw.col("transaction") > nw.col("reversed_by"))
    )
    yield _Check(
        "at_us",
        is_correction & late,
        "an instant before the first reversal: what was reversed is not corrected",
    )


def _shown(column: str) -> str:
    return "at" if column == "at_us" else column
