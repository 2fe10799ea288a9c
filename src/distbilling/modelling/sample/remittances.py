"""The remittances of a sample: as a debt nears its limit, and at the end of the month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

import polars
from polars import col

from distbilling.modelling.arithmetic.dice import below, one_of, stream
from distbilling.modelling.book.book import Book
from distbilling.modelling.sample.places import unit_of
from distbilling.modelling.sample.trades import DAY, MINUTE
from distbilling.money import Money
from distbilling.money.units import from_units, units_of
from distbilling.periods import first_instant
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.terms import CommissionKind
from distbilling.rules.chain.split import Level, split_of
from distbilling.rules.ledger.journal import EntryKind
from distbilling.rules.parties import Distributor

__all__ = ["remittances_of"]

_PARTS: Final = 1_000_000
_TYPICAL: Final = 20
_MONTHS: Final = 6
_HALF_MONTH: Final = 15
_PAID: Final = (1000, 1000, 1000, 1000, 1000, 1000, 1000, 800, 500, 0)
"""Thousandths of what is left that are paid at the end of a month, as often as that is done."""
_DEBTS: Final = {
    "distributor": polars.String,
    "of": polars.String,
    "owes": polars.String,
    "parts": polars.Int64,
}


def remittances_of(
    movements: polars.DataFrame,
    book: Book,
    sellers: polars.DataFrame,
    since: dt.date,
    until: dt.date,
) -> polars.DataFrame:
    """Return what each distributor remits, by what it and its subdistributors moved.

    Within a month it remits whenever it owes another so many, and at the end of the month what is
    left of it: mostly all of it, else a part or nothing; the rest of it a month later. What is owed
    is estimated: on a typical amount, in the middle of a month, at the terms of the first day.
    """
    by_day = _owed_by_day(movements, _debts(movements, book, since, until))
    months = col("date").dt.month_start()
    owed = by_day.join(sellers, on="distributor", maintain_order="left").with_columns(month=months)
    so_far = owed.with_columns(so_far=col("net").cum_sum().over("distributor", "month"))
    times = (
        (polars.max_horizontal(col("so_far"), 0) // col("remits_each"))
        .cum_max()
        .over("distributor", "month")
    )
    stepped = so_far.with_columns(
        times=times.fill_null(0), remits_each=col("remits_each").fill_null(0)
    )
    before = col("times").shift(1, fill_value=0).over("distributor", "month")
    within = stepped.with_columns(amount=(col("times") - before) * col("remits_each"))
    state = stream(col("seller"), col("date").cast(polars.Int32).cast(polars.Int64))
    columns = ("distributor", "currency", "state", "at", "amount")
    each = polars.concat(
        [
            within.with_columns(state=state, at=_later("within the month")).select(columns),
            _at_the_end(stepped, until).select(columns),
        ]
    )
    return each.filter(col("amount") > 0).with_columns(kind=polars.lit(EntryKind.REMITTANCE.value))


def _at_the_end(stepped: polars.DataFrame, until: dt.date) -> polars.DataFrame:
    """Return what is remitted at the end of each whole month: a part, and all left from before."""
    months = stepped.group_by("distributor", "month", maintain_order=True).last()
    state = stream(col("seller"), col("month").cast(polars.Int32).cast(polars.Int64))
    left = polars.max_horizontal(col("so_far") - col("times") * col("remits_each"), 0)
    ends = months.with_columns(state=state, left=left)
    paid = ends.with_columns(paid=col("left") * one_of(col("state"), "paid", _PAID) // 1000)
    before = (col("left") - col("paid")).shift(1, fill_value=0).over("distributor")
    whole = paid.with_columns(
        amount=col("paid") + before, at=_later("end of the month") + DAY // 24
    )
    return whole.filter(col("month").dt.month_end() < until)


def _later(name: str) -> polars.Expr:
    return (
        col("at") + 5 * MINUTE + below(stream(col("seller"), col("at")), name, 50 * 60_000) * 1000
    )


def _owed_by_day(movements: polars.DataFrame, debts: polars.DataFrame) -> polars.DataFrame:
    """Return how the debt of each distributor grows each day, and when it last did."""
    given_back = col("kind").is_in(
        [EntryKind.REFUND.value, EntryKind.VOID.value, EntryKind.CHARGEBACK.value]
    )
    signed = (
        polars.when(given_back)
        .then(-col("amount"))
        .when(col("kind") == col("of"))
        .then(col("amount"))
        .otherwise(0)
    )
    date = (col("at") // DAY).cast(polars.Int32).cast(polars.Date)
    summed = (
        movements.lazy()
        .select("distributor", "of", "at", date=date, net=signed)
        .group_by("distributor", "of", "date")
        .agg(col("net").sum(), col("at").max())
        .join(debts.lazy(), on=["distributor", "of"])
        .group_by(distributor="owes", date="date")
        .agg((col("net") * col("parts") // _PARTS).sum(), col("at").max())
        .sort("distributor", "date")
    )
    return summed.collect()


def _debts(
    movements: polars.DataFrame, book: Book, since: dt.date, until: dt.date
) -> polars.DataFrame:
    """Return how many millionths of what a distributor moves it, and each above it, owes."""
    turnover = (
        movements.filter(col("kind") == col("of"))
        .group_by("distributor", "of")
        .agg(col("amount").sum())
    )
    half_months = (until - since).days // _HALF_MONTH + 1
    volumes = {
        (distributor, kind): amount // half_months
        for distributor, kind, amount in turnover.iter_rows()
    }
    rows = [
        row for each in book.distributors for row in _debts_of(book.chain(each.id), volumes, since)
    ]
    return polars.DataFrame(rows, schema=_DEBTS, orient="row")


def _debts_of(
    chain: tuple[Distributor, ...], volumes: Mapping[tuple[str, str], int], since: dt.date
) -> Iterator[tuple[str, str, str, int]]:
    seller = chain[0]
    places = seller.currency.digits or 0
    nothing, amount = Money.zero(seller.currency), _TYPICAL * unit_of(seller.currency)
    levels = [Level(each.id, each.terms) for each in chain]
    at = first_instant(seller.cycle.zone, since)

    for kind in CommissionKind:
        so_far = from_units(volumes.get((seller.id, kind.value), 0), places, seller.currency)
        circumstances = Circumstances(so_far=so_far, months=_MONTHS, tax=nothing, discount=nothing)
        split = split_of(
            kind,
            from_units(amount, places, seller.currency),
            levels,
            at=at,
            circumstances=circumstances,
        )
        for share in split.shares:
            yield (
                seller.id,
                kind.value,
                share.distributor,
                units_of(share.owed, places) * _PARTS // amount,
            )
