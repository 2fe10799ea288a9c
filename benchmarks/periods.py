"""The cost of finding the billing period of an instant, beside other ways to do it."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from bisect import bisect_right
from importlib import import_module
from importlib.util import find_spec

import pendulum

from benchmarks.harness import Row, measured
from distbilling.periods import Daily, Monthly, Weekly

ZONE = "America/New_York"
SECONDS = range(
    0, 4_102_444_800, 2_051_223
)  # 2,000 instants from 1970 to 2099, at all times of day and month

PENDULUM = "for i in here:\n s = i.in_timezone(zone).start_of('month'); s.add(months=1)"
STANDARD_LIBRARY = "for i in there: month_by_arithmetic(i, rules)"
WHENEVER = "for i in whenevers:\n s = i.to_tz(zone_name).start_of('month'); s.add(months=1)"
DATEUTIL = "for i in clocks: rule.before(i, inc=True); rule.after(i)"


def month_by_arithmetic(instant: dt.datetime, zone: zoneinfo.ZoneInfo) -> tuple[float, float]:
    """Return the bounds of the local month as the standard library gives them."""
    local = instant.astimezone(zone)
    year, month = local.year + local.month // 12, local.month % 12 + 1
    start = dt.datetime(local.year, local.month, 1, tzinfo=zone)
    return start.timestamp(), dt.datetime(year, month, 1, tzinfo=zone).timestamp()


def rows() -> list[Row]:
    """Measure lookups of 2,000 instants from 1970 to 2099; nanoseconds are those of one."""
    monthly, weekly, daily = Monthly(ZONE), Weekly(ZONE), Daily(ZONE)
    home = pendulum.timezone(ZONE)
    here = [pendulum.from_timestamp(second, tz=home) for second in SECONDS]
    utc = [pendulum.from_timestamp(second) for second in SECONDS]
    there = [dt.datetime.fromtimestamp(second, dt.UTC) for second in SECONDS]
    periods = [*monthly.periods(dt.date(1970, 1, 1), dt.date(2100, 1, 1))]
    names: dict[str, object] = {
        "bisect_right": bisect_right,
        "month_by_arithmetic": month_by_arithmetic,
        "bounds": [period.start_microseconds // 10**6 for period in periods],
        "period_at": monthly.period_at,
        "week_at": weekly.period_at,
        "day_at": daily.period_at,
        "seconds": list(SECONDS),
        "zone": home,
        "rules": zoneinfo.ZoneInfo(ZONE),
        "here": here,
        "utc": utc,
        "there": there,
    }
    bare = "for s in seconds: bisect_right(bounds, s)"
    bare_instant = "for i in {}: bisect_right(bounds, i.timestamp())"
    return [
        _each(row)
        for row in (
            measured(
                "period_at, monthly, instants told in New York",
                "for i in here: period_at(i)",
                {
                    "pendulum start_of + add": PENDULUM,
                    "bare bisect, integers given": bare,
                    "bare bisect, from the instant": bare_instant.format("here"),
                    **_if_installed(names),
                },
                names,
                "30x faster than pendulum; at most 2x a bare bisect",
            ),
            measured(
                "period_at, monthly, instants told in UTC",
                "for i in utc: period_at(i)",
                {
                    "pendulum start_of + add": PENDULUM.replace("here", "utc"),
                    "bare bisect, from the instant": bare_instant.format("utc"),
                },
                names,
            ),
            measured(
                "period_at, monthly, standard library instants",
                "for i in there: period_at(i)",
                {"standard library arithmetic": STANDARD_LIBRARY},
                names,
            ),
            measured(
                "period_at, weekly, instants told in New York",
                "for i in here: week_at(i)",
                {"pendulum start_of + add": PENDULUM.replace("month", "week")},
                names,
            ),
            measured(
                "period_at, daily, instants told in New York",
                "for i in here: day_at(i)",
                {"pendulum start_of + add": PENDULUM.replace("month", "day")},
                names,
            ),
        )
    ]


def _each(row: Row) -> Row:
    count = len(SECONDS)
    return Row(
        row.name,
        row.ours_ns / count,
        {label: ns / count for label, ns in row.contenders.items()},
        row.targets,
    )


def _if_installed(names: dict[str, object]) -> dict[str, str]:
    """Return the contenders that are installed; dateutil's rule of local clocks has no zone."""
    contenders: dict[str, str] = {}
    if find_spec("whenever"):
        whenever = import_module("whenever")
        names["whenevers"] = [whenever.Instant.from_timestamp(second) for second in SECONDS]
        names["zone_name"] = ZONE
        contenders["whenever start_of + add"] = WHENEVER
    if find_spec("dateutil"):
        rrule = import_module("dateutil.rrule")
        begin, end = dt.datetime(1960, 1, 1), dt.datetime(2110, 1, 1)  # noqa: DTZ001
        names["rule"] = rrule.rrule(rrule.MONTHLY, dtstart=begin, until=end, cache=True)
        names["clocks"] = [
            dt.datetime.fromtimestamp(second, dt.UTC).replace(tzinfo=None) for second in SECONDS
        ]
        contenders["dateutil rrule before + after"] = DATEUTIL
    return contenders
