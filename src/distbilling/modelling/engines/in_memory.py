"""Frames of polars, and all others in the memory of this machine, which polars works on."""

from __future__ import annotations

from typing import Any, ClassVar

import attrs
import narwhals.stable.v2 as nw
import polars as pl

from distbilling.modelling.engines.engine import Engine

__all__ = ["InMemory", "computed"]


@attrs.frozen(eq=False)
class InMemory(Engine):
    """A frame of polars, or one that polars reads: of pandas, pyarrow, or any Arrow stream."""

    name: ClassVar[str] = "polars"

    def from_rows(self, rows: pl.DataFrame) -> nw.LazyFrame[Any]:
        """Return rows that were computed here as a lazy frame."""
        return nw.from_native(rows.lazy())

    def looked_up(
        self, lazy: nw.LazyFrame[Any], table: nw.LazyFrame[Any], on: str
    ) -> nw.LazyFrame[Any]:
        """Return rows, in their order, with the columns of a table."""
        rows: pl.LazyFrame = lazy.to_native()
        return nw.from_native(
            rows.join(table.to_native(), on=on, how="left", maintain_order="left")
        )

    def numbered(self, lazy: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return rows with the number of each ``row``, from 0 on."""
        rows: pl.LazyFrame = lazy.to_native()
        return nw.from_native(rows.with_row_index("row"))

    def repeats(self, lazy: nw.LazyFrame[Any], column: str) -> bool:
        """Tell whether a column has some value twice; if it ascends, as keys often do, at once."""
        rows: pl.LazyFrame = lazy.to_native().select(column)
        ascends = (pl.col(column) > pl.col(column).shift(1)).all()
        return not computed(rows.select(ascends)).item() and super().repeats(lazy, column)

    def kept(self, lazy: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Compute a frame now."""
        return nw.from_native(computed(lazy.to_native()).lazy())

    def instants(self, lazy: nw.LazyFrame[Any], *columns: str) -> nw.LazyFrame[Any]:
        """Turn columns of microseconds since 1970 UTC into datetimes in UTC."""
        return lazy.with_columns(
            nw.col(column).cast(nw.Datetime("us", "UTC")) for column in columns
        )

    def _fetched(self, native: Any) -> pl.DataFrame:  # noqa: ANN401 - as the engine says
        return computed(native)

    def _to_microseconds(self, lazy: nw.LazyFrame[Any], columns: list[str]) -> nw.LazyFrame[Any]:
        return lazy.with_columns(nw.col(column).dt.timestamp("us") for column in columns)


def computed(lazy: pl.LazyFrame) -> pl.DataFrame:
    """Compute a lazy frame, in pieces that need not all be in memory at once."""
    return lazy.collect(engine="streaming")
