"""The sums of all amounts of each distributor, which no balance, total or volume exceeds."""

from __future__ import annotations

from typing import Final

import narwhals.stable.v2 as nw

from distbilling.errors import InvalidValue, raise_all
from distbilling.modelling.arithmetic.pieces import in_pieces, whole_of
from distbilling.modelling.reading.transactions import Transactions

__all__ = ["LARGEST_SUM", "check_sums", "largest_sum"]

LARGEST_SUM: Final = 2**63 - 1
"""What a column holds at most, in minor units."""


def largest_sum(transactions: Transactions) -> int:
    """Return what no sum of amounts of one distributor and all below it exceeds, in minor units.

    >>> import polars as pl
    >>> from distbilling.modelling.book.book import Book
    >>> from distbilling.modelling.tables.book_tables import BookTables
    >>> from distbilling.modelling.reading.transactions import read
    >>> from distbilling.testing.sample_data import distributor
    >>> paid = pl.DataFrame({"transaction": 1, "distributor": "hudson", "kind": "payment",
    ...     "at": 1_772_700_000_000_000, "amount": 1001})
    >>> largest_sum(read(paid, BookTables(Book.of(distributor("hudson"))))) >= 1001
    True
    """
    total = transactions.census.total
    return total if total <= LARGEST_SUM else max(_sums(transactions).values())


def check_sums(transactions: Transactions) -> None:
    """Refuse transactions of which a distributor, with all below it, has more than a column sums.

    Raises:
        InvalidValue, InvalidFields: the amounts of a distributor add up to more than 2**63 - 1
            minor units.

    Source: rulebook R49.
    """
    if transactions.census.total <= LARGEST_SUM:
        return
    accepted = (
        "transactions whose amounts, with those of all below it, add up to at most "
        f"{LARGEST_SUM} minor units"
    )
    raise_all(
        InvalidValue(f"distributor {name!r}", total, accepted)
        for name, total in _sums(transactions).items()
        if total > LARGEST_SUM
    )


def _sums(transactions: Transactions) -> dict[str, int]:
    """Return the sum of all amounts of each distributor and of those below it.

    Discounts are added to the amounts, signs are left out.
    """
    tables, base = transactions.tables, nw.col("amount").abs()
    if transactions.has("discount"):
        base += nw.col("discount").fill_null(0)
    pieces, left = in_pieces(nw.col("base"))
    rows = transactions.frame.select("party", base=base).select("party", pieces=pieces, left=left)
    by_party = rows.group_by("party").agg(nw.col("pieces", "left").sum().cast(nw.Int64()))

    sums = {
        distributor.id: transactions.census.rescaled_discounts
        for distributor in tables.distributors
    }
    for party, pieces_sum, left_sum in transactions.engine.rows(
        by_party.select("party", "pieces", "left")
    ).iter_rows():
        for member in tables.book.chain(tables.distributors[int(party)].id):
            sums[member.id] += whole_of(pieces_sum, left_sum)
    return sums
