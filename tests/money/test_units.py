"""Amounts become whole numbers of units, and amounts again, to the last digit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import InvalidType, InvalidValue, PrecisionExceeded
from distbilling.money import Currency, Money, from_units, units_of
from distbilling.money.units import common_units

NUMBERS = st.integers(-(10**38) + 1, 10**38 - 1)
PLACES = st.integers(0, 37)


@given(NUMBERS, PLACES)
def test_units_become_an_amount_and_the_same_units_again(units, places):
    amount = from_units(units, places, "USD")
    assert Fraction(amount.amount) == Fraction(units, 10**places)
    assert amount.currency is Currency("USD")
    assert units_of(amount, places) == units


@given(st.integers(-(10**20), 10**20), st.integers(0, 15), st.integers(0, 15))
def test_an_amount_has_more_units_the_finer_they_are(units, places, finer):
    assert units_of(from_units(units, places, "USD"), places + finer) == units * 10**finer


def test_the_largest_and_the_finest_amounts_are_units_too():
    assert units_of(Money("-" + "9" * 38, "USD"), 37) == -(10**38 - 1) * 10**37
    assert units_of(Money("0." + "0" * 36 + "1", "USD"), 37) == 1
    assert from_units(10**74, 37, Currency("USD")) == Money(10**37, "USD")


def test_an_amount_with_finer_decimals_than_the_unit_is_refused():
    for number in ("0.005", "-0.005", "1.001"):
        with pytest.raises(InvalidValue, match="at most 2 decimals") as caught:
            units_of(Money(number, "USD"), 2)
        assert (caught.value.field, caught.value.value) == ("amount", Money(number, "USD"))


def test_an_amount_that_38_digits_cannot_hold_is_refused():
    for units, places in (
        (10**38, 0),
        (10**38 + 1, 37),
        (-(10**38), 0),
        (10**5000, 2),
        (10**75, 37),
    ):
        with pytest.raises(PrecisionExceeded, match="amount") as caught:
            from_units(units, places, "USD")
        assert (caught.value.digits, caught.value.__cause__) == (38, None)


@pytest.mark.parametrize("places", [-1, 38, 10**100])
def test_a_unit_has_0_to_37_decimals(places):
    for refused in (
        lambda: units_of(Money(1, "USD"), places),
        lambda: from_units(1, places, "USD"),
    ):
        with pytest.raises(InvalidValue, match="from 0 to 37") as caught:
            refused()
        assert (caught.value.field, caught.value.value) == ("places", places)


@pytest.mark.parametrize("places", ["2.00", 2.0, True, None, Decimal(2)])
def test_the_decimals_of_a_unit_are_a_whole_number(places):
    for refused in (
        lambda: units_of(Money(1, "USD"), places),
        lambda: from_units(1, places, "USD"),
    ):
        with pytest.raises(InvalidType, match="from 0 to 37") as caught:
            refused()
        assert (caught.value.field, caught.value.value) == ("places", places)


@pytest.mark.parametrize("units", ["2.00", 2.0, True, None, Decimal(2)])
def test_units_are_counted_in_whole_numbers(units):
    with pytest.raises(InvalidType, match="a whole number") as caught:
        from_units(units, 2, "USD")
    assert (caught.value.field, caught.value.value) == ("units", units)


@pytest.mark.parametrize("amount", ["2.00", 2, None, Decimal(2)])
def test_only_money_has_units(amount):
    with pytest.raises(InvalidType, match="Money, like Money") as caught:
        units_of(amount, 2)
    assert (caught.value.field, caught.value.value) == ("amount", amount)


def test_an_amount_of_units_has_a_currency_of_the_standard():
    with pytest.raises(InvalidValue, match="currency"):
        from_units(1, 2, "usd")


@given(st.lists(st.builds(from_units, NUMBERS, PLACES, st.just("USD")), min_size=1, max_size=5))
def test_amounts_are_counted_in_the_finest_unit_that_one_of_them_needs(amounts):
    units, places = common_units(*amounts)
    assert [Fraction(count, 10**places) for count in units] == [
        Fraction(amount.amount) for amount in amounts
    ]
    assert places == max(-int(amount.amount.as_tuple().exponent) for amount in amounts)
