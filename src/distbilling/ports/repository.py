"""The port to the host's database: parties, entries and pending notices."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable, Sequence
from typing import Protocol

from pendulum import DateTime

from distbilling.money import Money
from distbilling.rules import Command
from distbilling.rules.credit.notices import Notice
from distbilling.rules.deciding.decision import Decision
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.ledger.accounts import PartyLedger
from distbilling.rules.ledger.journal import Entry
from distbilling.rules.ledger.statement import Extract
from distbilling.rules.parties import Distributor

__all__ = ["AsyncRepository", "Decide", "Repository"]

Decide = Callable[[Command, Facts], Decision]
"""The pure rule that a repository calls inside its transaction, as often as it must."""


class Repository(Protocol):
    """Keeps records, entries and pending notices, and lets no two commands interleave.

    Failures of the database are raised as :class:`distbilling.errors.HostError`, never as a
    caller's error; where a driver's text holds data, ``from None``.

    Source: rulebook R45, R46, R47, R48.
    """

    def transact(self, command: Command, decide: Decide, /) -> Decision:
        """Load what ``command.reads`` names, decide, and write what was accepted; all or nothing.

        The facts are as of one moment that no other command can interleave with. Every name read is
        answered: with its record, or by its absence. An account comes with its customer and
        distributor, a customer with its distributor, an entry with the entries that reverse or
        correct it and the parties that it has postings on, every distributor with those above it,
        and each with what it owes, the commission that waits for settlement, its standing and its
        volumes (:class:`distbilling.rules.deciding.reads.Reads` and
        :class:`distbilling.rules.deciding.facts.DistributorFacts` say it all). ``decide`` may be
        called again, after a deadlock or a moved version. What is accepted is written whole: entry,
        records, notices (as pending) and key. A refusal writes nothing.

        A key that was accepted before is answered from the record, without ``decide``: the same
        command gets the first answer (:func:`distbilling.ports.first_answer` compares the two).

        Raises:
            KeyReused: the key was accepted before, with another command.
        """
        ...

    def transact_many(self, commands: Sequence[Command], decide: Decide, /) -> tuple[Decision, ...]:
        """Do the same for the commands in their order, in one transaction: one load, one write.

        Each command keeps its own decision, on the facts that the ones before it left; a refused
        one writes nothing and stops none of the others.

        Raises:
            KeyReused: a key was accepted before, or earlier among these, with another command;
                nothing is written.
        """
        ...

    def distributor(self, name: str, /) -> Distributor | None:
        """Return a distributor; None where there is none of that name."""
        ...

    def balance(self, ledger: PartyLedger, /) -> Money | None:
        """Return what a party's ledger account is kept at; None where there is no such party.

        Positive is debt, so prepaid funds are negative.
        """
        ...

    def extract(self, distributor: str, start: DateTime, end: DateTime, /) -> Extract:
        """Return what a distributor owed at ``start``, and its entries from then to before ``end``.

        Both are as of one moment.

        Entries count by their own dates, not by when they were written: in order of their dates,
        and those of one instant in the order in which they were written.

        Raises:
            HostError: there is no such distributor.
        """
        ...

    def journal(self) -> Iterable[Entry]:
        """Stream all entries in the order of writing; all balances can be rebuilt from them."""
        ...

    def pending_notices(self, distributor: str | None = None, /) -> Iterable[Notice]:
        """Return the undelivered notices, of one distributor or of all, in the order of writing."""
        ...

    def mark_delivered(self, keys: Sequence[str], /) -> None:
        """Take the notices of these keys off the pending ones; other keys are passed over."""
        ...


class AsyncRepository(Protocol):
    """The same promises as :class:`Repository`, awaited; ``decide`` stays an ordinary function.

    Source: rulebook R45, R46, R47, R48.
    """

    async def transact(self, command: Command, decide: Decide, /) -> Decision:
        """See :meth:`Repository.transact`."""
        ...

    async def transact_many(
        self, commands: Sequence[Command], decide: Decide, /
    ) -> tuple[Decision, ...]:
        """See :meth:`Repository.transact_many`."""
        ...

    async def distributor(self, name: str, /) -> Distributor | None:
        """See :meth:`Repository.distributor`."""
        ...

    async def balance(self, ledger: PartyLedger, /) -> Money | None:
        """See :meth:`Repository.balance`."""
        ...

    async def extract(self, distributor: str, start: DateTime, end: DateTime, /) -> Extract:
        """See :meth:`Repository.extract`."""
        ...

    def journal(self) -> AsyncIterable[Entry]:
        """See :meth:`Repository.journal`."""
        ...

    async def pending_notices(self, distributor: str | None = None, /) -> Iterable[Notice]:
        """See :meth:`Repository.pending_notices`."""
        ...

    async def mark_delivered(self, keys: Sequence[str], /) -> None:
        """See :meth:`Repository.mark_delivered`."""
        ...
