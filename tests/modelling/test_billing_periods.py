"""Every row is in the billing period of its distributor's cycle and zone, whatever clocks do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distbilling.modelling import Book, assign_periods
from distbilling.periods import (
    Cycle,
    Daily,
    EveryDays,
    EveryMonths,
    EveryWeeks,
    MonthEnd,
    Monthly,
    Quarterly,
    Semimonthly,
    Weekly,
    Yearly,
)
from distbilling.periods.instant import instant_at, microseconds_of
from distbilling.rules.parties import Distributor
from distbilling.testing.sample_data import distributor
from distbilling.testing.strategies.chains import Choose
from distbilling.testing.strategies.random_books import ODD_ZONES

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CYCLES = (Daily, Weekly, Semimonthly, Monthly, Quarterly, Yearly)
FIRST, LAST = (
    int((datetime(year, 1, 1, tzinfo=UTC) - EPOCH).total_seconds()) * 10**6 for year in (2008, 2027)
)
ANY_INSTANT = st.datetimes(
    datetime(1932, 1, 1),  # noqa: DTZ001 - bounds are naive
    datetime(2150, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
SINCE_1931 = datetime(1931, 5, 1, 3, tzinfo=UTC)


def sellers(zones: Sequence[str], cycles: Sequence[Callable[[str], Cycle]]) -> list[Distributor]:
    """Return a distributor for each zone and cycle, created before all that happens here."""
    return [
        attrs.evolve(
            distributor("hudson"),
            id=f"{cycle.__name__} {zone}",
            cycle=cycle(zone),
            created=SINCE_1931,
        )
        for zone in zones
        for cycle in cycles
    ]


def around_boundaries(choose: Choose, seller: Distributor, count: int) -> list[int]:
    """Return instants anywhere, where the periods around them begin and end, and just before."""
    instants = [choose(range(FIRST, LAST)) for _ in range(count)]
    for at in instants[:]:
        period = seller.cycle.period_at(instant_at(at, "UTC"))
        ends = (period.start_microseconds, period.end_microseconds)
        instants += [
            near for end in ends for near in (end - 1, end, end + 1) if FIRST <= near < LAST
        ]
    return instants


def rows_of_trade(
    choose: Choose, distributors: list[Distributor], count: int
) -> list[tuple[str, int]]:
    return [
        (seller.id, at)
        for seller in distributors
        for at in around_boundaries(choose, seller, count)
    ]


def framed(rows: list[tuple[str, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"distributor": pl.String, "at": pl.Int64}, orient="row"
    ).with_row_index("row")


def by_the_rules(
    distributors: list[Distributor], rows: list[tuple[str, int]]
) -> list[tuple[int, ...]]:
    by_id = {seller.id: seller for seller in distributors}
    periods = (by_id[name].period_at(instant_at(at, "UTC")) for name, at in rows)
    return [(period.start_microseconds, period.end_microseconds) for period in periods]


def in_microseconds(rows: list[dict[str, Any]]) -> list[tuple[int, ...]]:
    return [
        tuple(
            (row[name] - EPOCH) // timedelta(microseconds=1)
            for name in ("period_start", "period_end")
        )
        for row in rows
    ]


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_every_boundary_of_every_odd_zone_is_where_the_cycle_says(zone):
    distributors = sellers([zone], CYCLES)
    rows = rows_of_trade(Random(zone).choice, distributors, 25)  # noqa: S311 - chosen, not secret
    assigned = assign_periods(framed(rows), Book(tuple(distributors)))
    assert in_microseconds(assigned.to_dicts()) == by_the_rules(distributors, rows)


def test_on_every_kind_of_frame(kind, as_kind, rows_of):
    distributors = sellers(("America/Havana", "Pacific/Apia"), (Daily, Monthly))
    rows = rows_of_trade(Random(5).choice, distributors, 5)  # noqa: S311 - chosen, not secret
    assigned = sorted(
        rows_of(assign_periods(as_kind(framed(rows), kind), Book(tuple(distributors)))),
        key=lambda row: row["row"],
    )
    assert in_microseconds(assigned) == by_the_rules(distributors, rows)


@settings(max_examples=8)
@given(at=ANY_INSTANT, zone=st.sampled_from(ODD_ZONES))
def test_any_instant_also_before_1970_is_in_the_period_of_the_cycle(at, zone):
    distributors = sellers([zone], CYCLES)
    rows = [
        (
            seller.id,
            microseconds_of(instant_at((at - EPOCH) // timedelta(microseconds=1), "UTC"), "at"),
        )
        for seller in distributors
    ]
    assigned = assign_periods(framed(rows), Book(tuple(distributors)))
    assert in_microseconds(assigned.to_dicts()) == by_the_rules(distributors, rows)


@pytest.mark.parametrize(
    "cycle",
    [
        EveryDays("Asia/Beirut", 10, date(1931, 5, 1)),
        EveryWeeks("Africa/Cairo", 2, date(1931, 5, 4)),
        EveryMonths("America/Asuncion", 5, date(1931, 5, 31), MonthEnd.CLAMP),
    ],
)
def test_cycles_that_count_do_so_from_their_first_day(cycle):
    distributors = [attrs.evolve(distributor("hudson"), cycle=cycle, created=SINCE_1931)]
    rows = rows_of_trade(Random(9).choice, distributors, 40)  # noqa: S311 - chosen, not secret
    assert in_microseconds(
        assign_periods(framed(rows), Book(tuple(distributors))).to_dicts()
    ) == by_the_rules(distributors, rows)


def test_the_first_period_starts_when_the_distributor_was_created(kind, as_kind, rows_of):
    seller = distributor("hudson")
    frame = pl.DataFrame({"distributor": ["hudson"], "at": [seller.created]})
    (row,) = rows_of(assign_periods(as_kind(frame, kind), Book.of(seller)))
    assert row["period_start"] == seller.created


def test_rows_keep_their_order_and_their_columns_whatever_they_are_of(rows_of, as_kind):
    seller = distributor("hudson")
    frame = pl.DataFrame(
        {
            "note": ["b", "a", None],
            "distributor": "hudson",
            "at": [3, 1, 2],
            "amount": [0.1, 0.2, None],
        }
    )
    frame = frame.with_columns(at=pl.col("at") + 1_772_700_000_000_000)
    for kind in ("polars", "pandas-nullable", "pyarrow"):
        assigned = rows_of(assign_periods(as_kind(frame, kind), Book.of(seller)))
        assert [row["note"] for row in assigned] == ["b", "a", None]
        assert [row["amount"] for row in assigned] == [0.1, 0.2, None]


def test_nothing_is_in_no_period(kind, as_kind, rows_of):
    frame = pl.DataFrame(
        {"distributor": [], "at": []}, schema={"distributor": pl.String, "at": pl.Int64}
    )
    assert rows_of(assign_periods(as_kind(frame, kind), Book.of(distributor("hudson")))) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "kind", ["polars", "pandas-numpy", "pandas-nullable", "pandas-arrow", "pyarrow", "duckdb"]
)
def test_hundreds_of_thousands_of_instants_around_boundaries_agree(kind, as_kind, rows_of):
    distributors = sellers(ODD_ZONES, CYCLES)
    choose = Random("boundaries").choice  # noqa: S311 - chosen, not secret
    rows = rows_of_trade(choose, distributors, 350)
    assigned = rows_of(assign_periods(as_kind(framed(rows), kind), Book(tuple(distributors))))
    assert in_microseconds(sorted(assigned, key=lambda row: row["row"])) == by_the_rules(
        distributors, rows
    )
    print(f"{kind}: {len(rows)} instants")
