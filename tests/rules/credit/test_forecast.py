"""Forecasts of warnings and suspension, to the microsecond and from unrounded figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.money import Currency, Money, Percent
from distbilling.rules.credit import (
    CreditTerms,
    Crossing,
    EveryFurther,
    Limit,
    PercentOfLimit,
    Rearm,
    Unlimited,
)
from distbilling.rules.credit.credit_watch import CreditFacts
from distbilling.rules.credit.forecast import (
    AlreadyReached,
    Flow,
    Forecast,
    NeverReached,
    Outlook,
    ReachedAt,
    forecast,
)
from distbilling.rules.credit.increase import LimitIncrease
from distbilling.testing.sample_data import MORNING, usd
from distbilling.testing.strategies.values import credit_terms, money

A_THOUSAND = Limit(usd("1000"))
NINETY = CreditTerms(A_THOUSAND, (PercentOfLimit("90"),))
DAY = dt.timedelta(days=1)
MICROSECOND = dt.timedelta(microseconds=1)
TEN_A_DAY = Flow(usd("70"), 7 * DAY)
LAST = pendulum.datetime(9987, 12, 31, 23, 59, 59, microsecond=999_999)
LEFT = dt.datetime.__sub__(LAST, MORNING) // MICROSECOND + 1
"""Microseconds from the morning to the end of the year 9987."""
SPANS = st.integers(1, 10**13).map(lambda length: length * MICROSECOND)


def seen(
    owed: str, flow: Flow = TEN_A_DAY, terms: CreditTerms = NINETY, *increases: LimitIncrease
) -> Forecast:
    """Return what is forecast of a distributor that owes so much in the morning."""
    return forecast(terms, CreditFacts(usd(owed), MORNING, terms.limit), flow, increases)


def test_at_ten_dollars_a_day_the_limit_is_reached_on_the_day_that_one_counts_on_ones_fingers():
    found = seen("850")
    assert found.limit == ReachedAt(usd("1000"), MORNING.add(days=15))
    assert found.warnings == (ReachedAt(usd("900"), MORNING.add(days=5) + MICROSECOND),)
    assert (found.owed, found.at, found.flow) == (usd("850"), MORNING, TEN_A_DAY)


def test_under_reaches_a_warning_comes_at_the_threshold_under_exceeds_a_microsecond_after_it():
    for compare, after in ((Crossing.REACHES, 0 * MICROSECOND), (Crossing.EXCEEDS, MICROSECOND)):
        terms = CreditTerms(A_THOUSAND, (PercentOfLimit("90"),), compare)
        assert seen("850", terms=terms).warnings == (
            ReachedAt(usd("900"), MORNING.add(days=5) + after),
        )


@pytest.mark.parametrize(
    ("owed", "compare", "outlook"),
    [
        ("900", Crossing.REACHES, AlreadyReached(usd("900"))),
        ("900", Crossing.EXCEEDS, ReachedAt(usd("900"), MORNING + MICROSECOND)),
        ("900.01", Crossing.EXCEEDS, AlreadyReached(usd("900"))),
        (
            "899.99",
            Crossing.REACHES,
            ReachedAt(usd("900"), MORNING.add(seconds=86, microseconds=400_000)),
        ),
    ],
)
def test_at_the_threshold_itself_it_is_the_comparison_that_tells(owed, compare, outlook):
    assert seen(owed, terms=CreditTerms(A_THOUSAND, (PercentOfLimit("90"),), compare)).warnings == (
        outlook,
    )


@pytest.mark.parametrize("net", ["0", "-70"])
def test_a_balance_that_does_not_grow_reaches_nothing_that_it_has_not_reached(net):
    flow = Flow(usd(net), 7 * DAY)
    assert seen("850", flow).warnings == (NeverReached(usd("900")),)
    assert seen("850", flow).limit == NeverReached(usd("1000"))
    assert seen("900", flow).warnings == (NeverReached(usd("900")),)
    assert seen("1000", flow).warnings == (AlreadyReached(usd("900")),)
    assert seen("1000", flow).limit == AlreadyReached(usd("1000"))


def test_what_is_further_off_than_time_is_reckoned_is_never_reached():
    reaches = CreditTerms(Limit(usd("1")), (usd("1"),), Crossing.REACHES)
    last = Flow(usd("1"), (LEFT - 1) * MICROSECOND)
    assert seen("0", last, reaches).limit == ReachedAt(usd("1"), LAST)
    assert seen("0", last, reaches).warnings == (ReachedAt(usd("1"), LAST),)
    beyond = Flow(usd("1"), LEFT * MICROSECOND)
    assert seen("0", beyond, reaches).limit == NeverReached(usd("1"))
    assert seen("0", beyond, reaches).warnings == (NeverReached(usd("1")),)
    assert seen(
        "0", Flow(Money("0.00001", "USD"), 3650 * DAY), CreditTerms(Limit(usd("9" * 30)))
    ).limit == (NeverReached(usd("9" * 30)))


def test_the_end_of_reckoning_is_exact_from_whatever_microsecond_on():
    terms = CreditTerms(Limit(usd("1")), (usd("1"),), Crossing.REACHES)
    for late in range(1, 40):
        facts = CreditFacts(usd("0"), MORNING.replace(microsecond=late), terms.limit)
        last = forecast(terms, facts, Flow(usd("1"), (LEFT - late - 1) * MICROSECOND))
        assert (last.limit, last.warnings) == (
            ReachedAt(usd("1"), LAST),
            (ReachedAt(usd("1"), LAST),),
        )
        beyond = forecast(terms, facts, Flow(usd("1"), (LEFT - late) * MICROSECOND))
        assert (beyond.limit, beyond.warnings) == (
            NeverReached(usd("1")),
            (NeverReached(usd("1")),),
        )


def test_every_level_is_foreseen_lowest_first_and_no_limit_never():
    terms = CreditTerms(
        Unlimited(), (usd("300"), PercentOfLimit("5"), EveryFurther(usd("100"), 2), usd("100"))
    )
    found = seen("200", terms=terms)
    assert [outlook.amount for outlook in found.warnings] == [
        usd("100"),
        usd("300"),
        usd("400"),
        usd("500"),
    ]
    assert found.warnings[0] == AlreadyReached(usd("100"))
    assert found.limit == Unlimited()


def _owed_at(outlook: ReachedAt, after: dt.timedelta, owed: Money, flow: Flow) -> Fraction:
    since = (dt.datetime.__sub__(outlook.at, MORNING) + after) // MICROSECOND
    return Fraction(owed.amount) + Fraction(flow.net.amount) * since / (flow.over // MICROSECOND)


@given(
    credit_terms("USD"),
    money("USD", min_value="-2000", max_value="2200"),
    money("USD", min_value="-500", max_value="500"),
    SPANS,
)
def test_at_the_instant_foreseen_the_balance_is_across_and_a_microsecond_before_it_is_not(
    terms, owed, net, over
):
    flow = Flow(net, over)
    found = forecast(terms, CreditFacts(owed, MORNING, terms.limit), flow)
    lines: list[tuple[Outlook, Crossing]] = [(outlook, terms.compare) for outlook in found.warnings]
    if not isinstance(found.limit, Unlimited):
        lines.append((found.limit, Crossing.REACHES))
    assert [outlook.amount for outlook in found.warnings] == list(terms.levels.thresholds)
    assert isinstance(found.limit, Unlimited) == isinstance(terms.limit, Unlimited)
    for outlook, compare in lines:
        height = Fraction(outlook.amount.amount)

        def is_across(
            balance: Fraction, height: Fraction = height, compare: Crossing = compare
        ) -> bool:
            return balance > height if compare is Crossing.EXCEEDS else balance >= height

        now = is_across(Fraction(owed.amount))
        match outlook:
            case ReachedAt():
                assert not now
                assert is_across(_owed_at(outlook, dt.timedelta(0), owed, flow))
                assert not is_across(_owed_at(outlook, -MICROSECOND, owed, flow))
            case AlreadyReached():
                assert now
            case NeverReached():
                assert not now
                at_last = Fraction(owed.amount) + Fraction(net.amount) * (LEFT - 1) / (
                    over // MICROSECOND
                )
                assert not is_across(at_last)


def raised(by: Money | Percent, since: int, until: int) -> LimitIncrease:
    """Return a limit raised from one day to another."""
    return LimitIncrease("maria", MORNING.add(days=since), MORNING.add(days=until), by)


@pytest.mark.parametrize(
    ("increases", "limit"),
    [
        ((), ReachedAt(usd("1000"), MORNING.add(days=15))),
        ((raised(usd("100"), 5, 30),), ReachedAt(usd("1100"), MORNING.add(days=25))),
        ((raised(usd("100"), 5, 25),), ReachedAt(usd("1000"), MORNING.add(days=25))),
        ((raised(usd("100"), 5, 20),), ReachedAt(usd("1000"), MORNING.add(days=20))),
        ((raised(usd("100"), 5, 14),), ReachedAt(usd("1000"), MORNING.add(days=15))),
        ((raised(usd("100"), 15, 30),), ReachedAt(usd("1100"), MORNING.add(days=25))),
        ((raised(usd("100"), 16, 30),), ReachedAt(usd("1000"), MORNING.add(days=15))),
        (
            (raised(usd("50"), 5, 40), raised(Percent("10"), 10, 22)),
            ReachedAt(usd("1050"), MORNING.add(days=22)),
        ),
    ],
    ids=[
        "none",
        "lasts longer",
        "ends as its limit is reached",
        "ends after the permanent limit was passed",
        "ends before the permanent limit is reached",
        "begins as the permanent limit is reached",
        "begins too late",
        "one in the other",
    ],
)
def test_a_limit_raised_for_a_time_is_reckoned_with_from_its_granting_to_its_end(increases, limit):
    assert seen("850", TEN_A_DAY, NINETY, *increases).limit == limit


def test_a_raised_limit_that_reverts_suspends_also_a_balance_that_stands_still_or_falls():
    in_force = Limit(usd("1100"))
    increases = [raised(usd("100"), -1, 3)]
    for net, limit in (
        ("0", ReachedAt(usd("1000"), MORNING.add(days=3))),
        ("-7", ReachedAt(usd("1000"), MORNING.add(days=3))),
        ("-210", NeverReached(usd("1000"))),
    ):
        facts = CreditFacts(usd("1050"), MORNING, in_force)
        assert forecast(NINETY, facts, Flow(usd(net), 7 * DAY), increases).limit == limit


def test_the_limit_in_force_now_holds_where_no_increase_is_named():
    facts = CreditFacts(usd("1050"), MORNING, Limit(usd("1100")))
    assert forecast(NINETY, facts, TEN_A_DAY).limit == ReachedAt(usd("1100"), MORNING.add(days=5))
    assert forecast(NINETY, facts, TEN_A_DAY).warnings == (AlreadyReached(usd("900")),)
    just_granted = [raised(usd("200"), 0, 30)]
    assert forecast(NINETY, facts, TEN_A_DAY, just_granted).limit == ReachedAt(
        usd("1100"), MORNING.add(days=5)
    )
    none = CreditFacts(usd("1050"), MORNING, Unlimited())
    assert forecast(NINETY, none, TEN_A_DAY).limit == Unlimited()
    assert forecast(NINETY, none, TEN_A_DAY, [raised(usd("100"), 1, 2)]).limit == ReachedAt(
        usd("1000"), MORNING.add(days=2)
    )


def test_a_pace_counts_what_moved_from_the_start_and_not_what_moved_at_the_end():
    at = [
        MORNING - MICROSECOND,
        MORNING,
        MORNING.add(days=1),
        MORNING.add(days=2) - MICROSECOND,
        MORNING.add(days=2),
    ]
    movements = [
        (moment, usd(amount))
        for moment, amount in zip(at, ("1", "10", "-4", "100", "1000"), strict=True)
    ]
    assert Flow.of(movements, MORNING, MORNING.add(days=2)) == Flow(usd("106"), 2 * DAY)


def test_where_nothing_moved_the_currency_is_named_and_the_pace_is_nothing():
    assert Flow.of([], MORNING, MORNING.add(days=1), "USD") == Flow(usd("0"), DAY)
    with pytest.raises(InvalidValue, match="currency"):
        Flow.of([], MORNING, MORNING.add(days=1))
    with pytest.raises(CurrencyMismatch):
        Flow.of([(MORNING, usd("5"))], MORNING, MORNING.add(days=1), "EUR")


@pytest.mark.parametrize("end", [MORNING, MORNING - MICROSECOND], ids=["at its start", "before"])
def test_a_pace_is_measured_over_some_time(end):
    with pytest.raises(InvalidValue) as refused:
        Flow.of([(MORNING, usd("5"))], MORNING, end)
    assert (refused.value.field, refused.value.value) == ("end", end)
    assert refused.value.accepted == f"an instant after the start, {MORNING.isoformat()}"
    for over in (dt.timedelta(0), -DAY):
        with pytest.raises(InvalidValue) as refused:
            Flow(usd("5"), over)
        assert (
            str(refused.value)
            == f"over: {over!r} is not accepted; give a length of time above zero"
        )


def test_what_is_wrong_with_a_pace_is_told_by_field():
    wrong, naive = cast("Any", 7), dt.datetime(2026, 1, 1)  # noqa: DTZ001 - that is what is wrong
    makers: list[tuple[str, Callable[[], Flow]]] = [
        ("net", lambda: Flow(wrong, DAY)),
        ("over", lambda: Flow(usd("1"), wrong)),
        ("start", lambda: Flow.of([], naive, MORNING, "USD")),
        ("end", lambda: Flow.of([], MORNING, wrong, "USD")),
        ("movements", lambda: Flow.of([(naive, usd("1"))], MORNING, MORNING.add(days=1))),
    ]
    for field, make in makers:
        with pytest.raises((InvalidType, InvalidValue)) as refused:
            make()
        assert refused.value.field == field


def test_a_length_of_time_of_pendulum_is_kept_as_a_plain_one():
    flow = Flow(usd("70"), MORNING.add(days=7) - MORNING)
    assert flow == TEN_A_DAY
    assert type(flow.over) is dt.timedelta


@pytest.mark.parametrize(
    ("net", "currency", "over", "a_day"),
    [
        ("70", "USD", 7 * DAY, "10"),
        ("-70", "USD", 7 * DAY, "-10"),
        ("1", "USD", 3 * DAY, "0.33"),
        ("1", "USD", dt.timedelta(hours=1), "24"),
        ("0.01", "USD", 2 * DAY, "0"),
        ("0.03", "USD", 2 * DAY, "0.02"),
        ("1", "JPY", 3 * DAY, "0"),
        ("1", "KWD", 3 * DAY, "0.333"),
        ("1", "XAU", 3 * DAY, "0.33333"),
    ],
)
def test_a_pace_is_shown_by_the_day_rounded_for_the_eye(net, currency, over, a_day):
    assert Flow(Money(net, currency), over).a_day == Money(a_day, currency)


def test_all_that_a_forecast_compares_is_in_one_currency():
    euro, facts = Money("5", "EUR"), CreditFacts(usd("850"), MORNING, A_THOUSAND)
    for terms, known, flow in (
        (NINETY, facts, Flow(euro, DAY)),
        (NINETY, CreditFacts(euro, MORNING, Unlimited()), TEN_A_DAY),
        (CreditTerms(Unlimited(), rearm=Rearm(euro)), facts, TEN_A_DAY),
    ):
        with pytest.raises(CurrencyMismatch) as refused:
            forecast(terms, known, flow)
        found = refused.value.found
        assert (refused.value.expected, found) == (
            known.owed.currency.code,
            "USD" if known.owed == euro else "EUR",
        )


def test_a_forecast_is_told_in_sentences():
    terms = CreditTerms(A_THOUSAND, (usd("800"), PercentOfLimit("90")), Crossing.REACHES)
    assert _lines(seen("850", terms=terms)) == [
        "$850.00 is owed, and the balance changes by $10.00 a day.",
        "The warning threshold of $800.00 is crossed already.",
        "The warning threshold of $900.00 is crossed on Mar 6, 2026, 9:00:00 AM.",
        "The credit limit of $1,000.00 is reached on Mar 16, 2026, 9:00:00 AM.",
    ]
    assert _lines(seen("1000", Flow(usd("0"), DAY), terms))[1:] == [
        "The warning threshold of $800.00 is crossed already.",
        "The warning threshold of $900.00 is crossed already.",
        "The credit limit of $1,000.00 is reached already.",
    ]
    assert _lines(seen("1", Flow(usd("-1"), DAY), terms)) == [
        "$1.00 is owed, and the balance changes by -$1.00 a day.",
        "The warning threshold of $800.00 is not crossed at this pace.",
        "The warning threshold of $900.00 is not crossed at this pace.",
        "The credit limit of $1,000.00 is not reached at this pace.",
    ]
    assert _lines(seen("1", terms=CreditTerms(Unlimited())))[1:] == ["There is no credit limit."]


def test_a_forecast_is_told_in_the_formats_of_the_reader_on_the_clocks_of_its_zone_and_exactly():
    found = forecast(
        CreditTerms(Limit(usd("850.005")), (usd("850.001"),), Crossing.REACHES),
        CreditFacts(usd("849.995"), MORNING, Limit(usd("850.005"))),
        TEN_A_DAY,
    )
    told = found.explain("en_GB", "Asia/Tokyo").split("\n")
    assert told[0].startswith("US$849.995 is owed")
    assert told[1].startswith("The warning threshold of US$850.001 is crossed on 1 Mar 2026, 18:")
    assert told[2].startswith("The credit limit of US$850.005 is reached on 1 Mar 2026, 18:")
    for locale, zone in (("nowhere", "Etc/UTC"), ("en", "Mars")):
        with pytest.raises(InvalidValue):
            found.explain(locale, zone)


def _lines(found: Forecast) -> list[str]:
    return found.explain().replace("\u202f", " ").split("\n")


def test_a_currency_may_be_named_by_its_code_or_itself():
    assert Flow.of([], MORNING, MORNING.add(days=1), Currency("USD")) == Flow(usd("0"), DAY)
