"""The promises on commands that meet: they leave what one after the other would leave."""

# ruff: noqa: S101, D102 - a contract is made of assertions; their names are the promises

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import attrs

from distbilling.money import Percent
from distbilling.ports import Repository
from distbilling.rules import Command, decide
from distbilling.rules.agreement.terms import Terms
from distbilling.rules.commands.distributors.change_credit import ChangeCredit
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.commands.movements.credit_commission import CreditCommission
from distbilling.rules.credit.limits import CreditTerms, Unlimited
from distbilling.rules.credit.notices import CreditThresholdCrossed, DistributorSuspended
from distbilling.rules.deciding.decision import Accepted, Decision
from distbilling.rules.ledger.accounts import AccruedCommission, CustomerLedger, DistributorLedger
from distbilling.rules.ledger.journal import balances
from distbilling.testing.contract.observed import Written, owed_by_hudson, shown, written
from distbilling.testing.contract.promises.contract import Contract
from distbilling.testing.sample_data import (
    BELOW_HUDSON,
    MARIA,
    MORNING,
    NUMBER,
    USD,
    by_quick_form,
    correction,
    distributor,
    payment,
    reversal,
    sale,
    transfer,
    transfer_of_customer,
    usd,
)

__all__ = ["RaceContract"]

_Giving = Callable[[Repository, Command, Command], tuple[Decision, Decision]]


class RaceContract(Contract):
    """Commands that meet leave what they would have left one after the other.

    Source: rulebook R45, R46.
    """

    def test_a_command_that_meets_another_loses_no_update(self) -> None:
        repository = self.prepared()
        self.meeting(repository, payment("k"), payment("l"))
        assert owed_by_hudson(repository) == usd("18.00")
        assert {entry.key for entry in repository.journal()} == {"k", "l"}

    def test_a_command_that_meets_itself_is_accepted_once(self) -> None:
        repository = self.prepared()
        one, other = self.meeting(repository, payment("k"), payment("k"))
        assert one == other
        assert [entry.key for entry in repository.journal()] == ["k"]

    def test_sales_that_meet_do_not_pass_the_limit_together(self) -> None:
        repository = self.prepared()
        sales = sale("k", "900.00"), sale("l", "900.00", "12125550101")
        decisions = self.meeting(repository, *sales)
        assert sorted(type(decision).__name__ for decision in decisions) == ["Accepted", "Refused"]
        assert owed_by_hudson(repository) == usd("765.00")

    def test_payments_that_meet_warn_once(self) -> None:
        repository = self.prepared()
        self.meeting(repository, payment("k", "600.00"), payment("l", "600.00"))
        kinds = [type(notice) for notice in repository.pending_notices()]
        assert kinds == [CreditThresholdCrossed, CreditThresholdCrossed, DistributorSuspended]

    def test_payments_that_meet_see_the_volume_of_each_other(self) -> None:
        one, other = payment("k", "60.00", by="soho"), payment("l", "60.00", by="soho")
        for met in self.as_if_one_after_the_other(one, other, before=BELOW_HUDSON):
            assert met.balance(AccruedCommission("soho")) == usd("-9.20")

    def test_payments_that_meet_further_up_the_chain_lose_no_update(self) -> None:
        one, other = payment("k", "600.00", by="kiosk"), payment("l", "600.00", by="soho")
        for met in self.as_if_one_after_the_other(one, other, before=BELOW_HUDSON):
            assert met.balance(DistributorLedger("hudson")) == usd("1080.00")

    def test_reversals_that_meet_give_back_no_more_than_remains(self) -> None:
        one, other = reversal("k", "paid", "6.00"), reversal("l", "paid", "6.00")
        for met in self.as_if_one_after_the_other(one, other, before=(payment("paid", "10.00"),)):
            assert met.balance(CustomerLedger("customer of hudson")) == usd("-4.00")
            assert met.balance(DistributorLedger("hudson")) == usd("3.60")

    def test_a_correction_that_meets_a_reversal_is_made_before_it_or_not_at_all(self) -> None:
        one, other = correction("k", "paid", "4.00"), reversal("l", "paid", "6.00")
        for met in self.as_if_one_after_the_other(one, other, before=(payment("paid", "10.00"),)):
            assert met.balance(CustomerLedger("customer of hudson")) == usd("-4.00")

    def test_commission_that_is_credited_twice_at_once_is_credited_once(self) -> None:
        one = CreditCommission("k", MARIA, MORNING, "soho")
        before = (*BELOW_HUDSON, payment("paid", by="soho"))
        for met in self.as_if_one_after_the_other(one, attrs.evolve(one, key="l"), before=before):
            assert met.balance(AccruedCommission("soho")) == usd("0.00")
            assert met.balance(DistributorLedger("soho")) == usd("9.20")

    def test_changes_of_one_record_that_meet_are_both_made(self) -> None:
        terms = ChangeTerms("k", MARIA, MORNING, "hudson", Terms(Percent("20"), Percent("12")))
        credit = ChangeCredit("l", MARIA, MORNING, "hudson", CreditTerms(Unlimited()))
        for met in self.as_if_one_after_the_other(terms, credit):
            changed = attrs.evolve(distributor("hudson"), terms=terms.terms, credit=credit.credit)
            assert met.distributor("hudson") == changed

    def test_a_subdistributor_that_arrives_while_terms_change_earns_no_more_than_its_parent(
        self,
    ) -> None:
        terms = ChangeTerms("k", MARIA, MORNING, "hudson", Terms(Percent("5"), Percent("5")))
        arrival = CreateDistributor("l", MARIA, attrs.evolve(distributor("soho"), parent="hudson"))
        for met in self.as_if_one_after_the_other(terms, arrival):
            hudson = met.distributor("hudson")
            assert (hudson is not None and hudson.terms == terms.terms) is (
                met.distributor("soho") is None
            )

    def test_transfers_that_meet_make_no_circle(self) -> None:
        one, other = transfer("k", "hudson", "jersey"), transfer("l", "jersey", "hudson")
        for met in self.as_if_one_after_the_other(one, other):
            distributors = [met.distributor(name) for name in ("hudson", "jersey")]
            assert [member.parent for member in distributors if member is not None].count(None) == 1

    def test_an_account_that_is_added_while_its_customer_is_transferred_is_not_left_behind(
        self,
    ) -> None:
        for met in self.as_if_one_after_the_other(
            by_quick_form(NUMBER), transfer_of_customer("t", "jersey")
        ):
            accounts = shown(met, transfer_of_customer("look", None)).accounts.values()
            assert {member.account.distributor for member in accounts} <= {"jersey"}

    def test_a_crowd_loses_no_update(self) -> None:
        repository = self.prepared()
        self.crowd(repository, *(payment(str(number), "1.00") for number in range(64)))
        assert owed_by_hudson(repository) == usd("57.60")
        assert balances(repository.journal())[DistributorLedger("hudson")][USD] == usd("57.60")

    def test_a_crowd_gives_back_what_there_is_and_no_more(self) -> None:
        repository = self.prepared(payment("paid", "20.00"))
        decisions = self.crowd(
            repository, *(reversal(str(number), "paid", "1.00") for number in range(32))
        )
        assert [type(decision) for decision in decisions].count(Accepted) == 20  # noqa: PLR2004
        assert owed_by_hudson(repository) == usd("0.00")

    def as_if_one_after_the_other(
        self, one: Command, other: Command, before: tuple[Command, ...] = ()
    ) -> Iterator[Repository]:
        """Let two commands meet, each as the one in between, and yield the repositories.

        It ends as one of the two orders does.
        """
        orders = ((one, other), (other, one))
        possible = [self.outcome(self.prepared(*before), *order, _one_by_one) for order in orders]
        for order in orders:
            repository = self.prepared(*before)
            assert self.outcome(repository, *order, self.meeting) in possible
            yield repository

    def outcome(
        self, repository: Repository, first: Command, second: Command, given: _Giving
    ) -> tuple[dict[str, Decision], Written]:
        """Return what was decided, by the keys of the commands, and what it left."""
        decisions = given(repository, first, second)
        return dict(zip((first.key, second.key), decisions, strict=True)), written(repository)

    def crowd(self, repository: Repository, *commands: Command) -> list[Decision]:
        """Give the commands by several threads at once, if threads may share the repository."""

        def given(command: Command) -> Decision:
            return repository.transact(command, decide)

        with ThreadPoolExecutor(8 if self.shared_by_threads else 1) as threads:
            return list(threads.map(given, commands))


def _one_by_one(
    repository: Repository, first: Command, second: Command
) -> tuple[Decision, Decision]:
    return repository.transact(first, decide), repository.transact(second, decide)
