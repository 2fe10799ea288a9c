"""An administrator credits a distributor with the commission that waited for settlement."""

from __future__ import annotations

import attrs

from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.deciding.booking import accept_entry
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Decision, Refused
from distbilling.rules.deciding.facts import Facts, Reads
from distbilling.rules.deciding.reasons import (
    MoreThanAccrued,
    NoCommissionAccrued,
    NotFound,
    RecordKind,
    WrongCurrency,
)
from distbilling.rules.deciding.standing import creation_refusal
from distbilling.rules.ledger.accounts import AccruedCommission, DistributorLedger
from distbilling.rules.ledger.journal import Entry, EntryKind, Posting
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["CreditCommission", "decide_commission_credit"]


@attrs.frozen
class CreditCommission(CommandHead):
    """Credit accrued commission to a distributor; without an ``amount``, all of it, also where it is below zero.

    ``amount`` is above zero, in whole minor units. All of it is below zero where more was taken
    back, with reversals, than was earned since the last time.

    Source: rulebook R15, R17.

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> CreditCommission(
    ...     key="settle-3", by=Administrator("maria"), at=pendulum.datetime(2026, 4, 1, 4), distributor="hudson",
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
    """Take the commission off what the distributor owes, and off what is owed to it as accrued commission.

    Refused in this order: permission; an unknown distributor; a date before its creation; another
    currency; no commission to be credited; more than there is.

    Source: rulebook R2, R15, R17.
    """
    if denied := policy.denial(command.by, Action.CREDIT_COMMISSION):
        return Refused(denied)
    known = facts.distributor(command.distributor)
    if known is None:
        return Refused(NotFound(RecordKind.DISTRIBUTOR, command.distributor))
    if early := creation_refusal((known,), command.at):
        return Refused(early)
    distributor = known.distributor
    amount = known.accrued if command.amount is None else command.amount
    if amount.currency != distributor.currency:
        return Refused(WrongCurrency(distributor.id, distributor.currency, amount.currency))
    if amount.is_zero:
        return Refused(NoCommissionAccrued(distributor.id))
    if command.amount is not None and amount > known.accrued:
        return Refused(MoreThanAccrued(distributor.id, known.accrued, amount))
    postings = (
        Posting(DistributorLedger(distributor.id), -amount),
        Posting(AccruedCommission(distributor.id), amount),
    )
    entry = Entry(
        key=command.key,
        kind=EntryKind.COMMISSION,
        at=command.at,
        by=command.by,
        postings=postings,
        comment=command.comment,
    )
    return accept_entry(entry, (known,))
