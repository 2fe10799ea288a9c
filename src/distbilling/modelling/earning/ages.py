"""How many months old is each relation at an operation, on the calendar of its distributor?"""

from __future__ import annotations

from calendar import monthrange
from typing import Any

import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.worksheet import Worksheet
from distbilling.modelling.reading.transactions import Transactions
from distbilling.modelling.tables.calendars import Calendar, calendar_of, periods_held
from distbilling.modelling.tables.tables import NEVER, Table
from distbilling.periods import Daily
from distbilling.periods.instant import instant_at

__all__ = ["with_months"]


def with_months(transactions: Transactions, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return what is valued with the whole ``months`` of its relation, on the calendar of the seller's zone.

    Source: rulebook R13, as :func:`distbilling.periods.whole_months`.
    """
    engine, census = transactions.engine, transactions.census
    if not transactions.has("customer_since"):
        return rows.with_columns(months=nw.lit(0, nw.Int64()))
    at, since = nw.col("at_us"), nw.col("since_us")
    rows = rows.with_columns(since_us=nw.when(since > at).then(at).otherwise(since))
    zones = transactions.tables.zones
    first = census.first if census.since is None else min(census.first, census.since)
    calendar = calendar_of(tuple(map(Daily, zones)), first, census.last)
    profiles = transactions.tables.profiles(
        [zones.index(each.cycle.zone) for each in transactions.tables.distributors], calendar
    )
    days = _days(zones, calendar).on(engine)
    for instant, day in (("at_us", "last"), ("since_us", "first")):
        rows = rows.join(
            profiles.on(engine).drop("opened_us").rename({"party": "seller"}),
            on="seller",
            how="left",
        )
        rows = periods_held(engine, rows, calendar, instant, start="day_us", end="day_end_us").drop(
            "day_end_us"
        )
        names = {name: f"{day}_{name}" for name in ("month", "day", "days")}
        rows = rows.join(days.rename(names), on=["place", "day_us"], how="left").drop(
            "day_us", "place"
        )
    sheet = Worksheet(engine, rows)
    short = nw.col("last_days") < nw.col("first_day")
    due = sheet.let(nw.when(short).then(nw.col("last_days")).otherwise(nw.col("first_day")))
    passed = nw.col("last_month") - nw.col("first_month")
    months = sheet.let(nw.when(nw.col("last_day") < due).then(passed - 1).otherwise(passed))
    spent = [f"{day}_{name}" for day in ("first", "last") for name in ("month", "day", "days")]
    return sheet.done(months=nw.when(months < 0).then(0).otherwise(months)).drop(*spent)


def _days(zones: tuple[str, ...], calendar: Calendar) -> Table:
    """Return the local days of every zone by the instant at which each begins: its month, its number, the days of its month."""
    rows: list[tuple[int, int, int, int, int]] = []
    columns = calendar.stretches.columns
    starts = [calendar.profiles[place][0] for place in range(len(zones))]
    for number, (zone, start) in enumerate(zip(zones, starts, strict=True)):
        stop = starts[number + 1] if number + 1 < len(starts) else len(calendar.stretches)
        begins = {
            int(columns[name][place]) for place in range(start, stop) for name in ("start", "cut")
        }
        for begin in sorted(begins - {NEVER}):
            day = instant_at(begin, zone).date()
            rows.append(
                (
                    number,
                    begin,
                    day.year * 12 + day.month,
                    day.day,
                    monthrange(day.year, day.month)[1],
                )
            )
    return Table.of_rows(("place", "day_us", "month", "day", "days"), rows)
