"""The base of all billing cycles, which makes periods of the dates on which they start."""

from __future__ import annotations

import abc
import datetime as dt
import zoneinfo
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, Final, Self, cast

import pendulum

from distbilling.errors import InvalidType, InvalidValue
from distbilling.periods.instant import microseconds_of, moment_microseconds
from distbilling.periods.period import BillingPeriod, period_between
from distbilling.periods.timetable import Timetable, timetable_of

__all__ = ["Cycle"]

_date_ordinal: Final = dt.date.toordinal
_UTC: Final = pendulum.UTC
_ALWAYS_AWARE: Final = frozenset({dt.timezone, zoneinfo.ZoneInfo, pendulum.Timezone})


class Cycle(abc.ABC):
    """A rule that divides all time into billing periods, in one zone.

    Each period runs from the first instant of a bound's local date to that of the next, so that
    every instant is in exactly one. A bound on a date that the zone skipped falls together with the
    next date that exists. Instants may be aware datetimes of any class and zone.

    Source: rulebook R33, R37.

    >>> from distbilling.periods import Monthly
    >>> Monthly("America/New_York").period_at(dt.datetime(2026, 3, 1, 4, 59, tzinfo=dt.UTC))
    BillingPeriod.between('America/New_York', '2026-02-01', '2026-03-01')
    """

    __slots__ = ("__weakref__", "_timetable")

    zone: str
    _timetable: Timetable
    __attrs_attrs__: ClassVar[tuple[Any, ...]]

    @classmethod
    def from_fields(cls, zone: str, **values: object) -> Self:
        """Return a cycle of this kind from those of the values that it has fields for.

        Source: rulebook R32.

        >>> from distbilling.periods import CYCLE_KINDS
        >>> [kind.from_fields("Etc/UTC", n=2, first_month=4) for kind in CYCLE_KINDS[-2:]]
        [Quarterly(zone='Etc/UTC', first_month=4), Yearly(zone='Etc/UTC', first_month=4)]
        """
        make = cast(Callable[..., Self], cls)  # each kind has fields of its own
        names = {field.name for field in cls.__attrs_attrs__}
        return make(zone=zone, **{name: values[name] for name in names & values.keys()})

    @abc.abstractmethod
    def bound(self, number: int, /) -> dt.date:
        """Return the start date of the period of this number; later numbers have later dates."""

    @abc.abstractmethod
    def bound_number(self, day: dt.date, /) -> int:
        """Return the number of the last bound on or before a date."""

    def period_at(self, instant: dt.datetime) -> BillingPeriod:
        """Return the regular period that holds an instant.

        Raises:
            InvalidValue: the instant is naive, or its period is not within the years 1 to 9999.
            InvalidType: the instant is not a datetime.

        Source: rulebook R37.
        """
        table = self._timetable.table
        settled: Sequence[int] = ()
        try:
            zone = instant.tzinfo
            if zone is _UTC:
                settled = table.settled_in_utc
            elif zone is table.home:
                settled = table.settled_at_home
            elif type(zone) in _ALWAYS_AWARE:
                settled = table.settled_anywhere
            period = table.periods[bisect_right(settled, _date_ordinal(instant))]
        except (AttributeError, TypeError):
            period = None
        return period or self._timetable.period_holding(microseconds_of(instant, "instant"))

    def first_period(self, created: dt.datetime) -> BillingPeriod:
        """Return the period from an instant of creation to the next regular bound.

        It is a whole one where creation is a bound.

        Raises:
            InvalidValue: the instant is naive, or its period is not within the years 1 to 9999.
            InvalidType: the instant is not a datetime.

        Source: rulebook R34.

        >>> from distbilling.periods import Monthly
        >>> Monthly("Etc/UTC").first_period(dt.datetime(2026, 3, 15, 9, 30, tzinfo=dt.UTC))
        BillingPeriod.between('Etc/UTC', '2026-03-15T09:30:00+00:00', '2026-04-01')
        """
        return self._first_from(microseconds_of(created, "created"))

    def periods(self, start: dt.date, until: dt.date) -> Iterator[BillingPeriod]:
        """Yield contiguous periods from ``start``, all that start before ``until``.

        The last one is whole. The first one starts at ``start`` even between two bounds, as
        :meth:`first_period` does. A moment is an aware datetime, or a date: its first instant in
        the billing zone. Nothing is yielded if ``until`` is not after ``start``.

        Raises:
            InvalidValue: a moment is naive, or a period is not within the years 1 to 9999.
            InvalidType: a moment is neither a datetime nor a date.

        Source: rulebook R34, R37.

        >>> from distbilling.periods import Monthly
        >>> [str(p) for p in Monthly("Etc/UTC").periods(dt.date(2026, 1, 20), dt.date(2026, 3, 1))]
        ['2026-01-20/2026-01-31 Etc/UTC', '2026-02-01/2026-02-28 Etc/UTC']
        """
        begin = moment_microseconds(self.zone, start, "start")
        return self._walk(begin, moment_microseconds(self.zone, until, "until"))

    def next(self, period: BillingPeriod) -> BillingPeriod:
        """Return the regular period that starts where this one ends.

        Raises:
            InvalidValue: the period does not end at a bound of this cycle.
            InvalidType: it is not a billing period.

        >>> from distbilling.periods import Monthly
        >>> monthly = Monthly("Etc/UTC")
        >>> str(monthly.next(monthly.first_period(dt.datetime(2026, 3, 15, tzinfo=dt.UTC))))
        '2026-04-01/2026-04-30 Etc/UTC'
        """
        end = _of_a_period(period).end_microseconds
        following = self._timetable.period_holding(end)
        if following.start_microseconds != end:
            raise InvalidValue("period", period, "a period that ends at a bound of this cycle")
        return following

    def previous(self, period: BillingPeriod) -> BillingPeriod:
        """Return the regular period that ends where this one starts.

        Raises:
            InvalidValue: the period does not start at a bound of this cycle (as a clipped first
                period does not).
            InvalidType: it is not a billing period.

        >>> from distbilling.periods import Monthly
        >>> monthly = Monthly("Etc/UTC")
        >>> str(monthly.previous(monthly.period_at(dt.datetime(2026, 3, 15, tzinfo=dt.UTC))))
        '2026-02-01/2026-02-28 Etc/UTC'
        """
        start = _of_a_period(period).start_microseconds
        preceding = self._timetable.period_holding(start - 1)
        if preceding.end_microseconds != start:
            raise InvalidValue("period", period, "a period that starts at a bound of this cycle")
        return preceding

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_timetable", timetable_of(self))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), tuple(getattr(self, field.name) for field in self.__attrs_attrs__)

    def _first_from(self, microseconds: int) -> BillingPeriod:
        regular = self._timetable.period_holding(microseconds)
        if regular.start_microseconds == microseconds:
            return regular
        return period_between(self.zone, microseconds, regular.end_microseconds)

    def _walk(self, start: int, until: int) -> Iterator[BillingPeriod]:
        while start < until:
            period = self._first_from(start)
            yield period
            start = period.end_microseconds


def _of_a_period(period: object) -> BillingPeriod:
    if not isinstance(period, BillingPeriod):
        raise InvalidType("period", period, "a BillingPeriod")
    return period
