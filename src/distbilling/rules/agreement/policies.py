"""The policies of an agreement: netting, margins, odd cents, and who agreed on what."""

from __future__ import annotations

from distbilling.choices import Choice
from distbilling.money import Allocation

__all__ = ["Margin", "Netting", "Remainder", "TermsLayer"]


class Netting(Choice):
    """When commission is taken off what a distributor owes.

    The examples: a payment of 10.00, a commission of 1.00.

    Source: rulebook R17.

    >>> Netting.AT_COLLECTION.at_once, Netting.AT_SETTLEMENT.at_once
    (True, False)
    """

    AT_COLLECTION = "at_collection"
    """At once: the distributor owes 9.00."""

    AT_SETTLEMENT = "at_settlement"
    """When the period closes: it owes 10.00, and 1.00 waits as accrued commission until then."""

    def __init__(self, value: str) -> None:
        self.at_once: bool = value == "at_collection"
        """Whether commission is taken off when the amount is collected."""


class Margin(Choice):
    """What each level of a hierarchy earns.

    The examples: a payment of 1000.00; the seller's rate is 10 %, its parent's 20 %.

    Source: rulebook R16.

    >>> Margin.DIFFERENCE_OF_RATES.on_remaining_amount
    False
    """

    DIFFERENCE_OF_RATES = "difference_of_rates"
    """What its own rate gives, less what its child's gives: 100.00, and 200.00 - 100.00."""

    OWN_RATE_ON_THE_REST = "own_rate_on_the_rest"
    """Its own rate on what the levels below it leave: 100.00, and 20 % of 900.00 = 180.00."""

    @property
    def on_remaining_amount(self) -> bool:
        """Whether each level earns on the amount less the commissions of the levels below it."""
        return self is Margin.OWN_RATE_ON_THE_REST


class Remainder(Choice):
    """Who gets the odd cent between the levels of a hierarchy.

    The examples: a payment of 0.50 at 1 %, 4 % and 7 %, seller first. The exact margins are 0.005,
    0.015 and 0.015, together 0.035.

    Source: rulebook R6, R16.

    >>> Remainder.LARGEST_REMAINDER.allocation
    Allocation.LARGEST_REMAINDER
    """

    EACH_LEVEL_ROUNDED = "each_level_rounded"
    """Each level's total is rounded by its own terms (0.01, 0.02, 0.04), and margins are the
    differences: 0.01, 0.01, 0.02."""

    LARGEST_REMAINDER = "largest_remainder"
    """The top level's rounded total, 0.04, is shared out over the exact margins; who loses most by
    rounding down comes first: 0.00, 0.02, 0.02."""

    FIRST_IN_ORDER = "first_in_order"
    """It is shared out likewise, but odd cents go from the seller upwards: 0.01, 0.02, 0.01."""

    @property
    def allocation(self) -> Allocation | None:
        """How one rounded total is shared out; None where each level is rounded by itself."""
        return _ALLOCATIONS[self]


_ALLOCATIONS = {
    Remainder.EACH_LEVEL_ROUNDED: None,
    Remainder.LARGEST_REMAINDER: Allocation.LARGEST_REMAINDER,
    Remainder.FIRST_IN_ORDER: Allocation.FIRST_IN_ORDER,
}


class TermsLayer(Choice):
    """Who agreed on something; a later one of this list goes before those above it.

    The examples: the provider agrees on 10 %, the customer class on 12 %, the distributor on 15 %.

    Source: rulebook R11, R41.

    >>> [layer.value for layer in TermsLayer]
    ['provider', 'customer_class', 'distributor']
    """

    PROVIDER = "provider"
    """What holds for every distributor: 10 % where neither of the others says anything."""

    CUSTOMER_CLASS = "customer_class"
    """What a class hands on to its distributors: 12 % where the distributor says nothing."""

    DISTRIBUTOR = "distributor"
    """What was agreed with the distributor itself: 15 %, whatever the others say."""
