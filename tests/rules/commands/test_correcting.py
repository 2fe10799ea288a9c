"""A payment or sale that was recorded wrongly stays, and the difference is booked."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import (
    Accepted,
    AccountKind,
    CreditTerms,
    Limit,
    Money,
    Percent,
    RoundingMethod,
    Terms,
)
from distbilling.rules.agreement.schedule import Bracket, Brackets
from distbilling.rules.agreement.terms import (
    Basis,
    CommissionKind,
    DiscountBasis,
    Margin,
    Netting,
    Remainder,
    TaxBasis,
)
from distbilling.rules.commands.customers.add_account import AddAccount, ByFullForm
from distbilling.rules.commands.distributors.change_credit import ChangeCredit
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.movements.correct import Correct
from distbilling.rules.commands.movements.reverse import Reversal, Reverse
from distbilling.rules.deciding.reasons import (
    BeforeOriginal,
    NotFound,
    NotReversible,
    OverCreditLimit,
    PartlyReversed,
    RecordKind,
    WrongCurrency,
)
from distbilling.rules.ledger.accounts import (
    AccruedCommission,
    CommissionExpense,
    CustomerLedger,
    DistributorLedger,
    PrepaidFunds,
    SubdistributorDebts,
)
from distbilling.rules.ledger.journal import EntryKind, Posting
from distbilling.testing.rule_ledger import CHAIN, RuleLedger, subdistributor
from distbilling.testing.sample_data import (
    MARIA,
    MORNING,
    NUMBER,
    commands_for,
    payment,
    remittance,
    sale,
    usd,
)
from distbilling.testing.strategies.values import money, percents

NEXT_DAY = MORNING.add(days=1)


def correction(amount: str, entry="p", key="c", at=NEXT_DAY) -> Correct:
    return Correct(key, MARIA, at, entry, usd(amount))


def terms(key: str, new: Terms) -> ChangeTerms:
    return ChangeTerms(key, MARIA, MORNING, "hudson", new)


@pytest.mark.parametrize(
    ("right", "adds", "expense"), [("7.00", "-2.70", "-0.30"), ("12.50", "2.25", "0.25")]
)
def test_the_difference_is_booked_down_or_up(right, adds, expense):
    ledger = RuleLedger(payment("p"))
    entry: Any = ledger.accept(attrs.evolve(correction(right), comment="a slip")).entry
    assert entry.kind is EntryKind.CORRECTION
    assert (entry.original, entry.comment, entry.at, entry.commission) == (
        "p",
        "a slip",
        NEXT_DAY,
        None,
    )
    assert entry.postings == (
        Posting(CustomerLedger("customer of hudson"), usd("10.00") - usd(right)),
        Posting(DistributorLedger("hudson"), usd(adds)),
        Posting(CommissionExpense(), usd(expense)),
    )


def test_a_sale_is_corrected_in_the_funds_of_its_account():
    ledger = RuleLedger(sale("s", "10.00"))
    entry: Any = ledger.accept(correction("20.00", "s")).entry
    assert entry.postings[0] == Posting(PrepaidFunds(NUMBER), usd("-10.00"))
    assert entry.subject.product == "SIP line"
    assert (ledger.owed("hudson"), ledger.books()["commission_expense"]) == (
        usd("17.00"),
        usd("3.00"),
    )


def test_a_sale_is_corrected_up_to_the_limit_of_every_level_and_not_beyond():
    full = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, usd("10.00"), active=True)
    ledger = RuleLedger(*CHAIN, AddAccount("s", MARIA, MORNING, "customer of kiosk", full, "kiosk"))
    assert ledger.reason(correction("222.23", "s")) == OverCreditLimit(
        "kiosk", usd("200.00"), usd("200.01")
    )
    ledger.accept(correction("222.22", "s"))
    assert ledger.owed("kiosk") == usd("200.00")
    lower = ChangeCredit("lower", MARIA, MORNING, "soho", CreditTerms(Limit(usd("1.00"))))
    ledger.accept(lower)
    assert ledger.reason(correction("222.23", "s", "d")) == OverCreditLimit(
        "kiosk", usd("200.00"), usd("200.01")
    )
    down = ledger.accept(correction("200.00", "s", "d"))
    assert down.over_limit is not None
    assert (down.over_limit.distributor, down.over_limit.owed) == ("soho", usd("176.00"))


def test_what_should_never_have_been_is_corrected_to_nothing_and_may_be_corrected_again():
    ledger = RuleLedger(payment("p"))
    ledger.accept(correction("0.00"))
    assert ledger.books() == {}
    ledger.accept(correction("5.00", key="d"))
    assert ledger.owed("hudson") == usd("4.50")


def test_what_is_right_already_needs_no_entry():
    ledger = RuleLedger(payment("p"))
    assert ledger.accept(correction("10.00")) == Accepted("c")
    ledger.accept(correction("8.00", key="d"))
    assert ledger.accept(correction("8.00", key="e")) == Accepted("e")
    ledger.accept(correction("10.00", key="f"))
    assert ledger.owed("hudson") == usd("9.00")


@st.composite
def chains(draw) -> Any:
    """Return the terms of a chain of three, on any rates and policies, lowest first."""
    rates = sorted(draw(st.lists(percents(), min_size=3, max_size=3)), key=lambda rate: rate.value)
    margin, remainder = draw(st.sampled_from(Margin)), draw(st.sampled_from(Remainder))
    return [
        Terms(
            rate,
            rate,
            draw(st.sampled_from(RoundingMethod)),
            netting=draw(st.sampled_from(Netting)),
            margin=margin,
            remainder=remainder,
        )
        for rate in rates
    ]


AMOUNTS = money("USD", min_value="0.01", max_value="400")


@given(chain=chains(), wrong=AMOUNTS, between=st.lists(AMOUNTS, max_size=3), right=AMOUNTS)
def test_however_often_it_is_corrected_the_books_are_as_if_it_had_been_right_at_once(
    chain, wrong, between, right
):
    lowest, middle, top = chain
    furniture = (
        terms("top", top),
        *commands_for(
            attrs.evolve(subdistributor("soho", "hudson", "1", "1", "1000"), terms=middle)
        ),
        *commands_for(
            attrs.evolve(subdistributor("kiosk", "soho", "1", "1", "1000"), terms=lowest)
        ),
    )
    corrected = RuleLedger(*furniture, payment("p", f"{wrong.amount:f}", by="kiosk"))
    for number, amount in enumerate((*between, right)):
        corrected.accept(correction(f"{amount.amount:f}", key=f"c-{number}"))
    at_once = RuleLedger(*furniture, payment("p", f"{right.amount:f}", by="kiosk"))
    assert corrected.books() == at_once.books()
    for name in ("kiosk", "soho", "hudson"):
        was, would_be = corrected.member(name), at_once.member(name)
        assert (was.owed, was.accrued, was.volumes) == (
            would_be.owed,
            would_be.accrued,
            would_be.volumes,
        )


def test_every_level_of_a_chain_gets_its_difference():
    ledger = RuleLedger(*CHAIN, payment("p", by="kiosk"))
    entry: Any = ledger.accept(correction("20.00")).entry
    assert entry.postings == (
        Posting(CustomerLedger("customer of kiosk"), usd("-10.00")),
        Posting(DistributorLedger("kiosk"), usd("9.50")),
        Posting(SubdistributorDebts("soho"), usd("-9.50")),
        Posting(DistributorLedger("soho"), usd("9.20")),
        Posting(SubdistributorDebts("hudson"), usd("-9.20")),
        Posting(DistributorLedger("hudson"), usd("9.00")),
        Posting(CommissionExpense(), usd("1.00")),
    )


def test_a_correction_goes_by_the_terms_of_the_day_of_the_original():
    ledger = RuleLedger(
        payment("p"),
        terms("new", Terms(Percent("50"), Percent("50"), netting=Netting.AT_SETTLEMENT)),
    )
    ledger.accept(correction("20.00"))
    assert (ledger.owed("hudson"), ledger.accrued("hudson")) == (usd("18.00"), usd("0.00"))


def test_under_settlement_the_difference_waits_like_the_rest():
    ledger = RuleLedger(
        terms("new", Terms(Percent("15"), Percent("10"), netting=Netting.AT_SETTLEMENT)),
        payment("p"),
    )
    entry: Any = ledger.accept(correction("20.00")).entry
    assert entry.postings[2] == Posting(AccruedCommission("hudson"), usd("-1.00"))
    assert (ledger.owed("hudson"), ledger.accrued("hudson")) == (usd("20.00"), usd("2.00"))


def test_a_payment_keeps_the_place_in_the_brackets_that_it_had_when_it_was_made():
    brackets = Brackets(
        (Bracket(usd("0"), usd("100"), Percent("10")), Bracket(usd("100"), None, Percent("20")))
    )
    ledger = RuleLedger(
        terms("new", Terms(Percent("0"), brackets)), payment("p", "50.00"), payment("q", "50.00")
    )
    difference: Any = ledger.accept(correction("150.00")).entry
    assert difference.split.earned_by("hudson") == usd("15.00")
    march = ledger.member("hudson").distributor.period_at(MORNING).start
    assert ledger.member("hudson").volume(CommissionKind.PAYMENT, march) == usd("200.00")


def test_tax_and_discount_change_with_the_amount_also_from_nothing():
    net = Basis(TaxBasis.NET_OF_TAX, DiscountBasis.BEFORE_DISCOUNT)
    taxed = attrs.evolve(payment("p", "120.00"), tax=usd("20.00"), discount=usd("30.00"))
    ledger = RuleLedger(terms("new", Terms(Percent("0"), Percent("10"), basis=net)), taxed)
    assert ledger.owed("hudson") == usd("107.00")
    ledger.accept(correction("60.00"))
    assert ledger.owed("hudson") == usd("53.50")
    ledger.accept(correction("0.00", key="d"))
    assert ledger.owed("hudson") == usd("0.00")
    ledger.accept(correction("120.00", key="e"))
    assert ledger.owed("hudson") == usd("107.00")


def test_cash_that_turns_out_to_be_more_is_booked_also_above_the_limit_and_flagged():
    ledger = RuleLedger(*CHAIN, payment("p", "10.00", by="kiosk"))
    accepted = ledger.accept(correction("1120.00"))
    assert accepted.over_limit is not None
    assert (
        accepted.over_limit.explain() == "kiosk owes $1,064.00, above the credit limit of $200.00."
    )
    assert [notice.key for notice in accepted.notices] == [
        "kiosk/threshold-180/1",
        "kiosk/suspended/2",
        "soho/threshold-450/1",
        "soho/suspended/2",
        "hudson/threshold-500/1",
        "hudson/threshold-900/2",
        "hudson/suspended/3",
    ]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (correction("9.00", "nothing"), NotFound(RecordKind.ENTRY, "nothing")),
        (correction("9.00", "remitted"), NotReversible("remitted")),
        (correction("9.00", "refunded"), NotReversible("refunded")),
        (correction("9.00", "q", at=MORNING.subtract(seconds=1)), BeforeOriginal("q", MORNING)),
        (
            attrs.evolve(correction("9.00", "q"), amount=Money("9.00", "EUR")),
            WrongCurrency("q", usd("0").currency, Money("0", "EUR").currency),
        ),
        (correction("9.00"), PartlyReversed("p", usd("3.33"))),
        (correction("10.00"), PartlyReversed("p", usd("3.33"))),
    ],
    ids=lambda value: (
        f"{value.entry} {value.amount}" if isinstance(value, Correct) else type(value).__name__
    ),
)
def test_what_cannot_be_corrected_is_refused_with_the_figures(command, expected):
    refund = Reverse("refunded", MARIA, NEXT_DAY, "p", Reversal.VOID, usd("3.33"))
    ledger = RuleLedger(payment("p"), payment("q"), remittance("remitted", "1.00"), refund)
    assert ledger.reason(command) == expected


def test_a_correction_is_itself_never_corrected():
    ledger = RuleLedger(payment("p"), correction("9.00"))
    assert ledger.reason(correction("8.00", "c", "d")) == NotReversible("c")


def test_only_who_may_correct_does():
    reason = RuleLedger(payment("p")).reason(attrs.evolve(correction("9.00"), by=payment("p").by))
    assert reason.explain() == "A distributor may not correct payments and sales (R28)."


def test_an_account_sold_by_the_lowest_is_corrected_up_the_chain():
    full = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, usd("10.00"), active=True)
    ledger = RuleLedger(
        *CHAIN,
        AddAccount("s", MARIA, MORNING, "customer of kiosk", full, "kiosk"),
        correction("0.00", "s"),
    )
    assert ledger.books() == {}
