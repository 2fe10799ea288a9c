"""What becomes of a split when its amount is given back, or turns out to have been another."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from distbilling.errors import InvalidValue
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.schedule_checks import amount_text
from distbilling.rules.chain.calculations import (
    Calculations,
    Clawbacks,
    Commissions,
    Corrections,
)
from distbilling.rules.chain.clawback import Clawback, Correction
from distbilling.rules.chain.margins import commissions_of
from distbilling.rules.chain.split import Split
from distbilling.rules.commission.commission import Commission

__all__ = ["Clawback", "Correction", "claw_back", "corrected", "effective"]


def claw_back(
    split: Split[Commissions],
    already: Money,
    reversed: Money,  # noqa: A002 - the word of the trade
) -> Split[Clawbacks]:
    """Return what a reversal takes from every party of a split: refund, void or chargeback.

    The amounts of the result are below zero. Each level gives back so far what it earned × reversed
    so far ÷ amount, rounded by its own terms; so reversals in any parts and order end at exactly
    what was earned and owed.

    Args:
        split: The split as it stands, after its corrections.
        already: What was reversed of its amount before, zero or more.
        reversed: What is reversed now, above zero.

    Raises:
        InvalidType: the split is no Split, or an amount no Money.
        CurrencyMismatch: the amounts are in different currencies.
        InvalidValue: the split is itself a reversal or a correction, nothing is reversed, or more
            than remains.

    Source: rulebook R15.

    >>> import pendulum
    >>> from distbilling.money import Percent
    >>> from distbilling.rules.chain.split import Level, split_of
    >>> from distbilling.rules.agreement.terms import CommissionKind, Terms
    >>> hudson = Level("hudson", Terms(Percent("15"), Percent("10")))
    >>> noon = pendulum.datetime(2026, 3, 1, 12)
    >>> split = split_of(CommissionKind.SALE, Money("10.00", "USD"), [hudson], at=noon)
    >>> for already in ("0.00", "3.33", "6.66"):
    ...     part = claw_back(split, Money(already, "USD"), Money("3.33", "USD"))
    ...     print(part.earned_by("hudson"))
    -$0.50
    -$0.50
    -$0.50
    """
    _check_standing(split)
    fields.check_type("already", already, Money)
    fields.check_type("reversed", reversed, Money)
    if already.is_negative:
        raise InvalidValue("already", already, "an amount of zero or more")
    return Split.between(split.parties, Clawbacks.of(split.calculations, already, reversed))


def corrected(
    split: Split[Commissions], right: Money, circumstances: Circumstances | None = None
) -> Split[Corrections]:
    """Return the difference to book where the amount should have been another.

    Nothing that was booked is touched. Each level earns on the right amount by the terms of the
    original: its rate, rounding, basis, volume and age, and the policies of the chain.

    Args:
        split: The split as it stands, after the corrections before this one.
        right: What the amount should have been: more, less, zero, or below zero, which mirrors
            above it.
        circumstances: Items, tax and discount of the right amount. Without them the items stay, and
            tax and discount change in proportion to the amount, rounded half away from zero.

    Raises:
        InvalidType: the split is no Split, the amount no Money, or the circumstances none.
        CurrencyMismatch: the amounts are in different currencies.
        InvalidValue: the split is itself a reversal or a correction (correct what it stands at:
            :func:`effective`); the split is of nothing, and tax or discount would have to be in
            proportion to it.

    Source: rulebook R15.

    >>> import pendulum
    >>> from distbilling.money import Percent
    >>> from distbilling.rules.chain.split import Level, split_of
    >>> from distbilling.rules.agreement.terms import CommissionKind, Terms
    >>> hudson = Level("hudson", Terms(Percent("15"), Percent("10")))
    >>> noon = pendulum.datetime(2026, 3, 1, 12)
    >>> split = split_of(CommissionKind.PAYMENT, Money("100.00", "USD"), [hudson], at=noon)
    >>> difference = corrected(split, Money("-1110.00", "USD"))
    >>> difference.amount, difference.earned_by("hudson")
    (Money('-1210.00', 'USD'), Money('-121.00', 'USD'))
    """
    _check_standing(split)
    fields.check_type("right", right, Money)
    fields.check_type("circumstances", circumstances, Circumstances, type(None))
    _ = right - split.amount  # refuses another currency

    def earning(before: Commission, on: Money, at_most: Money | None) -> Commission:
        now = _circumstances(before.circumstances, circumstances, split.amount, right)
        return before.again(on, now if on is right else now.limited_to(on), at_most)

    before = split.calculations
    commissions = commissions_of(right, before.levels, before.margin, earning)
    after = Commissions.of(commissions, before.margin, before.remainder)
    return Split.between(split.parties, Corrections(before, after))


def effective(
    original: Split[Commissions], corrections: Iterable[Split[Corrections]]
) -> Split[Commissions]:
    """Return a split as it stands after its corrections, in the order in which they were made.

    This is what later reversals and corrections are measured on; without corrections it is the
    original.

    Raises:
        InvalidType: one of them is no Split.
        InvalidValue: the original is itself a reversal or a correction; a correction is none, is
            one of another chain, or does not start from where the one before it ended.

    Source: rulebook R15.

    >>> import pendulum
    >>> from distbilling.money import Percent
    >>> from distbilling.rules.chain.split import Level, split_of
    >>> from distbilling.rules.agreement.terms import CommissionKind, Terms
    >>> hudson = Level("hudson", Terms(Percent("15"), Percent("10")))
    >>> noon = pendulum.datetime(2026, 3, 1, 12)
    >>> split = split_of(CommissionKind.PAYMENT, Money("100.00", "USD"), [hudson], at=noon)
    >>> stands = effective(split, [corrected(split, Money("80.00", "USD"))])
    >>> stands.amount, stands.earned_by("hudson")
    (Money('80.00', 'USD'), Money('8.00', 'USD'))
    """
    _check_standing(original)
    stands = original
    for correction in corrections:
        fields.check_type("corrections", correction, Split)
        calculations = correction.calculations
        if (
            not isinstance(calculations, Corrections)
            or calculations.before != stands.calculations
            or correction.parties != stands.parties
        ):
            accepted = f"what corrects {amount_text(stands.amount)} of this chain, in order"
            raise InvalidValue("corrections", correction, accepted)
        stands = Split.between(stands.parties, calculations.after)
    return stands


def _check_standing(split: Split[Calculations]) -> None:
    """Refuse what is itself a reversal or a correction, in hosts that check no types."""
    fields.check_type("split", split, Split)
    if split.of_kind(Commissions) is None:
        accepted = "a split as it stands, which is itself no reversal and no correction"
        raise InvalidValue("split", split, accepted)


def _circumstances(
    before: Circumstances, now: Circumstances | None, amount: Money, right: Money
) -> Circumstances:
    """Return the circumstances of the right amount: given now, or as they were, in proportion."""
    if now is not None:
        return attrs.evolve(now, so_far=before.so_far, months=before.months)
    if before.tax is None and before.discount is None:
        return before
    if amount.is_zero:
        accepted = "the tax and discount of the right amount: the original was nothing"
        raise InvalidValue("circumstances", None, accepted)
    return before.in_proportion(right, amount).limited_to(right)
