"""Worked examples of periods and of changes of the cycle."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import attrs
from pendulum import DateTime

from distbilling.periods import (
    BillingPeriod,
    BridgedChange,
    Cycle,
    Daily,
    change_cycle,
    first_instant,
)
from distbilling.rules import fields
from distbilling.testing.worked_examples.story import AnyStory, Story


@attrs.frozen
class _At:
    period_at: DateTime
    cycle: Cycle


@attrs.frozen
class _First:
    first_period_of: DateTime
    cycle: Cycle


@attrs.frozen
class _Period:
    start: DateTime | None = None
    end: DateTime | None = None
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    days: int | None = None
    hours: int | None = None


@attrs.frozen
class _Between:
    periods_from: dt.date
    until: dt.date
    cycle: Cycle


@attrs.frozen
class _Periods:
    first_days: tuple[dt.date, ...] | None = None
    last_days: tuple[dt.date, ...] | None = None
    starts: tuple[DateTime, ...] | None = None
    contiguous: bool | None = None


@attrs.frozen
class _Change:
    change_at: DateTime
    cycle: Cycle
    to: Cycle


@attrs.frozen
class _Changed:
    first_days: tuple[dt.date, ...] | None = None
    starts: tuple[DateTime, ...] | None = None
    contiguous: bool | None = None
    bridged: bool | None = None


@attrs.frozen
class _Day:
    day_of: DateTime
    zone: str


@attrs.frozen
class _Date:
    day: dt.date | None = None


@attrs.frozen
class _Start:
    start_of: dt.date
    zone: str


@attrs.frozen
class _Instant:
    instant: DateTime | None = None


def _at(when: _At) -> _Period:
    return _figures(when.cycle.period_at(when.period_at))


def _first(when: _First) -> _Period:
    return _figures(when.cycle.first_period(when.first_period_of))


def _between(when: _Between) -> _Periods:
    return _series(tuple(when.cycle.periods(when.periods_from, when.until)))


def _change(when: _Change) -> _Changed:
    change = change_cycle(when.cycle, when.to, when.change_at)
    series = _series(change.periods)
    return _Changed(
        series.first_days, series.starts, series.contiguous, isinstance(change, BridgedChange)
    )


def _day(when: _Day) -> _Date:
    return _Date(Daily(when.zone).period_at(when.day_of).first_day)


def _start(when: _Start) -> _Instant:
    return _Instant(fields.at(first_instant(when.zone, when.start_of)))


def _figures(period: BillingPeriod) -> _Period:
    hours = period.duration // dt.timedelta(hours=1)
    return _Period(
        fields.at(period.start),
        fields.at(period.end),
        period.first_day,
        period.last_day,
        period.days,
        hours,
    )


def _series(periods: tuple[BillingPeriod, ...]) -> _Periods:
    return _Periods(
        first_days=tuple(period.first_day for period in periods),
        last_days=tuple(period.last_day for period in periods),
        starts=tuple(fields.at(period.start) for period in periods),
        contiguous=all(earlier.end == later.start for earlier, later in pairwise(periods)),
    )


STORIES: dict[str, AnyStory] = {
    "period_at": Story(_At, _Period, _at),
    "first_period_of": Story(_First, _Period, _first),
    "periods_from": Story(_Between, _Periods, _between),
    "change_at": Story(_Change, _Changed, _change),
    "day_of": Story(_Day, _Date, _day),
    "start_of": Story(_Start, _Instant, _start),
}
"""The stories about periods, each by the key of ``when`` that asks for it."""
