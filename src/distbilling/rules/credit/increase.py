"""Credit limits that are raised for a time, and the caps of whoever grants that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final, cast

import attrs
from pendulum import DateTime

from distbilling.errors import CurrencyMismatch, InvalidValue
from distbilling.language.catalogue import Explained
from distbilling.money import Money, Percent
from distbilling.periods import utc_instant
from distbilling.rules import fields
from distbilling.rules.credit.limits import CreditLimit, Limit, Unlimited
from distbilling.rules.credit.thresholds import not_negative

__all__ = ["AboveCap", "IncreaseCaps", "LimitIncrease", "exceeded_cap", "limit_in_force"]

_MOST_DAYS: Final = 36_600
_DAY: Final = dt.timedelta(days=1)
_elapsed: Final = cast(Any, dt.datetime.__sub__)  # pendulum's own gives an Interval, slowly


def _granted(value: dt.datetime) -> DateTime:
    return utc_instant(value, "granted")


def _more_than_nothing(
    _instance: object, field: attrs.Attribute[Any], value: Money | Percent
) -> None:
    number = value.amount if isinstance(value, Money) else value.value
    if number <= 0:
        accepted = "an amount above zero, or a Percent of the limit above zero"
        raise InvalidValue(field.name, value, accepted)


@attrs.frozen
class LimitIncrease(fields.Checked):
    """A credit limit raised for a time: by whom, from when until when, and by how much.

    What was granted stays on record: the increases of a distributor, oldest first, are the history.

    Raises:
        InvalidValue: the end is not after the granting, or the limit is raised by nothing or less.

    Source: rulebook R21.

    >>> import pendulum
    >>> noon = pendulum.datetime(2026, 3, 9, 12)
    >>> week = LimitIncrease("maria", noon, until=noon.add(days=7), raises_by=Percent("10"))
    >>> week.is_in_force(noon), week.is_in_force(noon.add(days=7))
    (True, False)
    """

    by: str = attrs.field(validator=fields.name)
    """Who granted it."""

    granted: DateTime = attrs.field(converter=_granted)
    """The instant from which on it is in force, in UTC."""

    until: DateTime = attrs.field(converter=fields.until)
    """The instant from which on it is no more in force, in UTC."""

    raises_by: Money | Percent = attrs.field(
        validator=[fields.one_of(Money, Percent), _more_than_nothing]
    )
    """An amount, or a percentage of the permanent limit."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.until <= self.granted:
            accepted = f"an instant after the granting, {self.granted.isoformat()}"
            raise InvalidValue("until", self.until, accepted)

    def is_in_force(self, at: DateTime) -> bool:
        """Tell whether the limit is raised at an instant: from the granting on, not at the end.

        Source: rulebook R21.
        """
        return self.granted <= at < self.until


def _some_days(_instance: object, field: attrs.Attribute[Any], value: int) -> None:
    fields.check_whole(field.name, value, 0, _MOST_DAYS)


@attrs.frozen
class IncreaseCaps(fields.Checked):
    """By how much and for how long somebody may raise a limit, both inclusive.

    Raises:
        InvalidValue: the amount is below zero, or the days are outside 0 to 36,600.

    Source: rulebook R21, R31.

    >>> IncreaseCaps(Percent("10"), days=30)
    IncreaseCaps(most=Percent('10'), days=30)
    """

    most: Money | Percent = attrs.field(validator=[fields.one_of(Money, Percent), not_negative])
    """An amount, or a percentage of the permanent limit: 10 % of 200 allows exactly 20."""

    days: int = attrs.field(validator=_some_days)
    """Days of 24 hours."""


@attrs.frozen
class AboveCap(Explained):
    """Somebody wanted to raise a limit by more (``raises_by``), or for more ``days``, than it may.

    Of days, those that were begun are counted.

    Source: rulebook R21, R31.

    >>> print(AboveCap("raises_by", Money("20", "USD"), Money("20.01", "USD")).explain())
    raises_by: $20.01 is more than the $20.00 that you may grant.
    >>> print(AboveCap("days", 30, 31).explain())
    days: 31 is more than the 30 that you may grant.
    """

    field: str
    cap: Money | int
    asked: Money | int

    _WORDS = "{field}: {asked} is more than the {cap} that you may grant."


def limit_in_force(
    limit: CreditLimit, increases: Iterable[LimitIncrease], at: dt.datetime
) -> CreditLimit:
    """Return the limit at an instant: the permanent one, or the raised one.

    Increases do not add up. Of several in force, the one granted last counts; of two granted at
    once, the later in the series. When it ends, one granted before it counts again if it is still
    in force, else the permanent limit. A percentage is of the permanent limit, not rounded.

    Raises:
        InvalidValue: the instant is naive.
        CurrencyMismatch: the increase is in another currency than the limit.

    Source: rulebook R20, R21.

    >>> import pendulum
    >>> limit, noon = Limit(Money("200", "USD")), pendulum.datetime(2026, 3, 9, 12)
    >>> raised = LimitIncrease("maria", noon, until=noon.add(days=7), raises_by=Percent("10"))
    >>> limit_in_force(limit, [raised], noon), limit_in_force(limit, [raised], noon.add(days=7))
    (Limit(Money('220.00', 'USD')), Limit(Money('200.00', 'USD')))
    """
    fields.check_type("limit", limit, Limit, Unlimited)
    fields.check_type("increases", increases, Iterable)
    instant = utc_instant(at, "at")
    if isinstance(limit, Unlimited):
        return limit

    latest: LimitIncrease | None = None
    for increase in increases:
        fields.check_type("increases", increase, LimitIncrease)
        if increase.is_in_force(instant) and (latest is None or increase.granted >= latest.granted):
            latest = increase
    return limit if latest is None else Limit(limit.amount + _amount_of(latest.raises_by, limit))


def exceeded_cap(
    limit: CreditLimit, increase: LimitIncrease, caps: IncreaseCaps
) -> AboveCap | None:
    """Return the cap of whoever grants an increase that it exceeds; None where it may be granted.

    The amount is looked at first, then the time from the granting to the end.

    Raises:
        InvalidValue: there is no limit, so that nothing can be raised.
        CurrencyMismatch: increase or cap are in another currency than the limit.

    Source: rulebook R21, R31.

    >>> import pendulum
    >>> limit, noon = Limit(Money("200", "USD")), pendulum.datetime(2026, 3, 9, 12)
    >>> end, more = noon.add(days=7), Money("20.01", "USD")
    >>> asked = LimitIncrease("maria", granted=noon, until=end, raises_by=more)
    >>> exceeded_cap(limit, asked, IncreaseCaps(Percent("10"), days=30))
    AboveCap(field='raises_by', cap=Money('20.00', 'USD'), asked=Money('20.01', 'USD'))
    """
    fields.check_type("limit", limit, Limit, Unlimited)
    fields.check_type("increase", increase, LimitIncrease)
    fields.check_type("caps", caps, IncreaseCaps)
    if isinstance(limit, Unlimited):
        raise InvalidValue("limit", limit, "a Limit: what has no limit cannot be raised")

    most, asked = _amount_of(caps.most, limit), _amount_of(increase.raises_by, limit)
    if asked.currency is not limit.amount.currency:
        raise CurrencyMismatch(limit.amount.currency.code, asked.currency.code)
    if asked > most:
        return AboveCap("raises_by", most, asked)

    lasts: dt.timedelta = _elapsed(increase.until, increase.granted)
    if lasts > caps.days * _DAY:
        return AboveCap("days", caps.days, -(-lasts // _DAY))
    return None


def _amount_of(share: Money | Percent, limit: Limit) -> Money:
    return share.of(limit.amount) if isinstance(share, Percent) else share
