"""Amounts as whole numbers of units, and back, to the last digit."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from functools import reduce
from typing import Final

from distbilling.errors import InvalidType, InvalidValue, PrecisionExceeded
from distbilling.money.amount import Money
from distbilling.money.currency import Currency
from distbilling.money.exact import DIGITS, ZERO, arithmetic

__all__ = ["common_units", "from_units", "units_of"]

_MOST_DECIMALS: Final = DIGITS - 1
_ACCEPTED_PLACES: Final = f"a whole number from 0 to {_MOST_DECIMALS}"
_STEPS: Final = tuple(Decimal((0, (1,), -places)) for places in range(DIGITS))
_wide: Final = arithmetic()
_wide.prec = _wide.Emax = 3 * DIGITS
_add: Final = _wide.add
_scaled: Final = _wide.scaleb
_multiply_add: Final = arithmetic().fma


def units_of(amount: Money, places: int) -> int:
    """Return how many units of so many decimals an amount is: 150 of two decimals for 1.50.

    Source: rulebook R3.

    Raises:
        InvalidType: if ``amount`` is not Money or ``places`` not an int.
        InvalidValue: if ``places`` is outside 0 to 37, or the amount has more decimals than that.

    >>> units_of(Money("1.50", "USD"), 5)
    150000
    """
    if type(amount) is not Money:
        raise InvalidType("amount", amount, "Money, like Money('10.00', 'USD')")
    _check(places)
    scaled = _scaled(amount.amount, places)
    units = int(scaled)
    if units != scaled:
        raise InvalidValue("amount", amount, f"an amount of at most {places} decimals")
    return units


def from_units(units: int, places: int, currency: Currency | str) -> Money:
    """Return the amount that so many units of so many decimals are: 1.50 for 150 of two decimals.

    Source: rulebook R3.

    Raises:
        InvalidType: if ``units`` or ``places`` is not an int, or the currency is neither a Currency
            nor text.
        InvalidValue: if ``places`` is outside 0 to 37, or the currency is not in ISO 4217.
        PrecisionExceeded: if the amount needs more than 38 digits.

    >>> from_units(150000, 5, "USD")
    Money('1.50', 'USD')
    """
    if type(units) is not int:
        raise InvalidType("units", units, "a whole number")
    _check(places)
    try:
        number = _multiply_add(Decimal(units), _STEPS[places], ZERO)
    except DecimalException:
        raise PrecisionExceeded("amount", DIGITS) from None
    return Money(number, currency)


def common_units(*amounts: Money) -> tuple[list[int], int]:
    """Return how many units each amount is, and how many decimals the unit has.

    It has as many as the amount that has most.

    Source: rulebook R3.

    >>> common_units(Money("1.5", "USD"), Money("2", "USD"))
    ([15, 20], 1)
    """
    numbers = [amount.amount for amount in amounts]
    sum_of_all = reduce(_add, numbers)  # has as many decimals as the term that has most
    places = -int(sum_of_all.as_tuple().exponent)
    return [int(_scaled(number, places)) for number in numbers], places


def _check(places: int) -> None:
    if type(places) is not int:
        raise InvalidType("places", places, _ACCEPTED_PLACES)
    if not 0 <= places <= _MOST_DECIMALS:
        raise InvalidValue("places", places, _ACCEPTED_PLACES)
