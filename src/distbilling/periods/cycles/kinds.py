"""The list of all kinds of billing cycle.

A new kind is added here and to ``distbilling.periods``. Where it has a field that another kind has
too (``first``, ``day``, ``first_month``), the field accepts the same values; others have defaults.
"""

from __future__ import annotations

from typing import Final, get_args

from distbilling.periods.cycles.anniversary import MonthlyAnniversary
from distbilling.periods.cycles.calendar import (
    Daily,
    Monthly,
    Quarterly,
    Semimonthly,
    Weekly,
    Yearly,
)
from distbilling.periods.cycles.counted import EveryDays, EveryMonths, EveryWeeks
from distbilling.periods.cycles.cycle import Cycle

__all__ = ["CYCLE_KINDS", "AnyCycle"]

AnyCycle = (
    Daily
    | Weekly
    | Semimonthly
    | Monthly
    | MonthlyAnniversary
    | EveryDays
    | EveryWeeks
    | EveryMonths
    | Quarterly
    | Yearly
)
"""Every kind of cycle, as a closed union: type checkers find a ``match`` that forgot one.

Source: rulebook R32.
"""

CYCLE_KINDS: Final[tuple[type[Cycle], ...]] = get_args(AnyCycle)
"""The same kinds as a table, in the rulebook's order.

Source: rulebook R32.
"""
