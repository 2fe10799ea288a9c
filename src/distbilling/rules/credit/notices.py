"""Notices of warnings and suspensions, in the past tense, each with a stable key."""

from __future__ import annotations

import attrs
from pendulum import DateTime

from distbilling.language.catalogue import Explained, sentence
from distbilling.money import Money
from distbilling.rules.credit.limits import Unlimited

__all__ = [
    "CreditThresholdCleared",
    "CreditThresholdCrossed",
    "DistributorResumed",
    "DistributorSuspended",
    "Notice",
    "key_part",
]


@attrs.frozen
class CreditThresholdCrossed(Explained):
    """A distributor's balance rose across a warning threshold.

    Source: rulebook R22; handbook, "Credit limit".
    """

    key: str
    distributor: str
    at: DateTime
    threshold: Money
    owed: Money

    _WORDS = "{distributor} owes {owed} and has crossed the warning threshold of {threshold}."


@attrs.frozen
class CreditThresholdCleared(Explained):
    """A warning is over: the balance is not across its threshold any more.

    It has fallen back, or the limit or the thresholds have changed.

    Source: rulebook R23.
    """

    key: str
    distributor: str
    at: DateTime
    threshold: Money
    owed: Money

    _WORDS = "{distributor} owes {owed}: the warning at {threshold} is over."


@attrs.frozen
class DistributorSuspended(Explained):
    """A distributor's balance reached its credit limit: its operations are suspended.

    Source: rulebook R24.
    """

    key: str
    distributor: str
    at: DateTime
    limit: Money
    owed: Money

    _WORDS = "{distributor} owes {owed}, has reached the credit limit of {limit} and is suspended."


@attrs.frozen
class DistributorResumed:
    """A distributor owes less than its limit again, or has no limit any more: it may operate.

    Source: rulebook R24.
    """

    key: str
    distributor: str
    at: DateTime
    limit: Money | Unlimited
    owed: Money

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words and formats of the locale."""
        if isinstance(self.limit, Unlimited):
            return sentence(
                "{distributor} owes {owed}, has no credit limit any more, and may operate again.",
                locale,
                distributor=self.distributor,
                owed=self.owed,
            )

        return sentence(
            "{distributor} owes {owed}, less than the credit limit of {limit}, "
            "and may operate again.",
            locale,
            distributor=self.distributor,
            owed=self.owed,
            limit=self.limit,
        )


Notice = CreditThresholdCrossed | CreditThresholdCleared | DistributorSuspended | DistributorResumed


def key_part(text: str) -> str:
    """Return a part of a key, its slashes escaped.

    Source: rulebook R23, R47.

    >>> key_part("hudson/2"), key_part("hudson%2F2")
    ('hudson%2F2', 'hudson%252F2')
    """
    return text.replace("%", "%25").replace("/", "%2F")
