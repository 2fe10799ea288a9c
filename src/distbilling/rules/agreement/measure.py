"""For what, by what measure and in which way does a rate apply? The choices that schedules are made with."""

from __future__ import annotations

from enum import Enum

__all__ = ["Measure", "Per", "Tiering"]


class Per(Enum):
    """For what a fee is earned: for the operation as a whole, or for each of its items.

    Source: rulebook R14.

    >>> Per.ITEM.value
    'item'
    """

    OPERATION = "operation"
    ITEM = "item"

    __repr__ = Enum.__str__


class Tiering(Enum):
    """How brackets apply: each slice at its own rate, or all of an amount at the rate of the bracket that it reaches.

    Source: rulebook R13.

    >>> Tiering.MARGINAL.value
    'marginal'
    """

    MARGINAL = "marginal"
    WHOLE = "whole"

    __repr__ = Enum.__str__


class Measure(Enum):
    """What places an amount in a bracket: the volume of the billing period so far, or the one operation alone.

    Source: rulebook R13.

    >>> Measure.PERIOD_VOLUME.value
    'period_volume'
    """

    PERIOD_VOLUME = "period_volume"
    OPERATION = "operation"

    __repr__ = Enum.__str__
