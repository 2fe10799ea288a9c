"""The facts that a repository has under the names that a command reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, assert_never

import attrs
from pendulum import DateTime

from distbilling.errors import HostError
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.agreement.terms import CommissionKind
from distbilling.rules.credit.credit_watch import CreditStanding
from distbilling.rules.ledger.accounts import (
    AccruedCommission,
    CustomerLedger,
    DistributorLedger,
    PrepaidFunds,
)
from distbilling.rules.ledger.journal import Entry
from distbilling.rules.parties import Account, Customer, Distributor
from distbilling.rules.parties.quick_form import QuickForm

__all__ = [
    "AccountFacts",
    "CustomerFacts",
    "DistributorFacts",
    "EntryFacts",
    "Facts",
    "PeriodVolume",
    "Record",
]


@attrs.frozen
class PeriodVolume:
    """How much a distributor sold, or collected, in the billing period that starts at ``start``.

    The start is in UTC. Amounts before commission, less what was reversed of them. One record for
    each distributor, kind and start.

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


def _nothing(facts: DistributorFacts) -> Money:
    return Money.zero(facts.distributor.currency)


def _never_evaluated(facts: DistributorFacts) -> CreditStanding:
    return CreditStanding.new(facts.distributor.id)


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
        for period in reversed(self.volumes):  # the period that runs is among the last
            if period.kind is kind and period.start == start:
                return period.volume
        return Money.zero(self.distributor.currency)

    def updated(
        self,
        *,
        owed: Money | None = None,
        accrued: Money | None = None,
        standing: CreditStanding | None = None,
        volumes: tuple[PeriodVolume, ...] | None = None,
    ) -> DistributorFacts:
        """Return the facts with what was given in the place of what was there.

        Every entry asks for this; ``attrs.evolve`` takes three times as long.
        """
        return DistributorFacts(
            distributor=self.distributor,
            owed=self.owed if owed is None else owed,
            accrued=self.accrued if accrued is None else accrued,
            standing=self.standing if standing is None else standing,
            volumes=self.volumes if volumes is None else volumes,
        )

    def with_volume(self, stored: PeriodVolume) -> DistributorFacts:
        """Return the facts with a volume in the place of that of the same kind and period."""
        volumes = list(self.volumes)
        for place in reversed(range(len(volumes))):
            if volumes[place].kind is stored.kind and volumes[place].start == stored.start:
                volumes[place] = stored
                break
        else:
            volumes.append(stored)
        return self.updated(volumes=tuple(volumes))


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


_FACTS: Final = (DistributorFacts, CustomerFacts, AccountFacts, QuickForm, EntryFacts)


def _by_name(_instance: object, field: attrs.Attribute[Any], value: object) -> None:
    if type(value) is not dict:
        fields.check_type(field.name, value, Mapping)


@attrs.frozen
class Facts:
    """What was true, as of one moment, of everything a command reads: by name, or by key.

    ``inventory`` holds those of the numbers read that the host knows to be in its DID inventory.
    The mappings are never changed; what a decision changes is in new ones.

    >>> Facts().customer("brown") is None
    True
    """

    distributors: Mapping[str, DistributorFacts] = attrs.field(
        factory=dict[str, DistributorFacts], validator=_by_name
    )
    customers: Mapping[str, CustomerFacts] = attrs.field(
        factory=dict[str, CustomerFacts], validator=_by_name
    )
    accounts: Mapping[str, AccountFacts] = attrs.field(
        factory=dict[str, AccountFacts], validator=_by_name
    )
    forms: Mapping[str, QuickForm] = attrs.field(factory=dict[str, QuickForm], validator=_by_name)
    inventory: frozenset[str] = frozenset()
    entries: Mapping[str, EntryFacts] = attrs.field(
        factory=dict[str, EntryFacts], validator=_by_name
    )

    @classmethod
    def of(
        cls,
        *facts: DistributorFacts | CustomerFacts | AccountFacts | QuickForm | EntryFacts,
        inventory: frozenset[str] = frozenset(),
    ) -> Facts:
        """Return facts about all sorts of things, each under its own name or key.

        Raises:
            InvalidType: something else is given.
        """
        distributors: dict[str, DistributorFacts] = {}
        customers: dict[str, CustomerFacts] = {}
        accounts: dict[str, AccountFacts] = {}
        forms: dict[str, QuickForm] = {}
        entries: dict[str, EntryFacts] = {}

        for fact in facts:
            match fact:
                case DistributorFacts():
                    distributors[fact.distributor.id] = fact
                case CustomerFacts():
                    customers[fact.customer.id] = fact
                case AccountFacts():
                    accounts[fact.account.id] = fact
                case QuickForm():
                    forms[fact.id] = fact
                case EntryFacts():
                    entries[fact.entry.key] = fact
                case _:
                    fields.check_type("facts", fact, *_FACTS)
                    assert_never(fact)

        return cls(distributors, customers, accounts, forms, inventory, entries)

    def distributor(self, name: str | None) -> DistributorFacts | None:
        """Return the facts about a distributor; None where there is none of that name."""
        return None if name is None else self.distributors.get(name)

    def customer(self, name: str) -> CustomerFacts | None:
        """Return the facts about a customer; None where there is none of that name."""
        return self.customers.get(name)

    def account(self, name: str) -> AccountFacts | None:
        """Return the facts about an account; None where there is none of that name."""
        return self.accounts.get(name)

    def form(self, name: str) -> QuickForm | None:
        """Return a quick form; None where there is none of that name."""
        return self.forms.get(name)

    def entry(self, key: str) -> EntryFacts | None:
        """Return the entry of a key with what amends it; None where there is none of that key."""
        return self.entries.get(key)

    def chain(self, name: str) -> tuple[DistributorFacts, ...]:
        """Return a distributor and those above it, up to the one that owes the provider.

        Raises:
            HostError: one of them is missing, or above itself: every distributor comes with those
                above it.

        Source: rulebook R16.
        """
        chain = self.distributors_named((name,))
        while (parent := chain[-1].distributor.parent) is not None:
            if any(member.distributor.id == parent for member in chain):
                raise HostError(
                    "Repository.transact", f"a distributor {parent!r} that is above itself"
                )
            chain += self.distributors_named((parent,))
        return chain

    def distributors_named(self, names: Iterable[str]) -> tuple[DistributorFacts, ...]:
        """Return the facts about distributors that must be there, in the order of their names.

        Raises:
            HostError: one of them is missing: other facts name it, so it comes with them.
        """
        members: list[DistributorFacts] = []
        for name in names:
            if name not in self.distributors:
                raise HostError(
                    "Repository.transact",
                    f"facts without the distributor {name!r}, which they name",
                )
            members.append(self.distributors[name])
        return tuple(members)

    def below(self, name: str) -> tuple[DistributorFacts, ...]:
        """Return the direct subdistributors of a distributor, as far as they were read.

        Source: rulebook R16.
        """
        members = self.distributors.values()
        return tuple(member for member in members if member.distributor.parent == name)

    def accounts_of(self, customer: str) -> tuple[AccountFacts, ...]:
        """Return the accounts of a customer, as far as they were read."""
        accounts = self.accounts.values()
        return tuple(account for account in accounts if account.account.customer == customer)

    def after(self, records: Iterable[Record], entry: Entry | None) -> Facts:
        """Return the facts as they are once these records are stored and this entry is booked.

        Source: rulebook R2, R46.

        >>> Facts().after((), None) == Facts()
        True
        """
        distributors, customers = dict(self.distributors), dict(self.customers)
        accounts, forms, entries = dict(self.accounts), dict(self.forms), dict(self.entries)

        for record in records:
            match record:  # most often a volume
                case PeriodVolume():
                    name = record.distributor
                    distributors[name] = distributors[name].with_volume(record)
                case CreditStanding():
                    name = record.party
                    distributors[name] = distributors[name].updated(standing=record)
                case Distributor():
                    name = record.id
                    distributors[name] = _distributor_facts(record, distributors.get(name))
                case Customer():
                    customers[record.id] = _customer_facts(record, customers.get(record.id))
                case Account():
                    accounts[record.id] = _account_facts(record, accounts.get(record.id))
                case QuickForm():
                    forms[record.id] = record
                case _:
                    assert_never(record)

        if entry is not None:
            _book(entry, distributors, customers, accounts)
            if entry.original is not None and (amended := entries.get(entry.original)) is not None:
                amendments = (*amended.amendments, entry)
                entries[entry.original] = EntryFacts(amended.entry, amendments)
            entries[entry.key] = EntryFacts(entry)
        return _facts(distributors, customers, accounts, forms, self.inventory, entries)


_facts: Final = fields.unchecked(Facts)


def _book(
    entry: Entry,
    distributors: dict[str, DistributorFacts],
    customers: dict[str, CustomerFacts],
    accounts: dict[str, AccountFacts],
) -> None:
    """Add the postings of an entry to what its parties owe, as far as they were read."""
    for posting in entry.postings:
        adds = posting.adds
        match posting.ledger:
            case DistributorLedger(name) if name in distributors:
                debtor = distributors[name]
                distributors[name] = debtor.updated(owed=debtor.owed + adds)
            case AccruedCommission(name) if name in distributors:
                earner = distributors[name]
                distributors[name] = earner.updated(accrued=earner.accrued - adds)
            case CustomerLedger(name) if name in customers:
                payer = customers[name]
                customers[name] = CustomerFacts(payer.customer, payer.owed + adds)
            case PrepaidFunds(name) if name in accounts:
                funded = accounts[name]
                accounts[name] = AccountFacts(funded.account, funded.funds - adds)
            case _:
                pass


def _distributor_facts(stored: Distributor, before: DistributorFacts | None) -> DistributorFacts:
    if before is None:
        return DistributorFacts(stored, Money.zero(stored.currency))
    return attrs.evolve(before, distributor=stored)


def _customer_facts(stored: Customer, before: CustomerFacts | None) -> CustomerFacts:
    return CustomerFacts(stored, Money.zero(stored.currency) if before is None else before.owed)


def _account_facts(stored: Account, before: AccountFacts | None) -> AccountFacts:
    nothing = Money.zero(stored.opening_balance.currency)
    return AccountFacts(stored, nothing if before is None else before.funds)
