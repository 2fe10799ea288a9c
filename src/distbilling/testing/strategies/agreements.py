"""Strategies of terms with schedules, dated rates and every policy."""

from __future__ import annotations

import datetime as dt
from typing import Final

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from distbilling.money import Currency, Money, Percent, RoundingMethod
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.schedule import Bracket, Brackets, ByAge, Schedule, Stage
from distbilling.rules.agreement.terms import (
    CommissionKind,
    Margin,
    Netting,
    Rate,
    Remainder,
    Terms,
)
from distbilling.testing.strategies.schedules import schedules
from distbilling.testing.strategies.values import made_once, money, percents, zones

__all__ = ["BATCH", "PRODUCT", "agreements", "agreements_below"]

PRODUCT: Final = "SIP line"
"""The product for which terms may have a rate of their own."""
BATCH: Final = "spring lot"
"""The batch for which terms may have a rate of their own."""
_MOST_MONTHS: Final = 4


@made_once
def agreements(currency: Currency | str, *, by_hand: bool = False) -> SearchStrategy[Terms]:
    """Return terms of every kind in one currency.

    ``by_hand`` leaves out what takes a clerk more than a sheet of paper.

    >>> from hypothesis import given
    >>> @given(terms=agreements("USD"))
    ... def test_our_store_gives_terms_back_as_they_were(terms): ...
    """
    if by_hand:
        return _terms(
            _simple_schedules(currency),
            _bases(),
            margins=[Margin.DIFFERENCE_OF_RATES],
            rates=st.just(()),
        )
    every = percents() | schedules(currency, 1)
    return _terms(every, _bases(), margins=list(Margin), rates=_rates(every))


@st.composite
def agreements_below(draw: st.DrawFn, parent: Terms, *, by_hand: bool = False) -> Terms:
    """Return terms of a subdistributor whose rates are nowhere above its parent's.

    >>> from hypothesis import given
    >>> @given(terms=agreements_below(Terms(Percent("15"), Percent("10"))))
    ... def test_our_form_accepts_a_subdistributor(terms): ...
    """
    sales, payments = (
        draw(_below(schedule) if isinstance(schedule, Percent) else st.just(schedule))
        for schedule in (parent.sales_commission, parent.payment_commission)
    )
    return attrs.evolve(
        parent,
        sales_commission=sales,
        payment_commission=payments,
        rounding=draw(st.sampled_from(RoundingMethod)),
        netting=draw(st.sampled_from(Netting)),
        margin=Margin.DIFFERENCE_OF_RATES if by_hand else draw(st.sampled_from(Margin)),
        basis=draw(st.sampled_from(_within(parent.basis))),
    )


def _within(basis: Basis) -> list[Basis]:
    """Return the bases that take in no more of an amount than this one."""
    taxes = [basis.tax, TaxBasis.NET_OF_TAX]
    return [
        Basis(tax, discount)
        for tax in taxes
        for discount in (basis.discount, DiscountBasis.AFTER_DISCOUNT)
    ]


def _below(rate: Percent) -> SearchStrategy[Percent]:
    return percents().map(lambda share: Percent(min(share.value, rate.value)))


def _terms(
    schedule: SearchStrategy[Schedule],
    bases: SearchStrategy[Basis],
    *,
    margins: list[Margin],
    rates: SearchStrategy[tuple[Rate, ...]],
) -> SearchStrategy[Terms]:
    remainders = list(Remainder) if len(margins) > 1 else [Remainder.EACH_LEVEL_ROUNDED]
    return st.builds(
        Terms,
        schedule,
        schedule,
        st.sampled_from(RoundingMethod),
        rates,
        zones(),
        st.sampled_from(Netting),
        bases,
        st.sampled_from(margins),
        st.sampled_from(remainders),
    )


@made_once
def _bases() -> SearchStrategy[Basis]:
    usual = st.just(Basis())
    return st.one_of(
        usual, usual, st.builds(Basis, st.sampled_from(TaxBasis), st.sampled_from(DiscountBasis))
    )


@made_once
def _simple_schedules(currency: Currency | str) -> SearchStrategy[Schedule]:
    """Return percentages, two marginal brackets by the period's volume, and two stages by age."""
    return st.one_of(percents(), percents(), _two_brackets(currency), _two_stages())


@st.composite
def _two_brackets(draw: st.DrawFn, currency: Currency | str) -> Brackets:
    bound = draw(money(currency, min_value=1, max_value=500))
    return Brackets(
        (
            Bracket(Money.zero(bound.currency), bound, draw(percents())),
            Bracket(bound, None, draw(percents())),
        )
    )


@st.composite
def _two_stages(draw: st.DrawFn) -> ByAge:
    return ByAge(
        (Stage(draw(st.integers(1, _MOST_MONTHS)), draw(percents())), Stage(None, draw(percents())))
    )


@st.composite
def _rates(draw: st.DrawFn, schedule: SearchStrategy[Schedule]) -> tuple[Rate, ...]:
    """Return no rates often, else those of a product, a batch, or from a date on."""
    named: list[tuple[str | None, str | None]] = draw(
        st.sampled_from(
            [
                [],
                [],
                [(PRODUCT, None)],
                [(None, BATCH)],
                [(PRODUCT, None), (None, BATCH), (None, None)],
            ]
        )
    )
    made: list[Rate] = []

    for product, batch in named:
        kind = draw(st.sampled_from(CommissionKind))
        day = dt.date(2026, draw(st.integers(1, 12)), 1)
        made.append(Rate(kind, draw(schedule), product, batch, since=day))
        if product is not None:
            made.append(Rate(kind, draw(schedule), product, until=day))

    return tuple(made)
