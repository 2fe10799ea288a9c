"""Amounts along time: lines of steps, with labels at their ends, and the credit limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Final

import altair
import attrs

from distbilling.language.catalogue import sentence
from distbilling.modelling.plots.drawing import theme
from distbilling.modelling.plots.drawing.axes import Ticks, money_axis, time_axis
from distbilling.modelling.plots.drawing.rows import Row
from distbilling.money import Currency

__all__ = [
    "MILLI",
    "Label",
    "Plane",
    "beside",
    "drawable",
    "limit_above",
    "limit_label",
    "limit_line",
    "pointers",
    "steps",
    "units_and_zone",
    "upwards",
]

MILLI: Final = 1_000
"""Microseconds in a millisecond, in which charts count time."""

_LABEL_PIXELS: Final = 15
_SWATCH: Final = 10
_OUT_OF_SIGHT: Final = 3


@attrs.frozen
class Label:
    """A text beside the end of a line: how high it is wanted, and the colour of the line."""

    owed: int
    text: str
    color: str


@attrs.frozen
class Plane:
    """The axes of a chart along time: time runs to the right, amounts rise."""

    days: Ticks
    amounts: Ticks

    def across(self, field: str = "at") -> altair.X:
        """Return a field of milliseconds as the position along the days."""
        scale = altair.Scale(domain=[self.days.low, self.days.high], nice=False, zero=False)
        return altair.X(f"{field}:Q", scale=scale, axis=time_axis(self.days))

    def upwards(self, field: str = "owed") -> altair.Y:
        """Return a field of whole minor units as the height along the amounts."""
        return upwards(self.amounts, field)


def upwards(ticks: Ticks, field: str = "owed") -> altair.Y:
    """Return a field of whole minor units as the height along the amounts."""
    return altair.Y(
        f"{field}:Q",
        scale=altair.Scale(domain=[ticks.low, ticks.high], nice=False),
        axis=money_axis(ticks),
    )


def steps(
    points: Sequence[Row], plane: Plane, *, field: str, color: str, width: float
) -> altair.Chart:
    """Return a line that stays at each point's amount until the next one.

    Args:
        points: rows with ``at``, in microseconds, and the field.
        plane: the axes to draw on.
        field: the amounts of the points, in whole minor units.
        color: the colour of the line.
        width: its width in pixels.
    """
    rows = theme.data_of([{"at": point["at"] // MILLI, field: point[field]} for point in points])
    base = altair.Chart(rows, width=theme.WIDTH, height=theme.HEIGHT)
    line: altair.Chart = base.mark_line(
        interpolate="step-after", color=color, strokeWidth=width
    ).encode(x=plane.across(), y=plane.upwards(field))
    return line


def limit_line(points: Sequence[Row], plane: Plane) -> altair.Chart:
    """Return the limit in force over time, with a gap where there is none."""
    changes = [
        point
        for before, point in pairwise([{"limit": ...}, *points])
        if point["limit"] != before["limit"]
    ]
    end = {"at": plane.days.high * MILLI, "limit": points[-1]["limit"]}
    return steps([*changes, end], plane, field="limit", color=theme.BLACK, width=1.6)


def drawable(limits: Sequence[int], highest: int) -> Sequence[int]:
    """Return the limits, or none if they would press what was owed to the bottom of the picture.

    >>> drawable([100_000], 40_000), drawable([100_000], 4_000), drawable([], 4_000)
    ([100000], [], [])
    """
    return limits if max(limits, default=0) <= _OUT_OF_SIGHT * max(highest, 1) else []


def limit_label(limit: int, figure: Callable[[int], str], locale: str) -> Label:
    """Return the label beside the line of the limit."""
    return Label(limit, sentence("Limit {amount}", locale, amount=figure(limit)), theme.BLACK)


def limit_above(limit: int, figure: Callable[[int], str], locale: str) -> str:
    """Return what is said of a limit that is not drawn."""
    return sentence(
        "The credit limit of {limit} lies above what is shown.", locale, limit=figure(limit)
    )


def units_and_zone(currency: Currency, zone: str, locale: str) -> str:
    """Return what is said of the axes."""
    return sentence(
        "Amounts in {currency}; days in the time zone {zone}",
        locale,
        currency=currency.code,
        zone=zone,
    )


def pointers(
    rows: Sequence[dict[str, Any]], plane: Plane, tooltip: Sequence[altair.Tooltip]
) -> altair.Chart:
    """Return invisible marks that show a tooltip to who points at them."""
    marks = altair.Chart(theme.data_of(rows)).mark_point(opacity=0, size=60)
    chart: altair.Chart = marks.encode(x=plane.across(), y=plane.upwards(), tooltip=list(tooltip))
    return chart


def beside(labels: Sequence[Label], ticks: Ticks) -> altair.LayerChart:
    """Return the labels at the right of the lines, moved apart where they are too near."""
    gap = (ticks.high - ticks.low) * _LABEL_PIXELS // theme.HEIGHT
    places = theme.spread([label.owed for label in labels], gap)
    rows = [
        {**attrs.asdict(label), "owed": place} for place, label in zip(places, labels, strict=True)
    ]
    base = altair.Chart(theme.data_of(rows)).encode(y=upwards(ticks))
    text = base.mark_text(align="left", baseline="middle", dx=_SWATCH + 10).encode(
        x=altair.value(theme.WIDTH), text="text:N"
    )
    swatch = base.mark_rule(strokeWidth=3).encode(
        x=altair.value(theme.WIDTH + 6),
        x2=altair.value(theme.WIDTH + 6 + _SWATCH),
        color=altair.Color("color:N", scale=None, legend=None),
    )
    return theme.layered(text, swatch)
