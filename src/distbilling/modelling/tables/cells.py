"""Where does a schedule follow one formula? It is cut into cells of age, volume and amount, with a formula in each."""

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
    """A figure in minor units: rates on the base, on the volume with it and less those on the volume before it, and a fee.

    ``items`` is earned for each item, ``offset`` once; both may have parts of a minor unit.
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
    """What is earned in a cell: the formula, rounded, within the bounds that count again after rounding, innermost first.

    Source: rulebook R14, as :func:`distbilling.rules.commission.earning.figures_of`.
    """

    formula: Formula
    again: tuple[Bounds, ...] = ()


@attrs.frozen
class Totals:
    """What is earned in a cell of marginal brackets by volume: the rounded total after less the rounded total before.

    Each total is a rate on the volume and an offset in minor units.

    Source: rulebook R13, as :func:`distbilling.rules.commission.earning.figures_of`.
    """

    after: Line
    before: Line


@attrs.frozen
class Cells:
    """A schedule cut into cells: the numbers from which on each next one counts, and what is earned in every cell.

    ``months``, ``before``, ``after`` and ``base`` are the bounds on the age of the relation, on the
    volume of the period before the operation and with it, and on its base. ``leaves`` has those of
    the first bound of ``months`` first, and in it those of the first of ``before``, and so on.
    """

    months: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    base: tuple[int, ...]
    leaves: tuple[Leaf | Totals, ...]

    @property
    def asks_volume(self) -> bool:
        """Whether the volume of the period counts."""
        return bool(self.before or self.after) or any(
            isinstance(leaf, Totals) for leaf in self.leaves
        )


def cells_of(schedule: Schedule, digits: int) -> Cells:
    """Return the cells of a schedule, in minor units of a currency of so many digits.

    Source: rulebook R13, R14.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.agreement.schedule import Bracket
    >>> ten, none = Money("10.00", "USD"), Money("0.00", "USD")
    >>> brackets = Brackets((Bracket(none, ten, Percent("5")), Bracket(ten, None, Percent("3"))), measure=Measure.OPERATION)
    >>> cells_of(brackets, 2).base, cells_of(brackets, 2).leaves[1]
    ((1000,), Leaf(formula=Line(base=Fraction(3, 100), after=Fraction(0, 1), before=Fraction(0, 1), items=Fraction(0, 1), \
offset=Fraction(20, 1)), again=()))
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
    return Cells(
        months,
        before,
        after,
        base,
        tuple(_leaf(schedule, _Corner(*corner, scale)) for corner in corners),
    )


@attrs.frozen
class _Corner:
    """The least numbers of a cell; ``scale`` is how many minor units a unit has."""

    months: int
    before: int
    after: int
    base: int
    scale: Fraction


def _leaf(schedule: Schedule, corner: _Corner) -> Leaf | Totals:
    while True:
        match schedule:
            case ByAge():
                schedule = schedule.stages[bisect_right(schedule.ends, corner.months)].schedule
            case Brackets(tiering=Tiering.WHOLE):
                schedule = schedule.brackets[_place(schedule, corner)].schedule
            case Brackets() if schedule.measure.by_period:
                slope, offset = _total(schedule, corner.after, corner.scale)
                slope_before, offset_before = _total(schedule, corner.before, corner.scale)
                return Totals(
                    Line(after=slope, offset=offset),
                    Line(before=slope_before, offset=offset_before),
                )
            case _:
                return Leaf(_formula(schedule, corner), tuple(_bounds_again(schedule, corner)))


def _bounds_again(schedule: Schedule, corner: _Corner) -> Iterator[Bounds]:
    if isinstance(schedule, Bounded):
        yield from _bounds_again(schedule.schedule, corner)
        yield _bounds(schedule, corner)


def _formula(schedule: Schedule, corner: _Corner) -> Formula:
    match schedule:
        case Percent():
            return Line(base=Fraction(schedule.value) / 100)
        case FlatFee(amount, per):
            fee = _minor(amount, corner.scale)
            return Line(offset=fee) if per is Per.OPERATION else Line(items=fee)
        case Sum():
            return _together([_formula(part, corner) for part in schedule.parts])
        case Bounded():
            return Clipped(_formula(schedule.schedule, corner), _bounds(schedule, corner))
        case Brackets(tiering=Tiering.WHOLE):
            return _formula(schedule.brackets[_place(schedule, corner)].schedule, corner)
        case Brackets():
            if not schedule.measure.by_period:
                slope, offset = _total(schedule, corner.base, corner.scale)
                return Line(base=slope, offset=offset)
            slope, offset = _total(schedule, corner.after, corner.scale)
            slope_before, offset_before = _total(schedule, corner.before, corner.scale)
            return Line(after=slope, before=slope_before, offset=offset - offset_before)
        case ByAge():
            return _formula(
                schedule.stages[bisect_right(schedule.ends, corner.months)].schedule, corner
            )
        case _:
            assert_never(schedule)


def _together(parts: Sequence[Formula]) -> Formula:
    """Return the sum of formulas: the lines among them are one line."""
    lines = [part for part in parts if isinstance(part, Line)]
    others: list[Formula] = [part for part in parts if not isinstance(part, Line)]
    if lines:
        others.append(reduce(_added, lines))
    return others[0] if len(others) == 1 else SumFormula(tuple(others))


def _added(first: Line, second: Line) -> Line:
    return Line(
        first.base + second.base,
        first.after + second.after,
        first.before + second.before,
        first.items + second.items,
        first.offset + second.offset,
    )


def _bounds(schedule: Bounded, corner: _Corner) -> Bounds:
    minimum, cap = (
        None if bound is None else int(_minor(bound, corner.scale))
        for bound in (schedule.minimum, schedule.cap)
    )
    return minimum, cap


def _place(schedule: Brackets, corner: _Corner) -> int:
    measured = corner.after if schedule.measure.by_period else corner.base
    return (
        bisect_right([lower * corner.scale for lower in map(Fraction, schedule.lowers)], measured)
        - 1
    )


def _total(schedule: Brackets, volume: int, scale: Fraction) -> tuple[Fraction, Fraction]:
    """Return what marginal brackets give on a volume: the rate on it, and what is added to that."""
    lowers = [Fraction(lower) * scale for lower in schedule.lowers]
    place = bisect_right(lowers, volume) - 1
    rate = Fraction(schedule.fractions[place])
    return rate, Fraction(schedule.totals[place]) * scale - rate * lowers[place]


def _lowers(schedule: Brackets, scale: Fraction) -> Iterator[int]:
    """Yield the whole numbers of minor units from which on each bracket but the first counts."""
    for lower in schedule.lowers[1:]:
        yield ceil(Fraction(lower) * scale)


def _minor(amount: Money, scale: Fraction) -> Fraction:
    return Fraction(amount.amount) * scale


def _ascending(numbers: Iterator[int]) -> tuple[int, ...]:
    return tuple(sorted(set(numbers)))
