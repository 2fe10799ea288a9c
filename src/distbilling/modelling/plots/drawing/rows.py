"""Which rows does a chart draw? Read from a frame of any kind; of one distributor and one currency."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import narwhals.stable.v2 as nw

from distbilling.errors import InvalidType, InvalidValue
from distbilling.modelling.book.book import Book
from distbilling.modelling.engines import engine_of
from distbilling.money import Currency, Money
from distbilling.money.units import from_units
from distbilling.periods.instant import instant_at, microseconds_of
from distbilling.rules.parties import Distributor

__all__ = [
    "Row",
    "in_time",
    "member",
    "microseconds",
    "money",
    "of_one_currency",
    "period_days",
    "position",
    "rows_of",
]

Row = Mapping[str, Any]


def rows_of(
    frame: object,
    field: str,
    columns: Sequence[str],
    *,
    distributor: str | None = None,
    least: int = 1,
) -> list[Row]:
    """Return the rows of a frame, of one distributor where it is named; ``field`` is what an error calls the frame.

    Columns that end in ``?`` may be missing; the row has None there.

    Raises:
        InvalidType: it is no frame, or an amount in it is a float.
        InvalidValue: a column is missing, or there are fewer than ``least`` rows.

    >>> import polars
    >>> rows_of(polars.DataFrame({"distributor": ["soho", "hudson"], "owed": [1, 2]}), "frame", ["owed"], distributor="hudson")
    [{'owed': 2}]
    """
    engine = engine_of(frame, field)
    lazy = engine.frame
    found = lazy.collect_schema().names()
    wanted = [name.removesuffix("?") for name in columns]
    missing = [name for name in columns if name not in found and not name.endswith("?")]
    if missing:
        raise InvalidValue(
            field, found, f"a frame with the columns {', '.join(wanted)} ({missing[0]} is missing)"
        )
    if distributor is not None:
        lazy = lazy.filter(nw.col("distributor") == distributor)
    read = engine.rows(lazy.select([name for name in wanted if name in found]))
    for name, kind in read.schema.items():
        if kind.is_float():
            raise InvalidType(
                name, str(kind), "whole minor units in 64 bits (a float is never exact)"
            )
    if len(read) < least:
        accepted = (
            "a frame with rows in it"
            if distributor is None
            else f"a frame with rows of {distributor!r}"
        )
        raise InvalidValue(field, f"{len(read)} rows", accepted)
    absent: dict[str, Any] = {name: None for name in wanted if name not in found}
    return [{**row, **absent} for row in read.rows(named=True)]


def of_one_currency(
    rows: Sequence[Row], currency: Currency | str | None
) -> tuple[list[Row], Currency]:
    """Return the rows of one currency, and the currency: the one named, or else the only one that there is.

    Raises:
        InvalidValue: none is named and there are several, or there are no rows of the one named.

    >>> of_one_currency([{"currency": "USD"}, {"currency": "EUR"}], None)
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: currency: None is not accepted; give one of EUR, USD: a chart shows one currency
    """
    found = sorted({str(row["currency"]) for row in rows})
    code = None if currency is None else Currency(currency).code
    if code is None and len(found) == 1:
        code = found[0]
    if code not in found:
        raise InvalidValue(
            "currency", code, f"one of {', '.join(found)}: a chart shows one currency"
        )
    return [row for row in rows if row["currency"] == code], Currency(code)


def in_time(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows with ``at`` as microseconds since 1970 UTC, the earliest first.

    >>> in_time([{"at": 7}, {"at": 3}])
    [{'at': 3}, {'at': 7}]
    """
    return sorted(
        ({**row, "at": microseconds(row["at"])} for row in rows), key=lambda row: row["at"]
    )


def member(book: Book, distributor: str) -> Distributor:
    """Return a distributor of the book.

    Raises:
        InvalidType: the book is none.
        InvalidValue: the distributor is not in the book.
    """
    if type(book) is not Book:
        raise InvalidType("book", book, "a Book")
    if distributor not in book.by_id:
        raise InvalidValue("distributor", distributor, "the id of a distributor of the book")
    return book[distributor]


def period_days(row: Row, book: Book) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a statement's period, by the calendar of its distributor's billing zone.

    Raises:
        InvalidValue: the distributor is not in the book.
    """
    zone = member(book, row["distributor"]).cycle.zone
    first = instant_at(microseconds(row["period_start"]), zone)
    last = instant_at(microseconds(row["period_end"]) - 1, zone)
    return dt.date(first.year, first.month, first.day), dt.date(last.year, last.month, last.day)


def money(minor: int, currency: Currency) -> Money:
    """Return whole minor units as money.

    >>> money(123450, Currency("USD"))
    Money('1234.50', 'USD')
    """
    return from_units(minor, currency.digits or 0, currency)


def position(amount: Money) -> int:
    """Return where an amount is drawn: at the whole minor units in it.

    >>> position(Money("1234.505", "USD"))
    123450
    """
    in_one: int = 10 ** (amount.currency.digits or 0)
    return math.floor(Fraction(amount.amount) * in_one)


def microseconds(at: dt.datetime | int) -> int:
    """Return an instant as microseconds since 1970 UTC, which it may be already.

    >>> microseconds(dt.datetime(1970, 1, 1, 1, tzinfo=dt.UTC))
    3600000000
    """
    return at if isinstance(at, int) else microseconds_of(at, "at")
