"""Credit limits and credit terms: warning thresholds, suspension and available funds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import assert_never

import attrs

from distbilling.choices import Choice
from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.money import Money, Percent
from distbilling.rules import fields
from distbilling.rules.credit.thresholds import Crossing, EveryFurther, Rearm
from distbilling.rules.credit.warning_levels import WarningLevels, amounts_in_order
from distbilling.rules.notebook import html_table

__all__ = [
    "CreditLimit",
    "CreditTerms",
    "Crossing",
    "EveryFurther",
    "Limit",
    "PercentOfLimit",
    "Rearm",
    "Threshold",
    "Unlimited",
    "WhenSuspended",
    "available_funds",
    "is_over_limit",
    "is_suspended",
    "thresholds_crossed",
]


@attrs.frozen
class Unlimited:
    """No credit limit: no amount is refused, and percentages of the limit do not apply.

    Source: rulebook R20.

    >>> available_funds(Unlimited(), Money("250.00", "USD"))
    Unlimited()
    """


@attrs.frozen
class Limit(fields.Checked):
    """The most a party may owe, zero or more, inclusive; zero is a real limit.

    Raises:
        InvalidValue: the amount is below zero.

    Source: rulebook R20.

    >>> Limit(Money("1000.00", "USD"))
    Limit(Money('1000.00', 'USD'))
    """

    amount: Money = attrs.field(validator=fields.one_of(Money))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.amount.is_negative:
            accepted = "an amount of zero or more (for no limit: Unlimited())"
            raise InvalidValue("amount", self.amount, accepted)

    def is_reached_by(self, owed: Money) -> bool:
        """Tell whether that much owed is the limit or more.

        Source: rulebook R24.
        """
        return owed >= self.amount

    def is_exceeded_by(self, owed: Money) -> bool:
        """Tell whether that much owed is more than the limit.

        Source: rulebook R24.
        """
        return owed > self.amount

    def __repr__(self) -> str:
        return f"Limit({self.amount!r})"


CreditLimit = Unlimited | Limit


def _percent(value: Percent | Decimal | int | str) -> Percent:
    return value if isinstance(value, Percent) else Percent(value)


@attrs.frozen
class PercentOfLimit:
    """A warning threshold as a share of the permanent limit; there is none without a positive one.

    Source: rulebook R22; handbook, "Credit limit".

    >>> PercentOfLimit("90")
    PercentOfLimit('90')
    """

    value: Percent = attrs.field(converter=_percent)

    def __repr__(self) -> str:
        return f"PercentOfLimit('{self.value.value:f}')"


Threshold = Money | PercentOfLimit | EveryFurther


class WhenSuspended(Choice):
    """What becomes of a payment that a suspended distributor has collected.

    The examples: a limit of 1000.00, of which 1000.00 are owed; a payment of 10.00 is recorded.

    Source: rulebook R24.

    >>> WhenSuspended.REFUSE_WHEN_SUSPENDED.value
    'refuse_when_suspended'
    """

    REFUSE_WHEN_SUSPENDED = "refuse_when_suspended"
    """It is refused; the cash goes back to the customer."""

    ALWAYS_ACCEPT = "always_accept"
    """It is accepted: the cash is in the till, and must not be lost."""


@attrs.frozen
class CreditTerms(fields.Checked):
    """What a distributor may owe, when it is warned, and what happens at the limit.

    Raises:
        CurrencyMismatch: limit, thresholds, steps and band are not all in one currency.
        InvalidValue: an absolute threshold is below zero, or more than one recurs.
        PrecisionExceeded: a threshold needs more digits than an amount can hold.

    Source: rulebook R20, R22, R23, R24.

    >>> thresholds = (PercentOfLimit("90"), Money("500", "USD"))
    >>> CreditTerms(Limit(Money("1000.00", "USD")), thresholds).levels.thresholds
    (Money('500.00', 'USD'), Money('900.00', 'USD'))
    """

    limit: CreditLimit = attrs.field(validator=fields.one_of(Limit, Unlimited))
    """The permanent limit."""

    thresholds: tuple[Threshold, ...] = attrs.field(
        default=(), validator=fields.tuple_of(Money, PercentOfLimit, EveryFurther)
    )
    """Where warnings come. Percentages are of the permanent limit, also while it is raised."""

    compare: Crossing = attrs.field(default=Crossing.EXCEEDS, validator=fields.one_of(Crossing))
    when_suspended: WhenSuspended = attrs.field(
        default=WhenSuspended.REFUSE_WHEN_SUSPENDED, validator=fields.one_of(WhenSuspended)
    )
    rearm: Rearm = attrs.field(factory=Rearm, validator=fields.one_of(Rearm))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        for threshold in self.thresholds:
            if isinstance(threshold, Money) and threshold.is_negative:
                raise InvalidValue("thresholds", threshold, "amounts of zero or more")
        fields.check_one_currency(self)
        self.levels  # noqa: B018 - what cannot be computed is refused here, not at a payment

    @cached_property
    def levels(self) -> WarningLevels:
        """The warning levels; percentages are left out without a positive limit."""
        amounts = _as_amounts(self.thresholds, self.limit)
        return WarningLevels.of(amounts, self.compare, self.rearm)

    def _repr_html_(self) -> str:
        rearm = self.rearm
        again = {
            "band": rearm.band,
            "minimum interval": rearm.minimum_interval,
            "most repeats": rearm.most_repeats,
        }

        return html_table(
            (
                ("limit", limit_in_words(self.limit)),
                *(("warning", threshold_in_words(threshold)) for threshold in self.thresholds),
                ("compare", self.compare.value),
                ("when suspended", self.when_suspended.value.replace("_", " ")),
                *((name, str(value)) for name, value in again.items() if value is not None),
                ("tell cleared", "yes" if rearm.tell_cleared else "no"),
            )
        )

    @property
    def amounts(self) -> tuple[Money, ...]:
        """All amounts of these terms as they were written; they are in one currency."""
        return tuple(fields.amounts_in(self))


def limit_in_words(limit: CreditLimit) -> str:
    """Return a limit as a notebook shows it.

    >>> limit_in_words(Unlimited())
    'unlimited'
    """
    return limit.amount.format(exact=True) if isinstance(limit, Limit) else "unlimited"


def threshold_in_words(threshold: Threshold) -> str:
    """Return a warning threshold as a notebook shows it.

    >>> threshold_in_words(PercentOfLimit("90"))
    '90% of the limit'
    """
    match threshold:
        case Money():
            return threshold.format(exact=True)
        case PercentOfLimit():
            return f"{threshold.value} of the limit"
        case EveryFurther():
            return f"every further {threshold.step.format(exact=True)}"
        case _:
            assert_never(threshold)


def thresholds_crossed(
    thresholds: Iterable[Threshold],
    limit: CreditLimit,
    before: Money,
    after: Money,
    compare: Crossing = Crossing.EXCEEDS,
) -> tuple[Money, ...]:
    """Return the thresholds that the balance rose across, as amounts, lowest first, each once.

    A falling balance crosses nothing.

    Args:
        thresholds: percentages of them are of the limit, unrounded; without a positive limit they
            are left out.
        limit: the permanent limit.
        before: what the distributor owed; positive is debt.
        after: what it owes now.
        compare: whether landing on a threshold crosses it.

    Raises:
        InvalidType: an amount, a threshold, the limit or the comparison is of another type.
        InvalidValue: more than one threshold recurs.
        CurrencyMismatch: two of the amounts are in different currencies.

    Source: rulebook R22; handbook, "Credit limit".

    >>> thresholds = [PercentOfLimit("90"), Money("500.00", "USD")]
    >>> limit = Limit(Money("1000.00", "USD"))
    >>> thresholds_crossed(thresholds, limit, Money("0.00", "USD"), Money("900.00", "USD"))
    (Money('500.00', 'USD'),)
    >>> thresholds_crossed(thresholds, limit, Money("900.00", "USD"), Money("900.01", "USD"))
    (Money('900.00', 'USD'),)
    """
    fields.check_type("limit", limit, Limit, Unlimited)
    fields.check_type("before", before, Money)
    fields.check_type("after", after, Money)
    fields.check_type("compare", compare, Crossing)
    if isinstance(limit, Limit) and limit.amount.currency != before.currency:
        raise CurrencyMismatch(limit.amount.currency.code, before.currency.code)
    if before.currency != after.currency:
        raise CurrencyMismatch(before.currency.code, after.currency.code)
    amounts = amounts_in_order(_as_amounts(thresholds, limit))
    return amounts[compare.count(amounts, before) : compare.count(amounts, after)]


def _as_amounts(
    thresholds: Iterable[Threshold], limit: CreditLimit
) -> Iterator[Money | EveryFurther]:
    """Yield the thresholds as amounts; percentages only where there is a positive limit."""
    if not isinstance(thresholds, Iterable):
        accepted = "a series of Money, PercentOfLimit and EveryFurther"
        raise InvalidType("thresholds", thresholds, accepted)
    for threshold in thresholds:
        match threshold:
            case Money() | EveryFurther():
                yield threshold
            case PercentOfLimit():
                if isinstance(limit, Limit) and limit.amount.is_positive:
                    yield threshold.value.of(limit.amount)
            case _:
                accepted = "a Money, a PercentOfLimit or an EveryFurther"
                raise InvalidType("thresholds", threshold, accepted)


def is_suspended(limit: CreditLimit, owed: Money) -> bool:
    """Tell whether the distributor's operations are suspended: it owes the limit or more.

    Raises:
        InvalidType: the limit is no limit (a bare amount is none), or the balance no Money.
        CurrencyMismatch: the two are in different currencies.

    Source: rulebook R24.

    >>> is_suspended(Limit(Money("1000.00", "USD")), Money("1000.00", "USD"))
    True
    """
    _check(limit, owed)
    return isinstance(limit, Limit) and limit.is_reached_by(owed)


def is_over_limit(limit: CreditLimit, owed: Money) -> bool:
    """Tell whether that much owed is above the limit; the limit itself is not above it.

    Source: rulebook R24.

    >>> is_over_limit(Limit(Money("1000.00", "USD")), Money("1000.00", "USD"))
    False
    """
    _check(limit, owed)
    return isinstance(limit, Limit) and limit.is_exceeded_by(owed)


def available_funds(limit: CreditLimit, owed: Money) -> Money | Unlimited:
    """Return what may still be owed: limit less balance, below zero once the limit is passed.

    Source: rulebook R25.

    >>> available_funds(Limit(Money("1000.00", "USD")), Money("8.50", "USD"))
    Money('991.50', 'USD')
    """
    _check(limit, owed)
    return limit if isinstance(limit, Unlimited) else limit.amount - owed


def _check(limit: CreditLimit, owed: Money) -> None:
    fields.check_type("limit", limit, Limit, Unlimited)
    fields.check_type("owed", owed, Money)
