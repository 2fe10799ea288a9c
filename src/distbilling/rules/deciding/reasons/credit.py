"""Reasons about credit: limits, suspension, and caps on what somebody may give or grant."""

from __future__ import annotations

import attrs

from distbilling.language.catalogue import Explained, sentence
from distbilling.money import Money

__all__ = [
    "CreditAboveCap",
    "NoLimitToRaise",
    "OverCreditLimit",
    "Suspended",
]


@attrs.frozen
class CreditAboveCap:
    """A distributor wanted to give a customer more than it may.

    ``cap`` is the most that it may give; ``asked`` None means no limit.

    Source: rulebook R27.

    >>> print(CreditAboveCap("credit_limit", Money("0", "USD"), Money("50", "USD")).explain())
    credit_limit: $50.00 is more than the $0.00 that this distributor may give.
    """

    field: str
    cap: Money
    asked: Money | None

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words and formats of the locale."""
        if self.asked is None:
            return sentence(
                "{field}: no limit is more than the {cap} that this distributor may give.",
                locale,
                field=self.field,
                cap=self.cap,
            )
        return sentence(
            "{field}: {asked} is more than the {cap} that this distributor may give.",
            locale,
            field=self.field,
            asked=self.asked,
            cap=self.cap,
        )


@attrs.frozen
class OverCreditLimit(Explained):
    """A sale would have taken the distributor's balance above its limit.

    ``would_owe`` is the net balance after it.

    Source: rulebook R24.

    >>> print(OverCreditLimit("hudson", Money("1000", "USD"), Money("1000.01", "USD")).explain())
    hudson would owe $1,000.01, above the credit limit of $1,000.00.
    """

    distributor: str
    limit: Money
    would_owe: Money

    _WORDS = "{distributor} would owe {would_owe}, above the credit limit of {limit}."


@attrs.frozen
class Suspended(Explained):
    """The distributor owes its limit or more, so its operations are suspended until it remits.

    Source: rulebook R24.

    >>> print(Suspended("hudson", Money("1000", "USD"), Money("1000", "USD")).explain())
    hudson is suspended: it owes $1,000.00 at a credit limit of $1,000.00.
    """

    distributor: str
    limit: Money
    owed: Money

    _WORDS = "{distributor} is suspended: it owes {owed} at a credit limit of {limit}."


@attrs.frozen
class NoLimitToRaise(Explained):
    """A distributor without a credit limit has nothing that could be raised.

    Source: rulebook R21.

    >>> print(NoLimitToRaise("hudson").explain())
    hudson has no credit limit that could be raised.
    """

    distributor: str

    _WORDS = "{distributor} has no credit limit that could be raised."
