"""The invariants of every history: whatever happens, in whatever order.

Drawing a history takes far longer than playing it. So each one is drawn once, played once in every
way, and all invariants look at the same play; those that are broken are told by name.
"""

from __future__ import annotations

import asyncio
import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from distbilling import (
    AsyncBilling,
    Billing,
    ChangeTerms,
    Money,
    Percent,
    RoundingMethod,
    Terms,
    TransferDistributor,
    rules,
)
from distbilling.adapters.memory import AsyncMemoryRepository, MemoryRepository
from distbilling.adapters.notifiers import RecordingNotifier
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
from distbilling.rules.ledger.audit import audit
from distbilling.rules.ledger.journal import Entry, EntryKind, balances, out_of_balance
from distbilling.rules.ledger.what_if import what_if
from distbilling.testing.fakes import AwaitedNotifier
from distbilling.testing.strategies.histories import histories
from distbilling.testing.strategies.values import DISTRIBUTORS

decide: Any = rules.decide

INVENTORY = frozenset({"12125550199"})
TRADES = {EntryKind.PAYMENT, EntryKind.SALE}
AMENDMENTS = {EntryKind.REFUND, EntryKind.VOID, EntryKind.CHARGEBACK, EntryKind.CORRECTION}


@attrs.frozen
class Step:
    """A command, the facts that it was decided on, and the decision."""

    command: Any
    facts: Facts
    decision: Any

    @property
    def entry(self) -> Entry | None:
        return self.decision.entry if isinstance(self.decision, Accepted) else None


class Play:
    """A history as it went: on one growing set of facts, in a repository, and through the shell.

    It is compared with what would have been earned under other terms.
    """

    def __init__(self, history, other_terms) -> None:
        self.history, self.other_terms = history, other_terms
        self.facts = Facts(inventory=INVENTORY)
        self.steps: list[Step] = []
        for command in history:
            step = Step(command, self.facts, decide(command, self.facts))
            self.steps.append(step)
            if isinstance(step.decision, Accepted):
                self.facts = evolve(self.facts, step.decision)

        self.repository = MemoryRepository(INVENTORY)
        self.answers = [self.repository.transact(command, decide) for command in history]
        self.billing = Billing(MemoryRepository(), RecordingNotifier())
        self.executed = self.billing.execute_many(iter(history))

    def without(self, kind: type) -> Play:
        """Return the same history without the commands of a kind."""
        if not any(isinstance(command, kind) for command in self.history):
            return self
        history = [command for command in self.history if not isinstance(command, kind)]
        return Play(history, self.other_terms)

    @property
    def decisions(self) -> list[Any]:
        return [step.decision for step in self.steps]

    @property
    def journal(self) -> list[Any]:
        return [step.entry for step in self.steps if step.entry is not None]


INVARIANTS: list[Callable[[Play], None]] = []


def invariant(check: Callable[[Play], None]) -> Callable[[Play], None]:
    INVARIANTS.append(check)
    return check


@given(histories(), st.sampled_from(RoundingMethod), st.integers(0, 100))
def test_every_history_keeps_every_invariant(history, method, rate):
    play = Play(history, Terms(Percent(rate), Percent(rate), method))
    if broken := list(errors(play)):
        raise ExceptionGroup(f"{len(broken)} of {len(INVARIANTS)} invariants are broken", broken)


def errors(play: Play) -> Iterator[Exception]:
    for check in INVARIANTS:
        try:
            check(play)
        except Exception as error:  # noqa: BLE001 - however it is broken
            error.add_note(f"broken: {check.__name__}")
            yield error


@invariant
def every_entry_sums_to_zero_and_its_amount_is_the_providers_share_and_all_that_is_earned(play):
    for step in play.steps:
        entry: Any = step.entry
        if entry is None:
            continue

        assert (entry.key, entry.at) == (step.command.key, step.command.at)
        assert sum(Fraction(posting.adds.amount) for posting in entry.postings) == 0
        assert all(not posting.adds.is_zero or entry.split for posting in entry.postings)
        assert (entry.split is not None) == (entry.kind in TRADES | AMENDMENTS)
        assert (entry.commission is not None) == (entry.kind in TRADES)
        assert (entry.original is not None) == (entry.kind in AMENDMENTS)

        if entry.split is not None:
            shares = entry.split.shares
            earned = Money.sum(share.earned for share in shares)
            assert entry.split.amount == entry.split.provider + earned
            for below, above in pairwise(shares):
                assert below.owed == above.owed + above.earned
            for share in shares:
                owed = entry.added_to(DistributorLedger(share.distributor))
                waits = entry.added_to(AccruedCommission(share.distributor))
                assert owed + waits == share.owed

        if entry.commission is not None:
            commission = entry.commission
            assert commission.exact + commission.remainder == commission.earned
            assert Money.zero(entry.currency) <= commission.earned <= commission.amount


@invariant
def no_more_is_given_back_than_there_was_and_of_no_level_more_than_it_kept(play):
    for booked in play.facts.entries.values():
        if booked.entry.kind not in TRADES:
            assert booked.amendments == ()
            continue

        assert {amendment.original for amendment in booked.amendments} <= {booked.entry.key}
        splits: list[Any] = [booked.entry.split, *(each.split for each in booked.amendments)]
        left = Money.sum(split.amount for split in splits)
        assert not left.is_negative
        for place, _ in enumerate(splits[0].shares):
            kept = Money.sum(split.shares[place].earned for split in splits)
            assert not kept.is_negative
            assert not left.is_zero or kept.is_zero


@invariant
def a_distributor_is_owed_what_those_below_it_owe_less_the_commission_they_wait_for(play):
    # A reversal goes up the chain of its original, which a transfer has left.
    play = play.without(TransferDistributor)
    rebuilt = balances(play.journal)
    for parent in play.facts.distributors.values():
        zero = Money.zero(parent.owed.currency)
        below = play.facts.below(parent.distributor.id)
        owed = Money.sum((child.owed - child.accrued for child in below), zero.currency)
        debts = rebuilt.get(SubdistributorDebts(parent.distributor.id), {})
        assert debts.get(zero.currency, zero) == -owed


@invariant
def all_balances_can_be_rebuilt_from_the_entries_alone(play):
    rebuilt = balances(play.journal)
    assert out_of_balance(rebuilt) == ()
    expected: dict[Any, Any] = {}
    for seller in play.facts.distributors.values():
        expected[DistributorLedger(seller.distributor.id)] = seller.owed
        expected[AccruedCommission(seller.distributor.id)] = -seller.accrued
    for buyer in play.facts.customers.values():
        expected[CustomerLedger(buyer.customer.id)] = buyer.owed
    for prepaid in play.facts.accounts.values():
        expected[PrepaidFunds(prepaid.account.id)] = -prepaid.funds
    for ledger, balance in expected.items():
        zero = Money.zero(balance.currency)
        assert rebuilt.get(ledger, {}).get(balance.currency, zero) == balance


@invariant
def a_command_is_decided_the_same_way_twice_and_the_facts_stay_as_they_are(play):
    for step in play.steps:
        before = pickle.dumps(step.facts)
        assert decide(step.command, step.facts) == step.decision
        assert pickle.dumps(step.facts) == before


@invariant
def the_memory_decides_each_command_as_one_who_sees_everything_would(play):
    assert play.answers == play.decisions


@invariant
def together_and_one_by_one_come_to_the_same(play):
    together = MemoryRepository(INVENTORY)
    assert together.transact_many(play.history, decide) == tuple(play.answers)
    assert list(together.journal()) == list(play.repository.journal())
    assert together.pending_notices() == play.repository.pending_notices()


@invariant
def whoever_repeats_everything_gets_the_first_answers_and_writes_nothing(play):
    journal = list(play.repository.journal())
    for step in play.steps:
        if isinstance(step.decision, Accepted):
            assert play.repository.transact(step.command, decide) == step.decision
    assert list(play.repository.journal()) == journal


@invariant
def no_account_is_sold_twice_and_no_notice_has_the_key_of_another(play):
    sales = [entry for entry in play.journal if entry.kind is EntryKind.SALE]
    ledgers = [posting.ledger for entry in sales for posting in entry.postings]
    sold = Counter(ledger.account for ledger in ledgers if isinstance(ledger, PrepaidFunds))
    notices = Counter(notice.key for decision in play.decisions for notice in decision.notices)
    assert not [key for key, times in [*sold.items(), *notices.items()] if times != 1]


@invariant
def every_decision_can_be_told_pickled_and_compared(play):
    for step in play.steps:
        assert step.command.explain("en").replace("\u202f", " ").isprintable()
        assert step.decision.explain("en") or isinstance(step.decision, Accepted)
        both = step.command, step.decision
        assert pickle.loads(pickle.dumps(both)) == both  # noqa: S301 - our own
        assert attrs.evolve(step.command) == step.command


@invariant
def many_at_once_come_to_the_same_as_one_by_one_and_the_same_notices_are_sent(play):
    one_by_one = Billing(MemoryRepository(), RecordingNotifier())
    assert tuple(map(one_by_one.execute, play.history)) == play.executed
    assert list(one_by_one.repository.journal()) == list(play.billing.repository.journal())
    for name in (*DISTRIBUTORS, "west", "east"):
        assert sent_to(name, one_by_one) == sent_to(name, play.billing)


def sent_to(name, billing: Any) -> list[Any]:
    return [notice for notice in billing.notifier.sent if notice.distributor == name]


@invariant
def the_async_shell_decides_and_sends_the_same(play):
    notifier = RecordingNotifier()
    billing = AsyncBilling(AsyncMemoryRepository(MemoryRepository()), AwaitedNotifier(notifier))
    assert asyncio.run(billing.execute_many(play.history)) == play.executed
    assert notifier.sent == play.billing.notifier.sent


@invariant
def the_books_agree(play):
    repository = play.billing.repository
    parties: list[Any] = [
        DistributorLedger("north"),
        CustomerLedger("ada"),
        PrepaidFunds("12125550100"),
    ]
    outcome = audit(repository.journal(), repository.balance, parties)
    assert outcome.agrees
    assert outcome.entries == len(list(repository.journal()))


@invariant
def a_statement_closes_with_its_opening_and_its_lines_and_opens_the_next(play):
    billing = play.billing
    for name in ("north", "kiosk"):
        seller: Any = billing.repository.distributor(name)
        instant, closing, keys = seller.created, Money.zero(seller.currency), []
        while instant < seller.created.add(years=1, days=61):
            statement = billing.statement(name, instant)
            assert statement.opening == closing
            added = Money.sum((line.adds for line in statement.lines), seller.currency)
            assert statement.closing == closing + added
            instant, closing = statement.period.end, statement.closing
            keys += [line.key for line in statement.lines]
        entries = billing.repository.extract(name, seller.created, instant).entries
        assert keys == [entry.key for entry in entries]


@invariant
def without_other_terms_everything_is_as_it_was_booked(play):
    compared = what_if(play.journal, {})
    assert [outcome.entry for outcome in compared.outcomes] == [
        entry for entry in play.journal if entry.split is not None
    ]
    assert all(outcome.other == outcome.booked for outcome in compared.outcomes)
    assert all(difference.is_zero for difference in compared.differences.values())


@invariant
def under_its_own_terms_a_history_is_as_it_was_booked_also_where_volumes_are_counted_again(play):
    play = play.without(ChangeTerms)
    sellers = [facts.distributor for facts in play.facts.distributors.values()]
    terms = {seller.id: seller.terms for seller in sellers}
    cycles = {seller.id: seller.cycle for seller in sellers}
    for counted in (None, cycles):
        for outcome in what_if(play.journal, terms, cycles=counted).outcomes:
            assert counted or outcome.other.shares == outcome.booked.shares
            for name in outcome.distributors:
                assert outcome.difference(name).is_zero
                assert outcome.other.earned_by(name) == outcome.booked.earned_by(name)


@invariant
def under_other_terms_nothing_is_lost_and_reversals_still_close(play):
    compared = what_if(play.journal, dict.fromkeys(play.facts.distributors, play.other_terms))
    by_original: dict[str, list[Any]] = {}
    for outcome in compared.outcomes:
        earned = Money.sum(share.earned for share in outcome.other.shares)
        assert outcome.other.amount == outcome.booked.amount == earned + outcome.other.provider
        original = outcome.entry.original or outcome.entry.key
        by_original.setdefault(original, []).append(outcome.other)
    for splits in by_original.values():
        if Money.sum(split.amount for split in splits).is_zero:
            assert Money.sum(split.provider for split in splits).is_zero
