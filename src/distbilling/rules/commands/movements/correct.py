"""An administrator corrects the amount of a payment or sale that was recorded wrongly."""

from __future__ import annotations

import attrs

from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.agreement.terms import CommissionKind
from distbilling.rules.chain.reversal import corrected
from distbilling.rules.deciding.booking import accept_entry, over_limit, postings_of
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Accepted, Decision, Refused
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.original import original_of
from distbilling.rules.deciding.reads import Reads
from distbilling.rules.deciding.reasons import OverCreditLimit, PartlyReversed, WrongCurrency
from distbilling.rules.deciding.volumes import volumes_after
from distbilling.rules.ledger.history import Original
from distbilling.rules.ledger.journal import Entry, EntryKind
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["Correct", "decide_correction"]


@attrs.frozen
class Correct(CommandHead):
    """Correct a payment or sale, named by the key that it was booked under.

    ``amount`` is what it should have been: zero or more, in whole minor units of the original's
    currency.

    Source: rulebook R15, R29.

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> Correct(
    ...     key="cor-1", by=Administrator("maria"), at=pendulum.datetime(2026, 3, 9),
    ...     entry="till-7/0042",
    ...     amount=Money("10.00", "USD"),
    ... ).reads.entries
    ('till-7/0042',)
    """

    entry: str = attrs.field(validator=fields.key)
    amount: Money = attrs.field(validator=[fields.one_of(Money), fields.not_negative, fields.cash])
    comment: str = attrs.field(default="", validator=fields.comment, repr=False)

    _WORDS = "correct {entry} to {amount}"

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(entries=(self.entry,))


def decide_correction(command: Correct, facts: Facts, policy: Policy) -> Decision:
    """Book the difference to what the original should have been, at the original's own terms.

    The original stays. An amount that is right already needs no entry. Cash that was collected is
    booked also where it takes a distributor above its limit, and flagged ``over_limit``.

    Refused in this order: permission; an entry that is not there; one that is no payment and no
    sale; a date before it; another currency; one of which something was reversed; a sale that would
    take a distributor of the chain above its limit.

    Source: rulebook R2, R13, R15, R16, R24, R29.
    """
    if denied := policy.denial(command.by, Action.CORRECT_ENTRY):
        return Refused(denied)

    original = original_of(facts, command.entry, command.at)
    if not isinstance(original, Original):
        return Refused(original)

    if command.amount.currency != original.entry.currency:
        return Refused(
            WrongCurrency(command.entry, original.entry.currency, command.amount.currency)
        )
    if not original.reversed.is_zero:
        return Refused(PartlyReversed(command.entry, original.reversed))
    if command.amount == original.split.amount:
        return Accepted(command.key)

    difference = corrected(
        original.split, command.amount, original.circumstances_of(command.amount)
    )
    entry = Entry(
        key=command.key,
        kind=EntryKind.CORRECTION,
        at=command.at,
        by=command.by,
        postings=postings_of(difference, original.credited),
        split=difference,
        comment=command.comment,
        subject=original.entry.subject,
        original=command.entry,
    )

    chain = facts.distributors_named(difference.distributors)
    if (
        original.kind is CommissionKind.SALE
        and difference.amount.is_positive
        and (excess := over_limit(entry, chain))
    ):
        return Refused(OverCreditLimit(excess.distributor, excess.limit, excess.owed))

    volumes = volumes_after(chain, original.kind, original.entry.at, difference)
    return accept_entry(entry, chain, records=volumes, flagged=True)
