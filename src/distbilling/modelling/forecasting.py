"""Forecasts of what each distributor will owe, from its own past weeks drawn again."""

from __future__ import annotations

import datetime as dt
from typing import Final

import attrs
import narwhals.stable.v2 as nw
import polars as pl

from distbilling.modelling.arithmetic.dice import below, check_seed, stream, whole
from distbilling.modelling.book.book import Book
from distbilling.modelling.engines import Frame
from distbilling.modelling.progress import Progress, unseen
from distbilling.modelling.reading.transactions import Transactions, read
from distbilling.modelling.settlement import shares_of
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.modelling.tables.calendars import periods_held
from distbilling.modelling.tables.limits import least_suspending
from distbilling.periods import first_instant
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
    """Return what each distributor may owe at the end of each of the days to come.

    The days begin after the last local day with a transaction of anybody. On each of many
    ``paths``, a distributor goes through weeks of its own, drawn at random from its last
    ``history`` days, each weekday for itself: what it sold, collected, gave back and remitted comes
    again. Days before its first one count as idle. Of the same seed comes the same forecast, for
    every distributor whatever the others do, on every machine.

    The frame, of the kind given, has ``distributor``, ``currency``, ``day`` (its own calendar),
    ``p05`` ``p25`` ``p50`` ``p75`` ``p95`` (what is owed at the end of the day, in minor units, on
    so many per cent of the paths this or less), ``limit`` (the least debt that suspends; null for
    none) and ``chance_of_limit``: on how many of a thousand paths, cut off, it was reached by then.

    Args:
        transactions: a frame as for :func:`settle`.
        book: the distributors.
        seed: a whole number that decides what is drawn.
        days: how many days to look ahead, from 1 to 3,660.
        paths: how many ways are drawn for each distributor, from 1 to 100,000.
        history: from how many of the last days weeks are drawn, from 1 to 3,660; 7 at least count.
        decimals: as for :func:`settle`.
        progress: takes how many distributors are done, and of how many.

    Raises:
        InvalidType, InvalidValue, InvalidFields: as :func:`settle`; the seed, or how many days,
            paths and days of history, is out of range.

    Source: rulebook R20, R21, R24.

    >>> from distbilling.testing.sample_data import distributor
    >>> paid = pl.DataFrame({"transaction": 1, "distributor": "hudson", "kind": "payment",
    ...     "at": 1_772_700_000_000_000, "amount": 1001})
    >>> ahead = forecast(paid, Book.of(distributor("hudson")), seed=7, days=7, history=7)
    >>> ahead.select("day", "p50").rows()[-1]
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

    forecasts = [pl.DataFrame(schema=_SCHEMA)]
    for done, party in enumerate(parties):
        progress(done, len(parties))
        distributor = book.distributors[int(party)]
        outlook = _Outlook(
            distributor=distributor,
            moves=by_day.filter(pl.col("party") == party),
            begins=instant_at(checked.census.last, distributor.cycle.zone).date() + _A_DAY,
            days=days,
            paths=paths,
            weeks=weeks,
            seed=seed,
        )
        forecasts.append(outlook.forecast())
    progress(len(parties), len(parties))
    answer: Frame = checked.engine.handed_back(checked.engine.from_rows(pl.concat(forecasts)))
    return answer


@attrs.frozen
class _Outlook:
    """One distributor, what each of its days added to its debt, and how far to look ahead.

    ``begins`` is the first day to come.
    """

    distributor: Distributor
    moves: pl.DataFrame
    begins: dt.date
    days: int
    paths: int
    weeks: int
    seed: int

    def forecast(self) -> pl.DataFrame:
        """Return one row for each day to come."""
        owed_now, limits = int(self.moves["adds"].sum()), self._limits()
        adds = pl.col("adds").cum_sum().over("path", order_by="ahead")
        ends = self._drawn_paths().with_columns(owed=owed_now + adds)

        ends = ends.join(limits, on="ahead", how="left")
        at_limit = (pl.col("owed") >= pl.col("limit")).fill_null(value=False).cast(pl.Int64)
        ends = ends.with_columns(reached=at_limit)
        ends = ends.with_columns(reached=pl.col("reached").cum_max().over("path", order_by="ahead"))

        ranks = {f"p{share:02d}": -(-share * self.paths // 100) - 1 for share in _PERCENTILES}
        by_day = ends.group_by("ahead").agg(
            *(pl.col("owed").sort().get(rank).alias(name) for name, rank in ranks.items()),
            (pl.col("reached").sum() * 1000 // self.paths).alias("chance_of_limit"),
        )
        by_day = by_day.join(limits, on="ahead", how="left").sort("ahead")
        days = [self.begins + ahead * _A_DAY for ahead in range(self.days)]
        rows = by_day.with_columns(
            pl.Series("day", days, dtype=pl.Date),
            distributor=pl.lit(self.distributor.id),
            currency=pl.lit(self.distributor.currency.code),
        )
        return rows.select(*_SCHEMA).cast(_SCHEMA)  # type: ignore[arg-type]

    def _drawn_paths(self) -> pl.DataFrame:
        """Return what each day of each path adds: a week of the past for each week to come."""
        first = self.begins - self.weeks * _WEEK * _A_DAY
        moves = self.moves.select("adds", back=(pl.col("day") - first).dt.total_days())
        past = _numbers("back", self.weeks * _WEEK).join(moves, on="back", how="left")
        past = past.with_columns(pl.col("adds").fill_null(0))

        start = pl.lit(whole(f"{self.seed}\0forecast\0{self.distributor.id}"), dtype=pl.UInt64)
        state = stream(stream(start, pl.col("path")), pl.col("week"))
        weeks = _numbers("path", self.paths).join(
            _numbers("week", -(-self.days // _WEEK)), how="cross"
        )
        drawn = weeks.with_columns(chosen=below(state, "week", self.weeks))

        days = drawn.join(_numbers("weekday", _WEEK), how="cross").with_columns(
            ahead=pl.col("week") * _WEEK + pl.col("weekday"),
            back=pl.col("chosen") * _WEEK + pl.col("weekday"),
        )
        days = days.filter(pl.col("ahead") < self.days).join(past, on="back", how="left")
        return days.select("path", "ahead", "adds")

    def _limits(self) -> pl.DataFrame:
        """Return the least debt that suspends at the end of each day; null for none."""
        zone = self.distributor.cycle.zone
        days_after = (self.begins + (ahead + 1) * _A_DAY for ahead in range(self.days))
        ends = (microseconds_of(first_instant(zone, day), "day") - 1 for day in days_after)
        limits = [least_suspending(self.distributor, end) for end in ends]
        return _numbers("ahead", self.days).with_columns(pl.Series("limit", limits, pl.Int64))


_SCHEMA: Final = {
    "distributor": pl.String(),
    "currency": pl.String(),
    "day": pl.Date(),
    **{f"p{each:02d}": pl.Int64() for each in _PERCENTILES},
    "limit": pl.Int64(),
    "chance_of_limit": pl.Int64(),
}


def _numbers(name: str, count: int) -> pl.DataFrame:
    """Return a column of the numbers from zero on."""
    return pl.DataFrame({name: range(count)}, schema={name: pl.Int64})


def _by_day(transactions: Transactions) -> pl.DataFrame:
    """Return what each local day of each distributor added to its debt."""
    engine, tables, census = transactions.engine, transactions.tables, transactions.census
    calendar, profiles = tables.days(census.first, census.last)
    shares, _ = shares_of(transactions)
    rows = shares.join(profiles.on(engine).drop("place", "opened_us"), on="party", how="left")
    rows = periods_held(engine, rows, calendar, "at_us", start="day_us", end="day_end_us")

    adds = nw.col("adds").sum().cast(nw.Int64())
    by_day = engine.rows(rows.group_by("party", "day_us").agg(adds))
    days = [
        instant_at(at, tables.distributors[int(party)].cycle.zone).date()
        for party, at in by_day.select("party", "day_us").iter_rows()
    ]
    return by_day.with_columns(pl.Series("day", days, dtype=pl.Date))
