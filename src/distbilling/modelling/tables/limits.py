"""Limits and warning levels of a book as tables: what each distributor may owe, and when."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Final

import attrs

from distbilling.modelling.tables.tables import NEVER, Cell, Table, padded
from distbilling.money import Money
from distbilling.periods.instant import instant_at, microseconds_of
from distbilling.rules.credit.limits import Limit
from distbilling.rules.credit.thresholds import EveryFurther
from distbilling.rules.parties import Distributor

__all__ = ["UNLIMITED", "Watches", "least_suspending", "watches_of"]

UNLIMITED: Final = NEVER
"""What stands for no limit in a table."""


@attrs.frozen
class Watches:
    """What to watch of each distributor, by number, in minor units.

    ``limits`` has the limit at first (``limit_0``), the instants at which it changes (``turn_0``
    and so on) and what it is from then on (``limit_1`` and so on). ``marks`` has the amounts
    between which no threshold, no band and no settlement lies (``mark_0`` and so on): a debt is
    beyond one if it is above it; ``always`` is the amount above which every entry is looked at; the
    thresholds that recur go from ``further`` on in steps of ``step``, ``times`` of them.
    """

    limits: Table
    marks: Table
    turns: int
    cuts: int


def watches_of(distributors: Sequence[Distributor]) -> Watches:
    """Return what to watch of some distributors.

    Source: rulebook R20, R21, R22, R23.

    >>> from distbilling.testing.sample_data import distributor
    >>> watches_of([distributor("hudson")]).marks.columns["mark_1"]
    [50000]
    """
    limits = [_limits(distributor) for distributor in distributors]
    marks = [_marks(distributor) for distributor in distributors]
    turns, cuts = max(len(turned) for turned, _ in limits), max(len(each.marks) for each in marks)

    limit_names = [f"limit_{place}" for place in range(turns + 1)]
    turn_names = [f"turn_{place}" for place in range(turns)]
    mark_names = [f"mark_{place}" for place in range(cuts)]
    limit_rows: list[tuple[Cell, ...]] = [
        (number, *padded(amounts, turns + 1), *padded(turned, turns))
        for number, (turned, amounts) in enumerate(limits)
    ]
    mark_rows: list[tuple[Cell, ...]] = [
        (number, each.always, each.further, each.step, each.times, *padded(each.marks, cuts))
        for number, each in enumerate(marks)
    ]
    recurring = ("always", "further", "step", "times")
    return Watches(
        limits=Table.of_rows(("party", *limit_names, *turn_names), limit_rows),
        marks=Table.of_rows(("party", *recurring, *mark_names), mark_rows),
        turns=turns,
        cuts=cuts,
    )


def least_suspending(distributor: Distributor, instant: int) -> int | None:
    """Return the least debt that suspends a distributor at an instant, in whole minor units.

    None where no debt does. The instant is in microseconds since 1970 UTC.

    Source: rulebook R20, R21, R24.

    >>> from distbilling.testing.sample_data import distributor
    >>> least_suspending(distributor("hudson"), 0)
    100000
    """
    limit = distributor.limit_at(instant_at(instant, "UTC"))
    return ceil(_minor(limit.amount)) if isinstance(limit, Limit) else None


@attrs.frozen
class _Marks:
    marks: tuple[int, ...]
    always: int
    further: int
    step: int
    times: int


def _limits(distributor: Distributor) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return when the limit of a distributor changes, and what it is around each change."""
    turns = (at for each in distributor.increases for at in (each.granted, each.until))
    instants = sorted({microseconds_of(at, "at") for at in turns})
    before = min(instants, default=0) - 1
    limits = [least_suspending(distributor, instant) for instant in (before, *instants)]
    return tuple(instants), tuple(UNLIMITED if limit is None else limit for limit in limits)


def _marks(distributor: Distributor) -> _Marks:
    """Return the amounts at which a notice may be due.

    A recurring threshold has equal steps where it has no band and whole minor units; else every
    amount above the first of them is looked at.
    """
    credit = distributor.credit
    levels, armed_at = credit.levels.levels, credit.levels.armed_at
    further = next((each for each in credit.thresholds if isinstance(each, EveryFurther)), None)
    named = len(levels) - (0 if further is None else further.most)
    scale = Fraction(10) ** (distributor.currency.digits or 0)

    def mark(amount: Decimal) -> int:
        return credit.compare.least_across(Fraction(amount) * scale) - 1

    marks = {0, *map(mark, levels[:named]), *map(mark, armed_at[:named])}
    always, highest, step, times = NEVER, 0, 1, 0
    if further is not None:
        whole = Fraction(further.step.amount) * scale
        if credit.rearm.band is None and whole.denominator == 1:
            highest = mark(levels[named - 1] if named else Decimal(0))
            step, times = int(whole), further.most
        else:
            always = mark(min(armed_at[named:]))
            marks.add(always)
    if credit.rearm.minimum_interval is not None and levels:
        always = min(always, mark(levels[0]))
    return _Marks(tuple(sorted(marks)), always, highest, step, times)


def _minor(amount: Money) -> Fraction:
    return Fraction(amount.amount) * Fraction(10) ** (amount.currency.digits or 0)
