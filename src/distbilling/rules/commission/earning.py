"""How much a schedule gives: exactly, rounded, and within all its limits."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal, DecimalException
from functools import reduce
from typing import Final, assert_never

import attrs

from distbilling.errors import CurrencyMismatch, InvalidValue, PrecisionExceeded
from distbilling.money import Money, Percent, Rounding
from distbilling.money.exact import DIGITS, arithmetic
from distbilling.rules.agreement.basis import COLLECTED, Basis, base_of
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.measure import Tiering
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
from distbilling.rules.agreement.schedule_parts import currency_of

__all__ = ["Figures", "Total", "check_currencies", "earned_of", "figures_of", "schedule_in_effect"]

_context: Final = arithmetic()
_add: Final = _context.add
_subtract: Final = _context.subtract
_multiply: Final = _context.multiply
_multiply_add: Final = _context.fma
_scaled: Final = _context.scaleb


@attrs.frozen
class Total:
    """What marginal brackets give on all of a volume, exactly and rounded."""

    volume: Money
    exact: Money
    rounded: Money

    def __neg__(self) -> Total:
        return Total(-self.volume, -self.exact, -self.rounded)


@attrs.frozen
class Figures:
    """The figures of a commission, in the order in which they come about.

    ``totals`` are those before and after the operation, where the difference of the two is what is
    earned. ``rounded`` is the exact commission rounded; ``bounded`` has the schedule's own bounds
    applied again; ``earned`` is not above the amount and not above the parent's commission either.
    """

    base: Money
    exact: Money
    totals: tuple[Total, ...]
    rounded: Money
    bounded: Money
    earned: Money

    def __neg__(self) -> Figures:
        return Figures(
            base=-self.base,
            exact=-self.exact,
            totals=tuple(-total for total in self.totals),
            rounded=-self.rounded,
            bounded=-self.bounded,
            earned=-self.earned,
        )


def earned_of(  # noqa: PLR0913 - each is a choice of its own
    amount: Money,
    schedule: Schedule,
    rounding: Rounding,
    basis: Basis,
    *,
    circumstances: Circumstances,
    at_most: Money | None,
) -> Money:
    """Return what is earned on an amount, the last of :func:`figures_of`, without the others.

    Source: rulebook R5, R9, R13, R14, R18.

    >>> from distbilling.money import RoundingMethod
    >>> ten, down = Money("10.01", "USD"), Rounding(RoundingMethod.DOWN)
    >>> most = Money("1.20", "USD")
    >>> earned_of(ten, Percent("15"), down, Basis(), circumstances=Circumstances(), at_most=most)
    Money('1.20', 'USD')
    """
    check_currencies(amount, schedule, circumstances, at_most)
    is_negative = amount.is_negative
    whole = -amount if is_negative else amount
    base = (
        whole
        if basis is COLLECTED and circumstances.tax is None
        else base_of(whole, basis, circumstances)
    )
    earned = _limited(_computed(schedule, base, rounding, circumstances)[-1], whole, at_most)
    return -earned if is_negative else earned


def figures_of(  # noqa: PLR0913 - each is a choice of its own
    amount: Money,
    schedule: Schedule,
    rounding: Rounding,
    basis: Basis,
    *,
    circumstances: Circumstances,
    at_most: Money | None,
) -> Figures:
    """Return the figures of the commission on an amount.

    Those of a negative amount mirror those of the positive one.

    Marginal brackets by the period's volume are rounded on the whole volume: what is earned is the
    rounded total after the operation less the rounded total before it. So one payment split in two
    earns the same, to the last minor unit; unless a part is so small that the difference is above
    the part itself, and the limit to the amount wins.

    Raises:
        CurrencyMismatch: the amounts are in different currencies.
        InvalidValue: the schedule or the basis asks for what the circumstances do not tell; the tax
            is above the amount.
        PrecisionExceeded: a figure needs more digits than an amount can hold.

    Source: rulebook R5, R9, R13, R14, R18.

    >>> from distbilling.money import RoundingMethod
    >>> ten, away = Money("10.01", "USD"), Rounding(RoundingMethod.AWAY_FROM_ZERO)
    >>> none = Circumstances()
    >>> figures_of(ten, Percent("15"), away, Basis(), circumstances=none, at_most=None).rounded
    Money('1.51', 'USD')
    """
    check_currencies(amount, schedule, circumstances, at_most)
    whole = abs(amount)
    base = base_of(whole, basis, circumstances)
    exact, totals, rounded, within = _computed(schedule, base, rounding, circumstances)
    figures = Figures(
        base=base,
        exact=exact,
        totals=totals,
        rounded=rounded,
        bounded=within,
        earned=_limited(within, whole, at_most),
    )
    return -figures if amount.is_negative else figures


def check_currencies(
    amount: Money, schedule: Schedule, circumstances: Circumstances, at_most: Money | None
) -> None:
    """Refuse amounts in another currency than the one that commission is earned on.

    Source: rulebook R3.

    >>> dollar, euro = Money("1", "USD"), Money("1", "EUR")
    >>> check_currencies(dollar, Percent("15"), Circumstances(), at_most=euro)
    Traceback (most recent call last):
    distbilling.errors.CurrencyMismatch: USD and EUR do not mix; convert one of them first
    """
    expected = amount.currency
    if type(schedule) is not Percent:
        in_schedule = currency_of(schedule)
        if in_schedule is not None and in_schedule is not expected:
            raise CurrencyMismatch(expected.code, in_schedule.code)
    for other in (circumstances.so_far, circumstances.tax, circumstances.discount, at_most):
        if other is not None and other.currency is not expected:
            raise CurrencyMismatch(expected.code, other.currency.code)


def bounded(schedule: Bounded, figure: Money) -> Money:
    """Return a figure, raised to the minimum or cut to the cap of a schedule.

    >>> bounded(Bounded(Percent("10"), cap=Money("50.00", "USD")), Money("70.00", "USD"))
    Money('50.00', 'USD')
    """
    if schedule.minimum is not None and figure < schedule.minimum:
        return schedule.minimum
    return schedule.cap if schedule.cap is not None and figure > schedule.cap else figure


def schedule_in_effect(schedule: Schedule, base: Money, circumstances: Circumstances) -> Schedule:
    """Return the schedule that the age of the relation, or the bracket reached, leads to.

    Source: rulebook R13.

    >>> from distbilling.rules.agreement.measure import Measure
    >>> from distbilling.testing.sample_data import usd
    >>> fee = Bracket(usd("0"), None, FlatFee(usd("4.00")))
    >>> banded = Brackets((fee,), Tiering.WHOLE, Measure.OPERATION)
    >>> schedule_in_effect(banded, usd("50.00"), Circumstances())
    FlatFee(amount=Money('4.00', 'USD'), per=Per.OPERATION)
    """
    while True:
        match schedule:
            case ByAge():
                schedule = stage_at(schedule, circumstances).schedule
            case Brackets(tiering=Tiering.WHOLE):
                schedule = bracket_reached(schedule, base.amount, circumstances).schedule
            case _:
                return schedule


def stage_at(schedule: ByAge, circumstances: Circumstances) -> Stage:
    """Return the stage that a relation of so many whole months is in."""
    if circumstances.months is None:
        raise InvalidValue(
            "months", None, "the whole months since the relation began: the rate depends on them"
        )
    return schedule.stages[bisect_right(schedule.ends, circumstances.months)]


def bracket_reached(schedule: Brackets, base: Decimal, circumstances: Circumstances) -> Bracket:
    """Return the bracket that holds the volume once the base is added to it."""
    reached = _add(schedule.measure.volume_before(circumstances), base)
    return schedule.brackets[bisect_right(schedule.lowers, reached) - 1]


def _computed(
    schedule: Schedule, base: Money, rounding: Rounding, circumstances: Circumstances
) -> tuple[Money, tuple[Total, ...], Money, Money]:
    """Return what is earned on a base of zero or more.

    That is: exactly, the totals it is the difference of, rounded, and within the bounds again.
    """
    if base.is_zero:
        return base, (), base, base

    try:
        in_effect = schedule_in_effect(schedule, base, circumstances)
        if isinstance(in_effect, Brackets) and in_effect.measure.by_period:
            return _by_totals(in_effect, base, rounding, circumstances)
        exact = Money(_figure(in_effect, base.amount, circumstances), base.currency)
    except DecimalException:
        raise PrecisionExceeded("commission", DIGITS) from None

    rounded = rounding.apply(exact)
    return exact, (), rounded, _bounded_again(in_effect, rounded)


def _by_totals(
    schedule: Brackets, base: Money, rounding: Rounding, circumstances: Circumstances
) -> tuple[Money, tuple[Total, ...], Money, Money]:
    before = schedule.measure.volume_before(circumstances)
    totals: list[Total] = []
    for volume in (before, _add(before, base.amount)):
        exact = Money(_total(schedule, volume), base.currency)
        totals.append(Total(Money(volume, base.currency), exact, rounding.apply(exact)))
    was, becomes = totals
    earned = becomes.rounded - was.rounded
    return becomes.exact - was.exact, (was, becomes), earned, earned


def _total(schedule: Brackets, volume: Decimal) -> Decimal:
    """Return what marginal brackets give on all of the volume."""
    lowers = schedule.lowers
    place = bisect_right(lowers, volume) - 1
    return _multiply_add(
        _subtract(volume, lowers[place]), schedule.fractions[place], schedule.totals[place]
    )


def _figure(schedule: Schedule, base: Decimal, circumstances: Circumstances) -> Decimal:
    match schedule:
        case Percent():
            return _multiply(base, _scaled(schedule.value, -2))
        case Bounded():
            figure = _figure(schedule.schedule, base, circumstances)
            minimum, cap = schedule.minimum, schedule.cap
            if minimum is not None and figure < minimum.amount:
                return minimum.amount
            return cap.amount if cap is not None and figure > cap.amount else figure
        case Brackets(tiering=Tiering.WHOLE):
            reached = bracket_reached(schedule, base, circumstances)
            return _figure(reached.schedule, base, circumstances)
        case Brackets():
            before = schedule.measure.volume_before(circumstances)
            return _subtract(_total(schedule, _add(before, base)), _total(schedule, before))
        case Sum():
            return reduce(_add, (_figure(part, base, circumstances) for part in schedule.parts))
        case FlatFee():
            return _multiply(
                schedule.amount.amount, Decimal(schedule.per.times(circumstances.items))
            )
        case ByAge():
            return _figure(stage_at(schedule, circumstances).schedule, base, circumstances)
        case _:
            assert_never(schedule)


def _bounded_again(schedule: Schedule, rounded: Money) -> Money:
    """Return a rounded figure within the bounds around a schedule, innermost first."""
    if not isinstance(schedule, Bounded):
        return rounded
    return bounded(schedule, _bounded_again(schedule.schedule, rounded))


def _limited(earned: Money, whole: Money, at_most: Money | None) -> Money:
    """Return what is earned of an amount: no more than that, nor than the parent's commission."""
    return min(earned, whole) if at_most is None else min(earned, whole, abs(at_most))
