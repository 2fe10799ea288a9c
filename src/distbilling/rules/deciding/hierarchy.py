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
from distbilling.rules.deciding.standing import creation_refusal
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

    Whatever a chain's margins are, staff gives nobody a rate above its own.

    Source: rulebook R16.
    """
    if not chain:
        return None
    if early := creation_refusal(chain, at):
        return early
    parent = chain[0].distributor
    if distributor.currency != parent.currency:
        return WrongCurrency(parent.id, parent.currency, distributor.currency)
    return rate_above_parent(distributor, [known.distributor for known in chain], by_staff=by_staff)


def rate_above_parent(
    child: Distributor, above: Sequence[Distributor], *, by_staff: bool = False
) -> RateAboveParent | WiderBasis | None:
    """Return where a child earns more than its parent can, as far as rates tell.

    ``above`` is the chain above the child, its parent first. What two schedules come to can depend
    on volume and age; where that cannot be told beforehand, the computation limits the child to its
    parent's commission. Where each level earns its own rate on what those below it have left, an
    administrator's rates are not compared: a parent's need not be the higher one.

    Source: rulebook R16.
    """
    if not above or (above[-1].terms.margin.on_remaining_amount and not by_staff):
        return None
    parent = above[0]
    if child.terms.basis.is_wider_than(parent.terms.basis):
        return WiderBasis(child.id, parent.id)
    found = rates_exceeding(child.terms, parent.terms)
    return RateAboveParent(child.id, parent.id, found) if found else None


def circle_refusal(facts: Facts, distributor: str, parent: str | None) -> OwnSubdistributor | None:
    """Return why a distributor cannot be put below another: it is that one, or above it.

    Source: rulebook R16.
    """
    if parent is None:
        return None
    above = (known.distributor.id for known in facts.chain(parent))
    return OwnSubdistributor(distributor, parent) if distributor in above else None
