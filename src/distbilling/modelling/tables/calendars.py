"""In which billing period, and on which local day, is each of many instants? One small table for each calendar."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import attrs
import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.worksheet import Worksheet
from distbilling.modelling.engines import Engine
from distbilling.modelling.tables.tables import NEVER, Table
from distbilling.periods import Cycle
from distbilling.periods.instant import instant_at

__all__ = ["PROFILE", "Calendar", "calendar_of", "periods_held"]

PROFILE: Final = ("profile_first", "profile_length", "profile_origin")
"""The columns that lead from a row to its stretch of a calendar."""


@attrs.frozen
class Calendar:
    """The periods of several cycles around some instants, as one table of stretches of time.

    Each cycle has stretches of one length, none longer than its shortest period, so that at most
    one period ends in each: ``cut`` is where, ``start`` is where the period that the stretch begins
    in starts, ``end`` where the one that it ends in ends. ``profiles`` has the first stretch of
    each cycle, its length, and the instant at which its first one begins. All in microseconds since
    1970 UTC.
    """

    stretches: Table
    profiles: tuple[tuple[int, int, int], ...]


@lru_cache(maxsize=4)
def calendar_of(cycles: tuple[Cycle, ...], first: int, last: int) -> Calendar:
    """Return the calendar of some cycles for all instants from the first to the last, in microseconds since 1970 UTC.

    The last few are kept: one call asks for the same one several times.

    Source: rulebook R33, R37.

    >>> from distbilling.periods import Monthly
    >>> calendar = calendar_of((Monthly("Etc/UTC"),), 0, 10 * 86_400_000_000)
    >>> calendar.stretches.columns["end"][0] // 86_400_000_000
    31
    """
    rows: list[tuple[int, int, int, int]] = []
    profiles: list[tuple[int, int, int]] = []
    for cycle in cycles:
        bounds = _bounds(cycle, first, last)
        length = min(end - start for start, end in pairwise(bounds))
        profiles.append((len(rows), length, bounds[0]))
        rows += [
            (number, *stretch)
            for number, stretch in enumerate(_stretches(bounds, length, last), len(rows))
        ]
    return Calendar(Table.of_rows(("stretch", "cut", "start", "end"), rows), tuple(profiles))


def periods_held(  # noqa: PLR0913 - what is looked up, and what it is called
    engine: Engine,
    frame: nw.LazyFrame[Any],
    calendar: Calendar,
    instant: str,
    *,
    start: str,
    end: str,
) -> nw.LazyFrame[Any]:
    """Return rows with the regular period that holds an instant of each, by its ``profile_first`` and ``_length``, ``_origin``.

    ``start`` is inclusive, ``end`` exclusive, in microseconds since 1970 UTC. The three columns of
    the profile are spent.

    Source: rulebook R33, R37, as :meth:`distbilling.periods.Cycle.period_at`.
    """
    sheet = Worksheet(engine, frame)
    at, first, length, origin = (nw.col(name) for name in (instant, *PROFILE))
    since, stride = sheet.let_all(at - origin, length)
    frame = sheet.done(stretch=first + sheet.divided(since, stride)).drop(*PROFILE)
    stretches = calendar.stretches.on(engine).rename(
        {"cut": "_cut", "start": "_start", "end": "_end"}
    )
    cut, opens, closes = nw.col("_cut"), nw.col("_start"), nw.col("_end")
    is_after = nw.col(instant) >= cut
    found = {
        start: nw.when(is_after).then(cut).otherwise(opens),
        end: nw.when(is_after | (cut == NEVER)).then(closes).otherwise(cut),
    }
    return (
        engine.looked_up(frame, stretches, "stretch")
        .with_columns(**found)
        .drop("stretch", "_cut", "_start", "_end")
    )


def _bounds(cycle: Cycle, first: int, last: int) -> list[int]:
    """Return where the periods around two instants begin, in order, and where the last of them ends."""
    period = cycle.period_at(instant_at(first, cycle.zone))
    bounds = [period.start_microseconds]
    while period.end_microseconds <= last:
        period = cycle.next(period)
        bounds.append(period.start_microseconds)
    return [*bounds, period.end_microseconds]


def _stretches(bounds: Sequence[int], length: int, last: int) -> Iterator[tuple[int, int, int]]:
    begin = bounds[0]
    while begin <= last:
        place = bisect_right(bounds, begin) - 1
        following = bounds[place + 1]
        if following < begin + length and place + 2 < len(bounds):
            yield following, bounds[place], bounds[place + 2]
        else:
            yield NEVER, bounds[place], following
        begin += length
