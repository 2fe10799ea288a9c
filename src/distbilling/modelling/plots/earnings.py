"""The chart of earnings: what was earned and what was owed, period by period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Final

import altair
import attrs

from distbilling.language.catalogue import sentence
from distbilling.language.formats import date_text
from distbilling.language.short_dates import day_text, month_name, year_text
from distbilling.modelling.book.book import Book
from distbilling.modelling.plots.drawing import theme
from distbilling.modelling.plots.drawing.axes import bands, money_along, months_between
from distbilling.modelling.plots.drawing.lines import units_and_zone, upwards
from distbilling.modelling.plots.drawing.rows import (
    Row,
    figure_text,
    member,
    of_one_currency,
    period_days,
    rows_of,
)
from distbilling.money import Currency

__all__ = ["earned_and_owed"]

_COLUMNS: Final = (
    "distributor",
    "currency",
    "period_start",
    "period_end",
    "collected",
    "sales",
    "reversed",
    "adjusted",
    "commission",
)
_WIDEST_BAND: Final = 96
_LOWEST: Final = 18
"""The height in pixels from which a part of a bar has room for its figure."""


@attrs.define
class _Bucket:
    """What is drawn as one bar: the days of a period or a month, and its amounts."""

    first: dt.date
    last: dt.date
    earned: int = 0
    owed: int = 0


@attrs.frozen
class _Part:
    """A part of each bar: its name, its colour, that of the figure in it, and its amount."""

    name: str
    color: str
    ink: str
    amount: Callable[[_Bucket], int]


def earned_and_owed(
    statements: object,
    book: Book,
    *,
    distributor: str | None = None,
    currency: Currency | str | None = None,
    locale: str = "en",
) -> altair.LayerChart:
    """Draw what was earned and what was owed: one bar for each period, made of the two.

    Owed is what the period's collections, sales, reversals and corrections left after commission:
    to the provider, so of all distributors together it is what those at the top owe, and earned
    what all levels earned. Remittances play no part. Periods that end on the same day of their
    billing zones are one bar; where cycles differ, those that end in a month.

    Args:
        statements: the frame of statements.
        book: the distributors.
        distributor: the id of the one to draw; all together unless given.
        currency: which to draw, if there are several.
        locale: the words and formats to draw in.

    Raises:
        InvalidType: the statements are no frame, the book is none, or an amount is a float.
        InvalidValue: the distributor is not in the book or has no statement, several currencies are
            given and none is named, or Babel has no such locale.

    Source: rulebook R7, R8, R16, R39, R43.

    >>> from distbilling.modelling.plots import svg
    >>> from distbilling.testing.sample_data import distributor
    >>> import polars
    >>> march = {
    ...     "distributor": ["hudson"], "currency": ["USD"], "period_start": [1772341200000000],
    ...     "period_end": [1775016000000000], "collected": [1000], "sales": [0], "reversed": [0],
    ...     "adjusted": [0], "commission": [100],
    ... }
    >>> chart = earned_and_owed(polars.DataFrame(march), Book.of(distributor("hudson")))
    >>> all(figure in svg(chart) for figure in ("$1.00", "$9.00"))
    True
    """
    if distributor is not None:
        member(book, distributor)
    rows = rows_of(statements, "statements", _COLUMNS, distributor=distributor)
    rows, of = of_one_currency(rows, currency)
    buckets, by_month = _buckets(rows, book, whole=distributor is None)
    figure = partial(figure_text, currency=of, locale=locale)

    band = min(_WIDEST_BAND, theme.WIDTH / len(buckets))
    top = max(max(bucket.owed, 0) + max(bucket.earned, 0) for bucket in buckets)
    bottom = min(min(bucket.owed, 0) + min(bucket.earned, 0) for bucket in buckets)
    ticks = money_along([bottom, top], of, locale)
    across = bands(
        _labels(buckets, band, locale, by_month=by_month),
        padding=0.22,
        labelPadding=6,
        labelOverlap=False,
    )
    parts = (
        _Part(sentence("Owed", locale), theme.BLUE, "white", lambda bucket: bucket.owed),
        _Part(sentence("Earned", locale), theme.ORANGE, "black", lambda bucket: bucket.earned),
    )
    room = band * 0.78, (ticks.high - ticks.low) * _LOWEST / theme.HEIGHT
    bars = [
        {**bar, "place": place, "period": _days(bucket, locale)}
        for place, bucket in enumerate(buckets)
        for bar in _bars(bucket, parts, figure, room)
    ]
    width = int(max(band * len(buckets), 260))
    base = altair.Chart(theme.data_of(bars), width=width, height=theme.HEIGHT).encode(x=across)
    columns = base.mark_bar().encode(
        y=upwards(ticks, "from"),
        y2="to:Q",
        color=altair.Color(
            "part:N", scale=theme.colors_of({part.name: part.color for part in parts})
        ),
        tooltip=theme.tooltips(
            period=sentence("Period", locale),
            part=sentence("Part", locale),
            figure=sentence("Amount", locale),
            both=sentence("Turnover", locale),
        ),
    )
    figures = base.mark_text(baseline="middle").encode(
        y=upwards(ticks, "middle"), text="shown:N", color=altair.Color("ink:N", scale=None)
    )

    who = _who(rows, book, distributor, locale)
    title = sentence("{who}: earned and owed by period", locale, who=who)
    totals = sentence(
        "Earned {earned}, owed {owed}.",
        locale,
        earned=figure(sum(bucket.earned for bucket in buckets)),
        owed=figure(sum(bucket.owed for bucket in buckets)),
    )
    units = _units(rows, book, of, locale, by_month=by_month)
    return theme.dressed(theme.layered(columns, figures), title, [totals, units])


def _buckets(rows: Sequence[Row], book: Book, *, whole: bool) -> tuple[list[_Bucket], bool]:
    """Return what to draw bars of, and whether different cycles were put together by months."""
    dated = [(*period_days(row, book), row) for row in rows]
    firsts: dict[dt.date, dt.date] = {}
    for first, last, _ in dated:
        firsts[last] = min(firsts.get(last, first), first)
    # Periods that overlap are of different cycles.
    by_month = any(firsts[later] <= earlier for earlier, later in pairwise(sorted(firsts)))

    buckets: dict[dt.date, _Bucket] = {}
    if by_month:
        for month in months_between(min(firsts), max(firsts)):
            buckets[month] = _Bucket(month, month)
    for _, last, row in dated:
        key = last.replace(day=1) if by_month else last
        bucket = buckets.setdefault(key, _Bucket(firsts[last], last))
        bucket.last = max(bucket.last, last)
        turnover = row["collected"] + row["sales"] - row["reversed"] + row["adjusted"]
        bucket.earned += row["commission"]
        if not whole or book[row["distributor"]].parent is None:
            bucket.owed += turnover - row["commission"]
    return [buckets[key] for key in sorted(buckets)], by_month


def _bars(
    bucket: _Bucket,
    parts: Sequence[_Part],
    figure: Callable[[int], str],
    room: tuple[float, float],
) -> Iterable[dict[str, Any]]:
    """Yield the parts of a bar: amounts above zero upon one another, those below zero hanging."""
    widest, least = room
    highest = lowest = 0

    for part in parts:
        amount = part.amount(bucket)
        start = highest if amount >= 0 else lowest
        highest, lowest = max(highest, start + amount), min(lowest, start + amount)
        text = figure(amount)
        fits = theme.pixels_of(text) < widest and abs(amount) >= least
        yield {
            "part": part.name,
            "from": start,
            "to": start + amount,
            "middle": start + amount // 2,
            "figure": text,
            "shown": text if fits else "",
            "ink": part.ink,
            "both": figure(bucket.owed + bucket.earned),
        }


def _days(bucket: _Bucket, locale: str) -> str:
    return f"{date_text(bucket.first, locale)} – {date_text(bucket.last, locale)}"


def _labels(
    buckets: Sequence[_Bucket], band: float, locale: str, *, by_month: bool
) -> dict[int, list[str]]:
    """Return the labels below the bars: the months, or else the days on which periods end."""
    are_months = by_month or all(
        (bucket.last + dt.timedelta(days=1)).day == 1 and bucket.last.month == bucket.first.month
        for bucket in buckets
    )
    write = month_name if are_months else day_text
    texts = [write(bucket.last, locale) for bucket in buckets]
    every = -(-int(max(map(theme.pixels_of, texts)) + 8) // max(int(band), 1))

    labels: dict[int, list[str]] = {}
    year = None
    for place in range(0, len(buckets), every):
        last, text = buckets[place].last, texts[place]
        labels[place] = [text] if last.year == year else [text, year_text(last, locale)]
        year = last.year
    return labels


def _who(rows: Sequence[Row], book: Book, distributor: str | None, locale: str) -> str:
    ids = {row["distributor"] for row in rows}
    if distributor is None and len(ids) > 1:
        return sentence("{count} distributors", locale, count=len(ids))
    return book[next(iter(ids))].name


def _units(
    rows: Sequence[Row], book: Book, currency: Currency, locale: str, *, by_month: bool
) -> str:
    zones = {book[row["distributor"]].cycle.zone for row in rows}

    if by_month:
        return sentence(
            "Amounts in {currency}; "
            "billing periods of different lengths, by the month in which they end",
            locale,
            currency=currency.code,
        )
    if len(zones) == 1:
        return units_and_zone(currency, zones.pop(), locale)
    return sentence(
        "Amounts in {currency}; days in each distributor's time zone",
        locale,
        currency=currency.code,
    )
