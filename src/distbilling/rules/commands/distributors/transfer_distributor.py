"""An administrator puts a distributor below another one, or releases it to the provider."""

from __future__ import annotations

import attrs

from distbilling.language.catalogue import sentence
from distbilling.rules import fields
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Accepted, Decision, Refused
from distbilling.rules.deciding.facts import DistributorFacts, Facts
from distbilling.rules.deciding.hierarchy import circle_refusal, placement_refusal
from distbilling.rules.deciding.reads import Reads, names
from distbilling.rules.deciding.reasons import NotFound, NotSettled, RecordKind
from distbilling.rules.deciding.standing import creation_refusal
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["TransferDistributor", "decide_distributor_transfer"]


@attrs.frozen
class TransferDistributor(CommandHead):
    """Put a distributor, with all that are below it, below another ``parent`` or below none.

    Without a parent it owes the provider.

    Source: rulebook R16, R29.

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> TransferDistributor(
    ...     key="tr-2", by=Administrator("maria"), at=pendulum.datetime(2026, 3, 9),
    ...     distributor="soho", parent="rival",
    ... ).reads.distributors
    ('soho', 'rival')
    """

    distributor: str = attrs.field(validator=fields.identifier)
    parent: str | None = attrs.field(validator=attrs.validators.optional(fields.identifier))

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(distributors=names(self.distributor, self.parent))

    def explain(self, locale: str = "en") -> str:
        """Say in a few words what is to be done, in the words and formats of the locale."""
        if self.parent is None:
            return sentence(
                "release the distributor {distributor}", locale, distributor=self.distributor
            )
        return sentence(
            "put the distributor {distributor} below {parent}",
            locale,
            distributor=self.distributor,
            parent=self.parent,
        )


def decide_distributor_transfer(
    command: TransferDistributor, facts: Facts, policy: Policy
) -> Decision:
    """Store the distributor below its new parent.

    What it sells from now on goes up that way; what was booked stays.

    Refused in this order: permission; an unknown distributor or parent; a parent that is the
    distributor itself or below it; a date before the distributor's creation; a balance that is not
    settled, because it is the old parent's; a date before the new parent's creation; another
    currency; a rate above the new parent's.

    Source: rulebook R16, R29.
    """
    if denied := policy.denial(command.by, Action.TRANSFER_DISTRIBUTOR):
        return Refused(denied)

    member = facts.distributor(command.distributor)
    if member is None:
        return Refused(NotFound(RecordKind.DISTRIBUTOR, command.distributor))
    if command.parent is not None and facts.distributor(command.parent) is None:
        return Refused(NotFound(RecordKind.DISTRIBUTOR, command.parent))

    if circle := circle_refusal(facts, command.distributor, command.parent):
        return Refused(circle)
    if early := creation_refusal((member,), command.at):
        return Refused(early)

    return _put_below(command, member, facts)


def _put_below(command: TransferDistributor, member: DistributorFacts, facts: Facts) -> Decision:
    distributor = member.distributor
    if distributor.parent == command.parent:
        return Accepted(command.key)
    if not (member.owed.is_zero and member.accrued.is_zero):
        return Refused(NotSettled(distributor.id, member.owed, member.accrued))

    transferred = attrs.evolve(distributor, parent=command.parent)
    parents = () if command.parent is None else facts.chain(command.parent)
    if unfit := placement_refusal(transferred, parents, command.at):
        return Refused(unfit)

    return Accepted(command.key, records=(transferred,))
