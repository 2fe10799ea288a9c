"""Columns computed step by step, each step a column, so that engines plan a line and not a tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw

from distbilling.modelling.engines import Engine

__all__ = ["Worksheet", "chosen"]


class Worksheet:
    """A frame that gains one column after the other.

    ``done`` returns it without those that were only steps. Nested into one expression, the same
    work takes seconds merely to plan on engines that speak SQL.

    >>> import polars as pl
    >>> from distbilling.modelling.engines import engine_of
    >>> engine = engine_of(pl.DataFrame({"units": [7, 2**62]}))
    >>> sheet = Worksheet(engine, engine.frame)
    >>> fifths = sheet.divided(nw.col("units"), 5)
    >>> engine.handed_back(sheet.done(fifths=fifths))["fifths"].to_list()
    [1, 922337203685477580]
    """

    def __init__(self, engine: Engine, frame: nw.LazyFrame[Any]) -> None:
        self._engine = engine
        self._frame = frame
        self._steps = 0

    def let(self, value: nw.Expr) -> nw.Expr:
        """Compute a column now, and return it: what is used twice is computed once."""
        (column,) = self.let_all(value)
        return column

    def let_all(self, *values: nw.Expr) -> tuple[nw.Expr, ...]:
        """Compute several columns, none of which needs another, and return them."""
        names = [f"_step_{self._steps + number}" for number in range(len(values))]
        self._steps += len(values)
        self._frame = self._frame.with_columns(**dict(zip(names, values, strict=True)))
        return tuple(nw.col(name) for name in names)

    def divided(self, value: nw.Expr, by: int | nw.Expr) -> nw.Expr:
        """Return how many times a divisor goes into a whole number from 0 to 2**63 - 1, cut off."""
        dividend = value if self._engine.name == "polars" else self.let(value)
        return self._engine.whole_division(dividend, by)

    def done(self, **columns: nw.Expr) -> nw.LazyFrame[Any]:
        """Return the frame with these columns, and without the steps."""
        steps = [f"_step_{number}" for number in range(self._steps)]
        self._steps = 0
        done = self._frame.with_columns(**columns) if columns else self._frame
        return done.drop(*steps) if steps else done


def chosen(by: str, columns: Sequence[nw.Expr]) -> nw.Expr:
    """Return, in each row, that of several columns whose place another column names.

    Of a single column nothing needs to be named.
    """
    *first, value = columns
    for place, column in reversed(list(enumerate(first))):
        value = nw.when(nw.col(by) == place).then(column).otherwise(value)
    return value
