"""Who is who? Distributors, customers, accounts, customer classes, and who is acting."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import attrs
from pendulum import DateTime

from distbilling.errors import CurrencyMismatch, InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.language.formats import locale_named
from distbilling.money import Currency, Money
from distbilling.periods import BillingPeriod, Cycle, iana_zone, utc_instant
from distbilling.rules import fields
from distbilling.rules.credit import CreditLimit, CreditTerms, Limit, Unlimited
from distbilling.rules.increase import IncreaseCaps, LimitIncrease, limit_in_force
from distbilling.rules.terms import Subject, Terms

__all__ = [
    "Account",
    "AccountKind",
    "Actor",
    "Administrator",
    "Customer",
    "CustomerCaps",
    "CustomerClass",
    "Distributor",
    "DistributorStaff",
    "Preferences",
]


@attrs.frozen
class Administrator(fields.Checked):
    """Acting for the provider: sets up distributors, terms, classes and forms, and receives remittances.

    ``increase_caps`` are the most by which, and the longest for which, this administrator may raise a credit limit; without
    them there is no such bound.

    Source: rulebook R21, R29.

    >>> Administrator("maria").increase_caps is None
    True
    """

    name: str = attrs.field(validator=fields.identifier)
    increase_caps: IncreaseCaps | None = attrs.field(default=None, validator=fields.one_of(IncreaseCaps, type(None)))

    def explain(self, locale: str = "en") -> str:
        """Name who acts, and in which role, in the words of the locale."""
        return sentence("{name} (administrator)", locale, name=self.name)


@attrs.frozen
class DistributorStaff(fields.Checked):
    """Acting for a distributor: creates customers, fills in quick forms, records collected payments.

    Source: rulebook R27, R28.

    >>> DistributorStaff("hudson")
    DistributorStaff(distributor='hudson')
    """

    distributor: str = attrs.field(validator=fields.identifier)

    def explain(self, locale: str = "en") -> str:
        """Name who acts, and in which role, in the words of the locale."""
        return sentence("{name} (distributor)", locale, name=self.distributor)


Actor = Administrator | DistributorStaff


@attrs.frozen
class CustomerClass(fields.Checked):
    """A named set of properties that a distributor inherits; a class with a currency forces it on its distributors.

    Source: rulebook R41; handbook, "Create a distributor".

    >>> CustomerClass("Resellers", Currency("USD")).currency
    Currency('USD')
    """

    name: str = attrs.field(validator=fields.name)
    currency: Currency | None = attrs.field(default=None, validator=fields.one_of(Currency, type(None)))


@attrs.frozen
class Preferences:
    """The language and the self-care time zone a distributor reads in; without a zone it is the billing zone.

    Raises:
        InvalidValue: the locale or the zone is unknown.

    Source: rulebook R43; handbook, "Web self-care".

    >>> Preferences(locale="de_CH", zone="Europe/Zurich")
    Preferences(locale='de_CH', zone='Europe/Zurich')
    """

    locale: str = "en"
    zone: str | None = None

    def __attrs_post_init__(self) -> None:
        locale_named(self.locale)
        if self.zone is not None:
            iana_zone(self.zone)


@attrs.frozen
class CustomerCaps(fields.Checked):
    """The most credit limit and opening balance a distributor may give a customer it creates; zero unless granted.

    Source: rulebook R27; handbook, introduction.

    >>> CustomerCaps.none(Currency("USD"))
    CustomerCaps(credit_limit=Money('0.00', 'USD'), opening_balance=Money('0.00', 'USD'))
    """

    credit_limit: Money = attrs.field(validator=[fields.one_of(Money), fields.not_negative])
    opening_balance: Money = attrs.field(validator=[fields.one_of(Money), fields.not_negative])

    @classmethod
    def none(cls, currency: Currency) -> CustomerCaps:
        """Return the handbook's caps: nothing but zero."""
        zero = Money.zero(currency)
        return cls(zero, zero)


def _no_caps(distributor: Distributor) -> CustomerCaps:
    fields.check_type("currency", distributor.currency, Currency)
    return CustomerCaps.none(distributor.currency)


@attrs.frozen
class Distributor(fields.Checked):
    """A person or company that sells the provider's services for a commission, collects cash and owes the rest.

    Amounts of its terms are in its own currency; instants are kept in UTC. A subdistributor names the distributor above it
    as its ``parent``, and owes that one; without a parent it owes the provider. ``increases`` is the history of its temporary
    limit increases, oldest first.

    Raises:
        CurrencyMismatch: commission, limit, increase, threshold, caps or class are in another currency.
        InvalidValue: it is its own parent.

    Source: rulebook R16, R20, R21, R22, R27, R32, R41, R43; handbook, "Create a distributor".

    >>> import pendulum
    >>> from distbilling.money import Percent
    >>> from distbilling.periods import Monthly
    >>> hudson = Distributor(
    ...     id="hudson", name="Hudson Phones", currency=Currency("USD"),
    ...     terms=Terms(sales_commission=Percent("15"), payment_commission=Percent("10")),
    ...     credit=CreditTerms(Limit(Money("1000.00", "USD"))),
    ...     cycle=Monthly("America/New_York"), created=pendulum.datetime(2026, 3, 1, 5),
    ... )
    >>> hudson.caps.credit_limit
    Money('0.00', 'USD')
    """

    id: str = attrs.field(validator=fields.identifier)
    name: str = attrs.field(validator=fields.name)
    currency: Currency = attrs.field(validator=[fields.one_of(Currency), fields.spendable])
    terms: Terms = attrs.field(validator=fields.one_of(Terms))
    credit: CreditTerms = attrs.field(validator=fields.one_of(CreditTerms))
    cycle: Cycle = attrs.field(validator=fields.one_of(Cycle))
    created: DateTime = attrs.field(converter=fields.created)
    customer_class: CustomerClass | None = attrs.field(default=None, validator=fields.one_of(CustomerClass, type(None)))
    preferences: Preferences = attrs.field(factory=Preferences, validator=fields.one_of(Preferences))
    caps: CustomerCaps = attrs.field(
        default=attrs.Factory(_no_caps, takes_self=True), validator=fields.one_of(CustomerCaps)
    )
    parent: str | None = attrs.field(default=None, validator=attrs.validators.optional(fields.identifier))
    increases: tuple[LimitIncrease, ...] = attrs.field(default=(), validator=fields.tuple_of(LimitIncrease))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.parent == self.id:
            raise InvalidValue("parent", self.parent, "another distributor than itself")
        amounts = [self.caps.credit_limit, self.caps.opening_balance, *self.terms.amounts, *self.credit.amounts]
        amounts += [increase.raises_by for increase in self.increases if isinstance(increase.raises_by, Money)]
        currencies = [amount.currency for amount in amounts]
        if self.customer_class is not None and self.customer_class.currency is not None:
            currencies.append(self.customer_class.currency)
        for currency in currencies:
            if currency != self.currency:
                raise CurrencyMismatch(self.currency.code, currency.code)

    def period_at(self, instant: datetime) -> BillingPeriod:
        """Return the billing period of an instant; the first one starts when the distributor was created.

        Raises:
            InvalidValue: the instant is before the creation, or naive.

        Source: rulebook R33, R34.
        """
        period = self.cycle.period_at(instant)
        if self.created <= period.start:
            return period
        first = self.cycle.first_period(self.created)
        if instant < first.start:
            raise InvalidValue("instant", instant, f"an instant from the creation of {self.id!r} on: {self.created}")
        return first

    def limit_at(self, instant: datetime) -> CreditLimit:
        """Return the credit limit in force at an instant: the permanent one, and a temporary increase where one holds.

        Source: rulebook R20, R21.
        """
        if not self.increases:
            return self.credit.limit
        return limit_in_force(self.credit.limit, self.increases, utc_instant(instant))

    def reading_zone(self) -> str:
        """Return the zone in which the distributor reads its records: its preference, else its billing zone."""
        return self.preferences.zone or self.cycle.zone


@attrs.frozen
class Customer(fields.Checked):
    """The end user's company or person; belongs to a distributor, or to the provider itself (``distributor`` None).

    ``since`` is the instant from which it belongs to that one, by which a commission may be rated. The name is personal: it
    is in no repr and no error.

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
        if isinstance(self.credit_limit, Limit) and self.credit_limit.amount.currency != self.currency:
            raise CurrencyMismatch(self.currency.code, self.credit_limit.amount.currency.code)


class AccountKind(Enum):
    """How an account is paid for: from funds put in beforehand, or by the customer afterwards.

    >>> AccountKind.PREPAID.value
    'prepaid'
    """

    PREPAID = "prepaid"
    POSTPAID = "postpaid"

    __repr__ = Enum.__str__


def check_funds(kind: AccountKind, opening_balance: Money) -> None:
    """Refuse funds on a postpaid account, which holds none.

    Source: rulebook R7, R49.

    >>> check_funds(AccountKind.PREPAID, Money("10.00", "USD"))
    """
    if kind is AccountKind.POSTPAID and not opening_balance.is_zero:
        raise InvalidValue("opening_balance", opening_balance, "zero for a postpaid account: it holds no funds")


def check_tax(tax: Money | None, amount: Money) -> None:
    """Refuse a tax that an amount cannot contain.

    Source: rulebook R18, R49.

    >>> check_tax(Money("12.00", "USD"), Money("10.00", "USD"))
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: tax: Money('12.00', 'USD') is not accepted; give from zero to the amount of $10.00
    """
    if tax is not None and not Money.zero(amount.currency) <= tax <= amount:
        raise InvalidValue("tax", tax, f"from zero to the amount of {amount}")


@attrs.frozen
class Account(fields.Checked):
    """One service identity of a customer, such as a SIP phone number; never a ledger account.

    ``opening_balance`` are the funds it is sold with (zero or more, in whole minor units); ``sold`` tells that the sale
    has happened, so that it never happens again. ``batch`` is the lot of accounts it comes from, where that has a commission
    of its own; ``tax`` is the tax that the opening balance contains.

    Raises:
        InvalidValue: the opening balance is below zero, finer than the minor unit, or put on a postpaid account; the tax is
            below zero or above it.
        CurrencyMismatch: the tax is in another currency than the opening balance.

    Source: rulebook R7, R9, R11, R18; "Who is who".

    >>> Account("12125550100", "brown", "hudson", "SIP line", AccountKind.PREPAID, Money("10", "USD")).is_due_for_sale
    False
    """

    id: str = attrs.field(validator=fields.identifier)
    customer: str = attrs.field(validator=fields.identifier)
    distributor: str | None = attrs.field(validator=attrs.validators.optional(fields.identifier))
    product: str = attrs.field(validator=fields.name)
    kind: AccountKind = attrs.field(validator=fields.one_of(AccountKind))
    opening_balance: Money = attrs.field(validator=[fields.one_of(Money), fields.not_negative, fields.cash])
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
        """Tell whether the sale falls due: for the first time active and attributed to a distributor.

        Source: rulebook R7.
        """
        return self.active and self.distributor is not None and not self.sold
