"""Nothing is booked before its distributor was created."""

from __future__ import annotations

import pytest

from distbilling import (
    Accepted,
    AccountKind,
    ActivateAccount,
    AddAccount,
    ByFullForm,
    Refused,
    Remit,
)
from distbilling.rules import Command, decide, evolve
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import BeforeCreation
from distbilling.testing.sample_data import BASE_COMMANDS, MARIA, MORNING, NUMBER, payment, usd


@pytest.fixture(name="facts")
def _facts():
    facts = Facts()
    unsold = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, usd("10.00"))
    for command in (
        *BASE_COMMANDS,
        AddAccount("add", MARIA, MORNING, "customer of hudson", unsold, "hudson"),
    ):
        decision = decide(command, facts)
        assert isinstance(decision, Accepted), decision
        facts = evolve(facts, decision)
    return facts


def dated(at) -> tuple[Command, ...]:
    return (
        payment("pay", at=at),
        Remit("remit", MARIA, at, "hudson", usd("10.00")),
        ActivateAccount("activate", MARIA, at, NUMBER),
    )


@pytest.mark.parametrize("which", [0, 1, 2], ids=["payment", "remittance", "sale"])
def test_nothing_can_be_booked_a_moment_before_the_creation(facts, which):
    created = facts.distributor("hudson").distributor.created
    early = decide(dated(created.subtract(microseconds=1))[which], facts)
    assert early == Refused(BeforeCreation("hudson", created))
    assert isinstance(decide(dated(created)[which], facts), Accepted)


def test_the_creation_is_told_in_the_time_of_the_distributors_bills(facts):
    answer = decide(dated(MORNING.subtract(years=1))[0], facts)
    assert isinstance(answer, Refused)
    assert isinstance(answer.reason, BeforeCreation)
    assert answer.reason.created.isoformat() == "2026-01-01T00:00:00-05:00"
