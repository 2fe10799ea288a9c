"""The engine of a frame of any kind, which hands results back as that kind."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, cast

import attrs
import narwhals
import narwhals.stable.v1 as nw_v1
import narwhals.stable.v2 as nw
import polars as pl
from narwhals.exceptions import DuplicateError

from distbilling.errors import InvalidType, InvalidValue
from distbilling.modelling.engines import arrow_tables, pandas_frames, relations
from distbilling.modelling.engines.clusters import SparkFrame
from distbilling.modelling.engines.engine import Engine
from distbilling.modelling.engines.in_memory import InMemory, computed

__all__ = ["engine_of"]

_ACCEPTED: Final = "a frame: polars, pandas, pyarrow, DuckDB or PySpark"
_NARWHALS: Final[tuple[Any, ...]] = (nw, nw_v1, narwhals)


def engine_of(frame: object, field: str = "transactions") -> Engine:
    """Return what works on a frame of any kind, and hands back the same kind.

    polars, DuckDB and PySpark work on their own frames. polars works on those of pandas and
    pyarrow, and on any Arrow stream, which is handed back as a polars frame. pandas frames come
    back with types of the same family (numpy, nullable or Arrow) and without their index, narwhals'
    frames as narwhals' frames.

    Raises:
        InvalidType: it is no frame, or a column mixes values of several types.
        InvalidValue: two columns have the same name.

    >>> engine_of(pl.LazyFrame({"amount": [1000]})).name
    'polars'
    >>> engine_of([1], "sales")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    distbilling.errors.InvalidType: sales: [1] (list) is not accepted; give a frame: polars, ...
    """
    for version in _NARWHALS:
        if isinstance(frame, (version.DataFrame, version.LazyFrame)):
            return _in_narwhals(
                engine_of(narwhals.to_native(cast("Any", frame)), field), version.from_native
            )
    try:
        wrapped: Any = nw.from_native(frame, pass_through=True, allow_series=True)
    except DuplicateError as error:
        raise InvalidValue(field, str(error), "each column name once") from None

    stable = _NARWHALS[0]
    if isinstance(wrapped, stable.DataFrame):
        return _in_memory(wrapped, field)
    if isinstance(wrapped, stable.LazyFrame):
        return _lazy(wrapped, field)
    if isinstance(wrapped, stable.Series) or not hasattr(frame, "__arrow_c_stream__"):
        raise InvalidType(field, frame, _ACCEPTED)
    return _streamed(frame, field)


def _in_memory(wrapped: nw.DataFrame[Any], field: str) -> Engine:
    native: Any = wrapped.to_native()
    if wrapped.implementation.is_polars():
        return InMemory(nw.from_native(native.lazy()), computed)
    if wrapped.implementation.is_pandas():
        return InMemory(
            nw.from_native(pandas_frames.read(native, field).lazy()), pandas_frames.writing(native)
        )
    if wrapped.implementation.is_pyarrow():
        return InMemory(
            nw.from_native(arrow_tables.read(native, field).lazy()),
            arrow_tables.writing(native.schema),
        )
    raise InvalidType(field, native, _ACCEPTED)


def _lazy(wrapped: nw.LazyFrame[Any], field: str) -> Engine:
    if wrapped.implementation.is_polars():
        return InMemory(wrapped, _as_it_is)
    if wrapped.implementation.is_duckdb():
        return relations.Relation(relations.read(wrapped), _as_it_is)
    if wrapped.implementation.is_pyspark() or wrapped.implementation.is_pyspark_connect():
        return SparkFrame(wrapped, _as_it_is)
    raise InvalidType(field, wrapped.to_native(), _ACCEPTED)


def _streamed(stream: Any, field: str) -> Engine:  # noqa: ANN401 - of any library
    if type(stream).__module__.partition(".")[0] == "pyarrow":
        stream = import_module("pyarrow").table(stream)
        return InMemory(
            nw.from_native(arrow_tables.read(stream, field).lazy()),
            arrow_tables.writing(stream.schema),
        )
    return InMemory(nw.from_native(pl.DataFrame(stream).lazy()), computed)


def _in_narwhals(engine: Engine, from_native: Callable[[Any], object]) -> Engine:
    def hand_back(lazy: object) -> object:
        return from_native(engine.hand_back(lazy))

    return attrs.evolve(engine, hand_back=hand_back)


def _as_it_is(lazy: object) -> object:
    return lazy
