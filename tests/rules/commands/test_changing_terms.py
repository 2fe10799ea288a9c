"""New terms hold for what is decided from now on; what was booked stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest

from distbilling import Accepted, AccountKind, Billing, Money, Percent, RoundingMethod, Terms
from distbilling.adapters.memory import MemoryRepository
from distbilling.errors import CurrencyMismatch
from distbilling.rules.agreement.origin import RateOrigin
from distbilling.rules.agreement.schedule import Bounded, FlatFee, Per
from distbilling.rules.agreement.terms import CommissionKind, Margin, Rate
from distbilling.rules.commands.customers.add_account import AddAccount, ByFullForm, ByQuickForm
from distbilling.rules.commands.customers.prepare_quick_form import PrepareQuickForm
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import BeforeCreation, NotFound, RateAboveParent, RecordKind
from distbilling.rules.parties.permission import Action, Denied, Role
from distbilling.testing.rule_ledger import CHAIN, RuleLedger
from distbilling.testing.sample_data import (
    BASE_COMMANDS,
    MARIA,
    MORNING,
    NUMBER,
    SIP,
    by_quick_form,
    distributor,
    payment,
    sale,
    usd,
)

NEW = Terms(Percent("20"), Percent("12"), RoundingMethod.DOWN)
NEW_YORK = "America/New_York"


def change(terms=NEW, name="hudson", at=MORNING, key="terms") -> ChangeTerms:
    return ChangeTerms(key, MARIA, at, name, terms)


def test_what_is_booked_later_goes_by_the_new_terms_and_what_was_booked_stays():
    ledger = RuleLedger(payment("p"), change())
    assert ledger.member("hudson").distributor.terms == NEW
    ledger.accept(payment("q"), sale("s", "10.00"))
    assert [entry.commission and entry.commission.earned for entry in ledger.journal] == [
        usd("1.00"),
        usd("1.20"),
        usd("2.00"),
    ]
    assert ledger.owed("hudson") == usd("9.00") + usd("8.80") + usd("8.00")


def test_a_change_moves_no_money_and_tells_nobody():
    ledger = RuleLedger(payment("p", "600.00"))
    accepted = ledger.accept(change())
    assert (accepted.entry, accepted.notices) == (None, ())
    assert accepted.records == (attrs.evolve(distributor("hudson"), terms=NEW),)
    assert ledger.member("hudson").standing.suspended is False


def test_a_rate_dated_within_the_terms_changes_by_itself_at_local_midnight():
    april = Rate(CommissionKind.PAYMENT, Percent("50"), since=dt.date(2026, 4, 1))
    dated = Terms(Percent("15"), Percent("10"), rates=(april,), zone=NEW_YORK)
    midnight = MORNING.replace(month=4, day=1, hour=4)
    ledger = RuleLedger(
        change(dated),
        payment("last of March", at=midnight.subtract(microseconds=1)),
        payment("first of April", at=midnight),
    )
    assert [entry.commission and entry.commission.earned for entry in ledger.journal] == [
        usd("1.00"),
        usd("5.00"),
    ]


BY_SUBJECT = Terms(
    Percent("15"),
    Percent("10"),
    rates=(
        Rate(CommissionKind.SALE, Percent("30"), product="SIP line"),
        Rate(CommissionKind.SALE, Percent("40"), batch="spring lot"),
        Rate(CommissionKind.PAYMENT, Percent("25"), product="SIP line"),
        Rate(CommissionKind.PAYMENT, Percent("35"), batch="spring lot"),
    ),
)


@pytest.mark.parametrize(
    ("product", "batch", "sold_at", "paid_at"),
    [
        (
            "Fax line",
            None,
            RateOrigin.DEFAULT_SALES_COMMISSION,
            RateOrigin.DEFAULT_PAYMENT_COMMISSION,
        ),
        ("SIP line", None, RateOrigin.PRODUCT, RateOrigin.PRODUCT),
        ("SIP line", "spring lot", RateOrigin.BATCH, RateOrigin.BATCH),
        ("SIP line", "autumn lot", RateOrigin.PRODUCT, RateOrigin.PRODUCT),
    ],
)
def test_an_account_is_sold_and_paid_for_at_the_rate_of_its_batch_else_of_its_product(
    product, batch, sold_at, paid_at
):
    full = ByFullForm(NUMBER, product, AccountKind.PREPAID, usd("10.00"), active=True, batch=batch)
    ledger = RuleLedger(
        change(BY_SUBJECT), AddAccount("s", MARIA, MORNING, "customer of hudson", full, "hudson")
    )
    ledger.accept(attrs.evolve(payment("p"), account=NUMBER), payment("q"))
    sold, into_the_account, onto_the_balance = ledger.journal
    assert [entry.commission and entry.commission.origin.level for entry in ledger.journal] == [
        sold_at,
        paid_at,
        RateOrigin.DEFAULT_PAYMENT_COMMISSION,
    ]
    assert (sold.subject.product, sold.subject.batch) == (product, batch)
    assert into_the_account.subject == sold.subject
    assert (onto_the_balance.subject.product, onto_the_balance.subject.batch) == (None, None)


def test_a_quick_form_gives_its_accounts_the_batch_that_the_administrator_named():
    lot = attrs.evolve(SIP, batch="spring lot")
    ledger = RuleLedger(change(BY_SUBJECT), PrepareQuickForm("f", MARIA, MORNING, lot))
    through = ByQuickForm("sip", {"number": NUMBER, "opening_balance": "10.00"})
    ledger.accept(attrs.evolve(by_quick_form(NUMBER), through=through))
    account: Any = ledger.facts.account(NUMBER)
    assert account.account.batch == "spring lot"
    assert ledger.owed("hudson") == usd("6.00")


def test_fees_for_each_item_count_the_items_of_a_payment():
    fees = Terms(Percent("0"), Bounded(FlatFee(usd("0.25"), Per.ITEM), cap=usd("1.00")))
    ledger = RuleLedger(change(fees), payment("one"), attrs.evolve(payment("three"), items=3))
    ledger.accept(attrs.evolve(payment("nine"), items=9))
    assert [entry.commission and entry.commission.earned for entry in ledger.journal] == [
        usd("0.25"),
        usd("0.75"),
        usd("1.00"),
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"by": payment("p").by, "distributor": "nobody"},
            Denied(Role.DISTRIBUTOR, Action.CHANGE_COMMISSION, "R28"),
        ),
        ({"distributor": "nobody"}, NotFound(RecordKind.DISTRIBUTOR, "nobody")),
        (
            {"distributor": "soho", "at": distributor("soho").created.subtract(microseconds=1)},
            BeforeCreation("soho", distributor("soho").created),
        ),
    ],
    ids=["permission", "presence", "date"],
)
def test_a_change_is_refused_in_this_order(changes, expected):
    assert RuleLedger(*CHAIN).reason(attrs.evolve(change(), **changes)) == expected


@pytest.mark.parametrize(
    ("name", "sales", "payments", "refused"),
    [
        ("soho", "15.01", "10", ("soho", "hudson", "15.01%", "15%")),
        ("soho", "12", "10.5", ("soho", "hudson", "10.5%", "10%")),
        ("soho", "9.99", "8", ("kiosk", "soho", "10%", "9.99%")),
        ("hudson", "15", "7", ("soho", "hudson", "8%", "7%")),
        ("soho", "20", "1", ("soho", "hudson", "20%", "15%")),
    ],
)
def test_a_rate_above_the_parents_or_below_a_childs_is_refused_with_both(
    name, sales, payments, refused
):
    reason = RuleLedger(*CHAIN).reason(change(Terms(Percent(sales), Percent(payments)), name))
    assert isinstance(reason, RateAboveParent)
    assert (reason.distributor, reason.parent) == refused[:2]
    assert [rate for rate in refused[2:] if f"{rate} (" not in reason.explain()] == []


def test_a_rate_may_be_that_of_the_parent_and_that_of_the_child():
    ledger = RuleLedger(*CHAIN)
    assert isinstance(ledger.give(change(Terms(Percent("15"), Percent("10")), "soho")), Accepted)
    assert isinstance(
        ledger.give(change(Terms(Percent("10"), Percent("5")), "soho", key="again")), Accepted
    )


def test_only_those_directly_below_are_compared():
    ledger = RuleLedger(*CHAIN, change(Terms(Percent("10"), Percent("5")), "soho"))
    assert isinstance(ledger.give(change(Terms(Percent("11"), Percent("6")), key="top")), Accepted)


def test_where_the_top_has_each_level_earn_on_what_is_left_no_rates_are_compared():
    on_the_rest = Terms(Percent("1"), Percent("1"), margin=Margin.OWN_RATE_ON_THE_REST)
    ledger = RuleLedger(*CHAIN)
    assert isinstance(ledger.give(change(on_the_rest)), Accepted)
    assert isinstance(
        ledger.give(change(Terms(Percent("90"), Percent("90")), "kiosk", key="kiosk")), Accepted
    )


def test_an_amount_in_another_currency_is_an_error_of_the_caller():
    euro = Terms(Percent("15"), FlatFee(Money("1", "EUR")))
    with pytest.raises(CurrencyMismatch):
        RuleLedger().give(change(euro))


def test_the_memory_reads_those_above_and_below_that_a_change_is_compared_with():
    billing = Billing(MemoryRepository())
    commands = (
        *BASE_COMMANDS,
        *CHAIN,
        change(Terms(Percent("15"), Percent("7"))),
        change(Terms(Percent("16"), Percent("8")), "soho", key="high"),
        change(name="kiosk", key="low"),
        change(key="fine"),
    )
    seen = RuleLedger(facts=Facts())
    assert billing.execute_many(commands) == tuple(seen.give(command) for command in commands)
