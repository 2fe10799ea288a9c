"""The rules accept every row of a sample, whatever the seed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import polars
from hypothesis import given, settings
from hypothesis import strategies as some
from polars import col

from distbilling import Currency, DistributorStaff, Limit, Money, Unlimited
from distbilling.modelling.sample import sample_book, sample_transactions
from distbilling.modelling.sample.transactions import USUAL_KINDS
from distbilling.money.units import from_units
from distbilling.periods import first_instant
from distbilling.rules import Command
from distbilling.rules.commands.customers.create_customer import CreateCustomer
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.commands.movements.correct import Correct
from distbilling.rules.commands.movements.record_payment import RecordPayment
from distbilling.rules.commands.movements.remit import Remit
from distbilling.rules.commands.movements.reverse import Reversal, Reverse
from distbilling.rules.credit import CreditTerms
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.ledger.journal import EntryKind
from distbilling.testing.rule_ledger import RuleLedger
from distbilling.testing.sample_data import MARIA

SINCE = dt.date(2019, 1, 1)
EVERY_KIND = USUAL_KINDS | {EntryKind.CORRECTION}
REVERSALS = ["refund", "void", "chargeback"]
COLUMNS = {
    "transaction": polars.String,
    "distributor": polars.String,
    "kind": polars.String,
    "at": polars.Datetime("us", "UTC"),
    "amount": polars.Int64,
    "currency": polars.String,
    "product": polars.String,
    "batch": polars.String,
    "items": polars.Int64,
    "tax": polars.Int64,
    "discount": polars.Int64,
    "customer_since": polars.Datetime("us", "UTC"),
    "original": polars.String,
}


def figure(frame: polars.DataFrame, what: polars.Expr) -> Any:
    """Return the one figure that a column comes to."""
    return frame.select(what).item()


@settings(max_examples=15)
@given(
    seed=some.integers(-(10**20), 10**20),
    since=some.dates(dt.date(1950, 1, 1), dt.date(2040, 1, 1)),
)
def test_every_sample_is_acceptable_input(seed, since):
    book = sample_book(10, seed=seed, since=since)
    frame = sample_transactions(
        book, since=since, days=130, seed=seed, per_day=1.5, kinds=EVERY_KIND
    )
    assert dict(frame.schema) == COLUMNS
    assert frame["transaction"].n_unique() == frame.height
    assert frame.equals(frame.sort("at", "transaction"))
    assert figure(frame, col("amount").min()) > 0
    assert figure(frame, col("items").min()) == 1
    created = {
        each.id: max(above.created for above in book.chain(each.id)) for each in book.distributors
    }
    ends = {
        each.id: first_instant(each.cycle.zone, since + dt.timedelta(days=130))
        for each in book.distributors
    }
    for distributor, currency, at in frame.select("distributor", "currency", "at").rows():
        assert created[distributor] <= at < ends[distributor]
        assert currency == book[distributor].currency.code
    trades = frame.filter(col("kind").is_in(["sale", "payment"]))
    assert trades.filter(
        col("original").is_not_null() | ~col("tax").is_between(0, "amount")
    ).is_empty()
    assert trades.filter((col("discount") < 0) | (col("customer_since") > col("at"))).is_empty()
    assert (
        trades.select("product", "tax", "discount", "customer_since")
        .null_count()
        .sum_horizontal()[0]
        == 0
    )
    _check_followers(frame)


def _check_followers(frame: polars.DataFrame) -> None:
    remains: dict[str, int] = {}
    originals = {
        row["transaction"]: row
        for row in frame.filter(col("original").is_null()).iter_rows(named=True)
    }
    for row in frame.filter(col("kind").is_in([*REVERSALS, "correction"])).iter_rows(named=True):
        original = originals[row["original"]]
        assert original["kind"] in {"sale", "payment"}
        assert (original["distributor"], original["currency"]) == (
            row["distributor"],
            row["currency"],
        )
        assert original["at"] < row["at"]
        stands = remains.setdefault(row["original"], original["amount"])
        if row["kind"] == "correction":
            assert stands == original["amount"] != row["amount"]
            remains[row["original"]] = row["amount"]
        else:
            remains[row["original"]] = stands - row["amount"]
        assert remains[row["original"]] >= 0


@settings(max_examples=5)
@given(seed=some.integers(0, 2**64))
def test_the_platform_accepts_the_distributors_and_every_movement(seed):
    book = sample_book(10, seed=seed, since=SINCE)
    kinds = EVERY_KIND - {EntryKind.SALE}
    frame = sample_transactions(book, since=SINCE, days=60, seed=seed, per_day=1, kinds=kinds)
    ledger = RuleLedger(facts=Facts())
    for each in book.distributors:
        no_limit = attrs.evolve(each, credit=CreditTerms(Unlimited()), increases=())
        ledger.accept(CreateDistributor(f"create {each.id}", MARIA, no_limit))
        nothing = Money.zero(each.currency)
        name, staff = f"of {each.id}", DistributorStaff(each.id)
        ledger.accept(
            CreateCustomer(name, staff, each.created, name, "Eve", Limit(nothing), nothing)
        )
    for row in frame.iter_rows(named=True):
        ledger.accept(_command(row))


def _command(row: dict[str, Any]) -> Command:
    """Return what books a row."""
    currency = Currency(row["currency"])
    amount, tax, discount = (
        None if row[name] is None else from_units(row[name], currency.digits or 0, currency)
        for name in ("amount", "tax", "discount")
    )
    assert amount is not None
    key, at, seller, original = row["transaction"], row["at"], row["distributor"], row["original"]
    match row["kind"]:
        case "payment":
            told = {"items": row["items"], "tax": tax, "discount": discount}
            return RecordPayment(key, DistributorStaff(seller), at, f"of {seller}", amount, **told)
        case "remittance":
            return Remit(key, MARIA, at, seller, amount)
        case "correction":
            return Correct(key, MARIA, at, original, amount)
        case kind:
            return Reverse(key, MARIA, at, original, Reversal(kind), amount)


def test_reversals_are_whole_and_partial_and_some_come_twice_or_after_a_correction():
    book = sample_book(40, seed=3, since=SINCE)
    frame = sample_transactions(book, since=SINCE, days=200, seed=3, kinds=EVERY_KIND)
    _check_followers(frame)
    amendments = (
        frame.filter(col("original").is_not_null())
        .group_by("original")
        .agg("kind")
        .sort("original")
    )
    assert {tuple(kinds) for kinds in amendments["kind"]} == {
        ("refund",),
        ("refund", "refund"),
        ("void",),
        ("chargeback",),
        ("correction",),
        ("correction", "refund"),
    }
    whole = frame.filter(kind="refund").join(frame, left_on="original", right_on="transaction")
    assert 0.2 < figure(whole, (col("amount") < col("amount_right")).mean()) < 0.5


def test_a_sample_of_nothing_has_the_columns_of_one():
    frame = sample_transactions(
        sample_book(1, seed=1, since=SINCE), since=dt.date(1990, 1, 1), days=3, seed=1
    )
    assert frame.is_empty()
    assert dict(frame.schema) == COLUMNS
