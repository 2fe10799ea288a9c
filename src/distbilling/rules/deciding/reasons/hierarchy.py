"""Reasons about the hierarchy: why a distributor cannot stand at a place in it."""

from __future__ import annotations

import attrs

from distbilling.language.catalogue import Explained, sentence
from distbilling.money import Money
from distbilling.rules.chain.rate_above import RateAbove

__all__ = [
    "NotSettled",
    "OwnSubdistributor",
    "RateAboveParent",
    "WiderBasis",
]


@attrs.frozen
class RateAboveParent:
    """A subdistributor was to earn more than the distributor above it earns on the same amount.

    Source: rulebook R16.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.chain.rate_above import rates_exceeding
    >>> from distbilling.rules.agreement.terms import Terms
    >>> rates = rates_exceeding(Terms(Percent("15"), Percent("12")), Terms(Percent("15"),
    ...     Percent("10")))
    >>> print(RateAboveParent("soho", "hudson", rates).explain())  # doctest: +ELLIPSIS
    soho cannot earn more than its parent hudson. 12% (default payment commission) can come out ...
    """

    distributor: str
    parent: str
    rates: tuple[RateAbove, ...]

    def explain(self, locale: str = "en") -> str:
        """Say it in a sentence, and one for each rate, in the words and formats of the locale."""
        summary = sentence(
            "{distributor} cannot earn more than its parent {parent}.",
            locale,
            distributor=self.distributor,
            parent=self.parent,
        )
        return " ".join((summary, *(rate.explain(locale) for rate in self.rates)))


@attrs.frozen
class WiderBasis(Explained):
    """A subdistributor was to earn on more of an amount than its parent does.

    It would earn on tax, or before a discount.

    Source: rulebook R16, R18.

    >>> print(WiderBasis("soho", "hudson").explain())
    soho cannot earn on tax, or before a discount, where its parent hudson does not.
    """

    distributor: str
    parent: str

    _WORDS = (
        "{distributor} cannot earn on tax, or before a discount, where its parent {parent} "
        "does not."
    )


@attrs.frozen
class OwnSubdistributor(Explained):
    """A distributor was to be put below itself, or below one of its own subdistributors.

    Source: rulebook R16.

    >>> print(OwnSubdistributor("hudson", "soho").explain())
    hudson cannot be put below soho, which is itself or below it.
    """

    distributor: str
    parent: str

    _WORDS = "{distributor} cannot be put below {parent}, which is itself or below it."


@attrs.frozen
class NotSettled(Explained):
    """A subdistributor still owes its parent, or is owed commission, and cannot leave it.

    Source: rulebook R16.

    >>> nothing = Money("0.00", "USD")
    >>> print(NotSettled("soho", Money("9.00", "USD"), nothing).explain())  # doctest: +ELLIPSIS
    soho owes $9.00 and has $0.00 of commission to be credited; settle both before ...
    """

    distributor: str
    owed: Money
    accrued: Money

    _WORDS = (
        "{distributor} owes {owed} and has {accrued} of commission to be credited; settle "
        "both before it is transferred."
    )
