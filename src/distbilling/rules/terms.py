"""What was agreed? The commission a distributor earns, and how it is rounded."""

from __future__ import annotations

import attrs

from distbilling.money import Percent, RoundingMethod
from distbilling.rules import fields

__all__ = ["Terms"]


@attrs.frozen
class Terms(fields.Checked):
    """The distributor's default sales and payment commission, and the rounding of both.

    Source: rulebook R4, R7, R8; handbook, "Create a distributor".

    >>> Terms(sales_commission=Percent("15"), payment_commission=Percent("10")).payment_commission
    Percent('10')
    """

    sales_commission: Percent = attrs.field(validator=fields.one_of(Percent))
    payment_commission: Percent = attrs.field(validator=fields.one_of(Percent))
    rounding: RoundingMethod = attrs.field(
        default=RoundingMethod.HALF_AWAY_FROM_ZERO, validator=fields.one_of(RoundingMethod)
    )
