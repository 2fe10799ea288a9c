"""What comes of commands? They are played through the shell on the parties that are given, and the figures are read off."""

from __future__ import annotations

from typing import TypeVar

import attrs

from distbilling.adapters.memory import MemoryRepository
from distbilling.errors import InvalidValue
from distbilling.money import Money
from distbilling.ports import Repository
from distbilling.rules import evolve
from distbilling.rules.credit import available_funds, is_suspended
from distbilling.rules.decision import Accepted, Decision, Refused
from distbilling.rules.facts import CustomerFacts, Facts
from distbilling.rules.journal import balances
from distbilling.rules.reasons import FormNotAccepted
from distbilling.scenarios.expectations import known_notices, known_reason, outcome
from distbilling.scenarios.steps import Step
from distbilling.services import Billing

_Fact = TypeVar("_Fact")


@attrs.frozen
class Outcome:
    """What the last command of a case led to, and how matters stand after it.

    ``distributor`` and ``customer`` are what the first of each owes, ``funds`` what the last account holds; ``entry`` is
    what the last entry adds, by ledger account, and empty where nothing was booked; ``owed`` are balances by ledger account.
    """

    accepted: bool | None = None
    refused: str | None = attrs.field(default=None, validator=known_reason)
    distributor: Money | None = None
    customer: Money | None = None
    customer_available: Money | None = None
    funds: Money | None = None
    sold: bool | None = None
    account: str | None = None
    commission: Money | None = None
    explanation: str | None = None
    warnings: tuple[Money, ...] | None = None
    notices: tuple[str, ...] | None = attrs.field(default=None, validator=known_notices)
    over_limit: bool | None = None
    suspended: bool | None = None
    problems: tuple[str, ...] | None = None
    entry: dict[str, Money] | None = None
    entries: int | None = None
    owed: dict[str, Money] | None = None


@attrs.frozen
class Play:
    """The steps of a case: those that bring about what is given, and those whose outcome is asked for."""

    given: tuple[Step, ...]
    asked: tuple[Step, ...]
    inventory: tuple[str, ...]

    def find(self) -> Outcome:
        """Play the steps on an empty memory repository and return what the last one led to.

        Raises:
            CallerError: a command cannot be meant (a key used twice, say), or what is given is refused.
        """
        billing = Billing(MemoryRepository(self.inventory))
        facts = Facts(inventory=frozenset(self.inventory))
        decisions: dict[str, Decision] = {}
        for step in (*self.given, *self.asked):
            decision = billing.execute(step.command)
            if isinstance(decision, Accepted) and decisions.get(step.command.key) != decision:
                facts = evolve(facts, decision)
            elif step in self.given:
                raise InvalidValue("given", step.command, f"what the rules allow: {decision.explain()}")
            decisions[step.command.key] = decision
        last = self.asked[-1]
        return _outcome(last, decisions[last.command.key], facts, billing.repository)


def _outcome(step: Step, decision: Decision, facts: Facts, repository: Repository) -> Outcome:
    found = outcome(step.command, decision, repository.balance)
    entries = tuple(repository.journal())
    entry = decision.entry if isinstance(decision, Accepted) else None
    reason = decision.reason if isinstance(decision, Refused) else None
    distributor, customer, account = _first(facts.distributors), _first(facts.customers), _first(facts.accounts[::-1])
    return Outcome(
        accepted=found.accepted,
        refused=found.refused,
        distributor=None if distributor is None else distributor.owed,
        customer=None if customer is None else customer.owed,
        customer_available=None if customer is None else _available(customer),
        funds=None if account is None else account.funds,
        sold=None if account is None else account.account.sold,
        account=None if account is None else account.account.id,
        commission=found.commission,
        explanation=found.explanation,
        warnings=found.warnings,
        notices=found.notices,
        over_limit=found.over_limit,
        suspended=None if distributor is None else is_suspended(distributor.distributor.credit.limit, distributor.owed),
        problems=tuple(problem.explain() for problem in reason.problems) if isinstance(reason, FormNotAccepted) else (),
        entry={} if entry is None else {str(posting.ledger): posting.adds for posting in entry.postings},
        entries=len(entries),
        owed={str(ledger): amount for ledger, purse in balances(entries).items() for amount in purse.values()},
    )


def _first(facts: tuple[_Fact, ...]) -> _Fact | None:
    return next(iter(facts), None)


def _available(known: CustomerFacts) -> Money | None:
    available = available_funds(known.customer.credit_limit, known.owed)
    return available if isinstance(available, Money) else None
