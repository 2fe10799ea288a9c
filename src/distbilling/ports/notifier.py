"""The port through which notices are sent."""

from __future__ import annotations

from typing import Protocol

from distbilling.rules.credit.notices import Notice

__all__ = ["AsyncNotifier", "Notifier"]


class Notifier(Protocol):
    """Sends notices after they are committed: at least once each, in order per distributor.

    Raise anything to say that the notice could not be sent: it stays pending, with all later ones
    of that distributor, and is tried again by :meth:`distbilling.Billing.deliver_pending`.
    ``notice.key`` is stable, so a receiver may drop what it has seen.

    Source: rulebook R47.
    """

    def send(self, notice: Notice, /) -> None:
        """Send one notice; return once it is safe with whoever delivers it."""
        ...


class AsyncNotifier(Protocol):
    """The same promises as :class:`Notifier`, awaited.

    Source: rulebook R47.
    """

    async def send(self, notice: Notice, /) -> None:
        """Send one notice; return once it is safe with whoever delivers it."""
        ...
