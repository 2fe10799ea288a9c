"""What does each distributor owe after every transaction, and what is it told on the way? Balances and events in columns."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any, Final, Generic

import attrs
import narwhals.stable.v2 as nw
import polars as pl

from distbilling.modelling.arithmetic.worksheet import Worksheet
from distbilling.modelling.book.book import Book
from distbilling.modelling.engines import Frame
from distbilling.modelling.reading.columns import KINDS
from distbilling.modelling.reading.sums import check_sums
from distbilling.modelling.reading.transactions import Transactions, read
from distbilling.modelling.settlement import shares
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.modelling.tables.limits import UNLIMITED, Watches, watches_of
from distbilling.money import Money, from_units
from distbilling.money.exact import plain
from distbilling.periods.instant import instant_at, microseconds_of
from distbilling.rules.credit.credit_watch import CreditFacts, CreditStanding, evaluate
from distbilling.rules.credit.notices import (
    CreditThresholdCleared,
    CreditThresholdCrossed,
    DistributorResumed,
    DistributorSuspended,
    Notice,
)
from distbilling.rules.ledger.journal import EntryKind
from distbilling.rules.parties import Distributor

__all__ = ["Exposure", "exposed", "exposure"]

_ORDER: Final = ("at_us", "transaction")


@attrs.frozen(eq=False)
class Exposure(Generic[Frame]):
    """What distributors owe after each transaction (``balances``), and what they are told (``events``), both as frames.

    ``balances`` has ``distributor``, ``transaction``, ``at``, ``adds``, ``owed`` and ``limit``, the
    least debt that suspends at that instant (null for none). ``events`` has ``distributor``,
    ``at``, ``transaction``, ``event`` (``warning``, ``warning_over``, ``suspended`` or
    ``resumed``), ``threshold``, ``limit``, ``owed`` and the notice's ``key``. Threshold and limit
    are text, in units of the currency, like 900.009; null where the event is not about one. Other
    amounts are whole minor units of ``currency``. An event without a transaction came with the
    distributor's creation.
    """

    balances: Frame
    events: Frame


def exposure(transactions: Frame, book: Book, *, decimals: int | None = None) -> Exposure[Frame]:
    """Return the running balance of every distributor and its warnings, their ends, suspensions and resumptions.

    The columns find the transactions at which something can change; what is told there the scalar
    state machine decides, from the distributor's creation on, so that events and keys are those
    that a platform sends. It is asked at each transaction and never between two, as a limit that
    ends at night is noticed at the first entry of the morning.

    Raises:
        InvalidType, InvalidValue, InvalidFields: as :func:`settle`.

    Source: rulebook R20, R21, R22, R23, R24, as
    :func:`distbilling.rules.credit.credit_watch.evaluate`.

    >>> import polars as pl
    >>> from distbilling.testing.stage import distributor
    >>> march = 1_772_700_000_000_000
    >>> paid = pl.DataFrame(
    ...     {"transaction": [1], "distributor": ["hudson"], "kind": ["payment"], "at": [march], "amount": [100_001]}
    ... )
    >>> checked = exposure(paid, Book.of(distributor("hudson")))
    >>> checked.balances["owed"].to_list(), checked.events["key"].to_list()
    ([90001], ['hudson/threshold-500/1', 'hudson/threshold-900/2'])
    """
    checked = read(transactions, BookTables(book), decimals)
    rows, _ = shares(checked)
    return exposed(checked, rows)


def exposed(transactions: Transactions, rows: nw.LazyFrame[Any]) -> Exposure[Any]:
    """Return the exposure that shares lead to, as :func:`exposure` tells it."""
    engine, distributors = transactions.engine, transactions.tables.distributors
    watched = engine.kept(_watched(transactions, rows, watches_of(distributors)))
    changing = watched.filter(nw.col("changes")).select(
        "party", "transaction", "kind_no", "at_us", "owed"
    )
    events = _events(distributors, engine.rows(changing.sort("party", *_ORDER)))
    limit = nw.when(nw.col("limit") != UNLIMITED).then(nw.col("limit"))
    balances = watched.join(transactions.tables.names.on(engine), on="party", how="left")
    balances = engine.instants(balances.with_columns(limit=limit, at=nw.col("at_us")), "at")
    columns = ("distributor", "currency", "transaction", "at", "adds", "owed", "limit")
    told = engine.instants(engine.from_rows(events), "at")
    return Exposure(engine.handed_back(balances.select(*columns)), engine.handed_back(told))


def _watched(
    transactions: Transactions, rows: nw.LazyFrame[Any], watches: Watches
) -> nw.LazyFrame[Any]:
    """Return shares with what is ``owed`` after each, the ``limit``, and whether anything ``changes`` that is to be told."""
    check_sums(transactions)
    rows = rows.select("party", "transaction", "kind_no", "at_us", "adds")
    engine = transactions.engine
    rows = rows.join(watches.limits.on(engine), on="party", how="left")
    rows = rows.join(watches.marks.on(engine), on="party", how="left")
    owed = nw.col("adds").cum_sum().over("party", order_by=_ORDER).cast(nw.Int64())
    sheet = Worksheet(engine, rows.with_columns(owed=owed))
    owed, limit = nw.col("owed"), nw.col("limit_0")
    for turn in range(watches.turns):
        limit = (
            nw.when(nw.col("at_us") >= nw.col(f"turn_{turn}"))
            .then(nw.col(f"limit_{turn + 1}"))
            .otherwise(limit)
        )
    limit = sheet.let(limit)
    zone = _zone(sheet, watches, owed, limit)
    changes = (zone != _zone(sheet, watches, owed - nw.col("adds"), limit)) | (
        owed > nw.col("always")
    )
    rows = sheet.done(limit=limit, zone=zone, changes=changes | (nw.col("kind_no") == _OPENING))
    if watches.turns:
        before = nw.col("zone").shift(1).over("party", order_by=_ORDER)
        rows = rows.with_columns(
            changes=nw.col("changes") | before.is_null() | (nw.col("zone") != before)
        )
    return rows.select(
        "party", "transaction", "kind_no", "at_us", "adds", "owed", "limit", "changes"
    )


def _zone(sheet: Worksheet, watches: Watches, owed: nw.Expr, limit: nw.Expr) -> nw.Expr:
    """Return a number that tells between which marks a debt lies, and whether it reaches the limit."""
    owed = sheet.let(owed)
    beyond = [
        nw.when(owed > nw.col(f"mark_{mark}")).then(nw.lit(1, nw.Int64())).otherwise(0)
        for mark in range(watches.cuts)
    ]
    beyond.append(nw.when(owed >= limit).then(nw.lit(_SUSPENDED, nw.Int64())).otherwise(0))
    if any(watches.marks.columns["times"]):
        over = sheet.let(
            nw.when(owed > nw.col("further")).then(owed - nw.col("further") - 1).otherwise(0)
        )
        steps = sheet.let(sheet.divided(over, nw.col("step")))
        beyond.append(nw.when(steps > nw.col("times")).then(nw.col("times")).otherwise(steps))
    return sheet.let(reduce(lambda first, second: first + second, beyond))


_SUSPENDED: Final = 2**32
"""What being suspended adds to the number of a zone, which is below it."""


def _events(distributors: tuple[Distributor, ...], rows: pl.DataFrame) -> pl.DataFrame:
    """Return what the state machine tells at these rows, and when each distributor is created.

    One whose first entry is an opening balance, booked as it is created, is first looked at after
    that.
    """
    standings: dict[int, CreditStanding] = {}
    told: list[dict[str, Any]] = []
    opened = frozenset(rows.filter(pl.col("kind_no") == _OPENING).select("party", "at_us").rows())
    for party, distributor in enumerate(distributors):
        created = microseconds_of(distributor.created, "created")
        standings[party] = CreditStanding.new(distributor.id)
        if (party, created) not in opened:
            told += _told(standings, party, distributor, None, created, 0)
    for party, transaction, at, owed in rows.select(
        "party", "transaction", "at_us", "owed"
    ).iter_rows():
        told += _told(standings, party, distributors[int(party)], transaction, at, owed)
    schema = {**_EVENTS, "transaction": rows.schema["transaction"]}
    return pl.DataFrame(told, schema=schema).sort("at", maintain_order=True)


def _told(  # noqa: PLR0913, PLR0917 - the facts of one evaluation
    standings: dict[int, CreditStanding],
    party: int,
    distributor: Distributor,
    transaction: object,
    at: int,
    owed: int,
) -> Iterator[dict[str, Any]]:
    currency = distributor.currency
    digits = currency.digits or 0
    instant = instant_at(at, "UTC")
    facts = CreditFacts(from_units(owed, digits, currency), instant, distributor.limit_at(instant))
    standings[party], notices = evaluate(distributor.credit, standings[party], facts)
    for notice in notices:
        event, threshold, limit = _named(notice)
        yield {
            "distributor": distributor.id,
            "currency": currency.code,
            "at": at,
            "transaction": transaction,
            "event": event,
            "threshold": None if threshold is None else plain(threshold.amount),
            "owed": owed,
            "limit": None if limit is None else plain(limit.amount),
            "key": notice.key,
        }


def _named(notice: Notice) -> tuple[str, Money | None, Money | None]:
    """Return what a notice is called here, its threshold and its limit, where it has one."""
    match notice:
        case CreditThresholdCrossed():
            return "warning", notice.threshold, None
        case CreditThresholdCleared():
            return "warning_over", notice.threshold, None
        case DistributorSuspended():
            return "suspended", None, notice.limit
        case DistributorResumed():
            return "resumed", None, notice.limit if isinstance(notice.limit, Money) else None
        case _:
            raise AssertionError(notice)


_OPENING: Final = KINDS.index(EntryKind.OPENING_BALANCE.value)
_EVENTS: Final = {
    "distributor": pl.String(),
    "currency": pl.String(),
    "at": pl.Int64(),
    "transaction": pl.Int64(),
    "event": pl.String(),
    "threshold": pl.String(),
    "owed": pl.Int64(),
    "limit": pl.String(),
    "key": pl.String(),
}
