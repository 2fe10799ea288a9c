"""How is an amount drawn along time? As a line of steps, with what it means written at its end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import altair
import attrs

from distbilling.modelling.plots.drawing.axes import Ticks, money_axis, time_axis
from distbilling.modelling.plots.drawing.rows import Row
from distbilling.modelling.plots.drawing.theme import BLACK, HEIGHT, WIDTH, data_of, layered, spread

__all__ = ["MILLI", "Plane", "beside", "in_sight", "limit_line", "steps", "upwards"]

MILLI: Final = 1_000
"""Microseconds in a millisecond, in which charts count time."""

_LABEL_PIXELS: Final = 15
_SWATCH: Final = 10
_OUT_OF_SIGHT: Final = 3


@attrs.frozen
class Plane:
    """Where a chart is drawn: time runs to the right, amounts rise."""

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
    """Return a line that stays at each point's amount until the next one; ``at`` in microseconds."""
    rows = data_of([{"at": point["at"] // MILLI, field: point[field]} for point in points])
    base = altair.Chart(rows, width=WIDTH, height=HEIGHT)
    line: altair.Chart = base.mark_line(
        interpolate="step-after", color=color, strokeWidth=width
    ).encode(x=plane.across(), y=plane.upwards(field))
    return line


def limit_line(points: Sequence[Row], plane: Plane) -> altair.Chart:
    """Return the limit in force over time, which a temporary increase lifts for a while; it has a gap where there is none."""
    changes = [
        point
        for before, point in pairwise([{"limit": ...}, *points])
        if point["limit"] != before["limit"]
    ]
    end = {"at": plane.days.high * MILLI, "limit": points[-1]["limit"]}
    return steps([*changes, end], plane, field="limit", color=BLACK, width=1.6)


def in_sight(limits: Sequence[int], highest: int) -> bool:
    """Tell whether a limit can be drawn beside what was owed without pressing that to the floor.

    >>> in_sight([100_000], 40_000), in_sight([100_000], 4_000), in_sight([], 4_000)
    (True, False, False)
    """
    return bool(limits) and max(limits) <= _OUT_OF_SIGHT * max(highest, 1)


def beside(labels: Sequence[tuple[int, str, str]], ticks: Ticks) -> altair.LayerChart:
    """Return what stands at the right of the lines: where, what, and the line's colour; moved apart where it is too near."""
    places = spread([at for at, _, _ in labels], (ticks.high - ticks.low) * _LABEL_PIXELS // HEIGHT)
    rows: list[dict[str, Any]] = [
        {"owed": at, "said": said, "ink": ink}
        for at, (_, said, ink) in zip(places, labels, strict=True)
    ]
    base = altair.Chart(data_of(rows)).encode(y=upwards(ticks))
    text = base.mark_text(align="left", baseline="middle", dx=_SWATCH + 10).encode(
        x=altair.value(WIDTH), text="said:N"
    )
    swatch = base.mark_rule(strokeWidth=3).encode(
        x=altair.value(WIDTH + 6),
        x2=altair.value(WIDTH + 6 + _SWATCH),
        color=altair.Color("ink:N", scale=None, legend=None),
    )
    return layered(text, swatch)
