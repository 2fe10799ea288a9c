"""What does each level of a chain keep? Margins between the commissions of its levels, in columns."""

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

__all__ = ["kept"]

_WHOLE: Final = "transaction"


def kept(
    engine: Engine, rows: nw.LazyFrame[Any], methods: tuple[RoundingMethod, ...], parts: int | None
) -> nw.LazyFrame[Any]:
    """Return what is valued at every level with what each keeps (``earned``), and what it owes (``owed``).

    ``earned`` comes as what a level earns by its own terms, ``on`` the amount or (``own_rates`` is
    1) on what those below it leave. Where some policy shares out one rounded total, ``exact`` is
    that before rounding, in so many ``parts`` of a minor unit; ``remainder`` is the number of the
    policy, ``top_method`` that of the top level's rounding; without such a policy there are no
    parts.

    Source: rulebook R16, as :func:`distbilling.rules.chain.margins.margins_of`.
    """
    shared = nw.col("own_rates") == 0
    rows = rows.with_columns(from_top=-nw.col("level"))
    at_most = nw.col("earned").cum_min().over(_WHOLE, order_by="from_top").cast(nw.Int64())
    rows = rows.with_columns(earned=nw.when(shared).then(at_most).otherwise(nw.col("earned")))
    below = nw.col("earned").shift(1).over(_WHOLE, order_by="level").fill_null(0)
    rows = rows.with_columns(total=nw.col("earned"), below=below)
    rows = rows.with_columns(
        earned=nw.when(shared).then(nw.col("earned") - nw.col("below")).otherwise(nw.col("earned"))
    )
    if parts is not None:
        rows = _shared_out(engine, rows, methods, parts)
    given = nw.col("earned").cum_sum().over(_WHOLE, order_by="level").cast(nw.Int64())
    return rows.with_columns(owed=nw.col("amount") - given).drop("from_top", "below", "total")


def _shared_out(
    engine: Engine, rows: nw.LazyFrame[Any], methods: tuple[RoundingMethod, ...], parts: int
) -> nw.LazyFrame[Any]:
    """Return rows where one rounded total is given out over the exact margins, if the policy says so.

    Source: rulebook R6, as :func:`distbilling.money.allocation.shares`.
    """
    shared, on = nw.col("own_rates") == 0, nw.col("on") * parts
    rows = rows.with_columns(
        exact=nw.when(nw.col("exact") > on).then(on).otherwise(nw.col("exact"))
    )
    at_most = nw.col("exact").cum_min().over(_WHOLE, order_by="from_top").cast(nw.Int64())
    rows = rows.with_columns(exact=nw.when(shared).then(at_most).otherwise(nw.col("exact")))
    under = nw.col("exact").shift(1).over(_WHOLE, order_by="level").fill_null(0)
    rows = rows.with_columns(
        weight=nw.when(shared).then(nw.col("exact") - under).otherwise(nw.col("exact"))
    )
    rows = rows.with_columns(
        weights=nw.col("weight").sum().over(_WHOLE).cast(nw.Int64()),
        top=nw.col("total").max().over(_WHOLE),
        last_level=nw.col("level").max().over(_WHOLE),
    )
    sheet = Worksheet(engine, engine.kept(rows))
    rounded = _rounded(sheet, methods, parts)
    in_all = sheet.let(nw.when(shared).then(nw.col("top")).otherwise(rounded))
    some = nw.when(nw.col("weights") > 0).then(nw.col("weights")).otherwise(1)
    whole, rest = divided_exactly(sheet, nw.col("weight"), in_all, sheet.let(some))
    rows = sheet.done(
        in_all=in_all,
        share=whole,
        rest=rest,
        has_weight=nw.when(nw.col("weight") > 0).then(1).otherwise(0),
    )
    rows = rows.with_columns(
        left=nw.col("in_all") - nw.col("share").sum().over(_WHOLE).cast(nw.Int64()),
        lost=-nw.col("rest"),
    )
    rows = engine.kept(rows)
    rows = rows.with_columns(
        by_loss=nw.col("level")
        .cum_count()
        .over(_WHOLE, order_by=("lost", "level"))
        .cast(nw.Int64()),
        in_order=nw.col("has_weight").cum_sum().over(_WHOLE, order_by="level").cast(nw.Int64()),
    )
    largest, first = (
        nw.col("remainder") == REMAINDERS.index(each)
        for each in (Remainder.LARGEST_REMAINDER, Remainder.FIRST_IN_ORDER)
    )
    place = nw.when(largest).then(nw.col("by_loss")).otherwise(nw.col("in_order"))
    gets = (nw.col("has_weight") == 1) & (place <= nw.col("left"))
    share = nw.when(gets).then(nw.col("share") + 1).otherwise(nw.col("share"))
    rows = rows.with_columns(
        earned=nw.when((nw.col("last_level") > 0) & (largest | first))
        .then(share)
        .otherwise(nw.col("earned"))
    )
    return rows.drop(
        "weight",
        "weights",
        "top",
        "in_all",
        "share",
        "rest",
        "has_weight",
        "left",
        "lost",
        "by_loss",
        "in_order",
        "exact",
        "last_level",
    )


def _rounded(sheet: Worksheet, methods: tuple[RoundingMethod, ...], parts: int) -> nw.Expr:
    """Return what all levels earn together by rates on the rest, rounded by the top level's terms, and not above the amount."""
    amount = nw.col("amount")
    narrow = OneColumnArithmetic(parts)
    found = [
        sheet.let(narrow.rounded(sheet, ExactColumn(nw.col("weights")), method))
        for method in methods
    ]
    rounded = sheet.let(chosen("top_method", found))
    return nw.when(rounded > amount).then(amount).otherwise(rounded)
