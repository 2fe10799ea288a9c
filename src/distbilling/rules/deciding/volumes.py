"""How much a distributor has sold or collected in a billing period, for brackets by volume."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from pendulum import DateTime

from distbilling.money import Money
from distbilling.periods import utc_instant
from distbilling.rules.agreement.terms import CommissionKind
from distbilling.rules.chain.calculations import Calculations
from distbilling.rules.chain.split import Split
from distbilling.rules.deciding.facts import DistributorFacts, PeriodVolume

__all__ = ["volume_so_far", "volumes_after"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def volume_so_far(member: DistributorFacts, kind: CommissionKind, at: DateTime) -> Money:
    """Return a distributor's volume in its billing period of an instant, as it stands.

    Source: rulebook R13, R34.
    """
    return member.volume(kind, _period_start(member, at))


def volumes_after(
    chain: Sequence[DistributorFacts],
    kind: CommissionKind,
    at: DateTime,
    split: Split[Calculations],
) -> tuple[PeriodVolume, ...]:
    """Return the volumes of each level of a chain once a split is booked.

    A payment or sale adds what its commission is earned on: net of tax, or before discounts, where
    the commission is. A reversal takes that off in proportion, a correction adds the difference;
    both in the period of their original.

    Args:
        chain: The distributors of the split, seller first.
        kind: Whether it is a payment or a sale that is booked, reversed or corrected.
        at: The instant of that payment or sale.
        split: What is booked.

    Source: rulebook R13, R15, R18.
    """
    volumes: list[PeriodVolume] = []
    for member, added in zip(chain, split.calculations.volumes, strict=True):
        start = _period_start(member, at)
        volume = member.volume(kind, start) + added
        volumes.append(PeriodVolume(member.distributor.id, kind, start, volume))
    return tuple(volumes)


def _period_start(member: DistributorFacts, at: DateTime) -> DateTime:
    """Return the start of the distributor's billing period, in UTC; the first at its creation."""
    distributor = member.distributor
    return max(distributor.created, _in_utc(distributor.cycle.period_at(at).start_microseconds))


@lru_cache(maxsize=1024)
def _in_utc(microseconds: int) -> DateTime:
    """Return an instant in UTC; every payment of a billing period asks for the same one."""
    return utc_instant(_EPOCH + dt.timedelta(microseconds=microseconds))
