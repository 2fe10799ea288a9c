"""The promises on related facts: parents, amendments, standings and volumes."""

# ruff: noqa: S101, D102 - a contract is made of assertions; their names are the promises

from __future__ import annotations

from typing import Final

import attrs
from pendulum import DateTime

from distbilling.money import Money
from distbilling.rules.agreement.terms import CommissionKind
from distbilling.rules.commands.customers.activate_account import ActivateAccount
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.deciding.facts import Facts
from distbilling.testing.contract.observed import shown
from distbilling.testing.contract.promises.contract import Contract
from distbilling.testing.sample_data import (
    BELOW_HUDSON,
    MARIA,
    MORNING,
    NUMBER,
    accept,
    correction,
    distributor,
    payment,
    remittance,
    reversal,
    sale,
    transfer,
    transfer_of_customer,
    usd,
)

__all__ = ["RelatedFactsContract"]

_CHAIN: Final = ["hudson", "kiosk", "soho"]


class RelatedFactsContract(Contract):
    """A party or entry comes with its related facts: parents, amendments, standings, volumes.

    Source: rulebook R13, R15, R16, R17, R23, R46.
    """

    def test_every_distributor_comes_with_those_above_it_up_to_the_top(self) -> None:
        at_the_kiosk = attrs.evolve(
            sale("sale", "10.00"), customer="customer of kiosk", distributor="kiosk"
        )
        repository = self.prepared(*BELOW_HUDSON, at_the_kiosk, payment("paid", by="kiosk"))
        commands = (
            remittance("named", "1.00", "kiosk"),
            attrs.evolve(payment("by its customer", by="kiosk"), by=MARIA),
            ActivateAccount("by its account", MARIA, MORNING, NUMBER),
            reversal("by its entry", "paid"),
        )
        for command in commands:
            assert _names(shown(repository, command)) == _CHAIN

    def test_those_above_a_distributor_are_those_that_are_there_now(self) -> None:
        repository = self.prepared(*BELOW_HUDSON, transfer("t", "soho", "jersey"))
        facts = shown(repository, payment("k", by="kiosk"))
        assert [member.distributor.id for member in facts.chain("kiosk")] == [
            "kiosk",
            "soho",
            "jersey",
        ]
        assert _names(facts) == ["jersey", "kiosk", "soho"]

    def test_all_that_are_directly_below_a_distributor_are_shown_and_no_others(self) -> None:
        under_hudson = [
            attrs.evolve(distributor(name), parent="hudson") for name in ("uptown", "harlem")
        ]
        arrivals = (CreateDistributor(new.id, MARIA, new) for new in under_hudson)
        repository = self.prepared(*BELOW_HUDSON, *arrivals, transfer("t", "harlem", "jersey"))
        for name, below in (("hudson", ["soho", "uptown"]), ("jersey", ["harlem"])):
            facts = shown(
                repository, ChangeTerms("k", MARIA, MORNING, name, distributor(name).terms)
            )
            assert _names(facts) == sorted((name, *below))

    def test_all_accounts_of_a_customer_are_shown_and_no_others(self) -> None:
        numbers = ("12125550101", "12125550102", "12125550103")
        ours = (sale(number, "1.00", number) for number in numbers)
        of_jersey = attrs.evolve(
            sale("other", "1.00"), customer="customer of jersey", distributor="jersey"
        )
        repository = self.prepared(*ours, of_jersey)
        facts = shown(repository, transfer_of_customer("t", None))
        assert sorted(member.account.id for member in facts.accounts.values()) == sorted(numbers)

    def test_an_entry_comes_with_what_reverses_or_corrects_it_in_the_order_of_writing(self) -> None:
        late = MORNING.add(days=3)
        following = (
            correction("z", "paid", "9.00"),
            reversal("a", "paid", "2.00", late),
            reversal("b", "paid", "3.00"),
        )
        repository = self.prepared(payment("paid"), payment("other"), reversal("c", "other"))
        booked = [accept(repository, command).entry for command in following]
        (member,) = shown(repository, reversal("k", "paid")).entries.values()
        assert member.entry.key == "paid"
        assert list(member.amendments) == booked

    def test_an_entry_comes_with_the_distributors_that_earn_of_it_wherever_they_are_now(
        self,
    ) -> None:
        repository = self.prepared(*BELOW_HUDSON, payment("paid", by="kiosk"))
        assert _names(shown(repository, reversal("k", "paid"))) == _CHAIN
        accept(repository, remittance("r", "9.50", "kiosk"), transfer("t", "kiosk", "jersey"))
        assert _names(shown(repository, reversal("k", "paid"))) == sorted((*_CHAIN, "jersey"))

    def test_an_entry_comes_with_the_customer_or_the_account_that_it_credits(self) -> None:
        repository = self.prepared(payment("paid"), sale("sale", "20.00"))
        (brown,) = shown(repository, reversal("k", "paid")).customers.values()
        assert (brown.customer.id, brown.owed) == ("customer of hudson", usd("-10.00"))
        (line,) = shown(repository, reversal("k", "sale")).accounts.values()
        assert (line.account.id, line.funds) == (NUMBER, usd("20.00"))

    def test_a_standing_comes_with_its_distributor_as_it_was_decided(self) -> None:
        repository = self.prepared()
        for command in (payment("k", "600.00"), payment("l", "600.00"), remittance("m", "200.00")):
            *_, standing = accept(repository, command).records
            (member,) = shown(repository, remittance("look", "1.00")).distributors.values()
            assert member.standing == standing

    def test_the_volume_of_the_running_period_comes_with_every_distributor(self) -> None:
        repository = self.prepared(
            *BELOW_HUDSON, payment("k", by="kiosk"), payment("l", "5.00", by="soho")
        )
        facts = shown(repository, payment("m", by="kiosk"))
        volumes = {
            member.distributor.id: _volume(facts, member.distributor.id)
            for member in facts.distributors.values()
        }
        assert volumes == {"kiosk": usd("10.00"), "soho": usd("15.00"), "hudson": usd("15.00")}

    def test_the_volume_of_the_period_of_an_entry_comes_with_the_entry(self) -> None:
        april = MORNING.add(months=1)
        repository = self.prepared(
            payment("paid"), payment("k", "7.00", april), sale("sale", "3.00")
        )
        facts = shown(repository, reversal("r", "paid", at=april))
        assert _volume(facts, "hudson") == usd("10.00")
        assert _volume(shown(repository, payment("l", at=april)), "hudson", april) == usd("7.00")
        assert _volume(
            shown(repository, reversal("r", "sale")), "hudson", kind=CommissionKind.SALE
        ) == usd("3.00")


def _names(facts: Facts) -> list[str]:
    return sorted(member.distributor.id for member in facts.distributors.values())


def _volume(
    facts: Facts, name: str, at: DateTime = MORNING, kind: CommissionKind = CommissionKind.PAYMENT
) -> Money:
    (member,) = facts.distributors_named((name,))
    return member.volume(kind, member.distributor.period_at(at).start.in_timezone("UTC"))
