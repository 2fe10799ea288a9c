"""Warning thresholds: when one is crossed, which ones recur, and when one may warn again."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final, TypeVar

import attrs

from distbilling.choices import Choice
from distbilling.errors import InvalidValue
from distbilling.money import Money, Percent
from distbilling.rules import fields

__all__ = ["Crossing", "EveryFurther", "Rearm"]

MOST_FURTHER: Final = 1000
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_Number = TypeVar("_Number", bound=Any)
"""Amounts, decimals or fractions: anything in an order."""


class Crossing(Choice):
    """When a rising balance crosses a threshold: beyond it, or as soon as it gets there.

    The examples: a threshold of 900.00, amounts in cents.

    Source: rulebook R22.

    >>> from distbilling.rules.credit import Unlimited, thresholds_crossed
    >>> before, after = Money("800.00", "USD"), Money("900.00", "USD")
    >>> thresholds_crossed([after], Unlimited(), before, after, Crossing.REACHES)
    (Money('900.00', 'USD'),)
    """

    EXCEEDS = "exceeds"
    """Beyond it: 900.00 crosses nothing yet, 900.01 does."""

    REACHES = "reaches"
    """There: 899.99 crosses nothing yet, 900.00 does."""

    def count(self, thresholds: Sequence[_Number], balance: _Number) -> int:
        """Return how many of some ascending thresholds a balance is across.

        >>> Crossing.EXCEEDS.count((500, 900), 900), Crossing.REACHES.count((500, 900), 900)
        (1, 2)
        """
        search = bisect_left if self is Crossing.EXCEEDS else bisect_right
        return search(thresholds, balance)

    def least_across(self, threshold: Fraction) -> int:
        """Return the least whole number that is across a threshold.

        >>> [crossing.least_across(Fraction(900)) for crossing in Crossing]
        [901, 900]
        """
        return floor(threshold) + 1 if self is Crossing.EXCEEDS else ceil(threshold)


def count(_instance: object, field: attrs.Attribute[Any], value: int) -> None:
    """Accept whole numbers of zero or more."""
    fields.check_whole(field.name, value, 0)


def _most_further(_instance: object, field: attrs.Attribute[Any], value: int) -> None:
    fields.check_whole(field.name, value, 1, MOST_FURTHER)


@attrs.frozen
class EveryFurther(fields.Checked):
    """A threshold that recurs: at every further ``step`` above the highest other one, or zero.

    There are ``most`` of them, from 1 to 1,000, so that one jump does not warn without end. Above
    the last one nothing warns any more.

    Raises:
        InvalidValue: the step is not above zero, or ``most`` is outside 1 to 1,000.

    Source: rulebook R22, R23.

    >>> from distbilling.rules.credit import Unlimited, thresholds_crossed
    >>> thresholds = [Money("30", "USD"), Money("50", "USD"), EveryFurther(Money("100", "USD"))]
    >>> thresholds_crossed(thresholds, Unlimited(), Money("33", "USD"), Money("251", "USD"))
    (Money('50.00', 'USD'), Money('150.00', 'USD'), Money('250.00', 'USD'))
    """

    step: Money = attrs.field(validator=[fields.one_of(Money), fields.positive])
    most: int = attrs.field(default=100, validator=_most_further)


def plain_span(value: dt.timedelta) -> dt.timedelta:
    """Return a length of time as a plain one; pendulum's own kinds count days in other ways too."""
    if isinstance(value, dt.timedelta) and type(value) is not dt.timedelta:
        return dt.timedelta(microseconds=dt.timedelta.__floordiv__(value, _MICROSECOND))
    return value


def _above_zero(_instance: object, field: attrs.Attribute[Any], value: dt.timedelta | None) -> None:
    if value is not None and value <= dt.timedelta(0):
        raise InvalidValue(field.name, value, "a length of time above zero, or None")


def not_negative(
    _instance: object, field: attrs.Attribute[Any], value: Money | Percent | None
) -> None:
    """Accept amounts of zero or more, and whatever is no amount."""
    if isinstance(value, Money) and value.is_negative:
        raise InvalidValue(field.name, value, "an amount of zero or more, or a Percent")


@attrs.frozen
class Rearm(fields.Checked):
    """When a threshold that has warned may warn again.

    Raises:
        InvalidValue: the band is below zero, the interval not above zero, or the number of repeats
            below zero.

    Source: rulebook R23.

    >>> Rearm(band=Percent("5"), most_repeats=3).tell_cleared
    True
    """

    band: Money | Percent | None = attrs.field(
        default=None, validator=[fields.one_of(Money, Percent, type(None)), not_negative]
    )
    """How far below the threshold (an amount, or a percentage of it) the balance must fall back.

    Without a band: to the threshold under ``EXCEEDS``, below it under ``REACHES``.
    """

    minimum_interval: dt.timedelta | None = attrs.field(
        default=None,
        converter=attrs.converters.optional(plain_span),
        validator=[fields.one_of(dt.timedelta, type(None)), _above_zero],
    )
    """How long after a warning the threshold does not warn again.

    If the balance is still across it at the first evaluation after that, it warns then: late, not
    lost.
    """

    most_repeats: int | None = attrs.field(default=None, validator=attrs.validators.optional(count))
    """How often a threshold warns again after its first warning; None is any number.

    They are counted until the party owes nothing, or the limit or a threshold changes.
    """

    tell_cleared: bool = attrs.field(default=True, validator=fields.one_of(bool))
    """Whether there is a notice when a warning is over."""

    def armed_again_at(self, threshold: Money) -> Money:
        """Return to where the balance must fall back for a threshold to be armed again.

        >>> Rearm(band=Percent("5")).armed_again_at(Money("900.00", "USD"))
        Money('855.00', 'USD')
        """
        band = self.band.of(threshold) if isinstance(self.band, Percent) else self.band
        return threshold if band is None else threshold - band
