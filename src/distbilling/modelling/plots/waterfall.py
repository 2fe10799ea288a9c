"""The chart of a statement: the steps from its opening to its closing balance."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, SupportsIndex

import altair

from distbilling.documents.amounts import AMOUNTS
from distbilling.errors import InvalidType
from distbilling.language.catalogue import sentence
from distbilling.language.formats import date_text
from distbilling.modelling.book.book import Book
from distbilling.modelling.plots.drawing import theme
from distbilling.modelling.plots.drawing.axes import Ticks, bands, money_along
from distbilling.modelling.plots.drawing.lines import upwards
from distbilling.modelling.plots.drawing.rows import (
    WHOLE_UNITS,
    Row,
    member,
    microseconds,
    money,
    position,
)
from distbilling.money import Money
from distbilling.periods import BillingPeriod
from distbilling.periods.period import period_between
from distbilling.rules.ledger.statement import Statement
from distbilling.rules.parties import Distributor

__all__ = ["statement_waterfall"]

_NAMES: Final = tuple(amount.name for amount in AMOUNTS)
_NARROWEST: Final = 62


def statement_waterfall(
    statement: Statement | Row, book: Book | None = None, *, locale: str = "en"
) -> altair.LayerChart:
    """Draw a statement from opening to closing balance: what added to the debt, what lowered it.

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
    if isinstance(statement, Statement):
        distributor, period = statement.distributor, statement.period
        amounts: dict[str, Money] = {name: getattr(statement, name) for name in _NAMES}
    else:
        distributor, period, amounts = _of_row(statement, book)

    bars = list(_bars(amounts, Money.zero(distributor.currency), locale))
    ends = (bar[end] for bar in bars for end in ("low", "high"))
    ticks = money_along(ends, distributor.currency, locale)
    words = (word for bar in bars for word in (bar["figure"], *bar["name"].split()))
    band = max(
        _NARROWEST, int(max(map(theme.pixels_of, words))) + 14, min(110, theme.WIDTH // len(bars))
    )

    title = sentence("{name}: from opening to closing balance", locale, name=distributor.name)
    dates = sentence(
        "{first} – {last} (time zone {zone})",
        locale,
        first=date_text(period.first_day, locale),
        last=date_text(period.last_day, locale),
        zone=period.zone,
    )
    units = sentence("Amounts in {currency}", locale, currency=distributor.currency.code)
    width = max(band * len(bars), 420)
    return theme.dressed(_chart(bars, ticks, band, locale), title, [dates, units], width=width)


def _chart(
    bars: Sequence[dict[str, Any]], ticks: Ticks, band: int, locale: str
) -> altair.LayerChart:
    colors = dict(
        zip(_directions(locale), (theme.BLUE, theme.VERMILLION, theme.GREEN), strict=True)
    )
    present = {bar["direction"] for bar in bars}
    scale = theme.colors_of({name: color for name, color in colors.items() if name in present})
    labels = {bar["place"]: _in_lines(bar["name"], band) for bar in bars}
    across = bands(labels, padding=0.3, labelPadding=8, domain=False)

    base = altair.Chart(theme.data_of(bars), width=band * len(bars), height=theme.HEIGHT).encode(
        x=across
    )
    columns = base.mark_bar(strokeWidth=1).encode(
        y=upwards(ticks, "from"),
        y2="to:Q",
        color=altair.Color("direction:N", scale=scale),
        stroke=altair.Stroke("direction:N", scale=scale),
        tooltip=theme.tooltips(
            name=sentence("Step", locale),
            figure=sentence("Amount", locale),
            after=sentence("Owed after it", locale),
        ),
    )
    connectors = (
        base.transform_filter("datum.next > datum.place")
        .mark_rule(color=theme.GREY, strokeWidth=1)
        .encode(
            x=across.bandPosition(1),
            x2=altair.X2("next:O", bandPosition=0),
            y=upwards(ticks, "to"),
        )
    )
    figures = base.mark_text(baseline="bottom", dy=-5).encode(
        y=upwards(ticks, "high"), text="figure:N"
    )
    zero = (
        altair.Chart(theme.data_of([{"y": 0}]))
        .mark_rule(color="#888888")
        .encode(y=upwards(ticks, "y"))
    )
    return theme.layered(connectors, columns, zero, figures)


def _of_row(row: Row, book: Book | None) -> tuple[Distributor, BillingPeriod, dict[str, Money]]:
    columns = ("distributor", "period_start", "period_end", *_NAMES)
    if not hasattr(row, "keys") or not set(columns) <= set(row.keys()):
        accepted = f"a Statement, or one row of statements with {', '.join(columns)}"
        raise InvalidType("statement", row, accepted)
    if book is None:
        raise InvalidType("book", book, "the Book of the statements, beside one row of them")

    distributor = member(book, row["distributor"])
    start, end = microseconds(row["period_start"]), microseconds(row["period_end"])
    amounts = {name: money(_minor_units(name, row[name]), distributor.currency) for name in _NAMES}
    return distributor, period_between(distributor.cycle.zone, start, end), amounts


def _minor_units(name: str, value: object) -> int:
    """Return a whole number, as frames of any kind hold it, as ours."""
    if not isinstance(value, SupportsIndex):
        raise InvalidType(name, value, WHOLE_UNITS)
    return operator.index(value)


def _bars(amounts: Mapping[str, Money], nothing: Money, locale: str) -> Iterator[dict[str, Any]]:
    """Yield a bar for each balance, and for each amount between the two that is not zero."""
    balances = (AMOUNTS[0], AMOUNTS[-1])
    balance, up, down = _directions(locale)
    shown = [each for each in AMOUNTS if each in balances or not amounts[each.name].is_zero]
    level = nothing

    for place, amount in enumerate(shown):
        if amount in balances:
            start, end, direction = nothing, amounts[amount.name], balance
        else:
            change = amounts[amount.name]
            start, end = level, level - change if amount.sign < 0 else level + change
            direction = up if end > start else down
        level = end
        figure = (end - start).format(locale, exact=True)
        yield {
            "place": place,
            "next": min(place + 1, len(shown) - 1),
            "name": amount.label(locale),
            "direction": direction,
            "from": position(start),
            "to": position(end),
            "low": position(min(start, end)),
            "high": position(max(start, end)),
            "figure": f"+{figure}" if direction == up else figure,
            "after": end.format(locale, exact=True),
        }


def _directions(locale: str) -> tuple[str, str, str]:
    """Return what the legend says of balances, of steps up and of steps down."""
    return (
        sentence("what is owed", locale),
        sentence("adds to what is owed", locale),
        sentence("takes from what is owed", locale),
    )


def _in_lines(name: str, band: int) -> list[str]:
    lines = [""]
    for word in name.split():
        joined = f"{lines[-1]} {word}".strip()
        if theme.pixels_of(joined) <= band or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines
