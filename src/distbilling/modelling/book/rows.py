"""Rows of spreadsheets and Parquet as tables: columns are keys, cells hold what TOML would."""

from __future__ import annotations

import csv
import io
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import attrs
import polars

from distbilling.scenarios.distributors import KEYS, keys_needed
from distbilling.scenarios.files import Table, bytes_of, is_list, is_table, text_of
from distbilling.scenarios.problems import FileError, Report
from distbilling.scenarios.values.error_text import shown
from distbilling.scenarios.values.spelling import nearest

__all__ = ["BookError", "Row", "csv_rows", "parquet_rows"]

_HEADER = "row 1"
_NAMES = frozenset({"id", "name", "parent"})
"""What may begin with a bracket, and is no TOML."""
_WHOLE = frozenset({"warn_repeats"})
_ANSWERS = frozenset({"tell_cleared"})
_YES_OR_NO: Mapping[str, bool] = {"true": True, "false": False}
_MOST_DIGITS = 9


class BookError(FileError):
    """A file is no book of distributors as it is written.

    It has all problems, by row and column, not only the first.

    Source: rulebook R49.

    >>> from distbilling.scenarios import Problem
    >>> raise BookError("book.csv", (Problem("row 3", "sales_commission", "is missing"),))
    Traceback (most recent call last):
    distbilling.modelling.book.rows.BookError: book.csv: row 3: sales_commission: is missing
    """


@attrs.frozen
class Row:
    """One row: the table of what its cells hold, and by column what cannot be read at all.

    ``place`` is its number as in a spreadsheet: the header is row 1. Of a row that cannot be read
    at all, the column is empty.
    """

    place: str
    table: object
    unread: Mapping[str, str] = attrs.field(factory=dict[str, str])

    @property
    def id(self) -> object:
        """The name by which children would name it as their parent, if it is text."""
        name = self.table.get("id") if is_table(self.table) else None
        return name if type(name) is str else None


def csv_rows(path: str | Path, report: Report) -> Iterator[Row]:
    """Yield the rows of a CSV file, without empty rows and cells.

    Its columns are parted by commas, semicolons or tabs.

    Raises:
        BookError: the file cannot be read, is not UTF-8 or no CSV, or its header is not that of a
            book.
    """
    no_header: list[str] = []
    records = _records(text_of(path, BookError), report)
    names = [name.strip() for name in next(records, no_header)]
    while names and not names[-1]:
        names.pop()
    _check_header(names, report)

    for number, record in enumerate(records, 2):
        while len(record) > len(names) and not record[-1].strip():
            record.pop()
        if not any(cell.strip() for cell in record):
            continue
        row = _row(number, zip(names, record, strict=False))
        if len(record) != len(names):
            unread = {"": f"has {len(record)} cells; the header has {len(names)}"}
            row = attrs.evolve(row, unread=unread)
        yield row


def parquet_rows(path: str | Path, report: Report) -> Iterator[Row]:
    """Yield the rows of a Parquet file, without nulls.

    The first one is row 2, as below the header of a spreadsheet.

    Raises:
        BookError: the file cannot be read or is no Parquet, its columns are not those of a book, or
            one holds floats.
    """
    content = bytes_of(path, BookError)

    try:
        names = list(polars.read_parquet_schema(io.BytesIO(content)))
        _check_header(names, report)
        frame = polars.read_parquet(io.BytesIO(content))
    except (polars.exceptions.PolarsError, polars.exceptions.PanicException):
        report.add("", "", "is not Parquet")
        raise report.error from None
    for column in frame:
        if column.dtype.is_float() and column.null_count() < len(column):
            problem = "is a column of floats, which are never exact; give text or decimals"
            report.add(_HEADER, column.name, problem)
    if report.problems:
        raise report.error
    for number, record in enumerate(frame.iter_rows(named=True), 2):
        yield _row(number, record.items())


def _records(text: str, report: Report) -> Iterator[list[str]]:
    header = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), strict=True
    )
    try:
        yield from reader
    except csv.Error as failure:
        report.add("", "", f"is not CSV: line {reader.line_num}: {failure}")
        raise report.error from None


def _check_header(names: Sequence[str], report: Report) -> None:
    for name, times in Counter(names).items():
        if not name:
            report.add(_HEADER, "", "has a column without a name")
        elif name not in KEYS:
            report.add(_HEADER, shown(name), f"is not known here{nearest(name, KEYS)}")
        elif times > 1:
            report.add(_HEADER, name, "is given twice")
    for name in sorted(keys_needed().difference(names)):
        report.add(_HEADER, name, "is missing")
    if report.problems:
        raise report.error


def _row(number: int, cells: Iterable[tuple[str, object]]) -> Row:
    table: Table = {}
    unread: dict[str, str] = {}

    for name, cell in cells:
        value = _plain(cell)
        if isinstance(value, str):
            try:
                value = _written(name, value)
            except (ValueError, RecursionError):
                unread[name] = (
                    f'{shown(str(value))} is no value of TOML; give one like ["90%"] or '
                    '{ percent = "5", cap = "50.00" }'
                )
        if value is not None:
            table[name] = value

    return Row(f"row {number}", table, unread)


def _plain(cell: object) -> object:
    """Return what a cell of Parquet holds as TOML would hold it; None where it holds nothing."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if is_list(cell):
        return [_plain(item) for item in cell]
    if is_table(cell):
        return {key: _plain(value) for key, value in cell.items() if value is not None}
    return cell


def _written(name: str, cell: str) -> object:
    """Return what the text of a cell means; None where it is empty.

    Raises:
        ValueError, RecursionError: it begins like a list or a table of TOML, and is none.
    """
    text = cell.strip()
    if not text:
        return None
    if name in _ANSWERS:
        return _YES_OR_NO.get(text.lower(), cell)
    if name in _WHOLE and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return int(text)
    if name in _NAMES or not text.startswith(("[", "{")):
        return cell
    document = tomllib.loads(f"value = {text}")
    if len(document) > 1:
        raise ValueError
    return document["value"]
