"""Exact commission in whole numbers of 64 bits: shares of an amount, to a millionth of a cent."""

from __future__ import annotations

from typing import ClassVar, Final, assert_never

import attrs
import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.rounding import nearest_multiple, rounded_units
from distbilling.modelling.arithmetic.worksheet import Worksheet
from distbilling.money import RoundingMethod
from distbilling.money.rounding import UnitRounding

__all__ = ["Arithmetic", "ExactColumn", "OneColumnArithmetic", "TwoColumnArithmetic"]

MOST_IN_ONE_COLUMN: Final = 2**62
"""What figures in one column stay below: the sum of any two of them still has 63 bits."""
MOST_IN_TWO_COLUMNS: Final = 2**63 - 10**6
"""What figures in two columns do not exceed, in whole minor units."""


@attrs.frozen
class ExactColumn:
    """A column of exact figures of zero or more: whole minor units, and parts of one beside them.

    Without a column of ``parts``, ``units`` are parts.
    """

    units: nw.Expr
    parts: nw.Expr | None = None


@attrs.frozen
class OneColumnArithmetic:
    """Figures as one number of parts: quick, for figures whose parts stay below 2**62.

    Source: rulebook R4, as :func:`distbilling.money.kernels.divided`.

    >>> import polars as pl
    >>> from distbilling.modelling.engines import engine_of
    >>> engine = engine_of(pl.DataFrame({"amount": [10, 30], "rate": [50_000, 50_000]}))
    >>> sheet = Worksheet(engine, engine.frame)
    >>> five = OneColumnArithmetic(10**6).product(sheet, nw.col("amount"), nw.col("rate"))
    >>> even = OneColumnArithmetic(10**6).rounded(sheet, five, RoundingMethod.HALF_EVEN)
    >>> engine.handed_back(sheet.done(earned=even))["earned"].to_list()
    [0, 2]
    """

    parts: int
    width: ClassVar[int] = 1

    def written(self, parts: int) -> tuple[int, ...]:
        """Return a number of parts as the one column of a table holds it."""
        return (parts,)

    def unbounded(self) -> tuple[int, ...]:
        """Return what no figure exceeds."""
        return (MOST_IN_ONE_COLUMN,)

    def nothing(self) -> ExactColumn:
        """Return zero."""
        return ExactColumn(nw.lit(0, nw.Int64()))

    def read(self, *columns: nw.Expr) -> ExactColumn:
        """Return the figure that the column of a table holds."""
        (column,) = columns
        return ExactColumn(column)

    def product(self, _sheet: Worksheet, /, units: nw.Expr, rate: nw.Expr) -> ExactColumn:
        """Return so many units times a rate in parts of one."""
        return ExactColumn(units * rate)

    def multiple(self, _sheet: Worksheet, /, figure: ExactColumn, times: nw.Expr) -> ExactColumn:
        """Return a figure so many times: at most 2**32 times."""
        return ExactColumn(figure.units * times)

    def sum(self, _sheet: Worksheet, /, first: ExactColumn, second: ExactColumn) -> ExactColumn:
        """Return the sum of two figures."""
        return ExactColumn(first.units + second.units)

    def difference(
        self, _sheet: Worksheet, /, first: ExactColumn, second: ExactColumn
    ) -> ExactColumn:
        """Return the first figure less the second, which is not above it."""
        return ExactColumn(first.units - second.units)

    def larger(self, sheet: Worksheet, first: ExactColumn, second: ExactColumn) -> ExactColumn:
        """Return the larger of two figures in each row."""
        left, right = sheet.let_all(first.units, second.units)
        return ExactColumn(nw.when(left < right).then(right).otherwise(left))

    def smaller(self, sheet: Worksheet, first: ExactColumn, second: ExactColumn) -> ExactColumn:
        """Return the smaller of two figures in each row."""
        left, right = sheet.let_all(first.units, second.units)
        return ExactColumn(nw.when(right < left).then(right).otherwise(left))

    def in_parts(self, figure: ExactColumn) -> nw.Expr:
        """Return a figure as it is."""
        return figure.units

    def rounded(self, sheet: Worksheet, figure: ExactColumn, method: RoundingMethod) -> nw.Expr:
        """Return a figure as whole minor units."""
        match method.to_unit:
            case UnitRounding.HALF_UP:
                added = self.parts // 2
            case UnitRounding.UP:
                added = self.parts - 1
            case UnitRounding.DOWN:
                added = 0
            case UnitRounding.HALF_EVEN:
                parts = sheet.let(figure.units)
                units = sheet.let(sheet.divided(parts, self.parts))
                return rounded_units(sheet, units, parts - units * self.parts, self.parts, method)
            case _:
                assert_never(method.to_unit)

        units = sheet.divided(figure.units + added, self.parts)
        return nearest_multiple(sheet, units, method.step)


@attrs.frozen
class TwoColumnArithmetic:
    """Figures as whole minor units and parts beside them: for amounts up to 2**63 - 10**6.

    Source: rulebook R4, as :func:`distbilling.money.kernels.divided`.

    >>> import polars as pl
    >>> from distbilling.modelling.engines import engine_of
    >>> engine = engine_of(pl.DataFrame({"amount": [2**62 + 10], "rate": [50_000]}))
    >>> sheet = Worksheet(engine, engine.frame)
    >>> figure = TwoColumnArithmetic(10**6).product(sheet, nw.col("amount"), nw.col("rate"))
    >>> earned = TwoColumnArithmetic(10**6).rounded(sheet, figure, RoundingMethod.DOWN)
    >>> engine.handed_back(sheet.done(earned=earned))["earned"].to_list() == [(2**62 + 10) // 20]
    True
    """

    parts: int
    width: ClassVar[int] = 2

    def written(self, parts: int) -> tuple[int, ...]:
        """Return a number of parts as the two columns of a table hold it."""
        return divmod(parts, self.parts)

    def unbounded(self) -> tuple[int, ...]:
        """Return what no figure exceeds."""
        return (MOST_IN_TWO_COLUMNS, 0)

    def nothing(self) -> ExactColumn:
        """Return zero."""
        return ExactColumn(nw.lit(0, nw.Int64()), nw.lit(0, nw.Int64()))

    def read(self, *columns: nw.Expr) -> ExactColumn:
        """Return the figure that two columns of a table hold."""
        units, parts = columns
        return ExactColumn(units, parts)

    def product(self, sheet: Worksheet, units: nw.Expr, rate: nw.Expr) -> ExactColumn:
        """Return so many units times a rate in parts of one, which is not above one."""
        high = sheet.let(sheet.divided(units, self.parts))
        low = sheet.let((units - high * self.parts) * rate)
        carried = sheet.let(sheet.divided(low, self.parts))
        return ExactColumn(*sheet.let_all(high * rate + carried, low - carried * self.parts))

    def multiple(self, sheet: Worksheet, figure: ExactColumn, times: nw.Expr) -> ExactColumn:
        """Return a figure so many times: at most 2**32 times."""
        low = sheet.let(_parts(figure) * times)
        carried = sheet.let(sheet.divided(low, self.parts))
        return ExactColumn(
            *sheet.let_all(figure.units * times + carried, low - carried * self.parts)
        )

    def sum(self, sheet: Worksheet, first: ExactColumn, second: ExactColumn) -> ExactColumn:
        """Return the sum of two figures."""
        units, parts = sheet.let_all(first.units + second.units, _parts(first) + _parts(second))
        over = parts >= self.parts
        return ExactColumn(
            *sheet.let_all(
                nw.when(over).then(units + 1).otherwise(units),
                nw.when(over).then(parts - self.parts).otherwise(parts),
            )
        )

    def difference(self, sheet: Worksheet, first: ExactColumn, second: ExactColumn) -> ExactColumn:
        """Return the first figure less the second, which is not above it."""
        units, parts = sheet.let_all(first.units - second.units, _parts(first) - _parts(second))
        under = parts < 0
        return ExactColumn(
            *sheet.let_all(
                nw.when(under).then(units - 1).otherwise(units),
                nw.when(under).then(parts + self.parts).otherwise(parts),
            )
        )

    def larger(self, sheet: Worksheet, first: ExactColumn, second: ExactColumn) -> ExactColumn:
        """Return the larger of two figures in each row."""
        return self._chosen(sheet, sheet.let(_is_less(first, second)), second, first)

    def smaller(self, sheet: Worksheet, first: ExactColumn, second: ExactColumn) -> ExactColumn:
        """Return the smaller of two figures in each row."""
        return self._chosen(sheet, sheet.let(_is_less(second, first)), second, first)

    def in_parts(self, figure: ExactColumn) -> nw.Expr:
        """Return a figure in parts alone, of which there are fewer than 2**63."""
        return figure.units * self.parts + _parts(figure)

    def rounded(self, sheet: Worksheet, figure: ExactColumn, method: RoundingMethod) -> nw.Expr:
        """Return a figure as whole minor units."""
        return rounded_units(sheet, figure.units, _parts(figure), self.parts, method)

    def _chosen(
        self, sheet: Worksheet, where: nw.Expr, chosen: ExactColumn, other: ExactColumn
    ) -> ExactColumn:
        return ExactColumn(
            *sheet.let_all(
                nw.when(where).then(chosen.units).otherwise(other.units),
                nw.when(where).then(_parts(chosen)).otherwise(_parts(other)),
            )
        )


Arithmetic = OneColumnArithmetic | TwoColumnArithmetic
"""What computes with exact figures.

``parts`` is how many parts a minor unit has, ``width`` how many columns a constant takes.
"""


def _parts(figure: ExactColumn) -> nw.Expr:
    assert figure.parts is not None  # noqa: S101 - figures in two columns alone come here
    return figure.parts


def _is_less(first: ExactColumn, second: ExactColumn) -> nw.Expr:
    same = (first.units == second.units) & (_parts(first) < _parts(second))
    return (first.units < second.units) | same
