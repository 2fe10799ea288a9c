"""What a repository shows to the rules, and all that it has written."""

from __future__ import annotations

from collections.abc import Callable

import attrs
from pendulum import DateTime

from distbilling.errors import HostError, PrecisionExceeded
from distbilling.money import Money
from distbilling.ports import Repository
from distbilling.rules import Command, decide
from distbilling.rules.credit.notices import Notice
from distbilling.rules.deciding.decision import Decision
from distbilling.rules.deciding.facts import Facts, PeriodVolume
from distbilling.rules.ledger.accounts import DistributorLedger
from distbilling.rules.ledger.journal import Entry
from distbilling.testing.fakes import RecordingDecider
from distbilling.testing.sample_data import (
    NUMBER,
    USD,
    by_quick_form,
    payment,
    remittance,
    reversal,
    transfer_of_customer,
)

__all__ = ["Written", "failing_at", "owed_by_hudson", "shown", "written"]


def shown(repository: Repository, command: Command) -> Facts:
    """Return the facts that a repository shows to whoever decides a command, which then fails.

    Raises:
        HostError: nobody was asked to decide.
    """
    onlooker = RecordingDecider(failing_at(command.key))
    try:
        repository.transact(command, onlooker)
    except PrecisionExceeded:
        return onlooker.shown[-1]
    raise HostError("Repository.transact", "answered without a decision")


def failing_at(*keys: str) -> Callable[[Command, Facts], Decision]:
    """Return a rule that fails on the commands of these keys, as for a sum of too many digits."""

    def fail_or_decide(command: Command, facts: Facts) -> Decision:
        if command.key in keys:
            raise PrecisionExceeded("sum", 38)
        return decide(command, facts)

    return fail_or_decide


@attrs.frozen
class Written:
    """All that can be seen of what a repository has written about the parties of the stage."""

    entries: tuple[Entry, ...]
    pending: tuple[Notice, ...]
    facts: tuple[Facts, ...]


def written(repository: Repository) -> Written:
    """Return all that can be seen of what a repository has written about the parties of the stage.

    What has no order of its own is put in one, so that what two repositories have written can be
    compared.
    """
    entries = tuple(repository.journal())
    looks: tuple[Command, ...] = (
        attrs.evolve(by_quick_form(NUMBER), key="look"),
        transfer_of_customer("look", None),
        *(remittance("look", "1.00", name) for name in ("jersey", "soho", "kiosk")),
        *(reversal("look", entry.key) for entry in entries),
    )
    facts = tuple(_with_sorted_volumes(shown(repository, look)) for look in looks)
    return Written(entries, tuple(repository.pending_notices()), facts)


def _with_sorted_volumes(facts: Facts) -> Facts:
    distributors = (
        attrs.evolve(member, volumes=tuple(sorted(member.volumes, key=_place)))
        for member in facts.distributors.values()
    )
    return attrs.evolve(facts, distributors=Facts.of(*distributors).distributors)


def _place(volume: PeriodVolume) -> tuple[str, DateTime]:
    return volume.kind.value, volume.start


def owed_by_hudson(repository: Repository) -> Money:
    """Return what hudson owes, as the next command sees it.

    Raises:
        HostError: the journal has it otherwise.
    """
    (member,) = shown(repository, payment("look")).distributors.values()
    booked = Money.sum(
        (entry.added_to(DistributorLedger("hudson")) for entry in repository.journal()), USD
    )
    if booked != member.owed:
        raise HostError("Repository.journal", f"holds {booked!r}; the facts say {member.owed!r}")
    return member.owed
