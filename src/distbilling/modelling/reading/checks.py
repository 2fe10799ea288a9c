"""Checks of rows: what is wrong with which column, in how many rows, and what is accepted there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import attrs
import narwhals.stable.v2 as nw

from distbilling.errors import CallerError, InvalidValue, raise_all
from distbilling.modelling.engines import Engine

__all__ = ["SHOWN", "Check", "check_rows", "counted"]

SHOWN: Final = 5
"""How many rows are shown of each kind of problem."""


@attrs.frozen
class Check:
    """What is wrong with a column where the condition holds, and what is accepted there."""

    column: str
    wrong: nw.Expr
    accepted: str


def check_rows(
    engine: Engine,
    frame: nw.LazyFrame[Any],
    checks: Iterable[Check],
    *figures: nw.Expr,
    by_row: Callable[[], nw.LazyFrame[Any]] | None = None,
) -> dict[str, Any]:
    """Return figures of all rows, or say which rows are not accepted: all is looked at in one pass.

    Args:
        engine: holds the frame.
        frame: rows with the columns of the checks; ``transaction`` is their key, if they have one.
        checks: what is looked at in every row.
        figures: aggregates with a name each.
        by_row: returns the same rows with the number of each ``row``, from 0 on, if they have an
            order.

    Raises:
        InvalidValue, InvalidFields: some rows are not accepted: the first few of every kind of
            problem, by row or key and column, and how many more there are.
    """
    checks = list(checks)
    counts = [counted(check.wrong).alias(f"wrong_{number}") for number, check in enumerate(checks)]
    counts_and_figures = engine.rows(frame.select(*counts, *figures)).row(0, named=True)

    problems: list[CallerError] = []
    for number, check in enumerate(checks):
        if count := counts_and_figures[f"wrong_{number}"]:
            problems += _problems(engine, by_row() if by_row else frame, check, count)
    raise_all(problems)
    return counts_and_figures


def counted(condition: nw.Expr) -> nw.Expr:
    """Return in how many rows a condition holds."""
    return nw.when(condition).then(nw.lit(1, nw.Int64())).otherwise(0).sum().cast(nw.Int64())


def _problems(
    engine: Engine, frame: nw.LazyFrame[Any], check: Check, count: int
) -> list[CallerError]:
    """Return a problem for each of the first rows that have it, and one for all further rows."""
    names = frame.collect_schema().names()
    columns = [name for name in ("row", "transaction", check.column) if name in names]
    wrong = frame.filter(check.wrong).select(*dict.fromkeys(columns)).sort(columns[0])
    rows = engine.rows(wrong.head(SHOWN)).to_dicts()
    problems: list[CallerError] = [
        InvalidValue(_place(row, check.column), row[check.column], check.accepted) for row in rows
    ]
    if count > len(rows):
        more = f"as in the {len(rows)} rows above: {check.accepted}"
        problems.append(InvalidValue(f"{count - len(rows)} more rows, {check.column}", None, more))
    return problems


def _place(row: dict[str, Any], column: str) -> str:
    if "row" in row:
        return f"row {row['row']}, {column}"
    return f"transaction {row['transaction']!r}, {column}" if "transaction" in row else column
