"""Bad input gets one clear error and nothing else."""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import inspect
from decimal import Decimal
from typing import Any

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import periods
from distbilling.errors import InvalidType, InvalidValue
from distbilling.periods import (
    CYCLE_KINDS,
    BillingPeriod,
    Daily,
    EveryMonths,
    MonthEnd,
    Monthly,
    Weekday,
)

UTC = "Etc/UTC"
DAY = dt.date(2026, 1, 31)


class NoOffset(dt.tzinfo):
    """A zone that does not know its offset."""

    def utcoffset(self, moment):
        return None

    dst = tzname = utcoffset


class Broken(dt.tzinfo):
    """A zone that fails."""

    def utcoffset(self, moment):
        return 1 // 0

    dst = tzname = utcoffset


class Boastful(int):
    """A number that says it fits everywhere."""

    __slots__ = ()

    def __le__(self, other):
        return True

    __lt__ = __ge__ = __gt__ = __le__


Day = enum.IntEnum("Day", {"FIRST": 1})

ODD_ZONES: list[Any] = [NoOffset(), Broken(), dt.timezone(dt.timedelta(hours=23, minutes=59))]
NAMES = {name: getattr(periods, name) for name in periods.__all__} | {
    "dt": dt,
    "pendulum": pendulum,
    "Decimal": Decimal,
    "NoOffset": NoOffset,
    "Broken": Broken,
    "Boastful": Boastful,
    "Day": Day,
    "UTC": UTC,
    "DAY": DAY,
}


@pytest.mark.parametrize(
    ("field", "call"),
    [
        ("day", "MonthlyAnniversary(UTC, 0)"),
        ("day", "MonthlyAnniversary(UTC, 32)"),
        ("n", "EveryDays(UTC, 0, first=DAY)"),
        ("n", "EveryDays(UTC, 3661, first=DAY)"),
        ("n", "EveryWeeks(UTC, 521, first=DAY)"),
        ("n", "EveryMonths(UTC, 121, first=DAY)"),
        ("n", "EveryMonths(UTC, -1, first=DAY)"),
        ("first", "EveryDays(UTC, 30, first=dt.date(1, 1, 1))"),
        ("first_month", "Quarterly(UTC, 0)"),
        ("first_month", "Yearly(UTC, 13)"),
        ("day", "first_instant(UTC, dt.date(9999, 1, 1))"),
        ("instant", "Monthly(UTC).period_at(dt.datetime(2026, 1, 1))"),
        ("instant", "Monthly(UTC).period_at(pendulum.naive(2026, 1, 1))"),
        ("instant", "Monthly(UTC).period_at(dt.datetime(2026, 1, 15, tzinfo=NoOffset()))"),
        ("instant", "Monthly(UTC).period_at(dt.datetime(2026, 1, 15, tzinfo=Broken()))"),
        ("instant", "Monthly(UTC).period_at(dt.datetime(1, 1, 1))"),
        ("created", "Monthly(UTC).first_period(dt.datetime(2026, 1, 1))"),
        ("start", "Monthly(UTC).periods(dt.datetime(2026, 1, 1), DAY)"),
        ("start", "Monthly(UTC).periods(dt.date(1, 1, 1), DAY)"),
    ],
)
def test_a_value_that_is_not_accepted_is_told_by_its_field(field, call):
    with pytest.raises(InvalidValue) as refusal:
        eval(call, NAMES)  # noqa: S307 - our own, as text so that a failure shows it
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("field", "call"),
    [
        ("day", "MonthlyAnniversary(UTC, True)"),
        ("day", "MonthlyAnniversary(UTC, 30.0)"),
        ("day", "MonthlyAnniversary(UTC, Boastful(77))"),
        ("day", "MonthlyAnniversary(UTC, Day.FIRST)"),
        ("n", "EveryDays(UTC, Boastful(0), first=DAY)"),
        ("n", "EveryWeeks(UTC, Day.FIRST, first=DAY)"),
        ("n", "EveryMonths(UTC, True, first=DAY)"),
        ("first_month", "Quarterly(UTC, Boastful(1))"),
        ("first_month", "Yearly(UTC, Day.FIRST)"),
        ("n", 'EveryDays(UTC, "30", first=DAY)'),
        ("n", "EveryWeeks(UTC, Decimal(2), first=DAY)"),
        ("n", "EveryMonths(UTC, None, first=DAY)"),
        ("first", 'EveryDays(UTC, 30, first="2026-01-31")'),
        ("first", "EveryWeeks(UTC, 30, first=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))"),
        ("first", "EveryMonths(UTC, 30, first=pendulum.datetime(2026, 1, 1))"),
        ("month_end", 'EveryMonths(UTC, 1, first=DAY, month_end="clamp")'),
        ("month_end", "MonthlyAnniversary(UTC, 30, Weekday.MONDAY)"),
        ("first_day", "Weekly(UTC, 0)"),
        ("first_day", "Weekly(UTC, pendulum.WeekDay.MONDAY)"),
        ("first_month", 'Quarterly(UTC, "January")'),
        ("day", 'first_instant(UTC, "2026-01-01")'),
        ("instant", 'Monthly(UTC).period_at("2026-01-01")'),
        ("instant", "Monthly(UTC).period_at(DAY)"),
        ("instant", "Monthly(UTC).period_at(dt.time(12, tzinfo=dt.UTC))"),
        ("instant", "Monthly(UTC).period_at(None)"),
        ("until", "Monthly(UTC).periods(DAY, 3)"),
        ("period", 'Monthly(UTC).next("2026-01")'),
        ("period", "Monthly(UTC).previous(None)"),
        ("start", 'BillingPeriod("2026-01-01", "2026-02-01")'),
    ],
)
def test_a_type_that_is_not_accepted_is_told_by_its_field(field, call):
    with pytest.raises(InvalidType) as refusal:
        eval(call, NAMES)  # noqa: S307 - our own, as text so that a failure shows it
    assert refusal.value.field == field


def test_an_offset_fixed_by_pendulum_is_as_good_as_any():
    instant = pendulum.datetime(2026, 3, 1, 0, 30, tz=pendulum.FixedTimezone(3600))
    assert Monthly(UTC).period_at(instant).first_day == dt.date(2026, 2, 1)


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-40, 200),
    st.floats(),
    st.decimals(),
    st.text(),
    st.binary(),
    st.dates(),
    st.times(timezones=st.just(dt.UTC)),
    st.datetimes(),
    st.datetimes(timezones=st.just(dt.UTC)),
    st.datetimes(timezones=st.sampled_from(ODD_ZONES)),
    st.datetimes(timezones=st.timezones()),
    st.datetimes(
        timezones=st.sampled_from(
            [pendulum.UTC, pendulum.timezone("Pacific/Apia"), pendulum.FixedTimezone(-7200)]
        )
    ),
    st.sampled_from(
        [
            UTC,
            "America/New_York",
            "Pacific/Apia",
            "localtime",
            "2026-01-01",
            "2026-01-01T00:00:00+00:00",
        ]
    ),
    st.sampled_from(
        [*MonthEnd, *Weekday, object(), [], {}, Monthly, Monthly(UTC), pendulum.duration(days=1)]
    ),
    st.just(BillingPeriod.between(UTC, "2026-01-01", "2026-02-01")),
)
made = [Monthly(UTC), Daily("Pacific/Apia"), EveryMonths("America/Havana", 120, first=DAY)]
takes_a_zone: list[Any] = [
    *CYCLE_KINDS,
    BillingPeriod.between,
    periods.first_instant,
    periods.iana_version,
]
calls: list[Any] = [
    *takes_a_zone,
    *(BillingPeriod, periods.change_cycle, periods.utc_instant),
    *(
        method
        for cycle in made
        for method in (cycle.period_at, cycle.first_period, cycle.next, cycle.previous)
    ),
    *(lambda start, until, cycle=cycle: next(cycle.periods(start, until), None) for cycle in made),
    *(
        BillingPeriod.between(UTC, "2026-01-01", "2026-02-01").__getattribute__(ask)
        for ask in ("contains", "progress", "days_left")
    ),
]


@given(st.sampled_from(calls), st.data())
def test_nothing_but_a_defined_error_ever_escapes(call, data):
    required = [
        field
        for field in inspect.signature(call).parameters.values()
        if field.default is field.empty
    ]
    arguments = [data.draw(anything) for _ in required]
    if call in takes_a_zone and data.draw(st.booleans()):
        arguments[:1] = [UTC]
    with contextlib.suppress(InvalidType, InvalidValue):
        call(*arguments)
