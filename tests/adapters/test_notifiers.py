"""Our notifiers keep the promises of their port, and our fakes fail as they say."""

from __future__ import annotations

import io
from typing import Any

import pytest

from distbilling.adapters.memory import AsyncMemoryRepository
from distbilling.adapters.notifiers import PrintingNotifier, RecordingNotifier
from distbilling.testing.contract.notifier import NotifierContract
from distbilling.testing.fakes import (
    Crash,
    CrashingNotifier,
    FailingNotifier,
    FlakyNotifier,
    NoConnectionError,
)
from distbilling.testing.sample_data import NOTICES


class TestRecordingNotifier(NotifierContract):
    def notifier(self) -> Any:
        return RecordingNotifier()


class TestPrintingNotifier(NotifierContract):
    def notifier(self) -> Any:
        return PrintingNotifier("de", io.StringIO())


class Fails(NotifierContract):
    def notifier(self) -> Any:
        return FailingNotifier()


@pytest.mark.parametrize(
    "promise",
    [Fails().test_every_kind_of_notice_can_be_sent, Fails().test_a_notice_may_be_sent_again],
)
def test_a_notifier_that_fails_breaks_the_promise(promise):
    with pytest.raises(NoConnectionError):
        promise()


def test_a_printed_notice_is_one_line_in_order():
    stream = io.StringIO()
    notifier = PrintingNotifier(stream=stream)
    for notice in NOTICES:
        notifier.send(notice)
    assert stream.getvalue().splitlines() == [notice.explain() for notice in NOTICES]


def test_a_recording_notifier_keeps_what_it_is_sent_in_order():
    notifier = RecordingNotifier()
    for notice in NOTICES:
        notifier.send(notice)
    assert tuple(notifier.sent) == NOTICES


def test_a_flaky_notifier_fails_at_the_attempts_named():
    notifier = FlakyNotifier({2})
    notifier.send(NOTICES[0])
    with pytest.raises(NoConnectionError):
        notifier.send(NOTICES[1])
    notifier.send(NOTICES[1])
    assert tuple(notifier.sent) == NOTICES[:2]


def test_a_crashing_notifier_dies_once_it_has_sent_enough():
    notifier = CrashingNotifier(after=1)
    notifier.send(NOTICES[0])
    with pytest.raises(Crash):
        notifier.send(NOTICES[1])


def test_an_async_memory_may_share_what_another_keeps():
    one = AsyncMemoryRepository()
    assert AsyncMemoryRepository(one.kept).kept is one.kept
