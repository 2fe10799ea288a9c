"""The billing cycles, each of which divides time into periods."""

from distbilling.periods.cycles.kinds import CYCLE_KINDS, AnyCycle

__all__ = ["CYCLE_KINDS", "AnyCycle"]
