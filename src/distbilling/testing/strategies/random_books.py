"""Books and transactions put together from choices, for the rules in columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import attrs
import pendulum

from distbilling.money import Currency, Money, Percent, RoundingMethod, from_units
from distbilling.periods import CYCLE_KINDS, Cycle, Monthly
from distbilling.periods.instant import instant_at, microseconds_of
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.rates import CommissionKind, Rate
from distbilling.rules.agreement.schedule import Schedule
from distbilling.rules.agreement.terms import Margin, Netting, Remainder, Terms
from distbilling.rules.credit.increase import LimitIncrease
from distbilling.rules.credit.limits import CreditTerms, Limit, PercentOfLimit, Unlimited
from distbilling.rules.credit.thresholds import Crossing, EveryFurther, Rearm
from distbilling.rules.parties import Distributor
from distbilling.testing.strategies.chains import Choose, schedules_in

__all__ = ["distributors_by", "transactions_by"]

ODD_ZONES: Final = (
    "Etc/UTC", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo",
    "America/Havana", "America/Asuncion", "Asia/Amman", "Pacific/Apia", "America/Scoresbysund",
    "Africa/Casablanca", "Antarctica/Troll", "Australia/Lord_Howe", "America/St_Johns",
)  # fmt: skip
"""Zones whose clocks skip or repeat midnight, a day or half an hour, and two that are plain."""

_START: Final = dt.datetime(2009, 1, 1, tzinfo=dt.UTC)
_HOUR: Final = 3_600_000_000
_SPAN: Final = 3 * 365 * 24
_DAYS: Final = tuple(dt.date(2009 + year, month, 1) for year in range(4) for month in (1, 4, 11))


def distributors_by(
    choose: Choose, count: int = 6, *, remainders: Sequence[Remainder] = tuple(Remainder)
) -> dict[str, Distributor]:
    """Return distributors with terms, cycles, zones and limits of every kind, some below others.

    >>> from random import Random
    >>> distributors_by(Random(7).choice) == distributors_by(Random(7).choice)
    True
    """
    made: dict[str, Distributor] = {}
    for number in range(count):
        above = choose((None, None, *made))
        parent = None if above is None else made[above]
        if parent is not None and parent.terms.margin is Margin.OWN_RATE_ON_THE_REST:
            parent = choose((None, parent))
        made[f"d{number}"] = _distributor(choose, f"d{number}", parent, remainders)
    return made


def transactions_by(
    choose: Choose, distributors: dict[str, Distributor], count: int, *, largest: int = 500_000
) -> list[dict[str, Any]]:
    """Return transactions of every kind that the rules accept, in order, up to ``largest``."""
    rows: list[dict[str, Any]] = []
    left: dict[int, int] = {}
    clean: dict[int, int] = {}
    latest = max(microseconds_of(each.created, "created") for each in distributors.values())
    at = latest

    for number in range(count):
        at += choose((0, 1, _HOUR // 2, _HOUR, 7 * _HOUR, 26 * _HOUR, 100 * _HOUR))
        row: dict[str, Any] = dict.fromkeys(
            ("product", "batch", "items", "tax", "discount", "customer_since", "original")
        )
        row |= {"transaction": number, "at": at}
        kind = choose(_KINDS)
        if kind in {"refund", "void", "chargeback"} and left:
            original = choose(tuple(left))
            back = choose((left[original], 1 + left[original] // 3))
            row |= {
                "kind": kind,
                "original": original,
                "amount": back,
                "distributor": rows[original]["distributor"],
            }
            left[original] -= back
            clean.pop(original, None)
            if not left[original]:
                del left[original]
        elif kind == "correction" and clean:
            original = choose(tuple(clean))
            right = choose((clean[original] // 2, clean[original] + 7, choose(range(1, 5000))))
            row |= {
                "kind": kind,
                "original": original,
                "amount": right,
                "distributor": rows[original]["distributor"],
            }
            clean[original] = left[original] = right
            if not right:
                del clean[original], left[original]
        else:
            seller = choose(tuple(distributors))
            row |= {"kind": choose(("sale", "payment")), "distributor": seller}
            amount = choose(
                (choose(range(1, 300)), choose(range(1, 60_000)), choose(range(1, largest + 1)))
            )
            row["amount"] = amount
            if kind in {"remittance", "commission"}:
                row["kind"] = kind
            else:
                row |= {
                    "product": choose((None, "SIP line", "fax")),
                    "batch": choose((None, None, "spring lot")),
                    "items": choose((None, 1, 3)),
                    "tax": choose((0, amount // 6, amount)),
                    "discount": choose((None, 0, amount // 9)),
                    "customer_since": at
                    - choose((0, _HOUR, 40 * 24 * _HOUR, 200 * 24 * _HOUR, 800 * 24 * _HOUR)),
                }
                left[number] = clean[number] = amount
        rows.append(row)

    return rows


_KINDS: Final = (
    *("trade",) * 12,
    "refund",
    "void",
    "chargeback",
    "correction",
    "correction",
    "remittance",
    "remittance",
    "commission",
)


def _distributor(
    choose: Choose, name: str, parent: Distributor | None, remainders: Sequence[Remainder]
) -> Distributor:
    currency = Currency(choose(("USD", "JPY", "KWD"))) if parent is None else parent.currency
    zone = choose(ODD_ZONES)
    created = instant_at(
        microseconds_of(_START, "start") + choose(range(_SPAN)) * _HOUR // 9, "UTC"
    )

    return Distributor(
        name,
        name.upper(),
        currency,
        _terms(choose, currency, zone, remainders),
        _credit(choose, currency),
        _cycle(choose, zone),
        created if parent is None else max(created, parent.created),
        parent=None if parent is None else parent.id,
        increases=_increases(choose, created),
    )


def _terms(choose: Choose, currency: Currency, zone: str, remainders: Sequence[Remainder]) -> Terms:
    def schedule() -> Schedule:
        return choose(schedules_in(currency))

    rates: list[Rate] = []
    if choose((False, False, True)):
        day, kind = choose(_DAYS), choose(tuple(CommissionKind))
        rates = [
            Rate(kind, schedule(), product="SIP line", until=day),
            Rate(kind, schedule(), product="SIP line", since=day),
            Rate(
                choose(tuple(CommissionKind)), schedule(), batch="spring lot", since=choose(_DAYS)
            ),
            Rate(choose(tuple(CommissionKind)), schedule(), since=choose(_DAYS)),
        ][: choose((1, 2, 3, 4))]
    basis = choose((Basis(), Basis(), Basis(choose(tuple(TaxBasis)), choose(tuple(DiscountBasis)))))
    return Terms(
        schedule(),
        schedule(),
        choose(tuple(RoundingMethod)),
        tuple(rates),
        zone,
        choose(tuple(Netting)),
        basis,
        choose(tuple(Margin)),
        choose(tuple(remainders)),
    )


def _credit(choose: Choose, currency: Currency) -> CreditTerms:
    def amount(units: int) -> Money:
        return from_units(units, currency.digits or 0, currency)

    if choose((False, True, True)):
        limit: Limit | Unlimited = Limit(amount(choose((0, 20_001, 90_000, 400_000))))
    else:
        limit = Unlimited()
    every = EveryFurther(amount(7_500), most=choose((3, 40)))
    thresholds = choose(
        (
            (),
            (PercentOfLimit("90"),),
            (amount(5_000), PercentOfLimit("33.3"), amount(0)),
            (amount(9_999), every),
        )
    )
    rearm = Rearm(
        choose((None, Percent("10"), amount(1_500))),
        choose((None, None, dt.timedelta(hours=30))),
        choose((None, None, 1)),
        tell_cleared=choose((True, True, False)),
    )
    return CreditTerms(limit, thresholds, choose(tuple(Crossing)), rearm=rearm)


def _cycle(choose: Choose, zone: str) -> Cycle:
    kinds: tuple[type[Cycle], ...] = (Monthly, *CYCLE_KINDS)
    kind = choose(kinds)
    return kind.from_fields(zone, n=choose((1, 2, 30)), first=dt.date(2026, 1, 31), day=31)


def _increases(choose: Choose, created: pendulum.DateTime) -> tuple[LimitIncrease, ...]:
    if choose((True, True, False)):
        return ()
    first = LimitIncrease(
        "maria", granted=created.add(days=5), until=created.add(days=60), raises_by=Percent("50")
    )
    return (
        first,
        attrs.evolve(
            first, granted=created.add(days=20), until=created.add(days=30), raises_by=Percent("10")
        ),
    )
