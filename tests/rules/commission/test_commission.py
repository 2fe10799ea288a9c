"""What is earned and owed on an amount, whatever the amount, the rate and the rounding."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import Money, Percent, Rounding, RoundingMethod
from distbilling.errors import PrecisionExceeded
from distbilling.rules.agreement.origin import Origin
from distbilling.rules.commission import RateOrigin, commission_on
from distbilling.testing.sample_data import usd
from distbilling.testing.strategies.values import currencies, money, percents

METHODS = st.sampled_from(RoundingMethod)
AMOUNTS = currencies().flatmap(lambda currency: money(currency, places=5))


@given(AMOUNTS, percents(), METHODS)
def test_the_amount_is_always_commission_plus_what_is_owed(amount, rate, method):
    split = commission_on(amount, rate, method)
    assert split.earned + split.owed == split.amount == amount
    assert split.earned == split.exact + split.remainder
    assert Fraction(split.exact.amount) == Fraction(amount.amount) * Fraction(rate.value) / 100


@given(AMOUNTS, percents(), METHODS)
def test_a_commission_is_never_more_than_the_amount_nor_of_the_other_sign(amount, rate, method):
    earned = commission_on(amount, rate, method).earned
    assert abs(earned) <= abs(amount)
    assert earned.is_zero or earned.is_negative == amount.is_negative


@given(AMOUNTS, percents(), METHODS)
def test_a_negative_amount_mirrors_the_positive_one(amount, rate, method):
    split, mirrored = commission_on(amount, rate, method), commission_on(-amount, rate, method)
    assert (mirrored.earned, mirrored.owed) == (-split.earned, -split.owed)


@given(AMOUNTS, percents(), METHODS, st.integers(0, 6))
def test_a_rounding_with_places_keeps_so_many(amount, rate, method, places):
    split = commission_on(amount, rate, Rounding(method, places))
    assert split.earned in {split.exact.rounded(method, places), amount}


@given(AMOUNTS, percents(), METHODS, st.sampled_from(RateOrigin))
def test_the_steps_are_enough_to_compute_it_again(amount, rate, method, origin):
    split = commission_on(amount, rate, method, origin)
    told: dict[str, Any] = {step.name: step.value for step in split.steps}
    limited = ["rounded", "not_above_amount"] if split.exact.rounded(method) != split.earned else []
    assert list(told) == [
        "base",
        "rate",
        "origin",
        "exact",
        "rounding",
        *limited,
        "remainder",
        "earned",
        "owed",
    ]
    assert commission_on(told["base"], told["rate"], told["rounding"], told["origin"]) == split
    assert (
        told["base"]
        == told["earned"] + told["owed"]
        == told["exact"] + told["remainder"] + told["owed"]
    )
    assert told["origin"] == Origin(origin)


@pytest.mark.parametrize(
    ("amount", "rate", "rounding", "origin", "told"),
    [
        ("10.00", "15", RoundingMethod.HALF_AWAY_FROM_ZERO, RateOrigin.GIVEN,
         "15% of $10.00 is $1.50: earned $1.50, owed $8.50."),
        ("10.00", "15", RoundingMethod.DOWN, RateOrigin.DEFAULT_SALES_COMMISSION,
         "15% (default sales commission) of $10.00 is $1.50: earned $1.50, owed $8.50."),
        ("10.01", "10", RoundingMethod.HALF_EVEN, RateOrigin.DEFAULT_PAYMENT_COMMISSION,
         ("10% (default payment commission) of $10.01 is $1.001, rounded half to even to $1.00: "
         "earned $1.00, owed $9.01.")),
        ("10.01", "10", RoundingMethod.AWAY_FROM_ZERO, RateOrigin.GIVEN,
         "10% of $10.01 is $1.001, rounded away from zero to $1.01: earned $1.01, owed $9.00."),
        ("10.19", "10", RoundingMethod.DOWN, RateOrigin.GIVEN,
         "10% of $10.19 is $1.019, rounded towards zero to $1.01: earned $1.01, owed $9.18."),
        ("10.15", "10", RoundingMethod.HALF_AWAY_FROM_ZERO, RateOrigin.GIVEN,
         ("10% of $10.15 is $1.015, rounded half away from zero to $1.02: earned $1.02, owed "
         "$9.13.")),
        ("12.34", "10", RoundingMethod.MALAYSIAN, RateOrigin.GIVEN,
         "10% of $12.34 is $1.234, rounded the Malaysian way to $1.25: earned $1.25, owed $11.09."),
        ("0.001", "60", RoundingMethod.AWAY_FROM_ZERO, RateOrigin.GIVEN,
         ("60% of $0.001 is $0.0006, rounded away from zero to $0.01, but never more than the "
          "amount: "
         "earned $0.001, owed $0.00.")),
        ("0.01", "50", RoundingMethod.AWAY_FROM_ZERO, RateOrigin.GIVEN,
         "50% of $0.01 is $0.005, rounded away from zero to $0.01: earned $0.01, owed $0.00."),
    ],
)  # fmt: skip
def test_the_explanation_lets_a_reader_do_the_sum_again(amount, rate, rounding, origin, told):
    assert commission_on(usd(amount), Percent(rate), rounding, origin).explain() == told


def test_a_commission_with_more_digits_than_an_amount_can_hold_is_refused_not_rounded():
    with pytest.raises(PrecisionExceeded):
        commission_on(Money("9" * 37 + ".9", "USD"), Percent("33.333"))
