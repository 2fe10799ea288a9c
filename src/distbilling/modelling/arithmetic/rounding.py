"""Columns of whole units, rounded by what is left of a unit."""

from __future__ import annotations

from typing import assert_never

import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.worksheet import Worksheet
from distbilling.money import RoundingMethod
from distbilling.money.rounding import UnitRounding

__all__ = ["nearest_multiple", "rounded_units"]


def rounded_units(
    sheet: Worksheet, units: nw.Expr, remainder: nw.Expr, by: int | nw.Expr, method: RoundingMethod
) -> nw.Expr:
    """Return units and ``remainder`` ÷ ``by`` of one, rounded; the remainder is below ``by``.

    Source: rulebook R4, as :func:`distbilling.money.kernels.divided`.
    """
    up: nw.Expr | None
    match method.to_unit:
        case UnitRounding.HALF_UP:
            up = remainder >= by - remainder
        case UnitRounding.UP:
            up = remainder > 0
        case UnitRounding.HALF_EVEN:
            units = sheet.let(units)
            pairs = sheet.let(sheet.divided(units, 2))
            up = (remainder > by - remainder) | (
                (remainder == by - remainder) & (units - pairs * 2 == 1)
            )
        case UnitRounding.DOWN:
            up = None
        case _:
            assert_never(method.to_unit)

    if up is not None:
        units = nw.when(up).then(units + 1).otherwise(units)
    return nearest_multiple(sheet, units, method.step)


def nearest_multiple(sheet: Worksheet, units: nw.Expr, step: int) -> nw.Expr:
    """Return the multiple of the step that is nearest to a number of units.

    Source: rulebook R4.
    """
    return units if step == 1 else sheet.divided(units + step // 2, step) * step
