"""Working part by part gives what working on everything at once gives."""

from __future__ import annotations

import polars as pl
import pytest

from distbilling.errors import InvalidType, InvalidValue
from distbilling.modelling import Book, exposure, settle, statements
from distbilling.modelling.partitions import model_in_parts, parts_of

FIRST = ["transaction", "distributor"]


@pytest.mark.parametrize("at_a_time", [7, 25, 1000])
def test_in_however_many_parts_it_comes_to_the_same(at_a_time, tmp_path, trade, frame_of):
    distributors, rows = trade(11, sellers=6, count=100)
    book, frame = (
        Book(tuple(distributors.values())),
        frame_of(rows).with_columns(till=pl.lit("extra")),
    )
    calls = []
    model = model_in_parts(
        frame.lazy(),
        book,
        tmp_path,
        rows_at_a_time=at_a_time,
        progress=lambda *how_far: calls.append(how_far),
    )
    assert model.settled.collect().sort(FIRST).equals(settle(frame, book).sort(FIRST))
    assert model.statements.equals(statements(frame, book))
    whole = exposure(frame, book)
    assert model.exposure.balances.collect().sort(FIRST).equals(whole.balances.sort(FIRST))
    assert model.exposure.events.collect().sort("key").equals(whole.events.sort("key"))
    assert calls[0][0] == 0
    assert calls[-1][0] == calls[-1][1]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "exposure_balances.parquet",
        "settled.parquet",
    ]


def test_chains_stay_together(trade):
    distributors, _ = trade(11, sellers=12, count=1)
    book = Book(tuple(distributors.values()))
    parts = list(parts_of(book, 3))
    assert sorted(each.id for part in parts for each in part.distributors) == sorted(distributors)
    for part in parts:
        assert all(each.parent is None or each.parent in part.by_id for each in part.distributors)


def test_nothing_is_written_where_a_row_is_not_accepted(tmp_path, trade, frame_of):
    distributors, rows = trade(11, sellers=3, count=20)
    rows[7] = rows[7] | {"distributor": "nobody"}
    with pytest.raises(InvalidValue, match="row 7, distributor: 'nobody'"):
        model_in_parts(
            frame_of(rows).lazy(), Book(tuple(distributors.values())), tmp_path, rows_at_a_time=5
        )
    assert list(tmp_path.iterdir()) == []


def test_a_part_has_at_least_one_row(tmp_path, trade, frame_of):
    distributors, rows = trade(11, sellers=3, count=5)
    with pytest.raises(InvalidValue, match="rows_at_a_time"):
        model_in_parts(
            frame_of(rows).lazy(), Book(tuple(distributors.values())), tmp_path, rows_at_a_time=0
        )


def test_what_is_not_lazy_is_not_read_part_by_part(tmp_path, trade, frame_of):
    distributors, rows = trade(11, sellers=3, count=5)
    with pytest.raises(InvalidType, match="transactions"):
        model_in_parts(frame_of(rows), Book(tuple(distributors.values())), tmp_path)
