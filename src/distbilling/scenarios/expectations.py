"""What does a file expect of a command, and does it come about?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast, get_args

import attrs

from distbilling.errors import InvalidValue
from distbilling.money import Money
from distbilling.rules import Command
from distbilling.rules.decision import Accepted, Decision, Refused
from distbilling.rules.journal import DistributorLedger, Entry, PartyLedger
from distbilling.rules.notices import CreditThresholdCrossed, Notice
from distbilling.rules.reasons import Reason
from distbilling.scenarios.words import nearest, spelt

__all__ = ["Difference", "Expectation", "differences", "outcome"]

REASONS = tuple(spelt(kind) for kind in get_args(Reason))
NOTICES = tuple(spelt(kind) for kind in get_args(Notice))


def known_reason(_instance: object, field: attrs.Attribute[Any], value: str | None) -> None:
    """Accept the words for reasons of refusal alone, and None."""
    if value is not None:
        _known(field.name, value, REASONS)


def known_notices(_instance: object, field: attrs.Attribute[Any], value: tuple[str, ...] | None) -> None:
    """Accept the words for notices alone, and None."""
    for kind in value or ():
        _known(field.name, kind, NOTICES)


@attrs.frozen
class Expectation:
    """What a command is expected to lead to; None is not checked.

    ``owes`` is what the distributor concerned owes afterwards; ``warnings`` are the thresholds crossed, lowest first;
    ``refused`` is the reason as a word, like ``over_credit_limit``; ``explanation`` is what the decision says in English.

    Raises:
        InvalidValue: there is no such reason, or no such notice.

    >>> Expectation(refused="denied").refused
    'denied'
    """

    accepted: bool | None = None
    refused: str | None = attrs.field(default=None, validator=known_reason)
    owes: Money | None = None
    commission: Money | None = None
    warnings: tuple[Money, ...] | None = None
    over_limit: bool | None = None
    notices: tuple[str, ...] | None = attrs.field(default=None, validator=known_notices)
    explanation: str | None = None


@attrs.frozen
class Difference:
    """One thing that came out otherwise than expected.

    >>> print(Difference("commission", Money("1.00", "USD"), Money("1.10", "USD")))
    commission: expected $1.00, found $1.10
    """

    field: str
    expected: object
    found: object

    def __str__(self) -> str:
        return f"{self.field}: expected {_said(self.expected)}, found {_said(self.found)}"


def outcome(command: Command, decision: Decision, balance: Callable[[PartyLedger], Money | None]) -> Expectation:
    """Return what a decision led to, in the same terms; ``balance`` is that of the repository.

    >>> from distbilling.rules.commands.remit import Remit
    >>> from distbilling.rules.reasons import NotFound, RecordKind
    >>> from distbilling import Administrator
    >>> import pendulum
    >>> remit = Remit("r-1", Administrator("maria"), pendulum.datetime(2026, 3, 1), "hudson", Money("9.00", "USD"))
    >>> outcome(remit, Refused(NotFound(RecordKind.DISTRIBUTOR, "hudson")), {}.get).refused
    'not_found'
    """
    accepted = decision if isinstance(decision, Accepted) else None
    entry = None if accepted is None else accepted.entry
    return Expectation(
        accepted=accepted is not None,
        refused=spelt(type(decision.reason)) if isinstance(decision, Refused) else None,
        owes=_owed(command, entry, balance),
        commission=None if entry is None or entry.commission is None else entry.commission.earned,
        warnings=tuple(notice.threshold for notice in decision.notices if isinstance(notice, CreditThresholdCrossed)),
        over_limit=accepted is not None and accepted.over_limit is not None,
        notices=tuple(spelt(type(notice)) for notice in decision.notices),
        explanation=decision.explain(),
    )


def differences(expected: object, found: object) -> tuple[Difference, ...]:
    """Return where two values of one attrs class differ, as far as the expected one says anything.

    >>> [str(difference) for difference in differences(Expectation(accepted=True), Expectation(accepted=False))]
    ['accepted: expected yes, found no']
    """
    return tuple(_differing(expected, found))


def _differing(expected: object, found: object) -> Iterator[Difference]:
    for field in attrs.fields(cast("type[attrs.AttrsInstance]", type(expected))):
        wanted, came = getattr(expected, field.name), getattr(found, field.name)
        if wanted is not None and wanted != came:
            yield Difference(field.name, wanted, came)


def _owed(command: Command, entry: Entry | None, balance: Callable[[PartyLedger], Money | None]) -> Money | None:
    """Return what the distributor that the command concerns owes; None where it concerns none."""
    moved = () if entry is None else (posting.ledger for posting in entry.postings)
    concerned = [ledger for ledger in moved if isinstance(ledger, DistributorLedger)]
    concerned += [DistributorLedger(name) for name in command.reads.distributors]
    return balance(concerned[0]) if concerned else None


def _known(field: str, value: str, words: tuple[str, ...]) -> None:
    if value not in words:
        raise InvalidValue(field, value, f"one of {', '.join(words)}{nearest(value, words)}")


def _said(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case Money():
            return value.format(exact=True)
        case tuple():
            return f"[{', '.join(map(_said, cast('tuple[object, ...]', value)))}]"
        case dict():
            said = {str(name): _said(item) for name, item in cast("dict[object, object]", value).items()}
            return f"{{{', '.join(f'{name}: {item}' for name, item in said.items())}}}"
        case str():
            return repr(value)
        case _:
            return str(value)
