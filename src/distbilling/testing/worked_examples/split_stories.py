"""Worked examples of chains of distributors: splits, reversals, corrections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs
import pendulum

from distbilling.money import Currency, Money, RoundingMethod
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.schedule import Schedule
from distbilling.rules.agreement.terms import CommissionKind, Margin, Netting, Remainder, Terms
from distbilling.rules.chain.calculations import Calculations, Commissions, Corrections
from distbilling.rules.chain.reversal import claw_back, corrected, effective
from distbilling.rules.chain.split import Level, Split, split_of
from distbilling.testing.worked_examples.story import AnyStory, Story

_AT: Final = pendulum.datetime(2026, 3, 1, 12)


@attrs.frozen
class _Level:
    distributor: str
    rate: Schedule
    rounding: RoundingMethod = RoundingMethod.HALF_AWAY_FROM_ZERO
    so_far: Money | None = None
    netting: Netting = Netting.AT_COLLECTION


@attrs.frozen(kw_only=True)
class _Chain:
    currency: Currency
    chain: tuple[_Level, ...]
    margin: Margin = Margin.DIFFERENCE_OF_RATES
    remainder: Remainder = Remainder.EACH_LEVEL_ROUNDED
    tax: Money | None = None
    tax_basis: TaxBasis = TaxBasis.GROSS
    discount: Money | None = None
    discount_basis: DiscountBasis = DiscountBasis.AFTER_DISCOUNT
    locale: str = "en"

    def share(self, amount: Money) -> Split[Commissions]:
        """Return the amount shared between the levels, seller first."""
        return split_of(
            CommissionKind.PAYMENT,
            amount,
            [Level(level.distributor, self._terms(level), level.so_far) for level in self.chain],
            at=_AT,
            circumstances=Circumstances(tax=self.tax, discount=self.discount),
        )

    def _terms(self, level: _Level) -> Terms:
        return Terms(
            level.rate,
            level.rate,
            level.rounding,
            netting=level.netting,
            basis=Basis(self.tax_basis, self.discount_basis),
            margin=self.margin,
            remainder=self.remainder,
        )


@attrs.frozen(kw_only=True)
class _Split(_Chain):
    split_of: Money


@attrs.frozen
class _Shared:
    """What each distributor keeps and owes its parent, and what is left for the provider."""

    earned: dict[str, Money] | None = None
    owed: dict[str, Money] | None = None
    provider: Money | None = None
    explanation: str | None = None


def _split(when: _Split) -> _Shared:
    split = when.share(when.split_of)
    return _Shared(_earned([split]), _owed([split]), split.provider, split.explain(when.locale))


@attrs.frozen(kw_only=True)
class _Reversal(_Chain):
    claw_back: tuple[Money, ...]
    of: Money


@attrs.frozen
class _GivenBack:
    """What is booked of each reversal, by distributor, and what is left of the original."""

    booked: dict[str, tuple[Money, ...]] | None = None
    earned: dict[str, Money] | None = None
    owed: dict[str, Money] | None = None
    provider: Money | None = None
    explanation: str | None = None


def _reversal(when: _Reversal) -> _GivenBack:
    original = when.share(when.of)
    movements: list[Split[Calculations]] = [original]
    for part in when.claw_back:
        already = original.amount - Money.sum(movement.amount for movement in movements)
        movements.append(claw_back(original, already, part))
    *_, last = movements
    booked = {
        share.distributor: tuple(
            movement.earned_by(share.distributor) for movement in movements[1:]
        )
        for share in original.shares
    }
    provider = Money.sum(movement.provider for movement in movements)
    return _GivenBack(
        booked, _earned(movements), _owed(movements), provider, last.explain(when.locale)
    )


@attrs.frozen(kw_only=True)
class _Correction(_Chain):
    corrected_to: tuple[Money, ...]
    of: Money


def _correction(when: _Correction) -> _GivenBack:
    original = when.share(when.of)
    corrections: list[Split[Corrections]] = []
    for right in when.corrected_to:
        corrections.append(corrected(effective(original, corrections), right))
    stands = effective(original, corrections)
    booked = {
        share.distributor: tuple(
            correction.earned_by(share.distributor) for correction in corrections
        )
        for share in original.shares
    }
    explanation = "\n".join(correction.explain(when.locale) for correction in corrections)
    return _GivenBack(booked, _earned([stands]), _owed([stands]), stands.provider, explanation)


def _earned(movements: Iterable[Split[Calculations]]) -> dict[str, Money]:
    """Return what each distributor earns of several splits of one chain, together."""
    return _summed(
        (share.distributor, share.earned) for split in movements for share in split.shares
    )


def _owed(movements: Iterable[Split[Calculations]]) -> dict[str, Money]:
    """Return what each distributor owes of several splits of one chain, together."""
    return _summed((share.distributor, share.owed) for split in movements for share in split.shares)


def _summed(figures: Iterable[tuple[str, Money]]) -> dict[str, Money]:
    sums: dict[str, Money] = {}
    for name, figure in figures:
        sums[name] = sums[name] + figure if name in sums else figure
    return sums


STORIES: dict[str, AnyStory] = {
    "split_of": Story(_Split, _Shared, _split),
    "claw_back": Story(_Reversal, _GivenBack, _reversal),
    "corrected_to": Story(_Correction, _GivenBack, _correction),
}
"""The stories about chains of distributors, each by the key of ``when`` that asks for it."""
