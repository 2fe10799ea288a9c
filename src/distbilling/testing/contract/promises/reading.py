"""The promises on reading: the rules get all that a command reads, and nothing else."""

# ruff: noqa: S101, D102 - a contract is made of assertions; their names are the promises

from __future__ import annotations

import attrs

from distbilling.rules.commands.customers.activate_account import ActivateAccount
from distbilling.rules.commands.customers.add_account import ByFullForm
from distbilling.rules.commands.customers.prepare_quick_form import PrepareQuickForm
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.credit.limits import Unlimited
from distbilling.rules.deciding.decision import Accepted
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.parties import Account, AccountKind
from distbilling.testing.contract.full_records import full_distributor
from distbilling.testing.contract.observed import shown
from distbilling.testing.contract.promises.contract import Contract
from distbilling.testing.sample_data import (
    MARIA,
    MORNING,
    NUMBER,
    SIP,
    accept,
    by_quick_form,
    distributor,
    payment,
    remittance,
    reversal,
    sale,
    usd,
)

__all__ = ["ReadContract"]


class ReadContract(Contract):
    """The rules are shown all that a command reads, absence included, and nothing else.

    Source: rulebook R46.
    """

    def test_a_name_that_nobody_has_is_answered_by_absence(self) -> None:
        repository = self.repository()
        nobody = attrs.evolve(payment("k", by="nobody"), account=NUMBER)
        assert shown(repository, nobody) == Facts()
        assert shown(repository, reversal("k", "never booked")) == Facts()

    def test_an_account_comes_with_its_customer_and_its_distributor(self) -> None:
        repository = self.prepared(sale("sale", "10.00"))
        facts = shown(repository, ActivateAccount("k", MARIA, MORNING, NUMBER))
        member = (
            facts.account(NUMBER),
            facts.customer("customer of hudson"),
            facts.distributor("hudson"),
        )
        assert None not in member

    def test_a_customer_comes_with_its_distributor(self) -> None:
        repository = self.prepared()
        payment_at_the_office = attrs.evolve(payment("k"), by=MARIA)
        assert shown(repository, payment_at_the_office).distributor("hudson") is not None

    def test_nobody_else_is_shown(self) -> None:
        repository = self.prepared()
        facts = shown(repository, payment("k"))
        assert [member.distributor.id for member in facts.distributors.values()] == ["hudson"]
        assert [member.customer.id for member in facts.customers.values()] == ["customer of hudson"]

    def test_a_number_in_the_inventory_is_told_from_others(self) -> None:
        asked = [NUMBER] if self.number_in_inventory is None else [NUMBER, self.number_in_inventory]
        repository = self.prepared()
        in_inventory = [
            number for number in asked if shown(repository, by_quick_form(number)).inventory
        ]
        assert in_inventory == [number for number in asked if number != NUMBER]

    def test_a_record_comes_back_as_it_was_written(self) -> None:
        repository = self.prepared()
        accepted = accept(repository, sale("sale", "10.00"))
        facts = shown(repository, by_quick_form(NUMBER))
        assert facts.forms == {SIP.id: SIP}
        assert [member.account for member in facts.accounts.values()] == _accounts(accepted)
        assert [member.distributor for member in facts.distributors.values()] == [
            distributor("hudson")
        ]
        assert [member.customer.credit_limit for member in facts.customers.values()] == [
            Unlimited()
        ]

    def test_a_record_comes_back_whatever_it_holds(self) -> None:
        everything, batched = (
            full_distributor("uptown"),
            attrs.evolve(SIP, batch="2026-A"),
        )
        repository = self.prepared(
            CreateDistributor("uptown", MARIA, everything),
            PrepareQuickForm("again", MARIA, MORNING, batched),
        )
        full = ByFullForm(
            NUMBER,
            "SIP line",
            AccountKind.PREPAID,
            usd("10.00"),
            active=True,
            batch="2026-A",
            tax=usd("1.00"),
        )
        sold = accept(repository, attrs.evolve(sale("sale", "10.00"), through=full))
        facts = shown(repository, by_quick_form(NUMBER))
        assert facts.forms == {batched.id: batched}
        assert [member.account for member in facts.accounts.values()] == _accounts(sold)
        (uptown,) = shown(repository, remittance("k", "1.00", "uptown")).distributors.values()
        assert uptown.distributor == everything

    def test_a_distributor_is_found_by_its_name(self) -> None:
        repository = self.prepared()
        assert repository.distributor("hudson") == distributor("hudson")
        assert repository.distributor("nobody") is None


def _accounts(accepted: Accepted) -> list[Account]:
    return [record for record in accepted.records if isinstance(record, Account)]
