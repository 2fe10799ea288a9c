"""Many schedules in one pass give what each of them gives alone, by the scalar rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import polars as pl
import pytest

from distbilling.errors import InvalidType, InvalidValue
from distbilling.modelling import Book, sweep
from distbilling.money import Currency, Money, Percent
from distbilling.periods.instant import instant_at
from distbilling.rules.agreement.schedule import FlatFee, Schedule
from distbilling.rules.parties import Distributor
from distbilling.testing.sample_data import distributor
from distbilling.testing.scalar_oracle import ScalarOracle
from distbilling.testing.strategies.chains import schedules_in

MARCH = 1_772_700_000_000_000
PAID = pl.DataFrame(
    {
        "transaction": [1],
        "distributor": ["hudson"],
        "kind": ["payment"],
        "at": [MARCH],
        "amount": [1001],
    }
)
COLUMNS = ("distributor", "period_start", "schedule", "transactions", "turnover", "earned")


def by_the_rules(
    distributors: dict[str, Distributor], rows: list[dict[str, Any]], plans: Mapping[str, Schedule]
) -> list[tuple[Any, ...]]:
    """Return what each distributor would have earned by every plan, transaction by transaction."""
    at = {row["transaction"]: instant_at(row["at"], "UTC") for row in rows}
    sums: dict[tuple[Any, ...], list[int]] = {}
    for plan, schedule in plans.items():
        instead: dict[str, Any] = {
            "sales_commission": schedule,
            "payment_commission": schedule,
            "rates": (),
        }
        tried = {
            name: attrs.evolve(each, parent=None, terms=attrs.evolve(each.terms, **instead))
            for name, each in distributors.items()
        }
        for row in ScalarOracle(tried).take_all(rows):
            if row["kind"] not in {"remittance", "commission", "opening_balance"}:
                seller = tried[row["distributor"]]
                period = seller.period_at(at[row["transaction"]])
                figures = sums.setdefault((seller.id, period.start, plan), [0, 0, 0])
                figures[0] += row["kind"] in {"sale", "payment"}
                figures[1] += row["amount"]
                figures[2] += row["earned"]
    return sorted((*key, *figures) for key, figures in sums.items())


def plans_for(currency: Currency, seed: int) -> dict[str, Schedule]:
    chosen = schedules_in(currency)
    return {f"plan {place}": chosen[(seed * 7 + place * 11) % len(chosen)] for place in range(6)}


@pytest.mark.parametrize("seed", range(5))
def test_each_schedule_pays_what_it_pays_alone(seed, trade, frame_of):
    distributors, rows = trade(seed, sellers=4, count=60)
    currency = next(iter(distributors.values())).currency
    alike = {name: each for name, each in distributors.items() if each.currency == currency}
    rows = [row for row in rows if row["distributor"] in alike]
    plans = plans_for(currency, seed)
    book = Book(tuple(attrs.evolve(each, parent=None) for each in alike.values()))
    swept = sweep(frame_of(rows), plans, book).select(COLUMNS).rows()
    assert sorted(swept) == by_the_rules(alike, rows, plans)


def test_plain_percentages_suit_every_currency_at_once(trade, frame_of):
    distributors, rows = trade(3, sellers=5, count=80)
    plans = {"ten": Percent("10"), "more": Percent("12.345")}
    swept = sweep(frame_of(rows), plans, Book(tuple(distributors.values()))).select(COLUMNS).rows()
    assert sorted(swept) == by_the_rules(distributors, rows, plans)


def test_a_schedule_in_euros_is_not_tried_on_a_distributor_in_dollars():
    fee = {"fee": FlatFee(Money("1.00", "EUR"))}
    with pytest.raises(
        InvalidValue, match=r"schedules\['fee'\].*give amounts in USD, as 'hudson' has"
    ):
        sweep(PAID, fee, Book.of(distributor("hudson")))


@pytest.mark.parametrize(
    ("plans", "error"), [({}, InvalidValue), ({"ten": 10}, InvalidType), ([], InvalidType)]
)
def test_there_are_schedules_to_try_and_they_are_schedules(plans, error):
    with pytest.raises(error, match="schedules"):
        sweep(PAID, plans, Book.of(distributor("hudson")))
