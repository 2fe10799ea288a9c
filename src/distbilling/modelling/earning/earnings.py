"""What every level of a chain earns on what is valued: by its terms, volume and place."""

from __future__ import annotations

from typing import Any, Final

import narwhals.stable.v2 as nw

from distbilling.errors import InvalidValue
from distbilling.modelling.arithmetic.proportions import LARGEST
from distbilling.modelling.earning.ages import with_months
from distbilling.modelling.earning.commissions import Operations, commissions, with_rates
from distbilling.modelling.earning.levels import at_every_level, chain_table
from distbilling.modelling.earning.margins import with_margins
from distbilling.modelling.earning.volumes import with_volumes
from distbilling.modelling.reading.sums import check_sums, largest_sum
from distbilling.modelling.reading.transactions import Transactions
from distbilling.modelling.tables.rate_tables import RateTables, Reach
from distbilling.rules.agreement.rates import RateInForce

__all__ = ["columns_of_terms", "earnings", "operations_of", "with_base"]

_LEVEL: Final = ["transaction", "level"]


def earnings(
    transactions: Transactions, valued: nw.LazyFrame[Any]
) -> tuple[nw.LazyFrame[Any], tuple[RateInForce, ...]]:
    """Return what is valued, once for every level, and the rates in force.

    The rows have ``base``, ``earned`` (the level's own), ``owed``, and ``rate``: the place of the
    rate among those that are returned.

    Source: rulebook R7, R8, R11, R12, R13, R16, R18, as
    :func:`distbilling.rules.chain.split.split_of`.
    """
    engine, tables, census = transactions.engine, transactions.tables, transactions.census
    rates = tables.rates(Reach(census.base, largest_sum(transactions), census.items))
    _check_figures(transactions, rates)

    rows = _rated(transactions, at_every_level(engine, valued, tables), rates)
    if census.amendments or not tables.book.is_flat:
        rows = engine.kept(rows)
    if tables.book.is_flat:
        earned = _earned(transactions, rows.with_columns(on=nw.col("amount")), rates)
        earned = engine.kept(earned) if census.amendments else earned
        return _with_owed(earned).drop("on"), rates.in_force

    # Each round computes levels that need what those of the rounds before leave.
    last_round = max(int(number) for number in chain_table(tables).columns["round"])
    done: nw.LazyFrame[Any] | None = None
    for number in range(last_round + 1):
        of_round = _on_the_remainder(rows.filter(nw.col("round") == number), done)
        earned = _with_owed(_earned(transactions, of_round, rates))
        done = engine.kept(earned if done is None else nw.concat([done, earned]))
    assert done is not None  # noqa: S101 - there is a round 0
    parts = rates.arithmetic.parts if tables.shares_out else None
    return with_margins(engine, done, tables.methods, parts).drop("on"), rates.in_force


def columns_of_terms(transactions: Transactions) -> list[str]:
    """Return the columns of a distributor's terms that commissions ask for."""
    tables = transactions.tables
    asked = {
        "method": len(tables.methods) > 1,
        "net_of_tax": tables.asks_tax,
        "before_discount": tables.asks_discount,
    }
    return [name for name, is_asked in asked.items() if is_asked]


def with_base(transactions: Transactions, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return rows that earn ``on`` something with the ``base`` of their commission.

    By the terms, the base is net of tax, or before discount.

    Source: rulebook R18, as :func:`distbilling.rules.agreement.basis.base_of`.
    """
    tables, on = transactions.tables, nw.col("on")
    base = on
    if transactions.has("tax") and tables.asks_tax:
        tax = nw.col("tax").fill_null(0)
        within = nw.when(tax > on).then(on).otherwise(tax)
        base = nw.when(nw.col("net_of_tax") == 1).then(base - within).otherwise(base)
    if transactions.has("discount") and tables.asks_discount:
        is_added = (nw.col("before_discount") == 1) & (on > 0)
        base += nw.when(is_added).then(nw.col("discount").fill_null(0)).otherwise(0)
    return rows.with_columns(base=base)


def operations_of(transactions: Transactions, rates: RateTables) -> Operations:
    """Return the columns that commissions are computed from, as far as some rate asks for them."""
    tables = transactions.tables
    return Operations(
        amount="on",
        base="base" if tables.asks_tax or tables.asks_discount else "on",
        so_far="so_far" if rates.asks_volume else None,
        months="months" if rates.asks_months else None,
        items="items" if transactions.has("items") else None,
    )


def _check_figures(transactions: Transactions, rates: RateTables) -> None:
    if rates.asks_volume:
        check_sums(transactions)
    base, parts = transactions.census.base, rates.arithmetic.parts
    if transactions.tables.shares_out and base * parts >= LARGEST:
        accepted = f"amounts below {LARGEST // parts} minor units: a chain shares the odd cent out"
        raise InvalidValue("amount", base, accepted)


def _rated(
    transactions: Transactions, rows: nw.LazyFrame[Any], rates: RateTables
) -> nw.LazyFrame[Any]:
    """Return rows with the rate in force for each, and with what is asked of their party."""
    engine, tables = transactions.engine, transactions.tables
    subjects = {"product": rates.products, "batch": rates.batches}
    asked = [name for name, table in subjects.items() if len(table)]
    route = ["route", "of_kind", *(["agreement", "of_product"] if asked else [])]
    columns = [*route, "at_settlement", *columns_of_terms(transactions)]
    columns += [] if tables.book.is_flat else ["own_rates"]
    columns += ["remainder", "top_method"] if tables.shares_out else []
    rows = rows.join(tables.numbered(rates, *columns).on(engine), on="party", how="left")

    slot = nw.col("route") + nw.col("kind_no") * nw.col("of_kind")
    for name in asked:
        if transactions.has(name):
            rows = rows.join(subjects[name].on(engine), on=["agreement", name], how="left")
            route.append(f"{name}_place")
            place = nw.col(f"{name}_place").fill_null(0)
            slot += place * nw.col("of_product") if name == "product" else place
    rows = with_rates(rows.with_columns(slot=slot).drop(*route), rates, engine)
    return with_months(transactions, rows) if rates.asks_months else rows


def _earned(
    transactions: Transactions, rows: nw.LazyFrame[Any], rates: RateTables
) -> nw.LazyFrame[Any]:
    """Return rows that earn ``on`` something, with the commission by each party's own terms."""
    rows = with_base(transactions, rows)
    if rates.asks_volume:
        rows = with_volumes(transactions, rows)
    return commissions(
        rows,
        rates,
        transactions.tables.methods,
        operations_of(transactions, rates),
        transactions.engine,
        exact="exact" if transactions.tables.shares_out else None,
    )


def _with_owed(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    return rows.with_columns(owed=nw.col("on") - nw.col("earned"))


def _on_the_remainder(rows: nw.LazyFrame[Any], done: nw.LazyFrame[Any] | None) -> nw.LazyFrame[Any]:
    """Return rows with what each earns ``on``: what the level below leaves, or the amount."""
    if done is None:
        return rows.with_columns(on=nw.col("amount"))
    below = done.select(
        "transaction", (nw.col("level") + 1).alias("level"), nw.col("owed").alias("left")
    )
    has_below = ~nw.col("left").is_null()
    on = nw.when(has_below).then(nw.col("left")).otherwise(nw.col("amount"))
    return rows.join(below, on=_LEVEL, how="left").with_columns(on=on).drop("left")
