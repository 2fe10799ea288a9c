"""What is earned on many operations at once, each by the rate that is in force for it?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from itertools import count
from typing import Any

import attrs
import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.arithmetic import Arithmetic, ExactColumn
from distbilling.modelling.arithmetic.worksheet import Worksheet, chosen
from distbilling.modelling.engines import Engine
from distbilling.modelling.tables.formulas import (
    LeafShape,
    LineShape,
    Measured,
    Shape,
    TotalsShape,
    computed,
)
from distbilling.modelling.tables.rate_tables import AXES, RateTables
from distbilling.money import RoundingMethod

__all__ = ["Operations", "commissions", "with_rates"]


def with_rates(
    frame: nw.LazyFrame[Any], tables: RateTables, engine: Engine, *, tells_rate: bool = True
) -> nw.LazyFrame[Any]:
    """Return operations, each with its ``slot`` and instant ``at_us``, with the numbers of the rate in force for it.

    ``rate`` has the number of the rate itself; where nobody asks for that, and all have the same
    rate, nothing is looked up.

    Source: rulebook R11, R12.
    """
    same = None if tells_rate else tables.slots.same("slot", "rate")
    if same is not None:
        return frame.with_columns(
            **{name: nw.lit(number, nw.Int64()) for name, number in same.items()}
        ).drop("slot")
    frame = frame.join(tables.slots.on(engine), on="slot", how="left").drop("slot")
    if tables.rates is None:
        return frame
    row = nw.col("first_row") + _passed(
        nw.col("at_us"), (f"turn_{place}" for place in range(tables.turns))
    )
    spent = [*(f"turn_{place}" for place in range(tables.turns)), "first_row"]
    frame = frame.with_columns(row=row).drop(*spent)
    return frame.join(tables.rates.on(engine), on="row", how="left").drop("row")


@attrs.frozen
class Operations:
    """The names of the columns that operations are computed from, all in minor units; None where nothing asks for it.

    ``so_far`` is the volume of the billing period before an operation; ``months`` are whole.
    """

    amount: str
    base: str
    so_far: str | None = None
    months: str | None = None
    items: str | None = None


def commissions(  # noqa: PLR0913 - what is computed, and what it is called
    frame: nw.LazyFrame[Any],
    tables: RateTables,
    methods: tuple[RoundingMethod, ...],
    operations: Operations,
    engine: Engine,
    *,
    earned: str = "earned",
    exact: str | None = None,
) -> nw.LazyFrame[Any]:
    """Return operations that have a rate with what is earned on them: rounded, within its bounds, never above the amount.

    Where there are several ``methods``, the column ``method`` has the place of the one that counts.
    ``exact`` names a column for what is earned before it is rounded and limited to the amount, in
    the parts of a minor unit that the tables have.

    Source: rulebook R4, R9, R13, R14, as :func:`distbilling.rules.commission.earning.earned_of`.
    """
    sheet = Worksheet(engine, _with_leaves(frame, tables, operations, engine))
    base = nw.col(operations.base)
    before, items = (
        None if name is None else nw.col(name) for name in (operations.so_far, operations.items)
    )
    measured = Measured(base, before, None if before is None else sheet.let(before + base), items)
    found = [
        _earned(sheet, tables, place, methods, measured) for place in range(len(tables.shapes))
    ]
    figure = (
        sheet.let(chosen("shape", [rounded for rounded, _ in found]))
        if len(found) > 1
        else found[0][0]
    )
    others: dict[str, nw.Expr] = {}
    if exact is not None:
        unrounded = [tables.arithmetic.in_parts(each) for _, each in found]
        others[exact] = nw.when(base == 0).then(0).otherwise(chosen("shape", unrounded))
    if any(_gives_without_base(shape) for shape in tables.shapes):
        figure = nw.when(base == 0).then(0).otherwise(figure)
    if operations.amount != operations.base or not all(
        _is_within_base(shape, methods) for shape in tables.shapes
    ):
        figure, amount = sheet.let_all(figure, nw.col(operations.amount))
        figure = nw.when(figure > amount).then(amount).otherwise(figure)
    width = len(
        [
            name
            for name in (tables.leaves or tables.rates or tables.slots).columns
            if name.startswith("number_")
        ]
    )
    return sheet.done(**{earned: figure}, **others).drop(
        "shape", *(f"number_{place}" for place in range(width))
    )


def _with_leaves(
    frame: nw.LazyFrame[Any], tables: RateTables, operations: Operations, engine: Engine
) -> nw.LazyFrame[Any]:
    """Return operations with the numbers of the formula that counts for their age, volume and base."""
    if tables.leaves is None:
        return frame
    leaf, spent = nw.lit(0, nw.Int64()), ["first_leaf"]
    base = nw.col(operations.base)
    so_far = nw.lit(0, nw.Int64()) if operations.so_far is None else nw.col(operations.so_far)
    months = nw.lit(0, nw.Int64()) if operations.months is None else nw.col(operations.months)
    measures = {"months": months, "before": so_far, "after": so_far + base, "base": base}
    for axis in AXES:
        if tables.cuts[axis]:
            names = [f"{axis}_{place}" for place in range(tables.cuts[axis])]
            leaf = leaf * nw.col(f"{axis}_cells") + _passed(measures[axis], names)
            spent += [*names, f"{axis}_cells"]
    frame = frame.with_columns(leaf=leaf + nw.col("first_leaf")).drop(*spent)
    return frame.join(tables.leaves.on(engine), on="leaf", how="left").drop("leaf")


def _passed(measure: nw.Expr, bounds: Iterable[str]) -> nw.Expr:
    """Return how many of the bounds a number has reached."""
    reached = [
        nw.when(measure >= nw.col(bound)).then(nw.lit(1, nw.Int64())).otherwise(0)
        for bound in bounds
    ]
    return reduce(lambda first, second: first + second, reached)


def _earned(
    sheet: Worksheet,
    tables: RateTables,
    place: int,
    methods: tuple[RoundingMethod, ...],
    measured: Measured,
) -> tuple[nw.Expr, ExactColumn]:
    """Return what the formulas of one shape give, rounded and exactly; null where another shape counts."""
    shape, arithmetic = tables.shapes[place], tables.arithmetic
    columns = (_number(sheet, tables, place, column) for column in count())
    figures = computed(sheet, shape, columns, measured, arithmetic)
    rounded = [_rounded(sheet, arithmetic, figure, methods) for figure in figures]
    if isinstance(shape, TotalsShape):
        after, before = rounded
        return after - before, arithmetic.difference(sheet, *figures)
    (earned,) = rounded
    for with_minimum, with_cap in shape.again:
        for is_there, is_beyond in ((with_minimum, nw.Expr.__lt__), (with_cap, nw.Expr.__gt__)):
            if is_there:
                bound, earned = next(columns), sheet.let(earned)
                earned = sheet.let(nw.when(is_beyond(earned, bound)).then(bound).otherwise(earned))
    return earned, figures[0]


def _number(sheet: Worksheet, tables: RateTables, place: int, column: int) -> nw.Expr:
    number = nw.col(f"number_{column}")
    return (
        number
        if len(tables.shapes) == 1
        else sheet.let(nw.when(nw.col("shape") == place).then(number))
    )


def _rounded(
    sheet: Worksheet,
    arithmetic: Arithmetic,
    figure: ExactColumn,
    methods: tuple[RoundingMethod, ...],
) -> nw.Expr:
    return chosen("method", [arithmetic.rounded(sheet, figure, method) for method in methods])


def _gives_without_base(shape: Shape) -> bool:
    """Tell whether a formula may give something on nothing: a fee, or a minimum."""
    if isinstance(shape, TotalsShape):
        return False
    return (
        shape.again != ()
        or not isinstance(shape.formula, LineShape)
        or bool(shape.formula.terms & {"items", "offset"})
    )


def _is_within_base(shape: Shape, methods: tuple[RoundingMethod, ...]) -> bool:
    """Tell whether what is earned is never above the base, so that nobody need look."""
    is_share = isinstance(shape, LeafShape) and shape.formula == LineShape(frozenset({"base"}))
    return is_share and all(method.step == 1 for method in methods)
