"""The output for people: styled and wrapped on a terminal; plain, at any width, anywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from distbilling.cli.visible import visible
from distbilling.documents import StatementDocument
from distbilling.documents.columns import Column, wrapped
from distbilling.documents.rows import COLUMNS
from distbilling.documents.statement import TOTALS

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = ["Page"]

_ACCENT = "bold"
_FAINT = "dim"


class Page:
    r"""Lines of text, and statements, written to a stream.

    >>> import io
    >>> page = Page(lines := io.StringIO())
    >>> page.line("Accepted", "green", indent=4)
    >>> lines.getvalue()
    '    Accepted\n'
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()

    def line(self, text: str = "", style: str = "", *, indent: int = 0, label: str = "") -> None:
        """Write one line, with a ``label`` in its indent.

        On a terminal, a line that is too long goes on below its beginning. Characters that would
        command the terminal are shown escaped.
        """
        text = visible(text)
        indent = max(indent, len(label))
        margin = " " * (indent - len(label)) + label
        if not self._is_terminal:
            self._stream.write(f"{margin}{text}".rstrip() + "\n")
            return

        from rich.text import Text

        console = self._console()
        for part in wrapped(text, console.width - indent):
            console.print(
                Text(f"{margin}{part}", style), no_wrap=True, overflow="ignore", crop=False
            )
            margin = " " * indent

    def statement(self, document: StatementDocument) -> None:
        """Write a statement: in columns, on a terminal as a table."""
        if not self._is_terminal:
            for line in document.text().removesuffix("\n").split("\n"):
                self.line(line)
            return
        self.line(document.title, _ACCENT)
        self.line(document.distributor)
        self.line(document.period, _FAINT)
        self._console().print(_transactions(document), _summary(document), sep="\n")

    def _console(self) -> Console:
        from rich.console import Console

        return Console(file=self._stream, highlight=False, markup=False, emoji=False)


def _transactions(document: StatementDocument) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style=_ACCENT)
    for place, (heading, column) in enumerate(zip(document.headings.cells, COLUMNS, strict=True)):
        _add_column(table, column.layout, heading, style="" if place else _FAINT)

    for row in document.rows:
        is_balance = row in {document.opening, document.closing}
        table.add_row(
            *row.cells, style=_ACCENT if is_balance else "", end_section=row is document.rows[-2]
        )
    return table


def _summary(document: StatementDocument) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 1), show_header=False)
    for layout in TOTALS:
        _add_column(table, layout)

    for total in document.totals:
        is_result = total is document.totals[-1]
        table.add_row(total.label, total.amount, style=_ACCENT if is_result else "")
    return table


def _add_column(table: Table, layout: Column, heading: str = "", *, style: str = "") -> None:
    table.add_column(
        heading,
        justify="right" if layout.right else "left",
        no_wrap=not layout.flexible,
        overflow="fold" if layout.flexible else "ellipsis",
        style=style,
    )
