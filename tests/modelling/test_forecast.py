"""Forecasts are the same of one seed, and made of a distributor's own weeks alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import polars as pl
import pytest

from distbilling.errors import InvalidType, InvalidValue
from distbilling.modelling import Book, forecast
from distbilling.money import Money, Percent
from distbilling.periods.instant import microseconds_of
from distbilling.rules.credit import CreditTerms, Limit, Unlimited
from distbilling.rules.credit.increase import LimitIncrease
from distbilling.testing.sample_data import distributor

HUDSON = distributor("hudson")
BOOK = Book.of(HUDSON, distributor("soho"))
DAY = 86_400_000_000
FIRST = microseconds_of(dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC), "at")  # a Monday


def daily(days: int, amounts: list[int], who: str = "hudson") -> list[dict[str, Any]]:
    """Return one payment a day, of amounts that come in turn."""
    return [
        {
            "transaction": f"{who}-{day}",
            "distributor": who,
            "kind": "payment",
            "at": FIRST + day * DAY,
            "amount": amounts[day % len(amounts)],
        }
        for day in range(days)
        if amounts[day % len(amounts)]
    ]


def ahead(rows: list[dict[str, Any]], book: Book = BOOK, **choices: Any) -> pl.DataFrame:
    chosen: dict[str, Any] = {"seed": 7, "days": 14, "paths": 50, "history": 28, **choices}
    return forecast(pl.DataFrame(rows), book, **chosen)


def test_weeks_that_are_all_alike_come_again_to_the_day():
    week = [1000, 2000, 3000, 4000, 5000, 0, 6000]
    predicted = ahead(daily(28, week)).filter(pl.col("distributor") == "hudson")
    owed = sum(amount * 9 // 10 for amount in week) * 4
    expected = []
    for day in range(14):
        owed += week[day % 7] * 9 // 10
        expected.append((dt.date(2026, 3, 30) + dt.timedelta(days=day), owed, owed, owed))
    assert predicted.select("day", "p05", "p50", "p95").rows() == expected


def test_one_seed_gives_one_forecast_and_another_seed_another():
    rows = daily(28, [1000, 200, 7000, 1, 450, 90_000, 3, 18])
    assert ahead(rows).equals(ahead(rows))
    assert not ahead(rows).equals(ahead(rows, seed=8))


def test_nobody_else_bears_on_a_forecast():
    rows = daily(28, [1000, 200, 7000, 1, 450, 90_000, 3, 18])
    together = ahead([*rows, *daily(28, [5], "soho")]).filter(pl.col("distributor") == "hudson")
    assert together.equals(ahead(rows).filter(pl.col("distributor") == "hudson"))


def test_percentiles_are_in_order_and_chances_only_grow():
    predicted = ahead(daily(28, [1000, 200, 7000, 1, 450, 900, 3, 18]), paths=200, days=40)
    for lower, higher in (("p05", "p25"), ("p25", "p50"), ("p50", "p75"), ("p75", "p95")):
        assert (predicted[lower] <= predicted[higher]).all()
    assert predicted["chance_of_limit"].is_sorted()
    assert predicted["chance_of_limit"].is_between(0, 1000).all()


def test_whoever_surely_reaches_the_limit_is_told_so_from_that_day_on():
    predicted = ahead(daily(28, [1000]))  # 9.00 more a day on 252.00, and a limit of 1,000.00
    assert predicted["chance_of_limit"].max() == 0
    nearer = attrs.evolve(HUDSON, credit=CreditTerms(Limit(Money("300.00", "USD"))))
    predicted = ahead(daily(28, [1000]), Book.of(nearer))
    assert predicted["chance_of_limit"].to_list() == [0] * 5 + [1000] * 9
    assert predicted["limit"].to_list() == [30_000] * 14


def test_a_limit_that_is_raised_for_a_time_counts_while_it_is():
    tenth = CreditTerms(Limit(Money("280.00", "USD")))
    raised = LimitIncrease(
        "maria",
        granted=dt.datetime(2026, 3, 30, tzinfo=dt.UTC),
        until=dt.datetime(2026, 4, 3, 12, tzinfo=dt.UTC),
        raises_by=Percent("10"),
    )
    predicted = ahead(
        daily(28, [1000]), Book.of(attrs.evolve(HUDSON, credit=tenth, increases=(raised,)))
    )
    assert predicted["limit"].to_list()[:6] == [30_800] * 4 + [28_000] * 2
    assert predicted["chance_of_limit"].to_list()[:6] == [0] * 4 + [1000] * 2


def test_without_a_limit_there_is_no_chance_of_one():
    predicted = ahead(
        daily(28, [1000]), Book.of(attrs.evolve(HUDSON, credit=CreditTerms(Unlimited())))
    )
    assert predicted["limit"].null_count() == 14
    assert predicted["chance_of_limit"].max() == 0


def test_the_days_before_the_first_count_as_idle():
    predicted = ahead(daily(1, [7000]), history=14, paths=400)
    assert set(predicted["p05"].to_list()[:7]) == {
        6300
    }  # one of two weeks has a payment, on its last day
    assert predicted["p95"].to_list()[6] == 12_600


def test_progress_is_told_to_the_end():
    calls = []
    ahead(
        [*daily(7, [1000]), *daily(7, [1000], "soho")],
        progress=lambda done, parts: calls.append((done, parts)),
    )
    assert calls == [(0, 2), (1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("name", "value"), [("days", 0), ("paths", 0), ("history", 4000), ("paths", 100_001)]
)
def test_how_far_and_how_often_is_within_bounds(name, value):
    with pytest.raises(InvalidValue, match=name):
        ahead(daily(7, [1000]), **{name: value})


@pytest.mark.parametrize(("name", "value"), [("seed", "7"), ("days", 1.5)])
def test_seed_and_days_are_whole_numbers(name, value):
    with pytest.raises(InvalidType, match=name):
        ahead(daily(7, [1000]), **{name: value})
