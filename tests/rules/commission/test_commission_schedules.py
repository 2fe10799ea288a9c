"""What is earned under fees, bounds, brackets, stages and bases, and what is refused."""

from __future__ import annotations

import datetime as dt
import pickle
import re
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from distbilling import Money, Percent, Rounding, RoundingMethod
from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue, PrecisionExceeded
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.origin import Origin, RateOrigin
from distbilling.rules.agreement.schedule import (
    Bounded,
    Bracket,
    Brackets,
    ByAge,
    Circumstances,
    FlatFee,
    Measure,
    Per,
    Schedule,
    Stage,
    Sum,
    Tiering,
)
from distbilling.rules.commission import commission_on
from distbilling.rules.commission.earning import Total
from distbilling.rules.commission.working import Line
from distbilling.testing.sample_data import usd
from distbilling.testing.strategies.schedules import circumstances, schedules
from distbilling.testing.strategies.values import currencies, money, percents

METHODS = st.sampled_from(RoundingMethod)
NET = Basis(TaxBasis.NET_OF_TAX)
BEFORE = Basis(discount=DiscountBasis.BEFORE_DISCOUNT)
FIVE = FlatFee(usd("5.00"))
TIERS = Brackets(
    (Bracket(usd("0"), usd("1000"), Percent("15")), Bracket(usd("1000"), None, Percent("10")))
)


def earned(amount: str, schedule: Schedule, **told: Any) -> Money:
    return commission_on(usd(amount), schedule, circumstances=Circumstances(**told)).earned


@st.composite
def marginal(draw, currency):
    bounds = sorted(draw(st.sets(money(currency, min_value=1, max_value=500), max_size=3)))
    lowers = [Money.zero(currency), *bounds]
    made = tuple(
        Bracket(lower, upper, draw(percents()))
        for lower, upper in zip(lowers, [*bounds, None], strict=True)
    )
    return Brackets(made)


@given(st.data(), currencies(), METHODS, st.booleans())
def test_one_payment_split_in_parts_earns_the_same_under_marginal_brackets(
    data, currency, method, aged
):
    schedule = data.draw(marginal(currency))
    so_far = data.draw(money(currency, min_value=0, max_value=600))
    parts = data.draw(st.lists(money(currency, min_value=0, max_value=300), min_size=1, max_size=5))
    rate = ByAge((Stage(None, schedule),)) if aged else schedule
    volume, split = so_far, []
    for part in parts:
        split.append(
            commission_on(part, rate, method, circumstances=Circumstances(so_far=volume, months=0))
        )
        volume += split[-1].base
    whole = commission_on(
        volume - so_far, rate, method, circumstances=Circumstances(so_far=so_far, months=0)
    )
    assume(
        not any(step.name == "not_above_amount" for each in (*split, whole) for step in each.steps)
    )
    assert Money.sum(each.earned for each in split) == whole.earned
    assert Money.sum(each.exact for each in split) == whole.exact


SLICES = Brackets(
    (Bracket(usd("0"), usd("1000"), Percent("10")), Bracket(usd("1000"), None, Percent("20"))),
    measure=Measure.OPERATION,
)


@pytest.mark.parametrize(
    ("tiering", "earned"), [(Tiering.MARGINAL, "205.00"), (Tiering.WHOLE, "305.00")]
)
def test_brackets_within_a_sum_keep_their_tiering(tiering, earned):
    rate = Sum((attrs.evolve(SLICES, tiering=tiering), FlatFee(usd("5.00"))))
    assert commission_on(usd("1500.00"), rate).earned == usd(earned)


def test_stages_within_a_sum_go_by_the_age_of_the_relation():
    rate = Sum((ByAge((Stage(12, Percent("10")), Stage(None, Percent("5")))), FlatFee(usd("1.00"))))
    young, old = (
        commission_on(usd("100.00"), rate, circumstances=Circumstances(months=months))
        for months in (11, 12)
    )
    assert (young.earned, old.earned) == (usd("11.00"), usd("6.00"))


def test_an_amount_below_zero_mirrors_the_totals_of_its_volume():
    by_volume = attrs.evolve(SLICES, measure=Measure.PERIOD_VOLUME)
    so_far = Circumstances(so_far=usd("800.00"))
    given, taken = (
        commission_on(usd(amount), by_volume, circumstances=so_far)
        for amount in ("500.00", "-500.00")
    )
    assert (given.earned, taken.earned) == (usd("80.00"), usd("-80.00"))
    totals = {step.name: step.value for step in given.steps if isinstance(step.value, Total)}
    assert totals.keys() == {"before", "after"}
    assert {
        step.name: -step.value for step in taken.steps if isinstance(step.value, Total)
    } == totals


def test_where_a_part_is_smaller_than_what_the_rounding_would_give_it_the_amount_wins():
    all_of_it = Brackets(
        (Bracket(usd("0"), usd("0.01"), Percent("50")), Bracket(usd("0.01"), None, Percent("100")))
    )
    split = commission_on(
        usd("0.01"),
        all_of_it,
        RoundingMethod.HALF_EVEN,
        circumstances=Circumstances(so_far=usd("0.01")),
    )
    assert [step.value for step in split.steps if step.name == "rounded"] == [usd("0.02")]
    assert split.earned == usd("0.01")
    assert split.explain() == (
        "Volume of the period so far: $0.01. Rate: 50% from $0.00 to $0.01; 100% from $0.01 (by "
        "the period's volume, "
        "slice by slice). Working: 100% of the $0.01 above $0.01 is $0.01. Rounded half to even, "
        "a volume of $0.02 earns "
        "$0.02 and $0.01 earned $0.00: the difference is $0.02. Never more than the amount: $0.01. "
        "Earned $0.01, owed $0.00."
    )


@given(st.data(), currencies(), METHODS)
def test_the_commission_on_a_negative_amount_mirrors_that_on_the_positive_one(
    data, currency, method
):
    amount = data.draw(money(currency, min_value=0, max_value=3000))
    schedule, told = data.draw(schedules(currency)), data.draw(circumstances(amount))
    basis = Basis(data.draw(st.sampled_from(TaxBasis)), data.draw(st.sampled_from(DiscountBasis)))
    at_most = data.draw(st.none() | money(currency, min_value=-100, max_value=100))
    split, mirrored = (
        commission_on(each, schedule, method, basis=basis, circumstances=told, at_most=at_most)
        for each in (amount, -amount)
    )
    assert (mirrored.earned, mirrored.base, mirrored.exact) == (
        -split.earned,
        -split.base,
        -split.exact,
    )
    assert mirrored.remainder == -split.remainder
    for step, other in zip(split.steps, mirrored.steps, strict=True):
        assert other.name == step.name
        if isinstance(step.value, Line):
            assert isinstance(other.value, Line)
            assert (other.value.name, other.value.rule) == (step.value.name, step.value.rule)
            assert (other.value.on, other.value.gives) == (-step.value.on, -step.value.gives)
        elif isinstance(step.value, Total):
            volume, exact, rounded = step.value.volume, step.value.exact, step.value.rounded
            assert other.value == Total(-volume, -exact, -rounded)
        elif step.name in {"tax", "discount", "so_far", "at_most"} or not isinstance(
            step.value, Money
        ):
            assert other.value == step.value
        else:
            assert other.value == -step.value


@given(st.data(), currencies(), METHODS)
def test_more_collected_never_earns_less_and_no_more_than_is_collected(data, currency, method):
    amount, more = sorted(
        data.draw(st.tuples(*(money(currency, min_value=0, max_value=3000),) * 2))
    )
    bounded = Bounded(
        data.draw(marginal(currency)), cap=data.draw(money(currency, min_value=0, max_value=100))
    )
    schedule = data.draw(st.sampled_from((bounded, bounded.schedule, Sum((Percent("5"), bounded)))))
    told = data.draw(circumstances(amount))
    less, greater = (
        commission_on(each, schedule, method, circumstances=told).earned for each in (amount, more)
    )
    assert Money.zero(currency) <= less <= greater <= more
    assert less <= amount


@given(st.data(), currencies(), METHODS)
def test_a_parents_commission_is_the_most_a_child_can_earn(data, currency, method):
    amount = data.draw(money(currency, min_value=0, max_value=3000))
    schedule, told = data.draw(schedules(currency)), data.draw(circumstances(amount))
    at_most = data.draw(money(currency, min_value=0, max_value=100))
    free, limited = (
        commission_on(amount, schedule, method, circumstances=told, at_most=most)
        for most in (None, at_most)
    )
    assert limited.earned == min(free.earned, at_most)
    assert limited.exact == free.exact


@pytest.mark.parametrize(
    ("amount", "schedule", "told", "due"),
    [
        ("90.00", FlatFee(usd("2.50"), Per.ITEM), {"items": 3}, "7.50"),
        ("90.00", FlatFee(usd("2.50")), {"items": 3}, "2.50"),
        ("0.05", FlatFee(usd("0.004")), {}, "0.00"),
        ("100.00", Bounded(Percent("1"), minimum=usd("5.00")), {}, "5.00"),
        ("500.00", Bounded(Percent("1"), minimum=usd("5.00")), {}, "5.00"),
        ("501.00", Bounded(Percent("1"), minimum=usd("5.00")), {}, "5.01"),
        ("100.00", Bounded(Percent("1"), cap=usd("1.00")), {}, "1.00"),
        ("101.00", Bounded(Percent("1"), cap=usd("1.00")), {}, "1.00"),
        ("99.00", Bounded(Percent("1"), cap=usd("1.00")), {}, "0.99"),
        ("101.00", Bounded(Percent("1"), cap=usd("0")), {}, "0.00"),
        ("3.00", Bounded(Percent("1"), minimum=usd("5.00")), {}, "3.00"),
        (
            "100.00",
            Bounded(Bounded(Percent("1"), cap=usd("0.50")), minimum=usd("0.75")),
            {},
            "0.75",
        ),
        ("100.00", Sum((Percent("5"), FIVE, Percent("2.5"))), {}, "12.50"),
        ("1000.00", TIERS, {"so_far": usd("0")}, "150.00"),
        ("1000.01", TIERS, {"so_far": usd("0")}, "150.00"),
        ("1000.10", TIERS, {"so_far": usd("0")}, "150.01"),
        ("100.00", TIERS, {"so_far": usd("950")}, "12.50"),
        ("100.00", TIERS, {"so_far": usd("1000")}, "10.00"),
        ("100.00", TIERS, {"so_far": usd("999.99")}, "10.00"),
        ("100.00", attrs.evolve(TIERS, tiering=Tiering.WHOLE), {"so_far": usd("899.99")}, "15.00"),
        ("100.00", attrs.evolve(TIERS, tiering=Tiering.WHOLE), {"so_far": usd("900")}, "10.00"),
        ("1100.00", attrs.evolve(TIERS, measure=Measure.OPERATION), {}, "160.00"),
        ("1100.00", Brackets(TIERS.brackets, Tiering.WHOLE, Measure.OPERATION), {}, "110.00"),
        ("999.99", Brackets(TIERS.brackets, Tiering.WHOLE, Measure.OPERATION), {}, "150.00"),
        (
            "100.00",
            ByAge((Stage(2, Percent("10")), Stage(1, FIVE), Stage(None, Percent("1")))),
            {"months": 1},
            "10.00",
        ),
        (
            "100.00",
            ByAge((Stage(2, Percent("10")), Stage(1, FIVE), Stage(None, Percent("1")))),
            {"months": 2},
            "5.00",
        ),
        (
            "100.00",
            ByAge((Stage(2, Percent("10")), Stage(1, FIVE), Stage(None, Percent("1")))),
            {"months": 3},
            "1.00",
        ),
        ("0.00", Sum((FIVE, Bounded(Percent("1"), minimum=usd("5.00")))), {}, "0.00"),
        ("0.00", TIERS, {}, "0.00"),
    ],
)
def test_what_an_accountant_finds(amount, schedule, told, due):
    assert earned(amount, schedule, **told) == usd(due)


MALAYSIAN = Rounding(RoundingMethod.MALAYSIAN)
TO_ONE_DECIMAL = Rounding(RoundingMethod.DOWN, places=1)


@pytest.mark.parametrize(
    ("schedule", "rounding", "due"),
    [
        (Percent("1.28"), MALAYSIAN, "1.30"),
        (Bounded(Percent("2"), cap=usd("1.28")), MALAYSIAN, "1.28"),
        (Bounded(Percent("1.27"), minimum=usd("1.27")), TO_ONE_DECIMAL, "1.27"),
        (Bounded(Bounded(Percent("2"), cap=usd("1.28")), minimum=usd("0.50")), MALAYSIAN, "1.28"),
        (Bounded(Bounded(Percent("1"), minimum=usd("1.29")), cap=usd("1.28")), MALAYSIAN, "1.28"),
        (ByAge((Stage(None, Bounded(Percent("2"), cap=usd("1.28"))),)), MALAYSIAN, "1.28"),
        (
            Brackets(
                (Bracket(usd("0"), None, Bounded(Percent("2"), cap=usd("1.28"))),), Tiering.WHOLE
            ),
            MALAYSIAN,
            "1.28",
        ),
        (Sum((Bounded(Percent("2"), cap=usd("1.28")),)), MALAYSIAN, "1.30"),
    ],
)
def test_a_rounded_figure_does_not_leave_the_outermost_bounds(schedule, rounding, due):
    told = Circumstances(so_far=usd("0"), months=0)
    assert commission_on(usd("100.00"), schedule, rounding, circumstances=told).earned == usd(due)


def test_that_bounds_were_applied_again_is_told():
    capped = Bounded(Percent("2"), cap=usd("1.28"))
    assert commission_on(usd("100.00"), capped, MALAYSIAN).explain() == (
        "Rate: 2%, at most $1.28. Working: 2% of $100.00 is $2.00; bounded to $1.28. "
        "Rounded the Malaysian way to $1.30. Bounded again to $1.28. Earned $1.28, owed $98.72."
    )


@pytest.mark.parametrize(
    ("basis", "told", "base"),
    [
        (Basis(), {"tax": usd("20"), "discount": usd("5")}, "100.00"),
        (NET, {"tax": usd("20")}, "80.00"),
        (NET, {"tax": usd("0")}, "100.00"),
        (NET, {"tax": usd("100")}, "0.00"),
        (BEFORE, {"discount": usd("5")}, "105.00"),
        (
            Basis(TaxBasis.NET_OF_TAX, DiscountBasis.BEFORE_DISCOUNT),
            {"tax": usd("20"), "discount": usd("5")},
            "85.00",
        ),
    ],
)
def test_what_a_commission_is_earned_on(basis, told, base):
    split = commission_on(
        usd("100.00"), Percent("10"), basis=basis, circumstances=Circumstances(**told)
    )
    assert split.base == usd(base)
    assert split.earned == Percent("10").of(usd(base))
    assert split.owed == usd("100.00") - split.earned


def test_both_tax_and_discount_are_told():
    both = Basis(TaxBasis.NET_OF_TAX, DiscountBasis.BEFORE_DISCOUNT)
    told = Circumstances(tax=usd("20"), discount=usd("5"))
    assert commission_on(
        usd("100.00"), Percent("10"), basis=both, circumstances=told
    ).explain() == (
        "Base: $100.00 less $20.00 of tax plus $5.00 of discount, that is $85.00. Rate: 10%. "
        "Working: 10% of $85.00 is $8.50. Earned $8.50, owed $91.50."
    )


@pytest.mark.parametrize(
    ("schedule", "basis", "told", "field", "accepted"),
    [
        (TIERS, Basis(), {}, "so_far",
         "the volume of the billing period so far: the rate depends on it"),
        (ByAge((Stage(None, FIVE),)), Basis(), {}, "months",
         "the whole months since the relation began: the rate depends on them"),
        (FIVE, NET, {"discount": usd("1")}, "tax",
         "the tax that the amount contains: commission is earned net of it"),
        (FIVE, BEFORE, {"tax": usd("1")}, "discount",
         "the discount that was taken off: commission is earned before it"),
    ],
)  # fmt: skip
def test_what_a_commission_needs_to_know_is_never_taken_for_zero(
    schedule, basis, told, field, accepted
):
    with pytest.raises(InvalidValue, match=re.escape(accepted)) as refused:
        commission_on(usd("100.00"), schedule, basis=basis, circumstances=Circumstances(**told))
    assert (refused.value.field, refused.value.value, refused.value.accepted) == (
        field,
        None,
        accepted,
    )


def test_what_is_not_asked_need_not_be_told():
    by_age = ByAge((Stage(2, FIVE), Stage(None, TIERS)))
    assert earned("100.00", by_age, months=1) == usd("5.00")
    by_operation = attrs.evolve(TIERS, measure=Measure.OPERATION)
    assert earned("100.00", by_operation) == usd("15.00")
    split = commission_on(usd("100.00"), by_age, circumstances=Circumstances(months=1))
    assert [step.name for step in split.steps][:5] == ["base", "rate", "origin", "months", "stage"]
    assert [step.value for step in split.steps if step.name == "months"] == [1]


@pytest.mark.parametrize("schedule", [Percent("10"), FIVE])
@pytest.mark.parametrize("basis", [Basis(), NET])
def test_an_amount_cannot_contain_more_tax_than_itself(schedule, basis):
    most = commission_on(
        usd("-8.00"), schedule, basis=basis, circumstances=Circumstances(tax=usd("8.00"))
    )
    assert most.earned <= usd("0.00")
    with pytest.raises(
        InvalidValue, match=re.escape("at most the amount that contains it, 8.00 USD")
    ) as refused:
        commission_on(
            usd("-8.00"), schedule, basis=basis, circumstances=Circumstances(tax=usd("8.01"))
        )
    assert (refused.value.field, refused.value.value) == ("tax", usd("8.01"))


@pytest.mark.parametrize(
    ("schedule", "told", "at_most"),
    [
        (FlatFee(Money("1", "EUR")), {}, None),
        (Sum((Percent("1"), FlatFee(Money("1", "EUR")))), {}, None),
        (Bounded(Percent("1"), cap=Money("1", "EUR")), {}, None),
        (Bounded(Percent("1"), minimum=Money("1", "EUR")), {}, None),
        (
            Brackets((Bracket(Money("0", "EUR"), None, Percent("1")),), measure=Measure.OPERATION),
            {},
            None,
        ),
        (
            ByAge((Stage(1, Percent("1")), Stage(None, FlatFee(Money("1", "EUR"))))),
            {"months": 0},
            None,
        ),
        (Percent("1"), {"so_far": Money("1", "EUR")}, None),
        (Percent("1"), {"tax": Money("1", "EUR")}, None),
        (Percent("1"), {"discount": Money("1", "EUR")}, None),
        (Percent("1"), {}, Money("1", "EUR")),
    ],
)
def test_currencies_never_mix(schedule, told, at_most):
    with pytest.raises(CurrencyMismatch) as refused:
        commission_on(usd("100.00"), schedule, circumstances=Circumstances(**told), at_most=at_most)
    assert (refused.value.expected, refused.value.found) == ("USD", "EUR")


@pytest.mark.parametrize("rate", [Percent("1"), FIVE])
@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"basis": "net"}, "basis"),
        ({"circumstances": {"items": 1}}, "circumstances"),
        ({"at_most": 5}, "at_most"),
        ({"origin": "product"}, "origin"),
        ({"rounding": "DOWN"}, "method"),
    ],
)
def test_what_is_of_another_type_is_refused_by_name(rate, arguments, field):
    with pytest.raises(InvalidType) as refused:
        commission_on(usd("100.00"), rate, **arguments)
    assert refused.value.field == field


@pytest.mark.parametrize("rate", [15, "15", None, usd("15")], ids=repr)
def test_a_bare_number_is_no_rate(rate):
    with pytest.raises(
        InvalidType, match=re.escape('a schedule, for example Percent("15")')
    ) as refused:
        commission_on(usd("100.00"), rate)
    assert refused.value.field == "rate"


def test_an_amount_is_money():
    with pytest.raises(InvalidType, match="give a Money"):
        commission_on("100.00", Percent("15"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "schedule",
    [
        Sum((Percent("33.333"), FIVE)),
        Brackets((Bracket(usd("0"), usd("9" * 30 + ".123"), Percent("12.345")),
        Bracket(usd("9" * 30 + ".123"), None, FIVE)),
                 Tiering.WHOLE),
        Brackets((Bracket(usd("0"), None, Percent("33.333")),)),
    ],
)  # fmt: skip
def test_a_commission_with_more_digits_than_an_amount_can_hold_is_refused_not_rounded(schedule):
    told = Circumstances(so_far=usd("1" * 31 + ".1234567"))
    with pytest.raises(PrecisionExceeded) as refused:
        commission_on(usd("9" * 31 + ".9999"), schedule, circumstances=told)
    assert refused.value.operation == "commission"


@given(st.data(), currencies())
def test_a_commission_survives_a_pickle_and_is_equal_after_it(data, currency):
    amount = data.draw(money(currency, min_value=0, max_value=3000))
    split = commission_on(
        amount, data.draw(schedules(currency)), circumstances=data.draw(circumstances(amount))
    )
    copied = pickle.loads(pickle.dumps(split))  # noqa: S301 - our own
    assert copied == split
    assert copied.steps == split.steps


def test_a_notebook_shows_every_step_of_a_commission():
    tiers = Brackets(
        (Bracket(usd("0"), usd("0.20"), Percent("15")), Bracket(usd("0.20"), None, Percent("10")))
    )
    gold = Origin(RateOrigin.PRODUCT, "Gold & Co", dt.date(2026, 3, 1), dt.date(2026, 4, 1))
    told = Circumstances(so_far=usd("0.16"), tax=usd("0.01"))
    split = commission_on(
        usd("0.18"), tiers, origin=gold, basis=NET, circumstances=told, at_most=usd("0.01")
    )
    left = 'style="text-align: left"'
    rows = [
        ("amount", "$0.18"),
        ("basis", "net of tax, after discount"),
        ("tax", "$0.01"),
        ("base", "$0.17"),
        (
            "rate",
            "15% from $0.00 to $0.20; 10% from $0.20 (by the period&#x27;s volume, slice by slice)",
        ),
        ("origin", "product Gold &amp; Co since 2026-03-01 until 2026-04-01"),
        ("so far", "$0.16"),
        ("slice", "15% of the $0.04 from $0.00 to $0.20 is $0.006"),
        ("slice", "10% of the $0.13 above $0.20 is $0.013"),
        ("brackets", "together $0.019"),
        ("exact", "$0.019"),
        ("rounding", "half away from zero"),
        ("before", "$0.024 on $0.16, rounded $0.02"),
        ("after", "$0.043 on $0.33, rounded $0.04"),
        ("rounded", "$0.02"),
        ("at most", "$0.01"),
        ("not above parent", "$0.01"),
        ("remainder", "-$0.009"),
        ("earned", "$0.01"),
        ("owed", "$0.17"),
    ]
    shown = "".join(f"<tr><th {left}>{head}</th><td {left}>{cell}</td></tr>" for head, cell in rows)
    assert split._repr_html_() == f"<table>{shown}</table>"
    per_item = commission_on(
        usd("9.00"), FlatFee(usd("1.00"), Per.ITEM), circumstances=Circumstances(items=3)
    )
    assert f"<th {left}>items</th><td {left}>3</td>" in per_item._repr_html_()
    assert f"<th {left}>origin</th><td {left}>given</td>" in per_item._repr_html_()
    default = attrs.evolve(per_item, origin=RateOrigin.DEFAULT_PAYMENT_COMMISSION)
    assert f"<td {left}>default payment commission</td>" in default._repr_html_()


@pytest.mark.parametrize(
    ("schedule", "told", "amount", "said"),
    [
        (FlatFee(usd("2.50"), Per.ITEM), {"items": 3}, "90.00",
         ("Items: 3. Rate: $2.50 for each item. Working: $2.50 for each item is $7.50. Earned "
         "$7.50, owed $82.50.")),
        (Brackets((Bracket(usd("0"), usd("50"), Percent("1")), Bracket(usd("50"), None, FIVE)),
         Tiering.WHOLE),
         {"so_far": usd("10")}, "20.00",
         ("Volume of the period so far: $10.00. Rate: 1% from $0.00 to $50.00; $5.00 from $50.00 "
          "(by the period's volume, "
         "one rate for the whole operation). Working: $30.00 lies in the bracket from $0.00 to "
         "$50.00; "
         "1% of $20.00 is $0.20. Earned $0.20, owed $19.80.")),
        (Brackets((Bracket(usd("0"), usd("50"), Percent("1")), Bracket(usd("50"), None, FIVE)),
         Tiering.WHOLE),
         {"so_far": usd("30")}, "20.00",
         ("Volume of the period so far: $30.00. Rate: 1% from $0.00 to $50.00; $5.00 from $50.00 "
          "(by the period's volume, "
         "one rate for the whole operation). Working: $50.00 lies in the bracket from $50.00; "
         "a fee of $5.00. Earned $5.00, owed $15.00.")),
        (Bounded(Sum((Percent("5"), FIVE)), cap=usd("50.00")), {}, "10.01",
         ("Rate: (5% plus $5.00), at most $50.00. Working: 5% of $10.01 is $0.5005; a fee of "
          "$5.00; together $5.5005. "
         "Rounded half away from zero to $5.50. Earned $5.50, owed $4.51.")),
        (ByAge((Stage(2, FIVE), Stage(None, Percent("1")))), {"months": 2}, "20.00",
         ("Whole months of the relation: 2. Rate: $5.00 in months 1 to 2; 1% from month 3 on. "
         "Working: the age of the relation gives 1%; 1% of $20.00 is $0.20. Earned $0.20, owed "
         "$19.80.")),
        (TIERS, {}, "0.00",
         ("Rate: 15% from $0.00 to $1,000.00; 10% from $1,000.00 (by the period's volume, slice "
          "by slice). "
         "Nothing is earned on nothing. Earned $0.00, owed $0.00.")),
    ],
)  # fmt: skip
def test_what_a_reader_is_told(schedule, told, amount, said):
    assert (
        commission_on(usd(amount), schedule, circumstances=Circumstances(**told)).explain() == said
    )


def test_a_percentage_below_its_parents_commission_is_told_in_steps():
    split = commission_on(usd("10.00"), Percent("15"), at_most=usd("1.20"))
    assert split.explain() == (
        "Rate: 15%. Working: 15% of $10.00 is $1.50. Never more than the parent's commission: "
        "$1.20. "
        "Earned $1.20, owed $8.80."
    )
    assert commission_on(usd("10.00"), Percent("15"), at_most=usd("1.50")).explain() == (
        "15% of $10.00 is $1.50: earned $1.50, owed $8.50."
    )


@given(st.data(), currencies())
def test_a_discount_on_nothing_collected_is_not_told(data, currency):
    told = Circumstances(discount=data.draw(money(currency, min_value=0, max_value=50)))
    split = commission_on(Money.zero(currency), Percent("10"), basis=BEFORE, circumstances=told)
    assert split.base.is_zero
    assert next(step.name for step in split.steps) == "base"


def test_a_reader_is_told_in_the_formats_of_the_locale():
    origin = Origin(RateOrigin.DISTRIBUTOR, None, dt.date(2026, 3, 1))
    said = commission_on(usd("1234.50"), Sum((Percent("12.5"), FIVE)), origin=origin).explain("de")
    for told in (
        "01.03.2026",
        Percent("12.5").format("de"),
        usd("1234.50").format("de"),
        usd("159.31").format("de"),
    ):
        assert told in said
    tiers = commission_on(
        usd("100.00"), TIERS, circumstances=Circumstances(so_far=usd("950"))
    ).explain("de")
    assert "$1" not in tiers
    assert tiers.count(usd("1000").format("de")) > 1
