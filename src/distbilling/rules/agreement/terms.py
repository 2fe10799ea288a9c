"""The terms of a distributor: commissions, rates, on what they are earned, and how rounded."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Final

import attrs

from distbilling.errors import raise_all
from distbilling.money import Money, Percent, RoundingMethod
from distbilling.periods import iana_zone, utc_instant
from distbilling.rules import fields
from distbilling.rules.agreement.basis import COLLECTED, Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.origin import Origin, RateOrigin
from distbilling.rules.agreement.policies import Margin, Netting, Remainder, TermsLayer
from distbilling.rules.agreement.rates import (
    CommissionKind,
    Rate,
    RateBook,
    RateInForce,
    Subject,
    problems_of,
    rate_book,
)
from distbilling.rules.agreement.schedule import Schedule, a_schedule
from distbilling.rules.notebook import html_table

__all__ = [
    "Basis",
    "CommissionKind",
    "DiscountBasis",
    "Margin",
    "Netting",
    "Rate",
    "RateInForce",
    "Remainder",
    "Subject",
    "TaxBasis",
    "Terms",
    "TermsLayers",
]

_DEFAULTS: Final = {
    CommissionKind.SALE: RateOrigin.DEFAULT_SALES_COMMISSION,
    CommissionKind.PAYMENT: RateOrigin.DEFAULT_PAYMENT_COMMISSION,
}


def optional_zone(name: str | None) -> str | None:
    """Return the name of a zone as the zone data writes it; None is none."""
    return None if name is None else iana_zone(name)


@attrs.frozen
class TermsLayers(fields.Checked):
    """Who agreed on the commissions and the rates of some terms; the distributor, if not said.

    Source: rulebook R11, R41.

    >>> TermsLayers().rates
    TermsLayer.DISTRIBUTOR
    """

    sales_commission: TermsLayer = attrs.field(
        default=TermsLayer.DISTRIBUTOR, validator=fields.one_of(TermsLayer)
    )
    payment_commission: TermsLayer = attrs.field(
        default=TermsLayer.DISTRIBUTOR, validator=fields.one_of(TermsLayer)
    )
    rates: TermsLayer = attrs.field(
        default=TermsLayer.DISTRIBUTOR, validator=fields.one_of(TermsLayer)
    )


BY_DISTRIBUTOR: Final = TermsLayers()
"""The distributor itself agreed on everything."""


@attrs.frozen
class Terms(fields.Checked):
    """The terms in force for a distributor, complete.

    A rate for a batch goes before one for its product, that before one for all the distributor
    sells, and that before the default. Absent is not zero: a rate of 0 % is a rate.

    What a provider, a class or a distributor states of them, with gaps, is
    :class:`distbilling.rules.agreement.agreed_terms.AgreedTerms`.

    Raises:
        InvalidValue, InvalidFields: rates overlap, leave a hole, end before they start, are for a
            product and a batch at once, leave no instant to the default, or are dated without a
            zone. All problems are reported at once, with the dates.
        CurrencyMismatch: the amounts are in different currencies.

    Source: rulebook R4, R7, R8, R11, R12, R16, R17, R18; handbook, "Create a distributor".

    >>> from distbilling.money import Percent
    >>> terms = Terms(sales_commission=Percent("15"), payment_commission=Percent("10"))
    >>> terms.default_commission(CommissionKind.PAYMENT)
    Percent('10')
    """

    sales_commission: Schedule = attrs.field(validator=a_schedule)
    """What a sale earns where no rate is in force."""

    payment_commission: Schedule = attrs.field(validator=a_schedule)
    """What a payment earns where no rate is in force."""

    rounding: RoundingMethod = attrs.field(
        default=RoundingMethod.HALF_AWAY_FROM_ZERO, validator=fields.one_of(RoundingMethod)
    )
    """How a commission is rounded to the digits of its currency."""

    rates: tuple[Rate, ...] = attrs.field(default=(), validator=fields.tuple_of(Rate))
    """The rates that go before the defaults: for batches, for products, or between dates."""

    zone: str | None = attrs.field(default=None, converter=optional_zone)
    """The time zone on whose calendar the rates begin and end; needed where one has a date."""

    netting: Netting = attrs.field(default=Netting.AT_COLLECTION, validator=fields.one_of(Netting))
    """When commission is taken off what is owed: at once, or when the period closes."""

    basis: Basis = attrs.field(default=COLLECTED, validator=fields.one_of(Basis))
    """On what commission is earned: with or without tax, after or before a discount."""

    margin: Margin = attrs.field(
        default=Margin.DIFFERENCE_OF_RATES, validator=fields.one_of(Margin)
    )
    """What each level of the hierarchy below this distributor earns; the top level's counts."""

    remainder: Remainder = attrs.field(
        default=Remainder.EACH_LEVEL_ROUNDED, validator=fields.one_of(Remainder)
    )
    """Who in that hierarchy gets the odd cent; the top level's counts."""

    layers: TermsLayers = attrs.field(default=BY_DISTRIBUTOR, validator=fields.one_of(TermsLayers))
    """Who agreed on commissions and rates; explanations name it."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        fields.check_one_currency(self)
        raise_all(problems_of(self.rates, self.zone))

    def _repr_html_(self) -> str:
        policies = (self.rounding, self.netting, self.margin, self.remainder)

        return html_table(
            (
                ("sales commission", self.sales_commission.format()),
                ("payment commission", self.payment_commission.format()),
                *(
                    (rate.kind.value, RateInForce(rate.schedule, rate.origin).format())
                    for rate in self.rates
                ),
                ("zone", self.zone or ""),
                ("basis", self.basis.format()),
                *(
                    (type(policy).__name__, policy.name.lower().replace("_", " "))
                    for policy in policies
                ),
            )
        )

    @property
    def amounts(self) -> tuple[Money, ...]:
        """All amounts in the terms; they are in one currency."""
        return tuple(fields.amounts_in(self))

    def default_commission(self, kind: CommissionKind) -> Schedule:
        """Return what a sale or a payment earns where no rate is in force."""
        return self.sales_commission if kind is CommissionKind.SALE else self.payment_commission

    def is_plain(self, kind: CommissionKind) -> bool:
        """Tell whether the commission is one percentage for everything, whatever volume and age."""
        return not self.rates and isinstance(self.default_commission(kind), Percent)

    def rate_for(self, kind: CommissionKind, subject: Subject, instant: datetime) -> RateInForce:
        """Return the rate in force at an instant, and where it came from.

        Raises:
            InvalidType: the kind, the subject or the instant is none.
            InvalidValue: the instant is naive, or outside the years 13 to 9987.

        Source: rulebook R11, R12.

        >>> import pendulum
        >>> from distbilling.money import Percent
        >>> gold = Rate(CommissionKind.SALE, Percent("20"), product="Gold")
        >>> terms = Terms(Percent("15"), Percent("10"), rates=(gold,))
        >>> at = pendulum.datetime(2026, 3, 1)
        >>> terms.rate_for(CommissionKind.SALE, Subject("Gold"), at).schedule
        Percent('20')
        """
        fields.check_type("kind", kind, CommissionKind)
        fields.check_type("subject", subject, Subject)
        return self._rate_books[kind].at(subject, utc_instant(instant))

    @cached_property
    def _rate_books(self) -> dict[CommissionKind, RateBook]:
        sales, payment = self.layers.sales_commission, self.layers.payment_commission
        return {
            kind: rate_book(
                self.rates,
                self.zone,
                kind,
                default=RateInForce(commission, Origin(_DEFAULTS[kind], layer=layer)),
                layer=self.layers.rates,
            )
            for kind, commission, layer in (
                (CommissionKind.SALE, self.sales_commission, sales),
                (CommissionKind.PAYMENT, self.payment_commission, payment),
            )
        }
