"""Columns settle every transaction as the rules do one by one, to the minor unit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distbilling import CreditTerms, Currency, Distributor, Money, Percent, Terms, Unlimited
from distbilling.modelling import Book, settle
from distbilling.money import RoundingMethod, from_units
from distbilling.rules.agreement.basis import Basis
from distbilling.rules.agreement.measure import Per
from distbilling.rules.agreement.schedule import Bounded, Bracket, Brackets, FlatFee, Sum
from distbilling.rules.agreement.terms import DiscountBasis, Netting, Remainder
from distbilling.testing.sample_data import distributor, usd
from distbilling.testing.scalar_oracle import ScalarOracle
from distbilling.testing.strategies.random_books import distributors_by, transactions_by

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MARCH = 1_772_700_000_000_000
LARGEST = 2**63 - 10**6 - 1
TENTH = Percent("10")
FIGURES = ("amount", "earned", "owed", "credited", "adds")


def book_of(distributors: dict[str, Distributor]) -> Book:
    return Book(tuple(distributors.values()))


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return shares by transaction, seller first, without what the oracle does not compute."""
    shares = [
        {name: value for name, value in row.items() if name not in {"at", "base"}} for row in rows
    ]
    return sorted(shares, key=lambda row: (row["transaction"], row["level"]))


def by_the_rules(
    distributors: dict[str, Distributor], rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    return in_order(ScalarOracle(distributors).take_all(rows))


@pytest.mark.parametrize("seed", range(6))
def test_every_level_earns_and_owes_what_the_rules_say_one_by_one(seed, trade, frame_of):
    distributors, rows = trade(seed)
    settled = settle(frame_of(rows), book_of(distributors))
    assert in_order(settled.to_dicts()) == by_the_rules(distributors, rows)


@settings(max_examples=5)
@given(seed=st.integers(0, 2**32))
def test_whatever_the_book_and_the_history(seed, trade, frame_of):
    distributors, rows = trade(seed, sellers=4, count=40)
    settled = settle(frame_of(rows), book_of(distributors))
    assert in_order(settled.to_dicts()) == by_the_rules(distributors, rows)


def test_on_every_kind_of_frame(kind, as_kind, rows_of, trade, frame_of):
    distributors, rows = trade(11, sellers=3, count=40)
    settled = settle(as_kind(frame_of(rows), kind), book_of(distributors))
    assert in_order(rows_of(settled)) == by_the_rules(distributors, rows)


def test_the_instant_of_a_share_is_that_of_its_transaction(kind, as_kind, rows_of, trade, frame_of):
    distributors, rows = trade(12, sellers=2, count=12)
    at = {row["transaction"]: EPOCH + timedelta(microseconds=row["at"]) for row in rows}
    settled = rows_of(settle(as_kind(frame_of(rows), kind), book_of(distributors)))
    assert {row["transaction"]: row["at"] for row in settled} == at


@pytest.mark.parametrize("seed", range(20, 23))
def test_the_order_in_which_rows_are_given_does_not_matter(seed, trade, frame_of):
    distributors, rows = trade(seed)
    shuffled = Random(seed).sample(rows, len(rows))  # noqa: S311 - chosen, not secret
    settled = settle(frame_of(shuffled), book_of(distributors))
    assert in_order(settled.to_dicts()) == by_the_rules(distributors, rows)


def test_keys_may_be_text(kind, as_kind, rows_of, trade, frame_of):
    distributors, rows = trade(31, sellers=2, count=20)
    texts = [
        row
        | {
            name: None if row[name] is None else f"till {row[name]:05}"
            for name in ("transaction", "original")
        }
        for row in rows
    ]
    frame = frame_of(rows).drop("transaction", "original")
    keys = pl.DataFrame(
        {name: [row[name] for row in texts] for name in ("transaction", "original")},
        schema_overrides={"original": pl.String},
    )
    settled = settle(
        as_kind(pl.concat([frame, keys], how="horizontal"), kind), book_of(distributors)
    )
    assert in_order(rows_of(settled)) == by_the_rules(distributors, texts)


@pytest.mark.parametrize("dtype", [pl.Int32, pl.UInt32, pl.Int16])
def test_narrow_keys_are_keys_and_need_not_be_alike(dtype, trade, frame_of):
    distributors, rows = trade(32, sellers=2, count=40)
    settled = settle(
        frame_of(rows).cast({"original": dtype, "items": pl.Int8}), book_of(distributors)
    )
    assert in_order(settled.to_dicts()) == by_the_rules(distributors, rows)


def test_categories_are_text(trade, frame_of):
    distributors, rows = trade(33, sellers=3, count=60)
    categories = dict.fromkeys(("distributor", "kind", "product", "batch"), pl.Categorical)
    settled = settle(frame_of(rows).cast(categories), book_of(distributors))
    assert in_order(settled.to_dicts()) == by_the_rules(distributors, rows)


def test_categories_of_pandas_are_text(trade, frame_of):
    distributors, rows = trade(33, sellers=3, count=60)
    frame = frame_of(rows).to_pandas(use_pyarrow_extension_array=True)
    frame = frame.astype(dict.fromkeys(("distributor", "kind", "product", "batch"), "category"))
    settled = pl.DataFrame(settle(frame, book_of(distributors))).to_dicts()
    assert in_order(settled) == by_the_rules(distributors, rows)


def test_keys_that_are_categories_sort_as_text_does():
    rows = {
        "transaction": ["z", "a"],
        "distributor": "hudson",
        "kind": ["refund", "payment"],
        "amount": 100,
        "original": ["a", None],
    }
    frame = pl.DataFrame({**rows, "at": MARCH}).cast(
        {"transaction": pl.Categorical, "original": pl.Categorical}
    )
    settled = settle(frame, Book.of(distributor("hudson")))
    assert dict(settled.select("transaction", "earned").iter_rows()) == {"z": -10, "a": 10}


@pytest.mark.parametrize("blank", [pl.Null, pl.Float64, pl.Int64, pl.String])
def test_a_column_that_nobody_filled_in_is_as_good_as_none(blank, frame_of):
    rows = [
        {"transaction": 1, "distributor": "hudson", "kind": "payment", "at": MARCH, "amount": 1001}
    ]
    optional = ("items", "tax", "discount", "customer_since")
    dtypes = {
        name: pl.Null if blank is pl.String and name in {"items", "customer_since"} else blank
        for name in optional
    }
    frame = frame_of(rows).cast(dtypes)
    settled = settle(
        frame.cast({"product": pl.Null, "batch": pl.Null, "original": pl.Null}),
        Book.of(distributor("hudson")),
    )
    assert settled.select("earned", "owed").row(0) == (100, 901)


def test_a_column_that_nobody_filled_in_on_every_kind_of_frame(kind, as_kind, rows_of):
    frame = pl.DataFrame(
        {
            "transaction": [1],
            "distributor": ["hudson"],
            "kind": ["payment"],
            "at": [MARCH],
            "amount": [1001],
        }
    )
    blank = frame.with_columns(
        items=pl.lit(None), tax=pl.lit(None), original=pl.lit(None), product=pl.lit(None)
    )
    (row,) = rows_of(settle(as_kind(blank, kind), Book.of(distributor("hudson"))))
    assert (row["earned"], row["owed"]) == (100, 901)


def test_pandas_floats_that_hold_nothing_are_a_column_that_nobody_filled_in():
    import pandas as pd

    frame = pd.DataFrame(
        {
            "transaction": [1],
            "distributor": ["hudson"],
            "kind": ["payment"],
            "at": [MARCH],
            "amount": [1001],
        }
    )
    frame["tax"] = frame["original"] = float("nan")
    assert settle(frame, Book.of(distributor("hudson")))["earned"].to_list() == [100]


def _written(units: int, digits: int) -> str:
    return str(from_units(units, digits, "USD").amount)


@pytest.mark.parametrize("form", ["text", "decimal", "declared"])
def test_amounts_may_be_text_decimals_or_of_declared_decimals(
    form, kind, as_kind, rows_of, frame_of
):
    distributors = {
        code: attrs.evolve(_in(distributor("hudson"), code), id=code)
        for code in ("USD", "JPY", "KWD")
    }
    fields: dict[str, Any] = {"kind": "payment", "discount": 7}
    rows = [
        fields
        | {
            "transaction": number,
            "distributor": name,
            "at": MARCH,
            "amount": amount,
            "tax": amount // 7,
        }
        for number, (name, amount) in enumerate(product(distributors, (1, 95, 1001, 999_999_999)))
    ]
    frame = frame_of(rows)
    digits = [distributors[row["distributor"]].currency.digits or 0 for row in rows]
    for name in ("amount", "tax", "discount"):
        if form == "declared":
            values = pl.Series(
                [
                    None if row[name] is None else row[name] * 10 ** (3 - d)
                    for row, d in zip(rows, digits, strict=True)
                ],
                dtype=pl.Int64,
            )
        else:
            texts = [
                None if row[name] is None else _written(row[name], d)
                for row, d in zip(rows, digits, strict=True)
            ]
            values = pl.Series(texts, dtype=pl.String)
            values = (
                values.str.to_decimal(scale=3).cast(pl.Decimal(18, 3))
                if form == "decimal"
                else values
            )
        frame = frame.with_columns(values.alias(name))
    settled = settle(
        as_kind(frame, kind), book_of(distributors), decimals=3 if form == "declared" else None
    )
    assert in_order(rows_of(settled)) == by_the_rules(distributors, rows)


def test_currencies_of_none_two_and_three_decimals_stand_side_by_side(kind, as_kind, rows_of):
    sellers = {
        code: attrs.evolve(_in(distributor(code.lower()), code), id=code.lower())
        for code in ("USD", "JPY", "KWD")
    }
    frame = pl.DataFrame(
        {
            "transaction": [1, 2, 3],
            "distributor": ["usd", "jpy", "kwd"],
            "kind": "payment",
            "at": MARCH,
            "amount": ["12.50", "12", "12.505"],
            "currency": ["USD", None, "KWD"],
        }
    )
    settled = rows_of(settle(as_kind(frame, kind), Book(tuple(sellers.values()))))
    assert sorted((row["currency"], row["amount"], row["earned"]) for row in settled) == [
        ("JPY", 12, 1), ("KWD", 12505, 1251), ("USD", 1250, 125),
    ]  # fmt: skip


def _in(seller: Distributor, code: str) -> Distributor:
    return Distributor(
        seller.id,
        seller.name,
        Currency(code),
        seller.terms,
        CreditTerms(Unlimited()),
        seller.cycle,
        seller.created,
    )


@pytest.mark.parametrize("method", RoundingMethod)
def test_amounts_reach_up_to_the_last_integers(method, kind, as_kind, rows_of):
    choose = Random(7).choice  # noqa: S311 - chosen, not secret
    seller = attrs.evolve(
        distributor("hudson"), terms=Terms(Percent("33.3333333"), Percent("99.9999999"), method)
    )
    amounts = [
        LARGEST,
        LARGEST - 1,
        2**62,
        2**53 + 1,
        2**53,
        1,
        *(choose(range(2**61, LARGEST)) for _ in range(20)),
    ]
    rows = [
        {
            "transaction": number,
            "distributor": "hudson",
            "kind": choose(("sale", "payment")),
            "at": MARCH,
            "amount": amount,
        }
        for number, amount in enumerate(amounts)
    ]
    frame = pl.DataFrame(rows)
    expected = by_the_rules({"hudson": seller}, [row | {"original": None} for row in rows])
    assert in_order(rows_of(settle(as_kind(frame, kind), Book.of(seller)))) == expected


def test_many_items_at_a_large_fee_each_are_multiplied_exactly():
    fee = FlatFee(Money("100000.01", "USD"), Per.ITEM)
    seller = attrs.evolve(distributor("hudson"), terms=Terms(fee, fee))
    frame = pl.DataFrame(
        {
            "transaction": 1,
            "distributor": "hudson",
            "kind": "sale",
            "at": MARCH,
            "amount": 2 * 10**16,
            "items": [999_999_999],
        }
    )
    assert settle(frame, Book.of(seller))["earned"].to_list() == [999_999_999 * 10_000_001]


def test_reversals_close_to_zero_also_just_below_the_largest():
    original = 2**53 - 1
    parts = [1, 2**51, 12_345, original - 2**51 - 12_346]
    rows = [
        {
            "transaction": 0,
            "distributor": "hudson",
            "kind": "payment",
            "at": MARCH,
            "amount": original,
            "original": None,
        }
    ]
    rows += [
        {
            "transaction": number,
            "distributor": "hudson",
            "kind": "refund",
            "at": MARCH + number,
            "amount": back,
            "original": 0,
        }
        for number, back in enumerate(parts, 1)
    ]
    for method in RoundingMethod:
        seller = attrs.evolve(
            distributor("hudson"), terms=Terms(Percent("33.333"), Percent("66.667"), method)
        )
        settled = settle(pl.DataFrame(rows), Book.of(seller))
        assert in_order(settled.to_dicts()) == by_the_rules({"hudson": seller}, rows)
        assert settled.select(pl.col(*FIGURES).sum()).row(0) == (0,) * len(FIGURES)


OPEN = Brackets((Bracket(usd("0"), None, TENTH),))
UP_TO_1000 = Brackets(
    (Bracket(usd("0"), usd("1000"), Percent("20")), Bracket(usd("1000"), None, Percent("0")))
)


@pytest.mark.parametrize(
    ("schedule", "earned"),
    [
        (Bounded(OPEN, cap=usd("50.00")), [5000, 5000]),
        (Sum((OPEN, FlatFee(usd("0.30")))), [5030, 6030]),
        (Sum((UP_TO_1000, Bounded(Percent("2"), cap=usd("5.00")))), [10500, 10500]),
        (Bounded(Bounded(UP_TO_1000, cap=usd("300")), minimum=usd("1.00")), [10000, 10000]),
    ],
)
def test_marginal_brackets_by_volume_count_also_inside_a_sum_or_a_bound(schedule, earned, frame_of):
    seller = attrs.evolve(distributor("hudson"), terms=Terms(TENTH, schedule))
    amounts = (50_000, 60_000)
    rows = [
        {"transaction": number, "distributor": "hudson", "kind": "payment"}
        | {"at": MARCH + number, "amount": amount, "original": None}
        for number, amount in enumerate(amounts)
    ]
    settled = in_order(settle(frame_of(rows), Book.of(seller)).to_dicts())
    assert settled == by_the_rules({"hudson": seller}, rows)
    assert [row["earned"] for row in settled] == earned


@pytest.mark.parametrize("method", RoundingMethod)
@pytest.mark.parametrize("rate", ["100", "60"])
def test_what_is_earned_never_exceeds_a_small_amount_by_any_rounding(method, rate, frame_of):
    seller = attrs.evolve(distributor("hudson"), terms=Terms(TENTH, Percent(rate), method))
    rows = [
        {"transaction": amount, "distributor": "hudson", "kind": "payment"}
        | {"at": MARCH + amount, "amount": amount, "original": None}
        for amount in range(1, 13)
    ]
    settled = in_order(settle(frame_of(rows), Book.of(seller)).to_dicts())
    assert settled == by_the_rules({"hudson": seller}, rows)
    assert all(row["earned"] <= row["amount"] for row in settled)


@pytest.mark.parametrize("right", [2, 2**22 - 1, 2**22 + 1])
def test_a_corrected_discount_may_be_larger_than_all_that_was_given(right, kind, as_kind, rows_of):
    basis = Basis(discount=DiscountBasis.BEFORE_DISCOUNT)
    seller = attrs.evolve(distributor("hudson"), terms=Terms(TENTH, TENTH, basis=basis))
    paid = {"transaction": 0, "distributor": "hudson", "kind": "payment", "at": MARCH}
    corrected = {"kind": "correction", "amount": right, "discount": None, "original": 0}
    rows = [
        paid | {"amount": 1, "discount": 2**30, "original": None},
        paid | corrected | {"transaction": 1, "at": MARCH + 1},
    ]
    settled = settle(as_kind(pl.DataFrame(rows), kind), Book.of(seller))
    assert in_order(rows_of(settled)) == by_the_rules({"hudson": seller}, rows)


def test_what_was_sold_before_1970_is_settled_too(kind, as_kind, rows_of):
    seller = attrs.evolve(distributor("hudson"), created=EPOCH.replace(year=1931))
    frame = pl.DataFrame(
        {
            "transaction": [1, 2],
            "distributor": "hudson",
            "kind": ["payment", "refund"],
            "at": [
                datetime(1955, 3, 1, 12, tzinfo=UTC),
                datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            ],
            "amount": [1001, 1],
            "original": [None, 1],
        }
    )
    settled = sorted(
        rows_of(settle(as_kind(frame, kind), Book.of(seller))), key=lambda row: row["transaction"]
    )
    assert [(row["at"], row["earned"]) for row in settled] == list(
        zip(frame["at"], [100, 0], strict=True)
    )


def test_commission_that_is_settled_later_is_owed_until_it_is_credited():
    seller = attrs.evolve(
        distributor("hudson"),
        terms=Terms(Percent("10"), Percent("10"), netting=Netting.AT_SETTLEMENT),
    )
    rows = {
        "transaction": [1, 2],
        "distributor": "hudson",
        "kind": ["payment", "commission"],
        "at": MARCH,
        "amount": [1001, 100],
    }
    settled = settle(pl.DataFrame(rows), Book.of(seller)).sort("transaction")
    assert settled.select("earned", "owed", "credited", "adds").rows() == [
        (100, 901, 0, 1001),
        (0, -100, 100, -100),
    ]


def test_nothing_sold_is_nothing_settled(kind, as_kind, rows_of, frame_of):
    assert rows_of(settle(as_kind(frame_of([]), kind), Book.of(distributor("hudson")))) == []


def test_what_is_lazy_stays_lazy(frame_of):
    assert isinstance(settle(frame_of([]).lazy(), Book.of(distributor("hudson"))), pl.LazyFrame)


@pytest.mark.exhaustive
@pytest.mark.parametrize("method", RoundingMethod)
def test_two_hundred_thousand_shares_by_every_method_agree(
    method, as_kind, rows_of, frame_of, record_property
):
    choose = Random(f"exhaustive {method.value}").choice  # noqa: S311 - chosen, not secret
    compared: dict[str, int] = {}
    while compared.get("polars", 0) < 200_000:
        distributors = {
            name: attrs.evolve(each, terms=attrs.evolve(each.terms, rounding=method))
            for name, each in distributors_by(
                choose, 60, remainders=(Remainder.EACH_LEVEL_ROUNDED,)
            ).items()
        }
        rows = transactions_by(
            choose, distributors, 15_000, largest=choose((500_000, 10**10, 10**14))
        )
        expected, frame = by_the_rules(distributors, rows), frame_of(rows)
        for kind in (
            "polars",
            "polars-lazy",
            "pandas-numpy",
            "pandas-nullable",
            "pandas-arrow",
            "pyarrow",
            "duckdb",
        ):
            if kind != "polars" and kind in compared:
                continue
            assert (
                in_order(rows_of(settle(as_kind(frame, kind), book_of(distributors)))) == expected
            )
            compared[kind] = compared.get(kind, 0) + len(expected)
    print(f"{method.value}: {compared}")
    record_property("compared", compared)
