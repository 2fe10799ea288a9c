"""Rates in force between dates, and terms that contradict themselves, refused all at once."""

from __future__ import annotations

import datetime as dt
import pickle
from itertools import pairwise
from typing import Any

import attrs
import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import Money, Percent, RoundingMethod, Terms
from distbilling.errors import CurrencyMismatch, InvalidFields, InvalidType, InvalidValue
from distbilling.periods import first_instant, utc_instant
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.origin import Origin, RateOrigin
from distbilling.rules.agreement.rates import second_of
from distbilling.rules.agreement.schedule import Bounded, Circumstances, FlatFee
from distbilling.rules.agreement.terms import (
    CommissionKind,
    Margin,
    Netting,
    Rate,
    RateInForce,
    Remainder,
    Subject,
)
from distbilling.rules.commission import commission_under
from distbilling.testing.sample_data import usd
from distbilling.testing.strategies.values import zones

SALE, PAYMENT = CommissionKind.SALE, CommissionKind.PAYMENT
DEFAULTS = {SALE: Percent("15"), PAYMENT: Percent("10")}
ZONE = "America/New_York"
FIRST_DAY = dt.date(2026, 1, 1)
DAYS = st.integers(0, 500).map(lambda days: FIRST_DAY + dt.timedelta(days))
NAMES = (None, "Gold", "Silver")


def terms_with(*rates: Rate, zone: str | None = ZONE) -> Terms:
    return Terms(DEFAULTS[SALE], DEFAULTS[PAYMENT], rates=rates, zone=zone)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def dated(since: str | None, until: str | None, rate: str = "20", **subject: Any) -> Rate:
    kind = subject.pop("kind", SALE)
    first, end = (None if text is None else day(text) for text in (since, until))
    return Rate(kind, Percent(rate), since=first, until=end, **subject)


def problems_of(*rates: Rate, zone: str | None = ZONE) -> list[tuple[str, object, str]]:
    with pytest.raises((InvalidValue, InvalidFields)) as refused:
        terms_with(*rates, zone=zone)
    found = refused.value.problems if isinstance(refused.value, InvalidFields) else (refused.value,)
    return [
        (problem.field, problem.value, problem.accepted)
        for problem in found
        if isinstance(problem, InvalidValue)
    ]


@st.composite
def agreements(draw):
    """Return terms whose rates follow each other for each kind and subject, in any order."""
    rates: list[Rate] = []
    for kind in CommissionKind:
        for product, batch in (
            (None, None),
            ("Gold", None),
            ("Silver", None),
            (None, "Gold"),
            (None, "B1"),
        ):
            bounds = sorted(draw(st.sets(DAYS, max_size=4)))
            spans: list[tuple[dt.date | None, dt.date | None]] = list(pairwise(bounds))
            if bounds and draw(st.booleans()):
                spans.append((bounds[-1], None))
            elif bounds and draw(st.booleans()):
                spans.insert(0, (None, bounds[0]))
            for since, until in spans:
                rate = Percent(draw(st.integers(0, 100)))
                rates.append(Rate(kind, rate, product, batch, since, until))
    return terms_with(*draw(st.permutations(rates)), zone=draw(zones()))


def found_by_hand(
    terms: Terms, kind: CommissionKind, subject: Subject, at: dt.datetime
) -> tuple[Any, RateOrigin]:
    """Look through all rates for each level in turn; dates are compared as instants."""
    assert terms.zone is not None
    levels = (
        (RateOrigin.BATCH, subject.batch is not None, None, subject.batch),
        (RateOrigin.PRODUCT, subject.product is not None, subject.product, None),
        (RateOrigin.DISTRIBUTOR, True, None, None),
    )
    for level, named, product, batch in levels:
        for rate in terms.rates:
            if named and (rate.kind, rate.product, rate.batch) == (kind, product, batch):
                started = rate.since is None or first_instant(terms.zone, rate.since) <= at
                ended = rate.until is not None and first_instant(terms.zone, rate.until) <= at
                if started and not ended:
                    return rate.schedule, level
    default = (
        RateOrigin.DEFAULT_SALES_COMMISSION
        if kind is SALE
        else RateOrigin.DEFAULT_PAYMENT_COMMISSION
    )
    return DEFAULTS[kind], default


@given(
    agreements(),
    st.sampled_from(CommissionKind),
    st.sampled_from(NAMES),
    st.sampled_from((*NAMES, "B1")),
    st.data(),
)
def test_the_rate_in_force_is_the_one_found_by_looking_through_all_of_them(
    terms, kind, product, batch, data
):
    bounds = [
        bound for rate in terms.rates for bound in (rate.since, rate.until) if bound is not None
    ]
    bound = data.draw(st.sampled_from(bounds) if bounds else DAYS)
    moved = dt.timedelta(
        microseconds=data.draw(st.sampled_from((0, -1, 1, 3_600_000_000, -86_400_000_000)))
    )
    at = utc_instant(first_instant(terms.zone, bound)) + moved
    found = terms.rate_for(kind, Subject(product, batch), at)
    assert (found.schedule, found.origin.level) == found_by_hand(
        terms, kind, Subject(product, batch), at
    )
    subject = {RateOrigin.BATCH: batch, RateOrigin.PRODUCT: product}.get(found.origin.level)
    assert found.origin.subject == subject


@given(agreements(), st.data())
def test_terms_are_values_that_find_the_same_rates_after_a_pickle(terms, data):
    copied = pickle.loads(pickle.dumps(terms))  # noqa: S301 - our own
    at = pendulum.datetime(2026, data.draw(st.integers(1, 12)), 1)
    assert copied == terms
    assert hash(copied) == hash(terms)
    assert copied.rate_for(SALE, Subject("Gold"), at) == terms.rate_for(SALE, Subject("Gold"), at)
    assert (
        attrs.evolve(terms, rates=()).rate_for(SALE, Subject("Gold"), at).schedule == DEFAULTS[SALE]
    )


def test_the_origin_tells_level_subject_and_dates():
    terms = terms_with(
        dated("2026-03-01", "2026-04-01", product="Gold"), dated(None, None, batch="B1")
    )
    march = pendulum.datetime(2026, 3, 15)
    gold = Origin(RateOrigin.PRODUCT, "Gold", day("2026-03-01"), day("2026-04-01"))
    assert terms.rate_for(SALE, Subject("Gold"), march) == RateInForce(Percent("20"), gold)
    assert terms.rate_for(SALE, Subject("Gold", "B1"), march).origin == Origin(
        RateOrigin.BATCH, "B1"
    )
    assert terms.rate_for(PAYMENT, Subject("Gold", "B1"), march).origin == Origin(
        RateOrigin.DEFAULT_PAYMENT_COMMISSION
    )


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (Origin(RateOrigin.GIVEN), "15%"),
        (Origin(RateOrigin.DEFAULT_SALES_COMMISSION), "15% (default sales commission)"),
        (Origin(RateOrigin.DEFAULT_PAYMENT_COMMISSION), "15% (default payment commission)"),
        (Origin(RateOrigin.DISTRIBUTOR, None, day("2026-03-01")),
         "15% (rate of the distributor from Mar 1, 2026 on)"),
        (Origin(RateOrigin.PRODUCT, "Gold", None, day("2026-03-01")),
         "15% (rate of the product Gold to Feb 28, 2026)"),
        (Origin(RateOrigin.BATCH, "B1"), "15% (rate of the batch B1)"),
        (Origin(RateOrigin.BATCH, "B1", day("2026-03-01"), day("2026-03-02")),
         "15% (rate of the batch B1 from Mar 1, 2026 to Mar 1, 2026)"),
    ],
)  # fmt: skip
def test_where_a_rate_comes_from_can_be_read(origin, said):
    assert RateInForce(Percent("15"), origin).format() == said
    assert origin.beside("15%") == said


def test_the_dates_of_a_rate_are_told_in_the_formats_of_the_locale():
    rate = RateInForce(
        Percent("7.5"), Origin(RateOrigin.PRODUCT, "Gold", day("2026-03-01"), day("2026-04-01"))
    )
    said = rate.format("de")
    assert all(told in said for told in ("7,5", "Gold", "01.03.2026", "31.03.2026"))


def test_a_commission_under_terms_follows_all_of_their_policies():
    terms = Terms(
        Percent("15"), Percent("10"), RoundingMethod.DOWN,
        rates=(Rate(PAYMENT, Bounded(Percent("20"), cap=usd("9.00")), "Gold"),),
        basis=Basis(TaxBasis.NET_OF_TAX),
    )  # fmt: skip
    told = Circumstances(tax=usd("0.37"))
    at = pendulum.datetime(2026, 3, 1)
    gold = commission_under(
        terms, PAYMENT, usd("10.00"), at=at, subject=Subject("Gold"), circumstances=told
    )
    assert (gold.exact, gold.earned, gold.base) == (usd("1.926"), usd("1.92"), usd("9.63"))
    assert gold.origin == Origin(RateOrigin.PRODUCT, "Gold")
    sale = commission_under(
        terms, SALE, usd("10.00"), at=at, circumstances=told, at_most=usd("1.00")
    )
    assert (sale.earned, sale.rounding.method, sale.at_most) == (
        usd("1.00"),
        RoundingMethod.DOWN,
        usd("1.00"),
    )


@pytest.mark.parametrize(
    ("rates", "problems"),
    [
        ([dated(None, "2026-04-01", product="Gold"), dated("2026-03-01", None, product="Gold")],
         [("rates[1].since", day("2026-03-01"),
           "a date not within rates[0], which holds until 2026-04-01")]),
        ([dated("2026-03-01", None, product="Gold"),
          dated("2026-05-01", "2026-06-01", product="Gold")],
         [("rates[1].since", day("2026-05-01"),
           "a date not within rates[0], which holds from 2026-03-01 on")]),
        ([dated("2026-05-01", "2026-06-01", batch="B1"),
          dated("2026-03-01", "2026-05-02", batch="B1")],
         [("rates[0].since", day("2026-05-01"),
           "a date not within rates[1], which holds from 2026-03-01 until 2026-05-02")]),
        ([dated(None, None, product="Gold"), dated(None, None, product="Gold")],
         [("rates[1].since", None, "a date not within rates[0], which holds at all times")]),
        ([dated(None, "2026-03-01", product="Gold"), dated("2026-03-02", None, product="Gold")],
         [("rates[1].since", day("2026-03-02"),
           "2026-03-01, where rates[0] ends: no rate is given between")]),
        ([dated("2026-03-01", "2026-03-01", product="Gold")],
         [("rates[0].until", day("2026-03-01"),
           "a date after 2026-03-01, where this rate starts")]),
        ([dated("2026-03-02", "2026-03-01", product="Gold")],
         [("rates[0].until", day("2026-03-01"),
           "a date after 2026-03-02, where this rate starts")]),
        ([dated(None, None)],
         [("rates[0].until", None, "a date: else the default sale commission is never reached")]),
        ([dated(None, "2026-03-01", kind=PAYMENT), dated("2026-03-01", None, kind=PAYMENT)],
         [("rates[1].until", None,
           "a date: else the default payment commission is never reached")]),
        ([dated("2026-03-01", None), dated(None, "2026-03-01")],
         [("rates[0].until", None, "a date: else the default sale commission is never reached")]),
        ([dated(None, None, product="Gold", batch="B1")],
         [("rates[0].batch", "B1", "a batch or the product 'Gold', not both")]),
    ],
)  # fmt: skip
def test_rates_that_contradict_each_other_are_refused_with_the_dates(rates, problems):
    assert problems_of(*rates) == problems


def test_all_that_is_wrong_with_the_rates_is_told_at_once():
    rates = (
        dated("2026-03-01", "2026-05-01", product="Gold"),
        dated("2026-04-01", "2026-06-01", product="Gold"),
        dated("2026-07-01", None, product="Gold"),
        dated("2026-03-01", "2026-02-01", batch="B1"),
        dated(None, None),
        dated(None, None, product="Gold", batch="B2"),
    )
    assert [field for field, _, _ in problems_of(*rates, zone=None)] == [
        "zone",
        "rates[5].batch",
        "rates[1].since",
        "rates[2].since",
        "rates[3].until",
        "rates[4].until",
    ]


def test_a_long_rate_that_holds_over_short_ones_overlaps_each_of_them():
    rates = (dated(None, None, product="Gold"), dated("2026-03-01", "2026-04-01", product="Gold"),
             dated("2026-05-01", None, product="Gold"))  # fmt: skip
    assert [field for field, _, _ in problems_of(*rates)] == ["rates[1].since", "rates[2].since"]


def test_what_leaves_some_time_to_the_default_or_is_for_something_else_is_accepted():
    terms_with(dated(None, "2026-03-01"), dated("2026-03-01", "2099-01-01"))
    terms_with(dated("0014-01-01", None))
    terms_with(dated(None, None, product="Gold"), dated(None, None, batch="Gold"))
    terms_with(
        dated("2026-03-01", None, product="Gold"),
        dated("2026-03-01", None, product="Gold", kind=PAYMENT),
    )
    terms_with(dated(None, None, product="Gold"), zone=None)


def test_rates_that_overlap_or_are_empty_do_not_hide_the_default_from_being_reached():
    fields = [
        field for field, _, _ in problems_of(dated(None, None), dated("2026-03-01", "2026-04-01"))
    ]
    assert fields == ["rates[1].since"]


def test_a_day_that_a_zone_skipped_is_no_time_at_all():
    skipped = dated("2011-12-30", "2011-12-31", product="Gold")
    ((field, value, accepted),) = (problem for problem in problems_of(skipped, zone="Pacific/Apia"))
    assert (field, value) == ("rates[0].until", day("2011-12-31"))
    assert accepted == "a date after 2011-12-30, where this rate starts"
    assert terms_with(skipped, zone="Etc/UTC").rates == (skipped,)


def test_dates_need_a_zone():
    assert problems_of(dated("2026-03-01", None, product="Gold"), zone=None) == [
        ("zone", None, "an IANA time zone: rates have dates")
    ]
    assert problems_of(dated(None, "2026-03-01", product="Gold"), zone=None)[0][0] == "zone"


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"sales_commission": 15}, InvalidType, "sales_commission"),
        ({"payment_commission": "10"}, InvalidType, "payment_commission"),
        ({"rounding": "DOWN"}, InvalidType, "rounding"),
        ({"rates": [Rate(SALE, Percent("1"), "Gold")]}, InvalidType, "rates"),
        ({"rates": (Percent("1"),)}, InvalidType, "rates"),
        ({"zone": "New York"}, InvalidValue, "zone"),
        ({"netting": "at_collection"}, InvalidType, "netting"),
        ({"basis": TaxBasis.GROSS}, InvalidType, "basis"),
        ({"margin": Netting.AT_COLLECTION}, InvalidType, "margin"),
        ({"remainder": Margin.DIFFERENCE_OF_RATES}, InvalidType, "remainder"),
    ],
)
def test_what_terms_do_not_accept_is_refused_by_name(change, error, field):
    with pytest.raises(error) as refused:
        attrs.evolve(terms_with(), **change)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"kind": "sale"}, InvalidType, "kind"),
        ({"schedule": 15}, InvalidType, "schedule"),
        ({"product": ""}, InvalidValue, "product"),
        ({"batch": "a\tb"}, InvalidValue, "batch"),
        ({"since": "2026-03-01"}, InvalidType, "since"),
        ({"until": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)}, InvalidType, "until"),
        ({"until": dt.date(1, 1, 1)}, InvalidValue, "until"),
    ],
)
def test_what_a_rate_does_not_accept_is_refused_by_name(change, error, field):
    with pytest.raises(error) as refused:
        attrs.evolve(Rate(SALE, Percent("15")), **change)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("arguments", "error", "field"),
    [
        (("sale", Subject(), pendulum.datetime(2026, 3, 1)), InvalidType, "kind"),
        ((SALE, "Gold", pendulum.datetime(2026, 3, 1)), InvalidType, "subject"),
        ((SALE, Subject(), dt.datetime(2026, 3, 1)), InvalidValue, "instant"),  # noqa: DTZ001
        ((SALE, Subject(), dt.date(2026, 3, 1)), InvalidType, "instant"),
    ],
)
def test_what_is_asked_wrongly_is_refused_also_where_nothing_is_dated(arguments, error, field):
    with pytest.raises(error) as refused:
        terms_with().rate_for(*arguments)
    assert refused.value.field == field


def test_the_amounts_of_terms_are_in_one_currency():
    fee, euro = FlatFee(usd("1.00")), FlatFee(Money("1.00", "EUR"))
    rate = Rate(SALE, Bounded(Percent("1"), cap=usd("5.00")), "Gold")
    assert Terms(fee, Percent("10"), rates=(rate,)).amounts == (usd("1.00"), usd("5.00"))
    with pytest.raises(CurrencyMismatch):
        Terms(fee, euro)
    with pytest.raises(CurrencyMismatch):
        Terms(euro, Percent("10"), rates=(rate,))


def test_the_policies_that_come_first_are_the_defaults():
    terms = Terms(Percent("15"), Percent("10"))
    chosen = (
        terms.rounding,
        terms.netting,
        terms.basis.tax,
        terms.basis.discount,
        terms.margin,
        terms.remainder,
    )
    kinds = (
        RoundingMethod,
        Netting,
        type(terms.basis.tax),
        type(terms.basis.discount),
        Margin,
        Remainder,
    )
    assert chosen == tuple(next(iter(kind)) for kind in kinds)
    assert (terms.rates, terms.zone) == ((), None)


def test_an_unnamed_subject_never_has_a_products_rate():
    terms = terms_with(dated(None, None, product="Gold"), dated(None, None, batch="B1"))
    assert terms.rate_for(SALE, Subject(), pendulum.datetime(2026, 3, 1)).schedule == DEFAULTS[SALE]


def test_a_notebook_shows_terms_as_a_small_table():
    left = 'style="text-align: left"'
    rows = [
        ("sales commission", "15%"),
        ("payment commission", "10%"),
        ("sale", "20% (rate of the product Gold from Mar 1, 2026 on)"),
        ("zone", "America/New_York"),
        ("basis", "with tax, after discount"),
        ("RoundingMethod", "half away from zero"),
        ("Netting", "at collection"),
        ("Margin", "difference of rates"),
        ("Remainder", "each level rounded"),
    ]
    shown = "".join(f"<tr><th {left}>{head}</th><td {left}>{cell}</td></tr>" for head, cell in rows)
    assert (
        terms_with(dated("2026-03-01", None, product="Gold"))._repr_html_()
        == f"<table>{shown}</table>"
    )
    assert f"<th {left}>zone</th><td {left}></td>" in terms_with(zone=None)._repr_html_()


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        (Basis(), "with tax, after discount"),
        (Basis(TaxBasis.NET_OF_TAX), "net of tax, after discount"),
        (Basis(discount=DiscountBasis.BEFORE_DISCOUNT), "with tax, before discount"),
    ],
)
def test_a_basis_can_be_read(basis, said):
    assert basis.format() == said


@given(
    st.datetimes(dt.datetime(14, 1, 1), dt.datetime(9986, 1, 1)),  # noqa: DTZ001
    st.timedeltas(dt.timedelta(0), dt.timedelta(400)),
)
def test_seconds_are_counted_without_gaps(clock, later):
    first = clock.replace(tzinfo=dt.UTC, microsecond=0)
    second = first + dt.timedelta(seconds=later // dt.timedelta(seconds=1))
    assert dt.timedelta(seconds=second_of(second) - second_of(first)) == second - first


def test_a_rate_without_any_time_is_told_once_and_overlaps_nothing():
    around = dated("2026-02-01", "2026-04-01", product="Gold")
    assert [
        field
        for field, _, _ in problems_of(around, dated("2026-03-01", "2026-03-01", product="Gold"))
    ] == ["rates[1].until"]


def test_a_commission_needs_terms():
    no_terms: Any = Percent("15")
    with pytest.raises(InvalidType) as refused:
        commission_under(no_terms, SALE, usd("1"), at=pendulum.datetime(2026, 3, 1))
    assert refused.value.field == "terms"
