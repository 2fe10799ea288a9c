"""Every command says in words that a clerk understands what is to be done."""

from __future__ import annotations

from typing import get_args

import pendulum
import pytest

from distbilling import (
    AccountKind,
    ActivateAccount,
    AddAccount,
    Administrator,
    Asked,
    AssignDistributor,
    ByFullForm,
    ByQuickForm,
    ChangeCredit,
    ChangeTerms,
    Correct,
    CreateCustomer,
    CreateDistributor,
    CreditCommission,
    CreditTerms,
    Currency,
    Distributor,
    DistributorStaff,
    Field,
    GrantLimitIncrease,
    Limit,
    Money,
    Percent,
    PrepareQuickForm,
    QuickForm,
    RecordPayment,
    Remit,
    Reversal,
    Reverse,
    ReviewCredit,
    Terms,
    TransferCustomer,
    TransferDistributor,
    Unlimited,
)
from distbilling.periods import Monthly
from distbilling.rules import Command
from distbilling.rules.credit import CreditLimit

AT = pendulum.datetime(2026, 3, 9, 12)
MARIA, HUDSON = Administrator("maria"), DistributorStaff("hudson")
TEN, NOTHING = Money("10.00", "USD"), Money("0.00", "USD")
FORM = QuickForm("sip", "SIP", "Line", AccountKind.POSTPAID, (Asked(Field.NUMBER),))


def _creation(limit: CreditLimit) -> CreateDistributor:
    distributor = Distributor(
        id="hudson",
        name="Hudson Phones",
        currency=Currency("USD"),
        terms=Terms(Percent("15"), Percent("10")),
        credit=CreditTerms(limit),
        cycle=Monthly("America/New_York"),
        created=AT,
    )
    return CreateDistributor("k", MARIA, distributor)


def _account(through: ByQuickForm | ByFullForm, distributor: str | None = None) -> AddAccount:
    return AddAccount("k", MARIA, AT, "brown", through, distributor)


FULL = ByFullForm("12125550100", "Line", AccountKind.PREPAID, TEN)

DEEDS = [
    (
        RecordPayment("k", HUDSON, AT, "brown", TEN),
        "record a payment of $10.00 from brown",
        "hudson",
    ),
    (
        RecordPayment("k", MARIA, AT, "brown", TEN, account="12125550100"),
        "record a payment of $10.00 from brown for the account 12125550100",
        None,
    ),
    (Remit("k", MARIA, AT, "hudson", TEN), "record a remittance of $10.00 from hudson", "hudson"),
    (
        _creation(Limit(Money("1000", "USD"))),
        "create the distributor hudson: 15% on sales, 10% on payments, credit limit $1,000.00",
        "hudson",
    ),
    (
        _creation(Unlimited()),
        "create the distributor hudson: 15% on sales, 10% on payments, no credit limit",
        "hudson",
    ),
    (
        CreateCustomer("k", HUDSON, AT, "brown", "Brown", Limit(NOTHING), NOTHING),
        "create the customer brown",
        "hudson",
    ),
    (PrepareQuickForm("k", MARIA, AT, FORM), "prepare the quick form sip", None),
    (
        _account(ByQuickForm("sip", {"number": "+1 212 555 0100"})),
        "create the account 12125550100 for brown through the quick form sip",
        None,
    ),
    (
        _account(ByQuickForm("sip", {})),
        "create an account for brown through the quick form sip",
        None,
    ),
    (
        _account(FULL, "hudson"),
        "create the account 12125550100 for brown with the administrator's form",
        "hudson",
    ),
    (ActivateAccount("k", HUDSON, AT, "12125550100"), "activate the account 12125550100", "hudson"),
    (
        AssignDistributor("k", MARIA, AT, "12125550100", "hudson"),
        "assign the account 12125550100 to hudson",
        "hudson",
    ),
    (
        Reverse("k", MARIA, AT, "till-7/0042", Reversal.REFUND),
        "reverse all that remains of till-7/0042 (refund)",
        None,
    ),
    (
        Reverse("k", MARIA, AT, "till-7/0042", Reversal.VOID),
        "reverse all that remains of till-7/0042 (void)",
        None,
    ),
    (
        Reverse("k", MARIA, AT, "till-7/0042", Reversal.CHARGEBACK, TEN),
        "reverse $10.00 of till-7/0042 (chargeback)",
        None,
    ),
    (Correct("k", MARIA, AT, "till-7/0042", TEN), "correct till-7/0042 to $10.00", None),
    (
        CreditCommission("k", MARIA, AT, "hudson"),
        "credit all accrued commission to hudson",
        "hudson",
    ),
    (
        CreditCommission("k", MARIA, AT, "hudson", TEN),
        "credit $10.00 of accrued commission to hudson",
        "hudson",
    ),
    (
        ChangeTerms("k", MARIA, AT, "hudson", Terms(Percent("15"), Percent("10"))),
        "change the commission of hudson",
        "hudson",
    ),
    (
        ChangeCredit("k", MARIA, AT, "hudson", CreditTerms(Unlimited())),
        "change the credit terms of hudson",
        "hudson",
    ),
    (
        GrantLimitIncrease("k", MARIA, AT, "hudson", TEN, AT.add(days=7)),
        "raise the credit limit of hudson by $10.00 until Mar 16, 2026, 12:00:00\u202fPM UTC",
        "hudson",
    ),
    (
        GrantLimitIncrease("k", MARIA, AT, "hudson", Percent("12.5"), AT.add(days=7)),
        "raise the credit limit of hudson by 12.5% until Mar 16, 2026, 12:00:00\u202fPM UTC",
        "hudson",
    ),
    (ReviewCredit("k", MARIA, AT, "hudson"), "review the credit of hudson", "hudson"),
    (
        TransferCustomer("k", MARIA, AT, "brown", "hudson"),
        "transfer the customer brown to hudson",
        "hudson",
    ),
    (TransferCustomer("k", MARIA, AT, "brown", None), "release the customer brown", None),
    (
        TransferDistributor("k", MARIA, AT, "soho", "hudson"),
        "put the distributor soho below hudson",
        "soho",
    ),
    (TransferDistributor("k", MARIA, AT, "soho", None), "release the distributor soho", "soho"),
]


@pytest.mark.parametrize(
    ("command", "words", "concerned"), DEEDS, ids=lambda value: value if type(value) is str else ""
)
def test_a_command_is_told_in_a_few_words_and_concerns_a_distributor_or_none(
    command, words, concerned
):
    assert command.explain() == words
    assert next(iter(command.reads.distributors), None) == concerned


@pytest.mark.parametrize(
    ("command", "words", "_"), DEEDS, ids=lambda value: value if type(value) is str else ""
)
def test_in_german_every_command_is_told_otherwise_with_the_same_names(command, words, _):
    told = command.explain("de")
    assert told != words
    assert {
        name
        for name in ("hudson", "soho", "brown", "12125550100", "sip", "till-7/0042")
        if name in words.split()
    } <= set(told.replace(":", "").split())


def test_whoever_acts_is_named_with_the_role():
    assert MARIA.explain() == "maria (administrator)"
    assert HUDSON.explain("de") == "hudson (Vertriebspartner)"


def test_every_command_there_is_is_told():
    assert {type(command) for command, _, _ in DEEDS} == set(get_args(Command))
