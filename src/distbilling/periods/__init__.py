"""Billing cycles, which divide time into half-open periods, exactly, in every IANA zone.

>>> import datetime as dt
>>> Monthly("America/New_York").period_at(dt.datetime(2026, 3, 15, tzinfo=dt.UTC))
BillingPeriod.between('America/New_York', '2026-03-01', '2026-04-01')
"""

from distbilling.periods.age import whole_months
from distbilling.periods.change import BridgedChange, CycleChange, DirectChange, change_cycle
from distbilling.periods.cycles.anniversary import MonthlyAnniversary
from distbilling.periods.cycles.calendar import (
    Daily,
    Monthly,
    Quarterly,
    Semimonthly,
    Weekday,
    Weekly,
    Yearly,
)
from distbilling.periods.cycles.counted import EveryDays, EveryMonths, EveryWeeks
from distbilling.periods.cycles.cycle import Cycle
from distbilling.periods.cycles.kinds import CYCLE_KINDS, AnyCycle
from distbilling.periods.instant import FIRST_YEAR, LAST_YEAR, first_instant, utc_instant
from distbilling.periods.months import MonthEnd
from distbilling.periods.period import BillingPeriod
from distbilling.periods.zone import TzdataInForce, iana_version, iana_zone, zone_names

__all__ = [
    "CYCLE_KINDS",
    "FIRST_YEAR",
    "LAST_YEAR",
    "AnyCycle",
    "BillingPeriod",
    "BridgedChange",
    "Cycle",
    "CycleChange",
    "Daily",
    "DirectChange",
    "EveryDays",
    "EveryMonths",
    "EveryWeeks",
    "MonthEnd",
    "Monthly",
    "MonthlyAnniversary",
    "Quarterly",
    "Semimonthly",
    "TzdataInForce",
    "Weekday",
    "Weekly",
    "Yearly",
    "change_cycle",
    "first_instant",
    "iana_version",
    "iana_zone",
    "utc_instant",
    "whole_months",
    "zone_names",
]
