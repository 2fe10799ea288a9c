"""An error says which field was wrong, what it got and what it accepts, word for word."""

from __future__ import annotations

from itertools import count
from typing import Any

import attrs
import pendulum
import pytest

from distbilling import (
    Account,
    AccountKind,
    Administrator,
    Asked,
    ByFullForm,
    ByQuickForm,
    CreateCustomer,
    CreateDistributor,
    Currency,
    Customer,
    CustomerClass,
    Distributor,
    Field,
    Fixed,
    Limit,
    Money,
    Preferences,
    QuickForm,
    RecordPayment,
    Unlimited,
)
from distbilling.errors import CurrencyMismatch, HostError, InvalidType, InvalidValue
from distbilling.periods import Monthly
from distbilling.rules import fields
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.sale import store_and_sell
from distbilling.rules.fields import check_text, check_type
from distbilling.rules.ledger.accounts import (
    CustomerLedger,
    DistributorLedger,
    OpeningBalances,
    ProviderCash,
)
from distbilling.rules.ledger.journal import Entry, EntryKind, Posting
from distbilling.rules.ledger.statement import Extract, Statement, statement_of
from distbilling.rules.parties import check_tax
from distbilling.testing.rule_ledger import RuleLedger
from distbilling.testing.sample_data import MARIA, MORNING, NUMBER, USD, distributor, payment, usd

EUR, GOLD = Currency("EUR"), Currency("XAU")
TEN, NINE, NOTHING = usd("10.00"), usd("9.00"), usd("0.00")
TEXT = "1 to {} printable characters, no blank at either end"
HUDSON = distributor("hudson")
ANY_HUDSON: Any = HUDSON
BY_QUICK_FORM: Any = ByQuickForm
BY_FULL_FORM: Any = ByFullForm
QUICK_FORM: Any = QuickForm
CREATE_DISTRIBUTOR: Any = CreateDistributor
POSTPAID_FUNDS = "zero for a postpaid account: it holds no funds"
MUCH = Money("10000000000000.01", "USD")


def owed(amount: Money) -> Posting:
    return Posting(DistributorLedger("hudson"), amount)


def entry(*postings: Posting, at: pendulum.DateTime = MORNING) -> Entry:
    return Entry("e", EntryKind.REMITTANCE, at, MARIA, postings)


def paid(**changes: Any) -> RecordPayment:
    return attrs.evolve(payment("p"), **changes)


def account(**changes: Any) -> Account:
    valid: dict[str, Any] = {
        "id": NUMBER,
        "customer": "brown",
        "distributor": None,
        "product": "Line",
        "kind": AccountKind.PREPAID,
    }
    return Account(**(valid | {"opening_balance": TEN} | changes))


def form(*form_fields: Any, kind: AccountKind = AccountKind.PREPAID) -> QuickForm:
    return QuickForm("sip", "SIP", "Line", kind, form_fields)


def customer(**changes: Any) -> Customer:
    valid: dict[str, Any] = {
        "id": "brown",
        "name": "Brown",
        "currency": USD,
        "distributor": None,
        "credit_limit": Unlimited(),
    }
    return Customer(**(valid | {"since": MORNING} | changes))


@pytest.mark.parametrize(
    ("make", "field", "shown", "accepted"),
    [
        (lambda: entry(owed(NOTHING)), "postings", (owed(NOTHING),), "two postings or more"),
        (
            lambda: entry(owed(TEN), Posting(ProviderCash(), -NINE)),
            "postings",
            usd("1.00"),
            "postings that sum to zero",
        ),
        (
            lambda: attrs.evolve(HUDSON, parent="hudson"),
            "parent",
            "hudson",
            "another distributor than itself",
        ),
        (
            lambda: HUDSON.period_at(pendulum.datetime(2025, 12, 31)),
            "instant",
            pendulum.datetime(2025, 12, 31),
            "an instant from the creation of 'hudson' on: 2026-01-01 05:00:00+00:00",
        ),
        (lambda: account(kind=AccountKind.POSTPAID), "opening_balance", TEN, POSTPAID_FUNDS),
        (
            lambda: account(tax=usd("10.01")),
            "tax",
            usd("10.01"),
            "from zero to the amount of $10.00",
        ),
        (
            lambda: account(tax=usd("-0.01")),
            "tax",
            usd("-0.01"),
            "from zero to the amount of $10.00",
        ),
        (
            lambda: check_tax(usd("11.00"), TEN),
            "tax",
            usd("11.00"),
            "from zero to the amount of $10.00",
        ),
        (
            lambda: ByFullForm(NUMBER, "Line", AccountKind.POSTPAID, TEN),
            "opening_balance",
            TEN,
            POSTPAID_FUNDS,
        ),
        (
            lambda: ByFullForm(NUMBER, "Line", AccountKind.PREPAID, NINE, tax=TEN),
            "tax",
            TEN,
            "from zero to the amount of $9.00",
        ),
        (lambda: paid(tax=usd("10.01")), "tax", usd("10.01"), "from zero to the amount of $10.00"),
        (
            lambda: paid(discount=usd("-0.01")),
            "discount",
            usd("-0.01"),
            "an amount of zero or more",
        ),
        (lambda: paid(amount=NOTHING), "amount", NOTHING, "an amount above zero"),
        (lambda: paid(amount=usd("0.001")), "amount", usd("0.001"), "whole minor units of USD"),
        (lambda: paid(amount=MUCH), "amount", MUCH, "an amount of at most 10,000,000,000,000 USD"),
        (
            lambda: paid(amount=Money("1", GOLD)),
            "amount",
            "XAU",
            "a currency that people pay in, with a minor unit",
        ),
        (lambda: paid(items=0), "items", 0, "a whole number from 1 on"),
        (
            lambda: customer(currency=GOLD),
            "currency",
            "XAU",
            "a currency that people pay in, with a minor unit",
        ),
        (lambda: paid(key=" "), "key", " ", TEXT.format(128)),
        (lambda: paid(customer=""), "customer", "", TEXT.format(64)),
        (lambda: customer(id="x" * 65), "id", "x" * 65, TEXT.format(64)),
        (lambda: CustomerClass("x" * 201), "name", "x" * 201, TEXT.format(200)),
        (lambda: Administrator("a "), "name", "a ", TEXT.format(64)),
        (lambda: check_text("line", "a\tb", 7), "line", "a\tb", TEXT.format(7)),
        (
            lambda: form(Asked(Field.ACTIVE)),
            "form_fields",
            (Asked(Field.ACTIVE),),
            "a form that asks for the number, without a default",
        ),
        (
            lambda: form(Asked(Field.NUMBER), Asked(Field.ACTIVE), Fixed(Field.ACTIVE, "yes")),
            "form_fields",
            "active",
            "each field once",
        ),
        (
            lambda: form(Asked(Field.NUMBER), Fixed(Field.ACTIVE, "perhaps")),
            "form_fields: active",
            "perhaps",
            "another value: it must be yes or no",
        ),
        (
            lambda: form(
                Asked(Field.NUMBER), Asked(Field.OPENING_BALANCE, "1"), kind=AccountKind.POSTPAID
            ),
            "form_fields: opening_balance",
            "1",
            "another value: it must be zero: a postpaid account holds no funds",
        ),
        (
            lambda: ByQuickForm("sip", (("number", "1"), ("active", "yes"), ("number", "2"))),
            "answers",
            ["active", "number", "number"],
            "each field once",
        ),
        (lambda: ByQuickForm("sip", {" ": "1"}), "answers", " ", TEXT.format(64)),
        (lambda: ByFullForm(" ", "Line", AccountKind.PREPAID, TEN), "number", " ", TEXT.format(64)),
    ],
    ids=map(str, count(1)),
)
def test_a_value_that_is_not_accepted_is_told_with_its_field_and_what_would_be(
    make, field, shown, accepted
):
    with pytest.raises(InvalidValue) as refused:
        make()
    assert (refused.value.field, refused.value.value, refused.value.accepted) == (
        field,
        shown,
        accepted,
    )


@pytest.mark.parametrize(
    ("make", "field", "shown", "accepted"),
    [
        (lambda: check_type("limit", 1000, Money, type(None)), "limit", 1000, "a Money or None"),
        (lambda: paid(items=1.5), "items", 1.5, "a whole number from 1 on"),
        (lambda: paid(items=True), "items", True, "a whole number from 1 on"),
        (lambda: paid(discount=1), "discount", 1, "a Money"),
        (lambda: paid(tax=1), "tax", 1, "a Money or None"),
        (lambda: paid(by="hudson"), "by", "hudson", "a Administrator or a DistributorStaff"),
        (lambda: paid(account=5), "account", 5, TEXT.format(64)),
        (lambda: form(1), "form_fields", 1, "a Asked or a Fixed"),
        (
            lambda: QUICK_FORM("sip", "SIP", "Line", AccountKind.PREPAID, []),
            "form_fields",
            [],
            "a tuple",
        ),
        (lambda: BY_QUICK_FORM("sip", ["number"]), "answers", ["number"], "a tuple"),
        (
            lambda: BY_QUICK_FORM("sip", ("number",)),
            "answers",
            str,
            "what was typed, text by field name",
        ),
        (
            lambda: BY_QUICK_FORM("sip", (("number",),)),
            "answers",
            tuple,
            "what was typed, text by field name",
        ),
        (
            lambda: BY_QUICK_FORM("sip", (("number", "1", "2"),)),
            "answers",
            tuple,
            "what was typed, text by field name",
        ),
        (lambda: BY_QUICK_FORM("sip", {1: "1"}), "answers", 1, TEXT.format(64)),
        (lambda: BY_FULL_FORM(5, "Line", AccountKind.PREPAID, TEN), "number", 5, TEXT.format(64)),
        (
            lambda: CREATE_DISTRIBUTOR("d", MARIA, "hudson"),
            "distributor",
            "hudson",
            "a Distributor",
        ),
        (lambda: attrs.evolve(ANY_HUDSON, currency="USD"), "currency", "USD", "a Currency"),
    ],
    ids=map(str, count(1)),
)
def test_a_value_of_another_type_is_told_with_its_field_and_the_types_there_are(
    make, field, shown, accepted
):
    with pytest.raises(InvalidType) as refused:
        make()
    assert (refused.value.field, refused.value.value, refused.value.accepted) == (
        field,
        shown,
        accepted,
    )


@pytest.mark.parametrize(
    ("make", "field", "shown", "most"),
    [
        (lambda: customer(name="Brown "), "name", "a text of 6 characters", 200),
        (lambda: customer(name=5), "name", "a int", 200),
        (lambda: paid(comment="x" * 501), "comment", "a text of 501 characters", 500),
        (lambda: paid(comment=None), "comment", "a NoneType", 500),
        (
            lambda: BY_QUICK_FORM("sip", {"customer_name": "Brown\n"}),
            "answers",
            "a text of 6 characters",
            200,
        ),
        (lambda: BY_QUICK_FORM("sip", {"customer_name": 7}), "answers", "a int", 200),
    ],
    ids=map(str, count(1)),
)
def test_what_may_be_personal_is_told_by_its_length_or_type_alone(make, field, shown, most):
    with pytest.raises((InvalidValue, InvalidType)) as refused:
        make()
    error: Any = refused.value
    assert (error.field, repr(error.value), error.accepted) == (field, shown, TEXT.format(most))


@attrs.frozen
class Told:
    """What a validator was asked about."""

    value: object


def test_a_check_made_for_a_field_names_that_field_and_every_type_it_takes():
    @attrs.frozen
    class Bill(fields.Checked):
        amount: Any = attrs.field(validator=fields.one_of(Money))
        parts: Any = attrs.field(validator=fields.tuple_of(Money, Told))

    assert Bill(TEN, (NINE, Told(1))).parts == (NINE, Told(1))
    for amount, parts, told in (
        (5, (), ("amount", 5, "a Money")),
        (TEN, [NINE], ("parts", [NINE], "a tuple")),
        (TEN, (NINE, 5), ("parts", 5, "a Money or a Told")),
    ):
        with pytest.raises(InvalidType) as refused:
            Bill(amount, parts)
        assert (refused.value.field, refused.value.value, refused.value.accepted) == told


def test_a_distributor_without_a_currency_is_told_so_before_its_caps_are_looked_at():
    terms: Any = {
        "terms": HUDSON.terms,
        "credit": HUDSON.credit,
        "cycle": HUDSON.cycle,
        "created": HUDSON.created,
    }
    with attrs.validators.disabled(), pytest.raises(InvalidType) as refused:
        Distributor(id="hudson", name="Hudson", currency=terms, **terms)
    assert (refused.value.field, refused.value.value, refused.value.accepted) == (
        "currency",
        terms,
        "a Currency",
    )


def test_where_a_host_switched_checks_off_each_value_is_still_checked_itself():
    asked: list[tuple[object, str, object]] = []

    def ask(instance: object, field: Any, value: Any) -> None:
        asked.append((instance, field.name, value))

    @attrs.frozen
    class Bill(fields.Checked):
        amount: Money = attrs.field(validator=ask)
        comment: str = ""

    with attrs.validators.disabled():
        bill = Bill(TEN)
    assert asked == [(bill, "amount", TEN)]


def test_texts_of_exactly_the_most_characters_are_accepted():
    assert paid(key="k" * 128, customer="c" * 64, comment="c" * 500).comment == "c" * 500
    assert customer(name="n" * 200).name == "n" * 200


def test_the_most_money_that_changes_hands_is_accepted():
    assert paid(amount=Money("10000000000000.00", "USD")).amount == Money(
        "10000000000000.00", "USD"
    )


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda: paid(discount=Money("1.00", EUR)), ("USD", "EUR")),
        (lambda: customer(credit_limit=Limit(Money("1.00", EUR))), ("USD", "EUR")),
        (
            lambda: attrs.evolve(HUDSON, customer_class=CustomerClass("Resellers", EUR)),
            ("USD", "EUR"),
        ),
        (lambda: CreateDistributor("d", MARIA, HUDSON, Money("1.00", EUR)), ("USD", "EUR")),
        (
            lambda: CreateCustomer(
                "c", MARIA, MORNING, "brown", "Brown", Limit(Money("1.00", EUR)), NOTHING
            ),
            ("USD", "EUR"),
        ),
    ],
    ids=["discount", "credit limit", "class", "opening balance", "limit of a new customer"],
)
def test_of_two_currencies_the_one_that_was_expected_is_told_first(make, codes):
    with pytest.raises(CurrencyMismatch) as refused:
        make()
    assert refused.value.args == codes


def _in_march(**changes: Any) -> Statement:
    period = HUDSON.period_at(MORNING)
    return attrs.evolve(statement_of(HUDSON, period, Extract(TEN, ())), **changes)


def test_what_a_repository_promised_and_broke_is_told():
    april = entry(owed(TEN), Posting(OpeningBalances(), -TEN), at=pendulum.datetime(2026, 4, 1, 4))
    period = HUDSON.period_at(MORNING)
    orphan = account(distributor="hudson", active=True)
    for broken, promise, found in (
        (
            lambda: _in_march(closing=NINE),
            "statement",
            (
                "Money('10.00', 'USD') and the lines' Money('0.00', 'USD') do not make"
                " the closing Money('9.00', 'USD')"
            ),
        ),
        (
            lambda: statement_of(HUDSON, period, Extract(TEN, (april,))),
            "entries",
            f"'e' at 2026-04-01 04:00:00+00:00 is outside the period {period!r}",
        ),
        (
            lambda: Facts().distributors_named(("hudson",)),
            "Repository.transact",
            "facts without the distributor 'hudson', which they name",
        ),
        (
            lambda: store_and_sell(orphan, RuleLedger().facts, CommandHead("s", MARIA, MORNING)),
            "Repository.transact",
            f"the account {NUMBER!r} without its customer",
        ),
    ):
        with pytest.raises(HostError) as refused:
            broken()
        assert (refused.value.promise, refused.value.found) == (promise, found)


def test_a_distributor_reads_in_its_own_zone_else_in_that_of_its_bills():
    assert HUDSON.reading_zone() == "Europe/Zurich"
    at_home = attrs.evolve(HUDSON, preferences=Preferences(), cycle=Monthly("Asia/Tokyo"))
    assert (at_home.reading_zone(), at_home.preferences.locale) == ("Asia/Tokyo", "en")


def test_what_a_customer_pays_in_is_not_what_a_distributor_owes():
    book = entry(Posting(CustomerLedger("brown"), TEN), owed(-TEN))
    assert book.added_to(CustomerLedger("brown")) == TEN
    assert book.added_to(CustomerLedger("hudson")) == NOTHING
