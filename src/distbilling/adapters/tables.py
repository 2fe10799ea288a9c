"""Records by name, for the repository in memory and for the commands it decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import TypeVar

import attrs

from distbilling.rules.deciding.facts import (
    AccountFacts,
    CustomerFacts,
    DistributorFacts,
    EntryFacts,
    Facts,
)
from distbilling.rules.deciding.reads import Reads
from distbilling.rules.ledger.accounts import CustomerLedger, DistributorLedger, PrepaidFunds
from distbilling.rules.ledger.journal import Entry
from distbilling.rules.parties.quick_form import QuickForm

__all__ = ["Tables"]

_Known = TypeVar("_Known")


class Tables:
    """The records of everybody, or of those that some commands read.

    A record is replaced, never changed.

    ``inventory`` are the host's DID numbers.

    >>> Tables().facts([Reads(customers=("brown",))]) == Facts()
    True
    """

    def __init__(self, inventory: frozenset[str] = frozenset()) -> None:
        self.inventory = inventory
        self.distributors: dict[str, DistributorFacts] = {}
        self.customers: dict[str, CustomerFacts] = {}
        self.accounts: dict[str, AccountFacts] = {}
        self.forms: dict[str, QuickForm] = {}
        self.entries: dict[str, EntryFacts] = {}
        self._below: dict[str, dict[str, None]] = {}
        self._accounts_of: dict[str, dict[str, None]] = {}

    def facts(self, reads: Sequence[Reads]) -> Facts:
        """Return the records of the names that are read, and what belongs to them.

        Source: rulebook R46; :class:`distbilling.rules.deciding.reads.Reads` says what comes with
        what.
        """
        read = reads[0] if len(reads) == 1 else _together(reads)
        accounts: list[str] = [*read.accounts]
        customers: list[str] = [*read.customers]
        distributors: list[str | None] = [*read.distributors]
        for name in read.accounts_of:
            accounts += self._accounts_of.get(name, ())
        for parent in read.below:
            distributors += (
                name for name in self._below.get(parent, ()) if self._is_below(name, parent)
            )
        entries = _found(self.entries, read.entries)
        for entry in entries.values():
            _note_parties(entry.entry, distributors, customers, accounts)
        found_accounts = _found(self.accounts, accounts)
        for account in found_accounts.values():
            customers.append(account.account.customer)
            distributors.append(account.account.distributor)
        found_customers = _found(self.customers, customers)
        for customer in found_customers.values():
            distributors.append(customer.customer.distributor)

        return Facts(
            distributors=self._with_those_above(distributors),
            customers=found_customers,
            accounts=found_accounts,
            forms=_found(self.forms, read.forms),
            inventory=self.inventory.intersection(read.numbers),
            entries=entries,
        )

    def all(self) -> Facts:
        """Return all records."""
        return Facts(
            distributors=self.distributors,
            customers=self.customers,
            accounts=self.accounts,
            forms=self.forms,
            inventory=self.inventory,
            entries=self.entries,
        )

    def store(self, facts: Facts) -> None:
        """Put records in the place of those of the same names."""
        for name, distributor in facts.distributors.items():
            if (parent := distributor.distributor.parent) is not None:
                self._below.setdefault(parent, {})[name] = None
        for name, account in facts.accounts.items():
            self._accounts_of.setdefault(account.account.customer, {})[name] = None

        self.distributors.update(facts.distributors)
        self.customers.update(facts.customers)
        self.accounts.update(facts.accounts)
        self.forms.update(facts.forms)
        self.entries.update(facts.entries)

    def _is_below(self, name: str, parent: str) -> bool:
        return self.distributors[name].distributor.parent == parent

    def _with_those_above(self, names: Iterable[str | None]) -> dict[str, DistributorFacts]:
        """Return the distributors of the names, and those above them up to the top, each once."""
        chain: dict[str, DistributorFacts] = {}
        for name in names:
            above = name
            while (
                above is not None
                and above not in chain
                and (member := self.distributors.get(above)) is not None
            ):
                chain[above] = member
                above = member.distributor.parent
        return chain


def _together(reads: Sequence[Reads]) -> Reads:
    return Reads(
        *(
            tuple(chain.from_iterable(map(attrgetter(field.name), reads)))
            for field in attrs.fields(Reads)
        )
    )


def _note_parties(
    entry: Entry, distributors: list[str | None], customers: list[str], accounts: list[str]
) -> None:
    for posting in entry.postings:
        match posting.ledger:
            case DistributorLedger(name):
                distributors.append(name)
            case CustomerLedger(name):
                customers.append(name)
            case PrepaidFunds(name):
                accounts.append(name)
            case _:
                pass


def _found(records: dict[str, _Known], names: Sequence[str]) -> dict[str, _Known]:
    return {name: records[name] for name in names if name in records}
