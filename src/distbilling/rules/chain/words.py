"""Sentences that say who keeps what of an amount, and who owes whom."""

from __future__ import annotations

from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.rules.chain.shares import Share

__all__ = [
    "difference_in_words",
    "keeping_in_words",
    "provider_in_words",
    "settled_in_words",
]


def keeping_in_words(share: Share, parent: str, locale: str, *, more: bool) -> str:
    """Say what a distributor keeps or gives back, and what it owes its parent.

    ``more`` is for a difference to what was recorded before: it keeps so much more.

    Source: rulebook R15, R16, R19.
    """
    figures = {
        "distributor": share.distributor,
        "parent": parent,
        "earned": abs(share.earned).format(locale, exact=True),
        "owed": abs(share.owed).format(locale, exact=True),
    }

    match share.earned.is_negative, share.owed.is_negative:
        case True, True:
            return sentence(
                "{distributor} gives back {earned} and owes {parent} {owed} less.",
                locale,
                **figures,
            )
        case True, False:
            return sentence(
                "{distributor} gives back {earned} and owes {parent} {owed} more.",
                locale,
                **figures,
            )
        case False, True:
            return sentence(
                "{distributor} keeps {earned} more and owes {parent} {owed} less.",
                locale,
                **figures,
            )
        case _ if more:
            return sentence(
                "{distributor} keeps {earned} more and owes {parent} {owed} more.",
                locale,
                **figures,
            )
        case _:
            return sentence(
                "{distributor} keeps {earned} and owes {parent} {owed}.", locale, **figures
            )


def settled_in_words(distributor: str, amount: Money, locale: str) -> str:
    """Say that a distributor's commission is credited later, so that it owes the whole amount.

    Source: rulebook R17, R19.

    >>> print(settled_in_words("soho", Money("10.00", "USD"), "en"))
    The commission of soho is credited when its billing period closes; until then it owes $10.00.
    """
    return sentence(
        "The commission of {distributor} is credited when its billing period closes; "
        "until then it owes {amount}.",
        locale,
        distributor=distributor,
        amount=amount.format(locale, exact=True),
    )


def provider_in_words(left: Money, locale: str, *, more: bool) -> str:
    """Say what is left for the provider, or what it gives back; ``more``, of a difference.

    Source: rulebook R15, R16, R19.

    >>> print(provider_in_words(Money("8.00", "USD"), "en", more=False))
    The provider keeps $8.00.
    """
    amount = abs(left).format(locale, exact=True)
    if left.is_negative:
        return sentence("The provider gives back {amount}.", locale, amount=amount)
    if more:
        return sentence("The provider keeps {amount} more.", locale, amount=amount)
    return sentence("The provider keeps {amount}.", locale, amount=amount)


def difference_in_words(distributor: str, kept: Money, before: Money, locale: str) -> str:
    """Say which difference is booked where a distributor keeps another amount than before.

    Source: rulebook R15, R19.

    >>> print(difference_in_words("soho", Money("8.00", "USD"), Money("10.00", "USD"), "en"))
    soho keeps $8.00 in place of $10.00: -$2.00 is booked.
    """
    return sentence(
        "{distributor} keeps {kept} in place of {before}: {difference} is booked.",
        locale,
        distributor=distributor,
        kept=kept.format(locale, exact=True),
        before=before.format(locale, exact=True),
        difference=(kept - before).format(locale, exact=True),
    )
