"""The straight lines that a schedule follows as an amount grows, in exact fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from typing import Final, assert_never

import attrs

from distbilling.money import Percent
from distbilling.rules.agreement.schedule import Bounded, Brackets, ByAge, FlatFee, Schedule, Sum

__all__ = ["Piece", "exceeds_somewhere", "pieces_of"]

_ZERO: Final = Fraction(0)


@attrs.frozen
class Piece:
    """A straight line from ``start`` on, until the next one starts.

    It gives ``slope`` × amount + ``offset``, in units of the currency.

    >>> Piece(Fraction(0), Fraction(1, 10), Fraction(5)).at(Fraction(100))
    Fraction(15, 1)
    """

    start: Fraction
    slope: Fraction
    offset: Fraction

    def at(self, amount: Fraction) -> Fraction:
        """Return what the line gives on an amount."""
        return self.slope * amount + self.offset


_THE_AMOUNT: Final = Piece(_ZERO, Fraction(1), _ZERO)


def pieces_of(schedule: Schedule, items: int = 1) -> list[Piece] | None:
    """Return the pieces of a schedule before rounding; None where it looks at volume or age.

    Source: rulebook R13, R14.

    >>> [str(piece.offset) for piece in pieces_of(Percent("10")) or ()]
    ['0']
    """
    match schedule:
        case Percent(value):
            return [Piece(_ZERO, Fraction(value) / 100, _ZERO)]
        case FlatFee(amount, per):
            return [Piece(_ZERO, _ZERO, Fraction(amount.amount) * per.times(items))]
        case Sum(parts):
            addends = _all_of([pieces_of(part, items) for part in parts])
            return None if addends is None else reduce(_added, addends)
        case Bounded(inner, minimum, cap):
            pieces = pieces_of(inner, items)
            if pieces is not None and minimum is not None:
                pieces = limited(pieces, Piece(_ZERO, _ZERO, Fraction(minimum.amount)), max)
            if pieces is not None and cap is not None:
                pieces = limited(pieces, Piece(_ZERO, _ZERO, Fraction(cap.amount)), min)
            return pieces
        case Brackets():
            return _of_brackets(schedule, items)
        case ByAge():
            return None
        case _:
            assert_never(schedule)


def exceeds_somewhere(
    first: Sequence[Piece], second: Sequence[Piece], most: Fraction | None = None
) -> bool:
    """Tell whether the first gives more than the second on some amount below ``most``.

    Neither gives more than the amount.

    Source: rulebook R14, R16.

    >>> tenth, fee = pieces_of(Percent("10")) or [], [Piece(Fraction(0), Fraction(0), Fraction(5))]
    >>> exceeds_somewhere(tenth, fee), exceeds_somewhere(tenth, tenth)
    (True, False)
    >>> exceeds_somewhere(tenth, fee, most=Fraction(50))
    False
    """
    negated = [
        Piece(piece.start, -piece.slope, -piece.offset)
        for piece in limited(second, _THE_AMOUNT, min)
    ]
    difference = _added(limited(first, _THE_AMOUNT, min), negated)

    for piece, end in _with_ends(difference):
        stop = most if end is None or (most is not None and most < end) else end
        rises = piece.slope > 0 if stop is None else piece.at(stop) > 0
        if (rises or piece.at(piece.start) > 0) and (stop is None or piece.start < stop):
            return True
    return False


def limited(
    pieces: Sequence[Piece], line: Piece, pick: Callable[[Fraction, Fraction], Fraction]
) -> list[Piece]:
    """Return the lower (``min``) or the higher (``max``) of the pieces and a line.

    >>> rising, level = (Piece(Fraction(0), *map(Fraction, line)) for line in ((1, 0), (0, 5)))
    >>> limited([rising], level, min)[1].start
    Fraction(5, 1)
    """
    lines: list[Piece] = []
    for piece, end in _with_ends(pieces):
        starts = [piece.start]
        if piece.slope != line.slope:
            crossing = (line.offset - piece.offset) / (piece.slope - line.slope)
            if piece.start < crossing and (end is None or crossing < end):
                starts.append(crossing)

        # Between two starts neither crosses the other: any point tells which one counts.
        for start, stop in zip(starts, [*starts[1:], end], strict=True):
            middle = start + 1 if stop is None else (start + stop) / 2
            chosen = piece if pick(piece.at(middle), line.at(middle)) == piece.at(middle) else line
            lines.append(attrs.evolve(chosen, start=start))
    return lines


def _of_brackets(schedule: Brackets, items: int) -> list[Piece] | None:
    if schedule.measure.by_period:
        return None
    inner = _all_of([pieces_of(bracket.schedule, items) for bracket in schedule.brackets])
    if inner is None:
        return None

    lowers = [Fraction(lower) for lower in schedule.lowers]
    if schedule.tiering.by_slices:
        return [
            Piece(lower, piece.slope, Fraction(total) - piece.slope * lower)
            for (piece,), lower, total in zip(inner, lowers, schedule.totals, strict=True)
        ]

    whole: list[Piece] = []
    for pieces, lower, upper in zip(inner, lowers, [*lowers[1:], None], strict=True):
        whole += (
            attrs.evolve(piece, start=max(piece.start, lower))
            for piece, end in _with_ends(pieces)
            if (end is None or end > lower) and (upper is None or piece.start < upper)
        )
    return whole


def _all_of(parts: Sequence[list[Piece] | None]) -> list[list[Piece]] | None:
    """Return the pieces of all parts; None where one of them has none."""
    complete = [pieces for pieces in parts if pieces is not None]
    return complete if len(complete) == len(parts) else None


def _added(first: Sequence[Piece], second: Sequence[Piece]) -> list[Piece]:
    """Return the sum of two functions that are made of straight lines."""
    starts = sorted({piece.start for piece in (*first, *second)})
    pairs = ((start, _in_force(first, start), _in_force(second, start)) for start in starts)
    return [
        Piece(start, one.slope + other.slope, one.offset + other.offset)
        for start, one, other in pairs
    ]


def _in_force(pieces: Sequence[Piece], amount: Fraction) -> Piece:
    return [piece for piece in pieces if piece.start <= amount][-1]


def _with_ends(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, Fraction | None]]:
    ends: list[Fraction | None] = [*(piece.start for piece in pieces[1:]), None]
    yield from zip(pieces, ends, strict=True)
