"""Every promise on writing bites: repositories that write something else are noticed."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import attrs
import pytest

from distbilling.adapters.memory import MemoryRepository
from distbilling.money import Money
from distbilling.rules.deciding.decision import Refused
from distbilling.rules.deciding.facts import Facts, PeriodVolume
from distbilling.rules.ledger.accounts import AccruedCommission, PrepaidFunds
from distbilling.rules.parties import Account, Administrator, Customer, Distributor
from distbilling.testing.contract.promises.writing import WriteContract


class WritesWhatWasRefused(MemoryRepository):
    def transact(self, command, decide, /) -> Any:
        decision = super().transact(command, decide)
        if isinstance(decision, Refused) and self._tables.entries:
            self._tables.entries["refused"] = next(reversed(self._tables.entries.values()))
        return decision


class WritesTheRecordsButNotTheEntry(MemoryRepository):
    def _write(self, work) -> Any:
        super()._write(work)
        for _, accepted in work.written:
            if any(isinstance(record, Account) for record in accepted.records):
                self._tables.entries.pop(accepted.key, None)


class ForgetsTheComment(MemoryRepository):
    def journal(self) -> Any:
        return (attrs.evolve(entry, comment="") for entry in super().journal())


class ForgetsWhoEarned(MemoryRepository):
    def journal(self) -> Any:
        return (attrs.evolve(entry, split=None) for entry in super().journal())


class ForgetsWhatWasReversed(MemoryRepository):
    def journal(self) -> Any:
        return (attrs.evolve(entry, original=None) for entry in super().journal())


class KeepsTheJournalByDate(MemoryRepository):
    def journal(self) -> Any:
        return iter(sorted(super().journal(), key=attrgetter("at")))


class MovesWhatWasReversedToTheEnd(MemoryRepository):
    def _write(self, work) -> Any:
        super()._write(work)
        for _, accepted in work.written:
            if accepted.entry is not None and accepted.entry.original is not None:
                original = self._tables.entries.pop(accepted.entry.original)
                self._tables.entries[original.entry.key] = original


class ForgetsWhoDidIt(MemoryRepository):
    def journal(self) -> Any:
        return (attrs.evolve(entry, by=Administrator("system")) for entry in super().journal())


class LosesAnEntry(MemoryRepository):
    def journal(self) -> Any:
        return iter(list(super().journal())[:1])


class CountsInFloats(MemoryRepository):
    def _facts(self, commands) -> Any:
        facts = super()._facts(commands)
        distributors = (
            attrs.evolve(known, owed=_float(known.owed)) for known in facts.distributors.values()
        )
        return attrs.evolve(facts, distributors=Facts.of(*distributors).distributors)

    def extract(self, distributor, start, end, /) -> Any:
        extract = super().extract(distributor, start, end)
        return attrs.evolve(extract, opening=_float(extract.opening))


class KeepsNoBalances(MemoryRepository):
    def balance(self, ledger, /) -> Any:
        kept = super().balance(ledger)
        return kept and Money.zero(kept.currency)


class HasABalanceOfNobody(MemoryRepository):
    def balance(self, ledger, /) -> Any:
        return super().balance(ledger) or Money.zero("USD")


class ForgetsThatFundsAreOwed(MemoryRepository):
    def balance(self, ledger, /) -> Any:
        kept = super().balance(ledger)
        return -kept if kept and isinstance(ledger, PrepaidFunds) else kept


class ForgetsThatCommissionIsOwed(MemoryRepository):
    def balance(self, ledger, /) -> Any:
        kept = super().balance(ledger)
        return -kept if kept and isinstance(ledger, AccruedCommission) else kept


class KeepsNoCommissionThatWaits(MemoryRepository):
    def _write(self, work) -> Any:
        super()._write(work)
        for name, known in self._tables.distributors.items():
            self._tables.distributors[name] = attrs.evolve(known, accrued=Money.zero("USD"))


class CountsCommissionThatWaitsAsPaid(MemoryRepository):
    def _facts(self, commands) -> Any:
        facts = super()._facts(commands)
        paid = (
            attrs.evolve(known, owed=known.owed - known.accrued)
            for known in facts.distributors.values()
        )
        return attrs.evolve(facts, distributors=Facts.of(*paid).distributors)


class KeepsNoFunds(MemoryRepository):
    def _write(self, work) -> Any:
        super()._write(work)
        for name, known in self._tables.accounts.items():
            self._tables.accounts[name] = attrs.evolve(known, funds=Money.zero("USD"))


class MovesNoCustomerInAReversal(MemoryRepository):
    def _write(self, work) -> Any:
        before = dict(self._tables.customers)
        super()._write(work)
        for _, accepted in work.written:
            if accepted.entry is not None and accepted.entry.original is not None:
                self._tables.customers.update(before)


class KeepsVolumesBesideTheOldOnes(MemoryRepository):
    def _write(self, work) -> Any:
        before = {name: known.volumes for name, known in self._tables.distributors.items()}
        super()._write(work)
        for name in {volume.distributor for volume in _written(work, PeriodVolume)} & before.keys():
            known = self._tables.distributors[name]
            volumes = dict.fromkeys((*before[name], *known.volumes))
            self._tables.distributors[name] = attrs.evolve(known, volumes=tuple(volumes))


class KeepsTheOldRecord(MemoryRepository):
    def _write(self, work) -> Any:
        before = dict(self._tables.distributors)
        super()._write(work)
        for record in _written(work, Distributor):
            self._tables.distributors[record.id] = before.get(
                record.id, self._tables.distributors[record.id]
            )


class FindsTheOldRecord(MemoryRepository):
    def distributor(self, name, /) -> Any:
        first = self.__dict__.setdefault("first", {})
        found = super().distributor(name)
        return first.setdefault(name, found) if found else None

    def _write(self, work) -> Any:
        super()._write(work)
        for record in _written(work, Distributor):
            self.distributor(record.id)


class StartsAChangedDistributorAfresh(MemoryRepository):
    def _write(self, work) -> Any:
        known_before = set(self._tables.distributors)
        super()._write(work)
        for record in _written(work, Distributor):
            if record.id in known_before:
                known = self._tables.distributors[record.id]
                self._tables.distributors[record.id] = attrs.evolve(known, owed=Money.zero("USD"))


class StartsATransferredCustomerAfresh(MemoryRepository):
    def _write(self, work) -> Any:
        known_before = set(self._tables.customers)
        super()._write(work)
        for record in _written(work, Customer):
            if record.id in known_before:
                known = self._tables.customers[record.id]
                self._tables.customers[record.id] = attrs.evolve(known, owed=Money.zero("USD"))


class WritesAFailedReversalNextToItsOriginal(MemoryRepository):
    def transact_many(self, commands, decide, /) -> Any:
        try:
            return super().transact_many(commands, decide)
        except Exception:
            for key in (
                key for command in commands for key in command.reads.entries if len(commands) > 1
            ):
                known = self._tables.entries[key]
                self._tables.entries[key] = attrs.evolve(known, amendments=(known.entry,))
            raise


def _float(amount) -> Any:
    return (
        Money(f"{float(amount.amount):.2f}", amount.currency)
        if abs(amount) < Money("1000000", "USD")
        else -amount
    )


def _written(work, kind) -> Any:
    return [
        record
        for _, accepted in work.written
        for record in accepted.records
        if isinstance(record, kind)
    ]


NOTICED_BY: Any = {
    WritesWhatWasRefused: {
        "a_refusal_writes_nothing",
        "each_of_many_commands_is_decided_on_what_the_ones_before_it_left",
        "of_many_a_reversal_finds_what_was_booked_before_it",
        "sales_that_meet_do_not_pass_the_limit_together",
    },
    WritesTheRecordsButNotTheEntry: {
        "all_balances_can_be_rebuilt_from_the_journal",
        "an_accepted_entry_is_in_the_journal_as_it_was_decided",
        "an_entry_comes_with_the_customer_or_the_account_that_it_credits",
        "sales_that_meet_do_not_pass_the_limit_together",
        "the_volume_of_the_period_of_an_entry_comes_with_the_entry",
    },
    ForgetsTheComment: {
        "an_accepted_entry_is_in_the_journal_as_it_was_decided",
    },
    ForgetsWhoEarned: {
        "an_accepted_entry_is_in_the_journal_as_it_was_decided",
    },
    ForgetsWhatWasReversed: {
        "an_accepted_entry_is_in_the_journal_as_it_was_decided",
    },
    KeepsTheJournalByDate: {
        "an_accepted_entry_is_in_the_journal_as_it_was_decided",
        "the_journal_keeps_the_order_of_writing",
    },
    MovesWhatWasReversedToTheEnd: {
        "an_accepted_entry_is_in_the_journal_as_it_was_decided",
        "the_journal_keeps_the_order_of_writing",
    },
    ForgetsWhoDidIt: {
        "an_accepted_entry_is_in_the_journal_as_it_was_decided",
        "the_journal_says_who_gave_each_command",
    },
    LosesAnEntry: {
        "a_command_that_meets_another_loses_no_update",
        "a_refused_one_of_many_stops_none_of_the_others",
        "all_balances_can_be_rebuilt_from_the_journal",
        "an_accepted_entry_is_in_the_journal_as_it_was_decided",
        "of_many_a_command_accepted_before_gets_its_first_answer",
        "the_journal_keeps_the_order_of_writing",
    },
    CountsInFloats: {
        "an_amount_comes_back_to_its_last_digit",
    },
    KeepsNoBalances: {
        "a_correction_that_meets_a_reversal_is_made_before_it_or_not_at_all",
        "all_balances_can_be_rebuilt_from_the_journal",
        "commission_that_is_credited_twice_at_once_is_credited_once",
        "payments_that_meet_further_up_the_chain_lose_no_update",
        "payments_that_meet_see_the_volume_of_each_other",
        "reversals_that_meet_give_back_no_more_than_remains",
        "the_balance_of_a_party_is_what_its_entries_left_and_nobody_has_none",
    },
    HasABalanceOfNobody: {
        "the_balance_of_a_party_is_what_its_entries_left_and_nobody_has_none",
    },
    ForgetsThatFundsAreOwed: {
        "all_balances_can_be_rebuilt_from_the_journal",
        "the_balance_of_a_party_is_what_its_entries_left_and_nobody_has_none",
    },
    ForgetsThatCommissionIsOwed: {
        "payments_that_meet_see_the_volume_of_each_other",
        "the_balance_of_a_party_is_what_its_entries_left_and_nobody_has_none",
    },
    KeepsNoCommissionThatWaits: {
        "all_balances_can_be_rebuilt_from_the_journal",
        "an_accepted_entry_is_in_the_journal_as_it_was_decided",
        "commission_that_is_credited_twice_at_once_is_credited_once",
        "payments_that_meet_see_the_volume_of_each_other",
        "the_balance_of_a_party_is_what_its_entries_left_and_nobody_has_none",
        "the_next_command_sees_the_commission_that_waits_for_settlement",
    },
    CountsCommissionThatWaitsAsPaid: {
        "all_balances_can_be_rebuilt_from_the_journal",
        "commission_that_is_credited_twice_at_once_is_credited_once",
        "of_many_a_command_is_shown_the_records_that_the_ones_before_it_stored",
        "the_next_command_sees_the_commission_that_waits_for_settlement",
        "what_a_party_owes_outlives_a_change_of_its_record",
    },
    KeepsNoFunds: {
        "all_balances_can_be_rebuilt_from_the_journal",
        "an_entry_comes_with_the_customer_or_the_account_that_it_credits",
        "the_balance_of_a_party_is_what_its_entries_left_and_nobody_has_none",
        "the_next_command_sees_the_balances_that_the_entries_left",
        "what_a_party_owes_outlives_a_change_of_its_record",
    },
    MovesNoCustomerInAReversal: {
        "a_correction_that_meets_a_reversal_is_made_before_it_or_not_at_all",
        "all_balances_can_be_rebuilt_from_the_journal",
        "of_many_a_reversal_finds_what_was_booked_before_it",
        "reversals_that_meet_give_back_no_more_than_remains",
    },
    KeepsVolumesBesideTheOldOnes: {
        "a_record_takes_the_place_of_the_one_before_it",
        "each_of_many_commands_is_decided_on_what_the_ones_before_it_left",
        "of_many_a_command_is_shown_the_records_that_the_ones_before_it_stored",
        "of_many_a_reversal_finds_what_was_booked_before_it",
    },
    KeepsTheOldRecord: {
        "a_record_takes_the_place_of_the_one_before_it",
        "all_that_are_directly_below_a_distributor_are_shown_and_no_others",
        "an_entry_comes_with_the_distributors_that_earn_of_it_wherever_they_are_now",
        "changes_of_one_record_that_meet_are_both_made",
        "of_many_a_command_is_shown_the_records_that_the_ones_before_it_stored",
        "those_above_a_distributor_are_those_that_are_there_now",
        "transfers_that_meet_make_no_circle",
    },
    FindsTheOldRecord: {
        "a_record_takes_the_place_of_the_one_before_it",
        "a_subdistributor_that_arrives_while_terms_change_earns_no_more_than_its_parent",
        "changes_of_one_record_that_meet_are_both_made",
        "transfers_that_meet_make_no_circle",
    },
    StartsAChangedDistributorAfresh: {
        "what_a_party_owes_outlives_a_change_of_its_record",
    },
    StartsATransferredCustomerAfresh: {
        "what_a_party_owes_outlives_a_change_of_its_record",
    },
    WritesAFailedReversalNextToItsOriginal: {
        "a_rule_that_fails_writes_nothing",
    },
}


@pytest.mark.parametrize(
    ("saboteur", "expected"), NOTICED_BY.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_a_broken_promise_is_noticed_by_the_tests_that_should_and_by_no_others(
    saboteur, expected, check_noticed
):
    check_noticed(saboteur, expected)


def test_every_promise_on_what_is_written_has_a_saboteur(promises_of):
    assert promises_of(WriteContract) <= set().union(*NOTICED_BY.values())
