"""Columns give the running balances, warnings and suspensions that the platform sends."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distbilling import CreditTerms, Limit, Money, PercentOfLimit
from distbilling.modelling import Book, exposure, settle
from distbilling.money import units_of
from distbilling.periods.instant import instant_at
from distbilling.rules.credit.increase import LimitIncrease
from distbilling.rules.credit.notices import (
    CreditThresholdCleared,
    CreditThresholdCrossed,
    DistributorResumed,
    DistributorSuspended,
)
from distbilling.rules.parties import Distributor
from distbilling.testing.sample_data import distributor
from distbilling.testing.scalar_oracle import ScalarOracle

MARCH = 1_772_700_000_000_000
ALL_KINDS = ("polars", "pandas-numpy", "pandas-nullable", "pandas-arrow", "pyarrow", "duckdb")
NAMES: dict[type, str] = {
    CreditThresholdCrossed: "warning",
    CreditThresholdCleared: "warning_over",
    DistributorSuspended: "suspended",
    DistributorResumed: "resumed",
}


def book_of(distributors: dict[str, Distributor]) -> Book:
    return Book(tuple(distributors.values()))


def by_the_rules(distributors: dict[str, Distributor], rows: list[dict[str, Any]]) -> list[Any]:
    """Return what the scalar state machine tells, from the creation of the distributors on."""
    books = ScalarOracle(distributors)
    books.take_all(rows)
    return sorted(
        (
            notice.key,
            transaction,
            notice.distributor,
            notice.at,
            NAMES[type(notice)],
            _owed(notice),
            _threshold(notice),
        )
        for transaction, notice in books.notices
    )


def _owed(notice: Any) -> int:
    return units_of(notice.owed, notice.owed.currency.digits)


def _threshold(notice: Any) -> Decimal | None:
    return (
        notice.threshold.amount
        if isinstance(notice, CreditThresholdCrossed | CreditThresholdCleared)
        else None
    )


def in_columns(rows: list[dict[str, Any]]) -> list[Any]:
    names = ("key", "transaction", "distributor", "at", "event", "owed")
    return sorted(
        (
            *(row[name] for name in names),
            None if row["threshold"] is None else Decimal(row["threshold"]),
        )
        for row in rows
    )


@pytest.mark.parametrize("seed", range(8))
def test_every_event_is_one_that_the_rules_tell(seed, trade, frame_of):
    distributors, rows = trade(seed, count=150, largest=30_000)
    answer = exposure(frame_of(rows), book_of(distributors))
    assert in_columns(answer.events.to_dicts()) == by_the_rules(distributors, rows)


@settings(max_examples=5)
@given(seed=st.integers(0, 2**32))
def test_whatever_the_book_and_the_history(seed, trade, frame_of):
    distributors, rows = trade(seed, sellers=4, count=60, largest=30_000)
    answer = exposure(frame_of(rows), book_of(distributors))
    assert in_columns(answer.events.to_dicts()) == by_the_rules(distributors, rows)


def test_on_every_kind_of_frame(kind, as_kind, rows_of, trade, frame_of):
    distributors, rows = trade(81, sellers=3, count=60, largest=30_000)
    answer = exposure(as_kind(frame_of(rows), kind), book_of(distributors))
    assert in_columns(rows_of(answer.events)) == by_the_rules(distributors, rows)


@pytest.mark.parametrize("seed", range(3))
def test_a_balance_is_what_all_that_was_booked_until_then_adds_up_to(seed, trade, frame_of):
    distributors, rows = trade(seed)
    frame, book = frame_of(rows), book_of(distributors)
    added = (
        settle(frame, book)
        .sort("distributor", "at", "transaction")
        .select("distributor", "transaction", "at", "adds")
    )
    expected = added.with_columns(owed=pl.col("adds").cum_sum().over("distributor"))
    balances = exposure(frame, book).balances.sort("distributor", "at", "transaction")
    assert balances.select(expected.columns).equals(expected)


@pytest.mark.parametrize("seed", range(3))
def test_the_limit_beside_a_balance_is_the_one_in_force_at_that_instant(seed, trade, frame_of):
    distributors, rows = trade(seed)
    for name, at, limit in (
        exposure(frame_of(rows), book_of(distributors))
        .balances.select("distributor", "at", "limit")
        .iter_rows()
    ):
        in_force = distributors[name].limit_at(at)
        if isinstance(in_force, Limit):
            assert limit == ceil(
                Fraction(in_force.amount.amount) * 10 ** distributors[name].currency.digits
            )
        else:
            assert limit is None


def _paid(*amounts: int) -> pl.DataFrame:
    days = range(len(amounts))
    return pl.DataFrame(
        {
            "transaction": list(days),
            "distributor": "hudson",
            "kind": ["payment" if amount > 0 else "remittance" for amount in amounts],
            "at": [MARCH + day * 86_400_000_000 for day in days],
            "amount": list(map(abs, amounts)),
        }
    )


def test_a_distributor_is_warned_suspended_and_resumed_by_its_balance(kind, as_kind, rows_of):
    seller = attrs.evolve(
        distributor("hudson"),
        credit=CreditTerms(Limit(Money("1000", "USD")), (PercentOfLimit("90"),)),
    )
    answer = exposure(as_kind(_paid(100_000, 10_001, 20_000, -80_000), kind), Book.of(seller))
    events = [(row["event"], row["transaction"], row["owed"]) for row in rows_of(answer.events)]
    assert events == [
        ("warning", 1, 99_001),
        ("suspended", 2, 117_001),
        ("warning_over", 3, 37_001),
        ("resumed", 3, 37_001),
    ]


def test_a_limit_that_ends_at_night_is_noticed_at_the_next_entry():
    seller = distributor("hudson")
    granted, until = instant_at(MARCH, "UTC"), instant_at(MARCH, "UTC") + timedelta(days=1)
    increase = LimitIncrease("maria", granted=granted, until=until, raises_by=Money("500", "USD"))
    seller = attrs.evolve(seller, increases=(increase,))
    answer = exposure(_paid(120_000, 1), Book.of(seller)).events
    assert answer.filter(pl.col("event") == "suspended")["transaction"].to_list() == [1]


def test_nothing_booked_is_nothing_told(kind, as_kind, rows_of, frame_of):
    answer = exposure(as_kind(frame_of([]), kind), Book.of(distributor("hudson")))
    assert (rows_of(answer.balances), rows_of(answer.events)) == ([], [])


@pytest.mark.exhaustive
def test_hundreds_of_thousands_of_balances_tell_what_the_rules_tell(
    as_kind, rows_of, trade, frame_of
):
    compared = dict.fromkeys(ALL_KINDS, 0)
    for seed in range(700, 708):
        distributors, rows = trade(seed, sellers=60, count=12_000, largest=30_000)
        expected = by_the_rules(distributors, rows)
        for kind in ALL_KINDS[: 1 if seed > 701 else None]:
            answer = exposure(as_kind(frame_of(rows), kind), book_of(distributors))
            assert in_columns(rows_of(answer.events)) == expected
            compared[kind] += len(rows_of(answer.balances))
    print(f"balances: {compared}")
