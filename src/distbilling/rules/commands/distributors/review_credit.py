"""Time has passed: does a distributor's balance mean something else now?"""

from __future__ import annotations

import attrs

from distbilling.rules import fields
from distbilling.rules.deciding.booking import accept_review
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Decision, Refused
from distbilling.rules.deciding.facts import Facts, Reads
from distbilling.rules.deciding.reasons import NotFound, RecordKind
from distbilling.rules.deciding.standing import creation_refusal
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["ReviewCredit", "decide_review"]


@attrs.frozen
class ReviewCredit(CommandHead):
    """Look at a distributor's credit again, though no money moved: a limit increase may have ended, or a warning be due.

    A host gives it for distributors with a temporary increase when that ends, or for all of them
    once a day.

    Source: rulebook R21, R23, R24.

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> ReviewCredit(
    ...     key="review/hudson/2026-03-09", by=Administrator("scheduler"), at=pendulum.datetime(2026, 3, 9),
    ...     distributor="hudson",
    ... ).reads.distributors
    ('hudson',)
    """

    distributor: str = attrs.field(validator=fields.identifier)

    WORDS = "review the credit of {distributor}"

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(distributors=(self.distributor,))


def decide_review(command: ReviewCredit, facts: Facts, policy: Policy) -> Decision:
    """Tell what has changed with time alone: suspension after an increase, warnings that had to wait.

    Refused in this order: permission; an unknown distributor; a date before its creation.

    Source: rulebook R21, R23, R24.
    """
    if denied := policy.denial(command.by, Action.REVIEW_CREDIT):
        return Refused(denied)
    known = facts.distributor(command.distributor)
    if known is None:
        return Refused(NotFound(RecordKind.DISTRIBUTOR, command.distributor))
    if early := creation_refusal((known,), command.at):
        return Refused(early)
    return accept_review(command.key, known, command.at)
