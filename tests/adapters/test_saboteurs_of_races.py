"""Every promise on races bites: repositories that check too little are noticed."""

from __future__ import annotations

from operator import attrgetter
from threading import local
from typing import Any

import attrs
import pytest

from distbilling.adapters.memory import MemoryRepository
from distbilling.rules.deciding.decision import Refused
from distbilling.rules.deciding.facts import Facts
from distbilling.testing.contract.promises.races import RaceContract

NAMES: Any = {
    "distributors": attrgetter("distributor.id"),
    "customers": attrgetter("customer.id"),
    "accounts": attrgetter("account.id"),
    "forms": attrgetter("id"),
    "entries": attrgetter("entry.key"),
}


class ChecksNothingBeforeItWrites(MemoryRepository):
    def _unmoved(self, work, commands) -> Any:
        return True


class LooksForKeysBeforehand(MemoryRepository):
    def transact_many(self, commands, decide, /) -> Any:
        self.__dict__.setdefault("seen", local()).answers = dict(self._answers)
        return super().transact_many(commands, decide)

    def _begun(self, commands) -> Any:
        work = super()._begun(commands)
        answers = {
            key: answer
            for key, answer in work.answers.items()
            if key in self.__dict__["seen"].answers
        }
        return type(work)(work.facts, answers, work.begun_after)


class ChecksOnlyTheKeysBeforeItWrites(MemoryRepository):
    def _unmoved(self, work, commands) -> Any:
        return _keys_unmoved(self, work, commands)


class ChecksOnlyWhatItWrites(MemoryRepository):
    """As versions do where only a row that is written looks at its own."""

    def _unmoved(self, work, commands) -> Any:
        now = self._begun(commands)
        if not _keys_unmoved(self, work, commands):
            return False
        for kind in NAMES:
            were, are, left = (
                _by_name(facts, kind) for facts in (work.facts, now.facts, work.left)
            )
            changed = [name for name, known in left.items() if known is not were.get(name)]
            if any(were.get(name) is not are.get(name) for name in changed):
                return False
        return True


class ChecksOnlyWhatItFound(MemoryRepository):
    """As row locks do: what was not there could not be locked."""

    def _unmoved(self, work, commands) -> Any:
        now = self._begun(commands)
        if not _keys_unmoved(self, work, commands):
            return False
        for kind in NAMES:
            were, are = (_by_name(facts, kind) for facts in (work.facts, now.facts))
            if any(known is not are.get(name) for name, known in were.items()):
                return False
        return True


class ReadsBeforehand(MemoryRepository):
    """Reads something before its transaction, and not again when it decides again."""

    def transact_many(self, commands, decide, /) -> Any:
        first: dict[str, Any] = {}

        def decide_on_what_was_read_first(command, facts) -> Any:
            return decide(command, self.stale(facts, first.setdefault(command.key, facts)))

        return super().transact_many(commands, decide_on_what_was_read_first)

    def stale(self, facts, first) -> Any:
        raise NotImplementedError


class ReadsStandingsBeforehand(ReadsBeforehand):
    def stale(self, facts, first) -> Any:
        return _with_those_of(first, facts, "standing")


class ReadsVolumesBeforehand(ReadsBeforehand):
    def stale(self, facts, first) -> Any:
        return _with_those_of(first, facts, "volumes")


class ReadsCommissionBeforehand(ReadsBeforehand):
    def stale(self, facts, first) -> Any:
        return _with_those_of(first, facts, "accrued")


class ReadsEntriesBeforehand(ReadsBeforehand):
    def stale(self, facts, first) -> Any:
        return attrs.evolve(facts, entries=first.entries)


class ReadsAccountsBeforehand(ReadsBeforehand):
    def stale(self, facts, first) -> Any:
        return attrs.evolve(facts, accounts=first.accounts)


class ReadsWhoIsBelowBeforehand(ReadsBeforehand):
    def stale(self, facts, first) -> Any:
        there = {known.distributor.id for known in first.distributors.values()}
        known = (known for known in facts.distributors.values() if known.distributor.id in there)
        return attrs.evolve(facts, distributors=Facts.of(*known).distributors)


class LosesTheFiftiethEntry(MemoryRepository):
    def journal(self) -> Any:
        entries = list(super().journal())
        return iter(entries[:49] + entries[50:])


class AcceptsAReversalThatItRefused(MemoryRepository):
    def transact(self, command, decide, /) -> Any:
        decision = super().transact(command, decide)
        return (
            self._answers["0"][1]
            if isinstance(decision, Refused) and "0" in self._answers
            else decision
        )


def _keys_unmoved(repository, work, commands) -> Any:
    return all(
        command.key not in repository._answers or command.key in work.answers
        for command in commands
    )


def _by_name(facts, kind) -> Any:
    return getattr(facts, kind)


def _with_those_of(first, facts, field) -> Any:
    read = {known.distributor.id: getattr(known, field) for known in first.distributors.values()}
    distributors = (
        attrs.evolve(known, **{field: read.get(known.distributor.id, getattr(known, field))})
        for known in facts.distributors.values()
    )
    return attrs.evolve(facts, distributors=Facts.of(*distributors).distributors)


NOTICED_BY: Any = {
    ChecksNothingBeforeItWrites: {
        "a_command_that_meets_another_loses_no_update",
        "a_correction_that_meets_a_reversal_is_made_before_it_or_not_at_all",
        "a_subdistributor_that_arrives_while_terms_change_earns_no_more_than_its_parent",
        "an_account_that_is_added_while_its_customer_is_transferred_is_not_left_behind",
        "changes_of_one_record_that_meet_are_both_made",
        "commission_that_is_credited_twice_at_once_is_credited_once",
        "payments_that_meet_further_up_the_chain_lose_no_update",
        "payments_that_meet_see_the_volume_of_each_other",
        "payments_that_meet_warn_once",
        "reversals_that_meet_give_back_no_more_than_remains",
        "sales_that_meet_do_not_pass_the_limit_together",
        "transfers_that_meet_make_no_circle",
    },
    LooksForKeysBeforehand: {
        "a_command_that_meets_itself_is_accepted_once",
    },
    ChecksOnlyTheKeysBeforeItWrites: {
        "a_command_that_meets_another_loses_no_update",
        "a_correction_that_meets_a_reversal_is_made_before_it_or_not_at_all",
        "a_subdistributor_that_arrives_while_terms_change_earns_no_more_than_its_parent",
        "an_account_that_is_added_while_its_customer_is_transferred_is_not_left_behind",
        "changes_of_one_record_that_meet_are_both_made",
        "commission_that_is_credited_twice_at_once_is_credited_once",
        "payments_that_meet_further_up_the_chain_lose_no_update",
        "payments_that_meet_see_the_volume_of_each_other",
        "payments_that_meet_warn_once",
        "reversals_that_meet_give_back_no_more_than_remains",
        "sales_that_meet_do_not_pass_the_limit_together",
        "transfers_that_meet_make_no_circle",
    },
    ChecksOnlyWhatItWrites: {
        "a_subdistributor_that_arrives_while_terms_change_earns_no_more_than_its_parent",
        "an_account_that_is_added_while_its_customer_is_transferred_is_not_left_behind",
        "transfers_that_meet_make_no_circle",
    },
    ChecksOnlyWhatItFound: {
        "a_subdistributor_that_arrives_while_terms_change_earns_no_more_than_its_parent",
        "an_account_that_is_added_while_its_customer_is_transferred_is_not_left_behind",
    },
    ReadsStandingsBeforehand: {
        "payments_that_meet_further_up_the_chain_lose_no_update",
    },
    ReadsVolumesBeforehand: {
        "payments_that_meet_further_up_the_chain_lose_no_update",
        "payments_that_meet_see_the_volume_of_each_other",
    },
    ReadsCommissionBeforehand: {
        "commission_that_is_credited_twice_at_once_is_credited_once",
    },
    ReadsEntriesBeforehand: {
        "a_correction_that_meets_a_reversal_is_made_before_it_or_not_at_all",
        "reversals_that_meet_give_back_no_more_than_remains",
    },
    ReadsAccountsBeforehand: {
        "an_account_that_is_added_while_its_customer_is_transferred_is_not_left_behind",
    },
    ReadsWhoIsBelowBeforehand: {
        "a_subdistributor_that_arrives_while_terms_change_earns_no_more_than_its_parent",
    },
    LosesTheFiftiethEntry: {
        "a_crowd_loses_no_update",
    },
    AcceptsAReversalThatItRefused: {
        "a_crowd_gives_back_what_there_is_and_no_more",
    },
}


@pytest.mark.parametrize(
    ("saboteur", "expected"), NOTICED_BY.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_a_broken_promise_is_noticed_by_the_tests_that_should_and_by_no_others(
    saboteur, expected, check_noticed
):
    check_noticed(saboteur, expected)


def test_every_promise_on_races_has_a_saboteur(promises_of):
    assert promises_of(RaceContract) <= set().union(*NOTICED_BY.values())
