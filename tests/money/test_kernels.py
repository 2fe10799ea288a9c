"""The kernels agree with the definitions, with each other and with rounded amounts."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import PrecisionExceeded
from distbilling.money import Money, RoundingMethod
from distbilling.money.kernels import clawed, divided, slices

METHODS = st.sampled_from(RoundingMethod)
LONG = st.integers(-(10**38) + 1, 10**38 - 1)
BOUNDS = st.lists(st.integers(0, 60), min_size=1, max_size=6, unique=True).map(sorted)


def held_by_an_amount(number: int, exponent: int) -> Money:
    return Money(Decimal((int(number < 0), tuple(map(int, str(abs(number)))), -exponent)), "XAU")


@given(LONG | st.integers(-9999, 9999), st.integers(0, 37), st.integers(0, 12), METHODS)
def test_a_quotient_is_rounded_as_an_amount_is(number, exponent, places, method):
    units = divided(number * 10**places, 10**exponent, method)
    if abs(units) >= 10 ** (38 + places):
        with pytest.raises(PrecisionExceeded, match="rounding"):
            held_by_an_amount(number, exponent).rounded(method, places)
    else:
        assert Fraction(
            held_by_an_amount(number, exponent).rounded(method, places).amount
        ) == Fraction(units, 10**places)


@given(st.integers(-(10**60), 10**60), st.integers(1, 10**60), METHODS)
def test_a_negative_quotient_mirrors_the_positive_one(numerator, denominator, method):
    assert divided(-numerator, denominator, method) == -divided(numerator, denominator, method)


@pytest.mark.parametrize(
    ("method", "quotients"),
    [
        (RoundingMethod.HALF_AWAY_FROM_ZERO, (0, 0, 1, 1, 1, 1, 2, 2, 2)),
        (RoundingMethod.AWAY_FROM_ZERO, (0, 1, 1, 1, 1, 2, 2, 2, 2)),
        (RoundingMethod.HALF_EVEN, (0, 0, 0, 1, 1, 1, 2, 2, 2)),
        (RoundingMethod.DOWN, (0, 0, 0, 0, 1, 1, 1, 1, 2)),
    ],
)
def test_quarters_are_rounded(method, quotients):
    assert tuple(divided(numerator, 4, method) for numerator in range(9)) == quotients


def test_the_malaysian_way_cuts_and_then_goes_to_the_next_five():
    assert [divided(numerator, 1, RoundingMethod.MALAYSIAN) for numerator in range(13)] == [
        0
    ] * 3 + [5] * 5 + [10] * 5
    assert divided(29, 10, RoundingMethod.MALAYSIAN) == 0
    assert divided(79, 10, RoundingMethod.MALAYSIAN) == 5


@given(st.integers(0, 80), st.integers(0, 80), BOUNDS)
def test_each_unit_of_a_volume_is_in_the_slice_of_its_bracket(start, length, bounds):
    counted = [0] * len(bounds)
    for unit in range(start, start + length):
        if unit >= bounds[0]:
            counted[bisect_right(bounds, unit) - 1] += 1
    assert slices(start, length, bounds) == counted


@given(LONG, LONG, st.lists(LONG, min_size=1, max_size=6, unique=True).map(sorted))
def test_slices_are_the_volume_above_the_first_bound_there_and_back(start, length, bounds):
    found = slices(start, length, bounds)
    assert sum(found) == max(start + length, bounds[0]) - max(start, bounds[0])
    assert slices(start + length, -length, bounds) == [-part for part in found]


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**6)), BOUNDS)
def test_a_volume_is_sliced_alike_in_one_go_or_in_many(start, lengths, bounds):
    starts = [start, *accumulate(lengths, initial=start)]
    parts = [
        slices(at, length, [0, *bounds]) for at, length in zip(starts[1:], lengths, strict=False)
    ]
    assert [sum(column) for column in zip([0] * (len(bounds) + 1), *parts, strict=True)] == slices(
        start, sum(lengths), [0, *bounds]
    )


@given(
    st.integers(-(10**40), 10**40),
    st.lists(st.integers(0, 10**40), min_size=1).filter(any),
    METHODS,
    st.data(),
)
def test_the_parts_of_an_amount_give_back_all_that_was_earned(earned, parts, method, data):
    amount, step = sum(parts), data.draw(st.sampled_from([1, 10, 1000]))
    order = data.draw(st.permutations(parts))
    starts = accumulate(order, initial=0)
    given_back = [
        clawed(earned, amount, already, part, method, step)
        for already, part in zip(starts, order, strict=False)
    ]
    assert sum(given_back) == earned
    assert all(0 <= one <= earned if earned >= 0 else earned <= one <= 0 for one in given_back)


@given(
    st.integers(-300, 300),
    st.integers(1, 300),
    st.integers(0, 300),
    METHODS,
    st.sampled_from([1, 7, 100]),
)
def test_what_is_given_back_so_far_is_the_part_of_what_was_earned_rounded(
    earned, amount, part, method, step
):
    if part < amount:
        rounded = step * divided(earned * part, amount * step, method)
        assert clawed(earned, amount, 0, part, method, step) == (
            max(rounded, earned) if earned < 0 else min(rounded, earned)
        )


@pytest.mark.parametrize(
    ("method", "given_back"),
    [
        (RoundingMethod.HALF_AWAY_FROM_ZERO, [50, 50, 50]),
        (RoundingMethod.AWAY_FROM_ZERO, [50, 50, 50]),
        (RoundingMethod.HALF_EVEN, [50, 50, 50]),
        (RoundingMethod.DOWN, [49, 50, 51]),
        (RoundingMethod.MALAYSIAN, [50, 50, 50]),
    ],
)
def test_the_rulebooks_three_parts_give_back_the_commission(method, given_back):
    bounds = (0, 333, 666, 1000)
    assert [clawed(150, 1000, at, to - at, method) for at, to in pairwise(bounds)] == given_back


def test_what_no_rounding_yields_is_given_back_in_the_end_all_the_same():
    assert [clawed(4, 4, at, 1, RoundingMethod.MALAYSIAN) for at in range(4)] == [0, 0, 4, 0]
    assert [clawed(-4, 4, at, 1, RoundingMethod.MALAYSIAN) for at in range(4)] == [0, 0, -4, 0]
    assert [clawed(25, 2, at, 1, RoundingMethod.DOWN, 10) for at in range(2)] == [10, 15]
