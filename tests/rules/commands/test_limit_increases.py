"""A limit is raised for a time, within the caps of who grants it."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from distbilling import (
    Accepted,
    Administrator,
    Billing,
    CreditTerms,
    DistributorStaff,
    Limit,
    Money,
    Percent,
    PercentOfLimit,
    Unlimited,
)
from distbilling.adapters.memory import MemoryRepository
from distbilling.errors import InvalidValue
from distbilling.rules.commands.distributors.change_credit import ChangeCredit
from distbilling.rules.commands.distributors.grant_limit_increase import GrantLimitIncrease
from distbilling.rules.commands.distributors.review_credit import ReviewCredit
from distbilling.rules.credit.increase import IncreaseCaps, LimitIncrease
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import (
    AboveCap,
    BeforeCreation,
    NoLimitToRaise,
    NotFound,
    OverCreditLimit,
    RecordKind,
    Suspended,
    WrongCurrency,
)
from distbilling.rules.parties.permission import HANDBOOK_POLICY, Action, Allowed, Denied, Role
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

NEXT_WEEK = MORNING.add(days=7)
TEN_PER_CENT = Percent("10")
NORA = Administrator("nora", IncreaseCaps(Percent("10"), days=7))


def grant(
    by: Any = MARIA, raises_by: Any = TEN_PER_CENT, until=NEXT_WEEK, key="raise", at=MORNING
) -> GrantLimitIncrease:
    return GrantLimitIncrease(key, by, at, "hudson", raises_by, until)


def review(at, key="review") -> ReviewCredit:
    return ReviewCredit(key, MARIA, at, "hudson")


def keys(decision: Accepted) -> list[str]:
    return [notice.key for notice in decision.notices]


def test_the_limit_is_raised_from_now_until_the_end_and_then_is_what_it_was():
    ledger = RuleLedger(grant())
    hudson = ledger.member("hudson").distributor
    assert hudson.limit_at(MORNING.subtract(microseconds=1)) == Limit(usd("1000.00"))
    assert hudson.limit_at(MORNING) == Limit(usd("1100.00"))
    assert hudson.limit_at(NEXT_WEEK.subtract(microseconds=1)) == Limit(usd("1100.00"))
    assert hudson.limit_at(NEXT_WEEK) == Limit(usd("1000.00"))
    assert hudson.credit.limit == Limit(usd("1000.00"))


def test_what_was_granted_stays_on_record_with_who_granted_it():
    ledger = RuleLedger(grant(), grant(NORA, usd("50.00"), key="again"))
    assert ledger.member("hudson").distributor.increases == (
        LimitIncrease("maria", MORNING, NEXT_WEEK, Percent("10")),
        LimitIncrease("nora", MORNING, NEXT_WEEK, usd("50.00")),
    )
    assert ledger.member("hudson").distributor.limit_at(MORNING) == Limit(usd("1050.00"))


def test_a_suspended_distributor_may_operate_again_at_once_and_is_told_so():
    ledger = RuleLedger(payment("p", "1200.00"))
    assert ledger.owed("hudson") == usd("1080.00")
    accepted = ledger.accept(grant(at=MORNING.add(minutes=5)))
    assert keys(accepted) == ["hudson/resumed/3"]
    assert accepted.notices[0].at == MORNING.add(minutes=5)
    assert isinstance(ledger.give(payment("q", at=MORNING.add(hours=1))), Accepted)


def test_an_increase_ends_by_itself_and_a_review_tells_of_the_suspension():
    ledger = RuleLedger(payment("p", "1100.00"), grant(), payment("q", "100.00"))
    assert ledger.owed("hudson") == usd("1080.00")
    assert ledger.accept(review(NEXT_WEEK.subtract(microseconds=1))) == Accepted("review")
    told = ledger.accept(review(NEXT_WEEK, "end"))
    assert keys(told) == ["hudson/suspended/3"]
    assert ledger.member("hudson").standing.suspended
    suspended = Suspended("hudson", usd("1000.00"), usd("1080.00"))
    assert ledger.reason(payment("r", at=NEXT_WEEK)) == suspended


def test_without_any_review_the_old_limit_holds_all_the_same():
    ledger = RuleLedger(payment("p", "1100.00"), grant(), payment("q", "100.00"))
    assert ledger.reason(payment("r", at=NEXT_WEEK)) == Suspended(
        "hudson", usd("1000.00"), usd("1080.00")
    )
    at_the_end = attrs.evolve(sale("s", "1.00"), at=NEXT_WEEK)
    assert ledger.reason(at_the_end) == OverCreditLimit("hudson", usd("1000.00"), usd("1080.85"))
    assert isinstance(
        ledger.give(attrs.evolve(at_the_end, at=NEXT_WEEK.subtract(microseconds=1))), Accepted
    )


def test_percentages_of_warnings_stay_those_of_the_permanent_limit():
    warned = ChangeCredit(
        "credit",
        MARIA,
        MORNING,
        "hudson",
        CreditTerms(Limit(usd("1000.00")), (PercentOfLimit("90"),)),
    )
    ledger = RuleLedger(warned, grant(), payment("p", "1000.00"))
    assert keys(ledger.accept(payment("q", "0.02"))) == ["hudson/threshold-900/1"]


def test_a_sale_up_to_the_raised_limit_of_any_level_goes_through():
    ledger = RuleLedger(*CHAIN, payment("p", "1111.00", by="hudson"))
    assert ledger.owed("hudson") == usd("999.90")
    sold = attrs.evolve(sale("s", "10.00"), customer="customer of soho", distributor="soho")
    assert ledger.reason(sold) == OverCreditLimit("hudson", usd("1000.00"), usd("1008.40"))
    ledger.accept(grant(raises_by=usd("8.40")))
    assert isinstance(ledger.give(sold), Accepted)


def test_a_payment_is_flagged_at_the_raised_limit():
    ledger = RuleLedger(grant())
    flagged = ledger.accept(payment("p", "1250.00")).over_limit
    assert flagged is not None
    assert flagged.limit == usd("1100.00")


@pytest.mark.parametrize(
    ("caps", "raises_by", "days", "expected"),
    [
        (IncreaseCaps(Percent("10"), 7), usd("100.00"), 7, None),
        (
            IncreaseCaps(Percent("10"), 7),
            usd("100.01"),
            7,
            ("raises_by", usd("100.00"), usd("100.01")),
        ),
        (IncreaseCaps(Percent("10"), 7), Percent("10"), 7, None),
        (
            IncreaseCaps(Percent("10"), 7),
            Percent("10.01"),
            7,
            ("raises_by", usd("100.00"), usd("100.10")),
        ),
        (IncreaseCaps(usd("50.00"), 7), Percent("5"), 7, None),
        (
            IncreaseCaps(usd("50.00"), 7),
            Percent("5.01"),
            8,
            ("raises_by", usd("50.00"), usd("50.10")),
        ),
        (IncreaseCaps(usd("50.00"), 6), Percent("5"), 7, ("days", 6, 7)),
    ],
)
def test_the_grantors_caps_are_inclusive_and_the_figures_are_told(caps, raises_by, days, expected):
    command = grant(Administrator("nora", caps), raises_by, MORNING.add(days=days))
    ledger = RuleLedger()
    if expected is None:
        assert isinstance(ledger.give(command), Accepted)
    else:
        assert ledger.reason(command) == AboveCap(*expected)


def test_ten_per_cent_of_two_hundred_allow_exactly_twenty():
    small = ChangeCredit("credit", MARIA, MORNING, "hudson", CreditTerms(Limit(usd("200.00"))))
    ledger = RuleLedger(small)
    assert ledger.reason(grant(NORA, usd("20.01"))) == AboveCap(
        "raises_by", usd("20.00"), usd("20.01")
    )
    assert isinstance(ledger.give(grant(NORA, usd("20.00"))), Accepted)


def test_an_administrator_without_caps_may_raise_by_any_amount_for_any_time():
    ledger = RuleLedger(grant(raises_by=usd("1000000.00"), until=MORNING.add(years=100)))
    assert ledger.member("hudson").distributor.limit_at(MORNING.add(years=99)) == Limit(
        usd("1001000.00")
    )


def test_a_limit_of_zero_may_be_raised_by_an_amount_and_by_no_percentage_to_speak_of():
    nothing = ChangeCredit("credit", MARIA, MORNING, "hudson", CreditTerms(Limit(usd("0.00"))))
    ledger = RuleLedger(nothing)
    assert ledger.member("hudson").standing.suspended
    assert keys(ledger.accept(grant())) == []
    assert keys(ledger.accept(grant(raises_by=usd("10.00"), key="amount"))) == ["hudson/resumed/1"]


@pytest.mark.parametrize("until", [MORNING, MORNING.subtract(days=1)])
def test_an_increase_that_ends_in_the_past_is_refused_when_it_is_made(until):
    with pytest.raises(InvalidValue, match="until"):
        grant(until=until)


@pytest.mark.parametrize("raises_by", [usd("0.00"), usd("-1.00"), Percent("0")])
def test_an_increase_by_nothing_is_refused_when_it_is_made(raises_by):
    with pytest.raises(InvalidValue, match="raises_by"):
        grant(raises_by=raises_by)


def test_it_is_refused_for_permission_presence_date_limit_currency_and_caps_in_this_order():
    created = distributor("hudson").created
    early = created.subtract(microseconds=1)
    euro = Money("1.00", "EUR")
    ledger = RuleLedger()
    denied = Denied(Role.DISTRIBUTOR, Action.RAISE_CREDIT_LIMIT, "not granted")
    assert (
        ledger.reason(attrs.evolve(grant(DistributorStaff("hudson")), distributor="nobody"))
        == denied
    )
    assert ledger.reason(attrs.evolve(grant(at=early), distributor="nobody")) == NotFound(
        RecordKind.DISTRIBUTOR, "nobody"
    )
    assert ledger.reason(grant(NORA, euro, at=early)) == BeforeCreation("hudson", created)
    assert ledger.reason(grant(NORA, euro)) == WrongCurrency(
        "hudson", usd("0").currency, euro.currency
    )
    boundless = RuleLedger(
        ChangeCredit("credit", MARIA, MORNING, "hudson", CreditTerms(Unlimited()))
    )
    assert boundless.reason(grant(NORA, euro)) == NoLimitToRaise("hudson")
    assert isinstance(ledger.give(grant(at=created)), Accepted)


def test_where_a_host_lets_staff_raise_limits_the_distributor_is_on_record():
    ledger = RuleLedger()
    ledger.policy = HANDBOOK_POLICY.extended(
        Allowed(Role.DISTRIBUTOR, Action.RAISE_CREDIT_LIMIT, "our contract")
    )
    ledger.accept(grant(DistributorStaff("jersey")))
    assert [increase.by for increase in ledger.member("hudson").distributor.increases] == ["jersey"]


def test_what_is_repaid_before_the_end_is_no_suspension_at_the_end():
    ledger = RuleLedger(
        payment("p", "1100.00"), grant(), payment("q", "100.00"), remittance("r", "80.01")
    )
    assert ledger.accept(review(NEXT_WEEK)) == Accepted("review")


def test_the_memory_decides_as_one_who_sees_everything_would():
    billing = Billing(MemoryRepository())
    commands = (
        *BASE_COMMANDS,
        payment("p", "1200.00"),
        grant(),
        review(MORNING),
        review(NEXT_WEEK, "end"),
    )
    seen = RuleLedger(facts=Facts())
    assert billing.execute_many(commands) == tuple(seen.give(command) for command in commands)
