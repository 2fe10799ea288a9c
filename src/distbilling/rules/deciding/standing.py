"""On whose behalf is somebody acting, and may that distributor operate now?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from pendulum import DateTime

from distbilling.rules.credit.limits import Limit, is_suspended
from distbilling.rules.deciding.facts import AccountFacts, CustomerFacts, DistributorFacts, Facts
from distbilling.rules.deciding.reasons import BeforeCreation, NotFound, RecordKind, Suspended
from distbilling.rules.parties import Actor, Administrator, DistributorStaff

__all__ = [
    "attributed_distributor",
    "creation_refusal",
    "own_distributor",
    "sees_account",
    "sees_customer",
    "suspension",
]


def own_distributor(actor: Actor) -> str | None:
    """Return the distributor that somebody acts for; None for the provider's own staff.

    Source: rulebook R27, R29.

    >>> own_distributor(DistributorStaff("hudson"))
    'hudson'
    """
    match actor:
        case DistributorStaff():
            return actor.distributor
        case Administrator():
            return None
        case _:
            assert_never(actor)


def attributed_distributor(
    facts: Facts, actor: Actor, named: str | None
) -> DistributorFacts | NotFound | None:
    """Return the distributor a new record belongs to: the actor's own, or the one an administrator names, if any.

    Source: rulebook R27, R28.
    """
    own = own_distributor(actor)
    name = named if own is None else own
    if name is None:
        return None
    known = facts.distributor(name)
    if known is None or named not in {None, name}:
        return NotFound(RecordKind.DISTRIBUTOR, named or name)
    return known


def sees_customer(actor: Actor, known: CustomerFacts) -> bool:
    """Tell whether somebody sees a customer: administrators all, a distributor its own.

    Source: rulebook R28.
    """
    own = own_distributor(actor)
    return own is None or known.customer.distributor == own


def sees_account(actor: Actor, known: AccountFacts) -> bool:
    """Tell whether somebody sees an account: administrators all, a distributor its own.

    Source: rulebook R28.
    """
    own = own_distributor(actor)
    return own is None or known.account.distributor == own


def creation_refusal(chain: Iterable[DistributorFacts], at: DateTime) -> BeforeCreation | None:
    """Return why nothing of that date can be booked for distributors; None from the creation of all of them on.

    Source: rulebook R34, R37.
    """
    for known in chain:
        distributor = known.distributor
        if at < distributor.created:
            return BeforeCreation(
                distributor.id, distributor.created.in_timezone(distributor.cycle.zone)
            )
    return None


def suspension(chain: Iterable[DistributorFacts], at: DateTime) -> Suspended | None:
    """Return why distributors may not operate; None while all of them owe less than their limits of that instant.

    Source: rulebook R16, R21, R24.
    """
    for known in chain:
        limit = known.distributor.limit_at(at)
        if isinstance(limit, Limit) and is_suspended(limit, known.owed):
            return Suspended(known.distributor.id, limit.amount, known.owed)
    return None
