"""Records that use every field, so that a store shows whether it keeps them all."""

from __future__ import annotations

import datetime as dt
from typing import Final

import attrs
import pendulum

from distbilling.money import Percent, RoundingMethod
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.measure import Measure, Per, Tiering
from distbilling.rules.agreement.policies import TermsLayer
from distbilling.rules.agreement.schedule import (
    Bounded,
    Bracket,
    Brackets,
    ByAge,
    FlatFee,
    Stage,
    Sum,
)
from distbilling.rules.agreement.terms import (
    CommissionKind,
    Margin,
    Netting,
    Rate,
    Remainder,
    Terms,
    TermsLayers,
)
from distbilling.rules.credit.increase import LimitIncrease
from distbilling.rules.credit.limits import (
    CreditTerms,
    Crossing,
    EveryFurther,
    Limit,
    PercentOfLimit,
    Rearm,
    WhenSuspended,
)
from distbilling.rules.parties import Distributor
from distbilling.testing.sample_data import BY_VOLUME, MORNING, distributor, usd

__all__ = ["full_distributor"]

_FEE: Final = Sum((Percent("5"), FlatFee(usd("0.00025"), Per.ITEM)))
_BANDS: Final = (
    Bracket(usd("0"), usd("50"), FlatFee(usd("1.00"))),
    Bracket(usd("50"), None, Percent("2.5")),
)
_JANUARY: Final = pendulum.datetime(2026, 1, 1, 5)
_FEBRUARY: Final = pendulum.datetime(2026, 2, 1, 5)


def full_distributor(name: str) -> Distributor:
    """Return a distributor whose every field is used, and none as it is by default.

    >>> full_distributor("uptown").terms.netting
    Netting.AT_SETTLEMENT
    """
    return attrs.evolve(
        distributor(name),
        terms=Terms(
            ByAge((Stage(3, Percent("10")), Stage(None, Percent("5")))),
            BY_VOLUME,
            RoundingMethod.MALAYSIAN,
            (
                Rate(
                    CommissionKind.SALE,
                    Bounded(_FEE, minimum=usd("0.10"), cap=usd("20.00")),
                    product="SIP line",
                    since=dt.date(2026, 1, 1),
                    until=dt.date(2026, 7, 1),
                ),
                Rate(
                    CommissionKind.PAYMENT,
                    Brackets(_BANDS, Tiering.WHOLE, Measure.OPERATION),
                    batch="2026-A",
                ),
            ),
            "America/New_York",
            Netting.AT_SETTLEMENT,
            Basis(TaxBasis.NET_OF_TAX, DiscountBasis.BEFORE_DISCOUNT),
            Margin.OWN_RATE_ON_THE_REST,
            Remainder.FIRST_IN_ORDER,
            TermsLayers(payment_commission=TermsLayer.PROVIDER),
        ),
        credit=CreditTerms(
            Limit(usd("1000.00")),
            (PercentOfLimit("90"), usd("500.00"), EveryFurther(usd("100.00"), most=3)),
            Crossing.REACHES,
            WhenSuspended.ALWAYS_ACCEPT,
            Rearm(Percent("5"), dt.timedelta(hours=12), most_repeats=3, tell_cleared=False),
        ),
        increases=(
            LimitIncrease("maria", _JANUARY, _FEBRUARY, Percent("10")),
            LimitIncrease("maria", _FEBRUARY, MORNING, usd("250.00")),
        ),
    )
