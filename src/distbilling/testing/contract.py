"""Does a repository keep the promises of its port? One named test for each; hosts subclass, and supply a factory."""

# ruff: noqa: S101, D102 - a contract is made of assertions; their names are the promises

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import ClassVar, Final

import attrs
import pendulum
import pytest

from distbilling.errors import HostError, KeyReused, PrecisionExceeded
from distbilling.ports import Repository
from distbilling.rules import Command, decide
from distbilling.rules.audit import audit
from distbilling.rules.commands.activate_account import ActivateAccount
from distbilling.rules.commands.create_distributor import CreateDistributor
from distbilling.rules.credit import Unlimited
from distbilling.rules.decision import Accepted, Decision, Refused
from distbilling.rules.facts import Facts
from distbilling.rules.journal import CustomerLedger, DistributorLedger, PrepaidFunds, balances
from distbilling.rules.notices import CreditThresholdCrossed, DistributorSuspended
from distbilling.testing.stage import (
    FURNITURE,
    MARIA,
    MORNING,
    NUMBER,
    SIP,
    USD,
    accept,
    by_quick_form,
    distributor,
    failing_at,
    owed_by_hudson,
    payment,
    remittance,
    sale,
    shown,
    usd,
    written,
)

__all__ = ["RepositoryContract"]


_KEPT: Final = (
    (DistributorLedger, "hudson", usd("26.00")),
    (CustomerLedger, "customer of hudson", usd("-10.00")),
    (PrepaidFunds, NUMBER, usd("-20.00")),
)


class RepositoryContract:
    """The promises of :class:`distbilling.ports.Repository`: subclass it, and supply ``repository``.

    Each call must give an empty repository. ``shared_by_threads`` tells that threads may use one repository at a time;
    ``number_in_inventory`` is a number that the repository knows to be in the host's DID inventory, if it knows any.
    An async adapter passes through :class:`Synchronous`.

    Source: rulebook R45, R46, R47, R48.

    >>> from distbilling.adapters.memory import MemoryRepository
    >>> class TestOurRepository(RepositoryContract):
    ...     def repository(self):
    ...         return MemoryRepository()
    >>> TestOurRepository().test_a_refusal_writes_nothing()
    """

    shared_by_threads: ClassVar[bool] = True
    number_in_inventory: ClassVar[str | None] = None

    def repository(self) -> Repository:
        """Return an empty repository."""
        raise NotImplementedError

    # What is read

    def test_a_name_that_nobody_has_is_answered_by_absence(self) -> None:
        repository = self.repository()
        nobody = attrs.evolve(payment("k", by="nobody"), account=NUMBER)
        assert shown(repository, nobody) == Facts()

    def test_an_account_comes_with_its_customer_and_its_distributor(self) -> None:
        repository = self.furnished(sale("sale", "10.00"))
        facts = shown(repository, ActivateAccount("k", MARIA, MORNING, NUMBER))
        known = (facts.account(NUMBER), facts.customer("customer of hudson"), facts.distributor("hudson"))
        assert None not in known

    def test_a_customer_comes_with_its_distributor(self) -> None:
        repository = self.furnished()
        payment_at_the_office = attrs.evolve(payment("k"), by=MARIA)
        assert shown(repository, payment_at_the_office).distributor("hudson") is not None

    def test_nobody_else_is_shown(self) -> None:
        repository = self.furnished()
        facts = shown(repository, payment("k"))
        assert [known.distributor.id for known in facts.distributors] == ["hudson"]
        assert [known.customer.id for known in facts.customers] == ["customer of hudson"]

    def test_a_number_in_the_inventory_is_told_from_others(self) -> None:
        asked = [NUMBER] if self.number_in_inventory is None else [NUMBER, self.number_in_inventory]
        repository = self.furnished()
        told = [number for number in asked if shown(repository, by_quick_form(number)).inventory]
        assert told == [number for number in asked if number != NUMBER]

    def test_a_record_comes_back_as_it_was_written(self) -> None:
        repository = self.furnished()
        accepted = accept(repository, sale("sale", "10.00"))
        facts = shown(repository, by_quick_form(NUMBER))
        assert facts.forms == (SIP,)
        assert tuple(known.account for known in facts.accounts) == accepted.records
        assert [known.distributor for known in facts.distributors] == [distributor("hudson")]
        assert [known.customer.credit_limit for known in facts.customers] == [Unlimited()]

    def test_a_distributor_is_found_by_its_name(self) -> None:
        repository = self.furnished()
        assert repository.distributor("hudson") == distributor("hudson")
        assert repository.distributor("nobody") is None

    # What is written

    def test_an_accepted_entry_is_in_the_journal_as_it_was_decided(self) -> None:
        repository = self.furnished()
        accepted = accept(repository, attrs.evolve(payment("k"), comment="cash, Mr. Brown"))
        assert list(repository.journal()) == [accepted.entry]

    def test_the_next_command_sees_the_balances_that_the_entries_left(self) -> None:
        repository = self.furnished(sale("sale", "20.00"), payment("k", "10.00"))
        to_the_account = attrs.evolve(payment("next"), account=NUMBER)
        facts = shown(repository, to_the_account)
        assert [known.owed for known in facts.distributors] == [usd("26.00")]
        assert [known.owed for known in facts.customers] == [usd("-10.00")]
        assert [known.funds for known in facts.accounts] == [usd("20.00")]

    def test_an_amount_comes_back_to_its_last_digit(self) -> None:
        huge = usd("9999999999999.99")
        brought = CreateDistributor("k", MARIA, distributor("west"), -huge)
        repository = self.furnished(brought)
        facts = shown(repository, attrs.evolve(brought, key="look"))
        assert [known.owed for known in facts.distributors] == [-huge]
        assert repository.extract("west", MORNING, MORNING.add(days=1)).opening == -huge

    def test_all_balances_can_be_rebuilt_from_the_journal(self) -> None:
        movements = sale("sale", "20.00"), payment("k"), payment("l", "7.77"), remittance("m", "3.00")
        repository = self.furnished(*movements)
        found = audit(repository.journal(), repository.balance)
        assert (found.entries, found.differing, found.off) == (4, (), ())

    def test_the_balance_of_a_party_is_what_its_entries_left_and_nobody_has_none(self) -> None:
        repository = self.furnished(sale("sale", "20.00"), payment("k", "10.00"))
        for kind, name, kept in _KEPT:
            assert repository.balance(kind(name)) == kept
            assert repository.balance(kind("nobody")) is None

    def test_the_journal_keeps_the_order_of_writing(self) -> None:
        late_night = payment("l", at=MORNING.subtract(days=3))
        repository = self.furnished(payment("k"), late_night, payment("m", by="jersey"), payment("a"))
        assert [entry.key for entry in repository.journal()] == ["k", "l", "m", "a"]

    def test_a_refusal_writes_nothing(self) -> None:
        repository = self.furnished(payment("k", "600.00"))
        before = written(repository)
        refused = repository.transact(sale("sale", "9999.00"), decide)
        assert isinstance(refused, Refused)
        assert written(repository) == before
        assert shown(repository, sale("other", "1.00")).account(NUMBER) is None

    def test_a_rule_that_fails_writes_nothing(self) -> None:
        repository = self.furnished(payment("k"))
        before = written(repository)
        with pytest.raises(PrecisionExceeded):
            repository.transact(payment("l"), failing_at("l"))
        with pytest.raises(PrecisionExceeded):
            repository.transact_many((payment("l"), payment("m")), failing_at("m"))
        assert written(repository) == before
        accept(repository, payment("l", "5.00"))

    # What is answered again

    def test_an_accepted_command_gets_its_first_answer_again_and_is_not_decided_anew(self) -> None:
        repository = self.furnished()
        first = accept(repository, payment("k", "1200.00"))
        accept(repository, remittance("r", "500.00"))
        assert repository.transact(payment("k", "1200.00"), failing_at("k")) == first

    def test_a_repeated_command_writes_nothing(self) -> None:
        repository = self.furnished(payment("k", "600.00"))
        repository.mark_delivered([notice.key for notice in repository.pending_notices()])
        before = written(repository)
        repository.transact(payment("k", "600.00"), decide)
        assert written(repository) == before

    def test_a_refused_command_may_be_tried_again_and_is_decided_afresh(self) -> None:
        repository = self.furnished(payment("k", "1200.00"))
        assert isinstance(repository.transact(payment("l"), decide), Refused)
        accept(repository, remittance("r", "500.00"))
        accept(repository, payment("l"))

    def test_a_refused_key_may_be_used_for_another_command(self) -> None:
        repository = self.furnished(payment("k", "1200.00"))
        assert isinstance(repository.transact(payment("l"), decide), Refused)
        accept(repository, remittance("l", "500.00"))

    def test_a_key_with_other_content_is_an_error_that_names_the_field_and_writes_nothing(self) -> None:
        repository = self.furnished(payment("k"))
        before = written(repository)
        with pytest.raises(KeyReused) as reused:
            repository.transact(payment("k", "10.01"), decide)
        assert (reused.value.key, reused.value.field) == ("k", "amount")
        assert written(repository) == before

    def test_a_key_with_another_kind_of_command_is_an_error_that_writes_nothing(self) -> None:
        repository = self.furnished(payment("k"))
        before = written(repository)
        with pytest.raises(KeyReused):
            repository.transact(remittance("k", "10.00"), decide)
        assert written(repository) == before

    # Many at once

    def test_each_of_many_commands_is_decided_on_what_the_ones_before_it_left(self) -> None:
        one_by_one, together = self.furnished(), self.furnished()
        commands = (
            payment("k", "600.00"),
            payment("l", "600.00"),
            payment("m"),
            remittance("n", "99.00"),
            payment("o"),
        )
        expected = tuple(one_by_one.transact(command, decide) for command in commands)
        assert together.transact_many(commands, decide) == expected
        assert written(together) == written(one_by_one)

    def test_a_refused_one_of_many_stops_none_of_the_others(self) -> None:
        repository = self.furnished()
        nobody = attrs.evolve(payment("l"), customer="nobody")
        decisions = repository.transact_many((payment("k"), nobody, payment("m")), decide)
        assert [type(decision) for decision in decisions] == [Accepted, Refused, Accepted]
        assert [entry.key for entry in repository.journal()] == ["k", "m"]

    def test_of_many_a_command_accepted_before_gets_its_first_answer(self) -> None:
        repository = self.furnished()
        first = accept(repository, payment("k"))
        decisions = repository.transact_many((payment("k"), payment("l"), payment("l")), decide)
        assert decisions[0] == first
        assert decisions[1] == decisions[2]
        assert [entry.key for entry in repository.journal()] == ["k", "l"]

    def test_of_many_none_is_written_if_a_key_is_reused(self) -> None:
        repository = self.furnished(payment("k"))
        before = written(repository)
        for earlier in ("k", "l"):
            with pytest.raises(KeyReused):
                repository.transact_many((payment("l"), payment(earlier, "10.01")), decide)
        assert written(repository) == before

    def test_many_may_be_none(self) -> None:
        assert self.repository().transact_many((), decide) == ()

    # Extracts

    def test_an_extract_holds_the_entries_from_its_start_until_before_its_end(self) -> None:
        start, end = MORNING, MORNING.add(days=1)
        second = pendulum.duration(seconds=1)
        times = {"before": start - second, "first": start, "last": end - second, "after": end}
        repository = self.furnished(*(payment(key, at=at) for key, at in times.items()))
        extract = repository.extract("hudson", start, end)
        assert [entry.key for entry in extract.entries] == ["first", "last"]
        assert extract.opening == usd("9.00")

    def test_an_extract_is_in_the_order_of_the_dates_and_then_of_writing(self) -> None:
        later = MORNING.add(hours=1)
        repository = self.furnished(payment("z", at=later), payment("c"), payment("a"), payment("b"))
        keys = [entry.key for entry in repository.extract("hudson", MORNING, later.add(hours=1)).entries]
        assert keys == ["c", "a", "b", "z"]

    def test_an_extract_holds_the_entries_of_its_distributor_alone(self) -> None:
        repository = self.furnished(payment("k"), payment("l", by="jersey"), payment("m"))
        extract = repository.extract("jersey", MORNING, MORNING.add(days=1))
        assert ([entry.key for entry in extract.entries], extract.opening) == (["l"], usd("0.00"))

    def test_an_extract_of_nobody_is_an_error_of_the_host(self) -> None:
        with pytest.raises(HostError):
            self.furnished().extract("nobody", MORNING, MORNING.add(days=1))

    # Notices

    def test_notices_are_pending_once_their_command_is_accepted(self) -> None:
        repository = self.furnished()
        accepted = accept(repository, payment("k", "1200.00"))
        assert [type(notice) for notice in accepted.notices] == [CreditThresholdCrossed] * 2 + [DistributorSuspended]
        assert tuple(repository.pending_notices()) == accepted.notices

    def test_pending_notices_keep_the_order_of_writing(self) -> None:
        repository = self.furnished(payment("z", "600.00"), payment("l", "600.00", by="jersey"), payment("a", "600.00"))
        assert [notice.key.split("/")[-1] for notice in repository.pending_notices()] == ["z", "l", "a", "a"]

    def test_pending_notices_can_be_those_of_one_distributor(self) -> None:
        repository = self.furnished(payment("k", "600.00"), payment("l", "600.00", by="jersey"))
        assert [notice.distributor for notice in repository.pending_notices("jersey")] == ["jersey"]

    def test_what_is_delivered_is_no_longer_pending_and_all_else_is(self) -> None:
        repository = self.furnished(payment("k", "1200.00"))
        first, *others = repository.pending_notices()
        repository.mark_delivered([first.key, "no such notice"])
        assert list(repository.pending_notices()) == others

    # Races

    def test_a_command_that_meets_another_loses_no_update(self) -> None:
        repository = self.furnished()
        self.meeting(repository, payment("k"), payment("l"))
        assert owed_by_hudson(repository) == usd("18.00")
        assert {entry.key for entry in repository.journal()} == {"k", "l"}

    def test_a_command_that_meets_itself_is_accepted_once(self) -> None:
        repository = self.furnished()
        one, other = self.meeting(repository, payment("k"), payment("k"))
        assert one == other
        assert [entry.key for entry in repository.journal()] == ["k"]

    def test_sales_that_meet_do_not_pass_the_limit_together(self) -> None:
        repository = self.furnished()
        sales = sale("k", "900.00"), sale("l", "900.00", "12125550101")
        decisions = self.meeting(repository, *sales)
        assert sorted(type(decision).__name__ for decision in decisions) == ["Accepted", "Refused"]
        assert owed_by_hudson(repository) == usd("765.00")

    def test_payments_that_meet_warn_once(self) -> None:
        repository = self.furnished()
        self.meeting(repository, payment("k", "600.00"), payment("l", "600.00"))
        told = [type(notice) for notice in repository.pending_notices()]
        assert told == [CreditThresholdCrossed, CreditThresholdCrossed, DistributorSuspended]

    def test_a_crowd_loses_no_update(self) -> None:
        repository = self.furnished()
        crowd = 8 if self.shared_by_threads else 1

        def hammer(worker: int) -> None:
            for number in range(8):
                repository.transact(payment(f"{worker}/{number}", "1.00"), decide)

        with ThreadPoolExecutor(crowd) as threads:
            list(threads.map(hammer, range(8)))
        assert owed_by_hudson(repository) == usd("57.60")
        assert balances(repository.journal())[DistributorLedger("hudson")][USD] == usd("57.60")

    def furnished(self, *commands: Command) -> Repository:
        """Return a repository with two distributors, a customer of each and a quick form, after some more commands."""
        repository = self.repository()
        accept(repository, *FURNITURE, *commands)
        return repository

    def meeting(self, repository: Repository, one: Command, other: Command) -> tuple[Decision, Decision]:
        """Let the other command in between reading and writing of the first one, if the repository lets it."""
        reading, done = Event(), Event()

        def met(command: Command, facts: Facts) -> Decision:
            decision = decide(command, facts)
            if not reading.is_set():
                reading.set()
                done.wait(0.2)
            return decision

        def intrude() -> Decision:
            reading.wait()
            try:
                return repository.transact(other, decide)
            finally:
                done.set()

        if not self.shared_by_threads:
            return repository.transact(one, decide), repository.transact(other, decide)
        with ThreadPoolExecutor(1) as threads:
            intruder = threads.submit(intrude)
            try:
                first = repository.transact(one, met)
            finally:
                reading.set()
            return first, intruder.result()
