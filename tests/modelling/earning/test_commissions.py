"""Columns give the commission of the rules, for every schedule, method and size of amount."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distbilling.errors import InvalidValue
from distbilling.modelling.earning.commissions import Operations, commissions, with_rates
from distbilling.modelling.engines import engine_of
from distbilling.modelling.tables.rate_tables import Agreement, Reach, rate_tables
from distbilling.money import Currency, RoundingMethod
from distbilling.money.units import from_units, units_of
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.schedule import Schedule
from distbilling.rules.agreement.terms import Terms
from distbilling.rules.commission import commission_on
from distbilling.testing.strategies.chains import schedules_in
from distbilling.testing.strategies.schedules import schedules

METHODS = tuple(RoundingMethod)
OPERATIONS = Operations("amount", "base", "so_far", "months", "items")
NAMES = ("plan", "amount", "base", "so_far", "months", "items", "method")
KINDS = (
    "polars",
    "polars-lazy",
    "pandas-numpy",
    "pandas-nullable",
    "pandas-arrow",
    "pyarrow",
    "duckdb",
)
LARGEST = 2**63 - 10**6 - 1


def _in_columns(
    plans: list[Schedule],
    digits: int,
    rows: list[tuple[int, ...]],
    reach: Reach,
    as_kind: Callable[[pl.DataFrame], Any] = lambda frame: frame,
) -> list[int]:
    tables = rate_tables([Agreement(Terms(plan, plan), digits) for plan in plans], reach)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.Int64), orient="row")
    frame = frame.with_columns(slot=2 * pl.col("plan"), at_us=pl.lit(0)).with_row_index(
        "row_number"
    )
    engine = engine_of(as_kind(frame))
    rated = with_rates(engine.frame, tables, engine)
    operations = commissions(rated, tables, METHODS, OPERATIONS, engine)
    return engine.rows(operations).sort("row_number")["earned"].to_list()


def _by_the_rules(plans: list[Schedule], digits: int, rows: list[tuple[int, ...]]) -> list[int]:
    currency = {0: "JPY", 2: "USD", 3: "KWD"}[digits]
    figures = []
    for plan, amount, base, so_far, months, items, method in rows:
        circumstances = Circumstances(items, from_units(so_far, digits, currency), months)
        earned = commission_on(
            from_units(base, digits, currency),
            plans[plan],
            METHODS[method],
            circumstances=circumstances,
        ).earned
        figures.append(min(units_of(earned, digits), amount))
    return figures


def _rows(plans: int, most: int) -> st.SearchStrategy[list[tuple[int, ...]]]:
    amounts = st.integers(0, most) | st.integers(0, min(most, 400_000))
    row = st.tuples(
        st.integers(0, plans - 1),
        amounts,
        st.integers(0, min(most, 400_000)),
        st.integers(0, 36),
        st.integers(1, 9),
        st.integers(0, len(METHODS) - 1),
    ).map(lambda drawn: (drawn[0], drawn[1], *drawn[1:]))
    return st.lists(row, min_size=1, max_size=30)


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3)])
@given(data=st.data())
def test_many_schedules_at_once_give_what_each_gives_alone(
    currency: str, digits: int, data: st.DataObject
) -> None:
    plans = data.draw(st.lists(schedules(currency), min_size=1, max_size=5))
    rows = data.draw(_rows(len(plans), 10**13))
    reach = Reach(max(row[2] for row in rows), max(row[2] + row[3] for row in rows), 9)
    try:
        earned = _in_columns(plans, digits, rows, reach)
    except InvalidValue as refused:
        assert refused.field == "terms"  # noqa: PT017 - or else it is computed
        return
    assert earned == _by_the_rules(plans, digits, rows)


@settings(max_examples=30)
@given(data=st.data())
def test_also_near_the_largest_that_columns_hold(data: st.DataObject) -> None:
    plans = data.draw(st.lists(schedules("USD"), min_size=1, max_size=3))
    rows = [row for row in data.draw(_rows(len(plans), LARGEST)) if row[2] + row[3] <= LARGEST] or [
        (0, LARGEST, LARGEST, 0, 1, 1, 0)
    ]
    reach = Reach(max(row[2] for row in rows), max(row[2] + row[3] for row in rows), 9)
    try:
        earned = _in_columns(plans, 2, rows, reach)
    except InvalidValue as refused:
        assert refused.field in {"terms", "transactions"}  # noqa: PT017 - or else it is computed
        return
    assert earned == _by_the_rules(plans, 2, rows)


@pytest.mark.parametrize("method", METHODS)
def test_every_schedule_by_every_method_on_every_kind_of_frame(method, kind, as_kind) -> None:
    plans = _different_schedules("USD")[:: 3 if kind != "duckdb" else 25]
    rows = _drawn(
        Random(method.value).choice,  # noqa: S311
        len(plans),
        10**9,
        2 * len(plans),
        METHODS.index(method),
    )
    reach = Reach(10**9, 10**9 + 400_000, 9)
    assert _in_columns(plans, 2, rows, reach, partial(as_kind, kind=kind)) == _by_the_rules(
        plans, 2, rows
    )


@pytest.mark.exhaustive
@pytest.mark.parametrize("method", METHODS)
def test_two_hundred_thousand_commissions_by_every_method_agree(method, as_kind) -> None:
    choose = Random(f"commissions {method.value}").choice  # noqa: S311 - chosen, not secret
    compared = dict.fromkeys(KINDS, 0)
    for currency, digits in (("USD", 2), ("JPY", 0), ("KWD", 3)):
        every = _different_schedules(currency)
        by_base = [plan for plan in every if not _asks_volume(plan)]
        for plans, most in (
            (every, 10**6),
            (every, 10**13),
            (every, 2**60),
            (by_base, LARGEST - 10**5),
        ):
            rows = _drawn(
                choose, len(plans), most, 17_000, METHODS.index(method), volume=plans is every
            )
            reach = Reach(most, most + 400_000 if plans is every else most, 9)
            expected = _by_the_rules(plans, digits, rows)
            for kind in KINDS:
                earned = _in_columns(plans, digits, rows, reach, partial(as_kind, kind=kind))
                assert earned == expected
                compared[kind] += len(rows)
    print(f"{method.value}: {compared}")


@pytest.mark.exhaustive
@settings(max_examples=60)
@given(plans=st.lists(schedules("USD", 3), min_size=1, max_size=6), seed=st.integers(0, 2**32))
def test_two_hundred_thousand_commissions_of_nested_schedules_agree(
    plans: list[Schedule], seed: int
) -> None:
    choose = Random(seed).choice  # noqa: S311 - chosen, not secret
    most = choose((10**6, 10**13, 2**58))
    rows = [
        (*row[:-1], choose(range(len(METHODS))))
        for row in _drawn(choose, len(plans), most, 5_000, 0)
    ]
    try:
        earned = _in_columns(plans, 2, rows, Reach(most, most + 400_000, 9))
    except InvalidValue as refused:
        assert refused.field in {"terms", "transactions"}  # noqa: PT017 - or else it is computed
        return
    assert earned == _by_the_rules(plans, 2, rows)


def _different_schedules(currency: str) -> list[Schedule]:
    return list(dict.fromkeys(schedules_in(Currency(currency))))


def _asks_volume(plan: Schedule) -> bool:
    return bool(rate_tables([Agreement(Terms(plan, plan), 2)], Reach(1, 1)).asks_volume)


def _drawn(  # noqa: PLR0913 - each is a choice of its own
    choose: Callable[..., Any],
    plans: int,
    most: int,
    count: int,
    method: int,
    *,
    volume: bool = True,
) -> list[tuple[int, ...]]:
    """Return operations of all plans in turn; half of their amounts are of everyday size."""
    rows: list[tuple[int, ...]] = []
    for number in range(count):
        amount = choose((choose(range(most + 1)), choose(range(min(most, 400_000)))))
        so_far = choose(range(400_000)) if volume else 0
        rows.append(
            (
                number % plans,
                amount,
                amount,
                so_far,
                choose(range(37)),
                choose(range(1, 10)),
                method,
            )
        )
    return rows
