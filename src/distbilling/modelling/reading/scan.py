"""The scan: every row is looked at before the work, and refused by row and column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs
import narwhals.stable.v2 as nw

from distbilling.errors import CallerError, InvalidValue, raise_all
from distbilling.modelling.arithmetic.arithmetic import MOST_IN_TWO_COLUMNS
from distbilling.modelling.arithmetic.pieces import in_pieces, whole_of
from distbilling.modelling.engines import Engine
from distbilling.modelling.reading.checks import SHOWN, Check, check_rows, counted
from distbilling.modelling.reading.columns import AMENDMENTS, CORRECTION, KINDS, TRADES
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.periods.instant import FIRST_YEAR, LAST_YEAR, microseconds_of
from distbilling.rules.ledger.journal import EntryKind

__all__ = ["Census", "Reading", "scan", "scan_instants"]

_MOST: Final = MOST_IN_TWO_COLUMNS - 1
_MOST_ITEMS: Final = 2**32
_FIRST_INSTANT, _AFTER_LAST_INSTANT = (
    microseconds_of(dt.datetime(year, 1, 1, tzinfo=dt.UTC), "at")
    for year in (FIRST_YEAR, LAST_YEAR + 1)
)


@attrs.frozen(eq=False)
class Reading:
    """Rows as they were given, with what was read from them beside.

    ``columns`` are the names of the columns that were given, ``keys`` the keys alone. ``by_row``
    returns the same rows with the number of each ``row``, from 0 on, where rows have an order.
    """

    frame: nw.LazyFrame[Any]
    columns: frozenset[str]
    keys: nw.LazyFrame[Any]
    by_row: Callable[[], nw.LazyFrame[Any]]


@attrs.frozen
class Census:
    """What a scan counted: rows, amendments, the largest figures, the first and last instant.

    ``base`` and ``total`` are in minor units: the largest amount with its discount, and what no sum
    of amounts exceeds; in that, ``rescaled_discounts`` is what no sum of corrected discounts
    exceeds. Instants are microseconds since 1970 UTC.
    """

    columns: frozenset[str]
    rows: int
    amendments: int
    base: int
    total: int
    items: int
    first: int
    last: int
    since: int | None
    rescaled_discounts: int = 0


def scan(engine: Engine, reading: Reading, tables: BookTables) -> Census:
    """Return what the rows hold, or say what is wrong with them.

    Raises:
        InvalidValue, InvalidFields: there is a row that is not accepted: its key, its row where
            rows have an order, its column, its value, and what is accepted; a few of every kind of
            problem, and how many there are.

    Source: rulebook R49.
    """
    figures = check_rows(
        engine,
        reading.frame,
        [*_checks_of_parties(), *_checks(reading, tables)],
        *_figures(reading),
        by_row=reading.by_row,
    )
    if engine.repeats(reading.keys, "transaction"):
        raise_all(_duplicates(engine, reading))

    return Census(
        columns=reading.columns,
        rows=figures["rows"],
        amendments=figures["amendments"] or 0,
        base=figures["base"] or 0,
        total=whole_of(figures["pieces"] or 0, figures["left"] or 0),
        items=figures.get("items") or 1,
        first=figures["first"] or 0,
        last=figures["last"] or 0,
        since=figures.get("since"),
    )


def scan_instants(engine: Engine, reading: Reading) -> tuple[int, int]:
    """Return the first and the last instant, if all distributors and instants are accepted.

    Raises:
        InvalidValue, InvalidFields: as :func:`scan`.
    """
    first, last = nw.col("at_us").min().alias("first"), nw.col("at_us").max().alias("last")
    figures = check_rows(
        engine, reading.frame, _checks_of_parties(), first, last, by_row=reading.by_row
    )
    return figures["first"] or 0, figures["last"] or 0


def _checks_of_parties() -> Iterator[Check]:
    at = nw.col("at_us")
    yield Check("distributor", nw.col("party").is_null(), "a distributor of the book")

    is_outside = at.is_null() | (at < _FIRST_INSTANT) | (at >= _AFTER_LAST_INSTANT)
    yield Check("at", is_outside, f"an instant within the years {FIRST_YEAR} to {LAST_YEAR}")
    accepted = "an instant from the creation of the distributor, and of all above it, on"
    yield Check("at", at < nw.col("created_us"), accepted)


def _checks(reading: Reading, tables: BookTables) -> Iterator[Check]:
    given, kind = reading.columns, nw.col("kind")
    yield Check("transaction", nw.col("transaction").is_null(), "a key")
    yield Check("kind", kind.is_null() | ~kind.is_in(KINDS), f"one of {', '.join(KINDS)}")
    yield from _checks_of_amounts()

    if "currency" in given:
        currency = nw.col("currency")
        is_other = ~currency.is_null() & (currency != nw.col("own_currency"))
        yield Check("currency", is_other, "the currency of the distributor")
    if "items" in given:
        is_outside = (nw.col("items") < 1) | (nw.col("items") > _MOST_ITEMS)
        yield Check("items", is_outside, f"a whole number from 1 to {_MOST_ITEMS}")

    if "tax" in given:
        yield from _checks_of_tax()
    elif tables.asks_tax:
        accepted = "its tax, in a column of that name: commission is earned net of it"
        yield Check("amount", _is_trade() & _earns_net(), accepted)
    if "discount" in given:
        yield from _checks_of_discount()
    if tables.asks_months:
        yield _check_of_age(given)

    is_amendment = kind.is_in(AMENDMENTS)
    if "original" in given:
        is_empty = nw.col("original").is_null()
        accepted = "the key of what is reversed or corrected"
        yield Check("original", is_amendment & is_empty, accepted)
        accepted = "nothing: only a reversal or a correction has an original"
        yield Check("original", ~is_amendment & ~is_empty, accepted)
    else:
        yield Check("kind", is_amendment, "one that needs no column original, which is not there")


def _checks_of_amounts() -> Iterator[Check]:
    kind, amount = nw.col("kind"), nw.col("amount_units")
    accepted = (
        f"whole minor units of the currency, at most {_MOST} (as text at most 12 digits and "
        "6 decimals), like 12.50 dollars"
    )
    yield Check("amount", amount.is_null(), accepted)

    least = nw.when(kind == CORRECTION).then(0).otherwise(1)
    is_below = (amount < least) & (kind != EntryKind.OPENING_BALANCE.value)
    yield Check("amount", is_below, "an amount above zero (of a correction: zero or more)")
    yield Check("amount", (amount > _MOST) | (amount < -_MOST), f"at most {_MOST} minor units")


def _checks_of_tax() -> Iterator[Check]:
    tax = nw.col("tax_units")
    is_outside = (tax < 0) | (tax > nw.col("amount_units"))
    yield Check("tax", is_outside, "from zero to the amount that contains it")

    is_unread = tax.is_null() & ~nw.col("tax").is_null()
    yield Check("tax", is_unread, "an amount in whole minor units")
    is_missing = tax.is_null() & _is_trade() & _earns_net()
    yield Check("tax", is_missing, "the tax: commission is earned net of it")


def _checks_of_discount() -> Iterator[Check]:
    discount = nw.col("discount_units")
    yield Check("discount", discount < 0, "an amount of zero or more")

    is_unread = discount.is_null() & ~nw.col("discount").is_null()
    yield Check("discount", is_unread, "an amount in whole minor units")
    is_too_large = discount > _MOST - _magnitude()
    yield Check("discount", is_too_large, f"with its amount at most {_MOST} minor units")


def _check_of_age(given: frozenset[str]) -> Check:
    accepted = (
        "the instant from which the customer belongs to its distributor: the rate depends on it"
    )
    is_sale = nw.col("kind") == EntryKind.SALE.value
    by_age = nw.when(is_sale).then(nw.col("sale_by_age")).otherwise(nw.col("payment_by_age"))
    asks = _is_trade() & (by_age == 1)
    if "customer_since" in given:
        return Check("customer_since", asks & nw.col("since_us").is_null(), accepted)
    return Check("transaction", asks, f"{accepted}; there is no column customer_since")


def _figures(reading: Reading) -> Iterator[nw.Expr]:
    """Yield what is counted of all rows."""
    base = _magnitude()
    if "discount" in reading.columns:
        discount = nw.col("discount_units")
        base += nw.when((discount > 0) & (discount <= _MOST - base)).then(discount).otherwise(0)
    pieces, left = in_pieces(base)
    at = nw.col("at_us")

    yield nw.len().alias("rows")
    yield counted(nw.col("kind").is_in(AMENDMENTS)).alias("amendments")
    yield base.max().alias("base")
    yield pieces.sum().cast(nw.Int64()).alias("pieces")
    yield left.sum().cast(nw.Int64()).alias("left")
    yield at.min().alias("first")
    yield at.max().alias("last")
    if "items" in reading.columns:
        yield nw.col("items").max().cast(nw.Int64()).alias("items")
    if "customer_since" in reading.columns:
        yield nw.col("since_us").min().alias("since")


def _is_trade() -> nw.Expr:
    return nw.col("kind").is_in(TRADES)


def _earns_net() -> nw.Expr:
    return nw.col("asks_tax") == 1


def _magnitude() -> nw.Expr:
    """Return the amount without its sign; zero where it is refused.

    So no engine meets what 64 bits do not hold.
    """
    amount = nw.col("amount_units")
    return nw.when((amount <= _MOST) & (amount >= -_MOST)).then(amount).otherwise(0).abs()


def _duplicates(engine: Engine, reading: Reading) -> list[CallerError]:
    times = reading.keys.group_by("transaction").agg(nw.len().alias("times"))
    rows = engine.rows(times.filter(nw.col("times") > 1).head(SHOWN)).sort("transaction")
    return [
        InvalidValue("transaction", key, f"each key once; {count} rows have this one")
        for key, count in rows.select("transaction", "times").iter_rows()
    ]
