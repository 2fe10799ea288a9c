"""Which schedule costs how much, and who gains by it? What each one pays in all, and what share of its turnover each earns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import altair
import attrs

from distbilling.documents.columns import wrapped
from distbilling.errors import InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.modelling.book.book import Book
from distbilling.modelling.plots.drawing.axes import (
    labels_of,
    money_along,
    share_text,
    shares_along,
)
from distbilling.modelling.plots.drawing.rows import Row, member, money, of_one_currency, rows_of
from distbilling.modelling.plots.drawing.theme import (
    BLUE,
    GREY,
    SKY,
    VERMILLION,
    data_of,
    dressed,
    layered,
    pixels_of,
)
from distbilling.money import Currency

__all__ = ["schedule_comparison"]

_COLUMNS: Final = ("distributor", "schedule", "earned", "turnover", "currency?")
_TOTALS_WIDTH: Final = 250
_SPREAD_WIDTH: Final = 280
_ROW: Final = 46
_NAME_CELLS: Final = 26
_HEADING: Final = 16
_FEW: Final = 8
"""Fewer distributors than this are drawn one by one."""
_BASIS_POINTS: Final = 10_000
_RANKS: Final = {"p05": 5, "p25": 25, "p50": 50, "p75": 75, "p95": 95}
_ROWS: Final = altair.Scale(paddingInner=0.42, paddingOuter=0.21)
_LINES: Final = altair.Y("place:O", axis=None, scale=_ROWS)


@attrs.define
class _Outcome:
    """What a schedule pays each distributor, and on which turnover."""

    earned: dict[str, int] = attrs.field(factory=dict[str, int])
    turnover: dict[str, int] = attrs.field(factory=dict[str, int])

    @property
    def total(self) -> int:
        return sum(self.earned.values())

    def shares(self) -> list[int]:
        """Return what each distributor earns of its turnover, to the nearest hundredth of a percent, the least first."""
        return sorted(
            (2 * self.earned[one] * _BASIS_POINTS + turnover) // (2 * turnover)
            for one, turnover in self.turnover.items()
            if turnover > 0
        )


def schedule_comparison(
    sweep: object,
    book: Book,
    *,
    baseline: str | None = None,
    currency: Currency | str | None = None,
    locale: str = "en",
) -> altair.HConcatChart:
    """Draw what each schedule of a sweep pays in all, and how the share of turnover that is earned spreads over distributors.

    The box holds the middle half of the distributors, its line is the median, the whiskers leave a
    twentieth out at either end; fewer than eight are drawn one by one. ``baseline`` is the schedule
    to compare with: beside each other one stands how many distributors would earn more, and how
    many less.

    Raises:
        InvalidType: the sweep is no frame, the book is none, or an amount is a float.
        InvalidValue: a distributor is not in the book, several currencies are given and none is
            named, the baseline is not among the schedules, or Babel has no such locale.

    Source: rulebook R13, R14, R43.

    >>> from distbilling.modelling.plots import svg
    >>> from distbilling.testing.stage import distributor
    >>> import polars
    >>> swept = polars.DataFrame({
    ...     "distributor": ["hudson"] * 2, "schedule": ["10 %", "12 %"], "earned": [1000, 1200], "turnover": [10000] * 2,
    ... })
    >>> "$12.00" in svg(schedule_comparison(swept, Book.of(distributor("hudson"))))
    True
    """
    read = rows_of(sweep, "sweep", _COLUMNS)
    named = [
        {**row, "currency": row["currency"] or member(book, row["distributor"]).currency.code}
        for row in read
    ]
    rows, of = of_one_currency(named, currency)
    outcomes = _outcomes(rows)
    if baseline is not None and baseline not in outcomes:
        raise InvalidValue("baseline", baseline, f"one of the schedules: {', '.join(outcomes)}")
    chart = altair.hconcat(
        _totals(outcomes, baseline, of, locale), _spreads(outcomes, baseline, locale), spacing=30
    )
    count = len({row["distributor"] for row in rows})
    title = sentence("Schedules compared", locale)
    subtitle = [
        sentence(
            "Amounts in {currency}; {count} distributors", locale, currency=of.code, count=count
        )
    ]
    if baseline is not None:
        subtitle.append(sentence("Compared with {baseline}", locale, baseline=baseline))
    if count >= _FEW:
        subtitle.append(
            sentence(
                "Box: half of the distributors; thin line: nine of ten; thick line: the median",
                locale,
            )
        )
    return dressed(chart, title, subtitle)


def _outcomes(rows: Sequence[Row]) -> dict[str, _Outcome]:
    found: dict[str, _Outcome] = {}
    for row in rows:
        outcome, one = found.setdefault(row["schedule"], _Outcome()), row["distributor"]
        outcome.earned[one] = outcome.earned.get(one, 0) + row["earned"]
        outcome.turnover[one] = outcome.turnover.get(one, 0) + row["turnover"]
    return dict(sorted(found.items(), key=lambda named: -named[1].total))


def _totals(
    outcomes: Mapping[str, _Outcome], baseline: str | None, currency: Currency, locale: str
) -> altair.LayerChart:
    """Return bars of what each schedule pays in all, the dearest first; the baseline in grey."""
    bars: list[dict[str, Any]] = [
        {
            "place": place,
            "schedule": name,
            "earned": outcome.total,
            "figure": money(outcome.total, currency).format(locale, exact=True),
            "color": GREY if name == baseline else BLUE,
        }
        for place, (name, outcome) in enumerate(outcomes.items())
    ]
    ends = money_along([bar["earned"] for bar in bars], currency, locale)
    room = int(max(pixels_of(bar["figure"]) for bar in bars)) + 10
    labels = {place: wrapped(name, _NAME_CELLS) for place, name in enumerate(outcomes)}
    names = altair.Axis(labelExpr=labels_of(labels), ticks=False, domain=False, labelPadding=8)
    heading = altair.Axis(
        orient="top",
        labels=False,
        ticks=False,
        domain=False,
        grid=False,
        title=sentence("Earned in all", locale),
        titleAnchor="start",
        titlePadding=_HEADING,
    )
    scale = altair.Scale(domain=[ends.low, ends.high], range=[0, _TOTALS_WIDTH - room], nice=False)
    across = altair.X("earned:Q", scale=scale, axis=heading)
    base = altair.Chart(data_of(bars), width=_TOTALS_WIDTH, height=_ROW * len(bars)).encode(
        y=altair.Y("place:O", title=None, axis=names, scale=_ROWS),
        tooltip=[
            altair.Tooltip("schedule:N", title=sentence("Schedule", locale)),
            altair.Tooltip("figure:N", title=sentence("Earned", locale)),
        ],
    )
    columns = base.mark_bar().encode(x=across, color=altair.Color("color:N", scale=None))
    figures = base.mark_text(align="left", baseline="middle", dx=5).encode(
        x=across, text="figure:N"
    )
    return layered(columns, figures)


def _spreads(
    outcomes: Mapping[str, _Outcome], baseline: str | None, locale: str
) -> altair.LayerChart:
    """Return how the share of turnover spreads over distributors: as boxes, or one by one where they are few."""
    shares = [outcome.shares() for outcome in outcomes.values()]
    ticks = shares_along([share for found in shares for share in found], locale)
    axis = altair.Axis(
        orient="top",
        values=list(ticks.labels),
        labelExpr=labels_of(ticks.labels),
        grid=True,
        domain=False,
        ticks=False,
        labelFlush=False,
        title=sentence("Earned of its turnover, by distributor", locale),
        titleAnchor="start",
    )
    scale = altair.Scale(domain=[ticks.low, ticks.high], nice=False, zero=False)

    def across(field: str) -> altair.X:
        return altair.X(f"{field}:Q", scale=scale, axis=axis)

    count = len({one for outcome in outcomes.values() for one in outcome.earned})
    drawn = _one_by_one if count < _FEW else _boxes
    told = [
        {"place": place, "told": _gains(outcome, outcomes[baseline], locale)}
        for place, (name, outcome) in enumerate(outcomes.items())
        if baseline is not None and name != baseline
    ]
    gains = altair.Chart(data_of(told), width=_SPREAD_WIDTH, height=_ROW * len(outcomes))
    beside = gains.mark_text(align="left", baseline="middle", dx=8).encode(
        x=altair.value(_SPREAD_WIDTH), y=_LINES, text="told:N"
    )
    return layered(*drawn(shares, list(outcomes), across, locale), beside)


def _one_by_one(
    shares: Sequence[Sequence[int]],
    names: Sequence[str],
    across: Callable[[str], altair.X],
    locale: str,
) -> list[altair.Chart]:
    points = [
        {"place": place, "schedule": name, "share": share, "said": share_text(share, locale)}
        for place, (name, found) in enumerate(zip(names, shares, strict=True))
        for share in found
    ]
    marks = altair.Chart(data_of(points)).mark_tick(
        color=BLUE, thickness=3, size=_ROW * 0.5, opacity=1
    )
    tooltip = [
        altair.Tooltip("schedule:N", title=sentence("Schedule", locale)),
        altair.Tooltip("said:N", title=sentence("Share", locale)),
    ]
    return [marks.encode(y=_LINES, x=across("share"), tooltip=tooltip)]


def _boxes(
    shares: Sequence[Sequence[int]],
    names: Sequence[str],
    across: Callable[[str], altair.X],
    locale: str,
) -> list[altair.Chart]:
    rows: list[dict[str, Any]] = []
    for place, (name, found) in enumerate(zip(names, shares, strict=True)):
        marks = {key: _ranked(found, percent) for key, percent in _RANKS.items()} if found else {}
        said = {f"{key} said": share_text(share, locale) for key, share in marks.items()}
        rows.append({"place": place, "schedule": name, **marks, **said})
    tooltip = [altair.Tooltip("schedule:N", title=sentence("Schedule", locale))]
    for key, rank in _RANKS.items():
        title = sentence("not above it: {share}", locale, share=share_text(rank * 100, locale))
        tooltip.append(altair.Tooltip(f"{key} said:N", title=title))
    base = altair.Chart(data_of(rows)).encode(y=_LINES, tooltip=tooltip)
    whiskers = base.mark_rule(color=BLUE, strokeWidth=1.5)
    boxes = base.mark_bar(color=SKY, stroke=BLUE, size=_ROW * 0.42)
    medians = base.mark_tick(color=VERMILLION, thickness=3, size=_ROW * 0.5, opacity=1)
    return [
        whiskers.encode(x=across("p05"), x2="p95:Q"),
        boxes.encode(x=across("p25"), x2="p75:Q"),
        medians.encode(x=across("p50")),
    ]


def _ranked(found: Sequence[int], percent: int) -> int:
    """Return the value that so many percent of the distributors are not above: one that occurs, never one between."""
    return found[max(-(-len(found) * percent // 100) - 1, 0)]


def _gains(outcome: _Outcome, other: _Outcome, locale: str) -> str:
    changes = [earned - other.earned.get(one, 0) for one, earned in outcome.earned.items()]
    more, less = sum(change > 0 for change in changes), sum(change < 0 for change in changes)
    return sentence("{more} earn more, {less} less", locale, more=more, less=less)
