"""Fractions, slices and reversals of amounts are exact and rounded once."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue, PrecisionExceeded
from distbilling.money import (
    Money,
    Rounding,
    RoundingMethod,
    from_units,
    given_back,
    part_of,
    slices_of,
    units_of,
)
from distbilling.money.kernels import divided

HALF_AWAY = Rounding(RoundingMethod.HALF_AWAY_FROM_ZERO)
ROUNDINGS = st.builds(Rounding, st.sampled_from(RoundingMethod), st.none() | st.integers(0, 12))
AMOUNTS = st.builds(from_units, st.integers(-(10**12), 10**12), st.integers(0, 7), st.just("USD"))
POSITIVE = st.builds(from_units, st.integers(1, 10**12), st.integers(0, 7), st.just("USD"))
ZERO = Money.zero("USD")


def usd(number: str) -> Money:
    return Money(number, "USD")


def exact_rounded(exact: Fraction, rounding: Rounding) -> Fraction:
    places = 2 if rounding.places is None else rounding.places
    return Fraction(
        divided(exact.numerator * 10**places, exact.denominator, rounding.method), 10**places
    )


@given(AMOUNTS, AMOUNTS, AMOUNTS, ROUNDINGS)
def test_a_part_is_rounded_once(amount, numerator, denominator, rounding):
    assume(denominator)
    exact = Fraction(amount.amount) * Fraction(numerator.amount) / Fraction(denominator.amount)
    assert Fraction(part_of(amount, numerator, denominator, rounding).amount) == exact_rounded(
        exact, rounding
    )


def test_a_part_of_an_amount_with_all_its_digits_is_exact():
    nines = usd("9" * 36 + ".99")
    assert part_of(nines, nines, nines, HALF_AWAY) == nines
    assert part_of(nines, usd("-0.01"), usd("-0.01"), HALF_AWAY) == nines
    assert part_of(
        usd("0." + "0" * 36 + "2"), nines, usd("0.01"), Rounding(RoundingMethod.DOWN, 3)
    ) == usd("19.999")


def test_a_part_says_the_decimals_that_it_is_rounded_to():
    assert (
        repr(part_of(usd("1"), usd("1"), usd("3"), Rounding(RoundingMethod.DOWN, 4)))
        == "Money('0.3333', 'USD')"
    )
    yen = Money("100", "JPY")
    assert part_of(yen, Money("1", "JPY"), Money("3", "JPY"), HALF_AWAY) == Money("33", "JPY")


def test_there_is_no_part_over_nothing():
    with pytest.raises(InvalidValue, match="not zero") as caught:
        part_of(usd("1"), usd("1"), ZERO, HALF_AWAY)
    assert (caught.value.field, caught.value.value) == ("denominator", ZERO)


def test_a_part_that_38_digits_cannot_hold_is_refused():
    with pytest.raises(PrecisionExceeded):
        part_of(usd("9" * 38), usd("10"), usd("1"), HALF_AWAY)


@given(st.just(ZERO) | POSITIVE, st.lists(POSITIVE, max_size=5, unique=True).map(sorted), POSITIVE)
def test_the_slices_sum_to_the_amount(volume, bounds, so_far):
    amount = volume - so_far
    parts = slices_of(amount, [ZERO, *bounds], so_far)
    assert Money.sum(parts) == amount
    edges = [ZERO, *bounds, max(so_far, so_far + amount, *bounds, ZERO)]
    low, high = sorted((so_far, so_far + amount))
    for part, lower, upper in zip(parts, edges, edges[1:], strict=False):
        assert abs(part) == max(min(high, upper) - max(low, lower), ZERO)
        assert part.is_zero or part.is_negative is amount.is_negative


def test_a_bound_belongs_to_the_slice_above_it():
    bounds = [usd("0"), usd("1000.00"), usd("1500.5")]
    assert slices_of(usd("1000"), bounds, so_far=ZERO) == (usd("1000"), ZERO, ZERO)
    assert slices_of(usd("0.001"), bounds, so_far=usd("1000")) == (ZERO, usd("0.001"), ZERO)
    assert slices_of(usd("-0.001"), bounds, so_far=usd("1000")) == (usd("-0.001"), ZERO, ZERO)
    assert slices_of(usd("600"), bounds, so_far=usd("1000")) == (ZERO, usd("500.50"), usd("99.50"))


def test_a_slice_is_written_with_no_more_decimals_than_it_was_asked_with():
    assert [
        part.amount.as_tuple().exponent for part in slices_of(usd("7.50"), [ZERO, usd("5")], ZERO)
    ] == [-2, -2]


@pytest.mark.parametrize("bounds", [[], [usd("1"), usd("1.00")], [usd("0"), usd("2"), usd("1")]])
def test_bounds_ascend(bounds):
    with pytest.raises(
        InvalidValue, match="at least one bound, each above the one before"
    ) as caught:
        slices_of(usd("5"), bounds, so_far=usd("1"))
    assert (caught.value.field, caught.value.value) == ("bounds", tuple(bounds))


@pytest.mark.parametrize(("amount", "so_far"), [("5", "0.99"), ("-5", "5.99"), ("0", "0")])
def test_an_amount_that_no_bracket_holds_is_refused(amount, so_far):
    with pytest.raises(InvalidValue, match="at least Money") as caught:
        slices_of(usd(amount), [usd("1")], so_far=usd(so_far))
    assert (caught.value.field, caught.value.value) == ("so_far", usd(so_far))


@pytest.mark.parametrize(("amount", "so_far"), [("5", "1"), ("-5", "6"), ("0", "1")])
def test_the_first_bound_is_within_its_bracket(amount, so_far):
    assert slices_of(usd(amount), [usd("1")], so_far=usd(so_far)) == (usd(amount),)


@given(AMOUNTS, st.lists(POSITIVE, min_size=1, max_size=5), ROUNDINGS, st.data())
def test_the_parts_of_an_amount_give_back_all_that_was_earned_in_any_order(
    earned, parts, rounding, data
):
    amount, already, given = Money.sum(parts), ZERO, ZERO
    sign = data.draw(st.sampled_from([1, -1]))
    for part in data.draw(st.permutations(parts)):
        one = given_back(earned, amount * sign, already * sign, part * sign, rounding)
        assert ZERO <= one <= earned or earned <= one <= ZERO
        already, given = already + part, given + one
    assert given == earned


@given(AMOUNTS, POSITIVE, POSITIVE, ROUNDINGS)
def test_so_far_the_rounded_part_is_given_back_but_never_more_than_was_earned(
    earned, part, rest, rounding
):
    exact = Fraction(earned.amount) * Fraction(part.amount) / Fraction((part + rest).amount)
    rounded, whole = exact_rounded(exact, rounding), Fraction(earned.amount)
    found = Fraction(given_back(earned, part + rest, ZERO, part, rounding).amount)
    assert found == (max(rounded, whole) if whole < 0 else min(rounded, whole))


@given(AMOUNTS, POSITIVE, POSITIVE, POSITIVE, ROUNDINGS)
def test_what_is_given_back_is_the_difference_that_the_reversal_makes(
    earned, first, second, rest, rounding
):
    amount = first + second + rest
    so_far = given_back(earned, amount, ZERO, first + second, rounding)
    before = given_back(earned, amount, ZERO, first, rounding)
    assert given_back(earned, amount, first, second, rounding) == so_far - before


@pytest.mark.parametrize("method", RoundingMethod)
def test_the_rulebooks_three_parts_give_back_the_commission(method):
    parts, rounding = (usd("3.33"), usd("3.33"), usd("3.34")), Rounding(method)
    given = [
        given_back(
            usd("1.50"), usd("10.00"), Money.sum(parts[:place], "USD"), parts[place], rounding
        )
        for place in range(3)
    ]
    assert Money.sum(given) == usd("1.50")
    assert given[0] == (usd("0.49") if method is RoundingMethod.DOWN else usd("0.50"))


def test_a_commission_finer_than_the_rounding_is_given_back_to_the_last_digit():
    coarse = Rounding(RoundingMethod.DOWN, 1)
    assert given_back(usd("0.2505"), usd("1.00"), ZERO, usd("0.50"), coarse) == usd("0.1")
    assert given_back(usd("0.2505"), usd("1.00"), usd("0.50"), usd("0.50"), coarse) == usd("0.1505")


def test_reversing_nothing_gives_nothing_back():
    for already in ("0.00", "0.50", "1.00"):
        assert given_back(usd("0.15"), usd("1.00"), usd(already), ZERO, HALF_AWAY) == ZERO


def test_nothing_can_be_reversed_of_nothing():
    with pytest.raises(InvalidValue, match="not zero") as caught:
        given_back(usd("1"), ZERO, ZERO, ZERO, HALF_AWAY)
    assert (caught.value.field, caught.value.value) == ("amount", ZERO)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("already", "back", "field", "left"),
    [
        ("-0.01", "1.00", "already", "a part of Money('10.00', 'USD')"),
        ("10.01", "0.00", "already", "a part of Money('10.00', 'USD')"),
        ("4.00", "6.01", "back", "a part of what is left of it: Money('6.00', 'USD')"),
        ("4.00", "-0.01", "back", "a part of what is left of it: Money('6.00', 'USD')"),
    ],
)
def test_reversing_more_than_there_is_or_less_than_nothing_is_refused(
    already, back, field, left, sign
):
    amounts = {"already": usd(already) * sign, "back": usd(back) * sign}
    with pytest.raises(InvalidValue) as caught:
        given_back(usd("1.50"), usd("10.00") * sign, **amounts, rounding=HALF_AWAY)
    assert (caught.value.field, caught.value.value) == (field, amounts[field])
    assert caught.value.accepted == (
        left if sign > 0 else left.replace("'10", "'-10").replace("'6", "'-6")
    )


def test_a_currency_without_a_minor_unit_needs_the_number_of_places():
    gold, rounding = Money("1.5", "XAU"), Rounding(RoundingMethod.DOWN, 3)
    assert part_of(gold, gold, Money("7", "XAU"), rounding) == Money("0.321", "XAU")
    assert given_back(gold, Money("7", "XAU"), Money("0", "XAU"), gold, rounding) == Money(
        "0.321", "XAU"
    )
    with pytest.raises(InvalidValue, match="XAU has no minor unit"):
        part_of(gold, gold, gold, HALF_AWAY)
    with pytest.raises(InvalidValue, match="XAU has no minor unit"):
        given_back(gold, gold, Money("0", "XAU"), gold, HALF_AWAY)


CALLS: dict[Callable[..., object], tuple[str, ...]] = {
    part_of: ("amount", "numerator", "denominator"),
    slices_of: ("amount", "so_far", "bounds"),
    given_back: ("earned", "amount", "already", "back"),
}


def called(function: Callable[..., object], **changed: object) -> object:
    arguments: dict[str, object] = dict.fromkeys(CALLS[function], usd("1.00"))
    if function is given_back:
        arguments["already"] = ZERO
    arguments |= changed
    if function is slices_of:
        arguments["bounds"] = [ZERO, arguments["bounds"]]
    else:
        arguments = {"rounding": HALF_AWAY} | arguments
    return function(**arguments)


@pytest.mark.parametrize("foreign", ["1.00", 1, None, HALF_AWAY])
@pytest.mark.parametrize(
    ("function", "name"), [(function, name) for function in CALLS for name in CALLS[function]]
)
def test_all_of_it_is_money(function, name, foreign):
    assert called(function)
    with pytest.raises(InvalidType, match="Money, like Money") as caught:
        called(function, **{name: foreign})
    assert (caught.value.field, caught.value.value) == (name, foreign)


@pytest.mark.parametrize(
    ("function", "name"), [(function, name) for function in CALLS for name in CALLS[function][1:]]
)
def test_currencies_do_not_mix(function, name):
    with pytest.raises(CurrencyMismatch) as caught:
        called(function, **{name: Money("1.00", "EUR")})
    assert (caught.value.expected, caught.value.found) == ("USD", "EUR")


@pytest.mark.parametrize("rounding", [RoundingMethod.DOWN, "DOWN", None, 2])
@pytest.mark.parametrize("function", [part_of, given_back])
def test_a_rounding_is_a_method_with_its_places(function, rounding):
    with pytest.raises(
        InvalidType, match=r"a Rounding, like Rounding\(RoundingMethod.HALF_AWAY_FROM_ZERO\)"
    ) as caught:
        called(function, rounding=rounding)
    assert (caught.value.field, caught.value.value) == ("rounding", rounding)


@given(AMOUNTS, st.integers(7, 20))
def test_units_of_an_amount_are_the_amount_in_those_units(amount, places):
    assert Fraction(units_of(amount, places), 10**places) == Fraction(amount.amount)
