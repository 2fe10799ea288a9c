"""A split gives away all there is, to whom it should go, and not a unit more."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue, PrecisionExceeded
from distbilling.money import Allocation, Money
from distbilling.money.allocation import shares, shares_with_rest, weights

STRATEGIES = st.sampled_from(Allocation)
RATIOS = st.lists(
    st.integers(0, 10**6)
    | st.fractions(0, 1000, max_denominator=1000)
    | st.decimals(0, 100, places=3),
    min_size=1,
).filter(any)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1).filter(any)
AMOUNTS = st.builds(
    Money,
    st.decimals(-(10**9), 10**9, places=2) | st.decimals(-100, 100, places=5),
    st.sampled_from(["USD", "JPY", "KWD"]),
)


def dollars(*numbers: str) -> tuple[Money, ...]:
    return tuple(Money(number, "USD") for number in numbers)


@given(AMOUNTS, RATIOS, STRATEGIES)
def test_the_shares_are_the_amount(amount, ratios, strategy):
    parts = amount.allocate(ratios, strategy)
    assert len(parts) == len(ratios)
    assert Money.sum(parts) == amount


@given(AMOUNTS, RATIOS, STRATEGIES)
def test_negative_amounts_mirror_positive_ones(amount, ratios, strategy):
    assert (-amount).allocate(ratios, strategy) == tuple(
        -part for part in amount.allocate(ratios, strategy)
    )


@given(
    st.integers(-(10**12), 10**12),
    WEIGHTS,
    st.sampled_from((Allocation.LARGEST_REMAINDER, Allocation.FIRST_IN_ORDER)),
)
def test_a_share_is_a_unit_from_the_exact_one_at_most_and_a_zero_ratio_gets_nothing(
    units, ratios, strategy
):
    for share, ratio in zip(shares(units, ratios, strategy), ratios, strict=True):
        exact = Fraction(units * ratio, sum(ratios))
        assert (
            share == 0
            if ratio == 0
            else -1 < share - exact <= 1
            if units >= 0
            else -1 <= share - exact < 1
        )


@given(st.integers(0, 10**12), WEIGHTS)
def test_the_left_over_units_go_to_the_largest_remainders_and_of_equals_to_the_first(units, ratios):
    total = sum(ratios)
    lost = [Fraction(units * ratio, total) % 1 for ratio in ratios]
    favoured = [
        share - units * ratio // total
        for share, ratio in zip(
            shares(units, ratios, Allocation.LARGEST_REMAINDER), ratios, strict=True
        )
    ]
    assert set(favoured) <= {0, 1}
    for first, second in zip(range(len(ratios)), range(1, len(ratios)), strict=False):
        assert not (
            lost[first] >= lost[second] and lost[second] > 0 and favoured[first] < favoured[second]
        )
    with_one = [place for place, one in enumerate(favoured) if one]
    without = [place for place, one in enumerate(favoured) if not one]
    assert all((lost[a], -a) > (lost[b], -b) for a in with_one for b in without)


@given(st.integers(0, 10**12), WEIGHTS)
def test_in_order_the_left_over_units_go_to_the_first_that_are_not_zero(units, ratios):
    total = sum(ratios)
    left_over = units - sum(units * ratio // total for ratio in ratios)
    expected = []
    for ratio in ratios:
        one = 1 if ratio and left_over else 0
        left_over -= one
        expected.append(units * ratio // total + one)
    assert shares(units, ratios, Allocation.FIRST_IN_ORDER) == expected


@given(st.integers(0, 10**12), WEIGHTS)
def test_by_largest_ratio_the_first_of_the_largest_gets_all_that_is_left_over(units, ratios):
    expected = [units * ratio // sum(ratios) for ratio in ratios]
    expected[ratios.index(max(ratios))] += units - sum(expected)
    assert shares(units, ratios, Allocation.LARGEST_RATIO) == expected


@given(st.integers(-(10**12), 10**12), WEIGHTS, st.booleans())
def test_shares_and_the_rest_apart_are_the_whole(units, ratios, in_blocks):
    given_, rest = shares_with_rest(units, ratios, in_blocks=in_blocks)
    mirrored, rest_mirrored = shares_with_rest(-units, ratios, in_blocks=in_blocks)
    assert sum(given_) + rest == units
    assert ([-share for share in mirrored], -rest_mirrored) == (given_, rest)


@given(st.integers(0, 10**12), WEIGHTS)
def test_apart_from_the_rest_a_share_is_rounded_down(units, ratios):
    assert shares_with_rest(units, ratios)[0] == [units * ratio // sum(ratios) for ratio in ratios]


@given(st.integers(0, 10**12), WEIGHTS)
def test_in_blocks_the_shares_are_as_many_whole_weights_as_there_can_be(units, ratios):
    given_, rest = shares_with_rest(units, ratios, in_blocks=True)
    assert given_ == [units // sum(ratios) * ratio for ratio in ratios]
    assert rest == units % sum(ratios)


@given(AMOUNTS, RATIOS, st.booleans())
def test_an_amount_is_its_shares_and_the_rest(amount, ratios, in_blocks):
    parts, rest = amount.allocate_with_rest(ratios, in_blocks=in_blocks)
    assert len(parts) == len(ratios)
    assert Money.sum((*parts, rest)) == amount
    assert not rest.is_zero or Money.sum(parts) == amount


@pytest.mark.parametrize(
    ("number", "unit", "in_blocks", "parts", "rest"),
    [
        ("1.00", None, False, ("0.33", "0.50", "0.16"), "0.01"),
        ("1.00", None, True, ("0.32", "0.48", "0.16"), "0.04"),
        ("-1.00", None, True, ("-0.32", "-0.48", "-0.16"), "-0.04"),
        ("1.00", "0.05", False, ("0.30", "0.50", "0.15"), "0.05"),
        ("1.00", Money("0.05", "USD"), True, ("0.30", "0.45", "0.15"), "0.10"),
        ("0.001", None, False, ("0", "0", "0"), "0.001"),
    ],
)
def test_the_rest_can_be_kept_apart(number, unit, in_blocks, parts, rest):
    ratios = (4, "6.0", Fraction(2))
    found = Money(number, "USD").allocate_with_rest(ratios, unit, in_blocks=in_blocks)
    assert found == (dollars(*parts), Money(rest, "USD"))


def test_the_rest_is_kept_apart_without_blocks_unless_they_are_asked_for():
    assert Money("0.05", "USD").allocate_with_rest((2, 1)) == (
        dollars("0.03", "0.01"),
        Money("0.01", "USD"),
    )
    assert shares_with_rest(5, (2, 1)) == ([3, 1], 1)


def test_what_cannot_be_split_cannot_be_split_with_a_rest_either():
    amount = Money("1.00", "USD")
    for ratios, unit, error in (
        ((0, 0), None, "ratios"),
        ((1, 1), "0.03", "unit"),
        ((1, 1), "0", "unit"),
    ):
        with pytest.raises(InvalidValue, match=error):
            amount.allocate_with_rest(ratios, unit)
    with pytest.raises(CurrencyMismatch):
        amount.allocate_with_rest((1, 1), Money("0.05", "EUR"))


@given(st.integers(0, 10**6), WEIGHTS, st.integers(1, 1000), STRATEGIES)
def test_only_the_proportions_of_the_ratios_count(units, ratios, times, strategy):
    assert shares(units, ratios, strategy) == shares(
        units, [ratio * times for ratio in ratios], strategy
    )


@pytest.mark.parametrize(
    ("strategy", "number", "ratios", "parts"),
    [
        (Allocation.LARGEST_REMAINDER, "0.03", (75, 25), ("0.02", "0.01")),
        (Allocation.FIRST_IN_ORDER, "0.03", (75, 25), ("0.03", "0.00")),
        (Allocation.LARGEST_REMAINDER, "-0.03", (75, 25), ("-0.02", "-0.01")),
        (Allocation.FIRST_IN_ORDER, "0.01", (0, 1, 1), ("0.00", "0.01", "0.00")),
        (Allocation.LARGEST_REMAINDER, "0.05", ("1", "1/1", Fraction(1)), ("0.02", "0.02", "0.01")),
        (Allocation.LARGEST_REMAINDER, "100.00", ("87.5", Decimal("12.5")), ("87.50", "12.50")),
        (Allocation.LARGEST_REMAINDER, "0.00", (1, 2), ("0.00", "0.00")),
        (Allocation.LARGEST_RATIO, "0.05", (3, 3, 4), ("0.01", "0.01", "0.03")),
        (Allocation.LARGEST_RATIO, "-0.05", (3, 3, 4), ("-0.01", "-0.01", "-0.03")),
        (Allocation.LARGEST_RATIO, "0.05", (1, 1, 1), ("0.03", "0.01", "0.01")),
    ],
)
def test_the_figures_hold(strategy, number, ratios, parts):
    assert Money(number, "USD").allocate(ratios, strategy) == dollars(*parts)


def test_an_amount_finer_than_cents_is_split_in_its_own_last_decimal():
    assert Money("0.00500", "USD").allocate((1, 1), Allocation.FIRST_IN_ORDER) == dollars(
        "0.003", "0.002"
    )


@pytest.mark.parametrize("unit", ["0.05", Decimal("0.05"), Money("0.05", "USD")])
def test_a_split_can_be_in_coins(unit):
    assert Money("1.00", "USD").allocate((1, 1, 1), Allocation.FIRST_IN_ORDER, unit) == dollars(
        "0.35", "0.35", "0.30"
    )


def test_yen_are_split_in_whole_yen():
    yen = [Money(number, "JPY") for number in (34, 33, 33)]
    assert Money("100", "JPY").allocate((1, 1, 1), Allocation.LARGEST_REMAINDER) == tuple(yen)


def test_a_split_can_be_in_whole_dollars():
    assert Money("10.00", "USD").allocate((1, 2), Allocation.LARGEST_REMAINDER, 1) == dollars(
        "3", "7"
    )


@pytest.mark.parametrize("unit", ["0.03", "0.07", 3])
def test_an_amount_that_is_no_whole_number_of_units_is_refused(unit):
    with pytest.raises(InvalidValue, match="unit") as caught:
        Money("1.00", "USD").allocate((1, 1), Allocation.LARGEST_REMAINDER, unit)
    assert caught.value.value == unit


@pytest.mark.parametrize("unit", [0, "-0.01", "1e-2", Decimal("NaN"), Money.zero("USD")])
def test_a_unit_is_above_zero(unit):
    with pytest.raises(InvalidValue, match="unit"):
        Money("1.00", "USD").allocate((1, 1), Allocation.LARGEST_REMAINDER, unit)


@pytest.mark.parametrize("unit", [0.01, True, b"1"])
def test_a_unit_is_money_or_a_number(unit):
    with pytest.raises(InvalidType, match="unit"):
        Money("1.00", "USD").allocate((1, 1), Allocation.LARGEST_REMAINDER, unit)


def test_a_unit_is_in_the_currency_of_the_amount():
    with pytest.raises(CurrencyMismatch):
        Money("1.00", "USD").allocate((1, 1), Allocation.LARGEST_REMAINDER, Money("0.05", "EUR"))


def test_a_currency_without_a_minor_unit_needs_a_unit():
    gold = Money("1.0", "XAU")
    assert gold.allocate((1, 3), Allocation.LARGEST_REMAINDER, "0.25") == (
        Money("0.25", "XAU"),
        Money("0.75", "XAU"),
    )
    with pytest.raises(InvalidValue, match="unit"):
        gold.allocate((1, 3), Allocation.LARGEST_REMAINDER)


@pytest.mark.parametrize(
    "ratios",
    [
        (),
        [0, 0],
        (-1, 2),
        ("-1/2", 1),
        ("1/0", 1),
        ("1/-2", 1),
        ("-1/-2", 1),
        ("1/2/3",),
        ("x",),
        ("1e2",),
        ("1 / 2",),
        (Decimal("NaN"),),
    ],
)
def test_ratios_are_numbers_not_negative_and_not_all_zero(ratios):
    with pytest.raises(InvalidValue, match="ratios"):
        Money("1.00", "USD").allocate(ratios, Allocation.LARGEST_REMAINDER)


@pytest.mark.parametrize("ratios", ["12", b"34", None, 5, (0.5, 0.5), (True, 1), ([1], 1)])
def test_ratios_are_a_series_of_exact_numbers(ratios):
    with pytest.raises(InvalidType, match="ratios"):
        Money("1.00", "USD").allocate(ratios, Allocation.LARGEST_REMAINDER)


def test_a_strategy_is_told_as_it_is_written():
    assert [repr(strategy) for strategy in Allocation] == [
        "Allocation.LARGEST_REMAINDER",
        "Allocation.FIRST_IN_ORDER",
        "Allocation.LARGEST_RATIO",
    ]


@pytest.mark.parametrize("strategy", ["LARGEST_REMAINDER", None, 1])
def test_a_strategy_is_one_of_the_three(strategy):
    with pytest.raises(InvalidType, match="strategy"):
        Money("1.00", "USD").allocate((1, 1), strategy)


def test_a_share_that_38_digits_cannot_hold_is_refused():
    with pytest.raises(PrecisionExceeded, match="allocation"):
        Money("9" * 38, "USD").allocate((1, 2, 4), Allocation.LARGEST_REMAINDER)


@given(RATIOS)
def test_weights_are_the_smallest_whole_numbers_in_the_proportions_given(ratios):
    found = weights(ratios)
    assert all(type(weight) is int for weight in found)
    assert gcd(*found) == 1
    for ratio, weight in zip(ratios, found, strict=True):
        assert Fraction(weight, sum(found)) == Fraction(ratio) / sum(map(Fraction, ratios))
