"""What may be owed: limits, thresholds, warnings, increases and forecasts."""

from distbilling.rules.credit.limits import (
    CreditLimit,
    CreditTerms,
    Crossing,
    EveryFurther,
    Limit,
    PercentOfLimit,
    Rearm,
    Threshold,
    Unlimited,
    WhenSuspended,
    available_funds,
    is_over_limit,
    is_suspended,
    thresholds_crossed,
)

__all__ = [
    "CreditLimit",
    "CreditTerms",
    "Crossing",
    "EveryFurther",
    "Limit",
    "PercentOfLimit",
    "Rearm",
    "Threshold",
    "Unlimited",
    "WhenSuspended",
    "available_funds",
    "is_over_limit",
    "is_suspended",
    "thresholds_crossed",
]
