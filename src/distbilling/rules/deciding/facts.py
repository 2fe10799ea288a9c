"""What does a rule need to know? What a command reads, and the facts a repository found under those names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

import attrs
from pendulum import DateTime

from distbilling.errors import HostError
from distbilling.money import Money
from distbilling.rules.agreement.terms import CommissionKind
from distbilling.rules.credit.credit_watch import CreditStanding
from distbilling.rules.ledger.accounts import (
    AccruedCommission,
    CustomerLedger,
    DistributorLedger,
    PrepaidFunds,
)
from distbilling.rules.ledger.journal import Entry, Posting
from distbilling.rules.parties import Account, Customer, Distributor
from distbilling.rules.parties.quick_form import QuickForm

__all__ = [
    "AccountFacts",
    "CustomerFacts",
    "DistributorFacts",
    "EntryFacts",
    "Facts",
    "PeriodVolume",
    "Reads",
    "Record",
]


@attrs.frozen
class PeriodVolume:
    """How much a distributor has sold, or collected, in the billing period that starts at ``start``, in UTC.

    Amounts before commission, less what was reversed of them. One record for each distributor, kind
    and start.

    Source: rulebook R13.

    >>> import pendulum
    >>> march = pendulum.datetime(2026, 3, 1, 5)
    >>> PeriodVolume("hudson", CommissionKind.PAYMENT, march, Money("10.00", "USD")).volume
    Money('10.00', 'USD')
    """

    distributor: str
    kind: CommissionKind
    start: DateTime
    volume: Money


Record = Distributor | Customer | Account | QuickForm | CreditStanding | PeriodVolume


@attrs.frozen
class Reads:
    """The names a command needs facts about.

    An account comes with its customer and its distributor, a customer with its distributor, an
    entry with the entries that reverse or correct it and the parties that it has postings on, and
    every distributor with those above it, so that a command need not know them. A name nobody has
    is answered by absence, not by an error: what an absence means is for the rule to say.
    ``accounts_of`` are customers of which all accounts are wanted, ``below`` distributors of which
    all direct subdistributors are.

    >>> Reads(customers=("brown",)).customers
    ('brown',)
    """

    distributors: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    accounts_of: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def _nothing(known: DistributorFacts) -> Money:
    return Money.zero(known.distributor.currency)


def _never_evaluated(known: DistributorFacts) -> CreditStanding:
    return CreditStanding.new(known.distributor.id)


@attrs.frozen
class DistributorFacts:
    """A distributor, what it owes (positive is debt), and how it stands.

    ``accrued`` is the commission that is still to be credited to it, positive in its favour;
    ``standing`` its memory of warnings; ``volumes`` its volume in the billing periods that it was
    active in, at least in that of the command's instant or, for a reversal, of the original's.
    """

    distributor: Distributor
    owed: Money
    accrued: Money = attrs.field(default=attrs.Factory(_nothing, takes_self=True))
    standing: CreditStanding = attrs.field(default=attrs.Factory(_never_evaluated, takes_self=True))
    volumes: tuple[PeriodVolume, ...] = ()

    def volume(self, kind: CommissionKind, start: DateTime) -> Money:
        """Return its volume in the billing period that starts there; zero where it had none.

        Source: rulebook R13.
        """
        for known in reversed(self.volumes):  # the period that runs is among the last
            if known.kind is kind and known.start == start:
                return known.volume
        return Money.zero(self.distributor.currency)


@attrs.frozen
class CustomerFacts:
    """A customer and what it owes; positive is debt."""

    customer: Customer
    owed: Money


@attrs.frozen
class AccountFacts:
    """An account and the prepaid funds it has left; positive is available to its user."""

    account: Account
    funds: Money


@attrs.frozen
class EntryFacts:
    """An entry, and the entries that reverse or correct it, in order.

    Source: rulebook R15.
    """

    entry: Entry
    amendments: tuple[Entry, ...] = ()


@attrs.frozen
class Facts:
    """What was true, as of one moment, of everything a command reads.

    ``inventory`` holds those of the numbers read that the host knows to be in its DID inventory.

    >>> Facts().customer("brown") is None
    True
    """

    distributors: tuple[DistributorFacts, ...] = ()
    customers: tuple[CustomerFacts, ...] = ()
    accounts: tuple[AccountFacts, ...] = ()
    forms: tuple[QuickForm, ...] = ()
    inventory: frozenset[str] = frozenset()
    entries: tuple[EntryFacts, ...] = ()

    def distributor(self, name: str | None) -> DistributorFacts | None:
        """Return the facts about a distributor; None where there is none of that name."""
        for known in self.distributors:
            if known.distributor.id == name:
                return known
        return None

    def customer(self, name: str | None) -> CustomerFacts | None:
        """Return the facts about a customer; None where there is none of that name."""
        for known in self.customers:
            if known.customer.id == name:
                return known
        return None

    def account(self, name: str | None) -> AccountFacts | None:
        """Return the facts about an account; None where there is none of that name."""
        for known in self.accounts:
            if known.account.id == name:
                return known
        return None

    def form(self, name: str) -> QuickForm | None:
        """Return a quick form; None where there is none of that name."""
        return next((form for form in self.forms if form.id == name), None)

    def entry(self, key: str) -> EntryFacts | None:
        """Return the entry of a key with what reverses or corrects it; None where there is none of that key."""
        return next((known for known in self.entries if known.entry.key == key), None)

    def chain(self, name: str) -> tuple[DistributorFacts, ...]:
        """Return a distributor and those above it, up to the one that owes the provider.

        Raises:
            HostError: one of them is missing, or above itself: every distributor comes with those
                above it.

        Source: rulebook R16.
        """
        chain = self.those((name,))
        while (above := chain[-1].distributor.parent) is not None:
            if any(known.distributor.id == above for known in chain):
                raise HostError(
                    "Repository.transact", f"a distributor {above!r} that is above itself"
                )
            chain += self.those((above,))
        return chain

    def those(self, names: Iterable[str]) -> tuple[DistributorFacts, ...]:
        """Return the facts about distributors that must be there, in the order of their names.

        Raises:
            HostError: one of them is missing: other facts name it, so it comes with them.
        """
        found: list[DistributorFacts] = []
        for name in names:
            known = self.distributor(name)
            if known is None:
                raise HostError(
                    "Repository.transact",
                    f"facts without the distributor {name!r}, which they name",
                )
            found.append(known)
        return tuple(found)

    def below(self, name: str) -> tuple[DistributorFacts, ...]:
        """Return the direct subdistributors of a distributor, as far as they were read.

        Source: rulebook R16.
        """
        return tuple(known for known in self.distributors if known.distributor.parent == name)

    def accounts_of(self, customer: str) -> tuple[AccountFacts, ...]:
        """Return the accounts of a customer, as far as they were read."""
        return tuple(known for known in self.accounts if known.account.customer == customer)

    def after(self, records: Iterable[Record], entry: Entry | None) -> Facts:
        """Return the facts as they are once these records are stored and this entry is booked.

        Source: rulebook R2, R46.

        >>> Facts().after((), None) == Facts()
        True
        """
        after = _Books(self)
        for record in records:
            after.store(record)
        if entry is not None:
            for posting in entry.postings:
                after.post(posting)
        return Facts(
            tuple(after.distributors.values()),
            tuple(after.customers.values()),
            tuple(after.accounts.values()),
            tuple(after.forms.values()),
            self.inventory,
            self.entries if entry is None else _with_entry(self.entries, entry),
        )


class _Books:
    """Facts by name, while records are stored and postings booked."""

    def __init__(self, facts: Facts) -> None:
        self.distributors = {known.distributor.id: known for known in facts.distributors}
        self.customers = {known.customer.id: known for known in facts.customers}
        self.accounts = {known.account.id: known for known in facts.accounts}
        self.forms = {form.id: form for form in facts.forms}

    def store(self, record: Record) -> None:
        match record:  # most often a volume
            case PeriodVolume():
                self.distributors[record.distributor] = _with_volume(
                    self.distributors[record.distributor], record
                )
            case CreditStanding():
                self.distributors[record.party] = _with_standing(
                    self.distributors[record.party], record
                )
            case Distributor():
                self.distributors[record.id] = _distributor_facts(
                    record, self.distributors.get(record.id)
                )
            case Customer():
                self.customers[record.id] = _customer_facts(record, self.customers.get(record.id))
            case Account():
                self.accounts[record.id] = _account_facts(record, self.accounts.get(record.id))
            case QuickForm():
                self.forms[record.id] = record
            case _:
                assert_never(record)

    def post(self, posting: Posting) -> None:
        match posting.ledger:
            case DistributorLedger(name) if name in self.distributors:
                self.distributors[name] = _owing(self.distributors[name], posting.adds)
            case AccruedCommission(name) if name in self.distributors:
                self.distributors[name] = _accruing(self.distributors[name], -posting.adds)
            case CustomerLedger(name) if name in self.customers:
                known = self.customers[name]
                self.customers[name] = CustomerFacts(known.customer, known.owed + posting.adds)
            case PrepaidFunds(name) if name in self.accounts:
                funded = self.accounts[name]
                self.accounts[name] = AccountFacts(funded.account, funded.funds - posting.adds)
            case _:
                pass


def _distributor_facts(stored: Distributor, known: DistributorFacts | None) -> DistributorFacts:
    if known is None:
        return DistributorFacts(stored, Money.zero(stored.currency))
    return attrs.evolve(known, distributor=stored)


# Each of these is made anew with every entry; attrs.evolve takes three times as long.
def _owing(known: DistributorFacts, more: Money) -> DistributorFacts:
    return DistributorFacts(
        known.distributor, known.owed + more, known.accrued, known.standing, known.volumes
    )


def _accruing(known: DistributorFacts, more: Money) -> DistributorFacts:
    return DistributorFacts(
        known.distributor, known.owed, known.accrued + more, known.standing, known.volumes
    )


def _with_standing(known: DistributorFacts, stored: CreditStanding) -> DistributorFacts:
    return DistributorFacts(known.distributor, known.owed, known.accrued, stored, known.volumes)


def _with_volume(known: DistributorFacts, stored: PeriodVolume) -> DistributorFacts:
    volumes = known.volumes
    for place in range(len(volumes) - 1, -1, -1):
        if volumes[place].kind is stored.kind and volumes[place].start == stored.start:
            volumes = (*volumes[:place], stored, *volumes[place + 1 :])
            break
    else:
        volumes = (*volumes, stored)
    return DistributorFacts(known.distributor, known.owed, known.accrued, known.standing, volumes)


def _with_entry(known: tuple[EntryFacts, ...], booked: Entry) -> tuple[EntryFacts, ...]:
    if booked.original is not None:
        known = tuple(
            attrs.evolve(other, amendments=(*other.amendments, booked))
            if other.entry.key == booked.original
            else other
            for other in known
        )
    return (*known, EntryFacts(booked))


def _customer_facts(stored: Customer, known: CustomerFacts | None) -> CustomerFacts:
    return CustomerFacts(stored, Money.zero(stored.currency) if known is None else known.owed)


def _account_facts(stored: Account, known: AccountFacts | None) -> AccountFacts:
    return AccountFacts(
        stored, Money.zero(stored.opening_balance.currency) if known is None else known.funds
    )
