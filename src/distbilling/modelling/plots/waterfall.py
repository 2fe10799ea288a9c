"""How did a statement come from its opening to its closing balance? As steps, up and down."""

from __future__ import annotations

import datetime as dt
import operator
from typing import Any, Final, SupportsIndex

import altair

from distbilling.errors import InvalidType
from distbilling.language.catalogue import sentence
from distbilling.language.formats import date_text
from distbilling.modelling.book.book import Book
from distbilling.modelling.plots.drawing.axes import Ticks, labels_of, money_along, money_axis
from distbilling.modelling.plots.drawing.rows import Row, member, microseconds, money, position
from distbilling.modelling.plots.drawing.theme import (
    BLUE,
    GREEN,
    GREY,
    HEIGHT,
    VERMILLION,
    WIDTH,
    data_of,
    dressed,
    layered,
    pixels_of,
)
from distbilling.money import Money
from distbilling.periods import BillingPeriod
from distbilling.periods.period import period_between
from distbilling.rules.ledger.statement import FIGURES, Statement
from distbilling.rules.parties import Distributor

__all__ = ["statement_waterfall"]

_STEPS: Final = FIGURES[1:-1]
_DOWNWARDS: Final = frozenset({"reversed", "commission", "remitted"})
_NARROWEST: Final = 62


def statement_waterfall(
    statement: Statement | Row, book: Book | None = None, *, locale: str = "en"
) -> altair.LayerChart:
    """Draw a statement from opening to closing balance: what added to the debt, and what took from it.

    The statement is the scalar rules' own, or one row of the frame of statements, as a mapping,
    with the book beside it. Steps of zero are left out. Days are those of the billing zone.

    Raises:
        InvalidType: it is neither, or the book is missing or none.
        InvalidValue: its distributor is not in the book, or Babel has no such locale.

    Source: rulebook R39, R43.

    >>> from distbilling import CreditTerms, Currency, Distributor, Percent, Terms, Unlimited
    >>> from distbilling.modelling.plots import svg
    >>> from distbilling.periods import Monthly
    >>> from distbilling.rules.ledger.statement import Extract, statement_of
    >>> import pendulum
    >>> march = Monthly("America/New_York").period_at(pendulum.datetime(2026, 3, 15))
    >>> hudson = Distributor(
    ...     "hudson", "Hudson Phones", Currency("USD"), Terms(Percent("15"), Percent("10")),
    ...     CreditTerms(Unlimited()), Monthly("America/New_York"), march.start,
    ... )
    >>> chart = statement_waterfall(statement_of(hudson, march, Extract(Money("8.50", "USD"), ())))
    >>> "$8.50" in svg(chart)
    True
    """
    read = _of_value(statement) if isinstance(statement, Statement) else _of_row(statement, book)
    distributor, period, amounts = read
    names = _names(locale)
    bars: list[dict[str, Any]] = []
    nothing = level = Money.zero(distributor.currency)
    for key, amount in amounts:
        if key in {"opening", "closing"}:
            level = amount
            bars.append(_bar(names[key], "total", nothing, level, locale))
        elif not amount.is_zero:
            change = -amount if key in _DOWNWARDS else amount
            before, level = level, level + change
            bars.append(
                _bar(names[key], "up" if change.is_positive else "down", before, level, locale)
            )
    for place, bar in enumerate(bars):
        bar["place"], bar["next"] = place, min(place + 1, len(bars) - 1)
    ticks = money_along(
        (bar[end] for bar in bars for end in ("low", "high")), distributor.currency, locale
    )
    return _drawn(bars, ticks, distributor, period, locale)


def _drawn(
    bars: list[dict[str, Any]],
    ticks: Ticks,
    distributor: Distributor,
    period: BillingPeriod,
    locale: str,
) -> altair.LayerChart:
    widest = max(pixels_of(text) for bar in bars for text in (bar["figure"], *bar["name"].split()))
    band = max(_NARROWEST, int(widest) + 14, min(110, WIDTH // len(bars)))
    labels = {bar["place"]: _in_lines(bar["name"], band) for bar in bars}
    kinds = {
        "total": (sentence("what is owed", locale), BLUE),
        "up": (sentence("adds to what is owed", locale), VERMILLION),
        "down": (sentence("takes from what is owed", locale), GREEN),
    }
    shown = [kinds[kind] for kind in kinds if any(bar["kind"] == kind for bar in bars)]
    for bar in bars:
        bar["says"] = kinds[bar["kind"]][0]
    across = altair.X(
        "place:O",
        title=None,
        sort=None,
        scale=altair.Scale(paddingInner=0.3, paddingOuter=0.15),
        axis=altair.Axis(
            labelExpr=labels_of(labels), labelAngle=0, ticks=False, labelPadding=8, domain=False
        ),
    )
    scale = altair.Scale(domain=[ticks.low, ticks.high], nice=False)
    base = altair.Chart(data_of(bars), width=band * len(bars), height=HEIGHT).encode(x=across)
    colors = altair.Scale(domain=[says for says, _ in shown], range=[color for _, color in shown])
    columns = base.mark_bar(strokeWidth=1).encode(
        y=altair.Y("from:Q", scale=scale, axis=money_axis(ticks)),
        y2="to:Q",
        color=altair.Color("says:N", scale=colors),
        stroke=altair.Stroke("says:N", scale=colors),
        tooltip=[
            altair.Tooltip("name:N", title=sentence("Step", locale)),
            altair.Tooltip("figure:N", title=sentence("Amount", locale)),
            altair.Tooltip("after:N", title=sentence("Owed after it", locale)),
        ],
    )
    connectors = (
        base.transform_filter("datum.next > datum.place")
        .mark_rule(color=GREY, strokeWidth=1)
        .encode(
            x=across.bandPosition(1),
            x2=altair.X2("next:O", bandPosition=0),
            y=altair.Y("to:Q", scale=scale),
        )
    )
    figures = base.mark_text(baseline="bottom", dy=-5).encode(
        y=altair.Y("high:Q", scale=scale), text="figure:N"
    )
    zero = (
        altair.Chart(data_of([{"y": 0}]))
        .mark_rule(color="#888888")
        .encode(y=altair.Y("y:Q", scale=scale))
    )
    title = sentence("{name}: from opening to closing balance", locale, name=distributor.name)
    dates = sentence(
        "{first} – {last} (time zone {zone})",
        locale,
        first=date_text(period.first_day, locale),
        last=date_text(period.last_day, locale),
        zone=period.zone,
    )
    amounts = sentence("Amounts in {currency}", locale, currency=distributor.currency.code)
    chart = layered(connectors, columns, zero, figures)
    return dressed(chart, title, [dates, amounts], width=max(band * len(bars), 420))


def _of_value(statement: Statement) -> tuple[Distributor, BillingPeriod, list[tuple[str, Money]]]:
    amounts: list[tuple[str, Money]] = [
        (name, getattr(statement, name)) for name in ("opening", *_STEPS, "closing")
    ]
    return statement.distributor, statement.period, amounts


def _of_row(
    row: Row, book: Book | None
) -> tuple[Distributor, BillingPeriod, list[tuple[str, Money]]]:
    wanted = ("distributor", "period_start", "period_end", "opening", *_STEPS, "closing")
    if not hasattr(row, "keys") or not set(wanted) <= set(row.keys()):
        raise InvalidType(
            "statement", row, f"a Statement, or one row of statements with {', '.join(wanted)}"
        )
    if book is None:
        raise InvalidType("book", book, "the Book of the statements, beside one row of them")
    distributor = member(book, row["distributor"])
    bounds: list[dt.datetime | int] = [row["period_start"], row["period_end"]]
    period = period_between(distributor.cycle.zone, *map(microseconds, bounds))
    names = ("opening", *_STEPS, "closing")
    amounts = [(name, money(_minor_units(name, row[name]), distributor.currency)) for name in names]
    return distributor, period, amounts


def _minor_units(name: str, value: object) -> int:
    """Return a whole number, as frames of any kind hold it, as ours."""
    if not isinstance(value, SupportsIndex):
        raise InvalidType(name, value, "whole minor units in 64 bits (a float is never exact)")
    return operator.index(value)


def _bar(name: str, kind: str, start: Money, end: Money, locale: str) -> dict[str, Any]:
    figure = (end - start).format(locale, exact=True)
    return {
        "name": name,
        "kind": kind,
        "from": position(start),
        "to": position(end),
        "low": position(min(start, end)),
        "high": position(max(start, end)),
        "figure": f"+{figure}" if kind == "up" else figure,
        "after": end.format(locale, exact=True),
    }


def _names(locale: str) -> dict[str, str]:
    return {
        "opening": sentence("Opening balance", locale),
        "brought_forward": sentence("Brought forward", locale),
        "collected": sentence("Collected", locale),
        "sales": sentence("Sales", locale),
        "reversed": sentence("Reversed", locale),
        "adjusted": sentence("Corrected", locale),
        "commission": sentence("Commission", locale),
        "remitted": sentence("Remitted", locale),
        "closing": sentence("Closing balance", locale),
    }


def _in_lines(name: str, band: int) -> list[str]:
    lines = [""]
    for word in name.split():
        joined = f"{lines[-1]} {word}".strip()
        if pixels_of(joined) <= band or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines
