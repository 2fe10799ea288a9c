"""Which thresholds has a balance crossed, and of which is somebody to be told? One machine, for debts and prepaid funds."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final, cast

import attrs
from pendulum import DateTime

from distbilling.choices import Choice
from distbilling.errors import CurrencyMismatch, InvalidValue
from distbilling.money import Money, Percent
from distbilling.rules import fields
from distbilling.rules.credit.thresholds import Crossing, EveryFurther, Rearm

__all__ = [
    "Advance",
    "Direction",
    "LevelState",
    "WarningLevels",
    "advance",
    "check_thresholds",
    "thresholds_in_order",
    "warning_levels",
]

_elapsed: Final = cast(Any, dt.datetime.__sub__)  # pendulum's own gives an Interval, slowly


class Direction(Choice):
    """Do warnings come on the way up, as for a debt, or on the way down, as for prepaid funds?

    Source: rulebook R23.

    >>> Direction.DOWN.value
    'down'
    """

    UP = "up"
    DOWN = "down"


@attrs.frozen
class LevelState:
    """What is remembered of one threshold: it is armed, or it is raised and ``warning_number`` is the number of its warning.

    ``warned_at`` is when it was last warned of; ``warnings`` how often since the party last owed
    nothing, or the thresholds changed.

    Source: rulebook R23.

    >>> LevelState(Money("900", "USD"))
    LevelState(threshold=Money('900.00', 'USD'), warning_number=None, warned_at=None, warnings=0)
    """

    threshold: Money
    warning_number: int | None = None
    warned_at: DateTime | None = None
    warnings: int = 0

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.threshold, Money):
            fields.check_type("threshold", self.threshold, Money)
        if self.warning_number is not None and not isinstance(self.warning_number, int):
            fields.check_type("warning_number", self.warning_number, int, type(None))
        if self.warned_at is not None and not isinstance(self.warned_at, DateTime):
            fields.check_type("warned_at", self.warned_at, DateTime, type(None))
        if not isinstance(self.warnings, int):
            fields.check_type("warnings", self.warnings, int)


@attrs.frozen
class WarningLevels:
    """The thresholds of a party as amounts, each once, in the order in which they are crossed, and when they tell again.

    ``heights`` are the thresholds and ``floors`` where each is armed again, both ascending: on the
    way down with their signs turned. At ``settled`` or below, repeats are counted anew.

    Source: rulebook R22, R23.

    >>> five, ten = Money("5", "USD"), Money("10", "USD")
    >>> warning_levels([five, ten], Crossing.EXCEEDS, Rearm(), Direction.DOWN, None).thresholds
    (Money('10.00', 'USD'), Money('5.00', 'USD'))
    """

    thresholds: tuple[Money, ...]
    heights: tuple[Decimal, ...]
    floors: tuple[Decimal, ...]
    settled: Decimal | None
    compare: Crossing
    rearm: Rearm
    way: Direction


Advance = tuple[tuple[LevelState, ...], list[LevelState], list[LevelState]]
"""What is remembered now, the rungs whose warnings are over, each with the episode it had, and those to warn of now."""


def warning_levels(
    thresholds: Iterable[Money | EveryFurther],
    compare: Crossing,
    rearm: Rearm,
    way: Direction,
    settled: Decimal | None,
) -> WarningLevels:
    """Return the ladder of these thresholds.

    Raises:
        InvalidValue: more than one threshold recurs.
        CurrencyMismatch: amounts, step or band are in different currencies.
        PrecisionExceeded: a threshold or its band needs more digits than an amount can hold.

    Source: rulebook R22, R23.

    >>> ninety = warning_levels([Money("90", "USD")], Crossing.EXCEEDS, Rearm(Percent("10")), Direction.UP, None)
    >>> ninety.heights, ninety.floors
    ((Decimal('90'),), (Decimal('81.00'),))
    """
    amounts = thresholds_in_order(thresholds, way)
    floors = (_armed_again(amount, rearm.band, way) for amount in amounts)
    return WarningLevels(
        amounts,
        tuple(_height(amount, way) for amount in amounts),
        tuple(_height(floor, way) for floor in floors),
        settled,
        compare,
        rearm,
        way,
    )


def thresholds_in_order(
    thresholds: Iterable[Money | EveryFurther], way: Direction
) -> tuple[Money, ...]:
    """Return thresholds as amounts in the order in which they are crossed, each once; what recurs is beyond all others.

    Raises:
        InvalidValue: more than one threshold recurs.
        CurrencyMismatch: two of the amounts are in different currencies.
        PrecisionExceeded: a recurring threshold needs more digits than an amount can hold.

    Source: rulebook R22, R23.

    >>> five, ten = Money("5", "USD"), Money("10", "USD")
    >>> thresholds_in_order([five, EveryFurther(ten, most=2), ten, five], Direction.DOWN)
    (Money('10.00', 'USD'), Money('5.00', 'USD'), Money('-5.00', 'USD'), Money('-15.00', 'USD'))
    """
    named: set[Money] = set()
    recurring: EveryFurther | None = None
    for threshold in thresholds:
        if isinstance(threshold, Money):
            named.add(threshold)
        elif recurring is None:
            recurring = threshold
        else:
            raise InvalidValue(
                "thresholds", threshold, f"at most one that recurs; there is {recurring!r} already"
            )
    in_order = tuple(sorted(named, reverse=way is Direction.DOWN))
    if recurring is None:
        return in_order
    outermost = in_order[-1] if in_order else Money.zero(recurring.step.currency)
    step = recurring.step if way is Direction.UP else -recurring.step
    return (*in_order, *(outermost + step * number for number in range(1, recurring.most + 1)))


def check_thresholds(thresholds: Iterable[object], amounts: Sequence[Money]) -> None:
    """Refuse a threshold below zero, and amounts in different currencies.

    Source: rulebook R3, R22.

    >>> check_thresholds((), (Money("5", "USD"), Money("5", "EUR")))
    Traceback (most recent call last):
    distbilling.errors.CurrencyMismatch: USD and EUR do not mix; convert one of them first
    """
    for threshold in thresholds:
        if isinstance(threshold, Money) and threshold.is_negative:
            raise InvalidValue("thresholds", threshold, "amounts of zero or more")
    for amount in amounts:
        if amount.currency is not amounts[0].currency:
            raise CurrencyMismatch(amounts[0].currency.code, amount.currency.code)


def advance(  # noqa: PLR0913 - all that an evaluation goes by
    ladder: WarningLevels,
    rungs: tuple[LevelState, ...],
    amount: Money,
    at: DateTime,
    last_warning_number: int,
    *,
    afresh: bool,
) -> Advance | None:
    """Return what comes of a balance on a ladder; None where nothing is to be told and nothing else to be remembered.

    ``last_warning_number`` is the last number given to an episode; those that begin here get the next ones, in
    the order in which their thresholds are crossed. Warnings that are over come outermost first.
    With ``afresh``, and where the thresholds are not those that are remembered, every rung is armed
    afresh: what is crossed is warned of, other warnings are over.

    Raises:
        CurrencyMismatch: the amount is in another currency than the thresholds.

    Source: rulebook R22, R23.
    """
    thresholds, rearm = ladder.thresholds, ladder.rearm
    if thresholds and amount.currency is not thresholds[0].currency:
        raise CurrencyMismatch(thresholds[0].currency.code, amount.currency.code)
    passed = bisect_left if ladder.compare is Crossing.EXCEEDS else bisect_right
    height = _height(amount, ladder.way)
    crossed, held = passed(ladder.heights, height), passed(ladder.floors, height)
    settled = ladder.settled is not None and height <= ladder.settled
    raised: list[LevelState] = []
    cleared: list[LevelState] = []
    if afresh or [rung.threshold for rung in rungs] != [*thresholds]:
        afresh = True
        cleared = _no_longer_crossed(rungs, thresholds[:crossed])
        rungs = tuple([LevelState(threshold) for threshold in thresholds])
    changes: dict[int, LevelState] = {}
    for place in range(crossed):
        rung = rungs[place]
        if rung.warning_number is None and _may_be_told(rung, rearm, at):
            changes[place] = now = LevelState(
                rung.threshold, last_warning_number + len(raised) + 1, at, rung.warnings + 1
            )
            raised.append(now)
    for place in range(held, len(rungs)):
        rung = rungs[place]
        if rung.warning_number is not None:
            changes[place] = LevelState(rung.threshold, None, rung.warned_at, rung.warnings)
            cleared.append(rung)
    if settled:
        changes |= _counted_anew({**dict(enumerate(rungs)), **changes})
    if not changes and not afresh:
        return None
    after = [*rungs]
    for place, rung in changes.items():
        after[place] = rung
    return tuple(after), cleared[::-1] if rearm.tell_cleared else [], raised


def _no_longer_crossed(
    rungs: tuple[LevelState, ...], crossed: tuple[Money, ...]
) -> list[LevelState]:
    still = frozenset(crossed)
    return [
        rung for rung in rungs if rung.warning_number is not None and rung.threshold not in still
    ]


def _counted_anew(rungs: dict[int, LevelState]) -> dict[int, LevelState]:
    return {place: attrs.evolve(rung, warnings=0) for place, rung in rungs.items() if rung.warnings}


def _may_be_told(rung: LevelState, rearm: Rearm, at: DateTime) -> bool:
    """Tell whether a crossed rung that is armed is due: its repeats are not used up, and its interval is over."""
    if rearm.most_repeats is not None and rung.warnings > rearm.most_repeats:
        return False
    return (
        rearm.minimum_interval is None
        or rung.warned_at is None
        or _elapsed(at, rung.warned_at) >= rearm.minimum_interval
    )


def _height(amount: Money, way: Direction) -> Decimal:
    number = amount.amount
    return number if way is Direction.UP else number.copy_negate()


def _armed_again(threshold: Money, band: Money | Percent | None, way: Direction) -> Money:
    """Return to where the balance must have recovered for the threshold to be armed again."""
    if band is None:
        return threshold
    back = band.of(abs(threshold)) if isinstance(band, Percent) else band
    return threshold - back if way is Direction.UP else threshold + back
