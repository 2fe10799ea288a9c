"""The rules in columns, beside the same by hand, one pass over memory, and other exact ways."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns
from typing import Any

import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl

from benchmarks.harness import Row
from benchmarks.modelling_data import book, transactions, written
from distbilling.modelling import Book, exposure, settle, statements
from distbilling.modelling.earning.commissions import Operations, commissions, with_rates
from distbilling.modelling.engines import engine_of
from distbilling.modelling.tables.rate_tables import Agreement, Reach, rate_tables

ROWS = 10_000_000
OF_DECIMALS = ROWS // 10
"""How many rows are computed with Decimal objects: the time is multiplied."""
ROUNDS = 8
PARTS = 1_000_000
CENT = Decimal("0.01")
COMMISSION = "hand-written <= 1.3x, memory pass <= 12x, Decimal objects >= 25x faster"
STATEMENTS = "5,000,000 a second"
EXPOSURE = "3,000,000 a second"


def rows() -> list[Row]:
    """Measure commission alone, then settlements, statements and warnings, also from Parquet."""
    with TemporaryDirectory() as folder:
        path = written(ROWS, Path(folder))
        found = book()
        return [_commission(found), _settlement(found, path), *_from_parquet(found, path)]


def _commission(found: Book) -> Row:
    """Measure the kernel: what is earned and owed, with the rate beside each amount."""
    agreements = tuple(dict.fromkeys(Agreement(each.terms, 2) for each in found.distributors))
    tables = rate_tables(agreements, Reach(21_000, ROWS * 21_000))
    amounts = transactions(ROWS).select(
        "amount", slot=pl.col("transaction") % (2 * len(agreements)), at_us="at"
    )
    engine = engine_of(amounts.lazy())
    rated: pl.DataFrame = with_rates(engine.frame, tables, engine).to_native().collect()
    frame = rated.select("amount", "shape", "number_0")
    rate = pl.col("number_0")
    earned = (pl.col("amount") * rate + PARTS // 2) // PARTS
    by_hand = (
        frame.lazy()
        .select("amount", "number_0", earned=earned)
        .with_columns(owed=pl.col("amount") - pl.col("earned"))
    )
    over_memory = frame.lazy().select(pl.col("amount", "number_0").sum())
    methods = (found.distributors[0].terms.rounding,)

    def in_columns() -> pl.DataFrame:
        engine = engine_of(frame.lazy())
        lazy = commissions(engine.frame, tables, methods, Operations("amount", "amount"), engine)
        computed: pl.LazyFrame = lazy.with_columns(
            owed=nw.col("amount") - nw.col("earned")
        ).to_native()
        return computed.collect(engine="streaming")

    exact = in_columns()
    if not exact["earned"].equals(by_hand.collect()["earned"]):
        raise AssertionError(exact)
    decimals = _decimals(frame)
    wrong = _wrong_cents(frame, exact["earned"])
    floats = frame.to_pandas()
    contenders: dict[str, Callable[[], object]] = {
        "polars integers by hand": partial(by_hand.collect, engine="streaming"),
        "one pass over memory": partial(over_memory.collect, engine="streaming"),
        f"pandas floats, {wrong:,} cents wrong": partial(_in_floats, floats),
        f"pandas Decimal objects, of {OF_DECIMALS:,}": partial(_in_decimals, decimals),
    }
    least = _least({"ours": in_columns, **contenders})
    scaled = {
        label: each * (ROWS // OF_DECIMALS if "Decimal" in label else 1)
        for label, each in least.items()
    }
    return Row(f"commission alone, {ROWS:,} rows", scaled.pop("ours"), scaled, COMMISSION)


def _settlement(found: Book, path: Path) -> Row:
    """Measure what is public: rows checked, rates looked up and named."""
    frame = pl.read_parquet(path)
    rates = pl.LazyFrame(
        {
            "distributor": [each.id for each in found.distributors],
            **{
                name: [
                    _parts(getattr(each.terms, f"{name}_commission")) for each in found.distributors
                ]
                for name in ("sales", "payment")
            },
        }
    )
    rate = (
        pl.when(pl.col("kind") == "sale")
        .then(pl.col("sales"))
        .when(pl.col("kind") == "payment")
        .then(pl.col("payment"))
        .otherwise(0)
    )
    joined = frame.lazy().join(rates, on="distributor", how="left").with_columns(rate=rate)
    by_hand = joined.with_columns(earned=(pl.col("amount") * pl.col("rate") + PARTS // 2) // PARTS)
    by_hand = by_hand.with_columns(owed=pl.col("amount") - pl.col("earned"))
    least = _least(
        {
            "ours": lambda: settle(frame.lazy(), found).collect(engine="streaming"),
            "join and integers by hand, unchecked": lambda: by_hand.collect(engine="streaming"),
        }
    )
    return Row(f"settle, {ROWS:,} rows", least.pop("ours"), least)


def _from_parquet(found: Book, path: Path) -> list[Row]:
    """Measure each row of statements and of exposure, from the file on."""

    def stated() -> object:
        return statements(pl.scan_parquet(path), found).collect(engine="streaming")

    def watched() -> object:
        told = exposure(pl.scan_parquet(path), found)
        return told.events.collect(), told.balances.collect(engine="streaming")

    least = _least({"statements": stated, "exposure": watched}, rounds=3)
    return [
        Row(
            f"commission, period, statement: each of {ROWS:,} rows",
            least["statements"] / ROWS,
            {},
            STATEMENTS,
        ),
        Row(f"exposure with events: each of {ROWS:,} rows", least["exposure"] / ROWS, {}, EXPOSURE),
    ]


def _least(ways: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the least nanoseconds of each way; they take turns on a busy machine.

    Each is timed twice in its turn: what ran before it leaves memory in another state for the first
    time.
    """
    least = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for label, way in ways.items():
            for _again in range(2):
                begun = perf_counter_ns()
                way()
                least[label] = min(least[label], perf_counter_ns() - begun)
    return least


def _decimals(frame: pl.DataFrame) -> Any:  # noqa: ANN401 - pandas has no types
    """Return amounts in dollars and rates as fractions, in objects."""
    head = frame.head(OF_DECIMALS)
    return pd.DataFrame(
        {
            "amount": [Decimal(amount).scaleb(-2) for amount in head["amount"]],
            "rate": [Decimal(rate) / PARTS for rate in head["number_0"]],
        }
    )


def _in_decimals(frame: Any) -> Any:  # noqa: ANN401 - pandas has no types
    earned = (frame["amount"] * frame["rate"]).map(
        lambda share: share.quantize(CENT, ROUND_HALF_UP)
    )
    return earned, frame["amount"] - earned


def _in_floats(frame: Any) -> Any:  # noqa: ANN401 - pandas has no types
    amount = frame["amount"] / 100
    earned = (amount * (frame["number_0"] / PARTS)).round(2)
    return earned, amount - earned


def _wrong_cents(frame: pl.DataFrame, exact: pl.Series) -> int:
    """Return how many commissions computed in floats are not the exact ones, to the cent."""
    earned, _ = _in_floats(frame.to_pandas())
    cents = pl.Series((earned * 100).round().to_numpy()).cast(pl.Int64)
    return int((cents != exact).sum())


def _parts(schedule: Any) -> int:  # noqa: ANN401 - a percentage, here
    return int(schedule.value * PARTS / 100)
