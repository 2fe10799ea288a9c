"""The base of the contract: a repository with parties in it, and commands that meet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import ClassVar

from distbilling.ports import Repository
from distbilling.rules import Command, decide
from distbilling.rules.deciding.decision import Decision
from distbilling.rules.deciding.facts import Facts
from distbilling.testing.stage import BASE_COMMANDS, accept

__all__ = ["Promises"]


class Promises:
    """What all promises are tried on: the repository of a host, which supplies the factory."""

    shared_by_threads: ClassVar[bool] = True
    number_in_inventory: ClassVar[str | None] = None
    seconds_to_meet: ClassVar[float] = 0.2

    def repository(self) -> Repository:
        """Return an empty repository."""
        raise NotImplementedError

    def prepared(self, *commands: Command) -> Repository:
        """Return a repository with two distributors, a customer of each and a quick form, after some more commands."""
        repository = self.repository()
        accept(repository, *BASE_COMMANDS, *commands)
        return repository

    def meeting(
        self, repository: Repository, one: Command, other: Command
    ) -> tuple[Decision, Decision]:
        """Let the other command in between reading and writing of the first one, if the repository lets it."""
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
