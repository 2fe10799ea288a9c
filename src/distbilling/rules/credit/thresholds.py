"""At which amounts is somebody warned, when is such a threshold crossed, and when may it be told of again?"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import attrs

from distbilling.choices import Choice
from distbilling.errors import InvalidValue
from distbilling.money import Money, Percent
from distbilling.rules import fields

__all__ = ["Crossing", "EveryFurther", "Rearm"]

MOST_FURTHER: Final = 1000
_MICROSECOND: Final = dt.timedelta(microseconds=1)


class Crossing(Choice):
    """When does a balance cross a threshold on its way: once it is beyond it, or as soon as it is there?

    A debt rises across its thresholds, prepaid funds fall across theirs.

    Source: rulebook R22.

    >>> from distbilling.rules.credit import Limit, PercentOfLimit, thresholds_crossed
    >>> ninety = [PercentOfLimit("90")]
    >>> limit = Limit(Money("1000.00", "USD"))
    >>> thresholds_crossed(ninety, limit, Money("800.00", "USD"), Money("900.00", "USD"), Crossing.REACHES)
    (Money('900.00', 'USD'),)
    """

    EXCEEDS = "exceeds"
    REACHES = "reaches"


def count(_instance: object, field: attrs.Attribute[Any], value: int) -> None:
    """Accept whole numbers of zero or more."""
    fields.check_whole(field.name, value, 0)


def _most_further(_instance: object, field: attrs.Attribute[Any], value: int) -> None:
    fields.check_whole(field.name, value, 1, MOST_FURTHER)


@attrs.frozen
class EveryFurther(fields.Checked):
    """A threshold that recurs: at every further ``step`` beyond the outermost of the others, or beyond zero without others.

    Of a debt the outermost is the highest, of prepaid funds the lowest. There are ``most`` of them,
    100 where it is not said and never more than 1,000, so that one jump is told of at most so
    often; beyond the last one nothing more is told.

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
    """Return a length of time as a plain one: pendulum's own durations and intervals count days in other ways too."""
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
    """When may a warning that was given be given again?

    ``band``: so far below the threshold (an amount, or a percentage of the threshold) the balance
    must fall back until the next crossing warns again; above the threshold for prepaid funds.
    Without it, to the threshold (``EXCEEDS``) or below (``REACHES``).

    ``minimum_interval``: a threshold is not told of again until so long after it was last told of;
    if the balance is still beyond it at the first evaluation from then on, it is told of then:
    late, not lost.

    ``most_repeats``: how often a threshold is told of again, after the first time, until the party
    owes nothing any more or the limit or a threshold changes; zero is only once, None is any
    number.

    ``tell_cleared``: whether it is told that the balance has recovered.

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
    minimum_interval: dt.timedelta | None = attrs.field(
        default=None,
        converter=attrs.converters.optional(plain_span),
        validator=[fields.one_of(dt.timedelta, type(None)), _above_zero],
    )
    most_repeats: int | None = attrs.field(default=None, validator=attrs.validators.optional(count))
    tell_cleared: bool = attrs.field(default=True, validator=fields.one_of(bool))
