"""Whom somebody acts for and sees, and whether a distributor may operate at an instant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from pendulum import DateTime

from distbilling.money import Currency
from distbilling.rules.credit.limits import Limit
from distbilling.rules.deciding.facts import AccountFacts, CustomerFacts, DistributorFacts, Facts
from distbilling.rules.deciding.reasons import (
    BeforeCreation,
    NotFound,
    RecordKind,
    Suspended,
    WrongCurrency,
)
from distbilling.rules.parties import Actor, Administrator, Distributor, DistributorStaff

__all__ = [
    "attributed_distributor",
    "creation_refusal",
    "currency_refusal",
    "distributor_at",
    "own_distributor",
    "sees_account",
    "sees_customer",
    "staff_suspension",
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
    """Return the distributor that a new record belongs to, if any.

    It is the actor's own, or the one that an administrator names.

    Source: rulebook R27, R28.
    """
    own = own_distributor(actor)
    name = named if own is None else own
    if name is None:
        return None

    member = facts.distributor(name)
    if member is None or named not in {None, name}:
        return NotFound(RecordKind.DISTRIBUTOR, named or name)
    return member


def distributor_at(
    facts: Facts, name: str, at: DateTime
) -> DistributorFacts | NotFound | BeforeCreation:
    """Return a distributor that exists at an instant, or why it does not.

    Source: rulebook R34, R37.
    """
    member = facts.distributor(name)
    if member is None:
        return NotFound(RecordKind.DISTRIBUTOR, name)
    return creation_refusal((member,), at) or member


def sees_customer(actor: Actor, customer: CustomerFacts) -> bool:
    """Tell whether somebody sees a customer: administrators all, a distributor its own.

    Source: rulebook R28.
    """
    own = own_distributor(actor)
    return own is None or customer.customer.distributor == own


def sees_account(actor: Actor, account: AccountFacts) -> bool:
    """Tell whether somebody sees an account: administrators all, a distributor its own.

    Source: rulebook R28.
    """
    own = own_distributor(actor)
    return own is None or account.account.distributor == own


def creation_refusal(chain: Iterable[DistributorFacts], at: DateTime) -> BeforeCreation | None:
    """Return why nothing of that date can be booked for distributors.

    None from the creation of all of them on.

    Source: rulebook R34, R37.
    """
    for member in chain:
        distributor = member.distributor
        if at < distributor.created:
            created = distributor.created.in_timezone(distributor.cycle.zone)
            return BeforeCreation(distributor.id, created)
    return None


def currency_refusal(distributor: Distributor, currency: Currency) -> WrongCurrency | None:
    """Return why a distributor cannot be booked in a currency; None where it is its own.

    Source: rulebook R9.
    """
    if currency == distributor.currency:
        return None
    return WrongCurrency(distributor.id, distributor.currency, currency)


def suspension(chain: Iterable[DistributorFacts], at: DateTime) -> Suspended | None:
    """Return why distributors may not operate.

    None while all of them owe less than their limits of that instant.

    Source: rulebook R16, R21, R24.
    """
    for member in chain:
        limit = member.distributor.limit_at(at)
        if isinstance(limit, Limit) and limit.is_reached_by(member.owed):
            return Suspended(member.distributor.id, limit.amount, member.owed)
    return None


def staff_suspension(facts: Facts, actor: Actor, at: DateTime) -> Suspended | None:
    """Return why the distributor that somebody acts for may not operate.

    None for administrators, and while it and those above it owe less than their limits.

    Source: rulebook R16, R24.
    """
    own = own_distributor(actor)
    return None if own is None else suspension(facts.chain(own), at)
