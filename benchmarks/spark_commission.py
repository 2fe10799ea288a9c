"""The commission on ten million rows in Spark: by columns, and by decimals in its own SQL."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from time import perf_counter_ns
from typing import Any, Final

import narwhals.stable.v2 as nw
import pendulum

from benchmarks.harness import Row
from distbilling import CreditTerms, Currency, Distributor, Percent, Terms, Unlimited
from distbilling.modelling import Book, settle
from distbilling.modelling.arithmetic.arithmetic import OneColumnArithmetic
from distbilling.modelling.arithmetic.worksheet import Worksheet
from distbilling.modelling.engines import engine_of
from distbilling.money import RoundingMethod
from distbilling.periods import Monthly

ROWS: Final = 10_000_000
ROUNDS: Final = 4
SELLERS: Final = 64
KERNEL: Final = "1x of decimals in SQL"

_MILLION: Final = 10**6
_MARCH: Final = 1_772_700_000_000_000
_DECIMALS: Final = """
SELECT count(*) AS rows,
sum(CAST(round(CAST(amount AS DECIMAL(18, 0)) * {rate}, 0) AS BIGINT)) AS earned
FROM {rows}
"""
_PER_ROW: Final = "CAST(rate AS DECIMAL(9, 0)) * CAST(0.000001 AS DECIMAL(6, 6))"
_FLAT: Final = "CAST(0.0725 AS DECIMAL(6, 6))"


def rows() -> list[Row]:
    """Measure the bare kernel, and the settlement of a book of one percentage, against decimals.

    The rows are made by Spark as they are asked for, which is part of every figure. Java 17 must be
    found.
    """
    session = _session()
    try:
        numbers = session.range(ROWS)
        given = numbers.selectExpr("id * 7919 % 900001 + 1 AS amount", "(id % 40) * 2500 AS rate")
        given.createOrReplaceTempView("given")
        payments = numbers.selectExpr(
            "id AS transaction",
            f"concat('d', id % {SELLERS}) AS distributor",
            "'payment' AS kind",
            f"{_MARCH} + id AS at",
            "id * 7919 % 900001 + 1 AS amount",
        )
        payments.createOrReplaceTempView("payments")
        per_row, flat = (
            _DECIMALS.format(rate=rate, rows=rows)
            for rate, rows in ((_PER_ROW, "given"), (_FLAT, "payments"))
        )
        book = _book()
        return [
            _row(
                f"amount x rate, {ROWS:,} rows",
                {
                    "ours": lambda: _kernel(given),
                    "DECIMAL in SQL": lambda: session.sql(per_row).collect(),
                },
                KERNEL,
            ),
            _row(
                f"settle, {ROWS:,} payments",
                {
                    "ours": lambda: _counted(settle(payments, book)),
                    "DECIMAL in SQL, flat rate, unchecked": lambda: session.sql(flat).collect(),
                },
            ),
        ]
    finally:
        session.stop()


def _row(name: str, ways: dict[str, Callable[[], Any]], targets: str = "") -> Row:
    """Return the least time of each way; they take turns, and must tell the same."""
    told = {label: way() for label, way in ways.items()}
    least = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for label, way in ways.items():
            start = perf_counter_ns()
            way()
            least[label] = min(least[label], perf_counter_ns() - start)
    if len(set(map(str, told.values()))) > 1:
        raise AssertionError(told)
    return Row(name, least.pop("ours"), least, targets)


def _kernel(given: Any) -> Any:  # noqa: ANN401 - Spark's own
    engine = engine_of(given)
    sheet = Worksheet(engine, engine.frame)
    exact = OneColumnArithmetic(_MILLION).product(sheet, nw.col("amount"), nw.col("rate"))
    earned = OneColumnArithmetic(_MILLION).rounded(sheet, exact, RoundingMethod.HALF_AWAY_FROM_ZERO)
    return _counted(sheet.done(earned=earned).to_native())


def _counted(frame: Any) -> Any:  # noqa: ANN401 - Spark's own
    return frame.selectExpr("count(*) AS rows", "sum(earned) AS earned").collect()


def _book() -> Book:
    terms = Terms(Percent("15"), Percent("7.25"))
    created = pendulum.instance(dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    return Book(
        tuple(
            Distributor(
                f"d{number}",
                f"D{number}",
                Currency("USD"),
                terms,
                CreditTerms(Unlimited()),
                Monthly("Etc/UTC"),
                created,
            )
            for number in range(SELLERS)
        )
    )


def _session() -> Any:  # noqa: ANN401 - Spark's own
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
    }
    builder: Any = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.master("local[2]").getOrCreate()
