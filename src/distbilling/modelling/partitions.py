"""Models of more transactions than memory holds: part by part, each with whole chains."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import attrs
import polars as pl

from distbilling.modelling.book.book import Book
from distbilling.modelling.exposure import Exposure, exposure_of
from distbilling.modelling.progress import Progress, unseen
from distbilling.modelling.reading.columns import OPTIONAL, REQUIRED
from distbilling.modelling.reading.transactions import read
from distbilling.modelling.settlement import settlement_of, shares_of
from distbilling.modelling.statements import statements_of
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.rules import fields

__all__ = ["Model", "model_in_parts"]

ROWS_AT_A_TIME: Final = 4_000_000
"""How many transactions are worked on together, about: a gibibyte of memory."""
SETTLED: Final = "settled.parquet"
BALANCES: Final = "exposure_balances.parquet"
_PARTS: Final = "parts"
_APART: Final = "transactions.parts"
_PART: Final = "_part"
_SELLER: Final = "_seller"


@attrs.frozen(eq=False)
class Model:
    """The results of a model in parts.

    ``settled`` and the balances of ``exposure`` lie in files, statements and events in memory.
    """

    settled: pl.LazyFrame
    statements: pl.DataFrame
    exposure: Exposure[pl.LazyFrame]


def model_in_parts(  # noqa: PLR0913 - each is a choice of its own
    transactions: pl.LazyFrame,
    book: Book,
    folder: Path,
    *,
    decimals: int | None = None,
    rows_at_a_time: int = ROWS_AT_A_TIME,
    progress: Progress = unseen,
) -> Model:
    """Settle transactions, add up their statements and follow their balances, part by part.

    All is checked first; then distributors are taken in parts, whole chains together, so that every
    part stands alone. The folder, which must be there, gets ``settled.parquet`` and
    ``exposure_balances.parquet``, each in the order of the parts. Transactions are read twice: to
    be checked, and to be written apart by distributors beside the results, for as long as it takes.
    So they should lie in a file, and the folder have room for them once more.

    Args:
        transactions: a lazy frame of polars, as for :func:`distbilling.modelling.settle`.
        book: the distributors and their terms.
        folder: where the files are written.
        decimals: as for :func:`distbilling.modelling.settle`.
        rows_at_a_time: how many transactions are worked on together, about.
        progress: takes how many parts are done, and of how many.

    Raises:
        InvalidType, InvalidValue, InvalidFields: as :func:`distbilling.modelling.settle`; nothing
            is written then.
        OSError: the folder cannot be written to.

    Source: rulebook R16, R39.
    """
    fields.check_whole("rows_at_a_time", rows_at_a_time, 1)
    fields.check_type("transactions", transactions, pl.LazyFrame)
    fields.check_type("book", book, Book)
    census = read(transactions, BookTables(book), decimals).census
    parts = list(parts_of(book, -(-census.rows // rows_at_a_time)))
    results: list[tuple[pl.DataFrame, pl.DataFrame]] = []
    for number, (part, rows) in enumerate(_rows_of(transactions, parts, folder)):
        progress(number, len(parts))
        results.append(_modelled(rows, part, decimals, folder, number))

    statements = pl.concat(rows for rows, _ in results).sort("distributor", "period_start")
    events = pl.concat(rows for _, rows in results).lazy()
    model = Model(
        settled=_joined(folder, SETTLED),
        statements=statements,
        exposure=Exposure(_joined(folder, BALANCES), events),
    )
    progress(len(parts), len(parts))
    return model


def parts_of(book: Book, count: int) -> Iterator[Book]:
    """Yield so many books at most that together have the distributors of a book.

    Each has whole chains.

    >>> from distbilling.testing.sample_data import distributor
    >>> hudson, soho = distributor("hudson"), attrs.evolve(distributor("soho"), parent="hudson")
    >>> book = Book.of(hudson, soho, distributor("harlem"))
    >>> [len(part.distributors) for part in parts_of(book, 2)]
    [2, 1]
    """
    chains: dict[str, list[Any]] = {}
    for distributor in book.distributors:
        chains.setdefault(book.chain(distributor.id)[-1].id, []).append(distributor)
    parts: list[list[Any]] = [[] for _ in range(max(1, min(count, len(chains))))]
    for members in sorted(chains.values(), key=len, reverse=True):
        min(parts, key=len).extend(members)
    yield from (Book(tuple(part)) for part in parts)


def _rows_of(
    transactions: pl.LazyFrame, parts: list[Book], folder: Path
) -> Iterator[tuple[Book, pl.LazyFrame]]:
    """Yield each part with its transactions; several parts are first written apart, in one pass."""
    if len(parts) == 1:
        yield parts[0], transactions
        return
    given = transactions.collect_schema().names()
    names = [name for name in given if name in {*REQUIRED, *OPTIONAL}]
    numbers = {name: number for number, part in enumerate(parts) for name in part.by_id}
    table = pl.LazyFrame({_SELLER: list(numbers), _PART: list(numbers.values())})
    seller = pl.col("distributor").cast(pl.String).alias(_SELLER)
    rows = transactions.select(*names, seller).join(table, on=_SELLER)

    apart = folder / _APART
    rows.drop(_SELLER).sink_parquet(pl.PartitionBy(apart, key=_PART, include_key=False), mkdir=True)
    for number, part in enumerate(parts):
        of_part = apart / f"{_PART}={number}"
        if of_part.is_dir():
            yield part, pl.scan_parquet(sorted(of_part.iterdir()))
            shutil.rmtree(of_part)
    apart.rmdir()


def _modelled(
    rows: pl.LazyFrame, book: Book, decimals: int | None, folder: Path, number: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Write what is settled in a part and its balances, and return its statements and events."""
    checked = read(rows, BookTables(book), decimals)
    lazy, in_force = shares_of(checked)
    shares = checked.engine.kept(lazy)
    _write(settlement_of(checked, shares, in_force).to_native(), folder, SETTLED, number)

    exposure = exposure_of(checked, shares)
    _write(exposure.balances, folder, BALANCES, number)
    return checked.engine.rows(statements_of(checked, shares)), exposure.events.collect()


def _write(frame: pl.LazyFrame, folder: Path, name: str, number: int) -> None:
    parts = folder / f"{name}.{_PARTS}"
    parts.mkdir(exist_ok=True)
    frame.sink_parquet(parts / f"{number:05}.parquet")


def _joined(folder: Path, name: str) -> pl.LazyFrame:
    """Make one file of the parts of a result, and return what it holds."""
    parts = folder / f"{name}.{_PARTS}"
    files = sorted(parts.iterdir())
    pl.scan_parquet(files).sink_parquet(folder / name)
    for file in files:
        file.unlink()
    parts.rmdir()
    return pl.scan_parquet(folder / name, glob=False)
