"""Reasons about commission: why none can be computed or credited."""

from __future__ import annotations

import attrs

from distbilling.language.catalogue import Explained
from distbilling.money import Money

__all__ = [
    "MoreThanAccrued",
    "NoCommissionAccrued",
    "TaxMissing",
]


@attrs.frozen
class TaxMissing(Explained):
    """Commission is on the amount without tax, and the tax that the amount contains is missing.

    Source: rulebook R18.

    >>> print(TaxMissing("hudson").explain())  # doctest: +ELLIPSIS
    The commission of hudson is on amounts without tax; give the tax contained in the amount ...
    """

    distributor: str

    _WORDS = (
        "The commission of {distributor} is on amounts without tax; give the tax contained "
        "in the amount (zero, if none)."
    )


@attrs.frozen
class NoCommissionAccrued(Explained):
    """There is no commission to be credited.

    None was earned since the last time, or it was credited as it was earned.

    Source: rulebook R17.

    >>> print(NoCommissionAccrued("hudson").explain())
    hudson has no commission to be credited.
    """

    distributor: str

    _WORDS = "{distributor} has no commission to be credited."


@attrs.frozen
class MoreThanAccrued(Explained):
    """More commission was to be credited than has been earned since the last time.

    Source: rulebook R17.

    >>> print(MoreThanAccrued("hudson", Money("3.00", "USD"), Money("4.00", "USD")).explain())
    hudson has $3.00 of commission to be credited; $4.00 is more than that.
    """

    distributor: str
    accrued: Money
    asked: Money

    _WORDS = "{distributor} has {accrued} of commission to be credited; {asked} is more than that."
