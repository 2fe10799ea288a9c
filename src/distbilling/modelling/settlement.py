"""Settlement: who earns and who owes what by each transaction, at every level of a chain."""

from __future__ import annotations

from typing import Any, Final

import narwhals.stable.v2 as nw

from distbilling.modelling.book.book import Book
from distbilling.modelling.earning.earnings import earnings
from distbilling.modelling.earning.valuations import valuations
from distbilling.modelling.earning.versions import changed, reversed_parts
from distbilling.modelling.engines import Frame
from distbilling.modelling.reading.columns import CASH, CORRECTION, KINDS, kind_number
from distbilling.modelling.reading.transactions import Transactions, read
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.modelling.tables.tables import Table
from distbilling.rules.agreement.rates import RateInForce
from distbilling.rules.ledger.journal import EntryKind

__all__ = ["settle", "settlement_of", "shares_of"]

_FIGURES: Final = ("amount", "base", "earned", "owed", "credited", "adds", "rate")
_SHARE: Final = ("transaction", "kind_no", "at_us", "seller", "party", "level", *_FIGURES)
"""The columns of a share, all numbers: instants in microseconds, amounts in minor units."""
_NAMES: Final = ("transaction", "at", "kind", "distributor", "seller", "level", "currency")
_SETTLED: Final = (*_NAMES, *_FIGURES, "origin")
"""The columns that people read, from left to right."""


def settle(transactions: Frame, book: Book, *, decimals: int | None = None) -> Frame:
    """Return one row for each transaction and level of its chain, in a frame of the kind given.

    Amounts are whole minor units of ``currency``. ``amount`` is what the transaction adds before
    commission, below zero where something is given back or remitted; ``earned`` is the level's own,
    ``owed`` the amount less what it and those below it earn. ``credited`` is the commission that is
    taken off now: none where that is done at settlement, until a row of kind ``commission`` does
    it. ``adds`` is what the transaction adds to the level's debt. ``rate`` and ``origin`` say which
    rate counted; they are empty where nothing is earned. A reversal takes back in proportion what
    its original gave.

    Order of events: by ``at``, then ``transaction``. The order of the rows is not promised.

    Args:
        transactions: a frame with ``transaction`` (a key), ``distributor``, ``kind``, ``at`` and
            ``amount``, and what else the terms ask for.
        book: the distributors and their terms.
        decimals: how many decimals whole numbers of amounts have, if they are not minor units.

    Raises:
        InvalidType, InvalidValue, InvalidFields: it is no frame of transactions, or has rows that
            are not accepted; all of them are named at once, by row and column, before anything is
            computed.

    Source: rulebook R4, R7, R8, R11, R12, R13, R14, R15, R16, R17, R18, R19.

    >>> import polars as pl
    >>> from distbilling.testing.sample_data import distributor
    >>> paid = pl.DataFrame({"transaction": 1, "distributor": "hudson", "kind": "payment",
    ...     "at": 1_772_700_000_000_000, "amount": 1001})
    >>> settle(paid, Book.of(distributor("hudson"))).select("earned", "owed", "rate").row(0)
    (100, 901, '10%')
    """
    checked = read(transactions, BookTables(book), decimals)
    shares, in_force = shares_of(checked)
    answer: Frame = checked.engine.handed_back(settlement_of(checked, shares, in_force))
    return answer


def settlement_of(
    transactions: Transactions, shares: nw.LazyFrame[Any], in_force: tuple[RateInForce, ...]
) -> nw.LazyFrame[Any]:
    """Return shares as :func:`settle` does: with names for numbers, and rates in words."""
    engine, parties = transactions.engine, transactions.tables.names.on(transactions.engine)
    sellers = parties.select(
        nw.col("party").alias("seller_no"), nw.col("distributor").alias("seller")
    )
    kinds = Table.of_rows(("kind_no", "kind"), enumerate(KINDS), "kind")

    rows = shares.rename({"seller": "seller_no", "rate": "rate_no"})
    rows = rows.join(_rates_in_words(in_force).on(engine), on="rate_no", how="left")
    rows = rows.join(parties, on="party", how="left")
    rows = rows.join(sellers, on="seller_no", how="left")
    rows = rows.join(kinds.on(engine), on="kind_no", how="left")
    return engine.instants(rows.rename({"at_us": "at"}), "at").select(*_SETTLED)


def shares_of(
    transactions: Transactions,
) -> tuple[nw.LazyFrame[Any], tuple[RateInForce, ...]]:
    """Return the shares of all transactions, in numbers, and the rates in force.

    The ``rate`` of a share is the place of one of these, -1 for none.

    Source: rulebook R15, R16, R17.
    """
    valued, in_force = earnings(transactions, valuations(transactions))
    cash = _cash(transactions)
    if not transactions.census.amendments:
        return nw.concat([_share(valued), cash]), in_force

    trades = valued.filter(nw.col("version") == 0)
    amendments = [_corrections(valued), _reversals(transactions, valued)]
    return nw.concat([_share(trades), cash, *map(_share, amendments)]), in_force


def _rates_in_words(in_force: tuple[RateInForce, ...]) -> Table:
    rates = [
        (number, rate.schedule.format(), rate.origin.level.value)
        for number, rate in enumerate(in_force)
    ]
    return Table.of_rows(("rate_no", "rate", "origin"), [*rates, (-1, "", "")], "rate", "origin")


def _share(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return rows as shares: where commission is settled later, all is owed until then."""
    is_later = nw.col("at_settlement") == 1
    return rows.with_columns(
        credited=nw.when(is_later).then(0).otherwise(nw.col("earned")),
        adds=nw.when(is_later).then(nw.col("amount")).otherwise(nw.col("owed")),
    ).select(*_SHARE)


def _cash(transactions: Transactions) -> nw.LazyFrame[Any]:
    """Return the shares that concern one distributor alone.

    These are remittances, opening balances and commission that is credited.
    """
    amount, zero = nw.col("amount"), nw.lit(0, nw.Int64())
    is_opening, is_credit = (
        nw.col("kind") == kind.value for kind in (EntryKind.OPENING_BALANCE, EntryKind.COMMISSION)
    )
    adds = nw.when(is_opening).then(amount).otherwise(-amount)
    credited = nw.when(is_credit).then(amount).otherwise(0)

    rows = transactions.frame.filter(nw.col("kind").is_in(CASH)).with_columns(
        kind_no=kind_number(CASH),
        seller=nw.col("party"),
        level=zero,
        amount=adds + credited,
        base=zero,
        earned=zero,
        owed=adds,
        credited=credited,
        adds=adds,
        rate=nw.lit(-1, nw.Int64()),
    )
    return rows.select(*_SHARE)


def _corrections(valued: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return what each correction changes, at every level.

    Source: rulebook R15, as :func:`distbilling.rules.chain.reversal.corrected`.
    """
    rows = changed(valued, ("amount", "base", "earned", "owed")).filter(nw.col("version") > 0)
    kind_no = nw.lit(KINDS.index(CORRECTION), nw.Int64())
    return rows.with_columns(kind_no=kind_no, at_us=nw.col("booked_us"))


def _reversals(transactions: Transactions, valued: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return what each reversal takes back, at every level, of what its original gave.

    Source: rulebook R15, as :func:`distbilling.rules.chain.reversal.claw_back`.
    """
    tables = transactions.tables
    kept = ("seller", "party", "level", "at_settlement", "rate")
    rows = reversed_parts(transactions, valued, ("earned",), tables.methods, keeping=kept)
    rows = rows.with_columns(
        transaction=nw.col("reversal"),
        kind_no=nw.col("reversed_as"),
        at_us=nw.col("reversed_us"),
        amount=-nw.col("back"),
        base=-nw.col("back"),
        earned=-nw.col("earned"),
    )

    # What a level owes is the amount less what it and all below it earn.
    earned = nw.col("earned")
    if not tables.book.is_flat:
        earned = earned.cum_sum().over("transaction", order_by="level").cast(nw.Int64())
    return rows.with_columns(owed=nw.col("amount") - earned)
