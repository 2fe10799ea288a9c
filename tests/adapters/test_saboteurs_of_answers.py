"""Every promise on repeated commands and batches bites: broken repositories are noticed."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from distbilling.adapters.memory import MemoryRepository
from distbilling.errors import KeyReused
from distbilling.rules.deciding.decision import Refused
from distbilling.testing.contract.promises.batches import BatchContract
from distbilling.testing.contract.promises.idempotency import IdempotencyContract


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


class ReversesAgainWhatWasReversed(MemoryRepository):
    def transact(self, command, decide, /) -> Any:
        known = command.key in self._answers
        decision: Any = super().transact(command, decide)
        if known and decision.entry is not None and decision.entry.original is not None:
            original = self._tables.entries[decision.entry.original]
            again = attrs.evolve(original, amendments=(*original.amendments, decision.entry))
            self._tables.entries[decision.entry.original] = again
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
        if pinned.get(command.key, command) != command:
            raise KeyReused(command.key, "command")
        decision = super().transact(command, decide)
        if isinstance(decision, Refused):
            pinned[command.key] = command
        return decision


class WritesManyOneByOne(MemoryRepository):
    def transact_many(self, commands, decide, /) -> Any:
        return tuple(
            super(WritesManyOneByOne, self).transact_many((command,), decide)[0]
            for command in commands
        )


class DecidesManyOnTheSameFacts(MemoryRepository):
    def transact_many(self, commands, decide, /) -> Any:
        if len(commands) == 1:
            return super().transact_many(commands, decide)
        facts = self._facts(commands)
        return super().transact_many(commands, lambda command, _: decide(command, facts))


class DecidesManyWithoutTheEntriesBefore(MemoryRepository):
    def transact_many(self, commands, decide, /) -> Any:
        entries = self._facts(commands).entries
        return super().transact_many(
            commands, lambda command, facts: decide(command, attrs.evolve(facts, entries=entries))
        )


class DecidesManyWithoutThePartiesBefore(MemoryRepository):
    def transact_many(self, commands, decide, /) -> Any:
        there = self._facts(commands).distributors

        def decide_among_those(command, facts) -> Any:
            known = {name: facts.distributors[name] for name in facts.distributors if name in there}
            return decide(command, attrs.evolve(facts, distributors=known))

        return super().transact_many(commands, decide_among_those)


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


NOTICED_BY: Any = {
    ForgetsKeys: {
        "a_command_that_meets_itself_is_accepted_once",
        "a_key_with_another_kind_of_command_is_an_error_that_writes_nothing",
        "a_key_with_other_content_is_an_error_that_names_the_field_and_writes_nothing",
        "a_repeated_command_writes_nothing",
        "an_accepted_command_gets_its_first_answer_again_and_is_not_decided_anew",
        "of_many_a_command_accepted_before_gets_its_first_answer",
        "of_many_none_is_written_if_a_key_is_reused",
    },
    DecidesARepeatedCommandAnew: {
        "an_accepted_command_gets_its_first_answer_again_and_is_not_decided_anew",
    },
    WritesTheNoticesOfARepeatedCommandAgain: {
        "a_repeated_command_writes_nothing",
    },
    ReversesAgainWhatWasReversed: {
        "a_repeated_command_writes_nothing",
    },
    AnswersARepeatedCommandWithoutItsNotices: {
        "an_accepted_command_gets_its_first_answer_again_and_is_not_decided_anew",
    },
    AnswersAnyCommandOfAKnownKey: {
        "a_key_with_another_kind_of_command_is_an_error_that_writes_nothing",
        "a_key_with_other_content_is_an_error_that_names_the_field_and_writes_nothing",
    },
    NamesNoField: {
        "a_key_with_other_content_is_an_error_that_names_the_field_and_writes_nothing",
    },
    TakesTheOtherKindOfCommandForTheSame: {
        "a_key_with_another_kind_of_command_is_an_error_that_writes_nothing",
    },
    KeepsRefusals: {
        "a_refused_command_may_be_tried_again_and_is_decided_afresh",
        "a_refused_key_may_be_used_for_another_command",
    },
    PinsARefusedKeyToItsCommand: {
        "a_refused_key_may_be_used_for_another_command",
    },
    WritesManyOneByOne: {
        "a_rule_that_fails_writes_nothing",
        "of_many_none_is_written_if_a_key_is_reused",
    },
    DecidesManyOnTheSameFacts: {
        "each_of_many_commands_is_decided_on_what_the_ones_before_it_left",
        "of_many_a_command_is_shown_the_records_that_the_ones_before_it_stored",
        "of_many_a_reversal_finds_what_was_booked_before_it",
    },
    DecidesManyWithoutTheEntriesBefore: {
        "a_correction_that_meets_a_reversal_is_made_before_it_or_not_at_all",
        "of_many_a_reversal_finds_what_was_booked_before_it",
        "reversals_that_meet_give_back_no_more_than_remains",
    },
    DecidesManyWithoutThePartiesBefore: {
        "a_subdistributor_that_arrives_while_terms_change_earns_no_more_than_its_parent",
        "of_many_a_command_is_shown_the_records_that_the_ones_before_it_stored",
    },
    StopsAtARefusal: {
        "a_refused_one_of_many_stops_none_of_the_others",
        "a_rule_that_fails_writes_nothing",
        "each_of_many_commands_is_decided_on_what_the_ones_before_it_left",
        "of_many_a_reversal_finds_what_was_booked_before_it",
        "of_many_none_is_written_if_a_key_is_reused",
    },
    CannotDoNothing: {
        "many_may_be_none",
    },
}


@pytest.mark.parametrize(
    ("saboteur", "expected"), NOTICED_BY.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_a_broken_promise_is_noticed_by_the_tests_that_should_and_by_no_others(
    saboteur, expected, check_noticed
):
    check_noticed(saboteur, expected)


@pytest.mark.parametrize("theme", [IdempotencyContract, BatchContract])
def test_every_promise_on_answers_has_a_saboteur(theme, promises_of):
    assert promises_of(theme) <= set().union(*NOTICED_BY.values())
