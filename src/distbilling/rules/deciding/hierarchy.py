"""The order of a hierarchy: nobody earns more than its parent, and nobody is above itself."""

from __future__ import annotations

from collections.abc import Sequence

from pendulum import DateTime

from distbilling.rules.chain.rate_above import rates_exceeding
from distbilling.rules.deciding.facts import DistributorFacts, Facts
from distbilling.rules.deciding.reasons import (
    BeforeCreation,
    OwnSubdistributor,
    RateAboveParent,
    WiderBasis,
    WrongCurrency,
)
from distbilling.rules.deciding.standing import creation_refusal, currency_refusal
from distbilling.rules.parties import Distributor

__all__ = ["circle_refusal", "placement_refusal", "rate_above_parent"]


def placement_refusal(
    distributor: Distributor,
    chain: Sequence[DistributorFacts],
    at: DateTime,
    *,
    by_staff: bool = False,
) -> BeforeCreation | WrongCurrency | RateAboveParent | WiderBasis | None:
    """Return why a distributor cannot stand below a chain, its parent first.

    It would be too early, in another currency, or earn more than its parent.

    Args:
        distributor: Who is to stand below the chain.
        chain: Its parent to be, and those above that one.
        at: The instant from which it stands there.
        by_staff: Whether the parent's staff asks for it. Whatever a chain's margins are, staff
            gives nobody a rate above its own.

    Source: rulebook R16.
    """
    if not chain:
        return None
    parents = [member.distributor for member in chain]
    return (
        creation_refusal(chain, at)
        or currency_refusal(parents[0], distributor.currency)
        or rate_above_parent(distributor, parents, by_staff=by_staff)
    )


def rate_above_parent(
    child: Distributor, parents: Sequence[Distributor], *, by_staff: bool = False
) -> RateAboveParent | WiderBasis | None:
    """Return where the rates of a child are above those of its parent.

    ``parents`` is the chain above the child, its parent first. What two schedules come to can
    depend on volume and age. Where only a trade can show it, the computation limits the child to
    its parent's commission. Where each level earns its own rate on what those below it have
    left, an administrator's rates are not compared: a parent's need not be the higher one.

    Source: rulebook R16.
    """
    if not parents or (parents[-1].terms.margin.on_remaining_amount and not by_staff):
        return None

    parent = parents[0]
    if child.terms.basis.is_wider_than(parent.terms.basis):
        return WiderBasis(child.id, parent.id)
    rates = rates_exceeding(child.terms, parent.terms)
    return RateAboveParent(child.id, parent.id, rates) if rates else None


def circle_refusal(facts: Facts, distributor: str, parent: str | None) -> OwnSubdistributor | None:
    """Return why a distributor cannot be put below another: it is that one, or above it.

    Source: rulebook R16.
    """
    if parent is None:
        return None
    parents = (member.distributor.id for member in facts.chain(parent))
    return OwnSubdistributor(distributor, parent) if distributor in parents else None
