"""A ledger decided by the rules alone, without a repository."""

from __future__ import annotations

from typing import Any, Final

import attrs

from distbilling.errors import HostError
from distbilling.money import Money, Percent
from distbilling.rules import Command, decide, evolve
from distbilling.rules.agreement.terms import Terms
from distbilling.rules.credit.limits import CreditTerms, Limit, PercentOfLimit
from distbilling.rules.deciding.decision import Accepted, Decision
from distbilling.rules.deciding.facts import DistributorFacts, Facts
from distbilling.rules.deciding.reasons import Reason
from distbilling.rules.ledger.journal import Entry, balances
from distbilling.rules.parties import Customer, Distributor
from distbilling.rules.parties.permission import HANDBOOK_POLICY, Policy
from distbilling.testing.sample_data import BASE_COMMANDS, accepted, commands_for, distributor, usd

__all__ = ["CHAIN", "RuleLedger", "subdistributor"]


class RuleLedger:
    """A ledger decided by the rules alone, each command on what those before it left.

    It starts with the base commands of the sample data, unless it is given other facts.

    >>> from distbilling.testing.sample_data import payment
    >>> ledger = RuleLedger(payment("k"))
    >>> print(ledger.owed("hudson"))
    $9.00
    """

    def __init__(
        self, *commands: Command, facts: Facts | None = None, policy: Policy = HANDBOOK_POLICY
    ) -> None:
        self.facts: Facts = Facts() if facts is None else facts
        self.policy: Policy = policy
        self.journal: list[Entry] = []
        if facts is None:
            self.accept(*BASE_COMMANDS)
        if commands:
            self.accept(*commands)

    def give(self, command: Command) -> Decision:
        """Decide a command, and keep what it leads to if it is accepted."""
        decision = decide(command, self.facts, self.policy)
        if isinstance(decision, Accepted):
            self.facts = evolve(self.facts, decision)
            self.journal += [] if decision.entry is None else [decision.entry]
        return decision

    def accept(self, *commands: Command) -> Accepted:
        """Decide commands that are to be accepted, and return the last answer.

        Raises:
            HostError: one was refused, or there was none.
        """
        return accepted(self.give, commands)

    def reason(self, command: Command) -> Reason:
        """Return why a command is refused, which leaves the ledger as it is.

        Raises:
            HostError: it was accepted.
        """
        decision = decide(command, self.facts, self.policy)
        if isinstance(decision, Accepted):
            raise HostError("RuleLedger", f"{command} was accepted: {decision}")
        return decision.reason

    def member(self, name: str) -> DistributorFacts:
        """Return the facts about a distributor.

        Raises:
            HostError: there is none of that name.
        """
        return self.facts.distributors_named((name,))[0]

    def owed(self, name: str) -> Money:
        """Return what a distributor owes; positive is debt."""
        return self.member(name).owed

    def accrued(self, name: str) -> Money:
        """Return the commission still to be credited to a distributor; positive in its favour."""
        return self.member(name).accrued

    def customer(self, name: str) -> Customer:
        """Return a customer.

        Raises:
            HostError: there is none of that name.
        """
        if (client := self.facts.customer(name)) is None:
            raise HostError("RuleLedger", f"there is no customer {name!r}")
        return client.customer

    def books(self) -> dict[str, Money]:
        """Return the balances of all ledger accounts, from the entries; zero is left out."""
        return {
            str(ledger): amount
            for ledger, amounts in balances(self.journal).items()
            for amount in amounts.values()
            if not amount.is_zero
        }


def subdistributor(
    name: str,
    parent: str,
    sales: str,
    payments: str,
    limit: str,
    **changes: Any,  # noqa: ANN401
) -> Distributor:
    """Return a distributor below another, at so many per cent, warned at 90 % of its limit.

    >>> subdistributor("soho", "hudson", "12", "8", "500.00").parent
    'hudson'
    """
    usual = attrs.evolve(
        distributor(name),
        parent=parent,
        terms=Terms(Percent(sales), Percent(payments)),
        credit=CreditTerms(Limit(usd(limit)), (PercentOfLimit("90"),)),
    )
    return attrs.evolve(usual, **changes)


CHAIN: Final[tuple[Command, ...]] = (
    *commands_for(subdistributor("soho", "hudson", "12", "8", "500.00")),
    *commands_for(subdistributor("kiosk", "soho", "10", "5", "200.00")),
)
"""Below hudson, on 15 % and 10 %: soho on 12 % and 8 %, and below that kiosk on 10 % and 5 %."""
