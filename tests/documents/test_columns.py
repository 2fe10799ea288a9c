"""Text in columns, whatever its script."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.documents.columns import Column, cells_of, set_in_columns, wrapped

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=40)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("Zürich", 6),
        ("Zu\u0308rich", 6),
        ("東京", 4),
        ("ﾄｳｷｮｳ", 5),
        ("한국", 4),
        (unicodedata.normalize("NFD", "한국"), 4),
        ("1\u202f000,00\xa0€", 10),
        ("a\u200bb", 2),
        ("№ 5", 3),
    ],
)
def test_a_text_takes_the_cells_that_a_terminal_gives_it(text, cells):
    assert cells_of(text) == cells


@given(rows=st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=5))
def test_figures_end_in_one_column(rows):
    columns = (Column(), Column(flexible=True), Column(right=True))
    kept = [(first, second, f"{number}") for number, (first, second, _) in enumerate(rows)]
    lines = [line for row in set_in_columns(kept, columns) for line in row]
    assert len(lines) == len(rows)
    assert len({cells_of(line) for line in lines}) == 1


@given(text=TEXT, width=st.integers(2, 30))
def test_wrapped_text_keeps_every_word_and_every_character(text, width):
    lines = wrapped(text, width)
    assert all(cells_of(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_text_is_broken_between_words_where_it_can_be():
    assert wrapped("cash at the counter", 8) == ["cash at", "the", "counter"]
    assert wrapped("Donaudampfschifffahrt am Montag", 10) == [
        "Donaudampf",
        "schifffahr",
        "t am",
        "Montag",
    ]
    assert wrapped("no width, no break", None) == ["no width, no break"]


def test_only_the_flexible_column_gives_way_and_only_so_far():
    rows = [("2026-03-01", "a long story about a payment", "10.00")]
    columns = (Column(), Column(flexible=True), Column(right=True))
    assert set_in_columns(rows, columns, 36) == [
        ["2026-03-01  a long story       10.00", "            about a payment"]
    ]
    narrow = set_in_columns(rows, columns, 10)[0]
    assert narrow[0] == "2026-03-01  a long story  10.00"
    assert narrow[1:] == ["            about a", "            payment"]
