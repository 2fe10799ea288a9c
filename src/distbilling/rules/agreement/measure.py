"""The choices that schedules are made with: for what, by what measure and how a rate applies."""

from __future__ import annotations

from decimal import Decimal

from distbilling.choices import Choice
from distbilling.errors import InvalidValue
from distbilling.money.exact import ZERO
from distbilling.rules.agreement.circumstances import Circumstances

__all__ = ["Measure", "Per", "Tiering"]


class Per(Choice):
    """What a fee is earned for, of an operation of several items.

    Source: rulebook R14.

    >>> Per.OPERATION.times(4), Per.ITEM.times(4)
    (1, 4)
    """

    OPERATION = "operation"
    """The operation as a whole: a fee of 2.50 on a sale of 4 items is 2.50."""

    ITEM = "item"
    """Each of its items: a fee of 2.50 on a sale of 4 items is 10.00."""

    def times(self, items: int) -> int:
        """Return how often the fee is earned on an operation of so many items."""
        return items if self is Per.ITEM else 1

    @property
    def asks(self) -> frozenset[str]:
        """What is asked of the circumstances, by name."""
        return frozenset({"items"}) if self is Per.ITEM else frozenset()


class Tiering(Choice):
    """How brackets apply to an amount that reaches more than one of them.

    The examples: 30 % from 0.00 to 100.00, 5 % from there on; a payment of 150.00.

    Source: rulebook R13.

    >>> Tiering.MARGINAL.by_slices, Tiering.WHOLE.by_slices
    (True, False)
    """

    MARGINAL = "marginal"
    """Each slice earns its own rate: 30 % of 100.00 and 5 % of 50.00 are 32.50."""

    WHOLE = "whole"
    """All of the amount earns the rate of the bracket it reaches: 5 % of 150.00 are 7.50."""

    @property
    def by_slices(self) -> bool:
        """Whether an amount is cut into slices, each with a rate of its own."""
        return self is Tiering.MARGINAL


class Measure(Choice):
    """What places an amount in a bracket.

    The examples: 30 % from 0.00 to 100.00, 5 % from there on, as a whole; a payment of 60.00 after
    payments of 90.00 in the same billing period.

    Source: rulebook R13.

    >>> from distbilling.money import Money
    >>> so_far = Circumstances(so_far=Money("90.00", "USD"))
    >>> Measure.PERIOD_VOLUME.volume_before(so_far), Measure.OPERATION.volume_before(so_far)
    (Decimal('90.00'), Decimal('0'))
    """

    PERIOD_VOLUME = "period_volume"
    """The volume of the billing period, this operation included: 150.00 earns 5 %."""

    OPERATION = "operation"
    """The one operation alone: 60.00 earns 30 %."""

    @property
    def by_period(self) -> bool:
        """Whether the volume of the billing period counts."""
        return self is Measure.PERIOD_VOLUME

    @property
    def asks(self) -> frozenset[str]:
        """What is asked of the circumstances, by name."""
        return frozenset({"so_far"}) if self.by_period else frozenset()

    def volume_before(self, circumstances: Circumstances) -> Decimal:
        """Return the volume that counts before an operation, in units of its currency.

        Raises:
            InvalidValue: the volume of the period counts, and the circumstances do not say it.
        """
        if not self.by_period:
            return ZERO
        if circumstances.so_far is None:
            accepted = "the volume of the billing period so far: the rate depends on it"
            raise InvalidValue("so_far", None, accepted)
        return circumstances.so_far.amount
