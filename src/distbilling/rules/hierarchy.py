"""Who may stand below whom? A subdistributor earns no more than the one above it, and nobody is above itself."""

from __future__ import annotations

from collections.abc import Sequence

from pendulum import DateTime

from distbilling.rules.above import terms_above
from distbilling.rules.facts import DistributorFacts, Facts
from distbilling.rules.parties import Distributor
from distbilling.rules.reasons import BeforeCreation, OwnSubdistributor, RateAboveParent, WrongCurrency
from distbilling.rules.standing import too_early
from distbilling.rules.terms import Margin

__all__ = ["in_a_circle", "misfit", "rate_above_parent"]


def misfit(
    distributor: Distributor, chain: Sequence[DistributorFacts], at: DateTime
) -> BeforeCreation | WrongCurrency | RateAboveParent | None:
    """Return why a distributor cannot stand below a chain, its parent first: too early, other currency, rate above; or None.

    Source: rulebook R16.
    """
    if not chain:
        return None
    if early := too_early(chain, at):
        return early
    parent = chain[0].distributor
    if distributor.currency != parent.currency:
        return WrongCurrency(parent.id, parent.currency, distributor.currency)
    return rate_above_parent(distributor, [known.distributor for known in chain])


def rate_above_parent(child: Distributor, above: Sequence[Distributor]) -> RateAboveParent | None:
    """Return where a child's rate is above its parent's, with the figures; None where it is nowhere, as far as rates tell.

    ``above`` is the chain above the child, its parent first. What two schedules come to can depend on volume and age; where
    that cannot be told beforehand, the computation limits the child to its parent's commission. Where each level earns its
    own rate on what those below it have left, rates are not compared: a parent's need not be the higher one.

    Source: rulebook R16.
    """
    if not above or above[-1].terms.margin is Margin.OWN_RATE_ON_THE_REST:
        return None
    parent = above[0]
    found = terms_above(child.terms, parent.terms)
    return RateAboveParent(child.id, parent.id, found) if found else None


def in_a_circle(facts: Facts, distributor: str, parent: str | None) -> OwnSubdistributor | None:
    """Return why a distributor cannot be put below another; None where the other is neither itself nor below it.

    Source: rulebook R16.
    """
    if parent is None:
        return None
    above = (known.distributor.id for known in facts.chain(parent))
    return OwnSubdistributor(distributor, parent) if distributor in above else None
