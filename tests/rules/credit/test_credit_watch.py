"""One notice for each crossing, recovery, suspension and resumption, whatever the terms."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import Any

import attrs
import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.money import Money, Percent
from distbilling.rules.credit import (
    CreditLimit,
    CreditTerms,
    Crossing,
    EveryFurther,
    Limit,
    PercentOfLimit,
    Rearm,
    Threshold,
    Unlimited,
    available_funds,
    is_over_limit,
    is_suspended,
)
from distbilling.rules.credit.credit_watch import CreditFacts, CreditStanding, evaluate
from distbilling.rules.credit.notices import (
    CreditThresholdCleared,
    CreditThresholdCrossed,
    DistributorResumed,
    DistributorSuspended,
    Notice,
)
from distbilling.rules.credit.warning_levels import LevelState
from distbilling.testing.sample_data import MORNING, usd
from distbilling.testing.strategies.values import credit_terms, money

A_THOUSAND = Limit(usd("1000"))
BALANCES = money("USD", min_value="-100", max_value="2200")
HOUR = dt.timedelta(hours=1)


def ninety(rearm: Rearm | None = None, compare: Crossing = Crossing.EXCEEDS) -> CreditTerms:
    """Return terms that warn at 900 of a limit of 1,000."""
    return CreditTerms(A_THOUSAND, (PercentOfLimit("90"),), compare, rearm=rearm or Rearm())


class Watch:
    """A distributor whose balance is looked at again and again; it remembers what was told."""

    def __init__(self, terms: CreditTerms, limit: CreditLimit | None = None) -> None:
        self.terms, self.limit = terms, limit
        self.standing = CreditStanding.new("hudson")

    def tell(self, owed: str, at: pendulum.DateTime = MORNING) -> tuple[Notice, ...]:
        """Return what is told once so much is owed."""
        limit = self.terms.limit if self.limit is None else self.limit
        self.standing, told = evaluate(self.terms, self.standing, CreditFacts(usd(owed), at, limit))
        return told

    def keys(self, *owed: str) -> list[list[str]]:
        """Return the keys of what is told at each of these balances."""
        return [[notice.key.removeprefix("hudson/") for notice in self.tell(each)] for each in owed]


def test_a_warning_comes_once_while_the_balance_stays_above_and_again_after_it_has_recovered():
    assert Watch(ninety()).keys("900", "900.01", "950", "900.01", "900", "900.01") == [
        [], ["threshold-900/1"], [], [], ["cleared-900/1"], ["threshold-900/2"],
    ]  # fmt: skip


def test_under_reaches_the_threshold_itself_warns_and_below_it_is_recovered():
    balances = ("899.99", "900", "900.01", "900", "899.99", "900")
    assert Watch(ninety(compare=Crossing.REACHES)).keys(*balances) == [
        [], ["threshold-900/1"], [], [], ["cleared-900/1"], ["threshold-900/2"],
    ]  # fmt: skip


def test_a_notice_says_who_owes_what_when_and_at_which_threshold():
    watch = Watch(ninety())
    later = MORNING.add(days=1)
    assert watch.tell("1000") == (
        CreditThresholdCrossed(
            "hudson/threshold-900/1", "hudson", MORNING, usd("900"), usd("1000")
        ),
        DistributorSuspended("hudson/suspended/2", "hudson", MORNING, usd("1000"), usd("1000")),
    )
    assert watch.standing.suspended
    assert watch.tell("10", later) == (
        CreditThresholdCleared("hudson/cleared-900/1", "hudson", later, usd("900"), usd("10")),
        DistributorResumed("hudson/resumed/2", "hudson", later, usd("1000"), usd("10")),
    )
    assert not watch.standing.suspended
    assert watch.standing == CreditStanding(
        "hudson", 2, None, A_THOUSAND, Crossing.EXCEEDS, (LevelState(usd("900"), None, MORNING, 1),)
    )


def test_a_jump_tells_of_every_threshold_lowest_first_and_the_way_back_highest_first():
    thresholds: tuple[Threshold, ...] = (
        usd("1200"),
        PercentOfLimit("75"),
        usd("300"),
        usd("750.00"),
    )
    watch = Watch(CreditTerms(A_THOUSAND, thresholds))
    assert watch.keys("1500", "500", "0") == [
        ["threshold-300/1", "threshold-750/2", "threshold-1200/3", "suspended/4"],
        ["cleared-1200/3", "cleared-750/2", "resumed/4"],
        ["cleared-300/1"],
    ]


@given(credit_terms("USD"), st.lists(BALANCES, min_size=1, max_size=6))
def test_a_jump_tells_of_the_thresholds_that_the_same_way_in_steps_tells_of(terms, balances):
    way = [str(balance.amount) for balance in sorted(balances)]
    jump, steps = Watch(terms), Watch(terms)
    assert [notice for owed in way for notice in _told_of(steps.tell(owed))] == _told_of(
        jump.tell(way[-1])
    )


def _told_of(told: tuple[Notice, ...]) -> list[Money]:
    return [notice.threshold for notice in told if isinstance(notice, CreditThresholdCrossed)]


def test_whoever_starts_above_a_threshold_is_warned_and_whoever_may_owe_nothing_is_suspended():
    assert Watch(ninety()).keys("950") == [["threshold-900/1"]]
    assert Watch(CreditTerms(Limit(usd("0")))).keys("0", "-0.01") == [
        ["suspended/1"],
        ["resumed/1"],
    ]
    assert Watch(CreditTerms(Unlimited(), (usd("0"),))).keys("0", "0.01") == [[], ["threshold-0/1"]]


@given(credit_terms("USD"), st.lists(BALANCES, max_size=8))
def test_the_same_facts_again_tell_nothing_and_change_nothing(terms, balances):
    watch = Watch(terms)
    for owed in balances:
        watch.tell(str(owed.amount))
        before = watch.standing
        assert watch.tell(str(owed.amount)) == ()
        assert watch.standing is before


@given(credit_terms("USD"), st.lists(BALANCES, max_size=8))
def test_what_was_stored_and_loaded_again_is_as_good_as_what_was_kept(terms, balances):
    kept, stored = Watch(terms), Watch(pickle.loads(pickle.dumps(terms)))  # noqa: S301 - our own
    for owed in balances:
        stored.standing = pickle.loads(pickle.dumps(stored.standing))  # noqa: S301 - our own
        assert kept.tell(str(owed.amount)) == stored.tell(str(owed.amount))
        assert kept.standing == stored.standing


@pytest.mark.parametrize(
    ("band", "compare", "held", "back"),
    [
        (usd("50"), Crossing.EXCEEDS, "850.01", "850"),
        (usd("50"), Crossing.REACHES, "850", "849.99"),
        (Percent("10"), Crossing.EXCEEDS, "810.01", "810"),
        (Percent("10"), Crossing.REACHES, "810", "809.99"),
        (usd("0"), Crossing.EXCEEDS, "900.01", "900"),
        (Percent("100"), Crossing.EXCEEDS, "0.01", "0"),
    ],
)
def test_a_band_holds_a_warning_until_the_balance_is_well_below(band, compare, held, back):
    watch = Watch(ninety(Rearm(band=band), compare))
    assert watch.keys("950", held, "950", back, "950") == [
        ["threshold-900/1"], [], [], ["cleared-900/1"], ["threshold-900/2"],
    ]  # fmt: skip


def test_a_balance_that_hovers_at_the_line_for_a_week_warns_once_a_day_at_most():
    watch = Watch(ninety(Rearm(minimum_interval=24 * HOUR, tell_cleared=False)))
    told = [
        notice
        for hour in range(7 * 24)
        for owed in ("900.01", "899.99")
        for notice in watch.tell(owed, MORNING.add(hours=hour))
    ]
    assert [notice.at for notice in told] == [MORNING.add(days=day) for day in range(7)]


def test_a_warning_that_comes_too_soon_is_told_as_soon_as_it_may_if_the_balance_is_still_above():
    watch = Watch(ninety(Rearm(minimum_interval=24 * HOUR)))
    told = [
        (hour, notice.key)
        for hour, owed in (
            (0, "950"),
            (1, "900"),
            (2, "950"),
            (23, "960"),
            (24, "970"),
            (25, "980"),
        )
        for notice in watch.tell(owed, MORNING.add(hours=hour))
    ]
    assert told == [
        (0, "hudson/threshold-900/1"),
        (1, "hudson/cleared-900/1"),
        (24, "hudson/threshold-900/2"),
    ]


def test_a_warning_that_came_too_soon_is_dropped_if_the_balance_has_recovered_by_then():
    watch = Watch(ninety(Rearm(minimum_interval=24 * HOUR)))
    watch.tell("950")
    assert [notice.key for notice in watch.tell("900", MORNING.add(hours=1))] == [
        "hudson/cleared-900/1"
    ]
    assert watch.tell("950", MORNING.add(hours=2)) == ()
    assert watch.tell("800", MORNING.add(hours=3)) == ()
    assert watch.tell("800", MORNING.add(hours=30)) == ()
    assert watch.standing.last_warning_number == 1


def test_after_the_last_repeat_nothing_is_told_until_nothing_is_owed():
    watch = Watch(ninety(Rearm(most_repeats=1, tell_cleared=False)))
    up_and_down = ["901", "900"] * 4
    assert watch.keys(*up_and_down) == [
        ["threshold-900/1"],
        [],
        ["threshold-900/2"],
        [],
        [],
        [],
        [],
        [],
    ]
    assert watch.keys("0.01", "901", "0", "901", "900", "901", "900", "901") == [
        [], [], [], ["threshold-900/3"], [], ["threshold-900/4"], [], [],
    ]  # fmt: skip


def test_with_no_repeats_a_warning_comes_once_and_its_end_once():
    assert Watch(ninety(Rearm(most_repeats=0))).keys("901", "900", "901", "900") == [
        ["threshold-900/1"], ["cleared-900/1"], [], [],
    ]  # fmt: skip


def test_a_warning_at_nothing_owed_is_not_counted_and_told_only_once():
    """At zero owed repeats are counted anew: a threshold of zero, reached, warns there."""
    watch = Watch(
        CreditTerms(Unlimited(), (usd("0"),), Crossing.REACHES, rearm=Rearm(most_repeats=0))
    )
    assert watch.keys("0", "0", "5", "-1", "0") == [
        ["threshold-0/1"],
        [],
        [],
        ["cleared-0/1"],
        ["threshold-0/2"],
    ]
    assert watch.standing.levels == (LevelState(usd("0"), 2, MORNING, 0),)


def test_recoveries_are_told_only_where_they_are_wanted():
    assert Watch(ninety(Rearm(tell_cleared=False))).keys("901", "900", "901") == [
        ["threshold-900/1"], [], ["threshold-900/2"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"limit": Limit(usd("1001"))}, ["cleared-900/2", "threshold-500/3", "threshold-900.9/4"]),
        ({"limit": Limit(usd("2000"))}, ["cleared-900/2", "threshold-500/3"]),
        ({"limit": Unlimited()}, ["cleared-900/2", "threshold-500/3"]),
        ({"thresholds": (usd("500"),)}, ["cleared-900/2", "threshold-500/3"]),
        ({"thresholds": (usd("960"),)}, ["cleared-900/2", "cleared-500/1"]),
        ({"thresholds": ()}, ["cleared-900/2", "cleared-500/1"]),
        ({"compare": Crossing.REACHES}, ["threshold-500/3", "threshold-900/4"]),
        ({"thresholds": (usd("500"), usd("900"))}, []),
        ({"thresholds": (PercentOfLimit("50"), PercentOfLimit("90"))}, []),
        ({"rearm": Rearm(band=usd("5"))}, []),
    ],
    ids=[
        "limit raised by a dollar",
        "limit doubled",
        "no limit any more",
        "a threshold dropped",
        "other thresholds",
        "no thresholds",
        "comparison",
        "the same in amounts",
        "the same in percentages",
        "band",
    ],
)
def test_a_change_of_limit_threshold_or_comparison_arms_all_afresh(changed, told):
    watch = Watch(CreditTerms(A_THOUSAND, (usd("500"), PercentOfLimit("90"))))
    assert watch.keys("950") == [["threshold-500/1", "threshold-900/2"]]
    watch.terms = attrs.evolve(watch.terms, **changed)
    assert watch.keys("950", "950") == [told, []]


def test_a_change_of_the_limit_arms_afresh_also_where_no_threshold_depends_on_it():
    watch = Watch(CreditTerms(A_THOUSAND, (usd("500"),)))
    assert watch.keys("600") == [["threshold-500/1"]]
    for limit, warning_number in ((Limit(usd("2000")), "2"), (Unlimited(), "3"), (A_THOUSAND, "4")):
        watch.terms = attrs.evolve(watch.terms, limit=limit)
        assert watch.keys("600", "600") == [[f"threshold-500/{warning_number}"], []]
    watch.terms = attrs.evolve(watch.terms, limit=Limit(usd("1000.00")))
    assert watch.keys("600") == [[]]


def test_a_change_arms_afresh_also_what_was_told_too_soon_or_too_often_before():
    watch = Watch(ninety(Rearm(minimum_interval=24 * HOUR, most_repeats=0)))
    watch.keys("950", "100", "950")
    watch.terms = attrs.evolve(watch.terms, limit=Limit(usd("1001")))
    assert watch.keys("950") == [["threshold-900.9/2"]]
    assert watch.standing.levels == (LevelState(usd("900.9"), 2, MORNING, 1),)


def test_after_a_change_the_band_plays_no_part_in_what_is_over():
    watch = Watch(ninety(Rearm(band=usd("100"))))
    assert watch.keys("950", "850") == [["threshold-900/1"], []]
    watch.terms = attrs.evolve(watch.terms, limit=Limit(usd("1001")))
    assert watch.keys("850") == [["cleared-900/1"]]


def test_what_is_over_by_a_change_is_silent_where_recoveries_are_not_told():
    watch = Watch(ninety(Rearm(tell_cleared=False)))
    assert watch.keys("950") == [["threshold-900/1"]]
    watch.terms = attrs.evolve(watch.terms, thresholds=())
    assert watch.keys("950") == [[]]


def test_a_change_back_arms_afresh_once_more():
    watch = Watch(ninety())
    watch.keys("950")
    for warning_number in ("2", "3"):
        watch.terms = attrs.evolve(
            watch.terms,
            compare=Crossing.REACHES
            if watch.terms.compare is Crossing.EXCEEDS
            else Crossing.EXCEEDS,
        )
        assert watch.keys("950") == [[f"threshold-900/{warning_number}"]]


def test_a_limit_raised_for_a_time_moves_the_suspension_and_no_threshold():
    watch = Watch(ninety())
    assert watch.keys("1000") == [["threshold-900/1", "suspended/2"]]
    watch.limit = Limit(usd("1100"))
    (resumed,) = watch.tell("1000")
    assert isinstance(resumed, DistributorResumed)
    assert (resumed.key, resumed.limit) == ("hudson/resumed/2", usd("1100"))
    (suspended,) = watch.tell("1100")
    assert isinstance(suspended, DistributorSuspended)
    assert (suspended.key, suspended.limit) == ("hudson/suspended/3", usd("1100"))
    watch.limit = None
    assert watch.tell("1100") == ()


def test_a_suspended_distributor_that_has_no_limit_any_more_may_operate_again():
    watch = Watch(CreditTerms(A_THOUSAND))
    watch.tell("1000")
    watch.terms = CreditTerms(Unlimited())
    (resumed,) = watch.tell("1000")
    assert resumed == DistributorResumed(
        "hudson/resumed/1", "hudson", MORNING, Unlimited(), usd("1000")
    )
    assert (
        resumed.explain()
        == "hudson owes $1,000.00, has no credit limit any more, and may operate again."
    )
    assert not watch.standing.suspended


def test_facts_with_an_old_date_count_as_they_come_and_repeat_nothing_before_its_time():
    watch = Watch(ninety(Rearm(minimum_interval=24 * HOUR)))
    yesterday, tomorrow = MORNING.subtract(days=1), MORNING.add(days=1)
    assert [notice.key for notice in watch.tell("950", MORNING)] == ["hudson/threshold-900/1"]
    assert [notice.key for notice in watch.tell("900", yesterday)] == ["hudson/cleared-900/1"]
    assert watch.tell("950", yesterday) == ()
    assert [notice.key for notice in watch.tell("950", tomorrow)] == ["hudson/threshold-900/2"]


def test_facts_with_an_old_date_warn_at_once_where_no_interval_is_kept():
    watch = Watch(ninety())
    watch.tell("950", MORNING)
    watch.tell("900", MORNING)
    (late,) = watch.tell("950", MORNING.subtract(days=1))
    assert late.at == MORNING.subtract(days=1)


def test_every_further_amount_above_the_highest_warns_until_the_last_of_them():
    terms = CreditTerms(Unlimited(), (usd("10"), EveryFurther(usd("100"), most=2), usd("50")))
    assert terms.levels.thresholds == (usd("10"), usd("50"), usd("150"), usd("250"))
    assert Watch(terms).keys("1000", "200") == [
        ["threshold-10/1", "threshold-50/2", "threshold-150/3", "threshold-250/4"],
        ["cleared-250/4"],
    ]
    assert CreditTerms(Unlimited(), (EveryFurther(usd("0.5"), most=3),)).levels.thresholds == (
        usd("0.5"),
        usd("1"),
        usd("1.5"),
    )
    assert len(CreditTerms(Unlimited(), (EveryFurther(usd("1")),)).levels.thresholds) == 100


def test_facts_are_checked_when_they_are_made():
    made = CreditFacts(usd("5"), dt.datetime(2026, 3, 1, 1, tzinfo=dt.timezone(HOUR)), Unlimited())
    assert made.at.isoformat() == "2026-03-01T00:00:00+00:00"
    wrong: Any = 5
    for facts, field in (
        ((wrong, MORNING, Unlimited()), "owed"),
        ((usd("5"), MORNING, wrong), "limit"),
    ):
        with pytest.raises(InvalidType) as refused:
            CreditFacts(*facts)
        assert refused.value.field == field
    with pytest.raises(InvalidValue, match="at: "):
        CreditFacts(usd("5"), dt.datetime(2026, 3, 1), Unlimited())  # noqa: DTZ001 - it is naive


def test_the_end_of_a_warning_is_told_in_a_sentence():
    watch = Watch(ninety())
    watch.tell("950")
    (cleared,) = watch.tell("899.99")
    assert cleared.explain() == "hudson owes $899.99: the warning at $900.00 is over."


def test_no_two_parties_share_a_key_whatever_they_are_called():
    told = [
        evaluate(ninety(), CreditStanding.new(party), CreditFacts(usd("950"), MORNING, A_THOUSAND))[
            1
        ][0].key
        for party in ("h", "h/threshold-900", "h%2Fthreshold-900")
    ]
    assert told == [
        "h/threshold-900/1",
        "h%2Fthreshold-900/threshold-900/1",
        "h%252Fthreshold-900/threshold-900/1",
    ]


def test_balance_thresholds_and_limit_in_force_are_in_one_currency():
    euro, new = Money("5", "EUR"), CreditStanding.new("h")
    for terms, limit in ((ninety(), Unlimited()), (CreditTerms(Unlimited()), A_THOUSAND)):
        with pytest.raises(CurrencyMismatch) as refused:
            evaluate(terms, new, CreditFacts(euro, MORNING, limit))
        assert {refused.value.expected, refused.value.found} == {"USD", "EUR"}
    with pytest.raises(CurrencyMismatch) as refused:
        evaluate(ninety(), new, CreditFacts(euro, MORNING, Unlimited()))
    assert (refused.value.expected, refused.value.found) == ("USD", "EUR")
    only_a_threshold = CreditTerms(Unlimited(), (usd("900"),))
    with pytest.raises(CurrencyMismatch) as refused:
        evaluate(only_a_threshold, new, CreditFacts(euro, MORNING, Unlimited()))
    assert (refused.value.expected, refused.value.found) == ("USD", "EUR")
    assert evaluate(CreditTerms(Unlimited()), new, CreditFacts(euro, MORNING, Unlimited()))[1] == ()


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (CreditStanding, "party", 5),
        (CreditStanding, "party", ""),
        (CreditStanding, "last_warning_number", "1"),
        (CreditStanding, "suspension", "1"),
        (CreditStanding, "limit", usd("5")),
        (CreditStanding, "compare", "exceeds"),
        (CreditStanding, "levels", [1]),
        (CreditStanding, "levels", (1,)),
        (LevelState, "threshold", 900),
        (LevelState, "warning_number", "1"),
        (LevelState, "warned_at", "yesterday"),
        (LevelState, "warnings", "1"),
    ],
)
def test_what_a_host_reads_back_wrongly_is_refused_by_its_field(kind, field, value):
    whole: dict[Any, Any] = {
        CreditStanding: CreditStanding.new("hudson"),
        LevelState: LevelState(usd("9")),
    }
    with pytest.raises((InvalidType, InvalidValue), match=field):
        attrs.evolve(whole[kind], **{field: value})


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_is_no_terms_no_standing_or_no_facts_is_evaluated_by_nobody(place):
    terms = CreditTerms(Limit(usd("1000")))
    told: list[Any] = [
        terms,
        CreditStanding.new("hudson"),
        CreditFacts(usd("5"), MORNING, terms.limit),
    ]
    told[place] = None
    with pytest.raises(InvalidType, match=("terms", "standing", "facts")[place]):
        evaluate(*told)


def test_a_balance_in_another_currency_than_the_limit_is_refused_though_there_is_no_threshold():
    euro = Limit(Money("1", "EUR"))
    with pytest.raises(CurrencyMismatch):
        CreditFacts(usd("5"), MORNING, euro)
    facts = CreditFacts(Money("5", "EUR"), MORNING, euro)
    with pytest.raises(CurrencyMismatch):
        evaluate(CreditTerms(Limit(usd("1000"))), CreditStanding.new("hudson"), facts)


def test_a_bare_amount_is_no_limit():
    for ask in (is_suspended, is_over_limit, available_funds):
        with pytest.raises(InvalidType, match="limit"):
            ask(usd("5"), usd("5"))  # type: ignore[arg-type]
