"""How much has a distributor sold or collected in a billing period, as far as brackets are concerned?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from operator import neg, sub

from pendulum import DateTime

from distbilling.errors import InvalidValue
from distbilling.money import Money, Rounding, RoundingMethod, given_back
from distbilling.periods import utc_instant
from distbilling.rules.agreement.basis import base_of
from distbilling.rules.agreement.terms import CommissionKind
from distbilling.rules.chain.clawback import Correction
from distbilling.rules.chain.split import Share, Split
from distbilling.rules.commission.commission import Commission
from distbilling.rules.deciding.facts import DistributorFacts, PeriodVolume
from distbilling.rules.deciding.original import Original

__all__ = ["after_correction", "after_reversal", "after_trade", "volume_so_far"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_IN_PROPORTION = Rounding(RoundingMethod.HALF_AWAY_FROM_ZERO)


def volume_so_far(known: DistributorFacts, kind: CommissionKind, at: DateTime) -> Money:
    """Return a distributor's volume in its billing period of an instant, as it stands.

    Source: rulebook R13, R34.
    """
    return known.volume(kind, _period_start(known, at))


def after_trade(
    chain: Sequence[DistributorFacts], kind: CommissionKind, at: DateTime, split: Split
) -> tuple[PeriodVolume, ...]:
    """Return the volumes of each level of a chain with a payment or sale added: by what its commission is earned on.

    So the volume is net of tax, or before discounts, where the commission is; and splitting a
    payment changes neither.

    Source: rulebook R13, R18.
    """
    return _added(chain, kind, at, list(map(_base, split.shares)))


def after_reversal(
    chain: Sequence[DistributorFacts], original: Original, back: Money
) -> tuple[PeriodVolume, ...]:
    """Return the volumes of the original's period with what is reversed of it now taken off, in proportion.

    All of it reversed takes off all that was added.

    Source: rulebook R13, R15.
    """
    split = original.split
    returned = [
        given_back(_base(share), split.amount, original.reversed, back, _IN_PROPORTION)
        for share in split.shares
    ]
    return _added(chain, original.kind, original.entry.at, list(map(neg, returned)))


def after_correction(
    chain: Sequence[DistributorFacts], original: Original, difference: Split
) -> tuple[PeriodVolume, ...]:
    """Return the volumes of the original's period with the difference of a correction added.

    Source: rulebook R13, R15.
    """
    changes = list(map(sub, map(_base, difference.shares), map(_base, original.split.shares)))
    return _added(chain, original.kind, original.entry.at, changes)


def _added(
    chain: Sequence[DistributorFacts], kind: CommissionKind, at: DateTime, amounts: Sequence[Money]
) -> tuple[PeriodVolume, ...]:
    volumes: list[PeriodVolume] = []
    for known, amount in zip(chain, amounts, strict=True):
        start = _period_start(known, at)
        volumes.append(
            PeriodVolume(known.distributor.id, kind, start, known.volume(kind, start) + amount)
        )
    return tuple(volumes)


def _base(share: Share) -> Money:
    """Return what the commission of a share is earned on; of a correction, what it should have been earned on."""
    because = share.because.after if isinstance(share.because, Correction) else share.because
    if not isinstance(because, Commission):
        raise InvalidValue(
            "split",
            share,
            "the split of a payment, a sale or a correction: a reversal earns nothing",
        )
    return base_of(because.amount, because.basis, because.circumstances)


def _period_start(known: DistributorFacts, at: DateTime) -> DateTime:
    """Return the start of the distributor's billing period at an instant from its creation on, in UTC."""
    distributor = known.distributor
    return max(distributor.created, _in_utc(distributor.cycle.period_at(at).start_microseconds))


@lru_cache(maxsize=1024)
def _in_utc(microseconds: int) -> DateTime:
    """Return an instant in UTC; every payment of a billing period asks for the same one."""
    return utc_instant(_EPOCH + dt.timedelta(microseconds=microseconds))
