"""The lines by which a commission is computed by hand: what is applied to how much."""

from __future__ import annotations

from typing import assert_never

import attrs

from distbilling.language.catalogue import sentence
from distbilling.money import Money, Percent, slices_of
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.measure import Per, Tiering
from distbilling.rules.agreement.schedule import (
    Bounded,
    Bracket,
    Brackets,
    ByAge,
    FlatFee,
    Schedule,
    Stage,
    Sum,
)
from distbilling.rules.commission.earning import bounded, bracket_reached, stage_at

__all__ = ["Line", "lines_of"]

Part = Percent | FlatFee | Sum | Bounded | Brackets | Bracket | Stage
"""What a line applies."""


@attrs.frozen
class Line:
    """One line of a computation: a part of the schedule, what it is applied to, and what it gives.

    ``name`` tells what is done. A ``percentage`` or a ``slice`` is a share of ``on``; a ``fee``
    does not look at it; a ``sum`` adds up the lines of its parts, which stand above it,
    ``brackets`` those of their slices; ``bounded`` is the line above it within the bounds. A
    ``bracket`` that holds the volume ``on``, and a ``stage``, lead to the lines below them.

    Source: rulebook R19.

    >>> (line,) = lines_of(Percent("15"), Money("10.00", "USD"), Circumstances())
    >>> line.name, line.gives
    ('percentage', Money('1.50', 'USD'))
    """

    name: str
    rule: Part
    on: Money
    gives: Money

    def __neg__(self) -> Line:
        return Line(self.name, self.rule, -self.on, -self.gives)

    def format(self, locale: str = "en") -> str:
        """Return the line in the words and formats of the locale."""
        on, figure = self.on.format(locale, exact=True), self.gives.format(locale, exact=True)

        match self.rule:
            case Percent():
                rate = self.rule.format(locale)
                figures = {"rate": rate, "amount": on, "figure": figure}
                return sentence("{rate} of {amount} is {figure}", locale, **figures)
            case FlatFee(amount, Per.ITEM):
                fee = amount.format(locale, exact=True)
                return sentence("{fee} for each item is {figure}", locale, fee=fee, figure=figure)
            case FlatFee():
                return sentence("a fee of {figure}", locale, figure=figure)
            case Sum() | Brackets():
                return sentence("together {figure}", locale, figure=figure)
            case Bounded():
                return sentence("bounded to {figure}", locale, figure=figure)
            case Bracket():
                return self._bracket(self.rule, on, figure, locale)
            case Stage():
                return sentence(
                    "the age of the relation gives {rate}", locale, rate=self.rule.schedule
                )
            case _:
                assert_never(self.rule)

    def _bracket(self, bracket: Bracket, on: str, figure: str, locale: str) -> str:
        figures = {"amount": on, "lower": bracket.lower.format(locale, exact=True)}
        if bracket.upper is not None:
            figures["upper"] = bracket.upper.format(locale, exact=True)

        if self.name == "bracket":
            if bracket.upper is None:
                return sentence("{amount} lies in the bracket from {lower}", locale, **figures)
            return sentence(
                "{amount} lies in the bracket from {lower} to {upper}", locale, **figures
            )

        figures |= {"rate": bracket.schedule.format(locale), "figure": figure}
        if bracket.upper is None:
            return sentence("{rate} of the {amount} above {lower} is {figure}", locale, **figures)
        return sentence(
            "{rate} of the {amount} from {lower} to {upper} is {figure}", locale, **figures
        )


def lines_of(schedule: Schedule, base: Money, circumstances: Circumstances) -> tuple[Line, ...]:
    """Return the lines that lead from a base above zero to the exact commission.

    Raises:
        InvalidValue: the schedule asks for what the circumstances do not tell.

    Source: rulebook R13, R14, R19.

    >>> fee = FlatFee(Money("5.00", "USD"))
    >>> schedule, base = Sum((Percent("5"), fee)), Money("150.00", "USD")
    >>> [line.format() for line in lines_of(schedule, base, Circumstances())]
    ['5% of $150.00 is $7.50', 'a fee of $5.00', 'together $12.50']
    """
    match schedule:
        case Percent():
            return (Line("percentage", schedule, base, schedule.of(base)),)
        case FlatFee(fee, per):
            return (Line("fee", schedule, base, fee * per.times(circumstances.items)),)
        case Sum():
            parts = [lines_of(part, base, circumstances) for part in schedule.parts]
            total = Money.sum(lines[-1].gives for lines in parts)
            return (
                *(line for lines in parts for line in lines),
                Line("sum", schedule, base, total),
            )
        case Bounded():
            lines = lines_of(schedule.schedule, base, circumstances)
            return (*lines, Line("bounded", schedule, base, bounded(schedule, lines[-1].gives)))
        case Brackets(tiering=Tiering.WHOLE):
            bracket = bracket_reached(schedule, base.amount, circumstances)
            before = schedule.measure.volume_before(circumstances)
            lines = lines_of(bracket.schedule, base, circumstances)
            reached = Money(before, base.currency) + base
            return (Line("bracket", bracket, reached, lines[-1].gives), *lines)
        case Brackets():
            return _slices(schedule, base, circumstances)
        case ByAge():
            stage = stage_at(schedule, circumstances)
            lines = lines_of(stage.schedule, base, circumstances)
            return (Line("stage", stage, base, lines[-1].gives), *lines)
        case _:
            assert_never(schedule)


def _slices(schedule: Brackets, base: Money, circumstances: Circumstances) -> tuple[Line, ...]:
    before = Money(schedule.measure.volume_before(circumstances), base.currency)
    parts = slices_of(base, [bracket.lower for bracket in schedule.brackets], before)
    lines = [
        Line("slice", bracket, part, bracket.schedule.of(part))
        for bracket, part in zip(schedule.brackets, parts, strict=True)
        if isinstance(bracket.schedule, Percent) and not part.is_zero
    ]
    return (*lines, Line("brackets", schedule, base, Money.sum(line.gives for line in lines)))
