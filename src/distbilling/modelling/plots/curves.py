"""The chart of schedules: what each of them pays on how much."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import Final

import altair
import attrs

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.modelling.plots.drawing import theme
from distbilling.modelling.plots.drawing.axes import money_along, money_axis
from distbilling.modelling.plots.drawing.lines import Label, beside, upwards
from distbilling.modelling.plots.drawing.rows import figure_text, position
from distbilling.money import Money, Percent
from distbilling.rules.agreement.measure import Measure
from distbilling.rules.agreement.schedule import Brackets, Schedule, check_schedule
from distbilling.rules.agreement.schedule_parts import money_in
from distbilling.rules.chain.pieces import Piece, limited, pieces_of

__all__ = ["schedule_curves"]

_DASHES: Final = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [12, 3], [4, 2, 1, 2], [1, 3])
_WHOLE_AMOUNT: Final = Piece(Fraction(0), Fraction(1), Fraction(0))
_PARTS: Final = 8
"""Each piece can be pointed at in so many places."""


def schedule_curves(
    schedules: Mapping[str, Schedule], up_to: Money, *, locale: str = "en"
) -> altair.LayerChart:
    """Draw what schedules pay on an operation, before rounding, from nothing up to an amount.

    None pays more than the amount. Brackets by the period's volume, slice by slice, are drawn over
    that volume, beside percentages or other such brackets.

    Raises:
        InvalidType: the schedules are no mapping, one of them is no schedule, or ``up_to`` is no
            Money.
        InvalidValue: there are none, or more than seven; one of them looks at more than the amount;
            ``up_to`` is not above zero; or Babel has no such locale.
        CurrencyMismatch: a schedule is in another currency than ``up_to``.

    Source: rulebook R13, R14, R43.

    >>> from distbilling import FlatFee, Money, Percent
    >>> from distbilling.modelling.plots import svg
    >>> schedules = {"a tenth": Percent("10"), "a fee": FlatFee(Money("2.50", "USD"))}
    >>> chart = schedule_curves(schedules, Money("50.00", "USD"))
    >>> "a tenth" in svg(chart)
    True
    """
    _check(schedules, up_to)
    by_volume = any(_is_by_volume(schedule) for schedule in schedules.values())
    curves = {
        name: _curve(name, schedule, up_to, by_volume=by_volume)
        for name, schedule in schedules.items()
    }
    currency = up_to.currency
    figure = partial(figure_text, currency=currency, locale=locale)
    rows = [
        {
            "name": name,
            "amount": amount,
            "earned": earned,
            "piece": piece,
            "on": figure(amount),
            "figure": figure(earned),
        }
        for name, points in curves.items()
        for piece, amount, earned in points
    ]

    measure = (
        sentence("Volume of the period", locale)
        if by_volume
        else sentence("Amount of an operation", locale)
    )
    most = position(up_to)
    x = altair.X(
        "amount:Q",
        scale=altair.Scale(domain=[0, most], nice=False),
        axis=money_axis(money_along([most], currency, locale), title=measure, grid=False),
    )
    ticks = money_along(
        [earned for points in curves.values() for *_, earned in points], currency, locale
    )
    colors = dict(zip(curves, theme.CYCLE, strict=False))
    color = altair.Color("name:N", legend=None, scale=theme.colors_of(colors))
    dashes = altair.Scale(domain=list(curves), range=list(_DASHES[: len(curves)]))
    base = altair.Chart(theme.data_of(rows), width=theme.WIDTH, height=theme.HEIGHT).encode(
        x=x, y=upwards(ticks, "earned"), color=color
    )
    lines = base.mark_line(strokeWidth=2).encode(
        strokeDash=altair.StrokeDash("name:N", legend=None, scale=dashes),
        detail=["name:N", "piece:O"],
    )
    dots = base.mark_point(opacity=0, size=60).encode(
        tooltip=theme.tooltips(
            name=sentence("Schedule", locale), on=measure, figure=sentence("Earned", locale)
        )
    )

    labels = [Label(points[-1][-1], name, colors[name]) for name, points in curves.items()]
    title = sentence("What each schedule pays", locale)
    units = sentence("Amounts in {currency}", locale, currency=currency.code)
    rounding = sentence("before rounding", locale)
    chart = theme.layered(lines, dots, beside(labels, ticks), independent=["color"])
    return theme.dressed(chart, title, [f"{units}; {rounding}"])


def _check(schedules: Mapping[str, Schedule], up_to: Money) -> None:
    if not isinstance(schedules, Mapping):
        raise InvalidType("schedules", schedules, "a mapping of names to schedules")
    if not 1 <= len(schedules) <= len(theme.CYCLE):
        accepted = f"1 to {len(theme.CYCLE)} schedules, so that they can be told apart"
        raise InvalidValue("schedules", len(schedules), accepted)
    if type(up_to) is not Money:
        raise InvalidType("up_to", up_to, "Money, like Money('100.00', 'USD')")
    if not up_to.is_positive:
        raise InvalidValue("up_to", up_to, "an amount above zero")
    for name, schedule in schedules.items():
        check_schedule(name, schedule)
        for amount in money_in(schedule):
            if amount.currency != up_to.currency:
                raise CurrencyMismatch(up_to.currency.code, amount.currency.code)


def _is_by_volume(schedule: Schedule) -> bool:
    return isinstance(schedule, Brackets) and schedule.measure.by_period


def _curve(
    name: str, schedule: Schedule, up_to: Money, *, by_volume: bool
) -> list[tuple[int, int, int]]:
    """Return the points of each piece: its number, an amount and what is earned on it.

    Both are in whole minor units.
    """
    pieces = pieces_of(schedule)
    if isinstance(schedule, Brackets) and _is_by_volume(schedule) and schedule.tiering.by_slices:
        pieces = pieces_of(attrs.evolve(schedule, measure=Measure.OPERATION))
    elif by_volume and not isinstance(schedule, Percent):
        pieces = None
    if pieces is None:
        accepted = (
            "schedules of the amount of an operation alone; "
            "or percentages and brackets, slice by slice, of the volume"
        )
        raise InvalidValue("schedules", name, accepted)

    most = Fraction(up_to.amount)
    paid = [piece for piece in limited(pieces, _WHOLE_AMOUNT, min) if piece.start < most]
    ends = [*(piece.start for piece in paid[1:]), most]
    unit = 10 ** (up_to.currency.digits or 0)
    return [
        (number, round(amount * unit), round(piece.at(amount) * unit))
        for number, (piece, end) in enumerate(zip(paid, ends, strict=True))
        for amount in (
            piece.start + (end - piece.start) * part / _PARTS for part in range(_PARTS + 1)
        )
    ]
