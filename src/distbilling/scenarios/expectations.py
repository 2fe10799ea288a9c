"""What a file expects of a command, and how that differs from what came out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast, get_args

import attrs
from pendulum import DateTime

from distbilling.errors import InvalidValue
from distbilling.money import Money
from distbilling.ports import Repository
from distbilling.rules import Command
from distbilling.rules.credit.limits import Limit, Unlimited, available_funds
from distbilling.rules.credit.notices import CreditThresholdCleared, CreditThresholdCrossed, Notice
from distbilling.rules.deciding.decision import Accepted, Decision, Refused
from distbilling.rules.deciding.reasons import Reason
from distbilling.rules.ledger.accounts import AccruedCommission, DistributorLedger
from distbilling.rules.ledger.journal import Entry, EntryKind
from distbilling.rules.parties import Distributor
from distbilling.scenarios.values.spelling import nearest, spelt

__all__ = ["Difference", "Expectation", "differences", "outcome"]

NOTHING = "nothing"
"""What is booked where no money moved."""
REASONS = tuple(spelt(kind) for kind in get_args(Reason))
NOTICES = tuple(spelt(kind) for kind in get_args(Notice))
BOOKED = (NOTHING, *(kind.value for kind in EntryKind))


def _one_of(words: tuple[str, ...]) -> Callable[[object, attrs.Attribute[Any], Any], None]:
    """Return a validator that accepts these words, alone or several in a tuple, and None."""

    def check(_instance: object, field: attrs.Attribute[Any], value: Any) -> None:  # noqa: ANN401
        for word in (value,) if isinstance(value, str) else value or ():
            if word not in words:
                accepted = f"one of {', '.join(words)}{nearest(word, words)}"
                raise InvalidValue(field.name, word, accepted)

    return check


@attrs.frozen(kw_only=True)
class Outcome:
    """What a command leads to: what was decided, and the figures of the distributor concerned.

    Expected figures that are None are not checked.

    Of the distributor: ``accrued`` is the commission still to be credited, ``limit`` the credit
    limit in force afterwards, ``available`` what is left of it. ``balances`` are what several
    distributors owe, by name.

    Of what was decided: ``refused`` is the reason as a word, like ``over_credit_limit``; ``booked``
    the kind of entry, and ``original`` the key of the one that it reverses or corrects;
    ``commission`` what the seller or collector earned, and ``commissions`` what each level of the
    chain kept, by name; ``warnings`` the thresholds crossed, lowest first, and ``cleared`` those
    whose warning is over, highest first; ``explanation`` what the decision says in English.

    Raises:
        InvalidValue: there is no such reason, notice or kind of entry.
    """

    accepted: bool | None = None
    refused: str | None = attrs.field(default=None, validator=_one_of(REASONS))
    booked: str | None = attrs.field(default=None, validator=_one_of(BOOKED))
    original: str | None = None
    accrued: Money | None = None
    limit: Money | Unlimited | None = None
    available: Money | Unlimited | None = None
    balances: dict[str, Money] | None = None
    commission: Money | None = None
    commissions: dict[str, Money] | None = None
    over_limit: bool | None = None
    warnings: tuple[Money, ...] | None = None
    cleared: tuple[Money, ...] | None = None
    notices: tuple[str, ...] | None = attrs.field(default=None, validator=_one_of(NOTICES))
    explanation: str | None = None


@attrs.frozen(kw_only=True)
class Expectation(Outcome):
    """The outcome that a scenario expects; ``owes`` is what the distributor concerned owes then.

    >>> Expectation(refused="denied").refused
    'denied'
    """

    owes: Money | None = None


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


def outcome(
    command: Command, decision: Decision, repository: Repository, named: Iterable[str] = ()
) -> Expectation:
    """Return what a decision led to, as the books are now.

    ``named`` are the distributors of whom a balance is asked.

    >>> from distbilling.adapters.memory import MemoryRepository
    >>> from distbilling.rules.commands.movements.remit import Remit
    >>> from distbilling.rules.deciding.reasons import NotFound, RecordKind
    >>> from distbilling import Administrator
    >>> import pendulum
    >>> march, nine = pendulum.datetime(2026, 3, 1), Money("9.00", "USD")
    >>> remit = Remit("r-1", Administrator("maria"), march, "hudson", nine)
    >>> refused = Refused(NotFound(RecordKind.DISTRIBUTOR, "hudson"))
    >>> outcome(remit, refused, MemoryRepository()).refused
    'not_found'
    """
    accepted = decision if isinstance(decision, Accepted) else None
    entry = None if accepted is None else accepted.entry
    shares = () if entry is None or entry.split is None else entry.split.shares

    name = _concerned(command, entry)
    distributor = repository.distributor(name)
    owed = repository.balance(DistributorLedger(name))
    accrued = repository.balance(AccruedCommission(name))
    balances = {name: repository.balance(DistributorLedger(name)) for name in named}

    return Expectation(
        accepted=accepted is not None,
        refused=spelt(type(decision.reason)) if isinstance(decision, Refused) else None,
        booked=NOTHING if entry is None else entry.kind.value,
        original=None if entry is None else entry.original,
        owes=owed,
        accrued=None if accrued is None else -accrued,
        balances={name: balance for name, balance in balances.items() if balance is not None},
        commission=shares[0].earned if shares else None,
        commissions={share.distributor: share.earned for share in shares},
        over_limit=accepted is not None and accepted.over_limit is not None,
        warnings=_thresholds(decision, CreditThresholdCrossed),
        cleared=_thresholds(decision, CreditThresholdCleared),
        notices=tuple(spelt(type(notice)) for notice in decision.notices),
        explanation=decision.explain(),
        **limit_figures(distributor, owed, command.at),
    )


def limit_figures(
    distributor: Distributor | None, owed: Money | None, at: DateTime
) -> dict[str, Any]:
    """Return the ``limit`` of a distributor at an instant, and what is ``available`` of it.

    >>> limit_figures(None, None, DateTime(2026, 3, 1))
    {}
    """
    if distributor is None or owed is None:
        return {}
    limit = distributor.limit_at(at)
    return {
        "limit": limit.amount if isinstance(limit, Limit) else limit,
        "available": available_funds(limit, owed),
    }


def _thresholds(
    decision: Decision, kind: type[CreditThresholdCrossed | CreditThresholdCleared]
) -> tuple[Money, ...]:
    return tuple(notice.threshold for notice in decision.notices if isinstance(notice, kind))


def differences(expected: object, found: object) -> tuple[Difference, ...]:
    """Return where two values of one attrs class differ, as far as the expected one says anything.

    >>> print(*differences(Expectation(accepted=True), Expectation(accepted=False)))
    accepted: expected yes, found no
    """
    return tuple(_differing(expected, found))


def _differing(expected: object, found: object) -> Iterator[Difference]:
    for field in attrs.fields(cast("type[attrs.AttrsInstance]", type(expected))):
        wanted, came = getattr(expected, field.name), getattr(found, field.name)
        if wanted is not None and wanted != came:
            yield Difference(field.name, wanted, came)


def _concerned(command: Command, entry: Entry | None) -> str:
    """Return the distributor concerned, the one nearest to the customer; no name where none is."""
    moved = () if entry is None else (posting.ledger for posting in entry.postings)
    concerned = [ledger.distributor for ledger in moved if isinstance(ledger, DistributorLedger)]
    return next(iter((*concerned, *command.reads.distributors)), "")


def _said(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case Money():
            return value.format(exact=True)
        case Unlimited():
            return "unlimited"
        case tuple():
            return f"[{', '.join(map(_said, cast('tuple[object, ...]', value)))}]"
        case dict():
            said = {
                str(name): _said(item) for name, item in cast("dict[object, object]", value).items()
            }
            return f"{{{', '.join(f'{name}: {item}' for name, item in said.items())}}}"
        case str():
            return repr(value)
        case _:
            return str(value)
