"""What happened in a billing period? A distributor's statement, from opening to closing balance."""

from __future__ import annotations

import attrs
from pendulum import DateTime

from distbilling.errors import HostError
from distbilling.money import Money
from distbilling.periods import BillingPeriod
from distbilling.rules import fields
from distbilling.rules.journal import DistributorLedger, Entry, EntryKind
from distbilling.rules.parties import Distributor

__all__ = ["Extract", "Statement", "StatementLine", "statement_of"]


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

    ``turnover`` is the whole amount of a payment or sale, ``earned`` the distributor's commission on it.
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

    ``closing`` = ``opening`` + ``brought_forward`` + ``collected`` + ``sales`` − ``commission`` − ``remitted``. Opening
    and closing are what the distributor owes; the amounts between are turnover and have the sign of their direction.

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
    commission: Money = attrs.field(validator=fields.one_of(Money))
    remitted: Money = attrs.field(validator=fields.one_of(Money))
    closing: Money = attrs.field(validator=fields.one_of(Money))
    lines: tuple[StatementLine, ...]

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        moved = self.brought_forward + self.collected + self.sales - self.commission - self.remitted
        if self.opening + moved != self.closing:
            found = f"{self.opening!r} and the lines' {moved!r} do not make the closing {self.closing!r}"
            raise HostError("statement", found)


def statement_of(distributor: Distributor, period: BillingPeriod, extract: Extract) -> Statement:
    """Put together the statement of a period from what the distributor owed as it began, and its entries in it.

    Raises:
        HostError: an entry is outside the period, or the lines do not lead from opening to closing.

    Source: rulebook R39.

    >>> from distbilling.money import Currency, Percent
    >>> from distbilling.periods import Monthly
    >>> from distbilling.rules.credit import CreditTerms, Unlimited
    >>> from distbilling.rules.terms import Terms
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
    zero = Money.zero(distributor.currency)
    lines: list[StatementLine] = []
    closing = extract.opening
    for entry in extract.entries:
        if not period.contains(entry.at):
            raise HostError("entries", f"{entry.key!r} at {entry.at} is outside the period {period!r}")
        adds = entry.added_to(ledger)
        closing = closing + adds
        earned = zero if entry.commission is None else entry.commission.earned
        lines.append(StatementLine(entry.key, entry.kind, entry.at, adds + earned, earned, adds, entry.comment))

    def turnover(kind: EntryKind) -> Money:
        return Money.sum((line.turnover for line in lines if line.kind is kind), currency=distributor.currency)

    return Statement(
        distributor=distributor,
        period=period,
        opening=extract.opening,
        brought_forward=turnover(EntryKind.OPENING_BALANCE),
        collected=turnover(EntryKind.PAYMENT),
        sales=turnover(EntryKind.SALE),
        commission=Money.sum((line.earned for line in lines), currency=distributor.currency),
        remitted=-turnover(EntryKind.REMITTANCE),
        closing=closing,
        lines=tuple(lines),
    )
