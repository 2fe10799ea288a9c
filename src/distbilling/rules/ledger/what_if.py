"""What would have been earned under other terms: a history settled again, and compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs
from pendulum import DateTime

from distbilling.errors import InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.periods import Cycle, utc_instant
from distbilling.rules import fields
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.terms import Terms
from distbilling.rules.chain.calculations import Calculations, Commissions, Corrections
from distbilling.rules.chain.margins import commissions_of
from distbilling.rules.chain.reversal import claw_back, corrected
from distbilling.rules.chain.split import Party, Split
from distbilling.rules.commission.commission import Commission, commission_under
from distbilling.rules.ledger.history import TRADES, Original, Volumes
from distbilling.rules.ledger.journal import Entry
from distbilling.rules.notebook import html_table

__all__ = ["OtherOutcome", "WhatIf", "what_if"]


@attrs.frozen
class OtherOutcome:
    """An entry that was booked, and how its amount would have been shared under other terms.

    Source: rulebook R19.
    """

    entry: Entry
    booked: Split[Calculations]
    other: Split[Calculations]

    @property
    def distributors(self) -> tuple[str, ...]:
        """The chain of distributors, seller first."""
        return self.booked.distributors

    def difference(self, distributor: str) -> Money:
        """Return how much more a distributor would have earned; below zero, how much less.

        Raises:
            InvalidValue: it is not in the chain.
        """
        return self.other.earned_by(distributor) - self.booked.earned_by(distributor)

    def explain(self, distributor: str, locale: str = "en") -> str:
        """Say what a distributor earned and would have earned, and how that comes about.

        Raises:
            InvalidValue: it is not in the chain, or the locale is unknown.
        """
        return sentence(
            "{entry}: {distributor} earned {earned}; under the other terms {other}, "
            "a difference of {difference}. {why}",
            locale,
            entry=self.entry.key,
            distributor=distributor,
            earned=self.booked.earned_by(distributor),
            other=self.other.earned_by(distributor),
            difference=self.difference(distributor),
            why=self.other.explain_share(distributor, locale),
        )


@attrs.frozen
class WhatIf:
    """A history under other terms: every entry of which somebody earns, with its other outcome.

    Source: rulebook R19.

    >>> WhatIf(()).differences
    {}
    """

    outcomes: tuple[OtherOutcome, ...]

    @property
    def differences(self) -> dict[str, Money]:
        """How much more each distributor would have earned in all; below zero, how much less."""
        return {name: other - earned for name, (earned, other) in self._totals().items()}

    def of(self, distributor: str) -> tuple[OtherOutcome, ...]:
        """Return the entries of which a distributor earns, in order."""
        return tuple(outcome for outcome in self.outcomes if distributor in outcome.distributors)

    def explain(self, locale: str = "en") -> str:
        """Say what each distributor earned and would have earned in all, one line each.

        Raises:
            InvalidValue: the locale is unknown.
        """
        return "\n".join(
            sentence(
                "{distributor} earned {earned}; under the other terms {other}, "
                "a difference of {difference}.",
                locale,
                distributor=distributor,
                earned=earned,
                other=other,
                difference=other - earned,
            )
            for distributor, (earned, other) in self._totals().items()
        )

    def _repr_html_(self) -> str:
        head = ("", "earned", "under the other terms", "difference")
        rows = (
            (name, *(amount.format(exact=True) for amount in (earned, other, other - earned)))
            for name, (earned, other) in self._totals().items()
        )
        return html_table((head, *rows))

    def _totals(self) -> dict[str, tuple[Money, Money]]:
        """Return what each distributor earned in all, and what it would have earned."""
        totals: dict[str, tuple[Money, Money]] = {}
        for outcome in self.outcomes:
            for name in outcome.distributors:
                earned, other = outcome.booked.earned_by(name), outcome.other.earned_by(name)
                if name in totals:
                    earned, other = totals[name][0] + earned, totals[name][1] + other
                totals[name] = earned, other
        return totals


def what_if(
    entries: Iterable[Entry],
    other_terms: Mapping[str, Terms],
    *,
    cycles: Mapping[str, Cycle] | None = None,
) -> WhatIf:
    """Settle a history again, as if some distributors had had other terms.

    Nothing that was booked is touched. A sale or payment has the rate in force at its own instant,
    for its own product and batch, on its own items, tax and discount. What reverses or corrects it
    follows it; if the original is not among the entries, it stays as it was booked.

    Args:
        entries: The history, in the order in which it was booked.
        other_terms: The other terms, by distributor; those not named keep the terms they had.
        cycles: The billing cycles of the distributors whose volume is to be counted again. The
            volume of the others is the one that their commission was figured on.

    Raises:
        InvalidType: one of the entries is none, the terms are none, or a cycle is none.
        InvalidValue: the other terms ask for what an entry does not tell: a tax, a volume, the age
            of the relation.
        CurrencyMismatch: the other terms are in another currency than an entry.

    Source: rulebook R11, R12, R13, R15, R16, R19.

    >>> what_if((), {}).outcomes
    ()
    """
    fields.check_type("other_terms", other_terms, Mapping)
    for terms in other_terms.values():
        fields.check_type("other_terms", terms, Terms)
    for cycle in (cycles or {}).values():
        fields.check_type("cycles", cycle, Cycle)

    def start_of(distributor: str, at: DateTime) -> DateTime | None:
        cycle = (cycles or {}).get(distributor)
        return None if cycle is None else utc_instant(cycle.period_at(at).start)

    history = _History(other_terms, Volumes(start_of))
    return WhatIf(tuple(filter(None, map(history.outcome_of, entries))))


@attrs.frozen
class _Level:
    """A level of a chain: its commission as it was booked, and its other terms, if any."""

    party: Party
    booked: Commission
    terms: Terms | None


@attrs.frozen
class _History:
    """Each sale and payment as it stands under the other terms, and the volumes of the periods."""

    terms: Mapping[str, Terms]
    volumes: Volumes
    originals: dict[str, Original] = attrs.field(factory=dict[str, Original])

    def outcome_of(self, entry: Entry) -> OtherOutcome | None:
        """Return an entry with what would have come of it; None where nobody earns of it."""
        fields.check_type("entries", entry, Entry)
        if entry.split is None:
            return None
        try:
            return OtherOutcome(entry, entry.split, self._book(entry, entry.split))
        except InvalidValue as failure:
            raise InvalidValue(
                f"entries[{entry.key!r}].{failure.field}", failure.value, failure.accepted
            ) from None

    def _book(self, entry: Entry, booked: Split[Calculations]) -> Split[Calculations]:
        """Return what would have been booked, and remember it for the entries that follow."""
        split: Split[Calculations]
        original = Original.of(entry)
        if original is not None:
            split = settled = self._settle(entry, original.booked)
            original = attrs.evolve(original, booked=settled, split=settled)
        else:
            original = self.originals.get(entry.original or "")
            if original is None:  # it follows an entry from before this history
                return booked
            split = _follow(original, booked)
            original = original.after(split)

        self.volumes.add(split, original.kind, original.entry.at)
        self.originals[original.entry.key] = original
        return split

    def _settle(self, entry: Entry, booked: Split[Commissions]) -> Split[Commissions]:
        """Return the split of a payment or sale under the other terms, where there are some."""
        levels = [
            _Level(party, commission, self.terms.get(party.distributor))
            for party, commission in zip(booked.parties, booked.calculations.levels, strict=True)
        ]

        def earning(level: _Level, on: Money, at_most: Money | None) -> Commission:
            circumstances = self._circumstances(entry, booked, level)
            if on is not booked.amount:
                circumstances = circumstances.limited_to(on)
            if level.terms is None:
                return level.booked.again(on, circumstances, at_most)
            return commission_under(
                level.terms,
                TRADES[entry.kind],
                on,
                at=entry.at,
                subject=entry.subject,
                circumstances=circumstances,
                at_most=at_most,
            )

        policies = levels[-1].terms or booked
        commissions = commissions_of(booked.amount, levels, policies.margin, earning)
        parties = tuple(
            attrs.evolve(level.party, netting=(level.terms or level.party).netting)
            for level in levels
        )
        return Split.between(
            parties, Commissions.of(commissions, policies.margin, policies.remainder)
        )

    def _circumstances(
        self, entry: Entry, booked: Split[Commissions], level: _Level
    ) -> Circumstances:
        """Return the circumstances of a trade, with the volume of one level before it."""
        name, kind = level.party.distributor, TRADES[entry.kind]
        so_far = self.volumes.so_far(name, kind, entry.at, entry.currency)
        if so_far is None:
            so_far = level.booked.circumstances.so_far

        seller = booked.calculations.levels[0].circumstances
        discount, terms = seller.discount, level.terms
        if discount is None and terms is not None and terms.basis.asks_discount:
            discount = Money.zero(entry.currency)  # a discount that nobody gave is none
        return attrs.evolve(seller, so_far=so_far, discount=discount)


def _follow(original: Original, booked: Split[Calculations]) -> Split[Calculations]:
    """Return the amendment of an original under other terms."""
    correction = booked.of_kind(Corrections)
    if correction is None:
        return claw_back(original.split, original.reversed, -booked.amount)

    circumstances = correction.calculations.after.levels[0].circumstances
    before = original.split.calculations.levels[0].circumstances
    if circumstances.discount is None and before.discount is not None:
        nothing = Money.zero(original.entry.currency)
        circumstances = attrs.evolve(circumstances, discount=nothing)
    return corrected(original.split, original.split.amount + booked.amount, circumstances)
