"""What does every level of a chain earn on what is valued: by its terms, its volume, its place in the chain?"""

from __future__ import annotations

from typing import Any, Final

import narwhals.stable.v2 as nw

from distbilling.errors import InvalidValue
from distbilling.modelling.arithmetic.proportions import LARGEST
from distbilling.modelling.earning.ages import with_months
from distbilling.modelling.earning.commissions import Operations, commissions, with_rates
from distbilling.modelling.earning.levels import at_every_level, chain_table
from distbilling.modelling.earning.margins import kept
from distbilling.modelling.earning.volumes import with_volumes
from distbilling.modelling.reading.sums import check_sums, largest_sum
from distbilling.modelling.reading.transactions import Transactions
from distbilling.modelling.tables.rate_tables import RateTables, Reach
from distbilling.rules.agreement.rates import RateInForce

__all__ = ["earnings", "operations_of", "with_base"]

_LEVEL: Final = ["transaction", "level"]


def earnings(
    transactions: Transactions, valued: nw.LazyFrame[Any]
) -> tuple[nw.LazyFrame[Any], tuple[RateInForce, ...]]:
    """Return what is valued, once for every level, with ``base``, ``rate``, ``earned`` (its own) and ``owed``.

    ``rate`` is the place of the rate among those that are returned beside.

    Source: rulebook R7, R8, R11, R12, R13, R16, R18, as
    :func:`distbilling.rules.chain.split.split_of`.
    """
    tables, census = transactions.tables, transactions.census
    rates = tables.rates(Reach(census.base, largest_sum(transactions), census.items))
    if rates.asks_volume:
        check_sums(transactions)
    if tables.shares_out and census.base * rates.arithmetic.parts >= LARGEST:
        accepted = f"amounts below {LARGEST // rates.arithmetic.parts} minor units: a chain shares the odd cent out"
        raise InvalidValue("amount", census.base, accepted)
    rows = _rated(transactions, at_every_level(transactions.engine, valued, tables), rates)
    if transactions.census.amendments or not tables.book.is_flat:
        rows = transactions.engine.kept(rows)
    if tables.book.is_flat:
        rows = _valued(transactions, rows.with_columns(on=nw.col("amount")), rates)
        rows = transactions.engine.kept(rows) if transactions.census.amendments else rows
        return rows.with_columns(owed=nw.col("on") - nw.col("earned")).drop("on"), rates.in_force

    def of_round(number: int, below: nw.LazyFrame[Any] | None) -> nw.LazyFrame[Any]:
        valued = _valued(
            transactions, _on_the_rest(rows.filter(nw.col("round") == number), below), rates
        )
        return valued.with_columns(owed=nw.col("on") - nw.col("earned"))

    done = transactions.engine.kept(of_round(0, None))
    for number in range(1, max(int(each) for each in chain_table(tables).columns["round"]) + 1):
        done = transactions.engine.kept(nw.concat([done, of_round(number, done)]))
    parts = rates.arithmetic.parts if tables.shares_out else None
    return kept(transactions.engine, done, tables.methods, parts).drop("on"), rates.in_force


def _rated(
    transactions: Transactions, rows: nw.LazyFrame[Any], rates: RateTables
) -> nw.LazyFrame[Any]:
    """Return rows with the rate in force for each, and with what else is to be known of their party."""
    engine, tables = transactions.engine, transactions.tables
    columns = ["route", "of_kind", "at_settlement"]
    columns += ["method"] if len(tables.methods) > 1 else []
    columns += ["net_of_tax"] if tables.asks_tax else []
    columns += ["before_discount"] if tables.asks_discount else []
    columns += [] if tables.book.is_flat else ["own_rates"]
    columns += ["remainder", "top_method"] if tables.shares_out else []
    subjects = {"product": rates.products, "batch": rates.batches}
    asked = [name for name, table in subjects.items() if len(table)]
    columns += ["agreement", "of_product"] if asked else []
    rows = rows.join(tables.numbered(rates, *columns).on(engine), on="party", how="left")
    slot = nw.col("route") + nw.col("kind_no") * nw.col("of_kind")
    for name in asked:
        if transactions.has(name):
            rows = rows.join(subjects[name].on(engine), on=["agreement", name], how="left")
            place = nw.col(f"{name}_place").fill_null(0)
            slot += place * nw.col("of_product") if name == "product" else place
    rows = rows.with_columns(slot=slot)
    spent = ("route", "of_kind", "agreement", "of_product", "product_place", "batch_place")
    there = rows.collect_schema().names()
    rows = with_rates(rows.drop(*(name for name in spent if name in there)), rates, engine)
    return with_months(transactions, rows) if rates.asks_months else rows


def _valued(
    transactions: Transactions, rows: nw.LazyFrame[Any], rates: RateTables
) -> nw.LazyFrame[Any]:
    """Return rows that earn ``on`` something with the commission of each party's own terms on it."""
    rows = with_base(transactions, rows)
    if rates.asks_volume:
        rows = with_volumes(transactions, rows)
    exact = "exact" if transactions.tables.shares_out else None
    return commissions(
        rows,
        rates,
        transactions.tables.methods,
        operations_of(transactions, rates),
        transactions.engine,
        exact=exact,
    )


def with_base(transactions: Transactions, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return rows that earn ``on`` something with the ``base`` of their commission: net of tax or before discount, by the terms.

    Source: rulebook R18, as :func:`distbilling.rules.agreement.basis.base_of`.
    """
    tables, on = transactions.tables, nw.col("on")
    base = on
    if transactions.has("tax") and tables.asks_tax:
        tax = nw.col("tax").fill_null(0)
        within = nw.when(tax > on).then(on).otherwise(tax)
        base = nw.when(nw.col("net_of_tax") == 1).then(base - within).otherwise(base)
    if transactions.has("discount") and tables.asks_discount:
        added = nw.when((nw.col("before_discount") == 1) & (on > 0)).then(
            nw.col("discount").fill_null(0)
        )
        base += added.otherwise(0)
    return rows.with_columns(base=base)


def operations_of(transactions: Transactions, rates: RateTables) -> Operations:
    """Return the columns that commissions are computed from, as far as some rate asks for them."""
    return Operations(
        amount="on",
        base="base" if transactions.tables.asks_tax or transactions.tables.asks_discount else "on",
        so_far="so_far" if rates.asks_volume else None,
        months="months" if rates.asks_months else None,
        items="items" if transactions.has("items") else None,
    )


def _on_the_rest(rows: nw.LazyFrame[Any], done: nw.LazyFrame[Any] | None) -> nw.LazyFrame[Any]:
    """Return rows with what each earns on: the amount, or by its own rate what the level below it leaves."""
    if done is None:
        return rows.with_columns(on=nw.col("amount"))
    below = done.select(
        "transaction", (nw.col("level") + 1).alias("level"), nw.col("owed").alias("rest")
    )
    rows = rows.join(below, on=_LEVEL, how="left")
    return rows.with_columns(
        on=nw.when(nw.col("rest").is_null()).then(nw.col("amount")).otherwise(nw.col("rest"))
    ).drop("rest")
