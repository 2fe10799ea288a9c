"""Credit limits and warnings of a sample: as much as a few weeks of a distributor's trade."""

from __future__ import annotations

import datetime as dt
from typing import Final

from pendulum import DateTime

from distbilling.modelling.arithmetic.dice import Dice
from distbilling.modelling.sample.places import unit_of
from distbilling.money import Currency, Money, Percent
from distbilling.money.units import from_units
from distbilling.rules.credit.increase import LimitIncrease
from distbilling.rules.credit.limits import (
    CreditTerms,
    Limit,
    PercentOfLimit,
    Unlimited,
    WhenSuspended,
)
from distbilling.rules.credit.thresholds import Crossing, EveryFurther, Rearm

__all__ = ["credit_of", "increases_of", "plain_credit", "size_of"]

SIZES: Final = (250, 350, 450, 600, 700, 850, 1000, 1300, 1700, 2800)
"""How much a distributor trades, in thousandths of what one trades on average."""
_LIMIT: Final = 5_000
"""The limit of a distributor of average size, in what a dollar buys: two weeks of its trade."""
_STEP: Final = 500


def size_of(distributor: str) -> int:
    """Return how much a distributor trades, in thousandths of the average; by its id alone.

    >>> size_of("hudson") == size_of("hudson")
    True
    """
    return Dice("size", distributor).pick("size", SIZES)


def plain_credit(dice: Dice, size: int, currency: Currency) -> CreditTerms:
    """Return a limit that suits a size, with a warning at nine tenths of it."""
    return CreditTerms(_limit(dice, size, currency), (PercentOfLimit(90),))


def credit_of(place: int, dice: Dice, size: int, currency: Currency) -> CreditTerms:
    """Return credit terms: in turn, of every kind that there is; some are unlimited."""
    limit = _limit(dice, size, currency)
    step = _money(limit.amount, 10)
    thresholds, compare, rearm = (
        ((PercentOfLimit(90),), Crossing.EXCEEDS, Rearm()),
        ((PercentOfLimit(75), PercentOfLimit(90)), Crossing.EXCEEDS, Rearm(band=Percent(5))),
        (
            (PercentOfLimit(80), limit.amount),
            Crossing.REACHES,
            Rearm(minimum_interval=dt.timedelta(days=1)),
        ),
        ((), Crossing.EXCEEDS, Rearm()),
        (
            (_money(limit.amount, 50), PercentOfLimit(90)),
            Crossing.REACHES,
            Rearm(band=step, most_repeats=3),
        ),
        (
            (PercentOfLimit(60), EveryFurther(step, most=6)),
            Crossing.EXCEEDS,
            Rearm(tell_cleared=False),
        ),
        (
            (_money(limit.amount, 30), EveryFurther(_money(limit.amount, 25))),
            Crossing.EXCEEDS,
            Rearm(most_repeats=0),
        ),
    )[place % 7]
    when = (
        WhenSuspended.ALWAYS_ACCEPT
        if dice.chance("accepts", 40)
        else WhenSuspended.REFUSE_WHEN_SUSPENDED
    )
    none = dice.chance("unlimited", 12)
    return CreditTerms(Unlimited() if none else limit, thresholds, compare, when, rearm)


def increases_of(dice: Dice, credit: CreditTerms, created: DateTime) -> tuple[LimitIncrease, ...]:
    """Return the increases of the limit: for one in eight, once or twice, after some months."""
    if not isinstance(credit.limit, Limit) or not dice.chance("raised", 12):
        return ()
    first = created.add(days=60 + dice.below("raised after", 200))
    again = first.add(days=90)
    by_share = LimitIncrease(
        "maria", first, first.add(days=30), Percent(10 + dice.below("raised by", 15))
    )
    by_amount = LimitIncrease("maria", again, again.add(days=14), _money(credit.limit.amount, 20))
    return (by_share, by_amount) if dice.chance("raised again", 50) else (by_share,)


def _limit(dice: Dice, size: int, currency: Currency) -> Limit:
    steps = _LIMIT * size * (600 + dice.below("limit", 900)) // (1_000_000 * _STEP)
    return Limit(
        from_units(max(steps, 1) * _STEP * unit_of(currency), currency.digits or 0, currency)
    )


def _money(limit: Money, percent: int) -> Money:
    return Percent(percent).of(limit)
