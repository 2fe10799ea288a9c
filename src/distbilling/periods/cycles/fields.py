"""Checks of the fields of a cycle."""

from __future__ import annotations

import enum
from typing import TypeVar

from distbilling.errors import InvalidType, InvalidValue

_Choice = TypeVar("_Choice", bound=enum.Enum)


def whole_number(value: int, field: str, lowest: int, highest: int) -> int:
    """Return the value, if it is a whole number from ``lowest`` to ``highest``, both included.

    Raises:
        InvalidValue: the number is outside the range.
        InvalidType: the value is not an int itself; bool, IntEnum and other subclasses are refused.

    >>> whole_number(32, "day", 1, 31)
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: day: 32 is not accepted; give a whole number from 1 to 31
    """
    accepted = f"a whole number from {lowest} to {highest}"
    if type(value) is not int:
        raise InvalidType(field, value, accepted)
    if not lowest <= value <= highest:
        raise InvalidValue(field, value, accepted)
    return value


def member(value: object, field: str, choices: type[_Choice]) -> _Choice:
    """Return the value, if it is one of a named set of choices.

    Raises:
        InvalidType: it is anything else; the choices are listed.

    >>> member("even", "parity", enum.Enum("Parity", ["EVEN", "ODD"]))
    Traceback (most recent call last):
    distbilling.errors.InvalidType: parity: 'even' (str) is not accepted; give Parity.EVEN or...
    """
    if not isinstance(value, choices):
        *most, last = (f"{choices.__name__}.{choice.name}" for choice in choices)
        raise InvalidType(field, value, f"{', '.join(most)} or {last}")
    return value
