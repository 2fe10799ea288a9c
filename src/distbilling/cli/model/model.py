"""What did distributors earn and owe, of all these transactions? Tables and a report in a folder, and a summary to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs
import polars

from distbilling.cli.model.results import results_in
from distbilling.cli.model.spreadsheets import for_spreadsheets
from distbilling.cli.model.transactions import transactions_in
from distbilling.cli.page import Page
from distbilling.cli.progress import Stages, stages
from distbilling.language.formats import locale_named
from distbilling.modelling.book.book import Book
from distbilling.modelling.forecasting import forecast
from distbilling.modelling.partitions import model_in_parts
from distbilling.modelling.reading.columns import CASH
from distbilling.money import Currency
from distbilling.money.units import from_units
from distbilling.scenarios.problems import FileError, Problem

__all__ = ["Order", "model"]

TABLES: Final = (
    "settled.parquet",
    "statements.parquet",
    "statements.csv",
    "exposure_balances.parquet",
    "events.parquet",
    "events.csv",
)
FORECAST: Final = ("forecast.parquet", "forecast.csv")
REPORT: Final = "report.html"
_EVENTS: Final[Mapping[str, str]] = {
    "warning": "warnings",
    "warning_over": "warnings over",
    "suspended": "suspensions",
    "resumed": "resumptions",
}


@attrs.frozen
class Order:
    """What is to be modelled, and where the results go.

    ``decimals`` are those of amounts that are whole numbers; None where they are minor units.
    ``days`` are forecast, by lots drawn from the ``seed``. Without ``report`` there is none. Files
    of an earlier run are written anew if they are to be ``replaced``.
    """

    transactions: Path
    book: Path
    folder: Path
    locale: str = "en"
    decimals: int | None = None
    days: int = 0
    seed: int = 0
    report: bool = True
    replaced: bool = False

    @property
    def stages(self) -> int:
        """How many things are done one after another."""
        return 2 + bool(self.days) + self.report

    @property
    def results(self) -> tuple[str, ...]:
        """The names of the files that are written."""
        return (*TABLES, *(FORECAST if self.days else ()), *((REPORT,) if self.report else ()))


def model(order: Order, page: Page) -> None:
    """Settle the transactions, and write what came of it; all the files are written, or none.

    Raises:
        FileError, CallerError: the book or the transactions are not accepted, or the folder cannot
            be written to.
    """
    locale_named(order.locale)
    with (
        stages(order.stages) as begin,
        results_in(order.folder, order.results, replace=order.replaced) as folder,
    ):
        begin("Reading the book")
        book = Book.read(order.book)
        frame = transactions_in(order.transactions, order.decimals)
        try:
            told = _write(order, book, frame, folder, begin)
        except (polars.exceptions.ComputeError, polars.exceptions.PanicException) as failure:
            problem = Problem(
                "", "", f"is damaged, or cannot be worked on: {str(failure).partition(chr(10))[0]}"
            )
            raise FileError(str(order.transactions), (problem,)) from None
    for line in told:
        page.line(line)
    page.line(f"Written to {order.folder}: {', '.join(order.results)}.", "bold")


def _write(
    order: Order, book: Book, frame: polars.LazyFrame, folder: Path, begin: Stages
) -> tuple[str, ...]:
    begin("Settling, adding up, and following the balances")
    made = model_in_parts(frame, book, folder, decimals=order.decimals, progress=begin.part)
    _write_twice(made.statements, book, folder / "statements")
    events = made.exposure.events.collect().sort(
        "distributor", "at", "transaction", maintain_order=True
    )
    _write_twice(events, book, folder / "events")
    if order.days:
        begin("Forecasting")
        ahead = forecast(
            frame,
            book,
            seed=order.seed,
            days=order.days,
            decimals=order.decimals,
            progress=begin.part,
        )
        _write_twice(ahead.collect().sort("distributor", "day"), book, folder / "forecast")
    if order.report:
        begin("Drawing the report")
        from distbilling.modelling.report import write_report

        now = dt.datetime.now(dt.UTC)  # noqa: TID251 - whoever started the program is its clock
        source = order.transactions.name
        write_report(
            folder / REPORT,
            book,
            made.statements,
            made.exposure,
            source=source,
            at=now,
            locale=order.locale,
        )
    return (*_totals(made.settled, book, order.locale), _events(events))


def _write_twice(frame: polars.DataFrame, book: Book, path: Path) -> None:
    frame.write_parquet(path.with_suffix(".parquet"))
    for_spreadsheets(frame, book).write_csv(path.with_suffix(".csv"))


def _totals(settled: polars.LazyFrame, book: Book, locale: str) -> tuple[str, ...]:
    """Return how many transactions there were, and for each currency what was turned over, earned and left."""
    first, trade = polars.col("level") == 0, ~polars.col("kind").is_in(CASH)
    counted = settled.select(
        first.sum().alias("rows"),
        polars.col("seller").n_unique().alias("sellers"),
    ).collect()
    found = (
        settled.filter(trade)
        .group_by("currency")
        .agg(
            first.sum().alias("rows"),
            polars.col("amount").filter(first).cast(polars.Int128).sum().alias("amount"),
            polars.col("earned").cast(polars.Int128).sum().alias("earned"),
        )
        .sort("currency")
        .collect()
    )
    rows, sellers = counted.row(0)
    lines = [
        f"{rows:,} transactions of {sellers:,} of the {len(book.distributors):,} distributors of the book."
    ]
    for code, count, amount, earned in found.iter_rows():
        currency = Currency(code)
        turnover, kept, left = (
            _money(units, currency, locale) for units in (amount, earned, amount - earned)
        )
        lines.append(
            f"{code}: {count:,} came to {turnover}; distributors earned {kept}, and {left} is the provider's."
        )
    return tuple(lines)


def _money(units: int, currency: Currency, locale: str) -> str:
    return from_units(units, currency.digits or 0, currency).format(locale)


def _events(events: polars.DataFrame) -> str:
    counts = dict(events.group_by("event").len().iter_rows())
    told = [f"{name} {counts[event]:,}" for event, name in _EVENTS.items() if event in counts]
    return f"Credit: {', '.join(told)}." if told else "Credit: nobody was warned or suspended."
