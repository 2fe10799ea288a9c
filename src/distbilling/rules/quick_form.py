"""Which fields does a distributor fill in to create an account, and what do they become?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import assert_never

import attrs

from distbilling.errors import CallerError, InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.money import Currency, Money
from distbilling.rules import fields
from distbilling.rules.parties import AccountKind

__all__ = [
    "Asked",
    "Field",
    "FieldProblem",
    "FilledForm",
    "Fixed",
    "FormField",
    "QuickForm",
    "fill",
    "normalised_number",
]

_PUNCTUATION = str.maketrans("", "", " -.()/")
_SHORTEST_NUMBER = 3
_LONGEST_NUMBER = 15
_YES_OR_NO = {"yes": True, "no": False}

IS_MISSING = "is missing"
NOT_ON_THE_FORM = "is not on the form"
NOT_A_NUMBER = "must be a telephone number with its country code, 3 to 15 digits"
NOT_AN_AMOUNT = "must be an amount of zero or more, such as 10.00, in whole minor units"
NOT_ZERO = "must be zero: a postpaid account holds no funds"
NOT_A_NAME = "must be 1 to 200 printable characters"
NOT_YES_OR_NO = "must be yes or no"
PROBLEMS = (IS_MISSING, NOT_ON_THE_FORM, NOT_A_NUMBER, NOT_AN_AMOUNT, NOT_ZERO, NOT_A_NAME, NOT_YES_OR_NO)


class Field(Enum):
    """What a quick form can ask for or fix; the value is the name under which a form is filled in.

    Source: rulebook R30.

    >>> Field("number")
    <Field.NUMBER: 'number'>
    """

    NUMBER = "number"
    CUSTOMER_NAME = "customer_name"
    OPENING_BALANCE = "opening_balance"
    ACTIVE = "active"


@attrs.frozen
class Asked:
    """A field that whoever fills in the form types; with a default it may be left out.

    >>> Asked(Field.OPENING_BALANCE, default="10.00")
    Asked(field=<Field.OPENING_BALANCE: 'opening_balance'>, default='10.00')
    """

    field: Field = attrs.field(validator=fields.one_of(Field))
    default: str | None = attrs.field(default=None, validator=attrs.validators.optional(fields.name))


@attrs.frozen
class Fixed:
    """A field whose value the administrator has settled: it is neither shown nor accepted.

    >>> Fixed(Field.ACTIVE, "yes")
    Fixed(field=<Field.ACTIVE: 'active'>, value='yes')
    """

    field: Field = attrs.field(validator=fields.one_of(Field))
    value: str = attrs.field(validator=fields.name)


FormField = Asked | Fixed


@attrs.frozen
class QuickForm:
    """A named template that an administrator prepares, through which distributors create accounts.

    A form that asks for or fixes ``CUSTOMER_NAME`` also creates the customer.

    Raises:
        InvalidValue: no field for the number, or two for one thing.

    Source: rulebook R30.

    >>> sip = QuickForm("sip", "SIP phone", "SIP line", AccountKind.POSTPAID, (Asked(Field.NUMBER),))
    >>> fill(sip, {"number": "+1 (212) 555-0100"}, Currency("USD")).number
    '12125550100'
    """

    id: str = attrs.field(validator=fields.identifier)
    name: str = attrs.field(validator=fields.name)
    product: str = attrs.field(validator=fields.name)
    kind: AccountKind = attrs.field(validator=fields.one_of(AccountKind))
    form_fields: tuple[FormField, ...] = attrs.field(validator=fields.tuple_of(Asked, Fixed))

    def __attrs_post_init__(self) -> None:
        named = [form_field.field for form_field in self.form_fields]
        if Asked(Field.NUMBER) not in self.form_fields:
            raise InvalidValue("form_fields", self.form_fields, "a form that asks for the number, without a default")
        for field in Field:
            if named.count(field) > 1:
                raise InvalidValue("form_fields", field.value, "each field once")

    @property
    def creates_customer(self) -> bool:
        """Tell whether the form creates the customer together with the account."""
        return any(form_field.field is Field.CUSTOMER_NAME for form_field in self.form_fields)


@attrs.frozen
class FieldProblem:
    """One field that was not filled in as the form wants it.

    >>> print(FieldProblem("number", "is missing").explain())
    number: is missing
    """

    field: str
    problem: str

    def explain(self, locale: str = "en") -> str:
        """Say it in the words of the locale."""
        return f"{self.field}: {sentence(self.problem, locale)}"


@attrs.frozen
class FilledForm:
    """What a form that was filled in properly asks for; the opening balance is what the account is sold with.

    >>> FilledForm("12125550100", None, "SIP line", AccountKind.PREPAID, Money("10.00", "USD"), active=True).active
    True
    """

    number: str
    customer_name: str | None = attrs.field(repr=False)
    product: str
    kind: AccountKind
    opening_balance: Money
    active: bool


def fill(form: QuickForm, answers: Mapping[str, str], currency: Currency) -> FilledForm | tuple[FieldProblem, ...]:
    """Fill the form in; or return everything that is wrong with the answers, all fields at once.

    Source: rulebook R30.

    >>> sip = QuickForm("sip", "SIP phone", "SIP line", AccountKind.POSTPAID, (Asked(Field.NUMBER),))
    >>> for problem in fill(sip, {"colour": "red"}, Currency("USD")): print(problem.explain())
    colour: is not on the form
    number: is missing
    """
    asked = {form_field.field.value for form_field in form.form_fields if isinstance(form_field, Asked)}
    problems = [FieldProblem(name, NOT_ON_THE_FORM) for name in answers if name not in asked]
    values: dict[Field, str] = {}
    for form_field in form.form_fields:
        value = _value_of(form_field, answers)
        if value is None:
            problems.append(FieldProblem(form_field.field.value, IS_MISSING))
        else:
            values[form_field.field] = value
    number = normalised_number(values.get(Field.NUMBER, ""))
    if number is None and Field.NUMBER in values:
        problems.append(FieldProblem(Field.NUMBER.value, NOT_A_NUMBER))
    opening_balance = _amount(values.get(Field.OPENING_BALANCE, "0"), currency)
    if opening_balance is None:
        problems.append(FieldProblem(Field.OPENING_BALANCE.value, NOT_AN_AMOUNT))
    elif form.kind is AccountKind.POSTPAID and not opening_balance.is_zero:
        problems.append(FieldProblem(Field.OPENING_BALANCE.value, NOT_ZERO))
    customer_name = values.get(Field.CUSTOMER_NAME)
    if customer_name is not None and not _is_name(customer_name):
        problems.append(FieldProblem(Field.CUSTOMER_NAME.value, NOT_A_NAME))
    active = _YES_OR_NO.get(values.get(Field.ACTIVE, "no"))
    if active is None:
        problems.append(FieldProblem(Field.ACTIVE.value, NOT_YES_OR_NO))
    if problems or number is None or opening_balance is None or active is None:
        return tuple(problems)
    return FilledForm(number, customer_name, form.product, form.kind, opening_balance, active)


def normalised_number(typed: str) -> str | None:
    """Return a typed telephone number as the 3 to 15 digits of E.164; None where it is none.

    Blanks, hyphens, points, slashes and brackets go, as does a leading + or 00. National numbers (with a leading 0)
    are refused: nobody can tell their country.

    Source: rulebook R28, R30.

    >>> normalised_number("+1 (212) 555-0100")
    '12125550100'
    >>> normalised_number("0171 555 0100") is None
    True
    """
    digits = typed.translate(_PUNCTUATION).removeprefix("+")
    if digits == typed.translate(_PUNCTUATION):
        digits = digits.removeprefix("00")
    well_formed = digits.isascii() and digits.isdigit() and not digits.startswith("0")
    return digits if well_formed and _SHORTEST_NUMBER <= len(digits) <= _LONGEST_NUMBER else None


def _value_of(form_field: FormField, answers: Mapping[str, str]) -> str | None:
    match form_field:
        case Asked():
            return answers.get(form_field.field.value, form_field.default)
        case Fixed():
            return form_field.value
        case _:
            assert_never(form_field)


def _amount(typed: str, currency: Currency) -> Money | None:
    try:
        amount = Money(typed, currency)
    except CallerError:
        return None
    return None if amount.is_negative or not fields.is_cash(amount) else amount


def _is_name(typed: str) -> bool:
    try:
        fields.check_text("customer_name", typed, fields.NAME_CHARACTERS)
    except CallerError:
        return False
    return True
