"""Formulas as numbers in a table, and many rows of them computed at once.

The formulas of :mod:`distbilling.modelling.tables.cells` differ from row to row, but a column is
computed by one expression. So a formula is taken apart into its numbers, which stand in the columns
``number_0``, ``number_1`` and so on of a table, and its *shape*, which says what to do with them.
All numbers are whole: a minor unit is divided into a million parts (a thousand million, where rates
are finer), and everything is computed in parts.

A shape is a formula too, with 1 in place of each rate or fee that it has, and 0 in place of each
bound. Rows of one shape are computed together, and each further shape costs a pass over all rows.
Therefore lines within at most one pair of bounds, that is to say nearly all formulas, share one
shape that fits them all: a rate that one of them does not have is 0 in its row, a cap that it does
not have is above all figures.

An example: 15 % and, for other distributors, 10 % and a fee of 0.30. Both are of the shape
``Line(base=1, offset=1)``, with the numbers 150,000 and 0, and 100,000 and 30,000,000. A payment of
10.01 by the second one is 1,001 x 100,000 + 30,000,000 = 130,100,000 parts. That is 130.1 cents,
rounded to 130.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from typing import Final, assert_never

import attrs
import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.arithmetic import MOST_IN_TWO_COLUMNS, Arithmetic, ExactColumn
from distbilling.modelling.arithmetic.worksheet import Worksheet
from distbilling.modelling.tables.cells import (
    Bounds,
    Clipped,
    Formula,
    Leaf,
    Line,
    SumFormula,
    Totals,
)

__all__ = ["Measured", "Shape", "computed", "largest", "numbers_of", "parts_needed", "shapes_of"]

Shape = Leaf | Totals
"""What leaves have in common that are computed together: 1 for each number, 0 for each bound."""

_SCALES: Final = (10**6, 10**9)
_TERMS: Final = tuple(field.name for field in attrs.fields(Line))
_FEES: Final = ("items", "offset")
_ONE, _NONE = Fraction(1), Fraction(0)
_NO_BOUNDS: Final[Bounds] = (None, None)


@attrs.frozen
class Measured:
    """The columns that a formula looks at, in minor units.

    A volume without a column is zero; without a column of items, there is one.
    """

    base: nw.Expr
    before: nw.Expr | None = None
    after: nw.Expr | None = None
    items: nw.Expr | None = None

    def of(self, term: str) -> nw.Expr:
        """Return the column that a term of a line looks at."""
        column: nw.Expr | None = getattr(self, term)
        return nw.lit(int(term == "items"), nw.Int64()) if column is None else column


def parts_needed(leaves: Iterable[Leaf | Totals]) -> int | None:
    """Return into how many parts a minor unit is divided so that all numbers of leaves are whole.

    None where that is more than a thousand million: rates have more than 7 decimals of a percent,
    or amounts with them lead to more than 9 decimals of a minor unit.

    >>> third, tenth = Leaf(Line(base=Fraction(1, 3))), Leaf(Line(base=Fraction(1, 10)))
    >>> parts_needed([tenth]), parts_needed([third])
    (1000000, None)
    """
    numbers = {number for leaf in leaves for line in _lines(leaf) for number in attrs.astuple(line)}
    for parts in _SCALES:
        if all((number * parts).denominator == 1 for number in numbers):
            return parts
    return None


def shapes_of(leaves: Sequence[Leaf | Totals]) -> list[Shape]:
    """Return the shape of each leaf; simple leaves share one that fits every one of them."""
    shapes = [_shape(leaf) for leaf in leaves]
    simple = [shape for shape in shapes if _is_simple(shape)]
    common = _common(simple)
    return [common if _is_simple(shape) else shape for shape in shapes]


def numbers_of(leaf: Leaf | Totals, shape: Shape, arithmetic: Arithmetic) -> list[int]:
    """Return the numbers of a leaf in the order in which :func:`computed` reads them.

    After them come the bounds that count again, in whole minor units.
    """
    match leaf, shape:
        case Totals(), Totals():
            return [
                *_line_numbers(leaf.after, shape.after, arithmetic),
                *_line_numbers(leaf.before, shape.before, arithmetic),
            ]
        case Leaf(), Leaf():
            numbers = list(_numbers(leaf.formula, shape.formula, arithmetic))
            again = leaf.again or (_NO_BOUNDS,) * len(shape.again)
            for (minimum, cap), (with_minimum, with_cap) in zip(again, shape.again, strict=True):
                numbers += [] if with_minimum is None else [minimum or 0]
                numbers += [] if with_cap is None else [MOST_IN_TWO_COLUMNS if cap is None else cap]
            return numbers
        case _:
            raise AssertionError(shape)


def computed(
    sheet: Worksheet,
    shape: Shape,
    columns: Iterator[nw.Expr],
    measured: Measured,
    arithmetic: Arithmetic,
) -> tuple[ExactColumn, ...]:
    """Return the exact figures that a shape leads to.

    These are one, or the totals after and before the operation.

    Args:
        sheet: where the steps are computed.
        shape: says what is done with the numbers.
        columns: the numbers, in the order of :func:`numbers_of`; as many are taken as are needed.
        measured: the columns that rates and fees are multiplied with.
        arithmetic: computes with figures.

    Source: rulebook R13, R14, as :func:`distbilling.rules.commission.earning.figures_of`.
    """
    formulas = _Formulas(sheet, columns, measured, arithmetic)
    match shape:
        case Leaf():
            return (formulas.figure(shape.formula),)
        case Totals():
            # The total before is a line like the other one, of another volume.
            earlier = attrs.evolve(measured, after=measured.before)
            after = formulas.line(shape.after)
            return after, attrs.evolve(formulas, measured=earlier).line(shape.before)
        case _:
            assert_never(shape)


def largest(leaf: Leaf | Totals, base: int, volume: int, items: int) -> int:
    """Return what no step on the way to a figure exceeds, in whole minor units.

    Args:
        leaf: what is earned.
        base: what no base of an operation exceeds, in minor units.
        volume: what no volume of a period exceeds, in minor units.
        items: what no number of items exceeds.
    """
    most = Line(Fraction(base), Fraction(volume), Fraction(volume), Fraction(items), _ONE)

    def of(formula: Formula) -> Fraction:
        match formula:
            case Line():
                numbers = zip(attrs.astuple(formula), attrs.astuple(most), strict=True)
                return sum((abs(number * measure) for number, measure in numbers), _NONE)
            case Clipped(inner, bounds):
                return max(of(inner), *(Fraction(each) for each in bounds if each is not None))
            case SumFormula(parts):
                return sum(map(of, parts), _NONE)
            case _:
                assert_never(formula)

    formulas = (leaf.formula,) if isinstance(leaf, Leaf) else (leaf.after, leaf.before)
    return int(sum(map(of, formulas), _NONE)) + 1


def _shape(leaf: Leaf | Totals) -> Shape:
    if isinstance(leaf, Totals):
        total = Line(after=_ONE, offset=_ONE)
        return Totals(total, total)
    return Leaf(_formula_shape(leaf.formula), tuple(map(_bounds_shape, leaf.again)))


def _formula_shape(formula: Formula) -> Formula:
    match formula:
        case Line():
            return Line(*(_ONE if number else _NONE for number in attrs.astuple(formula)))
        case Clipped(inner, bounds):
            return Clipped(_formula_shape(inner), _bounds_shape(bounds))
        case SumFormula(parts):
            return SumFormula(tuple(map(_formula_shape, parts)))
        case _:
            assert_never(formula)


def _bounds_shape(bounds: Bounds) -> Bounds:
    minimum, cap = (None if bound is None else 0 for bound in bounds)
    return minimum, cap


def _is_simple(shape: Shape) -> bool:
    """Tell whether a shape is a line within at most one pair of bounds.

    They count again after rounding, too.
    """
    match shape:
        case Leaf(Line(), ()):
            return True
        case Leaf(Clipped(Line(), bounds), again):
            return again == (bounds,)
        case _:
            return False


def _common(simple: Sequence[Shape]) -> Shape:
    """Return the shape that has all that some simple shapes have."""
    lines = [line for shape in simple for line in _lines(shape)]
    bounds = [pair for shape in simple if isinstance(shape, Leaf) for pair in shape.again]

    line = Line(
        *(
            _ONE if any(numbers) else _NONE
            for numbers in zip(*map(attrs.astuple, lines), strict=True)
        )
    )
    minimum = 0 if any(minimum is not None for minimum, _ in bounds) else None
    cap = 0 if any(cap is not None for _, cap in bounds) else None
    if bounds:
        return Leaf(Clipped(line, (minimum, cap)), ((minimum, cap),))
    return Leaf(line)


def _numbers(formula: Formula, shape: Formula, arithmetic: Arithmetic) -> Iterator[int]:
    match formula, shape:
        case Line(), Line():
            yield from _line_numbers(formula, shape, arithmetic)
        case Clipped(inner, (minimum, cap)), Clipped(inner_shape, (with_minimum, with_cap)):
            yield from _numbers(inner, inner_shape, arithmetic)
            if with_minimum is not None:
                yield from arithmetic.written((minimum or 0) * arithmetic.parts)
            if with_cap is not None:
                has_cap = cap is not None
                parts = arithmetic.written((cap or 0) * arithmetic.parts)
                yield from parts if has_cap else arithmetic.unbounded()
        case _, Clipped():
            yield from _numbers(Clipped(formula, _NO_BOUNDS), shape, arithmetic)
        case SumFormula(parts), SumFormula(shapes):
            for part, part_shape in zip(parts, shapes, strict=True):
                yield from _numbers(part, part_shape, arithmetic)
        case _:
            raise AssertionError(shape)


def _line_numbers(line: Line, shape: Line, arithmetic: Arithmetic) -> Iterator[int]:
    for term in _terms(shape):
        number = int(getattr(line, term) * arithmetic.parts)
        yield from arithmetic.written(number) if term in _FEES else (number,)


@attrs.frozen
class _Formulas:
    """Computes formulas by their shapes; the numbers come from columns, one after the other."""

    sheet: Worksheet
    columns: Iterator[nw.Expr]
    measured: Measured
    arithmetic: Arithmetic

    def figure(self, shape: Formula) -> ExactColumn:
        match shape:
            case Line():
                return self.line(shape)
            case Clipped(inner, (with_minimum, with_cap)):
                figure = self.figure(inner)
                if with_minimum is not None:
                    figure = self.arithmetic.larger(self.sheet, figure, self._constant())
                if with_cap is not None:
                    figure = self.arithmetic.smaller(self.sheet, figure, self._constant())
                return figure
            case SumFormula(parts):
                return reduce(self._sum, map(self.figure, parts))
            case _:
                assert_never(shape)

    def line(self, shape: Line) -> ExactColumn:
        """Return a line; what is taken off stands last, so that no step is below zero."""
        figures = {term: self._term(term) for term in _terms(shape)}
        before = figures.pop("before", None)
        figure = reduce(self._sum, figures.values()) if figures else self.arithmetic.nothing()
        if before is None:
            return figure
        return self.arithmetic.difference(self.sheet, figure, before)

    def _term(self, term: str) -> ExactColumn:
        if term == "offset":
            return self._constant()
        measure = self.measured.of(term)
        if term == "items":
            return self.arithmetic.multiple(self.sheet, self._constant(), measure)
        return self.arithmetic.product(self.sheet, measure, next(self.columns))

    def _sum(self, first: ExactColumn, second: ExactColumn) -> ExactColumn:
        return self.arithmetic.sum(self.sheet, first, second)

    def _constant(self) -> ExactColumn:
        return self.arithmetic.read(*(next(self.columns) for _ in range(self.arithmetic.width)))


def _terms(shape: Line) -> list[str]:
    return [term for term in _TERMS if getattr(shape, term)]


def _lines(leaf: Leaf | Totals) -> Iterator[Line]:
    """Yield the lines that a leaf is made of."""
    formulas: list[Formula] = (
        [leaf.formula] if isinstance(leaf, Leaf) else [leaf.after, leaf.before]
    )
    while formulas:
        match formulas.pop():
            case Line() as line:
                yield line
            case Clipped(inner):
                formulas.append(inner)
            case SumFormula(parts):
                formulas.extend(parts)
