"""What a trade earns, and why."""

from distbilling.rules.commission.commission import (
    Commission,
    RateOrigin,
    Step,
    commission_on,
    commission_under,
)

__all__ = ["Commission", "RateOrigin", "Step", "commission_on", "commission_under"]
