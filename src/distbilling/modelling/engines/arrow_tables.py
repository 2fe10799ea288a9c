"""Tables of pyarrow, read as frames of polars, and results written as tables."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import polars as pl

from distbilling.errors import InvalidType
from distbilling.modelling.engines.in_memory import computed

__all__ = ["read", "writing"]

_MOST_BYTES_OF_SHORT_TEXT: Final = 2**31 - 1


def read(table: Any, field: str) -> pl.DataFrame:  # noqa: ANN401 - pyarrow has no types
    """Return a table as a frame of polars, sharing its memory where it can.

    Raises:
        InvalidType: polars has no such type of column.
    """
    try:
        return pl.DataFrame(_in_named_zones(table))
    except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
        raise InvalidType(field, table, f"columns of types that polars has ({error})") from error


def writing(schema: Any) -> Callable[[pl.LazyFrame], object]:  # noqa: ANN401 - pyarrow has no types
    """Return what computes a result as a table; its text is as wide as that of the schema."""
    pyarrow = import_module("pyarrow")
    short = pyarrow.string() in schema.types or pyarrow.large_string() not in schema.types

    def write(lazy: pl.LazyFrame) -> object:
        result: Any = computed(lazy)
        table = result.to_arrow()
        return shortened(table) if short else table

    return write


def shortened(table: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return a table with 32-bit text, as pyarrow makes it, unless a column is too long for it."""
    pyarrow = import_module("pyarrow")
    fields = [
        field.with_type(pyarrow.string())
        if field.type == pyarrow.large_string()
        and table[field.name].nbytes <= _MOST_BYTES_OF_SHORT_TEXT
        else field
        for field in table.schema
    ]
    return table.cast(pyarrow.schema(fields))


def _in_named_zones(table: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return a table whose instants with a fixed offset, such as +05:30, are in UTC.

    polars has named zones alone.
    """
    pyarrow = import_module("pyarrow")
    fields = [
        field.with_type(pyarrow.timestamp(field.type.unit, "UTC"))
        if pyarrow.types.is_timestamp(field.type) and (field.type.tz or "").startswith(("+", "-"))
        else field
        for field in table.schema
    ]
    return table.cast(pyarrow.schema(fields))
