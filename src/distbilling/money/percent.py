"""Percentages: rates that can be mistaken for neither a fraction nor an amount."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, final

import attrs

from distbilling.errors import InvalidType, InvalidValue
from distbilling.language.formats import percent_text
from distbilling.money.amount import Money
from distbilling.money.exact import ZERO, arithmetic, exact, plain
from distbilling.money.rounding import RoundingMethod

__all__ = ["Percent"]

# Percent and Money work hand in hand: it reaches into the amount for the share.
# ruff: noqa: SLF001
# pyright: reportPrivateUsage=false

_MOST_PLACES: Final = 12
_WHOLE: Final = Decimal(100)
_ACCEPTED: Final = f"a percentage from 0 to 100 with at most {_MOST_PLACES} decimals"
_scaled: Final = arithmetic().scaleb


def _percentage(value: Decimal | int | str) -> Decimal:
    written = plain(exact(value, "percent"))
    number = Decimal(written)
    if ZERO <= number <= _WHOLE and len(written.partition(".")[2]) <= _MOST_PLACES:
        return number
    raise InvalidValue("percent", value, _ACCEPTED)


def _fraction(percent: Percent) -> Decimal:
    return _scaled(percent.value, -2)


@final
@attrs.frozen(order=True, repr=False)
class Percent:
    """A share of one hundred, from 0 to 100, both included.

    Fifteen per cent is ``Percent("15")``, never 0.15. At most 12 decimals; zeros at their end are
    dropped, so that 12.50 and 12.5 are one and the same.

    Source: rulebook R10.

    Raises:
        InvalidType: if ``value`` is not a Decimal, an int or text.
        InvalidValue: if it is not a plain number from 0 to 100, or has more than 12 decimals.

    >>> Percent("12.5").of(Money("80.00", "USD"))
    Money('10.00', 'USD')
    """

    value: Decimal = attrs.field(converter=_percentage)
    _fraction: Decimal = attrs.field(
        init=False, eq=False, default=attrs.Factory(_fraction, takes_self=True)
    )

    def of(self, amount: Money, method: RoundingMethod | None = None) -> Money:
        """Return this share of the amount, exact unless a method is named.

        With a method it is rounded to the currency's digits. The share has the amount's sign.

        Source: rulebook R3, R4, R10.

        Raises:
            InvalidType: if ``amount`` is not Money or ``method`` not a RoundingMethod.
            InvalidValue: if a method is named and the currency has no minor unit.
            PrecisionExceeded: if the exact share needs more than 38 digits.

        >>> Percent("12.5").of(Money("0.10", "USD"))
        Money('0.0125', 'USD')
        >>> Percent("12.5").of(Money("0.10", "USD"), RoundingMethod.DOWN)
        Money('0.01', 'USD')
        """
        if type(amount) is not Money:
            raise InvalidType("amount", amount, "Money, like Money('10.00', 'USD')")
        if method is None:
            return amount._share(self._fraction)
        return amount._rounded_share(self._fraction, method)

    def format(self, locale: str = "en") -> str:
        r"""Return the percentage as people of the locale write it, with all its digits.

        Raises:
            InvalidValue: if Babel does not know the locale.

        >>> Percent("12.5").format("de")
        '12,5\xa0%'
        """
        return percent_text(self.value, locale)

    def __str__(self) -> str:
        return self.format()

    def _repr_html_(self) -> str:
        """Return the percentage for a notebook: set right, in figures of one width."""
        style = "text-align: right; font-variant-numeric: tabular-nums"
        return f'<div style="{style}">{self.format()}</div>'

    def __repr__(self) -> str:
        return f"Percent({plain(self.value)!r})"
