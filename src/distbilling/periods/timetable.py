"""The bounds of a cycle, computed a few years at a time, kept and searched.

To ask a time zone for an offset takes longer than all the rest. For most instants the date is
enough: where it is well within a period, no offset that its zone may have carries it out. Only near
a bound is the exact instant needed.
"""

from __future__ import annotations

import bisect
import datetime as dt
import functools
from itertools import pairwise
from typing import Final, Protocol

import attrs
import pendulum

from distbilling.errors import InvalidValue
from distbilling.periods.instant import SECOND, first_second, instant_at, offsets_around
from distbilling.periods.period import BillingPeriod, period_between
from distbilling.periods.zone import rules_of

_DAY: Final = 86_400
_YEAR: Final = 31_556_952
_EPOCH_DAY: Final = dt.date(1970, 1, 1).toordinal()
_KEPT_SECONDS: Final = range(2**32)  # 1970 to 2106
_SECONDS_BEFORE: Final = _YEAR
_SECONDS_AFTER: Final = 4 * _YEAR
_KEPT_TIMETABLES: Final = 256
_MOST_DAYS_AHEAD: Final = 2


class Bounds(Protocol):
    """The dates on which a cycle's periods start, numbered in order."""

    @property
    def zone(self) -> str:
        """The IANA name of the billing zone."""
        ...

    def bound(self, number: int, /) -> dt.date:
        """Return the bound of this number; later numbers have later dates."""
        ...

    def bound_number(self, day: dt.date, /) -> int:
        """Return the number of the last bound on or before a date."""
        ...


@attrs.frozen(eq=False)
class Table:
    """A stretch of consecutive bounds, and the periods between them.

    ``periods`` has the n-th period at 2n - 1, where a search for a settled date leads; ``None`` is
    a period not made yet, or unknown. The three lists of settled dates hold two date ordinals for
    each period, from the first (inclusive) to the second (exclusive): such a date is within the
    period, whatever the time of day, when told in UTC, in the billing zone (``home``), or anywhere.
    ``offsets`` are the bounds in seconds since 1970 UTC, ascending, each with the least and the
    greatest offset of the billing zone about that time; ``numbers`` are the cycle's numbers of the
    bounds, several of which share one instant where a zone skipped a date.
    """

    periods: list[BillingPeriod | None]
    home: pendulum.Timezone
    settled_at_home: list[int]
    settled_in_utc: list[int]
    settled_anywhere: list[int]
    seconds: list[int]
    offsets: dict[int, tuple[int, int]]
    numbers: range


class Timetable:
    """The regular periods of one cycle, computed when first asked for.

    ``table`` is replaced as a whole, and edited only to fill in a period, so threads need no lock:
    at worst, two of them make the same one.
    """

    __slots__ = ("_bounds", "table")

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self.table: Table = _table(bounds.zone, {}, range(0))

    def period_holding(self, microseconds: int) -> BillingPeriod:
        """Return the regular period that holds an instant, given in microseconds since 1970 UTC.

        Raises:
            InvalidValue: the period is not within the years 1 to 9999.

        >>> from distbilling.periods import Monthly
        >>> Timetable(Monthly("Etc/UTC")).period_holding(-1)
        BillingPeriod.between('Etc/UTC', '1969-12-01', '1970-01-01')
        """
        second = microseconds // SECOND
        if second not in _KEPT_SECONDS:
            return self._computed(microseconds)
        table = self.table
        place = bisect.bisect_right(table.seconds, second)
        if not 0 < place < len(table.seconds):
            table = self.table = self._extended_to(second)
            place = bisect.bisect_right(table.seconds, second)
        period = table.periods[2 * place - 1]
        if period is None:
            period = self._period(table.seconds[place - 1], table.seconds[place])
            table.periods[2 * place - 1] = period
        return period

    def _extended_to(self, second: int) -> Table:
        table = self.table
        half_as_much = (table.seconds[-1] - table.seconds[0]) // 2 if table.seconds else 0
        first = self._bounds.bound_number(_utc_date(second - _SECONDS_BEFORE))
        last = self._bounds.bound_number(_utc_date(second + max(_SECONDS_AFTER, half_as_much))) + 1
        numbers = range(min([first, *table.numbers[:1]]), max([last, *table.numbers[-1:]]) + 1)
        fresh = (self._second(number) for number in numbers if number not in table.numbers)
        offsets = table.offsets | {
            second: offsets_around(self._bounds.zone, second) for second in fresh
        }
        return _table(self._bounds.zone, dict(sorted(offsets.items())), numbers)

    def _computed(self, microseconds: int) -> BillingPeriod:
        second = microseconds // SECOND
        try:
            number = self._bounds.bound_number(_utc_date(second + _MOST_DAYS_AHEAD * _DAY))
            end = self._second(number + 1)
            while (start := self._second(number)) > second:
                number, end = number - 1, start
        except (ValueError, OverflowError):
            asked = instant_at(microseconds, self._bounds.zone)
            accepted = "an instant whose billing period lies within the years 1 to 9999"
            raise InvalidValue("instant", asked, accepted) from None
        return self._period(start, end)

    def _second(self, number: int) -> int:
        return first_second(self._bounds.zone, self._bounds.bound(number))

    def _period(self, start: int, end: int) -> BillingPeriod:
        return period_between(self._bounds.zone, start * SECOND, end * SECOND)


@functools.lru_cache(maxsize=_KEPT_TIMETABLES)
def timetable_of(bounds: Bounds) -> Timetable:
    """Return the one timetable that equal cycles share while it is in use.

    >>> from distbilling.periods import Monthly
    >>> timetable_of(Monthly("Etc/UTC")) is timetable_of(Monthly("Etc/UTC"))
    True
    """
    return Timetable(bounds)


def _table(zone: str, offsets: dict[int, tuple[int, int]], numbers: range) -> Table:
    seconds = list(offsets)
    return Table(
        periods=[None] * max(1, 2 * len(seconds) - 1),
        home=rules_of(zone),
        settled_at_home=_settled(seconds, list(offsets.values())),
        settled_in_utc=_settled(seconds, [(0, 0)] * len(seconds)),
        settled_anywhere=_settled(seconds, [(-_DAY, _DAY)] * len(seconds)),
        seconds=seconds,
        offsets=offsets,
        numbers=numbers,
    )


def _settled(seconds: list[int], offsets: list[tuple[int, int]]) -> list[int]:
    """Return the first and the last date (exclusive) that are all in each period."""
    dates: list[int] = []
    for (start, end), ((_, most), (least, _)) in zip(
        pairwise(seconds), pairwise(offsets), strict=True
    ):
        first = _EPOCH_DAY - (-(start + most) // _DAY)
        dates += first, max(first, _EPOCH_DAY + (end + least) // _DAY)
    return dates


def _utc_date(second: int) -> dt.date:
    return dt.date.fromordinal(_EPOCH_DAY + second // _DAY)
