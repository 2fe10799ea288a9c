"""Changes of the billing cycle, with one bridging period at most."""

from __future__ import annotations

import datetime as dt

import attrs

from distbilling.errors import InvalidType
from distbilling.periods.cycles.cycle import Cycle
from distbilling.periods.period import BillingPeriod

__all__ = ["BridgedChange", "CycleChange", "DirectChange", "change_cycle"]


@attrs.frozen
class DirectChange:
    """The current period ends at a bound of the new cycle, which follows at once.

    ``current`` is the last period of the old cycle, ``following`` the first regular one of the new.
    """

    current: BillingPeriod
    following: BillingPeriod

    @property
    def periods(self) -> tuple[BillingPeriod, ...]:
        """All periods of the change in order, each starting where the one before it ends."""
        return self.current, self.following


@attrs.frozen
class BridgedChange:
    """A change with a bridging period.

    The current period ends between two bounds of the new cycle; a bridging period fills the time
    until the next.

    ``current`` is the last period of the old cycle, ``bridging`` the one in between (in the new
    zone), ``following`` the first regular one of the new.
    """

    current: BillingPeriod
    bridging: BillingPeriod
    following: BillingPeriod

    @property
    def periods(self) -> tuple[BillingPeriod, ...]:
        """All periods of the change in order, each starting where the one before it ends."""
        return self.current, self.bridging, self.following


CycleChange = DirectChange | BridgedChange


def change_cycle(old: Cycle, new: Cycle, at: dt.datetime | BillingPeriod) -> CycleChange:
    """Return the periods through which a change of kind or zone takes effect: no gap, no overlap.

    The period that is current at the change runs to its regular end under the old cycle. ``at`` is
    the instant of the change, or the current period itself where that is not a regular one (a
    clipped first period, or the bridging period of an earlier change).

    Raises:
        InvalidValue: the instant is naive, or the current period does not end at a bound of the old
            cycle.
        InvalidType: a cycle is not a cycle, or ``at`` is neither a datetime nor a billing period.

    Source: rulebook R36.

    >>> from distbilling.periods import Monthly, Weekly
    >>> march = dt.datetime(2026, 3, 20, tzinfo=dt.UTC)
    >>> change = change_cycle(Monthly("Etc/UTC"), Weekly("Etc/UTC"), march)
    >>> for period in change.periods:
    ...     print(period)
    2026-03-01/2026-03-31 Etc/UTC
    2026-04-01/2026-04-05 Etc/UTC
    2026-04-06/2026-04-12 Etc/UTC
    """
    before, after = _cycle(old, "old"), _cycle(new, "new")
    current = _current(before, at)
    start = current.end
    bridging = after.first_period(start)
    if bridging == after.period_at(start):
        return DirectChange(current, bridging)
    return BridgedChange(current, bridging, after.next(bridging))


def _current(cycle: Cycle, at: dt.datetime | BillingPeriod) -> BillingPeriod:
    if isinstance(at, BillingPeriod):
        cycle.next(at)
        return at
    return cycle.period_at(at)


def _cycle(cycle: object, field: str) -> Cycle:
    if not isinstance(cycle, Cycle):
        raise InvalidType(field, cycle, "a billing cycle, such as Monthly or EveryDays")
    return cycle
