"""Decisions: a command is accepted, with all that follows, or refused, with one reason."""

from __future__ import annotations

from typing import get_args

import attrs

from distbilling.language.catalogue import Explained
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.credit.notices import Notice
from distbilling.rules.deciding.facts import Record
from distbilling.rules.deciding.reasons import Reason
from distbilling.rules.ledger.journal import Entry

__all__ = ["Accepted", "Decision", "OverLimit", "Refused"]


@attrs.frozen
class OverLimit(Explained):
    """A payment was accepted although it took the distributor's balance above its limit.

    The cash was collected already. ``owed`` is the figure that was compared: the net balance,
    payment less commission included.

    Source: rulebook R24.

    >>> print(OverLimit("hudson", Money("1000", "USD"), Money("1004.50", "USD")).explain())
    hudson owes $1,004.50, above the credit limit of $1,000.00.
    """

    distributor: str
    limit: Money
    owed: Money

    _WORDS = "{distributor} owes {owed}, above the credit limit of {limit}."


@attrs.frozen
class Accepted(fields.Checked):
    """Yes: the entry to book, the records to store, the notices to send.

    There is no entry where no money moved.

    Source: rulebook R2, R24, R47.

    >>> Accepted("till-7/0042").notices
    ()
    """

    key: str = attrs.field(validator=fields.one_of(str))
    entry: Entry | None = attrs.field(default=None, validator=fields.one_of(Entry, type(None)))
    records: tuple[Record, ...] = ()
    notices: tuple[Notice, ...] = ()
    over_limit: OverLimit | None = None

    def explain(self, locale: str = "en") -> str:
        """Say what was computed, and what it leads to; one line each."""
        split = self.entry.split if self.entry is not None else None
        lines: list[str] = []
        if split is not None:
            lines += [split.explain_share(name, locale) for name in split.distributors]
        if self.over_limit is not None:
            lines.append(self.over_limit.explain(locale))
        lines += [notice.explain(locale) for notice in self.notices]
        return "\n".join(lines)


@attrs.frozen
class Refused(fields.Checked):
    """No, for one reason; nothing is written, and the command may be tried again.

    Source: rulebook R26, R45.

    >>> from distbilling.rules.deciding.reasons import NotFound, RecordKind
    >>> Refused(NotFound(RecordKind.CUSTOMER, "brown")).notices
    ()
    """

    reason: Reason = attrs.field(validator=fields.one_of(*get_args(Reason)))

    @property
    def notices(self) -> tuple[Notice, ...]:
        """A refusal has no notices."""
        return ()

    def explain(self, locale: str = "en") -> str:
        """Say why, in the words and formats of the locale."""
        return self.reason.explain(locale)


Decision = Accepted | Refused
