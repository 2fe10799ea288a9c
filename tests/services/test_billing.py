"""The flow of a command: when notifiers fail, processes crash and commands come in numbers."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import attrs
import pytest

from distbilling import Accepted, AsyncBilling, Billing, Refused
from distbilling.adapters.memory import AsyncMemoryRepository, MemoryRepository
from distbilling.adapters.notifiers import PrintingNotifier, RecordingNotifier
from distbilling.errors import HostError, InvalidType, InvalidValue, KeyReused
from distbilling.rules.parties.permission import HANDBOOK_POLICY, Action, Allowed, Denied, Role
from distbilling.testing.fakes import (
    AwaitedNotifier,
    Crash,
    CrashingNotifier,
    FailingNotifier,
    FlakyNotifier,
)
from distbilling.testing.rule_ledger import CHAIN
from distbilling.testing.sample_data import (
    BASE_COMMANDS,
    MARIA,
    MORNING,
    distributor,
    payment,
    remittance,
    usd,
)


class Turn:
    """AsyncBilling, called as if it were not: every test below holds for both."""

    def __init__(self, repository, notifier=None, policy=HANDBOOK_POLICY) -> None:
        self.repository, self.notifier = repository, notifier
        awaited = None if notifier is None else AwaitedNotifier(notifier)
        self.billing = AsyncBilling(AsyncMemoryRepository(repository), awaited, policy)

    def __getattr__(self, name) -> Any:
        return lambda *arguments: asyncio.run(getattr(self.billing, name)(*arguments))


@pytest.fixture(params=[Billing, Turn], ids=["Billing", "AsyncBilling"])
def shell(request) -> Any:
    """Make the one shell or the other, with two distributors set up."""

    def opened(notifier=None, repository=None, **policy) -> Any:
        billing = request.param(
            MemoryRepository() if repository is None else repository, notifier, **policy
        )
        billing.execute_many(BASE_COMMANDS)
        return billing

    return opened


def told(notices) -> Any:
    return [notice.key for notice in notices]


def test_notices_go_out_once_in_order_when_all_goes_well(shell):
    notifier = RecordingNotifier()
    billing = shell(notifier)
    accepted = billing.execute(payment("k", "1200.00"))
    assert tuple(notifier.sent) == accepted.notices
    billing.execute(payment("k", "1200.00"))
    assert billing.deliver_pending() == 0
    assert len(notifier.sent) == 3


def test_every_level_of_a_chain_is_told_of_what_one_of_them_collected(shell):
    notifier = RecordingNotifier()
    billing = shell(notifier)
    billing.execute_many(CHAIN)
    accepted = billing.execute(payment("k", "600.00", by="kiosk"))
    assert told(notifier.sent) == told(accepted.notices)
    assert [notice.distributor for notice in notifier.sent] == [
        "kiosk",
        "kiosk",
        "soho",
        "soho",
        "hudson",
    ]
    assert billing.deliver_pending() == 0


def test_without_a_notifier_the_notices_stay_pending(shell):
    billing = shell()
    billing.execute(payment("k", "1200.00"))
    assert billing.deliver_pending() == 0
    assert len(billing.repository.pending_notices()) == 3


def test_a_failing_notifier_neither_undoes_nor_fails_a_payment(shell, caplog):
    notifier = FailingNotifier()
    billing = shell(notifier)
    with caplog.at_level(logging.WARNING, "distbilling"):
        accepted = billing.execute(payment("k", "1200.00"))
    assert isinstance(accepted, Accepted)
    assert notifier.attempts == 1
    assert caplog.messages == [f"notice {accepted.notices[0].key} stays pending: NoConnectionError"]
    assert tuple(billing.repository.pending_notices()) == accepted.notices
    assert billing.repository.distributor("hudson") == distributor("hudson")
    notifier.fails_at = ()
    assert billing.deliver_pending() == 3
    assert (tuple(notifier.sent), billing.repository.pending_notices()) == (accepted.notices, ())


def test_a_notice_that_fails_holds_back_the_later_ones_of_its_distributor_alone(shell):
    notifier = FlakyNotifier({1})
    billing = shell()
    billing.execute(payment("k", "600.00"))
    billing.execute(payment("l", "600.00", by="jersey"))
    billing.execute(payment("m", "600.00"))
    with_notifier = type(billing)(billing.repository, notifier)
    assert with_notifier.deliver_pending() == 1
    assert told(notifier.sent) == ["jersey/threshold-500/1"]
    assert with_notifier.deliver_pending() == 3
    assert told(notifier.sent)[1:] == [
        "hudson/threshold-500/1",
        "hudson/threshold-900/2",
        "hudson/suspended/3",
    ]


def test_a_later_command_delivers_what_an_earlier_one_left_first(shell):
    notifier = FlakyNotifier({1})
    billing = shell(notifier)
    billing.execute(payment("k", "600.00"))
    assert notifier.sent == []
    billing.execute(payment("l", "600.00"))
    assert told(notifier.sent) == [
        "hudson/threshold-500/1",
        "hudson/threshold-900/2",
        "hudson/suspended/3",
    ]


def test_a_command_delivers_for_the_distributors_it_concerns_and_no_others(shell):
    repository = MemoryRepository()
    shell(None, repository).execute(payment("k", "600.00"))
    notifier = RecordingNotifier()
    billing = type(shell())(repository, notifier)
    billing.execute(payment("l", "600.00", by="jersey"))
    assert {notice.distributor for notice in notifier.sent} == {"jersey"}
    assert billing.deliver_pending("hudson") == 1


@pytest.mark.parametrize("after", [0, 1, 2])
def test_after_a_crash_between_commit_and_sending_nothing_is_lost_and_the_order_is_kept(
    shell, after
):
    repository, dying = MemoryRepository(), CrashingNotifier(after)
    billing = shell(dying, repository)
    with pytest.raises(Crash):
        billing.execute(payment("k", "1200.00"))
    reborn = RecordingNotifier()
    restarted = type(billing)(repository, reborn)
    assert restarted.execute(payment("k", "1200.00")).notices == tuple(reborn.sent)
    assert len(list(repository.journal())) == 1
    received = dict.fromkeys(notice.key for notice in (*dying.sent, *reborn.sent))
    assert list(received) == [notice.key for notice in reborn.sent]


def test_a_crash_is_swept_up_by_delivering_what_is_pending(shell):
    repository = MemoryRepository()
    with pytest.raises(Crash):
        shell(CrashingNotifier(0), repository).execute(payment("k", "1200.00"))
    notifier = RecordingNotifier()
    assert type(shell())(repository, notifier).deliver_pending() == 3
    assert len(notifier.sent) == 3


class Unreachable(MemoryRepository):
    """Loses its connection after the commit."""

    def pending_notices(self, distributor=None, /) -> Any:
        raise HostError("Repository.pending_notices", "no connection")


def test_a_repository_that_fails_after_the_commit_does_not_fail_the_command(shell, caplog):
    billing = shell(RecordingNotifier(), Unreachable())
    assert isinstance(billing.execute(payment("k", "1200.00")), Accepted)
    assert caplog.messages == ["notices stay pending: HostError"]
    with pytest.raises(HostError):
        billing.deliver_pending()


def test_a_refused_command_tells_nobody_and_may_be_tried_again(shell):
    notifier = RecordingNotifier()
    billing = shell(notifier)
    billing.execute(payment("k", "1200.00"))
    sent = len(notifier.sent)
    assert isinstance(billing.execute(payment("l")), Refused)
    assert len(notifier.sent) == sent
    billing.execute(remittance("r", "200.00"))
    assert isinstance(billing.execute(payment("l")), Accepted)


def test_a_key_used_again_with_other_content_is_an_error_that_names_the_field(shell):
    billing = shell()
    billing.execute(payment("k"))
    for changed, field in (
        (payment("k", "10.01"), "amount"),
        (payment("k", at=MORNING.add(seconds=1)), "at"),
        (attrs.evolve(payment("k"), comment="cash"), "comment"),
        (attrs.evolve(payment("k"), customer="x"), "customer"),
        (remittance("k", "10.00"), "command"),
    ):
        with pytest.raises(KeyReused) as reused:
            billing.execute(changed)
        assert (reused.value.key, reused.value.field) == ("k", field)
    with pytest.raises(KeyReused):
        billing.execute_many([payment("l"), payment("k", "10.01")])
    assert [entry.key for entry in billing.repository.journal()] == ["k"]


@pytest.mark.parametrize("nonsense", [None, "pay", 1, object(), RecordingNotifier])
def test_what_is_no_command_is_refused_before_anything_is_written(shell, nonsense):
    billing = shell()
    with pytest.raises(InvalidType, match="command"):
        billing.execute(nonsense)
    with pytest.raises(InvalidType, match="command"):
        billing.execute_many([payment("k"), nonsense])
    assert list(billing.repository.journal()) == []


def test_a_host_brings_its_own_policy(shell):
    strict = HANDBOOK_POLICY.extended(
        Denied(Role.DISTRIBUTOR, Action.RECORD_PAYMENT, "our contract")
    )
    assert shell(policy=strict).execute(payment("k")).reason.rule == "our contract"
    open_handed = HANDBOOK_POLICY.extended(
        Allowed(Role.ADMINISTRATOR, Action.RECORD_PAYMENT, "our contract")
    )
    assert isinstance(
        shell(policy=open_handed).execute(attrs.evolve(payment("k"), by=MARIA)), Accepted
    )


def test_a_statement_is_of_the_period_of_the_instant(shell):
    billing = shell()
    billing.execute(payment("k"))
    assert billing.statement("hudson", MORNING).closing == usd("9.00")
    assert billing.statement("hudson", MORNING.subtract(days=5)).closing == usd("0.00")
    with pytest.raises(InvalidValue, match="distributor"):
        billing.statement("nobody", MORNING)
    with pytest.raises(InvalidValue, match="instant"):
        billing.statement("hudson", MORNING.subtract(years=1))


def test_notices_can_be_printed_in_the_readers_language(capsys):
    billing = Billing(MemoryRepository(), PrintingNotifier("en"))
    billing.execute_many(BASE_COMMANDS)
    billing.execute(payment("k", "1200.00"))
    assert capsys.readouterr().out.splitlines() == [
        "hudson owes $1,080.00 and has crossed the warning threshold of $500.00.",
        "hudson owes $1,080.00 and has crossed the warning threshold of $900.00.",
        "hudson owes $1,080.00, has reached the credit limit of $1,000.00 and is suspended.",
    ]
