"""The sales and payments of a sample: when, and for round sums, odd ones, and a few large ones."""

from __future__ import annotations

from typing import Final

import polars
from polars import col

from distbilling.modelling.arithmetic.dice import below, one_of, stream
from distbilling.modelling.sample.places import BATCHES, PRODUCTS
from distbilling.rules.ledger.journal import EntryKind

__all__ = ["DAY", "HOUR", "MINUTE", "trades_on"]

MINUTE: Final = 60_000_000
"""Microseconds."""
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
_HOURS: Final = (
    8, 9, 9, 10, 10, 10, 11, 11, 12, 12, 12, 13, 13, 14,
    15, 15, 16, 16, 17, 17, 17, 18, 18, 18, 18, 19, 19, 20, 21,
)  # fmt: skip
"""The hours of the day at which people pay, as often as they do."""
_NOTES: Final = (5, 5, 5, 5, 5, 10, 10, 10, 10, 10, 10, 20, 20, 20, 20, 20, 20, 50, 50, 50)
_LARGE, _ODD = 4, 166
"""How many of a thousand prices are large, and how many are no round sum."""
_KINDS: Final = (EntryKind.PAYMENT.value,) * 7 + (EntryKind.SALE.value,) * 3
_PRODUCTS: Final = tuple(
    product for product, times in zip(PRODUCTS, (5, 2, 2, 1), strict=True) for _ in range(times)
)
_CARDS: Final = PRODUCTS[2]
_ITEMS: Final = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 5)
_DISCOUNTS: Final = (0, 0, 0, 0, 0, 0, 0, 5, 10, 20)
"""Percentages of the price, as often as they are given."""
_NEW_DAYS: Final = 9


def trades_on(days: polars.DataFrame) -> polars.DataFrame:
    """Return the sales and payments of some days, in order, each with a number as ``trade``.

    The amount contains the ``tax``; the ``discount`` was taken off before. Customers keep coming:
    how long one has been there is drawn anew, in whole days since the seller was created.
    """
    each = days.with_columns(number=polars.int_ranges(0, col("trades"))).explode("number")
    drawn = (
        each.lazy()
        .with_columns(state=stream(col("state"), col("number")))
        .with_columns(
            kind=one_of(col("state"), "kind", _KINDS),
            product=one_of(col("state"), "product", _PRODUCTS),
            at=col("starts")
            + one_of(col("state"), "hour", _HOURS) * HOUR
            + below(col("state"), "time", 3_600_000) * 1000,
        )
        .with_columns(is_sale=col("kind") == EntryKind.SALE.value)
        .with_columns(
            customer_since=_customer_since(),
            items=polars.when("is_sale").then(one_of(col("state"), "items", _ITEMS)).otherwise(1),
            batch=_batch(),
        )
        .with_columns(amount=_price() * col("items"))
        .with_columns(
            tax=col("amount") * col("tax_percent") // (100 + col("tax_percent")),
            discount=_discount(),
        )
    )

    return drawn.with_row_index("trade").select(
        col("trade").cast(polars.Int64), "state", "distributor", "kind", "at", "amount", "currency",
        "product", "batch", "items", "tax", "discount", "customer_since", "unit",
    ).collect()  # fmt: skip


def _price() -> polars.Expr:
    """Return the price of one item: mostly notes, one in six an odd amount, one in 250 a large."""
    state, unit = col("state"), col("unit")
    notes = polars.lit(polars.Series(_NOTES)).gather(_place_of_note()) * unit
    odd = unit + polars.min_horizontal(
        below(state, "odd", unit * 39), below(state, "odder", unit * 39)
    )
    large = unit * (80 + below(state, "large", 400))
    way = below(state, "way to pay", 1000)
    return (
        polars.when(way < _LARGE).then(large).when(way < _LARGE + _ODD).then(odd).otherwise(notes)
    )


def _place_of_note() -> polars.Expr:
    """Return which note is paid with: of two, the one that suits the taste of the customers."""
    first, second = (below(col("state"), name, len(_NOTES)) for name in ("notes", "other notes"))
    smaller, larger = polars.min_horizontal(first, second), polars.max_horizontal(first, second)
    return (
        polars.when(col("taste") < 0)
        .then(smaller)
        .when(col("taste") > 0)
        .then(larger)
        .otherwise(first)
    )


def _discount() -> polars.Expr:
    percent = one_of(col("state"), "discount", _DISCOUNTS)
    return col("amount") * percent // (100 - percent)


def _batch() -> polars.Expr:
    """Return the batch of calling cards that are sold: one a quarter."""
    quarter = (col("date").dt.month().cast(polars.Int64) - 1) // 3
    names = polars.lit(polars.Series(BATCHES)).gather(quarter)
    return polars.when(col("is_sale") & (col("product") == _CARDS)).then(names)


def _customer_since() -> polars.Expr:
    """Return since when the customer belongs to the seller; half of the buyers are new."""
    days = (col("at") - col("opened")) // DAY
    is_new = col("is_sale") & (below(col("state"), "new customer", 2) == 0)
    most = polars.when(is_new).then(polars.min_horizontal(days, _NEW_DAYS)).otherwise(days)
    return col("opened") + (days - below(col("state"), "customer", most + 1)) * DAY
