"""The age of something in whole months, on the calendar of a zone."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import InvalidType, InvalidValue
from distbilling.periods import first_instant, whole_months

NEW_YORK = "America/New_York"


def utc(  # noqa: PLR0913, PLR0917
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (utc(2026, 3, 15, 12), utc(2026, 3, 15, 12), 0),
        (utc(2026, 3, 15, 12), utc(2026, 4, 15, 3, 59, 59), 0),
        (
            utc(2026, 3, 15, 12),
            utc(2026, 4, 15, 4),
            1,
        ),  # the local day begins, not the hour of the first day
        (utc(2026, 3, 15, 12), utc(2026, 6, 15, 4), 3),
        (utc(2026, 3, 15, 12), utc(2027, 3, 15, 3, 59), 11),
        (utc(2026, 1, 31, 12), utc(2026, 2, 28, 5), 1),
        (utc(2026, 1, 31, 12), utc(2026, 3, 30, 12), 1),  # counted from the 31st again: no drift
        (utc(2026, 1, 31, 12), utc(2026, 3, 31, 4), 2),
        (utc(2024, 2, 29, 12), utc(2025, 2, 28, 5), 12),
        (
            utc(2026, 3, 1, 3),
            utc(2026, 3, 28, 5),
            1,
        ),  # in New York it was still the 28th of February
    ],
)
def test_a_month_is_over_at_the_start_of_the_local_day_of_the_same_number(since, until, months):
    assert whole_months(NEW_YORK, since, until) == months


@pytest.mark.parametrize("minutes", [0, 1, 30, 59, 61])
def test_clocks_that_go_back_over_midnight_make_nothing_younger(minutes):
    newfoundland = (
        "America/St_Johns"  # at one minute past midnight, on 7 November 2010, it was 23:01 again
    )
    begun = first_instant(newfoundland, dt.date(2010, 11, 7))
    assert whole_months(newfoundland, utc(2010, 10, 7, 12), begun - dt.timedelta(minutes=1)) == 0
    assert (
        whole_months(newfoundland, utc(2010, 10, 7, 12), begun + dt.timedelta(minutes=minutes)) == 1
    )


def test_before_it_began_nothing_is_a_month_old():
    assert whole_months(NEW_YORK, utc(2026, 3, 15), utc(2025, 1, 1)) == 0


@given(st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1)), st.integers(0, 300))
def test_the_months_of_the_calendar_are_counted_without_drift(day, months):
    since = first_instant(NEW_YORK, day)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - dt.timedelta(days=1)).day
    due = dt.date(year, month + 1, min(day.day, last))
    assert whole_months(NEW_YORK, since, first_instant(NEW_YORK, due)) == months
    just_before = first_instant(NEW_YORK, due) - dt.timedelta(microseconds=1)
    assert whole_months(NEW_YORK, since, just_before) == max(months - 1, 0)


def test_a_zone_that_is_none_and_a_naive_instant_are_refused():
    with pytest.raises(InvalidValue, match="zone"):
        whole_months("Mars/Olympus", utc(2026, 1, 1), utc(2026, 2, 1))
    with pytest.raises(InvalidType, match="zone"):
        whole_months(None, utc(2026, 1, 1), utc(2026, 2, 1))  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="since"):
        whole_months(NEW_YORK, utc(2026, 1, 1).replace(tzinfo=None), utc(2026, 2, 1))
    with pytest.raises(InvalidValue, match="until"):
        whole_months(NEW_YORK, utc(2026, 1, 1), utc(2026, 2, 1).replace(tzinfo=None))
