"""Why can no commission be computed or credited like that?"""

from __future__ import annotations

import attrs

from distbilling.language.catalogue import sentence
from distbilling.money import Money

__all__ = [
    "MoreThanAccrued",
    "NoCommissionAccrued",
    "TaxMissing",
]


@attrs.frozen
class TaxMissing:
    """Commission is on the amount without tax, and nobody told how much tax the amount contains.

    Source: rulebook R18.

    >>> print(TaxMissing("hudson").explain())
    The commission of hudson is on amounts without tax; tell the tax that the amount contains (zero, if none).
    """

    distributor: str

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words of the locale."""
        return sentence(
            "The commission of {distributor} is on amounts without tax; tell the tax that the amount contains "
            "(zero, if none).",
            locale,
            distributor=self.distributor,
        )


@attrs.frozen
class NoCommissionAccrued:
    """There is no commission to be credited: none was earned since the last time, or it was credited as it was earned.

    Source: rulebook R17.

    >>> print(NoCommissionAccrued("hudson").explain())
    hudson has no commission to be credited.
    """

    distributor: str

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words of the locale."""
        return sentence(
            "{distributor} has no commission to be credited.", locale, distributor=self.distributor
        )


@attrs.frozen
class MoreThanAccrued:
    """More commission was to be credited than has been earned since the last time.

    Source: rulebook R17.

    >>> print(MoreThanAccrued("hudson", Money("3.00", "USD"), Money("4.00", "USD")).explain())
    hudson has $3.00 of commission to be credited; $4.00 is more than that.
    """

    distributor: str
    accrued: Money
    asked: Money

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words and formats of the locale."""
        return sentence(
            "{distributor} has {accrued} of commission to be credited; {asked} is more than that.",
            locale,
            distributor=self.distributor,
            accrued=self.accrued,
            asked=self.asked,
        )
