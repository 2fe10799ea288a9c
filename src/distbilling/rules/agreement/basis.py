"""On what is a commission earned? What was collected, with or without its tax, after or before a discount."""

from __future__ import annotations

from typing import Final

import attrs

from distbilling.choices import Choice
from distbilling.errors import InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.schedule_checks import amount_text

__all__ = ["Basis", "DiscountBasis", "TaxBasis", "base_of"]


class TaxBasis(Choice):
    """Whether commission is earned on the tax that an amount contains.

    Source: rulebook R18.

    >>> TaxBasis.GROSS.value
    'gross'
    """

    GROSS = "gross"
    NET_OF_TAX = "net_of_tax"


class DiscountBasis(Choice):
    """Whether commission is earned on what was collected, or on the price before a discount was taken off.

    Source: rulebook R18.

    >>> DiscountBasis.AFTER_DISCOUNT.value
    'after_discount'
    """

    AFTER_DISCOUNT = "after_discount"
    BEFORE_DISCOUNT = "before_discount"


@attrs.frozen
class Basis(fields.Checked):
    """On what a commission is earned: with or without tax, after or before a discount.

    Source: rulebook R18; handbook: what was collected.

    >>> print(Basis(TaxBasis.NET_OF_TAX).format())
    net of tax, after discount
    """

    tax: TaxBasis = attrs.field(default=TaxBasis.GROSS, validator=fields.one_of(TaxBasis))
    discount: DiscountBasis = attrs.field(
        default=DiscountBasis.AFTER_DISCOUNT, validator=fields.one_of(DiscountBasis)
    )

    def format(self, locale: str = "en") -> str:
        """Return the basis in the words of the locale."""
        gross, after = self.tax is TaxBasis.GROSS, self.discount is DiscountBasis.AFTER_DISCOUNT
        tax = sentence("with tax", locale) if gross else sentence("net of tax", locale)
        discount = (
            sentence("after discount", locale) if after else sentence("before discount", locale)
        )
        return f"{tax}, {discount}"


COLLECTED: Final = Basis()
"""The whole of what was collected."""


def base_of(amount: Money, basis: Basis, circumstances: Circumstances) -> Money:
    """Return what commission is earned on, of an amount of zero or more; of nothing, nothing.

    Raises:
        InvalidValue: the tax is above the amount that contains it, or the basis asks for a tax or a
            discount that is not told.

    Source: rulebook R9, R18.

    >>> net = Basis(TaxBasis.NET_OF_TAX)
    >>> base_of(Money("100.00", "USD"), net, Circumstances(tax=Money("20.00", "USD")))
    Money('80.00', 'USD')
    """
    tax, discount = circumstances.tax, circumstances.discount
    if tax is not None and tax > amount:
        raise InvalidValue(
            "tax", tax, f"at most the amount that contains it, {amount_text(amount)}"
        )
    if amount.is_zero:
        return amount
    base = amount
    if basis.tax is TaxBasis.NET_OF_TAX:
        if tax is None:
            raise InvalidValue(
                "tax", None, "the tax that the amount contains: commission is earned net of it"
            )
        base -= tax
    if basis.discount is DiscountBasis.BEFORE_DISCOUNT:
        if discount is None:
            raise InvalidValue(
                "discount", None, "the discount that was taken off: commission is earned before it"
            )
        base += discount
    return base
