"""A sweep: what each of many schedules would pay, all of them in one pass over transactions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs
import narwhals.stable.v2 as nw

from distbilling.errors import InvalidValue
from distbilling.modelling.billing_periods import NAMES, PERIOD, in_periods, with_names
from distbilling.modelling.book.book import Book
from distbilling.modelling.earning.ages import with_months
from distbilling.modelling.earning.commissions import commissions, with_rates
from distbilling.modelling.earning.earnings import columns_of_terms, operations_of, with_base
from distbilling.modelling.earning.valuations import valuations
from distbilling.modelling.earning.versions import changed, reversed_parts
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

_SWEPT: Final = (*NAMES, "schedule", "transactions", "turnover", "earned")


def sweep(
    transactions: Frame,
    schedules: Mapping[str, Schedule],
    book: Book,
    *,
    decimals: int | None = None,
) -> Frame:
    """Return what each distributor would have earned by each schedule, in each billing period.

    There is one row a distributor, period and schedule. A schedule is tried in place of all rates
    of the one that sold or collected, for sales and payments alike, rounded and on the basis of its
    own terms; those above it are left out. ``turnover`` and ``earned`` are whole minor units of
    ``currency``, less what was given back; ``transactions`` counts sales and payments. The frame is
    of the kind given.

    Args:
        transactions: a frame as for :func:`settle`.
        schedules: the schedules, by names.
        book: the distributors.
        decimals: as for :func:`settle`.

    Raises:
        InvalidType, InvalidValue, InvalidFields: as :func:`settle`; there is no schedule, or one
            has amounts in another currency than some distributor.

    Source: rulebook R13, R14, R15.

    >>> import polars as pl
    >>> from distbilling.money import Percent
    >>> from distbilling.testing.sample_data import distributor
    >>> paid = pl.DataFrame({"transaction": 1, "distributor": "hudson", "kind": "payment",
    ...     "at": 1_772_700_000_000_000, "amount": 1001})
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
    moved = in_periods(checked, _moved(checked, _valued(checked, plans, digits), columns))
    sums = [nw.col(name).sum().cast(nw.Int64()) for name in ("trades", "amount", *columns)]
    summed = engine.kept(moved.group_by(*PERIOD).agg(*sums))

    by_schedule = [
        summed.select(
            *PERIOD,
            nw.lit(name).alias("schedule"),
            nw.col("trades").alias("transactions"),
            nw.col("amount").alias("turnover"),
            nw.col(column).alias("earned"),
        )
        for name, column in zip(schedules, columns, strict=True)
    ]
    rows = with_names(checked, nw.concat(by_schedule)).select(*_SWEPT)
    answer: Frame = engine.handed_back(rows.sort("distributor", "period_start", "schedule"))
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
    columns = columns_of_terms(transactions) + (["digits"] if len(digits) > 1 else [])
    rows = valuations(transactions).with_columns(party=nw.col("seller"), on=nw.col("amount"))
    if columns:
        parties = tables.parties("party", *columns).on(engine).drop("distributor")
        rows = rows.join(parties, on="party", how="left")
    rows = with_base(transactions, rows)
    if any(plan.asks_months for plan in plans):
        rows = with_months(transactions, rows)
    if any(plan.asks_volume for plan in plans):
        rows = with_volumes(transactions, rows)

    # A plan has two slots, one a kind, for each number of digits.
    slot = nw.lit(0, nw.Int64())
    for place, each in enumerate(digits[1:], 1):
        slot = nw.when(nw.col("digits") == each).then(nw.lit(2 * place, nw.Int64())).otherwise(slot)
    for place, plan in enumerate(plans):
        rated = with_rates(rows.with_columns(slot=slot), plan, engine, tells_rate=False)
        operations = operations_of(transactions, plan)
        earned = f"earned_{place}"
        rows = commissions(rated, plan, tables.methods, operations, engine, earned=earned)
        rows = rows.drop("rate") if "rate" in rows.collect_schema().names() else rows
    return rows


def _moved(
    transactions: Transactions, valued: nw.LazyFrame[Any], columns: list[str]
) -> nw.LazyFrame[Any]:
    """Return what trades, corrections and reversals move, each when it was booked."""
    zero, one = (nw.lit(number, nw.Int64()) for number in (0, 1))
    kept = ("party", "at_us", "trades", "amount", *columns)
    if not transactions.census.amendments:
        return valued.with_columns(trades=one).select(*kept)

    valued = transactions.engine.kept(valued)
    is_trade = nw.when(nw.col("version") == 0).then(one).otherwise(0)
    booked = changed(valued, ["amount", *columns]).with_columns(
        trades=is_trade, at_us=nw.col("booked_us")
    )
    methods = transactions.tables.methods
    taken_back = reversed_parts(transactions, valued, columns, methods, keeping=("party",))
    taken_back = taken_back.with_columns(
        trades=zero,
        at_us=nw.col("reversed_us"),
        amount=-nw.col("back"),
        **{name: -nw.col(name) for name in columns},
    )
    return nw.concat([booked.select(*kept), taken_back.select(*kept)])
