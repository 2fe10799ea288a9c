"""Each way of rounding does what its definition says, and mirrors for negative amounts."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import assert_never

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import InvalidType, InvalidValue
from distbilling.money import Money, Rounding, RoundingMethod

METHODS = st.sampled_from(RoundingMethod)
PLACES = st.integers(0, 12)
AMOUNTS = st.builds(
    lambda number, exponent: Money(f"{Decimal(number).scaleb(-exponent):f}", "USD"),
    st.integers(-99_999, 99_999),
    st.integers(0, 14),
)


def by_definition(method: RoundingMethod, magnitude: Fraction, places: int) -> Fraction:
    """Say from the definitions alone what becomes of an amount that is not negative."""
    scale = 10**places
    cut = floor(magnitude * scale)
    rest = magnitude * scale - cut
    match method:
        case RoundingMethod.HALF_AWAY_FROM_ZERO:
            units = cut + (rest >= Fraction(1, 2))
        case RoundingMethod.AWAY_FROM_ZERO:
            units = cut + (rest > 0)
        case RoundingMethod.HALF_EVEN:
            units = cut + (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and cut % 2 == 1))
        case RoundingMethod.DOWN:
            units = cut
        case RoundingMethod.MALAYSIAN:
            units = cut - cut % 10 + (0, 0, 0, 5, 5, 5, 5, 5, 10, 10)[cut % 10]
        case _:
            assert_never(method)
    return Fraction(units, scale)


@given(AMOUNTS, METHODS, PLACES)
def test_each_method_does_what_its_definition_says(amount, method, places):
    rounded = amount.rounded(method, places)
    sign = -1 if amount.is_negative else 1
    assert Fraction(rounded.amount) == sign * by_definition(
        method, abs(Fraction(amount.amount)), places
    )
    assert rounded.currency is amount.currency


@given(AMOUNTS, METHODS, PLACES)
def test_negative_amounts_mirror_positive_ones(amount, method, places):
    assert (-amount).rounded(method, places) == -amount.rounded(method, places)


@given(AMOUNTS, METHODS, PLACES)
def test_rounding_twice_is_rounding_once(amount, method, places):
    once = amount.rounded(method, places)
    assert once.rounded(method, places) == once


@given(AMOUNTS, METHODS, PLACES)
def test_a_rounded_amount_is_written_with_so_many_decimals(amount, method, places):
    assert -amount.rounded(method, places).amount.as_tuple().exponent == places


@pytest.mark.parametrize(
    ("method", "number", "becomes"),
    [
        (RoundingMethod.AWAY_FROM_ZERO, "1.214", "1.22"),
        (RoundingMethod.AWAY_FROM_ZERO, "-1.214", "-1.22"),
        (RoundingMethod.HALF_AWAY_FROM_ZERO, "1.214", "1.21"),
        (RoundingMethod.HALF_AWAY_FROM_ZERO, "1.215", "1.22"),
        (RoundingMethod.HALF_AWAY_FROM_ZERO, "-1.215", "-1.22"),
        (RoundingMethod.HALF_EVEN, "1.215", "1.22"),
        (RoundingMethod.HALF_EVEN, "1.225", "1.22"),
        (RoundingMethod.DOWN, "1.219", "1.21"),
        (RoundingMethod.DOWN, "-1.219", "-1.21"),
        *((RoundingMethod.MALAYSIAN, number, "1.20") for number in ("1.204", "1.215", "1.226")),
        *((RoundingMethod.MALAYSIAN, number, "1.25") for number in ("1.234", "1.255", "1.276")),
        *((RoundingMethod.MALAYSIAN, number, "1.30") for number in ("1.284", "1.296")),
        (RoundingMethod.MALAYSIAN, "-1.296", "-1.30"),
        (RoundingMethod.MALAYSIAN, "9.98", "10.00"),
    ],
)
def test_the_rulebooks_figures_hold(method, number, becomes):
    assert Money(number, "USD").rounded(method) == Money(becomes, "USD")


@pytest.mark.parametrize(
    ("currency", "becomes"), [("JPY", "1"), ("USD", "1.23"), ("KWD", "1.235"), ("IQD", "1.235")]
)
def test_the_currencys_own_digits_are_kept_unless_told_otherwise(currency, becomes):
    amount = Money("1.23456", currency)
    assert amount.rounded(RoundingMethod.HALF_EVEN) == Money(becomes, currency)
    assert amount.rounded(RoundingMethod.HALF_EVEN, 4) == Money("1.2346", currency)


def test_an_amount_too_long_to_take_more_zeros_stays_as_it_is():
    whole, tenths = Money("9" * 38, "USD"), Money("9" * 37 + ".9", "USD")
    for method in RoundingMethod:
        assert whole.rounded(method) == whole
        assert tenths.rounded(method, 2) == tenths
    assert tenths.rounded(RoundingMethod.AWAY_FROM_ZERO, 0) == Money("1" + "0" * 37, "USD")


def test_a_currency_without_a_minor_unit_needs_the_number_of_places():
    gold = Money("1.2345", "XAU")
    assert gold.rounded(RoundingMethod.DOWN, 2) == Money("1.23", "XAU")
    with pytest.raises(InvalidValue, match=r"places: None .* XAU has no minor unit"):
        gold.rounded(RoundingMethod.DOWN)


@pytest.mark.parametrize("places", [-1, 13, 10**100])
def test_zero_to_twelve_places_are_kept(places):
    with pytest.raises(InvalidValue, match="places"):
        Money("1.00", "USD").rounded(RoundingMethod.DOWN, places)
    with pytest.raises(InvalidValue, match="places"):
        Rounding(RoundingMethod.DOWN, places)


@pytest.mark.parametrize("places", ["2", 2.0, True, Decimal(2), [2]])
def test_places_are_a_whole_number(places):
    with pytest.raises(InvalidType, match="places"):
        Money("1.00", "USD").rounded(RoundingMethod.DOWN, places)
    with pytest.raises(InvalidType, match="places"):
        Rounding(RoundingMethod.DOWN, places)


@pytest.mark.parametrize(
    "method", ["DOWN", None, 1, Decimal("1.0"), [], Rounding(RoundingMethod.DOWN)]
)
def test_a_method_is_one_of_the_five(method):
    with pytest.raises(InvalidType, match="method") as caught:
        Money("1.00", "USD").rounded(method)
    assert caught.value.__context__ is None
    with pytest.raises(InvalidType, match="method"):
        Rounding(method)


@given(METHODS, st.none() | PLACES, AMOUNTS)
def test_a_rounding_is_a_value_that_can_be_kept_and_applied(method, places, amount):
    rounding = Rounding(method, places)
    assert rounding.apply(amount) == amount.rounded(method, places)
    assert (
        rounding
        == Rounding(method, places)
        == copy.deepcopy(rounding)
        == pickle.loads(pickle.dumps(rounding))  # noqa: S301
    )
    assert hash(rounding) == hash(Rounding(method, places))
    names = {"Rounding": Rounding, "RoundingMethod": RoundingMethod}
    assert eval(repr(rounding), names) == rounding  # noqa: S307


def test_a_rounding_never_changes():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(Rounding(RoundingMethod.DOWN), "places", 3)  # noqa: B010 - types refuse it
