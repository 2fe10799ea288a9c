"""Customers and their accounts."""

from __future__ import annotations

import attrs
from pendulum import DateTime

from distbilling.choices import Choice
from distbilling.errors import CurrencyMismatch, InvalidValue
from distbilling.money import Currency, Money
from distbilling.rules import fields
from distbilling.rules.agreement.terms import Subject
from distbilling.rules.credit.limits import CreditLimit, Limit, Unlimited

__all__ = ["Account", "AccountKind", "Customer", "check_funds", "check_tax"]


@attrs.frozen
class Customer(fields.Checked):
    """The end user's company or person.

    It belongs to a distributor, or to the provider itself (``distributor`` None).

    ``since`` is the instant from which it belongs to that one, by which a commission may be rated.
    The name is personal: it is in no repr and no error.

    Source: rulebook R13, R27, R50; "Who is who".

    >>> import pendulum
    >>> nothing, march = Limit(Money("0", "USD")), pendulum.datetime(2026, 3, 2)
    >>> Customer("brown", "Brown Bakery", Currency("USD"), "hudson", nothing, march).credit_limit
    Limit(Money('0.00', 'USD'))
    """

    id: str = attrs.field(validator=fields.identifier)
    name: str = attrs.field(validator=fields.person, repr=False)
    currency: Currency = attrs.field(validator=[fields.one_of(Currency), fields.spendable])
    distributor: str | None = attrs.field(validator=attrs.validators.optional(fields.identifier))
    credit_limit: CreditLimit = attrs.field(validator=fields.one_of(Limit, Unlimited))
    since: DateTime = attrs.field(converter=fields.since)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if (
            isinstance(self.credit_limit, Limit)
            and self.credit_limit.amount.currency != self.currency
        ):
            raise CurrencyMismatch(self.currency.code, self.credit_limit.amount.currency.code)


class AccountKind(Choice):
    """How an account is paid for: from funds put in beforehand, or by the customer afterwards.

    >>> AccountKind.PREPAID.value
    'prepaid'
    """

    PREPAID = "prepaid"
    POSTPAID = "postpaid"


def check_funds(kind: AccountKind, opening_balance: Money) -> None:
    """Refuse funds on a postpaid account, which holds none.

    Source: rulebook R7, R49.

    >>> check_funds(AccountKind.PREPAID, Money("10.00", "USD"))
    """
    if kind is AccountKind.POSTPAID and not opening_balance.is_zero:
        raise InvalidValue(
            "opening_balance", opening_balance, "zero for a postpaid account: it holds no funds"
        )


def check_tax(tax: Money | None, amount: Money) -> None:
    """Refuse a tax that an amount cannot contain.

    Source: rulebook R18, R49.

    >>> check_tax(Money("12.00", "USD"), Money("10.00", "USD"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: tax: Money('12.00', 'USD') is not accepted; give from zero ...
    """
    if tax is not None and not Money.zero(amount.currency) <= tax <= amount:
        raise InvalidValue("tax", tax, f"from zero to the amount of {amount}")


@attrs.frozen
class Account(fields.Checked):
    """One service identity of a customer, such as a SIP phone number; never a ledger account.

    ``opening_balance`` are the funds it is sold with (zero or more, in whole minor units); ``sold``
    tells that the sale has happened, so that it never happens again. ``batch`` is the lot of
    accounts it comes from, where that has a commission of its own; ``tax`` is the tax that the
    opening balance contains.

    Raises:
        InvalidValue: the opening balance is below zero, finer than the minor unit, or put on a
            postpaid account; the tax is below zero or above it.
        CurrencyMismatch: the tax is in another currency than the opening balance.

    Source: rulebook R7, R9, R11, R18; "Who is who".

    >>> Account("12125550100", "brown", "hudson", "SIP line", AccountKind.PREPAID, Money("10",
    ...     "USD")).is_due_for_sale
    False
    """

    id: str = attrs.field(validator=fields.identifier)
    customer: str = attrs.field(validator=fields.identifier)
    distributor: str | None = attrs.field(validator=attrs.validators.optional(fields.identifier))
    product: str = attrs.field(validator=fields.name)
    kind: AccountKind = attrs.field(validator=fields.one_of(AccountKind))
    opening_balance: Money = attrs.field(
        validator=[fields.one_of(Money), fields.not_negative, fields.cash]
    )
    active: bool = attrs.field(default=False, validator=fields.one_of(bool))
    sold: bool = attrs.field(default=False, validator=fields.one_of(bool))
    batch: str | None = attrs.field(default=None, validator=attrs.validators.optional(fields.name))
    tax: Money | None = attrs.field(default=None, validator=fields.one_of(Money, type(None)))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        check_funds(self.kind, self.opening_balance)
        check_tax(self.tax, self.opening_balance)

    @property
    def subject(self) -> Subject:
        """What a commission on this account is for: its product, and its batch."""
        return Subject(self.product, self.batch)

    @property
    def is_due_for_sale(self) -> bool:
        """Tell whether the sale falls due: it is active and has a distributor for the first time.

        Source: rulebook R7.
        """
        return self.active and self.distributor is not None and not self.sold
