"""Margins in columns: what each level of a chain keeps between the commissions of its levels."""

from __future__ import annotations

from typing import Any, Final

import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.arithmetic import ExactColumn, OneColumnArithmetic
from distbilling.modelling.arithmetic.proportions import divided_exactly
from distbilling.modelling.arithmetic.worksheet import Worksheet, chosen
from distbilling.modelling.engines import Engine
from distbilling.modelling.tables.book_tables import REMAINDERS
from distbilling.money import RoundingMethod
from distbilling.rules.agreement.terms import Remainder

__all__ = ["with_margins"]

_WHOLE: Final = "transaction"
"""A chain is all levels of one transaction."""


def with_margins(
    engine: Engine, rows: nw.LazyFrame[Any], methods: tuple[RoundingMethod, ...], parts: int | None
) -> nw.LazyFrame[Any]:
    """Return what is valued at every level, with ``earned``, what each keeps, and what it owes.

    Args:
        engine: holds the rows.
        rows: ``earned`` is what a level earns by its own terms, on the amount (``on``) or, where
            ``own_rates`` is 1, on what those below it leave. Where the odd cent is shared out,
            ``exact`` is that before rounding, ``remainder`` the number of the policy and
            ``top_method`` that of the top level's rounding.
        methods: the rounding methods, by number.
        parts: in how many parts of a minor unit ``exact`` is; None where no policy shares out.

    Source: rulebook R16, as :func:`distbilling.rules.chain.margins.margins_of`.
    """
    by_difference = nw.col("own_rates") == 0
    rows = rows.with_columns(from_top=-nw.col("level"))

    # By a difference of rates, no level earns more than the one above it.
    rows = rows.with_columns(
        total=nw.when(by_difference).then(_at_most("earned")).otherwise(nw.col("earned"))
    )
    margin = nw.col("total") - _below("total")
    rows = rows.with_columns(earned=nw.when(by_difference).then(margin).otherwise(nw.col("total")))

    if parts is not None:
        rows = _shared_out(engine, rows, methods, parts)
    kept = nw.col("earned").cum_sum().over(_WHOLE, order_by="level").cast(nw.Int64())
    return rows.with_columns(owed=nw.col("amount") - kept).drop("from_top", "total")


def _at_most(column: str) -> nw.Expr:
    """Return the least of a column at a level and at all above it."""
    return nw.col(column).cum_min().over(_WHOLE, order_by="from_top").cast(nw.Int64())


def _below(column: str) -> nw.Expr:
    """Return a column at the level below, zero below the lowest."""
    return nw.col(column).shift(1).over(_WHOLE, order_by="level").fill_null(0)


def _shared_out(
    engine: Engine, rows: nw.LazyFrame[Any], methods: tuple[RoundingMethod, ...], parts: int
) -> nw.LazyFrame[Any]:
    """Return rows where one rounded total is shared out by the exact margins, if a policy says so.

    Source: rulebook R6, as :func:`distbilling.money.allocation.shares`.
    """
    names = [name for name in rows.collect_schema().names() if name != "exact"]
    sheet = Worksheet(engine, engine.kept(_weighted(rows, parts)))
    weight, weights, level = nw.col("weight"), nw.col("weights"), nw.col("level")

    # Each level gets its part of the whole, cut off; ``lost`` is what is cut off, below zero.
    by_own_rates = _rounded(sheet, methods, parts)
    by_difference = nw.col("own_rates") == 0
    in_all = sheet.let(nw.when(by_difference).then(nw.col("top")).otherwise(by_own_rates))
    divisor = sheet.let(nw.when(weights > 0).then(weights).otherwise(1))
    share, remainder = divided_exactly(sheet, weight, in_all, divisor)
    has_weight = nw.when(weight > 0).then(1).otherwise(0)
    rows = sheet.done(in_all=in_all, share=share, lost=-remainder, has_weight=has_weight)
    left = nw.col("in_all") - nw.col("share").sum().over(_WHOLE).cast(nw.Int64())
    rows = engine.kept(rows.with_columns(left=left))

    # What is left goes, a minor unit each, to those who lost most, or to the first in order.
    by_loss = level.cum_count().over(_WHOLE, order_by=("lost", "level")).cast(nw.Int64())
    in_order = nw.col("has_weight").cum_sum().over(_WHOLE, order_by="level").cast(nw.Int64())
    rows = rows.with_columns(by_loss=by_loss, in_order=in_order)
    is_by_loss, is_in_order = (
        nw.col("remainder") == REMAINDERS.index(policy)
        for policy in (Remainder.LARGEST_REMAINDER, Remainder.FIRST_IN_ORDER)
    )
    place = nw.when(is_by_loss).then(nw.col("by_loss")).otherwise(nw.col("in_order"))
    gets_one = (nw.col("has_weight") == 1) & (place <= nw.col("left"))
    share = nw.when(gets_one).then(nw.col("share") + 1).otherwise(nw.col("share"))

    is_shared_out = (nw.col("last_level") > 0) & (is_by_loss | is_in_order)
    earned = nw.when(is_shared_out).then(share).otherwise(nw.col("earned"))
    return rows.with_columns(earned=earned).select(*names)


def _weighted(rows: nw.LazyFrame[Any], parts: int) -> nw.LazyFrame[Any]:
    """Return rows with the exact margins as ``weight``, and some figures of the chain."""
    by_difference = nw.col("own_rates") == 0
    exact, limit = nw.col("exact"), nw.col("on") * parts
    rows = rows.with_columns(exact=nw.when(exact > limit).then(limit).otherwise(exact))
    rows = rows.with_columns(exact=nw.when(by_difference).then(_at_most("exact")).otherwise(exact))
    margin = exact - _below("exact")
    rows = rows.with_columns(weight=nw.when(by_difference).then(margin).otherwise(exact))
    return rows.with_columns(
        weights=nw.col("weight").sum().over(_WHOLE).cast(nw.Int64()),
        top=nw.col("total").max().over(_WHOLE),
        last_level=nw.col("level").max().over(_WHOLE),
    )


def _rounded(sheet: Worksheet, methods: tuple[RoundingMethod, ...], parts: int) -> nw.Expr:
    """Return what all levels earn together by their own rates.

    It is rounded by the top level's terms, and not above the amount.
    """
    amount, arithmetic = nw.col("amount"), OneColumnArithmetic(parts)
    exact = ExactColumn(nw.col("weights"))
    by_method = [sheet.let(arithmetic.rounded(sheet, exact, method)) for method in methods]
    rounded = sheet.let(chosen("top_method", by_method))
    return nw.when(rounded > amount).then(amount).otherwise(rounded)
