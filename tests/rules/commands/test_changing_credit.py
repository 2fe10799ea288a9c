"""A change of credit, or time alone, gives notice of all that it leads to."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest

from distbilling import (
    Accepted,
    Billing,
    CreditTerms,
    Crossing,
    Limit,
    Money,
    PercentOfLimit,
    Unlimited,
    WhenSuspended,
)
from distbilling.adapters.memory import MemoryRepository
from distbilling.errors import CurrencyMismatch
from distbilling.rules.commands.distributors.change_credit import ChangeCredit
from distbilling.rules.commands.distributors.review_credit import ReviewCredit
from distbilling.rules.credit.thresholds import Rearm
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import BeforeCreation, NotFound, RecordKind, Suspended
from distbilling.rules.parties.permission import Action, Denied, Role
from distbilling.testing.rule_ledger import RuleLedger
from distbilling.testing.sample_data import (
    BASE_COMMANDS,
    MARIA,
    MORNING,
    distributor,
    payment,
    remittance,
    usd,
)

NINETY = CreditTerms(Limit(usd("1000.00")), (PercentOfLimit("90"),))


def change(credit: CreditTerms, key="credit", at=MORNING) -> ChangeCredit:
    return ChangeCredit(key, MARIA, at, "hudson", credit)


def review(key="review", at=MORNING) -> ReviewCredit:
    return ReviewCredit(key, MARIA, at, "hudson")


def keys(decision: Accepted) -> list[str]:
    return [notice.key for notice in decision.notices]


def test_new_terms_are_stored_and_move_no_money():
    credit = CreditTerms(Limit(usd("5000.00")), (), Crossing.REACHES, WhenSuspended.ALWAYS_ACCEPT)
    ledger = RuleLedger(payment("p"))
    accepted = ledger.accept(change(credit))
    assert (accepted.entry, accepted.notices) == (None, ())
    assert ledger.member("hudson").distributor == attrs.evolve(distributor("hudson"), credit=credit)
    assert ledger.owed("hudson") == usd("9.00")


def test_a_higher_limit_lifts_a_suspension_and_a_lower_one_suspends():
    ledger = RuleLedger(payment("p", "1200.00"))
    higher = ledger.accept(change(CreditTerms(Limit(usd("2000.00")))))
    assert keys(higher) == ["hudson/cleared-900/2", "hudson/cleared-500/1", "hudson/resumed/3"]
    assert isinstance(ledger.give(payment("q")), Accepted)
    lower = ledger.accept(change(CreditTerms(Limit(usd("1089.00"))), "lower"))
    assert keys(lower) == ["hudson/suspended/4"]
    assert ledger.reason(payment("r")) == Suspended("hudson", usd("1089.00"), usd("1089.00"))
    none = ledger.accept(change(CreditTerms(Unlimited()), "none"))
    assert keys(none) == ["hudson/resumed/4"]
    assert "has no credit limit any more" in none.explain()


def test_a_change_of_the_limit_arms_every_warning_afresh():
    ledger = RuleLedger(change(NINETY), payment("p", "1080.00"))
    assert ledger.owed("hudson") == usd("972.00")
    again = ledger.accept(change(attrs.evolve(NINETY, limit=Limit(usd("1010.00"))), "limit"))
    assert keys(again) == ["hudson/cleared-900/1", "hudson/threshold-909/2"]
    comparison = ledger.accept(
        change(attrs.evolve(NINETY, limit=Limit(usd("1010.00")), compare=Crossing.REACHES), "how")
    )
    assert keys(comparison) == ["hudson/threshold-909/3"]


def test_a_change_of_a_threshold_arms_it_afresh_and_the_same_terms_again_tell_nothing():
    ledger = RuleLedger(change(NINETY), payment("p", "1080.00"))
    lower = attrs.evolve(NINETY, thresholds=(PercentOfLimit("90"), usd("100.00")))
    assert keys(ledger.accept(change(lower, "lower"))) == [
        "hudson/threshold-100/2",
        "hudson/threshold-900/3",
    ]
    assert ledger.accept(change(lower, "same")).notices == ()


def test_a_change_is_not_a_new_warning_where_nothing_is_crossed():
    ledger = RuleLedger(payment("p", "100.00"))
    assert ledger.accept(change(NINETY)).notices == ()
    assert ledger.member("hudson").standing.limit == NINETY.limit


def test_what_a_change_tells_is_dated_as_the_change():
    ledger = RuleLedger(payment("p", "1200.00"))
    noon = MORNING.add(hours=3)
    told = ledger.accept(change(CreditTerms(Limit(usd("2000.00"))), at=noon)).notices
    assert {notice.at for notice in told} == {noon}


def test_a_review_tells_what_had_to_wait_once_its_time_has_come():
    waits = attrs.evolve(NINETY, rearm=Rearm(minimum_interval=dt.timedelta(days=1)))
    ledger = RuleLedger(
        change(waits), payment("p", "1080.00"), remittance("r", "100.00"), payment("q", "100.00")
    )
    assert ledger.owed("hudson") == usd("962.00")
    assert ledger.accept(review("too early", MORNING.add(hours=23))).notices == ()
    assert keys(ledger.accept(review("due", MORNING.add(days=1)))) == ["hudson/threshold-900/2"]
    assert ledger.accept(review("again", MORNING.add(days=2))).notices == ()


def test_a_review_without_news_writes_nothing():
    ledger = RuleLedger(payment("p", "600.00"))
    assert ledger.accept(review()) == Accepted("review")


@pytest.mark.parametrize(
    ("command", "action", "because"),
    [
        (change(NINETY), Action.CHANGE_CREDIT_LIMIT, "R28"),
        (review(), Action.REVIEW_CREDIT, "not granted"),
    ],
    ids=["change", "review"],
)
def test_both_are_refused_for_permission_then_presence_then_the_date(command, action, because):
    ledger, created = RuleLedger(), distributor("hudson").created
    nobody: Any = {"distributor": "nobody", "at": created.subtract(microseconds=1)}
    denied = Denied(Role.DISTRIBUTOR, action, because)
    assert ledger.reason(attrs.evolve(command, by=payment("p").by, **nobody)) == denied
    assert ledger.reason(attrs.evolve(command, **nobody)) == NotFound(
        RecordKind.DISTRIBUTOR, "nobody"
    )
    early = attrs.evolve(command, at=created.subtract(microseconds=1))
    assert ledger.reason(early) == BeforeCreation("hudson", created)
    assert isinstance(ledger.give(attrs.evolve(command, at=created)), Accepted)


def test_terms_in_another_currency_are_an_error_of_the_caller():
    with pytest.raises(CurrencyMismatch):
        RuleLedger().give(change(CreditTerms(Limit(Money("1000", "EUR")))))


def test_the_memory_decides_as_one_who_sees_everything_would():
    billing = Billing(MemoryRepository())
    commands = (
        *BASE_COMMANDS,
        payment("p", "1200.00"),
        change(NINETY),
        review(),
        change(CreditTerms(Unlimited()), "none"),
    )
    seen = RuleLedger(facts=Facts())
    assert billing.execute_many(commands) == tuple(seen.give(command) for command in commands)
