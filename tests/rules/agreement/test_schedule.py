"""Schedules: those that make no sense are refused with their figures; the others can be read."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import Money, Percent
from distbilling.errors import (
    CurrencyMismatch,
    InvalidFields,
    InvalidType,
    InvalidValue,
    PrecisionExceeded,
)
from distbilling.rules import fields
from distbilling.rules.agreement import schedule as schedule_module
from distbilling.rules.agreement.circumstances import Circumstances
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
from distbilling.rules.agreement.schedule_parts import asked_by, currency_of, money_in
from distbilling.testing.sample_data import usd
from distbilling.testing.strategies.schedules import schedules
from distbilling.testing.strategies.values import currencies

TEN = Percent("10")
FIVE = FlatFee(usd("5.00"))
EURO = FlatFee(Money("5.00", "EUR"))
NAMES: dict[str, object] = {**vars(schedule_module), "Money": Money, "Percent": Percent}


def bracket(lower: str, upper: str | None, schedule: Schedule = TEN) -> Bracket:
    return Bracket(usd(lower), None if upper is None else usd(upper), schedule)


def told_of(refused: Any) -> list[tuple[str, object, str]]:
    problems = (
        refused.value.problems if isinstance(refused.value, InvalidFields) else (refused.value,)
    )
    return [
        (problem.field, problem.value, problem.accepted)
        for problem in problems
        if isinstance(problem, InvalidValue)
    ]


@given(st.data(), currencies())
def test_a_schedule_is_a_value_that_its_repr_gives_back(data, currency):
    schedule = data.draw(schedules(currency))
    assert eval(repr(schedule), dict(NAMES)) == schedule  # noqa: S307 - that is what a repr is for
    for copied in (
        pickle.loads(pickle.dumps(schedule)),  # noqa: S301
        copy.copy(schedule),
        copy.deepcopy(schedule),
    ):
        assert copied == schedule
        assert hash(copied) == hash(schedule)


@given(st.data(), currencies())
def test_all_amounts_in_a_schedule_are_in_its_one_currency(data, currency):
    schedule = data.draw(schedules(currency))
    amounts = money_in(schedule)
    assert {amount.currency for amount in amounts} <= {currency}
    assert currency_of(schedule) is (currency if amounts else None)
    assert str(schedule).count("Money(") == len(amounts)


@given(st.data(), currencies(), st.sampled_from(("en", "de", "ja")))
def test_every_schedule_can_be_read(data, currency, locale):
    schedule = data.draw(schedules(currency))
    said = schedule.format(locale)
    for amount in money_in(schedule):
        assert amount.format(locale, exact=True) in said
    if not isinstance(schedule, Percent):
        assert schedule._repr_html_().startswith("<table><tr>")


@given(st.data(), currencies())
def test_what_a_schedule_asks_is_told_by_name(data, currency):
    schedule = data.draw(schedules(currency))
    said = repr(schedule)
    asked = {
        name
        for name, sign in (
            ("items", "Per.ITEM"),
            ("so_far", "Measure.PERIOD_VOLUME"),
            ("months", "ByAge("),
        )
        if sign in said
    }
    assert asked_by(schedule) == asked


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (FIVE, "$5.00"),
        (FlatFee(usd("0.00025"), Per.ITEM), "$0.00025 for each item"),
        (Sum((TEN,)), "10%"),
        (Sum((TEN, FIVE, FlatFee(usd("1"), Per.ITEM))), "10% plus $5.00 plus $1.00 for each item"),
        (Sum((Bounded(TEN, cap=usd("2")), FIVE)), "(10%, at most $2.00) plus $5.00"),
        (Bounded(TEN, minimum=usd("1")), "10%, at least $1.00"),
        (Bounded(TEN, minimum=usd("1"), cap=usd("2")), "10%, at least $1.00, at most $2.00"),
        (Bounded(Sum((TEN, FIVE)), cap=usd("9")), "(10% plus $5.00), at most $9.00"),
        (Brackets((bracket("0", "5.005"), bracket("5.005", None))),
         "10% from $0.00 to $5.005; 10% from $5.005 (by the period's volume, slice by slice)"),
        (Brackets((bracket("0", None),), measure=Measure.OPERATION),
         "10% from $0.00 (by the operation, slice by slice)"),
        (Brackets((bracket("0", None, Sum((TEN, FIVE))),), Tiering.WHOLE),
         "(10% plus $5.00) from $0.00 (by the period's volume, one rate for the whole operation)"),
        (Brackets((bracket("0", None, FIVE),), Tiering.WHOLE, Measure.OPERATION),
         "$5.00 from $0.00 (by the operation, one rate for all of it)"),
        (ByAge((Stage(3, TEN), Stage(1, FIVE), Stage(None, Bounded(TEN, cap=usd("1"))))),
         "10% in months 1 to 3; $5.00 in months 4 to 4; (10%, at most $1.00) from month 5 on"),
    ],
)  # fmt: skip
def test_a_schedule_reads_like_a_contract(schedule, said):
    assert schedule.format() == said


@pytest.mark.parametrize(
    ("schedule", "cells"),
    [
        (FIVE, [["fee", "$5.00"]]),
        (Sum((TEN, FIVE)), [["", "10%"], ["plus", "$5.00"]]),
        (
            Bounded(TEN, minimum=usd("1"), cap=usd("2.5")),
            [["rate", "10%"], ["at least", "$1.00"], ["at most", "$2.50"]],
        ),
        (Bounded(TEN, cap=usd("2")), [["rate", "10%"], ["at most", "$2.00"]]),
        (Brackets((bracket("0", "5.005"), bracket("5.005", None))),
         [["$0.00", "$5.005", "10%"], ["$5.005", "", "10%"]]),
        (ByAge((Stage(3, TEN), Stage(None, FIVE))), [["3 months", "10%"], ["then", "$5.00"]]),
    ],
)  # fmt: skip
def test_a_notebook_shows_a_schedule_as_a_small_table(schedule, cells):
    left = 'style="text-align: left"'
    rows = (
        f"<tr><th {left}>{head}</th>{''.join(f'<td {left}>{cell}</td>' for cell in rest)}</tr>"
        for head, *rest in cells
    )
    assert schedule._repr_html_() == f"<table>{''.join(rows)}</table>"


def test_a_bracket_and_a_line_are_read_by_themselves_too():
    assert bracket("5", "9").format() == "10% from $5.00 to $9.00"
    said = Bracket(usd("5.005"), usd("9.005"), TEN).format("de")
    assert all(
        told in said
        for told in (
            TEN.format("de"),
            *(usd(bound).format("de", exact=True) for bound in ("5.005", "9.005")),
        )
    )


def test_marginal_brackets_know_what_they_give_up_to_each_bound():
    tiers = Brackets(
        (
            bracket("0", "100", Percent("30")),
            bracket("100", "1000", Percent("12.5")),
            bracket("1000", None),
        )
    )
    assert [Fraction(lower) for lower in tiers.lowers] == [0, 100, 1000]
    assert [Fraction(total) for total in tiers.totals] == [0, 30, Fraction("142.5")]
    assert [Fraction(fraction) for fraction in tiers.fractions] == [
        Fraction("0.3"),
        Fraction("0.125"),
        Fraction("0.1"),
    ]


@pytest.mark.parametrize(
    ("kind", "arguments", "field", "value", "accepted"),
    [
        (FlatFee, (usd("-0.01"),), "amount", usd("-0.01"), "an amount of zero or more"),
        (Sum, ((),), "parts", (), "at least one part"),
        (Bounded, (TEN,), "cap", None, "a minimum, a cap, or both"),
        (Bounded, (TEN, usd("-0.01")), "minimum", usd("-0.01"), "an amount of zero or more"),
        (Bounded, (TEN, None, usd("-0.01")), "cap", usd("-0.01"), "an amount of zero or more"),
        (Bounded, (TEN, usd("0.005")), "minimum", usd("0.005"), "whole minor units of USD"),
        (Bounded, (TEN, None, usd("0.005")), "cap", usd("0.005"), "whole minor units of USD"),
        (Bounded, (TEN, None, Money("1", "XAU")), "cap", Money("1", "XAU"),
         "whole minor units of XAU"),
        (Bounded, (TEN, usd("5.00"), usd("4.99")), "cap", usd("4.99"),
         "at least the minimum, 5.00 USD"),
        (Bracket, (usd("-1"), None, TEN), "lower", usd("-1"), "an amount of zero or more"),
        (Bracket, (usd("5"), usd("5"), TEN), "upper", usd("5"),
         "an amount above the lower bound, 5.00 USD"),
        (Bracket, (usd("5.5"), usd("5"), TEN), "upper", usd("5"),
         "an amount above the lower bound, 5.50 USD"),
        (Bracket, (Money("5", "XAU"), Money("5", "XAU"), TEN), "upper", Money("5", "XAU"),
         "an amount above the lower bound, 5 XAU"),
        (Brackets, ((),), "brackets", (), "at least one bracket"),
        (Brackets, ((bracket("1", None),),), "brackets[0].lower", usd("1"),
         "zero: the first bracket starts there"),
        (Brackets, ((bracket("0", "5"), bracket("6", None)),), "brackets[1].lower", usd("6"),
         "5.00 USD, where the bracket before it ends: no rate is given between"),
        (Brackets, ((bracket("0", "5"), bracket("4", None)),), "brackets[1].lower", usd("4"),
         "5.00 USD, where the bracket before it ends: two rates are given between"),
        (Brackets, ((bracket("0", None), bracket("4", None)),), "brackets[0].upper", None,
         "4.00 USD, where the next bracket starts"),
        (Brackets, ((bracket("0", "5"), bracket("5", "6")),), "brackets[1].upper", usd("6"),
         "None: the last bracket has no end"),
        (Stage, (0, TEN), "months", 0, "a whole number of 1 or more"),
        (ByAge, ((),), "stages", (), "at least one stage"),
        (ByAge, ((Stage(3, TEN), Stage(2, TEN)),), "stages[1].months", 2,
         "None: the last stage has no end"),
        (ByAge, ((Stage(None, TEN), Stage(None, TEN)),), "stages[0].months", None,
         "a number of months: another stage follows"),
        (Circumstances, (0,), "items", 0, "a whole number of 1 or more"),
        (Circumstances, (1, usd("-1")), "so_far", usd("-1"), "an amount of zero or more"),
        (Circumstances, (1, None, -1), "months", -1, "a whole number of 0 or more"),
        (Circumstances, (1, None, 0, usd("-1")), "tax", usd("-1"), "an amount of zero or more"),
        (Circumstances, (1, None, 0, None, usd("-1")), "discount", usd("-1"),
         "an amount of zero or more"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_the_numbers(kind, arguments, field, value, accepted):
    with pytest.raises(InvalidValue) as refused:
        kind(*arguments)
    assert told_of(refused) == [(field, value, accepted)]


@pytest.mark.parametrize(
    ("kind", "arguments", "field"),
    [
        (FlatFee, (5,), "amount"),
        (FlatFee, (usd("5"), "item"), "per"),
        (Sum, ([TEN],), "parts"),
        (Sum, ((TEN, "5"),), "parts"),
        (Bounded, ("10", usd("5")), "schedule"),
        (Bounded, (TEN, 5), "minimum"),
        (Bounded, (TEN, None, 5), "cap"),
        (Bracket, (0, None, TEN), "lower"),
        (Bracket, (usd("0"), 5, TEN), "upper"),
        (Bracket, (usd("0"), None, 10), "schedule"),
        (Brackets, ([bracket("0", None)],), "brackets"),
        (Brackets, ((TEN,),), "brackets"),
        (Brackets, ((bracket("0", None),), "whole"), "tiering"),
        (Brackets, ((bracket("0", None),), Tiering.WHOLE, "operation"), "measure"),
        (Brackets, ((bracket("0", "5"), bracket("5", None, FIVE)),), "brackets[1].schedule"),
        (Stage, (True, TEN), "months"),
        (Stage, (1, 10), "schedule"),
        (ByAge, ([Stage(None, TEN)],), "stages"),
        (ByAge, ((TEN,),), "stages"),
        (Circumstances, (True,), "items"),
        (Circumstances, (1, 900), "so_far"),
        (Circumstances, (1, None, 1.5), "months"),
        (Circumstances, (1, None, None, "1"), "tax"),
        (Circumstances, (1, None, None, None, "1"), "discount"),
    ],
)
def test_what_is_of_another_type_is_refused_by_name(kind, arguments, field):
    with pytest.raises(InvalidType) as refused:
        kind(*arguments)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        (Sum, ((FIVE, EURO),)),
        (Bounded, (EURO, usd("5"))),
        (Bounded, (TEN, Money("5", "EUR"), usd("5"))),
        (Bounded, (Sum((TEN, EURO)), None, usd("5"))),
        (Bracket, (usd("0"), Money("5", "EUR"), TEN)),
        (Bracket, (usd("0"), None, EURO)),
        (Brackets, ((bracket("0", "5"), Bracket(Money("5", "EUR"), None, TEN)),)),
        (ByAge, ((Stage(1, FIVE), Stage(None, EURO)),)),
        (Circumstances, (1, usd("1"), None, Money("1", "EUR"))),
        (Circumstances, (1, usd("1"), None, None, Money("1", "EUR"))),
    ],
)
def test_two_currencies_in_one_schedule_are_refused(kind, arguments):
    with pytest.raises(CurrencyMismatch):
        kind(*arguments)


def test_all_that_is_wrong_with_brackets_is_told_at_once():
    with pytest.raises(InvalidFields) as refused:
        Brackets((bracket("1", "5"), bracket("6", "9"), bracket("8", "10")))
    assert [field for field, _, _ in told_of(refused)] == [
        "brackets[0].lower",
        "brackets[1].lower",
        "brackets[2].lower",
        "brackets[2].upper",
    ]
    with pytest.raises(InvalidFields) as refused:
        ByAge((Stage(None, TEN), Stage(3, TEN)))
    assert [field for field, _, _ in told_of(refused)] == ["stages[0].months", "stages[1].months"]


def test_brackets_whose_totals_no_amount_can_hold_are_refused_when_they_are_made():
    huge = "9" * 30 + ".12345"
    with pytest.raises(PrecisionExceeded) as refused:
        Brackets((bracket("0", huge, Percent("12.345")), bracket(huge, None)))
    assert refused.value.operation == "brackets"
    Brackets((bracket("0", huge, Percent("12.345")), bracket(huge, None)), Tiering.WHOLE)


def test_a_whole_bracket_may_have_any_schedule():
    banded = Brackets(
        (bracket("0", "5", FIVE), bracket("5", None, ByAge((Stage(None, TEN),)))), Tiering.WHOLE
    )
    assert banded.fractions == ()
    assert money_in(banded) == (usd("0"), usd("5"), usd("5"), usd("5"))


def test_a_host_that_switches_validators_off_gets_no_senseless_schedule():
    attrs.validators.set_disabled(True)
    try:
        with pytest.raises(InvalidValue):
            FlatFee(usd("-1"))
        with pytest.raises(InvalidType):
            Sum(([TEN],))  # type: ignore[arg-type]
    finally:
        attrs.validators.set_disabled(False)


def test_no_amounts_are_in_one_currency():
    fields.check_one_currency(())
