"""The command `model`: tables and a report in a folder, and a summary to read."""

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

__all__ = ["ModelOptions", "model"]

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
class ModelOptions:
    """What is to be modelled, and where the results go.

    ``decimals`` are those of amounts that are whole numbers; None if they are minor units. ``days``
    are forecast, by lots drawn from the ``seed``. Files of an earlier run are ``replaced``, or in
    the way.
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


def model(options: ModelOptions, page: Page) -> None:
    """Settle the transactions, and write the results: all the files, or none.

    Raises:
        FileError, CallerError: the book or the transactions are not accepted, or the folder cannot
            be written to.
    """
    locale_named(options.locale)
    with (
        stages(options.stages) as begin,
        results_in(options.folder, options.results, replace=options.replaced) as folder,
    ):
        begin("Reading the book")
        book = Book.read(options.book)
        frame = transactions_in(options.transactions, options.decimals)
        try:
            summary = _write(options, book, frame, folder, begin)
        except (polars.exceptions.ComputeError, polars.exceptions.PanicException) as failure:
            first_line = str(failure).partition("\n")[0]
            text = f"is damaged, or cannot be worked on: {first_line}"
            raise FileError(str(options.transactions), (Problem("", "", text),)) from None

    for line in summary:
        page.line(line)
    page.line(f"Written to {options.folder}: {', '.join(options.results)}.", "bold")


def _write(
    options: ModelOptions, book: Book, frame: polars.LazyFrame, folder: Path, begin: Stages
) -> tuple[str, ...]:
    begin("Settling, adding up, and following the balances")
    results = model_in_parts(frame, book, folder, decimals=options.decimals, progress=begin.part)
    _write_twice(results.statements, book, folder / "statements")
    events = results.exposure.events.collect()
    events = events.sort("distributor", "at", "transaction", maintain_order=True)
    _write_twice(events, book, folder / "events")

    if options.days:
        begin("Forecasting")
        ahead = forecast(
            frame,
            book,
            seed=options.seed,
            days=options.days,
            decimals=options.decimals,
            progress=begin.part,
        )
        _write_twice(ahead.collect().sort("distributor", "day"), book, folder / "forecast")

    if options.report:
        begin("Drawing the report")
        from distbilling.modelling.report import write_report

        now = dt.datetime.now(dt.UTC)  # noqa: TID251 - whoever started the program is its clock
        write_report(
            folder / REPORT,
            book,
            results.statements,
            results.exposure,
            source=options.transactions.name,
            at=now,
            locale=options.locale,
        )

    return (*_totals(results.settled, book, options.locale), _events(events))


def _write_twice(frame: polars.DataFrame, book: Book, path: Path) -> None:
    frame.write_parquet(path.with_suffix(".parquet"))
    for_spreadsheets(frame, book).write_csv(path.with_suffix(".csv"))


def _totals(settled: polars.LazyFrame, book: Book, locale: str) -> tuple[str, ...]:
    """Return how many transactions there were, and what each currency came to."""
    first, trade = polars.col("level") == 0, ~polars.col("kind").is_in(CASH)
    counted = settled.select(
        first.sum().alias("rows"),
        polars.col("seller").n_unique().alias("sellers"),
    ).collect()
    by_currency = (
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
    distributors = f"{sellers:,} of the {len(book.distributors):,} distributors of the book"
    lines = [f"{rows:,} transactions of {distributors}."]
    for code, count, amount, earned in by_currency.iter_rows():
        currency = Currency(code)
        turnover, kept, left = (
            from_units(units, currency.digits or 0, currency).format(locale)
            for units in (amount, earned, amount - earned)
        )
        lines.append(
            f"{code}: {count:,} came to {turnover}; "
            f"distributors earned {kept}, and {left} is the provider's."
        )
    return tuple(lines)


def _events(events: polars.DataFrame) -> str:
    counts = dict(events.group_by("event").len().iter_rows())
    parts = [f"{name} {counts[event]:,}" for event, name in _EVENTS.items() if event in counts]
    return f"Credit: {', '.join(parts) or 'nobody was warned or suspended'}."
