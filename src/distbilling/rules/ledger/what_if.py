"""What would have been earned under other terms? The same history, settled again; nothing that was booked is touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import sub

import attrs
from pendulum import DateTime

from distbilling.errors import InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.money import Money, Rounding, RoundingMethod, given_back
from distbilling.periods import Cycle, utc_instant
from distbilling.rules import fields
from distbilling.rules.agreement.basis import DiscountBasis
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.terms import CommissionKind, Netting, Terms
from distbilling.rules.chain.clawback import Correction
from distbilling.rules.chain.margins import commissions_of, margins_of, on_the_rest
from distbilling.rules.chain.reversal import claw_back, corrected, effective
from distbilling.rules.chain.shares import Split, shared_out
from distbilling.rules.commission.commission import Commission, commission_on, commission_under
from distbilling.rules.ledger.journal import Entry, EntryKind
from distbilling.rules.notebook import html_table

__all__ = ["OtherOutcome", "WhatIf", "what_if"]

_KINDS = {EntryKind.PAYMENT: CommissionKind.PAYMENT, EntryKind.SALE: CommissionKind.SALE}
_IN_PROPORTION = Rounding(RoundingMethod.HALF_AWAY_FROM_ZERO)


@attrs.frozen
class OtherOutcome:
    """An entry that was booked, and how its amount would have been shared under other terms.

    Source: rulebook R19.
    """

    entry: Entry
    booked: Split
    other: Split

    @property
    def distributors(self) -> tuple[str, ...]:
        """The chain of distributors, seller first."""
        return tuple(share.distributor for share in self.booked.shares)

    def difference(self, distributor: str) -> Money:
        """Return how much more a distributor of the chain would have earned; below zero, how much less.

        Raises:
            InvalidValue: it is not in the chain.
        """
        return self.other.earned_by(distributor) - self.booked.earned_by(distributor)

    def explain(self, distributor: str, locale: str = "en") -> str:
        """Say what a distributor of the chain earned and would have earned, and how that comes about.

        Raises:
            InvalidValue: it is not in the chain, or the locale is unknown.
        """
        return sentence(
            "{entry}: {distributor} earned {earned}; under the other terms {other}, a difference of {difference}. {why}",
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
    """A history under other terms: every entry of which somebody earns, with what would have been earned instead.

    Source: rulebook R19.

    >>> WhatIf(()).differences
    {}
    """

    outcomes: tuple[OtherOutcome, ...]

    @property
    def differences(self) -> dict[str, Money]:
        """How much more each distributor would have earned in all; below zero, how much less."""
        found: dict[str, Money] = {}
        for outcome in self.outcomes:
            for distributor in outcome.distributors:
                more = outcome.difference(distributor)
                found[distributor] = found[distributor] + more if distributor in found else more
        return found

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
                "{distributor} earned {earned}; under the other terms {other}, a difference of {difference}.",
                locale,
                distributor=distributor,
                earned=earned,
                other=other,
                difference=other - earned,
            )
            for distributor, (earned, other) in self._totals()
        )

    def _repr_html_(self) -> str:
        told = (
            (
                distributor,
                *(amount.format(exact=True) for amount in (earned, other, other - earned)),
            )
            for distributor, (earned, other) in self._totals()
        )
        return html_table((("", "earned", "under the other terms", "difference"), *told))

    def _totals(self) -> Iterator[tuple[str, tuple[Money, Money]]]:
        """Yield what each distributor earned in all, and would have earned."""
        for distributor in self.differences:
            outcomes = self.of(distributor)
            earned = Money.sum(each.booked.earned_by(distributor) for each in outcomes)
            yield (
                distributor,
                (earned, Money.sum(each.other.earned_by(distributor) for each in outcomes)),
            )


def what_if(
    entries: Iterable[Entry],
    other_terms: Mapping[str, Terms],
    *,
    cycles: Mapping[str, Cycle] | None = None,
) -> WhatIf:
    """Settle a history again, as if the distributors named had had other terms; the others keep the terms they had.

    A sale or payment has the rate in force at its own instant, for its own product and batch, on
    its own items, tax and discount. What reverses or corrects it follows it; if the original is not
    among the entries, it stays as it was booked. ``cycles`` are the billing cycles of the
    distributors whose volume of the period is to be counted again; the volume of the others is the
    one that their commission was figured on.

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
    history = _History(other_terms, cycles or {})
    return WhatIf(tuple(filter(None, map(history.outcome_of, entries))))


@attrs.frozen
class _Party:
    """A level of a chain: how its commission came about, and its other terms, if any."""

    distributor: str
    netting: Netting
    commission: Commission
    terms: Terms | None


@attrs.define
class _History:
    """What has happened so far under the other terms: each sale and payment as it stands, and the volumes of the periods."""

    terms: Mapping[str, Terms]
    cycles: Mapping[str, Cycle]
    originals: dict[str, Entry] = attrs.field(factory=dict[str, Entry])
    stands: dict[str, Split] = attrs.field(factory=dict[str, Split])
    reversed: dict[str, Money] = attrs.field(factory=dict[str, Money])
    volumes: dict[tuple[str, CommissionKind, DateTime], Money] = attrs.field(
        factory=dict[tuple[str, CommissionKind, DateTime], Money]
    )

    def outcome_of(self, entry: Entry) -> OtherOutcome | None:
        """Return an entry with what would have come of it; None where nobody earns of it."""
        fields.check_type("entries", entry, Entry)
        booked = entry.split
        if booked is None:
            return None
        try:
            return OtherOutcome(entry, booked, self._other(entry, booked))
        except InvalidValue as failure:
            raise InvalidValue(
                f"entries[{entry.key!r}].{failure.field}", failure.value, failure.accepted
            ) from None

    def _other(self, entry: Entry, booked: Split) -> Split:
        if entry.kind in _KINDS:
            return self._traded(entry, booked)
        original = None if entry.original is None else self.originals.get(entry.original)
        if original is None:
            return booked
        if entry.kind is EntryKind.CORRECTION:
            return self._corrected(original, booked)
        return self._given_back(original, booked)

    def _traded(self, entry: Entry, booked: Split) -> Split:
        kind = _KINDS[entry.kind]
        parties = [
            _Party(
                share.distributor, share.netting, share.because, self.terms.get(share.distributor)
            )
            for share in booked.shares
            if isinstance(share.because, Commission)
        ]
        top = parties[-1].terms
        margin, remainder = (
            (booked.margin, booked.remainder) if top is None else (top.margin, top.remainder)
        )
        seller = parties[0].commission.circumstances

        def earning(party: _Party, on: Money, at_most: Money | None) -> Commission:
            before, terms = party.commission, party.terms
            so_far = self._volume(party.distributor, entry, before.circumstances.so_far)
            told = attrs.evolve(seller, so_far=so_far)
            if on is not booked.amount:
                told = on_the_rest(told, on)
            if terms is None:
                return commission_on(
                    on,
                    before.rate,
                    before.rounding,
                    before.origin,
                    basis=before.basis,
                    circumstances=told,
                    at_most=at_most,
                )
            if told.discount is None and terms.basis.discount is DiscountBasis.BEFORE_DISCOUNT:
                told = attrs.evolve(told, discount=Money.zero(on.currency))
            return commission_under(
                terms,
                kind,
                on,
                at=entry.at,
                subject=entry.subject,
                circumstances=told,
                at_most=at_most,
            )

        commissions = commissions_of(booked.amount, parties, margin, earning)
        kept = margins_of(commissions, margin, remainder)
        netted = [
            party if party.terms is None else attrs.evolve(party, netting=party.terms.netting)
            for party in parties
        ]
        split = shared_out(booked.amount, netted, commissions, kept, margin, remainder)
        self.originals[entry.key], self.stands[entry.key] = entry, split
        self.reversed[entry.key] = Money.zero(entry.currency)
        self._count(entry, split, _bases(split))
        return split

    def _corrected(self, original: Entry, booked: Split) -> Split:
        stands = self.stands[original.key]
        told, *_ = (
            share.because.after for share in booked.shares if isinstance(share.because, Correction)
        )
        before, *_ = (
            share.because for share in stands.shares if isinstance(share.because, Commission)
        )
        items, tax, discount = (
            told.circumstances.items,
            told.circumstances.tax,
            told.circumstances.discount,
        )
        if discount is None and before.circumstances.discount is not None:
            discount = Money.zero(original.currency)
        now = Circumstances(items=items, tax=tax, discount=discount)
        difference = corrected(stands, stands.amount + booked.amount, now)
        right = effective(stands, [difference])
        self.stands[original.key] = right
        self._count(original, right, list(map(sub, _bases(right), _bases(stands))))
        return difference

    def _given_back(self, original: Entry, booked: Split) -> Split:
        stands, already, back = (
            self.stands[original.key],
            self.reversed[original.key],
            -booked.amount,
        )
        self.reversed[original.key] = already + back
        bases = _bases(stands)
        self._count(
            original,
            stands,
            [-given_back(base, stands.amount, already, back, _IN_PROPORTION) for base in bases],
        )
        return claw_back(stands, already, back)

    def _volume(self, distributor: str, entry: Entry, booked: Money | None) -> Money | None:
        """Return a distributor's volume of the period before an entry: counted here, or the one it was booked on."""
        if distributor not in self.cycles:
            return booked
        return self.volumes.get(self._period(distributor, entry), Money.zero(entry.currency))

    def _count(self, entry: Entry, split: Split, amounts: Sequence[Money]) -> None:
        """Add to the volumes of the period that a sale or payment is in."""
        for share, amount in zip(split.shares, amounts, strict=True):
            if share.distributor in self.cycles:
                period = self._period(share.distributor, entry)
                self.volumes[period] = self.volumes.get(period, Money.zero(entry.currency)) + amount

    def _period(self, distributor: str, entry: Entry) -> tuple[str, CommissionKind, DateTime]:
        return (
            distributor,
            _KINDS[entry.kind],
            utc_instant(self.cycles[distributor].period_at(entry.at).start),
        )


def _bases(split: Split) -> list[Money]:
    return [share.because.base for share in split.shares if isinstance(share.because, Commission)]
