"""DuckDB gives what the scalar rules give, with short and long tables and any names."""

from __future__ import annotations

from typing import Any

import attrs
import polars as pl
import pytest

from distbilling import Distributor
from distbilling.errors import InvalidFields
from distbilling.modelling import Book, exposure, settle, statements
from distbilling.modelling.engines import engine_of
from distbilling.money import units_of
from distbilling.testing.sample_data import distributor
from distbilling.testing.scalar_oracle import ScalarOracle

MARCH = 1_772_700_000_000_000
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
NAMES = ("O'Hara", "a\\b", '"quoted"', "50% of; --", "$1 ? :x", "東京", "line\nfeed", "")


def book_of(distributors: dict[str, Distributor]) -> Book:
    return Book(tuple(distributors.values()))


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = [
        {name: value for name, value in row.items() if name not in {"at", "base"}} for row in rows
    ]
    return sorted(rows, key=lambda row: (row["transaction"], row["level"]))


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_every_level_earns_and_owes_what_the_rules_say_one_by_one(
    seed, trade, frame_of, as_kind, rows_of
):
    distributors, rows = trade(seed, sellers=4, count=60)
    settled = settle(as_kind(frame_of(rows), "duckdb"), book_of(distributors))
    assert in_order(rows_of(settled)) == in_order(ScalarOracle(distributors).take_all(rows))


def test_statements_and_events_are_those_of_the_rules(trade, frame_of, as_kind, rows_of):
    distributors, rows = trade(24, sellers=4, count=80, largest=30_000)
    books = ScalarOracle(distributors)
    books.take_all(rows)
    expected = [
        (
            each.distributor.id,
            *(
                units_of(getattr(each, name), each.distributor.currency.digits or 0)
                for name in FIGURES
            ),
        )
        for each in books.statements()
    ]
    lines = rows_of(statements(as_kind(frame_of(rows), "duckdb"), book_of(distributors)))
    figures = [(line["distributor"], *(line[name] for name in FIGURES)) for line in lines]
    assert sorted(figures) == sorted(expected)
    events = rows_of(exposure(as_kind(frame_of(rows), "duckdb"), book_of(distributors)).events)
    assert sorted((row["key"], row["transaction"], row["at"]) for row in events) == sorted(
        (notice.key, transaction, notice.at) for transaction, notice in books.notices
    )


@pytest.mark.parametrize("size", [len(NAMES), 1_999, 2_000, 2_001])
def test_a_table_holds_what_was_put_into_it(size, as_kind):
    texts = [NAMES[row % len(NAMES)] for row in range(size)]
    numbers = [(2**63 - 1, -(2**63), None, 0)[row % 4] for row in range(size)]
    table = pl.DataFrame(
        {'a "name"': texts, "number": numbers}, schema_overrides={"number": pl.Int64}
    )
    engine = engine_of(as_kind(pl.DataFrame({"row": [0]}), "duckdb"))
    held = engine.rows(engine.from_rows(table))
    assert held.schema == table.schema
    assert held.rows() == table.rows()


def test_an_empty_table_keeps_its_types(as_kind):
    table = pl.DataFrame(schema={"name": pl.String, "number": pl.Int64})
    engine = engine_of(as_kind(pl.DataFrame({"row": [0]}), "duckdb"))
    held = engine.rows(engine.from_rows(table))
    assert held.height == 0
    assert held.schema == table.schema


def test_names_are_data_and_never_part_of_a_query(frame_of, as_kind, rows_of):
    distributors = {
        name: attrs.evolve(distributor("hudson"), id=name)
        for name in NAMES
        if name.isprintable() and name
    }
    rows = [
        {"transaction": number, "distributor": name, "kind": "payment", "at": MARCH, "amount": 1001}
        for number, name in enumerate(distributors)
    ]
    found = settle(as_kind(frame_of(rows), "duckdb"), book_of(distributors))
    assert in_order(rows_of(found)) == in_order(ScalarOracle(distributors).take_all(rows))


def test_no_row_is_too_large_or_too_small_to_be_refused_by_its_key(frame_of, as_kind):
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
            [(-(2**63), -(2**63)), (2**63 - 1, 2**63 - 1), (5, 2**63 - 1), (5, None)]
        )
    ]
    with pytest.raises(InvalidFields) as refused:
        settle(as_kind(frame_of(rows), "duckdb"), Book.of(distributor("hudson")))
    told = str(refused.value)
    assert "transaction 0, amount: -9223372036854775808" in told
    assert "transaction 1, amount: 9223372036854775807" in told
    assert "transaction 2, discount: 9223372036854775807" in told
    assert "transaction 3" not in told
