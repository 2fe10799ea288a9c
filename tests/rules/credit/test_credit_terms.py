"""Credit terms: what they may say of warnings and repeats, and which amounts that gives."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import Any

import attrs
import pendulum
import pytest

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.money import Money, Percent
from distbilling.rules.credit import (
    CreditTerms,
    EveryFurther,
    Limit,
    PercentOfLimit,
    Rearm,
    Unlimited,
    thresholds_crossed,
)
from distbilling.testing.sample_data import usd

A_THOUSAND = Limit(usd("1000"))
NINETY = CreditTerms(A_THOUSAND, (PercentOfLimit("90"),))


@pytest.mark.parametrize(
    "make",
    [
        lambda euro: CreditTerms(A_THOUSAND, rearm=Rearm(band=euro)),
        lambda euro: CreditTerms(A_THOUSAND, (EveryFurther(euro),)),
        lambda euro: CreditTerms(Unlimited(), (usd("5"), EveryFurther(euro))),
        lambda euro: CreditTerms(Unlimited(), (usd("5"),), rearm=Rearm(band=euro)),
        lambda euro: CreditTerms(Limit(euro), (usd("5"),)),
    ],
    ids=["band", "step", "step beside amount", "band beside amount", "limit"],
)
def test_terms_are_in_one_currency(make):
    with pytest.raises(CurrencyMismatch) as refused:
        make(Money("5", "EUR"))
    assert {refused.value.expected, refused.value.found} == {"USD", "EUR"}


def test_the_currency_of_the_limit_is_the_one_expected():
    with pytest.raises(CurrencyMismatch) as refused:
        CreditTerms(A_THOUSAND, (usd("5"), Money("5", "EUR"), Money("5", "JPY")))
    assert (refused.value.expected, refused.value.found) == ("USD", "EUR")


def test_without_a_positive_limit_what_recurs_is_counted_from_the_highest_amount_that_applies():
    thresholds = (usd("10"), PercentOfLimit("90"), EveryFurther(usd("5"), most=1))
    assert CreditTerms(A_THOUSAND, thresholds).levels.thresholds == (
        usd("10"),
        usd("900"),
        usd("905"),
    )
    assert CreditTerms(Limit(usd("0")), thresholds).levels.thresholds == (usd("10"), usd("15"))


def test_only_one_threshold_recurs():
    twice = (EveryFurther(usd("5")), EveryFurther(usd("6")))
    with pytest.raises(InvalidValue) as refused:
        CreditTerms(Unlimited(), twice)
    assert (refused.value.field, refused.value.value) == ("thresholds", twice[1])
    assert refused.value.accepted == f"at most one that recurs; there is {twice[0]!r} already"


@pytest.mark.parametrize(
    ("make", "accepted"),
    [
        (
            lambda: EveryFurther(usd("0")),
            "step: Money('0.00', 'USD') is not accepted; give an amount above zero",
        ),
        (
            lambda: EveryFurther(usd("1"), 0),
            "most: 0 is not accepted; give a whole number from 1 to 1,000",
        ),
        (
            lambda: EveryFurther(usd("1"), 1001),
            "most: 1001 is not accepted; give a whole number from 1 to 1,000",
        ),
        (
            lambda: Rearm(usd("-1")),
            (
                "band: Money('-1.00', 'USD') is not accepted; "
                "give an amount of zero or more, or a Percent"
            ),
        ),
        (
            lambda: Rearm(most_repeats=-1),
            "most_repeats: -1 is not accepted; give a whole number of 0 or more",
        ),
        (
            lambda: Rearm(minimum_interval=dt.timedelta(0)),
            (
                "minimum_interval: datetime.timedelta(0) is not accepted; "
                "give a length of time above zero, or None"
            ),
        ),
    ],
    ids=[
        "no step",
        "none of them",
        "too many of them",
        "band below zero",
        "repeats below zero",
        "no interval",
    ],
)
def test_terms_that_cannot_be_meant_are_refused_when_they_are_made(make, accepted):
    with pytest.raises(InvalidValue) as refused:
        make()
    assert str(refused.value) == accepted


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (EveryFurther, "step"),
        (Rearm, "band"),
        (Rearm, "minimum_interval"),
        (Rearm, "most_repeats"),
        (Rearm, "tell_cleared"),
    ],
    ids=["step", "band", "minimum_interval", "most_repeats", "tell_cleared"],
)
def test_nothing_of_another_type_gets_into_the_terms_of_warnings(kind, field):
    for nonsense in (0.5, "1", object(), (), True if field != "tell_cleared" else 1):
        with pytest.raises(InvalidType) as refused:
            kind(**{field: nonsense})
        assert refused.value.field == field


@pytest.mark.parametrize("most", [True, 1.0, "1", None], ids=str)
def test_how_often_a_threshold_recurs_is_a_whole_number(most):
    with pytest.raises(InvalidType) as refused:
        EveryFurther(usd("1"), most)
    assert (refused.value.field, refused.value.value) == ("most", most)
    assert refused.value.accepted == "a whole number from 1 to 1,000"


def test_the_least_and_the_most_that_may_be_said_of_repeats_is_accepted():
    assert EveryFurther(usd("0.01"), 1).most == 1
    assert EveryFurther(usd("1"), 1000).most == 1000
    assert Rearm(usd("0"), dt.timedelta(microseconds=1), 0).most_repeats == 0
    assert Rearm() == Rearm(None, None, None, tell_cleared=True)


def test_a_length_of_time_of_pendulum_is_kept_as_a_plain_one():
    kept = Rearm(
        minimum_interval=pendulum.duration(days=1, seconds=30, microseconds=7)
    ).minimum_interval
    assert type(kept) is dt.timedelta
    assert kept == dt.timedelta(days=1, seconds=30, microseconds=7)
    plain = dt.timedelta(hours=3)
    assert Rearm(minimum_interval=plain).minimum_interval is plain


def test_terms_tell_all_their_amounts_so_that_their_currency_can_be_checked():
    thresholds = (usd("5"), PercentOfLimit("90"), EveryFurther(usd("7")))
    assert CreditTerms(A_THOUSAND, thresholds, rearm=Rearm(band=usd("1"))).amounts == (
        usd("1000"), usd("5"), usd("7"), usd("1"),
    )  # fmt: skip
    assert CreditTerms(Unlimited(), rearm=Rearm(band=Percent("5"))).amounts == ()


@pytest.mark.parametrize(
    ("given", "field", "accepted"),
    [
        ({"limit": usd("1000")}, "limit", "a Limit or a Unlimited"),
        ({"before": 0}, "before", "a Money"),
        ({"after": None}, "after", "a Money"),
        ({"compare": "exceeds"}, "compare", "a Crossing"),
        (
            {"thresholds": usd("9")},
            "thresholds",
            "a series of Money, PercentOfLimit and EveryFurther",
        ),
        (
            {"thresholds": [Percent("9")]},
            "thresholds",
            "a Money, a PercentOfLimit or an EveryFurther",
        ),
    ],
    ids=["limit", "before", "after", "compare", "one threshold", "a bare percentage"],
)
def test_what_is_wrong_with_a_way_over_thresholds_is_told_by_name(given, field, accepted):
    valid: dict[str, Any] = {
        "thresholds": [],
        "limit": A_THOUSAND,
        "before": usd("0"),
        "after": usd("1"),
    }
    with pytest.raises(InvalidType) as refused:
        thresholds_crossed(**valid | given)
    (wrong,) = given.values()
    assert (refused.value.field, refused.value.accepted) == (field, accepted)
    assert refused.value.value == (wrong[0] if isinstance(wrong, list) else wrong)


def test_a_way_up_crosses_what_recurs_as_well():
    thresholds = (usd("10"), EveryFurther(usd("100")), usd("50"))
    assert thresholds_crossed(thresholds, A_THOUSAND, usd("33"), usd("251")) == (
        usd("50"),
        usd("150"),
        usd("250"),
    )


def test_terms_are_compared_and_shown_without_what_they_only_work_out():
    same = CreditTerms(A_THOUSAND, (PercentOfLimit("90"),))
    assert "levels" not in repr(NINETY)
    assert (same, hash(same)) == (NINETY, hash(NINETY))
    assert attrs.evolve(NINETY, rearm=Rearm(tell_cleared=False)) != NINETY
    loaded = pickle.loads(pickle.dumps(NINETY))  # noqa: S301 - our own
    assert loaded.levels.thresholds == NINETY.levels.thresholds == (usd("900"),)
    assert attrs.evolve(NINETY, limit=Limit(usd("2000"))).levels.thresholds == (usd("1800"),)
