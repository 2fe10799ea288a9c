"""The distributors to look at: suspended, warned, or nearest to their limit."""

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
    """Return the distributors to look at.

    Those most often suspended come first, then those most often warned, then those nearest to the
    limit.

    >>> from types import SimpleNamespace
    >>> import polars
    >>> balances = polars.DataFrame(
    ...     {"distributor": ["hudson", "soho"], "owed": [80, 90], "limit": [100, 100]}
    ... )
    >>> watched(SimpleNamespace(balances=balances, events=None), [], 1)
    ['soho']
    """
    count = Counter((event["distributor"], event["event"]) for event in events)
    engine = engine_of(exposure.balances, "balances")
    highest = engine.frame.group_by("distributor").agg(nw.col("owed").max(), nw.col("limit").min())
    shares_of_limit = {
        row["distributor"]: Fraction(0)
        if row["limit"] is None
        else Fraction(row["owed"], max(row["limit"], 1))
        for row in engine.rows(highest).rows(named=True)
    }

    def rank(distributor: str) -> tuple[int, int, Fraction, str]:
        suspended, warned = count[distributor, "suspended"], count[distributor, "warning"]
        return -suspended, -warned, -shares_of_limit[distributor], distributor

    return sorted(shares_of_limit, key=rank)[:shown]
