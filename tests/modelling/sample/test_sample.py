"""Samples look like a year of trade, and are the same on every machine."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
from typing import Any
from zoneinfo import ZoneInfo

import polars
import pytest
from polars import col

from distbilling import Currency, Limit, Percent, RoundingMethod, Unlimited
from distbilling.errors import InvalidType, InvalidValue
from distbilling.modelling import Book
from distbilling.modelling.sample import sample_book, sample_transactions
from distbilling.modelling.sample.places import PLACES
from distbilling.modelling.sample.transactions import USUAL_KINDS
from distbilling.money.units import units_of
from distbilling.periods import CYCLE_KINDS, first_instant
from distbilling.rules.agreement.schedule import Bounded, Brackets, ByAge, FlatFee, Sum
from distbilling.rules.agreement.terms import Remainder
from distbilling.rules.chain.rate_above import rates_exceeding
from distbilling.rules.ledger.journal import EntryKind

SINCE = dt.date(2019, 1, 1)
EVERY_KIND = USUAL_KINDS | {EntryKind.CORRECTION}
DIGEST = """
import datetime as dt, hashlib
from distbilling.modelling.sample import sample_book, sample_transactions
since = dt.date(2019, 1, 1)
book = sample_book(20, seed=7, since=since)
rows = sample_transactions(book, since=since, days=100, seed=7, per_day=2.5).rows()
print(hashlib.sha256(repr((book, rows)).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def year() -> polars.DataFrame:
    """Return a year of sixty distributors in one place."""
    return sample_transactions(plain_book(60), since=SINCE, days=365, seed=1)


@pytest.fixture(scope="module")
def trades(year: polars.DataFrame) -> polars.DataFrame:
    """Return the sales and payments of that year, with the local time of each."""
    local = col("at").dt.convert_time_zone("America/New_York").alias("local")
    return year.filter(col("kind").is_in(["sale", "payment"])).with_columns(local)


def plain_book(distributors: int) -> Book:
    return sample_book(distributors, seed=1, since=SINCE, plain=True)


def figure(frame: polars.DataFrame, what: polars.Expr) -> Any:
    """Return the one figure that a column comes to."""
    return frame.select(what).item()


def digest(frame: polars.DataFrame) -> str:
    plain = frame.with_columns(col("at", "customer_since").cast(polars.Int64))
    return hashlib.sha256(repr(plain.rows()).encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("plain", "rows"), [(True, "93522f751e3c425d"), (False, "b917e36650e7e546")]
)
def test_a_seed_gives_these_very_rows_with_every_version_of_everything(plain, rows):
    book = sample_book(10, seed=1, since=SINCE, plain=plain)
    assert (
        digest(sample_transactions(book, since=SINCE, days=120, seed=1, kinds=EVERY_KIND)) == rows
    )


def test_the_same_seed_gives_the_same_in_another_process_zone_locale_and_hash_seed():
    hosts = [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "UTC"},
    ]
    ran = [
        subprocess.Popen([sys.executable, "-c", DIGEST], env=os.environ | host, stdout=-1)
        for host in hosts
    ]
    first, second = (process.communicate()[0] for process in ran)
    assert first == second
    assert len(first.split()[0]) == 64


def test_another_seed_gives_other_distributors_and_other_trades():
    book = plain_book(3)
    assert sample_book(3, seed=2, since=SINCE) != sample_book(3, seed=1, since=SINCE)
    first, second = (sample_transactions(book, since=SINCE, days=9, seed=seed) for seed in (1, 2))
    assert first["at"].is_in(second["at"].implode()).sum() == 0


def test_what_one_distributor_sells_does_not_depend_on_the_others():
    book = plain_book(4)
    alone = sample_transactions(Book.of(book.distributors[2]), since=SINCE, days=40, seed=5)
    together = sample_transactions(book, since=SINCE, days=40, seed=5)
    assert together.filter(col("distributor") == book.distributors[2].id).equals(alone)


def test_a_longer_time_starts_with_the_same_trades():
    book = plain_book(3)
    short, long = (sample_transactions(book, since=SINCE, days=days, seed=5) for days in (31, 59))
    assert long.head(short.height).drop("transaction").equals(short.drop("transaction"))


def test_people_pay_most_on_saturdays_and_least_on_sundays(trades):
    taken = (
        trades.group_by(day=col("local").dt.weekday())
        .agg(col("amount").sum())
        .sort("amount")["day"]
        .to_list()
    )
    assert (taken[0], taken[-2:]) == (7, [5, 6])


def test_december_is_the_best_month_and_february_the_worst_a_day(trades):
    months = trades.group_by(month=col("local").dt.month()).agg(
        a_day=col("amount").sum() / col("local").dt.date().n_unique()
    )
    ordered = months.sort("a_day")["month"].to_list()
    assert ordered[-1] == 12
    assert set(ordered[:3]) == {1, 2, 3}


def test_the_ends_of_months_are_peaks(trades):
    days = trades.group_by(day=col("local").dt.date()).agg(col("amount").sum())
    is_end = (col("day") == col("day").dt.month_end()) | (col("day").dt.day() == 1)
    is_middle = col("day").dt.day().is_between(5, 25)
    end, middle = (
        figure(days.filter(which), col("amount").mean()) for which in (is_end, is_middle)
    )
    assert 1.5 < end / middle < 2


def test_shops_are_open_from_eight_to_ten_in_the_evening(trades):
    clocks_changed = col("local").dt.date().is_in([dt.date(2019, 3, 10), dt.date(2019, 11, 3)])
    hours = trades.filter(~clocks_changed)["local"].dt.hour()
    assert (hours.min(), hours.max()) == (8, 21)
    assert hours.mode().to_list() == [18]


def test_round_sums_are_paid_mostly_and_the_average_is_asked_for(trades):
    notes = trades.filter(col("amount").is_in([500, 1000, 2000, 5000])).height / trades.height
    assert 0.6 < notes < 0.9
    assert 18 < trades.height / 60 / 365 < 22


def test_some_distributors_grow_and_some_decline(trades):
    halves = trades.group_by("distributor", half=col("local").dt.month() > 6).agg(
        col("amount").sum()
    )
    pivot = halves.pivot("half", index="distributor", values="amount")
    grown = pivot.select(times=col("true") / col("false"))
    assert figure(grown, col("times").min()) < 0.95
    assert figure(grown, col("times").max()) > 1.3


def test_each_kind_is_as_frequent_as_in_real_life(year):
    count = dict(year["kind"].value_counts().rows())
    all_trades = count["sale"] + count["payment"]
    assert set(count) == {kind.value for kind in USUAL_KINDS}
    assert 0.65 < count["payment"] / all_trades < 0.75
    assert 0.01 < count["refund"] / all_trades < 0.02
    assert 0.002 < count["void"] / all_trades < 0.004
    assert 0.0004 < count["chargeback"] / all_trades < 0.0015
    assert 12 * 60 < count["remittance"] < 80 * 60


def test_a_kind_that_is_not_wanted_does_not_happen():
    kinds = {EntryKind.SALE, EntryKind.REFUND}
    frame = sample_transactions(plain_book(8), since=SINCE, days=60, seed=3, kinds=kinds)
    assert set(frame["kind"]) == {"sale", "refund"}
    assert (
        frame.filter(kind="refund")["original"]
        .is_in(frame.filter(kind="sale")["transaction"].implode())
        .all()
    )


def test_distributors_remit_what_they_owe_and_hover_near_their_limits(year):
    near, over = 0, 0
    for distributor in plain_book(60).distributors:
        owed = highest = 0
        rows = year.filter(distributor=distributor.id)
        assert isinstance(distributor.credit.limit, Limit)
        limit = units_of(distributor.credit.limit.amount, 2)
        rates = {
            "sale": distributor.terms.sales_commission,
            "payment": distributor.terms.payment_commission,
        }
        kinds = dict(rows.select("transaction", "kind").rows())
        for kind, amount, original in rows.select("kind", "amount", "original").rows():
            if kind == "remittance":
                owed -= amount
            else:
                rate = rates[kinds[original or ""] if original else kind]
                assert isinstance(rate, Percent)
                owed += (amount - amount * int(rate.value) // 100) * (-1 if original else 1)
            highest = max(highest, owed)
        assert -limit < owed < limit
        near += highest > limit * 9 // 10
        over += highest > limit
    assert 20 < near < 60
    assert 5 < over < 45


def test_money_is_of_the_size_that_a_currency_has():
    book = sample_book(40, seed=3, since=SINCE)
    frame = sample_transactions(book, since=SINCE, days=30, seed=3, kinds={EntryKind.PAYMENT})
    usual = dict(frame.group_by("currency").agg(col("amount").mode().min()).rows())
    assert {usual["USD"], usual["EUR"], usual["JPY"]} <= {500, 1000, 2000}
    assert usual["KWD"] in {1000, 2000, 4000}
    assert len(usual) == 16


def test_a_book_has_every_kind_of_cycle_schedule_rounding_and_remainder():
    book = sample_book(60, seed=1, since=SINCE)
    assert {type(each.cycle) for each in book.distributors} == set(CYCLE_KINDS)
    assert {each.terms.rounding for each in book.distributors} == set(RoundingMethod)
    assert {each.terms.remainder for each in book.distributors} == set(Remainder)
    schedules = [
        each
        for one in book.distributors
        for each in (one.terms.sales_commission, one.terms.payment_commission)
    ]
    assert {type(each) for each in schedules} == {Percent, Sum, Bounded, Brackets, ByAge}
    assert any(
        isinstance(part, FlatFee)
        for each in schedules
        if isinstance(each, Sum)
        for part in each.parts
    )
    assert {each.cycle.zone for each in book.distributors} >= {place.zone for place in PLACES[1:3]}
    assert any(isinstance(each.credit.limit, Unlimited) for each in book.distributors)
    assert any(each.increases for each in book.distributors)
    rates = [rate for each in book.distributors for rate in each.terms.rates]
    assert {bool(rate.is_dated) for rate in rates} == {True, False}
    assert any(rate.batch for rate in rates)
    assert any(rate.product for rate in rates)


@pytest.mark.parametrize("seed", range(5))
def test_nobody_in_a_book_has_a_rate_above_its_parents(seed):
    book = sample_book(100, seed=seed, since=SINCE)
    below = [each for each in book.distributors if each.parent is not None]
    assert {len(book.chain(each.id)) for each in book.distributors} == {1, 2, 3}
    assert not [
        each.id for each in below if rates_exceeding(each.terms, book[each.parent or ""].terms)
    ]
    assert not [each.id for each in below if each.created < book[each.parent or ""].created]


def test_a_plain_book_has_one_currency_months_and_percentages():
    book = plain_book(50)
    assert book.is_flat
    assert {each.currency for each in book.distributors} == {Currency("USD")}
    assert {type(each.terms.sales_commission) for each in book.distributors} == {Percent}
    assert all(
        each.created < first_instant("America/New_York", SINCE) for each in book.distributors
    )


def test_names_are_of_the_place_and_identifiers_are_plain_text():
    book = sample_book(300, seed=1, since=SINCE)
    assert all(each.id.isascii() for each in book.distributors)
    assert not all(each.name.isascii() for each in book.distributors)


@pytest.mark.parametrize("zone", ["Africa/Cairo", "America/Havana", "Australia/Lord_Howe"])
def test_a_day_is_the_distributors_own(zone):
    book = sample_book(40, seed=3, since=SINCE)
    here = [each.id for each in book.distributors if each.cycle.zone == zone]
    frame = sample_transactions(book, since=SINCE, days=2, seed=3, kinds={EntryKind.PAYMENT})
    days = {
        at.astimezone(ZoneInfo(zone)).date()
        for at in frame.filter(col("distributor").is_in(here))["at"]
    }
    assert days == {SINCE, SINCE + dt.timedelta(days=1)}


BOOK = plain_book(1)


@pytest.mark.parametrize(
    ("wrong", "error", "named"),
    [
        ({"book": None}, InvalidType, "book"),
        ({"since": "2019-01-01"}, InvalidType, "since"),
        ({"days": 0}, InvalidValue, "days"),
        ({"seed": 1.0}, InvalidType, "seed"),
        ({"per_day": 0}, InvalidValue, "per_day"),
        ({"per_day": float("nan")}, InvalidValue, "per_day"),
        ({"per_day": True}, InvalidType, "per_day"),
        ({"kinds": {EntryKind.COMMISSION}}, InvalidValue, "kinds"),
        ({"kinds": {"sale"}}, InvalidType, "kinds"),
        ({"kinds": EntryKind.SALE}, InvalidType, "kinds"),
    ],
)
def test_what_no_sample_can_be_made_of_is_refused_by_its_name(wrong, error, named):
    given = {"book": BOOK, "since": SINCE, "days": 1, "seed": 1} | wrong
    with pytest.raises(error) as refused:
        sample_transactions(**given)
    assert refused.value.field == named


@pytest.mark.parametrize(
    ("wrong", "error", "named"),
    [
        ({"distributors": 0}, InvalidValue, "distributors"),
        ({"distributors": True}, InvalidType, "distributors"),
        ({"seed": "1"}, InvalidType, "seed"),
        ({"since": None}, InvalidType, "since"),
    ],
)
def test_what_no_book_can_be_made_of_is_refused_by_its_name(wrong, error, named):
    given = {"distributors": 1, "seed": 1, "since": SINCE} | wrong
    with pytest.raises(error) as refused:
        sample_book(**given)
    assert refused.value.field == named


def test_one_trade_a_month_is_also_a_sample():
    frame = sample_transactions(plain_book(2), since=SINCE, days=365, seed=1, per_day=0.03)
    assert 5 < frame.filter(col("kind").is_in(["sale", "payment"])).height < 50


def test_an_unlimited_distributor_remits_at_the_end_of_the_month_alone():
    book = sample_book(20, seed=3, since=SINCE)
    unlimited = [each.id for each in book.distributors if isinstance(each.credit.limit, Unlimited)]
    frame = sample_transactions(book, since=SINCE, days=181, seed=3, kinds=USUAL_KINDS)
    remitted = frame.filter(col("distributor").is_in(unlimited), kind="remittance")
    assert 0 < remitted.height <= 6 * len(unlimited)
