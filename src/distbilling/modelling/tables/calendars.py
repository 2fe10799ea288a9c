"""Calendars as small tables, in which columns look up the billing period or day."""

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

    Periods differ in length, so no division tells which one holds an instant. Each cycle therefore
    has stretches of one length, none longer than its shortest period, so that at most one period
    ends in each: ``cut`` is where, ``start`` is where the period that the stretch begins in starts,
    ``end`` where the one that it ends in ends. ``profiles`` has the first stretch of each cycle,
    its length, and the instant at which its first one begins. All in microseconds since 1970 UTC.
    """

    stretches: Table
    profiles: tuple[tuple[int, int, int], ...]


@lru_cache(maxsize=4)
def calendar_of(cycles: tuple[Cycle, ...], first: int, last: int) -> Calendar:
    """Return the calendar of some cycles for all instants from the first to the last.

    Instants are microseconds since 1970 UTC. The last few calendars are kept: one call asks for the
    same one several times.

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
        stretches = enumerate(_stretches(bounds, length, last), len(rows))
        rows += [(number, *stretch) for number, stretch in stretches]
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
    """Return rows with the regular period that holds an instant of each.

    The three columns of the profile are spent.

    Args:
        engine: holds the frame.
        frame: rows with the columns of :data:`PROFILE`.
        calendar: has the periods.
        instant: names the column of instants, in microseconds since 1970 UTC.
        start: names the column of where the period starts, inclusive.
        end: names the column of where it ends, exclusive.

    Source: rulebook R33, R37, as :meth:`distbilling.periods.Cycle.period_at`.
    """
    at, first, length, origin = (nw.col(name) for name in (instant, *PROFILE))
    sheet = Worksheet(engine, frame)
    since, stride = sheet.let_all(at - origin, length)
    frame = sheet.done(stretch=first + sheet.divided(since, stride)).drop(*PROFILE)

    names = {"cut": "_cut", "start": "_start", "end": "_end"}
    frame = engine.looked_up(frame, calendar.stretches.on(engine).rename(names), "stretch")
    cut, is_after = nw.col("_cut"), at >= nw.col("_cut")
    starts = nw.when(is_after).then(cut).otherwise(nw.col("_start"))
    ends = nw.when(is_after | (cut == NEVER)).then(nw.col("_end")).otherwise(cut)
    return frame.with_columns(**{start: starts, end: ends}).drop("stretch", *names.values())


def _bounds(cycle: Cycle, first: int, last: int) -> list[int]:
    """Return where the periods around two instants begin, in order, and where the last one ends."""
    period = cycle.period_at(instant_at(first, cycle.zone))
    bounds = [period.start_microseconds]
    while period.end_microseconds <= last:
        period = cycle.next(period)
        bounds.append(period.start_microseconds)
    return [*bounds, period.end_microseconds]


def _stretches(bounds: Sequence[int], length: int, last: int) -> Iterator[tuple[int, int, int]]:
    """Yield of each stretch where a period ends in it, and the ends of the periods around it."""
    begin = bounds[0]
    while begin <= last:
        place = bisect_right(bounds, begin) - 1
        following = bounds[place + 1]
        if following < begin + length and place + 2 < len(bounds):
            yield following, bounds[place], bounds[place + 2]
        else:
            yield NEVER, bounds[place], following
        begin += length
