"""An administrator changes what a distributor may owe, and when it is warned."""

from __future__ import annotations

import attrs

from distbilling.rules import fields
from distbilling.rules.credit.limits import CreditTerms
from distbilling.rules.deciding.booking import accept_review
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Decision, Refused
from distbilling.rules.deciding.facts import DistributorFacts, Facts
from distbilling.rules.deciding.reads import Reads
from distbilling.rules.deciding.standing import distributor_at
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["ChangeCredit", "decide_new_credit"]


@attrs.frozen
class ChangeCredit(CommandHead):
    """Put new credit terms in the place of a distributor's.

    They say its limit, its warning thresholds, and what happens at the limit.

    Source: rulebook R20, R22, R23, R29.

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> from distbilling.money import Money
    >>> from distbilling.rules.credit import Limit
    >>> ChangeCredit(
    ...     key="limit-2", by=Administrator("maria"), at=pendulum.datetime(2026, 3, 9),
    ...     distributor="hudson",
    ...     credit=CreditTerms(Limit(Money("2000.00", "USD"))),
    ... ).reads.distributors
    ('hudson',)
    """

    distributor: str = attrs.field(validator=fields.identifier)
    credit: CreditTerms = attrs.field(validator=fields.one_of(CreditTerms))

    _WORDS = "change the credit terms of {distributor}"

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(distributors=(self.distributor,))


def decide_new_credit(command: ChangeCredit, facts: Facts, policy: Policy) -> Decision:
    """Store the credit terms, and give notice of what they lead to.

    That may be a warning, a suspension or a resumption.

    Refused in this order: permission; an unknown distributor; a date before its creation.

    Raises:
        CurrencyMismatch: the limit or a threshold is in another currency than the distributor's.

    Source: rulebook R20, R22, R23, R24, R29.
    """
    if denied := policy.denial(command.by, Action.CHANGE_CREDIT_LIMIT):
        return Refused(denied)

    member = distributor_at(facts, command.distributor, command.at)
    if not isinstance(member, DistributorFacts):
        return Refused(member)

    changed = attrs.evolve(member.distributor, credit=command.credit)
    member = attrs.evolve(member, distributor=changed)
    return accept_review(command.key, member, command.at, changed)
