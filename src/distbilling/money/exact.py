"""The strict reading of every amount, rate and ratio as an exact decimal number."""

from __future__ import annotations

import re
from decimal import (
    ROUND_HALF_EVEN,
    Clamped,
    Context,
    Decimal,
    DecimalException,
    Inexact,
    InvalidOperation,
    Overflow,
    Rounded,
)
from typing import Final

from distbilling.errors import InvalidType, InvalidValue
from distbilling.language.formats import plain

__all__ = ["DIGITS", "exact", "plain"]

DIGITS: Final = 38
"""How many digits an amount may have before and after the point together, written out."""

_ACCEPTED_TYPES: Final = "a Decimal, an int or text such as '12.50' (a float is never exact)"
_ACCEPTED_TEXT: Final = (
    f"at most {DIGITS} digits with an optional minus in front and an optional point inside, "
    "like -12.50"
)
_ACCEPTED_NUMBER: Final = f"a finite number of at most {DIGITS} digits, written out"

_PLAIN: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII).fullmatch
_BEYOND: Final = 10**DIGITS
ZERO: Final = Decimal(0)


def exact(value: Decimal | int | str, field: str) -> Decimal:
    """Return the number that was given, to the last digit, or refuse it.

    Text is an optional minus, ASCII digits, and optionally a point with digits on both sides: no
    plus, exponent, underscore, blank, or digits of other scripts. The result is written plainly
    (never ``1E+3``), is never a negative zero, and has at most 38 digits before and after the point
    together. It does not depend on the host's decimal context.

    Source: rulebook R3, R49.

    Raises:
        InvalidType: for any other type; float, bool, Fraction and all subclasses included.
        InvalidValue: for NaN, infinity, text outside the grammar, and more than 38 digits; it names
            ``field``.

    >>> exact("-0.00025", "price")
    Decimal('-0.00025')
    >>> exact("1e3", "price")
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: price: '1e3' is not accepted; give at most 38 digits...
    """
    if type(value) is str:
        return _from_text(value, field)
    if type(value) is Decimal:
        return _from_decimal(value, field)
    if type(value) is int:
        if -_BEYOND < value < _BEYOND:
            return Decimal(value)
        raise InvalidValue(field, value, _ACCEPTED_NUMBER)
    raise InvalidType(field, value, _ACCEPTED_TYPES)


def arithmetic(rounding: str = ROUND_HALF_EVEN) -> Context:
    """Return a decimal context of our own, which raises where a digit would be lost."""
    return Context(
        prec=DIGITS,
        rounding=rounding,
        Emin=0,
        Emax=DIGITS - 1,
        clamp=0,
        flags=[],
        traps=[Inexact, InvalidOperation, Overflow],
    )


_STRICT: Final = arithmetic()
_STRICT.traps[Clamped] = True
_STRICT.traps[Rounded] = True


def _from_text(text: str, field: str) -> Decimal:
    if not _PLAIN(text) or (len(text) > DIGITS and len(text.replace(".", "").lstrip("-")) > DIGITS):
        raise InvalidValue(field, text, _ACCEPTED_TEXT)
    number = Decimal(text)
    return number or number.copy_abs()


def _from_decimal(number: Decimal, field: str) -> Decimal:
    if number.is_finite():
        try:
            return _STRICT.add(number, ZERO)
        except DecimalException:
            pass
    raise InvalidValue(field, number, _ACCEPTED_NUMBER)
