"""The straight lines that schedules follow, worked out by hand where they have corners."""

from __future__ import annotations

from fractions import Fraction

import pytest

from distbilling import Percent
from distbilling.rules.agreement.schedule import (
    Bounded,
    Bracket,
    Brackets,
    ByAge,
    FlatFee,
    Measure,
    Per,
    Stage,
    Sum,
    Tiering,
)
from distbilling.rules.chain.pieces import Piece, exceeds_somewhere, limited, pieces_of
from distbilling.testing.sample_data import usd

EACH = FlatFee(usd("2"), Per.ITEM)


def brackets(tiering: Tiering, *inner: Percent | FlatFee | Bounded) -> Brackets:
    first, second = inner
    made = (Bracket(usd("0"), usd("100"), first), Bracket(usd("100"), None, second))
    return Brackets(made, tiering, Measure.OPERATION)


def lines(*pieces: tuple[str | int, str | int, str | int]) -> list[Piece]:
    return [Piece(*map(Fraction, piece)) for piece in pieces]


@pytest.mark.parametrize(
    ("schedule", "items", "pieces"),
    [
        (Percent("10"), 1, lines((0, "0.1", 0))),
        (EACH, 3, lines((0, 0, 6))),
        (FlatFee(usd("2")), 3, lines((0, 0, 2))),
        (Sum((Percent("10"), EACH, Percent("5"))), 2, lines((0, "0.15", 4))),
        (Bounded(Percent("10"), cap=usd("5")), 1, lines((0, "0.1", 0), (50, 0, 5))),
        (Bounded(Percent("10"), minimum=usd("2"), cap=usd("5")), 1, lines((0, 0, 2), (20, "0.1", 0),
         (50, 0, 5))),
        (brackets(Tiering.MARGINAL, Percent("10"), Percent("5")), 1, lines((0, "0.1", 0), (100,
         "0.05", 5))),
        (brackets(Tiering.WHOLE, Percent("10"), EACH), 3, lines((0, "0.1", 0), (100, 0, 6))),
        (brackets(Tiering.WHOLE, Bounded(Percent("10"), cap=usd("5")), Bounded(Percent("1"),
         cap=usd("2"))), 1,
         lines((0, "0.1", 0), (50, 0, 5), (100, "0.01", 0), (200, 0, 2))),
        (brackets(Tiering.WHOLE, Bounded(Percent("1"), cap=usd("2")), Percent("3")), 1,
         lines((0, "0.01", 0), (100, "0.03", 0))),
    ],
)  # fmt: skip
def test_the_lines_of_a_schedule(schedule, items, pieces):
    assert pieces_of(schedule, items) == pieces


def test_one_item_is_taken_where_no_number_is_told():
    assert pieces_of(EACH) == lines((0, 0, 2))


@pytest.mark.parametrize(
    ("pieces", "line", "lower"),
    [
        (lines((0, 1, 0)), ("0", 2, 0), lines((0, 1, 0))),
        (lines((0, 2, 0)), ("0", 1, 0), lines((0, 1, 0))),
        (lines((0, "0.1", 0), (50, 0, 5)), (0, 0, 5), lines((0, "0.1", 0), (50, 0, 5))),
        (lines((0, 10, 0), ("0.5", 0, 5)), (0, 0, 4), lines((0, 10, 0), ("0.4", 0, 4), ("0.5", 0,
         4))),
        (lines((0, 0, 0), (1, 10, -10), ("1.5", 0, 5)), (0, 0, 1),
         lines((0, 0, 0), (1, 10, -10), ("1.1", 0, 1), ("1.5", 0, 1))),
    ],
)  # fmt: skip
def test_the_lower_of_pieces_and_a_line(pieces, line, lower):
    assert limited(pieces, Piece(*map(Fraction, line)), min) == lower


STEP = lines((0, 0, 0), (100, 0, "1.5"))


@pytest.mark.parametrize(
    ("first", "second", "most", "exceeds"),
    [
        (lines((0, "0.3", 0), (10, 0, 3)), lines((0, 0, 4)), 100, False),
        (STEP, lines((0, 0, 1)), None, True),
        (STEP, lines((0, 0, "1.5")), None, False),
        (STEP, lines((0, 0, 1)), 100, False),
        (STEP, lines((0, 0, 1)), 101, True),
    ],
)
def test_whether_pieces_exceed_others_below_an_amount(first, second, most, exceeds):
    assert exceeds_somewhere(first, second, None if most is None else Fraction(most)) == exceeds


BY_VOLUME = Brackets((Bracket(usd("0"), None, Percent("10")),))
BY_AGE = ByAge((Stage(None, Percent("10")),))


@pytest.mark.parametrize(
    "schedule",
    [
        BY_VOLUME,
        BY_AGE,
        Sum((Percent("5"), BY_AGE)),
        Bounded(BY_VOLUME, minimum=usd("1"), cap=usd("2")),
        Brackets((Bracket(usd("0"), None, BY_AGE),), Tiering.WHOLE, Measure.OPERATION),
    ],
)
def test_what_looks_at_more_than_the_operation_follows_no_line_of_its_own(schedule):
    assert pieces_of(schedule) is None
