"""The audit: which ledger account is off, and by how much."""

from __future__ import annotations

from typing import Any

from distbilling import Billing, Currency, Money
from distbilling.adapters.memory import MemoryRepository
from distbilling.rules.ledger.accounts import CustomerLedger, DistributorLedger
from distbilling.rules.ledger.audit import Audit, BalanceDiffers, audit
from distbilling.testing.sample_data import BASE_COMMANDS, payment, sale, usd

HUDSON = DistributorLedger("hudson")


def opened(*commands) -> Any:
    billing = Billing(MemoryRepository())
    billing.execute_many((*BASE_COMMANDS, *commands))
    return billing.repository


def kept_at(balances) -> Any:
    return balances.get


def test_a_balance_that_was_tampered_with_is_found():
    repository = opened(payment("k"), sale("s", "10.00"))

    def tampered(ledger) -> Any:
        return (
            repository.balance(ledger) + usd("0.01")
            if ledger == HUDSON
            else repository.balance(ledger)
        )

    found = audit(repository.journal(), tampered)
    assert not found.agrees
    assert found.differing == (BalanceDiffers(HUDSON, usd("17.51"), usd("17.50")),)
    assert found.off == ()


def test_a_party_that_is_lost_or_kept_in_another_currency_is_found():
    journal = list(opened(payment("k")).journal())
    lost = audit(journal, kept_at({}))
    assert {differs.ledger for differs in lost.differing} == {
        HUDSON,
        CustomerLedger("customer of hudson"),
    }
    euros = audit(
        journal, lambda ledger: Money("9.00", "EUR") if ledger == HUDSON else usd("-10.00")
    )
    assert [(differs.kept, differs.rebuilt) for differs in euros.differing] == [
        (Money("9.00", "EUR"), Money("0.00", "EUR")),
        (usd("0.00"), usd("9.00")),
    ]


def test_a_party_without_entries_is_looked_at_when_it_is_named():
    found = audit((), kept_at({HUDSON: usd("9.00")}), [HUDSON])
    assert found.differing == (BalanceDiffers(HUDSON, usd("9.00"), usd("0.00")),)
    assert audit((), kept_at({HUDSON: usd("9.00")})).agrees


def test_books_that_are_off_zero_do_not_agree():
    assert not Audit(1, {HUDSON: {Currency("USD"): usd("9.00")}}, (usd("9.00"),), ()).agrees
