"""Is the user of a prepaid account warned of low funds, by the same machine as a distributor of its debt, mirrored?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.money import Money, Percent
from distbilling.rules.credit import CreditTerms, Crossing, EveryFurther, Rearm, Unlimited
from distbilling.rules.credit.credit_watch import CreditFacts, CreditStanding, evaluate
from distbilling.rules.credit.funds_watch import (
    FundsFacts,
    FundsLow,
    FundsNotice,
    FundsRestored,
    FundsStanding,
    FundsTerms,
    evaluate_funds,
)
from distbilling.rules.credit.warning_levels import LevelState
from distbilling.testing.stage import MORNING, usd
from distbilling.testing.strategies.values import money

NUMBER = "12125550100"


class Watch:
    """A prepaid account whose funds are looked at again and again."""

    def __init__(self, terms: FundsTerms) -> None:
        self.terms, self.standing = terms, FundsStanding.new(NUMBER)

    def tell(self, funds: str) -> tuple[FundsNotice, ...]:
        """Return what is told once so much is left."""
        self.standing, told = evaluate_funds(
            self.terms, self.standing, FundsFacts(usd(funds), MORNING)
        )
        return told

    def keys(self, *funds: str) -> list[list[str]]:
        """Return the keys of what is told with each of these funds."""
        return [
            [notice.key.removeprefix(f"{NUMBER}/") for notice in self.tell(each)] for each in funds
        ]


def test_a_warning_comes_below_the_threshold_and_its_end_once_the_funds_are_back():
    assert Watch(FundsTerms((usd("5"),))).keys("5", "4.99", "0", "5", "4.99") == [
        [], ["funds-5/1"], [], ["restored-5/1"], ["funds-5/2"],
    ]  # fmt: skip


def test_under_reaches_the_threshold_itself_warns_and_above_it_is_recovered():
    assert Watch(FundsTerms((usd("5"),), Crossing.REACHES)).keys("5.01", "5", "5", "5.01") == [
        [], ["funds-5/1"], [], ["restored-5/1"],
    ]  # fmt: skip


def test_a_fall_tells_of_every_threshold_highest_first_and_the_way_back_lowest_first():
    watch = Watch(FundsTerms((usd("5"), EveryFurther(usd("10"), most=2), usd("20"))))
    assert watch.keys("-9", "100") == [
        ["funds-20/1", "funds-5/2", "funds--5/3"],
        ["restored--5/3", "restored-5/2", "restored-20/1"],
    ]


def test_what_recurs_is_counted_down_from_the_lowest_or_from_zero():
    assert FundsTerms((usd("20"), usd("5"), EveryFurther(usd("3"), 2))).rungs == (
        usd("20"), usd("5"), usd("2"), usd("-1"),
    )  # fmt: skip
    assert FundsTerms((EveryFurther(usd("3"), 2),)).rungs == (usd("-3"), usd("-6"))


def test_a_notice_says_whose_funds_are_low_when_and_at_which_threshold():
    watch = Watch(FundsTerms((usd("5"),)))
    (low,) = watch.tell("1")
    assert low == FundsLow(f"{NUMBER}/funds-5/1", NUMBER, MORNING, usd("5"), usd("1"))
    assert (
        low.explain()
        == "12125550100 has $1.00 left and has crossed the warning threshold of $5.00."
    )
    (restored,) = watch.tell("25")
    assert restored == FundsRestored(f"{NUMBER}/restored-5/1", NUMBER, MORNING, usd("5"), usd("25"))
    assert restored.explain() == "12125550100 has $25.00 left: the warning at $5.00 is over."
    assert watch.standing == FundsStanding(
        NUMBER, 1, Crossing.EXCEEDS, (LevelState(usd("5"), None, MORNING, 1),)
    )


@pytest.mark.parametrize(
    ("band", "compare", "held", "back"),
    [
        (usd("2"), Crossing.EXCEEDS, "6.99", "7"),
        (usd("2"), Crossing.REACHES, "7", "7.01"),
        (Percent("10"), Crossing.EXCEEDS, "5.49", "5.5"),
        (Percent("10"), Crossing.REACHES, "5.5", "5.51"),
    ],
)
def test_a_band_holds_a_warning_until_the_funds_are_well_above(band, compare, held, back):
    watch = Watch(FundsTerms((usd("5"),), compare, Rearm(band=band)))
    assert watch.keys("4", held, "4", back, "4") == [
        ["funds-5/1"],
        [],
        [],
        ["restored-5/1"],
        ["funds-5/2"],
    ]


def test_a_band_in_per_cent_of_a_threshold_below_zero_lies_above_it_too():
    watch = Watch(FundsTerms((EveryFurther(usd("10"), 1),), rearm=Rearm(band=Percent("10"))))
    assert watch.keys("-10.01", "-9.01", "-9") == [["funds--10/1"], [], ["restored--10/1"]]


def test_repeats_are_counted_anew_once_there_is_enough():
    watch = Watch(
        FundsTerms((usd("5"),), rearm=Rearm(most_repeats=0, tell_cleared=False), enough=usd("50"))
    )
    assert watch.keys("4", "6", "4", "49.99", "4", "50", "4") == [
        ["funds-5/1"],
        [],
        [],
        [],
        [],
        [],
        ["funds-5/2"],
    ]


def test_without_enough_repeats_are_counted_until_the_thresholds_change():
    watch = Watch(FundsTerms((usd("5"),), rearm=Rearm(most_repeats=0, tell_cleared=False)))
    assert watch.keys("4", "1000", "4") == [["funds-5/1"], [], []]
    watch.terms = attrs.evolve(watch.terms, thresholds=(usd("6"),))
    assert watch.keys("4") == [["funds-6/2"]]
    watch.terms = attrs.evolve(watch.terms, compare=Crossing.REACHES)
    assert watch.keys("4") == [["funds-6/3"]]


@given(
    st.lists(money("USD", min_value=0, max_value=50), max_size=4).map(tuple),
    st.sampled_from(Crossing),
    st.lists(money("USD", min_value="-20", max_value="60"), max_size=8),
)
def test_funds_below_zero_are_warned_of_as_a_debt_of_as_much_would_be(thresholds, compare, ways):
    """A debt and funds of thresholds that are one another's mirror image tell the same, in the same order."""
    shift = usd("50")
    debts, funds = CreditStanding.new("p"), FundsStanding.new("p")
    debt_terms = CreditTerms(Unlimited(), tuple(shift - each for each in thresholds), compare)
    funds_terms = FundsTerms(thresholds, compare)
    for left in ways:
        debts, told = evaluate(debt_terms, debts, CreditFacts(shift - left, MORNING, Unlimited()))
        funds, mirrored = evaluate_funds(funds_terms, funds, FundsFacts(left, MORNING))
        assert [shift - notice.threshold for notice in told if hasattr(notice, "threshold")] == [
            notice.threshold for notice in mirrored
        ]


def test_the_same_funds_again_tell_nothing_and_change_nothing():
    watch = Watch(FundsTerms((usd("5"),)))
    watch.tell("4")
    before = watch.standing
    assert watch.tell("4") == ()
    assert watch.standing is before


def test_accounts_have_keys_of_their_own_whatever_they_are_called():
    _, (low,) = evaluate_funds(
        FundsTerms((usd("5"),)), FundsStanding.new("a/b%"), FundsFacts(usd("4"), MORNING)
    )
    assert low.key == "a%2Fb%25/funds-5/1"


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            {"thresholds": (usd("-1"),)},
            "thresholds: Money('-1.00', 'USD') is not accepted; give amounts of zero or more",
        ),
        (
            {"thresholds": (usd("5"), usd("9")), "enough": usd("9")},
            (
                "enough: Money('9.00', 'USD') is not accepted; give an amount above every threshold; the highest is "
                "Money('9.00', 'USD')"
            ),
        ),
    ],
    ids=["below zero", "enough is too little"],
)
def test_terms_of_low_funds_that_cannot_be_meant_are_refused(made, message):
    with pytest.raises(InvalidValue) as refused:
        FundsTerms(**made)
    assert str(refused.value) == message


def test_terms_of_low_funds_recur_once_and_enough_needs_no_threshold():
    with pytest.raises(InvalidValue, match="at most one that recurs"):
        FundsTerms((EveryFurther(usd("1")), EveryFurther(usd("2"))))
    assert FundsTerms((), enough=usd("0")).rungs == ()
    assert FundsTerms((usd("5"),), enough=usd("5.01")).enough == usd("5.01")


def test_terms_of_low_funds_are_in_one_currency():
    euro = Money("5", "EUR")
    made: Any
    for made in (
        {"thresholds": (usd("5"), euro)},
        {"thresholds": (usd("5"), EveryFurther(euro))},
        {"thresholds": (usd("5"),), "rearm": Rearm(band=euro)},
        {"thresholds": (usd("5"),), "enough": euro},
    ):
        with pytest.raises(CurrencyMismatch):
            FundsTerms(**made)
    with pytest.raises(CurrencyMismatch):
        evaluate_funds(FundsTerms((usd("5"),)), FundsStanding.new("a"), FundsFacts(euro, MORNING))


def test_terms_of_low_funds_tell_all_their_amounts_and_nothing_that_they_work_out():
    terms = FundsTerms(
        (usd("5"), EveryFurther(usd("3"))), rearm=Rearm(band=usd("1")), enough=usd("50")
    )
    assert terms.amounts == (usd("5"), usd("3"), usd("1"), usd("50"))
    assert "ladder" not in repr(terms)
    assert terms == attrs.evolve(terms)


@pytest.mark.parametrize(
    ("kind", "valid"),
    [
        (
            FundsTerms,
            {"thresholds": (), "compare": Crossing.REACHES, "rearm": Rearm(), "enough": None},
        ),
        (FundsFacts, {"funds": usd("5"), "at": MORNING}),
    ],
    ids=["terms", "facts"],
)
def test_nothing_of_another_type_gets_into_terms_or_facts_of_funds(kind, valid):
    kind(**valid)
    for field in valid:
        for nonsense in (0.5, object(), ("x",), dt.timedelta(1)):
            with pytest.raises(InvalidType) as refused:
                kind(**valid | {field: nonsense})
            assert refused.value.field == field
