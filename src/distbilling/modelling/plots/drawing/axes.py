"""Axes: round amounts and first instants of days, months or years, written for the reader.

Positions are whole minor units and whole milliseconds; the labels are our own text, so that a
picture reads as a statement does, in every locale and zone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import count, pairwise
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
    "bands",
    "days_along",
    "labels_of",
    "money_along",
    "money_axis",
    "months_between",
    "share_text",
    "shares_along",
    "ticked_axis",
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
    """Return an axis of round amounts for whole minor units, with zero and some room on it.

    >>> list(money_along([0, 123_450], Currency("USD"), "en").labels.values())
    ['$0', '$200', '$400', '$600', '$800', '$1,000', '$1,200']
    """
    unit = 10 ** (currency.digits or 0)
    amounts = [0, *minors]
    lowest, highest = min(amounts), max(amounts)
    room = max((highest - lowest) * 6 // 100, 1)
    low = lowest - room if lowest < 0 else 0
    high = highest + room if highest > 0 or not lowest else 0
    if lowest == highest:
        high = unit

    places = _round_places(low, high, most)
    digits = 0 if places.step % unit == 0 else currency.digits
    written = currency_formatter(locale, currency.code, digits)
    return Ticks(low, high, {place: written(money(place, currency).amount) for place in places})


def money_axis(ticks: Ticks, *, title: str | None = None, grid: bool = True) -> altair.Axis:
    """Return the axis of these amounts."""
    return ticked_axis(ticks, grid=grid, title=title, domain=False, ticks=False, labelPadding=8)


def shares_along(hundredths: Iterable[int], locale: str, *, most: int = 6) -> Ticks:
    """Return an axis of percentages around hundredths of a percent.

    Zero is on it only if it is among them.

    >>> list(shares_along([950, 1210], "en").labels.values())
    ['9.5%', '10%', '10.5%', '11%', '11.5%', '12%']
    """
    shares = list(hundredths) or [0]
    room = max((max(shares) - min(shares)) * 6 // 100, 20)
    low, high = min(shares) - room, max(shares) + room
    places = _round_places(low, high, most)
    return Ticks(low, high, {place: share_text(place, locale) for place in places})


def share_text(hundredths: int, locale: str) -> str:
    r"""Return hundredths of a percent as the reader writes them.

    >>> share_text(1250, "de")
    '12,5\xa0%'
    """
    return percent_text(Decimal(f"{hundredths}E-2"), locale)


def days_along(start: int, end: int, zone: str, locale: str, *, most: int = 9) -> Ticks:
    """Return an axis of time, labelled by the zone's calendar.

    Args:
        start: microseconds since 1970 UTC; of more than three days the axis starts with the first.
        end: microseconds since 1970 UTC. The ticks are in milliseconds.
        zone: the zone whose days, months and years are labelled.
        locale: in which the labels are written.
        most: about how many labels there may be.

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
        label = text(clock, locale)
        labels[at // _MILLI] = [label] if clock.year == year else [label, year_text(clock, locale)]
        year = clock.year
    return Ticks(start // _MILLI, max(end // _MILLI, start // _MILLI + 1), labels)


def time_axis(ticks: Ticks) -> altair.Axis:
    """Return the axis of these days, months or years."""
    return ticked_axis(ticks, title=None, labelPadding=4)


def ticked_axis(ticks: Ticks, /, **options: Any) -> altair.Axis:  # noqa: ANN401 - altair's own
    """Return an axis with these labels; ``options`` are those of :class:`altair.Axis`."""
    return altair.Axis(
        values=list(ticks.labels), labelExpr=labels_of(ticks.labels), labelFlush=False, **options
    )


def bands(
    labels: Mapping[int, Sequence[str]],
    *,
    padding: float,
    **options: Any,  # noqa: ANN401 - altair's own
) -> altair.X:
    """Return places side by side, with labels below; ``options`` are those of the axis."""
    axis = altair.Axis(
        values=list(labels), labelExpr=labels_of(labels), labelAngle=0, ticks=False, **options
    )
    scale = altair.Scale(paddingInner=padding, paddingOuter=padding / 2)
    return altair.X("place:O", title=None, sort=None, scale=scale, axis=axis)


def labels_of(labels: Mapping[Any, str | Sequence[str]]) -> str:
    """Return the expression that labels a value: a look-up, so that no other formatter has a say.

    >>> labels_of({100: "$1.00"})
    '{"100": "$1.00"}[toString(datum.value)]'
    """
    by_value = {str(value): label for value, label in labels.items()}
    return f"{json.dumps(by_value)}[toString(datum.value)]"


def _round_places(low: int, high: int, most: int) -> range:
    """Return about so many multiples of 1, 2 or 5 times a power of ten between two numbers."""
    round_steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    step = next(step for step in round_steps if high - low <= step * (most + 1))
    return range(-(-low // step) * step, high + 1, step)


def _ticks(
    start: int, end: int, zone: str, most: int
) -> Iterable[tuple[int, Callable[[pendulum.DateTime, str], str]]]:
    """Yield where labels stand, and what writes them.

    They are hours if there are few days, days if there are few weeks, else months or years.
    """
    first, last = (_day_of(bound, zone) for bound in (start, end))
    days = (last - first).days

    if end - start <= _NARROW:
        midnights = [
            first_second(zone, first + dt.timedelta(days=day)) * SECOND for day in range(days + 1)
        ]
        step = next(hours for hours in (1, 3, 6, 12) if end - start <= hours * _HOUR * most) * _HOUR
        labels = [
            (at, day_text if at == midnight else clock_text)
            for midnight, next_midnight in pairwise([*midnights, end + 1])
            for at in range(midnight, next_midnight, step)
        ]
    elif days <= _MOST_DAYS:
        step = next((step for step in _DAY_STEPS if days <= step * most), _DAY_STEPS[-1])
        chosen = [first + dt.timedelta(days=day) for day in range(0, days + 1, step)]
        labels = [(first_second(zone, day) * SECOND, day_text) for day in chosen]
    else:
        months = list(months_between(first, last))
        enough = (step for step in _MONTH_STEPS if len(months) <= step * most)
        step = next(enough, _MONTH_STEPS[-1])
        chosen = [day for day in months if (day.year * 12 + day.month - 1) % step == 0]
        labels = [(first_second(zone, day) * SECOND, month_name) for day in chosen]

    yield from ((at, text) for at, text in labels if start <= at <= end)


def months_between(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    """Yield the first days of all the months from the one of a day to the one of another."""
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield dt.date(month // 12, month % 12 + 1, 1)


def _day_of(microseconds: int, zone: str) -> dt.date:
    clock = instant_at(microseconds, zone)
    return dt.date(clock.year, clock.month, clock.day)
