"""The parts of schedules: the one place where schedules are taken apart and put together again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar, assert_never

import attrs

from distbilling.money import Currency, Money, Percent
from distbilling.rules import fields
from distbilling.rules.agreement.schedule import (
    Bounded,
    Bracket,
    Brackets,
    ByAge,
    FlatFee,
    Schedule,
    Stage,
    Sum,
)

__all__ = ["asked_by", "currency_of", "money_in", "parts_in", "replaced"]

_NOTHING: Final[frozenset[str]] = frozenset()
_Holder = TypeVar("_Holder", Bracket, Stage)


@attrs.frozen
class _Composition:
    """The schedules right inside one, what itself asks, and how to make it of other schedules."""

    inner: tuple[Schedule, ...]
    asks: frozenset[str]
    made_of: Callable[[tuple[Schedule, ...]], Schedule]


def _taken_apart(schedule: Schedule) -> _Composition:
    match schedule:
        case Percent():
            return _Composition((), _NOTHING, lambda _: schedule)
        case FlatFee():
            return _Composition((), schedule.per.asks, lambda _: schedule)
        case Sum():
            return _Composition(schedule.parts, _NOTHING, Sum)
        case Bounded(inner, minimum, cap):
            return _Composition((inner,), _NOTHING, lambda parts: Bounded(parts[0], minimum, cap))
        case Brackets(brackets, tiering, measure):
            return _Composition(
                inner=tuple(bracket.schedule for bracket in brackets),
                asks=measure.asks,
                made_of=lambda parts: Brackets(_holding(brackets, parts), tiering, measure),
            )
        case ByAge(stages):
            return _Composition(
                inner=tuple(stage.schedule for stage in stages),
                asks=frozenset({"months"}),
                made_of=lambda parts: ByAge(_holding(stages, parts)),
            )
        case _:
            assert_never(schedule)


def _holding(holders: tuple[_Holder, ...], schedules: Iterable[Schedule]) -> tuple[_Holder, ...]:
    """Return brackets or stages, each with another schedule."""
    return tuple(
        attrs.evolve(holder, schedule=schedule)
        for holder, schedule in zip(holders, schedules, strict=True)
    )


def parts_in(schedule: Schedule) -> Iterator[Schedule]:
    """Yield a schedule and every schedule that it is made of, the outermost first.

    Source: rulebook R13, R14.

    >>> [*parts_in(Bounded(Percent("10"), cap=Money("50.00", "USD")))][1:]
    [Percent('10')]
    """
    yield schedule
    for part in _taken_apart(schedule).inner:
        yield from parts_in(part)


def replaced(schedule: Schedule, replacement: Callable[[Schedule], Schedule]) -> Schedule:
    """Return a schedule with every part replaced, the outermost first, then what the new one holds.

    Source: rulebook R13, R14.

    >>> fee = FlatFee(Money("5.00", "USD"))
    >>> replaced(Sum((Percent("5"), fee)), lambda part: Percent("0") if part == fee else part)
    Sum(parts=(Percent('5'), Percent('0')))
    """
    made = _taken_apart(replacement(schedule))
    return made.made_of(tuple(replaced(part, replacement) for part in made.inner))


def money_in(schedule: Schedule) -> tuple[Money, ...]:
    """Return all amounts in a schedule, in its order.

    Source: rulebook R3, R14.

    >>> money_in(Bounded(Percent("10"), minimum=Money("5.00", "USD"), cap=Money("50.00", "USD")))
    (Money('5.00', 'USD'), Money('50.00', 'USD'))
    """
    return tuple(fields.amounts_in(schedule))


def currency_of(schedule: Schedule) -> Currency | None:
    """Return the one currency of all amounts in a schedule; None where there are none.

    Source: rulebook R3.

    >>> currency_of(Sum((Percent("5"), FlatFee(Money("5.00", "USD")))))
    Currency('USD')
    """
    return None if isinstance(schedule, Percent) else schedule.currency


def asked_by(schedule: Schedule) -> frozenset[str]:
    """Return what a schedule asks of the circumstances: ``items``, ``so_far`` and ``months``.

    Source: rulebook R13, R14.

    >>> from distbilling.rules.agreement.measure import Per
    >>> asked_by(FlatFee(Money("2.50", "USD"), Per.ITEM))
    frozenset({'items'})
    """
    return frozenset(name for part in parts_in(schedule) for name in _taken_apart(part).asks)
