"""A trial ledger keeps what is accepted, and says so where a test expects otherwise."""

from __future__ import annotations

import pytest

from distbilling import Accepted, CreateDistributor, Refused
from distbilling.errors import HostError
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import NotFound
from distbilling.rules.parties.permission import Policy
from distbilling.testing.rule_ledger import CHAIN, RuleLedger
from distbilling.testing.sample_data import MARIA, distributor, payment, remittance, usd


def test_what_is_accepted_is_kept_and_what_is_refused_changes_nothing():
    ledger = RuleLedger()
    assert isinstance(ledger.give(payment("p")), Accepted)
    kept = ledger.facts
    assert isinstance(ledger.give(payment("q", by="nobody")), Refused)
    assert isinstance(ledger.reason(payment("q", by="nobody")), NotFound)
    assert (ledger.facts, len(ledger.journal)) == (kept, 1)


def test_it_starts_with_the_distributors_of_the_stage_or_with_the_facts_it_is_given():
    assert [known.distributor.id for known in RuleLedger().facts.distributors.values()] == [
        "hudson",
        "jersey",
    ]
    assert RuleLedger(facts=Facts()).facts == Facts()
    assert RuleLedger(CreateDistributor("d", MARIA, distributor("new")), facts=Facts()).member(
        "new"
    ).owed == usd("0")


def test_the_last_answer_is_returned():
    assert RuleLedger().accept(payment("p"), remittance("r", "1.00")).key == "r"


@pytest.mark.parametrize(
    "ask",
    [
        lambda ledger: ledger.accept(payment("p", by="nobody")),
        lambda ledger: ledger.accept(),
        lambda ledger: ledger.reason(payment("p")),
        lambda ledger: ledger.member("nobody"),
        lambda ledger: ledger.customer("nobody"),
    ],
    ids=["refused", "nothing asked", "accepted", "no distributor", "no customer"],
)
def test_what_a_test_did_not_expect_is_an_error(ask):
    with pytest.raises(HostError):
        ask(RuleLedger())


def test_a_policy_of_its_own_is_gone_by():
    with pytest.raises(HostError, match="not granted"):
        RuleLedger(payment("p"), policy=Policy())


def test_the_books_show_what_is_not_zero():
    assert RuleLedger(*CHAIN).books() == {}
    assert RuleLedger(payment("p")).books() == {
        "customer:customer of hudson": usd("-10.00"),
        "distributor:hudson": usd("9.00"),
        "commission_expense": usd("1.00"),
    }
