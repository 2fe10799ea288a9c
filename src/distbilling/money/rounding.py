"""Rounding methods, and a rounding as a value: a method and a number of decimals."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    DecimalException,
    Inexact,
    InvalidOperation,
)
from typing import Final, Protocol, Self, TypeVar

import attrs

from distbilling.choices import Choice
from distbilling.errors import InvalidType, InvalidValue, PrecisionExceeded
from distbilling.money.currency import Currency
from distbilling.money.exact import DIGITS, arithmetic

__all__ = ["MOST_PLACES", "Rounding", "RoundingMethod", "UnitRounding"]

MOST_PLACES: Final = 12
"""The most decimals that a rounding may keep: seven more than telecom tariffs need."""
ACCEPTED_METHOD: Final = "a RoundingMethod, like RoundingMethod.HALF_AWAY_FROM_ZERO"
ACCEPTED_PLACES: Final = f"a whole number from 0 to {MOST_PLACES}, or None for the currency's own"
_QUANTA: Final = tuple(Decimal((0, (1,), -places)) for places in range(MOST_PLACES + 1))
_scaled: Final = arithmetic().scaleb


def _by_decimal(mode: str) -> Callable[[Decimal, Decimal], Decimal]:
    context = arithmetic(mode)
    context.traps[Inexact] = False
    return context.quantize


def _to_multiple(
    to_unit: Callable[[Decimal, Decimal], Decimal], step: int
) -> Callable[[Decimal, Decimal], Decimal]:
    def rounded(amount: Decimal, quantum: Decimal) -> Decimal:
        places = -quantum.adjusted()
        units = abs(int(_scaled(to_unit(amount, quantum), places)))
        nearest = (units + step // 2) // step * step
        return _scaled(Decimal(nearest), -places).copy_sign(amount)

    return rounded


class UnitRounding(Choice):
    """How a number is rounded to whole units; the value is the mode of the decimal module."""

    HALF_UP = ROUND_HALF_UP
    UP = ROUND_UP
    HALF_EVEN = ROUND_HALF_EVEN
    DOWN = ROUND_DOWN


class RoundingMethod(Choice):
    """How the decimals that are cut off bear on the last one kept.

    All methods mirror for negative amounts. Each rounds to whole units of the last decimal kept
    (``to_unit``) and then, where its ``step`` is above 1, to the nearest multiple of so many units.

    Source: rulebook R4.

    >>> from distbilling.money import Money
    >>> [str(Money("1.214", "USD").rounded(method)) for method in RoundingMethod]
    ['$1.21', '$1.22', '$1.21', '$1.21', '$1.20']
    """

    HALF_AWAY_FROM_ZERO = "HALF_AWAY_FROM_ZERO", "half away from zero", UnitRounding.HALF_UP
    """To the nearest; from the middle, away from zero: 1.215 becomes 1.22. Our default."""

    AWAY_FROM_ZERO = "AWAY_FROM_ZERO", "away from zero", UnitRounding.UP
    """Any remainder counts as a whole one: 1.211 becomes 1.22."""

    HALF_EVEN = "HALF_EVEN", "half to even", UnitRounding.HALF_EVEN
    """To the nearest; from the middle, to the even digit: 1.225 becomes 1.22."""

    DOWN = "DOWN", "towards zero", UnitRounding.DOWN
    """Towards zero: 1.219 becomes 1.21."""

    MALAYSIAN = "MALAYSIAN", "the Malaysian way", UnitRounding.DOWN, 5
    """Cut off, then to 0 or 5: 0 to 2 become 0, 3 to 7 become 5, 8 and 9 carry up."""

    def __new__(cls, name: str, *_: object) -> Self:
        """Make the method of this name, which is its value."""
        method = object.__new__(cls)
        method._value_ = name
        return method

    def __init__(self, _value: str, words: str, to_unit: UnitRounding, step: int = 1) -> None:
        self.words = words
        """What people read after "rounded", in English; the catalogues translate it."""

        self.to_unit = to_unit
        """How the number is rounded to whole units first."""

        self.step = step
        """Of how many units the result is a multiple.

        To an even step one cuts off first (DOWN): else two roundings would err at its middle.
        """

        to_quantum = _by_decimal(to_unit.value)
        self.to_quantum: Callable[[Decimal, Decimal], Decimal] = (
            to_quantum if step == 1 else _to_multiple(to_quantum, step)
        )
        """Take an amount and the unit, 0.01 for two decimals; may give a negative zero."""


@attrs.frozen
class Rounding:
    """A way to round: a method, and how many decimals to keep.

    Without ``places`` it keeps as many as the currency of each amount has. 0 to 12 places are
    accepted.

    Source: rulebook R4.

    Raises:
        InvalidType: if ``method`` is not a RoundingMethod or ``places`` is not an int.
        InvalidValue: if ``places`` is outside 0 to 12.

    >>> from distbilling.money import Money
    >>> Rounding(RoundingMethod.DOWN)
    Rounding(method=RoundingMethod.DOWN, places=None)
    >>> Rounding(RoundingMethod.AWAY_FROM_ZERO, places=1).apply(Money("1.214", "USD"))
    Money('1.30', 'USD')
    """

    method: RoundingMethod
    places: int | None = None

    def __attrs_post_init__(self) -> None:
        if type(self.method) is not RoundingMethod:
            raise InvalidType("method", self.method, ACCEPTED_METHOD)
        if self.places is not None:
            quantum_of(self.places)

    def apply(self, amount: _Amount) -> _Amount:
        """Return the amount, rounded.

        Raises:
            InvalidValue: if ``places`` is not given and the currency has no minor unit.
        """
        return amount.rounded(self.method, self.places)


def quantum_of(places: int) -> Decimal:
    """Return the step between amounts of so many decimals: 0.01 for 2."""
    if type(places) is not int:
        raise InvalidType("places", places, ACCEPTED_PLACES)
    if not 0 <= places <= MOST_PLACES:
        raise InvalidValue("places", places, ACCEPTED_PLACES)
    return _QUANTA[places]


def rounded_with_care(
    amount: Decimal, method: RoundingMethod, places: int | None, currency: Currency
) -> Decimal:
    """Return the rounded number, or raise what stands in the way, where the quick way failed."""
    if type(method) is not RoundingMethod:
        raise InvalidType("method", method, ACCEPTED_METHOD)
    unit = currency.unit if places is None else quantum_of(places)
    if unit is None:
        raise InvalidValue("places", None, f"a number of decimals: {currency} has no minor unit")
    try:
        return method.to_quantum(amount, unit)
    except InvalidOperation:
        # The missing zeros would take more than 38 digits: there are no decimals to cut off.
        return amount
    except DecimalException:
        raise PrecisionExceeded("rounding", DIGITS) from None


class _CanBeRounded(Protocol):
    def rounded(self, method: RoundingMethod, places: int | None = None) -> Self: ...


_Amount = TypeVar("_Amount", bound=_CanBeRounded)
