"""The kinds of frames that the rules in columns take, and books to try on all of them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

import polars as pl
import pytest

from distbilling.rules.agreement.terms import Remainder
from distbilling.rules.parties import Distributor
from distbilling.testing.strategies.random_books import distributors_by, transactions_by

KINDS = (
    "polars",
    "polars-lazy",
    "pandas-numpy",
    "pandas-nullable",
    "pandas-arrow",
    "pyarrow",
    "duckdb",
)
AsKind = Callable[[pl.DataFrame, str], Any]
RowsOf = Callable[[Any], list[dict[str, Any]]]
Rows = list[dict[str, Any]]
TRANSACTIONS: dict[str, Any] = {
    "transaction": pl.Int64,
    "distributor": pl.String,
    "kind": pl.String,
    "at": pl.Int64,
    "amount": pl.Int64,
    "product": pl.String,
    "batch": pl.String,
    "items": pl.Int64,
    "tax": pl.Int64,
    "discount": pl.Int64,
    "customer_since": pl.Int64,
    "original": pl.Int64,
}


@pytest.fixture(scope="session", params=KINDS)
def kind(request) -> str:
    """Return each kind of frame of one machine in turn."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def as_kind() -> AsKind:
    """Return what makes a frame of polars one of another kind."""
    return _as_kind


@pytest.fixture(scope="session")
def rows_of() -> RowsOf:
    """Return what lists the rows of a frame of any kind: gaps are None, instants in UTC."""
    return _rows_of


@pytest.fixture(scope="session")
def frame_of() -> Callable[[Sequence[Mapping[str, Any]]], pl.DataFrame]:
    """Return what makes a frame of transactions, in microseconds and minor units."""
    return lambda rows: pl.DataFrame(list(rows), schema=TRANSACTIONS)


@pytest.fixture(scope="session")
def trade() -> Callable[..., tuple[dict[str, Distributor], Rows]]:
    """Return what makes distributors in chains and transactions of every kind, from a seed."""
    return _trade


def _trade(
    seed: int, sellers: int = 6, count: int = 120, largest: int = 500_000
) -> tuple[dict[str, Distributor], Rows]:
    choose = Random(seed).choice  # noqa: S311 - chosen, not secret
    distributors = distributors_by(choose, sellers, remainders=(Remainder.EACH_LEVEL_ROUNDED,))
    return distributors, transactions_by(choose, distributors, count, largest=largest)


def _as_kind(frame: pl.DataFrame, kind: str) -> Any:
    match kind:
        case "polars":
            return frame
        case "polars-lazy":
            return frame.lazy()
        case "pyarrow":
            return frame.to_arrow()
        case "duckdb":
            return _relation(frame)
        case _:
            return _pandas(frame, kind)


def _relation(frame: pl.DataFrame) -> Any:
    connection = _database().cursor()
    connection.execute("SET TimeZone = 'America/New_York'")
    connection.register("given", frame)
    return connection.sql("SELECT * FROM given")


@functools.cache
def _database() -> Any:
    """Open a database once; each relation has a connection of its own."""
    import duckdb

    return duckdb.connect()


def _pandas(frame: pl.DataFrame, kind: str) -> Any:
    import pandas as pd

    arrow = frame.to_pandas(use_pyarrow_extension_array=True)
    if kind == "pandas-arrow":
        return arrow
    nullable = {pl.Int64: "Int64", pl.Boolean: "boolean", pl.String: "string"}
    columns = {}
    for name, dtype in frame.schema.items():
        counted = dtype in (pl.Int64, pl.Boolean)
        if kind == "pandas-nullable" and dtype in nullable:
            columns[name] = pd.Series(frame[name].to_list(), dtype=nullable[dtype.base_type()])
        elif counted and frame[name].null_count():
            columns[name] = pd.Series(frame[name].to_list(), dtype=object)
        else:
            columns[name] = frame[name].to_pandas()
    return pd.DataFrame(columns)


def _rows_of(native: Any) -> list[dict[str, Any]]:
    return [{name: _plain(value) for name, value in row.items()} for row in _listed(native)]


def _listed(native: Any) -> list[dict[str, Any]]:
    match type(native).__module__.partition(".")[0]:
        case "pandas":
            import pandas as pd

            records: list[dict[str, Any]] = native.to_dict("records")
            return [
                {name: None if pd.isna(value) else value for name, value in row.items()}
                for row in records
            ]
        case "duckdb":
            native = native.pl()
        case "pyspark":
            native = native.toArrow()
        case "polars" if isinstance(native, pl.LazyFrame):
            native = native.collect()
    return pl.DataFrame(native).rows(named=True)


def _plain(value: Any) -> Any:
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value
