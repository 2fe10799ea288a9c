"""The promises of a notifier, as far as they can be seen from outside."""

# ruff: noqa: D102 - the names are the promises

from __future__ import annotations

from distbilling.ports import Notifier
from distbilling.testing.sample_data import NOTICES

__all__ = ["NotifierContract"]


class NotifierContract:
    """The promises of :class:`distbilling.ports.Notifier`: subclass it, and supply ``notifier``.

    Source: rulebook R47.

    >>> from distbilling.adapters.notifiers import RecordingNotifier
    >>> class TestOurNotifier(NotifierContract):
    ...     def notifier(self):
    ...         return RecordingNotifier()
    >>> TestOurNotifier().test_every_kind_of_notice_can_be_sent()
    """

    def notifier(self) -> Notifier:
        """Return a notifier that can send."""
        raise NotImplementedError

    def test_every_kind_of_notice_can_be_sent(self) -> None:
        notifier = self.notifier()
        for notice in NOTICES:
            notifier.send(notice)

    def test_a_notice_may_be_sent_again(self) -> None:
        notifier = self.notifier()
        for notice in (*NOTICES, *NOTICES):
            notifier.send(notice)
