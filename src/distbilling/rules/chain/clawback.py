"""What one level gives back in a reversal, and what it should have earned in a correction."""

from __future__ import annotations

import attrs

from distbilling.errors import CurrencyMismatch, InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.money import Money, Rounding, given_back
from distbilling.rules import fields
from distbilling.rules.agreement.schedule_checks import amount_text
from distbilling.rules.commission.commission import Commission, Step
from distbilling.rules.commission.explanation import method_in_words, steps_table

__all__ = ["Clawback", "Correction"]


@attrs.frozen
class Clawback(fields.Checked):
    """What is given back of the commission ``earned`` on an ``amount``.

    ``reversed`` of the amount is reversed now, ``before`` was reversed before. Given back so far =
    earned × reversed so far ÷ amount, rounded, and never more than was earned; all of the amount
    reversed gives back all that was earned. What is given back now is the difference to what was
    given back before.

    Raises:
        CurrencyMismatch: the amounts are in different currencies.
        InvalidValue: the amount or ``reversed`` is not above zero, ``before`` is below zero, or
            more than the amount would be reversed.

    Source: rulebook R15, R19.

    >>> from distbilling.money import RoundingMethod
    >>> earned, amount, third = (Money(number, "USD") for number in ("1.50", "10.00", "3.33"))
    >>> Clawback(earned, amount, third, third, Rounding(RoundingMethod.DOWN)).taken
    Money('0.50', 'USD')
    """

    earned: Money = attrs.field(validator=fields.one_of(Money))
    amount: Money = attrs.field(validator=[fields.one_of(Money), fields.positive])
    before: Money = attrs.field(validator=[fields.one_of(Money), fields.not_negative])
    reversed: Money = attrs.field(validator=[fields.one_of(Money), fields.positive])
    rounding: Rounding = attrs.field(validator=fields.one_of(Rounding))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.earned.currency is not self.amount.currency:
            raise CurrencyMismatch(self.amount.currency.code, self.earned.currency.code)
        remains = self.amount - self.before
        if self.reversed > remains:
            accepted = (
                f"at most {amount_text(remains)}, which is left of {amount_text(self.amount)}"
            )
            raise InvalidValue("reversed", self.reversed, accepted)

    @property
    def reversed_so_far(self) -> Money:
        """What is reversed of the amount, this time included."""
        return self.before + self.reversed

    @property
    def taken_before(self) -> Money:
        """What was given back for what was reversed before."""
        return self._given_back(self.before)

    @property
    def taken_so_far(self) -> Money:
        """What is given back for all that is reversed, this time included."""
        return self._given_back(self.reversed_so_far)

    @property
    def taken(self) -> Money:
        """What is given back this time."""
        return given_back(self.earned, self.amount, self.before, self.reversed, self.rounding)

    @property
    def steps(self) -> tuple[Step, ...]:
        """How the figures came about, as data, in order: enough to compute them again by hand."""
        return (
            Step("earned", self.earned),
            Step("amount", self.amount),
            Step("reversed_before", self.before),
            Step("reversed", self.reversed),
            Step("rounding", self.rounding),
            Step("taken_so_far", self.taken_so_far),
            Step("taken_before", self.taken_before),
            Step("taken", self.taken),
        )

    def explain(self, locale: str = "en") -> str:
        """Say how the figures came about, in the words and formats of the locale.

        Raises:
            InvalidValue: the locale is unknown.

        >>> from distbilling.money import RoundingMethod
        >>> earned, amount, none = (Money(number, "USD") for number in ("1.50", "10.00", "0.00"))
        >>> whole = Clawback(earned, amount, none, amount, Rounding(RoundingMethod.DOWN))
        >>> print(whole.explain())
        All of $10.00 is reversed, so all of $1.50 is given back so far, ...: $1.50 now.
        """
        amounts = {
            "earned": self.earned,
            "amount": self.amount,
            "reversed": self.reversed_so_far,
            "so_far": self.taken_so_far,
            "before": self.taken_before,
            "now": self.taken,
        }
        figures = {name: amount.format(locale, exact=True) for name, amount in amounts.items()}

        if self.reversed_so_far == self.amount:
            return sentence(
                "All of {amount} is reversed, so all of {earned} is given back so far, "
                "{before} of it before: {now} now.",
                locale,
                **figures,
            )

        return sentence(
            "{earned} × {reversed} ÷ {amount}, rounded {method} and at most {earned}, "
            "is {so_far} given back so far, {before} of it before: {now} now.",
            locale,
            method=method_in_words(self.rounding.method, locale),
            **figures,
        )

    def _repr_html_(self) -> str:
        return steps_table(self.steps)

    def _given_back(self, so_far: Money) -> Money:
        return given_back(
            self.earned, self.amount, Money.zero(self.amount.currency), so_far, self.rounding
        )


@attrs.frozen
class Correction(fields.Checked):
    """The commission as it should have been, in place of what was recorded as earned ``before``.

    Raises:
        CurrencyMismatch: the two are in different currencies.

    Source: rulebook R15, R19.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> after = commission_on(Money("11.00", "USD"), Percent("10"))
    >>> Correction(Money("1.00", "USD"), after).after.earned
    Money('1.10', 'USD')
    """

    before: Money = attrs.field(validator=fields.one_of(Money))
    after: Commission = attrs.field(validator=fields.one_of(Commission))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.before.currency is not self.after.amount.currency:
            raise CurrencyMismatch(self.after.amount.currency.code, self.before.currency.code)

    @property
    def steps(self) -> tuple[Step, ...]:
        """How the figures came about: what was recorded, then the steps of the commission."""
        return (Step("before", self.before), *self.after.steps)

    def explain(self, locale: str = "en") -> str:
        """Say how the commission should have come about, and what was recorded.

        Raises:
            InvalidValue: the locale is unknown.
        """
        return sentence(
            "{commission} Recorded before: {earned} earned.",
            locale,
            commission=self.after.explain(locale),
            earned=self.before.format(locale, exact=True),
        )

    def _repr_html_(self) -> str:
        return steps_table(self.steps)
