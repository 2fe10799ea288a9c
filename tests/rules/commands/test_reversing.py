"""A payment or sale is reversed to the cent, at the terms it was made on."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import (
    Accepted,
    AccountKind,
    Administrator,
    Money,
    Percent,
    RoundingMethod,
    Terms,
)
from distbilling.money import from_units
from distbilling.rules.agreement.terms import CommissionKind, Margin, Netting, Remainder
from distbilling.rules.commands.customers.add_account import AddAccount, ByFullForm
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.movements.correct import Correct
from distbilling.rules.commands.movements.credit_commission import CreditCommission
from distbilling.rules.commands.movements.reverse import Reversal, Reverse
from distbilling.rules.credit.notices import CreditThresholdCleared, DistributorResumed
from distbilling.rules.deciding.reasons import (
    BeforeOriginal,
    MoreThanRemains,
    NotFound,
    NothingRemains,
    NotReversible,
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
from distbilling.rules.ledger.statement import Extract, statement_of
from distbilling.testing.rule_ledger import CHAIN, RuleLedger, subdistributor
from distbilling.testing.sample_data import (
    MARIA,
    MORNING,
    NUMBER,
    USD,
    commands_for,
    payment,
    remittance,
    sale,
    usd,
)
from distbilling.testing.strategies.values import money, percents

AT_SETTLEMENT = Terms(Percent("15"), Percent("10"), netting=Netting.AT_SETTLEMENT)
NEXT_DAY = MORNING.add(days=1)


def reversal(
    entry="p", amount: str | None = None, why=Reversal.REFUND, key="r", at=NEXT_DAY
) -> Reverse:
    return Reverse(key, MARIA, at, entry, why, None if amount is None else usd(amount))


def settled_later(name="hudson") -> ChangeTerms:
    return ChangeTerms(f"{name} settles", MARIA, MORNING, name, AT_SETTLEMENT)


@pytest.mark.parametrize("why", Reversal)
def test_a_payment_given_back_is_owed_by_the_customer_again_and_no_more_by_the_distributor(why):
    ledger = RuleLedger(payment("p"))
    entry: Any = ledger.accept(attrs.evolve(reversal(why=why), comment="wrong customer")).entry
    assert entry.kind is EntryKind(why.value)
    assert (entry.original, entry.comment, entry.at, entry.commission) == (
        "p",
        "wrong customer",
        NEXT_DAY,
        None,
    )
    assert entry.postings == (
        Posting(CustomerLedger("customer of hudson"), usd("10.00")),
        Posting(DistributorLedger("hudson"), usd("-9.00")),
        Posting(CommissionExpense(), usd("-1.00")),
    )
    assert ledger.books() == {}


def test_a_sale_given_back_takes_its_funds_and_its_commission_and_stays_sold():
    ledger = RuleLedger(sale("s", "10.00"))
    entry: Any = ledger.accept(reversal("s")).entry
    assert entry.postings == (
        Posting(PrepaidFunds(NUMBER), usd("10.00")),
        Posting(DistributorLedger("hudson"), usd("-8.50")),
        Posting(CommissionExpense(), usd("-1.50")),
    )
    assert entry.subject == ledger.journal[0].subject
    assert entry.subject.product == "SIP line"
    account: Any = ledger.facts.account(NUMBER)
    assert (account.funds, account.account.sold) == (usd("0.00"), True)
    assert ledger.books() == {}


def test_ten_dollars_given_back_in_three_parts_give_back_the_dollar_fifty_exactly():
    ledger = RuleLedger(sale("s", "10.00"))
    given_back = []
    for part, amount in enumerate(("3.33", "3.33", None)):
        entry: Any = ledger.accept(reversal("s", amount, key=f"part {part}")).entry
        given_back.append((entry.split.amount, -entry.split.earned_by("hudson")))
    assert given_back == [
        (usd("-3.33"), usd("0.50")),
        (usd("-3.33"), usd("0.50")),
        (usd("-3.34"), usd("0.50")),
    ]
    assert ledger.books() == {}


@st.composite
def chains_and_parts(draw) -> Any:
    """Return a chain of three, an amount that its lowest takes, and the parts to reverse."""
    rates = sorted(draw(st.lists(percents(), min_size=3, max_size=3)), key=lambda rate: rate.value)
    policies = {
        "margin": draw(st.sampled_from(Margin)),
        "remainder": draw(st.sampled_from(Remainder)),
    }
    terms = [
        Terms(
            rate,
            rate,
            draw(st.sampled_from(RoundingMethod)),
            netting=draw(st.sampled_from(Netting)),
            **policies,
        )
        for rate in rates
    ]
    amount = draw(money("USD", min_value="0.01", max_value="400"))
    cents = int(amount.amount * 100)
    cuts = sorted({*draw(st.lists(st.integers(1, cents), max_size=4)), cents})
    return (
        terms,
        amount,
        draw(
            st.permutations([from_units(high - low, 2, USD) for low, high in pairwise((0, *cuts))])
        ),
    )


@given(drawn=chains_and_parts(), kind=st.sampled_from(CommissionKind))
def test_whatever_the_parts_and_their_order_every_level_of_a_chain_closes_to_zero(drawn, kind):
    (lowest, middle, top), amount, parts = drawn
    ledger = RuleLedger(
        ChangeTerms("top", MARIA, MORNING, "hudson", top),
        *commands_for(
            attrs.evolve(subdistributor("soho", "hudson", "1", "1", "1000"), terms=middle)
        ),
        *commands_for(
            attrs.evolve(subdistributor("kiosk", "soho", "1", "1", "1000"), terms=lowest)
        ),
    )
    if kind is CommissionKind.PAYMENT:
        ledger.accept(payment("p", f"{amount.amount:f}", by="kiosk"))
    else:
        full = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, amount, active=True)
        ledger.accept(AddAccount("p", MARIA, MORNING, "customer of kiosk", full, "kiosk"))
    for number, part in enumerate(parts):
        assert ledger.books() != {}
        entry: Any = ledger.accept(reversal(amount=f"{part.amount:f}", key=f"part {number}")).entry
        assert entry.split.amount == -part
        assert (
            entry.split.provider + Money.sum(share.earned for share in entry.split.shares) == -part
        )
        assert all(share.earned <= usd("0") for share in entry.split.shares)
    assert ledger.books() == {}
    assert all(
        ledger.owed(name).is_zero and ledger.accrued(name).is_zero
        for name in ("hudson", "soho", "kiosk")
    )
    assert ledger.reason(reversal(key="again")) == NothingRemains("p")


def test_a_chain_gives_back_what_each_level_kept():
    ledger = RuleLedger(*CHAIN, payment("p", by="kiosk"))
    entry: Any = ledger.accept(reversal(amount="5.00")).entry
    assert entry.postings == (
        Posting(CustomerLedger("customer of kiosk"), usd("5.00")),
        Posting(DistributorLedger("kiosk"), usd("-4.75")),
        Posting(SubdistributorDebts("soho"), usd("4.75")),
        Posting(DistributorLedger("soho"), usd("-4.60")),
        Posting(SubdistributorDebts("hudson"), usd("4.60")),
        Posting(DistributorLedger("hudson"), usd("-4.50")),
        Posting(CommissionExpense(), usd("-0.50")),
    )


def test_rates_of_today_play_no_part_in_what_was_booked_before():
    changed = ChangeTerms(
        "new", MARIA, MORNING, "hudson", Terms(Percent("50"), Percent("50"), RoundingMethod.DOWN)
    )
    ledger = RuleLedger(payment("p"), sale("s", "10.00"), changed)
    ledger.accept(reversal("p"), reversal("s", key="r2"))
    assert ledger.books() == {}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (reversal("nothing"), NotFound(RecordKind.ENTRY, "nothing")),
        (reversal("remitted"), NotReversible("remitted")),
        (reversal("refunded"), NotReversible("refunded")),
        (reversal("corrected"), NotReversible("corrected")),
        (reversal("create customer"), NotFound(RecordKind.ENTRY, "create customer")),
        (reversal(amount="6.68"), MoreThanRemains("p", usd("6.67"), usd("6.68"))),
        (
            attrs.evolve(reversal(), amount=Money("1.00", "EUR")),
            WrongCurrency("p", usd("0").currency, Money("0", "EUR").currency),
        ),
    ],
    ids=lambda value: f"{value.entry} {value.amount}" if isinstance(value, Reverse) else "",
)
def test_what_cannot_be_given_back_is_refused_with_the_figures(command, expected):
    ledger = RuleLedger(
        payment("p"),
        payment("q"),
        remittance("remitted", "1.00"),
        reversal(amount="3.33", key="refunded"),
        Correct("corrected", MARIA, MORNING, "q", usd("9.00")),
    )
    assert ledger.reason(command) == expected
    assert (
        ledger.give(reversal(amount="6.67", key="the rest"))
        .explain()
        .startswith("All of $10.00 is reversed")
    )


def test_what_was_not_booked_yet_cannot_be_reversed_and_the_date_is_on_the_distributors_clock():
    ledger = RuleLedger(payment("p"))
    early = ledger.reason(reversal(at=MORNING.subtract(microseconds=1)))
    assert early == BeforeOriginal("p", MORNING)
    assert early.explain("en_GB").startswith("The entry 'p' is dated 1 Mar 2026, 04:00:00;")
    assert isinstance(ledger.give(reversal(at=MORNING)), Accepted)


def test_a_correction_is_what_remains_of_an_entry():
    ledger = RuleLedger(payment("p"), Correct("c", MARIA, NEXT_DAY, "p", usd("8.00")))
    assert ledger.reason(reversal(amount="8.01")) == MoreThanRemains("p", usd("8.00"), usd("8.01"))
    ledger.accept(reversal())
    assert ledger.books() == {}


def test_of_what_was_corrected_to_nothing_or_given_back_whole_nothing_remains_whatever_is_asked():
    ledger = RuleLedger(
        payment("p"), Correct("c", MARIA, NEXT_DAY, "p", usd("0.00")), payment("q"), reversal("q")
    )
    for command in (reversal("p"), reversal("p", "0.01"), reversal("q"), reversal("q", "10.01")):
        assert ledger.reason(attrs.evolve(command, key="again")) == NothingRemains(command.entry)


def test_commission_that_waits_for_settlement_is_taken_back_from_what_waits():
    ledger = RuleLedger(settled_later(), payment("p", "100.00"))
    entry: Any = ledger.accept(reversal(amount="30.00")).entry
    assert entry.postings[1:3] == (
        Posting(DistributorLedger("hudson"), usd("-30.00")),
        Posting(AccruedCommission("hudson"), usd("3.00")),
    )
    assert (ledger.owed("hudson"), ledger.accrued("hudson")) == (usd("70.00"), usd("7.00"))


def test_commission_that_was_paid_out_comes_back_as_a_negative_line_of_the_statement():
    paid_out = CreditCommission("pay out", MARIA, MORNING, "hudson")
    ledger = RuleLedger(settled_later(), payment("p", "100.00"), paid_out, reversal())
    assert (ledger.owed("hudson"), ledger.accrued("hudson")) == (usd("-10.00"), usd("-10.00"))
    ledger.accept(CreditCommission("negative", MARIA, NEXT_DAY, "hudson"))
    assert ledger.books() == {}
    known = ledger.member("hudson").distributor
    statement = statement_of(
        known, known.period_at(MORNING), Extract(usd("0.00"), tuple(ledger.journal))
    )
    assert [(line.key, line.turnover, line.earned, line.adds) for line in statement.lines] == [
        ("p", usd("100.00"), usd("0.00"), usd("100.00")),
        ("pay out", usd("0.00"), usd("10.00"), usd("-10.00")),
        ("r", usd("-100.00"), usd("0.00"), usd("-100.00")),
        ("negative", usd("0.00"), usd("-10.00"), usd("10.00")),
    ]
    assert (statement.reversed, statement.commission, statement.closing) == (
        usd("100"),
        usd("0"),
        usd("0"),
    )


def test_what_is_given_back_makes_room_under_the_limit():
    ledger = RuleLedger(payment("p", "1200.00"))
    assert not isinstance(ledger.give(payment("refused", "0.01")), Accepted)
    told = ledger.accept(reversal(amount="800.00")).notices
    assert [type(notice) for notice in told] == [
        CreditThresholdCleared,
        CreditThresholdCleared,
        DistributorResumed,
    ]
    assert [notice.key for notice in told] == [
        "hudson/cleared-900/2",
        "hudson/cleared-500/1",
        "hudson/resumed/3",
    ]
    assert isinstance(ledger.give(payment("accepted", "0.01")), Accepted)


def test_the_volume_of_the_originals_month_goes_down_whenever_it_is_given_back():
    ledger = RuleLedger(*CHAIN, payment("p", "100.00", by="kiosk"), sale("s", "10.00"))
    ledger.accept(
        reversal(amount="40.00", at=MORNING.add(months=2)), reversal("s", "1.00", key="r2")
    )
    march = ledger.member("hudson").distributor.period_at(MORNING).start
    for name in ("kiosk", "soho", "hudson"):
        assert ledger.member(name).volume(CommissionKind.PAYMENT, march) == usd("60.00")
    assert ledger.member("hudson").volume(CommissionKind.SALE, march) == usd("9.00")
    assert {volume.start for volume in ledger.member("hudson").volumes} == {march}


def test_only_who_may_reverse_does():
    assert (
        "may not reverse payments and sales (R28)"
        in RuleLedger(payment("p")).reason(attrs.evolve(reversal(), by=payment("p").by)).explain()
    )
    assert isinstance(
        RuleLedger(payment("p")).give(attrs.evolve(reversal(), by=Administrator("otto"))), Accepted
    )
