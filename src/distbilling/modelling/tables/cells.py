"""Schedules cut into cells of age, volume and amount, with one formula in each.

A schedule may ask which bracket or stage counts, and columns cannot ask that row by row. So every
schedule is cut where its answer changes: by the age of the relation (``months``), the volume of the
period before an operation and with it (``before``, ``after``), and the amount itself (``base``). In
each cell, the smallest box between such cuts, one formula of plain numbers remains: a line, perhaps
within bounds, perhaps a sum of several. To find it, one counts how many cuts a row has passed along
every axis.

An example: marginal brackets by operation, 5 % up to 10.00 and 3 % from there. There is one cut, at
a base of 1,000 cents, so there are two cells. Below the cut, earned is 0.05 x base. From it on, it
is 0.03 x base + 20: the line through 50 cents at 10.00 (5 % of it), with the slope of the upper
bracket. A payment of 50.00 passes the one cut, and earns 0.03 x 5,000 + 20 = 170 cents; bracket by
bracket, that is 5 % of 10.00 and 3 % of 40.00, 0.50 + 1.20.

Marginal brackets by volume earn what the brackets give on the volume after an operation, less what
they give on the volume before it. As a whole schedule, both totals are rounded (``Totals``). Inside
a sum or a bound only the sum is, so there they are one line, with a rate on each volume. Their cell
depends on the brackets of both volumes, and so there is a cut in ``before`` and one in ``after``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce
from itertools import product
from math import ceil
from typing import Final, assert_never

import attrs

from distbilling.money import Money, Percent
from distbilling.rules.agreement.measure import Per, Tiering
from distbilling.rules.agreement.schedule import Bounded, Brackets, ByAge, FlatFee, Schedule, Sum
from distbilling.rules.agreement.schedule_parts import parts_in

__all__ = [
    "Bounds",
    "Cells",
    "Clipped",
    "Formula",
    "Leaf",
    "Line",
    "SumFormula",
    "Totals",
    "cells_of",
]

_ZERO: Final = Fraction(0)


@attrs.frozen
class Line:
    """A figure in minor units: rates on base and volumes, a fee for each item, and one fee.

    ``before``, the rate on the volume before the operation, is taken off; the others are added.
    ``items`` and ``offset``, the fees, may have parts of a minor unit.
    """

    base: Fraction = _ZERO
    after: Fraction = _ZERO
    before: Fraction = _ZERO
    items: Fraction = _ZERO
    offset: Fraction = _ZERO


Bounds = tuple[int | None, int | None]
"""A minimum and a cap, in minor units; None where there is none."""


@attrs.frozen
class Clipped:
    """A formula within a minimum and a cap."""

    inner: Formula
    bounds: Bounds


@attrs.frozen
class SumFormula:
    """The sum of several formulas."""

    parts: tuple[Formula, ...]


Formula = Line | Clipped | SumFormula


@attrs.frozen
class Leaf:
    """What is earned in a cell: the formula, rounded, within bounds.

    The bounds in ``again`` count again after rounding, innermost first.

    Source: rulebook R14, as :func:`distbilling.rules.commission.earning.figures_of`.
    """

    formula: Formula
    again: tuple[Bounds, ...] = ()


@attrs.frozen
class Totals:
    """What is earned in a cell of marginal brackets by volume: one rounded total less another.

    Each total is a rate (as ``after``) and an offset: of the volume with the operation, and of that
    before it.

    Source: rulebook R13, as :func:`distbilling.rules.commission.earning.figures_of`.
    """

    after: Line
    before: Line


@attrs.frozen
class Cells:
    """A schedule cut into cells: the numbers at which each next cell begins, and what each earns.

    ``months``, ``before``, ``after`` and ``base`` are the cuts by the age of the relation, by the
    volume of the period before the operation and with it, and by its base. ``leaves`` has those
    below the first cut of ``months`` first, and of these those below the first of ``before``, and
    so on.
    """

    months: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    base: tuple[int, ...]
    leaves: tuple[Leaf | Totals, ...]
    asks_volume: bool
    """Whether the volume of the period counts: also in marginal brackets with no bound."""


def cells_of(schedule: Schedule, digits: int) -> Cells:
    """Return the cells of a schedule, in minor units of a currency of so many digits.

    Source: rulebook R13, R14.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.agreement.measure import Measure
    >>> from distbilling.rules.agreement.schedule import Bracket
    >>> ten, none = Money("10.00", "USD"), Money("0.00", "USD")
    >>> cuts = (Bracket(none, ten, Percent("5")), Bracket(ten, None, Percent("3")))
    >>> cells = cells_of(Brackets(cuts, measure=Measure.OPERATION), 2)
    >>> cells.base, cells.leaves[1] == Leaf(Line(base=Fraction(3, 100), offset=Fraction(20)))
    ((1000,), True)
    """
    scale = Fraction(10) ** digits
    months = _ascending(
        end for part in parts_in(schedule) if isinstance(part, ByAge) for end in part.ends
    )
    brackets = [part for part in parts_in(schedule) if isinstance(part, Brackets)]
    by_volume = [part for part in brackets if part.measure.by_period]
    by_operation = [part for part in brackets if not part.measure.by_period]
    marginal = [part for part in by_volume if part.tiering.by_slices]
    before = _ascending(lower for part in marginal for lower in _lowers(part, scale))
    after = _ascending(lower for part in by_volume for lower in _lowers(part, scale))
    base = _ascending(lower for part in by_operation for lower in _lowers(part, scale))
    corners = product((0, *months), (0, *before), (0, *after), (0, *base))
    leaves = tuple(_leaf(schedule, _Corner(*corner, scale)) for corner in corners)
    return Cells(months, before, after, base, leaves, asks_volume=bool(after or marginal))


@attrs.frozen
class _Corner:
    """The least numbers of a cell; ``scale`` is how many minor units a unit has."""

    months: int
    before: int
    after: int
    base: int
    scale: Fraction


def _leaf(schedule: Schedule, corner: _Corner) -> Leaf | Totals:
    counting = _counting(schedule, corner)
    if isinstance(counting, Brackets) and counting.measure.by_period:
        after, before = _totals(counting, corner)
        return Totals(after, before)
    return Leaf(_formula(counting, corner), tuple(_bounds_again(counting, corner)))


def _counting(schedule: Schedule, corner: _Corner) -> Percent | FlatFee | Sum | Bounded | Brackets:
    """Return the schedule that counts in a cell: of stages and of whole brackets, one does."""
    match schedule:
        case ByAge():
            stage = schedule.stages[bisect_right(schedule.ends, corner.months)]
            return _counting(stage.schedule, corner)
        case Brackets(tiering=Tiering.WHOLE, measure=measure):
            measured = corner.after if measure.by_period else corner.base
            bracket = schedule.brackets[_place(schedule, measured, corner.scale)]
            return _counting(bracket.schedule, corner)
        case _:
            return schedule


def _bounds_again(schedule: Schedule, corner: _Corner) -> Iterator[Bounds]:
    if isinstance(schedule, Bounded):
        yield from _bounds_again(schedule.schedule, corner)
        yield _bounds(schedule, corner)


def _formula(schedule: Schedule, corner: _Corner) -> Formula:
    counting = _counting(schedule, corner)

    match counting:
        case Percent(value):
            return Line(base=Fraction(value) / 100)
        case FlatFee(amount, per):
            fee = _minor(amount, corner.scale)
            return Line(offset=fee) if per is Per.OPERATION else Line(items=fee)
        case Sum(parts):
            return _sum_of([_formula(part, corner) for part in parts])
        case Bounded(inner):
            return Clipped(_formula(inner, corner), _bounds(counting, corner))
        case Brackets(measure=measure) if not measure.by_period:
            slope, offset = _total(counting, corner.base, corner.scale)
            return Line(base=slope, offset=offset)
        case Brackets():
            after, before = _totals(counting, corner)
            offset = after.offset - before.offset
            return Line(after=after.after, before=before.after, offset=offset)
        case _:
            assert_never(counting)


def _sum_of(parts: Sequence[Formula]) -> Formula:
    """Return the sum of formulas: the lines among them are one line."""
    lines = [part for part in parts if isinstance(part, Line)]
    formulas: list[Formula] = [part for part in parts if not isinstance(part, Line)]
    if lines:
        formulas.append(reduce(_added, lines))
    return formulas[0] if len(formulas) == 1 else SumFormula(tuple(formulas))


def _added(first: Line, second: Line) -> Line:
    numbers = zip(attrs.astuple(first), attrs.astuple(second), strict=True)
    return Line(*(one + other for one, other in numbers))


def _bounds(schedule: Bounded, corner: _Corner) -> Bounds:
    minimum, cap = (
        None if bound is None else int(_minor(bound, corner.scale))
        for bound in (schedule.minimum, schedule.cap)
    )
    return minimum, cap


def _place(schedule: Brackets, measured: int, scale: Fraction) -> int:
    lowers = [Fraction(lower) * scale for lower in schedule.lowers]
    return bisect_right(lowers, measured) - 1


def _total(schedule: Brackets, volume: int, scale: Fraction) -> tuple[Fraction, Fraction]:
    """Return what marginal brackets give on a volume: the rate on it, and what is added to that."""
    place = _place(schedule, volume, scale)
    rate, lower = Fraction(schedule.fractions[place]), Fraction(schedule.lowers[place])
    return rate, (Fraction(schedule.totals[place]) - rate * lower) * scale


def _totals(schedule: Brackets, corner: _Corner) -> tuple[Line, Line]:
    """Return what marginal brackets give on the volume after an operation, and on that before."""
    totals = (_total(schedule, volume, corner.scale) for volume in (corner.after, corner.before))
    after, before = (Line(after=slope, offset=offset) for slope, offset in totals)
    return after, before


def _lowers(schedule: Brackets, scale: Fraction) -> Iterator[int]:
    """Yield the whole numbers of minor units from which on each bracket but the first counts."""
    for lower in schedule.lowers[1:]:
        yield ceil(Fraction(lower) * scale)


def _minor(amount: Money, scale: Fraction) -> Fraction:
    return Fraction(amount.amount) * scale


def _ascending(numbers: Iterator[int]) -> tuple[int, ...]:
    return tuple(sorted(set(numbers)))
