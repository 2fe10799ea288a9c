"""Warning levels: the thresholds of a balance, which of them are crossed, and when they warn.

**How it works.** Each threshold is a *level*, and each level has a *state*: it is *armed*, or it is
*crossed* and has the number of the warning that was given. One step, :func:`advance`, looks at
where the balance stands, not at the way it took there:

1. Where limit, thresholds or comparison have changed, every level is armed first. The warnings of
   levels that are not crossed any more are over.
2. An armed level that the balance is across becomes crossed, and its warning gets the next number.
   It stays armed, and gives none, as long as a minimum interval lasts or its repeats are used up.
3. A crossed level becomes armed again once the balance has fallen back, by the band where there is
   one. Its warning is over.
4. Once nothing is owed, repeats are counted anew.

Levels ascend. So those the balance is across are the first ones, those it has fallen back from are
the last ones, and a binary search finds the end of each.

**By hand.** Thresholds of 500.00 and 900.00, a band of 50.00, ``EXCEEDS``:

======  =========  =========  =======================================================
owed    500.00     900.00     notices
======  =========  =========  =======================================================
950.00  crossed 1  crossed 2  warning 1 at 500.00, then warning 2 at 900.00
880.00  crossed 1  crossed 2  none: 900.00 is armed again at 850.00 only
850.00  crossed 1  armed      warning 2 at 900.00 is over
910.00  crossed 1  crossed 3  warning 3 at 900.00
  0.00  armed      armed      warning 3 at 900.00 is over, then warning 1 at 500.00
======  =========  =========  =======================================================
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple, cast

import attrs
from pendulum import DateTime

from distbilling.errors import CurrencyMismatch, InvalidValue
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.credit.thresholds import Crossing, EveryFurther, Rearm

__all__ = ["Advance", "LevelState", "WarningLevels", "advance", "amounts_in_order"]

_elapsed: Final = cast(Any, dt.datetime.__sub__)  # pendulum's own gives an Interval, slowly


@attrs.frozen
class LevelState:
    """The state of one level: armed, or crossed with the number of its warning.

    ``warned_at`` is when it warned last; ``warnings`` how often since the party last owed nothing,
    or the levels changed.

    Source: rulebook R23.

    >>> LevelState(Money("900", "USD")).is_armed
    True
    """

    threshold: Money
    warning_number: int | None = None
    warned_at: DateTime | None = None
    warnings: int = 0

    def __attrs_post_init__(self) -> None:
        # One is made for each level of each balance that changes something: the quick look first.
        if not isinstance(self.threshold, Money):
            fields.check_type("threshold", self.threshold, Money)
        if self.warning_number is not None and not isinstance(self.warning_number, int):
            fields.check_type("warning_number", self.warning_number, int, type(None))
        if self.warned_at is not None and not isinstance(self.warned_at, DateTime):
            fields.check_type("warned_at", self.warned_at, DateTime, type(None))
        if not isinstance(self.warnings, int):
            fields.check_type("warnings", self.warnings, int)

    @property
    def is_armed(self) -> bool:
        """Whether the next crossing warns: no warning of this level stands."""
        return self.warning_number is None

    def may_warn(self, rearm: Rearm, at: DateTime) -> bool:
        """Tell whether a warning is neither one repeat too many nor too soon after the last one."""
        if rearm.most_repeats is not None and self.warnings > rearm.most_repeats:
            return False
        return (
            rearm.minimum_interval is None
            or self.warned_at is None
            or _elapsed(at, self.warned_at) >= rearm.minimum_interval
        )

    def crossed(self, warning_number: int, at: DateTime) -> LevelState:
        """Return the state after a warning."""
        return LevelState(self.threshold, warning_number, at, self.warnings + 1)

    def counted_anew(self) -> LevelState:
        """Return the state once nothing is owed."""
        return attrs.evolve(self, warnings=0) if self.warnings else self

    def armed(self) -> LevelState:
        """Return the state after the warning is over."""
        return LevelState(self.threshold, None, self.warned_at, self.warnings)


@attrs.frozen
class WarningLevels:
    """The thresholds of a party as amounts, lowest first, and where each is armed again.

    ``levels`` are the numbers of the thresholds, ``armed_at`` the balances down to which each must
    fall to be armed again.

    Source: rulebook R22, R23.

    >>> ninety = WarningLevels.of([Money("90", "USD")], Crossing.EXCEEDS, Rearm(Money("9", "USD")))
    >>> ninety.levels, ninety.armed_at
    ((Decimal('90'),), (Decimal('81'),))
    """

    thresholds: tuple[Money, ...]
    levels: tuple[Decimal, ...]
    armed_at: tuple[Decimal, ...]
    compare: Crossing
    rearm: Rearm

    @classmethod
    def of(
        cls, thresholds: Iterable[Money | EveryFurther], compare: Crossing, rearm: Rearm
    ) -> WarningLevels:
        """Return the levels of some thresholds.

        Raises:
            InvalidValue: more than one threshold recurs.
            CurrencyMismatch: amounts, step or band are in different currencies.
            PrecisionExceeded: a threshold or its band needs more digits than an amount can hold.
        """
        amounts = amounts_in_order(thresholds)
        return cls(
            thresholds=amounts,
            levels=tuple(amount.amount for amount in amounts),
            armed_at=tuple(rearm.armed_again_at(amount).amount for amount in amounts),
            compare=compare,
            rearm=rearm,
        )


def amounts_in_order(thresholds: Iterable[Money | EveryFurther]) -> tuple[Money, ...]:
    """Return thresholds as amounts, lowest first, each once; what recurs is above all others.

    Raises:
        InvalidValue: more than one threshold recurs.
        CurrencyMismatch: two of the amounts are in different currencies.
        PrecisionExceeded: a recurring threshold needs more digits than an amount can hold.

    Source: rulebook R22, R23.

    >>> five, ten = Money("5", "USD"), Money("10", "USD")
    >>> amounts_in_order([ten, EveryFurther(ten, most=2), five, ten])
    (Money('5.00', 'USD'), Money('10.00', 'USD'), Money('20.00', 'USD'), Money('30.00', 'USD'))
    """
    amounts: set[Money] = set()
    recurring: EveryFurther | None = None
    for threshold in thresholds:
        if isinstance(threshold, Money):
            amounts.add(threshold)
        elif recurring is None:
            recurring = threshold
        else:
            accepted = f"at most one that recurs; there is {recurring!r} already"
            raise InvalidValue("thresholds", threshold, accepted)

    in_order = tuple(sorted(amounts))
    if recurring is None:
        return in_order

    highest = in_order[-1] if in_order else Money.zero(recurring.step.currency)
    further = (highest + recurring.step * number for number in range(1, recurring.most + 1))
    return (*in_order, *further)


class Advance(NamedTuple):
    """What one step leads to.

    ``states`` are those of all levels from now on. ``cleared`` are the levels whose warnings are
    over, highest first, each with the number of its warning; ``crossed`` those that warn now,
    lowest first.
    """

    states: tuple[LevelState, ...]
    cleared: Sequence[LevelState]
    crossed: Sequence[LevelState]


def advance(  # noqa: PLR0913 - the levels, their states, and the balance with its date
    levels: WarningLevels,
    states: tuple[LevelState, ...],
    owed: Money,
    at: DateTime,
    *,
    last_warning_number: int,
    changed: bool,
) -> Advance | None:
    """Return what a balance leads to; None where no state changes and nobody is warned.

    Args:
        levels: the levels of now.
        states: the states after the last step; of other thresholds than now, or none.
        owed: the balance, positive for a debt.
        at: when that much was owed, in UTC.
        last_warning_number: the last number given; warnings that begin here get the next ones.
        changed: whether something else than the thresholds has changed that arms every level.

    Raises:
        CurrencyMismatch: the balance is in another currency than the thresholds.

    Source: rulebook R22, R23.
    """
    thresholds, balance = levels.thresholds, owed.amount
    if thresholds and owed.currency is not thresholds[0].currency:
        raise CurrencyMismatch(thresholds[0].currency.code, owed.currency.code)

    # The balance is across the first levels, and has not fallen back from the first ones.
    across = levels.compare.count(levels.levels, balance)
    held = levels.compare.count(levels.armed_at, balance)

    cleared: list[LevelState] = []
    if changed or tuple([state.threshold for state in states]) != thresholds:
        changed = True
        cleared = _no_longer_crossed(states, thresholds[:across])
        states = tuple(map(LevelState, thresholds))

    warning, recovered = _places_that_change(states, across, held, levels.rearm, at)
    settled = balance <= 0 and any(state.warnings for state in states)
    if not (changed or warning or recovered or settled):
        return None

    after = [*states]
    for number, place in enumerate(warning, last_warning_number + 1):
        after[place] = states[place].crossed(number, at)
    for place in recovered:
        after[place] = states[place].armed()
    crossed = [after[place] for place in warning]
    cleared += [states[place] for place in recovered]

    if balance <= 0:
        after = [state.counted_anew() for state in after]
    return Advance(tuple(after), cleared[::-1] if levels.rearm.tell_cleared else (), crossed)


def _places_that_change(
    states: tuple[LevelState, ...], across: int, held: int, rearm: Rearm, at: DateTime
) -> tuple[list[int], list[int]]:
    """Return the places of the levels that warn now, and of those that are armed again."""
    warning: list[int] = []
    recovered: list[int] = []
    for place, state in enumerate(states):
        if state.warning_number is None:
            if place < across and state.may_warn(rearm, at):
                warning.append(place)
        elif place >= held:
            recovered.append(place)
    return warning, recovered


def _no_longer_crossed(
    states: tuple[LevelState, ...], crossed: tuple[Money, ...]
) -> list[LevelState]:
    still = frozenset(crossed)
    return [each for each in states if not each.is_armed and each.threshold not in still]
