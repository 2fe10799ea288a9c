"""Exposure: what each distributor owes after every transaction, and the notices on the way."""

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
from distbilling.modelling.settlement import shares_of
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

__all__ = ["Exposure", "exposure", "exposure_of"]

_ORDER: Final = ("at_us", "transaction")
_MOVES: Final = ("party", "transaction", "kind_no", "at_us", "adds")
_BALANCES: Final = ("distributor", "currency", "transaction", "at", "adds", "owed", "limit")
_OPENING: Final = KINDS.index(EntryKind.OPENING_BALANCE.value)
_SUSPENDED: Final = 2**32
"""What being suspended adds to the number of a zone, which is below it."""


@attrs.frozen(eq=False)
class Exposure(Generic[Frame]):
    """What distributors owe after each transaction, and the events on the way, both as frames.

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
    """Return the running balance of every distributor, and its warnings and suspensions.

    The columns find the transactions at which something can change; what happens there the scalar
    state machine decides, from the distributor's creation on, so that events and keys are those
    that a platform sends. It is asked at each transaction and never between two, as a limit that
    ends at night is noticed at the first entry of the morning. What is given is as for
    :func:`settle`.

    Raises:
        InvalidType, InvalidValue, InvalidFields: as :func:`settle`.

    Source: rulebook R20, R21, R22, R23, R24, as
    :func:`distbilling.rules.credit.credit_watch.evaluate`.

    >>> import polars as pl
    >>> from distbilling.testing.sample_data import distributor
    >>> paid = pl.DataFrame({"transaction": 1, "distributor": "hudson", "kind": "payment",
    ...     "at": 1_772_700_000_000_000, "amount": 100_001})
    >>> march = exposure(paid, Book.of(distributor("hudson")))
    >>> march.balances["owed"].to_list(), march.events["key"].to_list()
    ([90001], ['hudson/threshold-500/1', 'hudson/threshold-900/2'])
    """
    checked = read(transactions, BookTables(book), decimals)
    shares, _ = shares_of(checked)
    return exposure_of(checked, shares)


def exposure_of(transactions: Transactions, shares: nw.LazyFrame[Any]) -> Exposure[Any]:
    """Return the exposure that shares lead to, as :func:`exposure` does."""
    engine, distributors = transactions.engine, transactions.tables.distributors
    watched = engine.kept(_watched(transactions, shares, watches_of(distributors)))
    changing = watched.filter(nw.col("changes")).select(*_MOVES[:-1], "owed")
    events = _events(distributors, engine.rows(changing.sort("party", *_ORDER)))

    limit = nw.when(nw.col("limit") != UNLIMITED).then(nw.col("limit"))
    balances = watched.with_columns(limit=limit).rename({"at_us": "at"})
    balances = balances.join(transactions.tables.names.on(engine), on="party", how="left")
    return Exposure(
        engine.handed_back(engine.instants(balances, "at").select(*_BALANCES)),
        engine.handed_back(engine.instants(engine.from_rows(events), "at")),
    )


def _watched(
    transactions: Transactions, shares: nw.LazyFrame[Any], watches: Watches
) -> nw.LazyFrame[Any]:
    """Return shares with what is ``owed`` after each, and whether a state ``changes``."""
    check_sums(transactions)
    engine = transactions.engine
    rows = shares.select(*_MOVES)
    rows = rows.join(watches.limits.on(engine), on="party", how="left")
    rows = rows.join(watches.marks.on(engine), on="party", how="left")
    balance = nw.col("adds").cum_sum().over("party", order_by=_ORDER).cast(nw.Int64())
    sheet = Worksheet(engine, rows.with_columns(owed=balance))

    owed, limit = nw.col("owed"), nw.col("limit_0")
    for turn in range(watches.turns):
        is_after = nw.col("at_us") >= nw.col(f"turn_{turn}")
        limit = nw.when(is_after).then(nw.col(f"limit_{turn + 1}")).otherwise(limit)
    limit = sheet.let(limit)

    zone = _zone(sheet, watches, owed, limit)
    zone_before = _zone(sheet, watches, owed - nw.col("adds"), limit)
    is_looked_at = (owed > nw.col("always")) | (nw.col("kind_no") == _OPENING)
    rows = sheet.done(limit=limit, zone=zone, changes=(zone != zone_before) | is_looked_at)

    # Where limits change with time, a debt may be in another zone without having moved.
    if watches.turns:
        before = nw.col("zone").shift(1).over("party", order_by=_ORDER)
        is_moved = before.is_null() | (nw.col("zone") != before)
        rows = rows.with_columns(changes=nw.col("changes") | is_moved)
    return rows.select(*_MOVES, "owed", "limit", "changes")


def _zone(sheet: Worksheet, watches: Watches, owed: nw.Expr, limit: nw.Expr) -> nw.Expr:
    """Return a number of the marks between which a debt lies, and of whether it is suspended."""
    owed, one = sheet.let(owed), nw.lit(1, nw.Int64())
    marks = [nw.col(f"mark_{place}") for place in range(watches.cuts)]
    beyond = [nw.when(owed > mark).then(one).otherwise(0) for mark in marks]
    suspended = nw.lit(_SUSPENDED, nw.Int64())
    beyond.append(nw.when(owed >= limit).then(suspended).otherwise(0))

    if any(watches.marks.columns["times"]):
        further, times = nw.col("further"), nw.col("times")
        over = sheet.let(nw.when(owed > further).then(owed - further - 1).otherwise(0))
        steps = sheet.let(sheet.divided(over, nw.col("step")))
        beyond.append(nw.when(steps > times).then(times).otherwise(steps))
    return sheet.let(reduce(lambda first, second: first + second, beyond))


def _events(distributors: tuple[Distributor, ...], rows: pl.DataFrame) -> pl.DataFrame:
    """Return the events of these rows, and of when each distributor is created.

    One whose first entry is an opening balance, booked as it is created, is first looked at after
    that.
    """
    watches = [_Watch(distributor) for distributor in distributors]
    events: list[dict[str, Any]] = []
    opened = frozenset(rows.filter(pl.col("kind_no") == _OPENING).select("party", "at_us").rows())
    for party, watch in enumerate(watches):
        created = microseconds_of(watch.distributor.created, "created")
        if (party, created) not in opened:
            events += watch.events(None, created, 0)

    for party, *entry in rows.select("party", "transaction", "at_us", "owed").iter_rows():
        events += watches[int(party)].events(*entry)
    schema = {**_EVENTS, "transaction": rows.schema["transaction"]}
    return pl.DataFrame(events, schema=schema).sort("at", maintain_order=True)


class _Watch:
    """Follows the standing of one distributor, entry by entry."""

    def __init__(self, distributor: Distributor) -> None:
        self.distributor = distributor
        self._standing = CreditStanding.new(distributor.id)

    def events(self, transaction: object, at: int, owed: int) -> Iterator[dict[str, Any]]:
        """Yield the events of an entry after which so much is owed, in minor units."""
        distributor, currency = self.distributor, self.distributor.currency
        instant = instant_at(at, "UTC")
        balance = from_units(owed, currency.digits or 0, currency)
        facts = CreditFacts(balance, instant, distributor.limit_at(instant))
        self._standing, notices = evaluate(distributor.credit, self._standing, facts)

        for notice in notices:
            event, threshold, limit = _event(notice)
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


def _event(notice: Notice) -> tuple[str, Money | None, Money | None]:
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
