"""Spark divides exactly, reads instants and tables, and keeps frames where they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from distbilling.errors import InvalidType
from distbilling.modelling.engines import engine_of

pytestmark = pytest.mark.slow

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BOUNDARIES = [
    0,
    1,
    2,
    2**52,
    2**53 - 1,
    2**53,
    2**53 + 1,
    2**62 - 1,
    2**62,
    2**62 + 1,
    2**63 - 1025,
    2**63 - 2,
    2**63 - 1,
]


@pytest.mark.parametrize(
    "divisor", [1, 2, 3, 10, 977, 2**11 - 1, 2**11, 10**6, 43_200_000_000, 10**12, 2**40 + 1, 2**53]
)
def test_a_division_is_exact_where_doubles_are_not(divisor, as_kind):
    products = [divisor * (2**63 // divisor - back) for back in range(1, 500)]
    amounts = [
        amount for each in products for amount in (each - 1, each, each + 1) if 0 <= amount < 2**63
    ] + BOUNDARIES
    engine = engine_of(as_kind(pl.DataFrame({"amount": amounts}), "pyspark"))
    divided = engine.frame.with_columns(quotient=engine.whole_division(nw.col("amount"), divisor))
    assert set(engine.rows(divided).iter_rows()) == {
        (amount, amount // divisor) for amount in amounts
    }


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Antarctica/Troll"])
def test_instants_do_not_depend_on_the_zone_of_the_session(zone, as_kind, rows_of, local_session):
    instants = [
        EPOCH + timedelta(days=40 * turn, hours=turn, microseconds=turn - 300)
        for turn in range(-300, 900)
    ]
    instants += [
        datetime(2026, 3, 29, hour, minute, 59, 999_999, tzinfo=UTC)
        for hour in (0, 1, 2)
        for minute in (0, 59)
    ]
    local_session.conf.set("spark.sql.session.timeZone", zone)
    try:
        engine = engine_of(as_kind(pl.DataFrame({"at": [*instants, None]}), "pyspark"))
        counted = engine.microseconds(engine.frame, "at")
        exact = {(at - EPOCH) // timedelta(microseconds=1) for at in instants}
        assert set(engine.rows(counted)["at"]) == {*exact, None}
        assert {
            row["at"] for row in rows_of(engine.handed_back(engine.instants(counted, "at")))
        } == {*instants, None}
        assert set(engine.rows(engine.frame)["at"]) == {*instants, None}
    finally:
        local_session.conf.set("spark.sql.session.timeZone", "UTC")


def test_a_table_of_ours_goes_to_each_worker_whole(as_kind, rows_of):
    frame = pl.DataFrame({"distributor": ["hudson", "harlem", None] * 50, "row": range(150)})
    engine = engine_of(as_kind(frame, "pyspark"))
    table: dict[str, Any] = {
        "distributor": ["hudson", "harlem"],
        "limit": [2**63 - 1, None],
        "active": [True, False],
        "since": [EPOCH, None],
    }
    types: dict[str, Any] = {
        "distributor": nw.String,
        "limit": nw.Int64,
        "active": nw.Boolean,
        "since": nw.Datetime("us", "UTC"),
    }
    joined: Any = engine.handed_back(
        engine.frame.join(engine.table(table, types), on="distributor", how="left")
    )
    expected = [
        (2**63 - 1, True, EPOCH)
        if row % 3 == 0
        else (None, False, None)
        if row % 3 == 1
        else (None, None, None)
        for row in range(150)
    ]
    found = [(row["limit"], row["active"], row["since"]) for row in rows_of(joined.sort("row"))]
    assert found == expected
    assert "BroadcastHashJoin" in joined._jdf.queryExecution().executedPlan().toString()


def test_an_empty_table_joins_nothing(as_kind):
    engine = engine_of(as_kind(pl.DataFrame({"distributor": ["hudson"]}), "pyspark"))
    empty = engine.table(
        {"distributor": [], "limit": []}, {"distributor": nw.String, "limit": nw.Int64}
    )
    assert engine.rows(engine.frame.join(empty, on="distributor", how="left")).rows() == [
        ("hudson", None)
    ]


def test_a_frame_stays_in_its_session(as_kind, local_session):
    given: Any = as_kind(pl.DataFrame({"row": [1, 2, 3]}), "pyspark")
    engine = engine_of(given)
    back: Any = engine.handed_back(engine.frame.filter(nw.col("row") > 1))
    assert engine.name == "pyspark"
    assert type(back) is type(given)
    assert back.sparkSession is local_session


def test_column_names_may_be_any_text(as_kind):
    frame = pl.DataFrame({"the `time`. of day": [EPOCH], "a.b": [1]})
    engine = engine_of(as_kind(frame, "pyspark"))
    assert engine.rows(engine.microseconds(engine.frame, "the `time`. of day")).rows() == [(0, 1)]


def test_a_time_without_a_zone_is_no_instant(local_session):
    engine = engine_of(local_session.sql("SELECT TIMESTAMP_NTZ '2026-03-01 00:00:00' AS at"))
    with pytest.raises(InvalidType, match=r"at: .*give datetimes with a time zone"):
        engine.microseconds(engine.frame, "at")
