"""The cost of finding a rate and computing a commission, beside the same sum by hand."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from decimal import ROUND_HALF_UP, Decimal

import pendulum

from benchmarks.harness import Row, measured
from distbilling import Money, Percent, Terms
from distbilling.rules.agreement.schedule import (
    Bounded,
    Bracket,
    Brackets,
    Circumstances,
    FlatFee,
    Sum,
)
from distbilling.rules.agreement.terms import CommissionKind, Rate, Subject
from distbilling.rules.commission import commission_on, commission_under

DATED_CAPPED_BRACKETS = "15 us, better 8"
BOUNDS = ("0", "1000", "5000")
RATES = ("15", "12.5", "8.5")
CAP = "500.00"


def rows() -> list[Row]:
    """Measure payments under a dated, capped rate of three brackets, and under simpler ones."""
    brackets = tuple(
        Bracket(usd(lower), usd(upper) if upper else None, Percent(rate))
        for lower, upper, rate in zip(BOUNDS, (*BOUNDS[1:], None), RATES, strict=True)
    )
    capped = Bounded(Brackets(brackets), cap=usd(CAP))
    until = Rate(CommissionKind.PAYMENT, Percent("15"), until=dt.date(2026, 3, 1))
    dated = (
        until,
        Rate(CommissionKind.PAYMENT, capped, since=dt.date(2026, 3, 1), until=dt.date(2027, 1, 1)),
    )
    names: dict[str, object] = {
        "commission_on": commission_on,
        "commission_under": commission_under,
        "explained": lambda commission: commission.explain(),
        "by_hand": _by_hand,
        "by_hand_dated": _by_hand_dated,
        "kind": CommissionKind.PAYMENT,
        "amount": usd("1234.56"),
        "raw": Decimal("1234.56"),
        "raw_so_far": Decimal("900.00"),
        "percent": Percent("7.25"),
        "plus": Sum((Percent("5"), FlatFee(usd("5.00")))),
        "capped": capped,
        "plain": Terms(Percent("15"), Percent("7.25")),
        "dated": Terms(Percent("15"), Percent("7.25"), rates=dated, zone="America/New_York"),
        "at": pendulum.datetime(2026, 6, 15, 12),
        "subject": Subject("SIP line", "2026-06"),
        "told": Circumstances(so_far=usd("900.00")),
        "parent": usd("200.00"),
    }
    return [
        measured(
            "a percentage", "commission_on(amount, percent)", {"by hand": "by_hand(raw)"}, names
        ),
        measured("5 % plus 5.00", "commission_on(amount, plus)", {}, names),
        measured(
            "under plain terms",
            "commission_under(plain, kind, amount, at=at)",
            {"by hand": "by_hand(raw)"},
            names,
        ),
        measured(
            "under plain terms, below a parent",
            "commission_under(plain, kind, amount, at=at, subject=subject,"
            " circumstances=told, at_most=parent)",
            {},
            names,
        ),
        measured(
            "under dated, capped, three-bracket terms",
            "commission_under(dated, kind, amount, at=at, subject=subject, circumstances=told)",
            {"by hand": "by_hand_dated(raw, raw_so_far, at)"},
            names,
            DATED_CAPPED_BRACKETS,
        ),
        measured(
            "explained", "explained(commission_on(amount, capped, circumstances=told))", {}, names
        ),
    ]


def usd(amount: str) -> Money:
    """Return so many dollars."""
    return Money(amount, "USD")


_CENT = Decimal("0.01")
_LOWERS = [Decimal(bound) for bound in BOUNDS]
_FRACTIONS = [Decimal(rate) / 100 for rate in RATES]
_CAP = Decimal(CAP)
_STARTS = [dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 3, 1, 5, tzinfo=dt.UTC)]


def _by_hand(amount: Decimal) -> Decimal:
    return (amount * Decimal("0.0725")).quantize(_CENT, ROUND_HALF_UP)


def _by_hand_dated(amount: Decimal, so_far: Decimal, at: dt.datetime) -> Decimal:
    if bisect_right(_STARTS, at) < len(_STARTS):
        return (amount * _FRACTIONS[0]).quantize(_CENT, ROUND_HALF_UP)
    end, earned = so_far + amount, Decimal(0)
    for place, (lower, fraction) in enumerate(zip(_LOWERS, _FRACTIONS, strict=True)):
        upper = _LOWERS[place + 1] if place + 1 < len(_LOWERS) else end
        part = min(end, upper) - max(so_far, lower)
        if part > 0:
            earned += part * fraction
    return min(earned.quantize(_CENT, ROUND_HALF_UP), _CAP, amount)
