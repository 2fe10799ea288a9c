"""Who must be told? Notices that a decision gives rise to, in the past tense, each with a stable key."""

from __future__ import annotations

import attrs
from pendulum import DateTime

from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.money.exact import plain
from distbilling.rules import credit
from distbilling.rules.credit import Limit
from distbilling.rules.parties import Distributor

__all__ = ["CreditThresholdCrossed", "DistributorResumed", "DistributorSuspended", "Notice", "credit_notices"]


@attrs.frozen
class CreditThresholdCrossed:
    """A distributor's balance rose across a warning threshold.

    Source: rulebook R22; handbook, "Credit limit".
    """

    key: str
    distributor: str
    at: DateTime
    threshold: Money
    owed: Money

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words and formats of the locale."""
        return sentence(
            "{distributor} owes {owed} and has crossed the warning threshold of {threshold}.",
            locale,
            distributor=self.distributor,
            owed=self.owed,
            threshold=self.threshold,
        )


@attrs.frozen
class DistributorSuspended:
    """A distributor's balance reached its credit limit: its operations are suspended.

    Source: rulebook R24.
    """

    key: str
    distributor: str
    at: DateTime
    limit: Money
    owed: Money

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words and formats of the locale."""
        return sentence(
            "{distributor} owes {owed}, has reached the credit limit of {limit} and is suspended.",
            locale,
            distributor=self.distributor,
            owed=self.owed,
            limit=self.limit,
        )


@attrs.frozen
class DistributorResumed:
    """A distributor's balance fell below its credit limit: its operations resume.

    Source: rulebook R24.
    """

    key: str
    distributor: str
    at: DateTime
    limit: Money
    owed: Money

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words and formats of the locale."""
        return sentence(
            "{distributor} owes {owed}, less than the credit limit of {limit}, and may operate again.",
            locale,
            distributor=self.distributor,
            owed=self.owed,
            limit=self.limit,
        )


Notice = CreditThresholdCrossed | DistributorSuspended | DistributorResumed


def credit_notices(
    distributor: Distributor, before: Money | None, after: Money, *, at: DateTime, cause: str
) -> tuple[Notice, ...]:
    """Return what must be told when a distributor's balance moves: warnings lowest first, then suspension or resumption.

    Balances are what the distributor owes; ``before`` is None for a new distributor, which owed nothing and was not
    suspended. ``cause`` is the key of the command that moved the balance, and makes the notices' keys stable.

    Source: rulebook R22, R23, R24.
    """
    terms = distributor.credit
    limit = terms.limit
    was = before is not None and credit.is_suspended(limit, before)
    owed = Money.zero(distributor.currency) if before is None else before
    told: list[Notice] = [
        CreditThresholdCrossed(
            _key(distributor, f"threshold-{plain(threshold.amount)}", cause), distributor.id, at, threshold, after
        )
        for threshold in credit.thresholds_crossed(terms.thresholds, limit, owed, after, terms.compare)
    ]
    if isinstance(limit, Limit) and (now := credit.is_suspended(limit, after)) is not was:
        kind, word = (DistributorSuspended, "suspended") if now else (DistributorResumed, "resumed")
        told.append(kind(_key(distributor, word, cause), distributor.id, at, limit.amount, after))
    return tuple(told)


def _key(distributor: Distributor, what: str, cause: str) -> str:
    """Return a key that no other distributor, notice or cause can have: their slashes are escaped."""
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in (distributor.id, what, cause))
