"""What a payment or sale has become since it was booked, and the volumes that entries add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import attrs
from pendulum import DateTime

from distbilling.money import Currency, Money
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.terms import CommissionKind
from distbilling.rules.chain.calculations import (
    Calculations,
    Commissions,
    Corrections,
)
from distbilling.rules.chain.reversal import effective
from distbilling.rules.chain.split import Split
from distbilling.rules.ledger.accounts import LedgerAccount
from distbilling.rules.ledger.journal import Entry, EntryKind

__all__ = ["TRADES", "Original", "Volumes"]

TRADES: Final = {EntryKind.PAYMENT: CommissionKind.PAYMENT, EntryKind.SALE: CommissionKind.SALE}
"""The entries of which commission is earned."""


@attrs.frozen
class Original:
    """A payment or sale as it stands: ``split`` as corrected so far, and how much was reversed.

    ``booked`` is the split as it was booked first.

    Source: rulebook R15.
    """

    entry: Entry
    kind: CommissionKind
    booked: Split[Commissions]
    split: Split[Commissions]
    reversed: Money

    @classmethod
    def of(cls, entry: Entry, amendments: Iterable[Entry] = ()) -> Original | None:
        """Return an entry as the entries that reverse or correct it have left it.

        None where it is no payment and no sale, so that there is nothing to reverse or correct.
        """
        kind = TRADES.get(entry.kind)
        booked = None if entry.split is None else entry.split.of_kind(Commissions)
        if kind is None or booked is None:
            return None

        original = cls(entry, kind, booked, booked, reversed=Money.zero(entry.currency))
        for amendment in amendments:
            if amendment.split is not None:
                original = original.after(amendment.split)
        return original

    def after(self, amendment: Split[Calculations]) -> Original:
        """Return it as it stands once this reversal or correction of it is booked."""
        correction = amendment.of_kind(Corrections)
        if correction is None:
            return attrs.evolve(self, reversed=self.reversed - amendment.amount)
        return attrs.evolve(self, split=effective(self.split, [correction]))

    @property
    def remains(self) -> Money:
        """What is left to be reversed."""
        return self.split.amount - self.reversed

    @property
    def credited(self) -> LedgerAccount:
        """The ledger account of the customer, or of its funds, that the original credited."""
        return self.entry.postings[0].ledger

    def circumstances_of(self, right: Money) -> Circumstances:
        """Return the circumstances of another amount in place of the original.

        Tax and discount are in proportion to what was booked first.

        Source: rulebook R15, R18.
        """
        seller = self.booked.calculations.levels[0].circumstances
        return seller.in_proportion(right, self.booked.amount)


@attrs.frozen
class Volumes:
    """How much distributors have sold and collected in their billing periods, entry by entry.

    ``start_of`` tells when the billing period of a distributor at an instant started; None where
    its volume is not counted.

    Source: rulebook R13.
    """

    start_of: Callable[[str, DateTime], DateTime | None]
    amounts: dict[tuple[str, CommissionKind, DateTime], Money] = attrs.field(
        factory=dict[tuple[str, CommissionKind, DateTime], Money]
    )

    def so_far(
        self, distributor: str, kind: CommissionKind, at: DateTime, currency: Currency
    ) -> Money | None:
        """Return a distributor's volume in its period of an instant; None where it counts none."""
        start = self.start_of(distributor, at)
        if start is None:
            return None
        return self.amounts.get((distributor, kind, start), Money.zero(currency))

    def add(self, split: Split[Calculations], kind: CommissionKind, at: DateTime) -> None:
        """Count a split for all of its chain, in the period that its payment or sale was in."""
        for distributor, added in zip(split.distributors, split.calculations.volumes, strict=True):
            start = self.start_of(distributor, at)
            if start is not None:
                before = self.amounts.get((distributor, kind, start))
                self.amounts[distributor, kind, start] = added if before is None else before + added
