"""What will each distributor owe in the days to come, and how likely does it reach its limit? Its own weeks, drawn again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import attrs
import narwhals.stable.v2 as nw
import polars as pl

from distbilling.modelling.arithmetic.dice import below, check_seed, stream, whole
from distbilling.modelling.book.book import Book
from distbilling.modelling.engines import Frame
from distbilling.modelling.progress import Progress, unseen
from distbilling.modelling.reading.transactions import Transactions, read
from distbilling.modelling.settlement import shares
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.modelling.tables.calendars import calendar_of, periods_held
from distbilling.modelling.tables.limits import least_suspending
from distbilling.periods import Daily, first_instant
from distbilling.periods.instant import instant_at, microseconds_of
from distbilling.rules import fields
from distbilling.rules.parties import Distributor

__all__ = ["forecast"]

_A_DAY: Final = dt.timedelta(days=1)
_WEEK: Final = 7
_MOST_DAYS: Final = 3660
_MOST_PATHS: Final = 100_000
_PERCENTILES: Final = (5, 25, 50, 75, 95)


def forecast(  # noqa: PLR0913 - each is a choice of its own
    transactions: Frame,
    book: Book,
    *,
    seed: int,
    days: int = 30,
    paths: int = 1000,
    history: int = 91,
    decimals: int | None = None,
    progress: Progress = unseen,
) -> Frame:
    """Return what each distributor may owe at the end of each of the days to come, in a frame of the kind that was given.

    The days begin after the last local day with a transaction of anybody. On each of many
    ``paths``, a distributor goes through weeks of its own, drawn at random from its last
    ``history`` days, each weekday for itself: what it sold, collected, gave back and remitted comes
    again. Days before its first one count as idle. Of the same seed comes the same forecast, for
    every distributor whatever the others do, on every machine.

    The frame has ``distributor``, ``currency``, ``day`` (its own calendar), ``p05`` ``p25`` ``p50``
    ``p75`` ``p95`` (what is owed at the end of the day, in minor units, on so many per cent of the
    paths this or less), ``limit`` (the least debt that suspends; null for none) and
    ``chance_of_limit``: on how many of a thousand paths, cut off, it was reached by then.

    Raises:
        InvalidType, InvalidValue, InvalidFields: as :func:`settle`; the seed, or how many days,
            paths and days of history, is out of range.

    Source: rulebook R20, R21, R24.

    >>> from distbilling.testing.stage import distributor
    >>> march = 1_772_700_000_000_000
    >>> paid = pl.DataFrame(
    ...     {"transaction": [1], "distributor": ["hudson"], "kind": ["payment"], "at": [march], "amount": [1001]}
    ... )
    >>> forecast(paid, Book.of(distributor("hudson")), seed=7, days=7, history=7).select("day", "p50").rows()[-1]
    (datetime.date(2026, 3, 12), 1802)
    """
    check_seed(seed)
    for name, number, most in (
        ("days", days, _MOST_DAYS),
        ("paths", paths, _MOST_PATHS),
        ("history", history, _MOST_DAYS),
    ):
        fields.check_whole(name, number, 1, most)
    fields.check_type("book", book, Book)
    checked = read(transactions, BookTables(book), decimals)
    weeks = max(1, history // _WEEK)
    by_day = _by_day(checked)
    parties: list[int] = by_day["party"].unique().sort().to_list()
    told: list[pl.DataFrame] = []
    for done, party in enumerate(parties):
        progress(done, len(parties))
        distributor = book.distributors[int(party)]
        moves = by_day.filter(pl.col("party") == party)
        begins = instant_at(checked.census.last, distributor.cycle.zone).date() + _A_DAY
        told.append(_Outlook(distributor, moves, begins, days, paths, weeks, seed).told())
    progress(len(parties), len(parties))
    empty = pl.DataFrame(schema=_SCHEMA)
    answer: Frame = checked.engine.handed_back(checked.engine.from_rows(pl.concat([empty, *told])))
    return answer


@attrs.frozen
class _Outlook:
    """One distributor, what each of its days added to its debt, and from which day on it is looked ahead."""

    distributor: Distributor
    moves: pl.DataFrame
    begins: dt.date
    days: int
    paths: int
    weeks: int
    seed: int

    def told(self) -> pl.DataFrame:
        """Return one row for each day to come."""
        owed_now = int(self.moves["adds"].sum())
        limits = self._limits()
        ends = self._paths().with_columns(
            owed=owed_now + pl.col("adds").cum_sum().over("path", order_by="ahead")
        )
        ends = ends.join(limits, on="ahead", how="left")
        reached = (pl.col("owed") >= pl.col("limit")).fill_null(value=False)
        ends = ends.with_columns(
            reached=reached.cast(pl.Int64).cum_max().over("path", order_by="ahead")
        )
        ranks = {f"p{each:02d}": -(-each * self.paths // 100) - 1 for each in _PERCENTILES}
        told = ends.group_by("ahead").agg(
            *(pl.col("owed").sort().get(rank).alias(name) for name, rank in ranks.items()),
            (pl.col("reached").sum() * 1000 // self.paths).alias("chance_of_limit"),
        )
        told = told.join(limits, on="ahead", how="left").sort("ahead")
        day = pl.Series(
            "day", [self.begins + ahead * _A_DAY for ahead in range(self.days)], dtype=pl.Date
        )
        names = (
            pl.lit(self.distributor.id).alias("distributor"),
            pl.lit(self.distributor.currency.code).alias("currency"),
        )
        return told.with_columns(day, *names).select(*_SCHEMA).cast(_SCHEMA)  # type: ignore[arg-type]

    def _paths(self) -> pl.DataFrame:
        """Return what each day of each path adds: a week of the past for each week to come."""
        past = pl.DataFrame({"back": range(self.weeks * _WEEK)}, schema={"back": pl.Int64})
        first = self.begins - self.weeks * _WEEK * _A_DAY
        known = self.moves.with_columns(back=(pl.col("day") - first).dt.total_days()).select(
            "back", "adds"
        )
        past = past.join(known, on="back", how="left").with_columns(pl.col("adds").fill_null(0))
        start = pl.lit(whole(f"{self.seed}\0forecast\0{self.distributor.id}"), dtype=pl.UInt64)
        weeks_ahead = -(-self.days // _WEEK)
        drawn = (
            pl.DataFrame({"path": range(self.paths)}, schema={"path": pl.Int64})
            .join(
                pl.DataFrame({"week": range(weeks_ahead)}, schema={"week": pl.Int64}), how="cross"
            )
            .with_columns(state=stream(stream(start, pl.col("path")), pl.col("week")))
            .with_columns(chosen=below(pl.col("state"), "week", self.weeks))
            .join(
                pl.DataFrame({"weekday": range(_WEEK)}, schema={"weekday": pl.Int64}), how="cross"
            )
            .with_columns(
                ahead=pl.col("week") * _WEEK + pl.col("weekday"),
                back=pl.col("chosen") * _WEEK + pl.col("weekday"),
            )
        )
        return (
            drawn.filter(pl.col("ahead") < self.days)
            .join(past, on="back", how="left")
            .select("path", "ahead", "adds")
        )

    def _limits(self) -> pl.DataFrame:
        """Return the least debt that suspends at the end of each day; null for none."""
        zone = self.distributor.cycle.zone
        found = [
            least_suspending(
                self.distributor,
                microseconds_of(first_instant(zone, self.begins + (ahead + 1) * _A_DAY), "day") - 1,
            )
            for ahead in range(self.days)
        ]
        schema = {"ahead": pl.Int64, "limit": pl.Int64}
        return pl.DataFrame({"ahead": range(self.days), "limit": found}, schema=schema)


_SCHEMA: Final = {
    "distributor": pl.String(),
    "currency": pl.String(),
    "day": pl.Date(),
    **{f"p{each:02d}": pl.Int64() for each in _PERCENTILES},
    "limit": pl.Int64(),
    "chance_of_limit": pl.Int64(),
}


def _by_day(transactions: Transactions) -> pl.DataFrame:
    """Return what each local day of each distributor added to its debt."""
    engine, tables, census = transactions.engine, transactions.tables, transactions.census
    zones = tables.zones
    calendar = calendar_of(tuple(map(Daily, zones)), census.first, census.last)
    profiles = tables.profiles(
        [zones.index(each.cycle.zone) for each in tables.distributors], calendar
    )
    rows, _ = shares(transactions)
    rows = rows.join(profiles.on(engine).drop("place", "opened_us"), on="party", how="left")
    rows = periods_held(engine, rows, calendar, "at_us", start="day_us", end="day_end_us")
    summed = engine.rows(
        rows.group_by("party", "day_us").agg(nw.col("adds").sum().cast(nw.Int64()))
    )
    days = [
        _day(tables.distributors, party, at)
        for party, at in summed.select("party", "day_us").iter_rows()
    ]
    return summed.with_columns(pl.Series("day", days, dtype=pl.Date))


def _day(distributors: Sequence[Distributor], party: int, at: int) -> dt.date:
    return instant_at(at, distributors[party].cycle.zone).date()
