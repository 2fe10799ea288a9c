"""What another book would have earned is computed, and the largest differences come first."""

from __future__ import annotations

import attrs
import polars as pl
import pytest

from distbilling.errors import InvalidType, InvalidValue
from distbilling.modelling import Book, settle, what_if
from distbilling.money import Money, Percent
from distbilling.rules.parties import Distributor
from distbilling.testing.sample_data import distributor

MARCH = 1_772_700_000_000_000
HUDSON, SOHO = distributor("hudson"), distributor("soho")


def paid(*amounts: int, to: str = "hudson") -> list[dict[str, object]]:
    return [
        {
            "transaction": f"{to}-{number}",
            "distributor": to,
            "kind": "payment",
            "at": MARCH + number,
            "amount": amount,
        }
        for number, amount in enumerate(amounts)
    ]


def with_payments(who: Distributor, rate: str) -> Distributor:
    return attrs.evolve(who, terms=attrs.evolve(who.terms, payment_commission=Percent(rate)))


def test_the_largest_difference_is_told_first_whether_up_or_down():
    rows = pl.DataFrame([*paid(10_000, 20_000), *paid(1_000, to="soho")])
    other = Book.of(with_payments(HUDSON, "8"), with_payments(SOHO, "20"))
    comparison = what_if(rows, Book.of(HUDSON, SOHO), other)
    assert comparison.by_period.select("distributor", "earned", "other", "difference").rows() == [
        ("hudson", 3000, 2400, -600),
        ("soho", 100, 200, 100),
    ]
    assert [(mover.distributor, mover.difference) for mover in comparison.movers] == [
        ("hudson", Money("-6.00", "USD")),
        ("soho", Money("1.00", "USD")),
    ]
    assert comparison.explain().splitlines()[0] == (
        "hudson would earn $24.00 instead of $30.00 on $300.00 (transactions: 2): "
        "-$6.00, by 8% (default payment commission) in place of 10% (default payment commission)."
    )
    assert "hudson" in comparison._repr_html_()


@pytest.mark.parametrize("seed", range(3))
def test_both_sides_are_what_settling_gives(seed, trade, frame_of):
    distributors, rows = trade(seed, sellers=4, count=50)
    book = Book(tuple(distributors.values()))
    other = Book(tuple(with_payments(each, "7.5") for each in reversed(book.distributors)))
    comparison = what_if(frame_of(rows), book, other).by_period
    for column, side in (("earned", book), ("other", other)):
        earned = settle(frame_of(rows), side).group_by("distributor").agg(pl.col("earned").sum())
        summed = comparison.group_by("distributor").agg(pl.col(column).sum().alias("earned"))
        assert sorted(summed.rows()) == sorted(earned.rows())
    assert (comparison["difference"] == comparison["other"] - comparison["earned"]).all()


def test_nothing_moves_where_nothing_differs():
    comparison = what_if(pl.DataFrame(paid(1001)), Book.of(HUDSON), Book.of(HUDSON))
    assert comparison.movers == ()
    assert not comparison.explain()


def test_as_many_movers_are_told_as_are_asked_for():
    rows = pl.DataFrame([*paid(10_000), *paid(1_000, to="soho")])
    other = Book.of(with_payments(HUDSON, "8"), with_payments(SOHO, "8"))
    assert len(what_if(rows, Book.of(HUDSON, SOHO), other, largest=1).movers) == 1


@pytest.mark.parametrize(
    "other",
    [
        Book.of(HUDSON, SOHO),
        Book.of(distributor("harlem")),
    ],
)
def test_the_books_have_the_same_distributors(other):
    with pytest.raises(InvalidValue, match="give the same distributors as the book has"):
        what_if(pl.DataFrame(paid(1001)), Book.of(HUDSON), other)


def test_the_books_have_them_below_the_same_parents():
    below = Book.of(HUDSON, attrs.evolve(SOHO, parent="hudson"))
    with pytest.raises(InvalidValue, match="give the same currency and parent"):
        what_if(pl.DataFrame(paid(1001)), Book.of(HUDSON, SOHO), below)


@pytest.mark.parametrize("largest", ["3", 1.5])
def test_how_many_movers_is_a_whole_number(largest):
    with pytest.raises(InvalidType, match="largest"):
        what_if(pl.DataFrame(paid(1001)), Book.of(HUDSON), Book.of(HUDSON), largest=largest)
