"""Worked examples of commands, played through the shell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import attrs

from distbilling.adapters.memory import MemoryRepository
from distbilling.errors import InvalidValue
from distbilling.money import Money
from distbilling.rules import Command, evolve
from distbilling.rules.credit.limits import Limit, Unlimited, available_funds, is_suspended
from distbilling.rules.deciding.decision import Accepted, Decision, Refused
from distbilling.rules.deciding.facts import CustomerFacts, Facts
from distbilling.rules.deciding.reasons import FormNotAccepted
from distbilling.rules.ledger.journal import Entry, balances
from distbilling.scenarios.expectations import (
    Expectation,
    known_entry,
    known_notices,
    known_reason,
    outcome,
)
from distbilling.scenarios.steps import Step
from distbilling.services import Billing

_Fact = TypeVar("_Fact")


@attrs.frozen
class Outcome:
    """What the last command of a case led to, and how matters stand after it.

    ``distributor`` and ``customer`` are what the first of each owes, ``accrued``, ``limit``,
    ``available`` and ``suspended`` how the first distributor stands, ``funds`` what the last
    account holds; ``entry`` is what the last entry adds, by ledger account, and empty where nothing
    was booked; ``owed`` are all balances by ledger account, ``balances`` those of the distributors
    that are named. The rest is as in :class:`distbilling.scenarios.Expectation`.
    """

    accepted: bool | None = None
    refused: str | None = attrs.field(default=None, validator=known_reason)
    booked: str | None = attrs.field(default=None, validator=known_entry)
    original: str | None = None
    distributor: Money | None = None
    accrued: Money | None = None
    limit: Money | Unlimited | None = None
    available: Money | Unlimited | None = None
    suspended: bool | None = None
    balances: dict[str, Money] | None = None
    customer: Money | None = None
    customer_available: Money | None = None
    funds: Money | None = None
    sold: bool | None = None
    account: str | None = None
    commission: Money | None = None
    commissions: dict[str, Money] | None = None
    explanation: str | None = None
    warnings: tuple[Money, ...] | None = None
    cleared: tuple[Money, ...] | None = None
    notices: tuple[str, ...] | None = attrs.field(default=None, validator=known_notices)
    over_limit: bool | None = None
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

    def find(self, named: Iterable[str] = ()) -> Outcome:
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
        found = outcome(command, decisions[command.key], billing.repository, named)
        return _outcome(
            found, command, decisions[command.key], facts, tuple(billing.repository.journal())
        )


def _outcome(
    found: Expectation,
    command: Command,
    decision: Decision,
    facts: Facts,
    entries: tuple[Entry, ...],
) -> Outcome:
    entry = decision.entry if isinstance(decision, Accepted) else None
    reason = decision.reason if isinstance(decision, Refused) else None
    distributor, customer, account = (
        _first(facts.distributors.values()),
        _first(facts.customers.values()),
        _first([*facts.accounts.values()][::-1]),
    )
    limit = None if distributor is None else distributor.distributor.limit_at(command.at)
    owed = None if distributor is None else distributor.owed
    return Outcome(
        accepted=found.accepted,
        refused=found.refused,
        booked=found.booked,
        original=found.original,
        distributor=owed,
        accrued=None if distributor is None else distributor.accrued,
        limit=limit.amount if isinstance(limit, Limit) else limit,
        available=None if limit is None or owed is None else available_funds(limit, owed),
        suspended=None if limit is None or owed is None else is_suspended(limit, owed),
        balances=found.balances,
        customer=None if customer is None else customer.owed,
        customer_available=None if customer is None else _available(customer),
        funds=None if account is None else account.funds,
        sold=None if account is None else account.account.sold,
        account=None if account is None else account.account.id,
        commission=found.commission,
        commissions=found.commissions,
        explanation=found.explanation,
        warnings=found.warnings,
        cleared=found.cleared,
        notices=found.notices,
        over_limit=found.over_limit,
        problems=tuple(problem.explain() for problem in reason.problems)
        if isinstance(reason, FormNotAccepted)
        else (),
        entry={}
        if entry is None
        else {str(posting.ledger): posting.adds for posting in entry.postings},
        entries=len(entries),
        owed={
            str(ledger): amount
            for ledger, purse in balances(entries).items()
            for amount in purse.values()
        },
    )


def _first(facts: Iterable[_Fact]) -> _Fact | None:
    return next(iter(facts), None)


def _available(known: CustomerFacts) -> Money | None:
    available = available_funds(known.customer.credit_limit, known.owed)
    return available if isinstance(available, Money) else None
