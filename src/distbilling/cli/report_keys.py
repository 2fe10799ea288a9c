"""Which keys does the report of a story have, in which order, and what do they mean?

Every amount is ``{"amount": "9.00", "currency": "USD"}``, its number text, with the currency's decimals at least. Every
instant is ISO 8601 in UTC. Every ``code`` is a word that does not change with the language; every ``text`` is for people.
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


class Posted(TypedDict):
    """What an entry adds to what a ledger account owes; positive is more debt."""

    ledger: str
    adds: Amount


class Split(TypedDict):
    """A commission and how it came about: ``exact`` before rounding, ``remainder`` what rounding added."""

    amount: Amount
    rate_percent: str
    origin: str
    exact: Amount
    rounding: str
    remainder: Amount
    earned: Amount
    owed: Amount
    text: str


class Booked(TypedDict):
    """The entry of an accepted command; its postings sum to zero."""

    kind: str
    postings: list[Posted]
    commission: Split | None


class Said(TypedDict):
    """A reason, a notice or a flag: its code, its figures and names under their own keys, and what people read."""

    code: str
    details: dict[str, object]
    text: str


class Told(TypedDict):
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
    """One command of the file and its decision: ``accepted`` or ``refused``; ``reason`` tells why it was refused."""

    number: int
    it: str
    key: str
    at: str
    by: Actor
    command: str
    text: str
    decision: str
    reason: Said | None
    entry: Booked | None
    over_limit: Said | None
    notices: list[Said]
    messages: list[Told]
    balances: list[Balance]
    unexpected: list[Unexpected]


class Period(TypedDict):
    """A billing period, from ``start`` (inclusive) to ``end`` (exclusive); the days are those of its zone."""

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
    """closing = opening + brought_forward + collected + sales − commission − remitted."""

    distributor: str
    name: str
    period: Period
    opening: Amount
    brought_forward: Amount
    collected: Amount
    sales: Amount
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
