"""The keys of the report of a story, in their order, and what they mean.

Every amount is ``{"amount": "9.00", "currency": "USD"}``, its number text, with the currency's
decimals at least. Every instant is ISO 8601 in UTC. Every ``code`` is a word that does not change
with the language; every ``text`` is for people.
"""

from __future__ import annotations

from typing import TypedDict

__all__ = ["Report"]


class Amount(TypedDict):
    """An amount of money, exactly."""

    amount: str
    currency: str


class Actor(TypedDict):
    """Who gave a command: ``role`` is ``administrator`` or ``distributor``."""

    role: str
    name: str


class PostingReport(TypedDict):
    """What an entry adds to what a ledger account owes; positive is more debt."""

    ledger: str
    adds: Amount


class CommissionReport(TypedDict):
    """How a commission came about.

    ``exact`` is before rounding, ``remainder`` is what rounding and limits added.

    ``base`` is what it is earned on. ``rate_percent`` is the rate where that is a single
    percentage; ``rate`` says any rate in words. ``origin`` is where the rate came from, ``subject``
    the product or batch that it is for; it holds from the day ``since`` (inclusive) to the day
    ``until`` (exclusive), where it is dated.
    """

    base: Amount
    rate_percent: str | None
    rate: str
    origin: str
    subject: str | None
    since: str | None
    until: str | None
    exact: Amount
    rounding: str
    remainder: Amount
    earned: Amount


class ShareReport(TypedDict):
    """What one distributor keeps of an amount, and owes its parent; below zero if given back.

    ``netting`` is ``at_collection`` or ``at_settlement``: then the whole amount is owed until the
    commission is credited. ``commission`` is there for a payment or a sale; a reversal and a
    correction are explained in ``text`` alone.
    """

    distributor: str
    amount: Amount
    earned: Amount
    owed: Amount
    netting: str
    commission: CommissionReport | None
    text: str


class EntryReport(TypedDict):
    """The entry of an accepted command; its postings sum to zero.

    ``shares`` go from the seller up the chain. ``original`` is the key of the entry that this one
    reverses or corrects.
    """

    kind: str
    original: str | None
    postings: list[PostingReport]
    shares: list[ShareReport]


class Explained(TypedDict):
    """A reason, a notice or a flag: its code, its figures and names, and what people read."""

    code: str
    details: dict[str, object]
    text: str


class MessageReport(TypedDict):
    """A message to a distributor; ``key`` is its notice's, so that repeats can be dropped."""

    key: str
    subject: str
    text: str


class Balance(TypedDict):
    """What a ledger account owes; positive is debt."""

    ledger: str
    owes: Amount


class Unexpected(TypedDict):
    """In what a step is not as the file expects."""

    field: str
    text: str


class StepReport(TypedDict):
    """One command of the file and its decision: ``accepted``, or ``refused`` with a reason."""

    number: int
    it: str
    key: str
    at: str
    by: Actor
    command: str
    text: str
    decision: str
    reason: Explained | None
    entry: EntryReport | None
    over_limit: Explained | None
    notices: list[Explained]
    messages: list[MessageReport]
    balances: list[Balance]
    unexpected: list[Unexpected]


class Period(TypedDict):
    """A billing period, from ``start`` (inclusive) to ``end`` (exclusive); days are of its zone."""

    start: str
    end: str
    zone: str
    first_day: str
    last_day: str


class LineReport(TypedDict):
    """A transaction of a statement; ``adds`` is what it adds to what the distributor owes."""

    key: str
    kind: str
    at: str
    turnover: Amount
    earned: Amount
    adds: Amount
    comment: str


class StatementReport(TypedDict):
    """A statement: ``opening``, with what adds to it and what lowers it, makes ``closing``.

    ``reversed``, ``commission`` and ``remitted`` lower the debt, the others add to it.
    """

    distributor: str
    name: str
    period: Period
    opening: Amount
    brought_forward: Amount
    collected: Amount
    sales: Amount
    reversed: Amount
    adjusted: Amount
    commission: Amount
    remitted: Amount
    closing: Amount
    lines: list[LineReport]


class DifferingBalance(TypedDict):
    """A balance that the repository keeps otherwise than the journal gives it."""

    ledger: str
    kept: Amount
    rebuilt: Amount


class Check(TypedDict):
    """Whether the books agree and everything came as expected; ``sound`` is all of it."""

    entries: int
    off_zero: list[Amount]
    differing_balances: list[DifferingBalance]
    expectations: int
    expectations_met: int
    sound: bool


class Report(TypedDict):
    """The whole; ``format`` changes when a key changes its meaning or goes."""

    format: str
    title: str
    source: str
    steps: list[StepReport]
    statements: list[StatementReport]
    balances: list[Balance]
    check: Check
