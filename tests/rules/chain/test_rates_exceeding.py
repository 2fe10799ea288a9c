"""Rates of a child that can exceed its parent's, against a search over amounts and ages."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import pairwise

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import Money, Percent, Terms
from distbilling.errors import CurrencyMismatch
from distbilling.rules.agreement.origin import Origin, RateOrigin
from distbilling.rules.agreement.schedule import (
    Bounded,
    Bracket,
    Brackets,
    ByAge,
    FlatFee,
    Measure,
    Per,
    Schedule,
    Stage,
    Sum,
    Tiering,
)
from distbilling.rules.agreement.terms import CommissionKind, Rate, RateInForce, Subject
from distbilling.rules.chain.pieces import Piece, exceeds_somewhere, pieces_of
from distbilling.rules.chain.rate_above import RateAbove, can_exceed, rates_exceeding
from distbilling.testing.sample_data import usd
from distbilling.testing.strategies.schedules import schedules

SALE, PAYMENT = CommissionKind.SALE, CommissionKind.PAYMENT
AMOUNTS = st.fractions(0, 3000, max_denominator=1000)


def gives(schedule: Schedule, amount: Fraction, items: int) -> Fraction:
    """Compute what a schedule gives on an operation alone."""
    match schedule:
        case Percent(value):
            return amount * Fraction(value) / 100
        case FlatFee(fee, per):
            return Fraction(fee.amount) * (items if per is Per.ITEM else 1)
        case Sum(parts):
            return sum((gives(part, amount, items) for part in parts), Fraction(0))
        case Bounded(inner, minimum, cap):
            figure = gives(inner, amount, items)
            figure = figure if minimum is None else max(figure, Fraction(minimum.amount))
            return figure if cap is None else min(figure, Fraction(cap.amount))
        case Brackets(brackets, Tiering.WHOLE):
            reached = [bracket for bracket in brackets if Fraction(bracket.lower.amount) <= amount][
                -1
            ]
            return gives(reached.schedule, amount, items)
        case Brackets(brackets):
            total = Fraction(0)
            for bracket in brackets:
                top = (
                    amount if bracket.upper is None else min(amount, Fraction(bracket.upper.amount))
                )
                total += gives(
                    bracket.schedule, max(Fraction(0), top - Fraction(bracket.lower.amount)), items
                )
            return total
        case ByAge():
            raise AssertionError(schedule)


def looks_at_the_operation_alone(schedule: Schedule) -> bool:
    return "PERIOD_VOLUME" not in repr(schedule) and "ByAge" not in repr(schedule)


OPERATIONS = schedules("USD").filter(looks_at_the_operation_alone)


@given(schedules("USD"), AMOUNTS, st.integers(1, 5))
def test_the_pieces_of_a_schedule_give_what_it_gives(schedule, amount, items):
    pieces = pieces_of(schedule, items)
    if looks_at_the_operation_alone(schedule):
        assert pieces is not None
        starts = [piece.start for piece in pieces]
        assert starts == sorted(set(starts))
        assert starts[0] == 0
        assert [piece for piece in pieces if piece.start <= amount][-1].at(amount) == gives(
            schedule, amount, items
        )
    else:
        assert pieces is None


@given(
    OPERATIONS, OPERATIONS, st.sets(AMOUNTS, min_size=5, max_size=20), st.sampled_from((1, 1000))
)
def test_what_is_found_above_on_some_amount_is_told(child, parent, amounts, items):
    found = any(
        min(amount, gives(child, amount, items)) > min(amount, gives(parent, amount, items))
        for amount in amounts
    )
    if found:
        assert can_exceed(child, parent)


@given(OPERATIONS, OPERATIONS, st.none() | st.integers(1, 500).map(Fraction))
def test_what_is_told_to_be_above_is_above_on_some_amount(child, parent, most):
    first, second = pieces_of(child), pieces_of(parent)
    assert first is not None
    assert second is not None
    starts = {Fraction(1), Fraction(10**9)} | {piece.start for piece in (*first, *second)}
    for one in (*first, *second):
        for other in (*first, *second, Piece(Fraction(0), Fraction(1), Fraction(0))):
            if one.slope != other.slope:
                starts.add((other.offset - one.offset) / (one.slope - other.slope))
    stop = Fraction(2 * 10**9) if most is None else most
    bounds = [Fraction(0), *sorted(start for start in starts if 0 < start < stop), stop]
    amounts = {
        each
        for start, end in pairwise(bounds)
        for each in (
            start,
            start + (end - start) / 10**12,
            (start + end) / 2,
            end - (end - start) / 10**12,
        )
    }
    found = any(
        min(amount, gives(child, amount, 1)) > min(amount, gives(parent, amount, 1))
        for amount in amounts
    )
    assert exceeds_somewhere(first, second, most) == found


@given(schedules("USD"))
def test_no_rate_comes_out_above_itself(schedule):
    assert not can_exceed(schedule, schedule)


def brackets(*rates: tuple[str, str], tiering: Tiering = Tiering.MARGINAL) -> Brackets:
    bounds = [*(usd(lower) for lower, _ in rates), None]
    made = (
        Bracket(usd(lower), upper, Percent(rate))
        for (lower, rate), upper in zip(rates, bounds[1:], strict=True)
    )
    return Brackets(tuple(made), tiering)


TEN, FIVE_DOLLARS = Percent("10"), FlatFee(usd("5"))
LOW, HIGH = brackets(("0", "10"), ("100", "5")), brackets(("0", "15"), ("100", "5"))


@pytest.mark.parametrize(
    ("child", "parent", "is_above"),
    [
        (Percent("10"), Percent("10"), False),
        (Percent("10.001"), Percent("10"), True),
        (FlatFee(usd("1.01")), FlatFee(usd("1")), True),
        (FlatFee(usd("1")), FlatFee(usd("1")), False),
        (TEN, FIVE_DOLLARS, True),
        (FIVE_DOLLARS, TEN, True),
        (FlatFee(usd("0.01"), Per.ITEM), FlatFee(usd("9")), True),
        (FlatFee(usd("1"), Per.ITEM), FlatFee(usd("1"), Per.ITEM), False),
        (Sum((Percent("5"), Percent("2"))), Sum((Percent("4"), Percent("4"))), False),
        (Sum((Percent("5"), FIVE_DOLLARS)), Sum((Percent("6"), FlatFee(usd("4")))), True),
        (FlatFee(usd("1.01")), Sum((Percent("90"), FlatFee(usd("1")))), False),
        (FIVE_DOLLARS, Percent("100"), False),
        (Bounded(TEN, cap=usd("5")), Bounded(TEN, cap=usd("5")), False),
        (Bounded(TEN, cap=usd("6")), Bounded(TEN, cap=usd("5")), True),
        (Bounded(TEN, cap=usd("4")), Bounded(TEN, cap=usd("5")), False),
        (Bounded(TEN, minimum=usd("1")), TEN, True),
        (TEN, Bounded(Percent("9"), minimum=usd("1")), True),
        (LOW, HIGH, False),
        (HIGH, LOW, True),
        (LOW, TEN, False),
        (HIGH, TEN, True),
        (TEN, HIGH, True),
        (Percent("5"), HIGH, False),
        (brackets(("0", "10"), ("200", "7")), HIGH, True),
        (brackets(("0", "15"), ("90", "5")), HIGH, False),
        (brackets(("0", "15"), ("110", "5")), HIGH, True),
        (brackets(("0", "10"), ("100", "5"), tiering=Tiering.WHOLE), LOW, False),
        (brackets(("0", "10"), ("100", "6"), tiering=Tiering.WHOLE), LOW, True),
        (brackets(("0", "10"), ("100", "5"), tiering=Tiering.WHOLE), FlatFee(usd("10")), True),
        (brackets(("0", "10"), ("100", "0"), tiering=Tiering.WHOLE), FlatFee(usd("10")), False),
        (brackets(("0", "10"), ("101", "0"), tiering=Tiering.WHOLE), FlatFee(usd("10")), True),
        (brackets(("0", "0"), ("50", "10"), ("101", "0")), FlatFee(usd("10")), False),
        (brackets(("0", "0"), ("50", "10"), ("151", "0")), FlatFee(usd("10")), True),
        (ByAge((Stage(3, TEN), Stage(None, Percent("5")))), TEN, False),
        (ByAge((Stage(3, Percent("11")), Stage(None, Percent("5")))), TEN, True),
        (TEN, ByAge((Stage(3, TEN), Stage(None, Percent("9")))), True),
        (ByAge((Stage(3, TEN), Stage(None, Percent("5")))), ByAge((Stage(3, TEN), Stage(None,
         Percent("5")))), False),
        (ByAge((Stage(4, TEN), Stage(None, Percent("5")))), ByAge((Stage(3, TEN), Stage(None,
         Percent("5")))), True),
        (ByAge((Stage(2, TEN), Stage(None, Percent("5")))), ByAge((Stage(3, TEN), Stage(None,
         Percent("5")))), False),
        (ByAge((Stage(None, HIGH),)), ByAge((Stage(1, HIGH), Stage(None, LOW))), True),
        (Sum((HIGH, TEN)), Percent("1"), True),
        (Sum((HIGH,)), HIGH, False),
        (Sum((LOW, FlatFee(usd("0.01")))), LOW, True),
        (Bounded(HIGH, cap=usd("5")), Bounded(HIGH, cap=usd("5")), False),
        (Bounded(HIGH, cap=usd("5")), Bounded(HIGH, cap=usd("4")), True),
        (FlatFee(usd("0.01"), Per.ITEM), FlatFee(usd("1000000")), True),
        (Brackets((Bracket(usd("0"), None, ByAge((Stage(None, TEN),))),), Tiering.WHOLE,
         Measure.OPERATION),
         Percent("1"), True),
        (Brackets((Bracket(usd("0"), None, Bounded(HIGH, cap=usd("1"))),), Tiering.WHOLE),
         Percent("1"), True),
        (Bounded(ByAge((Stage(None, TEN),)), usd("1"), usd("2")), Percent("1"), True),
        (TEN, Bounded(HIGH, cap=usd("0")), True),
    ],
)  # fmt: skip
def test_whether_a_childs_rate_can_come_out_above_its_parents(child, parent, is_above):
    assert can_exceed(child, parent) == is_above


def test_rates_in_different_currencies_are_not_compared():
    with pytest.raises(CurrencyMismatch):
        can_exceed(FlatFee(usd("1")), FlatFee(Money("1", "EUR")))
    with pytest.raises(CurrencyMismatch):
        rates_exceeding(Terms(FlatFee(usd("1")), TEN), Terms(TEN, FlatFee(Money("1", "EUR"))))


def test_terms_are_compared_for_both_kinds():
    child, parent = Terms(Percent("20"), Percent("12")), Terms(Percent("15"), Percent("10"))
    assert [
        (each.kind, each.subject, each.since, each.until) for each in rates_exceeding(child, parent)
    ] == [
        (SALE, Subject(), None, None),
        (PAYMENT, Subject(), None, None),
    ]
    assert rates_exceeding(parent, child) == ()
    assert [each.kind for each in rates_exceeding(Terms(Percent("15"), Percent("12")), parent)] == [
        PAYMENT
    ]


def test_terms_are_compared_for_every_subject_that_either_names():
    child = Terms(
        TEN, TEN, rates=(Rate(SALE, Percent("20"), "Gold"), Rate(SALE, Percent("30"), batch="B1"))
    )
    parent = Terms(
        TEN, TEN, rates=(Rate(SALE, Percent("25"), "Gold"), Rate(SALE, Percent("5"), "Tin"))
    )
    batch = RateInForce(Percent("30"), Origin(RateOrigin.BATCH, "B1"))
    gold, tin = (
        RateInForce(Percent(rate), Origin(RateOrigin.PRODUCT, name))
        for rate, name in ((25, "Gold"), (5, "Tin"))
    )
    default = RateInForce(TEN, Origin(RateOrigin.DEFAULT_SALES_COMMISSION))
    assert rates_exceeding(child, parent) == (
        RateAbove(SALE, Subject("Tin"), None, None, default, tin),
        RateAbove(SALE, Subject(None, "B1"), None, None, batch, default),
        RateAbove(SALE, Subject("Gold", "B1"), None, None, batch, gold),
        RateAbove(SALE, Subject("Tin", "B1"), None, None, batch, tin),
    )


def test_terms_are_compared_at_all_times_each_in_its_zone():
    march, may = dt.date(2026, 3, 1), dt.date(2026, 5, 1)
    child = Terms(
        TEN, TEN, rates=(Rate(SALE, Percent("20"), since=march),), zone="America/New_York"
    )
    parent = Terms(
        TEN, TEN, rates=(Rate(SALE, Percent("20"), since=march, until=may),), zone="Europe/Berlin"
    )
    new_york, berlin = pendulum.datetime(2026, 3, 1, 5), pendulum.datetime(2026, 2, 28, 23)
    assert [(each.since, each.until) for each in rates_exceeding(child, parent)] == [
        (pendulum.datetime(2026, 4, 30, 22), None)
    ]
    assert [(each.since, each.until) for each in rates_exceeding(parent, child)] == [
        (berlin, new_york)
    ]


def test_a_time_is_not_cut_where_only_another_rate_changes():
    days = [dt.date(2026, month, 1) for month in (3, 5, 7)]
    tin = Rate(SALE, Percent("1"), "Tin", since=days[1], until=days[2])
    child = Terms(
        TEN, TEN, rates=(Rate(SALE, Percent("20"), "Gold", since=days[0]), tin), zone="Etc/UTC"
    )
    (found,) = rates_exceeding(child, Terms(TEN, TEN))
    assert (found.subject, found.since, found.until) == (
        Subject("Gold"),
        pendulum.datetime(2026, 3, 1),
        None,
    )
    apart = [
        Rate(SALE, Percent("20"), since=days[0], until=days[1]),
        Rate(SALE, Percent("21"), since=days[1], until=days[2]),
    ]
    child = Terms(TEN, TEN, rates=(*apart, tin), zone="Etc/UTC")
    assert [each.child.schedule for each in rates_exceeding(child, Terms(TEN, TEN))] == [
        Percent("20"),
        Percent("21"),
    ]


def test_where_a_rate_is_above_can_be_read():
    child = Terms(
        TEN,
        TEN,
        rates=(Rate(SALE, Percent("20"), "Gold", since=dt.date(2026, 3, 1)),),
        zone="Etc/UTC",
    )
    (found,) = rates_exceeding(child, Terms(TEN, TEN))
    assert found.explain() == (
        "20% (rate of the product Gold from Mar 1, 2026 on) can come out above the parent's "
        "10% (default sales commission)."
    )
