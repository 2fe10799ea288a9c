"""The circumstances of an operation: items, volume so far, age of the relation, tax, discount."""

from __future__ import annotations

from typing import Final

import attrs

from distbilling.money import Money, Rounding, RoundingMethod, part_of
from distbilling.rules import fields

__all__ = ["IN_PROPORTION", "NO_CIRCUMSTANCES", "Circumstances"]

IN_PROPORTION: Final = Rounding(RoundingMethod.HALF_AWAY_FROM_ZERO)
"""How tax, discount and volume are rounded where they change in proportion to an amount."""


@attrs.frozen
class Circumstances(fields.Checked):
    """What a schedule may ask about an operation besides its amount.

    None is not said, which is not zero. For a negative amount, all of them are said as for the
    positive one that it mirrors.

    Raises:
        InvalidType: the items or months are no whole number, or the amounts no Money.
        InvalidValue: there is no item, or an amount or the months are below zero.
        CurrencyMismatch: the amounts are in different currencies.

    Source: rulebook R13, R14, R18.

    >>> Circumstances(so_far=Money("900.00", "USD")).items
    1
    """

    items: int = 1
    """How many things were sold."""

    so_far: Money | None = attrs.field(default=None, validator=fields.optional_not_negative)
    """The volume of the billing period before: the bases of its commissions together."""

    months: int | None = None
    """The whole calendar months since the relation began."""

    tax: Money | None = attrs.field(default=None, validator=fields.optional_not_negative)
    """The tax that the amount contains."""

    discount: Money | None = attrs.field(default=None, validator=fields.optional_not_negative)
    """What was taken off the price before the amount was collected."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        fields.check_whole("items", self.items, 1)
        if self.months is not None:
            fields.check_whole("months", self.months, 0)
        amounts = tuple(
            [each for each in (self.so_far, self.tax, self.discount) if each is not None]
        )
        if len(amounts) > 1:  # as few have
            fields.check_one_currency(amounts)

    def limited_to(self, amount: Money) -> Circumstances:
        """Return them for a part of the amount: the tax is no more than that part.

        Source: rulebook R16, R18.

        >>> Circumstances(tax=Money("2.00", "USD")).limited_to(Money("1.50", "USD")).tax
        Money('1.50', 'USD')
        """
        if self.tax is None or self.tax <= abs(amount):
            return self
        return attrs.evolve(self, tax=abs(amount))

    def in_proportion(self, right: Money, amount: Money) -> Circumstances:
        """Return them for another amount, with tax and discount in proportion to the first one.

        Both are rounded half away from zero.

        Args:
            right: The amount that they are to be for; its sign does not count.
            amount: The amount that they are for, not zero; nor does its sign.

        Source: rulebook R15, R18.

        >>> taxed = Circumstances(tax=Money("20.00", "USD"))
        >>> taxed.in_proportion(Money("60.00", "USD"), Money("120.00", "USD")).tax
        Money('10.00', 'USD')
        """
        if self.tax is None and self.discount is None:
            return self
        tax, discount = (
            None if part is None else part_of(part, abs(right), abs(amount), IN_PROPORTION)
            for part in (self.tax, self.discount)
        )
        return attrs.evolve(self, tax=tax, discount=discount)


NO_CIRCUMSTANCES: Final = Circumstances()
"""One item, and nothing else is said."""
