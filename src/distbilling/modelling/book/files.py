"""Distributors read from files: TOML as of a scenario, CSV, or Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from distbilling.modelling.book.places import misplaced
from distbilling.modelling.book.rows import BookError, Row, csv_rows, parquet_rows
from distbilling.rules.parties import Distributor
from distbilling.scenarios.distributors import distributor_in
from distbilling.scenarios.files import arrays_of, tables_of
from distbilling.scenarios.problems import Report
from distbilling.scenarios.reading import KEYS
from distbilling.scenarios.values.error_text import words_of
from distbilling.scenarios.values.spelling import nearest

__all__ = ["BookError", "read_distributors"]


def read_distributors(path: str | Path) -> tuple[Distributor, ...]:
    """Return the distributors in a file, in its order; the end of its name says what it is.

    TOML has ``[[distributor]]`` tables as a scenario has, and may be one; its other tables are not
    looked at. CSV and Parquet have a row for each distributor, with columns named like the keys of
    those tables.

    Raises:
        BookError: the file cannot be read or anything in it is wrong; all problems are named at
            once, those of a header before those of the rows below it.

    Source: rulebook R16, R49.

    >>> read_distributors("book.xlsx")
    Traceback (most recent call last):
    distbilling.modelling.book.rows.BookError: book.xlsx: is no book; give a file that ends with ...
    """
    report = Report(str(path), kind=BookError)

    match Path(path).suffix.lower():
        case ".toml":
            rows = _tables(path, report)
        case ".csv":
            rows = csv_rows(path, report)
        case ".parquet":
            rows = parquet_rows(path, report)
        case _:
            report.add("", "", "is no book; give a file that ends with .toml, .csv or .parquet")
            raise report.error

    distributors = _distributors(rows, report)
    if not distributors and not report.problems:
        report.add("", "", "tells of no distributor")
    if report.problems:
        raise report.error
    return distributors


def _tables(path: str | Path, report: Report) -> Iterator[Row]:
    document = tables_of(path, BookError)
    for key in sorted(document.keys() - KEYS):
        report.add("", key, f"is not known here{nearest(key, KEYS)}")
    for number, table in enumerate(arrays_of(document, "distributor"), 1):
        yield Row(f"distributor {number}", table)


def _distributors(rows: Iterable[Row], report: Report) -> tuple[Distributor, ...]:
    distributors: list[Distributor] = []
    places: list[str] = []
    wrong: set[object] = set()
    for row in rows:
        distributor = _distributor(row, report)
        if distributor is None:
            wrong.add(row.id)
        else:
            distributors.append(distributor)
            places.append(row.place)
    for number, problem in misplaced(distributors, wrong):
        report.add(places[number], problem.field, words_of(problem))
    return tuple(distributors)


def _distributor(row: Row, report: Report) -> Distributor | None:
    """Return the distributor of a row.

    A cell that could not be read is reported as that, and not as missing too.
    """
    own = Report(report.file)
    distributor = distributor_in(row.table, row.place, own)
    for column, problem in row.unread.items():
        report.add(row.place, column, problem)
    if "" not in row.unread:
        report.problems += [
            each for each in own.problems if each.field.partition(".")[0] not in row.unread
        ]
    return None if row.unread else distributor
