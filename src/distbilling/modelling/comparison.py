"""A comparison of two books on the same transactions, and what makes the difference."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final, Generic

import attrs
import narwhals.stable.v2 as nw
import polars as pl

from distbilling.errors import InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.modelling.billing_periods import NAMES, PERIOD, in_periods, with_names
from distbilling.modelling.book.book import Book
from distbilling.modelling.engines import Frame
from distbilling.modelling.reading.transactions import read
from distbilling.modelling.settlement import shares_of
from distbilling.modelling.tables.book_tables import BookTables
from distbilling.money import Money, from_units
from distbilling.rules import fields
from distbilling.rules.agreement.rates import RateInForce
from distbilling.rules.notebook import html_table

__all__ = ["Comparison", "Mover", "what_if"]

_SHARE: Final = ["transaction", "party"]


@attrs.frozen
class Mover:
    """What makes a part of the difference: a distributor, and the two rates that count for it.

    ``transactions`` are those of both rates, of which ``turnover`` is the sum before commission.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.agreement.origin import Origin, RateOrigin
    >>> origin = Origin(RateOrigin.DEFAULT_PAYMENT_COMMISSION)
    >>> ten, eight = (RateInForce(Percent(rate), origin) for rate in ("10", "8"))
    >>> amounts = (Money(number, "USD") for number in ("1200.00", "120.00", "96.00"))
    >>> print(Mover("hudson", 40, *amounts, ten, eight).explain())
    hudson would earn $96.00 instead of $120.00 on $1,200.00 (transactions: 40): -$24.00, by ...
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
            "{distributor} would earn {other} instead of {earned} on {turnover} "
            "(transactions: {count}): {difference}, by {other_rate} in place of {rate}.",
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
        """Say what makes the largest differences, one line each, in the locale's words."""
        return "\n".join(mover.explain(locale) for mover in self.movers)

    def _repr_html_(self) -> str:
        return html_table(
            (mover.distributor, mover.difference.format(), mover.explain()) for mover in self.movers
        )


def what_if(
    transactions: Frame, book: Book, other: Book, *, decimals: int | None = None, largest: int = 10
) -> Comparison[Frame]:
    """Compare what is earned by the terms of a book with what would be earned by those of another.

    Args:
        transactions: a frame as for :func:`settle`.
        book: the terms that count; its periods are those of the answer.
        other: other terms, of the same distributors in the same currencies, each below the same
            parent.
        decimals: as for :func:`settle`.
        largest: how many movers are returned, at most.

    Raises:
        InvalidType, InvalidValue, InvalidFields: as :func:`settle`; a distributor is in one book
            only, or differs in currency or parent.

    Source: rulebook R15, R16, R19.

    >>> import polars as pl
    >>> from distbilling.money import Percent
    >>> from distbilling.testing.sample_data import distributor
    >>> paid = pl.DataFrame({"transaction": 1, "distributor": "hudson", "kind": "payment",
    ...     "at": 1_772_700_000_000_000, "amount": 1001})
    >>> hudson = distributor("hudson")
    >>> terms = attrs.evolve(hudson.terms, payment_commission=Percent("8"))
    >>> compared = what_if(paid, Book.of(hudson), Book.of(attrs.evolve(hudson, terms=terms)))
    >>> compared.by_period.select("earned", "other", "difference").row(0)
    (100, 80, -20)
    """
    fields.check_whole("largest", largest, 0)
    _check_alike(book, other)
    checked = read(transactions, BookTables(book), decimals)
    other_checked = read(transactions, BookTables(_in_order(other, book)), decimals)

    rows, rates = shares_of(checked)
    other_rows, other_rates = shares_of(other_checked)
    other_rows = other_rows.select(
        *_SHARE, nw.col("earned").alias("other"), nw.col("rate").alias("other_rate")
    )
    both = checked.engine.kept(rows.join(other_rows, on=_SHARE, how="inner"))

    sums = [nw.col(name).sum().cast(nw.Int64()) for name in ("earned", "other")]
    by_period = in_periods(checked, both).group_by(*PERIOD).agg(*sums)
    by_period = by_period.with_columns(difference=nw.col("other") - nw.col("earned"))
    by_period = with_names(checked, by_period).select(*NAMES, "earned", "other", "difference")

    by_rates = both.group_by("party", "rate", "other_rate").agg(
        nw.len().cast(nw.Int64()).alias("transactions"),
        nw.col("amount").sum().cast(nw.Int64()),
        *sums,
    )
    movers = _movers(checked.engine.rows(by_rates), book, rates, other_rates)
    return Comparison(
        checked.engine.handed_back(by_period.sort("distributor", "period_start")),
        tuple(islice(movers, largest)),
    )


def _movers(
    rows: pl.DataFrame,
    book: Book,
    rates: tuple[RateInForce, ...],
    other_rates: tuple[RateInForce, ...],
) -> Iterator[Mover]:
    """Yield what makes a difference, the largest first."""
    difference = (pl.col("other") - pl.col("earned")).abs()
    ordered = rows.filter(difference > 0).sort(
        difference, "party", "rate", "other_rate", descending=[True, False, False, False]
    )

    for row in ordered.iter_rows(named=True):
        distributor = book.distributors[int(row["party"])]
        currency = distributor.currency
        turnover, earned, other = (
            from_units(row[name], currency.digits or 0, currency)
            for name in ("amount", "earned", "other")
        )
        yield Mover(
            distributor=distributor.id,
            transactions=row["transactions"],
            turnover=turnover,
            earned=earned,
            other=other,
            rate=rates[int(row["rate"])],
            other_rate=other_rates[int(row["other_rate"])],
        )


def _check_alike(book: Book, other: Book) -> None:
    fields.check_type("book", book, Book)
    fields.check_type("other", other, Book)
    for name in sorted(book.by_id.keys() ^ other.by_id.keys()):
        raise InvalidValue("other", name, "the same distributors as the book has")
    for name, distributor in book.by_id.items():
        if (other[name].currency, other[name].parent) != (distributor.currency, distributor.parent):
            accepted = "the same currency and parent as the distributor has in the book"
            raise InvalidValue("other", name, accepted)


def _in_order(other: Book, book: Book) -> Book:
    """Return the other book in the order of the book, so that distributors have equal numbers."""
    return Book(tuple(other[distributor.id] for distributor in book.distributors))
