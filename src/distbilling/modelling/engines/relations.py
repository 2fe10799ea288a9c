"""Relations of DuckDB, worked on by their own connection."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any, ClassVar, Final

import attrs
import narwhals.stable.v2 as nw
import polars as pl

from distbilling.modelling.engines.engine import Engine

__all__ = ["Relation", "read"]

_NANOSECONDS: Final = "TIMESTAMPTZ_NS"
_CUT_OFF: Final = "make_timestamptz((epoch_ns({0}) - (epoch_ns({0}) % 1000 + 1000) % 1000) // 1000)"

_WRITTEN: Final[dict[pl.DataType, str]] = {pl.Int64(): "BIGINT", pl.String(): "VARCHAR"}
_MOST_WRITTEN: Final = 4_000

_NUMBERS: Final = count(1)


@attrs.frozen(eq=False)
class Relation(Engine):
    """A relation of DuckDB."""

    name: ClassVar[str] = "duckdb"

    def from_rows(self, rows: pl.DataFrame) -> nw.LazyFrame[Any]:
        """Return rows that were computed here as a relation of the same connection.

        A relation does not give its connection, but runs queries on it, and these find a frame by
        the name it has here. Each query makes DuckDB bind again all that was put together so far,
        so few rows are written out as what they are.
        """
        _distbilling_rows = rows
        relation: Any = self.frame.to_native()
        is_short = rows.width * rows.height <= _MOST_WRITTEN and all(
            dtype in _WRITTEN for dtype in rows.dtypes
        )
        if is_short:
            one = relation.limit(0).aggregate("count(*) AS distbilling_rows")
            lazy: nw.LazyFrame[Any] = nw.from_native(one.project(", ".join(map(_written, rows))))
        else:
            lazy = nw.from_native(
                relation.query("distbilling_given", "SELECT * FROM _distbilling_rows")
            )
        return lazy

    def kept(self, lazy: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Compute a frame now, into a temporary table, which goes with the connection.

        The relations made of it are asked for its columns again and again while a query is put
        together: what stands below would be planned each time.
        """
        relation: Any = lazy.to_native()
        given: Any = self.frame.to_native()
        name = f"distbilling_kept_{next(_NUMBERS)}"
        relation.query(
            "distbilling_given",
            f"CREATE TEMP TABLE {name} AS SELECT * FROM distbilling_given",  # noqa: S608
        )
        kept: nw.LazyFrame[Any] = nw.from_native(
            given.query("distbilling_given", f"SELECT * FROM temp.{name}")  # noqa: S608
        )
        return kept

    def instants(self, lazy: nw.LazyFrame[Any], *columns: str) -> nw.LazyFrame[Any]:
        """Turn columns of microseconds since 1970 UTC into instants."""
        return _replaced(lazy, "make_timestamptz({})", columns)

    def _fetched(self, native: Any) -> pl.DataFrame:  # noqa: ANN401 - as the engine says
        fetched: pl.DataFrame = native.pl()
        return fetched

    def _to_microseconds(self, lazy: nw.LazyFrame[Any], columns: list[str]) -> nw.LazyFrame[Any]:
        return _replaced(lazy, "epoch_us({})", columns)


def read(lazy: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return a relation whose instants are of a microsecond, parts of it cut off towards the past.

    DuckDB itself would round them, and narwhals knows no finer instants of it.
    """
    relation: Any = lazy.to_native()
    fine = [
        name
        for name, kind in zip(relation.columns, relation.types, strict=True)
        if str(kind) == _NANOSECONDS
    ]
    return _replaced(lazy, _CUT_OFF, fine)


def _replaced(lazy: nw.LazyFrame[Any], call: str, columns: Sequence[str]) -> nw.LazyFrame[Any]:
    if not columns:
        return lazy
    relation: Any = lazy.to_native()
    calls = ", ".join(f"{call.format(name)} AS {name}" for name in map(_quoted, columns))
    replaced: nw.LazyFrame[Any] = nw.from_native(relation.project(f"* REPLACE ({calls})"))
    return replaced


def _written(column: pl.Series) -> str:
    """Return a column as what unnests into its values."""
    values = ", ".join("NULL" if value is None else _literal(value) for value in column)
    return f"unnest([{values}]::{_WRITTEN[column.dtype]}[]) AS {_quoted(column.name)}"


def _literal(value: int | str) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
