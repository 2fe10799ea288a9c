"""The base of the contract: a repository with parties in it, and commands that meet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import ClassVar

from distbilling.ports import Repository
from distbilling.rules import Command, decide
from distbilling.rules.deciding.decision import Decision
from distbilling.rules.deciding.facts import Facts
from distbilling.testing.sample_data import BASE_COMMANDS, accept

__all__ = ["Contract"]


class Contract:
    """The base of all promises: a host supplies ``repository``, and says what it can do."""

    shared_by_threads: ClassVar[bool] = True
    """Whether several threads may use one repository at once."""

    number_in_inventory: ClassVar[str | None] = None
    """A number that an empty repository has in its inventory; None where numbers are not kept."""

    seconds_to_meet: ClassVar[float] = 0.2
    """How long a command waits for another one to come between its reading and its writing."""

    def repository(self) -> Repository:
        """Return an empty repository."""
        raise NotImplementedError

    def prepared(self, *commands: Command) -> Repository:
        """Return a repository after the base commands of the sample data, and some more."""
        repository = self.repository()
        accept(repository, *BASE_COMMANDS, *commands)
        return repository

    def meeting(
        self, repository: Repository, one: Command, other: Command
    ) -> tuple[Decision, Decision]:
        """Let another command in between the reading and writing of one, if the repository does."""
        reading, done = Event(), Event()

        def met(command: Command, facts: Facts) -> Decision:
            decision = decide(command, facts)
            if not reading.is_set():
                reading.set()
                done.wait(self.seconds_to_meet)
            return decision

        def intrude() -> Decision:
            reading.wait()
            try:
                return repository.transact(other, decide)
            finally:
                done.set()

        if not self.shared_by_threads:
            return repository.transact(one, decide), repository.transact(other, decide)
        with ThreadPoolExecutor(1) as threads:
            intruder = threads.submit(intrude)
            try:
                first = repository.transact(one, met)
            finally:
                reading.set()
            return first, intruder.result()
