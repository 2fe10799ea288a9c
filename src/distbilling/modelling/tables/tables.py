"""Small tables of whole numbers and text, laid out so that any engine can join them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import attrs
import narwhals.stable.v2 as nw

from distbilling.modelling.engines import Engine

__all__ = ["NEVER", "Table", "padded"]

NEVER: Final = 2**63 - 1
"""After every instant, above every amount: what fills up a row of bounds."""

Cell = int | str
"""What a table holds: a whole number or a text, and nothing else."""


@attrs.frozen
class Table:
    """A small table of named columns, all of one length.

    Those in ``texts`` hold text, the others whole numbers.

    >>> Table.of_rows(("slot", "rate"), [(0, 7), (1, 9)]).columns
    {'slot': [0, 1], 'rate': [7, 9]}
    """

    columns: Mapping[str, Sequence[Cell]]
    texts: frozenset[str] = frozenset()

    @classmethod
    def of_rows(cls, names: Sequence[str], rows: Iterable[Sequence[Cell]], *texts: str) -> Table:
        """Return the table of some rows, of which there may be none."""
        listed = list(rows)
        columns = {name: [row[place] for row in listed] for place, name in enumerate(names)}
        return cls(columns, frozenset(texts))

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def same(self, *but: str) -> dict[str, Cell] | None:
        """Return the one row that all rows are like, but for some columns; None where they differ.

        >>> Table.of_rows(("slot", "number"), [(0, 7), (1, 7)]).same("slot")
        {'number': 7}
        """
        compared = {name: column for name, column in self.columns.items() if name not in but}
        if any(len(set(column)) != 1 for column in compared.values()):
            return None
        return {name: column[0] for name, column in compared.items()}

    def on(self, engine: Engine) -> nw.LazyFrame[Any]:
        """Return the table on the engine of a frame, to be joined with it."""
        schema = {name: nw.String() if name in self.texts else nw.Int64() for name in self.columns}
        return engine.table(self.columns, schema)


def padded(bounds: Sequence[int], width: int) -> tuple[int, ...]:
    """Return ascending bounds filled up to so many, with one that is never reached.

    >>> padded((5,), 2) == (5, NEVER)
    True
    """
    return (*bounds, *(NEVER,) * (width - len(bounds)))
