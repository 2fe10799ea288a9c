"""Statements in columns: what happened in each billing period, from opening to closing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import narwhals.stable.v2 as nw

from distbilling.modelling.billing_periods import NAMES, PERIOD, in_periods, with_names
from distbilling.modelling.book.book import Book
from distbilling.modelling.engines import Frame
from distbilling.modelling.reading.columns import CORRECTION, KINDS, REVERSALS
from distbilling.modelling.reading.sums import check_sums
from distbilling.modelling.reading.transactions import Transactions, read
from distbilling.modelling.settlement import shares_of
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.rules.ledger.journal import EntryKind
from distbilling.rules.ledger.statement import FIGURES

__all__ = ["statements", "statements_of"]

_TURNOVER: Final[Mapping[str, tuple[str, ...]]] = {
    "brought_forward": (EntryKind.OPENING_BALANCE.value,),
    "collected": (EntryKind.PAYMENT.value,),
    "sales": (EntryKind.SALE.value,),
    "reversed": REVERSALS,
    "adjusted": (CORRECTION,),
    "remitted": (EntryKind.REMITTANCE.value,),
}
"""The figures of a statement by the kinds of transactions whose turnover they sum."""
_TAKEN_OFF: Final = ("reversed", "remitted")


def statements(transactions: Frame, book: Book, *, decimals: int | None = None) -> Frame:
    """Return one row for each distributor and billing period in which something was booked.

    ``closing`` = ``opening`` + ``brought_forward`` + ``collected`` + ``sales`` - ``reversed`` +
    ``adjusted`` - ``commission`` - ``remitted``, in whole minor units of ``currency``.
    ``period_start`` is inclusive, ``period_end`` exclusive, in UTC; the first period of a
    distributor starts when it was created. The opening of the first period is zero. The frame is of
    the kind given; what is given is as for :func:`settle`.

    Raises:
        InvalidType, InvalidValue, InvalidFields: as :func:`settle`.

    Source: rulebook R33, R34, R39, as :func:`distbilling.rules.ledger.statement.statement_of`.

    >>> import polars as pl
    >>> from distbilling.testing.sample_data import distributor
    >>> paid = pl.DataFrame({"transaction": 1, "distributor": "hudson", "kind": "payment",
    ...     "at": 1_772_700_000_000_000, "amount": 1001})
    >>> march = statements(paid, Book.of(distributor("hudson")))
    >>> march.select("collected", "commission", "closing").row(0)
    (1001, 100, 901)
    """
    checked = read(transactions, BookTables(book), decimals)
    shares, _ = shares_of(checked)
    answer: Frame = checked.engine.handed_back(statements_of(checked, shares))
    return answer


def statements_of(transactions: Transactions, shares: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the statements of shares as :func:`statements` does."""
    rows = with_names(transactions, _by_period(transactions, shares))
    return rows.select(*NAMES, *FIGURES).sort("distributor", "period_start")


def _by_period(transactions: Transactions, shares: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the statements in numbers: parties by number, instants in microseconds."""
    check_sums(transactions)
    booked = in_periods(transactions, shares).select(*PERIOD, "kind_no", "adds", "credited")
    by_kind = booked.group_by(*PERIOD, "kind_no").agg(*map(_sum, ("adds", "credited")))

    turnover = {name: _turnover_of(name) for name in _TURNOVER}
    sums = [_sum(name) for name in (*turnover, "adds", "credited")]
    rows = by_kind.with_columns(**turnover).group_by(*PERIOD).agg(*sums)

    closing = nw.col("adds").cum_sum().over("party", order_by="start_us").cast(nw.Int64())
    rows = rows.with_columns(closing=closing).rename({"credited": "commission"})
    return rows.with_columns(opening=nw.col("closing") - nw.col("adds"))


def _turnover_of(figure: str) -> nw.Expr:
    turnover = nw.col("adds") + nw.col("credited")
    signed = -turnover if figure in _TAKEN_OFF else turnover
    kinds = [KINDS.index(kind) for kind in _TURNOVER[figure]]
    return nw.when(nw.col("kind_no").is_in(kinds)).then(signed).otherwise(0)


def _sum(column: str) -> nw.Expr:
    return nw.col(column).sum().cast(nw.Int64())
