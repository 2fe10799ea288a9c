"""In which words is it said who keeps what of an amount, who owes whom, and why a margin is what it is?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.rules.agreement.terms import Margin, Remainder
from distbilling.rules.chain.margins import exact_margins, margins_of, total_of
from distbilling.rules.commission.commission import Commission

__all__ = [
    "difference_in_words",
    "keeping_in_words",
    "margin_in_words",
    "provider_in_words",
    "settled_in_words",
]


class Sharing(Protocol):
    """What a distributor keeps of an amount, and what it owes its parent."""

    @property
    def distributor(self) -> str:
        """The distributor's id."""
        ...

    @property
    def earned(self) -> Money:
        """What it keeps; below zero where it gives back."""
        ...

    @property
    def owed(self) -> Money:
        """What it owes; below zero where it owes less."""
        ...


def keeping_in_words(share: Sharing, parent: str, locale: str, *, more: bool) -> str:
    """Say what a distributor keeps or gives back, and what it owes its parent; ``more`` than before, of a difference.

    Source: rulebook R15, R16, R19.
    """
    said = {
        "distributor": share.distributor,
        "parent": parent,
        "earned": abs(share.earned).format(locale, exact=True),
        "owed": abs(share.owed).format(locale, exact=True),
    }
    match share.earned.is_negative, share.owed.is_negative:
        case True, True:
            return sentence(
                "{distributor} gives back {earned} and owes {parent} {owed} less.", locale, **said
            )
        case True, False:
            return sentence(
                "{distributor} gives back {earned} and owes {parent} {owed} more.", locale, **said
            )
        case False, True:
            return sentence(
                "{distributor} keeps {earned} more and owes {parent} {owed} less.", locale, **said
            )
        case _ if more:
            return sentence(
                "{distributor} keeps {earned} more and owes {parent} {owed} more.", locale, **said
            )
        case _:
            return sentence(
                "{distributor} keeps {earned} and owes {parent} {owed}.", locale, **said
            )


def settled_in_words(distributor: str, amount: Money, locale: str) -> str:
    """Say that a distributor's commission is not taken off at once, so that it owes the whole amount.

    Source: rulebook R17, R19.

    >>> print(settled_in_words("soho", Money("10.00", "USD"), "en"))
    The commission of soho is credited when its billing period closes; until then it owes $10.00.
    """
    return sentence(
        "The commission of {distributor} is credited when its billing period closes; until then it owes {amount}.",
        locale,
        distributor=distributor,
        amount=amount.format(locale, exact=True),
    )


def provider_in_words(left: Money, locale: str, *, more: bool) -> str:
    """Say what is left for the provider, or what it gives back; ``more`` than before, of a difference.

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


def margin_in_words(  # noqa: PLR0913 - each is a fact of its own
    commissions: Sequence[Commission],
    place: int,
    distributor: str,
    *,
    margin: Margin,
    remainder: Remainder,
    locale: str,
) -> list[str]:
    """Say how what the level at a place keeps follows from the commissions; nothing where it keeps its own, whole.

    Source: rulebook R6, R16, R19.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> levels = [commission_on(Money("0.50", "USD"), Percent(rate)) for rate in (1, 3)]
    >>> for remainder in (Remainder.EACH_LEVEL_ROUNDED, Remainder.LARGEST_REMAINDER):
    ...     how = {"margin": Margin.DIFFERENCE_OF_RATES, "remainder": remainder, "locale": "en"}
    ...     print(*margin_in_words(levels, 1, "hudson", **how))
    $0.01 of it goes to levels below: hudson keeps $0.01.
    All levels together earn $0.02, shared out as $0.005 : $0.01, odd units by the largest remainders: hudson keeps $0.01.
    """
    kept = margins_of(commissions, margin, remainder)[place]
    earned = commissions[place].earned
    said = {"distributor": distributor, "kept": kept.format(locale, exact=True)}
    if remainder is Remainder.EACH_LEVEL_ROUNDED or len(commissions) == 1:
        if kept == earned:
            return []
        below = (earned - kept).format(locale, exact=True)
        return [
            sentence(
                "{below} of it goes to levels below: {distributor} keeps {kept}.",
                locale,
                below=below,
                **said,
            )
        ]
    said["total"] = total_of(commissions, margin).format(locale, exact=True)
    said["margins"] = " : ".join(
        exact.format(locale, exact=True) for exact in exact_margins(commissions, margin)
    )
    if remainder is Remainder.LARGEST_REMAINDER:
        return [
            sentence(
                "All levels together earn {total}, shared out as {margins}, odd units by the largest remainders: "
                "{distributor} keeps {kept}.",
                locale,
                **said,
            )
        ]
    return [
        sentence(
            "All levels together earn {total}, shared out as {margins}, odd units in order from the seller: "
            "{distributor} keeps {kept}.",
            locale,
            **said,
        )
    ]


def difference_in_words(distributor: str, kept: Money, before: Money, locale: str) -> str:
    """Say which difference is booked where a distributor keeps an amount in place of what was recorded before.

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
