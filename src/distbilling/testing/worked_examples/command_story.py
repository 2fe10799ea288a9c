"""Worked examples of commands, played through the shell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
from pendulum import DateTime

from distbilling.adapters.memory import MemoryRepository
from distbilling.errors import InvalidValue
from distbilling.money import Money
from distbilling.rules import evolve
from distbilling.rules.credit.limits import available_funds, is_suspended
from distbilling.rules.deciding.decision import Accepted, Decision, Refused
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import FormNotAccepted
from distbilling.rules.ledger.journal import Entry, balances
from distbilling.scenarios.expectations import Outcome, limit_figures, outcome
from distbilling.scenarios.steps import Step
from distbilling.services import Billing


@attrs.frozen(kw_only=True)
class CaseOutcome(Outcome):
    """What the last command of a case led to, and how matters stand after it.

    ``distributor`` and ``customer`` are what the first of each owes; ``accrued``, ``limit``,
    ``available`` and ``suspended`` are of the first distributor, ``account``, ``funds`` and
    ``sold`` of the last account. ``entry`` is what the last entry adds, by ledger account, and
    empty where nothing was booked; ``entries`` counts all of them; ``owed`` are all balances by
    ledger account.
    """

    distributor: Money | None = None
    suspended: bool | None = None
    customer: Money | None = None
    customer_available: Money | None = None
    funds: Money | None = None
    sold: bool | None = None
    account: str | None = None
    problems: tuple[str, ...] | None = None
    entry: dict[str, Money] | None = None
    entries: int | None = None
    owed: dict[str, Money] | None = None


@attrs.frozen
class Play:
    """The steps of a case: those that bring about what is given, and those that are asked about."""

    given: tuple[Step, ...]
    asked: tuple[Step, ...]
    inventory: tuple[str, ...]

    def find(self, named: Iterable[str] = ()) -> CaseOutcome:
        """Play the steps on an empty memory repository and return what the last one led to.

        ``named`` are the distributors of whom a balance is asked.

        Raises:
            CallerError: a command cannot be meant (a key used twice, say), or what is given is
                refused.
        """
        billing = Billing(MemoryRepository(self.inventory))
        facts = Facts(inventory=frozenset(self.inventory))
        decisions: dict[str, Decision] = {}

        for step in (*self.given, *self.asked):
            decision = billing.execute(step.command)
            if isinstance(decision, Accepted) and decisions.get(step.command.key) != decision:
                facts = evolve(facts, decision)
            elif step in self.given:
                raise InvalidValue(
                    "given", step.command, f"what the rules allow: {decision.explain()}"
                )
            decisions[step.command.key] = decision

        command = self.asked[-1].command
        decision = decisions[command.key]
        decided = attrs.asdict(
            outcome(command, decision, billing.repository, named),
            filter=lambda field, _: field.name != "owes",
            recurse=False,
        )
        entries = tuple(billing.repository.journal())
        figures = decided | _booked(decision, entries) | _standing(facts, command.at)
        return CaseOutcome(**figures)


def _booked(decision: Decision, entries: tuple[Entry, ...]) -> dict[str, Any]:
    """Return the figures of the last decision and of the whole journal."""
    entry = decision.entry if isinstance(decision, Accepted) else None
    postings = () if entry is None else entry.postings
    reason = decision.reason if isinstance(decision, Refused) else None
    problems = reason.problems if isinstance(reason, FormNotAccepted) else ()
    return {
        "entry": {str(posting.ledger): posting.adds for posting in postings},
        "entries": len(entries),
        "owed": {
            str(ledger): amount
            for ledger, amounts in balances(entries).items()
            for amount in amounts.values()
        },
        "problems": tuple(problem.explain() for problem in problems),
    }


def _standing(facts: Facts, at: DateTime) -> dict[str, Any]:
    """Return the figures of the first distributor, the first customer and the last account."""
    figures: dict[str, Any] = {}
    for member in [*facts.distributors.values()][:1]:
        figures |= limit_figures(member.distributor, member.owed, at)
        figures["distributor"], figures["accrued"] = member.owed, member.accrued
        figures["suspended"] = is_suspended(member.distributor.limit_at(at), member.owed)

    for client in [*facts.customers.values()][:1]:
        figures["customer"] = client.owed
        available = available_funds(client.customer.credit_limit, client.owed)
        figures["customer_available"] = available if isinstance(available, Money) else None

    for line in [*facts.accounts.values()][-1:]:
        figures["funds"], figures["sold"] = line.funds, line.account.sold
        figures["account"] = line.account.id
    return figures
