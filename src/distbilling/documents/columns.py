"""Text in columns, measured by the cells that its characters take on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import category, east_asian_width, normalize

import attrs

__all__ = ["Column", "cells_of", "set_in_columns", "wrapped"]

_GAP = "  "
_NARROWEST = 12
_INVISIBLE = {"Mn", "Me", "Cf"}


@attrs.frozen
class Column:
    """How a column is set: to the ``right`` for figures.

    The text of a ``flexible`` one may be wrapped to make the table fit.
    """

    right: bool = False
    flexible: bool = False


def set_in_columns(
    rows: Sequence[Sequence[str]], columns: Sequence[Column], width: int | None = None
) -> list[list[str]]:
    """Return the lines of each row, set in columns as wide as their widest cell.

    No line ends in blanks. With a ``width`` the flexible column is narrowed until the table fits,
    to 12 cells at least.

    >>> rows = [("Sale", "8.50"), ("松本電機", "10.00")]
    >>> for lines in set_in_columns(rows, (Column(), Column(right=True))):
    ...     print(lines)
    ['Sale       8.50']
    ['松本電機  10.00']
    """
    widths = [max(map(cells_of, cells)) for cells in zip(*rows, strict=True)]
    if width is not None:
        excess = sum(widths) + len(_GAP) * (len(widths) - 1) - width
        for number, column in enumerate(columns):
            if column.flexible and excess > 0:
                widths[number] = max(min(_NARROWEST, widths[number]), widths[number] - excess)
    return [_lines(row, columns, widths) for row in rows]


def wrapped(text: str, width: int | None) -> list[str]:
    """Return the text in lines of at most so many cells, whole without a width.

    Lines are broken between words where they can be.

    >>> wrapped("paid at the counter", 12)
    ['paid at the', 'counter']
    """
    if width is None or cells_of(text) <= width:
        return [text]
    lines = [""]
    for word in _words(text, width):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cells_of(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def cells_of(text: str) -> int:
    """Return how many cells of a terminal the text takes.

    A wide character takes two, a combining one none.

    >>> cells_of("Zürich"), cells_of("東京")
    (6, 4)
    """
    composed = normalize("NFC", text)
    if composed.isascii():
        return len(composed)
    return sum(map(_cells, composed))


def _cells(character: str) -> int:
    if category(character) in _INVISIBLE:
        return 0
    return 2 if east_asian_width(character) in {"F", "W"} else 1


def _lines(row: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> list[str]:
    parts = [wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
    lines: list[str] = []
    for number in range(max(map(len, parts))):
        cells = (part[number] if number < len(part) else "" for part in parts)
        line = _GAP.join(
            _set(cell, column, width)
            for cell, column, width in zip(cells, columns, widths, strict=True)
        )
        lines.append(line.rstrip(" "))
    return lines


def _set(cell: str, column: Column, width: int) -> str:
    blanks = " " * (width - cells_of(cell))
    return blanks + cell if column.right else cell + blanks


def _words(text: str, width: int) -> Iterator[str]:
    """Yield the words; one that is longer than a line in pieces that are not."""
    for word in text.split(" "):
        piece = ""
        for character in word:
            if cells_of(piece + character) > width:
                yield piece
                piece = ""
            piece += character
        yield piece
