"""What happened, from the first command to the last statement? A file, played through the library as a host would."""

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

__all__ = ["Moved", "Story", "StoryStep", "play_story"]

_NOBODYS_LOCALE = "en"
_NOBODYS_ZONE = "Etc/UTC"


@attrs.frozen
class Moved:
    """What a ledger account of a distributor stands at after a step that moved it: its debt, or its accrued commission."""

    ledger: DistributorLedger | AccruedCommission
    owed: Money


@attrs.frozen
class StoryStep:
    """One command, how it was decided, whose balances it moved, and in what that is not as the file expects.

    ``reader`` is the distributor concerned, or else the first of the file: whose language, formats
    and zone it is told in.
    """

    number: int
    step: Step
    decision: Decision
    reader: Distributor | None
    moved: tuple[Moved, ...]
    messages: tuple[Message, ...]
    differences: tuple[Difference, ...]

    @property
    def locale(self) -> str:
        """The locale of the reader."""
        return locale_of(self.reader)

    @property
    def zone(self) -> str:
        """The zone of the reader."""
        return _NOBODYS_ZONE if self.reader is None else self.reader.reading_zone()


@attrs.frozen
class Story:
    """A file and all that came of it; ``statements`` are by distributor, then by period, oldest first."""

    scenario: Scenario
    reader: Distributor | None
    steps: tuple[StoryStep, ...]
    statements: tuple[Statement, ...]
    audit: Audit

    @property
    def locale(self) -> str:
        """The locale of the file's first distributor, in which things are told that concern none."""
        return locale_of(self.reader)

    @property
    def expectations(self) -> int:
        """How many steps say what is expected."""
        return sum(told.step.expectation is not None for told in self.steps)

    @property
    def expectations_met(self) -> int:
        """How many of those came as expected."""
        return self.expectations - sum(bool(told.differences) for told in self.steps)

    @property
    def is_sound(self) -> bool:
        """Whether the books agree and everything came as expected."""
        return self.audit.agrees and self.expectations == self.expectations_met


def play_story(path: str | Path, repository: Repository | None = None) -> Story:
    """Read a file, play it, write the statements and look into the books; in memory unless an empty repository is given.

    Raises:
        ScenarioError: the file cannot be played as it is written.
        HostError: the repository failed.
    """
    scenario = read_scenario(path)
    kept = MemoryRepository(scenario.inventory) if repository is None else repository
    billing = Billing(kept, RecordingNotifier())
    books = _Books(kept)
    created = [
        step.command.distributor
        for step in scenario.steps
        if isinstance(step.command, CreateDistributor)
    ]
    reader = created[0] if created else None
    steps: list[StoryStep] = []
    try:
        for played in watched(play(scenario, billing), len(scenario.steps), "Playing"):
            steps.append(_told(len(steps) + 1, played, books, reader))
    except CallerError as failure:
        place = scenario.steps[len(steps)].place
        raise ScenarioError(str(path), (Problem(place, "", str(failure)),)) from None
    statements = tuple(books.statements(billing, steps))
    found = audit(kept.journal(), kept.balance, books.ledgers)
    return Story(scenario, reader, tuple(steps), statements, found)


def locale_of(reader: Distributor | None) -> str:
    """Return the locale in which somebody reads; English where nobody is concerned."""
    return _NOBODYS_LOCALE if reader is None else reader.preferences.locale


@attrs.define
class _Books:
    """Whom the decisions so far are about: the distributors with the instants at which their balance moved, and all ledgers."""

    repository: Repository
    distributors: dict[str, Distributor] = attrs.field(factory=dict[str, Distributor])
    instants: dict[str, list[DateTime]] = attrs.field(factory=dict[str, list[DateTime]])
    ledgers: list[PartyLedger] = attrs.field(factory=list[PartyLedger])

    def take(self, accepted: Accepted) -> tuple[Moved, ...]:
        """Take an accepted decision in; return where those ledger accounts of distributors stand now that it moved."""
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
        return () if accepted.entry is None else tuple(self._moved(accepted.entry))

    def _moved(self, entry: Entry) -> Iterator[Moved]:
        for posting in entry.postings:
            if isinstance(posting.ledger, DistributorLedger | AccruedCommission):
                self.instants[posting.ledger.distributor].append(entry.at)
                owed = self.repository.balance(posting.ledger)
                yield Moved(posting.ledger, Money.zero(entry.currency) if owed is None else owed)

    def statements(self, billing: Billing, steps: Iterable[StoryStep]) -> Iterator[Statement]:
        """Yield each distributor's statements, oldest first: of every billing period with an entry in it, and of the last.

        The last is that of the last command, or of the distributor's creation where that is later.
        """
        last = [told.step.command.at for told in steps][-1:]
        for name, distributor in self.distributors.items():
            latest = max(*last, distributor.created)
            periods = {distributor.period_at(instant) for instant in (*self.instants[name], latest)}
            yield from (billing.statement(name, period.start) for period in sorted(periods))


def _told(number: int, played: Played, books: _Books, reader: Distributor | None) -> StoryStep:
    step, decision = played.step, played.decision
    moved = books.take(decision) if isinstance(decision, Accepted) else ()
    name = (
        moved[0].ledger.distributor if moved else next(iter(step.command.reads.distributors), None)
    )
    return StoryStep(
        number,
        step,
        decision,
        books.distributors.get(name, reader) if name is not None else reader,
        moved,
        tuple(
            message_of(notice, books.distributors[notice.distributor])
            for notice in decision.notices
        ),
        played.differences,
    )
