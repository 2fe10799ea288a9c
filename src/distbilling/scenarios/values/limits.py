"""Limits, warning thresholds and shares as files write them."""

from __future__ import annotations

from collections.abc import Callable

from distbilling.errors import InvalidType, InvalidValue
from distbilling.money import Money, Percent
from distbilling.money.exact import exact
from distbilling.rules.credit.limits import (
    CreditLimit,
    EveryFurther,
    Limit,
    PercentOfLimit,
    Threshold,
    Unlimited,
)

_QUOTED = (
    'a number in quotes, like "10.00" (without quotes it would be a float, which is never exact)'
)
_THRESHOLD = (
    'a share of the limit from "0%" to "100%", an amount like "900.00", '
    'or "every 100.00" beyond the others'
)
_FUNDS = 'an amount like "900.00", or "unlimited"'
_SHARE = 'a share from "0%" to "100%", or an amount like "50.00"'

_Amount = Callable[[str | int], Money]


def written_number(value: object) -> str | int:
    """Return a number that was written exactly: in quotes, or without a point.

    Raises:
        InvalidType: it was written otherwise.

    >>> written_number("10.00"), written_number(10)
    ('10.00', 10)
    """
    if type(value) is str or type(value) is int:
        return value
    raise InvalidType("number", value, _QUOTED)


def limit_of(amount: _Amount, value: object, _kind: object = None) -> CreditLimit:
    """Return the credit limit; ``amount`` reads a number in the currency of its party.

    Raises:
        InvalidValue: it is below zero.

    >>> limit_of(lambda number: Money(number, "USD"), "1000.00")
    Limit(Money('1000.00', 'USD'))
    """
    if value == "unlimited":
        return Unlimited()
    most = amount(written_number(value))
    if most.is_negative:
        raise InvalidValue("limit", value, 'an amount of zero or more, or "unlimited"')
    return Limit(most)


def funds_of(amount: _Amount, value: object, _kind: object = None) -> Money | Unlimited:
    """Return the amount that is written, of either sign, or that there is no limit to it.

    Raises:
        InvalidValue: it is neither.

    >>> funds_of(lambda number: Money(number, "USD"), "-4.50")
    Money('-4.50', 'USD')
    """
    if value == "unlimited":
        return Unlimited()
    number = written_number(value)
    try:
        exact(number, "funds")
    except InvalidValue:
        raise InvalidValue("funds", value, _FUNDS) from None
    return amount(number)


def threshold_of(amount: _Amount, value: object, _kind: object = None) -> Threshold:
    """Return the warning threshold that is written.

    Raises:
        InvalidValue: it is neither a percentage, nor an amount, nor one that recurs.

    >>> dollars = lambda number: Money(number, "USD")
    >>> [threshold_of(dollars, written) for written in ("90%", "every 100.00")]
    [PercentOfLimit('90'), EveryFurther(step=Money('100.00', 'USD'), most=100)]
    """
    written = str(written_number(value))
    number = written.removeprefix("every ")
    try:
        if written.endswith("%"):
            return PercentOfLimit(written.removesuffix("%"))
        exact(number, "threshold")
    except InvalidValue:
        raise InvalidValue("threshold", value, _THRESHOLD) from None
    return amount(number) if number == written else EveryFurther(amount(number))


def share_of(amount: _Amount, value: object, _kind: object = None) -> Money | Percent:
    """Return the percentage or the amount that is written.

    Raises:
        InvalidValue: it is neither.

    >>> share_of(lambda number: Money(number, "USD"), "10%")
    Percent('10')
    """
    number = str(written_number(value))
    try:
        if number.endswith("%"):
            return Percent(number.removesuffix("%"))
        exact(number, "share")
    except InvalidValue:
        raise InvalidValue("share", value, _SHARE) from None
    return amount(number)
