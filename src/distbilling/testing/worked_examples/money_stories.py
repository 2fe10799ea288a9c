"""Worked examples of money rounded, split, added and written."""

from __future__ import annotations

import attrs

from distbilling.money import Allocation, Currency, Money, Percent, RoundingMethod
from distbilling.testing.worked_examples.story import AnyStory, Story


@attrs.frozen
class _Round:
    round: Money
    currency: Currency
    method: RoundingMethod
    places: int | None = None


@attrs.frozen
class _Rounded:
    rounded: Money | None = None


def _round(when: _Round) -> _Rounded:
    return _Rounded(when.round.rounded(when.method, when.places))


@attrs.frozen
class _Allocate:
    allocate: Money
    currency: Currency
    ratios: tuple[str, ...]
    strategy: Allocation
    unit: Money | None = None


@attrs.frozen
class _Allocated:
    shares: tuple[Money, ...] | None = None
    total: Money | None = None


def _allocate(when: _Allocate) -> _Allocated:
    shares = when.allocate.allocate(when.ratios, when.strategy, when.unit)
    return _Allocated(shares, Money.sum(shares))


@attrs.frozen
class _AllocateWithRest:
    allocate_with_rest: Money
    currency: Currency
    ratios: tuple[str, ...]
    unit: Money | None = None
    in_blocks: bool = False


@attrs.frozen
class _AllocatedWithRest:
    shares: tuple[Money, ...] | None = None
    rest: Money | None = None
    total: Money | None = None


def _allocate_with_rest(when: _AllocateWithRest) -> _AllocatedWithRest:
    shares, rest = when.allocate_with_rest.allocate_with_rest(
        when.ratios, when.unit, in_blocks=when.in_blocks
    )
    return _AllocatedWithRest(shares, rest, Money.sum((*shares, rest)))


@attrs.frozen
class _Sum:
    sum: tuple[Money, ...]
    currency: Currency


@attrs.frozen
class _Summed:
    total: Money | None = None


def _sum(when: _Sum) -> _Summed:
    return _Summed(Money.sum(when.sum, when.currency))


@attrs.frozen
class _Write:
    write: Money
    currency: Currency
    locale: str = "en"


@attrs.frozen
class _Written:
    text: str | None = None
    exact_text: str | None = None
    digits: int | None = None


def _write(when: _Write) -> _Written:
    amount = when.write
    return _Written(
        amount.format(when.locale), amount.format(when.locale, exact=True), amount.currency.digits
    )


@attrs.frozen
class _Share:
    percent: Percent
    of: Money
    currency: Currency


@attrs.frozen
class _Shared:
    share: Money | None = None


def _share(when: _Share) -> _Shared:
    return _Shared(when.percent.of(when.of))


STORIES: dict[str, AnyStory] = {
    "round": Story(_Round, _Rounded, _round),
    "allocate": Story(_Allocate, _Allocated, _allocate),
    "allocate_with_rest": Story(_AllocateWithRest, _AllocatedWithRest, _allocate_with_rest),
    "sum": Story(_Sum, _Summed, _sum),
    "write": Story(_Write, _Written, _write),
    "percent": Story(_Share, _Shared, _share),
}
"""The stories about money, each by the key of ``when`` that asks for it."""
