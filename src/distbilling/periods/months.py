"""Months, numbered from January of the year 0, and the dates on which periods start in them."""

from __future__ import annotations

import calendar
import datetime as dt

from distbilling.choices import Choice

__all__ = ["MonthEnd"]

_SHORTEST_MONTH = 28


class MonthEnd(Choice):
    """What an anniversary on the 29th, 30th or 31st does in shorter months.

    None drifts: each month goes by the first date.

    Source: rulebook R35.

    >>> [policy.day_in(2022 * 12 + 1, 30).isoformat() for policy in MonthEnd]
    ['2022-02-28', '2022-02-28', '2022-02-28']
    >>> [policy.day_in(2022 * 12 + 2, 30).isoformat() for policy in MonthEnd]
    ['2022-03-28', '2022-03-30', '2022-03-31']
    """

    PIN_28 = "pin_28"
    """The 28th of every month, for anchors after the 28th."""
    CLAMP = "clamp"
    """The last day of months that are too short, and back to the anchor afterwards."""
    END_OF_MONTH = "end_of_month"
    """The last day of every month, from a 28th on; of a first date, only if it ends its month."""

    def day_in(self, month: int, anchor: int) -> dt.date:
        """Return the date in a numbered month for an anchor day of 1 to 31."""
        year, index = divmod(month, 12)
        if self is MonthEnd.PIN_28:
            return dt.date(year, index + 1, min(anchor, _SHORTEST_MONTH))
        last = calendar.monthrange(year, index + 1)[1]
        sticky = self is MonthEnd.END_OF_MONTH and anchor >= _SHORTEST_MONTH
        return dt.date(year, index + 1, last if sticky else min(anchor, last))


def month_of(day: dt.date) -> int:
    """Return the number of a date's month.

    >>> month_of(dt.date(2026, 3, 15)) - month_of(dt.date(2025, 12, 1))
    3
    """
    return day.year * 12 + day.month - 1


def ends_month(day: dt.date) -> bool:
    """Tell whether a date is the last of its month.

    >>> ends_month(dt.date(2026, 2, 28)), ends_month(dt.date(2026, 3, 28))
    (True, False)
    """
    return day.day == calendar.monthrange(day.year, day.month)[1]


def first_day_of(month: int) -> dt.date:
    """Return the first day of a numbered month.

    >>> first_day_of(month_of(dt.date(2026, 3, 15)) + 10)
    datetime.date(2027, 1, 1)
    """
    return dt.date(month // 12, month % 12 + 1, 1)
