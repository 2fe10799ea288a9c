"""The shell: a command goes through the repository to a decision, then its notices go out."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import get_args

from distbilling.errors import InvalidType, InvalidValue
from distbilling.ports import Notifier, Repository
from distbilling.rules import Command, decide
from distbilling.rules.credit.notices import Notice
from distbilling.rules.deciding.decision import Decision
from distbilling.rules.fields import IDENTIFIER_CHARACTERS, check_text, check_type
from distbilling.rules.ledger.statement import Statement, statement_of
from distbilling.rules.parties.permission import HANDBOOK_POLICY, Policy

__all__ = ["Billing"]

_COMMANDS = get_args(Command)
_log = logging.getLogger("distbilling")


class Billing:
    """The whole shell: commands in, decisions out, notices delivered after the commit.

    Without a notifier the notices stay pending in the repository.

    Source: rulebook R45, R46, R47.

    >>> from distbilling.adapters.memory import MemoryRepository
    >>> Billing(MemoryRepository()).deliver_pending()
    0
    """

    def __init__(
        self,
        repository: Repository,
        notifier: Notifier | None = None,
        policy: Policy = HANDBOOK_POLICY,
    ) -> None:
        check_type("policy", policy, Policy)
        self.repository = repository
        self.notifier = notifier
        self.policy = policy
        self._decide = partial(decide, policy=policy)

    def execute(self, command: Command) -> Decision:
        """Decide the command and write what was accepted; then deliver the notices it gave rise to.

        The same command again gets the first answer. A failing notifier neither undoes nor fails
        what was accepted.

        Raises:
            InvalidType: it is no command.
            KeyReused: its key was accepted before, with another command.
            HostError: the repository failed; nothing was written.
        """
        check_commands((command,))
        decision = self.repository.transact(command, self._decide)
        self.deliver(decision.notices)
        return decision

    def execute_many(self, commands: Iterable[Command]) -> tuple[Decision, ...]:
        """Decide commands in order, in one transaction, each on what those before it left.

        Raises:
            InvalidType: one is no command.
            KeyReused: a key was accepted before, or earlier among these, with another command;
                nothing was written.
            HostError: the repository failed; nothing was written.
        """
        ordered = check_commands(commands)
        decisions = self.repository.transact_many(ordered, self._decide)
        self.deliver(notice for decision in decisions for notice in decision.notices)
        return decisions

    def deliver(self, notices: Iterable[Notice]) -> int:
        """Deliver what is pending for the distributors of these notices, and return how many.

        Called after the commit, so that nothing that fails here fails the command: it stays
        pending.
        """
        try:
            delivered = [self.deliver_pending(distributor) for distributor in concerned(notices)]
        except Exception as failure:  # noqa: BLE001 - what was accepted stands, whatever fails now
            _log.warning("notices stay pending: %s", type(failure).__name__)
            return 0
        return sum(delivered)

    def deliver_pending(self, distributor: str | None = None) -> int:
        """Deliver what is pending, of one distributor or of all, and return how many notices.

        What the notifier fails to send stays pending, with all later notices of that distributor.
        """
        if self.notifier is None:
            return 0
        delivered: list[str] = []
        waiting: set[str] = set()

        for notice in tuple(self.repository.pending_notices(distributor)):
            if notice.distributor in waiting:
                continue
            try:
                self.notifier.send(notice)
            except Exception as failure:  # noqa: BLE001 - whatever it raises, the payment stands
                waiting.add(notice.distributor)
                _log.warning("notice %s stays pending: %s", notice.key, type(failure).__name__)
            else:
                delivered.append(notice.key)

        self.repository.mark_delivered(delivered)
        return len(delivered)

    def statement(self, distributor: str, instant: datetime) -> Statement:
        """Return a distributor's statement for the billing period that the instant is in.

        Raises:
            InvalidValue: there is no such distributor, or the instant is before its creation.

        Source: rulebook R39.
        """
        check_text("distributor", distributor, IDENTIFIER_CHARACTERS)
        seller = self.repository.distributor(distributor)
        if seller is None:
            raise InvalidValue("distributor", distributor, "the name of a distributor")
        period = seller.period_at(instant)
        return statement_of(
            seller, period, self.repository.extract(distributor, period.start, period.end)
        )


def check_commands(commands: Iterable[Command]) -> tuple[Command, ...]:
    """Return the commands, if all of them are commands.

    Raises:
        InvalidType: one is not.
    """
    checked = tuple(commands)
    for command in checked:
        if not isinstance(command, _COMMANDS):
            raise InvalidType("command", command, "one of distbilling's commands")
    return checked


def concerned(notices: Iterable[Notice]) -> tuple[str, ...]:
    """Return the distributors that the notices are about, each once, in their order."""
    return tuple(dict.fromkeys(notice.distributor for notice in notices))
