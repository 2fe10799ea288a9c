"""What becomes of a split when its amount is given back, in whole or in part, or turns out to have been another?"""

from __future__ import annotations

from collections.abc import Sequence
from operator import sub
from typing import Final

from distbilling.errors import InvalidValue
from distbilling.money import Money, Rounding, RoundingMethod, part_of
from distbilling.rules import fields
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.schedule_checks import amount_text
from distbilling.rules.chain.clawback import Clawback, Correction
from distbilling.rules.chain.margins import commissions_of, margins_of, on_the_rest
from distbilling.rules.chain.shares import Split, shared_out
from distbilling.rules.commission.commission import Commission, commission_on

__all__ = ["Clawback", "Correction", "claw_back", "corrected", "effective"]

_IN_PROPORTION: Final = Rounding(RoundingMethod.HALF_AWAY_FROM_ZERO)


def claw_back(split: Split, already: Money, reversed: Money) -> Split:  # noqa: A002 - the word of the trade
    """Return what a reversal takes from every party of a split: refund, void or chargeback, whole or in part.

    ``already`` and ``reversed`` are above zero in the direction of the original: what was reversed
    before, and what is reversed now. The amounts of the result are below zero. Each share gives
    back so far what it earned × reversed so far ÷ amount, rounded by its own terms; so that
    reversals in any parts and order end at exactly what was earned and owed.

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
    >>> split = split_of(CommissionKind.SALE, Money("10.00", "USD"), [hudson], at=pendulum.datetime(2026, 3, 1))
    >>> parts = [Money(part, "USD") for part in ("3.33", "3.33", "3.34")]
    >>> for already, part in zip((Money("0.00", "USD"), parts[0], parts[0] + parts[1]), parts):
    ...     print(claw_back(split, already, part).earned_by("hudson"))
    -$0.50
    -$0.50
    -$0.50
    """
    commissions = _commissions_as_they_stand(split)
    fields.check_type("already", already, Money)
    fields.check_type("reversed", reversed, Money)
    if already.is_negative:
        raise InvalidValue("already", already, "an amount of zero or more")
    reasons = [
        Clawback(share.earned, split.amount, already, reversed, because.rounding)
        for share, because in zip(split.shares, commissions, strict=True)
    ]
    kept = [-clawback.taken for clawback in reasons]
    return shared_out(-reversed, split.shares, reasons, kept, split.margin, split.remainder)


def corrected(split: Split, right: Money, circumstances: Circumstances | None = None) -> Split:
    """Return the difference to book where the amount should have been another: nothing that was booked is touched.

    Each level earns on the right amount by the terms of the original: its rate, rounding, basis,
    volume and age, and the policies of the chain. Items, tax and discount are those of
    ``circumstances``; where these are not told, the items stay, and tax and discount change in
    proportion to the amount, rounded half away from zero. The right amount may be larger, smaller,
    zero, or below zero, which mirrors above it.

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
    >>> split = split_of(CommissionKind.PAYMENT, Money("100.00", "USD"), [hudson], at=pendulum.datetime(2026, 3, 1))
    >>> difference = corrected(split, Money("-1110.00", "USD"))
    >>> difference.amount, difference.earned_by("hudson")
    (Money('-1210.00', 'USD'), Money('-121.00', 'USD'))
    """
    commissions = _commissions_as_they_stand(split)
    fields.check_type("right", right, Money)
    fields.check_type("circumstances", circumstances, Circumstances, type(None))
    difference = right - split.amount

    def earning(before: Commission, on: Money, at_most: Money | None) -> Commission:
        told = _told(before.circumstances, circumstances, split.amount, right)
        return commission_on(
            on,
            before.rate,
            before.rounding,
            before.origin,
            basis=before.basis,
            circumstances=told if on is right else on_the_rest(told, on),
            at_most=at_most,
        )

    rights = commissions_of(right, commissions, split.margin, earning)
    kept = margins_of(rights, split.margin, split.remainder)
    befores = [share.earned for share in split.shares]
    reasons = list(map(Correction, befores, rights))
    return shared_out(
        difference,
        split.shares,
        reasons,
        list(map(sub, kept, befores)),
        split.margin,
        split.remainder,
    )


def effective(original: Split, corrections: Sequence[Split]) -> Split:
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
    >>> split = split_of(CommissionKind.PAYMENT, Money("100.00", "USD"), [hudson], at=pendulum.datetime(2026, 3, 1))
    >>> stands = effective(split, [corrected(split, Money("80.00", "USD"))])
    >>> stands.amount, stands.earned_by("hudson")
    (Money('80.00', 'USD'), Money('8.00', 'USD'))
    """
    _commissions_as_they_stand(original)
    stands = original
    for correction in corrections:
        stands = _after(stands, correction)
    return stands


def _after(stands: Split, correction: Split) -> Split:
    fields.check_type("corrections", correction, Split)
    amount = stands.amount + correction.amount
    reasons = [
        share.because for share in correction.shares if isinstance(share.because, Correction)
    ]
    rights = [because.after for because in reasons]
    if (
        _policies(correction) != _policies(stands)
        or [because.before for because in reasons] != [share.earned for share in stands.shares]
        or rights[0].amount != amount
    ):
        raise InvalidValue(
            "corrections",
            correction,
            f"what corrects {amount_text(stands.amount)} of this chain, in order",
        )
    kept = margins_of(rights, stands.margin, stands.remainder)
    return shared_out(amount, stands.shares, rights, kept, stands.margin, stands.remainder)


def _policies(split: Split) -> tuple[object, ...]:
    """Return what a correction has in common with what it corrects."""
    return (
        split.margin,
        split.remainder,
        [(share.distributor, share.netting) for share in split.shares],
    )


def _commissions_as_they_stand(split: Split) -> list[Commission]:
    fields.check_type("split", split, Split)
    commissions = [share.because for share in split.shares if isinstance(share.because, Commission)]
    if len(commissions) < len(split.shares):
        raise InvalidValue(
            "split", split, "a split as it stands, which is itself no reversal and no correction"
        )
    return commissions


def _told(
    before: Circumstances, now: Circumstances | None, amount: Money, right: Money
) -> Circumstances:
    """Return the circumstances of the right amount: told now, or as they were, in proportion."""
    if now is not None:
        return Circumstances(now.items, before.so_far, before.months, now.tax, now.discount)
    if before.tax is None and before.discount is None:
        return before
    tax, discount = (_in_proportion(part, amount, right) for part in (before.tax, before.discount))
    return on_the_rest(
        Circumstances(before.items, before.so_far, before.months, tax, discount), right
    )


def _in_proportion(part: Money | None, amount: Money, right: Money) -> Money | None:
    if part is None:
        return None
    if amount.is_zero:
        raise InvalidValue(
            "circumstances",
            None,
            "the tax and discount of the right amount: the original was nothing",
        )
    return part_of(part, abs(right), abs(amount), _IN_PROPORTION)
