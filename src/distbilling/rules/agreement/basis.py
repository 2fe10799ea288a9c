"""The basis of a commission: with or without tax, after or before a discount."""

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

    The examples: 120.00 were collected, of which 20.00 are tax.

    Source: rulebook R18.

    >>> TaxBasis.GROSS.value
    'gross'
    """

    GROSS = "gross"
    """On all of it: the base is 120.00."""

    NET_OF_TAX = "net_of_tax"
    """Without the tax: the base is 100.00."""

    def applied(self, base: Money, tax: Money | None) -> Money:
        """Return the base by this choice.

        Raises:
            InvalidValue: the tax is taken off, and the circumstances do not say it.
        """
        if self is TaxBasis.GROSS:
            return base
        if tax is None:
            accepted = "the tax that the amount contains: commission is earned net of it"
            raise InvalidValue("tax", None, accepted)
        return base - tax


class DiscountBasis(Choice):
    """Whether commission is earned on the price before or after a discount was taken off.

    The examples: a price of 100.00, a discount of 10.00; 90.00 were collected.

    Source: rulebook R18.

    >>> DiscountBasis.AFTER_DISCOUNT.value
    'after_discount'
    """

    AFTER_DISCOUNT = "after_discount"
    """On what was collected: the base is 90.00."""

    BEFORE_DISCOUNT = "before_discount"
    """On the price: the base is 100.00."""

    def applied(self, base: Money, discount: Money | None) -> Money:
        """Return the base by this choice.

        Raises:
            InvalidValue: the discount is added, and the circumstances do not say it.
        """
        if self is DiscountBasis.AFTER_DISCOUNT:
            return base
        if discount is None:
            accepted = "the discount that was taken off: commission is earned before it"
            raise InvalidValue("discount", None, accepted)
        return base + discount


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

    @property
    def asks_tax(self) -> bool:
        """Whether the base depends on the tax."""
        return self.tax is TaxBasis.NET_OF_TAX

    @property
    def asks_discount(self) -> bool:
        """Whether the base depends on the discount."""
        return self.discount is DiscountBasis.BEFORE_DISCOUNT

    def is_wider_than(self, other: Basis) -> bool:
        """Tell whether the base of some operation is larger than by another basis.

        >>> Basis().is_wider_than(Basis(TaxBasis.NET_OF_TAX))
        True
        """
        on_tax = other.asks_tax and not self.asks_tax
        return on_tax or (self.asks_discount and not other.asks_discount)

    def format(self, locale: str = "en") -> str:
        """Return the basis in the words of the locale."""
        tax = sentence("net of tax", locale) if self.asks_tax else sentence("with tax", locale)
        if self.asks_discount:
            return f"{tax}, {sentence('before discount', locale)}"
        return f"{tax}, {sentence('after discount', locale)}"


COLLECTED: Final = Basis()
"""The whole of what was collected."""


def base_of(amount: Money, basis: Basis, circumstances: Circumstances) -> Money:
    """Return what commission is earned on, of an amount of zero or more; of nothing, nothing.

    Raises:
        InvalidValue: the tax is above the amount that contains it, or the basis asks for a tax or a
            discount that the circumstances do not say.

    Source: rulebook R9, R18.

    >>> net = Basis(TaxBasis.NET_OF_TAX)
    >>> base_of(Money("100.00", "USD"), net, Circumstances(tax=Money("20.00", "USD")))
    Money('80.00', 'USD')
    """
    tax = circumstances.tax
    if tax is not None and tax > amount:
        accepted = f"at most the amount that contains it, {amount_text(amount)}"
        raise InvalidValue("tax", tax, accepted)
    if amount.is_zero:
        return amount

    base = basis.tax.applied(amount, tax)
    return basis.discount.applied(base, circumstances.discount)
