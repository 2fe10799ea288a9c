"""Complete terms from what a distributor, its class and its provider agreed, with gaps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import (
    AgreedTerms,
    Money,
    Percent,
    RoundingMethod,
    Terms,
    TermsLayer,
    terms_in_force,
)
from distbilling.errors import CurrencyMismatch, InvalidFields, InvalidType, InvalidValue
from distbilling.rules.agreement.basis import Basis, TaxBasis
from distbilling.rules.agreement.schedule import FlatFee
from distbilling.rules.agreement.terms import (
    CommissionKind,
    Margin,
    Netting,
    Rate,
    Remainder,
    TermsLayers,
)
from distbilling.testing.sample_data import usd

BOTH = AgreedTerms(sales_commission=Percent("15"), payment_commission=Percent("10"))
GOLD = Rate(CommissionKind.SALE, Percent("20"), product="Gold")
DATED = Rate(CommissionKind.SALE, Percent("20"), since=dt.date(2026, 3, 1))
STATED: dict[str, st.SearchStrategy[Any]] = {
    "sales_commission": st.sampled_from((Percent("0"), Percent("15"), FlatFee(usd("5")))),
    "payment_commission": st.sampled_from((Percent("0"), Percent("10"))),
    "rounding": st.sampled_from(RoundingMethod),
    "rates": st.sampled_from(((), (GOLD,))),
    "zone": st.sampled_from(("Europe/Zurich", "Asia/Tokyo")),
    "netting": st.sampled_from(Netting),
    "basis": st.sampled_from((Basis(), Basis(TaxBasis.NET_OF_TAX))),
    "margin": st.sampled_from(Margin),
    "remainder": st.sampled_from(Remainder),
}
SIDES = st.builds(AgreedTerms, **{name: st.none() | values for name, values in STATED.items()})


def complete(side: AgreedTerms) -> AgreedTerms:
    """Return what a side states, and commissions where it states none."""
    return attrs.evolve(
        side,
        sales_commission=side.sales_commission or Percent("15"),
        payment_commission=side.payment_commission or Percent("10"),
    )


@given(SIDES, st.none() | SIDES, SIDES.map(complete))
def test_each_field_is_that_of_the_nearest_side_that_states_it(
    distributor, customer_class, provider
):
    terms = terms_in_force(distributor, customer_class, provider)
    for name in STATED.keys() - {"zone"}:
        values = [getattr(side, name) for side in (distributor, customer_class, provider) if side]
        stated = [value for value in values if value is not None]
        default = attrs.fields_dict(Terms)[name].default
        assert getattr(terms, name) == (stated[0] if stated else default)


@given(SIDES.map(complete))
def test_what_a_distributor_agreed_alone_is_what_is_in_force(side):
    terms = terms_in_force(side)
    assert terms.layers == TermsLayers()
    for name in STATED:
        assert getattr(side, name) in {None, getattr(terms, name)}


def test_terms_say_which_side_agreed_on_commissions_and_rates():
    provider = AgreedTerms(
        sales_commission=Percent("12"), payment_commission=Percent("8"), rates=(GOLD,)
    )
    resellers = AgreedTerms(payment_commission=Percent("9"))
    terms = terms_in_force(AgreedTerms(), resellers, provider)
    assert terms.layers == TermsLayers(
        sales_commission=TermsLayer.PROVIDER,
        payment_commission=TermsLayer.CUSTOMER_CLASS,
        rates=TermsLayer.PROVIDER,
    )
    assert terms_in_force(AgreedTerms(rates=()), resellers, provider).rates == ()


def test_rates_come_with_the_zone_of_their_dates():
    tokyo = attrs.evolve(BOTH, zone="Asia/Tokyo")
    new_york = AgreedTerms(rates=(DATED,), zone="America/New_York")
    assert terms_in_force(tokyo, new_york).zone == "America/New_York"
    assert terms_in_force(tokyo, AgreedTerms(rates=(GOLD,))).zone is None
    assert terms_in_force(attrs.evolve(tokyo, rates=()), new_york).zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("sides", "missing"),
    [
        ((AgreedTerms(),), ["sales_commission", "payment_commission"]),
        ((AgreedTerms(sales_commission=Percent("0")),), ["payment_commission"]),
        ((AgreedTerms(), None, AgreedTerms(payment_commission=Percent("0"))), ["sales_commission"]),
    ],
)
def test_what_nobody_agreed_on_is_named_all_of_it_at_once(sides, missing):
    with pytest.raises((InvalidValue, InvalidFields)) as refused:
        terms_in_force(*sides)
    error: Any = refused.value
    problems: Any = getattr(error, "problems", (error,))
    assert [problem.field for problem in problems] == missing
    assert str(problems[0]) == (
        f"{missing[0]}: None is not accepted; give a schedule: "
        "neither the distributor, nor its class, nor the provider agreed on one"
    )


def test_a_side_is_checked_when_it_states_something():
    with pytest.raises(InvalidValue, match="zone"):
        AgreedTerms(rates=(DATED,))
    with pytest.raises(CurrencyMismatch):
        AgreedTerms(
            sales_commission=FlatFee(usd("5")), payment_commission=FlatFee(Money("5", "EUR"))
        )


def test_sides_agree_in_one_currency():
    euros = AgreedTerms(payment_commission=FlatFee(Money("5", "EUR")))
    with pytest.raises(CurrencyMismatch):
        terms_in_force(AgreedTerms(sales_commission=FlatFee(usd("5"))), euros)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_is_no_side_is_refused_by_its_name(place):
    sides: list[Any] = [BOTH, None, None]
    sides[place] = Terms(Percent("15"), Percent("10"))
    with pytest.raises(InvalidType, match=("distributor", "customer_class", "provider")[place]):
        terms_in_force(*sides)
