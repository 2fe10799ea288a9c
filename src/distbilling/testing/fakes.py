"""Notifiers that fail, crash or flicker, and a decider that keeps what it was shown."""

from __future__ import annotations

from collections.abc import Container

from distbilling.adapters.notifiers import RecordingNotifier
from distbilling.ports import Decide, Notifier
from distbilling.rules import Command, decide
from distbilling.rules.credit.notices import Notice
from distbilling.rules.deciding.decision import Decision
from distbilling.rules.deciding.facts import Facts

__all__ = [
    "AwaitedNotifier",
    "Crash",
    "CrashingNotifier",
    "FailingNotifier",
    "FlakyNotifier",
    "NoConnectionError",
    "RecordingDecider",
]


class NoConnectionError(Exception):
    """A mail server, say, cannot be reached: what a host's notifier may raise."""


class Crash(BaseException):
    """The process dies here: nothing catches it."""


class FlakyNotifier(RecordingNotifier):
    """Fails at the attempts named, counted from 1; keeps in ``sent`` what it got at the others.

    Source: rulebook R47.

    >>> FlakyNotifier(fails_at={1}).attempts
    0
    """

    def __init__(self, fails_at: Container[int]) -> None:
        super().__init__()
        self.fails_at = fails_at
        self.attempts: int = 0

    def send(self, notice: Notice, /) -> None:
        """Fail, or keep the notice.

        Raises:
            NoConnectionError: at the attempts named.
        """
        self.attempts += 1
        if self.attempts in self.fails_at:
            raise NoConnectionError
        super().send(notice)


class FailingNotifier(FlakyNotifier):
    """Fails at every attempt, until ``fails_at`` is set to something smaller.

    Source: rulebook R47.

    >>> FailingNotifier().sent
    []
    """

    def __init__(self) -> None:
        super().__init__(range(1, 10**9))


class CrashingNotifier(RecordingNotifier):
    """Lets the process die, once it has sent so many notices.

    Source: rulebook R47.

    >>> CrashingNotifier(after=0).sent
    []
    """

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def send(self, notice: Notice, /) -> None:
        """Keep the notice, or die.

        Raises:
            Crash: it has sent enough.
        """
        if len(self.sent) == self.after:
            raise Crash
        super().send(notice)


class AwaitedNotifier:
    """Any of these notifiers, for :class:`distbilling.AsyncBilling`.

    Source: rulebook R47.

    >>> AwaitedNotifier(RecordingNotifier()).notifier.sent
    []
    """

    def __init__(self, notifier: Notifier) -> None:
        self.notifier = notifier

    async def send(self, notice: Notice, /) -> None:
        """Pass the notice on."""
        self.notifier.send(notice)


class RecordingDecider:
    """Decides by the rules, or by another decider, and keeps the facts that it was shown.

    Source: rulebook R45, R46.

    >>> RecordingDecider().shown
    []
    """

    def __init__(self, decider: Decide = decide) -> None:
        self.decider = decider
        self.shown: list[Facts] = []

    def __call__(self, command: Command, facts: Facts, /) -> Decision:
        """Keep the facts, and decide."""
        self.shown.append(facts)
        return self.decider(command, facts)
