"""Eight threads at one distributor lose no update, pass no limit and warn once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import attrs
import pytest

from distbilling import (
    Accepted,
    Billing,
    CreditCommission,
    CreditTerms,
    Limit,
    Netting,
    Percent,
    PercentOfLimit,
    Refused,
    Reversal,
    Reverse,
    Terms,
)
from distbilling.adapters.memory import MemoryRepository
from distbilling.adapters.notifiers import RecordingNotifier
from distbilling.rules import decide
from distbilling.rules.ledger.accounts import DistributorLedger
from distbilling.rules.ledger.journal import balances
from distbilling.testing.rule_ledger import subdistributor
from distbilling.testing.sample_data import (
    BASE_COMMANDS,
    MARIA,
    MORNING,
    USD,
    commands_for,
    distributor,
    payment,
    remittance,
    sale,
    usd,
)

THREADS = 8


def at_once(*works) -> Any:
    """Start all works at the same moment, each in a thread of its own."""
    start = Barrier(len(works))

    def run(work) -> Any:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def opened(**changes) -> Any:
    billing = Billing(MemoryRepository(), RecordingNotifier())
    first: Any = BASE_COMMANDS[0]
    billing.execute_many(
        [
            attrs.evolve(first, distributor=attrs.evolve(distributor("hudson"), **changes)),
            *BASE_COMMANDS[1:],
        ]
    )
    return billing


def sold_by(name, number) -> Any:
    return attrs.evolve(
        sale(number, "10.00", number), customer=f"customer of {name}", distributor=name
    )


def owed(billing) -> Any:
    return (
        balances(billing.repository.journal())
        .get(DistributorLedger("hudson"), {})
        .get(USD, usd("0"))
    )


def test_eight_threads_at_one_distributor_lose_no_update():
    billing = opened()
    workers = [
        lambda worker=worker: [
            billing.execute(payment(f"{worker}/{number}", "1.00")) for number in range(40)
        ]
        for worker in range(THREADS)
    ]
    decisions = [decision for made in at_once(*workers) for decision in made]
    assert all(isinstance(decision, Accepted) for decision in decisions)
    assert owed(billing) == usd("288.00")
    assert billing.statement("hudson", payment("k").at).closing == usd("288.00")


def test_eight_threads_never_sell_beyond_the_limit_together():
    billing = opened(credit=CreditTerms(Limit(usd("100.00"))))
    sales = [sale(f"{number}", "10.00", f"1212555{number:04}") for number in range(80)]
    workers = [
        lambda share=sales[worker::THREADS]: [billing.execute(one) for one in share]
        for worker in range(THREADS)
    ]
    kinds = Counter(type(decision) for made in at_once(*workers) for decision in made)
    assert kinds == {Accepted: 11, Refused: 69}
    assert owed(billing) == usd("93.50")


def test_eight_threads_with_one_key_are_accepted_once_and_get_one_answer():
    billing = opened()
    answers = at_once(*(lambda: billing.execute(payment("k", "600.00")),) * THREADS)
    assert len(set(answers)) == 1
    assert owed(billing) == usd("540.00")


def test_a_crowd_that_crosses_a_threshold_is_warned_once():
    billing = opened(credit=CreditTerms(Limit(usd("1000.00")), (PercentOfLimit("10"),)))
    at_once(
        *(lambda key=key: billing.execute(payment(f"{key}", "20.00")) for key in range(THREADS))
    )
    keys = {notice.key for notice in billing.notifier.sent}
    assert len(keys) == 1
    assert billing.repository.pending_notices() == ()


def test_notices_of_a_crowd_come_at_least_once_each_and_none_stays():
    billing = opened()
    works = [lambda key=key: billing.execute(payment(f"{key}", "150.00")) for key in range(THREADS)]
    at_once(*works, lambda: billing.execute(remittance("r", "100.00")))
    told = {notice.key for notice in billing.notifier.sent}
    billing.deliver_pending()
    assert billing.repository.pending_notices() == ()
    assert {notice.key for notice in billing.notifier.sent} >= told


@pytest.mark.parametrize("conflicts", [1, 7, 8, 9])
def test_a_command_that_is_overtaken_again_and_again_is_decided_in_the_end(conflicts):
    repository = MemoryRepository()
    repository.transact_many(BASE_COMMANDS, decide)
    overtaking = iter([payment(f"overtaking/{number}", "1.00") for number in range(conflicts)])

    def overtaken(command, facts) -> Any:
        if not repository._lock.locked() and (other := next(overtaking, None)) is not None:
            repository.transact(other, decide)
        return decide(command, facts)

    assert isinstance(repository.transact(payment("k"), overtaken), Accepted)
    rebuilt = balances(repository.journal())[DistributorLedger("hudson")][USD]
    assert rebuilt == usd("9.00") + usd("0.90") * min(conflicts, 8)


def test_threads_that_sell_through_several_children_never_pass_their_parents_limit_together():
    billing = opened(credit=CreditTerms(Limit(usd("100.00"))))
    names = [f"child {worker}" for worker in range(THREADS)]
    for name in names:
        billing.execute_many(commands_for(subdistributor(name, "hudson", "10", "10", "1000.00")))
    workers = [
        lambda name=name: [billing.execute(sold_by(name, f"{name}/{line}")) for line in range(10)]
        for name in names
    ]
    kinds = Counter(type(decision) for made in at_once(*workers) for decision in made)
    assert kinds == {Accepted: 11, Refused: 69}
    assert owed(billing) == usd("93.50")


def test_threads_that_give_one_payment_back_give_back_no_more_than_it_was():
    billing = opened()
    billing.execute(payment("p", "10.00"))
    refunds = [
        Reverse(f"r-{number}", MARIA, MORNING, "p", Reversal.REFUND, usd("1.50"))
        for number in range(2 * THREADS)
    ]
    workers = [
        lambda share=refunds[worker::THREADS]: [billing.execute(one) for one in share]
        for worker in range(THREADS)
    ]
    kinds = Counter(type(decision) for made in at_once(*workers) for decision in made)
    assert kinds == {Accepted: 6, Refused: 10}
    assert owed(billing) == usd("0.90")


def test_threads_that_credit_the_same_commission_credit_it_once():
    billing = opened(terms=Terms(Percent("15"), Percent("10"), netting=Netting.AT_SETTLEMENT))
    billing.execute(payment("p", "10.00"))
    credited = [
        CreditCommission(f"c-{number}", MARIA, MORNING, "hudson") for number in range(THREADS)
    ]
    decisions = at_once(*(lambda one=one: billing.execute(one) for one in credited))
    assert Counter(type(decision) for decision in decisions) == {Accepted: 1, Refused: THREADS - 1}
    assert owed(billing) == usd("9.00")
