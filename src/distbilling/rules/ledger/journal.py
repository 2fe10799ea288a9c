"""What was booked: entries whose postings sum to zero, on the ledger accounts of the parties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import attrs
from pendulum import DateTime

from distbilling.choices import Choice
from distbilling.errors import InvalidValue
from distbilling.money import Currency, Money
from distbilling.rules import fields
from distbilling.rules.agreement.rates import ANYTHING, Subject
from distbilling.rules.chain.calculations import Calculations, Commissions
from distbilling.rules.chain.split import Split
from distbilling.rules.commission.commission import Commission
from distbilling.rules.ledger.accounts import LedgerAccount
from distbilling.rules.parties.actors import Actor

__all__ = [
    "Entry",
    "EntryKind",
    "Posting",
    "balances",
    "out_of_balance",
]


class EntryKind(Choice):
    """Which movement an entry records.

    Source: rulebook R2, R15, R17.

    >>> EntryKind.PAYMENT.value
    'payment'
    """

    PAYMENT = "payment"
    SALE = "sale"
    REMITTANCE = "remittance"
    OPENING_BALANCE = "opening_balance"
    REFUND = "refund"
    VOID = "void"
    CHARGEBACK = "chargeback"
    CORRECTION = "correction"
    COMMISSION = "commission"


@attrs.frozen
class Posting(fields.Checked):
    """What one entry adds to what one ledger account owes; positive is more debt.

    Source: rulebook R1.

    >>> from distbilling.rules.ledger.accounts import DistributorLedger
    >>> Posting(DistributorLedger("hudson"), Money("9.00", "USD")).adds
    Money('9.00', 'USD')
    """

    ledger: LedgerAccount = attrs.field(validator=fields.one_of(*get_args(LedgerAccount)))
    adds: Money = attrs.field(validator=fields.one_of(Money))


@attrs.frozen
class Entry(fields.Checked):
    """One accepted movement: postings that sum to zero, in one currency, by construction.

    ``key`` is the key of the command that was accepted, ``by`` who gave it. Of a payment or sale,
    and of what reverses or corrects one, ``split`` tells who earns what of it, and ``subject`` what
    it was for; ``original`` is the key of the entry that this one reverses or corrects.

    Raises:
        InvalidValue: fewer than two postings, or they do not sum to zero.
        CurrencyMismatch: the postings are in different currencies.

    Source: rulebook R2, R15, R16.

    >>> from pendulum import UTC
    >>> from distbilling.rules.ledger.accounts import DistributorLedger, ProviderCash
    >>> from distbilling.rules.parties import Administrator
    >>> nine = Money("9.00", "USD")
    >>> remittance = Entry(
    ...     "r-1", EntryKind.REMITTANCE, DateTime(2026, 3, 1, tzinfo=UTC), Administrator("maria"),
    ...     (Posting(DistributorLedger("hudson"), -nine), Posting(ProviderCash(), nine)),
    ... )
    >>> remittance.added_to(DistributorLedger("hudson"))
    Money('-9.00', 'USD')
    """

    key: str = attrs.field(validator=fields.one_of(str))
    kind: EntryKind = attrs.field(validator=fields.one_of(EntryKind))
    at: DateTime = attrs.field(converter=fields.at)
    by: Actor = attrs.field(validator=fields.one_of(*get_args(Actor)))
    postings: tuple[Posting, ...] = attrs.field(validator=fields.tuple_of(Posting))
    split: Split[Calculations] | None = attrs.field(
        default=None, validator=fields.one_of(Split, type(None))
    )
    comment: str = attrs.field(default="", repr=False)
    subject: Subject = attrs.field(default=ANYTHING, validator=fields.one_of(Subject))
    original: str | None = attrs.field(default=None, validator=fields.one_of(str, type(None)))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if len(self.postings) < 2:  # noqa: PLR2004 - double entry
            raise InvalidValue("postings", self.postings, "two postings or more")
        total = self.postings[0].adds
        for posting in self.postings[1:]:
            total += posting.adds
        if not total.is_zero:
            raise InvalidValue("postings", total, "postings that sum to zero")

    @property
    def currency(self) -> Currency:
        """The one currency of all postings."""
        return self.postings[0].adds.currency

    @property
    def commission(self) -> Commission | None:
        """The commission of the one who collected or sold; None where none was computed."""
        earned = None if self.split is None else self.split.of_kind(Commissions)
        return None if earned is None else earned.calculations.levels[0]

    def added_to(self, ledger: LedgerAccount) -> Money:
        """Return what the entry adds to what the ledger account owes; zero without a posting."""
        added = [posting.adds for posting in self.postings if posting.ledger == ledger]
        return added[0] if len(added) == 1 else Money.sum(added, currency=self.currency)


def balances(entries: Iterable[Entry]) -> dict[LedgerAccount, dict[Currency, Money]]:
    """Rebuild from the entries alone what every ledger account owes, by currency.

    Source: rulebook R48.

    >>> balances([])
    {}
    """
    owed: dict[LedgerAccount, dict[Currency, Money]] = {}
    for entry in entries:
        for posting in entry.postings:
            purse = owed.setdefault(posting.ledger, {})
            held = purse.get(entry.currency)
            purse[entry.currency] = posting.adds if held is None else held + posting.adds
    return owed


def out_of_balance(owed: dict[LedgerAccount, dict[Currency, Money]]) -> tuple[Money, ...]:
    """Return by how much the ledger accounts are off zero, in each currency where they are.

    Source: rulebook R2, R48.

    >>> from distbilling.rules.ledger.accounts import ProviderCash
    >>> out_of_balance({ProviderCash(): {Currency("USD"): Money("0.01", "USD")}})
    (Money('0.01', 'USD'),)
    """
    sums: dict[Currency, Money] = {}
    for purse in owed.values():
        for currency, amount in purse.items():
            sums[currency] = amount + sums.get(currency, Money.zero(currency))
    return tuple(total for total in sums.values() if not total.is_zero)
