"""The data of the benchmarks of columns: distributors and transactions, the same each time."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pendulum
import polars as pl

from distbilling import (
    CreditTerms,
    Currency,
    Distributor,
    Limit,
    Money,
    Percent,
    PercentOfLimit,
    Terms,
)
from distbilling.modelling import Book
from distbilling.periods import Monthly

DISTRIBUTORS = 2_000
KINDS = ("sale", *("payment",) * 7, "remittance")
YEAR_2026 = 1_767_225_600_000_000
YEAR_LONG = 365 * 86_400_000_000
_STEP, _FURTHER = 6_364_136_223_846_793_005, 1_442_695_040_888_963_407


def book() -> Book:
    """Return distributors in four zones: monthly periods, two rates, two warning thresholds."""
    choose = Random(1).choice  # noqa: S311 - chosen, not secret
    created = pendulum.datetime(2025, 12, 1)
    return Book(
        tuple(
            Distributor(
                id=f"d{number}",
                name=f"Distributor {number}",
                currency=Currency("USD"),
                terms=Terms(
                    Percent(choose(("15", "12.5", "20"))), Percent(choose(("10", "7.25", "8")))
                ),
                credit=CreditTerms(
                    Limit(Money(choose(("5000", "50000", "20000")), "USD")),
                    (PercentOfLimit("90"), PercentOfLimit("50")),
                ),
                cycle=Monthly(
                    choose(("America/New_York", "Europe/Berlin", "Asia/Tokyo", "America/Sao_Paulo"))
                ),
                created=created,
            )
            for number in range(DISTRIBUTORS)
        )
    )


def transactions(count: int) -> pl.DataFrame:
    """Return a year of transactions from 1.00 to 200.99; one in nine is a remittance."""
    number = pl.int_range(0, count, dtype=pl.Int64, eager=True)
    names = pl.Series([f"d{place}" for place in range(DISTRIBUTORS)])
    return pl.DataFrame(
        {
            "transaction": number,
            "distributor": names.gather(_scattered(number, 1, DISTRIBUTORS)),
            "kind": pl.Series(KINDS).gather(_scattered(number, 3, len(KINDS))),
            "at": YEAR_2026 + number * (YEAR_LONG // count),
            "amount": 100 + _scattered(number, 5, 20_000),
        }
    )


def written(count: int, folder: Path) -> Path:
    """Write transactions to a Parquet file in a folder and return its path."""
    path = folder / "transactions.parquet"
    transactions(count).write_parquet(path)
    return path


def _scattered(number: pl.Series, salt: int, below: int) -> pl.Series:
    mixed = number * _STEP + _FURTHER
    mixed = (mixed ^ (mixed // (2**17 + salt))) * (2_654_435_761 + 2 * salt)
    return (mixed // 65_536).abs() % below
