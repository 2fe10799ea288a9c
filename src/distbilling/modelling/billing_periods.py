"""In which billing period is each row? Its distributor's own, in its own zone."""

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
from distbilling.modelling.tables.calendars import Calendar, periods_held
from distbilling.modelling.tables.tables import Table

__all__ = ["PERIOD", "assign_periods", "in_periods"]

PERIOD: Final = ("party", "start_us", "end_us")
"""The columns that tell a billing period: whose it is, and its ends in microseconds since 1970 UTC."""

_ADDED = ("period_start", "period_end")


def assign_periods(transactions: Frame, book: Book) -> Frame:
    """Return rows as they were given, with the billing period of each beside, in a frame of the kind that was given.

    The rows need a ``distributor`` and an instant ``at``, and may be of anything. ``period_start``
    is inclusive and ``period_end`` exclusive, both in UTC; the first period of a distributor starts
    when it was created. Where rows have an order, they keep it.

    Raises:
        InvalidType, InvalidValue, InvalidFields: it is no frame, a column is missing, of another
            type or there already, or rows are not accepted: they are told by row and column.

    Source: rulebook R33, R34, R37, as :meth:`distbilling.rules.parties.Distributor.period_at`.

    >>> import polars as pl
    >>> from distbilling.testing.stage import distributor
    >>> calls = pl.DataFrame({"distributor": ["hudson"], "at": [1_772_700_000_000_000], "minutes": [12]})
    >>> assign_periods(calls, Book.of(distributor("hudson")))["period_end"].dt.date().to_list()
    [datetime.date(2026, 4, 1)]
    """
    engine, tables = engine_of(transactions), BookTables(book)
    schema = engine.frame.collect_schema()
    names = schema.names()
    asked = ("distributor", "at")
    check_columns({name: schema[name] for name in asked if name in schema}, asked)
    for name in _ADDED:
        if name in names:
            raise InvalidValue(
                "transactions", name, "a frame without this column, which is to be added"
            )

    def prepared(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        rows = engine.microseconds(rows.with_columns(at_us=nw.col("at")), "at_us")
        known = tables.parties("party", "created_us", key="_distributor").on(engine)
        return engine.looked_up(
            rows.with_columns(_distributor=nw.col("distributor").cast(nw.String())),
            known,
            "_distributor",
        )

    rows = prepared(engine.frame)
    reading = Reading(rows, frozenset(names), rows, lambda: prepared(engine.numbered(engine.frame)))
    first, last = scan_instants(engine, reading)
    calendar, profiles = tables.calendar(first, last)
    rows = _with_periods(engine, rows, calendar, profiles, start=_ADDED[0], end=_ADDED[1])
    answer: Frame = engine.handed_back(engine.instants(rows, *_ADDED).select(*names, *_ADDED))
    return answer


def in_periods(transactions: Transactions, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return rows with the billing period of their ``party`` at ``at_us``, from ``start_us`` (inclusive) to ``end_us``.

    Source: rulebook R33, R34.
    """
    calendar, profiles = transactions.tables.calendar(
        transactions.census.first, transactions.census.last
    )
    return _with_periods(
        transactions.engine, rows, calendar, profiles, start="start_us", end="end_us"
    )


def _with_periods(  # noqa: PLR0913 - what is looked up, and what it is called
    engine: Engine,
    rows: nw.LazyFrame[Any],
    calendar: Calendar,
    profiles: Table,
    *,
    start: str,
    end: str,
) -> nw.LazyFrame[Any]:
    """Return rows with the billing period of their ``party`` at ``at_us``, its ends in microseconds since 1970 UTC."""
    rows = engine.looked_up(rows, profiles.on(engine).drop("place"), "party")
    rows = periods_held(engine, rows, calendar, "at_us", start=start, end=end)
    opened, begun = nw.col("opened_us"), nw.col(start)
    return rows.with_columns(
        nw.when(opened > begun).then(opened).otherwise(begun).alias(start)
    ).drop("opened_us")
