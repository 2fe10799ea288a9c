"""How much is sold and paid on a day: by weekday, season, month-end, growth, and chance."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from typing import Final

import polars
from polars import col

from distbilling.modelling.arithmetic.dice import below, stream
from distbilling.periods import first_instant
from distbilling.periods.instant import microseconds_of

__all__ = ["busy_days", "closing_times"]

_WEEKDAYS: Final = (950, 900, 920, 1000, 1250, 1330, 650)
"""Monday to Sunday, in thousandths of an average day."""
_MONTHS: Final = (880, 860, 930, 950, 980, 1020, 1060, 1010, 960, 1000, 1050, 1300)
"""January to December, in thousandths of an average month: people call home at Christmas."""
_FIRST_OF_MONTH: Final = 1600
_END_OF_MONTH: Final = (1600, 1600, 1300)
"""The last days of a month, the last one first, in thousandths: wages are paid."""
_OTHER_DAYS: Final = 920
_LEAST: Final = 150
"""What is left of the trade of a distributor that declines, in thousandths."""
_PARTS: Final = 1_000_000


def busy_days(
    sellers: polars.DataFrame, since: dt.date, days: int, per_day: int
) -> polars.DataFrame:
    """Return each seller's days from its creation on, and how many ``trades`` they have.

    A day is the seller's own, from the microsecond ``starts`` on; its ``state`` is what is drawn
    from. Days without trade are left out.

    Args:
        sellers: a row for each.
        since: the first day.
        days: how many days.
        per_day: trades a day in millionths, on an average over sellers and days.
    """
    zones = sellers["zone"].unique().sort()
    calendar = polars.concat(_calendar(zone, since, days) for zone in zones)
    all_days = sellers.join(calendar, on="zone", maintain_order="left_right")
    seller_days = all_days.filter(col("starts") >= col("opened"))

    grown = polars.max_horizontal(
        1000 + col("growth") * col("day") // 30, polars.lit(_LEAST, polars.Int64)
    )
    state = stream(col("seller"), col("date").cast(polars.Int32).cast(polars.Int64))
    chance = (
        700
        + below(col("state"), "one half of the day", 301)
        + below(col("state"), "other half of the day", 301)
    )
    expected: polars.Expr = polars.lit(per_day, polars.Int64)
    for thousandths in (col("size"), col("busy"), grown, chance):
        expected = expected * thousandths // 1000

    rounded = expected // _PARTS + (
        below(col("state"), "one more", _PARTS) < expected % _PARTS
    ).cast(polars.Int64)
    return (
        seller_days.with_columns(state=state)
        .with_columns(trades=rounded)
        .filter(col("trades") > 0)
        .drop("busy", "day", "size", "growth")
    )


def closing_times(sellers: polars.DataFrame, end: dt.date) -> polars.DataFrame:
    """Return the microsecond at which the day ``end`` starts for each seller."""
    zones = sellers["zone"].unique().sort().to_list()
    closes = [microseconds_of(first_instant(zone, end), "end") for zone in zones]
    table = polars.DataFrame(
        {"zone": zones, "closes": closes}, schema={"zone": polars.String, "closes": polars.Int64}
    )
    return sellers.join(table, on="zone", maintain_order="left").select("distributor", "closes")


def _calendar(zone: str, since: dt.date, days: int) -> polars.DataFrame:
    """Return the days of a zone: how busy they are, in thousandths, and when they start."""
    dates = [since + dt.timedelta(days=number) for number in range(days)]

    return polars.DataFrame(
        {
            "zone": [zone] * days,
            "date": dates,
            "day": range(days),
            "starts": [microseconds_of(first_instant(zone, date), "day") for date in dates],
            "busy": [_busy(date) for date in dates],
        },
        schema={
            "zone": polars.String,
            "date": polars.Date,
            "day": polars.Int64,
            "starts": polars.Int64,
            "busy": polars.Int64,
        },
    )


def _busy(date: dt.date) -> int:
    return _WEEKDAYS[date.weekday()] * _MONTHS[date.month - 1] * _in_month(date) // 1_000_000


def _in_month(date: dt.date) -> int:
    if date.day == 1:
        return _FIRST_OF_MONTH
    to_end = monthrange(date.year, date.month)[1] - date.day
    return _END_OF_MONTH[to_end] if to_end < len(_END_OF_MONTH) else _OTHER_DAYS
