"""Whatever happens, in whatever order: do the books balance, and does every command get one answer?"""

from __future__ import annotations

import pickle
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs
from hypothesis import given

from distbilling import Money, TransferDistributor, rules
from distbilling.adapters.memory import MemoryRepository
from distbilling.rules import evolve
from distbilling.rules.deciding.decision import Accepted
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.ledger.accounts import (
    AccruedCommission,
    CustomerLedger,
    DistributorLedger,
    PrepaidFunds,
    SubdistributorDebts,
)
from distbilling.rules.ledger.journal import EntryKind, balances, out_of_balance
from distbilling.testing.strategies.histories import histories

decide: Any = rules.decide

INVENTORY = frozenset({"12125550199"})
EVERYTHING = Facts(inventory=INVENTORY)
TRADES = {EntryKind.PAYMENT, EntryKind.SALE}
FOLLOWERS = {EntryKind.REFUND, EntryKind.VOID, EntryKind.CHARGEBACK, EntryKind.CORRECTION}


def played(history) -> Any:
    """Yield each command with the facts it was decided on and the decision, on one growing set of facts."""
    facts = EVERYTHING
    for command in history:
        decision = decide(command, facts)
        yield command, facts, decision
        if isinstance(decision, Accepted):
            facts = evolve(facts, decision)


def outcome(history) -> Any:
    """Return the facts in the end, and the entries that led to them."""
    facts, journal = EVERYTHING, []
    for _, _, decision in played(history):
        if isinstance(decision, Accepted):
            facts = evolve(facts, decision)
            journal += [] if decision.entry is None else [decision.entry]
    return facts, journal


@given(history=histories())
def test_every_accepted_entry_sums_to_zero_and_its_amount_is_the_providers_share_and_all_that_is_earned(
    history,
):
    for command, _, decision in played(history):
        entry = decision.entry if isinstance(decision, Accepted) else None
        if entry is None:
            continue
        assert (entry.key, entry.at) == (command.key, command.at)
        assert sum(Fraction(posting.adds.amount) for posting in entry.postings) == 0
        assert all(not posting.adds.is_zero or entry.split for posting in entry.postings)
        assert (entry.split is not None) == (entry.kind in TRADES | FOLLOWERS)
        assert (entry.commission is not None) == (entry.kind in TRADES)
        assert (entry.original is not None) == (entry.kind in FOLLOWERS)
        if entry.split is not None:
            shares = entry.split.shares
            assert entry.split.amount == entry.split.provider + Money.sum(
                share.earned for share in shares
            )
            for below, above in pairwise(shares):
                assert below.owed == above.owed + above.earned
            for share in shares:
                owed, waits = (
                    entry.added_to(ledger)
                    for ledger in (
                        DistributorLedger(share.distributor),
                        AccruedCommission(share.distributor),
                    )
                )
                assert owed + waits == share.owed
        if entry.commission is not None:
            commission = entry.commission
            assert commission.exact + commission.remainder == commission.earned
            assert Money.zero(entry.currency) <= commission.earned <= commission.amount


@given(history=histories())
def test_no_more_is_given_back_than_there_was_and_of_no_level_more_than_it_kept(history):
    facts, _ = outcome(history)
    for known in facts.entries:
        if known.entry.kind not in TRADES:
            assert known.amendments == ()
            continue
        stands = [known.entry.split, *(follower.split for follower in known.amendments)]
        assert [follower.original for follower in known.amendments] == [known.entry.key] * len(
            known.amendments
        )
        left = Money.sum(split.amount for split in stands)
        assert not left.is_negative
        for place, _ in enumerate(known.entry.split.shares):
            kept = Money.sum(split.shares[place].earned for split in stands)
            assert not kept.is_negative
            assert not left.is_zero or kept.is_zero


@given(history=histories())
def test_a_distributor_is_owed_what_those_below_it_owe_less_the_commission_they_wait_for(history):
    facts, journal = outcome(
        [command for command in history if not isinstance(command, TransferDistributor)]
    )
    rebuilt = balances(journal)
    for known in facts.distributors:
        below = facts.below(known.distributor.id)
        nothing = known.owed - known.owed
        owed = Money.sum((child.owed - child.accrued for child in below), nothing.currency)
        debts = rebuilt.get(SubdistributorDebts(known.distributor.id), {}).get(
            nothing.currency, nothing
        )
        assert debts == -owed


@given(history=histories())
def test_all_balances_can_be_rebuilt_from_the_entries_alone(history):
    facts, journal = outcome(history)
    rebuilt = balances(journal)
    assert out_of_balance(rebuilt) == ()
    owed: dict[Any, Any] = {
        DistributorLedger(known.distributor.id): known.owed for known in facts.distributors
    }
    owed |= {
        AccruedCommission(known.distributor.id): -known.accrued for known in facts.distributors
    }
    owed |= {CustomerLedger(known.customer.id): known.owed for known in facts.customers}
    owed |= {PrepaidFunds(known.account.id): -known.funds for known in facts.accounts}
    for ledger, balance in owed.items():
        assert rebuilt.get(ledger, {}).get(balance.currency, balance - balance) == balance


@given(history=histories())
def test_a_command_is_decided_the_same_way_twice_and_the_facts_stay_as_they_are(history):
    for command, facts, decision in played(history):
        before = pickle.dumps(facts)
        assert decide(command, facts) == decision
        assert pickle.dumps(facts) == before


@given(history=histories())
def test_the_memory_decides_each_command_as_one_who_sees_everything_would(history):
    repository = MemoryRepository(INVENTORY)
    for command, _, decision in played(history):
        assert repository.transact(command, decide) == decision


@given(history=histories())
def test_together_and_one_by_one_come_to_the_same(history):
    scalar_oracle, together = MemoryRepository(INVENTORY), MemoryRepository(INVENTORY)
    assert together.transact_many(history, decide) == tuple(
        scalar_oracle.transact(command, decide) for command in history
    )
    assert list(together.journal()) == list(scalar_oracle.journal())
    assert together.pending_notices() == scalar_oracle.pending_notices()


@given(history=histories())
def test_whoever_repeats_everything_gets_the_first_answers_and_writes_nothing(history):
    repository = MemoryRepository(INVENTORY)
    first = [repository.transact(command, decide) for command in history]
    accepted = [
        command
        for command, answer in zip(history, first, strict=True)
        if isinstance(answer, Accepted)
    ]
    journal = list(repository.journal())
    again = [repository.transact(command, decide) for command in accepted]
    assert again == [answer for answer in first if isinstance(answer, Accepted)]
    assert list(repository.journal()) == journal


@given(history=histories())
def test_no_account_is_sold_twice_and_no_notice_has_the_key_of_another(history):
    sold: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for _, _, decision in played(history):
        told.update(notice.key for notice in decision.notices)
        if (
            isinstance(decision, Accepted)
            and decision.entry
            and decision.entry.kind is EntryKind.SALE
        ):
            sold.update(
                posting.ledger.account
                for posting in decision.entry.postings
                if isinstance(posting.ledger, PrepaidFunds)
            )
    assert all(times == 1 for times in (*sold.values(), *told.values()))


@given(history=histories())
def test_every_decision_can_be_told_pickled_and_compared(history):
    for command, _, decision in played(history):
        assert command.explain("en").replace("\u202f", " ").isprintable()
        assert decision.explain("en") or isinstance(decision, Accepted)
        assert pickle.loads(pickle.dumps((command, decision))) == (command, decision)  # noqa: S301 - our own
        assert attrs.evolve(command) == command
