"""Does every promise of a repository bite? Repositories that break one each, and the promises that notice."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import attrs
import pytest

from distbilling.adapters.memory import MemoryRepository
from distbilling.errors import KeyReused
from distbilling.money import Money
from distbilling.rules.commands.activate_account import ActivateAccount
from distbilling.rules.commands.record_payment import RecordPayment
from distbilling.rules.decision import Refused
from distbilling.rules.facts import CustomerFacts, Facts
from distbilling.rules.journal import PrepaidFunds
from distbilling.rules.parties import Administrator, Preferences
from distbilling.rules.statement import Extract
from distbilling.testing.contract import RepositoryContract

DID = "12125550199"


class LosesNotices(MemoryRepository):
    def _write(self, work) -> Any:
        super()._write(work)
        self._outbox.clear()


class ForgetsKeys(MemoryRepository):
    def _write(self, work) -> Any:
        super()._write(work)
        for command, _ in work.written:
            del self._answers[command.key]


class DecidesARepeatedCommandAnew(MemoryRepository):
    def transact(self, command, decide, /) -> Any:
        decision = super().transact(command, decide)
        known, _ = self._answers.get(command.key, (None, None))
        if known is not None:
            decide(command, self._facts((command,)))
        return decision


class WritesTheNoticesOfARepeatedCommandAgain(MemoryRepository):
    def transact(self, command, decide, /) -> Any:
        decision = super().transact(command, decide)
        self._outbox.update((notice.key, notice) for notice in decision.notices)
        return decision


class AnswersARepeatedCommandWithoutItsNotices(MemoryRepository):
    def transact(self, command, decide, /) -> Any:
        known = command.key in self._answers
        decision: Any = super().transact(command, decide)
        return attrs.evolve(decision, notices=()) if known else decision


class AnswersAnyCommandOfAKnownKey(MemoryRepository):
    def transact(self, command, decide, /) -> Any:
        try:
            return super().transact(command, decide)
        except KeyReused:
            return self._answers[command.key][1]


class NamesNoField(MemoryRepository):
    def transact(self, command, decide, /) -> Any:
        try:
            return super().transact(command, decide)
        except KeyReused as reused:
            raise KeyReused(reused.key, "content") from None


class TakesTheOtherKindOfCommandForTheSame(MemoryRepository):
    def transact(self, command, decide, /) -> Any:
        known, answer = self._answers.get(command.key, (command, None))
        return super().transact(command, decide) if type(known) is type(command) else answer


class KeepsRefusals(MemoryRepository):
    def transact(self, command, decide, /) -> Any:
        refusals = self.__dict__.setdefault("refusals", {})
        if command.key in refusals:
            return refusals[command.key]
        decision = super().transact(command, decide)
        if isinstance(decision, Refused):
            refusals[command.key] = decision
        return decision


class PinsARefusedKeyToItsCommand(MemoryRepository):
    def transact(self, command, decide, /) -> Any:
        pinned = self.__dict__.setdefault("pinned", {})
        if pinned.setdefault(command.key, command) != command:
            raise KeyReused(command.key, "command")
        return super().transact(command, decide)


class WritesWhatWasRefused(MemoryRepository):
    def transact(self, command, decide, /) -> Any:
        decision = super().transact(command, decide)
        if isinstance(decision, Refused) and self._journal:
            self._journal.append(self._journal[-1])
        return decision


class WritesTheRecordsButNotTheEntry(MemoryRepository):
    def _write(self, work) -> Any:
        journal = list(self._journal)
        super()._write(work)
        if any(accepted.records and accepted.entry for _, accepted in work.written):
            self._journal = journal


class LosesTheFiftiethEntry(MemoryRepository):
    def _write(self, work) -> Any:
        super()._write(work)
        del self._journal[49:50]


class WritesManyOneByOne(MemoryRepository):
    def transact_many(self, commands, decide, /) -> Any:
        return tuple(super(WritesManyOneByOne, self).transact_many((command,), decide)[0] for command in commands)


class DecidesManyOnTheSameFacts(MemoryRepository):
    def transact_many(self, commands, decide, /) -> Any:
        if len(commands) == 1:
            return super().transact_many(commands, decide)
        facts = self._facts(commands)
        return super().transact_many(commands, lambda command, _: decide(command, facts))


class StopsAtARefusal(MemoryRepository):
    def transact_many(self, commands, decide, /) -> Any:
        decisions: list[Any] = []
        for command in commands:
            decisions += super().transact_many((command,), decide)
            if isinstance(decisions[-1], Refused):
                break
        return tuple(decisions)


class CannotDoNothing(MemoryRepository):
    def transact_many(self, commands, decide, /) -> Any:
        assert commands
        return super().transact_many(commands, decide)


class ChecksNothingBeforeItWrites(MemoryRepository):
    def _unmoved(self, work, commands) -> Any:
        return True


class ChecksOnlyTheKeysBeforeItWrites(MemoryRepository):
    def _unmoved(self, work, commands) -> Any:
        return all(command.key not in self._answers or command.key in work.answers for command in commands)


class ForgetsTheComment(MemoryRepository):
    def journal(self) -> Any:
        return (attrs.evolve(entry, comment="") for entry in super().journal())


class KeepsTheJournalByDate(MemoryRepository):
    def journal(self) -> Any:
        return iter(sorted(super().journal(), key=attrgetter("at")))


class LosesAnEntry(MemoryRepository):
    def journal(self) -> Any:
        return iter(list(super().journal())[:1])


class CountsInFloats(MemoryRepository):
    def _facts(self, commands) -> Any:
        facts = super()._facts(commands)
        return attrs.evolve(facts, distributors=tuple(map(_through_a_float, facts.distributors)))

    def extract(self, distributor, start, end, /) -> Any:
        extract = super().extract(distributor, start, end)
        return attrs.evolve(extract, opening=_float(extract.opening))


class ShowsStaleCustomers(MemoryRepository):
    def _facts(self, commands) -> Any:
        facts = super()._facts(commands)
        stale = (CustomerFacts(known.customer, Money.zero(known.customer.currency)) for known in facts.customers)
        return attrs.evolve(facts, customers=tuple(stale))

    def _unmoved(self, work, commands) -> Any:
        return True


class RaisesForANameThatNobodyHas(MemoryRepository):
    def _facts(self, commands) -> Any:
        for command in commands:
            if isinstance(command, RecordPayment) and command.customer not in self._customers:
                raise LookupError(command.customer)
        return super()._facts(commands)


class ShowsTheAccountAlone(MemoryRepository):
    def _facts(self, commands) -> Any:
        facts = super()._facts(commands)
        return (
            Facts(accounts=facts.accounts)
            if any(isinstance(command, ActivateAccount) for command in commands)
            else facts
        )


class ShowsTheCustomerAlone(MemoryRepository):
    def _facts(self, commands) -> Any:
        facts = super()._facts(commands)
        by_the_office = all(isinstance(command.by, Administrator) for command in commands)
        payment = any(isinstance(command, RecordPayment) for command in commands)
        return attrs.evolve(facts, distributors=()) if payment and by_the_office else facts


class ShowsEverybody(MemoryRepository):
    def _facts(self, commands) -> Any:
        facts = super()._facts(commands)
        others = (known for known in self._distributors.values() if known not in facts.distributors)
        return attrs.evolve(facts, distributors=(*facts.distributors, *others)) if facts.customers else facts


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


class KnowsNoInventory(MemoryRepository):
    def _facts(self, commands) -> Any:
        return attrs.evolve(super()._facts(commands), inventory=frozenset())


class TakesEveryNumberForOneOfTheInventory(MemoryRepository):
    def _facts(self, commands) -> Any:
        numbers = {number for command in commands for number in command.reads.numbers}
        return attrs.evolve(super()._facts(commands), inventory=frozenset(numbers))


class ForgetsPreferences(MemoryRepository):
    def _facts(self, commands) -> Any:
        facts = super()._facts(commands)
        return attrs.evolve(facts, distributors=tuple(map(_without_preferences, facts.distributors)))


class FindsADistributorWithoutItsPreferences(MemoryRepository):
    def distributor(self, name, /) -> Any:
        found = super().distributor(name)
        return None if found is None else attrs.evolve(found, preferences=Preferences())


class ExtractsTheEndToo(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        return super().extract(distributor, start, end.add(microseconds=1))


class ExtractsWithoutTheStart(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        return super().extract(distributor, start.add(microseconds=1), end)


class OpensEveryExtractWithNothing(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        extract = super().extract(distributor, start, end)
        return attrs.evolve(extract, opening=Money.zero(extract.opening.currency))


class ExtractsInTheOrderOfWriting(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        extract = super().extract(distributor, start, end)
        return attrs.evolve(extract, entries=tuple(entry for entry in self.journal() if entry in extract.entries))


class ExtractsInTheOrderOfKeys(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        extract = super().extract(distributor, start, end)
        return attrs.evolve(extract, entries=tuple(sorted(extract.entries, key=attrgetter("at", "key"))))


class ExtractsEverybody(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        extract = super().extract(distributor, start, end)
        return attrs.evolve(extract, entries=tuple(entry for entry in self.journal() if start <= entry.at < end))


class ExtractsNothingOfNobody(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        if distributor not in self._distributors:
            return Extract(Money.zero("USD"), ())
        return super().extract(distributor, start, end)


class KeepsNoticesByDistributor(MemoryRepository):
    def pending_notices(self, distributor=None, /) -> Any:
        return tuple(sorted(super().pending_notices(distributor), key=attrgetter("distributor")))


class KeepsNoticesByKey(MemoryRepository):
    def pending_notices(self, distributor=None, /) -> Any:
        return tuple(sorted(super().pending_notices(distributor), key=attrgetter("key")))


class GivesTheNoticesOfAll(MemoryRepository):
    def pending_notices(self, distributor=None, /) -> Any:
        return super().pending_notices()


class MarksAllDelivered(MemoryRepository):
    def mark_delivered(self, keys, /) -> Any:
        super().mark_delivered([notice.key for notice in self.pending_notices()])


class MarksNoneDelivered(MemoryRepository):
    def mark_delivered(self, keys, /) -> Any:
        pass


class StumblesOverAKeyThatIsNotPending(MemoryRepository):
    def mark_delivered(self, keys, /) -> Any:
        for key in keys:
            del self._outbox[key]


def _float(amount) -> Any:
    return Money(f"{float(amount.amount):.2f}", amount.currency) if abs(amount) < Money("1000000", "USD") else -amount


def _through_a_float(known) -> Any:
    return attrs.evolve(known, owed=_float(known.owed))


def _without_preferences(known) -> Any:
    return attrs.evolve(known, distributor=attrs.evolve(known.distributor, preferences=Preferences()))


MAY_MEET = {"a_crowd_loses_no_update"}  # a crowd finds some of the races, some of the times
PROMISES = sorted(name for name in dir(RepositoryContract) if name.startswith("test_"))


def broken_promises(repository) -> Any:
    class Contract(RepositoryContract):
        number_in_inventory = DID

        def repository(self) -> Any:
            return repository(inventory={DID})

    broken = []
    for promise in PROMISES:
        try:
            getattr(Contract(), promise)()
        except (Exception, pytest.fail.Exception):  # noqa: BLE001 - however it is noticed
            broken.append(promise.removeprefix("test_"))
    return broken


NOTICED_BY = {
    LosesNotices: {
        "notices_are_pending_once_their_command_is_accepted",
        "payments_that_meet_warn_once",
        "pending_notices_can_be_those_of_one_distributor",
        "pending_notices_keep_the_order_of_writing",
        "what_is_delivered_is_no_longer_pending_and_all_else_is",
    },
    ForgetsKeys: {
        "a_command_that_meets_itself_is_accepted_once",
        "a_key_with_another_kind_of_command_is_an_error_that_writes_nothing",
        "a_key_with_other_content_is_an_error_that_names_the_field_and_writes_nothing",
        "a_repeated_command_writes_nothing",
        "an_accepted_command_gets_its_first_answer_again_and_is_not_decided_anew",
        "of_many_a_command_accepted_before_gets_its_first_answer",
        "of_many_none_is_written_if_a_key_is_reused",
    },
    DecidesARepeatedCommandAnew: {"an_accepted_command_gets_its_first_answer_again_and_is_not_decided_anew"},
    WritesTheNoticesOfARepeatedCommandAgain: {"a_repeated_command_writes_nothing"},
    AnswersARepeatedCommandWithoutItsNotices: {
        "an_accepted_command_gets_its_first_answer_again_and_is_not_decided_anew"
    },
    AnswersAnyCommandOfAKnownKey: {
        "a_key_with_another_kind_of_command_is_an_error_that_writes_nothing",
        "a_key_with_other_content_is_an_error_that_names_the_field_and_writes_nothing",
    },
    NamesNoField: {"a_key_with_other_content_is_an_error_that_names_the_field_and_writes_nothing"},
    TakesTheOtherKindOfCommandForTheSame: {"a_key_with_another_kind_of_command_is_an_error_that_writes_nothing"},
    KeepsRefusals: {
        "a_refused_command_may_be_tried_again_and_is_decided_afresh",
        "a_refused_key_may_be_used_for_another_command",
    },
    PinsARefusedKeyToItsCommand: {
        "a_key_with_other_content_is_an_error_that_names_the_field_and_writes_nothing",
        "a_number_in_the_inventory_is_told_from_others",
        "a_refused_key_may_be_used_for_another_command",
        "a_rule_that_fails_writes_nothing",
    },
    WritesWhatWasRefused: {
        "a_refusal_writes_nothing",
        "each_of_many_commands_is_decided_on_what_the_ones_before_it_left",
        "sales_that_meet_do_not_pass_the_limit_together",
    },
    WritesTheRecordsButNotTheEntry: {
        "all_balances_can_be_rebuilt_from_the_journal",
        "sales_that_meet_do_not_pass_the_limit_together",
    },
    LosesTheFiftiethEntry: {"a_crowd_loses_no_update"},
    WritesManyOneByOne: {"a_rule_that_fails_writes_nothing", "of_many_none_is_written_if_a_key_is_reused"},
    DecidesManyOnTheSameFacts: {"each_of_many_commands_is_decided_on_what_the_ones_before_it_left"},
    StopsAtARefusal: {
        "a_refused_one_of_many_stops_none_of_the_others",
        "a_rule_that_fails_writes_nothing",
        "each_of_many_commands_is_decided_on_what_the_ones_before_it_left",
        "of_many_none_is_written_if_a_key_is_reused",
    },
    CannotDoNothing: {"many_may_be_none"},
    ChecksNothingBeforeItWrites: {
        "a_command_that_meets_another_loses_no_update",
        "a_command_that_meets_itself_is_accepted_once",
        "payments_that_meet_warn_once",
        "sales_that_meet_do_not_pass_the_limit_together",
    },
    ChecksOnlyTheKeysBeforeItWrites: {
        "a_command_that_meets_another_loses_no_update",
        "payments_that_meet_warn_once",
        "sales_that_meet_do_not_pass_the_limit_together",
    },
    ForgetsTheComment: {"an_accepted_entry_is_in_the_journal_as_it_was_decided"},
    KeepsTheJournalByDate: {"the_journal_keeps_the_order_of_writing"},
    LosesAnEntry: {
        "a_command_that_meets_another_loses_no_update",
        "a_refused_one_of_many_stops_none_of_the_others",
        "all_balances_can_be_rebuilt_from_the_journal",
        "of_many_a_command_accepted_before_gets_its_first_answer",
        "the_journal_keeps_the_order_of_writing",
    },
    CountsInFloats: {"an_amount_comes_back_to_its_last_digit"},
    ShowsStaleCustomers: {
        "a_command_that_meets_another_loses_no_update",
        "a_command_that_meets_itself_is_accepted_once",
        "all_balances_can_be_rebuilt_from_the_journal",
        "payments_that_meet_warn_once",
        "sales_that_meet_do_not_pass_the_limit_together",
        "the_next_command_sees_the_balances_that_the_entries_left",
    },
    RaisesForANameThatNobodyHas: {
        "a_name_that_nobody_has_is_answered_by_absence",
        "a_refused_one_of_many_stops_none_of_the_others",
    },
    ShowsTheAccountAlone: {"an_account_comes_with_its_customer_and_its_distributor"},
    ShowsTheCustomerAlone: {"a_customer_comes_with_its_distributor"},
    ShowsEverybody: {
        "a_command_that_meets_another_loses_no_update",
        "a_record_comes_back_as_it_was_written",
        "nobody_else_is_shown",
        "sales_that_meet_do_not_pass_the_limit_together",
        "the_next_command_sees_the_balances_that_the_entries_left",
    },
    KeepsNoBalances: {
        "all_balances_can_be_rebuilt_from_the_journal",
        "the_balance_of_a_party_is_what_its_entries_left_and_nobody_has_none",
    },
    HasABalanceOfNobody: {"the_balance_of_a_party_is_what_its_entries_left_and_nobody_has_none"},
    ForgetsThatFundsAreOwed: {
        "all_balances_can_be_rebuilt_from_the_journal",
        "the_balance_of_a_party_is_what_its_entries_left_and_nobody_has_none",
    },
    KnowsNoInventory: {"a_number_in_the_inventory_is_told_from_others"},
    TakesEveryNumberForOneOfTheInventory: {"a_number_in_the_inventory_is_told_from_others"},
    ForgetsPreferences: {"a_distributor_is_found_by_its_name", "a_record_comes_back_as_it_was_written"},
    FindsADistributorWithoutItsPreferences: {"a_distributor_is_found_by_its_name"},
    ExtractsTheEndToo: {"an_extract_holds_the_entries_from_its_start_until_before_its_end"},
    ExtractsWithoutTheStart: {
        "an_extract_holds_the_entries_from_its_start_until_before_its_end",
        "an_extract_holds_the_entries_of_its_distributor_alone",
        "an_extract_is_in_the_order_of_the_dates_and_then_of_writing",
    },
    OpensEveryExtractWithNothing: {
        "an_amount_comes_back_to_its_last_digit",
        "an_extract_holds_the_entries_from_its_start_until_before_its_end",
    },
    ExtractsInTheOrderOfWriting: {"an_extract_is_in_the_order_of_the_dates_and_then_of_writing"},
    ExtractsInTheOrderOfKeys: {"an_extract_is_in_the_order_of_the_dates_and_then_of_writing"},
    ExtractsEverybody: {
        "an_extract_holds_the_entries_of_its_distributor_alone",
        "an_extract_is_in_the_order_of_the_dates_and_then_of_writing",
    },
    ExtractsNothingOfNobody: {"an_extract_of_nobody_is_an_error_of_the_host"},
    KeepsNoticesByDistributor: {"pending_notices_keep_the_order_of_writing"},
    KeepsNoticesByKey: {
        "notices_are_pending_once_their_command_is_accepted",
        "payments_that_meet_warn_once",
        "pending_notices_keep_the_order_of_writing",
    },
    GivesTheNoticesOfAll: {"pending_notices_can_be_those_of_one_distributor"},
    MarksAllDelivered: {"what_is_delivered_is_no_longer_pending_and_all_else_is"},
    MarksNoneDelivered: {"what_is_delivered_is_no_longer_pending_and_all_else_is"},
    StumblesOverAKeyThatIsNotPending: {"what_is_delivered_is_no_longer_pending_and_all_else_is"},
}


@pytest.mark.parametrize(("saboteur", "expected"), NOTICED_BY.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_broken_promise_is_noticed_by_the_tests_that_should_and_by_no_others(saboteur, expected):
    noticed = set(broken_promises(saboteur))
    assert noticed | MAY_MEET == expected | MAY_MEET
    assert noticed >= expected


def test_every_promise_has_a_saboteur():
    assert set().union(*NOTICED_BY.values()) == {promise.removeprefix("test_") for promise in PROMISES}


def test_the_honest_repository_breaks_no_promise():
    assert broken_promises(MemoryRepository) == []
