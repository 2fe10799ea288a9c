"""Why can an entry not be reversed or corrected like that?"""

from __future__ import annotations

import attrs
from pendulum import DateTime

from distbilling.language.catalogue import sentence
from distbilling.language.formats import instant_text
from distbilling.money import Money

__all__ = [
    "BeforeOriginal",
    "MoreThanRemains",
    "NotReversible",
    "NothingRemains",
    "PartlyReversed",
]


@attrs.frozen
class NotReversible:
    """An entry that is no payment and no sale: what compensates another entry is never compensated itself.

    Source: rulebook R15.

    >>> print(NotReversible("till-7/0042-refund").explain())
    The entry 'till-7/0042-refund' is no payment and no sale, so it cannot be reversed or corrected.
    """

    entry: str

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words of the locale."""
        return sentence(
            "The entry '{entry}' is no payment and no sale, so it cannot be reversed or corrected.",
            locale,
            entry=self.entry,
        )


@attrs.frozen
class BeforeOriginal:
    """A reversal or correction was dated before the entry it is about; ``booked`` is in the distributor's zone.

    Source: rulebook R15.

    >>> import pendulum
    >>> print(BeforeOriginal("till-7/0042", pendulum.datetime(2026, 3, 9, tz="America/New_York")).explain("en_GB"))
    The entry 'till-7/0042' is dated 9 Mar 2026, 00:00:00; it cannot be reversed or corrected before that.
    """

    entry: str
    booked: DateTime

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words and formats of the locale."""
        return sentence(
            "The entry '{entry}' is dated {booked}; it cannot be reversed or corrected before that.",
            locale,
            entry=self.entry,
            booked=instant_text(self.booked, locale),
        )


@attrs.frozen
class MoreThanRemains:
    """More was to be given back than is left of the original after what was given back before.

    Source: rulebook R15.

    >>> print(MoreThanRemains("till-7/0042", Money("3.34", "USD"), Money("3.35", "USD")).explain())
    Of the entry 'till-7/0042' $3.34 remains to be reversed; $3.35 is more than that.
    """

    entry: str
    remains: Money
    asked: Money

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words and formats of the locale."""
        return sentence(
            "Of the entry '{entry}' {remains} remains to be reversed; {asked} is more than that.",
            locale,
            entry=self.entry,
            remains=self.remains,
            asked=self.asked,
        )


@attrs.frozen
class NothingRemains:
    """All of the original was given back before, or it was corrected to nothing.

    Source: rulebook R15.

    >>> print(NothingRemains("till-7/0042").explain())
    Of the entry 'till-7/0042' nothing remains to be reversed.
    """

    entry: str

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words of the locale."""
        return sentence(
            "Of the entry '{entry}' nothing remains to be reversed.", locale, entry=self.entry
        )


@attrs.frozen
class PartlyReversed:
    """An entry of which something was given back keeps its amount: a correction would change what that was a part of.

    Source: rulebook R15.

    >>> print(PartlyReversed("till-7/0042", Money("3.33", "USD")).explain())
    Of the entry 'till-7/0042' $3.33 is reversed already, so its amount cannot be corrected; reverse the rest instead.
    """

    entry: str
    reversed: Money

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words and formats of the locale."""
        return sentence(
            "Of the entry '{entry}' {reversed} is reversed already, so its amount cannot be corrected; "
            "reverse the rest instead.",
            locale,
            entry=self.entry,
            reversed=self.reversed,
        )
