"""A length of time in a file is read as it was meant, and anything else refused."""

from __future__ import annotations

import datetime as dt

import pytest

from distbilling.errors import InvalidType, InvalidValue
from distbilling.scenarios.values.durations import duration


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("36 hours", dt.timedelta(hours=36)),
        ("1 hour", dt.timedelta(hours=1)),
        ("7 days", dt.timedelta(days=7)),
        ("1 day", dt.timedelta(days=1)),
        ("90 minutes", dt.timedelta(minutes=90)),
        ("1 minute", dt.timedelta(minutes=1)),
        ("0 days", dt.timedelta(0)),
    ],
)
def test_a_length_of_time_is_a_number_of_minutes_hours_or_days(written, meant):
    assert duration(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "7",
        "days",
        "-1 days",
        "1.5 days",
        "1 week",
        "7  days",
        "\uff17 days",
        "1000000 days",
        "7 dayss",
    ],
)
def test_what_is_no_length_of_time_is_refused(written):
    with pytest.raises(InvalidValue) as refused:
        duration(written)
    assert refused.value.accepted == 'a length of time like "36 hours", "7 days" or "90 minutes"'


@pytest.mark.parametrize("written", [7, 1.5, None, dt.timedelta(1)], ids=str)
def test_a_length_of_time_is_written_as_text(written):
    with pytest.raises(InvalidType):
        duration(written)
