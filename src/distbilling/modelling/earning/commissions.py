"""Commission on many operations at once, each by the rate in force for it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from itertools import count
from typing import Any, Final

import attrs
import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.arithmetic import Arithmetic, ExactColumn
from distbilling.modelling.arithmetic.worksheet import Worksheet, chosen
from distbilling.modelling.engines import Engine
from distbilling.modelling.tables.cells import Leaf, Line, Totals
from distbilling.modelling.tables.formulas import Measured, Shape, computed
from distbilling.modelling.tables.rate_tables import AXES, RateTables
from distbilling.money import RoundingMethod

__all__ = ["Operations", "commissions", "with_rates"]

_SHARE_OF_BASE: Final = Leaf(Line(base=Fraction(1)))


def with_rates(
    frame: nw.LazyFrame[Any], tables: RateTables, engine: Engine, *, tells_rate: bool = True
) -> nw.LazyFrame[Any]:
    """Return operations, each with the numbers of the rate in force for it.

    They have a ``slot`` and an instant ``at_us``. ``rate`` has the number of the rate itself; where
    nobody asks for that, and all have the same rate, nothing is looked up.

    Source: rulebook R11, R12.
    """
    same = None if tells_rate else tables.slots.same("slot", "rate")
    if same is not None:
        numbers = {name: nw.lit(number, nw.Int64()) for name, number in same.items()}
        return frame.with_columns(**numbers).drop("slot")

    frame = frame.join(tables.slots.on(engine), on="slot", how="left").drop("slot")
    if tables.rates is None:
        return frame
    turns = [f"turn_{place}" for place in range(tables.turns)]
    row = nw.col("first_row") + _passed(nw.col("at_us"), turns)
    frame = frame.with_columns(row=row).drop(*turns, "first_row")
    return frame.join(tables.rates.on(engine), on="row", how="left").drop("row")


@attrs.frozen
class Operations:
    """The names of the columns that operations are computed from.

    All are in minor units; None where nothing asks for it. ``so_far`` is the volume of the billing
    period before an operation; ``months`` are whole.
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
    """Return operations that have a rate with what is earned on them.

    It is rounded, within its bounds, and never above the amount.

    Args:
        frame: operations as :func:`with_rates` returns them.
        tables: the rates.
        methods: the rounding methods; where there are several, the column ``method`` has the place
            of the one that counts.
        operations: the columns to compute from.
        engine: holds the frame.
        earned: names the column of what is earned.
        exact: names a column, if there is to be one, of what is earned before it is rounded and
            limited to the amount, in the parts of a minor unit that the tables have.

    Source: rulebook R4, R9, R13, R14, as :func:`distbilling.rules.commission.earning.earned_of`.
    """
    sheet = Worksheet(engine, _with_leaves(frame, tables, operations, engine))
    base, amount = nw.col(operations.base), nw.col(operations.amount)
    figures = _figures(sheet, tables, methods, operations)

    rounded = [each for each, _ in figures]
    figure = sheet.let(chosen("shape", rounded)) if len(rounded) > 1 else rounded[0]
    columns: dict[str, nw.Expr] = {}
    if exact is not None:
        unrounded = chosen("shape", [tables.arithmetic.in_parts(each) for _, each in figures])
        columns[exact] = nw.when(base == 0).then(0).otherwise(unrounded)

    if any(map(_gives_without_base, tables.shapes)):
        figure = nw.when(base == 0).then(0).otherwise(figure)
    is_of_amount = operations.amount == operations.base
    if not (is_of_amount and all(_is_within_base(shape, methods) for shape in tables.shapes)):
        figure, amount = sheet.let_all(figure, amount)
        figure = nw.when(figure > amount).then(amount).otherwise(figure)

    numbers = (tables.leaves or tables.rates or tables.slots).columns
    spent = [name for name in numbers if name.startswith("number_")]
    return sheet.done(**{earned: figure}, **columns).drop("shape", *spent)


def _with_leaves(
    frame: nw.LazyFrame[Any], tables: RateTables, operations: Operations, engine: Engine
) -> nw.LazyFrame[Any]:
    """Return operations with the numbers of the formula for their age, volume and base."""
    if tables.leaves is None:
        return frame
    zero, base = nw.lit(0, nw.Int64()), nw.col(operations.base)
    so_far, months = (
        zero if name is None else nw.col(name) for name in (operations.so_far, operations.months)
    )
    measures = {"months": months, "before": so_far, "after": so_far + base, "base": base}

    leaf, spent = zero, ["first_leaf"]
    for axis in AXES:
        if tables.cuts[axis]:
            cuts = [f"{axis}_{place}" for place in range(tables.cuts[axis])]
            leaf = leaf * nw.col(f"{axis}_cells") + _passed(measures[axis], cuts)
            spent += [*cuts, f"{axis}_cells"]
    frame = frame.with_columns(leaf=leaf + nw.col("first_leaf")).drop(*spent)
    return frame.join(tables.leaves.on(engine), on="leaf", how="left").drop("leaf")


def _passed(measure: nw.Expr, cuts: Iterable[str]) -> nw.Expr:
    """Return how many of the cuts a number has reached."""
    one = nw.lit(1, nw.Int64())
    reached = (nw.when(measure >= nw.col(cut)).then(one).otherwise(0) for cut in cuts)
    return reduce(lambda first, second: first + second, reached)


def _figures(
    sheet: Worksheet,
    tables: RateTables,
    methods: tuple[RoundingMethod, ...],
    operations: Operations,
) -> list[tuple[nw.Expr, ExactColumn]]:
    """Return what the formulas of each shape give, rounded and exactly."""
    base = nw.col(operations.base)
    before, items = (
        None if name is None else nw.col(name) for name in (operations.so_far, operations.items)
    )
    after = None if before is None else sheet.let(before + base)
    measured = Measured(base, before, after, items)
    return [_figure(sheet, tables, place, methods, measured) for place in range(len(tables.shapes))]


def _figure(
    sheet: Worksheet,
    tables: RateTables,
    place: int,
    methods: tuple[RoundingMethod, ...],
    measured: Measured,
) -> tuple[nw.Expr, ExactColumn]:
    """Return what the formulas of one shape give; null where another shape counts."""
    shape, arithmetic = tables.shapes[place], tables.arithmetic
    numbers = (_number(sheet, tables, place, column) for column in count())
    figures = computed(sheet, shape, numbers, measured, arithmetic)
    rounded = [_rounded(sheet, arithmetic, figure, methods) for figure in figures]
    if isinstance(shape, Totals):
        after, before = rounded
        return after - before, arithmetic.difference(sheet, *figures)

    (earned,) = rounded
    for minimum, cap in shape.again:
        for bound, is_beyond in ((minimum, nw.Expr.__lt__), (cap, nw.Expr.__gt__)):
            if bound is not None:
                number, earned = next(numbers), sheet.let(earned)
                is_outside = is_beyond(earned, number)
                earned = sheet.let(nw.when(is_outside).then(number).otherwise(earned))
    return earned, figures[0]


def _number(sheet: Worksheet, tables: RateTables, place: int, column: int) -> nw.Expr:
    number = nw.col(f"number_{column}")
    if len(tables.shapes) == 1:
        return number
    return sheet.let(nw.when(nw.col("shape") == place).then(number))


def _rounded(
    sheet: Worksheet,
    arithmetic: Arithmetic,
    figure: ExactColumn,
    methods: tuple[RoundingMethod, ...],
) -> nw.Expr:
    return chosen("method", [arithmetic.rounded(sheet, figure, method) for method in methods])


def _gives_without_base(shape: Shape) -> bool:
    """Tell whether a formula may give something on nothing: a fee, or a minimum."""
    match shape:
        case Totals():
            return False
        case Leaf(Line(items=items, offset=offset), again):
            return bool(again or items or offset)
        case _:
            return True


def _is_within_base(shape: Shape, methods: tuple[RoundingMethod, ...]) -> bool:
    """Tell whether what is earned is never above the base, so that nobody need look.

    A rounding to multiples of more than one minor unit may exceed it.
    """
    return shape == _SHARE_OF_BASE and all(method.step == 1 for method in methods)
