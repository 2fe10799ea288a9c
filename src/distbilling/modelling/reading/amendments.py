"""Amendments: the reversals and corrections among transactions, in order, and whether they fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.pieces import in_pieces, whole_of
from distbilling.modelling.arithmetic.proportions import LARGEST
from distbilling.modelling.engines import Engine
from distbilling.modelling.reading.checks import Check, check_rows
from distbilling.modelling.reading.columns import CORRECTION, REVERSALS, TRADES

__all__ = ["check_amendments", "corrections", "reversals"]

_ORDER: Final = ("at_us", "transaction")
_RATIO: Final = 2**9
"""Into so many parts a ratio is divided: an amount below 2**53 times a ratio still has 63 bits."""


def corrections(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the corrections among transactions.

    Each has its ``version``: 1 for the first of an original, and so on.

    Source: rulebook R15.
    """
    key = nw.col("transaction")
    return frame.filter(nw.col("kind") == CORRECTION).with_columns(
        version=key.cum_count().over("original", order_by=_ORDER).cast(nw.Int64()),
        is_last=key.shift(-1).over("original", order_by=_ORDER).is_null(),
    )


def reversals(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the reversals among transactions.

    Each has how much of its original was reversed ``already``, before it.

    Source: rulebook R15.
    """
    so_far = nw.col("amount").cum_sum().over("original", order_by=_ORDER).cast(nw.Int64())
    return frame.filter(nw.col("kind").is_in(REVERSALS)).with_columns(
        already=so_far - nw.col("amount")
    )


def check_amendments(engine: Engine, frame: nw.LazyFrame[Any]) -> tuple[int, int]:
    """Refuse an amendment of nothing, of another's, before its original, or of more than remains.

    A correction comes before any reversal: after one, the rules refuse it. Returned are bounds, in
    minor units: of a corrected amount with its discount, and of the sum of all corrected discounts.

    Raises:
        InvalidValue, InvalidFields: rows that do not fit, by their keys and columns.

    Source: rulebook R15.
    """
    has_discount = "discount" in frame.collect_schema().names()
    discount = nw.col("discount").fill_null(0) if has_discount else nw.lit(0, nw.Int64())
    originals = frame.filter(nw.col("kind").is_in(TRADES)).select(
        nw.col("transaction").alias("original"),
        nw.col("party").alias("original_party"),
        nw.col("at_us").alias("original_us"),
        nw.col("amount").alias("original_amount"),
        discount.alias("original_discount"),
    )
    rows = _amendments(frame).join(originals, on="original", how="left")

    # A corrected discount is in proportion: of the corrected amount, at most so many 512ths.
    discount, amount = nw.col("original_discount"), nw.col("amount")
    ratio = engine.whole_division(discount * _RATIO, nw.col("original_amount")) + 1
    has_ratio = (discount > 0) & (discount < LARGEST)
    rows = rows.with_columns(ratio=nw.when(has_ratio).then(ratio).otherwise(0), at=nw.col("at_us"))
    most = engine.whole_division(nw.lit(LARGEST * _RATIO - 1, nw.Int64()), nw.col("ratio") + _RATIO)
    rows = rows.with_columns(most=most)
    rescaled = engine.whole_division(nw.col("ratio") * amount, _RATIO) + 1
    is_rescaled = nw.col("is_correction") & (nw.col("ratio") > 0) & (amount <= nw.col("most"))
    rows = rows.with_columns(rescaled=nw.when(is_rescaled).then(rescaled).otherwise(0))

    pieces, left = in_pieces(nw.col("rescaled"))
    figures = check_rows(
        engine,
        rows,
        _checks(),
        nw.when(is_rescaled).then(amount + nw.col("rescaled")).otherwise(0).max().alias("base"),
        pieces.sum().cast(nw.Int64()).alias("pieces"),
        left.sum().cast(nw.Int64()).alias("left"),
    )
    return figures["base"] or 0, whole_of(figures["pieces"] or 0, figures["left"] or 0)


def _amendments(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return corrections and reversals, with what stands and what was reversed first beside."""
    corrected = corrections(frame)
    stands = corrected.filter(nw.col("is_last")).select(
        "original", nw.col("amount").alias("corrected")
    )
    reversed_rows = reversals(frame).with_columns(
        is_first=nw.col("transaction").shift(1).over("original", order_by=_ORDER).is_null()
    )
    first = reversed_rows.filter(nw.col("is_first")).select(
        "original", nw.col("at_us").alias("reversed_us"), nw.col("transaction").alias("reversed_by")
    )

    columns = ("transaction", "original", "distributor", "party", "at_us", "amount")
    rows = nw.concat(
        [
            corrected.select(*columns).with_columns(
                already=nw.lit(0, nw.Int64()), is_correction=nw.lit(value=True)
            ),
            reversed_rows.select(*columns, "already").with_columns(
                is_correction=nw.lit(value=False)
            ),
        ]
    )
    return rows.join(stands, on="original", how="left").join(first, on="original", how="left")


def _checks() -> Iterator[Check]:
    at, amount, is_correction = (nw.col(name) for name in ("at_us", "amount", "is_correction"))
    yield Check(
        "original",
        nw.col("original_party").is_null(),
        "the key of a sale or payment among these transactions",
    )
    yield Check(
        "distributor",
        nw.col("party") != nw.col("original_party"),
        "the distributor of the original",
    )

    of_original = nw.col("original_us")
    is_early = (at < of_original) | (
        (at == of_original) & (nw.col("transaction") < nw.col("original"))
    )
    accepted = "an instant after that of the original (at the same one, keys tell what comes first)"
    yield Check("at", is_early, accepted)

    is_corrected = ~nw.col("corrected").is_null()
    standing = nw.when(is_corrected).then(nw.col("corrected")).otherwise(nw.col("original_amount"))
    is_too_much = ~is_correction & (amount > standing - nw.col("already"))
    yield Check("amount", is_too_much, "at most what remains of the original")

    is_too_large = (nw.col("original_amount") >= LARGEST) | (amount >= LARGEST)
    accepted = f"below {LARGEST} minor units: columns reverse and correct no larger one"
    yield Check("original", is_too_large, f"a sale or payment {accepted}")
    with_discount = nw.col("original_amount") + nw.col("original_discount") >= LARGEST
    with_discount |= is_correction & (amount > nw.col("most"))
    yield Check(
        "original",
        ~is_too_large & with_discount,
        f"a sale or payment that with its discount, also when corrected, is {accepted}",
    )

    first_reversal = nw.col("reversed_us")
    is_late = (at > first_reversal) | (
        (at == first_reversal) & (nw.col("transaction") > nw.col("reversed_by"))
    )
    yield Check(
        "at",
        is_correction & is_late,
        "an instant before the first reversal: what was reversed is not corrected",
    )
