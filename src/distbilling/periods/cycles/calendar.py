"""Cycles of the calendar: days, weeks, half-months, months, quarters and years."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import attrs

from distbilling.choices import Choice
from distbilling.periods.cycles.cycle import Cycle
from distbilling.periods.cycles.fields import member, whole_number
from distbilling.periods.months import first_day_of, month_of
from distbilling.periods.zone import iana_zone

__all__ = ["Daily", "Monthly", "Quarterly", "Semimonthly", "Weekday", "Weekly", "Yearly"]

_SECOND_HALF = 16


class Weekday(Choice):
    """A day of the week; the value counts from Monday, 0.

    >>> Weekday["SUNDAY"]
    Weekday.SUNDAY
    """

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


def _first_day(day: Weekday) -> Weekday:
    return member(day, "first_day", Weekday)


def _first_month(month: int) -> int:
    return whole_number(month, "first_month", 1, 12)


@attrs.frozen
class Daily(Cycle):
    """Every local day is a period.

    Raises:
        InvalidValue: the zone is not an IANA name.
        InvalidType: the zone is not text.

    Source: rulebook R32.

    >>> weekend = Daily("America/New_York").periods(dt.date(2026, 3, 7), dt.date(2026, 3, 9))
    >>> [day.duration // dt.timedelta(hours=1) for day in weekend]
    [24, 23]
    """

    zone: str = attrs.field(converter=iana_zone)

    def bound(self, number: int, /) -> dt.date:
        """Return the date of this ordinal."""
        return dt.date.fromordinal(number)

    def bound_number(self, day: dt.date, /) -> int:
        """Return the date's ordinal."""
        return day.toordinal()


@attrs.frozen
class Weekly(Cycle):
    """Monday to Sunday, or seven days from another first day.

    Raises:
        InvalidValue: the zone is not an IANA name.
        InvalidType: a field is of another type.

    Source: rulebook R32.

    >>> march = dt.datetime(2026, 3, 11, tzinfo=dt.UTC)
    >>> str(Weekly("Etc/UTC", Weekday.SUNDAY).period_at(march))
    '2026-03-08/2026-03-14 Etc/UTC'
    """

    zone: str = attrs.field(converter=iana_zone)
    first_day: Weekday = attrs.field(default=Weekday.MONDAY, converter=_first_day)

    def bound(self, number: int, /) -> dt.date:
        """Return the first day of this week, counted from the year 1, which began on a Monday."""
        return dt.date.fromordinal(number * 7 + self.first_day.value + 1)

    def bound_number(self, day: dt.date, /) -> int:
        """Return the number of the date's week."""
        return (day.toordinal() - 1 - int(self.first_day.value)) // 7


@attrs.frozen
class Semimonthly(Cycle):
    """The 1st to the 15th, and the 16th to the last day of the month.

    Raises:
        InvalidValue: the zone is not an IANA name.
        InvalidType: the zone is not text.

    Source: rulebook R32.

    >>> str(Semimonthly("Etc/UTC").period_at(dt.datetime(2026, 2, 20, tzinfo=dt.UTC)))
    '2026-02-16/2026-02-28 Etc/UTC'
    """

    zone: str = attrs.field(converter=iana_zone)

    def bound(self, number: int, /) -> dt.date:
        """Return the 1st (even numbers) or the 16th (odd ones) of a month."""
        month, second_half = divmod(number, 2)
        first = first_day_of(month)
        return first.replace(day=_SECOND_HALF) if second_half else first

    def bound_number(self, day: dt.date, /) -> int:
        """Return the number of the date's half-month."""
        return month_of(day) * 2 + (day.day >= _SECOND_HALF)


@attrs.frozen
class Monthly(Cycle):
    """The 1st to the last day of every month.

    Raises:
        InvalidValue: the zone is not an IANA name.
        InvalidType: the zone is not text.

    Source: rulebook R32, R33.

    >>> march = Monthly("America/New_York").period_at(dt.datetime(2026, 3, 15, tzinfo=dt.UTC))
    >>> march.start.in_timezone("UTC").isoformat(), march.end.in_timezone("UTC").isoformat()
    ('2026-03-01T05:00:00+00:00', '2026-04-01T04:00:00+00:00')
    """

    zone: str = attrs.field(converter=iana_zone)

    def bound(self, number: int, /) -> dt.date:
        """Return the first day of the month of this number."""
        return first_day_of(number)

    def bound_number(self, day: dt.date, /) -> int:
        """Return the number of the date's month."""
        return month_of(day)


@attrs.frozen
class _MonthsFromOne(Cycle):
    """So many calendar months, counted from a month of the year."""

    months: ClassVar[int]
    zone: str = attrs.field(converter=iana_zone)
    first_month: int = attrs.field(default=1, converter=_first_month)

    def bound(self, number: int, /) -> dt.date:
        """Return the first day of the period of this number."""
        return first_day_of(number * self.months + self.first_month - 1)

    def bound_number(self, day: dt.date, /) -> int:
        """Return the number of the date's period."""
        return (month_of(day) - self.first_month + 1) // self.months


@attrs.frozen
class Quarterly(_MonthsFromOne):
    """Three calendar months; ``first_month`` is a month (1 to 12) in which a quarter starts.

    Raises:
        InvalidValue: the zone is not an IANA name, or the month not 1 to 12.
        InvalidType: a field is of another type.

    Source: rulebook R32.

    >>> march = dt.datetime(2026, 3, 15, tzinfo=dt.UTC)
    >>> str(Quarterly("Etc/UTC", first_month=2).period_at(march))
    '2026-02-01/2026-04-30 Etc/UTC'
    """

    months = 3


@attrs.frozen
class Yearly(_MonthsFromOne):
    """Twelve calendar months from ``first_month`` (1 to 12).

    Raises:
        InvalidValue: the zone is not an IANA name, or the month not 1 to 12.
        InvalidType: a field is of another type.

    Source: rulebook R32.

    >>> march = dt.datetime(2026, 3, 15, tzinfo=dt.UTC)
    >>> str(Yearly("Europe/London", first_month=4).period_at(march))
    '2025-04-01/2026-03-31 Europe/London'
    """

    months = 12
