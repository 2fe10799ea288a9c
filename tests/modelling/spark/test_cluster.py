"""A real cluster, of a master and two workers, computes what this process does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from distbilling.modelling import Book, exposure, settle, statements

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
BOOK = """
[[distributor]]
id = "hudson"
name = "Hudson Phones"
created = 2025-01-01T00:00:00-05:00
currency = "USD"
zone = "America/New_York"
billing_period = "monthly"
sales_commission = "15"
payment_commission = "10"
credit_limit = "1000.00"
warn_at = ["90%"]

[[distributor]]
id = "soho"
name = "Soho Phones"
parent = "hudson"
created = 2025-01-01T00:00:00-05:00
currency = "USD"
zone = "America/New_York"
billing_period = "weekly"
sales_commission = "12"
payment_commission = "7.25"
credit_limit = "500.00"
warn_at = ["50%"]
"""
APRIL = 1_775_001_600_000_000
HOUR = 3_600_000_000


def test_two_workers_without_python_compute_the_same_figures_as_this_machine(on_the_cluster):
    assert (
        on_the_cluster(Path(__file__).with_name("engine_on_a_cluster.py"))
        == "the same on 2 workers\n"
    )


def test_the_script_of_the_guide_writes_what_polars_computes(on_the_cluster, tmp_path):
    (tmp_path / "book.toml").write_text(BOOK, encoding="utf-8")
    book = Book.read(tmp_path / "book.toml")
    transactions = trade(book, 600)
    transactions.write_parquet(tmp_path / "transactions.parquet")
    script = tmp_path / "model_on_spark.py"
    script.write_text(of_the_guide(), encoding="utf-8")
    on_the_cluster(
        script,
        str(tmp_path / "transactions.parquet"),
        str(tmp_path / "book.toml"),
        str(tmp_path / "model"),
    )
    exposed = exposure(transactions, book)
    expected = {
        "settled": settle(transactions, book),
        "statements": statements(transactions, book),
        "balances": exposed.balances,
        "events": exposed.events,
    }
    for name, here in expected.items():
        there = pl.read_parquet(tmp_path / "model" / name / "*.parquet")
        assert here.height > 0
        assert_frame_equal(in_utc(there), in_utc(here), check_row_order=False)


def of_the_guide() -> str:
    guide = (ROOT / "docs" / "how-to" / "model-on-spark.md").read_text(encoding="utf-8")
    found = re.search(r'```python title="model_on_spark\.py"\n(.*?)```', guide, re.DOTALL)
    assert found is not None
    return found[1]


def in_utc(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.selectors.datetime().dt.cast_time_unit("us").dt.convert_time_zone("UTC")
    )


def trade(book: Book, count: int) -> pl.DataFrame:
    """Return trades, some reversed or corrected, and remittances, an hour apart."""
    sellers = [each.id for each in book.distributors]
    rows: list[dict[str, Any]] = []
    for number in range(count):
        row = {
            "transaction": number,
            "distributor": sellers[number % len(sellers)],
            "kind": ("sale", "payment")[number % 3 > 0],
        }
        row |= {
            "at": APRIL + number * HOUR,
            "amount": 101 + number * 7919 % 50_000,
            "original": None,
        }
        if number % 7 == 6:
            row |= {"kind": "remittance"}
        elif (
            number % 11 == 10
            and (number - len(sellers)) % 7 != 6
            and rows[number - len(sellers)]["original"] is None
        ):
            original = rows[number - len(sellers)]
            row |= {
                "kind": ("refund", "correction")[number % 2],
                "original": original["transaction"],
                "amount": original["amount"] // 2,
            }
        rows.append(row)
    return pl.DataFrame(rows, schema_overrides={"original": pl.Int64})
