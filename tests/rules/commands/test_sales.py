"""An account is sold once: when it is active and has a distributor."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import (
    AccountKind,
    ActivateAccount,
    AddAccount,
    AssignDistributor,
    ByFullForm,
    CreateCustomer,
    DistributorStaff,
    Limit,
    Money,
    Unlimited,
    rules,
)
from distbilling.rules.deciding.decision import Accepted
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import (
    AlreadyActive,
    AlreadyAssigned,
    NotFound,
    RecordKind,
    WrongCurrency,
)
from distbilling.rules.ledger.accounts import CommissionExpense, DistributorLedger, PrepaidFunds
from distbilling.rules.ledger.journal import EntryKind, Posting
from distbilling.rules.parties import Customer
from distbilling.testing.sample_data import BASE_COMMANDS, MARIA, MORNING, NUMBER, payment, usd
from distbilling.testing.strategies.values import money

decide: Any = rules.decide
evolve: Any = rules.evolve
HUDSON: Any = BASE_COMMANDS[0]
BROWN: Any = BASE_COMMANDS[1]

STAFF = DistributorStaff("hudson")


def prepared(*commands) -> Any:
    facts = Facts()
    for command in (*BASE_COMMANDS, *commands):
        decision = decide(command, facts)
        assert isinstance(decision, Accepted), decision
        facts = evolve(facts, decision)
    return facts


def added(opening="10.00", *, active=False, owner=None, kind=AccountKind.PREPAID) -> Any:
    full = ByFullForm(NUMBER, "SIP line", kind, usd(opening), active)
    return AddAccount("add", MARIA, MORNING, "customer of hudson", full, owner)


ACTIVATE = ActivateAccount("activate", MARIA, MORNING, NUMBER)
ASSIGN = AssignDistributor("assign", MARIA, MORNING, NUMBER, "hudson")
WAYS = [
    (added(active=True, owner="hudson"),),
    (added(owner="hudson"), ACTIVATE),
    (added(active=True), ASSIGN),
    *((added(), *rest) for rest in permutations((ACTIVATE, ASSIGN))),
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: " then ".join(command.key for command in way))
def test_the_sale_falls_due_once_whatever_the_order(way):
    facts = prepared()
    decisions = []
    for command in (*way, ACTIVATE, ASSIGN):
        decisions.append(decide(command, facts))
        if isinstance(decisions[-1], Accepted):
            facts = evolve(facts, decisions[-1])
    entries = [
        decision.entry
        for decision in decisions
        if isinstance(decision, Accepted) and decision.entry
    ]
    assert [entry.kind for entry in entries] == [EntryKind.SALE]
    assert entries[0].key == way[-1].key
    assert facts.distributor("hudson").owed == usd("8.50")
    assert facts.account(NUMBER).funds == usd("10.00")
    assert [decision.reason for decision in decisions[-2:]] == [
        AlreadyActive(NUMBER),
        AlreadyAssigned(NUMBER),
    ]


@given(opening=money("USD", min_value="0.01", max_value="1000"))
def test_a_sale_books_the_opening_balance_less_commission_to_the_distributor(opening):
    full = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, opening, active=True)
    entry = decide(attrs.evolve(added(owner="hudson"), through=full), prepared()).entry
    assert entry.postings == (
        Posting(PrepaidFunds(NUMBER), -opening),
        Posting(DistributorLedger("hudson"), entry.commission.owed),
        Posting(CommissionExpense(), entry.commission.earned),
    )


@pytest.mark.parametrize("kind", AccountKind)
@pytest.mark.parametrize(
    "way", [{"active": True, "owner": "hudson"}, {"owner": "hudson"}, {"active": True}]
)
def test_no_money_no_commission_and_no_entry(kind, way):
    facts = prepared(added("0.00", kind=kind, **way))
    finishing = {"owner": ACTIVATE, "active": ASSIGN}
    missing = {"owner", "active"} - set(way)
    decisions = [decide(ASSIGN if "owner" in missing else ACTIVATE, facts)] if missing else []
    assert finishing
    for decision in decisions:
        assert (decision.entry, decision.notices) == (None, ())
        facts = evolve(facts, decision)
    assert facts.account(NUMBER).account.sold
    assert facts.distributor("hudson").owed == usd("0.00")


def test_an_account_of_nobody_costs_nobody_anything():
    facts = prepared(added(), ACTIVATE)
    assert not facts.account(NUMBER).account.sold
    assert facts.account(NUMBER).funds == usd("0.00")


def test_an_account_in_another_currency_cannot_be_sold_by_the_distributor():
    euro = Money("0", "EUR")
    customer = CreateCustomer("c", MARIA, MORNING, "eve", "Eve", Limit(euro), euro)
    full = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, Money("5", "EUR"), active=True)
    facts = prepared(customer, AddAccount("a", MARIA, MORNING, "eve", full))
    assert decide(ASSIGN, facts).reason == WrongCurrency("hudson", usd("0").currency, euro.currency)


@given(st.permutations([payment("a"), payment("b", "3.33"), payment("c", "0.01")]))
def test_payments_come_to_the_same_in_any_order(payments):
    assert prepared(*payments).distributor("hudson").owed == usd("12.01")


def test_a_payment_may_go_to_the_funds_of_a_prepaid_account():
    facts = prepared(added(owner="hudson", active=True))
    decision = decide(attrs.evolve(payment("p"), account=NUMBER), facts)
    assert decision.entry.postings[0] == Posting(PrepaidFunds(NUMBER), usd("-10.00"))
    assert evolve(facts, decision).account(NUMBER).funds == usd("20.00")


def test_the_seller_of_an_account_collects_for_it_from_a_customer_of_the_provider():
    own = CreateCustomer("c", MARIA, MORNING, "eve", "Eve", Unlimited(), usd("0"))
    full = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, usd("5"), active=True)
    facts = prepared(own, AddAccount("a", MARIA, MORNING, "eve", full, "hudson"))
    assert isinstance(facts.customer("eve").customer, Customer)
    to_the_account = attrs.evolve(payment("p"), customer="eve", account=NUMBER)
    assert isinstance(decide(to_the_account, facts), Accepted)
    assert not isinstance(decide(attrs.evolve(to_the_account, account=None), facts), Accepted)
    assert not isinstance(
        decide(attrs.evolve(to_the_account, by=DistributorStaff("jersey")), facts), Accepted
    )


def test_a_balance_brought_from_before_is_booked_against_opening_balances():
    decision = decide(attrs.evolve(HUDSON, opening_balance=usd("950.00")), Facts())
    assert decision.entry.added_to(DistributorLedger("hudson")) == usd("950.00")
    assert len(decision.notices) == 2
    credit = attrs.evolve(BROWN, opening_balance=usd("-5.00"))
    facts = evolve(Facts(), decide(HUDSON, Facts()))
    assert evolve(facts, decide(credit, facts)).customer("customer of hudson").owed == usd("-5.00")


def test_a_postpaid_account_has_no_funds_to_pay_into():
    facts = prepared(added("0.00", owner="hudson", kind=AccountKind.POSTPAID))
    assert decide(attrs.evolve(payment("p"), account=NUMBER), facts).reason == NotFound(
        RecordKind.ACCOUNT, NUMBER
    )
