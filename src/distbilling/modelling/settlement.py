"""Who earned and who owes what by each transaction? Sales, payments, what takes them back, and cash, at every level."""

from __future__ import annotations

from typing import Any, Final

import narwhals.stable.v2 as nw

from distbilling.modelling.book.book import Book
from distbilling.modelling.earning.earnings import earnings
from distbilling.modelling.earning.valuations import valuations
from distbilling.modelling.earning.versions import reversed_parts
from distbilling.modelling.engines import Frame
from distbilling.modelling.reading.columns import CASH, CORRECTION, KINDS, kind_number
from distbilling.modelling.reading.transactions import Transactions, read
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.modelling.tables.tables import Table
from distbilling.rules.agreement.rates import RateInForce
from distbilling.rules.ledger.journal import EntryKind

__all__ = ["settle", "settled", "shares"]

SHARES: Final = (
    "transaction",
    "kind_no",
    "at_us",
    "seller",
    "party",
    "level",
    "amount",
    "base",
    "earned",
    "owed",
    "credited",
    "adds",
    "rate",
)
"""What a share consists of, in numbers: kinds and parties by number, instants in microseconds, amounts in minor units."""
_VERSION: Final = ["of", "party", "version"]


def settle(transactions: Frame, book: Book, *, decimals: int | None = None) -> Frame:
    """Return one row for each transaction and level of its chain, in a frame of the kind that was given.

    Amounts are whole minor units of ``currency``. ``amount`` is what the transaction adds before
    commission, below zero where something is given back or remitted; ``earned`` is the level's own,
    ``owed`` the amount less what it and those below it earn. ``credited`` is the commission that is
    taken off now: none where that is done at settlement, until a row of kind ``commission`` does
    it. ``adds`` is what the transaction adds to the level's debt. ``rate`` and ``origin`` tell
    which rate counted; they are empty where nothing is earned. A reversal takes back in proportion
    what its original gave.

    Order of events: by ``at``, then ``transaction``. The order of the rows is not promised.

    Raises:
        InvalidType, InvalidValue, InvalidFields: what was given is no frame of transactions, or has
            rows that are not accepted; all is told at once, by row and column, before anything is
            computed.

    Source: rulebook R4, R7, R8, R11, R12, R13, R14, R15, R16, R17, R18, R19.

    >>> import polars as pl
    >>> from distbilling.testing.stage import distributor
    >>> march = 1_772_700_000_000_000
    >>> sold = pl.DataFrame(
    ...     {"transaction": [1], "distributor": ["hudson"], "kind": ["payment"], "at": [march], "amount": [1001]}
    ... )
    >>> settle(sold, Book.of(distributor("hudson"))).select("earned", "owed", "rate").row(0)
    (100, 901, '10%')
    """
    checked = read(transactions, BookTables(book), decimals)
    answer: Frame = checked.engine.handed_back(settled(checked, *shares(checked)))
    return answer


def settled(
    transactions: Transactions, rows: nw.LazyFrame[Any], in_force: tuple[RateInForce, ...]
) -> nw.LazyFrame[Any]:
    """Return shares as :func:`settle` tells them: with names for numbers, and rates in words."""
    tables, engine = transactions.tables, transactions.engine
    rates = [
        (number, rate.schedule.format(), rate.origin.level.value)
        for number, rate in enumerate(in_force)
    ]
    told = Table.of_rows(("rate", "told", "origin"), [*rates, (-1, "", "")], "told", "origin").on(
        engine
    )
    kinds = Table.of_rows(("kind_no", "kind"), enumerate(KINDS), "kind").on(engine)
    known = tables.names.on(engine)
    sellers = known.select(
        nw.col("party").alias("seller_no"), nw.col("distributor").alias("seller")
    )
    rows = (
        rows.rename({"seller": "seller_no"})
        .join(told, on="rate", how="left")
        .join(known, on="party", how="left")
    )
    rows = rows.join(sellers, on="seller_no", how="left").join(kinds, on="kind_no", how="left")
    return engine.instants(rows.with_columns(at=nw.col("at_us")), "at").select(
        "transaction",
        "at",
        "kind",
        "distributor",
        "seller",
        "level",
        "currency",
        "amount",
        "base",
        "earned",
        "owed",
        "credited",
        "adds",
        nw.col("told").alias("rate"),
        "origin",
    )


def shares(transactions: Transactions) -> tuple[nw.LazyFrame[Any], tuple[RateInForce, ...]]:
    """Return the shares of all transactions, in numbers, and the rates that their ``rate`` counts (-1 for none).

    Source: rulebook R15, R16, R17.
    """
    valued, in_force = earnings(transactions, valuations(transactions))
    trades = valued.filter(nw.col("version") == 0) if transactions.census.amendments else valued
    parts = [_share(trades), _cash(transactions)]
    if transactions.census.amendments:
        parts += [_share(_corrections(valued)), _share(_reversals(transactions, valued))]
    return nw.concat(parts), in_force


def _share(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return rows as shares: where commission is settled later, all of the amount is owed until then."""
    later = nw.col("at_settlement") == 1
    rows = rows.with_columns(
        credited=nw.when(later).then(0).otherwise(nw.col("earned")),
        adds=nw.when(later).then(nw.col("amount")).otherwise(nw.col("owed")),
    )
    return rows.select(*SHARES)


def _cash(transactions: Transactions) -> nw.LazyFrame[Any]:
    """Return what concerns one distributor alone: remittances, opening balances, commission that is credited."""
    rows = transactions.frame.filter(nw.col("kind").is_in(CASH))
    is_opening, is_credit = (
        nw.col("kind") == kind.value for kind in (EntryKind.OPENING_BALANCE, EntryKind.COMMISSION)
    )
    amount, zero = nw.col("amount"), nw.lit(0, nw.Int64())
    adds = nw.when(is_opening).then(amount).otherwise(-amount)
    rows = rows.with_columns(
        kind_no=kind_number(CASH),
        seller=nw.col("party"),
        level=zero,
        base=zero,
        rate=nw.lit(-1, nw.Int64()),
        earned=zero,
        owed=adds,
        adds=adds,
        credited=nw.when(is_credit).then(amount).otherwise(0),
    )
    return rows.with_columns(amount=nw.col("adds") + nw.col("credited")).select(*SHARES)


def _corrections(valued: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return what each correction changes, at every level: how it stands now less how it stood before.

    Source: rulebook R15, as :func:`distbilling.rules.chain.reversal.corrected`.
    """
    before = valued.select(
        "of",
        "party",
        (nw.col("version") + 1).alias("version"),
        *(nw.col(name).alias(f"{name}_before") for name in ("amount", "base", "earned", "owed")),
    )
    changed = valued.filter(nw.col("version") > 0).join(before, on=_VERSION, how="inner")
    changes = {
        name: nw.col(name) - nw.col(f"{name}_before")
        for name in ("amount", "base", "earned", "owed")
    }
    return changed.with_columns(
        **changes, kind_no=nw.lit(KINDS.index(CORRECTION), nw.Int64()), at_us=nw.col("booked_us")
    )


def _reversals(transactions: Transactions, valued: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return what each reversal takes back, at every level, of what its original gave.

    Source: rulebook R15, as :func:`distbilling.rules.chain.reversal.claw_back`.
    """
    kept = ("seller", "party", "level", "at_settlement", "rate")
    rows = reversed_parts(
        transactions, valued, ("earned",), transactions.tables.methods, keeping=kept
    ).with_columns(
        transaction=nw.col("reversal"),
        kind_no=nw.col("reversed_as"),
        at_us=nw.col("reversed_us"),
        amount=-nw.col("back"),
        base=-nw.col("back"),
        earned=-nw.col("earned"),
    )
    earned = nw.col("earned")
    if not transactions.tables.book.is_flat:
        earned = earned.cum_sum().over("transaction", order_by="level").cast(nw.Int64())
    return rows.with_columns(owed=nw.col("amount") - earned)
