"""An amount of money is an exact, unchanging value in one currency."""

from __future__ import annotations

import copy
import operator
import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue, PrecisionExceeded
from distbilling.money import Currency, Money, RoundingMethod

CODES = st.sampled_from(["USD", "EUR", "JPY", "KWD", "XAU"])
NUMBERS = st.decimals(-(10**15), 10**15, allow_nan=False, allow_infinity=False, places=5)
AMOUNTS = st.builds(Money, NUMBERS, CODES)
DOLLARS = st.builds(Money, NUMBERS, st.just("USD"))
FOREIGN = [0, 1, 1.5, "1.00", None, Decimal(1), (Decimal(1), "USD"), object()]
TEN = Money("10.00", "USD")
ORDER = [operator.lt, operator.le, operator.gt, operator.ge]


@attrs.frozen
class Line:
    amount: Money


def test_an_amount_is_given_as_text_a_whole_number_or_a_decimal():
    assert Money("10", "USD") == Money(10, "USD") == Money(Decimal("10.00"), Currency("USD")) == TEN
    assert TEN.amount == Decimal(10)
    assert TEN.currency is Currency("USD")


def test_a_negative_zero_is_zero():
    for zero in (
        Money("-0.00", "USD"),
        Money(Decimal("-0.0"), "USD"),
        TEN * Decimal("-0"),
        -Money(0, "USD"),
    ):
        assert not zero.amount.is_signed()
        assert repr(zero) == "Money('0.00', 'USD')"


def test_a_share_or_a_rounding_of_a_negative_amount_that_comes_to_nothing_is_plain_zero():
    cent = Money("-0.001", "USD")
    for method in RoundingMethod:
        if method is not RoundingMethod.AWAY_FROM_ZERO:
            assert not cent.rounded(method).amount.is_signed()
    assert not (cent * 0).amount.is_signed()


@pytest.mark.parametrize(
    ("given_as", "written"),
    [
        (Money("10", "USD"), "Money('10.00', 'USD')"),
        (Money("10.500", "USD"), "Money('10.50', 'USD')"),
        (Money("-0.00025", "USD"), "Money('-0.00025', 'USD')"),
        (Money("0.0000001", "USD"), "Money('0.0000001', 'USD')"),
        (Money("1200", "JPY"), "Money('1200', 'JPY')"),
        (Money("1200.50", "JPY"), "Money('1200.5', 'JPY')"),
        (Money("1", "KWD"), "Money('1.000', 'KWD')"),
        (Money("1.10", "XAU"), "Money('1.1', 'XAU')"),
        (Money(Decimal("1E+3"), "USD"), "Money('1000.00', 'USD')"),
        (Money(10**37, "USD"), f"Money('1{'0' * 37}.00', 'USD')"),
    ],
)
def test_an_amount_is_shown_with_the_digits_of_its_currency_and_no_idle_zeros(given_as, written):
    assert repr(given_as) == written


@given(AMOUNTS)
def test_what_is_shown_reads_back_as_the_same_amount(amount):
    assert eval(repr(amount)) == amount  # noqa: S307 - that is the promise


@given(AMOUNTS, AMOUNTS)
def test_equal_amounts_have_one_hash_and_differ_in_neither_number_nor_currency(one, other):
    same = one.amount == other.amount and one.currency == other.currency
    assert (one == other) is same
    assert (one != other) is not same
    assert not same or hash(one) == hash(other)


@given(DOLLARS, st.integers(0, 6))
def test_zeros_at_the_end_make_no_difference(amount, zeros):
    longer = Money(f"{amount.amount:f}" + "0" * zeros, "USD")
    assert longer == amount
    assert hash(longer) == hash(amount)
    assert repr(longer) == repr(amount)


def test_different_amounts_rarely_have_the_same_hash():
    assert (
        len({hash(Money(number, currency)) for number in range(50) for currency in ("USD", "EUR")})
        > 90
    )


def test_an_amount_of_another_currency_is_another_amount():
    assert Money("0", "USD") != Money("0", "EUR")
    assert len({Money("1.0", "USD"), Money("1.00", "USD"), Money("1.00", "EUR")}) == 2


@given(AMOUNTS)
def test_copies_and_pickles_are_equal_to_the_amount(amount):
    copies = [copy.copy(amount), copy.deepcopy(amount)]
    copies += [
        pickle.loads(pickle.dumps(amount, protocol))  # noqa: S301
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ]
    for other in copies:
        assert other == amount
        assert hash(other) == hash(amount)
        assert other.currency is amount.currency


@pytest.mark.parametrize(
    "name",
    [
        "amount",
        "_amount",
        "__amount",
        "currency",
        "_currency",
        "__currency",
        "is_zero",
        "note",
        "format",
    ],
)
def test_an_amount_never_changes(name):
    amount = Money("10.00", "USD")
    for change in (setattr, object.__setattr__):
        with pytest.raises(AttributeError):
            change(amount, name, Decimal(11))
    for removal in (delattr, object.__delattr__):
        with pytest.raises(AttributeError):
            removal(amount, name)
    assert amount == TEN
    assert not hasattr(amount, "__dict__")


def test_making_an_amount_again_leaves_it_as_it_was():
    amount = Money("10.00", "USD")
    Money.__init__(*[amount, "11.00", "USD"])
    assert amount == TEN


def test_in_place_arithmetic_makes_another_amount():
    before = amount = Money("10.00", "USD")
    amount += TEN
    assert (before, amount) == (TEN, Money("20.00", "USD"))


def test_no_other_kind_of_money_can_be_derived():
    with pytest.raises(TypeError, match="subclassed"):
        type("Coin", (Money,), {})


@given(DOLLARS, DOLLARS, DOLLARS)
def test_sums_keep_the_laws_of_arithmetic(a, b, c):
    zero = Money.zero("USD")
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + zero == a
    assert a - a == zero
    assert a - b == a + -b == -(b - a)
    assert +a == a
    assert abs(a) == (a if a.amount >= 0 else -a)
    assert Fraction((a + b).amount) == Fraction(a.amount) + Fraction(b.amount)


@given(DOLLARS, st.integers(-1000, 1000), st.decimals(-100, 100, places=4))
def test_multiples_are_exact(amount, times, factor):
    assert amount * times == times * amount == amount * Decimal(times)
    assert Fraction((amount * factor).amount) == Fraction(amount.amount) * Fraction(factor)


def test_a_multiple_by_a_number_in_exponent_form_is_written_plainly():
    assert (
        str((TEN * Decimal("1E+3")).amount)
        == str((Money(10, "USD") * Decimal("1E+3")).amount)
        == "10000"
    )


@given(st.lists(DOLLARS))
def test_a_sum_is_what_adding_one_by_one_gives(amounts):
    total = Money.zero("USD")
    for amount in amounts:
        total += amount
    assert Money.sum(amounts, "USD") == Money.sum(iter(amounts), Currency("USD")) == total
    assert not amounts or Money.sum(amounts) == total


def test_a_sum_of_nothing_needs_a_currency():
    assert Money.sum([], "JPY") == Money.zero("JPY")
    with pytest.raises(InvalidValue, match="currency: None is not accepted"):
        Money.sum([])


@pytest.mark.parametrize("items", [5, None, TEN, Money])
def test_a_sum_is_of_a_series(items):
    with pytest.raises(InvalidType, match=r"a list, or another series, of Money$") as refusal:
        Money.sum(items)
    assert (refusal.value.field, refusal.value.value) == ("items", items)


def test_a_sum_is_in_one_currency():
    with pytest.raises(CurrencyMismatch, match="USD and EUR"):
        Money.sum([TEN, Money("1.00", "EUR")])
    with pytest.raises(CurrencyMismatch, match="EUR and USD"):
        Money.sum([TEN], "EUR")


@pytest.mark.parametrize("item", FOREIGN)
def test_a_sum_is_of_amounts_alone(item):
    with pytest.raises(InvalidType, match="items"):
        Money.sum([TEN, item])


def test_a_failure_of_the_hosts_own_items_is_not_taken_for_ours():
    def items() -> Iterator[Money]:
        yield TEN
        yield TEN * (Decimal(1) / int("0"))

    with pytest.raises(ZeroDivisionError):
        Money.sum(items())


@given(DOLLARS, DOLLARS)
def test_amounts_of_one_currency_are_ordered_by_their_numbers(a, b):
    for compare in ORDER:
        assert compare(a, b) is compare(a.amount, b.amount)
        assert getattr(a, f"__{compare.__name__}__")(b) is compare(a.amount, b.amount), (
            "each answers by itself"
        )


@pytest.mark.parametrize("meet", [operator.add, operator.sub, *ORDER])
def test_currencies_never_mix(meet):
    with pytest.raises(CurrencyMismatch) as caught:
        meet(TEN, Money("10.00", "EUR"))
    assert (caught.value.expected, caught.value.found) == ("USD", "EUR")


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("meet", [operator.add, operator.sub, *ORDER])
def test_an_amount_meets_nothing_but_amounts(meet, foreign):
    for one, other in ((TEN, foreign), (foreign, TEN)):
        with pytest.raises(TypeError):
            meet(one, other)
    assert foreign != TEN


@pytest.mark.parametrize("factor", [1.5, True, "2", None, TEN])
def test_an_amount_is_multiplied_by_whole_numbers_and_decimals_alone(factor):
    for one, other in ((TEN, factor), (factor, TEN)):
        with pytest.raises(TypeError):
            operator.mul(one, other)


@pytest.mark.parametrize("factor", ["NaN", "sNaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("amount", [TEN, Money.zero("USD")])
def test_an_amount_is_multiplied_by_finite_numbers_alone(factor, amount):
    with pytest.raises(InvalidValue, match="factor"):
        amount * Decimal(factor)


def test_the_other_side_may_know_how_to_meet_an_amount():
    class Wallet:
        def __radd__(self, amount: Money) -> str:
            return f"a wallet with {amount}"

        def __gt__(self, amount: Money) -> bool:
            return True

    assert TEN + Wallet() == "a wallet with $10.00"
    assert Wallet() > TEN


NINES = Money("9" * 38, "USD")
FINEST = Money("0." + "0" * 36 + "1", "USD")


@pytest.mark.parametrize(
    ("operation", "amounts"),
    [
        ("sum", (NINES, NINES)),
        ("sum", (NINES, FINEST)),
        ("difference", (-NINES, NINES)),
        ("difference", (NINES, FINEST)),
    ],
    ids=["too large", "too fine", "too far below zero", "too fine below"],
)
def test_a_sum_that_38_digits_cannot_hold_is_refused(operation, amounts):
    meet = {"sum": operator.add, "difference": operator.sub}[operation]
    with pytest.raises(PrecisionExceeded) as caught:
        meet(*amounts)
    assert (caught.value.operation, caught.value.digits) == (operation, 38)


def test_a_long_sum_that_38_digits_cannot_hold_is_refused():
    with pytest.raises(PrecisionExceeded, match="sum"):
        Money.sum([NINES, Money(1, "USD")])


@pytest.mark.parametrize(
    ("amount", "factor"),
    [(NINES, 2), (FINEST, Decimal("0.1")), (NINES, 10**5000)],
    ids=["too large", "too fine", "far too large"],
)
def test_a_product_that_38_digits_cannot_hold_is_refused(amount, factor):
    with pytest.raises(PrecisionExceeded, match="product"):
        amount * factor


def test_a_rounding_that_38_digits_cannot_hold_is_refused():
    with pytest.raises(PrecisionExceeded, match="rounding"):
        NINES.rounded(RoundingMethod.MALAYSIAN, 0)


def test_what_38_digits_can_hold_is_kept():
    assert Money.zero("USD") == NINES - NINES
    assert (NINES - Money(1, "USD")).amount == 10**38 - 2
    assert -NINES == NINES * -1
    assert (Money("1." + "0" * 37, "USD") * Decimal("1." + "0" * 37)) == Money(1, "USD")


def test_an_amount_is_true_unless_it_is_nothing():
    assert TEN
    assert not Money.zero("USD")


@pytest.mark.parametrize(
    ("number", "zero", "positive", "negative"),
    [("0", 1, 0, 0), ("0.01", 0, 1, 0), ("-0.01", 0, 0, 1)],
)
def test_an_amount_says_its_sign(number, zero, positive, negative):
    amount = Money(number, "USD")
    assert (amount.is_zero, amount.is_positive, amount.is_negative) == (zero, positive, negative)


def test_an_amount_is_written_in_the_readers_locale():
    amount = Money("-1234.5", "EUR")
    assert str(amount) == f"{amount}" == amount.format() == "-€1,234.50"
    assert f"{amount:de_DE}" == amount.format("de-DE") == "-1.234,50\xa0€"


def test_an_amount_is_shown_to_the_digits_of_its_currency_or_in_full():
    fine = Money("0.00025", "USD")
    assert fine.format("en") == "$0.00"
    assert fine.format("en", exact=True) == "$0.00025"
    assert Money("1.1", "XAU").format("en") == "XAU1.1"


@pytest.mark.parametrize("spec", [".2f", "xx_XX", ">20", "en_US.UTF-8"])
def test_a_format_that_is_no_locale_is_refused(spec):
    with pytest.raises(InvalidValue, match="a locale that Babel knows, like 'de_DE'") as refusal:
        format(TEN, spec)
    assert (refusal.value.field, refusal.value.value) == ("format spec", spec)


def test_a_notebook_shows_an_amount_at_the_right_in_figures_of_one_width():
    style = "text-align: right; font-variant-numeric: tabular-nums"
    assert Money("1234.505", "USD")._repr_html_() == f'<div style="{style}">$1,234.505</div>'


def test_an_amount_works_as_a_field_of_a_hosts_class():
    assert Line(TEN) == Line(Money("10", "USD"))
    assert hash(Line(TEN)) == hash(Line(Money("10", "USD")))
    assert attrs.asdict(Line(TEN)) == {"amount": TEN}
    assert repr(Line(TEN)) == "Line(amount=Money('10.00', 'USD'))"


def test_threads_get_the_same_sums():
    def work(start):
        total = Money.zero("USD")
        for cents in range(start, start + 2000):
            total += Money(Decimal(cents).scaleb(-2), "USD").rounded(RoundingMethod.HALF_EVEN) * 3
            if cents % 100 == 0:
                with pytest.raises(PrecisionExceeded):
                    NINES + NINES
        return total

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, [0] * 8))
    assert set(found) == {Money("59970.00", "USD")}
