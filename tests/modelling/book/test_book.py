"""A book holds its distributors once, below one another, and shows them in a notebook."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import Currency
from distbilling.errors import InvalidType, InvalidValue
from distbilling.modelling import Book
from distbilling.modelling.book.places import misplaced
from distbilling.modelling.book.view import SHOWN
from distbilling.periods import EveryMonths
from distbilling.rules.credit import CreditTerms, EveryFurther, Unlimited
from distbilling.rules.parties import CustomerCaps, Distributor
from distbilling.testing.sample_data import distributor, usd

EXAMPLE = Path(__file__).parents[3] / "examples/books/distributors.toml"
YEN = Currency("JPY")


def _below(name: str, parent: str | None) -> Distributor:
    return attrs.evolve(distributor(name), parent=parent)


def _in_yen(name: str, parent: str) -> Distributor:
    unlimited = CreditTerms(Unlimited())
    return attrs.evolve(
        _below(name, parent),
        currency=YEN,
        credit=unlimited,
        caps=CustomerCaps.none(YEN),
        customer_class=None,
    )


def test_a_book_gives_its_distributors_in_their_order_and_by_their_ids():
    top, below = _below("top", None), _below("below", "top")
    book = Book.of(below, top)
    assert book.distributors == (below, top)
    assert book["below"] is below
    assert book.chain("below") == (below, top)
    assert book.chain("top") == (top,)
    assert not book.is_flat
    assert Book.of(top).is_flat


def test_a_distributor_that_is_not_in_the_book_is_a_key_error():
    with pytest.raises(KeyError):
        Book.of(distributor("hudson"))["mesa"]


def test_a_book_without_distributors_is_none():
    with pytest.raises(
        InvalidValue, match=r"distributors: \(\) is not accepted; give at least one distributor"
    ):
        Book.of()


@pytest.mark.parametrize("given", ["hudson", None, [distributor("hudson")], ("hudson",)])
def test_a_book_is_made_of_distributors(given):
    with pytest.raises(InvalidType):
        Book(given)


@pytest.mark.parametrize(
    ("distributors", "message"),
    [
        ([_below("a", None), _below("b", None), _below("a", "b")], ("id: 'a' is not accepted; give "
         "each distributor once")),
        ([_below("a", None)] * 2, ("id: 'a' is not accepted; give "
         "each distributor once")),
        ([_below("a", "b")], "parent: 'b' is not accepted; give a distributor of the book"),
        ([_in_yen("a", "b"), _below("b", None)], ("parent: 'b' is not accepted; "
         "give a distributor in JPY, as 'a' is")),
        (
            [_below("a", "b"), _below("b", "c"), _below("c", "a")],
            "parent: 'b' is not accepted; give a distributor that is not below 'a' itself",
        ),
    ],
)  # fmt: skip
def test_a_distributor_that_cannot_stand_where_it_does_is_refused(distributors, message):
    with pytest.raises(InvalidValue) as refusal:
        Book.of(*distributors)
    assert str(refusal.value) == message


NAMES = st.sampled_from("abcde")


@given(
    st.lists(
        st.tuples(NAMES, st.none() | NAMES).filter(lambda pair: pair[0] != pair[1]),
        min_size=1,
        max_size=6,
    )
)
def test_where_nobody_is_misplaced_every_chain_ends_at_a_top_and_else_somebody_is_named(pairs):
    distributors = [_below(name, parent) for name, parent in pairs]
    wrong = list(misplaced(distributors))
    if wrong:
        with pytest.raises(InvalidValue, match=re.escape(str(wrong[0][1]))):
            Book.of(*distributors)
        assert {pairs[number][0] for number, problem in wrong if problem.field == "parent"} <= set(
            "abcde"
        )
        return
    book = Book.of(*distributors)
    for name, _ in pairs:
        chain = book.chain(name)
        assert chain[-1].parent is None
        assert [level.parent for level in chain[:-1]] == [level.id for level in chain[1:]]


def test_of_those_in_a_circle_each_is_told_and_of_those_below_it_none():
    distributors = [
        _below("egg", "hen"),
        _below("hen", "egg"),
        _below("chick", "egg"),
        _below("lost", "nest"),
    ]
    assert [(number, problem.field) for number, problem in misplaced(distributors)] == [
        (0, "parent"),
        (1, "parent"),
        (3, "parent"),
    ]
    assert [number for number, _ in misplaced(distributors, {"nest"})] == [0, 1]


class _Cells(HTMLParser):
    """Collects what a reader sees in each row."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.below = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in {"th", "td"}:
            self.rows[-1].append("")
        self.tag = tag

    def handle_data(self, data: str) -> None:
        if self.tag == "p":
            self.below += data
        else:
            self.rows[-1][-1] += data


def test_in_a_notebook_a_book_is_a_table_in_words():
    head, hudson, mesa, _konkan, _thane, naupada, alpenfunk, sakura = _Cells(
        Book.read(EXAMPLE)._repr_html_()
    ).rows
    assert dict(zip(head, hudson, strict=True)) == {
        "id": "hudson",
        "name": "Hudson Phones",
        "parent": "",
        "currency": "USD",
        "time zone": "America/New_York",
        "billing period": "monthly",
        "sales commission": "15%",
        "payment commission": "10%",
        "further rates": "",
        "credit limit": "$1,000.00",
        "warned at": "90% of the limit",
    }
    cells = dict(zip(head, mesa, strict=True))
    assert cells["further rates"] == (
        "sale: 20% (rate of the product Travel SIM from Jul 1, 2025 on); "
        "payment: 3% plus $0.50 (rate of the batch winter-2025)"
    )
    assert cells["warned at"] == "50% of the limit, 80% of the limit, 95% of the limit"
    assert naupada[2] == "thane"
    assert naupada[-1] == "₹5,000.00, every further ₹1,000.00"
    assert alpenfunk[6] == "(8.5% plus CHF2.00), at least CHF1.00, at most CHF40.00"
    assert sakura[5:7] == ["every 30 days", "¥150 for each item"]
    assert sakura[-2:] == ["unlimited", "¥300,000"]


def test_what_a_name_holds_is_text_and_no_markup():
    hudson = attrs.evolve(distributor("hudson"), name="<b>Hudson</b> & Sons")
    assert "&lt;b&gt;Hudson&lt;/b&gt; &amp; Sons" in Book.of(hudson)._repr_html_()


def test_of_a_long_book_the_first_are_shown_and_the_others_counted():
    book = Book.of(*(distributor(f"d-{number}") for number in range(SHOWN + 480)))
    shown = _Cells(book._repr_html_())
    assert [row[0] for row in shown.rows] == ["id", *(f"d-{number}" for number in range(SHOWN))]
    assert shown.below == "and 480 more"
    assert _Cells(Book.of(*book.distributors[:SHOWN])._repr_html_()).below == ""


def test_a_period_of_several_months_and_a_recurring_warning_are_told_with_their_numbers():
    cycle = EveryMonths("Etc/UTC", 2, distributor("a").created.date())
    credit = CreditTerms(Unlimited(), (EveryFurther(usd("100")),))
    (_, row) = _Cells(
        Book.of(attrs.evolve(distributor("a"), cycle=cycle, credit=credit))._repr_html_()
    ).rows
    assert (row[5], row[-2:]) == ("every 2 months", ["unlimited", "every further $100.00"])
