"""A distributor's statement of a billing period, from opening to closing balance."""

from __future__ import annotations

from typing import Final

import attrs
from pendulum import DateTime

from distbilling.errors import HostError
from distbilling.money import Money
from distbilling.periods import BillingPeriod
from distbilling.rules import fields
from distbilling.rules.ledger.accounts import DistributorLedger
from distbilling.rules.ledger.journal import Entry, EntryKind
from distbilling.rules.notebook import html_table
from distbilling.rules.parties import Distributor

__all__ = ["Extract", "Statement", "StatementLine", "statement_of"]

FIGURES: Final = (
    "opening",
    "brought_forward",
    "collected",
    "sales",
    "reversed",
    "adjusted",
    "commission",
    "remitted",
    "closing",
)
"""The amounts of a statement, in the order in which they are read."""


@attrs.frozen
class Extract:
    """What a distributor owed at the start of some time, and its entries in that time, in order.

    >>> Extract(Money("8.50", "USD"), ()).opening
    Money('8.50', 'USD')
    """

    opening: Money
    entries: tuple[Entry, ...]


@attrs.frozen
class StatementLine:
    """One entry as the distributor reads it: ``adds`` is what it adds to what the distributor owes.

    ``turnover`` is what it adds before commission, ``earned`` the commission that was credited with
    it; both below zero where something was given back. Commission that is credited at settlement is
    a line of its own.

    Source: rulebook R17, R39.
    """

    key: str
    kind: EntryKind
    at: DateTime
    turnover: Money
    earned: Money
    adds: Money
    comment: str = attrs.field(repr=False)


@attrs.frozen
class Statement(fields.Checked):
    """A distributor's statement for a billing period.

    ``closing`` = ``opening`` + ``brought_forward`` + ``collected`` + ``sales`` − ``reversed`` +
    ``adjusted`` − ``commission`` − ``remitted``. Opening and closing are what the distributor owes;
    the amounts between are turnover and have the sign of their direction. ``commission`` is what
    was credited less what was taken back with reversals, so it may be below zero; ``reversed`` are
    refunds, voids and chargebacks, ``adjusted`` corrections, up or down.

    Raises:
        HostError: the lines do not lead from opening to closing.

    Source: rulebook R39.
    """

    distributor: Distributor
    period: BillingPeriod
    opening: Money = attrs.field(validator=fields.one_of(Money))
    brought_forward: Money = attrs.field(validator=fields.one_of(Money))
    collected: Money = attrs.field(validator=fields.one_of(Money))
    sales: Money = attrs.field(validator=fields.one_of(Money))
    reversed: Money = attrs.field(validator=fields.one_of(Money))
    adjusted: Money = attrs.field(validator=fields.one_of(Money))
    commission: Money = attrs.field(validator=fields.one_of(Money))
    remitted: Money = attrs.field(validator=fields.one_of(Money))
    closing: Money = attrs.field(validator=fields.one_of(Money))
    lines: tuple[StatementLine, ...]

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        turnover = (
            self.brought_forward + self.collected + self.sales - self.reversed + self.adjusted
        )
        moved = turnover - self.commission - self.remitted
        if self.opening + moved != self.closing:
            lines = f"{self.opening!r} and the lines' {moved!r}"
            raise HostError("statement", f"{lines} do not make the closing {self.closing!r}")

    def _repr_html_(self) -> str:
        return html_table(
            (
                ("distributor", self.distributor.id),
                ("period", str(self.period)),
                *(
                    (name.replace("_", " "), getattr(self, name).format(exact=True))
                    for name in FIGURES
                ),
                ("transactions", f"{len(self.lines):,}"),
            )
        )


def statement_of(distributor: Distributor, period: BillingPeriod, extract: Extract) -> Statement:
    """Return the statement of a period, from what was owed as it began and the entries in it.

    Raises:
        HostError: an entry is outside the period, or the lines do not lead from opening to closing.

    Source: rulebook R39.

    >>> from distbilling.money import Currency, Percent
    >>> from distbilling.periods import Monthly
    >>> from distbilling.rules.credit import CreditTerms, Unlimited
    >>> from distbilling.rules.agreement.terms import Terms
    >>> import pendulum
    >>> march = Monthly("America/New_York").period_at(pendulum.datetime(2026, 3, 15))
    >>> hudson = Distributor(
    ...     "hudson", "Hudson Phones", Currency("USD"), Terms(Percent("15"), Percent("10")),
    ...     CreditTerms(Unlimited()), Monthly("America/New_York"), march.start,
    ... )
    >>> statement_of(hudson, march, Extract(Money("8.50", "USD"), ())).closing
    Money('8.50', 'USD')
    """
    ledger = DistributorLedger(distributor.id)
    lines: list[StatementLine] = []
    closing = extract.opening

    for entry in extract.entries:
        if not period.contains(entry.at):
            raise HostError(
                "entries", f"{entry.key!r} at {entry.at} is outside the period {period!r}"
            )
        adds = entry.added_to(ledger)
        closing = closing + adds
        earned = _credited(entry, distributor.id, adds)
        lines.append(
            StatementLine(
                key=entry.key,
                kind=entry.kind,
                at=entry.at,
                turnover=adds + earned,
                earned=earned,
                adds=adds,
                comment=entry.comment,
            )
        )

    def turnover(*kinds: EntryKind) -> Money:
        return Money.sum(
            (line.turnover for line in lines if line.kind in kinds), currency=distributor.currency
        )

    return Statement(
        distributor=distributor,
        period=period,
        opening=extract.opening,
        brought_forward=turnover(EntryKind.OPENING_BALANCE),
        collected=turnover(EntryKind.PAYMENT),
        sales=turnover(EntryKind.SALE),
        reversed=-turnover(EntryKind.REFUND, EntryKind.VOID, EntryKind.CHARGEBACK),
        adjusted=turnover(EntryKind.CORRECTION),
        commission=Money.sum((line.earned for line in lines), currency=distributor.currency),
        remitted=-turnover(EntryKind.REMITTANCE),
        closing=closing,
        lines=tuple(lines),
    )


def _credited(entry: Entry, distributor: str, adds: Money) -> Money:
    """Return the commission that an entry credits to a distributor: not what settlement will."""
    if entry.kind is EntryKind.COMMISSION:
        return -adds
    if entry.split is not None:
        for party, earned in zip(entry.split.parties, entry.split.calculations.kept, strict=True):
            if party.distributor == distributor and party.netting.at_once:
                return earned
    return Money.zero(entry.currency)
