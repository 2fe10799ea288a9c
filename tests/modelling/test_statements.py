"""Statements in columns are those of the rules, period by period, from opening to closing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distbilling.modelling import Book, settle, statements
from distbilling.money import units_of
from distbilling.rules.ledger.statement import FIGURES
from distbilling.rules.parties import Distributor
from distbilling.testing.sample_data import distributor
from distbilling.testing.scalar_oracle import ScalarOracle

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MARCH = 1_772_700_000_000_000
COLUMNS = ("distributor", "currency", "period_start", "period_end", *FIGURES)


def book_of(distributors: dict[str, Distributor]) -> Book:
    return Book(tuple(distributors.values()))


def by_the_rules(distributors: dict[str, Distributor], rows: list[dict[str, Any]]) -> list[Any]:
    """Return the statements of the scalar rules, by distributor and period."""
    books = ScalarOracle(distributors)
    books.take_all(rows)
    statement_rows = []
    for statement in books.statements():
        seller, period = statement.distributor, statement.period
        figures = (
            units_of(getattr(statement, name), seller.currency.digits or 0) for name in FIGURES
        )
        ends = (
            EPOCH + timedelta(microseconds=end)
            for end in (period.start_microseconds, period.end_microseconds)
        )
        statement_rows.append((seller.id, seller.currency.code, *ends, *figures))
    return sorted(statement_rows)


def in_columns(rows: list[dict[str, Any]]) -> list[Any]:
    return sorted(tuple(row[name] for name in COLUMNS) for row in rows)


@pytest.mark.parametrize("seed", range(6))
def test_every_statement_is_the_one_that_the_rules_write(seed, trade, frame_of):
    distributors, rows = trade(seed)
    assert in_columns(statements(frame_of(rows), book_of(distributors)).to_dicts()) == by_the_rules(
        distributors, rows
    )


@settings(max_examples=5)
@given(seed=st.integers(0, 2**32))
def test_whatever_the_book_and_the_history(seed, trade, frame_of):
    distributors, rows = trade(seed, sellers=4, count=40)
    assert in_columns(statements(frame_of(rows), book_of(distributors)).to_dicts()) == by_the_rules(
        distributors, rows
    )


def test_on_every_kind_of_frame(kind, as_kind, rows_of, trade, frame_of):
    distributors, rows = trade(51, sellers=3, count=40)
    answer = statements(as_kind(frame_of(rows), kind), book_of(distributors))
    assert in_columns(rows_of(answer)) == by_the_rules(distributors, rows)


def test_they_come_by_distributor_and_period(trade, frame_of):
    distributors, rows = trade(2)
    answer = (
        statements(frame_of(rows), book_of(distributors))
        .select("distributor", "period_start")
        .rows()
    )
    assert answer == sorted(answer)


@pytest.mark.parametrize("seed", range(60, 63))
def test_every_closing_adds_up_and_is_the_next_opening(seed, trade, frame_of):
    distributors, rows = trade(seed)
    answer = statements(frame_of(rows), book_of(distributors))
    owed = pl.col("opening") + pl.col("brought_forward") + pl.col("collected") + pl.col("sales")
    owed += pl.col("adjusted") - pl.col("reversed") - pl.col("commission") - pl.col("remitted")
    assert answer.filter(owed != pl.col("closing")).is_empty()
    opened = pl.col("closing").shift(1).over("distributor").fill_null(0)
    assert answer.filter(opened != pl.col("opening")).is_empty()


@pytest.mark.parametrize("seed", range(70, 73))
def test_what_all_transactions_add_is_the_last_closing(seed, trade, frame_of):
    distributors, rows = trade(seed)
    frame, book = frame_of(rows), book_of(distributors)
    last = statements(frame, book).group_by("distributor").agg(pl.col("closing").last())
    added = settle(frame, book).group_by("distributor").agg(pl.col("adds").sum())
    assert dict(last.iter_rows()) == dict(added.iter_rows())


def test_opening_balances_are_brought_forward_and_may_be_in_favour_of_the_distributor(
    kind, as_kind, rows_of
):
    rows = {
        "transaction": [1, 2],
        "distributor": "hudson",
        "kind": ["opening_balance", "remittance"],
        "at": MARCH,
        "amount": [-500, 200],
    }
    (row,) = rows_of(statements(as_kind(pl.DataFrame(rows), kind), Book.of(distributor("hudson"))))
    assert [row[name] for name in FIGURES] == [0, -500, 0, 0, 0, 0, 0, 200, -700]


def test_nothing_booked_is_no_statement(kind, as_kind, rows_of, frame_of):
    assert rows_of(statements(as_kind(frame_of([]), kind), Book.of(distributor("hudson")))) == []


def test_balances_may_come_close_to_the_largest_that_a_column_holds(kind, as_kind, rows_of):
    largest = 2**63 - 10**6 - 1
    rows = {
        "transaction": [1, 2],
        "distributor": "hudson",
        "kind": ["opening_balance", "remittance"],
        "at": MARCH,
        "amount": [largest, 10**6],
    }
    (row,) = rows_of(statements(as_kind(pl.DataFrame(rows), kind), Book.of(distributor("hudson"))))
    assert row["closing"] == largest - 10**6


@pytest.mark.exhaustive
def test_thousands_of_statements_agree(as_kind, rows_of, trade, frame_of):
    compared = 0
    for seed in range(900, 904):
        distributors, rows = trade(seed, sellers=60, count=8_000)
        expected = by_the_rules(distributors, rows)
        for kind in (
            "polars",
            "pandas-numpy",
            "pandas-nullable",
            "pandas-arrow",
            "pyarrow",
            *(("duckdb",) if seed == 900 else ()),
        ):
            answer = statements(as_kind(frame_of(rows), kind), book_of(distributors))
            assert in_columns(rows_of(answer)) == expected
        compared += len(expected)
    print(f"statements compared: {compared}")
