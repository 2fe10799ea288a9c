"""A relation is as old as the whole months since the customer came."""

from __future__ import annotations

from typing import Any

import attrs
import pendulum
import pytest

from distbilling import (
    AccountKind,
    ActivateAccount,
    AddAccount,
    Asked,
    AssignDistributor,
    ByFullForm,
    ByQuickForm,
    CreateCustomer,
    DistributorStaff,
    Field,
    Fixed,
    Limit,
    Percent,
    PrepareQuickForm,
    QuickForm,
    RecordPayment,
    Terms,
)
from distbilling.errors import HostError
from distbilling.periods import Monthly
from distbilling.rules.agreement.schedule import ByAge, Stage
from distbilling.rules.agreement.terms import CommissionKind, Rate
from distbilling.rules.commands.customers.transfer_customer import TransferCustomer
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.testing.rule_ledger import RuleLedger, subdistributor
from distbilling.testing.sample_data import MARIA, MORNING, NUMBER, commands_for, payment, usd

BY_AGE = ByAge((Stage(3, Percent("10")), Stage(3, Percent("7")), Stage(None, Percent("5"))))
HUDSON = DistributorStaff("hudson")
MIDNIGHT = pendulum.datetime(2026, 6, 1, 4)


def terms(
    sales: Any = BY_AGE, payments: Any = BY_AGE, name="hudson", **changes: Any
) -> ChangeTerms:
    return ChangeTerms(f"terms of {name}", MARIA, MORNING, name, Terms(sales, payments, **changes))


def customer(name: str, since=MORNING) -> CreateCustomer:
    nothing = usd("0.00")
    return CreateCustomer(f"create {name}", HUDSON, since, name, "Eve", Limit(nothing), nothing)


def paid(at, key="p", name="customer of hudson") -> RecordPayment:
    return attrs.evolve(payment(key, "100.00", at=at), customer=name)


@pytest.mark.parametrize(
    ("at", "owed"),
    [
        (MORNING, "90.00"),
        (MIDNIGHT.subtract(microseconds=1), "90.00"),
        (MIDNIGHT, "93.00"),
        (MIDNIGHT.add(months=3).subtract(microseconds=1), "93.00"),
        (MIDNIGHT.add(months=3), "95.00"),
        (MIDNIGHT.add(years=10), "95.00"),
    ],
)
def test_the_first_three_months_earn_ten_per_cent_the_next_three_seven_and_then_five(at, owed):
    ledger = RuleLedger(terms(), paid(at))
    assert ledger.owed("hudson") == usd(owed)


def test_a_payment_dated_before_the_customer_came_is_of_its_first_month():
    ledger = RuleLedger(terms(), paid(MORNING.subtract(months=2)))
    assert ledger.owed("hudson") == usd("90.00")


def test_each_customer_has_an_age_of_its_own():
    ledger = RuleLedger(
        terms(), customer("eve", MIDNIGHT), paid(MIDNIGHT, name="eve"), paid(MIDNIGHT, "q")
    )
    assert ledger.owed("hudson") == usd("90.00") + usd("93.00")


def test_an_account_is_as_old_as_the_relation_to_its_customer_whichever_way_it_is_sold():
    full = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, usd("100.00"), active=True)
    waiting = attrs.evolve(full, number="222", active=False)
    roaming = attrs.evolve(full, number="333")
    name = "customer of hudson"
    ledger = RuleLedger(
        terms(),
        AddAccount("created", MARIA, MIDNIGHT, name, full, "hudson"),
        AddAccount("waiting", MARIA, MORNING, name, waiting, "hudson"),
        AddAccount("roaming", MARIA, MORNING, name, roaming),
        ActivateAccount("activated", HUDSON, MIDNIGHT, "222"),
        AssignDistributor("assigned", MARIA, MIDNIGHT, "333", "hudson"),
    )
    assert [entry.commission and entry.commission.earned for entry in ledger.journal] == [
        usd("7.00")
    ] * 3


def test_a_form_that_creates_the_customer_sells_in_the_first_month():
    newcomer = QuickForm(
        "newcomer",
        "Newcomer",
        "SIP line",
        AccountKind.PREPAID,
        (
            Asked(Field.NUMBER),
            Asked(Field.CUSTOMER_NAME),
            Fixed(Field.OPENING_BALANCE, "100"),
            Fixed(Field.ACTIVE, "yes"),
        ),
    )
    answers = ByQuickForm("newcomer", {"number": NUMBER, "customer_name": "Eve"})
    ledger = RuleLedger(
        terms(),
        PrepareQuickForm("f", MARIA, MORNING, newcomer),
        AddAccount("a", HUDSON, MIDNIGHT, "eve", answers),
        paid(MIDNIGHT.add(months=3), name="eve"),
    )
    assert ledger.customer("eve").since == MIDNIGHT
    assert [entry.commission and entry.commission.earned for entry in ledger.journal] == [
        usd("10.00"),
        usd("7.00"),
    ]


def test_in_other_hands_the_age_starts_anew_and_for_one_who_comes_back_too():
    jersey = DistributorStaff("jersey")
    ledger = RuleLedger(
        terms(),
        terms(name="jersey"),
        TransferCustomer("t", MARIA, MIDNIGHT, "customer of hudson", "jersey"),
    )
    ledger.accept(attrs.evolve(paid(MIDNIGHT), by=jersey))
    assert ledger.owed("jersey") == usd("90.00")
    back = MIDNIGHT.add(months=3)
    ledger.accept(
        TransferCustomer("back", MARIA, back, "customer of hudson", "hudson"), paid(back, "q")
    )
    assert ledger.owed("hudson") == usd("90.00")


def test_every_level_goes_by_the_age_of_the_relation_to_the_customer_on_the_sellers_calendar():
    soho = attrs.evolve(
        subdistributor("soho", "hudson", "1", "1", "500"),
        terms=Terms(BY_AGE, BY_AGE),
        cycle=Monthly("Asia/Tokyo"),
    )
    tokyo = pendulum.datetime(2026, 5, 31, 15)
    ledger = RuleLedger(terms(), *commands_for(soho))
    ledger.accept(payment("p", "100.00", by="soho", at=tokyo.subtract(microseconds=1)))
    assert (ledger.owed("soho"), ledger.owed("hudson")) == (usd("90.00"), usd("90.00"))
    ledger.accept(payment("q", "100.00", by="soho", at=tokyo))
    assert (ledger.owed("soho"), ledger.owed("hudson")) == (usd("183.00"), usd("183.00"))


def test_a_rate_of_a_product_may_depend_on_the_age_beside_a_plain_default():
    line = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, usd("0.00"), active=True)
    rates = (Rate(CommissionKind.PAYMENT, BY_AGE, product="SIP line"),)
    ledger = RuleLedger(
        terms(Percent("15"), Percent("10"), rates=rates),
        AddAccount("a", MARIA, MORNING, "customer of hudson", line, "hudson"),
    )
    ledger.accept(attrs.evolve(paid(MIDNIGHT), account=NUMBER), paid(MIDNIGHT, "q"))
    assert ledger.owed("hudson") == usd("93.00") + usd("90.00")


def test_sales_by_age_do_not_hinder_plain_payments_nor_the_other_way_round():
    ledger = RuleLedger(terms(BY_AGE, Percent("10")), paid(MIDNIGHT.add(years=1)))
    assert ledger.owed("hudson") == usd("90.00")
    full = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, usd("100.00"), active=True)
    ledger.accept(AddAccount("s", MARIA, MIDNIGHT, "customer of hudson", full, "hudson"))
    assert ledger.owed("hudson") == usd("183.00")


def test_a_host_that_forgets_the_customer_of_an_account_is_told_so():
    full = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, usd("100.00"))
    ledger = RuleLedger(AddAccount("a", MARIA, MORNING, "customer of hudson", full, "hudson"))
    ledger.facts = attrs.evolve(ledger.facts, customers={})
    with pytest.raises(HostError, match="without its customer"):
        ledger.give(ActivateAccount("b", HUDSON, MORNING, NUMBER))
