"""Instants as whole microseconds since 1970 UTC, and back, without loss.

The microsecond count is the identity of an instant here: pendulum's own equality, copies and
pickles ignore ``fold``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final, cast

import pendulum

from distbilling.errors import InvalidType, InvalidValue
from distbilling.periods.zone import iana_zone, rules_of

__all__ = ["FIRST_YEAR", "LAST_YEAR", "first_instant", "utc_instant"]

FIRST_YEAR: Final = 13
"""The first year, in UTC, all of which is in periods of every kind; the longest have ten years."""
LAST_YEAR: Final = 9987
"""The last year, in UTC, whose every instant is in a billing period of every kind."""
SECOND: Final = 1_000_000
"""Microseconds in a second."""

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_PENDULUM_EPOCH: Final = pendulum.DateTime(1970, 1, 1, tzinfo=pendulum.UTC)
_NO_OFFSET: Final = dt.timedelta(0)
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_DAY_SECONDS: Final = 86_400
_elapsed: Final = dt.datetime.__sub__  # pendulum's own gives an Interval, slowly
_later: Final = cast(
    Callable[[pendulum.DateTime, dt.timedelta], pendulum.DateTime], dt.datetime.__add__
)
_UTC: Final = pendulum.UTC
_FIRST_INSTANT: Final = dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC) - _EPOCH
_AFTER_LAST_INSTANT: Final = dt.datetime(LAST_YEAR + 1, 1, 1, tzinfo=dt.UTC) - _EPOCH
_YEARS: Final = range(2, 9999)
_FIRST_END: Final = dt.datetime(_YEARS[0], 1, 1, tzinfo=dt.UTC) - _EPOCH
_AFTER_LAST_END: Final = dt.datetime(_YEARS[-1] + 1, 1, 1, tzinfo=dt.UTC) - _EPOCH
_ACCEPTED_YEARS: Final = "within the years 2 to 9998"


def utc_instant(value: dt.datetime, field: str = "instant") -> pendulum.DateTime:
    """Return the same instant in UTC, to the microsecond, whatever its class and zone.

    Of two equal clock readings, ``fold`` says which one is meant. Every instant accepted is in a
    billing period of every kind, in every zone. What is in ``pendulum.UTC`` already is returned as
    it is.

    Raises:
        InvalidValue: the datetime is naive, its zone does not know its offset, or it is outside the
            years 13 to 9987 in UTC.
        InvalidType: the value is not a datetime.

    Source: rulebook R33, R49.

    >>> two_hours_ahead = dt.timezone(dt.timedelta(hours=2))
    >>> utc_instant(dt.datetime(2026, 3, 1, 1, tzinfo=two_hours_ahead)).isoformat()
    '2026-02-28T23:00:00+00:00'
    >>> utc_instant(dt.datetime(2026, 3, 1), "at")
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: at: datetime.datetime(2026, 3, 1, 0, 0) is not...
    """
    if (
        type(value) is pendulum.DateTime
        and value.tzinfo is _UTC
        and FIRST_YEAR <= value.year <= LAST_YEAR
    ):
        return value
    elapsed = _since_epoch(value, field)
    if not _FIRST_INSTANT <= elapsed < _AFTER_LAST_INSTANT:
        raise InvalidValue(
            field, value, f"an instant within the years {FIRST_YEAR} to {LAST_YEAR}, in UTC"
        )
    return _later(_PENDULUM_EPOCH, elapsed)


def first_instant(zone: str, day: dt.date) -> pendulum.DateTime:
    """Return the first instant at which the zone's calendar shows this date or a later one.

    Midnight, as a rule. Where the zone's clocks skip midnight, the first instant that exists; where
    midnight occurs twice, the first; for a date that the zone skipped altogether, the first instant
    of the next one.

    Raises:
        InvalidValue: the zone is not an IANA name, or the date is outside the years 2 to 9998.
        InvalidType: the zone is not text, or the day is not a plain date.

    Source: rulebook R33.

    >>> first_instant("America/Sao_Paulo", dt.date(2018, 11, 4)).isoformat()
    '2018-11-04T01:00:00-02:00'
    >>> first_instant("Pacific/Apia", dt.date(2011, 12, 30)).isoformat()
    '2011-12-31T00:00:00+14:00'
    """
    name = iana_zone(zone)
    return instant_at(first_second(name, local_day(day, "day")) * SECOND, name)


def first_second(zone: str, day: dt.date) -> int:
    """Return :func:`first_instant` of a checked zone and date in whole seconds since 1970 UTC.

    >>> first_second("America/New_York", dt.date(2026, 3, 1))
    1772341200
    """
    rules = rules_of(zone)
    midnight = dt.datetime(day.year, day.month, day.day, tzinfo=rules)
    offset, offset_after = _offset_seconds(midnight), _offset_seconds(midnight.replace(fold=1))
    midnight_clock = (day.toordinal() - _EPOCH.toordinal()) * _DAY_SECONDS
    if offset >= offset_after:
        return midnight_clock - offset
    creation_refusal, second = midnight_clock - offset_after, midnight_clock - offset
    while second - creation_refusal > 1:
        middle = (creation_refusal + second) // 2
        if dt.datetime.fromtimestamp(middle, rules).date() < day:
            creation_refusal = middle
        else:
            second = middle
    return second


def offsets_around(zone: str, second: int) -> tuple[int, int]:
    """Return the least and the greatest offset of a checked zone around an instant, in seconds.

    Around is from two days before to two days after.

    No zone has changed its offset twice in two days.

    >>> [offsets_around("America/New_York", second) for second in (1772341200, 1793505600)]
    [(-18000, -18000), (-18000, -14400)]
    """
    rules = rules_of(zone)
    nearby = (second - 2 * _DAY_SECONDS, second, second + 2 * _DAY_SECONDS)
    offsets = [_offset_seconds(dt.datetime.fromtimestamp(moment, rules)) for moment in nearby]
    return min(offsets), max(offsets)


def instant_at(microseconds: int, zone: str) -> pendulum.DateTime:
    """Return the instant as the zone's clocks show it; ``fold`` tells equal readings apart.

    >>> readings = (1793509200, 1793512800)
    >>> [instant_at(second * SECOND, "America/New_York").fold for second in readings]
    [0, 1]
    """
    local = (_EPOCH + microseconds * _MICROSECOND).astimezone(rules_of(zone))
    return pendulum.DateTime(
        local.year,
        local.month,
        local.day,
        local.hour,
        local.minute,
        local.second,
        local.microsecond,
        tzinfo=local.tzinfo,
        fold=local.fold,
    )


def microseconds_of(instant: dt.datetime, field: str) -> int:
    """Return an aware datetime, of whatever class and zone, as microseconds since 1970 UTC.

    Raises:
        InvalidValue: the datetime is naive, or outside the years 2 to 9998 in UTC.
        InvalidType: the instant is not a datetime.

    >>> microseconds_of(dt.datetime(1970, 1, 1, 1, tzinfo=dt.UTC), "instant")
    3600000000
    >>> microseconds_of(dt.datetime(2026, 3, 1), "instant")
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: instant: datetime.datetime(2026, 3, 1, 0, 0) is not...
    """
    elapsed = _since_epoch(instant, field)
    if not _FIRST_END <= elapsed < _AFTER_LAST_END:
        raise InvalidValue(field, instant, f"a datetime {_ACCEPTED_YEARS}, in UTC")
    return elapsed // _MICROSECOND


def local_day(day: dt.date, field: str) -> dt.date:
    """Return a calendar date as a plain one.

    Raises:
        InvalidValue: the date is outside the years 2 to 9998.
        InvalidType: the day is not a date, or has a time of day.

    >>> local_day(pendulum.Date(2026, 3, 1), "day")
    datetime.date(2026, 3, 1)
    """
    plain = _plain_date(day)
    if plain is None:
        raise InvalidType(field, day, "a date without a time of day")
    if plain.year not in _YEARS:
        raise InvalidValue(field, day, f"a date {_ACCEPTED_YEARS}")
    return plain


def moment_microseconds(zone: str, moment: dt.date, field: str) -> int:
    """Return an instant, or the first one of a date in a checked zone, as microseconds.

    Raises:
        InvalidValue: the datetime is naive, or the moment is outside the years 2 to 9998.
        InvalidType: the moment is neither a datetime nor a date.

    >>> moment_microseconds("America/New_York", dt.date(2026, 3, 1), "start")
    1772341200000000
    """
    day = _plain_date(moment)
    if day is not None:
        return first_second(zone, local_day(day, field)) * SECOND
    if isinstance(moment, dt.datetime):
        return microseconds_of(moment, field)
    raise InvalidType(field, moment, "an aware datetime or a date")


def _since_epoch(instant: dt.datetime, field: str) -> dt.timedelta:
    try:
        return _elapsed(instant, _EPOCH)
    except Exception as failure:
        raise _not_an_instant(instant, field) from failure


def _plain_date(day: object) -> dt.date | None:
    if isinstance(day, dt.date) and not isinstance(day, dt.datetime):
        return dt.date(day.year, day.month, day.day)
    return None


def _not_an_instant(instant: object, field: str) -> InvalidType | InvalidValue:
    if not isinstance(instant, dt.datetime):
        return InvalidType(field, instant, "an aware datetime")
    if instant.tzinfo is None:
        return InvalidValue(field, instant, "one with a time zone")
    return InvalidValue(field, instant, "an aware datetime whose time zone knows its offset")


def _offset_seconds(clock: dt.datetime) -> int:
    offset = clock.utcoffset() or _NO_OFFSET
    return offset.days * _DAY_SECONDS + offset.seconds
