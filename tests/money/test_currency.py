"""The currencies are those of ISO 4217, each one object; anything else is refused."""

from __future__ import annotations

import copy
import pickle
import runpy
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import InvalidType, InvalidValue
from distbilling.money import Currency
from distbilling.money.currency import _made
from distbilling.money.iso4217 import TABLE

GENERATOR = Path(__file__).parents[2] / "tools" / "generate_iso4217.py"
CODES = st.sampled_from(sorted(TABLE))


@pytest.fixture(name="generator", scope="module")
def _generator():
    return SimpleNamespace(**runpy.run_path(str(GENERATOR)))


def test_the_table_is_what_the_standard_lists_today(generator):
    assert generator.table() == TABLE


def test_the_table_is_generated_and_nothing_else(generator):
    assert generator.TABLE.read_text("utf-8") == generator.module_text()


@pytest.mark.parametrize(
    ("code", "digits"), [("IQD", 3), ("RSD", 2), ("HUF", 2), ("COP", 2), ("IDR", 2), ("CLP", 0)]
)
def test_the_minor_digits_are_the_standards_where_cldr_has_or_had_others(code, digits):
    assert Currency(code).digits == digits


def test_metals_and_funds_have_no_minor_unit():
    without = {code for code, (_, digits, _) in TABLE.items() if digits is None}
    assert len(without) == 13
    assert all(code.startswith("X") for code in without)
    assert (Currency("XAU").digits, Currency("XAU").unit) == (None, None)


@given(CODES)
def test_a_currency_knows_its_number_digits_and_name(code):
    currency = Currency(code)
    assert (currency.numeric, currency.digits, currency.name) == TABLE[code]
    assert (currency.code, str(currency), repr(currency)) == (code, code, f"Currency({code!r})")
    assert currency.unit == (None if currency.digits is None else Decimal(10) ** -currency.digits)


@given(CODES)
def test_a_row_of_the_standard_becomes_a_currency(code):
    numeric, digits, name = TABLE[code]
    made, known = _made(code, numeric, digits, name), Currency(code)
    assert made is not known
    assert [getattr(made, slot) for slot in Currency.__slots__] == [
        getattr(known, slot) for slot in Currency.__slots__
    ]
    assert (made.code, made.numeric, made.digits, made.name) == (code, numeric, digits, name)
    assert made.unit == (None if digits is None else Decimal(f"1E-{digits}"))


@given(CODES)
def test_there_is_one_object_for_each_currency(code):
    currency = Currency(code)
    assert Currency(currency) is Currency(code) is currency
    assert (
        copy.copy(currency)
        is copy.deepcopy(currency)
        is pickle.loads(pickle.dumps(currency))  # noqa: S301
        is currency
    )
    assert eval(repr(currency)) is currency  # noqa: S307 - that is the promise


@pytest.mark.parametrize(
    "name", ["code", "_code", "digits", "_digits", "unit", "_unit", "name", "numeric", "note"]
)
def test_a_currency_never_changes(name):
    with pytest.raises(AttributeError):
        setattr(Currency("USD"), name, "EUR")
    with pytest.raises(AttributeError):
        delattr(Currency("USD"), name)
    assert Currency("USD").code == "USD"
    assert Currency("USD").digits == 2


@pytest.mark.parametrize("name", ["code", "digits", "unit", "name", "numeric"])
def test_a_currency_does_not_change_by_force_either(name):
    with pytest.raises(AttributeError):
        object.__setattr__(Currency("USD"), name, "EUR")


def test_no_other_kind_of_currency_can_be_derived():
    with pytest.raises(TypeError, match="ISO 4217"):
        type("Points", (Currency,), {})


@pytest.mark.parametrize("code", ["usd", " USD", "Usd ", "usd\n"])
def test_a_slip_in_writing_is_told_with_the_code_that_was_meant(code):
    with pytest.raises(InvalidValue) as caught:
        Currency(code)
    assert (caught.value.field, caught.value.value) == ("currency", code)
    assert "'USD'" in caught.value.accepted


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("eur", "'EUR'"),
        ("XYZ", "'USD'"),
        ("", "'USD'"),
        ("eur" + " " * 9, "'EUR'"),
        ("eur" + " " * 10, "'USD'"),
        ("eur" + " " * 10_000, "'USD'"),
    ],
)
def test_an_unknown_code_is_refused_with_an_example(code, meant):
    with pytest.raises(InvalidValue) as caught:
        Currency(code)
    assert caught.value.accepted.endswith(meant)


@given(st.text())
def test_no_text_outside_the_standard_is_a_currency(text):
    if text not in TABLE:
        with pytest.raises(InvalidValue):
            Currency(text)


@pytest.mark.parametrize(
    "code", [None, 840, b"EUR", ["USD"], {"USD"}, type("Code", (str,), {})("JPY")]
)
def test_a_code_is_text(code):
    with pytest.raises(InvalidType, match="currency"):
        Currency(code)
