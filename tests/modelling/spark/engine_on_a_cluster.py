"""Tables, instants and divisions on a cluster, beside those of this process; a test runs it."""

from __future__ import annotations

import narwhals.stable.v2 as nw
import polars as pl

from distbilling.modelling.engines import Engine, engine_of


def worked(engine: Engine) -> pl.DataFrame:
    """Join a table, divide, add up in order, and turn instants to microseconds and back."""
    rates = engine.table(
        {"distributor": ["harlem", "hudson"], "rate": [125_000, None]},
        {"distributor": nw.String, "rate": nw.Int64},
    )
    lazy = engine.instants(engine.frame, "at")
    lazy = engine.microseconds(lazy, "at").join(rates, on="distributor", how="left")
    lazy = lazy.with_columns(
        thousands=engine.whole_division(nw.col("amount"), 1000),
        running=nw.col("small")
        .cum_sum()
        .over("distributor", order_by=["at", "transaction"])
        .cast(nw.Int64),
    )
    return engine.rows(lazy.sort("transaction"))


def main() -> None:
    """Say on how many workers the same was computed as here."""
    from pyspark.sql import SparkSession

    size = 20_000
    amounts = pl.Series(
        "amount", [2**63 - 1 - turn * 461_168_601_842_739 for turn in range(size)], dtype=pl.Int64
    )
    given = pl.select(
        transaction=pl.int_range(size),
        distributor=pl.when(pl.int_range(size) % 3 == 0)
        .then(pl.lit("hudson"))
        .otherwise(pl.lit("harlem")),
        small=pl.int_range(size) % 977,
        at=pl.int_range(size) * 86_399_999_983 - 4_000_000_000_000_000,
    ).with_columns(amounts)
    session = SparkSession.builder.getOrCreate()
    spread = session.createDataFrame(given.to_arrow()).repartition(4)
    there = worked(engine_of(spread))
    assert there.equals(worked(engine_of(given)))
    executors = (
        session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    )  # one of them is the driver
    session.stop()
    print(f"the same on {executors} workers")


if __name__ == "__main__":
    main()
