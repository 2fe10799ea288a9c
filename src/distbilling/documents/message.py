"""Messages to a distributor whose balance passes a threshold or its limit."""

from __future__ import annotations

from typing import assert_never

import attrs

from distbilling.documents.reader import Reader
from distbilling.language.catalogue import sentence
from distbilling.money import Money
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
    """A subject, and a text of one or two paragraphs.

    ``key`` is that of the notice, so that a receiver may drop repeats.

    Source: rulebook R43, R47.
    """

    key: str
    subject: str
    text: str


def message_of(
    notice: Notice, distributor: Distributor, *, locale: str | None = None, zone: str | None = None
) -> Message:
    """Put a notice into the words, formats and time zone of its reader.

    The reader is its distributor, unless another locale or zone is given.

    Raises:
        InvalidType: the locale or the zone is not text.
        InvalidValue: the locale or the zone is unknown.

    Source: rulebook R22, R24, R43.

    >>> from distbilling import CreditTerms, Currency, Percent, Terms
    >>> from distbilling.periods import Monthly
    >>> import pendulum
    >>> hudson = Distributor(
    ...     "hudson", "Hudson Phones", Currency("USD"), Terms(Percent("15"), Percent("10")),
    ...     CreditTerms(Limit(Money("1000", "USD"))), Monthly("America/New_York"),
    ...     pendulum.datetime(2026, 3, 1),
    ... )
    >>> at = pendulum.datetime(2026, 3, 9, 14)
    >>> threshold, owed = Money("900", "USD"), Money("900.01", "USD")
    >>> warning = CreditThresholdCrossed("k", "hudson", at, threshold, owed)
    >>> message_of(warning, hudson).subject
    'Hudson Phones: your balance has passed $900.00'
    """
    reader = Reader.of(distributor, locale, zone)
    locale = reader.locale
    values = {
        "name": distributor.name,
        "at": reader.instant(notice.at),
        "owed": reader.figure(notice.owed),
    }
    match notice:
        case CreditThresholdCrossed():
            values["threshold"] = reader.figure(notice.threshold)
            subject = sentence("{name}: your balance has passed {threshold}", locale, **values)
            paragraphs = [
                sentence(
                    "Since {at} you owe {owed}, "
                    "which crosses the warning threshold of {threshold}.",
                    locale,
                    **values,
                )
            ]
            in_force = distributor.limit_at(notice.at)
            if isinstance(in_force, Limit):
                values["limit"] = reader.figure(in_force.amount)
                paragraphs.append(
                    sentence(
                        "At {limit} your operations are suspended until you remit.",
                        locale,
                        **values,
                    )
                )
        case CreditThresholdCleared():
            values["threshold"] = reader.figure(notice.threshold)
            subject = sentence("{name}: the warning at {threshold} is over", locale, **values)
            paragraphs = [
                sentence(
                    "On {at} you owe {owed}, "
                    "and the warning at the threshold of {threshold} is over.",
                    locale,
                    **values,
                )
            ]
        case DistributorSuspended():
            values["limit"] = reader.figure(notice.limit)
            subject = sentence("{name}: suspended at the credit limit of {limit}", locale, **values)
            paragraphs = [
                sentence(
                    "Since {at} you owe {owed} and have reached your credit limit of {limit}.",
                    locale,
                    **values,
                ),
                sentence(
                    "You can operate again as soon as you owe less than that; please remit.", locale
                ),
            ]
        case DistributorResumed(limit=Money() as limit):
            values["limit"] = reader.figure(limit)
            subject = sentence("{name}: you can operate again", locale, **values)
            paragraphs = [
                sentence(
                    "Since {at} you owe {owed}, less than your credit limit of {limit}.",
                    locale,
                    **values,
                )
            ]
        case DistributorResumed():
            subject = sentence("{name}: you can operate again", locale, **values)
            paragraphs = [
                sentence("Since {at} you have no credit limit; you owe {owed}.", locale, **values)
            ]
        case _:
            assert_never(notice)
    return Message(notice.key, subject, "\n\n".join(paragraphs))
