"""What the rules in columns need of the engine that holds a frame."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import attrs
import narwhals.stable.v2 as nw
import polars as pl
from narwhals.typing import IntoDType
from polars import selectors

from distbilling.errors import InvalidType

__all__ = ["Engine", "Frame"]

Frame = TypeVar("Frame")
"""A kind of frame: what is given of it comes back of it."""


@attrs.frozen(eq=False)
class Engine(ABC):
    """What holds a frame and works on it: polars, DuckDB or Spark.

    Nothing is computed before an answer is asked for.

    >>> from distbilling.modelling.engines import engine_of
    >>> engine = engine_of(pl.DataFrame({"amount": [1000, 250]}))
    >>> engine.name
    'polars'
    >>> engine.handed_back(engine.frame.filter(nw.col("amount") > 300))["amount"].to_list()
    [1000]
    """

    name: ClassVar[str]
    frame: nw.LazyFrame[Any]
    hand_back: Callable[[Any], object] = attrs.field(repr=False)
    """From the native lazy frame of the engine to the kind that was given."""

    def handed_back(self, lazy: nw.LazyFrame[Any]) -> Any:  # noqa: ANN401 - of the given kind
        """Return a frame of the kind that was given; one that is not lazy is computed now."""
        return self.hand_back(lazy.to_native())

    def table(
        self, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, IntoDType]
    ) -> nw.LazyFrame[Any]:
        """Return a small table of ours, up to some 500,000 rows, to join with the frame.

        >>> from distbilling.modelling.engines import engine_of
        >>> engine = engine_of(pl.LazyFrame({"distributor": ["hudson", "harlem"]}))
        >>> schema = {"distributor": nw.String, "rate": nw.Int64}
        >>> rates = engine.table({"distributor": ["hudson"], "rate": [100_000]}, schema)
        >>> joined = engine.frame.join(rates, on="distributor", how="left").sort("distributor")
        >>> engine.rows(joined).rows()
        [('harlem', None), ('hudson', 100000)]
        """
        return self.from_rows(pl.DataFrame(columns, schema=nw.Schema(schema).to_polars()))

    @abstractmethod
    def from_rows(self, rows: pl.DataFrame) -> nw.LazyFrame[Any]:
        """Return rows that were computed here as a frame of the engine."""

    def rows(self, lazy: nw.LazyFrame[Any]) -> pl.DataFrame:
        """Compute a small frame and fetch it here, with its instants in UTC."""
        zoned = selectors.datetime(time_zone="*").dt.convert_time_zone("UTC")
        return self._fetched(lazy.to_native()).with_columns(zoned)

    def microseconds(self, lazy: nw.LazyFrame[Any], *columns: str) -> nw.LazyFrame[Any]:
        """Turn columns of instants, in any unit and zone, into microseconds since 1970 UTC.

        Columns of whole microseconds stay. Parts of a microsecond are cut off towards the past.

        Raises:
            InvalidType: a column holds neither datetimes with a zone nor integers.

        >>> from datetime import UTC, datetime
        >>> from distbilling.modelling.engines import engine_of
        >>> engine = engine_of(pl.DataFrame({"at": [datetime(1970, 1, 2, tzinfo=UTC)]}))
        >>> engine.rows(engine.microseconds(engine.frame, "at"))["at"].to_list()
        [86400000000]
        """
        schema = lazy.collect_schema()
        zoned: list[str] = []

        for column in columns:
            dtype = schema[column]
            if isinstance(dtype, nw.Datetime) and dtype.time_zone is not None:
                zoned.append(column)
            elif not dtype.is_integer():
                raise InvalidType(
                    column,
                    dtype,
                    "datetimes with a time zone, or whole microseconds since 1970 UTC",
                )

        narrow = [
            nw.col(column).cast(nw.Int64)
            for column in columns
            if column not in zoned and schema[column] != nw.Int64
        ]
        return self._to_microseconds(lazy.with_columns(narrow) if narrow else lazy, zoned)

    def looked_up(
        self, lazy: nw.LazyFrame[Any], table: nw.LazyFrame[Any], on: str
    ) -> nw.LazyFrame[Any]:
        """Return rows, in their order if they have one, with the columns of a table.

        The table has each value of the column ``on`` once.
        """
        return lazy.join(table, on=on, how="left")

    def numbered(self, lazy: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return rows with the number of each ``row``, from 0 on, if rows have an order."""
        return lazy

    def repeats(self, lazy: nw.LazyFrame[Any], column: str) -> bool:
        """Tell whether a column, in which nothing is null, has some value twice."""
        counted = self.rows(
            lazy.select(nw.len().alias("rows"), nw.col(column).n_unique().alias("different"))
        )
        rows, different = counted.row(0)
        return bool(rows > (different or 0))

    @abstractmethod
    def kept(self, lazy: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return a frame that others are made of, so that it is computed once for all of them.

        polars computes it now, into memory; DuckDB now, into a temporary table of the connection;
        Spark now, on its executors.
        """

    @abstractmethod
    def instants(self, lazy: nw.LazyFrame[Any], *columns: str) -> nw.LazyFrame[Any]:
        """Turn columns of microseconds since 1970 UTC into instants: datetimes in UTC.

        DuckDB and Spark keep the zone in the session: they show the same instants in that zone.
        """

    def whole_division(self, dividend: nw.Expr, divisor: int | nw.Expr) -> nw.Expr:
        """Divide integers, of zero or more, and cut off what is left: exact up to 2**63 - 1.

        Give columns, not long expressions: Spark computes the dividend several times.

        >>> from distbilling.modelling.engines import engine_of
        >>> engine = engine_of(pl.DataFrame({"amount": [2**63 - 1]}))
        >>> engine.rows(engine.frame.select(engine.whole_division(nw.col("amount"), 10))).item()
        922337203685477580
        """
        return dividend // divisor

    @abstractmethod
    def _fetched(self, native: Any) -> pl.DataFrame:  # noqa: ANN401 - each engine has its own
        """Compute a native frame of the engine and fetch it here."""

    @abstractmethod
    def _to_microseconds(self, lazy: nw.LazyFrame[Any], columns: list[str]) -> nw.LazyFrame[Any]:
        """Turn datetimes with a zone into microseconds since 1970 UTC."""
