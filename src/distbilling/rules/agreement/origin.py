"""Where did a rate come from? The level of the terms that gave it, whose it is, and from when until when it holds."""

from __future__ import annotations

import datetime as dt
from typing import Final, assert_never

import attrs

from distbilling.choices import Choice
from distbilling.language.catalogue import sentence
from distbilling.language.formats import date_text
from distbilling.rules import fields

__all__ = ["Origin", "RateOrigin"]

_A_DAY: Final = dt.timedelta(days=1)


class RateOrigin(Choice):
    """Which level of the terms gave a rate; a lower one of this list wins over those above it.

    Source: rulebook R11, R19.

    >>> [level.value for level in RateOrigin][-2:]
    ['product', 'batch']
    """

    GIVEN = "given"
    DEFAULT_SALES_COMMISSION = "default_sales_commission"
    DEFAULT_PAYMENT_COMMISSION = "default_payment_commission"
    DISTRIBUTOR = "distributor"
    PRODUCT = "product"
    BATCH = "batch"


@attrs.frozen
class Origin(fields.Checked):
    """Where a rate came from: its level, the product or batch it is for, and the dates between which it holds.

    ``since`` is inclusive, ``until`` exclusive, both on the calendar of the terms' zone; None is
    open.

    Source: rulebook R11, R12, R19.

    >>> Origin(RateOrigin.PRODUCT, "SIP line", since=dt.date(2026, 3, 1)).subject
    'SIP line'
    """

    level: RateOrigin = attrs.field(validator=fields.one_of(RateOrigin))
    subject: str | None = attrs.field(default=None, validator=fields.one_of(str, type(None)))
    since: dt.date | None = attrs.field(default=None, validator=fields.one_of(dt.date, type(None)))
    until: dt.date | None = attrs.field(default=None, validator=fields.one_of(dt.date, type(None)))

    def beside(self, rate: str, locale: str = "en") -> str:
        """Return a rate with where it came from, in the words and formats of the locale; a given rate stands alone.

        >>> print(Origin(RateOrigin.PRODUCT, "SIP line", dt.date(2026, 3, 1), dt.date(2026, 4, 1)).beside("15%"))
        15% (rate of the product SIP line from Mar 1, 2026 to Mar 31, 2026)
        """
        match self.level:
            case RateOrigin.GIVEN:
                return rate
            case RateOrigin.DEFAULT_SALES_COMMISSION:
                return sentence("{rate} (default sales commission)", locale, rate=rate)
            case RateOrigin.DEFAULT_PAYMENT_COMMISSION:
                return sentence("{rate} (default payment commission)", locale, rate=rate)
            case RateOrigin.DISTRIBUTOR:
                whose = sentence("rate of the distributor", locale)
            case RateOrigin.PRODUCT:
                whose = sentence("rate of the product {product}", locale, product=str(self.subject))
            case RateOrigin.BATCH:
                whose = sentence("rate of the batch {batch}", locale, batch=str(self.subject))
            case _:
                assert_never(self.level)
        return f"{rate} ({self._dated(whose, locale)})"

    def _dated(self, whose: str, locale: str) -> str:
        since = "" if self.since is None else date_text(self.since, locale)
        last = "" if self.until is None else date_text(self.until - _A_DAY, locale)
        if since and last:
            return sentence(
                "{rate} from {since} to {last}", locale, rate=whose, since=since, last=last
            )
        if since:
            return sentence("{rate} from {since} on", locale, rate=whose, since=since)
        return sentence("{rate} to {last}", locale, rate=whose, last=last) if last else whose


GIVEN = Origin(RateOrigin.GIVEN)
"""A rate that was named by whoever asked."""


def origin_of(value: Origin | RateOrigin) -> Origin:
    """Return an origin; a level alone is one without a subject and without dates.

    >>> origin_of(RateOrigin.GIVEN) == Origin(RateOrigin.GIVEN)
    True
    """
    return Origin(value) if isinstance(value, RateOrigin) else value
