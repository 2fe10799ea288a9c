"""Commission that is credited at settlement is owed until it is credited."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import Accepted, Billing, Money, Percent, Terms
from distbilling.adapters.memory import MemoryRepository
from distbilling.errors import InvalidValue
from distbilling.rules.agreement.terms import Netting
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.movements.credit_commission import CreditCommission
from distbilling.rules.commands.movements.reverse import Reversal, Reverse
from distbilling.rules.credit.notices import CreditThresholdCleared, DistributorResumed
from distbilling.rules.deciding.reasons import (
    BeforeCreation,
    MoreThanAccrued,
    NoCommissionAccrued,
    NotFound,
    RecordKind,
    Suspended,
    WrongCurrency,
)
from distbilling.rules.ledger.accounts import (
    AccruedCommission,
    CommissionExpense,
    CustomerLedger,
    DistributorLedger,
    SubdistributorDebts,
)
from distbilling.rules.ledger.journal import EntryKind, Posting
from distbilling.rules.parties.permission import Action, Denied, Role
from distbilling.testing.rule_ledger import CHAIN, RuleLedger
from distbilling.testing.sample_data import (
    BASE_COMMANDS,
    MARIA,
    MORNING,
    distributor,
    payment,
    remittance,
    sale,
    usd,
)
from distbilling.testing.strategies.values import money

AT_SETTLEMENT = Terms(Percent("15"), Percent("10"), netting=Netting.AT_SETTLEMENT)
HUDSON_SETTLES = ChangeTerms("terms", MARIA, MORNING, "hudson", AT_SETTLEMENT)
EVENING = MORNING.add(hours=9)


def credit(amount: str | None = None, key="credit", name="hudson", at=EVENING) -> CreditCommission:
    return CreditCommission(key, MARIA, at, name, None if amount is None else usd(amount))


def settling_at(rate: str) -> ChangeTerms:
    return attrs.evolve(
        HUDSON_SETTLES, terms=attrs.evolve(AT_SETTLEMENT, payment_commission=Percent(rate))
    )


def test_until_settlement_the_whole_amount_is_owed_and_the_commission_waits():
    ledger = RuleLedger(HUDSON_SETTLES)
    entry: Any = ledger.accept(payment("p")).entry
    assert entry.postings == (
        Posting(CustomerLedger("customer of hudson"), usd("-10.00")),
        Posting(DistributorLedger("hudson"), usd("10.00")),
        Posting(AccruedCommission("hudson"), usd("-1.00")),
        Posting(CommissionExpense(), usd("1.00")),
    )
    ledger.accept(sale("s", "10.00"))
    assert (ledger.owed("hudson"), ledger.accrued("hudson")) == (usd("20.00"), usd("2.50"))


def test_the_credit_takes_what_waits_off_what_is_owed():
    ledger = RuleLedger(HUDSON_SETTLES, payment("p"), sale("s", "10.00"))
    entry: Any = ledger.accept(attrs.evolve(credit(), comment="for March")).entry
    assert (entry.key, entry.kind, entry.at) == ("credit", EntryKind.COMMISSION, EVENING)
    assert (entry.comment, entry.split, entry.original) == ("for March", None, None)
    assert entry.postings == (
        Posting(DistributorLedger("hudson"), usd("-2.50")),
        Posting(AccruedCommission("hudson"), usd("2.50")),
    )
    assert (ledger.owed("hudson"), ledger.accrued("hudson")) == (usd("17.50"), usd("0.00"))
    assert ledger.reason(credit(key="again")) == NoCommissionAccrued("hudson")


def test_a_part_may_be_credited_and_not_a_cent_more_than_waits():
    ledger = RuleLedger(HUDSON_SETTLES, payment("p"))
    ledger.accept(credit("0.40"))
    assert ledger.reason(credit("0.61", "more")) == MoreThanAccrued(
        "hudson", usd("0.60"), usd("0.61")
    )
    ledger.accept(credit("0.60", "rest"))
    assert (ledger.owed("hudson"), ledger.accrued("hudson")) == (usd("9.00"), usd("0.00"))
    assert ledger.reason(credit("0.01", "again")) == MoreThanAccrued(
        "hudson", usd("0.00"), usd("0.01")
    )


@pytest.mark.parametrize("amount", ["0.00", "-0.01", "0.005"])
def test_a_part_is_an_amount_that_can_be_owed_and_paid(amount):
    with pytest.raises(InvalidValue, match="amount"):
        credit(amount)


def test_what_was_credited_at_once_does_not_wait():
    assert RuleLedger(payment("p")).reason(credit()) == NoCommissionAccrued("hudson")


def test_where_more_was_taken_back_than_earned_all_of_it_is_a_negative_credit():
    refund = Reverse("r", MARIA, MORNING, "p", Reversal.REFUND)
    ledger = RuleLedger(HUDSON_SETTLES, payment("p"), credit(), refund)
    assert ledger.reason(credit("0.01", "part")) == MoreThanAccrued(
        "hudson", usd("-1.00"), usd("0.01")
    )
    entry: Any = ledger.accept(credit(key="all")).entry
    assert entry.postings[0] == Posting(DistributorLedger("hudson"), usd("1.00"))
    assert ledger.books() == {}


@given(
    amounts=st.lists(money("USD", min_value="0.01", max_value="200"), max_size=5),
    rates=st.tuples(*(st.integers(0, 100),) * 5),
)
def test_at_settlement_a_distributor_comes_to_owe_what_it_would_have_owed_at_collection(
    amounts, rates
):
    sums = []
    for netting in Netting:
        ledger = RuleLedger()
        for number, (amount, rate) in enumerate(zip(amounts, rates, strict=False)):
            terms = Terms(Percent("0"), Percent(rate), netting=netting)
            ledger.give(ChangeTerms(f"t-{number}", MARIA, MORNING, "hudson", terms))
            ledger.accept(payment(f"p-{number}", f"{amount.amount:f}"))
        ledger.give(credit())
        assert ledger.accrued("hudson").is_zero
        sums.append(ledger.books())
    assert sums[0] == sums[1]


def test_a_level_that_is_credited_later_waits_for_what_it_passes_down_as_well():
    ledger = RuleLedger(HUDSON_SETTLES, *CHAIN, payment("p", by="kiosk"))
    assert ledger.books() == {
        "customer:customer of kiosk": usd("-10.00"),
        "distributor:kiosk": usd("9.50"),
        "subdistributor_debts:soho": usd("-9.50"),
        "distributor:soho": usd("9.20"),
        "subdistributor_debts:hudson": usd("-9.20"),
        "distributor:hudson": usd("10.00"),
        "accrued_commission:hudson": usd("-1.00"),
        "commission_expense": usd("1.00"),
    }
    ledger.accept(credit())
    assert ledger.owed("hudson") == usd("9.00")


def test_a_subdistributor_that_is_credited_later_owes_its_parent_the_whole():
    later = ChangeTerms(
        "soho",
        MARIA,
        MORNING,
        "soho",
        Terms(Percent("12"), Percent("8"), netting=Netting.AT_SETTLEMENT),
    )
    ledger = RuleLedger(*CHAIN, later, payment("p", by="kiosk"))
    assert (ledger.owed("soho"), ledger.accrued("soho")) == (usd("10.00"), usd("0.80"))
    assert ledger.books()["subdistributor_debts:hudson"] == usd("-9.20")
    assert SubdistributorDebts("hudson") in [
        posting.ledger for posting in ledger.journal[-1].postings
    ]
    ledger.accept(credit(name="soho"))
    assert ledger.owed("soho") == usd("9.20")


def test_the_credit_clears_warnings_and_lifts_a_suspension():
    ledger = RuleLedger(HUDSON_SETTLES, payment("p", "1000.00"))
    assert ledger.reason(payment("q")) == Suspended("hudson", usd("1000.00"), usd("1000.00"))
    told = ledger.accept(credit()).notices
    assert [type(notice) for notice in told] == [CreditThresholdCleared, DistributorResumed]
    assert isinstance(ledger.give(payment("q")), Accepted)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"by": payment("p").by, "distributor": "nobody"},
            Denied(Role.DISTRIBUTOR, Action.CREDIT_COMMISSION, "not granted"),
        ),
        ({"distributor": "nobody"}, NotFound(RecordKind.DISTRIBUTOR, "nobody")),
        (
            {
                "at": distributor("hudson").created.subtract(microseconds=1),
                "amount": Money("1", "EUR"),
            },
            BeforeCreation("hudson", distributor("hudson").created),
        ),
        (
            {"amount": Money("1", "EUR")},
            WrongCurrency("hudson", usd("0").currency, Money("0", "EUR").currency),
        ),
    ],
    ids=["permission", "presence", "date", "currency"],
)
def test_what_cannot_be_credited_is_refused_in_this_order(changes, expected):
    assert RuleLedger().reason(attrs.evolve(credit(), **changes)) == expected


def test_a_credit_may_be_dated_as_early_as_the_distributor_was_created():
    created = distributor("hudson").created
    ledger = RuleLedger(HUDSON_SETTLES, payment("p"))
    assert isinstance(ledger.give(credit(at=created)), Accepted)


def test_a_cash_agent_of_micropowermanager_owes_the_sale_and_has_its_commission_coming():
    ledger = RuleLedger(HUDSON_SETTLES, payment("p", "3000"))  # peers, C45
    assert (ledger.owed("hudson"), ledger.accrued("hudson")) == (usd("3000"), usd("300"))


def test_receipts_of_micropowermanager_with_the_commission_paid_at_the_first_of_them():
    ledger = RuleLedger(
        settling_at("5"),
        payment("p", "100"),
        remittance("r", "40"),
        credit(),
        remittance("s", "30"),
    )
    assert ledger.owed("hudson") == usd("25")  # peers, C47


def test_the_memory_tells_how_much_commission_waits_and_the_statement_shows_the_credit():
    billing = Billing(MemoryRepository())
    billing.execute_many((*BASE_COMMANDS, HUDSON_SETTLES, payment("p", "100.00"), credit("6.00")))
    assert billing.repository.balance(AccruedCommission("hudson")) == usd("-4.00")
    assert billing.repository.balance(AccruedCommission("nobody")) is None
    statement = billing.statement("hudson", MORNING)
    assert (statement.collected, statement.commission, statement.closing) == (
        usd("100"),
        usd("6"),
        usd("94"),
    )
    assert [(line.turnover, line.earned, line.adds) for line in statement.lines] == [
        (usd("100.00"), usd("0.00"), usd("100.00")),
        (usd("0.00"), usd("6.00"), usd("-6.00")),
    ]


def test_commission_credited_once_all_is_remitted_stays_to_the_credit_of_the_distributor():
    ledger = RuleLedger(HUDSON_SETTLES, payment("p"), remittance("r", "10.00"), credit())
    assert ledger.owed("hudson") == usd("-1.00")
