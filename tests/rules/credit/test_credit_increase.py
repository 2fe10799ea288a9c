"""Credit limits raised for a time: from when until when, by how much, and by whom."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.money import Money, Percent
from distbilling.rules.credit import Limit, Unlimited
from distbilling.rules.credit.increase import (
    AboveCap,
    IncreaseCaps,
    LimitIncrease,
    exceeded_cap,
    limit_in_force,
)
from distbilling.testing.sample_data import MORNING, usd

TWO_HUNDRED = Limit(usd("200"))
MICROSECOND = dt.timedelta(microseconds=1)
DAYS = st.integers(0, 12)


def raised(by: Money | Percent, days: int = 7, since: pendulum.DateTime = MORNING) -> LimitIncrease:
    """Return a limit raised for so many days."""
    return LimitIncrease("maria", granted=since, until=since.add(days=days), raises_by=by)


@pytest.mark.parametrize(
    ("by", "limit"),
    [
        (usd("20"), "220"),
        (Percent("10"), "220"),
        (Percent("100"), "400"),
        (Percent("0.001"), "200.002"),
    ],
)
def test_a_limit_is_raised_from_the_granting_on_and_no_more_at_the_end(by, limit):
    increase = raised(by)
    at_times = [MORNING - MICROSECOND, MORNING, increase.until - MICROSECOND, increase.until]
    found = [limit_in_force(TWO_HUNDRED, [increase], at) for at in at_times]
    assert found == [TWO_HUNDRED, Limit(usd(limit)), Limit(usd(limit)), TWO_HUNDRED]


def test_without_an_increase_the_permanent_limit_is_in_force():
    assert limit_in_force(TWO_HUNDRED, (), MORNING) is TWO_HUNDRED


def test_an_instant_without_a_zone_is_no_instant():
    with pytest.raises(InvalidValue) as refused:
        limit_in_force(TWO_HUNDRED, [raised(usd("20"))], dt.datetime(2026, 3, 1))  # noqa: DTZ001
    assert refused.value.field == "at"


def test_what_has_no_limit_has_none_whatever_was_granted_before():
    assert limit_in_force(Unlimited(), [raised(usd("20"))], MORNING) == Unlimited()


def test_increases_do_not_add_up_the_one_granted_last_counts_and_then_the_one_before():
    first = raised(usd("50"), days=10)
    second = raised(usd("20"), days=3, since=MORNING.add(days=1))
    days = [
        limit_in_force(TWO_HUNDRED, [first, second], MORNING.add(days=day))
        for day in (0, 1, 3, 4, 9, 10)
    ]
    assert days == [Limit(usd(limit)) for limit in ("250", "220", "220", "250", "250", "200")]
    assert days == [
        limit_in_force(TWO_HUNDRED, [second, first], MORNING.add(days=day))
        for day in (0, 1, 3, 4, 9, 10)
    ]


def test_of_two_increases_granted_at_once_the_later_on_record_counts():
    both = [raised(usd("50")), raised(usd("20"))]
    assert limit_in_force(TWO_HUNDRED, both, MORNING) == Limit(usd("220"))
    assert limit_in_force(TWO_HUNDRED, both[::-1], MORNING) == Limit(usd("250"))


@given(st.lists(st.tuples(DAYS, st.integers(1, 12), st.integers(1, 90)), max_size=5), DAYS)
def test_the_limit_in_force_is_that_of_the_latest_granting_still_in_force(granted, day):
    increases = [raised(usd(str(by)), days, MORNING.add(days=since)) for since, days, by in granted]
    expected = 200
    for since, days, by in sorted(granted, key=lambda each: each[0]):
        expected = 200 + by if since <= day < since + days else expected
    assert limit_in_force(TWO_HUNDRED, increases, MORNING.add(days=day)) == Limit(
        usd(str(expected))
    )


def test_a_raised_limit_changes_at_grantings_and_ends_alone():
    increase = raised(Percent("10"), days=2)
    hours = [
        limit_in_force(TWO_HUNDRED, [increase], MORNING.add(hours=hour)) for hour in range(-5, 60)
    ]
    assert sum(before != after for before, after in pairwise(hours)) == 2


@pytest.mark.parametrize(
    "end", [MORNING, MORNING.subtract(days=1)], ids=["at the granting", "in the past"]
)
def test_an_increase_that_has_ended_when_it_is_granted_is_refused_with_both_instants(end):
    with pytest.raises(InvalidValue) as refused:
        LimitIncrease("maria", MORNING, end, usd("20"))
    assert (refused.value.field, refused.value.value) == ("until", end)
    assert refused.value.accepted == f"an instant after the granting, {MORNING.isoformat()}"
    assert LimitIncrease("maria", MORNING, MORNING + MICROSECOND, usd("20")).is_in_force(MORNING)


@pytest.mark.parametrize(
    "nothing", [usd("0"), usd("-20"), Percent("0")], ids=["0.00", "-20.00", "0 %"]
)
def test_a_limit_is_raised_by_something(nothing):
    with pytest.raises(InvalidValue) as refused:
        raised(nothing)
    assert (refused.value.field, refused.value.value) == ("raises_by", nothing)
    assert refused.value.accepted == "an amount above zero, or a Percent of the limit above zero"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("by", ""),
        ("granted", dt.datetime(2026, 3, 1)),  # noqa: DTZ001
        ("until", "soon"),
        ("raises_by", 20),
    ],
    ids=["by", "granted", "until", "raises_by"],
)
def test_what_is_wrong_with_an_increase_is_told_by_field(field, given):
    valid: dict[str, Any] = {
        "by": "maria",
        "granted": MORNING,
        "until": MORNING.add(days=1),
        "raises_by": usd("1"),
    }
    with pytest.raises((InvalidType, InvalidValue)) as refused:
        LimitIncrease(**valid | {field: given})
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("by", "most", "asked"),
    [
        (usd("20"), Percent("10"), None),
        (usd("20.01"), Percent("10"), "20.01"),
        (Percent("10"), usd("20"), None),
        (Percent("10.1"), usd("20"), "20.2"),
        (Percent("10.1"), Percent("10"), "20.2"),
        (usd("0.01"), usd("0"), "0.01"),
    ],
    ids=[
        "20 of 10 %",
        "20.01 of 10 %",
        "10 % of 20",
        "10.1 % of 20",
        "10.1 % of 10 %",
        "a cent of nothing",
    ],
)
def test_a_grantor_may_raise_up_to_its_cap_and_not_a_cent_further(by, most, asked):
    cap = most.of(usd("200")) if isinstance(most, Percent) else most
    found = exceeded_cap(TWO_HUNDRED, raised(by), IncreaseCaps(most, days=30))
    assert found == (None if asked is None else AboveCap("raises_by", cap, usd(asked)))


@pytest.mark.parametrize(
    ("lasts", "asked"),
    [
        (dt.timedelta(days=30), None),
        (dt.timedelta(days=30, microseconds=1), 31),
        (dt.timedelta(days=31), 31),
        (dt.timedelta(days=31, hours=1), 32),
        (dt.timedelta(microseconds=1), None),
    ],
    ids=["30 days", "a microsecond more", "31 days", "an hour more", "a microsecond"],
)
def test_a_grantor_may_raise_a_limit_for_so_many_times_24_hours_and_no_longer(lasts, asked):
    increase = LimitIncrease("maria", MORNING, MORNING + lasts, usd("20"))
    found = exceeded_cap(TWO_HUNDRED, increase, IncreaseCaps(usd("20"), days=30))
    assert found == (None if asked is None else AboveCap("days", 30, asked))


def test_what_is_above_both_caps_is_told_by_its_amount():
    found = exceeded_cap(TWO_HUNDRED, raised(usd("21"), days=31), IncreaseCaps(usd("20"), days=30))
    assert found == AboveCap("raises_by", usd("20"), usd("21"))


def test_no_limit_cannot_be_raised():
    for by in (usd("20"), Percent("10")):
        with pytest.raises(
            InvalidValue,
            match=r"limit: Unlimited\(\) is not accepted; give a Limit: what has no limit",
        ):
            exceeded_cap(Unlimited(), raised(by), IncreaseCaps(Percent("10"), 30))


def test_limit_increase_and_cap_are_in_one_currency():
    euro = Money("20", "EUR")
    with pytest.raises(CurrencyMismatch):
        limit_in_force(TWO_HUNDRED, [raised(euro)], MORNING)
    for by, most in ((euro, Percent("10")), (usd("20"), euro), (euro, euro)):
        with pytest.raises(CurrencyMismatch) as refused:
            exceeded_cap(TWO_HUNDRED, raised(by), IncreaseCaps(most, 30))
        assert (refused.value.expected, refused.value.found) == ("USD", "EUR")


@pytest.mark.parametrize(
    ("most", "days", "field"),
    [
        (usd("-0.01"), 30, "most"),
        (20, 30, "most"),
        (usd("20"), -1, "days"),
        (usd("20"), 36_601, "days"),
        (usd("20"), True, "days"),
        (usd("20"), 1.0, "days"),
    ],
    ids=[
        "below zero",
        "no amount",
        "days below zero",
        "a day more than a century",
        "yes",
        "a float",
    ],
)
def test_caps_that_cannot_be_meant_are_refused(most, days, field):
    with pytest.raises((InvalidType, InvalidValue)) as refused:
        IncreaseCaps(most, days)
    assert (refused.value.field, refused.value.value) == (field, most if field == "most" else days)
    if field == "days":
        assert refused.value.accepted == "a whole number from 0 to 36,600"


@pytest.mark.parametrize("days", [0, 36_600], ids=["no day", "a century"])
def test_the_least_and_the_most_days_of_a_cap_are_accepted(days):
    caps = IncreaseCaps(usd("0"), days)
    assert exceeded_cap(TWO_HUNDRED, raised(usd("1")), caps) == AboveCap(
        "raises_by", usd("0"), usd("1")
    )
    assert caps.days == days
