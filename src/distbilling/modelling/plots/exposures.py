"""The chart of exposure: what a distributor owed over time, its limit, and each event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, Protocol

import altair

from distbilling.language.catalogue import sentence
from distbilling.language.formats import instant_text
from distbilling.modelling.book.book import Book
from distbilling.modelling.plots.drawing import lines, theme
from distbilling.modelling.plots.drawing.axes import days_along, money_along
from distbilling.modelling.plots.drawing.rows import (
    Row,
    figure_text,
    in_time,
    member,
    position,
    rows_of,
)
from distbilling.modelling.plots.drawing.thinning import thinned
from distbilling.money import Money
from distbilling.periods import iana_zone
from distbilling.periods.instant import instant_at
from distbilling.rules.parties import Distributor

__all__ = ["Exposed", "event_name", "exposure_over_time"]

_MOST_THRESHOLDS: Final = 6
_MANY: Final = 60
_SIZE: Final = 75
_SMALL: Final = 34
_POINTERS: Final = 120
"""About so many balances say when and how much they were, to who points at them."""


class Exposed(Protocol):
    """What ``exposure`` returns: the frames of balances and of events."""

    @property
    def balances(self) -> object:
        """What each distributor owed after each transaction."""

    @property
    def events(self) -> object:
        """The warnings, suspensions and what ended them."""


def exposure_over_time(
    exposure: Exposed, book: Book, distributor: str, *, zone: str | None = None, locale: str = "en"
) -> altair.LayerChart:
    """Draw what a distributor owed over time, with its limit, its thresholds and each event.

    Suspensions are shaded. Of many balances so many are drawn as a picture can show: the highest
    and the lowest of each stretch are among them. What happened before the first balance is not
    marked.

    Args:
        exposure: the frames of balances and of events.
        book: the distributors.
        distributor: the id of the one to draw.
        zone: whose days are shown; those of the billing zone unless given.
        locale: the words and formats to draw in.

    Raises:
        InvalidType: the exposure holds no frames, the book is none, or an amount is a float.
        InvalidValue: the distributor is not in the book or has no balances, or Babel has no such
            locale.

    Source: rulebook R20, R22, R24, R43.

    >>> from types import SimpleNamespace
    >>> from distbilling.modelling.plots import svg
    >>> from distbilling.testing.sample_data import distributor
    >>> import polars
    >>> balances = polars.DataFrame({
    ...     "distributor": ["hudson"], "at": [1772341200000000], "owed": [85000], "limit": [100000],
    ... })
    >>> columns = ("distributor", "at", "event", "threshold", "owed")
    >>> events = polars.DataFrame(schema=dict.fromkeys(columns, polars.String))
    >>> exposure = SimpleNamespace(balances=balances, events=events)
    >>> chart = exposure_over_time(exposure, Book.of(distributor("hudson")), "hudson")
    >>> "Limit $1,000.00" in svg(chart)
    True
    """
    party = member(book, distributor)
    zone = party.cycle.zone if zone is None else iana_zone(zone)
    columns = ("at", "owed", "limit")
    points = in_time(rows_of(exposure.balances, "balances", columns, distributor=distributor))
    columns = ("at", "event", "owed")
    events = in_time(rows_of(exposure.events, "events", columns, distributor=distributor, least=0))
    figure = partial(figure_text, currency=party.currency, locale=locale)

    highest = max(point["owed"] for point in points)
    limits = [point["limit"] for point in points if point["limit"] is not None]
    drawn_limits = lines.drawable(limits, highest)
    thresholds = _thresholds(party, highest, max([highest, *drawn_limits]))
    warnings = [_warning_label(threshold, locale) for threshold in thresholds]
    amounts = [
        *(point["owed"] for point in points),
        *drawn_limits,
        *(label.owed for label in warnings),
    ]
    ticks = money_along(amounts, party.currency, locale)
    plane = lines.Plane(days_along(points[0]["at"], points[-1]["at"], zone, locale), ticks)

    def hover(row: Row) -> dict[str, Any]:
        """Return a balance as it is placed and as it is written."""
        when = instant_text(instant_at(row["at"], zone), locale)
        placed = {"at": row["at"] // lines.MILLI, "owed": row["owed"]}
        return {**placed, "when": when, "figure": figure(row["owed"])}

    some = points[:: -(-len(points) // _POINTERS)]
    since = points[0]["at"]
    chart = theme.layered(
        _shading(events, plane),
        _rules(warnings, plane),
        lines.limit_line(points, plane) if drawn_limits else None,
        lines.steps(thinned(points, theme.WIDTH), plane, field="owed", color=theme.BLUE, width=1.6),
        lines.pointers([hover(point) for point in some], plane, _tooltip(locale)),
        lines.beside(
            [*warnings, *(lines.limit_label(each, figure, locale) for each in drawn_limits[-1:])],
            ticks,
        ),
        _events([event for event in events if event["at"] >= since], plane, hover, locale),
        independent=("color", "shape"),
    )

    subtitle = [lines.units_and_zone(party.currency, zone, locale)]
    if not limits:
        subtitle.append(sentence("There is no credit limit.", locale))
    elif not drawn_limits:
        subtitle.append(lines.limit_above(limits[-1], figure, locale))
    title = sentence("{name}: what is owed, over time", locale, name=party.name)
    return theme.dressed(chart, title, subtitle)


def event_name(event: str, locale: str) -> str:
    """Return what an event is called.

    >>> event_name("warning_over", "en")
    'Warning over'
    """
    return _kinds(locale)[event][0]


def _thresholds(party: Distributor, highest: int, drawn_to: int) -> list[Money]:
    """Return the thresholds that a balance came near, lowest first; of many the nearest ones."""
    near = [
        threshold for threshold in party.credit.levels.thresholds if position(threshold) <= drawn_to
    ]
    return sorted(
        sorted(near, key=lambda threshold: abs(position(threshold) - highest))[:_MOST_THRESHOLDS]
    )


def _warning_label(threshold: Money, locale: str) -> lines.Label:
    amount = threshold.format(locale, exact=True)
    return lines.Label(
        position(threshold), sentence("Warning at {amount}", locale, amount=amount), theme.GREY
    )


def _rules(warnings: Sequence[lines.Label], plane: lines.Plane) -> altair.Chart:
    base = altair.Chart(theme.data_of([{"owed": label.owed} for label in warnings]))
    rules: altair.Chart = base.mark_rule(color=theme.GREY, strokeDash=[4, 4], strokeWidth=1).encode(
        y=plane.upwards()
    )
    return rules


def _shading(events: Sequence[Row], plane: lines.Plane) -> altair.Chart | None:
    """Return the stretches of time in which the distributor was suspended."""
    spans: list[dict[str, Any]] = []
    for event in events:
        if event["event"] == "suspended":
            spans.append(
                {"from": max(event["at"] // lines.MILLI, plane.days.low), "to": plane.days.high}
            )
        elif event["event"] == "resumed" and spans:
            spans[-1]["to"] = max(event["at"] // lines.MILLI, plane.days.low)
    if not spans:
        return None
    areas = altair.Chart(theme.data_of(spans)).mark_rect(opacity=0.16, color=theme.VERMILLION)
    shading: altair.Chart = areas.encode(x=plane.across("from"), x2="to:Q")
    return shading


def _events(
    events: Sequence[Row], plane: lines.Plane, hover: Callable[[Row], dict[str, Any]], locale: str
) -> altair.Chart | None:
    if not events:
        return None
    kinds = _kinds(locale)
    rows = [{"name": kinds[event["event"]][0], **hover(event)} for event in events]
    present = {event["event"] for event in events}
    names, shapes, colors = zip(*(kinds[kind] for kind in kinds if kind in present), strict=True)
    legend = altair.Legend(symbolSize=90)
    size = _SIZE if len(rows) <= _MANY else _SMALL
    marks = altair.Chart(theme.data_of(rows)).mark_point(
        filled=True, opacity=1, size=size, stroke="white", strokeWidth=0.8
    )
    drawn: altair.Chart = marks.encode(
        x=plane.across(),
        y=plane.upwards(),
        shape=altair.Shape("name:N", scale=altair.Scale(domain=names, range=shapes), legend=legend),
        color=altair.Color("name:N", scale=altair.Scale(domain=names, range=colors), legend=legend),
        tooltip=[*theme.tooltips(name=sentence("Event", locale)), *_tooltip(locale)],
    )
    return drawn


def _kinds(locale: str) -> dict[str, tuple[str, str, str]]:
    """Return for each kind of event its name, shape and colour."""
    return {
        "warning": (sentence("Warning", locale), "triangle-up", theme.ORANGE),
        "warning_over": (sentence("Warning over", locale), "triangle-down", theme.GREEN),
        "suspended": (sentence("Suspended", locale), "square", theme.VERMILLION),
        "resumed": (sentence("Resumed", locale), "circle", theme.PURPLE),
    }


def _tooltip(locale: str) -> list[altair.Tooltip]:
    return theme.tooltips(when=sentence("Date and time", locale), figure=sentence("Owed", locale))
