"""Schedules: the percentages, fees, bounds, brackets and stages that a commission is made of."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from functools import cached_property, reduce
from itertools import accumulate, pairwise
from typing import Any, get_args

import attrs

from distbilling.errors import InvalidType, InvalidValue, PrecisionExceeded, raise_all
from distbilling.language.catalogue import sentence
from distbilling.money import Currency, Money, Percent
from distbilling.money.exact import DIGITS, ZERO, arithmetic
from distbilling.rules import fields
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.measure import Measure, Per, Tiering
from distbilling.rules.agreement.schedule_checks import (
    amount_text,
    bracket_problems,
    check_bounds,
    stage_problems,
)
from distbilling.rules.notebook import html_table

__all__ = [
    "Bounded",
    "Bracket",
    "Brackets",
    "ByAge",
    "Circumstances",
    "FlatFee",
    "Measure",
    "Per",
    "Schedule",
    "Stage",
    "Sum",
    "Tiering",
    "check_schedule",
]

_context = arithmetic()
HOW_BRACKETS_APPLY = {
    (Tiering.MARGINAL, Measure.PERIOD_VOLUME): (
        "{brackets} (by the period's volume, slice by slice)"
    ),
    (Tiering.MARGINAL, Measure.OPERATION): "{brackets} (by the operation, slice by slice)",
    (Tiering.WHOLE, Measure.PERIOD_VOLUME): (
        "{brackets} (by the period's volume, one rate for the whole operation)"
    ),
    (Tiering.WHOLE, Measure.OPERATION): "{brackets} (by the operation, one rate for all of it)",
}
"""What is said of brackets, for each way in which they apply."""


def a_schedule(_instance: object, field: attrs.Attribute[Any], value: object) -> None:
    """Accept schedules alone."""
    check_schedule(field.name, value)


def _schedules(_instance: object, field: attrs.Attribute[Any], value: tuple[object, ...]) -> None:
    fields.check_type(field.name, value, tuple)
    for item in value:
        check_schedule(field.name, item)


@attrs.frozen
class _OneCurrency(fields.Checked):
    """A value that may hold amounts, all of them in one currency."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        fields.check_one_currency(self)

    @cached_property
    def currency(self) -> Currency | None:
        """The currency of all amounts; None where there are none."""
        return next((amount.currency for amount in fields.amounts_in(self)), None)


@attrs.frozen
class FlatFee(_OneCurrency):
    """A fixed amount, zero or more, for an operation or for each of its items.

    Raises:
        InvalidValue: the amount is below zero.

    Source: rulebook R14.

    >>> print(FlatFee(Money("2.50", "USD"), Per.ITEM).format())
    $2.50 for each item
    """

    amount: Money = attrs.field(validator=[fields.one_of(Money), fields.not_negative])
    per: Per = attrs.field(default=Per.OPERATION, validator=fields.one_of(Per))

    def format(self, locale: str = "en") -> str:
        """Return the fee in the words and formats of the locale."""
        fee = self.amount.format(locale, exact=True)
        return sentence("{fee} for each item", locale, fee=fee) if self.per is Per.ITEM else fee

    def _repr_html_(self) -> str:
        return html_table([("fee", self.format())])


@attrs.frozen
class Sum(_OneCurrency):
    """Several schedules together: 5 % plus 5.00.

    Raises:
        InvalidValue: there are no parts.
        CurrencyMismatch: the parts are in different currencies.

    Source: rulebook R14.

    >>> print(Sum((Percent("5"), FlatFee(Money("5.00", "USD")))).format())
    5% plus $5.00
    """

    parts: tuple[Schedule, ...] = attrs.field(validator=_schedules)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if not self.parts:
            raise InvalidValue("parts", self.parts, "at least one part")

    def format(self, locale: str = "en") -> str:
        """Return the sum in the words and formats of the locale."""

        def plus(first: str, second: str) -> str:
            return sentence("{first} plus {second}", locale, first=first, second=second)

        return reduce(plus, (_grouped(part, locale) for part in self.parts))

    def _repr_html_(self) -> str:
        return html_table(
            ("plus" if place else "", part.format()) for place, part in enumerate(self.parts)
        )


@attrs.frozen
class Bounded(_OneCurrency):
    """A schedule with a minimum, a cap or both for each operation, in whole minor units.

    Raises:
        InvalidValue: there is neither bound; a bound is below zero or no whole number of minor
            units; the cap is below the minimum.
        CurrencyMismatch: the amounts are in different currencies.

    Source: rulebook R14.

    >>> print(Bounded(Percent("10"), cap=Money("50.00", "USD")).format())
    10%, at most $50.00
    """

    schedule: Schedule = attrs.field(validator=a_schedule)
    minimum: Money | None = attrs.field(default=None, validator=fields.one_of(Money, type(None)))
    cap: Money | None = attrs.field(default=None, validator=fields.one_of(Money, type(None)))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        check_bounds(self.minimum, self.cap)

    def format(self, locale: str = "en") -> str:
        """Return the bounded schedule in the words and formats of the locale."""
        words = _grouped(self.schedule, locale)
        if self.minimum is not None:
            words = sentence("{rate}, at least {minimum}", locale, rate=words, minimum=self.minimum)
        if self.cap is not None:
            words = sentence("{rate}, at most {cap}", locale, rate=words, cap=self.cap)
        return words

    def _repr_html_(self) -> str:
        bounds = [("at least", self.minimum), ("at most", self.cap)]
        rows = [(name, bound.format()) for name, bound in bounds if bound is not None]
        return html_table([("rate", self.schedule.format()), *rows])


@attrs.frozen
class Bracket(_OneCurrency):
    """What is earned on volume from ``lower``, inclusive, to ``upper``, exclusive; None is open.

    Raises:
        InvalidValue: the lower bound is below zero, or the upper one not above it.
        CurrencyMismatch: the amounts are in different currencies.

    Source: rulebook R13.

    >>> print(Bracket(Money("0", "USD"), Money("100", "USD"), Percent("30")).format())
    30% from $0.00 to $100.00
    """

    lower: Money = attrs.field(validator=[fields.one_of(Money), fields.not_negative])
    upper: Money | None = attrs.field(validator=fields.one_of(Money, type(None)))
    schedule: Schedule = attrs.field(validator=a_schedule)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.upper is not None and self.upper <= self.lower:
            accepted = f"an amount above the lower bound, {amount_text(self.lower)}"
            raise InvalidValue("upper", self.upper, accepted)

    def format(self, locale: str = "en") -> str:
        """Return the bracket in the words and formats of the locale."""
        rate, lower = _grouped(self.schedule, locale), self.lower.format(locale, exact=True)
        if self.upper is None:
            return sentence("{rate} from {lower}", locale, rate=rate, lower=lower)
        bounds = {"lower": lower, "upper": self.upper.format(locale, exact=True)}
        return sentence("{rate} from {lower} to {upper}", locale, rate=rate, **bounds)


@attrs.frozen
class Brackets(_OneCurrency):
    """Rates by volume: brackets that start at zero and abut, the last one open.

    Raises:
        InvalidValue, InvalidFields: the brackets leave a gap, overlap, do not start at zero or do
            not end open. All problems are reported at once.
        InvalidType: under MARGINAL, a bracket has something else than a percentage.
        CurrencyMismatch: the amounts are in different currencies.

    Source: rulebook R13.

    >>> from distbilling.testing.sample_data import usd
    >>> low = Bracket(usd("0"), usd("100"), Percent("30"))
    >>> Brackets((low, Bracket(usd("150"), None, Percent("5"))))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: brackets[1].lower: ... no rate is given between
    """

    brackets: tuple[Bracket, ...] = attrs.field(validator=fields.tuple_of(Bracket))
    tiering: Tiering = attrs.field(default=Tiering.MARGINAL, validator=fields.one_of(Tiering))
    measure: Measure = attrs.field(default=Measure.PERIOD_VOLUME, validator=fields.one_of(Measure))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if not self.brackets:
            raise InvalidValue("brackets", self.brackets, "at least one bracket")
        raise_all(bracket_problems([(bracket.lower, bracket.upper) for bracket in self.brackets]))
        if self.tiering.by_slices:
            for place, bracket in enumerate(self.brackets):
                if not isinstance(bracket.schedule, Percent):
                    accepted = "a Percent: under MARGINAL, each slice has a rate"
                    raise InvalidType(f"brackets[{place}].schedule", bracket.schedule, accepted)
            self.totals  # noqa: B018 - too many digits are refused here, not at a payment

    @cached_property
    def lowers(self) -> tuple[Decimal, ...]:
        """The lower bounds, ascending."""
        return tuple(bracket.lower.amount for bracket in self.brackets)

    @cached_property
    def fractions(self) -> tuple[Decimal, ...]:
        """The rates of the brackets as fractions of one: 0.3 for 30 %; of percentages alone."""
        rates = (bracket.schedule for bracket in self.brackets)
        return tuple(_context.scaleb(rate.value, -2) for rate in rates if isinstance(rate, Percent))

    @cached_property
    def totals(self) -> tuple[Decimal, ...]:
        """What marginal brackets give, in all, on the volume below each of them."""
        totals = [ZERO]
        try:
            for (lower, upper), rate in zip(pairwise(self.lowers), self.fractions, strict=False):
                totals.append(_context.fma(_context.subtract(upper, lower), rate, totals[-1]))
        except DecimalException:
            raise PrecisionExceeded("brackets", DIGITS) from None
        return tuple(totals)

    def format(self, locale: str = "en") -> str:
        """Return the brackets in the words and formats of the locale."""
        brackets = "; ".join(bracket.format(locale) for bracket in self.brackets)
        return sentence(HOW_BRACKETS_APPLY[self.tiering, self.measure], locale, brackets=brackets)

    def _repr_html_(self) -> str:
        return html_table(
            (
                bracket.lower.format(exact=True),
                "" if bracket.upper is None else bracket.upper.format(exact=True),
                bracket.schedule.format(),
            )
            for bracket in self.brackets
        )


@attrs.frozen
class Stage(fields.Checked):
    """What is earned for so many months of a relation; None is from then on.

    Raises:
        InvalidType: the months are no whole number.
        InvalidValue: the months are not above zero.

    Source: rulebook R13.

    >>> Stage(3, Percent("10"))
    Stage(months=3, schedule=Percent('10'))
    """

    months: int | None
    schedule: Schedule = attrs.field(validator=a_schedule)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.months is not None:
            fields.check_whole("months", self.months, 1)


@attrs.frozen
class ByAge(_OneCurrency):
    """Rates by the age of the relation: stages that follow each other, the last one open.

    Raises:
        InvalidValue, InvalidFields: there is no stage, the last one ends, or one before it does
            not.
        CurrencyMismatch: the amounts are in different currencies.

    Source: rulebook R13.

    >>> print(ByAge((Stage(3, Percent("10")), Stage(None, Percent("5")))).format())
    10% in months 1 to 3; 5% from month 4 on
    """

    stages: tuple[Stage, ...] = attrs.field(validator=fields.tuple_of(Stage))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if not self.stages:
            raise InvalidValue("stages", self.stages, "at least one stage")
        raise_all(stage_problems([stage.months for stage in self.stages]))

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """The age, in months, at which each stage but the last one ends."""
        return tuple(accumulate(stage.months for stage in self.stages if stage.months is not None))

    def format(self, locale: str = "en") -> str:
        """Return the stages in the words and formats of the locale."""
        rates = [_grouped(stage.schedule, locale) for stage in self.stages]
        firsts = [1, *(end + 1 for end in self.ends)]
        ending = [
            sentence(
                "{rate} in months {first} to {last}", locale, rate=rate, first=first, last=last
            )
            for rate, first, last in zip(rates, firsts, self.ends, strict=False)
        ]
        last = sentence("{rate} from month {month} on", locale, rate=rates[-1], month=firsts[-1])
        return "; ".join((*ending, last))

    def _repr_html_(self) -> str:
        return html_table(
            (f"{stage.months} months" if stage.months else "then", stage.schedule.format())
            for stage in self.stages
        )


Schedule = Percent | FlatFee | Sum | Bounded | Brackets | ByAge
"""What a commission may be: each is a value of its own, and most are made of others."""
_KINDS = get_args(Schedule)


def check_schedule(field: str, value: object) -> None:
    """Refuse what is no schedule; a bare number could mean 0.15 or 15 %.

    Source: rulebook R10, R49.

    >>> check_schedule("rate", 15)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    distbilling.errors.InvalidType: rate: 15 (int) is not accepted; give a schedule, for example ...
    """
    if not isinstance(value, _KINDS):
        raise InvalidType(field, value, 'a schedule, for example Percent("15")')


def _grouped(schedule: Schedule, locale: str) -> str:
    """Return a schedule as part of another: in brackets, where it is made of parts itself."""
    words = schedule.format(locale)
    return words if isinstance(schedule, Percent | FlatFee) else f"({words})"
