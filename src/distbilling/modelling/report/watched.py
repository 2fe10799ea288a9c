"""Who is worth a look? Those who were suspended or warned, and those who came nearest to their limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import narwhals.stable.v2 as nw

from distbilling.modelling.engines import engine_of
from distbilling.modelling.plots.drawing.rows import Row, in_time, rows_of
from distbilling.modelling.plots.exposures import Exposed

__all__ = ["events_of", "watched"]


def events_of(exposure: Exposed) -> list[Row]:
    """Return the events of all distributors, the earliest first."""
    columns = ("distributor", "at", "event", "threshold", "owed", "limit")
    return list(in_time(rows_of(exposure.events, "events", columns, least=0)))


def watched(exposure: Exposed, events: Sequence[Row], shown: int) -> list[str]:
    """Return the distributors to look at: most often suspended, then most often warned, then nearest to the limit.

    >>> from types import SimpleNamespace
    >>> import polars
    >>> balances = polars.DataFrame({"distributor": ["hudson", "soho"], "owed": [80, 90], "limit": [100, 100]})
    >>> watched(SimpleNamespace(balances=balances, events=None), [], 1)
    ['soho']
    """
    count = Counter((event["distributor"], event["event"]) for event in events)
    engine = engine_of(exposure.balances, "balances")
    highest = engine.frame.group_by("distributor").agg(nw.col("owed").max(), nw.col("limit").min())
    near = {
        row["distributor"]: Fraction(row["owed"], max(row["limit"], 1))
        if row["limit"] is not None
        else Fraction(0)
        for row in engine.rows(highest).rows(named=True)
    }
    ranked = sorted(
        near, key=lambda one: (-count[one, "suspended"], -count[one, "warning"], -near[one], one)
    )
    return ranked[:shown]
