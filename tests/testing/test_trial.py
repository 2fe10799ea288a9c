"""A trial ledger keeps what is accepted, and says so where a test expects otherwise."""

from __future__ import annotations

import pytest

from distbilling import Accepted, CreateDistributor, Refused
from distbilling.errors import HostError
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import NotFound
from distbilling.rules.parties.permission import Policy
from distbilling.testing.stage import MARIA, distributor, payment, remittance, usd
from distbilling.testing.trial import CHAIN, Trial


def test_what_is_accepted_is_kept_and_what_is_refused_changes_nothing():
    house = Trial()
    assert isinstance(house.give(payment("p")), Accepted)
    kept = house.facts
    assert isinstance(house.give(payment("q", by="nobody")), Refused)
    assert isinstance(house.reason(payment("q", by="nobody")), NotFound)
    assert (house.facts, len(house.journal)) == (kept, 1)


def test_it_starts_with_the_distributors_of_the_stage_or_with_the_facts_it_is_given():
    assert [known.distributor.id for known in Trial().facts.distributors.values()] == [
        "hudson",
        "jersey",
    ]
    assert Trial(facts=Facts()).facts == Facts()
    assert Trial(CreateDistributor("d", MARIA, distributor("new")), facts=Facts()).known(
        "new"
    ).owed == usd("0")


def test_the_last_answer_is_returned():
    assert Trial().accept(payment("p"), remittance("r", "1.00")).key == "r"


@pytest.mark.parametrize(
    "ask",
    [
        lambda house: house.accept(payment("p", by="nobody")),
        lambda house: house.accept(),
        lambda house: house.reason(payment("p")),
        lambda house: house.known("nobody"),
        lambda house: house.customer("nobody"),
    ],
    ids=["refused", "nothing asked", "accepted", "no distributor", "no customer"],
)
def test_what_a_test_did_not_expect_is_an_error(ask):
    with pytest.raises(HostError):
        ask(Trial())


def test_a_policy_of_its_own_is_gone_by():
    with pytest.raises(HostError, match="not granted"):
        Trial(payment("p"), policy=Policy())


def test_the_books_show_what_is_not_zero():
    assert Trial(*CHAIN).books() == {}
    assert Trial(payment("p")).books() == {
        "customer:customer of hudson": usd("-10.00"),
        "distributor:hudson": usd("9.00"),
        "commission_expense": usd("1.00"),
    }
