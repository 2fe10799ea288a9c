"""Which of many points does a picture need? In each stretch of time the first, the highest, the lowest and the last."""

from __future__ import annotations

from collections.abc import Sequence

from distbilling.modelling.plots.drawing.rows import Row

__all__ = ["thinned"]

_KEPT = 4


def thinned(points: Sequence[Row], stretches: int) -> list[Row]:
    """Return the points, in time, that draw the same line in so many stretches; all of them where they are few.

    >>> points = [{"at": at, "owed": at % 7} for at in range(10_000)]
    >>> len(thinned(points, 100)) <= 400
    True
    """
    if len(points) <= _KEPT * stretches:
        return list(points)
    start, end = points[0]["at"], points[-1]["at"]
    width = max(-(-(end - start + 1) // stretches), 1)
    found: list[Row] = []
    stretch: list[tuple[int, Row]] = []
    current = 0
    for number, point in enumerate(points):
        place = (point["at"] - start) // width
        if place != current:
            found += _extremes(stretch)
            stretch, current = [], place
        stretch.append((number, point))
    return found + _extremes(stretch)


def _extremes(stretch: Sequence[tuple[int, Row]]) -> list[Row]:
    highest = max(stretch, key=lambda numbered: numbered[1]["owed"])
    lowest = min(stretch, key=lambda numbered: numbered[1]["owed"])
    chosen = dict((stretch[0], highest, lowest, stretch[-1]))
    return [chosen[number] for number in sorted(chosen)]
