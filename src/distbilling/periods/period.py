"""A billing period: one half-open stretch of time, on the calendar of its zone."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from fractions import Fraction

import attrs
import pendulum

from distbilling.errors import InvalidValue
from distbilling.periods.instant import (
    SECOND,
    first_second,
    instant_at,
    microseconds_of,
    moment_microseconds,
)
from distbilling.periods.zone import iana_zone

__all__ = ["BillingPeriod"]


@functools.total_ordering
@attrs.frozen(init=False, eq=False, repr=False)
class BillingPeriod:
    """A stretch of time in one billing zone, from ``start`` (inclusive) to ``end`` (exclusive).

    Both ends are aware, in one IANA zone. Two periods are equal if they are the same stretch in the
    same zone; they sort by start, then end. ``start_microseconds`` and ``end_microseconds`` count
    from 1970 UTC, for stores and columns.

    Raises:
        InvalidValue: an end is naive or in no IANA zone, the zones differ, or ``end`` is not after
            ``start``.
        InvalidType: an end is not a datetime.

    Source: rulebook R33.

    >>> march = BillingPeriod.between("America/New_York", "2026-03-01", "2026-04-01")
    >>> march.start.isoformat(), march.end.isoformat()
    ('2026-03-01T00:00:00-05:00', '2026-04-01T00:00:00-04:00')
    >>> march.end in march
    False
    """

    start: pendulum.DateTime
    end: pendulum.DateTime
    zone: str = attrs.field(init=False)
    start_microseconds: int = attrs.field(init=False)
    end_microseconds: int = attrs.field(init=False)

    def __init__(self, start: dt.datetime, end: dt.datetime) -> None:
        first, last = microseconds_of(start, "start"), microseconds_of(end, "end")
        zone = _zone_of(start, "start")
        if _zone_of(end, "end") != zone:
            raise InvalidValue("end", end, f"an instant in the zone of the start, {zone}")
        if last <= first:
            raise InvalidValue("end", end, "an instant after the start")
        _fill(self, zone, first, last)

    @classmethod
    def between(cls, zone: str, start: dt.date | str, end: dt.date | str) -> BillingPeriod:
        """Return the period between two moments, seen in a zone.

        A moment is an aware datetime, a date (its first instant in the zone), or the ISO 8601 text
        of either, just as ``isoformat()`` writes it.

        Raises:
            InvalidValue: the zone is not an IANA name, a moment is naive or not such a text, or
                ``end`` is not after ``start``.
            InvalidType: the zone is not text, or a moment is none of these.

        >>> BillingPeriod.between("America/New_York", "2026-03-15T09:30:00-04:00", "2026-04-01")
        BillingPeriod.between('America/New_York', '2026-03-15T09:30:00-04:00', '2026-04-01')
        """
        name = iana_zone(zone)
        first, last = _moment(name, start, "start"), _moment(name, end, "end")
        if last <= first:
            raise InvalidValue("end", end, "a moment after the start")
        return period_between(name, first, last)

    @property
    def first_day(self) -> dt.date:
        """The local date of the start.

        >>> BillingPeriod.between("America/New_York", "2026-03-01", "2026-04-01").first_day
        datetime.date(2026, 3, 1)
        """
        return dt.date(self.start.year, self.start.month, self.start.day)

    @property
    def last_day(self) -> dt.date:
        """The local date of the last instant before the end.

        >>> BillingPeriod.between("America/New_York", "2026-03-01", "2026-04-01").last_day
        datetime.date(2026, 3, 31)
        """
        last = instant_at(self.end_microseconds - 1, self.zone)
        return dt.date(last.year, last.month, last.day)

    @property
    def days(self) -> int:
        """How many local days the period touches; a date that the zone skipped is not one.

        >>> BillingPeriod.between("America/New_York", "2026-03-01", "2026-04-01").days
        31
        >>> BillingPeriod.between("Pacific/Apia", "2011-12-01", "2012-01-01").days
        30
        """
        return self._days_from(self.start_microseconds)

    @property
    def duration(self) -> dt.timedelta:
        """The time that really passes, hours gained or lost by the clocks included.

        >>> BillingPeriod.between("America/New_York", "2026-03-08", "2026-03-09").duration
        datetime.timedelta(seconds=82800)
        """
        return dt.timedelta(microseconds=self.end_microseconds - self.start_microseconds)

    def contains(self, instant: dt.datetime) -> bool:
        """Say whether an instant is in the period: at its start or later, before its end.

        ``instant in period`` asks the same.

        Raises:
            InvalidValue: the instant is naive.
            InvalidType: the instant is not a datetime.

        >>> march = BillingPeriod.between("America/New_York", "2026-03-01", "2026-04-01")
        >>> march.contains(dt.datetime(2026, 4, 1, 3, 59, tzinfo=dt.UTC))
        True
        """
        return (
            self.start_microseconds <= microseconds_of(instant, "instant") < self.end_microseconds
        )

    def days_left(self, instant: dt.datetime) -> int:
        """Return how many local days are left, the running one included.

        That is ``days`` at the start, 1 on the last day, 0 at the end.

        Raises:
            InvalidValue: the instant is naive, before the start or after the end.
            InvalidType: the instant is not a datetime.

        >>> march = BillingPeriod.between("America/New_York", "2026-03-01", "2026-04-01")
        >>> march.days_left(pendulum.datetime(2026, 3, 31, 23, tz="America/New_York"))
        1
        """
        return self._days_from(self._reached(instant))

    def progress(self, instant: dt.datetime) -> Fraction:
        """Return the share of the period's time that has passed: 0 at the start, 1 at the end.

        Raises:
            InvalidValue: the instant is naive, before the start or after the end.
            InvalidType: the instant is not a datetime.

        >>> april = BillingPeriod.between("America/New_York", "2026-04-01", "2026-05-01")
        >>> april.progress(pendulum.datetime(2026, 4, 11, tz="America/New_York"))
        Fraction(1, 3)
        """
        passed = self._reached(instant) - self.start_microseconds
        return Fraction(passed, self.end_microseconds - self.start_microseconds)

    def __contains__(self, instant: dt.datetime) -> bool:
        return self.contains(instant)

    def __eq__(self, other: object) -> bool:
        return (
            self._identity == other._identity
            if isinstance(other, BillingPeriod)
            else NotImplemented
        )

    def __lt__(self, other: object) -> bool:
        return (
            self._identity < other._identity if isinstance(other, BillingPeriod) else NotImplemented
        )

    def __hash__(self) -> int:
        return hash(self._identity)

    def __reduce__(self) -> tuple[object, ...]:
        return period_between, (self.zone, self.start_microseconds, self.end_microseconds)

    def __repr__(self) -> str:
        start = _shortest(self.start, self.zone, self.start_microseconds)
        end = _shortest(self.end, self.zone, self.end_microseconds)
        return f"BillingPeriod.between({self.zone!r}, {start!r}, {end!r})"

    def __str__(self) -> str:
        """Return the local dates, first and last, as an ISO 8601 interval, and the zone."""
        return f"{self.first_day.isoformat()}/{self.last_day.isoformat()} {self.zone}"

    def _repr_html_(self) -> str:
        start, end = self.start.isoformat(" "), self.end.isoformat(" ")
        return (
            f"<table><caption>Billing period, {self.zone}</caption>"
            f"<tr><th>from</th><td>{start}</td></tr>"
            f"<tr><th>until</th><td>{end} (exclusive)</td></tr>"
            f"<tr><th>days</th><td>{self.days}</td></tr></table>"
        )

    @property
    def _identity(self) -> tuple[int, int, str]:
        return self.start_microseconds, self.end_microseconds, self.zone

    def _reached(self, instant: dt.datetime) -> int:
        reached = microseconds_of(instant, "instant")
        if not self.start_microseconds <= reached <= self.end_microseconds:
            accepted = f"an instant from {self.start.isoformat()} to {self.end.isoformat()}"
            raise InvalidValue("instant", instant, accepted)
        return reached

    def _days_from(self, microseconds: int) -> int:
        first_day = dt.date.toordinal(instant_at(microseconds, self.zone)) - 1
        last_day = dt.date.toordinal(self.end) + 1
        days = map(dt.date.fromordinal, range(first_day, last_day + 1))
        begin = {first_second(self.zone, day) * SECOND for day in days}
        begin_later = sum(microseconds < start < self.end_microseconds for start in begin)
        return begin_later + (microseconds < self.end_microseconds)


def period_between(zone: str, start_microseconds: int, end_microseconds: int) -> BillingPeriod:
    """Return the period between two counts of microseconds since 1970 UTC, seen in a checked zone.

    >>> period_between("Etc/UTC", 0, 86_400 * SECOND)
    BillingPeriod.between('Etc/UTC', '1970-01-01', '1970-01-02')
    """
    period = BillingPeriod.__new__(BillingPeriod)
    _fill(period, zone, start_microseconds, end_microseconds)
    return period


def _fill(period: BillingPeriod, zone: str, start: int, end: int) -> None:
    keep = functools.partial(object.__setattr__, period)
    keep("start", instant_at(start, zone))
    keep("end", instant_at(end, zone))
    keep("zone", zone)
    keep("start_microseconds", start)
    keep("end_microseconds", end)


def _zone_of(instant: dt.datetime, field: str) -> str:
    zone = instant.tzinfo
    name: object = zone.key if isinstance(zone, zoneinfo.ZoneInfo) else None
    if not isinstance(name, str):
        accepted = (
            "a datetime whose zone has a name of the IANA list, "
            "like pendulum.timezone('Europe/Paris')"
        )
        raise InvalidValue(field, instant, accepted)
    return iana_zone(name, field)


def _moment(zone: str, moment: dt.date | str, field: str) -> int:
    return moment_microseconds(
        zone, _parsed(moment, field) if isinstance(moment, str) else moment, field
    )


def _parsed(text: str, field: str) -> dt.date:
    for kind in (dt.date, dt.datetime):
        try:
            moment = kind.fromisoformat(text)
        except ValueError:
            continue
        if moment.isoformat() == text:
            return moment
    raise InvalidValue(field, text, "an ISO 8601 date, or a date and time with its offset from UTC")


def _shortest(instant: pendulum.DateTime, zone: str, microseconds: int) -> str:
    day = dt.date(instant.year, instant.month, instant.day)
    return (
        day.isoformat() if first_second(zone, day) * SECOND == microseconds else instant.isoformat()
    )
