"""Ages in whole months of a zone's calendar."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pendulum

from distbilling.periods.instant import first_instant, utc_instant
from distbilling.periods.months import MonthEnd, month_of
from distbilling.periods.zone import iana_zone, rules_of

__all__ = ["whole_months"]

_A_DAY: Final = dt.timedelta(days=1)


def whole_months(zone: str, since: dt.datetime, until: dt.datetime) -> int:
    """Return how many whole months have passed between two instants on the zone's calendar.

    The first month is over at the start of the local day of the same number in the next month, or
    of that month's last day where it is too short; the months after it are counted from the first
    day again, so that none drifts.

    Raises:
        InvalidValue: the zone is not an IANA name, or an instant is naive.
        InvalidType: the zone is not text, or an instant is no datetime.

    Source: rulebook R13, R35.

    >>> begun = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
    >>> ends = [dt.datetime(2026, 2, day, tzinfo=dt.UTC) for day in (27, 28)]
    >>> [whole_months("Etc/UTC", begun, end) for end in ends]
    [0, 1]
    """
    name = iana_zone(zone)
    first = _day(name, utc_instant(since, "since"))
    last = _day(name, utc_instant(until, "until"))
    months = month_of(last) - month_of(first)
    if last < MonthEnd.CLAMP.day_in(month_of(first) + months, first.day):
        months -= 1
    return max(months, 0)


def _day(zone: str, instant: pendulum.DateTime) -> dt.date:
    """Return the last local day that has begun, also where clocks go back over midnight."""
    local = instant.astimezone(rules_of(zone))
    following = local.date() + _A_DAY
    return following if local.fold and first_instant(zone, following) <= instant else local.date()
