"""What is known of an operation besides its amount? Items, volume so far, age of the relation, tax and discount."""

from __future__ import annotations

from typing import Final

import attrs

from distbilling.errors import InvalidValue
from distbilling.money import Money
from distbilling.rules import fields

__all__ = ["Circumstances"]


@attrs.frozen
class Circumstances(fields.Checked):
    """What a schedule may ask about an operation; None is not told, which is not zero.

    ``items`` is how many things were sold. ``so_far`` is the volume of the billing period before
    this operation: the bases of its commissions together. ``months`` are the whole calendar months
    since the relation began. ``tax`` is contained in the amount; ``discount`` was taken off the
    price before the amount was collected. For a negative amount, all of them are told as for the
    positive one that it mirrors.

    Raises:
        InvalidType: the items or months are no whole number, or the others no Money.
        InvalidValue: there is no item, or an amount or the months are below zero.
        CurrencyMismatch: the amounts are in different currencies.

    Source: rulebook R13, R14, R18.

    >>> Circumstances(so_far=Money("900.00", "USD")).items
    1
    """

    items: int = 1
    so_far: Money | None = attrs.field(default=None, validator=fields.one_of(Money, type(None)))
    months: int | None = None
    tax: Money | None = attrs.field(default=None, validator=fields.one_of(Money, type(None)))
    discount: Money | None = attrs.field(default=None, validator=fields.one_of(Money, type(None)))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        fields.check_whole("items", self.items, 1)
        if self.months is not None:
            fields.check_whole("months", self.months, 0)
        for name, amount in (
            ("so_far", self.so_far),
            ("tax", self.tax),
            ("discount", self.discount),
        ):
            if amount is not None and amount.is_negative:
                raise InvalidValue(name, amount, "an amount of zero or more")
        fields.check_one_currency(self)

    @property
    def amounts(self) -> tuple[Money, ...]:
        """The amounts that are told."""
        return tuple(
            amount for amount in (self.so_far, self.tax, self.discount) if amount is not None
        )


NO_CIRCUMSTANCES: Final = Circumstances()
"""One item, and nothing else is known."""
