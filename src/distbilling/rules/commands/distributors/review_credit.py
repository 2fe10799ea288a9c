"""A distributor's credit is reviewed, because time alone can change what its balance means."""

from __future__ import annotations

import attrs

from distbilling.rules import fields
from distbilling.rules.deciding.booking import accept_review
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Decision, Refused
from distbilling.rules.deciding.facts import DistributorFacts, Facts
from distbilling.rules.deciding.reads import Reads
from distbilling.rules.deciding.standing import distributor_at
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["ReviewCredit", "decide_review"]


@attrs.frozen
class ReviewCredit(CommandHead):
    """Look at a distributor's credit again, though no money moved.

    A limit increase may have ended, or a warning be due. A host gives it for distributors with a
    temporary increase when that ends, or for all of them once a day.

    Source: rulebook R21, R23, R24.

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> ReviewCredit(
    ...     key="review/hudson/2026-03-09", by=Administrator("scheduler"),
    ...     at=pendulum.datetime(2026, 3, 9),
    ...     distributor="hudson",
    ... ).reads.distributors
    ('hudson',)
    """

    distributor: str = attrs.field(validator=fields.identifier)

    _WORDS = "review the credit of {distributor}"

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(distributors=(self.distributor,))


def decide_review(command: ReviewCredit, facts: Facts, policy: Policy) -> Decision:
    """Give notice of what has changed with time alone.

    That may be a suspension after an increase, or a warning that had to wait.

    Refused in this order: permission; an unknown distributor; a date before its creation.

    Source: rulebook R21, R23, R24.
    """
    if denied := policy.denial(command.by, Action.REVIEW_CREDIT):
        return Refused(denied)

    member = distributor_at(facts, command.distributor, command.at)
    if not isinstance(member, DistributorFacts):
        return Refused(member)

    return accept_review(command.key, member, command.at)
