"""Cycles of n days, n weeks or n months, counted from a first date."""

from __future__ import annotations

import datetime as dt
from typing import Final

import attrs

from distbilling.periods.cycles.cycle import Cycle
from distbilling.periods.cycles.fields import member, whole_number
from distbilling.periods.instant import local_day
from distbilling.periods.months import MonthEnd, ends_month, month_of
from distbilling.periods.zone import iana_zone

__all__ = ["EveryDays", "EveryMonths", "EveryWeeks"]

_MOST_DAYS: Final = 3660
_MOST_WEEKS: Final = 520
_MOST_MONTHS: Final = 120


def _days(n: int) -> int:
    return whole_number(n, "n", 1, _MOST_DAYS)


def _weeks(n: int) -> int:
    return whole_number(n, "n", 1, _MOST_WEEKS)


def _months(n: int) -> int:
    return whole_number(n, "n", 1, _MOST_MONTHS)


def _first(day: dt.date) -> dt.date:
    return local_day(day, "first")


def _month_end(policy: MonthEnd) -> MonthEnd:
    return member(policy, "month_end", MonthEnd)


@attrs.frozen
class EveryDays(Cycle):
    """Every ``n`` local days (1 to 3660), counted from ``first``.

    Raises:
        InvalidValue: the zone is not an IANA name, or ``n`` or the date is out of range.
        InvalidType: a field is of another type; ``bool`` is no number, a datetime is no date.

    Source: rulebook R32.

    >>> thirty_days = EveryDays("Etc/UTC", 30, first=dt.date(2026, 1, 1))
    >>> str(thirty_days.period_at(dt.datetime(2026, 2, 1, tzinfo=dt.UTC)))
    '2026-01-31/2026-03-01 Etc/UTC'
    """

    zone: str = attrs.field(converter=iana_zone)
    n: int = attrs.field(converter=_days)
    first: dt.date = attrs.field(converter=_first)

    def bound(self, number: int, /) -> dt.date:
        """Return the date this many times ``n`` days after the first."""
        return dt.date.fromordinal(self.first.toordinal() + number * self.n)

    def bound_number(self, day: dt.date, /) -> int:
        """Return how many times ``n`` days fit between the first date and this one."""
        return (day.toordinal() - self.first.toordinal()) // self.n


@attrs.frozen
class EveryWeeks(Cycle):
    """Every ``n`` weeks (1 to 520), counted from ``first``.

    Raises:
        InvalidValue: the zone is not an IANA name, or ``n`` or the date is out of range.
        InvalidType: a field is of another type; ``bool`` is no number, a datetime is no date.

    Source: rulebook R32.

    >>> fortnightly = EveryWeeks("Etc/UTC", 2, first=dt.date(2026, 1, 5))
    >>> str(fortnightly.period_at(dt.datetime(2026, 1, 25, tzinfo=dt.UTC)))
    '2026-01-19/2026-02-01 Etc/UTC'
    """

    zone: str = attrs.field(converter=iana_zone)
    n: int = attrs.field(converter=_weeks)
    first: dt.date = attrs.field(converter=_first)

    def bound(self, number: int, /) -> dt.date:
        """Return the date this many times ``n`` weeks after the first."""
        return dt.date.fromordinal(self.first.toordinal() + number * self.n * 7)

    def bound_number(self, day: dt.date, /) -> int:
        """Return how many times ``n`` weeks fit between the first date and this one."""
        return (day.toordinal() - self.first.toordinal()) // (self.n * 7)


@attrs.frozen
class EveryMonths(Cycle):
    """Every ``n`` months (1 to 120) on the day of the month of ``first``.

    ``month_end`` says what becomes of the 29th to 31st. Under ``PIN_28`` a first date after the
    28th is no bound itself: the period it falls in is clipped (see :meth:`first_period`). Under
    ``END_OF_MONTH`` all bounds are last days if ``first`` is the last day of its month; if not, as
    28 March, they go by the day of ``first``, as under ``CLAMP``.

    Raises:
        InvalidValue: the zone is not an IANA name, or ``n`` or the date is out of range.
        InvalidType: a field is of another type; ``bool`` is no number, a datetime is no date.

    Source: rulebook R32, R35.

    >>> quarterly = EveryMonths("Etc/UTC", 3, first=dt.date(2021, 1, 31), month_end=MonthEnd.CLAMP)
    >>> str(quarterly.period_at(dt.datetime(2021, 4, 30, tzinfo=dt.UTC)))
    '2021-04-30/2021-07-30 Etc/UTC'
    """

    zone: str = attrs.field(converter=iana_zone)
    n: int = attrs.field(converter=_months)
    first: dt.date = attrs.field(converter=_first)
    month_end: MonthEnd = attrs.field(default=MonthEnd.PIN_28, converter=_month_end)

    def bound(self, number: int, /) -> dt.date:
        """Return the anniversary this many times ``n`` months after the first."""
        policy = self.month_end
        if policy is MonthEnd.END_OF_MONTH and not ends_month(self.first):
            policy = MonthEnd.CLAMP
        return policy.day_in(month_of(self.first) + number * self.n, self.first.day)

    def bound_number(self, day: dt.date, /) -> int:
        """Return the number of the last anniversary on or before a date."""
        number = (month_of(day) - month_of(self.first)) // self.n
        return number if self.bound(number) <= day else number - 1
