"""The chart of a forecast: the median of the simulated paths, and how far they go apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import altair

from distbilling.language.catalogue import sentence
from distbilling.language.formats import date_text
from distbilling.modelling.book.book import Book
from distbilling.modelling.plots.drawing import lines, theme
from distbilling.modelling.plots.drawing.axes import days_along, money_along, share_text
from distbilling.modelling.plots.drawing.rows import Row, figure_text, in_time, member, rows_of
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
    """Draw what a distributor will owe: the median, two bands of the paths, and the limit.

    The bands hold half and nine tenths of the paths. A day's figures stand at its end in the
    billing zone.

    Args:
        forecast: the frame that :func:`distbilling.modelling.forecast` returns.
        book: the distributors.
        distributor: the id of the one to draw.
        past: the exposure; its balances are drawn before the forecast, for as long a time.
        locale: the words and formats to draw in.

    Raises:
        InvalidType: the forecast is no frame, the book is none, or an amount is a float.
        InvalidValue: the distributor is not in the book or not in the forecast, or Babel has no
            such locale.

    Source: rulebook R20, R43.

    >>> from distbilling.modelling.plots import svg
    >>> from distbilling.testing.sample_data import distributor
    >>> import polars
    >>> ahead = polars.DataFrame({
    ...     "distributor": ["hudson"] * 2, "day": [dt.date(2026, 4, 1), dt.date(2026, 4, 2)],
    ...     "p05": [70000, 71000], "p25": [75000, 77000], "p50": [80000, 83000],
    ...     "p75": [85000, 89000], "p95": [90000, 96000],
    ...     "limit": [100000, 100000], "chance_of_limit": [0, 15],
    ... })
    >>> "Limit $1,000.00" in svg(forecast_fan(ahead, Book.of(distributor("hudson")), "hudson"))
    True
    """
    party = member(book, distributor)
    zone, currency = party.cycle.zone, party.currency
    figure = partial(figure_text, currency=currency, locale=locale)
    rows = rows_of(forecast, "forecast", _COLUMNS, distributor=distributor)
    fan: list[dict[str, Any]] = sorted(
        ({**row, "at": _end_of(row["day"], zone)} for row in rows), key=lambda row: row["at"]
    )
    start, last = first_second(zone, fan[0]["day"]) * SECOND, fan[-1]
    history = _history(past, distributor, start, last["at"])
    # The bands open at the last balance before the forecast.
    opened = [{"at": start, **dict.fromkeys(_LEVELS, row["owed"])} for row in history[-1:]] + fan

    owed = [row["owed"] for row in history]
    limits = [row["limit"] for row in fan if row["limit"] is not None]
    drawn_limits = lines.drawable(limits, max([row["p95"] for row in fan] + owed))
    amounts = [*(row[level] for row in fan for level in _LEVELS), *owed, *drawn_limits]
    days = days_along(min(row["at"] for row in (*history, *fan)), last["at"], zone, locale)
    plane = lines.Plane(days, money_along(amounts, currency, locale))
    points = thinned(history, theme.WIDTH)
    labels = [lines.limit_label(limit, figure, locale) for limit in drawn_limits[-1:]]
    chart = theme.layered(
        theme.layered(*_bands(opened, plane, locale)),
        lines.limit_line([*history, *fan], plane) if drawn_limits else None,
        lines.steps(points, plane, field="owed", color=theme.BLUE, width=1.2) if points else None,
        _pointers(fan, plane, figure, locale),
        lines.beside(labels, plane.amounts),
        independent=["color"],
    )

    subtitle = [
        sentence(
            "On {day}: {median} in the middle, from {low} to {high} in nine of ten paths.",
            locale,
            day=date_text(last["day"], locale),
            median=figure(last["p50"]),
            low=figure(last["p05"]),
            high=figure(last["p95"]),
        )
    ]
    if limits:
        subtitle.append(
            sentence(
                "The credit limit is reached by then in {chance} of the paths.",
                locale,
                chance=_chance(last, locale),
            )
        )
    if limits and not drawn_limits:
        subtitle.append(lines.limit_above(limits[-1], figure, locale))
    subtitle.append(lines.units_and_zone(currency, zone, locale))
    title = sentence("{name}: what will be owed", locale, name=party.name)
    return theme.dressed(chart, title, subtitle)


def _end_of(day: dt.date, zone: str) -> int:
    return first_second(zone, day + dt.timedelta(days=1)) * SECOND


def _history(past: Exposed | None, distributor: str, start: int, end: int) -> list[dict[str, Any]]:
    """Return the balances before the forecast, for as long a time, and the last at its start."""
    if past is None:
        return []
    columns = ("at", "owed", "limit")
    balances = in_time(rows_of(past.balances, "past", columns, distributor=distributor, least=0))
    before = [row for row in balances if row["at"] <= start]
    recent = [row for row in before if row["at"] >= 2 * start - end] or before[-1:]
    return [*recent, {**recent[-1], "at": start}] if recent else []


def _bands(fan: Sequence[Row], plane: lines.Plane, locale: str) -> list[altair.Chart]:
    """Return both bands and the median, named in the legend."""
    bands = (
        (sentence("nine of ten paths", locale), "p05", "p95", _OUTER),
        (sentence("half of the paths", locale), "p25", "p75", _INNER),
        (sentence("median", locale), "p50", "p50", theme.BLUE),
    )
    colors = theme.colors_of({name: color for name, _, _, color in bands})
    layers: list[altair.Chart] = []

    for name, low, high, _ in bands:
        rows = [
            {"at": row["at"] // lines.MILLI, "low": row[low], "high": row[high], "band": name}
            for row in fan
        ]
        base = altair.Chart(theme.data_of(rows), width=theme.WIDTH, height=theme.HEIGHT).encode(
            x=plane.across(), y=plane.upwards("low"), color=altair.Color("band:N", scale=colors)
        )
        is_line = low == high
        layers.append(
            base.mark_line(strokeWidth=2.2) if is_line else base.mark_area().encode(y2="high:Q")
        )

    return layers


def _pointers(
    fan: Sequence[Row], plane: lines.Plane, figure: Callable[[int], str], locale: str
) -> altair.Chart:
    rows = [
        {
            "at": row["at"] // lines.MILLI,
            "owed": row["p50"],
            "day": date_text(row["day"], locale),
            "chance": _chance(row, locale),
            **{level: figure(row[level]) for level in _LEVELS},
        }
        for row in fan
    ]
    tooltip = theme.tooltips(
        day=sentence("Day", locale),
        p95=_percent(95, locale),
        p75=_percent(75, locale),
        p50=sentence("median", locale),
        p25=_percent(25, locale),
        p05=_percent(5, locale),
        chance=sentence("Limit reached", locale),
    )
    return lines.pointers(rows, plane, tooltip)


def _chance(row: Row, locale: str) -> str:
    """Return the chance, given in thousandths, as a percentage."""
    return share_text((row["chance_of_limit"] or 0) * 10, locale)


def _percent(share: int, locale: str) -> str:
    return sentence("not above it: {share}", locale, share=share_text(share * 100, locale))
