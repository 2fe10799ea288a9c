"""What would have been earned by another book, and what makes the difference? The same transactions, settled twice."""

from __future__ import annotations

from typing import Final, Generic

import attrs
import narwhals.stable.v2 as nw
import polars as pl

from distbilling.errors import InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.modelling.billing_periods import PERIOD, in_periods
from distbilling.modelling.book.book import Book
from distbilling.modelling.engines import Frame
from distbilling.modelling.reading.transactions import read
from distbilling.modelling.settlement import shares
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.money import Money, from_units
from distbilling.rules import fields
from distbilling.rules.agreement.rates import RateInForce
from distbilling.rules.notebook import html_table

__all__ = ["Comparison", "Mover", "what_if"]

_SHARE: Final = ["transaction", "party"]


@attrs.frozen
class Mover:
    """What makes a part of the difference: a distributor, and the rates that counted and would have counted.

    ``transactions`` are those of both rates, of which ``turnover`` is the sum before commission.
    None is no rate.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.agreement.origin import Origin, RateOrigin
    >>> ten, eight = (RateInForce(Percent(rate), Origin(RateOrigin.DEFAULT_PAYMENT_COMMISSION)) for rate in ("10", "8"))
    >>> turnover, earned, other = (Money(number, "USD") for number in ("1200.00", "120.00", "96.00"))
    >>> print(Mover("hudson", 40, turnover, earned, other, ten, eight).explain())
    hudson would earn $96.00 instead of $120.00 on $1,200.00 (transactions: 40): -$24.00, by 8% (default payment commission) \
in place of 10% (default payment commission).
    """

    distributor: str
    transactions: int
    turnover: Money
    earned: Money
    other: Money
    rate: RateInForce
    other_rate: RateInForce

    @property
    def difference(self) -> Money:
        """How much more would be earned; below zero, how much less."""
        return self.other - self.earned

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words and formats of the locale.

        Raises:
            InvalidValue: the locale is unknown.
        """
        return sentence(
            "{distributor} would earn {other} instead of {earned} on {turnover} (transactions: {count}): {difference}, by "
            "{other_rate} in place of {rate}.",
            locale,
            distributor=self.distributor,
            other=self.other,
            earned=self.earned,
            turnover=self.turnover,
            count=self.transactions,
            difference=self.difference,
            other_rate=self.other_rate.format(locale),
            rate=self.rate.format(locale),
        )


@attrs.frozen(eq=False)
class Comparison(Generic[Frame]):
    """What two books make of the same transactions.

    ``by_period`` is a frame of ``distributor``, ``currency``, ``period_start``, ``period_end``,
    ``earned``, ``other`` and ``difference`` (other less earned), in whole minor units. ``movers``
    are what makes the largest differences, up or down, the largest first.
    """

    by_period: Frame
    movers: tuple[Mover, ...]

    def explain(self, locale: str = "en") -> str:
        """Say what makes the largest differences, one line each, in the words and formats of the locale."""
        return "\n".join(mover.explain(locale) for mover in self.movers)

    def _repr_html_(self) -> str:
        return html_table(
            (mover.distributor, mover.difference.format(), mover.explain()) for mover in self.movers
        )


def what_if(
    transactions: Frame, book: Book, other: Book, *, decimals: int | None = None, largest: int = 10
) -> Comparison[Frame]:
    """Compare what is earned by the terms of a book with what would be earned by those of another.

    Periods are those of ``book``. Both have the same distributors in the same currencies, each
    below the same parent. ``largest`` is how many movers are told.

    Raises:
        InvalidType, InvalidValue, InvalidFields: as :func:`settle`; a distributor is in one book
            only, or differs in currency or parent.

    Source: rulebook R15, R16, R19.

    >>> import polars as pl
    >>> from distbilling.money import Percent
    >>> from distbilling.testing.stage import distributor
    >>> march = 1_772_700_000_000_000
    >>> paid = pl.DataFrame(
    ...     {"transaction": [1], "distributor": ["hudson"], "kind": ["payment"], "at": [march], "amount": [1001]}
    ... )
    >>> hudson = distributor("hudson")
    >>> cheaper = attrs.evolve(hudson, terms=attrs.evolve(hudson.terms, payment_commission=Percent("8")))
    >>> what_if(paid, Book.of(hudson), Book.of(cheaper)).by_period.select("earned", "other", "difference").row(0)
    (100, 80, -20)
    """
    fields.check_whole("largest", largest, 0)
    _check_alike(book, other)
    checked = read(transactions, BookTables(book), decimals)
    engine = checked.engine
    rows, rates = shares(checked)
    other_rows, other_rates = shares(
        read(transactions, BookTables(_in_order(other, book)), decimals)
    )
    others = other_rows.select(
        *_SHARE, nw.col("earned").alias("other"), nw.col("rate").alias("other_rate")
    )
    both = engine.kept(rows.join(others, on=_SHARE, how="inner"))
    sums = [nw.col(name).sum().cast(nw.Int64()) for name in ("earned", "other")]
    by_period = (
        in_periods(checked, both)
        .group_by(*PERIOD)
        .agg(*sums)
        .with_columns(difference=nw.col("other") - nw.col("earned"))
    )
    known = checked.tables.names.on(engine)
    told = by_period.join(known, on="party", how="left").rename(
        {"start_us": "period_start", "end_us": "period_end"}
    )
    told = engine.instants(told, "period_start", "period_end").select(
        "distributor", "currency", "period_start", "period_end", "earned", "other", "difference"
    )
    by_rates = both.group_by("party", "rate", "other_rate").agg(
        nw.len().cast(nw.Int64()).alias("transactions"),
        nw.col("amount").sum().cast(nw.Int64()),
        *sums,
    )
    movers = _movers(engine.rows(by_rates), book, rates, other_rates, largest)
    return Comparison(engine.handed_back(told.sort("distributor", "period_start")), movers)


def _movers(
    rows: pl.DataFrame,
    book: Book,
    rates: tuple[RateInForce, ...],
    other_rates: tuple[RateInForce, ...],
    largest: int,
) -> tuple[Mover, ...]:
    difference = (pl.col("other") - pl.col("earned")).abs()
    top = rows.filter(difference > 0).sort(
        difference, "party", "rate", "other_rate", descending=[True, False, False, False]
    )
    movers: list[Mover] = []
    for row in top.head(largest).iter_rows(named=True):
        distributor = book.distributors[int(row["party"])]
        currency = distributor.currency
        turnover, earned, other = (
            from_units(row[name], currency.digits or 0, currency)
            for name in ("amount", "earned", "other")
        )
        movers.append(
            Mover(
                distributor.id,
                row["transactions"],
                turnover,
                earned,
                other,
                rates[int(row["rate"])],
                other_rates[int(row["other_rate"])],
            )
        )
    return tuple(movers)


def _check_alike(book: Book, other: Book) -> None:
    fields.check_type("book", book, Book)
    fields.check_type("other", other, Book)
    for name in sorted(book.by_id.keys() ^ other.by_id.keys()):
        raise InvalidValue("other", name, "the same distributors as the book has")
    for name, distributor in book.by_id.items():
        if (other[name].currency, other[name].parent) != (distributor.currency, distributor.parent):
            raise InvalidValue(
                "other", name, "the same currency and parent as the distributor has in the book"
            )


def _in_order(other: Book, book: Book) -> Book:
    """Return the other book with its distributors in the order of the book, so that their numbers are the same."""
    return Book(tuple(other[distributor.id] for distributor in book.distributors))
