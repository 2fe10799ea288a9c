"""What is stated before a cycle changes."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest

from distbilling.errors import InvalidType, InvalidValue
from distbilling.periods import (
    BillingPeriod,
    BridgedChange,
    Daily,
    DirectChange,
    Monthly,
    MonthlyAnniversary,
    Quarterly,
    Weekly,
    change_cycle,
)

NEW_YORK, KOLKATA, UTC = "America/New_York", "Asia/Kolkata", "Etc/UTC"
NOON = dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC)


def told(change) -> list[str]:
    return [str(period).partition(" ")[0] for period in change.periods]


def test_a_change_of_kind_is_bridged_to_the_next_bound_of_the_new_kind():
    change = change_cycle(Monthly(UTC), Weekly(UTC), NOON)
    assert isinstance(change, BridgedChange)
    assert told(change) == [
        "2026-03-01/2026-03-31",
        "2026-04-01/2026-04-05",
        "2026-04-06/2026-04-12",
    ]
    assert change == pickle.loads(pickle.dumps(change))  # noqa: S301 - our own


def test_no_bridge_is_needed_where_the_bounds_meet():
    change = change_cycle(Monthly(UTC), Quarterly(UTC), NOON)
    assert isinstance(change, DirectChange)
    assert told(change) == ["2026-03-01/2026-03-31", "2026-04-01/2026-06-30"]


def test_a_change_to_the_same_cycle_changes_nothing():
    monthly = Monthly(NEW_YORK)
    assert change_cycle(monthly, monthly, NOON).periods == tuple(
        monthly.periods(dt.date(2026, 3, 1), dt.date(2026, 5, 1))
    )


def test_a_move_to_the_west_is_bridged_by_the_hours_in_between():
    change = change_cycle(Monthly(KOLKATA), Monthly(NEW_YORK), NOON)
    assert isinstance(change, BridgedChange)
    assert change.bridging.duration == dt.timedelta(hours=9, minutes=30)
    assert change.bridging.zone == change.following.zone == NEW_YORK
    assert change.following.first_day == dt.date(2026, 4, 1)


def test_a_move_to_the_east_is_bridged_by_the_rest_of_the_new_month():
    change = change_cycle(Monthly(NEW_YORK), Monthly(KOLKATA), NOON)
    assert isinstance(change, BridgedChange)
    assert change.current.zone == NEW_YORK
    assert change.bridging.start.isoformat() == "2026-04-01T09:30:00+05:30"
    assert told(change)[1:] == ["2026-04-01/2026-04-30", "2026-05-01/2026-05-31"]


def test_the_periods_of_a_change_abut():
    cycles = [
        Daily(KOLKATA),
        Weekly(NEW_YORK),
        Monthly(UTC),
        MonthlyAnniversary("Pacific/Apia", 30),
        Quarterly(KOLKATA),
    ]
    for old in cycles:
        for new in cycles:
            periods = change_cycle(old, new, NOON).periods
            ends = [period.end_microseconds for period in periods]
            assert [period.start_microseconds for period in periods[1:]] == ends[:-1]
            assert periods[-1] == new.next(periods[-2])
            assert periods[0] == old.period_at(NOON)


def test_a_clipped_first_period_runs_to_its_own_end():
    first = Monthly(UTC).first_period(NOON)
    change = change_cycle(Monthly(UTC), Weekly(UTC), first)
    assert change.current == first
    assert change.periods[1:] == change_cycle(Monthly(UTC), Weekly(UTC), NOON).periods[1:]


def test_a_bridging_period_may_be_changed_again():
    bridging = change_cycle(Monthly(UTC), Weekly(UTC), NOON).periods[1]
    assert told(change_cycle(Weekly(UTC), Daily(UTC), bridging)) == [
        "2026-04-01/2026-04-05",
        "2026-04-06/2026-04-06",
    ]


def test_a_current_period_of_another_cycle_is_refused():
    with pytest.raises(InvalidValue, match="a period that ends at a bound of this cycle"):
        change_cycle(
            Weekly(UTC), Daily(UTC), BillingPeriod.between(UTC, "2026-03-01", "2026-04-01")
        )


@pytest.mark.parametrize(
    ("field", "arguments"),
    [("old", (None, Monthly(UTC), NOON)), ("new", (Monthly(UTC), "monthly", NOON))],
)
def test_what_is_no_cycle_is_refused(field, arguments):
    with pytest.raises(InvalidType) as refusal:
        change_cycle(*arguments)
    assert refusal.value.field == field
