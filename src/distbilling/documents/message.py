"""Messages to a distributor whose balance passes a threshold or its limit."""

from __future__ import annotations

from typing import Final, assert_never

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

# Of each message the subject, then the paragraphs.
CROSSED: Final[tuple[str, ...]] = (
    "{name}: your balance has passed {threshold}",
    "Since {at} you owe {owed}, which crosses the warning threshold of {threshold}.",
)
WITH_LIMIT: Final = "At {limit} your operations are suspended until you remit."
CLEARED: Final = (
    "{name}: the warning at {threshold} is over",
    "On {at} you owe {owed}, and the warning at the threshold of {threshold} is over.",
)
SUSPENDED: Final = (
    "{name}: suspended at the credit limit of {limit}",
    "Since {at} you owe {owed} and have reached your credit limit of {limit}.",
    "You can operate again as soon as you owe less than that; please remit.",
)
RESUMED: Final = (
    "{name}: you can operate again",
    "Since {at} you owe {owed}, less than your credit limit of {limit}.",
)
RESUMED_WITHOUT_LIMIT: Final = (
    "{name}: you can operate again",
    "Since {at} you have no credit limit; you owe {owed}.",
)


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
    amounts = {"owed": notice.owed}
    match notice:
        case CreditThresholdCrossed(threshold=threshold):
            texts = CROSSED
            amounts["threshold"] = threshold
            limit = distributor.limit_at(notice.at)
            if isinstance(limit, Limit):
                texts = (*CROSSED, WITH_LIMIT)
                amounts["limit"] = limit.amount
        case CreditThresholdCleared(threshold=threshold):
            texts = CLEARED
            amounts["threshold"] = threshold
        case DistributorSuspended(limit=limit):
            texts = SUSPENDED
            amounts["limit"] = limit
        case DistributorResumed(limit=Money() as limit):
            texts = RESUMED
            amounts["limit"] = limit
        case DistributorResumed():
            texts = RESUMED_WITHOUT_LIMIT
        case _:
            assert_never(notice)

    values = {name: reader.figure(amount) for name, amount in amounts.items()}
    values |= {"name": distributor.name, "at": reader.instant(notice.at)}
    subject, *paragraphs = (sentence(text, reader.locale, **values) for text in texts)
    return Message(notice.key, subject, "\n\n".join(paragraphs))
