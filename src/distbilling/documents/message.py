"""What is a distributor told when its balance passes a threshold or its limit? A short message in its own language."""

from __future__ import annotations

from typing import assert_never

import attrs

from distbilling.language.catalogue import sentence
from distbilling.language.formats import instant_text
from distbilling.money import Money
from distbilling.periods import iana_zone
from distbilling.rules.credit.limits import Limit
from distbilling.rules.credit.notices import (
    CreditThresholdCleared,
    CreditThresholdCrossed,
    DistributorResumed,
    DistributorSuspended,
    Notice,
)
from distbilling.rules.parties import Distributor

__all__ = ["Message", "message_of"]


@attrs.frozen
class Message:
    """A subject, and a text of one or two paragraphs; ``key`` is the notice's, so that a receiver may drop repeats.

    Source: rulebook R43, R47.
    """

    key: str
    subject: str
    text: str


def message_of(
    notice: Notice, distributor: Distributor, *, locale: str | None = None, zone: str | None = None
) -> Message:
    """Put a notice into the words, formats and time zone of its distributor, or of another reader where they are given.

    Raises:
        InvalidType: the locale or the zone is not text.
        InvalidValue: the locale or the zone is unknown.

    Source: rulebook R22, R24, R43.

    >>> from distbilling import CreditTerms, Currency, Percent, Terms
    >>> from distbilling.periods import Monthly
    >>> import pendulum
    >>> hudson = Distributor(
    ...     "hudson", "Hudson Phones", Currency("USD"), Terms(Percent("15"), Percent("10")),
    ...     CreditTerms(Limit(Money("1000", "USD"))), Monthly("America/New_York"), pendulum.datetime(2026, 3, 1),
    ... )
    >>> at = pendulum.datetime(2026, 3, 9, 14)
    >>> warning = CreditThresholdCrossed("k", "hudson", at, Money("900", "USD"), Money("900.01", "USD"))
    >>> message_of(warning, hudson).subject
    'Hudson Phones: your balance has passed $900.00'
    """
    locale = distributor.preferences.locale if locale is None else locale
    zone = distributor.reading_zone() if zone is None else iana_zone(zone)
    name, at, owed = (
        distributor.name,
        instant_text(notice.at.in_timezone(zone), locale),
        _figure(notice.owed, locale),
    )
    match notice:
        case CreditThresholdCrossed():
            threshold = _figure(notice.threshold, locale)
            subject = sentence(
                "{name}: your balance has passed {threshold}",
                locale,
                name=name,
                threshold=threshold,
            )
            told = [
                sentence(
                    "Since {at} you owe {owed}, which crosses the warning threshold of {threshold}.",
                    locale,
                    at=at,
                    owed=owed,
                    threshold=threshold,
                )
            ]
            in_force = distributor.limit_at(notice.at)
            if isinstance(in_force, Limit):
                limit = _figure(in_force.amount, locale)
                told.append(
                    sentence(
                        "At {limit} your operations are suspended until you remit.",
                        locale,
                        limit=limit,
                    )
                )
        case CreditThresholdCleared():
            threshold = _figure(notice.threshold, locale)
            subject = sentence(
                "{name}: the warning at {threshold} is over", locale, name=name, threshold=threshold
            )
            told = [
                sentence(
                    "On {at} you owe {owed}, and the warning at the threshold of {threshold} is over.",
                    locale,
                    at=at,
                    owed=owed,
                    threshold=threshold,
                )
            ]
        case DistributorSuspended():
            limit = _figure(notice.limit, locale)
            subject = sentence(
                "{name}: suspended at the credit limit of {limit}", locale, name=name, limit=limit
            )
            told = [
                sentence(
                    "Since {at} you owe {owed} and have reached your credit limit of {limit}.",
                    locale,
                    at=at,
                    owed=owed,
                    limit=limit,
                ),
                sentence(
                    "You can operate again as soon as you owe less than that; please remit.", locale
                ),
            ]
        case DistributorResumed(limit=Money() as least):
            subject = sentence("{name}: you can operate again", locale, name=name)
            told = [
                sentence(
                    "Since {at} you owe {owed}, less than your credit limit of {limit}.",
                    locale,
                    at=at,
                    owed=owed,
                    limit=_figure(least, locale),
                )
            ]
        case DistributorResumed():
            subject = sentence("{name}: you can operate again", locale, name=name)
            told = [
                sentence(
                    "Since {at} you have no credit limit; you owe {owed}.", locale, at=at, owed=owed
                )
            ]
        case _:
            assert_never(notice)
    return Message(notice.key, subject, "\n\n".join(told))


def _figure(amount: Money, locale: str) -> str:
    return amount.format(locale, exact=True)
