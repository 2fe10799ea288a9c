"""Every instant is in exactly one period, whatever the cycle and the zone."""

from __future__ import annotations

import datetime as dt
import pickle
import threading
import zoneinfo
from itertools import islice, pairwise

import pendulum
from hypothesis import given
from hypothesis import strategies as st

from distbilling.periods import (
    CYCLE_KINDS,
    Cycle,
    EveryDays,
    EveryWeeks,
    MonthEnd,
    Monthly,
    Weekday,
    first_instant,
    zone_names,
)
from distbilling.periods.timetable import Timetable

zones = st.sampled_from(sorted(zone_names()))
dates = st.dates(dt.date(1800, 1, 1), dt.date(2200, 1, 1))
LONGEST = {EveryDays: 3660, EveryWeeks: 520}
FIELDS: dict[str, st.SearchStrategy[object]] = {
    "zone": zones,
    "first": dates,
    "first_day": st.sampled_from(Weekday),
    "first_month": st.integers(1, 12),
    "day": st.integers(1, 31),
    "month_end": st.sampled_from(MonthEnd),
}


def cycles_of(kind: type[Cycle]) -> st.SearchStrategy[Cycle]:
    fields = FIELDS | {"n": st.integers(1, LONGEST.get(kind, 120))}
    return st.builds(kind, **{field.name: fields[field.name] for field in kind.__attrs_attrs__})


cycles: st.SearchStrategy[Cycle] = st.one_of([cycles_of(kind) for kind in CYCLE_KINDS])
# Naive, as hypothesis asks for them.
FIRST, LAST = dt.datetime(100, 1, 1), dt.datetime(9900, 1, 1)  # noqa: DTZ001
RECENT = dt.datetime(1990, 1, 1), dt.datetime(2040, 1, 1)  # noqa: DTZ001
instants = st.one_of(
    st.datetimes(FIRST, LAST, timezones=zones.map(pendulum.timezone)),
    st.datetimes(
        dt.datetime(1960, 1, 1),  # noqa: DTZ001
        dt.datetime(2110, 1, 1),  # noqa: DTZ001
        timezones=zones.map(zoneinfo.ZoneInfo),
    ),
    st.datetimes(*RECENT, timezones=st.just(dt.UTC)),
)


@given(cycles, instants)
def test_the_period_at_an_instant_contains_it(cycle, instant):
    period = cycle.period_at(instant)
    assert instant in period
    assert period.zone == cycle.zone
    assert period.days >= 1


@given(cycles, instants)
def test_periods_abut_and_neighbours_agree(cycle, instant):
    period = cycle.period_at(instant)
    before, after = cycle.previous(period), cycle.next(period)
    assert before.end_microseconds == period.start_microseconds
    assert period.end_microseconds == after.start_microseconds
    assert cycle.next(before) == period == cycle.previous(after)
    assert (
        cycle.period_at(period.start)
        == period
        == cycle.period_at(period.end - dt.timedelta(microseconds=1))
    )


@given(cycles, instants, zones)
def test_the_zone_in_which_an_instant_is_told_does_not_matter(cycle, instant, zone):
    there = instant.astimezone(zoneinfo.ZoneInfo(zone))
    for told in (
        there,
        pendulum.instance(there),
        instant.astimezone(pendulum.UTC),
        instant.astimezone(Home.of(cycle)),
    ):
        assert cycle.period_at(told) == cycle.period_at(instant)


class Home:
    """The billing zone's own rules, for which the lookup has a shortcut."""

    @staticmethod
    def of(cycle: Cycle) -> dt.tzinfo:
        zone = first_instant(cycle.zone, dt.date(2000, 1, 1)).tzinfo
        assert zone is not None
        return zone


@given(cycles, instants)
def test_a_lookup_that_remembers_agrees_with_one_that_computes(cycle, instant):
    microseconds = (instant - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(
        microseconds=1
    )
    assert cycle.period_at(instant) == Timetable(cycle)._computed(microseconds)
    assert cycle.period_at(instant) == Timetable(cycle).period_holding(microseconds)


@given(cycles, instants)
def test_every_bound_is_the_first_instant_of_its_local_date_by_the_standard_library(cycle, instant):
    zone = zoneinfo.ZoneInfo(cycle.zone)
    for bound in (cycle.period_at(instant).start, cycle.period_at(instant).end):
        start = dt.datetime.fromtimestamp(dt.datetime.timestamp(bound), dt.UTC)
        day = start.astimezone(zone).date()
        for earlier in (
            dt.timedelta(seconds=1),
            dt.timedelta(minutes=30),
            dt.timedelta(hours=3),
            dt.timedelta(days=1),
        ):
            assert (start - earlier).astimezone(zone).date() < day


@given(cycles, dates, st.integers(0, 20))
def test_listed_periods_start_where_asked_and_are_the_regular_ones(cycle, start, count):
    until = dt.date(2900, 1, 1)
    listed = list(islice(cycle.periods(start, until), count))
    assert all(
        before.end_microseconds == after.start_microseconds for before, after in pairwise(listed)
    )
    assert all(period == cycle.period_at(period.start) for period in listed[1:])
    assert all(period.start == first_instant(cycle.zone, start) for period in listed[:1])


@given(cycles, instants, st.fractions(0, 1))
def test_progress_and_days_left_go_from_one_end_to_the_other(cycle, instant, share):
    period = cycle.period_at(instant)
    reached = period.start + dt.timedelta(
        microseconds=int(share * (period.end_microseconds - period.start_microseconds))
    )
    assert 0 <= period.progress(reached) <= share
    assert 0 <= period.days_left(reached) <= period.days
    assert (period.days_left(reached) == 0) == (period.progress(reached) == 1)


@given(cycles, instants)
def test_cycles_and_periods_survive_pickling(cycle, instant):
    period = cycle.first_period(instant)
    again_cycle, again_period = pickle.loads(pickle.dumps((cycle, period)))  # noqa: S301 - our own
    assert (again_cycle, again_period) == (cycle, period)
    assert again_period.start.isoformat() == period.start.isoformat()
    assert again_cycle.first_period(again_period.start) == period


def test_threads_that_ask_at_once_get_the_same_answers():
    asked = [
        dt.datetime(year, month, 15, tzinfo=dt.UTC)
        for year in range(1960, 2110)
        for month in range(1, 13)
    ]
    expected = [(moment.year, moment.month) for moment in asked]
    for _ in range(5):
        monthly, gate = Monthly("Etc/UTC"), threading.Barrier(8)
        answers: dict[int, list[tuple[int, int]]] = {}
        object.__setattr__(monthly, "_timetable", Timetable(monthly))

        def ask(turn, monthly=monthly, answers=answers, gate=gate):
            gate.wait()
            some = asked if turn % 2 else asked[::-1]
            found = [monthly.period_at(moment).first_day for moment in some]
            answers[turn] = [(day.year, day.month) for day in (found if turn % 2 else found[::-1])]

        threads = [threading.Thread(target=ask, args=(turn,)) for turn in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert list(answers.values()) == [expected] * 8
