"""The origin of a rate: its place in the terms, who agreed on it, and the dates it holds for."""

from __future__ import annotations

import datetime as dt
from typing import Final, assert_never

import attrs

from distbilling.choices import Choice
from distbilling.language.catalogue import sentence
from distbilling.language.formats import date_text
from distbilling.rules import fields
from distbilling.rules.agreement.policies import TermsLayer

__all__ = ["Origin", "RateOrigin"]

_A_DAY: Final = dt.timedelta(days=1)


class RateOrigin(Choice):
    """Which level of the terms gave a rate; a later one of this list goes before those above it.

    Source: rulebook R11, R19.

    >>> [level.value for level in RateOrigin][-2:]
    ['product', 'batch']
    """

    GIVEN = "given"
    """Whoever asked named the rate."""

    DEFAULT_SALES_COMMISSION = "default_sales_commission"
    DEFAULT_PAYMENT_COMMISSION = "default_payment_commission"

    DISTRIBUTOR = "distributor"
    """A rate for all that the distributor sells, between dates."""

    PRODUCT = "product"
    BATCH = "batch"


@attrs.frozen
class Origin(fields.Checked):
    """Where a rate came from.

    Source: rulebook R11, R12, R19.

    >>> Origin(RateOrigin.PRODUCT, "SIP line", since=dt.date(2026, 3, 1)).subject
    'SIP line'
    """

    level: RateOrigin = attrs.field(validator=fields.one_of(RateOrigin))

    subject: str | None = attrs.field(default=None, validator=fields.one_of(str, type(None)))
    """The product or batch that the rate is for."""

    since: dt.date | None = attrs.field(default=None, validator=fields.one_of(dt.date, type(None)))
    """The first day it holds, on the calendar of the terms' zone; None is open."""

    until: dt.date | None = attrs.field(default=None, validator=fields.one_of(dt.date, type(None)))
    """The first day it holds no more; None is open."""

    layer: TermsLayer = attrs.field(
        default=TermsLayer.DISTRIBUTOR, validator=fields.one_of(TermsLayer)
    )
    """Who agreed on it."""

    def beside(self, rate: str, locale: str = "en") -> str:
        """Return a rate with its origin, in the words of the locale; a given rate stands alone.

        >>> spring = Origin(RateOrigin.PRODUCT, "Gold", dt.date(2026, 3, 1), dt.date(2026, 6, 1))
        >>> print(spring.beside("15%"))
        15% (rate of the product Gold from Mar 1, 2026 to May 31, 2026)
        """
        words = self._words(locale)
        return f"{rate} ({self._by_layer(self._dated(words, locale), locale)})" if words else rate

    def _words(self, locale: str) -> str:
        match self.level:
            case RateOrigin.GIVEN:
                return ""
            case RateOrigin.DEFAULT_SALES_COMMISSION:
                return sentence("default sales commission", locale)
            case RateOrigin.DEFAULT_PAYMENT_COMMISSION:
                return sentence("default payment commission", locale)
            case RateOrigin.DISTRIBUTOR:
                return sentence("rate of the distributor", locale)
            case RateOrigin.PRODUCT:
                return sentence("rate of the product {product}", locale, product=str(self.subject))
            case RateOrigin.BATCH:
                return sentence("rate of the batch {batch}", locale, batch=str(self.subject))
            case _:
                assert_never(self.level)

    def _dated(self, rate: str, locale: str) -> str:
        since = "" if self.since is None else date_text(self.since, locale)
        last = "" if self.until is None else date_text(self.until - _A_DAY, locale)
        if since and last:
            dates = {"since": since, "last": last}
            return sentence("{rate} from {since} to {last}", locale, rate=rate, **dates)
        if since:
            return sentence("{rate} from {since} on", locale, rate=rate, since=since)
        return sentence("{rate} to {last}", locale, rate=rate, last=last) if last else rate

    def _by_layer(self, rate: str, locale: str) -> str:
        match self.layer:
            case TermsLayer.DISTRIBUTOR:
                return rate
            case TermsLayer.CUSTOMER_CLASS:
                return sentence("{rate}, set by the customer class", locale, rate=rate)
            case TermsLayer.PROVIDER:
                return sentence("{rate}, set by the provider", locale, rate=rate)
            case _:
                assert_never(self.layer)


GIVEN = Origin(RateOrigin.GIVEN)
"""A rate that was named by whoever asked."""


def origin_of(value: Origin | RateOrigin) -> Origin:
    """Return an origin; a level alone is one without a subject and without dates.

    >>> origin_of(RateOrigin.GIVEN) == Origin(RateOrigin.GIVEN)
    True
    """
    return Origin(value) if isinstance(value, RateOrigin) else value
