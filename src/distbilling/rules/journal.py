"""What was booked? Entries whose postings sum to zero, in one currency, on the ledger accounts of the parties."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import get_args

import attrs
from pendulum import DateTime

from distbilling.errors import InvalidValue
from distbilling.money import Currency, Money
from distbilling.rules import fields
from distbilling.rules.commission import Commission
from distbilling.rules.split import Split
from distbilling.rules.terms import Subject

__all__ = [
    "AccruedCommission",
    "CommissionExpense",
    "CustomerLedger",
    "DistributorLedger",
    "Entry",
    "EntryKind",
    "LedgerAccount",
    "OpeningBalances",
    "PartyLedger",
    "Posting",
    "PrepaidFunds",
    "ProviderCash",
    "SubdistributorDebts",
    "balances",
    "out_of_balance",
]


@attrs.frozen
class DistributorLedger(fields.Checked):
    """What a distributor owes the provider; positive is debt.

    >>> str(DistributorLedger("hudson"))
    'distributor:hudson'
    """

    distributor: str = attrs.field(validator=fields.one_of(str))

    def __str__(self) -> str:
        return f"distributor:{self.distributor}"


@attrs.frozen
class CustomerLedger(fields.Checked):
    """What a customer owes the provider; positive is debt.

    >>> str(CustomerLedger("brown"))
    'customer:brown'
    """

    customer: str = attrs.field(validator=fields.one_of(str))

    def __str__(self) -> str:
        return f"customer:{self.customer}"


@attrs.frozen
class PrepaidFunds(fields.Checked):
    """What an account owes: negative, because prepaid funds are what the provider holds for its user.

    Source: rulebook R1.

    >>> str(PrepaidFunds("12125550100"))
    'prepaid_funds:12125550100'
    """

    account: str = attrs.field(validator=fields.one_of(str))

    def __str__(self) -> str:
        return f"prepaid_funds:{self.account}"


@attrs.frozen
class AccruedCommission(fields.Checked):
    """What is owed to a distributor as commission that is credited at settlement: negative until then.

    Source: rulebook R17.

    >>> str(AccruedCommission("hudson"))
    'accrued_commission:hudson'
    """

    distributor: str = attrs.field(validator=fields.one_of(str))

    def __str__(self) -> str:
        return f"accrued_commission:{self.distributor}"


@attrs.frozen
class SubdistributorDebts(fields.Checked):
    """What a distributor is owed by those directly below it, net of their commission: negative, because it is owed to it.

    Source: rulebook R16.

    >>> str(SubdistributorDebts("hudson"))
    'subdistributor_debts:hudson'
    """

    distributor: str = attrs.field(validator=fields.one_of(str))

    def __str__(self) -> str:
        return f"subdistributor_debts:{self.distributor}"


@attrs.frozen
class CommissionExpense:
    """What the provider has spent on commission.

    >>> str(CommissionExpense())
    'commission_expense'
    """

    def __str__(self) -> str:
        return "commission_expense"


@attrs.frozen
class ProviderCash:
    """The cash that distributors have remitted to the provider.

    >>> str(ProviderCash())
    'provider_cash'
    """

    def __str__(self) -> str:
        return "provider_cash"


@attrs.frozen
class OpeningBalances:
    """The other side of balances that parties brought with them from an earlier system.

    >>> str(OpeningBalances())
    'opening_balances'
    """

    def __str__(self) -> str:
        return "opening_balances"


PartyLedger = DistributorLedger | CustomerLedger | PrepaidFunds | AccruedCommission
LedgerAccount = PartyLedger | SubdistributorDebts | CommissionExpense | ProviderCash | OpeningBalances


class EntryKind(Enum):
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

    __repr__ = Enum.__str__


@attrs.frozen
class Posting(fields.Checked):
    """What one entry adds to what one ledger account owes; positive is more debt.

    Source: rulebook R1.

    >>> Posting(DistributorLedger("hudson"), Money("9.00", "USD")).adds
    Money('9.00', 'USD')
    """

    ledger: LedgerAccount = attrs.field(validator=fields.one_of(*get_args(LedgerAccount)))
    adds: Money = attrs.field(validator=fields.one_of(Money))


@attrs.frozen
class Entry(fields.Checked):
    """One accepted movement: postings that sum to zero, in one currency, by construction.

    ``key`` is the key of the command that was accepted. Of a payment or sale, and of what reverses or corrects one,
    ``split`` tells who earns what of it, and ``subject`` what it was for; ``original`` is the key of the entry that this one
    reverses or corrects.

    Raises:
        InvalidValue: fewer than two postings, or they do not sum to zero.
        CurrencyMismatch: the postings are in different currencies.

    Source: rulebook R2, R15, R16.

    >>> from pendulum import UTC
    >>> nine = Money("9.00", "USD")
    >>> remittance = Entry(
    ...     "r-1", EntryKind.REMITTANCE, DateTime(2026, 3, 1, tzinfo=UTC),
    ...     (Posting(DistributorLedger("hudson"), -nine), Posting(ProviderCash(), nine)),
    ... )
    >>> remittance.added_to(DistributorLedger("hudson"))
    Money('-9.00', 'USD')
    """

    key: str = attrs.field(validator=fields.one_of(str))
    kind: EntryKind = attrs.field(validator=fields.one_of(EntryKind))
    at: DateTime = attrs.field(converter=fields.at)
    postings: tuple[Posting, ...] = attrs.field(validator=fields.tuple_of(Posting))
    split: Split | None = attrs.field(default=None, validator=fields.one_of(Split, type(None)))
    comment: str = attrs.field(default="", repr=False)
    subject: Subject = attrs.field(default=Subject(), validator=fields.one_of(Subject))
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
        """How the commission of the one who collected or sold came about; None where none was computed."""
        because = None if self.split is None else self.split.shares[0].because
        return because if isinstance(because, Commission) else None

    def added_to(self, ledger: LedgerAccount) -> Money:
        """Return what the entry adds to what the ledger account owes; zero where it has no posting on it."""
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
    """Return, for each currency in which the ledger accounts do not sum to zero, by how much they are off.

    Source: rulebook R2, R48.

    >>> out_of_balance({ProviderCash(): {Currency("USD"): Money("0.01", "USD")}})
    (Money('0.01', 'USD'),)
    """
    sums: dict[Currency, Money] = {}
    for purse in owed.values():
        for currency, amount in purse.items():
            sums[currency] = amount + sums.get(currency, Money.zero(currency))
    return tuple(total for total in sums.values() if not total.is_zero)
