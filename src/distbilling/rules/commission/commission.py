"""The commission that a distributor earns on an amount, and how its figures came about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import attrs

from distbilling.money import Money, Percent, Rounding, RoundingMethod
from distbilling.rules import fields
from distbilling.rules.agreement.basis import COLLECTED, Basis, base_of
from distbilling.rules.agreement.circumstances import NO_CIRCUMSTANCES, Circumstances
from distbilling.rules.agreement.origin import GIVEN, Origin, RateOrigin, origin_of
from distbilling.rules.agreement.rates import ANYTHING, CommissionKind, Subject
from distbilling.rules.agreement.schedule import Schedule, a_schedule, check_schedule
from distbilling.rules.agreement.schedule_parts import asked_by
from distbilling.rules.agreement.terms import Terms
from distbilling.rules.commission.earning import Figures, earned_of, figures_of
from distbilling.rules.commission.explanation import Step, explain_steps, steps_table
from distbilling.rules.commission.working import lines_of

__all__ = ["Commission", "RateOrigin", "Step", "commission_on", "commission_under"]

_ROUNDINGS: Final = {method: Rounding(method) for method in RoundingMethod}


@attrs.frozen
class Commission(fields.Checked):
    """What a distributor earns of an amount and what it owes, with how that came about.

    ``amount`` = ``earned`` + ``owed``, always: the commission is rounded, the rest is what is owed.
    ``at_most`` is the parent's commission on the same amount, where there is a parent.

    Source: rulebook R5, R19.

    >>> commission = commission_on(Money("10.01", "USD"), Percent("15"))
    >>> commission.exact, commission.earned, commission.remainder
    (Money('1.5015', 'USD'), Money('1.50', 'USD'), Money('-0.0015', 'USD'))
    """

    amount: Money = attrs.field(validator=fields.one_of(Money))
    rate: Schedule = attrs.field(validator=a_schedule)
    earned: Money = attrs.field(validator=fields.one_of(Money))
    rounding: Rounding = attrs.field(validator=fields.one_of(Rounding))
    origin: Origin = attrs.field(
        default=GIVEN, converter=origin_of, validator=fields.one_of(Origin)
    )
    basis: Basis = attrs.field(default=COLLECTED, validator=fields.one_of(Basis))
    circumstances: Circumstances = attrs.field(
        default=NO_CIRCUMSTANCES, validator=fields.one_of(Circumstances)
    )
    at_most: Money | None = attrs.field(default=None, validator=fields.one_of(Money, type(None)))

    @property
    def owed(self) -> Money:
        """What the distributor owes of the amount: amount less commission."""
        return self.amount - self.earned

    @property
    def base(self) -> Money:
        """What it is earned on: the amount, less its tax or with its discount if so agreed."""
        if self.basis is COLLECTED and self.circumstances.tax is None:  # as most are
            return self.amount
        base = base_of(abs(self.amount), self.basis, self.circumstances)
        return -base if self.amount.is_negative else base

    @property
    def exact(self) -> Money:
        """The commission before it is rounded or limited."""
        return self._figures.exact

    @property
    def remainder(self) -> Money:
        """What rounding and limits added to the exact commission, or took away: below zero."""
        return self.earned - self.exact

    @property
    def steps(self) -> tuple[Step, ...]:
        """How the figures came about, as data, in order: enough to compute them again by hand.

        The figures of a negative amount are negative throughout; its circumstances are not.
        """
        figures = self._figures
        return (
            *self._steps_to_base(figures),
            Step("rate", self.rate),
            Step("origin", self.origin),
            *self._steps_to_exact(figures),
            *self._steps_to_earned(figures),
            Step("remainder", self.remainder),
            Step("earned", self.earned),
            Step("owed", self.owed),
        )

    def explain(self, locale: str = "en") -> str:
        """Say how the figures came about: of a percentage in one sentence, else in a few.

        Raises:
            InvalidValue: the locale is unknown.

        >>> print(commission_on(Money("10.00", "USD"), Percent("15")).explain())
        15% of $10.00 is $1.50: earned $1.50, owed $8.50.
        >>> print(commission_on(Money("10.01", "USD"), Percent("15")).explain())
        15% of $10.01 is $1.5015, rounded half away from zero to $1.50: earned $1.50, owed $8.51.
        """
        return explain_steps(self.steps, locale)

    def again(
        self, amount: Money, circumstances: Circumstances, at_most: Money | None = None
    ) -> Commission:
        """Return the commission on another amount at the same rate, rounding and basis."""
        return commission_on(
            amount,
            self.rate,
            self.rounding,
            self.origin,
            basis=self.basis,
            circumstances=circumstances,
            at_most=at_most,
        )

    def _repr_html_(self) -> str:
        return steps_table(self.steps)

    def _steps_to_base(self, figures: Figures) -> Iterator[Step]:
        if self.basis != COLLECTED and not self.amount.is_zero:
            yield Step("amount", self.amount)
            yield Step("basis", self.basis)
            if self.basis.asks_tax and self.circumstances.tax is not None:
                yield Step("tax", self.circumstances.tax)
            if self.basis.asks_discount and self.circumstances.discount is not None:
                yield Step("discount", self.circumstances.discount)
        yield Step("base", figures.base)

    def _steps_to_exact(self, figures: Figures) -> Iterator[Step]:
        asked = asked_by(self.rate)
        for name in ("items", "so_far", "months"):
            value = getattr(self.circumstances, name)
            if name in asked and value is not None:
                yield Step(name, value)
        if not figures.base.is_zero and not isinstance(self.rate, Percent):
            for line in lines_of(self.rate, abs(figures.base), self.circumstances):
                yield Step(line.name, -line if self.amount.is_negative else line)
        yield Step("exact", figures.exact)

    def _steps_to_earned(self, figures: Figures) -> Iterator[Step]:
        yield Step("rounding", self.rounding)
        if figures.totals:
            before, after = figures.totals
            yield from (Step("before", before), Step("after", after))
        if figures.rounded != self.earned:
            yield Step("rounded", figures.rounded)
        if figures.bounded != figures.rounded:
            yield Step("bounded_again", figures.bounded)
        if self.at_most is not None:
            yield Step("at_most", self.at_most)
        if figures.earned != figures.bounded:
            by_amount = abs(figures.earned) == abs(self.amount)
            yield Step("not_above_amount" if by_amount else "not_above_parent", figures.earned)

    @property
    def _figures(self) -> Figures:
        return figures_of(
            self.amount,
            self.rate,
            self.rounding,
            self.basis,
            circumstances=self.circumstances,
            at_most=self.at_most,
        )


_commission: Final = fields.unchecked(Commission)


def commission_on(  # noqa: PLR0913 - each is a choice of its own
    amount: Money,
    rate: Schedule,
    rounding: RoundingMethod | Rounding = RoundingMethod.HALF_AWAY_FROM_ZERO,
    origin: Origin | RateOrigin = GIVEN,
    *,
    basis: Basis = COLLECTED,
    circumstances: Circumstances = NO_CIRCUMSTANCES,
    at_most: Money | None = None,
) -> Commission:
    """Return the commission earned on an amount at a rate, rounded to the currency's digits.

    The commission is never more than the amount, nor than ``at_most``, whatever the rounding.
    Negative amounts mirror positive ones. Nothing is earned on nothing, not even a minimum or fee.

    Args:
        amount: What was paid or sold.
        rate: The schedule that gives the commission; most often a percentage.
        rounding: How the exact commission is rounded, and to how many places.
        origin: Where the rate came from, for the explanation.
        basis: What the commission is earned on: with or without tax, before or after discount.
        circumstances: What else the rate and the basis depend on.
        at_most: What the parent earns on the same amount.

    Raises:
        InvalidType: the amount is no Money, the rate no schedule (a bare number could mean 0.15 or
            15 %), the rounding or the origin none.
        InvalidValue: the currency has no minor unit, and the rounding names no places; the rate or
            the basis asks for what the circumstances do not tell; the tax is above the amount.
        CurrencyMismatch: the amounts are in different currencies.
        PrecisionExceeded: the exact commission needs more digits than an amount can hold.

    Source: rulebook R4, R5, R7, R8, R9, R13, R14, R18, R19; handbook, "Default sales commission",
    "Default payment commission".

    >>> commission = commission_on(Money("10.00", "USD"), Percent("15"))
    >>> commission.earned, commission.owed
    (Money('1.50', 'USD'), Money('8.50', 'USD'))
    """
    fields.check_type("amount", amount, Money)
    check_schedule("rate", rate)
    if not isinstance(rounding, Rounding):
        rounding = _ROUNDINGS[rounding] if type(rounding) is RoundingMethod else Rounding(rounding)

    if (
        circumstances is NO_CIRCUMSTANCES
        and at_most is None
        and type(rate) is Percent
        and basis is COLLECTED
    ):
        earned = rounding.apply(rate.of(amount))
        if earned.amount.copy_abs() > amount.amount.copy_abs():
            earned = amount
    else:
        fields.check_type("basis", basis, Basis)
        fields.check_type("circumstances", circumstances, Circumstances)
        fields.check_type("at_most", at_most, Money, type(None))
        earned = earned_of(
            amount, rate, rounding, basis, circumstances=circumstances, at_most=at_most
        )

    if type(origin) is not Origin:
        origin = origin_of(origin)
        fields.check_type("origin", origin, Origin)
    return _commission(amount, rate, earned, rounding, origin, basis, circumstances, at_most)


def commission_under(  # noqa: PLR0913 - each is a fact of its own
    terms: Terms,
    kind: CommissionKind,
    amount: Money,
    *,
    at: datetime,
    subject: Subject = ANYTHING,
    circumstances: Circumstances = NO_CIRCUMSTANCES,
    at_most: Money | None = None,
) -> Commission:
    """Split an amount by the rate that the terms have in force at an instant.

    Raises:
        InvalidType, InvalidValue, CurrencyMismatch, PrecisionExceeded: as :meth:`Terms.rate_for`
            and :func:`commission_on`.

    Source: rulebook R11, R12, R19.

    >>> import pendulum
    >>> terms = Terms(Percent("15"), Percent("10"))
    >>> commission_under(
    ...     terms, CommissionKind.SALE, Money("10.00", "USD"), at=pendulum.datetime(2026, 3, 1)
    ... ).origin.level
    RateOrigin.DEFAULT_SALES_COMMISSION
    """
    fields.check_type("terms", terms, Terms)
    rate = terms.rate_for(kind, subject, at)
    return commission_on(
        amount,
        rate.schedule,
        terms.rounding,
        rate.origin,
        basis=terms.basis,
        circumstances=circumstances,
        at_most=at_most,
    )
