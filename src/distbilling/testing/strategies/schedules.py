"""Strategies of schedules of every kind, nested, and of circumstances."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from distbilling.money import Currency, Money
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.measure import Measure, Per, Tiering
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
from distbilling.testing.strategies.values import made_once, money, percents

__all__ = ["circumstances", "schedules"]

_MOST_MONTHS: Final = 12


@made_once
def schedules(currency: Currency | str, depth: int = 2) -> SearchStrategy[Schedule]:
    """Return schedules of every kind in one currency, nested so many levels deep.

    >>> from hypothesis import find
    >>> find(schedules("USD"), lambda schedule: isinstance(schedule, FlatFee))
    FlatFee(amount=Money('0.00', 'USD'), per=Per.OPERATION)
    """
    fees = st.builds(
        FlatFee, money(currency, min_value=0, max_value=20, places=3), st.sampled_from(Per)
    )
    simple: SearchStrategy[Schedule] = percents() | fees
    if depth == 0:
        return simple
    inner = schedules(currency, depth - 1)
    sums = st.builds(Sum, st.lists(inner, min_size=1, max_size=3).map(tuple))
    return st.one_of(
        simple, sums, _bounded(currency, inner), _brackets(currency, inner), _by_age(inner)
    )


@st.composite
def circumstances(draw: st.DrawFn, amount: Money) -> Circumstances:
    """Return circumstances that tell all that there is to tell about an amount.

    >>> from hypothesis import find
    >>> find(circumstances(Money("0.00", "USD")), lambda operation: True).items
    1
    """
    whole = abs(amount).amount
    currency = amount.currency
    return Circumstances(
        items=draw(st.integers(1, 9)),
        so_far=draw(money(currency, min_value=0, max_value=3000)),
        months=draw(st.integers(0, 3 * _MOST_MONTHS)),
        tax=draw(money(currency, min_value=0, max_value=whole, places=5)),
        discount=draw(money(currency, min_value=0, max_value=1000)),
    )


@st.composite
def _bounded(draw: st.DrawFn, currency: Currency | str, inner: SearchStrategy[Schedule]) -> Bounded:
    lower, upper = sorted(draw(st.tuples(*(money(currency, min_value=0, max_value=60),) * 2)))
    minimum, cap = draw(st.sampled_from(((lower, upper), (lower, None), (None, upper))))
    return Bounded(draw(inner), minimum, cap)


@st.composite
def _brackets(
    draw: st.DrawFn, currency: Currency | str, inner: SearchStrategy[Schedule]
) -> Brackets:
    bounds = draw(
        st.lists(money(currency, min_value=1, max_value=2000, places=3), max_size=3, unique=True)
    )
    tiering = draw(st.sampled_from(Tiering))
    rates: SearchStrategy[Schedule] = percents() if tiering is Tiering.MARGINAL else inner
    lowers = [Money.zero(currency), *sorted(bounds)]
    made = (
        Bracket(lower, upper, draw(rates))
        for lower, upper in zip(lowers, [*lowers[1:], None], strict=True)
    )
    return Brackets(tuple(made), tiering, draw(st.sampled_from(Measure)))


@st.composite
def _by_age(draw: st.DrawFn, inner: SearchStrategy[Schedule]) -> ByAge:
    months: list[int | None] = [*draw(st.lists(st.integers(1, _MOST_MONTHS), max_size=3)), None]
    return ByAge(tuple(Stage(each, draw(inner)) for each in months))
