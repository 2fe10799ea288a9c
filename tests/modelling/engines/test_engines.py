"""Frames of every kind come in exactly, and go back as the kind they were."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

import narwhals
import narwhals.stable.v1 as nw_v1
import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from distbilling.errors import InvalidType, InvalidValue
from distbilling.modelling.engines import Engine, engine_of

ACCEPTED = "a frame: polars, pandas, pyarrow, DuckDB or PySpark"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WHOLE = st.integers(0, 2**63 - 1) | st.sampled_from([2**63 - 1, 2**62, 2**53 + 1, 2**53 - 1, 0, 1])
FIRST, LAST = datetime(1900, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 - bounds are naive
INSTANTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "distributor": st.sampled_from(["hudson", "harlem", None]),
            "amount": st.none() | WHOLE,
            "settled": st.none() | st.booleans(),
            "at": st.none() | INSTANTS,
        }
    ),
    max_size=8,
)
SCHEMA: Final[dict[str, Any]] = {
    "distributor": pl.String,
    "amount": pl.Int64,
    "settled": pl.Boolean,
    "at": pl.Datetime("us", "UTC"),
}


def frame_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA).with_row_index("row").cast({"row": pl.Int64})


@given(rows=ROWS)
def test_what_is_handed_back_untouched_is_what_was_given(rows, kind, as_kind, rows_of):
    frame = frame_of(rows)
    engine = engine_of(as_kind(frame, kind))
    assert rows_of(engine.handed_back(engine.frame)) == frame.rows(named=True)
    assert engine.rows(engine.frame).equals(frame)


@given(rows=ROWS)
def test_a_small_table_of_ours_is_joined_where_the_frame_is(rows, kind, as_kind, rows_of):
    frame = frame_of(rows)
    if kind == "pandas-numpy" and not _pandas_has_a_type_of_text():
        assume(frame.is_empty() or frame["distributor"].count())
    known = {"hudson": (2**63 - 1, True, EPOCH), "harlem": (None, None, None)}
    engine = engine_of(as_kind(frame, kind))
    limits, active, since = zip(*known.values(), strict=True)
    columns = {"distributor": list(known), "limit": limits, "active": active, "since": since}
    types: dict[str, Any] = {
        "distributor": nw.String,
        "limit": nw.Int64,
        "active": nw.Boolean,
        "since": nw.Datetime("us", "UTC"),
    }
    joined = engine.frame.join(engine.table(columns, types), on="distributor", how="left").sort(
        "row"
    )
    found = [
        (row["limit"], row["active"], row["since"]) for row in rows_of(engine.handed_back(joined))
    ]
    assert found == [known.get(name, (None, None, None)) for name in frame["distributor"]]


def _pandas_has_a_type_of_text() -> bool:
    """Return whether a column without values has the type text, as it has since pandas 3."""
    import pandas as pd

    return str(pd.Series(["text"]).dtype) != "object"


def test_a_table_may_be_empty(kind, as_kind):
    engine = engine_of(as_kind(frame_of([{"distributor": "hudson"}]), kind))
    empty = engine.table(
        {"distributor": [], "limit": []}, {"distributor": nw.String, "limit": nw.Int64}
    )
    assert engine.rows(engine.frame.join(empty, on="distributor", how="inner")).height == 0


def test_a_table_of_ours_outlives_the_place_that_made_it(kind, as_kind):
    engine = engine_of(as_kind(frame_of([{"distributor": "hudson"}]), kind))
    tables = [engine.table({"row": [turn]}, {"row": nw.Int64}) for turn in range(3)]
    assert engine.rows(nw.concat(tables).sort("row"))["row"].to_list() == [0, 1, 2]


@given(instants=st.lists(st.none() | INSTANTS, min_size=1, max_size=8))
def test_instants_become_microseconds_and_instants_again(instants, kind, as_kind, rows_of):
    engine = engine_of(as_kind(frame_of([{"at": at} for at in instants]), kind))
    counted = engine.microseconds(engine.frame.sort("row"), "at")
    exact = [None if at is None else (at - EPOCH) // timedelta(microseconds=1) for at in instants]
    assert engine.rows(counted)["at"].to_list() == exact
    assert [
        row["at"] for row in rows_of(engine.handed_back(engine.instants(counted, "at")))
    ] == instants


def test_microseconds_stay_as_they_are(kind, as_kind):
    engine = engine_of(as_kind(pl.DataFrame({"at": [-1, 2**62, None]}), kind))
    assert engine.rows(engine.microseconds(engine.frame, "at"))["at"].to_list() == [-1, 2**62, None]


def test_narrow_integers_are_microseconds_too(kind, as_kind):
    engine = engine_of(as_kind(pl.DataFrame({"at": [5]}, schema={"at": pl.Int32}), kind))
    assert engine.rows(engine.microseconds(engine.frame, "at"))["at"].dtype == pl.Int64


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu"])
def test_the_unit_and_the_zone_of_instants_do_not_matter(unit, zone, kind, as_kind):
    at = datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
    frame = pl.DataFrame({"at": [at]}).with_columns(
        pl.col("at").cast(pl.Datetime(unit, "UTC")).dt.convert_time_zone(zone)
    )
    engine = engine_of(as_kind(frame, kind))
    assert engine.rows(engine.microseconds(engine.frame, "at"))["at"].to_list() == [-1000]


def test_parts_of_a_microsecond_are_cut_off_towards_the_past(kind, as_kind):
    frame = pl.DataFrame(
        {"at": pl.Series([-1001, -1000, -1, 1, 1999, None], dtype=pl.Datetime("ns", "UTC"))}
    )
    engine = engine_of(as_kind(frame, kind))
    assert engine.rows(engine.microseconds(engine.frame, "at"))["at"].to_list() == [
        -2,
        -1,
        -1,
        0,
        1,
        None,
    ]


@pytest.mark.parametrize("dtype", [pl.Datetime("us"), pl.Float64, pl.String, pl.Date])
def test_what_is_no_instant_is_not_taken_for_one(dtype, kind, as_kind):
    engine = engine_of(as_kind(pl.DataFrame({"at": [None, None]}, schema={"at": dtype}), kind))
    with pytest.raises(
        InvalidType,
        match=r"at: .* give datetimes with a time zone, or whole microseconds since 1970 UTC",
    ):
        engine.microseconds(engine.frame, "at")


@given(amounts=st.lists(WHOLE, min_size=1, max_size=20), divisor=st.integers(1, 2**53))
def test_a_division_is_exact_up_to_the_last_integer(amounts, divisor, kind, as_kind):
    engine = engine_of(as_kind(pl.DataFrame({"amount": amounts}), kind))
    divided = engine.rows(engine.frame.select(engine.whole_division(nw.col("amount"), divisor)))
    assert divided["amount"].to_list() == [amount // divisor for amount in amounts]


@given(rows=ROWS)
def test_narwhals_frames_come_back_as_narwhals_frames(rows, as_kind):
    frame = frame_of(rows)
    for version in (nw, nw_v1, narwhals):
        eager: Any = engine_of(version.from_native(as_kind(frame, "pyarrow")))
        back = eager.handed_back(eager.frame)
        assert isinstance(back, version.DataFrame)
        assert pl.DataFrame(back.to_native()).equals(frame)
        lazy: Any = engine_of(version.from_native(frame.lazy()))
        assert isinstance(lazy.handed_back(lazy.frame), version.LazyFrame)


class Stream:
    """A frame of a library that nobody here knows."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)


def test_any_arrow_stream_is_read_and_a_frame_of_polars_handed_back():
    frame = frame_of([{"amount": 5}])
    engine = engine_of(Stream(frame))
    back: Any = engine.handed_back(engine.frame)
    assert back.equals(frame)


def test_a_batch_of_pyarrow_comes_back_as_a_table(rows_of):
    import pyarrow as pa

    engine = engine_of(pa.record_batch({"amount": [5]}))
    back = engine.handed_back(engine.frame)
    assert isinstance(back, pa.Table)
    assert rows_of(back) == [{"amount": 5}]


@pytest.mark.parametrize(
    "value", [None, 5, "transactions.parquet", {"amount": [5]}, [{"amount": 5}], pl.Series([5])]
)
def test_what_is_no_frame_is_refused(value):
    with pytest.raises(InvalidType) as refused:
        engine_of(value)
    assert (refused.value.field, refused.value.value, refused.value.accepted) == (
        "transactions",
        value,
        ACCEPTED,
    )


def test_the_column_names_are_unique_texts():
    import pandas as pd

    with pytest.raises(InvalidValue, match=r"transactions: .*give each column name once"):
        engine_of(pd.DataFrame([[1, 2]], columns=["amount", "amount"]))
    with pytest.raises(InvalidType, match=r"sales: column: 0 \(int\) is not accepted; give a text"):
        engine_of(pd.DataFrame([[1, 2]]), "sales")


@pytest.mark.parametrize("values", [[1, "2"], [2**70], [1.5, Decimal("1.5")]])
def test_a_column_of_several_types_is_told_by_its_name(values):
    import pandas as pd

    with pytest.raises(
        InvalidType,
        match=r"transactions: column 'amount': .*give a column whose values are all of one type",
    ):
        engine_of(pd.DataFrame({"amount": pd.Series(values, dtype=object)}))


def test_decimals_of_pandas_come_in_exactly(rows_of):
    import pandas as pd

    amounts = [Decimal("0.10"), None, Decimal("1234567890123456.789")]
    engine = engine_of(pd.DataFrame({"amount": pd.Series(amounts, dtype=object)}))
    assert engine.rows(engine.frame)["amount"].to_list() == amounts
    assert rows_of(engine.handed_back(engine.frame)) == [{"amount": amount} for amount in amounts]


def test_instants_of_a_fixed_offset_are_taken_as_instants():
    import pandas as pd
    import pyarrow as pa

    offset = timezone(timedelta(hours=5, minutes=45))
    for given_frame in (
        pd.DataFrame({"at": [EPOCH.astimezone(offset)]}),
        pa.table({"at": pa.array([0], pa.timestamp("us", "+05:45"))}),
    ):
        engine = engine_of(given_frame)
        assert engine.rows(engine.microseconds(engine.frame, "at"))["at"].to_list() == [0]


def test_the_index_of_pandas_is_left_out():
    import pandas as pd

    engine = engine_of(pd.DataFrame({"amount": [5, 6]}, index=["a", "b"]))
    back: Any = engine.handed_back(engine.frame)
    assert list(back.columns) == ["amount"]
    assert list(back.index) == [0, 1]


def result_of(engine: Engine) -> Any:
    """Hand back whole, missing and derived figures, texts, instants and days."""
    column = nw.col("row")
    return engine.handed_back(
        engine.frame.with_columns(
            gaps=nw.when(column > 0).then(column),
            above=nw.when(column > 0).then(column > 1),
            name=nw.lit("hudson"),
        )
    )


PANDAS = {
    "pandas-numpy": ["int64", "text", "datetime64[us, UTC]", "Int64", "boolean", "text"],
    "pandas-nullable": ["Int64", "string", "datetime64[us, UTC]", "Int64", "boolean", "string"],
    "pandas-arrow": [
        "int64[pyarrow]",
        "large_string[pyarrow]",
        "timestamp[us, tz=UTC][pyarrow]",
        "int64[pyarrow]",
        "bool[pyarrow]",
        "large_string[pyarrow]",
    ],
}


@pytest.mark.parametrize("family", PANDAS)
def test_pandas_gets_back_types_of_the_family_it_gave(family, as_kind):
    import pandas as pd

    rows = [{"distributor": "hudson", "at": EPOCH}] * 3
    result = result_of(
        engine_of(as_kind(frame_of(rows).select("row", "distributor", "at"), family))
    )
    text = str(pd.Series(["text"]).dtype)  # objects before pandas 3, then a type of its own
    expected = [text if name == "text" else name for name in PANDAS[family]]
    assert [str(dtype) for dtype in result.dtypes] == expected


def test_text_held_as_objects_comes_back_as_objects():
    import pandas as pd

    names = pd.Series(["hudson", None, "harlem"], dtype=object)
    result = result_of(engine_of(pd.DataFrame({"row": [0, 1, 2], "distributor": names})))
    assert [str(dtype) for dtype in result.dtypes] == [
        "int64",
        "object",
        "Int64",
        "boolean",
        "object",
    ]
    assert result["distributor"].to_list() == ["hudson", None, "harlem"]


def test_pyarrow_gets_back_text_as_wide_as_it_gave():
    import pyarrow as pa

    for text in (pa.string(), pa.large_string()):
        result = result_of(
            engine_of(pa.table({"row": [0, 1], "distributor": pa.array(["hudson", None], text)}))
        )
        assert result.schema.types == [pa.int64(), text, pa.int64(), pa.bool_(), text]


def test_days_go_back_as_days(kind, as_kind, rows_of):
    engine = engine_of(as_kind(pl.DataFrame({"day": [date(2026, 3, 1)]}), kind))
    (row,) = rows_of(engine.handed_back(engine.frame))
    assert f"{row['day']:%Y-%m-%d}" == "2026-03-01"


def test_lazy_kinds_stay_lazy_and_on_their_own_connection(as_kind):
    engine = engine_of(as_kind(pl.DataFrame({"row": [0]}), "polars-lazy"))
    assert isinstance(result_of(engine), pl.LazyFrame)
    engine = engine_of(as_kind(pl.DataFrame({"row": [0]}), "duckdb"))
    given_relation, relation = engine.frame.to_native(), result_of(engine)
    assert type(relation) is type(given_relation)
    assert (
        len(relation.set_alias("result").join(given_relation.set_alias("given"), "row").fetchall())
        == 1
    )
