"""The bounds agree with the zone data, read by another way: every zone and kind."""

from __future__ import annotations

import datetime as dt
import functools
import zlib
import zoneinfo
from bisect import bisect_right
from itertools import pairwise

import pytest

from distbilling.periods import (
    CYCLE_KINDS,
    AnyCycle,
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
    first_instant,
    zone_names,
)

DAY = 86_400
A_WEEK = 7 * DAY
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
SINCE, UNTIL = 0, (dt.date(2038, 1, 1).toordinal() - EPOCH_ORDINAL) * DAY
ZONES = sorted(zone_names())
CALENDAR = [
    dt.date.fromordinal(ordinal)
    for ordinal in range(EPOCH_ORDINAL - 400, EPOCH_ORDINAL + UNTIL // DAY + 400)
]


def kinds(zone: str) -> list[AnyCycle]:
    """Return every kind of cycle, and every policy on the ends of months."""
    last = dt.date(2020, 1, 31)
    return [
        Daily(zone),
        Weekly(zone),
        Weekly(zone, Weekday.SATURDAY),
        Semimonthly(zone),
        Monthly(zone),
        *(MonthlyAnniversary(zone, 30, policy) for policy in MonthEnd),
        EveryDays(zone, 30, first=dt.date(2011, 12, 30)),
        EveryWeeks(zone, 2, first=dt.date(2024, 3, 31)),
        *(EveryMonths(zone, 5, first=last, month_end=policy) for policy in MonthEnd),
        EveryMonths(zone, 5, first=dt.date(2020, 3, 28), month_end=MonthEnd.END_OF_MONTH),
        Quarterly(zone, first_month=2),
        Yearly(zone, first_month=4),
    ]


def last_of_month(day: dt.date) -> int:
    """Return how many days the month of a date has, by looking for the next month."""
    return (dt.date(day.year + day.month // 12, day.month % 12 + 1, 1) - dt.timedelta(1)).day


def falls_on(anchor: int, policy: MonthEnd, day: dt.date) -> bool:
    """Say whether a date is an anniversary."""
    match policy:
        case MonthEnd.PIN_28:
            return day.day == min(anchor, 28)
        case MonthEnd.CLAMP:
            return day.day == min(anchor, last_of_month(day))
        case MonthEnd.END_OF_MONTH:
            return day.day == (last_of_month(day) if anchor >= 28 else anchor)


def is_bound(cycle: AnyCycle, day: dt.date) -> bool:
    """Say whether a period of the cycle starts on a date, told from the date alone."""
    match cycle:
        case Daily():
            return True
        case Weekly(first_day=first):
            return day.strftime("%A").upper() == first.name
        case EveryDays(n=n, first=first):
            return (day - first).days % n == 0
        case EveryWeeks(n=n, first=first):
            return (day - first).days % (7 * n) == 0
        case _:
            return is_bound_of_months(cycle, day)


def is_bound_of_months(
    cycle: Semimonthly | Monthly | MonthlyAnniversary | EveryMonths | Quarterly | Yearly,
    day: dt.date,
) -> bool:
    """Say the same of the kinds that go by months."""
    match cycle:
        case Semimonthly():
            return day.day in {1, 16}
        case Monthly():
            return day.day == 1
        case MonthlyAnniversary(day=anchor, month_end=policy):
            return falls_on(anchor, policy, day)
        case EveryMonths(n=n, first=first, month_end=policy):
            months_apart = (day.year - first.year) * 12 + day.month - first.month
            ends_its_month = first.day == last_of_month(first)
            effective = (
                MonthEnd.CLAMP if policy is MonthEnd.END_OF_MONTH and not ends_its_month else policy
            )
            return months_apart % n == 0 and falls_on(first.day, effective, day)
        case Quarterly(first_month=first):
            return day.day == 1 and day.month % 3 == first % 3
        case Yearly(first_month=first):
            return (day.day, day.month) == (1, first)


@functools.cache
def bound_dates() -> list[list[dt.date]]:
    """Return the dates from 1969 to 2039 on which a period of each kind starts, in any zone."""
    return [[day for day in CALENDAR if is_bound(cycle, day)] for cycle in kinds("Etc/UTC")]


class History:
    """The offsets of one zone from 1969 to 2039, as the standard library has them."""

    def __init__(self, zone: str, step: int) -> None:
        self.rules = zoneinfo.ZoneInfo(zone)
        begin, end = SINCE - 500 * DAY, UNTIL + 500 * DAY
        self.starts, self.offsets = [begin], [self.offset(begin)]
        for early, late in pairwise(range(begin, end, step)):
            if self.offset(late) != self.offsets[-1]:
                self.starts.append(self.change_between(early, late))
                self.offsets.append(self.offset(self.starts[-1]))
        self.ends = [*self.starts[1:], end + 1000 * DAY]

    def offset(self, second: int) -> int:
        """Return the offset in force at an instant."""
        offset = dt.datetime.fromtimestamp(second, self.rules).utcoffset()
        assert offset is not None
        return int(offset.total_seconds())

    def change_between(self, early: int, late: int) -> int:
        """Return the first second of the new offset."""
        before = self.offset(early)
        while late - early > 1:
            middle = (early + late) // 2
            early, late = (middle, late) if self.offset(middle) == before else (early, middle)
        return late

    def first_second(self, day: dt.date) -> int:
        """Return the first second whose local date is this one or later, by the definition."""
        midnight = (day.toordinal() - EPOCH_ORDINAL) * DAY
        place = bisect_right(self.ends, midnight - DAY)
        while (candidate := max(self.starts[place], midnight - self.offsets[place])) >= self.ends[
            place
        ]:
            place += 1
        return candidate

    def transitions(self) -> list[int]:
        """Return the changes of offset from 1970 to 2037."""
        return [start for start in self.starts[1:] if SINCE <= start < UNTIL]


@functools.cache
def history_by_weeks(zone: str) -> History:
    """Return the offsets of a zone, as far as they last a week: taken once for all tests."""
    return History(zone, A_WEEK)


def at(microseconds: int, zone: dt.tzinfo = dt.UTC) -> dt.datetime:
    """Return the instant in a zone."""
    return (EPOCH + dt.timedelta(microseconds=microseconds)).astimezone(zone)


def microseconds(second: int) -> tuple[int, ...]:
    """Return the last microsecond before a second, the second itself, and one after it."""
    return second * 10**6 - 1, second * 10**6, second * 10**6 + 1


def sampled_transitions(history: History, zone: str, count: int) -> list[int]:
    """Return a few transitions, other ones for each zone and the same ones each time."""
    found = history.transitions()
    start = zlib.crc32(zone.encode())
    return [found[(start + step * 7) % len(found)] for step in range(min(count, len(found)))]


def test_every_kind_of_cycle_is_proven_here():
    assert {type(cycle) for cycle in kinds("Etc/UTC")} == set(CYCLE_KINDS)


def test_a_day_starts_at_its_first_instant_near_sampled_transitions_of_every_zone():
    checked = 0
    for zone in ZONES:
        history = history_by_weeks(zone)
        for transition in sampled_transitions(history, zone, 5):
            ordinal = EPOCH_ORDINAL + (transition + history.offset(transition)) // DAY
            for day in map(dt.date.fromordinal, range(ordinal - 1, ordinal + 3)):
                first = first_instant(zone, day)
                assert first.timestamp() == history.first_second(day), (zone, day)
                checked += 1
    assert checked > 7_000


def test_an_instant_is_in_its_own_period_near_a_sampled_transition_of_every_zone():
    checked = 0
    for zone in ZONES:
        history = history_by_weeks(zone)
        chosen = zlib.crc32(zone.encode()) % 5
        for transition in sampled_transitions(history, zone, 1):
            date = dt.date.fromordinal(EPOCH_ORDINAL + transition // DAY)
            for cycle, days in list(zip(kinds(zone), bound_dates(), strict=True))[chosen::5]:
                place = bisect_right(days, date)
                bounds = sorted(
                    {history.first_second(day) for day in days[max(0, place - 4) : place + 4]}
                )
                checked += check_lookup(cycle, bounds, [transition, *bounds[1:-1]])
    assert checked > 7_000


@pytest.mark.exhaustive
@pytest.mark.parametrize("zone", ZONES)
def test_every_period_and_every_lookup_agrees_with_the_zone_data_from_1970_to_2037(zone):
    history = History(zone, DAY)
    firsts = {day: history.first_second(day) for day in CALENDAR}
    for cycle, days in zip(kinds(zone), bound_dates(), strict=True):
        bounds = sorted({firsts[day] for day in days})
        about_transitions = [
            (second - 9 * DAY, second + 9 * DAY) for second in history.transitions()
        ]
        for since, until in about_transitions if isinstance(cycle, Daily) else [(SINCE, UNTIL)]:
            begin, end = bisect_right(bounds, since), bisect_right(bounds, until)
            made = cycle.periods(at(bounds[begin] * 10**6), at(bounds[end] * 10**6))
            told = [
                (period.start_microseconds // 10**6, period.end_microseconds // 10**6)
                for period in made
            ]
            assert told == list(pairwise(bounds[begin : end + 1]))
        check_lookup(
            cycle, bounds, [*history.transitions(), *bounds[5 : -5 : 1 + len(bounds) // 100]]
        )


def check_lookup(cycle: AnyCycle, bounds: list[int], seconds: list[int]) -> int:
    """Look up instants around some seconds, in UTC, in the billing zone and far from it."""
    tellings = (dt.UTC, zoneinfo.ZoneInfo(cycle.zone), zoneinfo.ZoneInfo("Pacific/Kiritimati"))
    home = first_instant(cycle.zone, dt.date(2000, 1, 1)).tzinfo
    assert home is not None
    for second in seconds:
        period = cycle.period_at(at(second * 10**6))
        assert cycle.previous(period) < period < cycle.next(period), (
            "and all three are remembered now"
        )
        for instant in microseconds(second):
            place = bisect_right(bounds, instant // 10**6)
            expected = bounds[place - 1] * 10**6, bounds[place] * 10**6
            for zone in (*tellings, home):
                period = cycle.period_at(at(instant, zone))
                assert (period.start_microseconds, period.end_microseconds) == expected, (
                    cycle,
                    at(instant, zone),
                )
    return len(seconds)
