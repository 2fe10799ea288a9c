"""An administrator reverses a payment or sale, or part of it: refund, void or chargeback."""

from __future__ import annotations

from typing import assert_never

import attrs

from distbilling.language.catalogue import Term, sentence
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.chain.reversal import claw_back
from distbilling.rules.deciding.booking import accept_entry, postings_of
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Decision, Refused
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.original import original_of
from distbilling.rules.deciding.reads import Reads
from distbilling.rules.deciding.reasons import MoreThanRemains, NothingRemains, WrongCurrency
from distbilling.rules.deciding.volumes import volumes_after
from distbilling.rules.ledger.history import Original
from distbilling.rules.ledger.journal import Entry, EntryKind
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["Reversal", "Reverse", "decide_reversal"]


class Reversal(Term):
    """Why a payment or a sale is reversed; what is booked is the same.

    Source: rulebook R15.

    >>> Reversal.REFUND.value
    'refund'
    """

    REFUND = "refund"
    """The customer got its money back."""
    VOID = "void"
    """It should never have been recorded."""
    CHARGEBACK = "chargeback"
    """A bank took the money back."""


@attrs.frozen
class Reverse(CommandHead):
    """Reverse a payment or sale, named by the key that it was booked under.

    Without an ``amount``, all that remains of it is reversed. ``amount`` is above zero, in whole
    minor units of the original's currency.

    Source: rulebook R15, R29.

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> Reverse(
    ...     key="rev-1", by=Administrator("maria"), at=pendulum.datetime(2026, 3, 9),
    ...     entry="till-7/0042",
    ...     why=Reversal.REFUND, amount=Money("3.33", "USD"),
    ... ).reads.entries
    ('till-7/0042',)
    """

    entry: str = attrs.field(validator=fields.key)
    why: Reversal = attrs.field(validator=fields.one_of(Reversal))
    amount: Money | None = attrs.field(default=None, validator=fields.optional_cash)
    comment: str = attrs.field(default="", validator=fields.comment, repr=False)

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(entries=(self.entry,))

    def explain(self, locale: str = "en") -> str:
        """Say in a few words what is to be done, in the words and formats of the locale."""
        if self.amount is None:
            return sentence(
                "reverse all that remains of {entry} ({why})",
                locale,
                entry=self.entry,
                why=self.why,
            )
        return sentence(
            "reverse {amount} of {entry} ({why})",
            locale,
            amount=self.amount,
            entry=self.entry,
            why=self.why,
        )


def decide_reversal(command: Reverse, facts: Facts, policy: Policy) -> Decision:
    """Book what compensates the original, at the original's own terms.

    Commission is taken back in proportion. The customer owes the amount again, or its funds shrink
    by it; each distributor of the original's chain owes so much less, and gives back its part of
    the commission, also where that was paid out: then as a negative line. Nothing that was booked
    is touched, and rates of today play no part.

    Refused in this order: permission; an entry that is not there; one that is no payment and no
    sale; a date before it; another currency; nothing left of it; more than remains of it.

    Source: rulebook R2, R13, R15, R16, R17, R29.
    """
    if denied := policy.denial(command.by, Action.REVERSE_ENTRY):
        return Refused(denied)

    original = original_of(facts, command.entry, command.at)
    if not isinstance(original, Original):
        return Refused(original)

    amount = original.remains if command.amount is None else command.amount
    if amount.currency != original.entry.currency:
        return Refused(WrongCurrency(command.entry, original.entry.currency, amount.currency))
    if original.remains.is_zero:
        return Refused(NothingRemains(command.entry))
    if amount > original.remains:
        return Refused(MoreThanRemains(command.entry, original.remains, amount))

    split = claw_back(original.split, original.reversed, amount)
    entry = Entry(
        key=command.key,
        kind=_entry_kind(command.why),
        at=command.at,
        by=command.by,
        postings=postings_of(split, original.credited),
        split=split,
        comment=command.comment,
        subject=original.entry.subject,
        original=command.entry,
    )

    chain = facts.distributors_named(split.distributors)
    volumes = volumes_after(chain, original.kind, original.entry.at, split)
    return accept_entry(entry, chain, records=volumes)


def _entry_kind(why: Reversal) -> EntryKind:
    match why:
        case Reversal.REFUND:
            return EntryKind.REFUND
        case Reversal.VOID:
            return EntryKind.VOID
        case Reversal.CHARGEBACK:
            return EntryKind.CHARGEBACK
        case _:
            assert_never(why)
