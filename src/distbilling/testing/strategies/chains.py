"""Chains of distributors with schedules of every kind, put together from choices."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import Final, Protocol, TypeVar

import attrs
import pendulum
from hypothesis import strategies as st

from distbilling.money import (
    Currency,
    Money,
    Percent,
    Rounding,
    RoundingMethod,
    from_units,
    part_of,
)
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.measure import Measure, Per, Tiering
from distbilling.rules.agreement.schedule import (
    Bounded,
    Bracket,
    Brackets,
    ByAge,
    FlatFee,
    Schedule,
    Stage,
    Sum,
)
from distbilling.rules.agreement.terms import CommissionKind, Margin, Netting, Remainder, Terms
from distbilling.rules.chain.calculations import Commissions
from distbilling.rules.chain.split import Level, Split, split_of

__all__ = ["Chain", "Choose", "chain_by", "chains", "schedules_in"]

_Option = TypeVar("_Option")
_AT: Final = pendulum.datetime(2026, 3, 1, 9)
_RATES: Final = tuple(
    map(Percent, ("10", "0", "5", "15", "20", "7.25", "33.333", "99.99", "100", "0.125", "2.5"))
)
_COLLECTED: Final = (Basis(),)
_BASES: Final = tuple(Basis(tax, discount) for tax in TaxBasis for discount in DiscountBasis)
_DOWN: Final = Rounding(RoundingMethod.DOWN)
_MORE_DECIMALS: Final = (0, 0, 0, 0, 0, 0, 0, 3)
_DEPTHS: Final = (1, 2, 3, 1, 2, 3, 4, 5, 6, 12)


class Choose(Protocol):
    """Choose one of several options: ``random.Random(7).choice``, or a draw of hypothesis."""

    def __call__(self, options: Sequence[_Option], /) -> _Option:
        """Return one of the options."""
        ...


@attrs.frozen
class Chain:
    """An operation of an amount, and the chain of distributors that it goes through, seller first.

    >>> chain_by(lambda options: options[0]).split.provider
    Money('90.00', 'USD')
    """

    kind: CommissionKind
    amount: Money
    levels: tuple[Level, ...]
    circumstances: Circumstances

    @property
    def split(self) -> Split[Commissions]:
        """How the amount is shared."""
        return split_of(
            self.kind, self.amount, self.levels, at=_AT, circumstances=self.circumstances
        )


def chain_by(
    choose: Choose,
    *,
    method: RoundingMethod | None = None,
    margin: Margin | None = None,
    remainder: Remainder | None = None,
) -> Chain:
    """Return a chain put together from choices; what is named is not chosen.

    The same choices give the same chain.

    >>> from random import Random
    >>> chain_by(Random(7).choice) == chain_by(Random(7).choice)
    True
    """
    currency = Currency(choose(("USD", "USD", "JPY", "KWD")))
    amount = _amount(choose, currency)
    has_tax = choose((False, False, True))
    tax = _part(choose, amount) if has_tax else None
    discount = _part(choose, amount) if has_tax else None
    bases = _BASES if has_tax else _COLLECTED
    margin = margin or choose(tuple(Margin))
    remainder = remainder or choose(tuple(Remainder))
    levels: list[Level] = []

    for place in range(choose(_DEPTHS)):
        schedule = choose(range(len(schedules_in(currency))))
        own = method or choose(tuple(RoundingMethod))
        terms = _terms(
            schedule, currency, own, choose(tuple(Netting)), choose(bases), margin, remainder
        )
        levels.append(Level(f"d{place}", terms, choose(_volumes(currency))))

    circumstances = Circumstances(
        choose((1, 2, 7)), None, choose((0, 2, 3, 5, 6, 99)), tax, discount
    )
    return Chain(choose(tuple(CommissionKind)), amount, tuple(levels), circumstances)


@st.composite
def chains(draw: st.DrawFn, method: RoundingMethod | None = None) -> Chain:
    """Return chains of up to twelve levels, with schedules, roundings and policies of every kind.

    >>> from hypothesis import find
    >>> find(chains(), lambda chain: True).amount
    Money('100.00', 'USD')
    """

    def choose(options: Sequence[_Option]) -> _Option:
        return draw(st.sampled_from(options))

    return chain_by(choose, method=method)


def _amount(choose: Choose, currency: Currency) -> Money:
    """Return an amount above zero: round, any, or of a few minor units; seldom finer than these."""
    digits = currency.digits or 0
    match choose(("round", "any", "any", "few")):
        case "round":
            return Money(choose((100, 10, 1000, 1)), currency)
        case "any":
            return from_units(choose(range(1, 500_000)), digits + choose(_MORE_DECIMALS), currency)
        case _:
            return from_units(choose(range(1, 40)), digits, currency)


def _part(choose: Choose, amount: Money) -> Money:
    """Return a fifth of an amount, to the minor unit, or nothing, or all of it."""
    return part_of(amount, amount * choose((1, 0, 5)), amount * 5, _DOWN)


@cache
def _volumes(currency: Currency) -> tuple[Money, ...]:
    return tuple(Money(volume, currency) for volume in (0, 1, 90, 99, 100, 950, 1000, 5000))


@cache
def _terms(  # noqa: PLR0913, PLR0917 - each is a choice of its own
    schedule: int,
    currency: Currency,
    method: RoundingMethod,
    netting: Netting,
    basis: Basis,
    margin: Margin,
    remainder: Remainder,
) -> Terms:
    commission = schedules_in(currency)[schedule]
    return Terms(
        commission,
        commission,
        method,
        netting=netting,
        basis=basis,
        margin=margin,
        remainder=remainder,
    )


@cache
def schedules_in(currency: Currency) -> tuple[Schedule, ...]:
    """Return schedules of every kind, plain percentages first.

    >>> schedules_in(Currency("USD"))[0]
    Percent('10')
    """
    none, one, two, five, hundred, thousand = (
        Money(whole, currency) for whole in (0, 1, 2, 5, 100, 1000)
    )
    fees = [FlatFee(amount, per) for amount in (none, one, two) for per in Per]
    bounded = [
        Bounded(rate, minimum, five) for rate in _RATES[::3] for minimum in (None, none, one)
    ]
    sliced = [
        Brackets(
            (
                Bracket(none, hundred, low),
                Bracket(hundred, thousand, middle),
                Bracket(thousand, None, high),
            ),
            *how,
        )
        for low, middle, high in (_RATES[:3], _RATES[3:6], _RATES[6:9])
        for how in product(Tiering, Measure)
    ]
    aged = [
        ByAge((Stage(3, rate), Stage(3, fees[2]), Stage(None, bounded[0]))) for rate in _RATES[:2]
    ]
    sums = [Sum((rate, fee)) for rate, fee in zip(_RATES, fees, strict=False)]
    return (*_RATES, *_RATES, *_RATES, *fees, *sums, *bounded, *sliced, *aged)
