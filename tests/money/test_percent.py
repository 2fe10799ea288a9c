"""A rate is a percentage from 0 to 100, and its share of an amount is exact."""

from __future__ import annotations

import copy
import operator
import pickle
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from babel.numbers import format_percent
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import InvalidType, InvalidValue, PrecisionExceeded
from distbilling.money import Money, Percent, RoundingMethod

VALUES = st.decimals(0, 100, places=4)
PERCENTS = st.builds(Percent, VALUES)
AMOUNTS = st.builds(
    Money, st.decimals(-(10**12), 10**12, places=5), st.sampled_from(["USD", "JPY", "KWD"])
)
METHODS = st.sampled_from(RoundingMethod)


def test_a_percentage_is_given_as_text_a_whole_number_or_a_decimal():
    assert Percent("12.5") == Percent(Decimal("12.50"))
    assert Percent(15) == Percent("15") == Percent(Decimal("1.5E+1"))


@given(PERCENTS, AMOUNTS)
def test_a_share_is_exact(percent, amount):
    assert (
        Fraction(percent.of(amount).amount)
        == Fraction(amount.amount) * Fraction(percent.value) / 100
    )
    assert percent.of(-amount) == -percent.of(amount)


@given(PERCENTS, AMOUNTS, METHODS)
def test_a_share_rounded_at_once_is_the_exact_share_rounded(percent, amount, method):
    assert percent.of(amount, method) == percent.of(amount).rounded(method)


def test_twelve_decimals_are_accepted_and_idle_zeros_are_not_counted():
    assert Percent("0.000000000001").of(Money("100", "USD")) == Money("0.000000000001", "USD")
    assert Percent("12.5" + "0" * 12) == Percent("12.5")


def test_the_bounds_belong_to_the_range():
    amount = Money("80.00", "USD")
    assert Percent(0).of(amount) == Money.zero("USD")
    assert Percent(100).of(amount) == amount
    assert not Percent(0).of(-amount).amount.is_signed()
    assert not Percent("0.001").of(Money("-0.01", "USD"), RoundingMethod.DOWN).amount.is_signed()


@pytest.mark.parametrize(
    "value",
    [
        "-0.01",
        "100.01",
        101,
        -1,
        1500,
        "15%",
        "",
        "0.0000000000001",
        Decimal("NaN"),
        Decimal("Infinity"),
        "1e1",
    ],
)
def test_what_is_no_percentage_is_refused(value):
    with pytest.raises(InvalidValue) as caught:
        Percent(value)
    assert caught.value.field == "percent"


@pytest.mark.parametrize("value", [0.15, True, None, Fraction(1, 2), Percent(15), b"12"])
def test_a_percentage_is_an_exact_number(value):
    with pytest.raises(InvalidType) as caught:
        Percent(value)
    assert caught.value.field == "percent"


@given(VALUES, VALUES)
def test_percentages_are_ordered_by_their_numbers(one, other):
    for compare in (operator.lt, operator.le, operator.gt, operator.ge, operator.eq):
        assert compare(Percent(one), Percent(other)) is compare(one, other)
    assert one != other or hash(Percent(one)) == hash(Percent(other))


@pytest.mark.parametrize("foreign", [15, "12", Decimal(15), 0.15, None, Money("15.00", "USD")])
def test_a_percentage_is_no_number(foreign):
    assert foreign != Percent(15)
    for compare in (operator.lt, operator.add, operator.mul):
        with pytest.raises(TypeError):
            compare(Percent(15), foreign)


@pytest.mark.parametrize(
    ("value", "written"),
    [("12.50", "12.5"), ("100", "100"), ("0.0", "0"), ("10", "10"), ("0.00000001", "0.00000001")],
)
def test_a_percentage_is_shown_plainly(value, written):
    assert repr(Percent(value)) == f"Percent({written!r})"
    assert f"{Percent(value).value:f}" == written


@given(PERCENTS)
def test_copies_pickles_and_what_is_shown_are_equal(percent):
    shown = eval(repr(percent))  # noqa: S307 - that is the promise
    for other in (
        shown,
        copy.copy(percent),
        copy.deepcopy(percent),
        pickle.loads(pickle.dumps(percent)),  # noqa: S301
    ):
        assert other == percent
        assert hash(other) == hash(percent)
        assert other.of(Money("1.00", "USD")) == percent.of(Money("1.00", "USD"))


def test_a_percentage_never_changes():
    percent = Percent(15)
    for name in ("value", "_fraction", "note"):
        with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
            setattr(percent, name, Decimal(16))
    assert percent == Percent(15)


def test_a_percentage_is_written_in_the_readers_locale_with_all_its_digits():
    percent = Percent("12.345")
    assert str(percent) == percent.format("en") == "12.345%"
    assert percent.format("de_DE") == "12,345\xa0%"
    turkish = format_percent(Decimal("0.12345"), locale="tr", decimal_quantization=False)
    assert percent.format("tr") == turkish
    with pytest.raises(InvalidValue, match="locale"):
        percent.format("xx")


@pytest.mark.parametrize("amount", [Decimal("10.00"), 10, "10.00", None, Percent(10)])
def test_a_share_is_of_money(amount):
    with pytest.raises(InvalidType, match="amount"):
        Percent(15).of(amount)


@pytest.mark.parametrize("method", ["DOWN", 1, Decimal(1)])
def test_a_share_is_rounded_by_one_of_the_five_methods(method):
    with pytest.raises(InvalidType, match="method"):
        Percent(15).of(Money("10.00", "USD"), method)


def test_a_share_of_gold_is_not_rounded_unless_told_to_which_place():
    gold = Money("1.5", "XAU")
    assert Percent("12.5").of(gold) == Money("0.1875", "XAU")
    with pytest.raises(InvalidValue, match="places"):
        Percent("12.5").of(gold, RoundingMethod.DOWN)


def test_a_share_that_38_digits_cannot_hold_is_refused():
    fine = Money("0." + "0" * 35 + "11", "USD")
    for method in (None, RoundingMethod.DOWN):
        with pytest.raises(PrecisionExceeded, match="product"):
            Percent("12.5").of(fine, method)


def test_a_rounded_share_too_long_to_take_more_zeros_is_the_exact_one():
    long = Money("9" * 38, "USD")
    assert Percent(100).of(long, RoundingMethod.HALF_EVEN) == long
