"""The dates, days and instants of a billing period."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
import zoneinfo
from fractions import Fraction
from importlib import resources

import attrs
import pendulum
import pytest

from distbilling.errors import InvalidType, InvalidValue
from distbilling.periods import BillingPeriod, Daily, Monthly, first_instant

NEW_YORK = "America/New_York"
MARCH = BillingPeriod.between(NEW_YORK, "2026-03-01", "2026-04-01")
MICROSECOND = dt.timedelta(microseconds=1)


def utc(*fields: int) -> dt.datetime:
    return dt.datetime(*fields, tzinfo=dt.UTC)  # type: ignore[misc, arg-type]


def test_a_period_runs_from_its_start_to_the_instant_before_its_end():
    assert utc(2026, 3, 1, 5) in MARCH
    assert utc(2026, 3, 1, 5) - MICROSECOND not in MARCH
    assert utc(2026, 4, 1, 4) - MICROSECOND in MARCH
    assert utc(2026, 4, 1, 4) not in MARCH
    assert MARCH.contains(pendulum.datetime(2026, 3, 31, 23, 59, tz=NEW_YORK))


def test_its_ends_are_pendulum_datetimes_in_the_billing_zone():
    assert [type(MARCH.start), type(MARCH.end)] == [pendulum.DateTime, pendulum.DateTime]
    assert (MARCH.start.timezone_name, MARCH.end.timezone_name, MARCH.zone) == (NEW_YORK,) * 3


def test_it_can_be_made_from_two_aware_datetimes_in_one_zone():
    zone = zoneinfo.ZoneInfo(NEW_YORK)
    assert (
        BillingPeriod(
            pendulum.datetime(2026, 3, 1, tz=NEW_YORK), pendulum.datetime(2026, 4, 1, tz=NEW_YORK)
        )
        == MARCH
    )
    assert (
        BillingPeriod(dt.datetime(2026, 3, 1, tzinfo=zone), dt.datetime(2026, 4, 1, tzinfo=zone))
        == MARCH
    )
    assert attrs.evolve(MARCH, end=first_instant(NEW_YORK, dt.date(2026, 3, 16))).days == 15


def test_it_tells_its_local_dates_in_no_language():
    assert (MARCH.first_day, MARCH.last_day) == (dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    assert type(MARCH.first_day) is type(MARCH.last_day) is dt.date
    assert str(MARCH) == "2026-03-01/2026-03-31 America/New_York"


def test_the_last_day_is_the_one_before_a_skipped_midnight():
    assert BillingPeriod.between(
        "America/Sao_Paulo", "2018-10-01", "2018-11-04"
    ).last_day == dt.date(2018, 11, 3)


def test_its_notation_is_short_and_evaluates_back():
    assert repr(MARCH) == "BillingPeriod.between('America/New_York', '2026-03-01', '2026-04-01')"
    clipped = Monthly(NEW_YORK).first_period(utc(2026, 3, 15, 13, 30, 0, 7))
    assert (
        repr(clipped) == "BillingPeriod.between("
        "'America/New_York', '2026-03-15T09:30:00.000007-04:00', '2026-04-01')"
    )
    for period in (MARCH, clipped, *FOLDED):
        assert eval(repr(period), {"BillingPeriod": BillingPeriod}) == period  # noqa: S307


def test_a_notebook_shows_it_as_a_table():
    assert MARCH._repr_html_() == (
        "<table><caption>Billing period, America/New_York</caption>"
        "<tr><th>from</th><td>2026-03-01 00:00:00-05:00</td></tr>"
        "<tr><th>until</th><td>2026-04-01 00:00:00-04:00 (exclusive)</td></tr>"
        "<tr><th>days</th><td>31</td></tr></table>"
    )


FOLDED = [
    # both ends read 01:30 on one New York clock, an hour apart
    BillingPeriod.between(NEW_YORK, "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"),
    BillingPeriod.between(NEW_YORK, "2026-11-01T01:30:00-05:00", "2026-12-01"),
    BillingPeriod.between("America/Havana", "2024-11-03", "2024-11-03T00:00:00-05:00"),
]


@pytest.mark.parametrize("period", FOLDED, ids=repr)
@pytest.mark.parametrize(
    "way",
    [copy.copy, copy.deepcopy, lambda period: pickle.loads(pickle.dumps(period))],  # noqa: S301
)
def test_copies_and_pickles_keep_the_hour_that_occurs_twice(period, way):
    same = way(period)
    assert same == period
    assert (same.start.fold, same.end.fold) == (period.start.fold, period.end.fold)
    assert same.duration == period.duration


def test_an_hour_that_occurs_twice_is_an_hour():
    assert FOLDED[0].duration == dt.timedelta(hours=1)
    assert FOLDED[0].start.time() == FOLDED[0].end.time()


def test_periods_are_equal_when_they_are_the_same_stretch_in_the_same_zone():
    assert Monthly(NEW_YORK).period_at(utc(2026, 3, 9)) == MARCH
    assert hash(MARCH) == hash(Monthly(NEW_YORK).period_at(utc(2026, 3, 9)))
    assert BillingPeriod.between("America/Toronto", "2026-03-01", "2026-04-01") != MARCH
    assert BillingPeriod.between(NEW_YORK, "2026-03-01", "2026-03-31") != MARCH
    assert MARCH != "2026-03-01/2026-03-31 America/New_York"


def test_periods_sort_by_start_then_by_end():
    ordered = [
        BillingPeriod.between(NEW_YORK, "2026-02-01", "2026-06-01"),
        BillingPeriod.between(NEW_YORK, "2026-03-01", "2026-03-15"),
        MARCH,
        BillingPeriod.between("America/Toronto", "2026-03-01", "2026-04-01"),
    ]
    shuffled = [ordered[2], ordered[0], ordered[3], ordered[1]]
    assert sorted(shuffled) == ordered
    assert ordered[0] < MARCH < ordered[3]
    assert MARCH <= copy.copy(MARCH) <= ordered[3]
    with pytest.raises(TypeError):
        _ = MARCH < "2026-04"


def test_a_period_cannot_be_changed():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        MARCH.start = MARCH.end  # type: ignore[misc]


def test_its_days_are_the_local_days_it_touches():
    assert MARCH.days == 31
    assert BillingPeriod.between(NEW_YORK, "2026-03-15T09:30:00-04:00", "2026-04-01").days == 17
    assert (
        BillingPeriod.between(
            NEW_YORK, "2026-03-15T09:30:00-04:00", "2026-03-15T09:31:00-04:00"
        ).days
        == 1
    )
    assert FOLDED[2].days == 1


def test_a_skipped_date_is_not_a_day():
    december = Monthly("Pacific/Apia").period_at(utc(2011, 12, 9))
    assert (
        december.days
        == len(list(Daily("Pacific/Apia").periods(december.start, december.end)))
        == 30
    )


def test_the_running_day_is_left_until_it_is_over():
    assert MARCH.days_left(MARCH.start) == 31
    assert MARCH.days_left(utc(2026, 3, 2, 5) - MICROSECOND) == 31
    assert MARCH.days_left(utc(2026, 3, 2, 5)) == 30
    assert MARCH.days_left(utc(2026, 4, 1, 4) - MICROSECOND) == 1
    assert MARCH.days_left(MARCH.end) == 0


def test_progress_is_the_exact_share_of_the_time_that_passed():
    assert MARCH.duration == dt.timedelta(days=31, hours=-1)
    assert MARCH.progress(MARCH.start) == 0
    assert MARCH.progress(utc(2026, 3, 1, 6)) == Fraction(1, 743)
    assert MARCH.progress(MARCH.end) == 1


@pytest.mark.parametrize("ask", [MARCH.progress, MARCH.days_left])
@pytest.mark.parametrize(
    "instant", [utc(2026, 3, 1, 5) - MICROSECOND, utc(2026, 4, 1, 4) + MICROSECOND]
)
def test_instants_before_the_start_and_after_the_end_are_refused(ask, instant):
    with pytest.raises(InvalidValue) as refusal:
        ask(instant)
    assert (refusal.value.field, refusal.value.value) == ("instant", instant)
    assert (
        refusal.value.accepted
        == "an instant from 2026-03-01T00:00:00-05:00 to 2026-04-01T00:00:00-04:00"
    )


NAIVE = dt.datetime(2026, 3, 15)  # noqa: DTZ001 - this is what is refused


@pytest.mark.parametrize(
    "ask", [MARCH.contains, MARCH.progress, MARCH.days_left, MARCH.__contains__]
)
def test_instants_without_a_zone_are_refused(ask):
    with pytest.raises(
        InvalidValue, match=r"^instant: datetime.datetime\(2026, 3, 15, 0, 0\) is not accepted"
    ):
        ask(NAIVE)
    with pytest.raises(
        InvalidType, match=r"^instant: datetime.date\(2026, 3, 15\) \(date\) is not accepted"
    ):
        ask(NAIVE.date())


def test_a_zone_without_a_name_is_refused_and_the_instant_is_shown():
    with resources.files("tzdata").joinpath("zoneinfo/Europe/Paris").open("rb") as rules:
        nameless = zoneinfo.ZoneInfo.from_file(rules)
    start = dt.datetime(2026, 3, 1, tzinfo=nameless)
    with pytest.raises(InvalidValue) as refusal:
        BillingPeriod(start, MARCH.end)
    assert (refusal.value.field, refusal.value.value) == ("start", start)
    assert refusal.value.accepted == (
        "a datetime whose zone has a name of the IANA list, like pendulum.timezone('Europe/Paris')"
    )


@pytest.mark.parametrize(
    ("field", "start", "end"),
    [
        ("start", NAIVE, MARCH.end),
        ("end", MARCH.start, NAIVE),
        ("start", utc(2026, 3, 1), MARCH.end),
        ("end", MARCH.start, pendulum.datetime(2026, 4, 1, tz="America/Toronto")),
        ("end", MARCH.start, MARCH.start),
        ("end", MARCH.end, MARCH.start),
        ("start", pendulum.datetime(1, 1, 1, tz=NEW_YORK), MARCH.end),
        ("end", MARCH.start, pendulum.datetime(9999, 1, 1, tz=NEW_YORK)),
    ],
)
def test_ends_that_make_no_period_are_refused(field, start, end):
    with pytest.raises(InvalidValue) as refusal:
        BillingPeriod(start, end)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("field", "start", "end"),
    [
        ("start", "2026-03", "2026-04-01"),
        ("start", "20260301", "2026-04-01"),
        ("start", "2026-W10-1", "2026-04-01"),
        ("start", "\uff12\uff10\uff12\uff16-03-01", "2026-04-01"),
        ("start", "2026-03-01T00:00:00", "2026-04-01"),
        ("end", "2026-03-01", "2026-04-01 00:00:00-04:00"),
        ("end", "2026-03-01", "2026-02-29"),
        ("end", "2026-03-01", "2026-03-01"),
        ("end", "2026-03-01", "9999-01-01"),
    ],
)
def test_texts_that_make_no_period_are_refused(field, start, end):
    with pytest.raises(InvalidValue) as refusal:
        BillingPeriod.between(NEW_YORK, start, end)
    assert refusal.value.field == field
