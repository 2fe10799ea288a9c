"""Frames of pandas, read as frames of polars, and results with types of the same family."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import polars as pl

from distbilling.choices import Choice
from distbilling.errors import InvalidType
from distbilling.modelling.engines import arrow_tables
from distbilling.modelling.engines.in_memory import computed

__all__ = ["Family", "family_of", "read", "writing"]


class Family(Choice):
    """The families of types that columns of pandas come in."""

    NUMPY = "numpy"
    NULLABLE = "nullable"
    ARROW = "Arrow"


def read(frame: Any, field: str) -> pl.DataFrame:  # noqa: ANN401 - pandas has no types
    """Return a frame of pandas, without its index, as a frame of polars.

    Raises:
        InvalidType: a column has no text as its name, mixes values of several types, or holds
            integers beyond 64 bits.
    """
    pyarrow = import_module("pyarrow")
    columns: dict[str, Any] = {}
    for name in frame.columns:
        if not isinstance(name, str):
            raise InvalidType(f"{field}: column", name, "a text")
        # Before pandas 3 text is held as objects, and without rows nothing shows that it is text.
        kind = pyarrow.string() if frame.empty and frame[name].dtype == object else None
        try:
            columns[name] = pyarrow.array(frame[name], type=kind, from_pandas=True)
        except (pyarrow.ArrowException, TypeError, ValueError, OverflowError) as error:
            accepted = f"a column whose values are all of one type, or missing ({error})"
            raise InvalidType(f"{field}: column {name!r}", frame[name].dtype, accepted) from error
    return arrow_tables.read(pyarrow.table(columns), field)


def family_of(frame: Any) -> Family:  # noqa: ANN401 - pandas has no types
    """Return the family of a frame's columns: Arrow or nullable if one is, numpy otherwise."""
    pandas = import_module("pandas")
    kinds = [
        dtype for dtype in frame.dtypes if isinstance(dtype, pandas.api.extensions.ExtensionDtype)
    ]
    if any(isinstance(kind, pandas.ArrowDtype) for kind in kinds):
        return Family.ARROW
    masked = pandas.core.dtypes.dtypes.BaseMaskedDtype
    if any(
        isinstance(kind, masked)
        or (isinstance(kind, pandas.StringDtype) and kind.na_value is pandas.NA)
        for kind in kinds
    ):
        return Family.NULLABLE
    return Family.NUMPY


def writing(frame: Any) -> Callable[[pl.LazyFrame], object]:  # noqa: ANN401 - pandas has no types
    """Return what computes a result as a frame of pandas, with types of the given frame's family.

    Text is of the type that the first text column given has. Integers and truth values with gaps
    are nullable also in the family of numpy, which has no gap for them and would make floats of
    them.
    """
    pandas = import_module("pandas")
    family, text = family_of(frame), _text_of(frame)

    def write(lazy: pl.LazyFrame) -> object:
        result = computed(lazy)
        table = arrow_tables.shortened(result.to_arrow())
        columns = {name: _column(table[name], family, text) for name in result.columns}
        return pandas.DataFrame(columns, columns=result.columns)

    return write


def _column(values: Any, family: Family, text: Any) -> Any:  # noqa: ANN401 - pandas has no types
    pandas, types = import_module("pandas"), import_module("pyarrow").types
    kind = values.type

    if types.is_string(kind) or types.is_large_string(kind):
        return (
            pandas.Series(values.to_pylist(), dtype=object)
            if text is object
            else values.to_pandas().astype(text)
        )
    if family is Family.ARROW:
        return values.to_pandas(types_mapper=pandas.ArrowDtype)
    counted = types.is_integer(kind) or types.is_boolean(kind)

    if (family is Family.NULLABLE and (counted or types.is_floating(kind))) or (
        counted and values.null_count
    ):
        return values.to_pandas(types_mapper=_nullable().get)

    return values.to_pandas()


def _nullable() -> dict[Any, Any]:
    pandas, pyarrow = import_module("pandas"), import_module("pyarrow")
    return {
        pyarrow.int8(): pandas.Int8Dtype(),
        pyarrow.int16(): pandas.Int16Dtype(),
        pyarrow.int32(): pandas.Int32Dtype(),
        pyarrow.int64(): pandas.Int64Dtype(),
        pyarrow.uint8(): pandas.UInt8Dtype(),
        pyarrow.uint16(): pandas.UInt16Dtype(),
        pyarrow.uint32(): pandas.UInt32Dtype(),
        pyarrow.uint64(): pandas.UInt64Dtype(),
        pyarrow.bool_(): pandas.BooleanDtype(),
        pyarrow.float32(): pandas.Float32Dtype(),
        pyarrow.float64(): pandas.Float64Dtype(),
    }


def _text_of(frame: Any) -> Any:  # noqa: ANN401 - pandas has no types
    """Return the type of the first column of text, or else the one that pandas gives to text."""
    pandas = import_module("pandas")
    for name, dtype in frame.dtypes.items():
        if isinstance(dtype, pandas.StringDtype) or str(dtype) in (
            "string[pyarrow]",
            "large_string[pyarrow]",
        ):
            return dtype
        if (
            pandas.api.types.is_object_dtype(dtype)
            and pandas.api.types.infer_dtype(frame[name].head(1000), skipna=True) == "string"
        ):
            return object
    return pandas.Series(["text"]).dtype
