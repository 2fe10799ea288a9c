"""Every commission can be computed again by hand from its explanation alone."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, assert_never

from hypothesis import given
from hypothesis import strategies as st

from distbilling import Money, Percent, Rounding, RoundingMethod
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
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
from distbilling.rules.commission import Commission, commission_on
from distbilling.rules.commission.explanation import Step
from distbilling.rules.commission.working import Line
from distbilling.testing.strategies.schedules import circumstances, schedules
from distbilling.testing.strategies.values import currencies, money

BASES = st.builds(Basis, st.sampled_from(TaxBasis), st.sampled_from(DiscountBasis))
ROUNDINGS = st.builds(Rounding, st.sampled_from(RoundingMethod), st.none() | st.integers(0, 4))

NAMES = {
    Percent: "percentage",
    Bracket: "slice",
    FlatFee: "fee",
    Sum: "sum",
    Bounded: "bounded",
    Brackets: "brackets",
}
"""What a line that gives a figure is called; those that lead to others are a bracket or a stage."""


@st.composite
def commissions(draw):
    currency = draw(currencies())
    places = draw(st.sampled_from((currency.digits, currency.digits, 5)))
    amount = draw(money(currency, min_value=-3000, max_value=3000, places=places))
    told = draw(circumstances(amount))
    at_most = draw(st.none() | money(currency, min_value=0, max_value=500))
    return commission_on(
        amount,
        draw(schedules(currency)),
        draw(ROUNDINGS),
        basis=draw(BASES),
        circumstances=told,
        at_most=at_most,
    )


def rounded(value: Fraction, rounding: Rounding, digits: int) -> Fraction:
    """Round by whole units, without the library."""
    places = digits if rounding.places is None else rounding.places
    units, rest = divmod(abs(value) * 10**places, 1)
    match rounding.method:
        case RoundingMethod.DOWN:
            pass
        case RoundingMethod.HALF_AWAY_FROM_ZERO:
            units += rest >= Fraction(1, 2)
        case RoundingMethod.AWAY_FROM_ZERO:
            units += rest > 0
        case RoundingMethod.HALF_EVEN:
            units += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and units % 2 == 1)
        case RoundingMethod.MALAYSIAN:
            units = units - units % 10 + (0, 0, 0, 5, 5, 5, 5, 5, 10, 10)[int(units % 10)]
        case _:
            assert_never(rounding.method)
    return Fraction(int(units), 10**places)


def number(amount: Money) -> Fraction:
    return Fraction(amount.amount)


class Hand:
    """Somebody who has nothing but the steps, paper and pencil."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self.told: dict[str, Any] = {step.name: step.value for step in steps}
        self.lines = [step.value for step in steps if isinstance(step.value, Line)]
        self.digits = self.told["base"].currency.digits
        self.amount = abs(number(self.told.get("amount", self.told["base"])))
        self.base = self.amount
        if "tax" in self.told:
            self.base -= number(self.told["tax"])
        if "discount" in self.told:
            self.base += number(self.told["discount"])
        self.volume = number(self.told["so_far"]) if "so_far" in self.told else Fraction(0)

    def earned(self) -> Fraction:
        if self.base == 0:
            return Fraction(0)
        schedule = self.in_effect(self.told["rate"])
        rounding = self.told["rounding"]
        figure = rounded(self.gives(schedule), rounding, self.digits)
        if isinstance(schedule, Brackets) and schedule.measure is Measure.PERIOD_VOLUME:
            before, after = (
                self.slices(schedule, volume) for volume in (self.volume, self.volume + self.base)
            )
            figure = rounded(after, rounding, self.digits) - rounded(before, rounding, self.digits)
        figure = min(self.within(schedule, figure), self.amount)
        return min(figure, abs(number(self.told["at_most"]))) if "at_most" in self.told else figure

    def gives(self, schedule: Schedule) -> Fraction:
        match schedule:
            case Percent():
                return self.base * Fraction(schedule.value) / 100
            case FlatFee():
                return number(schedule.amount) * (
                    self.told["items"] if schedule.per is Per.ITEM else 1
                )
            case Sum():
                return sum((self.gives(part) for part in schedule.parts), Fraction(0))
            case Bounded():
                return self.bounded(schedule, self.gives(schedule.schedule))
            case Brackets() if schedule.tiering is Tiering.MARGINAL:
                start = self.volume if schedule.measure is Measure.PERIOD_VOLUME else Fraction(0)
                return self.slices(schedule, start + self.base) - self.slices(schedule, start)
            case _:
                return self.gives(self.in_effect(schedule))

    def in_effect(self, schedule: Schedule) -> Schedule:
        if isinstance(schedule, ByAge):
            months = self.told["months"]
            for stage in schedule.stages:
                if stage.months is None or months < stage.months:
                    return self.in_effect(stage.schedule)
                months -= stage.months
        if isinstance(schedule, Brackets) and schedule.tiering is Tiering.WHOLE:
            volume = self.base + (self.volume if schedule.measure is Measure.PERIOD_VOLUME else 0)
            for bracket in schedule.brackets:
                if bracket.upper is None or volume < number(bracket.upper):
                    return self.in_effect(bracket.schedule)
        return schedule

    def slices(self, schedule: Brackets, volume: Fraction) -> Fraction:
        total = Fraction(0)
        for bracket in schedule.brackets:
            assert isinstance(bracket.schedule, Percent)
            top = volume if bracket.upper is None else min(volume, number(bracket.upper))
            total += (
                max(Fraction(0), top - number(bracket.lower))
                * Fraction(bracket.schedule.value)
                / 100
            )
        return total

    def within(self, schedule: Schedule, figure: Fraction) -> Fraction:
        if isinstance(schedule, Bounded):
            return self.bounded(schedule, self.within(schedule.schedule, figure))
        return figure

    @staticmethod
    def bounded(schedule: Bounded, figure: Fraction) -> Fraction:
        if schedule.minimum is not None:
            figure = max(figure, number(schedule.minimum))
        return figure if schedule.cap is None else min(figure, number(schedule.cap))

    def from_lines(self) -> Fraction:
        """Work through the lines alone: each takes from the pile what the lines above it gave."""
        pile: list[tuple[Fraction, Fraction]] = []
        for line in self.lines:
            on, gives = abs(number(line.on)), abs(number(line.gives))
            if line.name == "bracket":
                assert isinstance(line.rule, Bracket)
                assert number(line.rule.lower) <= on
                assert line.rule.upper is None or on < number(line.rule.upper)
            elif isinstance(line.rule, Stage):
                assert line.name == "stage"
            else:
                assert self.from_line(line, on, pile) == gives
                pile.append((on, gives))
        ((_, exact),) = pile
        return exact

    def from_line(
        self, line: Line, on: Fraction, pile: list[tuple[Fraction, Fraction]]
    ) -> Fraction:
        assert line.name == NAMES[type(line.rule)]
        match line.rule:
            case Percent() | Bracket(_, _, Percent()):
                rate = line.rule if isinstance(line.rule, Percent) else line.rule.schedule
                assert isinstance(rate, Percent)
                return on * Fraction(rate.value) / 100
            case FlatFee():
                return self.gives(line.rule)
            case Sum():
                return sum((pile.pop()[1] for _ in line.rule.parts), Fraction(0))
            case Bounded():
                return self.bounded(line.rule, pile.pop()[1])
            case _:
                figure = Fraction(0)
                while on > 0:
                    part, given_by_it = pile.pop()
                    on, figure = on - part, figure + given_by_it
                return figure


@given(commissions())
def test_what_is_earned_can_be_computed_again_from_the_steps_alone(commission: Commission):
    hand = Hand(commission.steps)
    sign = -1 if commission.amount.is_negative else 1
    assert number(commission.base) == sign * hand.base
    assert number(commission.earned) == sign * hand.earned()
    assert number(commission.owed) == sign * (hand.amount - hand.earned())


@given(commissions())
def test_the_lines_of_the_steps_lead_to_the_exact_figure(commission: Commission):
    hand = Hand(commission.steps)
    if hand.lines:
        assert hand.from_lines() == abs(number(commission.exact)) == hand.gives(commission.rate)
    else:
        assert isinstance(commission.rate, Percent) or commission.base.is_zero


@given(commissions())
def test_the_figures_of_the_steps_fit_each_other(commission: Commission):
    told: dict[str, Any] = {step.name: step.value for step in commission.steps}
    assert told["earned"] == commission.earned == commission.exact + commission.remainder
    assert told["earned"] + told["owed"] == commission.amount
    assert told["remainder"] == told["earned"] - told["exact"]
    if "after" in told:
        before, after = told["before"], told["after"]
        assert after.volume - before.volume == commission.base
        assert after.exact - before.exact == commission.exact
        assert after.rounded - before.rounded == told.get("rounded", commission.earned)
        assert before.rounded == commission.rounding.apply(before.exact)
        assert after.rounded == commission.rounding.apply(after.exact)
    for name in ("not_above_amount", "not_above_parent"):
        if name in told:
            assert told[name] == commission.earned
            assert abs(told.get("bounded_again", told["rounded"])) > abs(commission.earned)
    assert abs(commission.earned) <= abs(commission.amount)
    assert (
        commission.earned.is_zero or commission.earned.is_negative == commission.amount.is_negative
    )


@given(commissions(), st.integers(1, 99))
def test_a_fee_for_each_item_is_told_with_the_fee_and_what_it_gives(commission: Commission, items):
    fee = FlatFee(abs(commission.exact), Per.ITEM)
    line = Line("fee", fee, commission.amount, fee.amount * items)
    assert fee.amount.format("de", exact=True) in line.format("de")
    assert line.gives.format("de", exact=True) in line.format("de")


@given(commissions(), st.sampled_from(("en", "de", "ja")))
def test_every_commission_can_be_told_and_shown(commission: Commission, locale):
    told = commission.explain(locale)
    assert commission.earned.format(locale, exact=True) in told
    assert commission.owed.format(locale, exact=True) in told
    for line in (step.value for step in commission.steps if isinstance(step.value, Line)):
        if isinstance(line.rule, Percent | FlatFee) or line.name in {"slice", "bracket"}:
            assert line.format(locale) in told
            figures = [line.gives] if isinstance(line.rule, FlatFee) else [line.on]
            figures += [line.gives] if line.name in {"percentage", "slice"} else []
            bounds = [line.rule.lower, line.rule.upper] if isinstance(line.rule, Bracket) else []
            for figure in (*figures, *(bound for bound in bounds if bound is not None)):
                assert figure.format(locale, exact=True) in line.format(locale)
    shown = commission._repr_html_()
    assert shown.count("<tr>") == len(commission.steps)
