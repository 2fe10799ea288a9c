"""What does a distributor earn on an amount, what does it owe, and how did the figures come about?"""

from __future__ import annotations

from enum import Enum
from typing import assert_never

import attrs

from distbilling.errors import InvalidType
from distbilling.language.catalogue import sentence
from distbilling.money import Money, Percent, Rounding, RoundingMethod
from distbilling.rules import fields

__all__ = ["Commission", "RateOrigin", "Step", "commission_on"]


class RateOrigin(Enum):
    """Where a commission rate came from.

    Source: rulebook R11, R19.

    >>> commission_on(Money("10.00", "USD"), Percent("15")).origin
    RateOrigin.GIVEN
    """

    GIVEN = "given"
    DEFAULT_SALES_COMMISSION = "default_sales_commission"
    DEFAULT_PAYMENT_COMMISSION = "default_payment_commission"

    __repr__ = Enum.__str__


@attrs.frozen
class Step:
    """One step of an explanation: what was taken or computed, and the value it had.

    Source: rulebook R19.

    >>> commission_on(Money("10.00", "USD"), Percent("15")).steps[0]
    Step(name='base', value=Money('10.00', 'USD'))
    """

    name: str
    value: Money | Percent | Rounding | RateOrigin


@attrs.frozen
class Commission(fields.Checked):
    """The split of an amount into what the distributor earns and what it owes, with how it came about.

    ``amount`` = ``earned`` + ``owed``, always: the commission is rounded, the rest is what is owed.

    Source: rulebook R5, R19.

    >>> commission = commission_on(Money("10.01", "USD"), Percent("15"))
    >>> commission.exact, commission.earned, commission.remainder
    (Money('1.5015', 'USD'), Money('1.50', 'USD'), Money('-0.0015', 'USD'))
    """

    amount: Money = attrs.field(validator=fields.one_of(Money))
    rate: Percent = attrs.field(validator=fields.one_of(Percent))
    earned: Money = attrs.field(validator=fields.one_of(Money))
    rounding: Rounding = attrs.field(validator=fields.one_of(Rounding))
    origin: RateOrigin = attrs.field(default=RateOrigin.GIVEN, validator=fields.one_of(RateOrigin))

    @property
    def owed(self) -> Money:
        """What the distributor owes of the amount: amount less commission."""
        return self.amount - self.earned

    @property
    def exact(self) -> Money:
        """The commission before rounding."""
        return self.rate.of(self.amount)

    @property
    def remainder(self) -> Money:
        """What rounding added to the exact commission; below zero where it took away."""
        return self.earned - self.exact

    @property
    def steps(self) -> tuple[Step, ...]:
        """How the figures came about, as data, in order: enough to compute them again by hand."""
        return (
            Step("base", self.amount),
            Step("rate", self.rate),
            Step("origin", self.origin),
            Step("exact", self.exact),
            Step("rounding", self.rounding),
            Step("remainder", self.remainder),
            Step("earned", self.earned),
            Step("owed", self.owed),
        )

    def explain(self, locale: str = "en") -> str:
        """Say in one sentence how the figures came about, in the words and formats of the locale.

        Raises:
            InvalidValue: the locale is unknown.

        >>> print(commission_on(Money("10.00", "USD"), Percent("15")).explain())
        15% of $10.00 is $1.50: earned $1.50, owed $8.50.
        >>> print(commission_on(Money("10.01", "USD"), Percent("15")).explain())
        15% of $10.01 is $1.5015, rounded half away from zero to $1.50: earned $1.50, owed $8.51.
        """
        rate = _rate_in_words(self.rate, self.origin, locale)
        exact = self.exact.format(locale, exact=True)
        amount = self.amount.format(locale, exact=True)
        earned = self.earned.format(locale, exact=True)
        owed = self.owed.format(locale, exact=True)
        if self.remainder.is_zero:
            return sentence(
                "{rate} of {amount} is {exact}: earned {earned}, owed {owed}.",
                locale,
                rate=rate,
                amount=amount,
                exact=exact,
                earned=earned,
                owed=owed,
            )
        rounded = self.exact.rounded(self.rounding.method, self.rounding.places)
        if rounded != self.earned:
            return sentence(
                "{rate} of {amount} is {exact}, rounded {method} to {rounded}, but never more than the amount: "
                "earned {earned}, owed {owed}.",
                locale,
                rate=rate,
                amount=amount,
                exact=exact,
                method=_method_in_words(self.rounding.method, locale),
                rounded=rounded.format(locale, exact=True),
                earned=earned,
                owed=owed,
            )
        return sentence(
            "{rate} of {amount} is {exact}, rounded {method} to {earned}: earned {earned}, owed {owed}.",
            locale,
            rate=rate,
            amount=amount,
            exact=exact,
            method=_method_in_words(self.rounding.method, locale),
            earned=earned,
            owed=owed,
        )


def commission_on(
    amount: Money,
    rate: Percent,
    rounding: RoundingMethod | Rounding = RoundingMethod.HALF_AWAY_FROM_ZERO,
    origin: RateOrigin = RateOrigin.GIVEN,
) -> Commission:
    """Split an amount into the commission earned at the rate, rounded to the currency's digits, and the rest owed.

    The commission is never more than the amount, whatever the rounding. Negative amounts mirror positive ones.

    Raises:
        InvalidType: the amount is no Money, the rate no Percent (a bare number could mean 0.15 or 15 %), the rounding or
            the origin none.
        InvalidValue: the currency has no minor unit, and the rounding names no places.
        PrecisionExceeded: the exact commission needs more digits than an amount can hold.

    Source: rulebook R4, R5, R7, R8, R19; handbook, "Default sales commission", "Default payment commission".

    >>> commission = commission_on(Money("10.00", "USD"), Percent("15"))
    >>> commission.earned, commission.owed
    (Money('1.50', 'USD'), Money('8.50', 'USD'))
    """
    fields.check_type("amount", amount, Money)
    if not isinstance(rate, Percent):
        raise InvalidType("rate", rate, 'a Percent, for example Percent("15")')
    if not isinstance(rounding, Rounding):
        rounding = Rounding(rounding)
    earned = rounding.apply(rate.of(amount))
    if abs(earned) > abs(amount):
        earned = amount
    return Commission(amount, rate, earned, rounding, origin)


def _rate_in_words(rate: Percent, origin: RateOrigin, locale: str) -> str:
    match origin:
        case RateOrigin.GIVEN:
            return rate.format(locale)
        case RateOrigin.DEFAULT_SALES_COMMISSION:
            return sentence("{rate} (default sales commission)", locale, rate=rate)
        case RateOrigin.DEFAULT_PAYMENT_COMMISSION:
            return sentence("{rate} (default payment commission)", locale, rate=rate)
        case _:
            assert_never(origin)


def _method_in_words(method: RoundingMethod, locale: str) -> str:
    match method:
        case RoundingMethod.HALF_AWAY_FROM_ZERO:
            return sentence("half away from zero", locale)
        case RoundingMethod.AWAY_FROM_ZERO:
            return sentence("away from zero", locale)
        case RoundingMethod.HALF_EVEN:
            return sentence("half to even", locale)
        case RoundingMethod.DOWN:
            return sentence("towards zero", locale)
        case RoundingMethod.MALAYSIAN:
            return sentence("the Malaysian way", locale)
        case _:
            assert_never(method)
