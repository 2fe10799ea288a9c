"""Parts of an amount: a fraction, slices between bounds, what a reversal gives back."""

from __future__ import annotations

from collections.abc import Iterable

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.money.amount import Money
from distbilling.money.kernels import clawed, divided, slices
from distbilling.money.rounding import Rounding
from distbilling.money.units import common_units, from_units

__all__ = ["given_back", "part_of", "slices_of"]


def part_of(amount: Money, numerator: Money, denominator: Money, rounding: Rounding) -> Money:
    """Return amount × numerator ÷ denominator, rounded once.

    Source: rulebook R4, R15.

    Raises:
        CurrencyMismatch: if the three differ in currency.
        InvalidType: if one of the three is not Money, or the rounding no Rounding.
        InvalidValue: if the denominator is zero, or the currency has no minor unit and the rounding
            names no places.
        PrecisionExceeded: if the result needs more than 38 digits.

    >>> from distbilling.money import RoundingMethod
    >>> earned, reversed_, collected = (Money(n, "USD") for n in ("1.50", "3.33", "10.00"))
    >>> part_of(earned, reversed_, collected, Rounding(RoundingMethod.HALF_EVEN))
    Money('0.50', 'USD')
    """
    _check("amount", amount, amount)
    _check("numerator", numerator, amount)
    _check("denominator", denominator, amount)
    (whole, above, below), decimals = common_units(amount, numerator, denominator)
    if below == 0:
        raise InvalidValue("denominator", denominator, "an amount that is not zero")
    if below < 0:
        above, below = -above, -below

    places = _places_kept(rounding, amount)
    units = divided(whole * above * 10**places, below * 10**decimals, rounding.method)
    return from_units(units, places, amount.currency)


def slices_of(amount: Money, bounds: Iterable[Money], so_far: Money) -> tuple[Money, ...]:
    """Return how much of an amount lies from each bound up to the next one.

    The amount comes on top of ``so_far``. A bound belongs to the slice above it; the last slice has
    no end. A negative amount reaches down from ``so_far``, and its slices are negative. The slices
    sum to the amount.

    Source: rulebook R13.

    Raises:
        CurrencyMismatch: if the currencies differ.
        InvalidType: if one of them is not Money.
        InvalidValue: if there are no bounds, they do not ascend, or a part of the amount lies below
            the first one.

    >>> bounds = [Money(number, "USD") for number in (0, 1000, 1500)]
    >>> slices_of(Money("700.00", "USD"), bounds, so_far=Money("900.00", "USD"))
    (Money('100.00', 'USD'), Money('500.00', 'USD'), Money('100.00', 'USD'))
    """
    series = tuple(bounds)
    _check("amount", amount, amount)
    _check("so_far", so_far, amount)
    for bound in series:
        _check("bounds", bound, amount)

    (length, start, *edges), decimals = common_units(amount, so_far, *series)
    if not edges or edges != sorted(set(edges)):
        raise InvalidValue("bounds", series, "at least one bound, each above the one before")
    if min(start, start + length) < edges[0]:
        raise InvalidValue(
            "so_far", so_far, f"a volume that is at least {series[0]!r}, also with {amount!r} added"
        )
    return tuple(
        from_units(units, decimals, amount.currency) for units in slices(start, length, edges)
    )


def given_back(
    earned: Money, amount: Money, already: Money, back: Money, rounding: Rounding
) -> Money:
    """Return how much of what was earned on an amount a reversal of a part of it gives back.

    Given back so far = earned × reversed so far ÷ amount, rounded, and never more than was earned;
    all of the amount reversed gives back all that was earned, whatever the rounding. So the parts
    of an amount, in any order, together give back exactly what was earned.

    Args:
        earned: what was earned on the whole amount.
        amount: what it was earned on.
        already: how much of the amount was reversed before; it has the amount's sign.
        back: how much of it is reversed now; it has the amount's sign.
        rounding: how what is given back so far is rounded.

    Source: rulebook R15.

    Raises:
        CurrencyMismatch: if the four amounts differ in currency.
        InvalidType: if one of the four is not Money, or the rounding no Rounding.
        InvalidValue: if the amount is zero, ``already`` or ``back`` has the other sign, both
            together are more than the amount, or the currency has no minor unit and the rounding
            names no places.
        PrecisionExceeded: if the result needs more than 38 digits.

    >>> from distbilling.money import RoundingMethod
    >>> earned, amount, half = (Money(number, "USD") for number in ("0.05", "1.00", "0.50"))
    >>> rounding = Rounding(RoundingMethod.AWAY_FROM_ZERO)
    >>> given_back(earned, amount, Money.zero("USD"), half, rounding)
    Money('0.03', 'USD')
    >>> given_back(earned, amount, half, half, rounding)
    Money('0.02', 'USD')
    """
    _check("earned", earned, earned)
    _check("amount", amount, earned)
    _check("already", already, earned)
    _check("back", back, earned)

    (gain, whole, before, now), decimals = common_units(earned, amount, already, back)
    if whole < 0:
        whole, before, now = -whole, -before, -now
    if whole == 0:
        raise InvalidValue("amount", amount, "an amount that is not zero")
    if not 0 <= before <= whole:
        raise InvalidValue("already", already, f"a part of {amount!r}")
    if not 0 <= now <= whole - before:
        raise InvalidValue("back", back, f"a part of what is left of it: {amount - already!r}")

    # Whole numbers of the finest unit that either the amounts or the rounding have.
    places = _places_kept(rounding, earned)
    finest = max(places, decimals)
    units = clawed(
        gain * 10 ** (finest - decimals),
        whole,
        before,
        now,
        rounding.method,
        10 ** (finest - places),
    )
    return from_units(units, finest, earned.currency)


def _check(field: str, value: Money, like: Money) -> None:
    if type(value) is not Money:
        raise InvalidType(field, value, "Money, like Money('10.00', 'USD')")
    if value.currency is not like.currency:
        raise CurrencyMismatch(like.currency.code, value.currency.code)


def _places_kept(rounding: Rounding, amount: Money) -> int:
    if type(rounding) is not Rounding:
        raise InvalidType(
            "rounding", rounding, "a Rounding, like Rounding(RoundingMethod.HALF_AWAY_FROM_ZERO)"
        )
    places = amount.currency.digits if rounding.places is None else rounding.places
    if places is None:
        raise InvalidValue(
            "places", None, f"a number of decimals: {amount.currency} has no minor unit"
        )
    return places
