"""Transactions that were read: exact, checked, and with their distributors' numbers."""

from __future__ import annotations

from typing import Any, Final

import attrs
import narwhals.stable.v2 as nw
from narwhals.dtypes import DType

from distbilling.modelling.arithmetic.proportions import LARGEST
from distbilling.modelling.engines import Engine, engine_of
from distbilling.modelling.reading.amendments import check_amendments
from distbilling.modelling.reading.amounts import in_minor_units
from distbilling.modelling.reading.columns import AMOUNTS, OPTIONAL, REQUIRED, check_columns
from distbilling.modelling.reading.scan import Census, Reading, scan
from distbilling.modelling.tables.book_tables import BookTables

__all__ = ["Transactions", "read"]

_INSTANTS: Final = {"at": "at_us", "customer_since": "since_us"}
_OF_PARTIES: Final = ("party", "created_us", "digits", "asks_tax", "sale_by_age", "payment_by_age")


@attrs.frozen(eq=False)
class Transactions:
    """Transactions as the rules in columns read them.

    ``frame`` has ``transaction``, ``distributor``, ``kind``, ``at_us`` (microseconds since 1970
    UTC), ``amount`` (minor units) and ``party`` (the distributor's number), and those of
    ``product``, ``batch``, ``items``, ``tax``, ``discount``, ``since_us`` and ``original`` that
    were given. ``census`` is what the scan counted.
    """

    engine: Engine
    frame: nw.LazyFrame[Any]
    census: Census
    tables: BookTables

    @property
    def largest_amended(self) -> int:
        """What no amount that is reversed or corrected exceeds, in minor units."""
        return min(self.census.base, LARGEST - 1)

    def has(self, column: str) -> bool:
        """Tell whether an optional column was given."""
        return column in self.census.columns


def read(transactions: object, tables: BookTables, decimals: int | None = None) -> Transactions:
    """Return transactions as the rules in columns read them.

    All is checked before anything is computed.

    Raises:
        InvalidType: it is no frame, or a column is of a type that cannot hold what it is for.
        InvalidValue, InvalidFields: a column is missing, or rows are not accepted; they are named
            by row and column.

    Source: rulebook R3, R49.
    """
    engine = engine_of(transactions)
    schema = engine.frame.collect_schema()
    named = [name for name in (*REQUIRED, *OPTIONAL) if name in schema]
    floats = [name for name in named if name in OPTIONAL and schema[name].is_float()]
    empty = _empty(engine, floats)
    given = [name for name in named if schema[name] != nw.Unknown and name not in empty]
    check_columns({name: schema[name] for name in given})
    raw = engine.frame.select(*map(_plain, given, (schema[name] for name in given)))

    def prepared(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        return _prepared(engine, rows, tables, decimals)

    reading = Reading(
        frame=prepared(raw),
        columns=frozenset(given),
        keys=raw.select("transaction"),
        by_row=lambda: prepared(engine.numbered(raw)),
    )
    census = scan(engine, reading, tables)
    frame = _selected(reading.frame, given)
    if census.amendments:
        frame = engine.kept(frame)
        base, discounts = check_amendments(engine, frame)
        census = attrs.evolve(
            census,
            base=max(census.base, base),
            total=census.total + discounts,
            rescaled_discounts=discounts,
        )
    return Transactions(engine, frame, census, tables)


def _selected(frame: nw.LazyFrame[Any], given: list[str]) -> nw.LazyFrame[Any]:
    """Return the columns that the rules read, in minor units and microseconds."""
    frame = frame.select(
        "transaction",
        "distributor",
        "kind",
        "party",
        *(into for name, into in _INSTANTS.items() if name in given),
        *(name for name in ("product", "batch", "items", "original") if name in given),
        *(nw.col(f"{name}_units").alias(name) for name in AMOUNTS if name in given),
    )
    return frame.with_columns(nw.col("items").fill_null(1)) if "items" in given else frame


def _empty(engine: Engine, columns: list[str]) -> frozenset[str]:
    """Return those of some columns in which nothing was filled in.

    Pandas reads such a column as one of floats.
    """
    if not columns:
        return frozenset()
    filled = engine.rows(engine.frame.select(*(nw.col(name).count() for name in columns)))
    return frozenset(name for name, count in filled.row(0, named=True).items() if not count)


def _plain(name: str, dtype: DType) -> nw.Expr:
    """Return a column with text as text and whole numbers all of one size, to sort and join."""
    column = nw.col(name)
    if isinstance(dtype, nw.Categorical | nw.Enum):
        return column.cast(nw.String())
    return column.cast(nw.Int64()) if dtype.is_integer() and dtype != nw.Int64 else column


def _prepared(
    engine: Engine, raw: nw.LazyFrame[Any], tables: BookTables, decimals: int | None
) -> nw.LazyFrame[Any]:
    """Return the rows as given, with what is read from them beside; nothing is checked yet."""
    schema = raw.collect_schema()
    frame = raw.join(tables.parties(*_OF_PARTIES).on(engine), on="distributor", how="left")
    if "currency" in schema:
        currency = tables.parties("currency").on(engine).rename({"currency": "own_currency"})
        frame = frame.join(currency, on="distributor", how="left")

    instants = {into: nw.col(name) for name, into in _INSTANTS.items() if name in schema}
    frame = engine.microseconds(frame.with_columns(**instants), *instants)
    for name in AMOUNTS:
        if name in schema:
            into = f"{name}_units"
            frame = in_minor_units(engine, frame, name, decimals, tables.digits, into=into)
    return frame
