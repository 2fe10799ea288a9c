"""HTML elements and tables, with every text escaped and figures set to the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["element", "table"]

_FIGURE = ' style="text-align: right; font-variant-numeric: tabular-nums"'
_TEXT = ' style="text-align: left"'


def element(tag: str, text: str) -> str:
    """Return the text in an element of that tag.

    >>> element("p", "Brown & Sons")
    '<p>Brown &amp; Sons</p>'
    """
    return f"<{tag}>{escape(text)}</{tag}>"


def table(
    *,
    head: Iterable[Sequence[str]],
    body: Iterable[Sequence[str]],
    foot: Iterable[Sequence[str]],
    figures: Sequence[int],
) -> str:
    """Return a table, without the sections that are empty.

    Args:
        head: rows of headings.
        body: rows of cells.
        foot: rows of totals.
        figures: the numbers, from 0, of the columns that are set to the right.

    >>> table(head=[], body=[("Sales", "$10.00")], foot=[], figures=()).count("<td")
    2
    """
    sections = (("thead", "th", head), ("tbody", "td", body), ("tfoot", "th", foot))
    parts = (_section(name, cell, tuple(rows), figures) for name, cell, rows in sections)
    return f"<table>{''.join(parts)}</table>"


def _section(name: str, cell: str, rows: Sequence[Sequence[str]], figures: Sequence[int]) -> str:
    if not rows:
        return ""
    lines = (
        "".join(
            f"<{cell}{_FIGURE if number in figures else _TEXT}>{escape(text)}</{cell}>"
            for number, text in enumerate(row)
        )
        for row in rows
    )
    return f"<{name}>{''.join(f'<tr>{line}</tr>' for line in lines)}</{name}>"
