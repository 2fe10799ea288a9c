"""Results for spreadsheets: amounts in major units, and instants as ISO 8601 in UTC."""

from __future__ import annotations

from typing import Final

import polars

from distbilling.modelling import Book

__all__ = ["for_spreadsheets"]

_NO_AMOUNTS: Final = frozenset({"transaction", "chance_of_limit"})
_DIGITS: Final = "digits of the currency"


def for_spreadsheets(frame: polars.DataFrame, book: Book) -> polars.DataFrame:
    """Return a table of results as text: whole minor units become amounts like -9.00.

    The currency is that of the row's distributor.

    >>> from distbilling.testing.sample_data import distributor
    >>> statements = polars.DataFrame({"distributor": ["hudson"], "closing": [-905]})
    >>> for_spreadsheets(statements, Book.of(distributor("hudson")))["closing"].to_list()
    ['-9.05']
    """
    digits = polars.DataFrame(
        [(each.id, each.currency.digits) for each in book.distributors],
        schema={"distributor": polars.String, _DIGITS: polars.Int64},
        orient="row",
    )
    columns = [
        _amount(name) if dtype.is_integer() and name not in _NO_AMOUNTS else _text(name, dtype)
        for name, dtype in frame.schema.items()
    ]
    return frame.join(digits, on="distributor", how="left", maintain_order="left").select(columns)


def _amount(name: str) -> polars.Expr:
    amount, digits = polars.col(name), polars.col(_DIGITS)
    # A text with its zeros in front is cut before its last digits: no power of ten overflows.
    figures = amount.abs().cast(polars.String).str.zfill(digits + 1)
    whole, part = figures.str.head(-digits), figures.str.tail(digits)
    sign = polars.when(amount < 0).then(polars.lit("-")).otherwise(polars.lit(""))
    whole = polars.when(digits == 0).then(figures).otherwise(whole)
    point = (
        polars.when(digits == 0)
        .then(polars.lit(""))
        .otherwise(polars.concat_str(polars.lit("."), part))
    )
    return polars.concat_str(sign, whole, point).alias(name)


def _text(name: str, dtype: polars.DataType) -> polars.Expr:
    if isinstance(dtype, polars.Datetime):
        return polars.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")
    return polars.col(name)
