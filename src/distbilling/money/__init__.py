"""Money, currencies, percentages, rounding and allocation, all exact."""

from distbilling.money.allocation import Allocation
from distbilling.money.amount import Money
from distbilling.money.currency import Currency
from distbilling.money.exact import exact
from distbilling.money.percent import Percent
from distbilling.money.portions import given_back, part_of, slices_of
from distbilling.money.rounding import Rounding, RoundingMethod
from distbilling.money.units import from_units, units_of

__all__ = [
    "Allocation",
    "Currency",
    "Money",
    "Percent",
    "Rounding",
    "RoundingMethod",
    "exact",
    "from_units",
    "given_back",
    "part_of",
    "slices_of",
    "units_of",
]
