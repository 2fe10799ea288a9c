"""How near did a distributor come to its limit, and what happened? What it owed over time, with each event where it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import altair

from distbilling.language.catalogue import sentence
from distbilling.language.formats import instant_text
from distbilling.modelling.book.book import Book
from distbilling.modelling.plots.drawing.axes import days_along, money_along
from distbilling.modelling.plots.drawing.lines import (
    MILLI,
    Plane,
    beside,
    in_sight,
    limit_line,
    steps,
)
from distbilling.modelling.plots.drawing.rows import Row, in_time, member, money, position, rows_of
from distbilling.modelling.plots.drawing.theme import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    VERMILLION,
    WIDTH,
    data_of,
    dressed,
    layered,
)
from distbilling.modelling.plots.drawing.thinning import thinned
from distbilling.periods import iana_zone
from distbilling.periods.instant import instant_at
from distbilling.rules.parties import Distributor

__all__ = ["Exposed", "event_name", "exposure_over_time"]

_MOST_LEVELS: Final = 6
_MANY: Final = 60
_SIZE: Final = 75
_SMALL: Final = 34
_TOLD: Final = 120
"""So many balances say when and how much they were, to who points at them."""
_Said = Callable[[int, int], dict[str, str]]


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
    """Draw what a distributor owed over time against its limit and thresholds, each event marked, suspensions shaded.

    Days are those of the billing zone, or of another ``zone``. Of many balances so many are drawn
    as a picture can show: the highest and the lowest of each stretch are among them. What happened
    before the first balance is not marked.

    Raises:
        InvalidType: the exposure holds no frames, the book is none, or an amount is a float.
        InvalidValue: the distributor is not in the book or has no balances, or Babel has no such
            locale.

    Source: rulebook R20, R22, R24, R43.

    >>> from types import SimpleNamespace
    >>> from distbilling.modelling.plots import svg
    >>> from distbilling.testing.stage import distributor
    >>> import polars
    >>> balances = polars.DataFrame(
    ...     {"distributor": ["hudson"], "at": [1772341200000000], "owed": [85000], "limit": [100000]}
    ... )
    >>> events = polars.DataFrame(schema={name: polars.String for name in ("distributor", "at", "event", "threshold", "owed")})
    >>> chart = exposure_over_time(SimpleNamespace(balances=balances, events=events), Book.of(distributor("hudson")), "hudson")
    >>> "Limit $1,000.00" in svg(chart)
    True
    """
    party = member(book, distributor)
    zone = party.cycle.zone if zone is None else iana_zone(zone)
    currency = party.currency
    points = in_time(
        rows_of(exposure.balances, "balances", ("at", "owed", "limit"), distributor=distributor)
    )
    events = in_time(
        rows_of(
            exposure.events, "events", ("at", "event", "owed"), distributor=distributor, least=0
        )
    )
    top = max(point["owed"] for point in points)
    limits = [point["limit"] for point in points if point["limit"] is not None]
    bounds = limits if in_sight(limits, top) else []
    levels = _levels(party, top, max([top, *bounds]), locale)
    ticks = money_along(
        [*(point["owed"] for point in points), *bounds, *(at for at, _ in levels)], currency, locale
    )
    plane = Plane(days_along(points[0]["at"], points[-1]["at"], zone, locale), ticks)

    def figure(minor: int) -> str:
        return money(minor, currency).format(locale, exact=True)

    def said(at: int, owed: int) -> dict[str, str]:
        return {"when": instant_text(instant_at(at, zone), locale), "figure": figure(owed)}

    labels = [
        (at, sentence("Warning at {amount}", locale, amount=text), GREY) for at, text in levels
    ]
    labels += [
        (limit, sentence("Limit {amount}", locale, amount=figure(limit)), BLACK)
        for limit in bounds[-1:]
    ]
    chart = layered(
        _shading(events, plane),
        _rules(levels, plane),
        limit_line(points, plane) if bounds else None,
        steps(thinned(points, WIDTH), plane, field="owed", color=BLUE, width=1.6),
        _told(points, plane, said, locale),
        beside(labels, ticks),
        _events([event for event in events if event["at"] >= points[0]["at"]], plane, said, locale),
        independent=("color", "shape"),
    )
    shown = sentence(
        "Amounts in {currency}; days in the time zone {zone}",
        locale,
        currency=currency.code,
        zone=zone,
    )
    subtitle = [shown]
    if not limits:
        subtitle.append(sentence("There is no credit limit.", locale))
    elif not bounds:
        subtitle.append(
            sentence(
                "The credit limit of {limit} lies above what is shown.",
                locale,
                limit=figure(limits[-1]),
            )
        )
    title = sentence("{name}: what is owed, over time", locale, name=party.name)
    return dressed(chart, title, subtitle)


def event_name(event: str, locale: str) -> str:
    """Return what an event is called.

    >>> event_name("warning_over", "en")
    'Warning over'
    """
    return _kinds(locale)[event][0]


def _levels(party: Distributor, top: int, drawn_to: int, locale: str) -> list[tuple[int, str]]:
    """Return the thresholds that a balance came near, lowest first, and how they are written; of many the nearest ones."""
    levels = [(position(level), level) for level in party.credit.levels.thresholds]
    near = [level for level in levels if level[0] <= max(drawn_to, top)]
    chosen = sorted(sorted(near, key=lambda level: abs(level[0] - top))[:_MOST_LEVELS])
    return [(at, level.format(locale, exact=True)) for at, level in chosen]


def _told(points: Sequence[Row], plane: Plane, said: _Said, locale: str) -> altair.Chart:
    """Return what is told of a balance to who points at it."""
    rows = [
        {"at": point["at"] // MILLI, "owed": point["owed"], **said(point["at"], point["owed"])}
        for point in points[:: -(-len(points) // _TOLD)]
    ]
    dots = altair.Chart(data_of(rows)).mark_point(opacity=0, size=60)
    told: altair.Chart = dots.encode(x=plane.across(), y=plane.upwards(), tooltip=_tooltip(locale))
    return told


def _rules(levels: Sequence[tuple[int, str]], plane: Plane) -> altair.Chart:
    lines = altair.Chart(data_of([{"owed": at} for at, _ in levels]))
    rules: altair.Chart = lines.mark_rule(color=GREY, strokeDash=[4, 4], strokeWidth=1).encode(
        y=plane.upwards()
    )
    return rules


def _shading(events: Sequence[Row], plane: Plane) -> altair.Chart | None:
    """Return the stretches of time in which the distributor was suspended."""
    spans: list[dict[str, Any]] = []
    for event in events:
        if event["event"] == "suspended":
            spans.append({"from": max(event["at"] // MILLI, plane.days.low), "to": plane.days.high})
        elif event["event"] == "resumed" and spans:
            spans[-1]["to"] = max(event["at"] // MILLI, plane.days.low)
    if not spans:
        return None
    areas = altair.Chart(data_of(spans)).mark_rect(opacity=0.16, color=VERMILLION)
    shading: altair.Chart = areas.encode(x=plane.across("from"), x2="to:Q")
    return shading


def _events(events: Sequence[Row], plane: Plane, said: _Said, locale: str) -> altair.Chart | None:
    kinds = _kinds(locale)
    seen = [kind for kind in kinds if any(event["event"] == kind for event in events)]
    if not seen:
        return None
    rows = [
        {
            "at": event["at"] // MILLI,
            "owed": event["owed"],
            "says": kinds[event["event"]][0],
            **said(event["at"], event["owed"]),
        }
        for event in events
    ]
    legend = altair.Legend(symbolSize=90)
    size = _SIZE if len(rows) <= _MANY else _SMALL
    names, shapes, colors = (
        list(each) for each in zip(*(kinds[kind] for kind in seen), strict=True)
    )
    marks = altair.Chart(data_of(rows)).mark_point(
        filled=True, opacity=1, size=size, stroke="white", strokeWidth=0.8
    )
    drawn: altair.Chart = marks.encode(
        x=plane.across(),
        y=plane.upwards(),
        shape=altair.Shape("says:N", scale=altair.Scale(domain=names, range=shapes), legend=legend),
        color=altair.Color("says:N", scale=altair.Scale(domain=names, range=colors), legend=legend),
        tooltip=[altair.Tooltip("says:N", title=sentence("Event", locale)), *_tooltip(locale)],
    )
    return drawn


def _kinds(locale: str) -> dict[str, tuple[str, str, str]]:
    """Return for each kind of event its name, shape and colour."""
    return {
        "warning": (sentence("Warning", locale), "triangle-up", ORANGE),
        "warning_over": (sentence("Warning over", locale), "triangle-down", GREEN),
        "suspended": (sentence("Suspended", locale), "square", VERMILLION),
        "resumed": (sentence("Resumed", locale), "circle", PURPLE),
    }


def _tooltip(locale: str) -> list[altair.Tooltip]:
    return [
        altair.Tooltip("when:N", title=sentence("Date and time", locale)),
        altair.Tooltip("figure:N", title=sentence("Owed", locale)),
    ]
