"""The player of scenarios: each decision is compared with what the file expects."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from distbilling.rules.deciding.decision import Decision
from distbilling.scenarios.expectations import Difference, differences, outcome
from distbilling.scenarios.reading import Scenario
from distbilling.scenarios.steps import Step
from distbilling.services import Billing

__all__ = ["Played", "play"]


@attrs.frozen
class Played:
    """A step, how it was decided, and where that differs from what the file expects."""

    step: Step
    decision: Decision
    differences: tuple[Difference, ...] = ()


def play(scenario: Scenario, billing: Billing) -> Iterator[Played]:
    """Play the steps in their order, each when the one before it is decided.

    A refusal is part of the story: it stops nothing. The repository should know the scenario's
    ``inventory``.

    Raises:
        KeyReused: the repository has accepted another command under a key of this file.
        HostError: the repository failed.

    >>> from distbilling.adapters.memory import MemoryRepository
    >>> list(play(Scenario("An empty month", "ours", (), ()), Billing(MemoryRepository())))
    []
    """
    for step in scenario.steps:
        decision = billing.execute(step.command)
        if step.expectation is None:
            yield Played(step, decision)
        else:
            named = step.expectation.balances or ()
            found = outcome(step.command, decision, billing.repository, named)
            yield Played(step, decision, differences(step.expectation, found))
