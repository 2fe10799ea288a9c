"""The cost of sharing an amount over a chain of distributors, and of reversing it."""

from __future__ import annotations

import pendulum

from benchmarks.harness import Row, measured
from distbilling import Money, Percent, Terms
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.schedule import Bounded, Bracket, Brackets, FlatFee, Schedule, Sum
from distbilling.rules.agreement.terms import CommissionKind, Remainder
from distbilling.rules.chain.reversal import claw_back, corrected
from distbilling.rules.chain.split import Level, split_of
from distbilling.rules.commission import commission_under

SIX_LEVELS = "60 us, better 30"
ONE_LEVEL = "at most 1.5 us more"


def rows() -> list[Row]:
    """Measure one level beside its commission alone, and chains of six, also reversed."""
    plain = _chain([Percent(rate) for rate in ("5", "7", "9", "11", "13", "15.5")])
    mixed = _chain(_mixed(), so_far=_usd("950.00"))
    shared = _chain(
        [Percent(rate) for rate in ("5", "7", "9", "11", "13", "15.5")], Remainder.LARGEST_REMAINDER
    )
    amount, at = _usd("123.45"), pendulum.datetime(2026, 3, 1)
    names: dict[str, object] = {
        "alone": plain[:1],
        "amount": amount,
        "at": at,
        "claw_back": claw_back,
        "commission_under": commission_under,
        "corrected": corrected,
        "half": _usd("61.72"),
        "kind": CommissionKind.PAYMENT,
        "mixed": mixed,
        "none": Money.zero("USD"),
        "plain": plain,
        "shared": shared,
        "split": split_of(CommissionKind.PAYMENT, amount, plain, at=at),
        "split_of": split_of,
        "terms": plain[0].terms,
        "told": Circumstances(months=7),
    }
    under = {"commission_under": "commission_under(terms, kind, amount, at=at)"}
    told = {"commission_under": "commission_under(terms, kind, amount, at=at, circumstances=told)"}
    alone = "split_of(kind, amount, alone, at=at)"
    return [
        measured("one level", alone, under, names, ONE_LEVEL),
        measured(
            "one level, circumstances told",
            f"{alone[:-1]}, circumstances=told)",
            told,
            names,
            ONE_LEVEL,
        ),
        measured(
            "six levels, percentages", "split_of(kind, amount, plain, at=at)", {}, names, SIX_LEVELS
        ),
        measured(
            "six levels, mixed schedules",
            "split_of(kind, amount, mixed, at=at)",
            {},
            names,
            SIX_LEVELS,
        ),
        measured(
            "six levels, cents by remainder", "split_of(kind, amount, shared, at=at)", {}, names, ""
        ),
        measured("reverse six levels", "claw_back(split, none, half)", {}, names, ""),
        measured("correct six levels", "corrected(split, half)", {}, names, ""),
    ]


def _chain(
    schedules: list[Schedule],
    remainder: Remainder = Remainder.EACH_LEVEL_ROUNDED,
    so_far: Money | None = None,
) -> tuple[Level, ...]:
    return tuple(
        Level(f"level {place}", Terms(schedule, schedule, remainder=remainder), so_far)
        for place, schedule in enumerate(schedules)
    )


def _mixed() -> list[Schedule]:
    brackets = Brackets(
        (
            Bracket(_usd("0"), _usd("100"), Percent("5")),
            Bracket(_usd("100"), _usd("1000"), Percent("7")),
            Bracket(_usd("1000"), None, Percent("9")),
        )
    )
    return [
        Percent("5"),
        Sum((Percent("5"), FlatFee(_usd("0.10")))),
        Bounded(Percent("9"), cap=_usd("50.00")),
        brackets,
        Bounded(brackets, minimum=_usd("1.00"), cap=_usd("30.00")),
        Percent("20"),
    ]


def _usd(amount: str) -> Money:
    return Money(amount, "USD")
