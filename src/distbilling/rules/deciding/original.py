"""What is left of a payment or sale that is to be reversed or corrected?"""

from __future__ import annotations

import attrs
from pendulum import DateTime

from distbilling.money import Money, Rounding, RoundingMethod, part_of
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.terms import CommissionKind
from distbilling.rules.chain.reversal import effective
from distbilling.rules.chain.split import Split
from distbilling.rules.commission.commission import Commission
from distbilling.rules.deciding.facts import DistributorFacts, Facts
from distbilling.rules.deciding.reasons import BeforeOriginal, NotFound, NotReversible, RecordKind
from distbilling.rules.ledger.accounts import LedgerAccount
from distbilling.rules.ledger.journal import Entry, EntryKind

__all__ = ["Original", "original_of"]

_IN_PROPORTION = Rounding(RoundingMethod.HALF_AWAY_FROM_ZERO)
_KINDS = {EntryKind.PAYMENT: CommissionKind.PAYMENT, EntryKind.SALE: CommissionKind.SALE}


@attrs.frozen
class Original:
    """A payment or sale as it stands: ``split`` as corrected so far, and how much of it was reversed.

    ``booked`` is the split as it was booked first.

    Source: rulebook R15.
    """

    entry: Entry
    kind: CommissionKind
    booked: Split
    split: Split
    reversed: Money

    @property
    def remains(self) -> Money:
        """What is left to be reversed."""
        return self.split.amount - self.reversed

    @property
    def credited(self) -> LedgerAccount:
        """The ledger account of the customer, or of its funds, that the original credited."""
        return self.entry.postings[0].ledger

    def circumstances_of(self, right: Money) -> Circumstances:
        """Return what is told of another amount in its place: tax and discount in proportion to what was booked first.

        Source: rulebook R15, R18.
        """
        told, *_ = (
            share.because.circumstances
            for share in self.booked.shares
            if isinstance(share.because, Commission)
        )
        tax, discount = (
            None if part is None else part_of(part, right, self.booked.amount, _IN_PROPORTION)
            for part in (told.tax, told.discount)
        )
        return Circumstances(told.items, told.so_far, told.months, tax, discount)

    def chain(self, facts: Facts) -> tuple[DistributorFacts, ...]:
        """Return the distributors that earned of the original, seller first, whoever stands above whom today.

        Source: rulebook R16.
        """
        return facts.distributors_named(share.distributor for share in self.split.shares)


def original_of(
    facts: Facts, key: str, at: DateTime
) -> Original | NotFound | NotReversible | BeforeOriginal:
    """Return the payment or sale of a key as it stands, or why it cannot be reversed or corrected at that instant.

    Source: rulebook R15.
    """
    found = facts.entry(key)
    if found is None:
        return NotFound(RecordKind.ENTRY, key)
    entry = found.entry
    kind = _KINDS.get(entry.kind)
    if kind is None or entry.split is None:
        return NotReversible(key)
    if at < entry.at:
        seller = facts.distributors_named((entry.split.shares[0].distributor,))[0].distributor
        return BeforeOriginal(key, entry.at.in_timezone(seller.cycle.zone))
    corrections = [
        follower.split
        for follower in found.amendments
        if follower.kind is EntryKind.CORRECTION and follower.split is not None
    ]
    given_back = [
        -follower.split.amount
        for follower in found.amendments
        if follower.kind is not EntryKind.CORRECTION and follower.split is not None
    ]
    return Original(
        entry,
        kind,
        entry.split,
        effective(entry.split, corrections),
        Money.sum(given_back, currency=entry.currency),
    )
