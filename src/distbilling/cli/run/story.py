"""A file of commands, played through the library as a host would, and all that came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import assert_never

import attrs
from pendulum import DateTime

from distbilling.adapters.memory import MemoryRepository
from distbilling.adapters.notifiers import RecordingNotifier
from distbilling.cli.progress import watched
from distbilling.documents import Message, message_of
from distbilling.errors import CallerError
from distbilling.money import Money
from distbilling.ports import Repository
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.credit.credit_watch import CreditStanding
from distbilling.rules.deciding.decision import Accepted, Decision
from distbilling.rules.deciding.facts import PeriodVolume
from distbilling.rules.ledger.accounts import (
    AccruedCommission,
    CustomerLedger,
    DistributorLedger,
    PartyLedger,
    PrepaidFunds,
)
from distbilling.rules.ledger.audit import Audit, audit
from distbilling.rules.ledger.journal import Entry
from distbilling.rules.ledger.statement import Statement
from distbilling.rules.parties import Account, Customer, Distributor
from distbilling.rules.parties.quick_form import QuickForm
from distbilling.scenarios import (
    Difference,
    Played,
    Problem,
    Scenario,
    ScenarioError,
    Step,
    play,
    read_scenario,
)
from distbilling.services import Billing

__all__ = ["NewBalance", "Story", "StoryStep", "play_story"]

_DEFAULT_LOCALE = "en"
_DEFAULT_ZONE = "Etc/UTC"


@attrs.frozen
class NewBalance:
    """The balance of a distributor's ledger account after an entry: its debt, or its commission."""

    ledger: DistributorLedger | AccruedCommission
    owed: Money


@attrs.frozen
class StoryStep:
    """One command, its decision, the balances after it, and what the file expects otherwise.

    ``reader`` is the distributor concerned, or else the first of the file: the step is written in
    its language, formats and zone.
    """

    number: int
    step: Step
    decision: Decision
    reader: Distributor | None
    balances: tuple[NewBalance, ...]
    messages: tuple[Message, ...]
    differences: tuple[Difference, ...]

    @property
    def locale(self) -> str:
        """The locale of the reader."""
        return locale_of(self.reader)

    @property
    def zone(self) -> str:
        """The zone of the reader."""
        return _DEFAULT_ZONE if self.reader is None else self.reader.reading_zone()


@attrs.frozen
class Story:
    """A file and all that came of it; ``statements`` are by distributor, then the oldest first."""

    scenario: Scenario
    reader: Distributor | None
    steps: tuple[StoryStep, ...]
    statements: tuple[Statement, ...]
    audit: Audit

    @property
    def locale(self) -> str:
        """The locale of the file's first distributor, for what concerns none."""
        return locale_of(self.reader)

    @property
    def expectations(self) -> int:
        """How many steps say what is expected."""
        return sum(played.step.expectation is not None for played in self.steps)

    @property
    def expectations_met(self) -> int:
        """How many of those came as expected."""
        return self.expectations - sum(bool(played.differences) for played in self.steps)

    @property
    def is_sound(self) -> bool:
        """Whether the books agree and everything came as expected."""
        return self.audit.agrees and self.expectations == self.expectations_met


def play_story(path: str | Path, repository: Repository | None = None) -> Story:
    """Read a file and play it; make the statements and audit the books.

    It is played in memory unless an empty repository is given.

    Raises:
        ScenarioError: the file cannot be played as it is written.
        HostError: the repository failed.
    """
    scenario = read_scenario(path)
    repository = MemoryRepository(scenario.inventory) if repository is None else repository
    billing, books = Billing(repository, RecordingNotifier()), _Books(repository)
    commands = (step.command for step in scenario.steps)
    created = (each.distributor for each in commands if isinstance(each, CreateDistributor))
    reader = next(created, None)

    steps: list[StoryStep] = []
    try:
        for played in watched(play(scenario, billing), len(scenario.steps), "Playing"):
            steps.append(_story_step(len(steps) + 1, played, books, reader))
    except CallerError as failure:
        place = scenario.steps[len(steps)].place
        raise ScenarioError(str(path), (Problem(place, "", str(failure)),)) from None

    return Story(
        scenario=scenario,
        reader=reader,
        steps=tuple(steps),
        statements=tuple(books.statements(billing, steps)),
        audit=audit(repository.journal(), repository.balance, books.ledgers),
    )


def locale_of(reader: Distributor | None) -> str:
    """Return the locale in which somebody reads; English where nobody is concerned."""
    return _DEFAULT_LOCALE if reader is None else reader.preferences.locale


@attrs.define
class _Books:
    """Whom the decisions are about: distributors, when their balances moved, and all ledgers."""

    repository: Repository
    distributors: dict[str, Distributor] = attrs.field(factory=dict[str, Distributor])
    instants: dict[str, list[DateTime]] = attrs.field(factory=dict[str, list[DateTime]])
    ledgers: list[PartyLedger] = attrs.field(factory=list[PartyLedger])

    def take(self, accepted: Accepted) -> tuple[NewBalance, ...]:
        """Take an accepted decision in, and return the new balances of distributors."""
        for record in accepted.records:
            match record:
                case Distributor():
                    self.distributors[record.id] = record
                    self.instants.setdefault(record.id, [])
                    self.ledgers += [DistributorLedger(record.id), AccruedCommission(record.id)]
                case Customer():
                    self.ledgers.append(CustomerLedger(record.id))
                case Account():
                    self.ledgers.append(PrepaidFunds(record.id))
                case QuickForm() | CreditStanding() | PeriodVolume():
                    pass
                case _:
                    assert_never(record)

        return () if accepted.entry is None else tuple(self._balances(accepted.entry))

    def _balances(self, entry: Entry) -> Iterator[NewBalance]:
        for posting in entry.postings:
            if isinstance(posting.ledger, DistributorLedger | AccruedCommission):
                self.instants[posting.ledger.distributor].append(entry.at)
                owed = self.repository.balance(posting.ledger)
                yield NewBalance(
                    posting.ledger, Money.zero(entry.currency) if owed is None else owed
                )

    def statements(self, billing: Billing, steps: Iterable[StoryStep]) -> Iterator[Statement]:
        """Yield each distributor's statements, oldest first.

        There is one for each billing period with an entry in it, and one for the last: that of the
        last command, or of the distributor's creation where that is later.
        """
        last = [played.step.command.at for played in steps][-1:]
        for name, distributor in self.distributors.items():
            latest = max(*last, distributor.created)
            periods = {distributor.period_at(instant) for instant in (*self.instants[name], latest)}
            yield from (billing.statement(name, period.start) for period in sorted(periods))


def _story_step(
    number: int, played: Played, books: _Books, reader: Distributor | None
) -> StoryStep:
    step, decision = played.step, played.decision
    balances = books.take(decision) if isinstance(decision, Accepted) else ()
    concerned = [balance.ledger.distributor for balance in balances]
    name = next(iter((*concerned, *step.command.reads.distributors)), None)

    return StoryStep(
        number=number,
        step=step,
        decision=decision,
        reader=reader if name is None else books.distributors.get(name, reader),
        balances=balances,
        messages=tuple(
            message_of(notice, books.distributors[notice.distributor])
            for notice in decision.notices
        ),
        differences=played.differences,
    )
