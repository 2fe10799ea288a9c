"""The age of each relation at an operation, in months of the calendar of its distributor."""

from __future__ import annotations

from calendar import monthrange
from typing import Any

import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.worksheet import Worksheet
from distbilling.modelling.reading.transactions import Transactions
from distbilling.modelling.tables.calendars import Calendar, periods_held
from distbilling.modelling.tables.tables import NEVER, Table
from distbilling.periods.instant import instant_at

__all__ = ["with_months"]


def with_months(transactions: Transactions, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return what is valued with the whole ``months`` of its relation, in the seller's zone.

    Source: rulebook R13, as :func:`distbilling.periods.whole_months`.
    """
    engine, census, tables = transactions.engine, transactions.census, transactions.tables
    if not transactions.has("customer_since"):
        return rows.with_columns(months=nw.lit(0, nw.Int64()))

    at, since = nw.col("at_us"), nw.col("since_us")
    rows = rows.with_columns(since_us=nw.when(since > at).then(at).otherwise(since))
    first = census.first if census.since is None else min(census.first, census.since)
    calendar, profiles = tables.days(first, census.last)
    by_seller = profiles.on(engine).drop("opened_us").rename({"party": "seller"})
    days = _days(tables.zones, calendar).on(engine)

    # The local day of both instants: its month, its number in the month, the days of the month.
    spent: list[str] = []
    for instant, prefix in (("at_us", "last"), ("since_us", "first")):
        rows = rows.join(by_seller, on="seller", how="left")
        rows = periods_held(engine, rows, calendar, instant, start="day_us", end="day_end_us")
        names = {name: f"{prefix}_{name}" for name in ("month", "day", "days")}
        rows = rows.join(days.rename(names), on=["place", "day_us"], how="left")
        rows = rows.drop("day_us", "day_end_us", "place")
        spent += names.values()

    # A month is over on the same day of the next one, or on its last day where it is shorter.
    sheet = Worksheet(engine, rows)
    is_short = nw.col("last_days") < nw.col("first_day")
    due = sheet.let(nw.when(is_short).then(nw.col("last_days")).otherwise(nw.col("first_day")))
    begun = nw.col("last_month") - nw.col("first_month")
    months = sheet.let(nw.when(nw.col("last_day") < due).then(begun - 1).otherwise(begun))
    return sheet.done(months=nw.when(months < 0).then(0).otherwise(months)).drop(*spent)


def _days(zones: tuple[str, ...], calendar: Calendar) -> Table:
    """Return the local days of every zone by the instant at which each begins.

    A day has its month, counted from year 0, its number, and the days of its month.
    """
    rows: list[tuple[int, int, int, int, int]] = []
    columns = calendar.stretches.columns
    firsts = [first for first, *_ in calendar.profiles] + [len(calendar.stretches)]
    for number, zone in enumerate(zones):
        stretches = range(firsts[number], firsts[number + 1])
        begins = {int(columns[name][place]) for place in stretches for name in ("start", "cut")}
        for begin in sorted(begins - {NEVER}):
            day = instant_at(begin, zone).date()
            length = monthrange(day.year, day.month)[1]
            rows.append((number, begin, day.year * 12 + day.month, day.day, length))
    return Table.of_rows(("place", "day_us", "month", "day", "days"), rows)
