"""How does a formula of a schedule become numbers in a table, and how are many rows of them computed at once?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from typing import Final, assert_never

import attrs
import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.arithmetic import MOST_WIDE, Arithmetic, ExactColumn
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

_SCALES: Final = (10**6, 10**9)
_TERMS: Final = ("base", "after", "before", "items", "offset")
_NO_CAP: Final = MOST_WIDE


@attrs.frozen
class LineShape:
    """Which numbers of a line there are in a table."""

    terms: frozenset[str]


@attrs.frozen
class ClippedShape:
    """Which bounds of a clipped formula there are in a table."""

    inner: FormulaShape
    minimum: bool
    cap: bool


@attrs.frozen
class TogetherShape:
    """Of what a sum of formulas is made."""

    parts: tuple[FormulaShape, ...]


FormulaShape = LineShape | ClippedShape | TogetherShape


@attrs.frozen
class LeafShape:
    """A formula that is rounded, and which bounds count again after that, innermost first."""

    formula: FormulaShape
    again: tuple[tuple[bool, bool], ...]


@attrs.frozen
class TotalsShape:
    """The difference of two rounded totals."""


Shape = LeafShape | TotalsShape
"""What formulas have in common that are computed together; their numbers are in the columns of one table."""


@attrs.frozen
class Measured:
    """The columns that a formula looks at, in minor units; volumes that are not told are zero, and items that are not, one."""

    base: nw.Expr
    before: nw.Expr | None = None
    after: nw.Expr | None = None
    items: nw.Expr | None = None

    def of(self, term: str) -> nw.Expr:
        """Return the column that a term of a line looks at."""
        measures = {
            "base": self.base,
            "after": self.after,
            "before": self.before,
            "items": self.items,
        }
        found = measures[term]
        return nw.lit(int(term == "items"), nw.Int64()) if found is None else found


def parts_needed(leaves: Iterable[Leaf | Totals]) -> int | None:
    """Return into how many parts a minor unit must be divided so that all numbers of the leaves are whole.

    None where that is more than a thousand million: rates have more than 7 decimals of a percent,
    or amounts with them lead to more than 9 decimals of a minor unit.

    >>> from fractions import Fraction
    >>> parts_needed([Leaf(Line(base=Fraction(15, 100)))]), parts_needed([Leaf(Line(base=Fraction(1, 3)))])
    (1000000, None)
    """
    numbers = {number for leaf in leaves for number in _numbers_in(leaf)}
    for parts in _SCALES:
        if all((number * parts).denominator == 1 for number in numbers):
            return parts
    return None


def shapes_of(leaves: Sequence[Leaf | Totals]) -> list[Shape]:
    """Return the shape of each leaf; simple leaves all get one that fits every one of them, so that they are computed at once."""
    shapes = [_shape(leaf) for leaf in leaves]
    simple = [shape for shape in shapes if _is_simple(shape)]
    common = reduce(_merged, simple) if simple else None
    return [common if common is not None and _is_simple(shape) else shape for shape in shapes]


def numbers_of(leaf: Leaf | Totals, shape: Shape, arithmetic: Arithmetic) -> list[int]:
    """Return the numbers of a leaf in the order in which :func:`computed` reads them."""
    match leaf, shape:
        case Leaf(), LeafShape():
            found = list(_formula_numbers(leaf.formula, shape.formula, arithmetic))
            for (minimum, cap), (with_minimum, with_cap) in zip(
                _padded(leaf.again, shape.again), shape.again, strict=True
            ):
                found += [minimum or 0] if with_minimum else []
                found += [_NO_CAP if cap is None else cap] if with_cap else []
            return found
        case Totals(), TotalsShape():
            return [
                *_line_numbers(leaf.after, frozenset({"after", "offset"}), arithmetic),
                *_line_numbers(leaf.before, frozenset({"before", "offset"}), arithmetic),
            ]
        case _:
            raise AssertionError(shape)


def computed(
    sheet: Worksheet,
    shape: Shape,
    columns: Iterator[nw.Expr],
    measured: Measured,
    arithmetic: Arithmetic,
) -> tuple[ExactColumn, ...]:
    """Return the exact figures that a shape leads to: one, or the totals after and before the operation.

    Source: rulebook R13, R14, as :func:`distbilling.rules.commission.earning.figures_of`.
    """
    match shape:
        case LeafShape():
            return (_computed(sheet, shape.formula, columns, measured, arithmetic),)
        case TotalsShape():
            after = _line(sheet, frozenset({"after", "offset"}), columns, measured, arithmetic)
            return after, _line(
                sheet, frozenset({"before", "offset"}), columns, measured, arithmetic
            )
        case _:
            assert_never(shape)


def largest(leaf: Leaf | Totals, base: int, volume: int, items: int) -> int:
    """Return what no step on the way to a figure is above, in whole minor units, however large the operation may be."""

    def of_line(line: Line) -> Fraction:
        return (
            line.base * base
            + (line.after + line.before) * volume
            + line.items * items
            + abs(line.offset)
        )

    def of(formula: Formula) -> Fraction:
        match formula:
            case Line():
                return of_line(formula)
            case Clipped():
                return max(
                    of(formula.inner),
                    *(Fraction(bound) for bound in formula.bounds if bound is not None),
                )
            case SumFormula():
                return sum(map(of, formula.parts), Fraction(0))
            case _:
                assert_never(formula)

    figure = (
        of(leaf.formula) if isinstance(leaf, Leaf) else of_line(leaf.after) + of_line(leaf.before)
    )
    return int(figure) + 1


def _shape(leaf: Leaf | Totals) -> Shape:
    if isinstance(leaf, Totals):
        return TotalsShape()
    return LeafShape(_formula_shape(leaf.formula), tuple(map(_flags, leaf.again)))


def _formula_shape(formula: Formula) -> FormulaShape:
    match formula:
        case Line():
            return LineShape(frozenset(term for term in _TERMS if getattr(formula, term)))
        case Clipped():
            return ClippedShape(_formula_shape(formula.inner), *_flags(formula.bounds))
        case SumFormula():
            return TogetherShape(tuple(map(_formula_shape, formula.parts)))
        case _:
            assert_never(formula)


def _flags(bounds: Bounds) -> tuple[bool, bool]:
    minimum, cap = bounds
    return minimum is not None, cap is not None


def _is_simple(shape: Shape) -> bool:
    """Tell whether a shape is a line within at most one pair of bounds, which count again, or not at all."""
    match shape:
        case LeafShape(LineShape(), ()):
            return True
        case LeafShape(ClippedShape(LineShape()) as clipped, again):
            return again == ((clipped.minimum, clipped.cap),)
        case _:
            return False


def _merged(first: Shape, second: Shape) -> Shape:
    lines = [_line_of(shape) for shape in (first, second)]
    line = LineShape(frozenset(term for line in lines for term in line.terms))
    flags = [_clip_of(shape) for shape in (first, second)]
    minimum, cap = any(flag[0] for flag in flags), any(flag[1] for flag in flags)
    if not (minimum or cap):
        return LeafShape(line, ())
    return LeafShape(ClippedShape(line, minimum, cap), ((minimum, cap),))


def _line_of(shape: Shape) -> LineShape:
    formula = shape.formula if isinstance(shape, LeafShape) else None
    inner = formula.inner if isinstance(formula, ClippedShape) else formula
    return inner if isinstance(inner, LineShape) else LineShape(frozenset())


def _clip_of(shape: Shape) -> tuple[bool, bool]:
    formula = shape.formula if isinstance(shape, LeafShape) else None
    return (formula.minimum, formula.cap) if isinstance(formula, ClippedShape) else (False, False)


def _padded(again: tuple[Bounds, ...], flags: tuple[tuple[bool, bool], ...]) -> tuple[Bounds, ...]:
    """Return the bounds of a leaf; a simple leaf without any that is computed with those that have gets none that bind."""
    return again or ((None, None),) * len(flags)


def _formula_numbers(
    formula: Formula, shape: FormulaShape, arithmetic: Arithmetic
) -> Iterator[int]:
    match shape:
        case LineShape(terms):
            line = formula if isinstance(formula, Line) else Line()
            yield from _line_numbers(line, terms, arithmetic)
        case ClippedShape(inner, with_minimum, with_cap):
            clipped = formula if isinstance(formula, Clipped) else Clipped(formula, (None, None))
            yield from _formula_numbers(clipped.inner, inner, arithmetic)
            minimum, cap = clipped.bounds
            if with_minimum:
                yield from arithmetic.written((minimum or 0) * arithmetic.parts)
            if with_cap:
                yield from (
                    arithmetic.unbounded()
                    if cap is None
                    else arithmetic.written(cap * arithmetic.parts)
                )
        case TogetherShape(shapes):
            parts = formula.parts if isinstance(formula, SumFormula) else ()
            for part, part_shape in zip(parts, shapes, strict=True):
                yield from _formula_numbers(part, part_shape, arithmetic)
        case _:
            assert_never(shape)


def _line_numbers(line: Line, terms: frozenset[str], arithmetic: Arithmetic) -> Iterator[int]:
    for term in _TERMS:
        if term in terms:
            number = int(getattr(line, term) * arithmetic.parts)
            yield from arithmetic.written(number) if term in {"items", "offset"} else (number,)


def _computed(
    sheet: Worksheet,
    shape: FormulaShape,
    columns: Iterator[nw.Expr],
    measured: Measured,
    arithmetic: Arithmetic,
) -> ExactColumn:
    match shape:
        case LineShape(terms):
            return _line(sheet, terms, columns, measured, arithmetic)
        case ClippedShape(inner, with_minimum, with_cap):
            figure = _computed(sheet, inner, columns, measured, arithmetic)
            if with_minimum:
                figure = arithmetic.larger(sheet, figure, _constant(columns, arithmetic))
            if with_cap:
                figure = arithmetic.smaller(sheet, figure, _constant(columns, arithmetic))
            return figure
        case TogetherShape(parts):
            figures = [_computed(sheet, part, columns, measured, arithmetic) for part in parts]
            return reduce(lambda first, second: arithmetic.sum(sheet, first, second), figures)
        case _:
            assert_never(shape)


def _line(
    sheet: Worksheet,
    terms: frozenset[str],
    columns: Iterator[nw.Expr],
    measured: Measured,
    arithmetic: Arithmetic,
) -> ExactColumn:
    """Return a line; what is taken off stands last, so that nothing on the way is below zero."""
    figures: list[ExactColumn] = []
    taken: list[ExactColumn] = []
    for term in _TERMS:
        if term not in terms:
            continue
        if term == "offset":
            figures.append(_constant(columns, arithmetic))
            continue
        if term == "items":
            figures.append(
                arithmetic.multiple(sheet, _constant(columns, arithmetic), measured.of(term))
            )
            continue
        product = arithmetic.product(sheet, measured.of(term), next(columns))
        is_taken = term == "before" and "after" in terms
        (taken if is_taken else figures).append(product)
    if not figures:
        return arithmetic.nothing()
    figure = reduce(lambda first, second: arithmetic.sum(sheet, first, second), figures)
    return reduce(lambda first, second: arithmetic.difference(sheet, first, second), taken, figure)


def _constant(columns: Iterator[nw.Expr], arithmetic: Arithmetic) -> ExactColumn:
    return arithmetic.read(*(next(columns) for _ in range(arithmetic.width)))


def _numbers_in(leaf: Leaf | Totals) -> Iterator[Fraction]:
    if isinstance(leaf, Totals):
        yield from _line_fractions(leaf.after)
        yield from _line_fractions(leaf.before)
    else:
        yield from _fractions(leaf.formula)


def _fractions(formula: Formula) -> Iterator[Fraction]:
    match formula:
        case Line():
            yield from _line_fractions(formula)
        case Clipped():
            yield from _fractions(formula.inner)
        case SumFormula():
            for part in formula.parts:
                yield from _fractions(part)
        case _:
            assert_never(formula)


def _line_fractions(line: Line) -> Iterator[Fraction]:
    for term in _TERMS:
        yield getattr(line, term)
