"""The first instants of local days, in zones whose clocks are awkward about it."""

from __future__ import annotations

import datetime as dt

import pendulum
import pytest

from distbilling.periods import first_instant

STARTS = [
    # zone, date, first instant in UTC, clock at that instant
    ("America/New_York", "2026-03-01", "2026-03-01T05:00", "00:00:00"),
    ("America/New_York", "2026-04-01", "2026-04-01T04:00", "00:00:00"),
    # midnight is skipped
    ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", "01:00:00"),
    ("Asia/Beirut", "2025-03-30", "2025-03-29T22:00", "01:00:00"),
    ("Africa/Cairo", "2024-04-26", "2024-04-25T22:00", "01:00:00"),
    ("America/Havana", "2024-03-10", "2024-03-10T05:00", "01:00:00"),
    ("America/Asuncion", "2024-10-06", "2024-10-06T04:00", "01:00:00"),
    ("Asia/Amman", "2021-03-26", "2021-03-25T22:00", "01:00:00"),
    ("America/Toronto", "1919-03-31", "1919-03-31T04:30", "00:30:00"),
    # midnight occurs twice: the first counts
    ("America/Havana", "2024-11-03", "2024-11-03T04:00", "00:00:00"),
    ("Africa/Tunis", "1978-10-01", "1978-09-30T22:00", "00:00:00"),
    ("America/St_Johns", "2010-11-07", "2010-11-07T02:30", "00:00:00"),
    # the date is skipped: the next one starts
    ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00", "00:00:00"),
    ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00", "00:00:00"),
    ("Pacific/Kwajalein", "1993-08-21", "1993-08-21T12:00", "00:00:00"),
    # the clocks change on the day, not at its start
    ("America/Scoresbysund", "2024-03-31", "2024-03-31T01:00", "00:00:00"),
    ("Africa/Casablanca", "2024-04-01", "2024-04-01T00:00", "00:00:00"),
    ("Africa/Casablanca", "2024-05-01", "2024-04-30T23:00", "00:00:00"),
    ("Antarctica/Troll", "2024-04-01", "2024-03-31T22:00", "00:00:00"),
    ("Australia/Lord_Howe", "2024-10-01", "2024-09-30T13:30", "00:00:00"),
    ("Australia/Lord_Howe", "2024-11-01", "2024-10-31T13:00", "00:00:00"),
]


@pytest.mark.parametrize(("zone", "date", "instant", "clock"), STARTS)
def test_a_local_day_starts_at_the_first_instant_that_exists(zone, date, instant, clock):
    start = first_instant(zone, dt.date.fromisoformat(date))
    assert start.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M") == instant
    assert start.time().isoformat() == clock


def test_the_first_instant_is_a_pendulum_datetime_in_the_billing_zone():
    start = first_instant("Asia/Beirut", pendulum.Date(2026, 3, 1))
    assert type(start) is pendulum.DateTime
    assert start.timezone_name == "Asia/Beirut"


@pytest.mark.parametrize("year", [2, 9998])
def test_days_are_known_from_the_year_2_to_the_year_9998(year):
    assert first_instant("Pacific/Kiritimati", dt.date(year, 12, 31)).year == year
    assert first_instant("Pacific/Pago_Pago", dt.date(year, 1, 1)).year == year
