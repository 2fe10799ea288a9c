"""Money is the same in every host, and bad input ends in one clear error."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from contextlib import suppress
from decimal import (
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    Inexact,
    InvalidOperation,
    Overflow,
)
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue, PrecisionExceeded
from distbilling.money import Allocation, Currency, Money, Percent, Rounding, RoundingMethod, exact
from distbilling.money.exact import arithmetic
from distbilling.money.rounding import _by_decimal

SIGNALS = list(Context().flags)
HOSTS = {
    "five digits": Context(prec=5),
    "one digit, towards the floor, all traps": Context(
        prec=1, rounding=decimal.ROUND_FLOOR, traps=SIGNALS
    ),
    "no traps, small exponents": Context(
        prec=3, rounding=decimal.ROUND_UP, Emin=0, Emax=0, traps=[]
    ),
    "clamped, small letters": Context(prec=9, capitals=0, clamp=1, Emax=10, Emin=-10),
    "wide": Context(prec=decimal.MAX_PREC, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN),
}
LONG = "12345678901234567890123.12345"


def everything() -> dict[str, object]:
    """Return what a host may see of money, as text."""
    amount = Money(LONG, "USD")
    tiny = Money(Decimal("1.23456E-7"), "USD")
    return {
        "made": repr(amount),
        "made from a decimal": repr(Money(Decimal("12345678.91"), "USD")),
        "made from a whole number": repr(Money(12345678901234567890, "JPY")),
        "in exponent form": repr(Money(Decimal("1E+3"), "USD")),
        "tiny": repr(tiny),
        "sum": repr(amount + Money("0.00001", "USD")),
        "difference": repr(amount - tiny),
        "product": repr(amount * Decimal("1.0025")),
        "negated": repr(-amount),
        "magnitude": repr(abs(-amount)),
        "total": repr(Money.sum([amount, amount, tiny])),
        "share": repr(Percent("12.3456").of(Money("12345678.91", "USD"))),
        "rounded share": repr(
            Percent("12.3456").of(Money("12345678.91", "USD"), RoundingMethod.HALF_EVEN)
        ),
        "rounded": [repr(amount.rounded(method)) for method in RoundingMethod],
        "applied": repr(Rounding(RoundingMethod.MALAYSIAN, 3).apply(amount)),
        "split": repr(amount.allocate(("1/3", "66.67"), Allocation.LARGEST_REMAINDER)),
        "compared": [amount < tiny, amount > tiny, amount == Money(LONG + "0", "USD"), bool(tiny)],
        "hash": hash(amount) == hash(Money(LONG + "000", "USD")),
        "formatted": [amount.format("de"), amount.format("hi_IN"), tiny.format("en", exact=True)],
        "percent": [repr(Percent(Decimal("12.34567891"))), Percent("12.34567891").format("de")],
    }


EXPECTED = {
    "made": "Money('12345678901234567890123.12345', 'USD')",
    "made from a decimal": "Money('12345678.91', 'USD')",
    "made from a whole number": "Money('12345678901234567890', 'JPY')",
    "in exponent form": "Money('1000.00', 'USD')",
    "tiny": "Money('0.000000123456', 'USD')",
    "sum": "Money('12345678901234567890123.12346', 'USD')",
    "difference": "Money('12345678901234567890123.123449876544', 'USD')",
    "product": "Money('12376543098487654309848.431258625', 'USD')",
    "negated": "Money('-12345678901234567890123.12345', 'USD')",
    "magnitude": "Money('12345678901234567890123.12345', 'USD')",
    "total": "Money('24691357802469135780246.246900123456', 'USD')",
    "share": "Money('1524148.13551296', 'USD')",
    "rounded share": "Money('1524148.14', 'USD')",
    "rounded": [
        "Money('12345678901234567890123.12', 'USD')",
        "Money('12345678901234567890123.13', 'USD')",
        "Money('12345678901234567890123.12', 'USD')",
        "Money('12345678901234567890123.12', 'USD')",
        "Money('12345678901234567890123.10', 'USD')",
    ],
    "applied": "Money('12345678901234567890123.125', 'USD')",
    "split": (
        "(Money('61418232432389273618.84047', 'USD'), Money('12284260668802178616504.28298', "
        "'USD'))"
    ),
    "compared": [False, True, True, True],
    "hash": True,
    "formatted": [
        "12.345.678.901.234.567.890.123,12\xa0$",
        "$12,34,56,78,90,12,34,56,78,90,123.12",
        "$0.000000123456",
    ],
    "percent": ["Percent('12.34567891')", "12,34567891\xa0%"],
}


@pytest.mark.parametrize(
    "host", [pytest.param(context, id=name) for name, context in HOSTS.items()]
)
def test_money_is_the_same_in_every_host(host):
    with decimal.localcontext(host):
        assert everything() == EXPECTED


@pytest.mark.parametrize(
    "host", [pytest.param(context, id=name) for name, context in HOSTS.items()]
)
def test_money_leaves_the_hosts_context_alone(host):
    with decimal.localcontext(host) as inside:
        before = inside.copy()
        everything()
        assert repr(inside) == repr(before)


HOSTILE = {
    "prec": 5,
    "rounding": decimal.ROUND_UP,
    "Emin": -5,
    "Emax": 5,
    "capitals": 0,
    "clamp": 1,
    "traps": dict.fromkeys(SIGNALS, True),
    "flags": dict.fromkeys(SIGNALS, True),
}


@pytest.fixture(name="hostile_default")
def _hostile_default():
    before = decimal.DefaultContext.copy()
    for name, value in HOSTILE.items():
        setattr(decimal.DefaultContext, name, value)
    yield
    for name in HOSTILE:
        setattr(decimal.DefaultContext, name, getattr(before, name))


def test_a_context_of_our_own_takes_nothing_from_the_hosts_default(hostile_default):
    for context, rounding in (
        (arithmetic(), ROUND_HALF_EVEN),
        (arithmetic(ROUND_FLOOR), ROUND_FLOOR),
    ):
        assert (context.prec, context.Emin, context.Emax) == (38, 0, 37)
        assert (context.rounding, context.clamp) == (rounding, 0)
        assert {signal for signal in SIGNALS if context.traps[signal]} == {
            Inexact,
            InvalidOperation,
            Overflow,
        }
        assert not any(context.flags.values())


@pytest.mark.parametrize(("mode", "becomes"), [(ROUND_FLOOR, "-1.2"), (ROUND_HALF_EVEN, "-1.1")])
def test_a_way_of_rounding_cuts_off_digits_by_itself(mode, becomes, hostile_default):
    assert _by_decimal(mode)(Decimal("-1.14"), Decimal("0.1")) == Decimal(becomes)


NUMBERS = st.decimals(allow_nan=True, allow_infinity=True) | st.builds(
    lambda digits, exponent: Decimal((0, digits, exponent)),
    st.lists(st.integers(0, 9), min_size=1, max_size=45).map(tuple),
    st.integers(-50, 50),
)


def digits_written_out(number: Decimal) -> int:
    """Count them from the parts of the number, without writing it."""
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    significant = len("".join(map(str, digits)).lstrip("0"))
    return (max(1, significant + exponent) if number else 1) + max(0, -exponent)


@given(NUMBERS)
@example(Decimal("1E+37"))
@example(Decimal("1E+38"))
@example(Decimal("0E-50"))
@example(Decimal("0E+50"))
@example(Decimal("1E-37"))
@example(Decimal("10E-38"))
@example(Decimal("1." + "0" * 37))
@example(Decimal("1." + "0" * 38))
def test_a_number_is_accepted_if_it_can_be_written_out_in_38_digits(number):
    fits = number.is_finite() and digits_written_out(number) <= 38
    if fits:
        assert exact(number, "amount") == number
        assert exact(number, "amount").as_tuple().exponent in range(-37, 1)
    else:
        with pytest.raises(InvalidValue, match="amount"):
            exact(number, "amount")


@given(st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{1,18})?", fullmatch=True).filter(str.isascii))
def test_plain_text_is_read_to_the_last_digit(text):
    assert Fraction(exact(text, "amount")) == Fraction(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            ".",
            "+1",
            "--1",
            "1-",
            ".5",
            "5.",
            "-.5",
            "1.2.3",
            "1e3",
            "1E+3",
            "1_000",
            "1,000",
            "0x10",
            "1/2",
        ),
        *(
            " 1",
            "1 ",
            "1\n",
            "\t1",
            "1\x00",
            "1\u00a0",
            "NaN",
            "nan",
            "sNaN",
            "Infinity",
            "inf",
            "-inf",
        ),
        *(
            "\uff11\uff12",
            "\u0661\u0662",
            "\u0967\u0968",
            "²",
            "½",
            "\u22121",
            "1\u066b5",
            "\u2167",
            "\ud800",
            "\u202e1",
        ),
        *("1" * 39, "0" * 39, "0." + "0" * 38, "-" + "1" * 20 + "." + "1" * 19, "1" * 10_000_000),
    ],
    ids=lambda text: f"{ascii(text)[:16]} of {len(text)}",
)
def test_any_other_text_is_refused(text):
    with pytest.raises(InvalidValue) as caught:
        exact(text, "amount")
    assert (caught.value.field, caught.value.value) == ("amount", text)
    assert len(str(caught.value)) < 250


@given(st.text(alphabet="0123456789.-+eE_ nNaAiIfF\n\u0663\uff13") | st.text())
def test_no_text_escapes_the_grammar(text):
    head, point, tail = text.removeprefix("-").partition(".")
    ascii_digits = set("0123456789")
    plain = (
        bool(head)
        and bool(tail) is bool(point)
        and set(head + tail) <= ascii_digits
        and len(head + tail) <= 38
    )
    if plain:
        assert Fraction(exact(text, "amount")) == Fraction(text)
    else:
        with pytest.raises(InvalidValue):
            exact(text, "amount")


def test_the_longest_numbers_are_accepted():
    assert exact("-" + "9" * 38, "amount") == exact(1 - 10**38, "amount") == 1 - 10**38
    assert exact("-" + "1" * 19 + "." + "1" * 19, "amount") < 0
    assert exact("0." + "0" * 36 + "1", "amount") > 0


@pytest.mark.parametrize("number", [10**38, -(10**38), 10**5000], ids=["over", "under", "far over"])
def test_longer_whole_numbers_are_refused(number):
    with pytest.raises(InvalidValue):
        exact(number, "amount")


class Sly(Decimal):
    """A Decimal that lies about what it equals."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = Decimal.__hash__


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        True,
        False,
        None,
        Fraction(1, 2),
        1 + 0j,
        b"1",
        bytearray(b"1"),
        Sly(1),
        type("Text", (str,), {})("1"),
        [1],
        {},
        ...,
    ],
    ids=lambda value: f"{type(value).__name__} {value!s:.5}",
)
def test_other_types_are_refused_by_name(value):
    with pytest.raises(
        InvalidType, match=f"amount: .* \\({type(value).__name__}\\) is not accepted"
    ):
        Money(value, "USD")


ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary()
    | st.decimals()
    | st.fractions()
    | st.sampled_from(
        [
            *RoundingMethod,
            *Allocation,
            Currency("USD"),
            Money(1, "USD"),
            Percent(1),
            "USD",
            "1.00",
            object(),
            Money,
        ]
    )
)
NESTED = (
    ANYTHING | st.lists(ANYTHING, max_size=3) | st.dictionaries(st.text(), ANYTHING, max_size=2)
)


TAKERS: dict[str, Callable[[Any], object]] = {
    "currency": Currency,
    "percent": Percent,
    "method of a rounding": Rounding,
    "places of a rounding": lambda value: Rounding(RoundingMethod.DOWN, value),
    "amount": lambda value: Money(value, "USD"),
    "currency of an amount": lambda value: Money("1.00", value),
    "currency of nothing": Money.zero,
    "item of a sum": lambda value: Money.sum([value]),
    "currency of a sum": lambda value: Money.sum([], value),
    "method": lambda value: Money("1.00", "USD").rounded(value),
    "places": lambda value: Money("1.00", "USD").rounded(RoundingMethod.DOWN, value),
    "ratios": lambda value: Money("1.00", "USD").allocate(value, Allocation.LARGEST_REMAINDER),
    "ratio": lambda value: Money("1.00", "USD").allocate([value], Allocation.LARGEST_REMAINDER),
    "strategy": lambda value: Money("1.00", "USD").allocate((1, 2), value),
    "unit": lambda value: Money("1.00", "USD").allocate(
        (1, 2), Allocation.LARGEST_REMAINDER, value
    ),
    "locale of an amount": lambda value: Money("1.00", "USD").format(value),
    "amount of a share": lambda value: Percent(15).of(value),
    "method of a share": lambda value: Percent(15).of(Money("1.00", "USD"), value),
    "locale of a percentage": lambda value: Percent(15).format(value),
}


@pytest.mark.parametrize("taker", TAKERS)
@given(value=NESTED)
def test_whatever_is_given_is_taken_or_refused_and_nothing_else(taker, value):
    with suppress(InvalidValue, InvalidType, PrecisionExceeded, CurrencyMismatch):
        TAKERS[taker](value)
