"""The calculations behind a split: commissions, what is taken back of them, and their correction.

Each of the three holds the figures of one kind for all levels of a chain, seller first, and answers
the same questions: the ``amount`` that was shared, what each level ``kept`` of it, the calculation
of each of the ``levels``, and what is added to the ``volumes`` of their billing periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import sub
from typing import Final

import attrs

from distbilling.errors import CurrencyMismatch, InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.money import Money, given_back
from distbilling.rules import fields
from distbilling.rules.agreement.circumstances import IN_PROPORTION
from distbilling.rules.agreement.schedule_checks import amount_text
from distbilling.rules.agreement.terms import Margin, Remainder
from distbilling.rules.chain.clawback import Clawback, Correction
from distbilling.rules.chain.margins import exact_margins, margins_of, total_of
from distbilling.rules.chain.words import difference_in_words
from distbilling.rules.commission.commission import Commission

__all__ = ["Calculations", "Clawbacks", "Commissions", "Corrections"]


@attrs.frozen
class Commissions(fields.Checked):
    """What each level of a chain earns on an amount, and what it keeps of that for itself.

    ``levels`` and ``kept`` are in the order of the chain, seller first. What is kept follows from
    the two policies; it is stored, because what was booked is read and never computed again.

    Raises:
        CurrencyMismatch: the commissions are in different currencies.
        InvalidValue: there is no level, a commission is on another amount than the levels below it
            left, or above that of the next level, or ``kept`` is not what the policies give.

    Source: rulebook R6, R16.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> levels = [commission_on(Money("10.00", "USD"), Percent(rate)) for rate in (15, 20)]
    >>> print(*Commissions.of(levels, Margin.DIFFERENCE_OF_RATES).kept)
    $1.50 $0.50
    """

    levels: tuple[Commission, ...] = attrs.field(validator=fields.tuple_of(Commission))
    kept: tuple[Money, ...] = attrs.field(validator=fields.tuple_of(Money))
    margin: Margin = attrs.field(
        default=Margin.DIFFERENCE_OF_RATES, validator=fields.one_of(Margin)
    )
    remainder: Remainder = attrs.field(
        default=Remainder.EACH_LEVEL_ROUNDED, validator=fields.one_of(Remainder)
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if not self.levels:
            raise InvalidValue("levels", self.levels, "at least one commission")
        self._check_levels()
        _check_kept(self.kept, margins_of(self.levels, self.margin, self.remainder))

    @classmethod
    def of(
        cls,
        levels: Sequence[Commission],
        margin: Margin,
        remainder: Remainder = Remainder.EACH_LEVEL_ROUNDED,
    ) -> Commissions:
        """Return commissions that :func:`commissions_of` gave, with what each level keeps."""
        return _commissions(tuple(levels), margins_of(levels, margin, remainder), margin, remainder)

    @property
    def amount(self) -> Money:
        """What was shared: the seller earns on all of it."""
        return self.levels[0].amount

    @property
    def volumes(self) -> tuple[Money, ...]:
        """What is added to the volume of each level: what it earns on."""
        return tuple([commission.base for commission in self.levels])

    def explain(self, place: int, distributor: str, locale: str) -> list[str]:
        """Say how what the level at a place keeps came about."""
        commission = self.levels[place].explain(locale)
        return [commission, *self.explain_margin(place, distributor, locale)]

    def explain_margin(self, place: int, distributor: str, locale: str) -> list[str]:
        """Say how what the level at a place keeps follows from the commissions.

        Nothing is said where it keeps its own commission, whole.

        Source: rulebook R6, R16, R19.

        >>> from distbilling.money import Percent
        >>> from distbilling.rules.commission import commission_on
        >>> levels = [commission_on(Money("0.50", "USD"), Percent(rate)) for rate in (1, 3)]
        >>> commissions = Commissions.of(levels, Margin.DIFFERENCE_OF_RATES)
        >>> print(*commissions.explain_margin(1, "hudson", "en"))
        $0.01 of it goes to levels below: hudson keeps $0.01.
        """
        kept, earned = self.kept[place], self.levels[place].earned
        figures = {"distributor": distributor, "kept": kept.format(locale, exact=True)}

        if self.remainder is Remainder.EACH_LEVEL_ROUNDED or len(self.levels) == 1:
            if kept == earned:
                return []
            figures["below"] = (earned - kept).format(locale, exact=True)
            return [
                sentence(
                    "{below} of it goes to levels below: {distributor} keeps {kept}.",
                    locale,
                    **figures,
                )
            ]

        exact = exact_margins(self.levels, self.margin)
        figures["margins"] = " : ".join(amount.format(locale, exact=True) for amount in exact)
        figures["total"] = total_of(self.levels, self.margin).format(locale, exact=True)
        if self.remainder is Remainder.LARGEST_REMAINDER:
            return [
                sentence(
                    "All levels together earn {total}, shared out as {margins}, odd units by the "
                    "largest remainders: {distributor} keeps {kept}.",
                    locale,
                    **figures,
                )
            ]
        return [
            sentence(
                "All levels together earn {total}, shared out as {margins}, odd units in order "
                "from the seller: {distributor} keeps {kept}.",
                locale,
                **figures,
            )
        ]

    def _check_levels(self) -> None:
        """Refuse commissions that are not on one amount, or not in the order of the chain."""
        amount = self.amount
        for place, commission in enumerate(self.levels):
            if commission.amount.currency is not amount.currency:
                raise CurrencyMismatch(amount.currency.code, commission.amount.currency.code)
            if commission.amount != amount:
                accepted = f"{amount_text(amount)}, which the level at {place} earns on"
                raise InvalidValue("amount", commission.amount, accepted)

            if self.margin is Margin.OWN_RATE_ON_THE_REST:
                amount = commission.owed
            elif place and abs(self.levels[place - 1].earned) > abs(commission.earned):
                accepted = f"at most {amount_text(commission.earned)}, which the level above earns"
                raise InvalidValue("earned", self.levels[place - 1].earned, accepted)


_commissions: Final = fields.unchecked(Commissions)


@attrs.frozen
class Clawbacks(fields.Checked):
    """What a reversal takes back of the ``original`` commissions: refund, void or chargeback.

    ``reversed`` of their amount is reversed now, and ``before`` was reversed before; both are
    above zero. What each level keeps is below zero: it gives that back.

    Raises:
        CurrencyMismatch: the amounts are in different currencies.
        InvalidValue: nothing is reversed, more than remains, or ``kept`` is not what that gives.

    Source: rulebook R15.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> sold, none, third = (Money(number, "USD") for number in ("10.00", "0.00", "3.33"))
    >>> earned = Commissions.of([commission_on(sold, Percent(15))], Margin.DIFFERENCE_OF_RATES)
    >>> print(*Clawbacks.of(earned, none, third).kept)
    -$0.50
    """

    original: Commissions = attrs.field(validator=fields.one_of(Commissions))
    before: Money = attrs.field(validator=fields.one_of(Money))
    reversed: Money = attrs.field(validator=fields.one_of(Money))
    kept: tuple[Money, ...] = attrs.field(validator=fields.tuple_of(Money))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        expected = Clawbacks.of(self.original, self.before, self.reversed)
        _check_kept(self.kept, expected.kept)

    @classmethod
    def of(cls, original: Commissions, before: Money, reversed: Money) -> Clawbacks:  # noqa: A002
        """Return what a reversal takes back, in proportion, each level by its own rounding."""
        amount, first = original.amount, original.levels[0]
        Clawback(original.kept[0], amount, before, reversed, first.rounding)  # checks the request
        kept = tuple(
            -given_back(earned, amount, before, reversed, commission.rounding)
            for earned, commission in zip(original.kept, original.levels, strict=True)
        )
        return _clawbacks(original, before, reversed, kept)

    @property
    def amount(self) -> Money:
        """What was shared: below zero."""
        return -self.reversed

    @property
    def margin(self) -> Margin:
        """What a margin is, by the terms of the original."""
        return self.original.margin

    @property
    def remainder(self) -> Remainder:
        """Who gets the odd unit, by the terms of the original."""
        return self.original.remainder

    @property
    def levels(self) -> tuple[Clawback, ...]:
        """How what each level gives back came about."""
        original = self.original
        return tuple(
            _clawback(earned, original.amount, self.before, self.reversed, commission.rounding)
            for earned, commission in zip(original.kept, original.levels, strict=True)
        )

    @property
    def volumes(self) -> tuple[Money, ...]:
        """What is added to the volume of each level: below zero, in proportion.

        All of the amount reversed takes off all that was added.
        """
        whole, before, back = self.original.amount, self.before, self.reversed
        return tuple(
            -given_back(volume, whole, before, back, IN_PROPORTION)
            for volume in self.original.volumes
        )

    def explain(self, place: int, _distributor: str, locale: str) -> list[str]:
        """Say how what the level at a place gives back came about."""
        return [self.levels[place].explain(locale)]


_clawbacks: Final = fields.unchecked(Clawbacks)
_clawback: Final = fields.unchecked(Clawback)


@attrs.frozen
class Corrections(fields.Checked):
    """The commissions as they should have been, ``after``, in place of those ``before``.

    What is shared, kept and added to a volume is the difference of the two.

    Raises:
        CurrencyMismatch: the two are in different currencies.
        InvalidValue: they are of chains of different lengths or policies.

    Source: rulebook R15.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> def on(amount):
    ...     levels = [commission_on(Money(amount, "USD"), Percent(10))]
    ...     return Commissions.of(levels, Margin.DIFFERENCE_OF_RATES)
    >>> before, after = on("100.00"), on("80.00")
    >>> Corrections(before, after).amount, Corrections(before, after).kept
    (Money('-20.00', 'USD'), (Money('-2.00', 'USD'),))
    """

    before: Commissions = attrs.field(validator=fields.one_of(Commissions))
    after: Commissions = attrs.field(validator=fields.one_of(Commissions))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        before, after = (
            (len(each.levels), each.margin, each.remainder) for each in (self.before, self.after)
        )
        if after != before:
            raise InvalidValue("after", after, f"levels and policies as before: {before}")
        _ = self.amount  # refuses amounts in two currencies

    @property
    def amount(self) -> Money:
        """What was shared: how much more the amount should have been; below zero, how much less."""
        return self.after.amount - self.before.amount

    @property
    def kept(self) -> tuple[Money, ...]:
        """How much more each level keeps than was recorded before."""
        return tuple(map(sub, self.after.kept, self.before.kept))

    @property
    def margin(self) -> Margin:
        """What a margin is, by the terms of the original."""
        return self.after.margin

    @property
    def remainder(self) -> Remainder:
        """Who gets the odd unit, by the terms of the original."""
        return self.after.remainder

    @property
    def levels(self) -> tuple[Correction, ...]:
        """How what each level should have earned comes about, and what was recorded before."""
        return tuple(map(_correction, self.before.kept, self.after.levels))

    @property
    def volumes(self) -> tuple[Money, ...]:
        """What is added to the volume of each level."""
        return tuple(map(sub, self.after.volumes, self.before.volumes))

    def explain(self, place: int, distributor: str, locale: str) -> list[str]:
        """Say how the difference at a place came about, and what was recorded before."""
        kept, before = self.after.kept[place], self.before.kept[place]
        return [
            self.levels[place].explain(locale),
            *self.after.explain_margin(place, distributor, locale),
            difference_in_words(distributor, kept, before, locale),
        ]


_correction: Final = fields.unchecked(Correction)

Calculations = Commissions | Clawbacks | Corrections
"""How an amount came to be shared as it is: by one of three kinds of calculation for all levels."""


def _check_kept(kept: tuple[Money, ...], expected: tuple[Money, ...]) -> None:
    """Refuse what the levels keep where it is not what their calculations give."""
    if kept != expected:
        accepted = ", ".join(map(amount_text, expected))
        raise InvalidValue("kept", kept, f"{accepted}, which is what the levels keep")
