"""What was earned, and what was owed for it? Period by period, of one distributor or of all together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

import altair
import attrs

from distbilling.language.catalogue import sentence
from distbilling.language.formats import date_text
from distbilling.language.short_dates import day_text, month_name, year_text
from distbilling.modelling.book.book import Book
from distbilling.modelling.plots.drawing.axes import labels_of, money_along, money_axis
from distbilling.modelling.plots.drawing.rows import (
    Row,
    member,
    money,
    of_one_currency,
    period_days,
    rows_of,
)
from distbilling.modelling.plots.drawing.theme import (
    BLUE,
    HEIGHT,
    ORANGE,
    WIDTH,
    data_of,
    dressed,
    layered,
    pixels_of,
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
    first: dt.date
    last: dt.date
    earned: int = 0
    owed: int = 0


def earned_and_owed(
    statements: object,
    book: Book,
    *,
    distributor: str | None = None,
    currency: Currency | str | None = None,
    locale: str = "en",
) -> altair.LayerChart:
    """Draw what was earned and what was owed from the frame of statements: one bar for each period, made of the two.

    Owed is what the period's collections, sales, reversals and corrections left after commission:
    to the provider, so of all distributors together it is what those at the top owe, and earned
    what all levels earned. Remittances play no part. Periods that end on the same day of their
    billing zones are one bar; where cycles differ, those that end in a month.

    Raises:
        InvalidType: the statements are no frame, the book is none, or an amount is a float.
        InvalidValue: the distributor is not in the book or has no statement, several currencies are
            given and none is named, or Babel has no such locale.

    Source: rulebook R7, R8, R16, R39, R43.

    >>> from distbilling.modelling.plots import svg
    >>> from distbilling.testing.stage import distributor
    >>> import polars
    >>> march = {
    ...     "distributor": ["hudson"], "currency": ["USD"], "period_start": [1772341200000000],
    ...     "period_end": [1775016000000000], "collected": [1000], "sales": [0], "reversed": [0], "adjusted": [0],
    ...     "commission": [100],
    ... }
    >>> chart = earned_and_owed(polars.DataFrame(march), Book.of(distributor("hudson")))
    >>> all(figure in svg(chart) for figure in ("$1.00", "$9.00"))
    True
    """
    if distributor is not None:
        member(book, distributor)
    rows, of = of_one_currency(
        rows_of(statements, "statements", _COLUMNS, distributor=distributor), currency
    )
    buckets, by_month = _buckets(rows, book, whole=distributor is None)

    def figure(minor: int) -> str:
        return money(minor, of).format(locale, exact=True)

    parts = [
        (sentence("Owed", locale), BLUE, "white"),
        (sentence("Earned", locale), ORANGE, "black"),
    ]
    band = min(_WIDEST_BAND, WIDTH / len(buckets))
    top = max((max(b.owed, 0) + max(b.earned, 0) for b in buckets), default=0)
    bottom = min(min(b.owed, 0) + min(b.earned, 0) for b in buckets)
    ticks = money_along([bottom, top], of, locale)
    bars = [
        {**bar, "place": place, "period": _days(bucket, locale)}
        for place, bucket in enumerate(buckets)
        for bar in _bars(bucket, parts, figure, (band, (ticks.high - ticks.low) / HEIGHT))
    ]
    labels = _labels(
        [bucket.last for bucket in buckets],
        [bucket.first for bucket in buckets],
        band,
        locale,
        by_month=by_month,
    )
    across = altair.X(
        "place:O",
        title=None,
        sort=None,
        scale=altair.Scale(paddingInner=0.22, paddingOuter=0.11),
        axis=altair.Axis(
            labelExpr=labels_of(labels),
            values=list(labels),
            labelAngle=0,
            ticks=False,
            labelPadding=6,
            labelOverlap=False,
        ),
    )
    scale = altair.Scale(domain=[ticks.low, ticks.high], nice=False)
    base = altair.Chart(
        data_of(bars), width=int(max(band * len(buckets), 260)), height=HEIGHT
    ).encode(x=across)
    columns = base.mark_bar().encode(
        y=altair.Y("from:Q", scale=scale, axis=money_axis(ticks)),
        y2="to:Q",
        color=altair.Color(
            "part:N",
            scale=altair.Scale(
                domain=[name for name, _, _ in parts], range=[color for _, color, _ in parts]
            ),
        ),
        tooltip=[
            altair.Tooltip("period:N", title=sentence("Period", locale)),
            altair.Tooltip("part:N", title=sentence("Part", locale)),
            altair.Tooltip("figure:N", title=sentence("Amount", locale)),
            altair.Tooltip("both:N", title=sentence("Turnover", locale)),
        ],
    )
    figures = base.mark_text(baseline="middle").encode(
        y=altair.Y("middle:Q", scale=scale), text="shown:N", color=altair.Color("ink:N", scale=None)
    )
    who = _who(rows, book, distributor, locale)
    title = sentence("{who}: earned and owed by period", locale, who=who)
    together = sentence(
        "Earned {earned}, owed {owed}.",
        locale,
        earned=figure(sum(bucket.earned for bucket in buckets)),
        owed=figure(sum(bucket.owed for bucket in buckets)),
    )
    return dressed(
        layered(columns, figures),
        title,
        [together, _units(rows, book, of, locale, by_month=by_month)],
    )


def _buckets(rows: Sequence[Row], book: Book, *, whole: bool) -> tuple[list[_Bucket], bool]:
    """Return what to draw bars of, and whether periods of different cycles were put together by months."""
    dated = [(*period_days(row, book), row) for row in rows]
    found: dict[dt.date, _Bucket] = {}
    for first, last, _ in dated:
        bucket = found.setdefault(last, _Bucket(first, last))
        bucket.first = min(bucket.first, first)
    ordered = [found[last] for last in sorted(found)]
    by_month = any(later.first <= earlier.last for earlier, later in pairwise(ordered))
    if by_month:
        found = {}
    for first, last, row in dated:
        key = last.replace(day=1) if by_month else last
        bucket = found.setdefault(key, _Bucket(key if by_month else first, last))
        bucket.last = max(bucket.last, last)
        turnover = row["collected"] + row["sales"] - row["reversed"] + row["adjusted"]
        bucket.earned += row["commission"]
        if not whole or book[row["distributor"]].parent is None:
            bucket.owed += turnover - row["commission"]
    if by_month:
        for month in _months_between(min(found), max(found)):
            found.setdefault(month, _Bucket(month, month))
    return [found[key] for key in sorted(found)], by_month


def _months_between(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    """Yield the first days of the months from one to another, so that none is left out where no period ended."""
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield dt.date(month // 12, month % 12 + 1, 1)


def _bars(
    bucket: _Bucket,
    parts: Sequence[tuple[str, str, str]],
    figure: Callable[[int], str],
    room: tuple[float, float],
) -> Iterable[dict[str, Any]]:
    band, minor_units_of_a_pixel = room
    above = below = 0
    for (part, _, ink), amount in zip(parts, (bucket.owed, bucket.earned), strict=True):
        start = above if amount >= 0 else below
        above, below = max(above, start + amount), min(below, start + amount)
        said = figure(amount)
        fits = pixels_of(said) < band * 0.78 and abs(amount) >= _LOWEST * minor_units_of_a_pixel
        yield {
            "part": part,
            "from": start,
            "to": start + amount,
            "middle": start + amount // 2,
            "figure": said,
            "shown": said if fits else "",
            "ink": ink,
            "both": figure(bucket.owed + bucket.earned),
        }


def _days(bucket: _Bucket, locale: str) -> str:
    return f"{date_text(bucket.first, locale)} – {date_text(bucket.last, locale)}"


def _labels(
    lasts: Sequence[dt.date], firsts: Sequence[dt.date], band: float, locale: str, *, by_month: bool
) -> dict[int, list[str]]:
    """Return the labels below the bars: names of months for periods that are months, else the days on which they end."""
    months = by_month or all(
        (last + dt.timedelta(days=1)).day == 1 and last.month == first.month
        for last, first in zip(lasts, firsts, strict=True)
    )
    written = month_name if months else day_text
    texts = [written(last, locale) for last in lasts]
    every = -(-int(max(map(pixels_of, texts)) + 8) // max(int(band), 1))
    found: dict[int, list[str]] = {}
    year = None
    for place, (last, text) in enumerate(zip(lasts, texts, strict=True)):
        if place % every == 0:
            found[place] = [text] if last.year == year else [text, year_text(last, locale)]
            year = last.year
    return found


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
            "Amounts in {currency}; billing periods of different lengths, by the month in which they end",
            locale,
            currency=currency.code,
        )
    if len(zones) == 1:
        return sentence(
            "Amounts in {currency}; days in the time zone {zone}",
            locale,
            currency=currency.code,
            zone=next(iter(zones)),
        )
    return sentence(
        "Amounts in {currency}; days in each distributor's time zone",
        locale,
        currency=currency.code,
    )
