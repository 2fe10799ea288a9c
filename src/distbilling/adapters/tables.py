"""What is known under these names? Records by name, for the repository in memory and for the commands it decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TypeVar

from distbilling.rules.facts import AccountFacts, CustomerFacts, DistributorFacts, EntryFacts, Facts, Reads
from distbilling.rules.journal import CustomerLedger, DistributorLedger, PrepaidFunds
from distbilling.rules.quick_form import QuickForm

__all__ = ["Tables"]

_Known = TypeVar("_Known")


class Tables:
    """The records of everybody, or of those that some commands read; a record is replaced, never changed.

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
        """Return what is known under the names that are read, and what comes with it.

        Source: rulebook R46; :class:`distbilling.rules.facts.Reads` says what comes with what.
        """
        entries = _found(self.entries, [name for read in reads for name in read.entries])
        moved = [posting.ledger for known in entries for posting in known.entry.postings]
        accounts = _found(
            self.accounts,
            [name for read in reads for name in self._accounts_read(read)]
            + [ledger.account for ledger in moved if isinstance(ledger, PrepaidFunds)],
        )
        customers = _found(
            self.customers,
            [known.account.customer for known in accounts]
            + [name for read in reads for name in read.customers]
            + [ledger.customer for ledger in moved if isinstance(ledger, CustomerLedger)],
        )
        distributors = self._with_those_above(
            [known.account.distributor for known in accounts]
            + [known.customer.distributor for known in customers]
            + [name for read in reads for name in self._distributors_read(read)]
            + [ledger.distributor for ledger in moved if isinstance(ledger, DistributorLedger)]
        )
        forms = _found(self.forms, [name for read in reads for name in read.forms])
        numbers = self.inventory.intersection([number for read in reads for number in read.numbers])
        return Facts(distributors, customers, accounts, forms, numbers, entries)

    def all(self) -> Facts:
        """Return all that is known."""
        return Facts(
            tuple(self.distributors.values()),
            tuple(self.customers.values()),
            tuple(self.accounts.values()),
            tuple(self.forms.values()),
            self.inventory,
            tuple(self.entries.values()),
        )

    def store(self, facts: Facts) -> None:
        """Put what is known in the place of what was known under the same names."""
        for distributor in facts.distributors:
            name, parent = distributor.distributor.id, distributor.distributor.parent
            self.distributors[name] = distributor
            if parent is not None:
                self._below.setdefault(parent, {})[name] = None
        for customer in facts.customers:
            self.customers[customer.customer.id] = customer
        for account in facts.accounts:
            self.accounts[account.account.id] = account
            self._accounts_of.setdefault(account.account.customer, {})[account.account.id] = None
        for form in facts.forms:
            self.forms[form.id] = form
        for entry in facts.entries:
            self.entries[entry.entry.key] = entry

    def _accounts_read(self, read: Reads) -> Iterable[str]:
        if not read.accounts_of:
            return read.accounts
        return chain(read.accounts, *(self._accounts_of.get(customer, ()) for customer in read.accounts_of))

    def _distributors_read(self, read: Reads) -> Iterable[str]:
        if not read.below:
            return read.distributors
        below = (name for parent in read.below for name in self._below.get(parent, ()))
        staying = (name for name in below if self.distributors[name].distributor.parent in read.below)
        return chain(read.distributors, staying)

    def _with_those_above(self, names: Iterable[str | None]) -> tuple[DistributorFacts, ...]:
        """Return the distributors of the names, and those above them up to the top, each once."""
        found: dict[str, DistributorFacts] = {}
        for name in names:
            above = name
            while above is not None and above not in found and (known := self.distributors.get(above)) is not None:
                found[above] = known
                above = known.distributor.parent
        return tuple(found.values())


def _found(records: dict[str, _Known], names: Sequence[str]) -> tuple[_Known, ...]:
    return tuple([records[name] for name in dict.fromkeys(names) if name in records]) if names else ()
