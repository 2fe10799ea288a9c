"""Months that run from the day of an anniversary."""

from __future__ import annotations

import datetime as dt

import attrs

from distbilling.periods.cycles.cycle import Cycle
from distbilling.periods.cycles.fields import member, whole_number
from distbilling.periods.months import MonthEnd, month_of
from distbilling.periods.zone import iana_zone

__all__ = ["MonthlyAnniversary"]


def _day(day: int) -> int:
    return whole_number(day, "day", 1, 31)


def _month_end(policy: MonthEnd) -> MonthEnd:
    return member(policy, "month_end", MonthEnd)


@attrs.frozen
class MonthlyAnniversary(Cycle):
    """From a day of the month (1 to 31) to the same day of the next.

    ``month_end`` says what becomes of the 29th to 31st. The cycle knows a day and no date: under
    ``END_OF_MONTH`` every day from the 28th on stands for the last of the month.

    Raises:
        InvalidValue: the zone is not an IANA name, or the day not 1 to 31.
        InvalidType: a field is of another type.

    Source: rulebook R32, R35.

    >>> created = dt.datetime(2022, 3, 30, tzinfo=dt.UTC)
    >>> cycle = MonthlyAnniversary("Etc/UTC", day=30)
    >>> [str(period) for period in cycle.periods(created, dt.date(2022, 5, 1))]
    ['2022-03-30/2022-04-27 Etc/UTC', '2022-04-28/2022-05-27 Etc/UTC']
    """

    zone: str = attrs.field(converter=iana_zone)
    day: int = attrs.field(converter=_day)
    month_end: MonthEnd = attrs.field(default=MonthEnd.PIN_28, converter=_month_end)

    def bound(self, number: int, /) -> dt.date:
        """Return the anniversary in the month of this number."""
        return self.month_end.day_in(number, self.day)

    def bound_number(self, day: dt.date, /) -> int:
        """Return the number of the month of the last anniversary on or before a date."""
        month = month_of(day)
        return month if self.bound(month) <= day else month - 1
