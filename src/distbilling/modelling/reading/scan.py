"""Can these transactions be worked on? Every row is looked at before the work, and what is wrong is told by row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs
import narwhals.stable.v2 as nw

from distbilling.errors import CallerError, InvalidValue, raise_all
from distbilling.modelling.arithmetic.arithmetic import MOST_WIDE
from distbilling.modelling.engines import Engine
from distbilling.modelling.reading.columns import CORRECTION, KINDS, REVERSALS, TRADES
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.rules.ledger.journal import EntryKind

__all__ = ["Census", "Reading", "scan", "scan_instants"]

_TOLD: Final = 5
"""How many rows are told of each kind of problem."""
_MOST: Final = MOST_WIDE - 1
_MOST_ITEMS: Final = 2**32
_PIECE: Final = 2**32
"""In such pieces amounts are summed, so that no sum of a billion of them gets too large."""
_EARLIEST: Final = -62_000_000_000_000_000
_LATEST: Final = 253_000_000_000_000_000


@attrs.frozen(eq=False)
class Reading:
    """Rows as they were given, with what was read from them beside, and the names of the columns that were given.

    ``keys`` are their keys alone, ``by_row`` gives the same with the number of each ``row``, from 0
    on, where rows have an order.
    """

    frame: nw.LazyFrame[Any]
    columns: frozenset[str]
    keys: nw.LazyFrame[Any]
    by_row: Callable[[], nw.LazyFrame[Any]]


@attrs.frozen
class Census:
    """What a scan counted: rows, reversals and corrections (``amendments``), the largest figures, the first and last instant.

    ``base`` and ``total`` are in minor units: the largest amount with its discount, and what no sum
    of amounts is above. Instants are microseconds since 1970 UTC.
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


@attrs.frozen
class _Check:
    """What is wrong with a column where the condition holds, and what would be accepted there."""

    column: str
    wrong: nw.Expr
    accepted: str


def scan(engine: Engine, reading: Reading, tables: BookTables) -> Census:
    """Return what there is, or say what is wrong with it.

    Raises:
        InvalidValue, InvalidFields: there is a row that is not accepted: its key, its row where
            rows have an order, its column, its value, and what is accepted; a few of every kind of
            problem, and how many there are.

    Source: rulebook R49.
    """
    found = _looked_at(
        engine, reading, [*_checks_of_parties(), *_checks(reading, tables)], *_figures(reading)
    )
    if engine.repeats(reading.keys, "transaction"):
        raise_all(_duplicates(engine, reading))
    return Census(
        columns=reading.columns,
        rows=found["rows"],
        amendments=found["amendments"] or 0,
        base=found["base"] or 0,
        total=(found["pieces"] or 0) * _PIECE + (found["rest"] or 0),
        items=found["items"] or 1,
        first=found["first"] or 0,
        last=found["last"] or 0,
        since=found.get("since"),
    )


def scan_instants(engine: Engine, reading: Reading) -> tuple[int, int]:
    """Return the first and the last instant, or say which distributors or instants are not accepted.

    Raises:
        InvalidValue, InvalidFields: as :func:`scan`.
    """
    first, last = nw.col("at_us").min().alias("first"), nw.col("at_us").max().alias("last")
    found = _looked_at(engine, reading, list(_checks_of_parties()), first, last)
    return found["first"] or 0, found["last"] or 0


def _looked_at(
    engine: Engine, reading: Reading, checks: list[_Check], *figures: nw.Expr
) -> dict[str, Any]:
    """Return figures of all rows, or say which rows are not accepted."""
    wrong = [_counted(check.wrong).alias(f"wrong_{number}") for number, check in enumerate(checks)]
    found = engine.rows(reading.frame.select(*wrong, *figures)).row(0, named=True)
    problems: list[CallerError] = []
    for number, check in enumerate(checks):
        if count := found[f"wrong_{number}"]:
            problems += _told(engine, reading, check, count)
    raise_all(problems)
    return found


def _checks_of_parties() -> Iterator[_Check]:
    yield _Check("distributor", nw.col("party").is_null(), "a distributor of the book")
    years = (nw.col("at_us") < _EARLIEST) | (nw.col("at_us") > _LATEST)
    yield _Check("at", nw.col("at_us").is_null() | years, "an instant within the years 13 to 9987")
    early = nw.col("at_us") < nw.col("created_us")
    yield _Check(
        "at", early, "an instant from the creation of the distributor, and of all above it, on"
    )


def _checks(reading: Reading, tables: BookTables) -> Iterator[_Check]:
    given, kind, amount = reading.columns, nw.col("kind"), nw.col("amount_units")
    is_trade, is_opening = kind.is_in(TRADES), kind == EntryKind.OPENING_BALANCE.value
    yield _Check("transaction", nw.col("transaction").is_null(), "a key")
    yield _Check("kind", kind.is_null() | ~kind.is_in(KINDS), f"one of {', '.join(KINDS)}")
    yield _Check(
        "amount",
        amount.is_null(),
        f"whole minor units of the currency, at most {_MOST} (as text at most 12 digits and 6 decimals), like 12.50 dollars",
    )
    least = nw.when(kind == CORRECTION).then(0).otherwise(1)
    yield _Check(
        "amount",
        (amount < least) & ~is_opening,
        "an amount above zero (of a correction: zero or more)",
    )
    yield _Check("amount", (amount > _MOST) | (amount < -_MOST), f"at most {_MOST} minor units")
    if "currency" in given:
        other = ~nw.col("currency").is_null() & (nw.col("currency") != nw.col("own_currency"))
        yield _Check("currency", other, "the currency of the distributor")
    if "items" in given:
        items = nw.col("items")
        yield _Check(
            "items", (items < 1) | (items > _MOST_ITEMS), f"a whole number from 1 to {_MOST_ITEMS}"
        )
    yield from _checks_of_bases(given, is_trade, tables)
    follows = kind.is_in((*REVERSALS, CORRECTION))
    if "original" in given:
        none = nw.col("original").is_null()
        yield _Check("original", follows & none, "the key of what is reversed or corrected")
        yield _Check(
            "original", ~follows & ~none, "nothing: only a reversal or a correction has an original"
        )
    else:
        yield _Check("kind", follows, "one that needs no column original, which is not there")


def _checks_of_bases(
    given: frozenset[str], is_trade: nw.Expr, tables: BookTables
) -> Iterator[_Check]:
    """Yield what is to be checked of what a commission may depend on."""
    amount, earns_net = nw.col("amount_units"), nw.col("asks_tax") == 1
    if "tax" in given:
        tax = nw.col("tax_units")
        yield _Check("tax", (tax < 0) | (tax > amount), "from zero to the amount that contains it")
        yield _Check(
            "tax", tax.is_null() & ~nw.col("tax").is_null(), "an amount in whole minor units"
        )
        yield _Check(
            "tax", tax.is_null() & is_trade & earns_net, "the tax: commission is earned net of it"
        )
    elif tables.asks_tax:
        yield _Check(
            "amount",
            is_trade & earns_net,
            "its tax, in a column of that name: commission is earned net of it",
        )
    if "discount" in given:
        discount = nw.col("discount_units")
        yield _Check("discount", discount < 0, "an amount of zero or more")
        yield _Check(
            "discount",
            discount.is_null() & ~nw.col("discount").is_null(),
            "an amount in whole minor units",
        )
        yield _Check(
            "discount",
            discount > _MOST - _magnitude(),
            f"with its amount at most {_MOST} minor units",
        )
    if tables.asks_months:
        accepted = (
            "the instant from which the customer belongs to its distributor: the rate depends on it"
        )
        is_sale = nw.col("kind") == EntryKind.SALE.value
        asked = (
            nw.when(is_sale).then(nw.col("sale_by_age")).otherwise(nw.col("payment_by_age")) == 1
        )
        if "customer_since" in given:
            yield _Check(
                "customer_since", is_trade & asked & nw.col("since_us").is_null(), accepted
            )
        else:
            yield _Check(
                "transaction", is_trade & asked, f"{accepted}; there is no column customer_since"
            )


def _figures(reading: Reading) -> Iterator[nw.Expr]:
    """Yield what is counted of all rows."""
    base = _magnitude()
    if "discount" in reading.columns:
        discount = nw.col("discount_units")
        base += nw.when((discount > 0) & (discount <= _MOST - base)).then(discount).otherwise(0)
    pieces = (base // _PIECE).cast(nw.Int64())
    yield nw.len().alias("rows")
    yield _counted(nw.col("kind").is_in((*REVERSALS, CORRECTION))).alias("amendments")
    yield base.max().alias("base")
    yield pieces.sum().cast(nw.Int64()).alias("pieces")
    yield (base - pieces * _PIECE).sum().cast(nw.Int64()).alias("rest")
    yield nw.col("at_us").min().alias("first")
    yield nw.col("at_us").max().alias("last")
    if "items" in reading.columns:
        yield nw.col("items").max().cast(nw.Int64()).alias("items")
    else:
        yield nw.col("at_us").is_null().any().cast(nw.Int64()).alias("items")
    if "customer_since" in reading.columns:
        yield nw.col("since_us").min().alias("since")


def _magnitude() -> nw.Expr:
    """Return the amount without its sign; zero where it is refused, so that no engine meets what 64 bits do not hold."""
    amount = nw.col("amount_units")
    return nw.when((amount <= _MOST) & (amount >= -_MOST)).then(amount).otherwise(0).abs()


def _counted(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1, nw.Int64())).otherwise(0).sum().cast(nw.Int64())


def _told(engine: Engine, reading: Reading, check: _Check, count: int) -> list[CallerError]:
    """Return a problem for each of the first rows that have it, and one for how many more there are."""
    numbered = reading.by_row()
    columns = [
        name
        for name in ("row", "transaction", check.column)
        if name in numbered.collect_schema().names()
    ]
    wrong = numbered.filter(check.wrong).select(*dict.fromkeys(columns))
    rows = engine.rows(wrong.sort(columns[0]).head(_TOLD)).to_dicts()
    problems: list[CallerError] = [
        InvalidValue(_place(row, check.column), row[check.column], check.accepted) for row in rows
    ]
    if count > len(rows):
        more = f"as in the {len(rows)} rows above: {check.accepted}"
        problems.append(InvalidValue(f"{count - len(rows)} more rows, {check.column}", None, more))
    return problems


def _duplicates(engine: Engine, reading: Reading) -> list[CallerError]:
    keys = (
        reading.keys.group_by("transaction")
        .agg(nw.len().alias("times"))
        .filter(nw.col("times") > 1)
    )
    found = engine.rows(keys.head(_TOLD)).sort("transaction").to_dicts()
    return [
        InvalidValue(
            "transaction", row["transaction"], f"each key once; {row['times']} rows have this one"
        )
        for row in found
    ]


def _place(row: dict[str, Any], column: str) -> str:
    if "row" in row:
        return f"row {row['row']}, {column}"
    return f"transaction {row['transaction']!r}, {column}" if "transaction" in row else column
