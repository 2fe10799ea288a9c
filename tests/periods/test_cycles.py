"""The periods of each kind of cycle."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from itertools import pairwise

import attrs
import pendulum
import pytest

from distbilling.errors import InvalidValue
from distbilling.periods import (
    CYCLE_KINDS,
    AnyCycle,
    BillingPeriod,
    Daily,
    EveryDays,
    EveryMonths,
    EveryWeeks,
    MonthEnd,
    Monthly,
    MonthlyAnniversary,
    Quarterly,
    Semimonthly,
    Weekday,
    Weekly,
    Yearly,
)

NEW_YORK = "America/New_York"
UTC = "Etc/UTC"


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def noon(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}T12:00:00+00:00")


def starts(cycle, start: str, until: str) -> list[str]:
    return [period.first_day.isoformat() for period in cycle.periods(date(start), date(until))]


# -- kinds (R32) -----------------------------------------------------------------------------------

HOLDING = [
    (Daily(UTC), "2026-03-15", "2026-03-15", "2026-03-15"),
    (Weekly(UTC), "2026-03-15", "2026-03-09", "2026-03-15"),
    (Weekly(UTC), "2026-03-16", "2026-03-16", "2026-03-22"),
    (Weekly(UTC, Weekday.SUNDAY), "2026-03-15", "2026-03-15", "2026-03-21"),
    (Weekly(UTC, Weekday.SUNDAY), "2026-03-14", "2026-03-08", "2026-03-14"),
    (Semimonthly(UTC), "2026-02-15", "2026-02-01", "2026-02-15"),
    (Semimonthly(UTC), "2026-02-16", "2026-02-16", "2026-02-28"),
    (Semimonthly(UTC), "2024-02-29", "2024-02-16", "2024-02-29"),
    (Monthly(UTC), "2026-12-31", "2026-12-01", "2026-12-31"),
    (MonthlyAnniversary(UTC, 19), "2022-04-18", "2022-03-19", "2022-04-18"),
    (MonthlyAnniversary(UTC, 19), "2022-04-19", "2022-04-19", "2022-05-18"),
    (EveryDays(UTC, 30, first=date("2026-01-01")), "2026-01-30", "2026-01-01", "2026-01-30"),
    (EveryDays(UTC, 30, first=date("2026-01-01")), "2025-12-31", "2025-12-02", "2025-12-31"),
    (EveryWeeks(UTC, 2, first=date("2026-01-05")), "2026-01-18", "2026-01-05", "2026-01-18"),
    (EveryMonths(UTC, 2, first=date("2026-01-10")), "2026-01-09", "2025-11-10", "2026-01-09"),
    (Quarterly(UTC), "2026-03-31", "2026-01-01", "2026-03-31"),
    (Quarterly(UTC, first_month=12), "2026-03-01", "2026-03-01", "2026-05-31"),
    (Yearly(UTC), "2024-02-29", "2024-01-01", "2024-12-31"),
    (Yearly("Europe/London", first_month=4), "2026-03-31", "2025-04-01", "2026-03-31"),
]


@pytest.mark.parametrize(("cycle", "day", "first", "last"), HOLDING)
def test_a_day_is_in_the_period_of_its_kind(cycle, day, first, last):
    period = cycle.period_at(noon(day))
    assert (period.first_day, period.last_day) == (date(first), date(last))


def test_every_kind_has_an_example():
    assert {type(cycle) for cycle, *_ in HOLDING} == set(CYCLE_KINDS)
    assert all(isinstance(cycle, AnyCycle) for cycle, *_ in HOLDING)


# -- bounds (R33) ----------------------------------------------------------------------------------


def test_march_2026_in_new_york_runs_from_five_to_four_o_clock_utc():
    march = Monthly(NEW_YORK).period_at(noon("2026-03-20"))
    assert march.start.astimezone(dt.UTC).isoformat() == "2026-03-01T05:00:00+00:00"
    assert march.end.astimezone(dt.UTC).isoformat() == "2026-04-01T04:00:00+00:00"


def test_a_bound_is_exact_to_the_microsecond_wherever_the_instant_is_told():
    bound = dt.datetime(2026, 4, 1, 4, tzinfo=dt.UTC)
    before = bound - dt.timedelta(microseconds=1)
    for zone in (NEW_YORK, "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
        for told in (
            bound.astimezone(pendulum.timezone(zone)),
            pendulum.instance(bound).in_timezone(zone),
        ):
            assert Monthly(NEW_YORK).period_at(told).first_day == date("2026-04-01")
        assert Monthly(NEW_YORK).period_at(
            before.astimezone(pendulum.timezone(zone))
        ).first_day == date("2026-03-01")


@pytest.mark.parametrize(
    "cycle",
    [
        Daily("Pacific/Apia"),
        EveryDays("Pacific/Apia", 1, first=date("2011-12-30")),
        EveryDays("Pacific/Apia", 5, first=date("2011-12-30")),
        EveryWeeks("Pacific/Apia", 1, first=date("2011-12-30")),
        Weekly("Pacific/Apia", Weekday.FRIDAY),
        MonthlyAnniversary("Pacific/Apia", 30, MonthEnd.CLAMP),
        EveryMonths("Pacific/Apia", 1, first=date("2011-12-30"), month_end=MonthEnd.CLAMP),
    ],
)
def test_a_date_that_the_zone_skipped_makes_no_empty_period(cycle):
    made = list(cycle.periods(date("2011-12-01"), date("2012-02-01")))
    assert all(period.days > 0 for period in made)
    assert all(
        before.end_microseconds == after.start_microseconds for before, after in pairwise(made)
    )
    assert date("2011-12-31") in {period.first_day for period in made}
    assert date("2011-12-30") not in {period.last_day for period in made}


def test_a_day_that_has_begun_stays_begun_when_the_clocks_go_back_over_midnight():
    daily = Daily("America/St_Johns")
    saturday, sunday = daily.periods(date("2010-11-06"), date("2010-11-08"))
    again_saturday = (sunday.start + dt.timedelta(minutes=2)).astimezone(sunday.start.tzinfo)
    assert again_saturday.isoformat() == "2010-11-06T23:02:00-03:30"
    assert daily.period_at(saturday.start) is saturday
    assert daily.period_at(again_saturday) is sunday


def test_a_day_of_24_hours_follows_the_skipped_date_in_apia():
    days = list(Daily("Pacific/Apia").periods(date("2011-12-29"), date("2012-01-01")))
    assert [day.first_day.day for day in days] == [29, 31]
    assert {day.duration for day in days} == {dt.timedelta(days=1)}


# -- first period, iteration (R34) -----------------------------------------------------------------


def test_the_first_period_starts_at_the_instant_of_creation_and_ends_at_the_next_bound():
    created = pendulum.datetime(2022, 3, 30, 15, 20, tz=NEW_YORK)
    first = MonthlyAnniversary(NEW_YORK, day=30).first_period(created)
    assert (first.start, first.end) == (created, pendulum.datetime(2022, 4, 28, tz=NEW_YORK))


def test_a_first_period_created_at_a_bound_is_whole():
    monthly = Monthly(NEW_YORK)
    assert monthly.first_period(noon("2026-03-09")) != monthly.period_at(noon("2026-03-09"))
    assert monthly.first_period(pendulum.datetime(2026, 3, 1, tz=NEW_YORK)) == monthly.period_at(
        noon("2026-03-09")
    )


def test_periods_are_listed_from_the_start_clipped_and_the_last_one_is_whole():
    listed = list(
        Monthly(NEW_YORK).periods(noon("2026-01-20"), pendulum.datetime(2026, 3, 1, tz=NEW_YORK))
    )
    assert [str(period)[:21] for period in listed] == [
        "2026-01-20/2026-01-31",
        "2026-02-01/2026-02-28",
    ]
    assert listed[0].start.isoformat() == "2026-01-20T07:00:00-05:00"
    listed = list(Monthly(NEW_YORK).periods(date("2026-01-01"), noon("2026-03-02")))
    assert listed[0] == BillingPeriod.between(NEW_YORK, "2026-01-01", "2026-02-01")
    assert listed[-1] == BillingPeriod.between(NEW_YORK, "2026-03-01", "2026-04-01")


def test_nothing_is_listed_when_the_end_is_not_after_the_start():
    assert not list(Monthly(UTC).periods(date("2026-03-01"), date("2026-03-01")))
    assert not list(Monthly(UTC).periods(date("2026-03-01"), date("2026-01-01")))


def test_bad_moments_are_refused_when_asked_and_not_when_listed():
    with pytest.raises(InvalidValue, match=r"^until: "):
        Monthly(UTC).periods(date("2026-03-01"), dt.datetime(2026, 4, 1))  # noqa: DTZ001


def test_the_next_and_the_previous_period_are_regular():
    monthly = Monthly(UTC)
    first = monthly.first_period(noon("2026-03-15"))
    assert monthly.next(first) == monthly.period_at(noon("2026-04-01"))
    assert monthly.previous(monthly.next(first)) == monthly.period_at(noon("2026-03-01"))
    with pytest.raises(InvalidValue, match=r"give a period that starts at a bound of this cycle$"):
        monthly.previous(first)
    with pytest.raises(InvalidValue, match=r"give a period that ends at a bound of this cycle$"):
        Weekly(UTC).next(first)


# -- anniversaries on the 29th to 31st (R35) -------------------------------------------------------

YEAR_BOUNDS = {
    (
        30,
        MonthEnd.PIN_28,
    ): "01-28 02-28 03-28 04-28 05-28 06-28 07-28 08-28 09-28 10-28 11-28 12-28",
    (30, MonthEnd.CLAMP): "01-30 02-28 03-30 04-30 05-30 06-30 07-30 08-30 09-30 10-30 11-30 12-30",
    (31, MonthEnd.CLAMP): "01-31 02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31",
    (
        28,
        MonthEnd.END_OF_MONTH,
    ): "01-31 02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31",
    (
        30,
        MonthEnd.END_OF_MONTH,
    ): "01-31 02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31",
    (
        27,
        MonthEnd.END_OF_MONTH,
    ): "01-27 02-27 03-27 04-27 05-27 06-27 07-27 08-27 09-27 10-27 11-27 12-27",
    (
        28,
        MonthEnd.PIN_28,
    ): "01-28 02-28 03-28 04-28 05-28 06-28 07-28 08-28 09-28 10-28 11-28 12-28",
}


@pytest.mark.parametrize(("day", "policy"), YEAR_BOUNDS, ids=str)
def test_an_anniversary_late_in_the_month_never_drifts(day, policy):
    expected = [f"2022-{bound}" for bound in YEAR_BOUNDS[day, policy].split()]
    anniversary = MonthlyAnniversary(UTC, day, policy)
    assert starts(anniversary, expected[0], "2023-01-01") == expected
    first = "1999-12-31" if policy is MonthEnd.END_OF_MONTH and day >= 28 else f"1999-12-{day}"
    monthly = EveryMonths(UTC, 1, first=date(first), month_end=policy)
    assert starts(monthly, expected[0], "2023-01-01") == expected


@pytest.mark.parametrize("last", ["2022-01-31", "2022-02-28", "2024-02-29", "2022-04-30"])
def test_end_of_month_stays_at_the_end_if_the_first_date_ends_its_month(last):
    monthly = EveryMonths(UTC, 1, first=date(last), month_end=MonthEnd.END_OF_MONTH)
    assert starts(monthly, "2024-01-31", "2024-05-01") == [
        "2024-01-31",
        "2024-02-29",
        "2024-03-31",
        "2024-04-30",
    ]


@pytest.mark.parametrize("first", ["2022-03-28", "2024-02-28", "2022-04-29", "2022-01-30"])
def test_end_of_month_keeps_the_day_of_a_first_date_that_does_not_end_its_month(first):
    end_of_month = EveryMonths(UTC, 1, first=date(first), month_end=MonthEnd.END_OF_MONTH)
    clamped = EveryMonths(UTC, 1, first=date(first), month_end=MonthEnd.CLAMP)
    assert starts(end_of_month, first, "2028-04-01") == starts(clamped, first, "2028-04-01")
    assert f"2025-03-{first[-2:]}" in starts(end_of_month, first, "2028-04-01")


def test_created_on_30_march_the_bounds_are_pinned_to_the_28th():
    assert MonthlyAnniversary(UTC, day=30) == MonthlyAnniversary(
        UTC, day=30, month_end=MonthEnd.PIN_28
    )
    assert starts(MonthlyAnniversary(UTC, day=30), "2022-03-30", "2022-06-30") == [
        *("2022-03-30", "2022-04-28", "2022-05-28", "2022-06-28"),
    ]


def test_every_twelve_months_from_a_leap_day_returns_to_it():
    yearly = EveryMonths(UTC, 12, first=date("2020-02-29"), month_end=MonthEnd.CLAMP)
    assert starts(yearly, "2020-02-29", "2025-01-01") == [
        *("2020-02-29", "2021-02-28", "2022-02-28", "2023-02-28", "2024-02-29"),
    ]


# -- values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cycle", dict.fromkeys(cycle for cycle, *_ in HOLDING), ids=repr)
def test_a_cycle_is_a_value(cycle):
    names = {"datetime": dt, "MonthEnd": MonthEnd, "Weekday": Weekday} | {
        kind.__name__: kind for kind in CYCLE_KINDS
    }
    # Made now: the periods of a cycle made long ago may have been given up since.
    made_now = attrs.evolve(cycle)
    again = eval(repr(cycle), names)  # noqa: S307 - that it evaluates back is the promise
    for same in (
        made_now,
        again,
        copy.copy(cycle),
        copy.deepcopy(cycle),
        pickle.loads(pickle.dumps(cycle)),  # noqa: S301
    ):
        assert same == cycle
        assert hash(same) == hash(cycle)
        assert same.period_at(noon("2026-03-15")) is made_now.period_at(noon("2026-03-15"))
    assert cycle != attrs.evolve(cycle, zone="Asia/Tokyo")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        cycle.zone = "Asia/Tokyo"


def test_kinds_with_the_same_fields_are_not_equal():
    fortnights = (
        EveryDays(UTC, 2, first=date("2026-01-05")),
        EveryWeeks(UTC, 2, first=date("2026-01-05")),
    )
    assert len({Monthly(UTC), Daily(UTC), Semimonthly(UTC), *fortnights}) == 5


def test_a_first_date_of_pendulum_becomes_a_plain_date():
    assert type(EveryDays(UTC, 30, first=pendulum.Date(2026, 1, 1)).first) is dt.date


# -- years -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2, 500, 1600, 1969, 1970, 2105, 2106, 2107, 5000, 9998])
def test_periods_reach_from_the_year_2_to_the_year_9998(year):
    instant = dt.datetime(year, 6, 15, 12, tzinfo=dt.UTC)
    for cycle, *_ in HOLDING:
        period = cycle.period_at(instant)
        assert instant in period
        assert cycle.next(cycle.previous(period)) == period


@pytest.mark.parametrize(
    "instant", [dt.datetime(1, 12, 31, tzinfo=dt.UTC), dt.datetime(9999, 1, 1, tzinfo=dt.UTC)]
)
def test_instants_outside_these_years_are_refused(instant):
    with pytest.raises(InvalidValue, match="within the years 2 to 9998") as refusal:
        Monthly(UTC).period_at(instant)
    assert refusal.value.field == "instant"


@pytest.mark.parametrize(
    "instant", [dt.datetime(2, 1, 1, tzinfo=dt.UTC), dt.datetime(9998, 12, 31, tzinfo=dt.UTC)]
)
def test_a_period_that_would_leave_the_calendar_is_refused(instant):
    with pytest.raises(InvalidValue, match="within the years 1 to 9999"):
        EveryMonths(UTC, 120, first=date("2005-01-01")).period_at(instant)
