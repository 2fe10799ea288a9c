"""Every reason and every notice is one whole sentence, in each language."""

from __future__ import annotations

import pendulum
import pytest

from distbilling import (
    AccountKind,
    Administrator,
    Asked,
    Currency,
    DistributorStaff,
    Field,
    Percent,
    QuickForm,
    Terms,
    Unlimited,
)
from distbilling.rules.chain.rate_above import rates_exceeding
from distbilling.rules.credit.notices import (
    CreditThresholdCleared,
    CreditThresholdCrossed,
    DistributorResumed,
    DistributorSuspended,
    key_part,
)
from distbilling.rules.deciding.decision import Accepted, OverLimit, Refused
from distbilling.rules.deciding.reasons import (
    AlreadyActive,
    AlreadyAssigned,
    AlreadyExists,
    BeforeCreation,
    BeforeOriginal,
    CreditAboveCap,
    FormNotAccepted,
    MoreThanAccrued,
    MoreThanRemains,
    NoCommissionAccrued,
    NoDistributor,
    NoLimitToRaise,
    NotFound,
    NotReversible,
    NotSettled,
    NumberInInventory,
    OverCreditLimit,
    OwnSubdistributor,
    PartlyReversed,
    RateAboveParent,
    RecordKind,
    Suspended,
    TaxMissing,
    WrongCurrency,
)
from distbilling.rules.parties.permission import Action, Allowed, Denied, Policy, Role
from distbilling.rules.parties.quick_form import NOT_AN_AMOUNT, FieldProblem, FilledForm, fill
from distbilling.testing.rule_ledger import RuleLedger
from distbilling.testing.sample_data import MORNING, payment, usd

NEW_YORK = pendulum.datetime(2026, 3, 1, tz="America/New_York")
NINE, TEN = usd("9.00"), usd("10.00")
LOWER, HIGHER = Terms(Percent("10"), Percent("10")), Terms(Percent("12"), Percent("11"))
TO_PAY = (Action.RECORD_PAYMENT, "R27")

REASONS = [
    (NotFound(RecordKind.QUICK_FORM, "sip"), "There is no quick form 'sip'."),
    (NotFound(RecordKind.ENTRY, "till-7/0042"), "There is no entry 'till-7/0042'."),
    (NoDistributor("brown"), "brown has no distributor that could have collected from it."),
    (AlreadyExists(RecordKind.DISTRIBUTOR, "hudson"), "The distributor 'hudson' exists already."),
    (AlreadyActive("12125550100"), "The account '12125550100' is active already."),
    (AlreadyAssigned("12125550100"), "The account '12125550100' has a distributor already."),
    (
        BeforeCreation("hudson", NEW_YORK),
        "hudson was created on Mar 1, 2026, 12:00:00\u202fAM; nothing before that can be booked.",
    ),
    (
        WrongCurrency("brown", Currency("USD"), Currency("EUR")),
        "brown is kept in USD; the amount is in EUR.",
    ),
    (
        FormNotAccepted(
            (FieldProblem("number", "is missing"), FieldProblem("colour", "is not on the form"))
        ),
        "The form is not complete: number: is missing; colour: is not on the form.",
    ),
    (
        NumberInInventory("12125550199"),
        "The number 12125550199 is in the DID inventory and cannot be taken from it.",
    ),
    (
        CreditAboveCap("credit_limit", NINE, TEN),
        "credit_limit: $10.00 is more than the $9.00 that this distributor may give.",
    ),
    (
        CreditAboveCap("credit_limit", NINE, None),
        "credit_limit: no limit is more than the $9.00 that this distributor may give.",
    ),
    (
        OverCreditLimit("hudson", NINE, TEN),
        "hudson would owe $10.00, above the credit limit of $9.00.",
    ),
    (
        Suspended("hudson", NINE, TEN),
        "hudson is suspended: it owes $10.00 at a credit limit of $9.00.",
    ),
    (NoLimitToRaise("hudson"), "hudson has no credit limit that could be raised."),
    (
        TaxMissing("hudson"),
        (
            "The commission of hudson is on amounts without tax; "
            "give the tax contained in the amount (zero, if none)."
        ),
    ),
    (NoCommissionAccrued("hudson"), "hudson has no commission to be credited."),
    (
        MoreThanAccrued("hudson", NINE, TEN),
        "hudson has $9.00 of commission to be credited; $10.00 is more than that.",
    ),
    (
        RateAboveParent("soho", "hudson", rates_exceeding(HIGHER, LOWER)),
        (
            "soho cannot earn more than its parent hudson."
            " 12% (default sales commission) can come out above the parent's 10% "
            "(default sales commission)."
            " 11% (default payment commission) can come out above the parent's 10% "
            "(default payment commission)."
        ),
    ),
    (
        OwnSubdistributor("hudson", "soho"),
        "hudson cannot be put below soho, which is itself or below it.",
    ),
    (
        NotSettled("soho", NINE, TEN),
        (
            "soho owes $9.00 and has $10.00 of commission to be credited; "
            "settle both before it is transferred."
        ),
    ),
    (
        NotReversible("refund"),
        "The entry 'refund' is no payment and no sale, so it cannot be reversed or corrected.",
    ),
    (
        BeforeOriginal("p", NEW_YORK),
        (
            "The entry 'p' is dated Mar 1, 2026, 12:00:00\u202fAM; "
            "it cannot be reversed or corrected before that."
        ),
    ),
    (
        MoreThanRemains("p", NINE, TEN),
        "Of the entry 'p' $9.00 remains to be reversed; $10.00 is more than that.",
    ),
    (
        PartlyReversed("p", NINE),
        (
            "Of the entry 'p' $9.00 is reversed already, so its amount cannot be corrected; "
            "reverse the rest instead."
        ),
    ),
    (
        Denied(Role.DISTRIBUTOR, Action.REVERSE_ENTRY, "R28"),
        f"A distributor may not {Action.REVERSE_ENTRY.value} (R28).",
    ),
    (
        Denied(Role.ADMINISTRATOR, Action.RECORD_PAYMENT, "not granted"),
        f"An administrator may not {Action.RECORD_PAYMENT.value} (not granted).",
    ),
]

NOTICES = [
    (
        CreditThresholdCrossed("k", "hudson", MORNING, NINE, TEN),
        "hudson owes $10.00 and has crossed the warning threshold of $9.00.",
    ),
    (
        CreditThresholdCleared("k", "hudson", MORNING, TEN, NINE),
        "hudson owes $9.00: the warning at $10.00 is over.",
    ),
    (
        DistributorSuspended("k", "hudson", MORNING, NINE, TEN),
        "hudson owes $10.00, has reached the credit limit of $9.00 and is suspended.",
    ),
    (
        DistributorResumed("k", "hudson", MORNING, TEN, NINE),
        "hudson owes $9.00, less than the credit limit of $10.00, and may operate again.",
    ),
    (
        DistributorResumed("k", "hudson", MORNING, Unlimited(), NINE),
        "hudson owes $9.00, has no credit limit any more, and may operate again.",
    ),
]


@pytest.mark.parametrize(("reason", "words"), REASONS)
def test_a_refusal_is_told_in_one_sentence(reason, words):
    refused = Refused(reason)
    assert (reason.explain(), refused.explain(), refused.notices) == (words, words, ())
    assert refused.explain("de") == reason.explain("de") != words


@pytest.mark.parametrize(("notice", "words"), NOTICES)
def test_a_notice_is_told_in_one_sentence(notice, words):
    assert notice.explain() == words
    assert notice.explain("de") not in {words, ""}


def test_what_was_accepted_is_told_line_by_line_who_earned_what_and_what_it_leads_to():
    answer = RuleLedger().accept(payment("p", "2000.00"))
    assert answer.entry is not None
    assert answer.entry.split is not None
    share = answer.entry.split.explain_share("hudson")
    above = OverLimit("hudson", usd("1000.00"), usd("1800.00"))
    assert above.explain() == "hudson owes $1,800.00, above the credit limit of $1,000.00."
    assert answer.explain() == "\n".join(
        (share, above.explain(), *(notice.explain() for notice in answer.notices))
    )
    assert (
        answer.explain("de").splitlines()[-1]
        == answer.notices[-1].explain("de")
        != answer.notices[-1].explain()
    )
    assert (
        answer.explain("de").splitlines()[0]
        == answer.entry.split.explain_share("hudson", "de").splitlines()[0]
    )
    assert answer.explain("de").splitlines()[0] != share.splitlines()[0]
    assert above.explain("de") in answer.explain("de").splitlines()
    assert Accepted("k").explain() == ""


def test_whoever_acts_is_named_with_the_role_in_english_unless_asked_otherwise():
    assert Administrator("maria").explain() == "maria (administrator)"
    assert DistributorStaff("hudson").explain() == "hudson (distributor)"
    assert DistributorStaff("hudson").explain("de") == "hudson (Vertriebspartner)"


def test_a_policy_is_shown_as_one_table_with_nothing_between_its_rows():
    rows = Policy(
        (Denied(Role.DISTRIBUTOR, Action.REVERSE_ENTRY, "R28"), Allowed(Role.DISTRIBUTOR, *TO_PAY))
    )
    assert rows._repr_html_() == (
        "<table><tr><th>role</th><th>may</th><th>action</th><th>rule</th></tr>"
        f"<tr><td>distributor</td><td>no</td><td>{Action.REVERSE_ENTRY.value}</td><td>R28</td></tr>"
        f"<tr><td>distributor</td><td>yes</td><td>{Action.RECORD_PAYMENT.value}</td>"
        "<td>R27</td></tr></table>"
    )


def test_a_form_takes_the_most_money_there_is_and_no_cent_more():
    form = QuickForm(
        "sip",
        "SIP",
        "Line",
        AccountKind.PREPAID,
        (Asked(Field.NUMBER), Asked(Field.OPENING_BALANCE)),
    )
    typed = {"number": "12125550100", "opening_balance": "10000000000000.00"}
    filled = fill(form, typed, Currency("USD"))
    assert isinstance(filled, FilledForm)
    assert filled.opening_balance == usd("10000000000000.00")
    more = fill(form, typed | {"opening_balance": "10000000000000.01"}, Currency("USD"))
    assert more == (FieldProblem("opening_balance", NOT_AN_AMOUNT),)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("hudson/2", "hudson%2F2"), ("hudson%2F2", "hudson%252F2"), ("a/b%/", "a%2Fb%25%2F")],
)
def test_no_two_names_make_one_part_of_a_key(text, escaped):
    assert key_part(text) == escaped
