"""What was agreed? The commission a distributor earns, on what, from when until when, and how it is rounded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Final

import attrs

from distbilling.choices import Choice
from distbilling.errors import InvalidValue, raise_all
from distbilling.money import Money, RoundingMethod
from distbilling.periods import iana_zone, utc_instant
from distbilling.rules import fields
from distbilling.rules.agreement.basis import COLLECTED, Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.origin import Origin, RateOrigin
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
]


class Netting(Choice):
    """When commission is taken off what a distributor owes: at once, or when the period closes.

    Source: rulebook R17.

    >>> Netting.AT_COLLECTION.value
    'at_collection'
    """

    AT_COLLECTION = "at_collection"
    AT_SETTLEMENT = "at_settlement"


class Margin(Choice):
    """What each level of a hierarchy earns: the difference between its rate and its child's, or its rate on the rest.

    ``OWN_RATE_ON_THE_REST`` takes the level's own rate on the amount less the commission of the
    levels below it.

    Source: rulebook R16.

    >>> Margin.DIFFERENCE_OF_RATES.value
    'difference_of_rates'
    """

    DIFFERENCE_OF_RATES = "difference_of_rates"
    OWN_RATE_ON_THE_REST = "own_rate_on_the_rest"


class Remainder(Choice):
    """Who gets the odd cent between the levels of a hierarchy.

    ``EACH_LEVEL_ROUNDED``: each level's total commission is rounded by its own terms, and margins
    are the differences. The others share the top level's rounded commission out over the exact
    margins.

    Source: rulebook R6, R16.

    >>> Remainder.EACH_LEVEL_ROUNDED.value
    'each_level_rounded'
    """

    EACH_LEVEL_ROUNDED = "each_level_rounded"
    LARGEST_REMAINDER = "largest_remainder"
    FIRST_IN_ORDER = "first_in_order"


_PAYMENT: Final = CommissionKind.PAYMENT
_NO_DATES: Final = "Etc/UTC"
"""The zone of rates without dates, of which it is never asked."""


def _zone(name: str | None) -> str | None:
    return None if name is None else iana_zone(name)


@attrs.frozen
class Terms(fields.Checked):
    """The default sales and payment commission, the rates that go before them, and the policies of both.

    A rate for a batch goes before one for its product, that before one for all the distributor
    sells, and that before the default. Dates of ``rates`` are local days in ``zone``. Absent is not
    zero: a rate of 0 % is a rate.

    Raises:
        InvalidValue, InvalidFields: rates overlap, leave a hole, end before they start, are for a
            product and a batch at once, leave no instant to the default, or are dated without a
            zone; all of it is told at once, with the dates.
        CurrencyMismatch: the amounts are in different currencies.

    Source: rulebook R4, R7, R8, R11, R12, R16, R17, R18; handbook, "Create a distributor".

    >>> from distbilling.money import Percent
    >>> Terms(sales_commission=Percent("15"), payment_commission=Percent("10")).payment_commission
    Percent('10')
    """

    sales_commission: Schedule = attrs.field(validator=a_schedule)
    payment_commission: Schedule = attrs.field(validator=a_schedule)
    rounding: RoundingMethod = attrs.field(
        default=RoundingMethod.HALF_AWAY_FROM_ZERO, validator=fields.one_of(RoundingMethod)
    )
    rates: tuple[Rate, ...] = attrs.field(default=(), validator=fields.tuple_of(Rate))
    zone: str | None = attrs.field(default=None, converter=_zone)
    netting: Netting = attrs.field(default=Netting.AT_COLLECTION, validator=fields.one_of(Netting))
    basis: Basis = attrs.field(default=COLLECTED, validator=fields.one_of(Basis))
    margin: Margin = attrs.field(
        default=Margin.DIFFERENCE_OF_RATES, validator=fields.one_of(Margin)
    )
    remainder: Remainder = attrs.field(
        default=Remainder.EACH_LEVEL_ROUNDED, validator=fields.one_of(Remainder)
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        fields.check_one_currency(self)
        raise_all(self._problems())

    def _repr_html_(self) -> str:
        commissions = (
            ("sales commission", self.sales_commission),
            ("payment commission", self.payment_commission),
        )
        policies = (self.rounding, self.netting, self.margin, self.remainder)
        return html_table(
            (
                *((name, commission.format()) for name, commission in commissions),
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

    def _problems(self) -> Iterator[InvalidValue]:
        if self.zone is None and any(rate.is_dated for rate in self.rates):
            yield InvalidValue("zone", None, "an IANA time zone: rates have dates")
        yield from problems_of(self.rates, self._dated_in)

    @cached_property
    def _sales(self) -> RateBook:
        default = RateInForce(self.sales_commission, Origin(RateOrigin.DEFAULT_SALES_COMMISSION))
        return rate_book(self.rates, self._dated_in, CommissionKind.SALE, default)

    @cached_property
    def _payments(self) -> RateBook:
        default = RateInForce(
            self.payment_commission, Origin(RateOrigin.DEFAULT_PAYMENT_COMMISSION)
        )
        return rate_book(self.rates, self._dated_in, CommissionKind.PAYMENT, default)

    @property
    def _dated_in(self) -> str:
        return self.zone or _NO_DATES

    @property
    def amounts(self) -> tuple[Money, ...]:
        """All amounts in the terms; they are in one currency."""
        return tuple(fields.amounts_in(self))

    def rate_for(self, kind: CommissionKind, subject: Subject, instant: datetime) -> RateInForce:
        """Return the rate in force at an instant and where it came from: batch, product, distributor, else the default.

        Raises:
            InvalidType: the kind, the subject or the instant is none.
            InvalidValue: the instant is naive, or outside the years 13 to 9987.

        Source: rulebook R11, R12.

        >>> import pendulum
        >>> from distbilling.money import Percent
        >>> terms = Terms(Percent("15"), Percent("10"), rates=(Rate(CommissionKind.SALE, Percent("20"), product="Gold"),))
        >>> terms.rate_for(CommissionKind.SALE, Subject("Gold"), pendulum.datetime(2026, 3, 1)).schedule
        Percent('20')
        """
        fields.check_type("kind", kind, CommissionKind)
        fields.check_type("subject", subject, Subject)
        book = self._payments if kind is _PAYMENT else self._sales
        return book.at(subject, utc_instant(instant))
