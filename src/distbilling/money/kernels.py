"""Rounding, brackets and reversal on whole numbers alone, small enough to be proven."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import assert_never

from distbilling.money.rounding import RoundingMethod, UnitRounding

__all__ = ["clawed", "divided", "slices"]


def divided(numerator: int, denominator: int, method: RoundingMethod) -> int:
    """Return the quotient rounded to a whole number; a negative numerator mirrors the positive one.

    The denominator is above zero.

    Source: rulebook R4.

    >>> divided(-25, 10, RoundingMethod.HALF_AWAY_FROM_ZERO), divided(-25, 10, RoundingMethod.DOWN)
    (-3, -2)
    """
    whole, rest = divmod(abs(numerator), denominator)
    match method.to_unit:
        case UnitRounding.HALF_UP:
            whole += 2 * rest >= denominator
        case UnitRounding.UP:
            whole += rest > 0
        case UnitRounding.HALF_EVEN:
            whole += 2 * rest + whole % 2 > denominator
        case UnitRounding.DOWN:
            pass
        case _:
            assert_never(method.to_unit)

    step = method.step
    if step > 1:
        whole = (whole + step // 2) // step * step
    return whole if numerator >= 0 else -whole


def slices(start: int, length: int, bounds: Sequence[int]) -> list[int]:
    """Return how much of a stretch lies from each bound up to the next one.

    The stretch begins at ``start``. Bounds ascend; the last slice has no end. What lies below the
    first bound is in no slice. A negative length reaches down from the start, and its slices are
    negative.

    Source: rulebook R13.

    >>> slices(900, 700, (0, 1000, 1500))
    [100, 500, 100]
    >>> slices(1600, -700, (0, 1000, 1500))
    [-100, -500, -100]
    """
    end = start + length
    above = [max(end, bound) - max(start, bound) for bound in bounds]
    return [here - beyond for here, beyond in pairwise([*above, 0])]


def clawed(  # noqa: PLR0913, PLR0917 - a value to hold six numbers would hide the formula
    earned: int, amount: int, already: int, back: int, method: RoundingMethod, step: int = 1
) -> int:
    """Return how much of what was earned on an amount a reversal of a part of it gives back.

    Given back so far = earned × reversed so far ÷ amount, rounded to a whole number of steps, and
    never more than was earned; all of the amount reversed gives back all that was earned.

    Args:
        earned: what was earned on the whole amount.
        amount: what it was earned on, above zero.
        already: how much of the amount was reversed before, from zero on.
        back: how much of it is reversed now; with ``already`` at most the amount.
        method: how what is given back so far is rounded.
        step: of how many units the result is a multiple, above zero.

    Source: rulebook R15.

    >>> parts = ((0, 333), (333, 333), (666, 334))
    >>> [clawed(150, 1000, already, back, RoundingMethod.DOWN) for already, back in parts]
    [49, 50, 51]
    """
    before = _given_back(earned, amount, already, method, step)
    return _given_back(earned, amount, already + back, method, step) - before


def _given_back(earned: int, amount: int, so_far: int, method: RoundingMethod, step: int) -> int:
    if so_far == amount:
        return earned
    given_back = divided(earned * so_far, amount * step, method) * step
    return min(given_back, earned) if earned >= 0 else max(given_back, earned)
