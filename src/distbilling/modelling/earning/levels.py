"""The levels of a chain: each operation, once for its seller and for everyone above it."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from distbilling.modelling.engines import Engine
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.modelling.tables.tables import Table

__all__ = ["at_every_level", "chain_table"]


def chain_table(tables: BookTables) -> Table:
    """Return the levels of every distributor's chain by numbers.

    The seller itself is at level 0, its parent at 1, and so on. ``round`` tells which levels are
    computed together: where each level earns on what those below it leave, a level comes after all
    that stand below it, else all are of round 0.

    Source: rulebook R16.

    >>> import attrs
    >>> from distbilling.modelling.book.book import Book
    >>> from distbilling.testing.sample_data import distributor
    >>> below = attrs.evolve(distributor("soho"), parent="hudson")
    >>> chain_table(BookTables(Book.of(distributor("hudson"), below))).columns["level"]
    [0, 0, 1]
    """
    numbers = {distributor.id: number for number, distributor in enumerate(tables.distributors)}
    heights = _heights(tables)
    rows: list[tuple[int, int, int, int]] = []
    for seller, distributor in enumerate(tables.distributors):
        own_rates = tables.has_own_rates(distributor.id)
        for level, member in enumerate(tables.book.chain(distributor.id)):
            rows.append((seller, level, numbers[member.id], heights[member.id] if own_rates else 0))
    return Table.of_rows(("seller", "level", "party", "round"), rows)


def at_every_level(
    engine: Engine, frame: nw.LazyFrame[Any], tables: BookTables
) -> nw.LazyFrame[Any]:
    """Return operations, each of a ``seller``, once for every ``level`` and its ``party``.

    Source: rulebook R16.
    """
    if tables.book.is_flat:
        zero = nw.lit(0, nw.Int64())
        return frame.with_columns(level=zero, party=nw.col("seller"), round=zero)
    return frame.join(chain_table(tables).on(engine), on="seller", how="inner")


def _heights(tables: BookTables) -> dict[str, int]:
    """Return how many levels each distributor has below it, at most."""
    heights = {distributor.id: 0 for distributor in tables.distributors}
    for distributor in tables.distributors:
        for height, member in enumerate(tables.book.chain(distributor.id)):
            heights[member.id] = max(heights[member.id], height)
    return heights
