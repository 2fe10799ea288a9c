"""The currencies of ISO 4217, each with its code and the digits of its minor unit."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Never, final

from distbilling.errors import InvalidType, InvalidValue
from distbilling.money.iso4217 import TABLE

__all__ = ["Currency"]

_ACCEPTED: Final = "a code of ISO 4217 in capitals, like 'USD'"
_LONGEST_SLIP: Final = 12


@final
class Currency:
    """A currency of ISO 4217. There is one object for each code, so that comparing is quick.

    Source: rulebook R3, R49.

    Raises:
        InvalidType: if ``code`` is neither text nor a Currency.
        InvalidValue: if ISO 4217 does not list it; small letters are not accepted.

    >>> Currency("KWD").digits
    3
    >>> Currency("usd")
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: currency: 'usd' is not accepted; give a code of ISO 4217...
    """

    __slots__ = ("_code", "_digits", "_name", "_numeric", "_unit")

    _code: str
    _digits: int | None
    _name: str
    _numeric: int
    _unit: Decimal | None

    def __new__(cls, code: Currency | str) -> Currency:
        """Return the one object of that code."""
        if type(code) is str:
            currency = _CURRENCIES.get(code)
            if currency is None:
                raise InvalidValue("currency", code, _accepted_instead_of(code))
            return currency
        if type(code) is Currency:
            return code
        raise InvalidType("currency", code, _ACCEPTED)

    @property
    def code(self) -> str:
        """The three capital letters."""
        return self._code

    @property
    def digits(self) -> int | None:
        """The decimals of the minor unit: JPY 0, USD 2, KWD 3; None where there is none (XAU)."""
        return self._digits

    @property
    def unit(self) -> Decimal | None:
        """The minor unit, the step between amounts: JPY 1, USD 0.01; None where there is none."""
        return self._unit

    @property
    def numeric(self) -> int:
        """The number that the standard gives it; written with three digits, 8 is ``008``."""
        return self._numeric

    @property
    def name(self) -> str:
        """The standard's English name."""
        return self._name

    def __repr__(self) -> str:
        return f"Currency({self._code!r})"

    def __str__(self) -> str:
        return self._code

    def __reduce__(self) -> tuple[type[Currency], tuple[str]]:
        return Currency, (self._code,)

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(_unchanging(name))

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(_unchanging(name))

    def __init_subclass__(cls, **_: object) -> Never:
        message = "a Currency is one of ISO 4217; it cannot be subclassed"
        raise TypeError(message)


def _unchanging(name: str) -> str:
    return f"a Currency never changes: {name!r} can be neither set nor deleted"


def _made(code: str, numeric: int, digits: int | None, name: str) -> Currency:
    currency = object.__new__(Currency)
    unit = None if digits is None else Decimal((0, (1,), -digits))
    slots = (
        ("_code", code),
        ("_digits", digits),
        ("_name", name),
        ("_numeric", numeric),
        ("_unit", unit),
    )
    for slot, value in slots:
        object.__setattr__(currency, slot, value)
    return currency


def _accepted_instead_of(code: str) -> str:
    meant = code.strip().upper() if len(code) <= _LONGEST_SLIP else ""
    return f"a code of ISO 4217 in capitals, like {meant if meant in TABLE else 'USD'!r}"


_CURRENCIES: Final = {code: _made(code, *row) for code, row in TABLE.items()}
