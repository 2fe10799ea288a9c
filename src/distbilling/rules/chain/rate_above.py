"""Rates of a child that can come out above those of its parent.

Where that cannot be said beforehand, the computation limits the child to its parent's commission.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

import attrs
import pendulum
from pendulum import DateTime

from distbilling.language.catalogue import sentence
from distbilling.money.exact import ZERO
from distbilling.periods import FIRST_YEAR, first_instant, utc_instant
from distbilling.rules import fields
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.rates import CommissionKind, RateInForce, Subject
from distbilling.rules.agreement.schedule import Brackets, ByAge, Schedule
from distbilling.rules.agreement.schedule_parts import parts_in, replaced
from distbilling.rules.agreement.terms import Terms
from distbilling.rules.chain.pieces import exceeds_somewhere, pieces_of
from distbilling.rules.commission.earning import stage_at

__all__ = ["RateAbove", "can_exceed", "rates_exceeding"]

_MANY_ITEMS: Final = 10**15
_THE_FIRST: Final = pendulum.datetime(FIRST_YEAR, 1, 1)


@attrs.frozen
class RateAbove:
    """A rate of a child that can come out above its parent's: for what, when, and both rates.

    ``since`` is inclusive and ``until`` exclusive; None is open.

    Source: rulebook R16.

    >>> from distbilling.money import Percent
    >>> child, parent = Terms(Percent("20"), Percent("10")), Terms(Percent("15"), Percent("10"))
    >>> print(rates_exceeding(child, parent)[0].explain())
    20% (default sales commission) can come out above the parent's 15% (default sales commission).
    """

    kind: CommissionKind
    subject: Subject
    since: DateTime | None
    until: DateTime | None
    child: RateInForce
    parent: RateInForce

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words and formats of the locale."""
        child, parent = self.child.format(locale), self.parent.format(locale)
        return sentence(
            "{child} can come out above the parent's {parent}.", locale, child=child, parent=parent
        )


def can_exceed(child: Schedule, parent: Schedule) -> bool:
    """Tell whether a child's rate can come out above its parent's, before rounding.

    False also where that cannot be said beforehand. Percentages, fees, their sums and bounds, and
    brackets by operation are compared on every amount; brackets by the period's volume at the same
    volume, and stages at the same age, wherever they stand in the schedule.

    Raises:
        CurrencyMismatch: the two are in different currencies.

    Source: rulebook R16.

    >>> from distbilling.money import Percent
    >>> can_exceed(Percent("20"), Percent("15")), can_exceed(Percent("15"), Percent("15"))
    (True, False)
    """
    fields.check_one_currency((child, parent))
    return _can_exceed(child, parent, None)


def rates_exceeding(child: Terms, parent: Terms) -> tuple[RateAbove, ...]:
    """Return every kind, subject and time for which a child's terms can exceed its parent's.

    Raises:
        CurrencyMismatch: the two are in different currencies.

    Source: rulebook R16.

    >>> from distbilling.money import Percent
    >>> rates_exceeding(Terms(Percent("15"), Percent("10")), Terms(Percent("15"), Percent("10")))
    ()
    """
    fields.check_one_currency((child, parent))
    exceeding: dict[object, RateAbove] = {}
    for kind in CommissionKind:
        for subject in _subjects(child, parent):
            for rate in _times_above(kind, subject, child, parent):
                # Of several subjects with one pair of rates, the most general is named.
                pair = (kind, rate.since, rate.until, rate.child, rate.parent)
                exceeding.setdefault(pair, rate)
    return tuple(exceeding.values())


def _can_exceed(child: Schedule, parent: Schedule, most: Fraction | None) -> bool:
    parts = (*parts_in(child), *parts_in(parent))

    # First every age, then every volume is looked at alone; then lines are left to compare.
    if stages := [part for part in parts if isinstance(part, ByAge)]:
        months = sorted({0, *(end for part in stages for end in part.ends)})
        return any(
            _can_exceed(_in_month(child, month), _in_month(parent, month), most) for month in months
        )

    brackets = [part for part in parts if isinstance(part, Brackets)]
    if by_volume := [part for part in brackets if part.measure.by_period]:
        volumes = sorted({ZERO, *(lower for part in by_volume for lower in part.lowers)})
        by_slices = any(part.tiering.by_slices for part in brackets)
        return any(
            _can_exceed(_on_volume(child, volume), _on_volume(parent, volume), _lesser(most, room))
            for volume, room in zip(volumes, _rooms(volumes, by_slices=by_slices), strict=True)
        )

    for items in (1, _MANY_ITEMS):
        first, second = pieces_of(child, items), pieces_of(parent, items)
        if first is not None and second is not None and exceeds_somewhere(first, second, most):
            return True
    return False


def _on_volume(schedule: Schedule, volume: Decimal) -> Schedule:
    """Return a schedule as it is on a volume of the period."""

    def on_volume(part: Schedule) -> Schedule:
        while isinstance(part, Brackets) and part.measure.by_period:
            part = part.brackets[bisect_right(part.lowers, volume) - 1].schedule
        return part

    return replaced(schedule, on_volume)


def _rooms(volumes: Sequence[Decimal], *, by_slices: bool) -> Iterator[Fraction | None]:
    """Yield how much one operation can be at most to stay in the bracket of each volume.

    None is no limit. By slices, it starts at the volume; as a whole, it reaches it.
    """
    for lower, upper in pairwise(map(Fraction, volumes)):
        yield upper - lower if by_slices else upper
    yield None


def _in_month(schedule: Schedule, months: int) -> Schedule:
    """Return a schedule as it is in a month of the relation."""

    def in_month(part: Schedule) -> Schedule:
        while isinstance(part, ByAge):
            part = stage_at(part, Circumstances(months=months)).schedule
        return part

    return replaced(schedule, in_month)


def _lesser(most: Fraction | None, room: Fraction | None) -> Fraction | None:
    return min((bound for bound in (most, room) if bound is not None), default=None)


def _subjects(*terms: Terms) -> Iterator[Subject]:
    """Yield the subjects that some terms have different rates for, the unnamed one first."""
    rates = [rate for agreed in terms for rate in agreed.rates]
    products = sorted({rate.product for rate in rates if rate.product is not None})
    batches = sorted({rate.batch for rate in rates if rate.batch is not None})
    for batch in (None, *batches):
        for product in (None, *products):
            yield Subject(product, batch)


def _bounds(*terms: Terms) -> list[DateTime]:
    """Return the instants at which a rate of some terms starts or ends, in order."""
    return sorted(
        {
            utc_instant(first_instant(agreed.zone, day))
            for agreed in terms
            if agreed.zone is not None
            for rate in agreed.rates
            for day in (rate.since, rate.until)
            if day is not None
        }
    )


def _times_above(
    kind: CommissionKind, subject: Subject, child: Terms, parent: Terms
) -> list[RateAbove]:
    """Return when the child's rate for a subject can exceed its parent's, in longest stretches."""
    bounds = _bounds(child, parent)
    exceeding: list[RateAbove] = []
    for since, until in zip((None, *bounds), (*bounds, None), strict=True):
        own, parents = (
            terms.rate_for(kind, subject, since or _THE_FIRST) for terms in (child, parent)
        )
        last = exceeding[-1] if exceeding else None
        if last and last.until == since and (last.child, last.parent) == (own, parents):
            exceeding[-1] = attrs.evolve(last, until=until)
        elif can_exceed(own.schedule, parents.schedule):
            exceeding.append(RateAbove(kind, subject, since, until, own, parents))
    return exceeding
