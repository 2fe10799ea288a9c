"""TOML files and the tables in them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeGuard

from distbilling.scenarios.problems import FileError, Problem, ScenarioError

Table = dict[str, Any]
"""A table as TOML gives it: text, numbers, dates, arrays and tables by key."""


def tables_of(path: str | Path, kind: type[FileError] = ScenarioError) -> Table:
    """Return what a file holds, as TOML reads it.

    Raises:
        FileError: of that kind: the file cannot be read, is not UTF-8, or is not TOML; the line and
            column are told.
    """
    text = text_of(path, kind)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _unusable(path, kind, "is nested too deeply") from None
    except ValueError as failure:
        raise _unusable(path, kind, f"is not TOML: {failure}") from None


def text_of(path: str | Path, kind: type[FileError] = ScenarioError) -> str:
    """Return the text of a file, without the mark that some programs put before it.

    Raises:
        FileError: of that kind: the file cannot be read, or is not UTF-8.
    """
    try:
        return bytes_of(path, kind).decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise _unusable(
            path, kind, f"is not UTF-8 text: byte {failure.start} belongs to no character"
        ) from None


def bytes_of(path: str | Path, kind: type[FileError] = ScenarioError) -> bytes:
    """Return what a file holds.

    Raises:
        FileError: of that kind: the file cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except OSError as failure:
        raise _unusable(path, kind, f"cannot be read: {failure.strerror}") from None
    except ValueError:
        raise _unusable(path, kind, "is no name of a file") from None


def is_table(value: object) -> TypeGuard[Table]:
    """Tell whether a value is a table, as TOML gives it.

    >>> is_table({"amount": "10.00"}), is_table("10.00")
    (True, False)
    """
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    """Tell whether a value is a list, as TOML gives it.

    >>> is_list(["90%"]), is_list("90%")
    (True, False)
    """
    return isinstance(value, list)


def arrays_of(document: Table, key: str) -> list[object]:
    """Return the ``[[key]]`` tables of a document in order; what is no table is kept as it is.

    >>> documents = {"command": [{"at": 1}]}, {"command": 3}, {}
    >>> tuple(arrays_of(document, "command") for document in documents)
    ([{'at': 1}], [3], [])
    """
    value: object = document.get(key, [])
    return value if is_list(value) else [value]


def _unusable(path: str | Path, kind: type[FileError], problem: str) -> FileError:
    return kind(str(path), (Problem("", "", problem),))
