"""The answers to a quick form become an account, or all their problems at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import (
    AccountKind,
    Asked,
    ByFullForm,
    ByQuickForm,
    Currency,
    Field,
    Fixed,
    QuickForm,
)
from distbilling.errors import InvalidValue
from distbilling.rules.parties import quick_form
from distbilling.rules.parties.quick_form import FilledForm, normalised_number
from distbilling.testing.sample_data import NUMBER, USD, usd
from distbilling.testing.strategies.values import quick_forms

fill: Any = quick_form.fill
EVERYTHING = (
    Asked(Field.NUMBER),
    Asked(Field.CUSTOMER_NAME),
    Asked(Field.OPENING_BALANCE),
    Asked(Field.ACTIVE),
)
GOOD = {"number": NUMBER, "customer_name": "Eve", "opening_balance": "10.00", "active": "yes"}


def form(*form_fields, kind=AccountKind.PREPAID) -> Any:
    return QuickForm("sip", "SIP phone", "SIP line", kind, form_fields or EVERYTHING)


def problems(answers, asked=None, currency=USD) -> Any:
    filled = fill(asked or form(), answers, currency)
    return (
        {}
        if isinstance(filled, FilledForm)
        else {problem.field: problem.problem for problem in filled}
    )


def test_a_form_properly_filled_in_says_what_the_account_is_to_be():
    assert fill(form(), GOOD, USD) == FilledForm(
        NUMBER, "Eve", "SIP line", AccountKind.PREPAID, usd("10.00"), active=True
    )


def test_all_problems_are_told_at_once_by_field():
    answers = {
        "number": "0171 555",
        "customer_name": "a\tb",
        "opening_balance": "ten",
        "active": "perhaps",
        "hue": "red",
    }
    assert problems(answers) == {
        "hue": "is not on the form",
        "number": "must be a telephone number with its country code, 3 to 15 digits",
        "opening_balance": "must be an amount of zero or more, such as 10.00, in whole minor units",
        "customer_name": "must be 1 to 200 printable characters",
        "active": "must be yes or no",
    }


@given(quick_forms(), st.dictionaries(st.sampled_from([*GOOD, "hue"]), st.text(max_size=20)))
def test_whatever_is_typed_every_problem_names_a_field_and_nothing_else_happens(asked, answers):
    filled = fill(asked, answers, USD)
    if isinstance(filled, FilledForm):
        assert set(answers) <= {
            part.field.value for part in asked.form_fields if isinstance(part, Asked)
        }
        assert normalised_number(filled.number) == filled.number
        ByFullForm(
            filled.number, filled.product, filled.kind, filled.opening_balance, filled.active
        )
    else:
        assert filled
        assert {problem.field for problem in filled} <= {*GOOD, *answers}
        assert all(problem.explain().startswith(problem.field) for problem in filled)


@pytest.mark.parametrize("field", GOOD)
def test_a_field_that_is_asked_must_be_answered(field):
    answers = {name: value for name, value in GOOD.items() if name != field}
    assert problems(answers) == {field: "is missing"}


def test_a_default_may_be_left_out_and_a_fixed_value_is_neither_asked_nor_accepted():
    asked = form(
        Asked(Field.NUMBER), Asked(Field.OPENING_BALANCE, "7.50"), Fixed(Field.ACTIVE, "yes")
    )
    filled = fill(asked, {"number": NUMBER}, USD)
    assert (filled.opening_balance, filled.active) == (usd("7.50"), True)
    assert fill(asked, {"number": NUMBER, "opening_balance": "1"}, USD).opening_balance == usd("1")
    assert problems({"number": NUMBER, "active": "no"}, asked) == {"active": "is not on the form"}


@pytest.mark.parametrize(
    ("typed", "code", "accepted"),
    [("0", "USD", True), ("10.5", "USD", True), ("10.001", "USD", False), ("-0.01", "USD", False),
     ("1e3", "USD", False),
     ("1,50", "USD", False), ("10.001", "KWD", True), ("0.5", "JPY", False), ("", "USD", False)],
)  # fmt: skip
def test_an_opening_balance_is_cash_of_the_customers_currency(typed, code, accepted):
    assert (
        "opening_balance"
        not in problems(GOOD | {"opening_balance": typed}, currency=Currency(code))
    ) == accepted


def test_a_postpaid_account_holds_no_funds():
    asked = form(Asked(Field.NUMBER), Asked(Field.OPENING_BALANCE), kind=AccountKind.POSTPAID)
    assert problems({"number": NUMBER, "opening_balance": "0.00"}, asked) == {}
    assert list(problems({"number": NUMBER, "opening_balance": "0.01"}, asked)) == [
        "opening_balance"
    ]
    with pytest.raises(InvalidValue, match="opening_balance"):
        ByFullForm(NUMBER, "SIP line", AccountKind.POSTPAID, usd("0.01"))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+1 (212) 555-0100", "12125550100"),
        ("0049 30/123.456", "4930123456"),
        ("112", "112"),
        ("+112", "112"),
        ("1" * 15, "1" * 15),
        ("12", None),
        ("1" * 16, None),
        ("0171 5550100", None),
        ("+0049301234", None),
        ("++123", None),
        ("", None),
        ("+", None),
        ("12a", None),
        ("\uff11\uff12\uff13", None),
        ("\u0661\u0662\u0663", None),
        ("²³4", None),
    ],
)
def test_a_number_is_three_to_fifteen_digits_with_its_country_code(typed, number):
    assert normalised_number(typed) == number
    assert ByQuickForm("sip", {"number": typed}).number == number


@given(st.text())
def test_a_number_that_was_normalised_stays_as_it_is(typed):
    number = normalised_number(typed)
    assert number is None or normalised_number(number) == number


def test_a_form_asks_for_the_number_and_for_nothing_twice():
    for form_fields in (
        (Asked(Field.ACTIVE),),
        (Asked(Field.NUMBER, NUMBER),),
        (Fixed(Field.NUMBER, NUMBER),),
        (Asked(Field.NUMBER), Asked(Field.ACTIVE), Fixed(Field.ACTIVE, "yes")),
    ):
        with pytest.raises(InvalidValue, match="form_fields"):
            form(*form_fields)


@pytest.mark.parametrize("answers", [(("number", "1"),), {"number": "1"}])
def test_answers_are_pairs_or_a_mapping(answers):
    assert dict(ByQuickForm("sip", answers).answers) == {"number": "1"}
