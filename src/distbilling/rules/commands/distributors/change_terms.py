"""An administrator changes what a distributor earns."""

from __future__ import annotations

import attrs

from distbilling.rules import fields
from distbilling.rules.agreement.terms import Terms
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Accepted, Decision, Refused
from distbilling.rules.deciding.facts import DistributorFacts, Facts
from distbilling.rules.deciding.hierarchy import rate_above_parent
from distbilling.rules.deciding.reads import Reads
from distbilling.rules.deciding.standing import distributor_at
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["ChangeTerms", "decide_new_terms"]


@attrs.frozen
class ChangeTerms(CommandHead):
    """Put new terms in the place of a distributor's.

    Rates that are to change on a date are dated within the terms.

    Source: rulebook R12, R29.

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> from distbilling.money import Percent
    >>> ChangeTerms(
    ...     key="terms-2", by=Administrator("maria"), at=pendulum.datetime(2026, 3, 9),
    ...     distributor="hudson",
    ...     terms=Terms(Percent("15"), Percent("12")),
    ... ).reads.below
    ('hudson',)
    """

    distributor: str = attrs.field(validator=fields.identifier)
    terms: Terms = attrs.field(validator=fields.one_of(Terms))

    _WORDS = "change the commission of {distributor}"

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(distributors=(self.distributor,), below=(self.distributor,))


def decide_new_terms(command: ChangeTerms, facts: Facts, policy: Policy) -> Decision:
    """Store the terms; what is decided from now on goes by them, and what was booked stays.

    Refused in this order: permission; an unknown distributor; a date before its creation; a rate
    above that of the distributor above it; a rate below that of one directly below it.

    Raises:
        CurrencyMismatch: an amount in the terms is in another currency than the distributor's.

    Source: rulebook R12, R15, R16, R29.
    """
    if denied := policy.denial(command.by, Action.CHANGE_COMMISSION):
        return Refused(denied)

    member = distributor_at(facts, command.distributor, command.at)
    if not isinstance(member, DistributorFacts):
        return Refused(member)

    changed = attrs.evolve(member.distributor, terms=command.terms)
    parents = [parent.distributor for parent in facts.chain(command.distributor)[1:]]
    if too_much := rate_above_parent(changed, parents):
        return Refused(too_much)
    for child in facts.below(command.distributor):
        if too_much := rate_above_parent(child.distributor, (changed, *parents)):
            return Refused(too_much)

    return Accepted(command.key, records=(changed,))
