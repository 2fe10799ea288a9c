"""Which tables does a TOML file hold?"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeGuard

from distbilling.scenarios.problems import Problem, ScenarioError

Table = dict[str, Any]
"""A table as TOML gives it: text, numbers, dates, arrays and tables by key."""


def tables_of(path: str | Path) -> Table:
    """Return what a file holds, as TOML reads it.

    Raises:
        ScenarioError: the file cannot be read, is not UTF-8, or is not TOML; the line and column are told.
    """
    name = str(path)
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise _unreadable(name, f"is not UTF-8 text: byte {failure.start} belongs to no character") from None
    except OSError as failure:
        raise _unreadable(name, f"cannot be read: {failure.strerror}") from None
    except ValueError:
        raise _unreadable(name, "is no name of a file") from None
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _unreadable(name, "is nested too deeply") from None
    except ValueError as failure:
        raise _unreadable(name, f"is not TOML: {failure}") from None


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
    """Return the ``[[key]]`` tables of a document in their order; what stands there instead of tables is kept as it is.

    >>> arrays_of({"command": [{"at": 1}]}, "command"), arrays_of({"command": 3}, "command"), arrays_of({}, "command")
    ([{'at': 1}], [3], [])
    """
    found: object = document.get(key, [])
    return found if is_list(found) else [found]


def _unreadable(name: str, problem: str) -> ScenarioError:
    return ScenarioError(name, (Problem("", "", problem),))
