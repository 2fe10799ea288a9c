"""The cost of evaluating a distributor's balance: warnings, suspension, forecast."""

from __future__ import annotations

import datetime as dt
import pickle

import pendulum

from benchmarks.harness import Row, measured
from distbilling.money import Money, Percent
from distbilling.rules.credit import (
    CreditTerms,
    EveryFurther,
    Limit,
    PercentOfLimit,
    Rearm,
    Unlimited,
)
from distbilling.rules.credit.credit_watch import CreditFacts, CreditStanding, evaluate
from distbilling.rules.credit.forecast import Flow, forecast

TARGET = "5 us"


def rows() -> list[Row]:
    """Measure an evaluation with five levels: no notice, a warning, its end, all at once."""
    limit, noon = Limit(_usd("1000")), pendulum.datetime(2026, 3, 9, 12)
    thresholds = (
        PercentOfLimit("50"),
        PercentOfLimit("75"),
        PercentOfLimit("90"),
        _usd("950"),
        _usd("300"),
    )
    rearm = Rearm(Percent("5"), dt.timedelta(days=1), most_repeats=3)
    terms = CreditTerms(limit, thresholds, rearm=rearm)
    hundred = CreditTerms(Unlimited(), (EveryFurther(_usd("10")),))
    new = CreditStanding.new("hudson")
    at_800, _ = evaluate(terms, new, CreditFacts(_usd("800"), noon, limit))
    at_500 = CreditFacts(_usd("500"), noon, Unlimited())
    names: dict[str, object] = {
        "evaluate": evaluate,
        "forecast": forecast,
        "facts_of": CreditFacts,
        "terms": terms,
        "hundred": hundred,
        "new": new,
        "at_800": at_800,
        "loaded": pickle.loads(pickle.dumps(at_800)),  # noqa: S301 - our own
        "among_100": evaluate(hundred, new, at_500)[0],
        "at_500": at_500,
        "owed": _usd("810"),
        "noon": noon,
        "limit": limit,
        "same": CreditFacts(_usd("810"), noon, limit),
        "above": CreditFacts(_usd("930"), noon, limit),
        "below": CreditFacts(_usd("700"), noon, limit),
        "jump": CreditFacts(_usd("999"), noon, limit),
        "flow": Flow(_usd("70"), dt.timedelta(days=7)),
    }
    return [
        measured(
            "evaluate, 5 rungs: nothing to tell", "evaluate(terms, at_800, same)", {}, names, TARGET
        ),
        measured(
            "the same, standing just loaded", "evaluate(terms, loaded, same)", {}, names, TARGET
        ),
        measured(
            "evaluate, 5 rungs: a warning", "evaluate(terms, at_800, above)", {}, names, TARGET
        ),
        measured("evaluate, 5 rungs: its end", "evaluate(terms, at_800, below)", {}, names, TARGET),
        measured("evaluate, 5 rungs: all 5 at once", "evaluate(terms, new, jump)", {}, names, ""),
        measured(
            "evaluate, 100 rungs: nothing to tell",
            "evaluate(hundred, among_100, at_500)",
            {},
            names,
            "",
        ),
        measured("construct CreditFacts", "facts_of(owed, noon, limit)", {}, names, ""),
        measured("forecast, 5 rungs and the limit", "forecast(terms, same, flow)", {}, names, ""),
    ]


def _usd(amount: str) -> Money:
    return Money(amount, "USD")
