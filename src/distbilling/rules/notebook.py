"""Values of several figures as small tables for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["html_table"]

_LEFT = 'style="text-align: left"'


def html_table(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as a table of HTML, each with its first cell as its head, everything escaped.

    Source: rulebook R19.

    >>> html_table([("cap", "$50.00")])  # doctest: +ELLIPSIS
    '<table><tr><th style="text-align: left">cap</th><td style="text-align: left">$50.00</td>...'
    """
    lines: list[str] = []
    for head, *cells in rows:
        figures = "".join(f"<td {_LEFT}>{escape(cell)}</td>" for cell in cells)
        lines.append(f"<tr><th {_LEFT}>{escape(head)}</th>{figures}</tr>")
    return f"<table>{''.join(lines)}</table>"
