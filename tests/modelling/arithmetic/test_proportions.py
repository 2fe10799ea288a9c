"""A part of an amount, in columns, is what exact fractions give, up to the largest amounts."""

from __future__ import annotations

from random import Random
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distbilling.modelling.arithmetic.proportions import LARGEST, given_back
from distbilling.modelling.arithmetic.worksheet import Worksheet
from distbilling.modelling.engines import engine_of
from distbilling.money import RoundingMethod
from distbilling.money.kernels import clawed
from distbilling.testing.strategies.chains import Choose

METHODS = tuple(RoundingMethod)


def in_columns(native: Any, largest: int) -> list[int]:
    engine = engine_of(native)
    sheet = Worksheet(engine, engine.frame)
    earned, amount, already, now = (nw.col(name) for name in "eaxy")
    back = given_back(sheet, earned, amount, already, now, METHODS, largest=largest)
    return engine.rows(sheet.done(back=back)).sort("row")["back"].to_list()


def framed(rows: list[tuple[int, ...]]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema=dict.fromkeys((*"eaxy", "method"), pl.Int64), orient="row"
    ).with_row_index("row")


def by_the_rules(rows: list[tuple[int, ...]]) -> list[int]:
    return [
        clawed(earned, amount, already, back, METHODS[method])
        for earned, amount, already, back, method in rows
    ]


def drawn(choose: Choose, top: int) -> tuple[int, ...]:
    amount = choose((choose(range(1, top + 1)), choose(range(1, 1000)), top - choose(range(4))))
    already = choose(range(amount + 1))
    left = amount - already
    return (
        choose((choose(range(amount + 1)), amount)),
        amount,
        already,
        choose((choose(range(left + 1)), left)),
        choose(range(5)),
    )


@st.composite
def reversals(draw: st.DrawFn, top: int = LARGEST - 1) -> tuple[int, ...]:
    amount = draw(st.integers(1, top))
    earned, already = draw(st.integers(0, amount)), draw(st.integers(0, amount))
    return (
        earned,
        amount,
        already,
        draw(st.integers(0, amount - already)),
        draw(st.integers(0, len(METHODS) - 1)),
    )


@settings(max_examples=15)
@given(rows=st.lists(reversals(), min_size=1, max_size=20))
def test_what_is_given_back_is_exact_up_to_the_largest(rows):
    assert in_columns(framed(rows), LARGEST - 1) == by_the_rules(rows)


@settings(max_examples=10)
@given(rows=st.lists(reversals(2**31 - 1), min_size=1, max_size=20))
def test_small_amounts_take_a_shorter_way_to_the_same(rows):
    assert (
        in_columns(framed(rows), 2**31 - 1)
        == in_columns(framed(rows), LARGEST - 1)
        == by_the_rules(rows)
    )


@pytest.mark.parametrize("top", [2**31 - 1, LARGEST - 1])
def test_on_every_kind_of_frame(top, kind, as_kind):
    choose = Random(3).choice  # noqa: S311 - chosen, not secret
    rows = [drawn(choose, top) for _ in range(300)]
    assert in_columns(as_kind(framed(rows), kind), top) == by_the_rules(rows)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "kind", ["polars", "pandas-numpy", "pandas-nullable", "pandas-arrow", "pyarrow", "duckdb"]
)
def test_hundreds_of_thousands_of_parts_agree(kind, as_kind):
    choose = Random("parts").choice  # noqa: S311 - chosen, not secret
    for top in (2**31 - 1, LARGEST - 1):
        rows = [drawn(choose, top) for _ in range(100_000)]
        assert in_columns(as_kind(framed(rows), kind), top) == by_the_rules(rows)
    print(f"{kind}: 200000 parts")
