"""Repositories in memory, for tests, trials and notebooks.

They keep all the promises of a repository on a database.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from operator import attrgetter
from threading import Lock
from typing import assert_never

from pendulum import DateTime

from distbilling.adapters.tables import Tables
from distbilling.errors import HostError, InvalidValue
from distbilling.money import Money
from distbilling.ports import Decide, first_answer
from distbilling.rules import Command, evolve
from distbilling.rules.credit.notices import Notice
from distbilling.rules.deciding.decision import Accepted, Decision
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.ledger.accounts import (
    AccruedCommission,
    CustomerLedger,
    DistributorLedger,
    PartyLedger,
    PrepaidFunds,
)
from distbilling.rules.ledger.journal import Entry
from distbilling.rules.ledger.statement import Extract
from distbilling.rules.parties import Distributor
from distbilling.rules.parties.quick_form import normalised_number

__all__ = ["AsyncMemoryRepository", "MemoryRepository"]

_TRIES_BEFORE_DECIDING_ALONE = 8


class MemoryRepository:
    """Keeps everything in memory; safe to share between threads, and lost with the process.

    Commands race here as they do in a database with versions: each is decided without a lock on
    what it read, and decided again if somebody wrote that in the meantime. ``inventory`` are the
    host's DID numbers, kept as E.164 digits.

    Raises:
        InvalidValue: a DID number is no telephone number with its country code.

    Source: rulebook R45, R46, R47, R48.

    >>> MemoryRepository(inventory={"12125550199"}).distributor("hudson") is None
    True
    """

    def __init__(self, inventory: Iterable[str] = ()) -> None:
        self._lock = Lock()
        self._tables = Tables(frozenset(map(_did_number, inventory)))
        self._of_distributor: dict[str, list[Entry]] = {}
        self._answers: dict[str, tuple[Command, Accepted]] = {}
        self._outbox: dict[str, Notice] = {}
        self._writes = 0

    def transact(self, command: Command, decide: Decide, /) -> Decision:
        """See :meth:`distbilling.ports.Repository.transact`."""
        return self.transact_many((command,), decide)[0]

    def transact_many(self, commands: Sequence[Command], decide: Decide, /) -> tuple[Decision, ...]:
        """See :meth:`distbilling.ports.Repository.transact_many`."""
        for _ in range(_TRIES_BEFORE_DECIDING_ALONE):
            with self._lock:
                work = self._begun(commands)
            work.run(commands, decide)
            with self._lock:
                if self._unmoved(work, commands):
                    self._write(work)
                    return tuple(work.decisions)
        with self._lock:
            work = self._begun(commands)
            work.run(commands, decide)
            self._write(work)
            return tuple(work.decisions)

    def distributor(self, name: str, /) -> Distributor | None:
        """See :meth:`distbilling.ports.Repository.distributor`."""
        facts = self._tables.distributors.get(name)
        return None if facts is None else facts.distributor

    def balance(self, ledger: PartyLedger, /) -> Money | None:
        """See :meth:`distbilling.ports.Repository.balance`."""
        match ledger:
            case DistributorLedger(name):
                distributor = self._tables.distributors.get(name)
                return None if distributor is None else distributor.owed
            case AccruedCommission(name):
                distributor = self._tables.distributors.get(name)
                return None if distributor is None else -distributor.accrued
            case CustomerLedger(name):
                customer = self._tables.customers.get(name)
                return None if customer is None else customer.owed
            case PrepaidFunds(name):
                account = self._tables.accounts.get(name)
                return None if account is None else -account.funds
            case _:
                assert_never(ledger)

    def extract(self, distributor: str, start: DateTime, end: DateTime, /) -> Extract:
        """See :meth:`distbilling.ports.Repository.extract`."""
        with self._lock:
            facts = self._tables.distributors.get(distributor)
            entries = sorted(self._of_distributor.get(distributor, ()), key=attrgetter("at"))
        if facts is None:
            raise HostError("Repository.extract", f"there is no distributor {distributor!r}")
        ledger = DistributorLedger(distributor)
        before = (entry.added_to(ledger) for entry in entries if entry.at < start)
        opening = Money.sum(before, currency=facts.distributor.currency)
        return Extract(opening, tuple(entry for entry in entries if start <= entry.at < end))

    def journal(self) -> Iterator[Entry]:
        """See :meth:`distbilling.ports.Repository.journal`."""
        with self._lock:
            return iter([facts.entry for facts in self._tables.entries.values()])

    def pending_notices(self, distributor: str | None = None, /) -> tuple[Notice, ...]:
        """See :meth:`distbilling.ports.Repository.pending_notices`."""
        with self._lock:
            pending = tuple(self._outbox.values())
        return tuple(notice for notice in pending if distributor in {None, notice.distributor})

    def mark_delivered(self, keys: Sequence[str], /) -> None:
        """See :meth:`distbilling.ports.Repository.mark_delivered`."""
        with self._lock:
            for key in keys:
                self._outbox.pop(key, None)

    def _begun(self, commands: Sequence[Command]) -> _UnitOfWork:
        answers = {
            command.key: self._answers[command.key]
            for command in commands
            if command.key in self._answers
        }
        return _UnitOfWork(self._facts(commands), answers, self._writes)

    def _facts(self, commands: Sequence[Command]) -> Facts:
        return self._tables.facts([command.reads for command in commands])

    def _unmoved(self, work: _UnitOfWork, commands: Sequence[Command]) -> bool:
        """Tell whether all that was read is as it was: records are replaced, never changed."""
        if work.begun_after == self._writes:
            return True
        now = self._begun(commands)
        return len(now.answers) == len(work.answers) and all(
            len(were) == len(are) and all(are.get(name) is record for name, record in were.items())
            for were, are in (
                (work.facts.distributors, now.facts.distributors),
                (work.facts.customers, now.facts.customers),
                (work.facts.accounts, now.facts.accounts),
                (work.facts.forms, now.facts.forms),
                (work.facts.entries, now.facts.entries),
            )
        )

    def _write(self, work: _UnitOfWork) -> None:
        if not work.written:
            return
        self._writes += 1
        self._tables.store(work.left)
        for command, accepted in work.written:
            self._answers[command.key] = (command, accepted)
            self._outbox.update((notice.key, notice) for notice in accepted.notices)
            if accepted.entry is not None:
                for posting in accepted.entry.postings:
                    if isinstance(posting.ledger, DistributorLedger):
                        self._of_distributor.setdefault(posting.ledger.distributor, []).append(
                            accepted.entry
                        )


class _UnitOfWork:
    """What was read for some commands, and what their decisions leave to be written."""

    def __init__(
        self, facts: Facts, answers: dict[str, tuple[Command, Accepted]], begun_after: int
    ) -> None:
        self.facts = facts
        self.answers = answers
        self._answered = dict(answers)
        self.begun_after = begun_after
        self.left = facts
        self.decisions: list[Decision] = []
        self.written: list[tuple[Command, Accepted]] = []

    def run(self, commands: Sequence[Command], decide: Decide) -> None:
        if len(commands) == 1:
            self.left = self._decided(commands[0], self.facts, decide)
            return
        tables = Tables(self.facts.inventory)
        tables.store(self.facts)

        # Each is shown what it reads itself, so that many take no longer than one by one.
        for command in commands:
            shown = tables.facts([command.reads])
            left = self._decided(command, shown, decide)
            if left is not shown:
                tables.store(left)
        self.left = tables.all()

    def _decided(self, command: Command, shown: Facts, decide: Decide) -> Facts:
        """Decide a command, unless it was accepted before, and return what it leaves."""
        answered = self._answered.get(command.key)
        if answered is not None:
            self.decisions.append(first_answer(command, *answered))
            return shown
        decision = decide(command, shown)
        self.decisions.append(decision)
        if not isinstance(decision, Accepted):
            return shown
        self._answered[command.key] = (command, decision)
        self.written.append((command, decision))
        return evolve(shown, decision)


def _did_number(typed: str) -> str:
    number = normalised_number(typed) if isinstance(typed, str) else None
    if number is None:
        raise InvalidValue(
            "inventory", typed, "telephone numbers with their country codes, 3 to 15 digits each"
        )
    return number


class AsyncMemoryRepository:
    """The same, for :class:`distbilling.AsyncBilling`; nothing in it waits.

    Source: rulebook R45, R46, R47, R48.

    >>> AsyncMemoryRepository().kept.distributor("hudson") is None
    True
    """

    def __init__(self, kept: MemoryRepository | None = None) -> None:
        self.kept: MemoryRepository = MemoryRepository() if kept is None else kept

    async def transact(self, command: Command, decide: Decide, /) -> Decision:
        """See :meth:`distbilling.ports.Repository.transact`."""
        return self.kept.transact(command, decide)

    async def transact_many(
        self, commands: Sequence[Command], decide: Decide, /
    ) -> tuple[Decision, ...]:
        """See :meth:`distbilling.ports.Repository.transact_many`."""
        return self.kept.transact_many(commands, decide)

    async def distributor(self, name: str, /) -> Distributor | None:
        """See :meth:`distbilling.ports.Repository.distributor`."""
        return self.kept.distributor(name)

    async def balance(self, ledger: PartyLedger, /) -> Money | None:
        """See :meth:`distbilling.ports.Repository.balance`."""
        return self.kept.balance(ledger)

    async def extract(self, distributor: str, start: DateTime, end: DateTime, /) -> Extract:
        """See :meth:`distbilling.ports.Repository.extract`."""
        return self.kept.extract(distributor, start, end)

    async def journal(self) -> AsyncIterator[Entry]:
        """See :meth:`distbilling.ports.Repository.journal`."""
        for entry in self.kept.journal():
            yield entry

    async def pending_notices(self, distributor: str | None = None, /) -> tuple[Notice, ...]:
        """See :meth:`distbilling.ports.Repository.pending_notices`."""
        return self.kept.pending_notices(distributor)

    async def mark_delivered(self, keys: Sequence[str], /) -> None:
        """See :meth:`distbilling.ports.Repository.mark_delivered`."""
        self.kept.mark_delivered(keys)
