"""Can columns hold the sums of all amounts of a distributor? What no balance, no total and no volume gets above."""

from __future__ import annotations

from typing import Final

import narwhals.stable.v2 as nw

from distbilling.errors import InvalidValue, raise_all
from distbilling.modelling.arithmetic.worksheet import Worksheet
from distbilling.modelling.reading.transactions import Transactions

__all__ = ["LARGEST_SUM", "check_sums", "largest_sum"]

LARGEST_SUM: Final = 2**63 - 1
"""What a column holds at most, in minor units."""
_PIECE: Final = 2**32


def largest_sum(transactions: Transactions) -> int:
    """Return what no sum of amounts of one distributor and of all below it is above, in minor units.

    >>> import polars as pl
    >>> from distbilling.modelling.book.book import Book
    >>> from distbilling.modelling.tables.book_tables import BookTables
    >>> from distbilling.modelling.reading.transactions import read
    >>> from distbilling.testing.stage import distributor
    >>> march = 1_772_700_000_000_000
    >>> paid = pl.DataFrame(
    ...     {"transaction": [1], "distributor": ["hudson"], "kind": ["payment"], "at": [march], "amount": [1001]}
    ... )
    >>> largest_sum(read(paid, BookTables(Book.of(distributor("hudson"))))) >= 1001
    True
    """
    return (
        transactions.census.total
        if transactions.census.total <= LARGEST_SUM
        else max(_sums(transactions).values())
    )


def check_sums(transactions: Transactions) -> None:
    """Refuse transactions of which some distributor, with all below it, has more than a column can sum.

    Raises:
        InvalidValue, InvalidFields: the amounts of a distributor add up to more than 2**63 - 1
            minor units.

    Source: rulebook R49.
    """
    if transactions.census.total > LARGEST_SUM:
        accepted = f"transactions whose amounts, with those of all below it, add up to at most {LARGEST_SUM} minor units"
        raise_all(
            InvalidValue(f"distributor {name!r}", total, accepted)
            for name, total in _sums(transactions).items()
            if total > LARGEST_SUM
        )


def _sums(transactions: Transactions) -> dict[str, int]:
    """Return the sum of all amounts of each distributor and of those below it, with their discounts and without signs."""
    amount = nw.col("amount").abs()
    base = amount + nw.col("discount").fill_null(0) if transactions.has("discount") else amount
    sheet = Worksheet(transactions.engine, transactions.frame.select("party", base=base))
    pieces = sheet.let(sheet.divided(nw.col("base"), _PIECE))
    rows = sheet.done(pieces=pieces, rest=nw.col("base") - pieces * _PIECE)
    summed = rows.group_by("party").agg(nw.col("pieces", "rest").sum().cast(nw.Int64()))
    tables = transactions.tables
    sums = {each.id: 0 for each in tables.distributors}
    for party, pieces_of, rest_of in transactions.engine.rows(
        summed.select("party", "pieces", "rest")
    ).iter_rows():
        for member in tables.book.chain(tables.distributors[int(party)].id):
            sums[member.id] += pieces_of * _PIECE + rest_of
    return sums
