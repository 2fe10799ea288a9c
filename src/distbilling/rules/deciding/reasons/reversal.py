"""Reasons about reversals: why an entry cannot be reversed or corrected."""

from __future__ import annotations

import attrs
from pendulum import DateTime

from distbilling.language.catalogue import Explained
from distbilling.money import Money

__all__ = [
    "BeforeOriginal",
    "MoreThanRemains",
    "NotReversible",
    "NothingRemains",
    "PartlyReversed",
]


@attrs.frozen
class NotReversible(Explained):
    """An entry that is no payment and no sale cannot be reversed or corrected.

    What compensates another entry is never compensated itself.

    Source: rulebook R15.

    >>> print(NotReversible("till-7/0042-refund").explain())
    The entry 'till-7/0042-refund' is no payment and no sale, so it cannot be reversed or corrected.
    """

    entry: str

    _WORDS = "The entry '{entry}' is no payment and no sale, so it cannot be reversed or corrected."


@attrs.frozen
class BeforeOriginal(Explained):
    """A reversal or correction was dated before the entry that it is about.

    ``booked`` is in the distributor's zone.

    Source: rulebook R15.

    >>> import pendulum
    >>> print(BeforeOriginal("till-7/0042", pendulum.datetime(2026, 3, 9,
    ...     tz="America/New_York")).explain("en_GB"))  # doctest: +ELLIPSIS
    The entry 'till-7/0042' is dated 9 Mar 2026, 00:00:00; it cannot be reversed or ...
    """

    entry: str
    booked: DateTime

    _WORDS = (
        "The entry '{entry}' is dated {booked}; it cannot be reversed or corrected before that."
    )


@attrs.frozen
class MoreThanRemains(Explained):
    """More was to be given back than is left of the original after what was given back before.

    Source: rulebook R15.

    >>> print(MoreThanRemains("till-7/0042", Money("3.34", "USD"), Money("3.35", "USD")).explain())
    Of the entry 'till-7/0042' $3.34 remains to be reversed; $3.35 is more than that.
    """

    entry: str
    remains: Money
    asked: Money

    _WORDS = "Of the entry '{entry}' {remains} remains to be reversed; {asked} is more than that."


@attrs.frozen
class NothingRemains(Explained):
    """All of the original was given back before, or it was corrected to nothing.

    Source: rulebook R15.

    >>> print(NothingRemains("till-7/0042").explain())
    Of the entry 'till-7/0042' nothing remains to be reversed.
    """

    entry: str

    _WORDS = "Of the entry '{entry}' nothing remains to be reversed."


@attrs.frozen
class PartlyReversed(Explained):
    """An entry of which something was given back keeps its amount.

    A correction would change what that was a part of.

    Source: rulebook R15.

    >>> print(PartlyReversed("till-7/0042", Money("3.33", "USD")).explain())  # doctest: +ELLIPSIS
    Of the entry 'till-7/0042' $3.33 is reversed already, so its amount cannot be corrected; ...
    """

    entry: str
    reversed: Money

    _WORDS = (
        "Of the entry '{entry}' {reversed} is reversed already, so its amount cannot be "
        "corrected; reverse the rest instead."
    )
