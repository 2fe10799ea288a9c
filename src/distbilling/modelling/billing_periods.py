"""Billing periods of rows: each distributor's own, in its own zone."""

from __future__ import annotations

from typing import Any, Final

import narwhals.stable.v2 as nw

from distbilling.errors import InvalidValue
from distbilling.modelling.book.book import Book
from distbilling.modelling.engines import Engine, Frame, engine_of
from distbilling.modelling.reading.columns import check_columns
from distbilling.modelling.reading.scan import Reading, scan_instants
from distbilling.modelling.reading.transactions import Transactions
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.modelling.tables.calendars import periods_held

__all__ = ["NAMES", "PERIOD", "assign_periods", "in_periods", "with_names"]

PERIOD: Final = ("party", "start_us", "end_us")
"""The columns of a billing period in numbers: whose it is, and its ends in microseconds."""
NAMES: Final = ("distributor", "currency", "period_start", "period_end")
"""The columns of a billing period as people read them."""

_REQUIRED: Final = ("distributor", "at")
_ADDED: Final = ("period_start", "period_end")


def assign_periods(transactions: Frame, book: Book) -> Frame:
    """Return rows as they were given, with their billing periods, in a frame of the kind given.

    The rows need a ``distributor`` and an instant ``at``, and may be of anything. ``period_start``
    is inclusive and ``period_end`` exclusive, both in UTC; the first period of a distributor starts
    when it was created. Where rows have an order, they keep it.

    Raises:
        InvalidType, InvalidValue, InvalidFields: it is no frame, a column is missing, of another
            type or there already, or rows are not accepted: they are named by row and column.

    Source: rulebook R33, R34, R37, as :meth:`distbilling.rules.parties.Distributor.period_at`.

    >>> import polars as pl
    >>> from distbilling.testing.sample_data import distributor
    >>> calls = pl.DataFrame({"distributor": "hudson", "at": 1_772_700_000_000_000, "minutes": 12})
    >>> assign_periods(calls, Book.of(distributor("hudson")))["period_end"].dt.date().to_list()
    [datetime.date(2026, 4, 1)]
    """
    engine, tables = engine_of(transactions), BookTables(book)
    schema = engine.frame.collect_schema()
    names = schema.names()
    check_columns({name: schema[name] for name in _REQUIRED if name in schema}, _REQUIRED)
    for name in _ADDED:
        if name in names:
            accepted = "a frame without this column, which is to be added"
            raise InvalidValue("transactions", name, accepted)

    def prepared(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        rows = rows.with_columns(
            at_us=nw.col("at"), _distributor=nw.col("distributor").cast(nw.String())
        )
        parties = tables.parties("party", "created_us", key="_distributor").on(engine)
        return engine.looked_up(engine.microseconds(rows, "at_us"), parties, "_distributor")

    rows = prepared(engine.frame)
    reading = Reading(rows, frozenset(names), rows, lambda: prepared(engine.numbered(engine.frame)))
    first, last = scan_instants(engine, reading)
    rows = _with_periods(engine, tables, rows, first, last, *_ADDED)
    answer: Frame = engine.handed_back(engine.instants(rows, *_ADDED).select(*names, *_ADDED))
    return answer


def in_periods(transactions: Transactions, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return rows with the billing period of their ``party`` at ``at_us``.

    It goes from ``start_us`` (inclusive) to ``end_us``, in microseconds since 1970 UTC.

    Source: rulebook R33, R34.
    """
    engine, tables, census = transactions.engine, transactions.tables, transactions.census
    return _with_periods(engine, tables, rows, census.first, census.last, "start_us", "end_us")


def with_names(transactions: Transactions, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return rows of billing periods with names and instants in place of numbers."""
    engine = transactions.engine
    rows = rows.join(transactions.tables.names.on(engine), on="party", how="left")
    rows = rows.rename({"start_us": "period_start", "end_us": "period_end"})
    return engine.instants(rows, "period_start", "period_end")


def _with_periods(  # noqa: PLR0913, PLR0917 - what is looked up, and what it is called
    engine: Engine,
    tables: BookTables,
    rows: nw.LazyFrame[Any],
    first: int,
    last: int,
    start: str,
    end: str,
) -> nw.LazyFrame[Any]:
    """Return rows with the ends of the billing period of their ``party`` at ``at_us``."""
    calendar, profiles = tables.calendar(first, last)
    rows = engine.looked_up(rows, profiles.on(engine).drop("place"), "party")
    rows = periods_held(engine, rows, calendar, "at_us", start=start, end=end)

    # The first period starts when the distributor was created.
    opened, begun = nw.col("opened_us"), nw.col(start)
    first_start = nw.when(opened > begun).then(opened).otherwise(begun)
    return rows.with_columns(first_start.alias(start)).drop("opened_us")
