"""Distributors, their customer classes, their preferences and their caps."""

from __future__ import annotations

from datetime import datetime

import attrs
from pendulum import DateTime

from distbilling.errors import CurrencyMismatch, InvalidValue
from distbilling.language.formats import locale_named
from distbilling.money import Currency, Money
from distbilling.periods import BillingPeriod, Cycle, iana_zone, utc_instant
from distbilling.rules import fields
from distbilling.rules.agreement.terms import Terms
from distbilling.rules.credit.increase import LimitIncrease, limit_in_force
from distbilling.rules.credit.limits import CreditLimit, CreditTerms

__all__ = ["CustomerCaps", "CustomerClass", "Distributor", "Preferences"]


@attrs.frozen
class CustomerClass(fields.Checked):
    """A named set of properties that a distributor inherits.

    A class with a currency forces it on its distributors.

    Source: rulebook R41; handbook, "Create a distributor".

    >>> CustomerClass("Resellers", Currency("USD")).currency
    Currency('USD')
    """

    name: str = attrs.field(validator=fields.name)
    currency: Currency | None = attrs.field(
        default=None, validator=fields.one_of(Currency, type(None))
    )


@attrs.frozen
class Preferences:
    """The language and the time zone that a distributor reads in.

    Without a zone it is the billing zone.

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
    """The most that a distributor may give a customer it creates; zero unless granted.

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
    """A person or company that sells the provider's services for a commission.

    It collects cash, and owes what it does not keep.

    Amounts of its terms are in its own currency; instants are kept in UTC. A subdistributor names
    the distributor above it as its ``parent``, and owes that one; without a parent it owes the
    provider. ``increases`` is the history of its temporary limit increases, oldest first.

    Raises:
        CurrencyMismatch: commission, limit, increase, threshold, caps or class are in another
            currency.
        InvalidValue: it is its own parent.

    Source: rulebook R16, R20, R21, R22, R27, R32, R41, R43; handbook, "Create a distributor".

    >>> import pendulum
    >>> from distbilling.money import Percent
    >>> from distbilling.periods import Monthly
    >>> from distbilling.rules.credit import Limit
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
    customer_class: CustomerClass | None = attrs.field(
        default=None, validator=fields.one_of(CustomerClass, type(None))
    )
    preferences: Preferences = attrs.field(
        factory=Preferences, validator=fields.one_of(Preferences)
    )
    caps: CustomerCaps = attrs.field(
        default=attrs.Factory(_no_caps, takes_self=True), validator=fields.one_of(CustomerCaps)
    )
    parent: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(fields.identifier)
    )
    increases: tuple[LimitIncrease, ...] = attrs.field(
        default=(), validator=fields.tuple_of(LimitIncrease)
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.parent == self.id:
            raise InvalidValue("parent", self.parent, "another distributor than itself")
        amounts = [
            self.caps.credit_limit,
            self.caps.opening_balance,
            *self.terms.amounts,
            *self.credit.amounts,
        ]
        amounts += [
            increase.raises_by
            for increase in self.increases
            if isinstance(increase.raises_by, Money)
        ]
        currencies = [amount.currency for amount in amounts]
        if self.customer_class is not None and self.customer_class.currency is not None:
            currencies.append(self.customer_class.currency)
        for currency in currencies:
            if currency != self.currency:
                raise CurrencyMismatch(self.currency.code, currency.code)

    def period_at(self, instant: datetime) -> BillingPeriod:
        """Return the billing period of an instant; the first starts with the creation.

        Raises:
            InvalidValue: the instant is before the creation, or naive.

        Source: rulebook R33, R34.
        """
        period = self.cycle.period_at(instant)
        if self.created <= period.start:
            return period
        first = self.cycle.first_period(self.created)
        if instant < first.start:
            raise InvalidValue(
                "instant",
                instant,
                f"an instant from the creation of {self.id!r} on: {self.created}",
            )
        return first

    def limit_at(self, instant: datetime) -> CreditLimit:
        """Return the credit limit in force at an instant, a temporary increase included.

        Source: rulebook R20, R21.
        """
        if not self.increases:
            return self.credit.limit
        return limit_in_force(self.credit.limit, self.increases, utc_instant(instant))

    def reading_zone(self) -> str:
        """Return the zone that the distributor reads in: its preference, else its billing zone."""
        return self.preferences.zone or self.cycle.zone
