"""The transactions of a file: Parquet as it is; CSV with instants and counts read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars

from distbilling.scenarios.problems import FileError, Problem
from distbilling.scenarios.values.error_text import shown

__all__ = ["transactions_in"]

_MOST_PROBLEMS = 20
_INSTANTS = ("at", "customer_since")
_AMOUNTS = ("amount", "tax", "discount")
_COUNTS = ("items",)
_AN_INSTANT = (
    "a date and time with its offset, like 2026-03-01T09:00:00-05:00, "
    "or whole microseconds since 1970 UTC"
)
_A_WHOLE_NUMBER = "a whole number"


def transactions_in(path: str | Path, decimals: int | None = None) -> polars.LazyFrame:
    """Return the transactions of a file, which is read as it is needed; a CSV file is read at once.

    Amounts of CSV are in major units, like 10.00; with ``decimals`` they are whole numbers of so
    many decimals.

    Raises:
        FileError: it cannot be read, or is neither Parquet nor CSV; in CSV an instant or a whole
            number is none. The first problems of each column are listed, by row.

    >>> transactions_in("sales.xlsx")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    distbilling.scenarios.problems.FileError: sales.xlsx: is not known; give a file ...
    """
    suffix = Path(path).suffix.lower()
    if suffix not in {".parquet", ".csv"}:
        raise _unusable(path, "is not known; give a file that ends with .parquet or .csv")
    try:
        with Path(path).open("rb"):
            if suffix == ".csv":
                return _typed(
                    path, polars.read_csv(path, infer_schema=False, glob=False), decimals
                ).lazy()
            frame = polars.scan_parquet(path, glob=False)
            frame.collect_schema()
            return frame
    except OSError as failure:
        raise _unusable(path, f"cannot be read: {failure.strerror or failure}") from None
    except (polars.exceptions.PolarsError, polars.exceptions.PanicException) as failure:
        raise _unusable(
            path, f"is not {suffix.removeprefix('.')}: {str(failure).partition(chr(10))[0]}"
        ) from None


def _typed(path: str | Path, frame: polars.DataFrame, decimals: int | None) -> polars.DataFrame:
    frame = frame.with_columns(polars.all().str.strip_chars().replace("", None))
    whole = _COUNTS if decimals is None else (*_COUNTS, *_AMOUNTS)

    problems: list[Problem] = []
    for name in frame.columns:
        if name in _INSTANTS:
            read, accepted = _instant(polars.col(name)), _AN_INSTANT
        elif name in whole:
            read, accepted = polars.col(name).cast(polars.Int64, strict=False), _A_WHOLE_NUMBER
        else:
            continue
        written, frame = frame[name], frame.with_columns(read)
        problems += _unread(written, frame[name], accepted)
    if problems:
        raise FileError(str(path), tuple(problems))
    return frame


def _instant(written: polars.Expr) -> polars.Expr:
    """Return instants as microseconds since 1970 UTC, null if there is none."""
    forms = ("%+", "%Y-%m-%dT%H:%M%#z")
    read = (
        written.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False).dt.epoch("us")
        for form in forms
    )
    return polars.coalesce(*read, written.cast(polars.Int64, strict=False))


def _unread(written: polars.Series, read: polars.Series, accepted: str) -> Iterator[Problem]:
    """Yield the first values of a column that could not be read, by row as in a spreadsheet."""
    places = (written.is_not_null() & read.is_null()).arg_true()
    for place in places.head(_MOST_PROBLEMS):
        yield Problem(
            f"row {place + 2:,}",
            read.name,
            f"{shown(written[place])} is not accepted; give {accepted}",
        )
    if len(places) > _MOST_PROBLEMS:
        yield Problem("", read.name, f"and {len(places) - _MOST_PROBLEMS:,} more rows")


def _unusable(path: str | Path, problem: str) -> FileError:
    return FileError(str(path), (Problem("", "", problem),))
