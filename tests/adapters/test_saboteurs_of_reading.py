"""Every promise on reading bites: repositories that show something else are noticed."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import attrs
import pytest

from distbilling.adapters.memory import MemoryRepository
from distbilling.money import Money
from distbilling.rules.agreement.terms import CommissionKind
from distbilling.rules.commands.customers.activate_account import ActivateAccount
from distbilling.rules.commands.customers.transfer_customer import TransferCustomer
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.movements.record_payment import RecordPayment
from distbilling.rules.credit import Rearm
from distbilling.rules.credit.credit_watch import CreditStanding
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.parties import Administrator, Preferences
from distbilling.testing.contract.promises.reading import ReadContract
from distbilling.testing.contract.promises.related_facts import RelatedFactsContract


class Shows(MemoryRepository):
    """Shows something else than it has."""

    def shown(self, facts, command) -> Any:
        raise NotImplementedError

    def transact_many(self, commands, decide, /) -> Any:
        return super().transact_many(
            commands, lambda command, facts: decide(command, self.shown(facts, command))
        )


class ShowsDistributors(Shows):
    """Shows each distributor otherwise."""

    def shown(self, facts, command) -> Any:
        return attrs.evolve(
            facts, distributors=Facts.of(*map(self.seen, facts.distributors.values())).distributors
        )

    def seen(self, known) -> Any:
        raise NotImplementedError


class RaisesForANameThatNobodyHas(MemoryRepository):
    def _facts(self, commands) -> Any:
        for command in commands:
            if (
                isinstance(command, RecordPayment)
                and command.customer not in self._tables.customers
            ):
                raise LookupError(command.customer)
        return super()._facts(commands)


class RaisesForAnEntryThatIsNotThere(MemoryRepository):
    def _facts(self, commands) -> Any:
        facts = super()._facts(commands)
        if any(facts.entry(key) is None for command in commands for key in command.reads.entries):
            raise LookupError
        return facts


class ShowsTheAccountAlone(Shows):
    def shown(self, facts, command) -> Any:
        return Facts(accounts=facts.accounts) if isinstance(command, ActivateAccount) else facts


class ShowsTheCustomerAlone(Shows):
    def shown(self, facts, command) -> Any:
        at_the_office = isinstance(command, RecordPayment) and isinstance(command.by, Administrator)
        return attrs.evolve(facts, distributors={}) if at_the_office else facts


class ShowsEverybody(Shows):
    def shown(self, facts, command) -> Any:
        everybody = self._tables.distributors | facts.distributors
        return attrs.evolve(facts, distributors=everybody) if facts.customers else facts


class ShowsCustomersWithoutWhatTheyOwe(Shows):
    def shown(self, facts, command) -> Any:
        nothing = Money.zero("USD")
        return attrs.evolve(
            facts,
            customers=Facts.of(
                *(attrs.evolve(known, owed=nothing) for known in facts.customers.values())
            ).customers,
        )


class KnowsNoInventory(Shows):
    def shown(self, facts, command) -> Any:
        return attrs.evolve(facts, inventory=frozenset())


class TakesEveryNumberForOneOfTheInventory(Shows):
    def shown(self, facts, command) -> Any:
        return attrs.evolve(facts, inventory=frozenset(command.reads.numbers))


class ForgetsPreferences(ShowsDistributors):
    def seen(self, known) -> Any:
        return _changed(known, preferences=Preferences())


class FindsADistributorWithoutItsPreferences(MemoryRepository):
    def distributor(self, name, /) -> Any:
        found = super().distributor(name)
        return None if found is None else attrs.evolve(found, preferences=Preferences())


class ForgetsRates(ShowsDistributors):
    def seen(self, known) -> Any:
        return _changed(known, terms=attrs.evolve(known.distributor.terms, rates=()))


class ForgetsWhenToWarnAgain(ShowsDistributors):
    def seen(self, known) -> Any:
        return _changed(known, credit=attrs.evolve(known.distributor.credit, rearm=Rearm()))


class ForgetsIncreases(ShowsDistributors):
    def seen(self, known) -> Any:
        return _changed(known, increases=())


class ForgetsBatches(Shows):
    def shown(self, facts, command) -> Any:
        forms = (attrs.evolve(form, batch=None) for form in facts.forms.values())
        accounts = (
            attrs.evolve(known, account=attrs.evolve(known.account, batch=None))
            for known in facts.accounts.values()
        )
        return attrs.evolve(
            facts, forms=Facts.of(*forms).forms, accounts=Facts.of(*accounts).accounts
        )


class ShowsADistributorWithoutThoseAbove(Shows):
    def shown(self, facts, command) -> Any:
        return _without(facts, _parents(facts.distributors.values()))


class ShowsOnlyTheParent(Shows):
    def shown(self, facts, command) -> Any:
        parents = _parents(facts.distributors.values())
        return _without(
            facts,
            _parents(
                known for known in facts.distributors.values() if known.distributor.id in parents
            ),
        )


class ForgetsTransfersOfDistributors(ShowsDistributors):
    def seen(self, known) -> Any:
        parents = self.__dict__.setdefault("parents", {})
        return _changed(
            known, parent=parents.setdefault(known.distributor.id, known.distributor.parent)
        )


class ShowsOnlyOneBelow(Shows):
    def shown(self, facts, command) -> Any:
        below = facts.below(command.distributor)[1:] if isinstance(command, ChangeTerms) else ()
        return _without(facts, {known.distributor.id for known in below})


class ShowsAllThatAreBelow(Shows):
    def shown(self, facts, command) -> Any:
        if not isinstance(command, ChangeTerms):
            return facts
        below = {known.distributor.id for known in facts.distributors.values()}
        further = (
            known
            for known in self._tables.distributors.values()
            if known.distributor.parent in below
        )
        others = (known for known in further if known not in facts.distributors.values())
        return attrs.evolve(
            facts, distributors=Facts.of(*facts.distributors.values(), *others).distributors
        )


class ShowsThoseThatHaveLeft(Shows):
    def shown(self, facts, command) -> Any:
        parents = self.__dict__.setdefault("parents", {})
        for known in self._tables.distributors.values():
            parents.setdefault(known.distributor.id, known.distributor.parent)
        if not isinstance(command, ChangeTerms):
            return facts
        left = (
            known
            for known in self._tables.distributors.values()
            if known not in facts.distributors.values()
        )
        once_below = (
            known for known in left if parents[known.distributor.id] == command.distributor
        )
        return attrs.evolve(
            facts, distributors=Facts.of(*facts.distributors.values(), *once_below).distributors
        )


class ShowsOneAccountOfACustomer(Shows):
    def shown(self, facts, command) -> Any:
        return attrs.evolve(facts, accounts=dict([*facts.accounts.items()][:1]))


class ShowsTheAccountsOfEverybody(Shows):
    def shown(self, facts, command) -> Any:
        if not isinstance(command, TransferCustomer):
            return facts
        return attrs.evolve(facts, accounts=self._tables.accounts)


class ShowsNothingThatFollows(Shows):
    def shown(self, facts, command) -> Any:
        entries = (attrs.evolve(known, amendments=()) for known in facts.entries.values())
        return attrs.evolve(facts, entries=Facts.of(*entries).entries)


class ShowsTheLastThatFollows(Shows):
    def shown(self, facts, command) -> Any:
        entries = (
            attrs.evolve(known, amendments=known.amendments[-1:])
            for known in facts.entries.values()
        )
        return attrs.evolve(facts, entries=Facts.of(*entries).entries)


class ShowsWhatFollowsByKey(Shows):
    def shown(self, facts, command) -> Any:
        return _following(facts, attrgetter("key"))


class ShowsWhatFollowsByDate(Shows):
    def shown(self, facts, command) -> Any:
        return _following(facts, attrgetter("at"))


class ShowsAnEntryWithoutWhoEarnsOfIt(Shows):
    def shown(self, facts, command) -> Any:
        return attrs.evolve(facts, distributors={}) if facts.entries else facts


class ShowsAnEntryWithThoseAboveItsSellerToday(Shows):
    def shown(self, facts, command) -> Any:
        for known in facts.entries.values():
            if known.entry.split is not None:
                seller = known.entry.split.seller
                above = Facts.of(*facts.chain(seller))
                return attrs.evolve(facts, distributors=above.distributors)
        return facts


class ShowsAnEntryWithoutItsCustomer(Shows):
    def shown(self, facts, command) -> Any:
        return attrs.evolve(facts, customers={}) if facts.entries else facts


class ShowsAnEntryWithoutItsAccount(Shows):
    def shown(self, facts, command) -> Any:
        return attrs.evolve(facts, accounts={}) if facts.entries else facts


class ForgetsStandings(ShowsDistributors):
    def seen(self, known) -> Any:
        return attrs.evolve(known, standing=CreditStanding.new(known.distributor.id))


class ForgetsHowManyEpisodesThereWere(ShowsDistributors):
    def seen(self, known) -> Any:
        return attrs.evolve(known, standing=attrs.evolve(known.standing, last_warning_number=0))


class ForgetsVolumes(ShowsDistributors):
    def seen(self, known) -> Any:
        return attrs.evolve(known, volumes=())


class ShowsTheVolumesOfTheLastPeriod(ShowsDistributors):
    def seen(self, known) -> Any:
        last = max((volume.start for volume in known.volumes), default=None)
        return attrs.evolve(
            known, volumes=tuple(volume for volume in known.volumes if volume.start == last)
        )


class KeepsOneVolumeForSalesAndPayments(ShowsDistributors):
    def seen(self, known) -> Any:
        payments = (attrs.evolve(volume, kind=CommissionKind.PAYMENT) for volume in known.volumes)
        return attrs.evolve(known, volumes=tuple(payments))


def _changed(known, **changes) -> Any:
    return attrs.evolve(known, distributor=attrs.evolve(known.distributor, **changes))


def _parents(distributors) -> Any:
    return {known.distributor.parent for known in distributors}


def _without(facts, names) -> Any:
    kept = (known for known in facts.distributors.values() if known.distributor.id not in names)
    return attrs.evolve(facts, distributors=Facts.of(*kept).distributors)


def _following(facts, order) -> Any:
    entries = (
        attrs.evolve(known, amendments=tuple(sorted(known.amendments, key=order)))
        for known in facts.entries.values()
    )
    return attrs.evolve(facts, entries=Facts.of(*entries).entries)


NOTICED_BY: Any = {
    RaisesForANameThatNobodyHas: {
        "a_name_that_nobody_has_is_answered_by_absence",
        "a_refused_one_of_many_stops_none_of_the_others",
        "of_many_a_command_is_shown_the_records_that_the_ones_before_it_stored",
    },
    RaisesForAnEntryThatIsNotThere: {
        "a_name_that_nobody_has_is_answered_by_absence",
        "of_many_a_reversal_finds_what_was_booked_before_it",
    },
    ShowsTheAccountAlone: {
        "an_account_comes_with_its_customer_and_its_distributor",
        "every_distributor_comes_with_those_above_it_up_to_the_top",
    },
    ShowsTheCustomerAlone: {
        "a_customer_comes_with_its_distributor",
        "every_distributor_comes_with_those_above_it_up_to_the_top",
    },
    ShowsEverybody: {
        "a_command_that_meets_another_loses_no_update",
        "a_record_comes_back_as_it_was_written",
        "a_record_takes_the_place_of_the_one_before_it",
        "an_entry_comes_with_the_distributors_that_earn_of_it_wherever_they_are_now",
        "every_distributor_comes_with_those_above_it_up_to_the_top",
        "nobody_else_is_shown",
        "sales_that_meet_do_not_pass_the_limit_together",
        "the_next_command_sees_the_balances_that_the_entries_left",
        "the_volume_of_the_running_period_comes_with_every_distributor",
        "those_above_a_distributor_are_those_that_are_there_now",
    },
    ShowsCustomersWithoutWhatTheyOwe: {
        "an_entry_comes_with_the_customer_or_the_account_that_it_credits",
        "the_next_command_sees_the_balances_that_the_entries_left",
        "what_a_party_owes_outlives_a_change_of_its_record",
    },
    KnowsNoInventory: {
        "a_number_in_the_inventory_is_told_from_others",
    },
    TakesEveryNumberForOneOfTheInventory: {
        "a_number_in_the_inventory_is_told_from_others",
    },
    ForgetsPreferences: {
        "a_record_comes_back_as_it_was_written",
        "a_record_comes_back_whatever_it_holds",
        "changes_of_one_record_that_meet_are_both_made",
    },
    FindsADistributorWithoutItsPreferences: {
        "a_distributor_is_found_by_its_name",
        "a_record_takes_the_place_of_the_one_before_it",
        "changes_of_one_record_that_meet_are_both_made",
    },
    ForgetsRates: {
        "a_record_comes_back_whatever_it_holds",
    },
    ForgetsWhenToWarnAgain: {
        "a_record_comes_back_whatever_it_holds",
    },
    ForgetsIncreases: {
        "a_record_comes_back_whatever_it_holds",
    },
    ForgetsBatches: {
        "a_record_comes_back_whatever_it_holds",
    },
    ShowsADistributorWithoutThoseAbove: {
        "a_notice_of_every_level_of_a_chain_is_pending",
        "all_balances_can_be_rebuilt_from_the_journal",
        "all_that_are_directly_below_a_distributor_are_shown_and_no_others",
        "an_accepted_entry_is_in_the_journal_as_it_was_decided",
        "an_entry_comes_with_the_distributors_that_earn_of_it_wherever_they_are_now",
        "an_extract_holds_what_moved_the_debt_of_its_distributor_and_only_that",
        "commission_that_is_credited_twice_at_once_is_credited_once",
        "every_distributor_comes_with_those_above_it_up_to_the_top",
        "of_many_a_command_is_shown_the_records_that_the_ones_before_it_stored",
        "payments_that_meet_further_up_the_chain_lose_no_update",
        "payments_that_meet_see_the_volume_of_each_other",
        "the_balance_of_a_party_is_what_its_entries_left_and_nobody_has_none",
        "the_next_command_sees_the_commission_that_waits_for_settlement",
        "the_volume_of_the_running_period_comes_with_every_distributor",
        "those_above_a_distributor_are_those_that_are_there_now",
        "what_a_party_owes_outlives_a_change_of_its_record",
    },
    ShowsOnlyTheParent: {
        "a_notice_of_every_level_of_a_chain_is_pending",
        "all_balances_can_be_rebuilt_from_the_journal",
        "an_accepted_entry_is_in_the_journal_as_it_was_decided",
        "an_entry_comes_with_the_distributors_that_earn_of_it_wherever_they_are_now",
        "an_extract_holds_what_moved_the_debt_of_its_distributor_and_only_that",
        "every_distributor_comes_with_those_above_it_up_to_the_top",
        "of_many_a_command_is_shown_the_records_that_the_ones_before_it_stored",
        "payments_that_meet_further_up_the_chain_lose_no_update",
        "the_volume_of_the_running_period_comes_with_every_distributor",
        "those_above_a_distributor_are_those_that_are_there_now",
    },
    ForgetsTransfersOfDistributors: {
        "of_many_a_command_is_shown_the_records_that_the_ones_before_it_stored",
        "those_above_a_distributor_are_those_that_are_there_now",
        "transfers_that_meet_make_no_circle",
    },
    ShowsOnlyOneBelow: {
        "all_that_are_directly_below_a_distributor_are_shown_and_no_others",
    },
    ShowsAllThatAreBelow: {
        "all_that_are_directly_below_a_distributor_are_shown_and_no_others",
    },
    ShowsThoseThatHaveLeft: {
        "all_that_are_directly_below_a_distributor_are_shown_and_no_others",
    },
    ShowsOneAccountOfACustomer: {
        "all_accounts_of_a_customer_are_shown_and_no_others",
    },
    ShowsTheAccountsOfEverybody: {
        "all_accounts_of_a_customer_are_shown_and_no_others",
        "of_many_a_command_is_shown_the_records_that_the_ones_before_it_stored",
    },
    ShowsNothingThatFollows: {
        "a_correction_that_meets_a_reversal_is_made_before_it_or_not_at_all",
        "an_entry_comes_with_what_reverses_or_corrects_it_in_the_order_of_writing",
        "of_many_a_reversal_finds_what_was_booked_before_it",
        "reversals_that_meet_give_back_no_more_than_remains",
    },
    ShowsTheLastThatFollows: {
        "an_entry_comes_with_what_reverses_or_corrects_it_in_the_order_of_writing",
        "of_many_a_reversal_finds_what_was_booked_before_it",
    },
    ShowsWhatFollowsByKey: {
        "an_entry_comes_with_what_reverses_or_corrects_it_in_the_order_of_writing",
    },
    ShowsWhatFollowsByDate: {
        "an_entry_comes_with_what_reverses_or_corrects_it_in_the_order_of_writing",
    },
    ShowsAnEntryWithoutWhoEarnsOfIt: {
        "a_correction_that_meets_a_reversal_is_made_before_it_or_not_at_all",
        "a_repeated_command_writes_nothing",
        "a_rule_that_fails_writes_nothing",
        "all_balances_can_be_rebuilt_from_the_journal",
        "an_accepted_entry_is_in_the_journal_as_it_was_decided",
        "an_entry_comes_with_the_distributors_that_earn_of_it_wherever_they_are_now",
        "an_entry_comes_with_what_reverses_or_corrects_it_in_the_order_of_writing",
        "an_extract_holds_what_moved_the_debt_of_its_distributor_and_only_that",
        "every_distributor_comes_with_those_above_it_up_to_the_top",
        "of_many_a_reversal_finds_what_was_booked_before_it",
        "reversals_that_meet_give_back_no_more_than_remains",
        "the_journal_keeps_the_order_of_writing",
        "the_volume_of_the_period_of_an_entry_comes_with_the_entry",
    },
    ShowsAnEntryWithThoseAboveItsSellerToday: {
        "an_entry_comes_with_the_distributors_that_earn_of_it_wherever_they_are_now",
    },
    ShowsAnEntryWithoutItsCustomer: {
        "an_entry_comes_with_the_customer_or_the_account_that_it_credits",
    },
    ShowsAnEntryWithoutItsAccount: {
        "an_entry_comes_with_the_customer_or_the_account_that_it_credits",
    },
    ForgetsStandings: {
        "a_standing_comes_with_its_distributor_as_it_was_decided",
        "pending_notices_keep_the_order_of_writing",
    },
    ForgetsHowManyEpisodesThereWere: {
        "a_standing_comes_with_its_distributor_as_it_was_decided",
        "pending_notices_keep_the_order_of_writing",
    },
    ForgetsVolumes: {
        "payments_that_meet_see_the_volume_of_each_other",
        "the_volume_of_the_period_of_an_entry_comes_with_the_entry",
        "the_volume_of_the_running_period_comes_with_every_distributor",
    },
    ShowsTheVolumesOfTheLastPeriod: {
        "the_volume_of_the_period_of_an_entry_comes_with_the_entry",
    },
    KeepsOneVolumeForSalesAndPayments: {
        "the_volume_of_the_period_of_an_entry_comes_with_the_entry",
    },
}


@pytest.mark.parametrize(
    ("saboteur", "expected"), NOTICED_BY.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_a_broken_promise_is_noticed_by_the_tests_that_should_and_by_no_others(
    saboteur, expected, check_noticed
):
    check_noticed(saboteur, expected)


@pytest.mark.parametrize("theme", [ReadContract, RelatedFactsContract])
def test_every_promise_on_what_is_shown_has_a_saboteur(theme, promises_of):
    assert promises_of(theme) <= set().union(*NOTICED_BY.values())


def test_the_honest_repository_breaks_no_promise(promises_broken_by):
    assert promises_broken_by(MemoryRepository) == set()
