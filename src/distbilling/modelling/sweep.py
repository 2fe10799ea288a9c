"""What would each of many schedules pay? All of them in one pass over the transactions, by distributor and period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import narwhals.stable.v2 as nw

from distbilling.errors import InvalidValue
from distbilling.modelling.billing_periods import PERIOD, in_periods
from distbilling.modelling.book.book import Book
from distbilling.modelling.earning.ages import with_months
from distbilling.modelling.earning.commissions import commissions, with_rates
from distbilling.modelling.earning.earnings import operations_of, with_base
from distbilling.modelling.earning.valuations import valuations
from distbilling.modelling.earning.versions import reversed_parts
from distbilling.modelling.earning.volumes import with_volumes
from distbilling.modelling.engines import Frame
from distbilling.modelling.reading.transactions import Transactions, read
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.modelling.tables.rate_tables import Agreement, RateTables, Reach, rate_tables
from distbilling.rules import fields
from distbilling.rules.agreement.schedule import Schedule, check_schedule
from distbilling.rules.agreement.schedule_parts import money_in
from distbilling.rules.agreement.terms import Terms

__all__ = ["sweep"]


def sweep(
    transactions: Frame,
    schedules: Mapping[str, Schedule],
    book: Book,
    *,
    decimals: int | None = None,
) -> Frame:
    """Return what each distributor would have earned by each schedule, one row a distributor, period and schedule.

    A schedule is tried in place of all rates of the one that sold or collected, for sales and
    payments alike, rounded and on the basis of its own terms; those above it are left out.
    ``turnover`` and ``earned`` are whole minor units of ``currency``, less what was given back;
    ``transactions`` counts sales and payments. The frame is of the kind given.

    Raises:
        InvalidType, InvalidValue, InvalidFields: as :func:`settle`; there is no schedule, or one
            has amounts in another currency than some distributor.

    Source: rulebook R13, R14, R15.

    >>> import polars as pl
    >>> from distbilling.money import Percent
    >>> from distbilling.testing.stage import distributor
    >>> march = 1_772_700_000_000_000
    >>> paid = pl.DataFrame(
    ...     {"transaction": [1], "distributor": ["hudson"], "kind": ["payment"], "at": [march], "amount": [1001]}
    ... )
    >>> plans = {"flat": Percent("10"), "high": Percent("12.5")}
    >>> sweep(paid, plans, Book.of(distributor("hudson"))).select("schedule", "earned").rows()
    [('flat', 100), ('high', 125)]
    """
    _check(schedules, book)
    alone = Book(tuple(attrs.evolve(each, parent=None) for each in book.distributors))
    checked = read(transactions, BookTables(alone, tuple(schedules.values())), decimals)
    engine, census = checked.engine, checked.census
    reach = Reach(census.base, census.total, census.items)
    digits = sorted(checked.tables.digits)
    plans = [
        rate_tables([Agreement(Terms(plan, plan), each) for each in digits], reach)
        for plan in schedules.values()
    ]
    columns = [f"earned_{place}" for place in range(len(plans))]
    valued = _valued(checked, plans, digits)
    moved = in_periods(checked, _moved(checked, valued, columns))
    sums = [nw.col(name).sum().cast(nw.Int64()) for name in ("trades", "amount", *columns)]
    summed = engine.kept(moved.group_by(*PERIOD).agg(*sums))
    known = checked.tables.names.on(engine)
    told = [
        summed.select(
            *PERIOD,
            "trades",
            "amount",
            nw.lit(name).alias("schedule"),
            nw.col(column).alias("earned"),
        )
        for name, column in zip(schedules, columns, strict=True)
    ]
    rows = nw.concat(told).join(known, on="party", how="left")
    rows = engine.instants(
        rows.rename({"start_us": "period_start", "end_us": "period_end"}),
        "period_start",
        "period_end",
    )
    answer: Frame = engine.handed_back(
        rows.select(
            "distributor",
            "currency",
            "period_start",
            "period_end",
            "schedule",
            nw.col("trades").alias("transactions"),
            nw.col("amount").alias("turnover"),
            "earned",
        ).sort("distributor", "period_start", "schedule")
    )
    return answer


def _check(schedules: Mapping[str, Schedule], book: Book) -> None:
    fields.check_type("schedules", schedules, dict, Mapping)
    fields.check_type("book", book, Book)
    if not schedules:
        raise InvalidValue("schedules", schedules, "at least one schedule, by its name")
    for name, schedule in schedules.items():
        check_schedule(f"schedules[{name!r}]", schedule)
        for amount in money_in(schedule):
            for distributor in book.distributors:
                if amount.currency != distributor.currency:
                    accepted = f"amounts in {distributor.currency}, as {distributor.id!r} has"
                    raise InvalidValue(f"schedules[{name!r}]", amount, accepted)


def _valued(
    transactions: Transactions, plans: list[RateTables], digits: list[int]
) -> nw.LazyFrame[Any]:
    """Return what is valued, with what every plan pays on it, in columns of their own."""
    tables, engine = transactions.tables, transactions.engine
    columns = ["method"] if len(tables.methods) > 1 else []
    columns += ["net_of_tax"] if tables.asks_tax else []
    columns += ["before_discount"] if tables.asks_discount else []
    columns += ["digits"] if len(digits) > 1 else []
    rows = valuations(transactions).with_columns(party=nw.col("seller"), on=nw.col("amount"))
    if columns:
        rows = rows.join(
            tables.parties("party", *columns).on(engine).drop("distributor"), on="party", how="left"
        )
    rows = with_base(transactions, rows)
    if any(plan.asks_months for plan in plans):
        rows = with_months(transactions, rows)
    if any(plan.asks_volume for plan in plans):
        rows = with_volumes(transactions, rows)
    slot = nw.lit(0, nw.Int64())
    for place, each in enumerate(digits[1:], 1):
        slot = nw.when(nw.col("digits") == each).then(nw.lit(2 * place, nw.Int64())).otherwise(slot)
    for place, plan in enumerate(plans):
        rated = with_rates(rows.with_columns(slot=slot), plan, engine, tells_rate=False)
        operations = operations_of(transactions, plan)
        rows = commissions(
            rated, plan, tables.methods, operations, engine, earned=f"earned_{place}"
        )
        rows = rows.drop("rate") if "rate" in rows.collect_schema().names() else rows
    return rows


def _moved(
    transactions: Transactions, valued: nw.LazyFrame[Any], columns: list[str]
) -> nw.LazyFrame[Any]:
    """Return what sales, payments, corrections and reversals move, each when it was booked."""
    kept = ("party", "at_us", "trades", "amount", *columns)
    if not transactions.census.amendments:
        return valued.with_columns(trades=nw.lit(1, nw.Int64())).select(*kept)
    valued = transactions.engine.kept(valued)
    before = valued.select(
        "of",
        (nw.col("version") + 1).alias("version"),
        *(nw.col(name).alias(f"{name}_before") for name in ("amount", *columns)),
    )
    rows = valued.join(before, on=["of", "version"], how="left")
    changes = {
        name: nw.col(name) - nw.col(f"{name}_before").fill_null(0) for name in ("amount", *columns)
    }
    is_trade = nw.when(nw.col("version") == 0).then(nw.lit(1, nw.Int64())).otherwise(0)
    changed = rows.with_columns(**changes, trades=is_trade, at_us=nw.col("booked_us")).select(*kept)
    return nw.concat([changed, _reversed(transactions, valued, columns).select(*kept)])


def _reversed(
    transactions: Transactions, valued: nw.LazyFrame[Any], columns: list[str]
) -> nw.LazyFrame[Any]:
    rows = reversed_parts(
        transactions, valued, columns, transactions.tables.methods, keeping=("party",)
    )
    moves = {name: -nw.col(name) for name in columns}
    return rows.with_columns(
        **moves, trades=nw.lit(0, nw.Int64()), amount=-nw.col("back"), at_us=nw.col("reversed_us")
    )
