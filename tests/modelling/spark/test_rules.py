"""On Spark the rules in columns give the figures of the scalar rules, to the minor unit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import attrs
import polars as pl
import pytest

from distbilling import Distributor
from distbilling.errors import InvalidFields
from distbilling.modelling import Book, assign_periods, exposure, settle, statements
from distbilling.money import Percent, RoundingMethod, units_of
from distbilling.periods.instant import instant_at, microseconds_of
from distbilling.rules.agreement.terms import Terms
from distbilling.testing.sample_data import distributor
from distbilling.testing.scalar_oracle import ScalarOracle
from distbilling.testing.strategies.random_books import distributors_by

pytestmark = pytest.mark.slow

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MARCH = 1_772_700_000_000_000
LARGEST = 2**63 - 10**6 - 1
FIGURES = (
    "opening",
    "brought_forward",
    "collected",
    "sales",
    "reversed",
    "adjusted",
    "commission",
    "remitted",
    "closing",
)
UNTOLD = ("at", "base")


def book_of(distributors: dict[str, Distributor]) -> Book:
    return Book(tuple(distributors.values()))


def since_1970(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is told of each share, by transaction, the seller first."""
    told = [{name: value for name, value in row.items() if name not in UNTOLD} for row in rows]
    return sorted(told, key=lambda row: (row["transaction"], row["level"]))


def test_every_level_earns_and_owes_what_the_rules_say_one_by_one(
    trade, frame_of, as_kind, rows_of
):
    distributors, rows = trade(3, sellers=3, count=50)
    found = settle(as_kind(frame_of(rows), "pyspark"), book_of(distributors))
    assert in_order(rows_of(found)) == in_order(ScalarOracle(distributors).take_all(rows))


def test_every_statement_is_the_one_that_the_rules_write(trade, frame_of, as_kind, rows_of):
    distributors, rows = trade(51, sellers=3, count=60)
    books = ScalarOracle(distributors)
    books.take_all(rows)
    told = sorted(
        (
            each.distributor.id,
            each.period.start_microseconds,
            each.period.end_microseconds,
            *(
                units_of(getattr(each, name), each.distributor.currency.digits or 0)
                for name in FIGURES
            ),
        )
        for each in books.statements()
    )
    found = rows_of(statements(as_kind(frame_of(rows), "pyspark"), book_of(distributors)))
    assert told == sorted(
        (
            row["distributor"],
            since_1970(row["period_start"]),
            since_1970(row["period_end"]),
            *(row[name] for name in FIGURES),
        )
        for row in found
    )


def test_every_event_is_one_that_the_rules_tell_and_balances_are_those_of_polars(
    trade, frame_of, as_kind, rows_of
):
    distributors, rows = trade(2, sellers=4, count=60, largest=30_000)
    books = ScalarOracle(distributors)
    books.take_all(rows)
    found = exposure(as_kind(frame_of(rows), "pyspark"), book_of(distributors))
    events = sorted(
        (row["key"], row["transaction"], row["distributor"], row["at"], row["owed"])
        for row in rows_of(found.events)
    )
    assert events == sorted(
        (
            notice.key,
            transaction,
            notice.distributor,
            notice.at,
            units_of(notice.owed, notice.owed.currency.digits or 0),
        )
        for transaction, notice in books.notices
    )
    here = exposure(frame_of(rows), book_of(distributors)).balances

    def in_turn(balances: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(balances, key=lambda row: (row["distributor"], row["transaction"]))

    assert in_turn(rows_of(found.balances)) == in_turn(rows_of(here))


@pytest.mark.parametrize("zone", ["UTC", "America/Havana"])
def test_every_instant_is_in_the_period_that_its_distributor_gives_it(
    zone, as_kind, rows_of, local_session
):
    choose = Random(5).choice  # noqa: S311 - seeded on purpose
    distributors = distributors_by(choose, 12)
    rows = []
    for seller in distributors.values():
        created = microseconds_of(seller.created, "created")
        for _ in range(20):
            period = seller.period_at(instant_at(created + choose(range(10**14)), "UTC"))
            near = [period.start_microseconds, period.end_microseconds - 1, period.end_microseconds]
            rows += [{"distributor": seller.id, "at": at} for at in near]
    local_session.conf.set("spark.sql.session.timeZone", zone)
    try:
        found = rows_of(
            assign_periods(as_kind(pl.DataFrame(rows), "pyspark"), book_of(distributors))
        )
    finally:
        local_session.conf.set("spark.sql.session.timeZone", "UTC")
    assert len(found) == len(rows)
    for row in found:
        period = distributors[row["distributor"]].period_at(instant_at(row["at"], "UTC"))
        assert (since_1970(row["period_start"]), since_1970(row["period_end"])) == (
            period.start_microseconds,
            period.end_microseconds,
        )


def test_a_flat_book_is_exact_up_to_the_largest_amounts_however_it_is_rounded(
    frame_of, as_kind, rows_of
):
    amounts = (
        [LARGEST - 7919 * turn for turn in range(40)]
        + [2**53 + turn for turn in range(9)]
        + list(range(1, 200))
    )
    sellers = {
        method.value: attrs.evolve(
            distributor("hudson"),
            id=method.value,
            terms=Terms(Percent("15"), Percent("12.3457"), method),
        )
        for method in RoundingMethod
    }
    rows = [
        {
            "distributor": seller,
            "kind": ("sale", "payment")[number % 2],
            "at": MARCH + number,
            "amount": amount,
        }
        for number, amount in enumerate(amounts)
        for seller in sellers
    ]
    rows = [{"transaction": number, **row} for number, row in enumerate(rows)]
    found = settle(as_kind(frame_of(rows), "pyspark"), book_of(sellers))
    assert in_order(rows_of(found)) == in_order(ScalarOracle(sellers).take_all(rows))


def test_a_flat_book_without_reversals_leaves_all_work_until_it_is_asked_for(
    frame_of, as_kind, local_session
):
    rows = [
        {"transaction": 1, "distributor": "hudson", "kind": "payment", "at": MARCH, "amount": 1001}
    ]
    frame = as_kind(frame_of(rows), "pyspark")
    before = local_session.sparkContext._jsc.getPersistentRDDs().size()
    found: Any = settle(frame, Book.of(distributor("hudson")))
    assert local_session.sparkContext._jsc.getPersistentRDDs().size() == before
    plan = found._jdf.queryExecution().optimizedPlan().toString()
    assert "Window" not in plan


def test_no_row_is_too_large_or_too_small_to_be_refused_by_its_key(frame_of, as_kind):
    amounts = [-(2**63), 2**63 - 1, 5, 5]
    rows = [
        {
            "transaction": number,
            "distributor": "hudson",
            "kind": "payment",
            "at": MARCH,
            "amount": amount,
            "discount": discount,
        }
        for number, (amount, discount) in enumerate(
            zip(amounts, [-(2**63), 2**63 - 1, 2**63 - 1, None], strict=True)
        )
    ]
    with pytest.raises(InvalidFields) as refused:
        settle(as_kind(frame_of(rows), "pyspark"), Book.of(distributor("hudson")))
    told = str(refused.value)
    assert "transaction 0, amount: -9223372036854775808" in told
    assert "transaction 1, amount: 9223372036854775807" in told
    assert "transaction 2, discount: 9223372036854775807" in told
    assert "transaction 3" not in told


def test_text_that_is_no_amount_is_refused_and_not_cast(frame_of, as_kind, rows_of):
    written = ["12.50", "ten", "", "0.001"]
    frame = frame_of(
        [
            {"transaction": number, "distributor": "hudson", "kind": "payment", "at": MARCH}
            for number in range(4)
        ]
    ).with_columns(amount=pl.Series(written))
    with pytest.raises(InvalidFields) as refused:
        settle(as_kind(frame, "pyspark"), Book.of(distributor("hudson")))
    assert all(
        f"transaction {number}, amount: {written[number]!r}" in str(refused.value)
        for number in (1, 2, 3)
    )
    assert [
        row["amount"]
        for row in rows_of(
            settle(as_kind(frame.head(1), "pyspark"), Book.of(distributor("hudson")))
        )
    ] == [1250]
