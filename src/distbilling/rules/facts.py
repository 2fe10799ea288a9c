"""What does a rule need to know? What a command reads, and the facts a repository found under those names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

import attrs

from distbilling.money import Money
from distbilling.rules.journal import CustomerLedger, DistributorLedger, Entry, PrepaidFunds
from distbilling.rules.parties import Account, Customer, Distributor
from distbilling.rules.quick_form import QuickForm

__all__ = ["AccountFacts", "CustomerFacts", "DistributorFacts", "Facts", "Reads", "Record"]

Record = Distributor | Customer | Account | QuickForm


@attrs.frozen
class Reads:
    """The names a command needs facts about.

    An account comes with its customer and its distributor, a customer with its distributor, so that a command need not
    know them. A name nobody has is answered by absence, not by an error: what an absence means is for the rule to say.

    >>> Reads(customers=("brown",)).customers
    ('brown',)
    """

    distributors: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@attrs.frozen
class DistributorFacts:
    """A distributor and what it owes; positive is debt."""

    distributor: Distributor
    owed: Money


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

    def distributor(self, name: str | None) -> DistributorFacts | None:
        """Return the facts about a distributor; None where there is none of that name."""
        return next((known for known in self.distributors if known.distributor.id == name), None)

    def customer(self, name: str | None) -> CustomerFacts | None:
        """Return the facts about a customer; None where there is none of that name."""
        return next((known for known in self.customers if known.customer.id == name), None)

    def account(self, name: str | None) -> AccountFacts | None:
        """Return the facts about an account; None where there is none of that name."""
        return next((known for known in self.accounts if known.account.id == name), None)

    def form(self, name: str) -> QuickForm | None:
        """Return a quick form; None where there is none of that name."""
        return next((form for form in self.forms if form.id == name), None)

    def after(self, records: Iterable[Record], entry: Entry | None) -> Facts:
        """Return the facts as they are once these records are stored and this entry is booked.

        Source: rulebook R2, R46.

        >>> Facts().after((), None) == Facts()
        True
        """
        distributors = {known.distributor.id: known for known in self.distributors}
        customers = {known.customer.id: known for known in self.customers}
        accounts = {known.account.id: known for known in self.accounts}
        forms = {form.id: form for form in self.forms}
        for record in records:
            match record:
                case Distributor():
                    distributors[record.id] = _distributor_facts(record, distributors.get(record.id))
                case Customer():
                    customers[record.id] = _customer_facts(record, customers.get(record.id))
                case Account():
                    accounts[record.id] = _account_facts(record, accounts.get(record.id))
                case QuickForm():
                    forms[record.id] = record
                case _:
                    assert_never(record)
        for posting in () if entry is None else entry.postings:
            match posting.ledger:
                case DistributorLedger(name) if name in distributors:
                    moved = distributors[name]
                    distributors[name] = attrs.evolve(moved, owed=moved.owed + posting.adds)
                case CustomerLedger(name) if name in customers:
                    charged = customers[name]
                    customers[name] = attrs.evolve(charged, owed=charged.owed + posting.adds)
                case PrepaidFunds(name) if name in accounts:
                    funded = accounts[name]
                    accounts[name] = attrs.evolve(funded, funds=funded.funds - posting.adds)
                case _:
                    pass
        return Facts(
            tuple(distributors.values()),
            tuple(customers.values()),
            tuple(accounts.values()),
            tuple(forms.values()),
            self.inventory,
        )


def _distributor_facts(stored: Distributor, known: DistributorFacts | None) -> DistributorFacts:
    return DistributorFacts(stored, Money.zero(stored.currency) if known is None else known.owed)


def _customer_facts(stored: Customer, known: CustomerFacts | None) -> CustomerFacts:
    return CustomerFacts(stored, Money.zero(stored.currency) if known is None else known.owed)


def _account_facts(stored: Account, known: AccountFacts | None) -> AccountFacts:
    return AccountFacts(stored, Money.zero(stored.opening_balance.currency) if known is None else known.funds)
