"""What will a distributor owe, and how sure is that? The middle of the simulated paths, and how far they go apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final

import altair

from distbilling.language.catalogue import sentence
from distbilling.language.formats import date_text
from distbilling.modelling.book.book import Book
from distbilling.modelling.plots.drawing.axes import days_along, money_along, share_text
from distbilling.modelling.plots.drawing.lines import (
    MILLI,
    Plane,
    beside,
    in_sight,
    limit_line,
    steps,
)
from distbilling.modelling.plots.drawing.rows import Row, in_time, member, money, rows_of
from distbilling.modelling.plots.drawing.theme import (
    BLACK,
    BLUE,
    HEIGHT,
    WIDTH,
    data_of,
    dressed,
    layered,
)
from distbilling.modelling.plots.drawing.thinning import thinned
from distbilling.modelling.plots.exposures import Exposed
from distbilling.periods.instant import SECOND, first_second

__all__ = ["forecast_fan"]

_COLUMNS: Final = ("day", "p05", "p25", "p50", "p75", "p95", "limit", "chance_of_limit")
_LEVELS: Final = ("p05", "p25", "p50", "p75", "p95")
_OUTER: Final = "#BFDCEC"
_INNER: Final = "#7FB8D9"


def forecast_fan(
    forecast: object,
    book: Book,
    distributor: str,
    *,
    past: Exposed | None = None,
    locale: str = "en",
) -> altair.LayerChart:
    """Draw what a distributor will owe: the median, the bands that hold half and nine tenths of the paths, and the limit.

    A day's figures stand at its end in the billing zone. With the exposure as ``past`` the balances
    so far lead to them, of as long a time as the forecast looks ahead.

    Raises:
        InvalidType: the forecast is no frame, the book is none, or an amount is a float.
        InvalidValue: the distributor is not in the book or not in the forecast, or Babel has no
            such locale.

    Source: rulebook R20, R43.

    >>> from distbilling.modelling.plots import svg
    >>> from distbilling.testing.stage import distributor
    >>> import polars
    >>> ahead = polars.DataFrame({
    ...     "distributor": ["hudson"] * 2, "day": [dt.date(2026, 4, 1), dt.date(2026, 4, 2)], "p05": [70000, 71000],
    ...     "p25": [75000, 77000], "p50": [80000, 83000], "p75": [85000, 89000], "p95": [90000, 96000],
    ...     "limit": [100000, 100000], "chance_of_limit": [0, 15],
    ... })
    >>> "Limit $1,000.00" in svg(forecast_fan(ahead, Book.of(distributor("hudson")), "hudson"))
    True
    """
    party = member(book, distributor)
    zone, currency = party.cycle.zone, party.currency
    read = rows_of(forecast, "forecast", _COLUMNS, distributor=distributor)
    fan: list[dict[str, Any]] = sorted(
        ({**row, "at": _end_of(row["day"], zone)} for row in read), key=lambda row: row["at"]
    )
    start = first_second(zone, fan[0]["day"]) * SECOND
    history = _history(past, distributor, start, fan[-1]["at"])
    opened = [{"at": start, **dict.fromkeys(_LEVELS, row["owed"])} for row in history[-1:]] + fan

    def figure(minor: int) -> str:
        return money(minor, currency).format(locale, exact=True)

    highest = max([row["p95"] for row in fan] + [row["owed"] for row in history])
    limits = [row["limit"] for row in fan if row["limit"] is not None]
    bounds = limits if in_sight(limits, highest) else []
    shown = (
        [row[level] for row in fan for level in _LEVELS] + [row["owed"] for row in history] + bounds
    )
    ticks = money_along(shown, currency, locale)
    days = days_along(min(row["at"] for row in (*history, *fan)), fan[-1]["at"], zone, locale)
    plane = Plane(days, ticks)
    said = sentence("Limit {amount}", locale, amount=figure(bounds[-1])) if bounds else ""
    chart = layered(
        layered(*_bands(opened, plane, locale)),
        limit_line([*history, *fan], plane) if bounds else None,
        steps(thinned(history, WIDTH), plane, field="owed", color=BLUE, width=1.2)
        if history
        else None,
        _told(fan, plane, figure, locale),
        beside([(limit, said, BLACK) for limit in bounds[-1:]], ticks),
        independent=["color"],
    )
    last = fan[-1]
    day = date_text(last["day"], locale)
    says = [
        sentence(
            "On {day}: {median} in the middle, from {low} to {high} in nine of ten paths.",
            locale,
            day=day,
            median=figure(last["p50"]),
            low=figure(last["p05"]),
            high=figure(last["p95"]),
        )
    ]
    if limits:
        chance = share_text(last["chance_of_limit"] * 10, locale)
        says.append(
            sentence(
                "The credit limit is reached by then in {chance} of the paths.",
                locale,
                chance=chance,
            )
        )
    if limits and not bounds:
        says.append(
            sentence(
                "The credit limit of {limit} lies above what is shown.",
                locale,
                limit=figure(limits[-1]),
            )
        )
    says.append(
        sentence(
            "Amounts in {currency}; days in the time zone {zone}",
            locale,
            currency=currency.code,
            zone=zone,
        )
    )
    title = sentence("{name}: what will be owed", locale, name=party.name)
    return dressed(chart, title, says)


def _end_of(day: dt.date, zone: str) -> int:
    return first_second(zone, day + dt.timedelta(days=1)) * SECOND


def _history(past: Exposed | None, distributor: str, start: int, end: int) -> list[dict[str, Any]]:
    """Return the balances before the forecast, of as long a time as it looks ahead, and the last of them at its start."""
    if past is None:
        return []
    columns = ("at", "owed", "limit")
    known = in_time(rows_of(past.balances, "past", columns, distributor=distributor, least=0))
    before = [row for row in known if row["at"] <= start]
    recent = [row for row in before if row["at"] >= 2 * start - end] or before[-1:]
    return [*recent, {**recent[-1], "at": start}] if recent else []


def _bands(fan: Sequence[Row], plane: Plane, locale: str) -> list[altair.Chart]:
    """Return both bands and the median, named in the legend."""
    names = {
        "p05": (sentence("nine of ten paths", locale), _OUTER, "p95"),
        "p25": (sentence("half of the paths", locale), _INNER, "p75"),
        "p50": (sentence("median", locale), BLUE, "p50"),
    }
    legend = altair.Scale(
        domain=[name for name, _, _ in names.values()],
        range=[color for _, color, _ in names.values()],
    )
    layers: list[altair.Chart] = []
    for low, (name, _, high) in names.items():
        rows = [
            {"at": row["at"] // MILLI, "low": row[low], "high": row[high], "says": name}
            for row in fan
        ]
        base = altair.Chart(data_of(rows), width=WIDTH, height=HEIGHT)
        mark = base.mark_line(strokeWidth=2.2) if low == high else base.mark_area()
        drawn: altair.Chart = mark.encode(
            x=plane.across(), y=plane.upwards("low"), color=altair.Color("says:N", scale=legend)
        )
        layers.append(drawn if low == high else drawn.encode(y2="high:Q"))
    return layers


def _told(
    fan: Sequence[Row], plane: Plane, figure: Callable[[int], str], locale: str
) -> altair.Chart:
    """Return what is told of a day to who points at it."""
    rows = [
        {
            "at": row["at"] // MILLI,
            "owed": row["p50"],
            "day": date_text(row["day"], locale),
            "chance": share_text((row["chance_of_limit"] or 0) * 10, locale),
            **{level: figure(row[level]) for level in _LEVELS},
        }
        for row in fan
    ]
    tooltip = [
        altair.Tooltip("day:N", title=sentence("Day", locale)),
        altair.Tooltip("p95:N", title=_percent(95, locale)),
        altair.Tooltip("p75:N", title=_percent(75, locale)),
        altair.Tooltip("p50:N", title=sentence("median", locale)),
        altair.Tooltip("p25:N", title=_percent(25, locale)),
        altair.Tooltip("p05:N", title=_percent(5, locale)),
        altair.Tooltip("chance:N", title=sentence("Limit reached", locale)),
    ]
    dots = altair.Chart(data_of(rows)).mark_point(opacity=0, size=60)
    told: altair.Chart = dots.encode(x=plane.across(), y=plane.upwards(), tooltip=tooltip)
    return told


def _percent(share: int, locale: str) -> str:
    return sentence("not above it: {share}", locale, share=share_text(share * 100, locale))
