"""Where does an axis carry which label? Round amounts and first instants of days, months or years, written for the reader.

Positions are whole minor units and whole milliseconds; the labels are our own text, so that a
picture reads as a statement does, in every locale and zone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import altair
import attrs
import pendulum

from distbilling.language.formats import currency_formatter, percent_text
from distbilling.language.short_dates import clock_text, day_text, month_name, year_text
from distbilling.modelling.plots.drawing.rows import money
from distbilling.money import Currency
from distbilling.periods.instant import SECOND, first_second, instant_at

__all__ = [
    "Ticks",
    "days_along",
    "labels_of",
    "money_along",
    "money_axis",
    "share_text",
    "shares_along",
    "time_axis",
]

_MILLI: Final = 1_000
_HOUR: Final = 3_600 * SECOND
_NARROW: Final = 3 * 24 * _HOUR
_MOST_DAYS: Final = 126
_DAY_STEPS: Final = (1, 2, 7, 14)
_MONTH_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120)


@attrs.frozen
class Ticks:
    """Where an axis has labels, and which; ``low`` and ``high`` are its ends."""

    low: int
    high: int
    labels: Mapping[int, str | Sequence[str]]


def money_along(minors: Iterable[int], currency: Currency, locale: str, *, most: int = 6) -> Ticks:
    """Return an axis of round amounts for whole minor units, with zero on it, and with some room beyond the last of them.

    >>> list(money_along([0, 123_450], Currency("USD"), "en").labels.values())
    ['$0', '$200', '$400', '$600', '$800', '$1,000', '$1,200']
    """
    one = 10 ** (currency.digits or 0)
    known = [0, *minors]
    lowest, highest = min(known), max(known)
    room = max((highest - lowest) * 6 // 100, 1)
    low = lowest - room if lowest < 0 else 0
    high = highest + room if highest > 0 or not lowest else 0
    if lowest == highest:
        high = one
    step = next(step for step in _round_steps() if high - low <= step * (most + 1))
    digits = 0 if step % one == 0 else currency.digits
    written = currency_formatter(locale, currency.code, digits)
    places = range(-(-low // step) * step, high + 1, step)
    return Ticks(low, high, {place: written(money(place, currency).amount) for place in places})


def money_axis(ticks: Ticks, *, title: str | None = None, grid: bool = True) -> altair.Axis:
    """Return the axis of these amounts."""
    return altair.Axis(
        values=list(ticks.labels),
        labelExpr=labels_of(ticks.labels),
        grid=grid,
        title=title,
        domain=False,
        ticks=False,
        labelPadding=8,
        labelFlush=False,
    )


def shares_along(hundredths: Iterable[int], locale: str, *, most: int = 6) -> Ticks:
    """Return an axis of percentages around hundredths of a percent; zero is on it only if it is among them.

    >>> list(shares_along([950, 1210], "en").labels.values())
    ['9.5%', '10%', '10.5%', '11%', '11.5%', '12%']
    """
    known = list(hundredths) or [0]
    room = max((max(known) - min(known)) * 6 // 100, 20)
    low, high = min(known) - room, max(known) + room
    step = next(step for step in _round_steps() if high - low <= step * (most + 1))
    places = range(-(-low // step) * step, high + 1, step)
    return Ticks(low, high, {place: share_text(place, locale) for place in places})


def share_text(hundredths: int, locale: str) -> str:
    r"""Return hundredths of a percent as the reader writes them.

    >>> share_text(1250, "de")
    '12,5\xa0%'
    """
    whole, rest = divmod(abs(hundredths), 100)
    return percent_text(Decimal(f"{'-' * (hundredths < 0)}{whole}.{rest:02}"), locale)


def days_along(start: int, end: int, zone: str, locale: str, *, most: int = 9) -> Ticks:
    """Return an axis of time, in milliseconds, from one microsecond count to another, with labels by the zone's calendar.

    Of more than three days it starts with the first of them.

    >>> march = days_along(1_772_341_200 * SECOND, 1_775_019_600 * SECOND, "America/New_York", "en")
    >>> [" ".join(label) for label in march.labels.values()]
    ['Mar 1 2026', 'Mar 8', 'Mar 15', 'Mar 22', 'Mar 29']
    """
    if end - start > _NARROW:
        start = first_second(zone, _day_of(start, zone)) * SECOND
    labels: dict[int, Sequence[str]] = {}
    year = None
    for at, text in _ticks(start, end, zone, most):
        clock = instant_at(at, zone)
        said = text(clock, locale)
        labels[at // _MILLI] = [said] if clock.year == year else [said, year_text(clock, locale)]
        year = clock.year
    return Ticks(start // _MILLI, max(end // _MILLI, start // _MILLI + 1), labels)


def time_axis(ticks: Ticks) -> altair.Axis:
    """Return the axis of these days, months or years."""
    return altair.Axis(
        values=list(ticks.labels),
        labelExpr=labels_of(ticks.labels),
        title=None,
        labelPadding=4,
        labelFlush=False,
    )


def labels_of(labels: Mapping[Any, str | Sequence[str]]) -> str:
    """Return what draws the label of a value: a look-up, so that no other formatter has a say.

    >>> labels_of({100: "$1.00"})
    '{"100": "$1.00"}[toString(datum.value)]'
    """
    return (
        json.dumps({str(value): label for value, label in labels.items()})
        + "[toString(datum.value)]"
    )


def _round_steps() -> Iterable[int]:
    ten = 1
    while True:
        yield from (ten, 2 * ten, 5 * ten)
        ten *= 10


def _ticks(
    start: int, end: int, zone: str, most: int
) -> Iterable[tuple[int, Callable[[pendulum.DateTime, str], str]]]:
    """Yield where labels stand, and what writes them: by hours in a few days, by days in a few weeks, else by months or years."""
    first, last = (_day_of(bound, zone) for bound in (start, end))
    days = (last - first).days
    if end - start <= _NARROW:
        begins = [
            first_second(zone, first + dt.timedelta(days=day)) * SECOND for day in range(days + 1)
        ]
        hours = next(hours for hours in (1, 3, 6, 12) if (end - start) <= hours * _HOUR * most)
        for begin, next_begin in pairwise([*begins, end + 1]):
            for at in range(begin, next_begin, hours * _HOUR):
                if start <= at <= end:
                    yield at, day_text if at == begin else clock_text
        return
    if days <= _MOST_DAYS:
        step = next((step for step in _DAY_STEPS if days <= step * most), _DAY_STEPS[-1])
        chosen = [(first + dt.timedelta(days=day), day_text) for day in range(0, days + 1, step)]
    else:
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        step = next(
            step for step in _MONTH_STEPS if months <= step * most or step == _MONTH_STEPS[-1]
        )
        count = first.year * 12 + first.month - 1
        chosen = [
            (dt.date(month // 12, month % 12 + 1, 1), month_name)
            for month in range(count, count + months)
            if month % step == 0
        ]
    for day, text in chosen:
        at = first_second(zone, day) * SECOND
        if start <= at <= end:
            yield at, text


def _day_of(microseconds: int, zone: str) -> dt.date:
    clock = instant_at(microseconds, zone)
    return dt.date(clock.year, clock.month, clock.day)
