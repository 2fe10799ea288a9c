"""Quick forms: what a distributor fills in to create an account."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import assert_never

import attrs

from distbilling.choices import Choice
from distbilling.errors import CallerError, InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.money import Currency, Money, exact
from distbilling.rules import fields
from distbilling.rules.parties.customer import AccountKind

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
PROBLEMS = (
    IS_MISSING,
    NOT_ON_THE_FORM,
    NOT_A_NUMBER,
    NOT_AN_AMOUNT,
    NOT_ZERO,
    NOT_A_NAME,
    NOT_YES_OR_NO,
)


class Field(Choice):
    """What a quick form can ask for or fix; the value is the name under which a form is filled in.

    Source: rulebook R30.

    >>> Field("number")
    Field.NUMBER
    """

    NUMBER = "number"
    CUSTOMER_NAME = "customer_name"
    OPENING_BALANCE = "opening_balance"
    ACTIVE = "active"


@attrs.frozen
class Asked(fields.Checked):
    """A field that whoever fills in the form types; with a default it may be left out.

    >>> Asked(Field.OPENING_BALANCE, default="10.00")
    Asked(field=Field.OPENING_BALANCE, default='10.00')
    """

    field: Field = attrs.field(validator=fields.one_of(Field))
    default: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(fields.name)
    )


@attrs.frozen
class Fixed(fields.Checked):
    """A field whose value the administrator has settled: it is neither shown nor accepted.

    >>> Fixed(Field.ACTIVE, "yes")
    Fixed(field=Field.ACTIVE, value='yes')
    """

    field: Field = attrs.field(validator=fields.one_of(Field))
    value: str = attrs.field(validator=fields.name)


FormField = Asked | Fixed


@attrs.frozen
class QuickForm(fields.Checked):
    """A named template that an administrator prepares, through which distributors create accounts.

    A form that asks for or fixes ``CUSTOMER_NAME`` also creates the customer. ``batch`` is the lot
    that its accounts come from, where that has a commission of its own.

    Raises:
        InvalidValue: no field for the number, or two for one thing.

    Source: rulebook R11, R30.

    >>> sip = QuickForm("sip", "SIP phone", "SIP line", AccountKind.POSTPAID,
    ...     (Asked(Field.NUMBER),))
    >>> fill(sip, {"number": "+1 (212) 555-0100"}, Currency("USD")).number
    '12125550100'
    """

    id: str = attrs.field(validator=fields.identifier)
    name: str = attrs.field(validator=fields.name)
    product: str = attrs.field(validator=fields.name)
    kind: AccountKind = attrs.field(validator=fields.one_of(AccountKind))
    form_fields: tuple[FormField, ...] = attrs.field(validator=fields.tuple_of(Asked, Fixed))
    batch: str | None = attrs.field(default=None, validator=attrs.validators.optional(fields.name))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        named = [form_field.field for form_field in self.form_fields]
        if Asked(Field.NUMBER) not in self.form_fields:
            raise InvalidValue(
                "form_fields",
                self.form_fields,
                "a form that asks for the number, without a default",
            )

        for field in Field:
            if named.count(field) > 1:
                raise InvalidValue("form_fields", field.value, "each field once")

        for form_field in self.form_fields:
            settled = form_field.value if isinstance(form_field, Fixed) else form_field.default
            if settled is not None and (
                problem := _problem_with(form_field.field, settled, self.kind)
            ):
                raise InvalidValue(
                    f"form_fields: {form_field.field.value}",
                    settled,
                    f"another value: it {problem}",
                )

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
    """What a form that was filled in properly asks for.

    The opening balance is what the account is sold with.

    >>> FilledForm("12125550100", None, "SIP line", AccountKind.PREPAID, Money("10.00", "USD"),
    ...     active=True).active
    True
    """

    number: str
    customer_name: str | None = attrs.field(repr=False)
    product: str
    kind: AccountKind
    opening_balance: Money
    active: bool
    batch: str | None = None
    tax: Money | None = None


def fill(
    form: QuickForm, answers: Mapping[str, str], currency: Currency
) -> FilledForm | tuple[FieldProblem, ...]:
    """Fill the form in; or return everything that is wrong with the answers, all fields at once.

    Source: rulebook R30.

    >>> sip = QuickForm("sip", "SIP phone", "SIP line", AccountKind.POSTPAID,
    ...     (Asked(Field.NUMBER),))
    >>> for problem in fill(sip, {"colour": "red"}, Currency("USD")): print(problem.explain())
    colour: is not on the form
    number: is missing
    """
    asked = {
        form_field.field.value for form_field in form.form_fields if isinstance(form_field, Asked)
    }
    problems = [FieldProblem(name, NOT_ON_THE_FORM) for name in answers if name not in asked]
    values: dict[Field, str] = {}

    for form_field in form.form_fields:
        typed = _value_of(form_field, answers)
        if typed is None:
            problems.append(FieldProblem(form_field.field.value, IS_MISSING))
        elif problem := _problem_with(form_field.field, typed, form.kind, currency):
            problems.append(FieldProblem(form_field.field.value, problem))
        else:
            values[form_field.field] = typed

    if problems:
        return tuple(problems)
    return FilledForm(
        _digits(values[Field.NUMBER]),
        values.get(Field.CUSTOMER_NAME),
        form.product,
        form.kind,
        Money(values.get(Field.OPENING_BALANCE, "0"), currency),
        active=_YES_OR_NO[values.get(Field.ACTIVE, "no")],
        batch=form.batch,
    )


def normalised_number(typed: str) -> str | None:
    """Return a typed telephone number as the 3 to 15 digits of E.164; None where it is none.

    Blanks, hyphens, points, slashes and brackets go, as does a leading + or 00. National numbers
    (with a leading 0) are refused: nobody can tell their country.

    Source: rulebook R28, R30.

    >>> normalised_number("+1 (212) 555-0100")
    '12125550100'
    >>> normalised_number("0171 555 0100") is None
    True
    """
    digits = _digits(typed)
    well_formed = digits.isascii() and digits.isdigit() and not digits.startswith("0")
    return digits if well_formed and _SHORTEST_NUMBER <= len(digits) <= _LONGEST_NUMBER else None


def _digits(typed: str) -> str:
    written = typed.translate(_PUNCTUATION)
    return written[1:] if written.startswith("+") else written.removeprefix("00")


def _value_of(form_field: FormField, answers: Mapping[str, str]) -> str | None:
    match form_field:
        case Asked():
            return answers.get(form_field.field.value, form_field.default)
        case Fixed():
            return form_field.value
        case _:
            assert_never(form_field)


def _problem_with(
    field: Field, typed: str, kind: AccountKind, currency: Currency | None = None
) -> str | None:
    """Return what is wrong with the value of a field, in the words of ``PROBLEMS``.

    Without a currency, as when the form is prepared, it is left open how fine an amount may be.
    """
    match field:
        case Field.NUMBER:
            return None if normalised_number(typed) else NOT_A_NUMBER
        case Field.OPENING_BALANCE:
            amount = _amount(typed, currency)
            if amount is None:
                return NOT_AN_AMOUNT
            return NOT_ZERO if amount and kind is AccountKind.POSTPAID else None
        case Field.CUSTOMER_NAME:
            return None if fields.is_text(typed, fields.NAME_CHARACTERS) else NOT_A_NAME
        case Field.ACTIVE:
            return None if typed in _YES_OR_NO else NOT_YES_OR_NO
        case _:
            assert_never(field)


def _amount(typed: str, currency: Currency | None) -> Decimal | None:
    try:
        amount = exact(typed, Field.OPENING_BALANCE.value)
    except CallerError:
        return None
    spendable = currency is None or fields.is_cash(Money(amount, currency))
    return amount if 0 <= amount <= fields.MOST_CASH and spendable else None
