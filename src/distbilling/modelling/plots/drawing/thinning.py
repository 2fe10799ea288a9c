"""The points of many that a picture needs: of each stretch of time the ends and the extremes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from distbilling.modelling.plots.drawing.rows import Row

__all__ = ["thinned"]

_MOST_OF_A_STRETCH = 4


def thinned(points: Sequence[Row], stretches: int) -> list[Row]:
    """Return the points, in time, that draw the same line in so many stretches of it.

    Of each stretch they are the first, the highest, the lowest and the last. Of few points all are
    returned.

    >>> points = [{"at": at, "owed": at % 7} for at in range(10_000)]
    >>> len(thinned(points, 100)) <= 400
    True
    """
    if len(points) <= _MOST_OF_A_STRETCH * stretches:
        return list(points)

    start, end = points[0]["at"], points[-1]["at"]
    width = max(-(-(end - start + 1) // stretches), 1)
    by_stretch = groupby(enumerate(points), lambda numbered: (numbered[1]["at"] - start) // width)
    return [point for _, stretch in by_stretch for point in _extremes(list(stretch))]


def _extremes(stretch: Sequence[tuple[int, Row]]) -> list[Row]:
    highest = max(stretch, key=lambda numbered: numbered[1]["owed"])
    lowest = min(stretch, key=lambda numbered: numbered[1]["owed"])
    chosen = dict((stretch[0], highest, lowest, stretch[-1]))
    return [chosen[number] for number in sorted(chosen)]
