"""An async repository called as if it were not async, so that it runs the contract."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from threading import Thread
from typing import Any, TypeVar

from pendulum import DateTime

from distbilling.money import Money
from distbilling.ports import AsyncRepository, Decide
from distbilling.rules import Command
from distbilling.rules.credit.notices import Notice
from distbilling.rules.deciding.decision import Decision
from distbilling.rules.ledger.accounts import PartyLedger
from distbilling.rules.ledger.journal import Entry
from distbilling.rules.ledger.statement import Extract
from distbilling.rules.parties import Distributor

__all__ = ["Synchronous"]

_Result = TypeVar("_Result")


class Synchronous:
    """An async repository, called as if it were not async.

    Its coroutines run on a loop in a thread of their own.

    Source: rulebook R46.

    >>> from distbilling.adapters.memory import AsyncMemoryRepository
    >>> Synchronous(AsyncMemoryRepository()).distributor("hudson") is None
    True
    """

    def __init__(self, awaited: AsyncRepository) -> None:
        self.awaited = awaited
        self._loop = asyncio.new_event_loop()
        Thread(target=_turn, args=(self._loop,), daemon=True).start()
        weakref.finalize(self, self._loop.call_soon_threadsafe, self._loop.stop)

    def transact(self, command: Command, decide: Decide, /) -> Decision:
        """See :meth:`distbilling.ports.Repository.transact`."""
        return self._run(self.awaited.transact(command, decide))

    def transact_many(self, commands: Sequence[Command], decide: Decide, /) -> tuple[Decision, ...]:
        """See :meth:`distbilling.ports.Repository.transact_many`."""
        return self._run(self.awaited.transact_many(commands, decide))

    def distributor(self, name: str, /) -> Distributor | None:
        """See :meth:`distbilling.ports.Repository.distributor`."""
        return self._run(self.awaited.distributor(name))

    def balance(self, ledger: PartyLedger, /) -> Money | None:
        """See :meth:`distbilling.ports.Repository.balance`."""
        return self._run(self.awaited.balance(ledger))

    def extract(self, distributor: str, start: DateTime, end: DateTime, /) -> Extract:
        """See :meth:`distbilling.ports.Repository.extract`."""
        return self._run(self.awaited.extract(distributor, start, end))

    def journal(self) -> Iterator[Entry]:
        """See :meth:`distbilling.ports.Repository.journal`."""

        async def streamed() -> list[Entry]:
            return [entry async for entry in self.awaited.journal()]

        return iter(self._run(streamed()))

    def pending_notices(self, distributor: str | None = None, /) -> Iterable[Notice]:
        """See :meth:`distbilling.ports.Repository.pending_notices`."""
        return self._run(self.awaited.pending_notices(distributor))

    def mark_delivered(self, keys: Sequence[str], /) -> None:
        """See :meth:`distbilling.ports.Repository.mark_delivered`."""
        self._run(self.awaited.mark_delivered(keys))

    def _run(self, coroutine: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()
