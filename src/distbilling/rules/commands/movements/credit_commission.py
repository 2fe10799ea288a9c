"""An administrator credits a distributor with the commission that waited for settlement."""

from __future__ import annotations

import attrs

from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.deciding.booking import accept_entry
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Decision, Refused
from distbilling.rules.deciding.facts import DistributorFacts, Facts
from distbilling.rules.deciding.reads import Reads
from distbilling.rules.deciding.reasons import (
    MoreThanAccrued,
    NoCommissionAccrued,
)
from distbilling.rules.deciding.standing import currency_refusal, distributor_at
from distbilling.rules.ledger.accounts import AccruedCommission, DistributorLedger
from distbilling.rules.ledger.journal import Entry, EntryKind, Posting
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["CreditCommission", "decide_commission_credit"]


@attrs.frozen
class CreditCommission(CommandHead):
    """Credit accrued commission to a distributor.

    Without an ``amount``, all of it, also where it is below zero. ``amount`` is above zero, in
    whole minor units. All of it is below zero where more was taken back, with reversals, than was
    earned since the last time.

    Source: rulebook R15, R17.

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> CreditCommission(
    ...     key="settle-3", by=Administrator("maria"), at=pendulum.datetime(2026, 4, 1, 4),
    ...     distributor="hudson",
    ... ).reads.distributors
    ('hudson',)
    """

    distributor: str = attrs.field(validator=fields.identifier)
    amount: Money | None = attrs.field(default=None, validator=fields.optional_cash)
    comment: str = attrs.field(default="", validator=fields.comment, repr=False)

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(distributors=(self.distributor,))

    def explain(self, locale: str = "en") -> str:
        """Say in a few words what is to be done, in the words and formats of the locale."""
        if self.amount is None:
            return sentence(
                "credit all accrued commission to {distributor}",
                locale,
                distributor=self.distributor,
            )
        return sentence(
            "credit {amount} of accrued commission to {distributor}",
            locale,
            amount=self.amount,
            distributor=self.distributor,
        )


def decide_commission_credit(command: CreditCommission, facts: Facts, policy: Policy) -> Decision:
    """Take the commission off what the distributor owes, and off what has accrued to it.

    Refused in this order: permission; an unknown distributor; a date before its creation; another
    currency; no commission to be credited; more than there is.

    Source: rulebook R2, R15, R17.
    """
    if denied := policy.denial(command.by, Action.CREDIT_COMMISSION):
        return Refused(denied)

    member = distributor_at(facts, command.distributor, command.at)
    if not isinstance(member, DistributorFacts):
        return Refused(member)

    distributor, accrued = member.distributor, member.accrued
    amount = accrued if command.amount is None else command.amount
    if foreign := currency_refusal(distributor, amount.currency):
        return Refused(foreign)
    if amount.is_zero:
        return Refused(NoCommissionAccrued(distributor.id))
    if command.amount is not None and amount > accrued:
        return Refused(MoreThanAccrued(distributor.id, accrued, amount))

    entry = Entry(
        key=command.key,
        kind=EntryKind.COMMISSION,
        at=command.at,
        by=command.by,
        postings=(
            Posting(DistributorLedger(distributor.id), -amount),
            Posting(AccruedCommission(distributor.id), amount),
        ),
        comment=command.comment,
    )
    return accept_entry(entry, (member,))
