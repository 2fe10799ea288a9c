"""What happened in each billing period of each distributor? Statements, from opening to closing, in columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import narwhals.stable.v2 as nw

from distbilling.modelling.billing_periods import PERIOD, in_periods
from distbilling.modelling.book.book import Book
from distbilling.modelling.engines import Frame
from distbilling.modelling.reading.columns import CORRECTION, KINDS, REVERSALS
from distbilling.modelling.reading.sums import check_sums
from distbilling.modelling.reading.transactions import Transactions, read
from distbilling.modelling.settlement import shares
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.rules.ledger.journal import EntryKind

__all__ = ["stated", "statements"]

TOTALS: Final[Mapping[str, tuple[str, ...]]] = {
    "brought_forward": (EntryKind.OPENING_BALANCE.value,),
    "collected": (EntryKind.PAYMENT.value,),
    "sales": (EntryKind.SALE.value,),
    "reversed": REVERSALS,
    "adjusted": (CORRECTION,),
    "remitted": (EntryKind.REMITTANCE.value,),
}
"""The totals of a statement by the kinds of transactions whose turnover they sum."""
_TAKEN_OFF: Final = ("reversed", "remitted")


def statements(transactions: Frame, book: Book, *, decimals: int | None = None) -> Frame:
    """Return one row for each distributor and billing period in which something was booked, in a frame of the kind given.

    ``closing`` = ``opening`` + ``brought_forward`` + ``collected`` + ``sales`` - ``reversed`` + ``adjusted`` - ``commission``
    - ``remitted``, in whole minor units of ``currency``. ``period_start`` is inclusive, ``period_end`` exclusive, in UTC; the
    first period of a distributor starts when it was created. The opening of the first period is zero.

    Raises:
        InvalidType, InvalidValue, InvalidFields: as :func:`settle`.

    Source: rulebook R33, R34, R39, as :func:`distbilling.rules.ledger.statement.statement_of`.

    >>> import polars as pl
    >>> from distbilling.testing.stage import distributor
    >>> march = 1_772_700_000_000_000
    >>> sold = pl.DataFrame(
    ...     {"transaction": [1], "distributor": ["hudson"], "kind": ["payment"], "at": [march], "amount": [1001]}
    ... )
    >>> statements(sold, Book.of(distributor("hudson"))).select("collected", "commission", "closing").row(0)
    (1001, 100, 901)
    """
    checked = read(transactions, BookTables(book), decimals)
    rows, _ = shares(checked)
    answer: Frame = checked.engine.handed_back(stated(checked, rows))
    return answer


def stated(transactions: Transactions, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the statements of shares as :func:`statements` tells them."""
    engine = transactions.engine
    told = _added_up(transactions, rows).join(
        transactions.tables.names.on(engine), on="party", how="left"
    )
    told = engine.instants(
        told.rename({"start_us": "period_start", "end_us": "period_end"}),
        "period_start",
        "period_end",
    )
    return told.select(
        "distributor",
        "currency",
        "period_start",
        "period_end",
        "opening",
        "brought_forward",
        "collected",
        "sales",
        "reversed",
        "adjusted",
        "commission",
        "remitted",
        "closing",
    ).sort("distributor", "period_start")


def _added_up(transactions: Transactions, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the statements in numbers: parties by number, instants in microseconds since 1970 UTC."""
    check_sums(transactions)
    booked = in_periods(transactions, rows).select(*PERIOD, "kind_no", "adds", "credited")
    by_kind = booked.group_by(*PERIOD, "kind_no").agg(
        nw.col("adds").sum().cast(nw.Int64()), nw.col("credited").sum().cast(nw.Int64())
    )
    totals = {
        name: _turnover(kinds, taken_off=name in _TAKEN_OFF) for name, kinds in TOTALS.items()
    }
    by_period = (
        by_kind.with_columns(**totals)
        .group_by(*PERIOD)
        .agg(*(nw.col(name).sum().cast(nw.Int64()) for name in (*totals, "adds", "credited")))
    )
    closing = nw.col("adds").cum_sum().over("party", order_by="start_us").cast(nw.Int64())
    stands = by_period.with_columns(closing=closing).rename({"credited": "commission"})
    return stands.with_columns(opening=nw.col("closing") - nw.col("adds"))


def _turnover(kinds: tuple[str, ...], *, taken_off: bool) -> nw.Expr:
    turnover = nw.col("adds") + nw.col("credited")
    signed = -turnover if taken_off else turnover
    return (
        nw.when(nw.col("kind_no").is_in([KINDS.index(kind) for kind in kinds]))
        .then(signed)
        .otherwise(0)
    )
