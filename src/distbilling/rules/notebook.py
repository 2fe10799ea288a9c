"""How is a value of several figures shown in a notebook? As a small table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["html_table"]


def html_table(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as a table of HTML, the first cell of each as its head; what is in the cells is escaped.

    Source: rulebook R19.

    >>> html_table([("cap", "$50.00")])
    '<table><tr><th style="text-align: left">cap</th><td style="text-align: left">$50.00</td></tr></table>'
    """
    left = 'style="text-align: left"'
    told = "".join(
        f"<tr><th {left}>{escape(head)}</th>{''.join(f'<td {left}>{escape(cell)}</td>' for cell in cells)}</tr>"
        for head, *cells in rows
    )
    return f"<table>{told}</table>"
