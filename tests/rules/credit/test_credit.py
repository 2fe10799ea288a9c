"""Credit limits, thresholds and suspension, to the cent."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import (
    CreditTerms,
    Crossing,
    Limit,
    Money,
    Percent,
    PercentOfLimit,
    Terms,
    Unlimited,
    WhenSuspended,
    rules,
)
from distbilling.errors import CurrencyMismatch, InvalidValue
from distbilling.rules.credit import (
    available_funds,
    is_over_limit,
    is_suspended,
    thresholds_crossed,
)
from distbilling.rules.deciding.decision import Accepted
from distbilling.rules.deciding.facts import CustomerFacts, DistributorFacts, Facts
from distbilling.rules.deciding.reasons import OverCreditLimit, Suspended
from distbilling.rules.parties import Customer
from distbilling.testing.sample_data import (
    MORNING,
    USD,
    distributor,
    payment,
    remittance,
    sale,
    usd,
)
from distbilling.testing.strategies.values import credit_limits, money, percents

decide: Any = rules.decide

BALANCES = money("USD", min_value="-100", max_value="2200")
THRESHOLDS = st.lists(
    money("USD", min_value=0, max_value=2000) | st.builds(PercentOfLimit, percents(places=1)),
    max_size=6,
)
NO_COMMISSION = Terms(Percent("0"), Percent("0"))


def owing(amount, **changes) -> Any:
    """Return the facts about hudson, who keeps no commission, once it owes so much."""
    known = attrs.evolve(distributor("hudson"), terms=NO_COMMISSION, **changes)
    customer = Customer("customer of hudson", "Brown", USD, "hudson", Unlimited(), MORNING)
    return Facts.of(DistributorFacts(known, usd(amount)), CustomerFacts(customer, usd("0")))


@given(THRESHOLDS, credit_limits("USD"), BALANCES, BALANCES, st.sampled_from(Crossing))
def test_the_thresholds_between_two_balances_are_crossed_each_once_lowest_first(
    thresholds, limit, before, after, compare
):
    crossed = set()
    for threshold in thresholds:
        if isinstance(threshold, Money):
            height = Fraction(threshold.amount)
        elif isinstance(limit, Limit) and limit.amount.is_positive:
            height = Fraction(threshold.value.value) * Fraction(limit.amount.amount) / 100
        else:
            continue
        was, now = (
            (before.amount > height, after.amount > height)
            if compare is Crossing.EXCEEDS
            else (before.amount >= height, after.amount >= height)
        )
        crossed |= {height} if now and not was else set()
    found = thresholds_crossed(thresholds, limit, before, after, compare)
    assert [Fraction(amount.amount) for amount in found] == sorted(crossed)


@given(
    THRESHOLDS,
    credit_limits("USD"),
    st.lists(BALANCES, min_size=2, max_size=5).map(sorted),
    st.sampled_from(Crossing),
)
def test_a_way_up_in_steps_crosses_what_one_jump_does(thresholds, limit, balances, compare):
    jump = thresholds_crossed(thresholds, limit, balances[0], balances[-1], compare)
    steps = [
        amount
        for before, after in pairwise(balances)
        for amount in thresholds_crossed(thresholds, limit, before, after, compare)
    ]
    assert tuple(steps) == jump


@pytest.mark.parametrize(
    ("before", "after", "exceeds", "reaches"),
    [
        ("0", "899.99", [], []),
        ("0", "900", [], ["900"]),
        ("900", "900.01", ["900"], []),
        ("899.99", "900.01", ["900"], ["900"]),
        ("900.01", "950", [], []),
        ("950", "0", [], []),
        ("900", "900", [], []),
    ],
)
def test_ninety_per_cent_of_a_thousand_is_crossed_above_nine_hundred(
    before, after, exceeds, reaches
):
    for compare, crossed in ((Crossing.EXCEEDS, exceeds), (Crossing.REACHES, reaches)):
        found = thresholds_crossed(
            [PercentOfLimit("90")], Limit(usd("1000")), usd(before), usd(after), compare
        )
        assert found == tuple(map(usd, crossed))


@pytest.mark.parametrize("limit", [Unlimited(), Limit(usd("0"))])
def test_without_a_positive_limit_a_percentage_of_it_warns_of_nothing(limit):
    assert (
        thresholds_crossed(
            [PercentOfLimit("0"), PercentOfLimit("100")], limit, usd("-1"), usd("5000")
        )
        == ()
    )


def test_a_percentage_and_an_amount_that_are_the_same_warn_once():
    both: list[Any] = [PercentOfLimit("50"), usd("500.0"), usd("500.00")]
    assert thresholds_crossed(both, Limit(usd("1000")), usd("0"), usd("501")) == (usd("500"),)


def test_thresholds_in_another_currency_are_refused_when_the_terms_are_made():
    euro = Money("5", "EUR")
    for limit, thresholds in ((Limit(usd("1")), (euro,)), (Unlimited(), (usd("1"), euro))):
        with pytest.raises(CurrencyMismatch):
            CreditTerms(limit, thresholds)
    with pytest.raises(InvalidValue, match="thresholds"):
        CreditTerms(Unlimited(), (usd("-1"),))
    assert CreditTerms(Unlimited(), (PercentOfLimit("5"), euro)).thresholds[1] == euro


@given(BALANCES)
def test_without_a_limit_nobody_is_suspended_or_over_it(owed):
    assert not is_suspended(Unlimited(), owed)
    assert not is_over_limit(Unlimited(), owed)
    assert available_funds(Unlimited(), owed) == Unlimited()


@given(credit_limits("USD").filter(lambda limit: isinstance(limit, Limit)), BALANCES)
def test_suspended_means_that_nothing_is_left_and_over_means_below_nothing(limit, owed):
    left: Any = available_funds(limit, owed)
    assert is_suspended(limit, owed) == (not left.is_positive)
    assert is_over_limit(limit, owed) == left.is_negative


@pytest.mark.parametrize(
    ("owed", "opening", "accepted"),
    [
        ("999.99", "0.01", True),
        ("999.99", "0.02", False),
        ("1000", "0", True),
        ("1000", "0.01", False),
        ("0", "1000", True),
    ],
)
def test_a_sale_may_reach_the_limit_but_not_pass_it(owed, opening, accepted):
    decision = decide(sale("k", opening), owing(owed))
    assert isinstance(decision, Accepted) == accepted
    if not accepted:
        assert decision.reason == OverCreditLimit("hudson", usd("1000"), usd(owed) + usd(opening))


@pytest.mark.parametrize(
    ("owed", "amount", "over"), [("999.99", "0.01", False), ("999.99", "0.02", True)]
)
def test_a_payment_that_passes_the_limit_is_accepted_and_flagged(owed, amount, over):
    decision = decide(payment("k", amount), owing(owed))
    assert (decision.over_limit is not None) == over
    if over:
        assert decision.over_limit.owed == usd("1000.01")
        assert (
            decision.over_limit.explain()
            == "hudson owes $1,000.01, above the credit limit of $1,000.00."
        )
        assert decision.over_limit.explain() in decision.explain()


@pytest.mark.parametrize("limit", ["1000", "0"])
def test_whoever_owes_the_limit_is_suspended_until_it_owes_less(limit):
    credit = CreditTerms(Limit(usd(limit)))
    at_the_limit = owing(limit, credit=credit)
    just_below = owing(str((usd(limit) - usd("0.01")).amount), credit=credit)
    assert isinstance(decide(payment("k", "1.00"), just_below), Accepted)
    assert decide(payment("k", "1.00"), at_the_limit).reason == Suspended(
        "hudson", usd(limit), usd(limit)
    )
    assert isinstance(decide(remittance("k", "0.01"), at_the_limit), Accepted)


def test_terms_that_always_accept_take_the_cash_of_a_suspended_distributor():
    always = CreditTerms(Limit(usd("1000")), when_suspended=WhenSuspended.ALWAYS_ACCEPT)
    facts = owing("1000", credit=always)
    decision = decide(payment("k", "5.00"), facts)
    assert decision.over_limit.owed == usd("1005")
    assert [notice.key for notice in decision.notices] == ["hudson/suspended/1"]
    told_before = attrs.evolve(facts.distributors["hudson"], standing=decision.records[-1])
    warned = attrs.evolve(facts, distributors={"hudson": told_before})
    assert decide(payment("k", "5.00"), warned).notices == ()


def test_a_distributor_without_a_limit_collects_whatever_it_can():
    decision = decide(
        payment("k", "999999.99"), owing("999999.99", credit=CreditTerms(Unlimited(), (usd("5"),)))
    )
    assert decision.over_limit is None
    assert [notice.key for notice in decision.notices] == ["hudson/threshold-5/1"]
