"""The chart of a sweep: what each schedule pays in all, and who gains by it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import altair
import attrs

from distbilling.documents.columns import wrapped
from distbilling.errors import InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.modelling.book.book import Book
from distbilling.modelling.plots.drawing import theme
from distbilling.modelling.plots.drawing.axes import (
    labels_of,
    money_along,
    share_text,
    shares_along,
    ticked_axis,
)
from distbilling.modelling.plots.drawing.rows import (
    Row,
    figure_text,
    member,
    of_one_currency,
    rows_of,
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

    earned: Counter[str] = attrs.field(factory=Counter[str])
    turnover: Counter[str] = attrs.field(factory=Counter[str])

    @property
    def total(self) -> int:
        return sum(self.earned.values())

    def shares(self) -> list[int]:
        """Return what each distributor earns of its turnover, the least first.

        They are in hundredths of a percent, to the nearest.
        """
        return sorted(
            (2 * self.earned[distributor] * _BASIS_POINTS + turnover) // (2 * turnover)
            for distributor, turnover in self.turnover.items()
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
    """Draw what each schedule of a sweep pays in all, and what distributors earn of their turnover.

    A box holds the middle half of the distributors, its line is the median, the whiskers leave a
    twentieth out at either end. Fewer than eight distributors are drawn one by one.

    Args:
        sweep: the frame that :func:`distbilling.modelling.sweep` returns.
        book: the distributors.
        baseline: a schedule to compare with: beside each of the others stands how many distributors
            would earn more, and how many less.
        currency: which to draw, if there are several.
        locale: the words and formats to draw in.

    Raises:
        InvalidType: the sweep is no frame, the book is none, or an amount is a float.
        InvalidValue: a distributor is not in the book, several currencies are given and none is
            named, the baseline is not among the schedules, or Babel has no such locale.

    Source: rulebook R13, R14, R43.

    >>> from distbilling.modelling.plots import svg
    >>> from distbilling.testing.sample_data import distributor
    >>> import polars
    >>> swept = polars.DataFrame({
    ...     "distributor": ["hudson"] * 2, "schedule": ["10 %", "12 %"],
    ...     "earned": [1000, 1200], "turnover": [10000] * 2,
    ... })
    >>> "$12.00" in svg(schedule_comparison(swept, Book.of(distributor("hudson"))))
    True
    """
    all_rows = [
        {**row, "currency": row["currency"] or member(book, row["distributor"]).currency.code}
        for row in rows_of(sweep, "sweep", _COLUMNS)
    ]
    rows, of = of_one_currency(all_rows, currency)
    outcomes = _outcomes(rows)
    if baseline is not None and baseline not in outcomes:
        raise InvalidValue("baseline", baseline, f"one of the schedules: {', '.join(outcomes)}")

    charts = _totals(outcomes, baseline, of, locale), _spreads(outcomes, baseline, locale)
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
    return theme.dressed(altair.hconcat(*charts, spacing=30), title, subtitle)


def _outcomes(rows: Sequence[Row]) -> dict[str, _Outcome]:
    outcomes: defaultdict[str, _Outcome] = defaultdict(_Outcome)
    for row in rows:
        outcome = outcomes[row["schedule"]]
        outcome.earned[row["distributor"]] += row["earned"]
        outcome.turnover[row["distributor"]] += row["turnover"]
    return dict(sorted(outcomes.items(), key=lambda named: -named[1].total))


def _totals(
    outcomes: Mapping[str, _Outcome], baseline: str | None, currency: Currency, locale: str
) -> altair.LayerChart:
    """Return bars of what each schedule pays in all, the dearest first; the baseline in grey."""
    bars: list[dict[str, Any]] = [
        {
            "place": place,
            "schedule": name,
            "earned": outcome.total,
            "figure": figure_text(outcome.total, currency, locale),
            "color": theme.GREY if name == baseline else theme.BLUE,
        }
        for place, (name, outcome) in enumerate(outcomes.items())
    ]
    ticks = money_along([bar["earned"] for bar in bars], currency, locale)
    room = int(max(theme.pixels_of(bar["figure"]) for bar in bars)) + 10
    scale = altair.Scale(
        domain=[ticks.low, ticks.high], range=[0, _TOTALS_WIDTH - room], nice=False
    )
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
    across = altair.X("earned:Q", scale=scale, axis=heading)
    base = altair.Chart(theme.data_of(bars), width=_TOTALS_WIDTH, height=_ROW * len(bars)).encode(
        y=altair.Y("place:O", title=None, axis=names, scale=_ROWS),
        tooltip=theme.tooltips(
            schedule=sentence("Schedule", locale), figure=sentence("Earned", locale)
        ),
    )
    columns = base.mark_bar().encode(x=across, color=altair.Color("color:N", scale=None))
    figures = base.mark_text(align="left", baseline="middle", dx=5).encode(
        x=across, text="figure:N"
    )
    return theme.layered(columns, figures)


def _spreads(
    outcomes: Mapping[str, _Outcome], baseline: str | None, locale: str
) -> altair.LayerChart:
    """Return the shares of turnover of distributors: as boxes, or one by one if they are few."""
    shares = {name: outcome.shares() for name, outcome in outcomes.items()}
    ticks = shares_along([share for each in shares.values() for share in each], locale)
    axis = ticked_axis(
        ticks,
        orient="top",
        grid=True,
        domain=False,
        ticks=False,
        title=sentence("Earned of its turnover, by distributor", locale),
        titleAnchor="start",
    )
    scale = altair.Scale(domain=[ticks.low, ticks.high], nice=False, zero=False)

    def across(field: str) -> altair.X:
        return altair.X(f"{field}:Q", scale=scale, axis=axis)

    distributors = {each for outcome in outcomes.values() for each in outcome.earned}
    draw = _one_by_one if len(distributors) < _FEW else _boxes
    rows = [
        {"place": place, "gains": _gains(outcome, outcomes[baseline], locale)}
        for place, (name, outcome) in enumerate(outcomes.items())
        if baseline is not None and name != baseline
    ]
    gains = altair.Chart(theme.data_of(rows), width=_SPREAD_WIDTH, height=_ROW * len(outcomes))
    beside = gains.mark_text(align="left", baseline="middle", dx=8).encode(
        x=altair.value(_SPREAD_WIDTH), y=_LINES, text="gains:N"
    )
    return theme.layered(*draw(shares, across, locale), beside)


def _one_by_one(
    shares: Mapping[str, Sequence[int]], across: Callable[[str], altair.X], locale: str
) -> list[altair.Chart]:
    points = [
        {"place": place, "schedule": name, "share": share, "figure": share_text(share, locale)}
        for place, (name, each) in enumerate(shares.items())
        for share in each
    ]
    marks = altair.Chart(theme.data_of(points)).mark_tick(
        color=theme.BLUE, thickness=3, size=_ROW * 0.5, opacity=1
    )
    tooltip = theme.tooltips(
        schedule=sentence("Schedule", locale), figure=sentence("Share", locale)
    )
    return [marks.encode(y=_LINES, x=across("share"), tooltip=tooltip)]


def _boxes(
    shares: Mapping[str, Sequence[int]], across: Callable[[str], altair.X], locale: str
) -> list[altair.Chart]:
    rows: list[dict[str, Any]] = []
    for place, (name, each) in enumerate(shares.items()):
        marks = {key: _ranked(each, percent) for key, percent in _RANKS.items()} if each else {}
        figures = {f"{key} figure": share_text(share, locale) for key, share in marks.items()}
        rows.append({"place": place, "schedule": name, **marks, **figures})

    titles = {"schedule": sentence("Schedule", locale)}
    for key, rank in _RANKS.items():
        share = share_text(rank * 100, locale)
        titles[f"{key} figure"] = sentence("not above it: {share}", locale, share=share)
    base = altair.Chart(theme.data_of(rows)).encode(y=_LINES, tooltip=theme.tooltips(**titles))
    whiskers = base.mark_rule(color=theme.BLUE, strokeWidth=1.5)
    boxes = base.mark_bar(color=theme.SKY, stroke=theme.BLUE, size=_ROW * 0.42)
    medians = base.mark_tick(color=theme.VERMILLION, thickness=3, size=_ROW * 0.5, opacity=1)
    return [
        whiskers.encode(x=across("p05"), x2="p95:Q"),
        boxes.encode(x=across("p25"), x2="p75:Q"),
        medians.encode(x=across("p50")),
    ]


def _ranked(shares: Sequence[int], percent: int) -> int:
    """Return the share that so many percent of the distributors are not above, one that occurs."""
    return shares[max(-(-len(shares) * percent // 100) - 1, 0)]


def _gains(outcome: _Outcome, baseline: _Outcome, locale: str) -> str:
    changes = [earned - baseline.earned[each] for each, earned in outcome.earned.items()]
    more, less = sum(change > 0 for change in changes), sum(change < 0 for change in changes)
    return sentence("{more} earn more, {less} less", locale, more=more, less=less)
