"""Splits of a whole number of units over ratios that lose nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Final, TypeAlias, assert_never

from distbilling.choices import Choice
from distbilling.errors import InvalidType, InvalidValue
from distbilling.money.exact import exact, plain

__all__ = ["Allocation", "shares", "shares_with_rest"]

_ACCEPTED: Final = (
    "ratios that are not negative, not all zero, at least one: "
    "3, Decimal('87.5'), '87.5', '1/3' or Fraction(1, 3)"
)

Ratio: TypeAlias = Decimal | Fraction | int | str
"""A part of a split: a number, or text like '87.5' or '1/3'."""


class Allocation(Choice):
    """Who gets the units that are left over when each ratio has got its share rounded down.

    Source: rulebook R6.

    >>> from distbilling.money import Money
    >>> for strategy in Allocation:
    ...     print(*Money("0.05", "USD").allocate((3, 4, 5), strategy))
    $0.01 $0.02 $0.02
    $0.02 $0.01 $0.02
    $0.01 $0.01 $0.03
    """

    LARGEST_REMAINDER = "LARGEST_REMAINDER"
    """One unit each to the ratios that lost most by rounding down; of equals, the first."""

    FIRST_IN_ORDER = "FIRST_IN_ORDER"
    """One unit each in the order given, from the first ratio that is not zero."""

    LARGEST_RATIO = "LARGEST_RATIO"
    """All of them to the largest ratio; of equals, the first."""


def shares(units: int, weights: Sequence[int], strategy: Allocation) -> list[int]:
    """Return how many of the units each weight gets; a zero weight gets none.

    Weights are not negative and not all zero. Negative units mirror positive ones.

    Source: rulebook R6.

    >>> shares(-10000, (30, 20, 40, 40), Allocation.FIRST_IN_ORDER)
    [-2308, -1539, -3077, -3076]
    """
    if type(strategy) is not Allocation:
        accepted = "an Allocation, like Allocation.LARGEST_REMAINDER"
        raise InvalidType("strategy", strategy, accepted)

    given, left_over = shares_with_rest(abs(units), weights)
    order = [place for place, weight in enumerate(weights) if weight]
    match strategy:
        case Allocation.LARGEST_REMAINDER:
            total = sum(weights)
            order.sort(key=lambda place: -(abs(units) * weights[place] % total))
        case Allocation.FIRST_IN_ORDER:
            pass
        case Allocation.LARGEST_RATIO:
            order = [weights.index(max(weights))] * left_over
        case _:
            assert_never(strategy)

    for place in order[:left_over]:
        given[place] += 1
    return given if units >= 0 else [-share for share in given]


def shares_with_rest(
    units: int, weights: Sequence[int], *, in_blocks: bool = False
) -> tuple[list[int], int]:
    """Return how many units each weight gets, rounded down, and how many are left over.

    In blocks, every weight gets as many times itself as the others, so that the shares are exactly
    in their proportions. Weights are not negative and not all zero. Negative units mirror positive
    ones.

    Source: rulebook R6.

    >>> shares_with_rest(100, (2, 3, 1)), shares_with_rest(100, (2, 3, 1), in_blocks=True)
    (([33, 50, 16], 1), ([32, 48, 16], 4))
    """
    total = sum(weights)
    whole = abs(units)
    given = [
        whole // total * weight if in_blocks else whole * weight // total for weight in weights
    ]
    if units < 0:
        given = [-share for share in given]
    return given, units - sum(given)


def weights(ratios: Iterable[Ratio]) -> list[int]:
    """Return the ratios as the smallest whole numbers in the same proportions.

    Raises:
        InvalidType: if ``ratios`` is not a series of int, Decimal, Fraction or text.
        InvalidValue: if there is none, one is negative or not a number, or all are zero.

    >>> weights(("1/3", "0.5", 2)), weights((75, 0, 25))
    ([2, 3, 12], [3, 0, 1])
    """
    if isinstance(ratios, (str, bytes)):
        raise InvalidType("ratios", ratios, _ACCEPTED)
    try:
        series = iter(ratios)
    except TypeError:
        raise InvalidType("ratios", ratios, _ACCEPTED) from None
    fractions = [_fraction(ratio) for ratio in series]
    if not any(fractions):
        raise InvalidValue("ratios", tuple(fractions), _ACCEPTED)
    common = lcm(*(fraction.denominator for fraction in fractions))
    wholes = [fraction.numerator * (common // fraction.denominator) for fraction in fractions]
    largest = gcd(*wholes)
    return [whole // largest for whole in wholes]


def finest_step(amount: Decimal, digits: int | None) -> Decimal:
    """Return the minor unit of so many digits, or the amount's last decimal where that is finer.

    Raises:
        InvalidValue: if ``digits`` is None: a currency without a minor unit is split by a unit that
            is given.

    >>> finest_step(Decimal("0.00500"), 2)
    Decimal('0.001')
    """
    if digits is None:
        raise InvalidValue("unit", None, "a unit to split by: the currency has no minor unit")
    _, _, decimals = plain(amount).partition(".")
    return Decimal((0, (1,), -max(digits, len(decimals))))


def steps_in(amount: Decimal, step: Decimal) -> int | None:
    """Return how many steps the amount is, or None if it is not a whole number of them.

    >>> steps_in(Decimal("-1.00"), Decimal("0.05"))
    -20
    """
    above, below = amount.as_integer_ratio()
    step_above, step_below = step.as_integer_ratio()
    steps, odd = divmod(above * step_below, below * step_above)
    return None if odd else steps


def _fraction(ratio: Ratio) -> Fraction:
    if isinstance(ratio, Fraction):
        fraction = Fraction(ratio)
    elif type(ratio) is str and ratio.count("/") == 1:
        above, below = (exact(part, "ratios") for part in ratio.split("/"))
        if below <= 0:
            raise InvalidValue("ratios", ratio, _ACCEPTED)
        fraction = Fraction(above) / Fraction(below)
    else:
        fraction = Fraction(exact(ratio, "ratios"))
    if fraction < 0:
        raise InvalidValue("ratios", ratio, _ACCEPTED)
    return fraction
