"""Each amount counts once, in the billing period that it is dated in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from distbilling import Accepted, CreditTerms, Money, Percent, RoundingMethod, Terms, Unlimited
from distbilling.periods import Weekly
from distbilling.rules.agreement.schedule import Bounded, Bracket, Brackets, Tiering
from distbilling.rules.agreement.terms import CommissionKind
from distbilling.rules.chain.reversal import claw_back
from distbilling.rules.commands.distributors.change_credit import ChangeCredit
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.commands.movements.correct import Correct
from distbilling.rules.commands.movements.reverse import Reversal, Reverse
from distbilling.rules.deciding.facts import Facts, PeriodVolume
from distbilling.rules.deciding.volumes import volumes_after
from distbilling.testing.rule_ledger import CHAIN, RuleLedger, subdistributor
from distbilling.testing.sample_data import (
    MARIA,
    MORNING,
    commands_for,
    distributor,
    payment,
    sale,
    usd,
)
from distbilling.testing.strategies.values import money

NOTHING = usd("0.00")
UNBOUNDED = ChangeCredit("credit", MARIA, MORNING, "hudson", CreditTerms(Unlimited()))
MARCH = MORNING.replace(day=1, hour=5)
APRIL = MORNING.replace(month=4, day=1, hour=4)


def brackets(tiering=Tiering.MARGINAL) -> Brackets:
    return Brackets(
        (Bracket(NOTHING, usd("100"), Percent("10")), Bracket(usd("100"), None, Percent("20"))),
        tiering,
    )


def terms(schedule: Any = None, name="hudson", **changes: Any) -> ChangeTerms:
    found = brackets() if schedule is None else schedule
    return ChangeTerms(f"terms of {name}", MARIA, MORNING, name, Terms(found, found, **changes))


def earned(ledger: RuleLedger) -> list[Money]:
    return [entry.commission.earned for entry in ledger.journal if entry.commission is not None]


def test_each_slice_of_the_months_payments_earns_its_own_rate():
    ledger = RuleLedger(
        terms(), payment("a", "60.00"), payment("b", "60.00"), payment("c", "60.00")
    )
    assert earned(ledger) == [usd("6.00"), usd("8.00"), usd("12.00")]


def test_as_a_whole_a_payment_earns_the_rate_of_the_bracket_it_reaches():
    ledger = RuleLedger(
        terms(brackets(Tiering.WHOLE)),
        payment("a", "60.00"),
        payment("b", "39.99"),
        payment("c", "0.01"),
    )
    assert earned(ledger) == [usd("6.00"), usd("4.00"), usd("0.00")]
    ledger.accept(payment("d", "10.00"))
    assert earned(ledger)[-1] == usd("2.00")


def test_sales_and_payments_are_counted_apart():
    ledger = RuleLedger(
        terms(), sale("s", "100.00"), payment("p", "100.00"), sale("t", "10.00", "222")
    )
    assert earned(ledger) == [usd("10.00"), usd("10.00"), usd("2.00")]
    known = ledger.member("hudson")
    assert known.volume(CommissionKind.SALE, MARCH) == usd("110.00")
    assert known.volume(CommissionKind.PAYMENT, MARCH) == usd("100.00")
    assert known.volume(CommissionKind.PAYMENT, APRIL) == NOTHING
    assert set(known.volumes) == {
        PeriodVolume("hudson", CommissionKind.SALE, MARCH, usd("110.00")),
        PeriodVolume("hudson", CommissionKind.PAYMENT, MARCH, usd("100.00")),
    }


def test_volume_starts_anew_with_each_period_of_the_distributors_own_calendar():
    ledger = RuleLedger(
        terms(),
        payment("a", "100.00"),
        payment("last of March", "10.00", at=APRIL.subtract(microseconds=1)),
        payment("first of April", "10.00", at=APRIL),
        payment("second of April", "100.00", at=APRIL.add(days=1)),
    )
    assert earned(ledger) == [usd("10.00"), usd("2.00"), usd("1.00"), usd("11.00")]
    assert ledger.member("hudson").volume(CommissionKind.PAYMENT, APRIL) == usd("110.00")


def test_a_late_entry_counts_in_the_period_that_it_is_dated_in():
    ledger = RuleLedger(
        terms(), payment("a", "100.00"), payment("b", "100.00", at=APRIL), payment("late", "10.00")
    )
    assert earned(ledger) == [usd("10.00"), usd("10.00"), usd("2.00")]


def test_the_first_period_starts_when_the_distributor_was_created():
    created = MORNING.subtract(hours=1)
    late = attrs.evolve(distributor("late"), created=created)
    ledger = RuleLedger(*commands_for(late), terms(name="late"), payment("p", by="late"))
    assert ledger.member("late").volumes == (
        PeriodVolume("late", CommissionKind.PAYMENT, created, usd("10.00")),
    )


def test_each_level_counts_in_its_own_periods():
    week = attrs.evolve(
        subdistributor("tribeca", "hudson", "1", "1", "500.00"), cycle=Weekly("Asia/Tokyo")
    )
    ledger = RuleLedger(*commands_for(week), payment("p", by="tribeca"))
    monday = dt.datetime(2026, 2, 22, 15, tzinfo=dt.UTC)
    assert [volume.start for volume in ledger.member("tribeca").volumes] == [monday]
    assert [volume.start for volume in ledger.member("hudson").volumes] == [MARCH]


def test_a_level_counts_what_everybody_below_it_sells():
    ledger = RuleLedger(
        *CHAIN, payment("a", by="kiosk"), payment("b", "20.00", by="soho"), payment("c", "40.00")
    )
    volumes = [
        ledger.member(name).volume(CommissionKind.PAYMENT, MARCH)
        for name in ("kiosk", "soho", "hudson")
    ]
    assert volumes == [usd("10.00"), usd("30.00"), usd("70.00")]


def test_with_the_volume_of_a_reversal_gone_the_next_payment_starts_lower():
    ledger = RuleLedger(terms(), payment("a", "100.00"), payment("b", "50.00"))
    ledger.accept(Reverse("r", MARIA, APRIL, "a", Reversal.REFUND, usd("60.00")))
    ledger.accept(payment("c", "20.00"))
    assert earned(ledger) == [usd("10.00"), usd("10.00"), usd("3.00")]
    assert ledger.member("hudson").volume(CommissionKind.PAYMENT, MARCH) == usd("110.00")
    assert ledger.member("hudson").volume(CommissionKind.PAYMENT, APRIL) == NOTHING


def test_the_volume_of_a_correction_is_the_difference():
    ledger = RuleLedger(
        terms(), payment("a", "100.00"), Correct("c", MARIA, APRIL, "a", usd("30.00"))
    )
    assert ledger.member("hudson").volume(CommissionKind.PAYMENT, MARCH) == usd("30.00")
    ledger.accept(Correct("d", MARIA, APRIL, "a", usd("50.00")))
    assert ledger.member("hudson").volume(CommissionKind.PAYMENT, MARCH) == usd("50.00")


def test_a_sale_that_is_refused_or_free_or_not_yet_due_counts_nothing():
    ledger = RuleLedger(terms(), sale("free", "0.00"))
    assert not isinstance(ledger.give(sale("refused", "9999.00", "222")), Accepted)
    assert ledger.member("hudson").volumes == ()


CUTS = st.lists(st.integers(1, 40_000), min_size=1, max_size=6)


@given(
    parts=CUTS,
    method=st.sampled_from(
        [method for method in RoundingMethod if method is not RoundingMethod.MALAYSIAN]
    ),
    rates=st.tuples(*(st.integers(0, 100),) * 3),
    bounds=st.tuples(st.integers(1, 30_000), st.integers(1, 30_000)),
)
def test_under_marginal_brackets_it_does_not_matter_how_a_volume_is_split_into_payments(
    parts, method, rates, bounds
):
    low, high = bounds[0], sum(bounds)

    def cash(cents: int) -> Money:
        return Money(f"{cents // 100}.{cents % 100:02}", "USD")

    schedule = Brackets(
        (
            Bracket(NOTHING, cash(low), Percent(rates[0])),
            Bracket(cash(low), cash(high), Percent(rates[1])),
            Bracket(cash(high), None, Percent(rates[2])),
        )
    )
    ledger, at_once = (RuleLedger(UNBOUNDED, terms(schedule, rounding=method)) for _ in range(2))
    for number, cents in enumerate(parts):
        ledger.accept(payment(f"p-{number}", f"{cash(cents).amount:f}"))
    at_once.accept(payment("all", f"{cash(sum(parts)).amount:f}"))
    assert ledger.books() == at_once.books()
    assert ledger.member("hudson").volumes == at_once.member("hudson").volumes


@given(
    amounts=st.lists(money("USD", min_value="0.01", max_value="90"), min_size=1, max_size=5),
    order=st.randoms(),
)
def test_given_back_in_any_order_nothing_is_left_of_a_months_volume(amounts, order):
    ledger = RuleLedger(terms(Bounded(brackets(), cap=usd("5.00"))))
    for number, amount in enumerate(amounts):
        ledger.accept(payment(f"p-{number}", f"{amount.amount:f}"))
    back = [
        Reverse(f"r-{number}", MARIA, APRIL, f"p-{number}", Reversal.VOID)
        for number in range(len(amounts))
    ]
    order.shuffle(back)
    ledger.accept(*back)
    assert ledger.books() == {}
    assert ledger.member("hudson").volume(CommissionKind.PAYMENT, MARCH) == NOTHING


def test_what_is_given_back_is_taken_off_the_volume():
    ledger = RuleLedger(payment("p"))
    split: Any = ledger.journal[0].split
    back = claw_back(split, NOTHING, usd("1.00"))
    before = ledger.member("hudson").volume(CommissionKind.PAYMENT, MARCH)
    (after,) = volumes_after(ledger.facts.chain("hudson"), CommissionKind.PAYMENT, MORNING, back)
    assert after.volume == before - usd("1.00")


def test_a_distributor_without_any_volume_has_none_in_its_own_currency():
    facts = RuleLedger(CreateDistributor("d", MARIA, distributor("late")), facts=Facts()).facts
    assert facts.distributors_named(("late",))[0].volume(CommissionKind.SALE, MARCH) == NOTHING
