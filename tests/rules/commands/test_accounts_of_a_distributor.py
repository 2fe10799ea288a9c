"""Accounts are created, activated and assigned while the limit holds."""

from __future__ import annotations

import attrs
import pytest

from distbilling import (
    Accepted,
    AccountKind,
    ActivateAccount,
    AddAccount,
    Asked,
    AssignDistributor,
    ByFullForm,
    ByQuickForm,
    Currency,
    Customer,
    DistributorStaff,
    Field,
    GrantLimitIncrease,
    Limit,
    Money,
    PrepareQuickForm,
    QuickForm,
)
from distbilling.rules.deciding.reasons import (
    AlreadyExists,
    FormNotAccepted,
    NotFound,
    RecordKind,
    Suspended,
    WrongCurrency,
)
from distbilling.rules.parties.quick_form import (
    IS_MISSING,
    NOT_AN_AMOUNT,
    NOT_ON_THE_FORM,
    FieldProblem,
)
from distbilling.testing.rule_ledger import RuleLedger
from distbilling.testing.sample_data import MARIA, MORNING, NUMBER, SIP, by_quick_form, payment, usd

HUDSON, NEXT_WEEK = DistributorStaff("hudson"), MORNING.add(days=7)
UNSOLD = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, usd("0.00"))


def test_an_account_is_activated_while_the_limit_is_raised_and_not_at_its_end():
    ledger = RuleLedger(
        AddAccount("add", MARIA, MORNING, "customer of hudson", UNSOLD, "hudson"),
        payment("p", "2000.00"),
        GrantLimitIncrease("raise", MARIA, MORNING, "hudson", usd("1000.00"), NEXT_WEEK),
    )
    late = ActivateAccount("late", HUDSON, NEXT_WEEK, NUMBER)
    assert ledger.reason(late) == Suspended("hudson", usd("1000.00"), usd("1800.00"))
    in_time = ActivateAccount("in time", HUDSON, NEXT_WEEK.subtract(microseconds=1), NUMBER)
    assert isinstance(ledger.give(in_time), Accepted)


@pytest.mark.parametrize(
    ("account", "owner", "missing"),
    [
        ("999", "hudson", NotFound(RecordKind.ACCOUNT, "999")),
        (NUMBER, "nobody", NotFound(RecordKind.DISTRIBUTOR, "nobody")),
        ("999", "nobody", NotFound(RecordKind.ACCOUNT, "999")),
    ],
)
def test_an_assignment_names_the_account_that_is_missing_and_then_the_distributor(
    account, owner, missing
):
    ledger = RuleLedger(AddAccount("add", MARIA, MORNING, "customer of hudson", UNSOLD))
    assert ledger.reason(AssignDistributor("assign", MARIA, MORNING, account, owner)) == missing


def test_an_account_is_created_while_the_limit_is_raised_and_not_at_its_end():
    raised = GrantLimitIncrease("raise", MARIA, MORNING, "hudson", usd("1000.00"), NEXT_WEEK)
    ledger = RuleLedger(
        PrepareQuickForm("form", MARIA, MORNING, SIP), payment("p", "2000.00"), raised
    )
    late = attrs.evolve(by_quick_form("+1 212 555 0100"), at=NEXT_WEEK)
    assert ledger.reason(late) == Suspended("hudson", usd("1000.00"), usd("1800.00"))
    assert isinstance(
        ledger.give(attrs.evolve(late, at=NEXT_WEEK.subtract(microseconds=1))), Accepted
    )


def test_a_form_that_is_not_complete_is_refused_with_all_that_is_wrong_with_it():
    ledger = RuleLedger(PrepareQuickForm("form", MARIA, MORNING, SIP))
    answered = ByQuickForm(SIP.id, {"colour": "red", "opening_balance": "-1"})
    assert ledger.reason(attrs.evolve(by_quick_form(NUMBER), through=answered)) == FormNotAccepted(
        (
            FieldProblem("colour", NOT_ON_THE_FORM),
            FieldProblem("number", IS_MISSING),
            FieldProblem("opening_balance", NOT_AN_AMOUNT),
        )
    )


def test_an_account_in_another_currency_names_the_customer_and_both_currencies():
    euros = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, Money("10.00", "EUR"))
    wrong = WrongCurrency("customer of hudson", Currency("USD"), Currency("EUR"))
    assert (
        RuleLedger().reason(
            AddAccount("add", MARIA, MORNING, "customer of hudson", euros, "hudson")
        )
        == wrong
    )


def test_a_customer_created_through_a_form_belongs_to_its_distributor_from_then_on_without_credit():
    form = QuickForm(
        "new", "New", "Line", AccountKind.PREPAID, (Asked(Field.NUMBER), Asked(Field.CUSTOMER_NAME))
    )
    ledger = RuleLedger(PrepareQuickForm("form", MARIA, MORNING, form))
    answered = ByQuickForm("new", {"number": NUMBER, "customer_name": "Brown Bakery"})
    ledger.accept(AddAccount("add", HUDSON, MORNING, "brown", answered))
    nothing = Limit(usd("0.00"))
    assert ledger.customer("brown") == Customer(
        "brown", "Brown Bakery", Currency("USD"), "hudson", nothing, MORNING
    )
    again = AddAccount("again", HUDSON, MORNING, "brown", answered)
    assert ledger.reason(again) == AlreadyExists(RecordKind.CUSTOMER, "brown")
    nobody = AddAccount("nobody", MARIA, MORNING, "green", answered)
    assert ledger.reason(nobody) == FormNotAccepted((FieldProblem("distributor", IS_MISSING),))
