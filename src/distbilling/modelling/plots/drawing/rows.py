"""The rows that a chart draws, read from a frame of any kind, and their figures."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import narwhals.stable.v2 as nw

from distbilling.errors import InvalidType, InvalidValue
from distbilling.modelling.book.book import Book
from distbilling.modelling.engines import engine_of
from distbilling.money import Currency, Money
from distbilling.money.units import from_units
from distbilling.periods.instant import instant_at, microseconds_of
from distbilling.rules.parties import Distributor

__all__ = [
    "WHOLE_UNITS",
    "Row",
    "figure_text",
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
WHOLE_UNITS: Final = "whole minor units in 64 bits (a float is never exact)"
"""What is accepted as an amount in a frame."""


def rows_of(
    frame: object,
    field: str,
    columns: Sequence[str],
    *,
    distributor: str | None = None,
    least: int = 1,
) -> list[Row]:
    """Return the rows of a frame.

    Args:
        frame: a frame of any kind.
        field: what an error calls the frame.
        columns: those to read; one that ends in ``?`` may be missing, the row has None there.
        distributor: whose rows to read; those of all unless given.
        least: how many rows there must be.

    Raises:
        InvalidType: it is no frame, or an amount in it is a float.
        InvalidValue: a column is missing, or there are too few rows.

    >>> import polars
    >>> frame = polars.DataFrame({"distributor": ["soho", "hudson"], "owed": [1, 2]})
    >>> rows_of(frame, "frame", ["owed"], distributor="hudson")
    [{'owed': 2}]
    """
    engine = engine_of(frame, field)
    lazy = engine.frame
    present = lazy.collect_schema().names()
    wanted = [name.removesuffix("?") for name in columns]
    missing = [name for name in columns if name not in present and not name.endswith("?")]
    if missing:
        accepted = f"a frame with the columns {', '.join(wanted)} ({missing[0]} is missing)"
        raise InvalidValue(field, present, accepted)

    if distributor is not None:
        lazy = lazy.filter(nw.col("distributor") == distributor)
    rows = engine.rows(lazy.select([name for name in wanted if name in present]))
    for name, dtype in rows.schema.items():
        if dtype.is_float():
            raise InvalidType(name, str(dtype), WHOLE_UNITS)
    if len(rows) < least:
        whose = "in it" if distributor is None else f"of {distributor!r}"
        raise InvalidValue(field, f"{len(rows)} rows", f"a frame with rows {whose}")

    absent: dict[str, Any] = {name: None for name in wanted if name not in present}
    return [{**row, **absent} for row in rows.rows(named=True)]


def of_one_currency(
    rows: Sequence[Row], currency: Currency | str | None
) -> tuple[list[Row], Currency]:
    """Return the rows of one currency, and the currency.

    It is the one named, or else the only one that there is.

    Raises:
        InvalidValue: none is named and there are several, or there are no rows of the one named.

    >>> of_one_currency([{"currency": "USD"}, {"currency": "USD"}], None)[1]
    Currency('USD')
    """
    codes = sorted({str(row["currency"]) for row in rows})
    code = None if currency is None else Currency(currency).code
    if code is None and len(codes) == 1:
        code = codes[0]
    if code not in codes:
        accepted = f"one of {', '.join(codes)}: a chart shows one currency"
        raise InvalidValue("currency", code, accepted)
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
        InvalidType: it is no book.
        InvalidValue: the distributor is not in the book.
    """
    if type(book) is not Book:
        raise InvalidType("book", book, "a Book")
    if distributor not in book.by_id:
        raise InvalidValue("distributor", distributor, "the id of a distributor of the book")
    return book[distributor]


def period_days(row: Row, book: Book) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a statement's period, in the billing zone.

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


def figure_text(minor: int, currency: Currency, locale: str) -> str:
    """Return whole minor units as the reader writes the amount.

    >>> figure_text(123450, Currency("USD"), "en")
    '$1,234.50'
    """
    return money(minor, currency).format(locale, exact=True)


def position(amount: Money) -> int:
    """Return where an amount is drawn: at the whole minor units in it.

    >>> position(Money("1234.505", "USD"))
    123450
    """
    units: int = 10 ** (amount.currency.digits or 0)
    return math.floor(Fraction(amount.amount) * units)


def microseconds(at: dt.datetime | int) -> int:
    """Return an instant as microseconds since 1970 UTC, which it may be already.

    >>> microseconds(dt.datetime(1970, 1, 1, 1, tzinfo=dt.UTC))
    3600000000
    """
    return at if isinstance(at, int) else microseconds_of(at, "at")
