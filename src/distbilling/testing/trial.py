"""A ledger decided by the rules alone, without a repository."""

from __future__ import annotations

from typing import Any, Final

import attrs

from distbilling.errors import HostError
from distbilling.money import Money, Percent
from distbilling.rules import Command, decide, evolve
from distbilling.rules.agreement.terms import Terms
from distbilling.rules.commands.customers.create_customer import CreateCustomer
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.credit.limits import CreditTerms, Limit, PercentOfLimit, Unlimited
from distbilling.rules.deciding.decision import Accepted, Decision
from distbilling.rules.deciding.facts import DistributorFacts, Facts
from distbilling.rules.deciding.reasons import Reason
from distbilling.rules.ledger.journal import Entry, balances
from distbilling.rules.parties import Customer, Distributor
from distbilling.rules.parties.permission import HANDBOOK_POLICY, Policy
from distbilling.testing.stage import BASE_COMMANDS, MARIA, MORNING, USD, distributor, usd

__all__ = ["CHAIN", "Trial", "settling", "subdistributor"]


class Trial:
    """A house in which commands are decided by the rules, each on what those before it left.

    It starts with the two distributors of the stage, unless it is given other facts.

    >>> from distbilling.testing.stage import payment
    >>> house = Trial(payment("k"))
    >>> print(house.owed("hudson"))
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
        answer: Decision | None = None
        for command in commands:
            answer = self.give(command)
            if not isinstance(answer, Accepted):
                raise HostError("Trial", f"{command} was refused: {answer.reason}")
        if not isinstance(answer, Accepted):
            raise HostError("Trial", "no command")
        return answer

    def reason(self, command: Command) -> Reason:
        """Return why a command is refused, which leaves the house as it is.

        Raises:
            HostError: it was accepted.
        """
        decision = decide(command, self.facts, self.policy)
        if isinstance(decision, Accepted):
            raise HostError("Trial", f"{command} was accepted: {decision}")
        return decision.reason

    def known(self, name: str) -> DistributorFacts:
        """Return the facts about a distributor.

        Raises:
            HostError: there is none of that name.
        """
        return self.facts.distributors_named((name,))[0]

    def owed(self, name: str) -> Money:
        """Return what a distributor owes; positive is debt."""
        return self.known(name).owed

    def accrued(self, name: str) -> Money:
        """Return the commission that is still to be credited to a distributor; positive in its favour."""
        return self.known(name).accrued

    def customer(self, name: str) -> Customer:
        """Return a customer.

        Raises:
            HostError: there is none of that name.
        """
        found = self.facts.customer(name)
        if found is None:
            raise HostError("Trial", f"there is no customer {name!r}")
        return found.customer

    def books(self) -> dict[str, Money]:
        """Rebuild from the entries what each ledger account stands at; those at zero are left out."""
        rebuilt = balances(self.journal)
        return {
            str(ledger): owed
            for ledger, purse in rebuilt.items()
            for owed in purse.values()
            if not owed.is_zero
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
    credit = CreditTerms(Limit(usd(limit)), (PercentOfLimit("90"),))
    made = attrs.evolve(
        distributor(name),
        parent=parent,
        terms=Terms(Percent(sales), Percent(payments)),
        credit=credit,
    )
    return attrs.evolve(made, **changes)


def settling(new: Distributor) -> tuple[Command, ...]:
    """Return the commands by which an administrator sets a distributor up, with one customer.

    >>> len(settling(subdistributor("soho", "hudson", "12", "8", "500.00")))
    2
    """
    name = f"customer of {new.id}"
    return (
        CreateDistributor(f"create {new.id}", MARIA, new),
        CreateCustomer(
            f"create {name}",
            MARIA,
            MORNING,
            name,
            "Brown Bakery",
            Unlimited(),
            Money.zero(USD),
            new.id,
        ),
    )


CHAIN: Final[tuple[Command, ...]] = (
    *settling(subdistributor("soho", "hudson", "12", "8", "500.00")),
    *settling(subdistributor("kiosk", "soho", "10", "5", "200.00")),
)
"""Below hudson, who earns 15 % and 10 %: soho on 12 % and 8 %, and below that kiosk on 10 % and 5 %."""
