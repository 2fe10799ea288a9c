"""Every instant is read as the same microsecond of UTC, whatever its class and zone."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from importlib import resources
from typing import Any

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import InvalidType, InvalidValue
from distbilling.periods import (
    CYCLE_KINDS,
    FIRST_YEAR,
    LAST_YEAR,
    BillingPeriod,
    EveryDays,
    EveryMonths,
    EveryWeeks,
    MonthEnd,
    MonthlyAnniversary,
    utc_instant,
)

MICROSECOND = dt.timedelta(microseconds=1)
FIRST = dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC)
LAST = dt.datetime(LAST_YEAR + 1, 1, 1, tzinfo=dt.UTC) - MICROSECOND


class Answers(dt.tzinfo):
    """A zone of a host, which answers whatever it was told to answer."""

    def __init__(self, offset: Any) -> None:
        self.offset = offset

    def utcoffset(self, moment):
        if isinstance(self.offset, Exception):
            raise self.offset
        return self.offset

    dst = tzname = utcoffset


class Stamp(pendulum.DateTime):
    """A datetime class of a host."""


def nameless(zone: str) -> zoneinfo.ZoneInfo:
    with resources.files("tzdata").joinpath(f"zoneinfo/{zone}").open("rb") as rules:
        return zoneinfo.ZoneInfo.from_file(rules)


offsets = st.timedeltas(dt.timedelta(hours=-24) + MICROSECOND, dt.timedelta(hours=24) - MICROSECOND)
zones: st.SearchStrategy[Any] = st.one_of(
    st.timezones(),
    offsets.map(dt.timezone),
    offsets.map(Answers),
    st.just(nameless("America/New_York")),
    st.sampled_from(
        [pendulum.UTC, pendulum.timezone("Europe/Dublin"), pendulum.FixedTimezone(-7200)]
    ),
)
tellings = st.datetimes(
    dt.datetime(14, 1, 1),  # noqa: DTZ001 - as hypothesis asks
    dt.datetime(9986, 1, 1),  # noqa: DTZ001
    timezones=zones,
)


@given(tellings, st.sampled_from([dt.datetime, pendulum.DateTime, Stamp]))
def test_an_instant_is_the_clock_less_its_offset_to_the_microsecond(told, kind):
    told = kind(*told.timetuple()[:6], told.microsecond, tzinfo=told.tzinfo, fold=told.fold)
    offset = told.tzinfo.utcoffset(told)
    read = utc_instant(told)
    assert type(read) is pendulum.DateTime
    assert read.tzinfo is pendulum.UTC
    assert (read.replace(tzinfo=None) - dt.datetime.replace(told, tzinfo=None)) == -offset


@pytest.mark.parametrize(
    "zone", [zoneinfo.ZoneInfo("America/New_York"), nameless("America/New_York")]
)
@pytest.mark.parametrize("kind", [dt.datetime, pendulum.DateTime, Stamp])
def test_of_two_equal_clock_readings_the_fold_tells_which_is_meant(zone, kind):
    hours = [utc_instant(kind(2026, 11, 1, 1, 30, tzinfo=zone, fold=fold)).hour for fold in (0, 1)]
    assert hours == [5, 6]


def test_what_is_in_the_utc_of_pendulum_is_returned_as_it_is():
    instant = pendulum.datetime(2026, 3, 1, 12, 30)
    assert utc_instant(instant) is instant


@pytest.mark.parametrize(
    "told",
    [
        dt.datetime(2026, 3, 1),  # noqa: DTZ001 - this is what is refused
        pendulum.naive(2026, 3, 1),
        *(
            dt.datetime(2026, 3, 1, tzinfo=Answers(answer))
            for answer in (
                None,
                3600,
                "UTC",
                dt.timedelta(days=1),
                dt.timedelta(days=-1),
                RuntimeError("no"),
            )
        ),
    ],
)
def test_an_instant_without_an_offset_that_is_known_is_refused_by_the_name_of_its_field(told):
    with pytest.raises(InvalidValue) as refusal:
        utc_instant(told, "created")
    assert (refusal.value.field, refusal.value.value) == ("created", told)


@pytest.mark.parametrize(
    "told",
    [None, "2026-03-01", 1772323200, dt.date(2026, 3, 1), dt.time(12, tzinfo=dt.UTC), FIRST - LAST],
)
def test_what_is_no_datetime_is_refused_by_the_name_of_its_field(told):
    with pytest.raises(InvalidType) as refusal:
        utc_instant(told, "at")
    assert refusal.value.field == "at"
    with pytest.raises(InvalidType, match=r"^instant: "):
        utc_instant(told)


@pytest.mark.parametrize(
    "zone",
    [dt.UTC, pendulum.UTC, Answers(dt.timedelta(hours=23)), Answers(dt.timedelta(hours=-23))],
)
def test_the_years_are_those_of_utc_wherever_the_instant_is_told(zone):
    for edge, beyond in ((FIRST, FIRST - MICROSECOND), (LAST, LAST + MICROSECOND)):
        assert utc_instant(told_in(zone, edge)).isoformat() == edge.isoformat()
        with pytest.raises(InvalidValue, match="within the years 13 to 9987, in UTC"):
            utc_instant(told_in(zone, beyond))


@pytest.mark.parametrize("hours", [-23, 0, 23])
def test_the_ends_of_the_calendar_are_refused_and_overflow_nothing(hours):
    zone = dt.timezone(dt.timedelta(hours=hours))
    for clock in (dt.datetime.min.replace(tzinfo=zone), dt.datetime.max.replace(tzinfo=zone)):
        with pytest.raises(InvalidValue, match="within the years"):
            utc_instant(clock)


def told_in(zone: dt.tzinfo, instant: dt.datetime) -> dt.datetime:
    offset = zone.utcoffset(instant)
    assert offset is not None
    clock = (instant + offset).replace(tzinfo=zone)
    return pendulum.instance(clock) if zone is pendulum.UTC else clock


@pytest.mark.parametrize(
    "zone", ["Etc/UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Manila"]
)
@pytest.mark.parametrize("instant", [FIRST, LAST])
def test_every_instant_of_these_years_is_in_a_period_of_every_kind(zone, instant):
    firsts = [dt.date(2000 + year, 1, 31) for year in range(10)] + [
        dt.date(2, 1, 1),
        dt.date(9998, 12, 31),
    ]
    made = [
        *(kind.from_fields(zone, n=1, first=firsts[0], day=1) for kind in CYCLE_KINDS),
        *(MonthlyAnniversary(zone, 31, policy) for policy in MonthEnd),
        *(
            EveryDays(zone, 3660, first + dt.timedelta(days=shift))
            for first in firsts[:-1]
            for shift in range(0, 3660, 365)
        ),
        *(EveryWeeks(zone, 520, first) for first in firsts),
        *(EveryMonths(zone, 120, first, policy) for first in firsts for policy in MonthEnd),
    ]
    for cycle in made:
        period = cycle.period_at(utc_instant(instant))
        assert instant in period
        assert BillingPeriod(period.start, period.end) == period
