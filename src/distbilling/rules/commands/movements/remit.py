"""A distributor hands over what it collected, to the provider or to the one above it."""

from __future__ import annotations

import attrs

from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.deciding.booking import accept_entry
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Decision, Refused
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reads import Reads
from distbilling.rules.deciding.reasons import NotFound, RecordKind
from distbilling.rules.deciding.standing import creation_refusal, currency_refusal, own_distributor
from distbilling.rules.ledger.accounts import DistributorLedger, ProviderCash, SubdistributorDebts
from distbilling.rules.ledger.journal import Entry, EntryKind, Posting
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["Remit", "decide_remittance"]


@attrs.frozen
class Remit(CommandHead):
    """Record what a distributor handed over: above zero, in whole minor units of its currency.

    Source: rulebook R2, R16, R29.

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> Remit(
    ...     key="bank/881", by=Administrator("maria"), at=pendulum.datetime(2026, 3, 31, 12),
    ...     distributor="hudson", amount=Money("9.00", "USD"),
    ... ).reads.distributors
    ('hudson',)
    """

    distributor: str = attrs.field(validator=fields.identifier)
    amount: Money = attrs.field(validator=[fields.one_of(Money), fields.positive, fields.cash])
    comment: str = attrs.field(default="", validator=fields.comment, repr=False)

    _WORDS = "record a remittance of {amount} from {distributor}"

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(distributors=(self.distributor,))


def decide_remittance(command: Remit, facts: Facts, policy: Policy) -> Decision:
    """Take the amount off what the distributor owes; what it pays beyond that stays to its credit.

    A subdistributor remits to the distributor above it, which may record that itself; the
    provider's cash is not touched, and what the one above owes stays as it is.

    Refused in this order: permission; a distributor that is not there or, for staff, not directly
    below theirs; a date before its creation; another currency.

    Source: rulebook R2, R16, R24.
    """
    own = own_distributor(command.by)
    action = Action.RECORD_REMITTANCE if own is None else Action.RECORD_SUBDISTRIBUTOR_REMITTANCE
    if denied := policy.denial(command.by, action):
        return Refused(denied)

    member = facts.distributor(command.distributor)
    if member is None or (own is not None and member.distributor.parent != own):
        return Refused(NotFound(RecordKind.DISTRIBUTOR, command.distributor))
    if early := creation_refusal((member,), command.at):
        return Refused(early)
    distributor = member.distributor
    if foreign := currency_refusal(distributor, command.amount.currency):
        return Refused(foreign)

    parent = distributor.parent
    receiver = ProviderCash() if parent is None else SubdistributorDebts(parent)
    entry = Entry(
        key=command.key,
        kind=EntryKind.REMITTANCE,
        at=command.at,
        by=command.by,
        postings=(
            Posting(DistributorLedger(distributor.id), -command.amount),
            Posting(receiver, command.amount),
        ),
        comment=command.comment,
    )
    return accept_entry(entry, (member,))
