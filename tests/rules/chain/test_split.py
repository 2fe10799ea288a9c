"""Who earns what of an amount in a chain, who owes whom, and what is no split."""

from __future__ import annotations

import copy
import pickle
import re
from typing import Any

import attrs
import pendulum
import pytest
from hypothesis import given

from distbilling import Money, Percent, RoundingMethod
from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.measure import Measure, Tiering
from distbilling.rules.agreement.origin import RateOrigin
from distbilling.rules.agreement.rates import Rate
from distbilling.rules.agreement.schedule import Bracket, Brackets, FlatFee
from distbilling.rules.agreement.terms import (
    CommissionKind,
    Margin,
    Netting,
    Remainder,
    Subject,
    Terms,
)
from distbilling.rules.chain import split as rules
from distbilling.rules.chain.calculations import Calculations, Commissions
from distbilling.rules.chain.reversal import claw_back, corrected
from distbilling.rules.chain.split import Level, Party, Share, Split
from distbilling.rules.commission import commission_on, commission_under
from distbilling.testing.sample_data import MORNING, usd
from distbilling.testing.strategies.chains import chains

split_of: Any = rules.split_of
NAMES = ("soho", "hudson", "jersey", "empire")
DIFFERENCE, REST = Margin.DIFFERENCE_OF_RATES, Margin.OWN_RATE_ON_THE_REST
EACH, LARGEST, FIRST = Remainder
HALF, AWAY = RoundingMethod.HALF_AWAY_FROM_ZERO, RoundingMethod.AWAY_FROM_ZERO
EVEN, DOWN, MALAYSIAN = (
    RoundingMethod.HALF_EVEN,
    RoundingMethod.DOWN,
    RoundingMethod.MALAYSIAN,
)
SALE, PAYMENT = CommissionKind
WHOLE_BAND, OPERATION = Tiering.WHOLE, Measure.OPERATION


def level(name: str, rate: object, method: RoundingMethod = HALF, **more: Any) -> Level:
    so_far = more.pop("so_far", None)
    schedule: Any = Percent(rate) if isinstance(rate, str) else rate
    return Level(name, Terms(schedule, schedule, method, **more), so_far)


def chain(
    *rates: object, methods: tuple[RoundingMethod, ...] = (HALF,) * 4, **more: Any
) -> tuple[Level, ...]:
    return tuple(
        level(name, rate, method, **more)
        for name, rate, method in zip(NAMES, rates, methods, strict=False)
    )


def share_out(amount: str, *levels: Level, **more: Any) -> Split[Commissions]:
    split: Split[Commissions] = split_of(PAYMENT, usd(amount), levels, at=MORNING, **more)
    return split


def earned(split: Split[Calculations]) -> list[str]:
    return [str(share.earned.amount) for share in split.shares]


def owed(split: Split[Calculations]) -> list[str]:
    return [str(share.owed.amount) for share in split.shares]


def test_each_level_keeps_its_margin_and_owes_the_rest_to_the_one_above():
    split = share_out("10.00", *chain("15", "20", "25"))
    assert [share.distributor for share in split.shares] == ["soho", "hudson", "jersey"]
    assert earned(split) == ["1.50", "0.50", "0.50"]
    assert owed(split) == ["8.50", "8.00", "7.50"]
    assert split.provider == usd("7.50")
    assert split.earned_by("hudson") == usd("0.50")
    assert (split.amount, split.margin, split.remainder) == (usd("10.00"), DIFFERENCE, EACH)


def test_each_level_can_earn_its_own_rate_on_what_the_levels_below_left():
    split = share_out("1000.00", *chain("10", "10", "10", margin=REST))
    assert earned(split) == ["100.00", "90.00", "81.00"]
    assert owed(split) == ["900.00", "810.00", "729.00"]
    assert [getattr(share.calculation, "amount", None) for share in split.shares] == list(
        map(usd, ("1000.00", "900.00", "810.00"))
    )


def test_the_terms_of_the_top_level_decide_what_a_margin_is_and_who_gets_the_odd_cent():
    low, high = (
        level("soho", "10", margin=REST, remainder=LARGEST),
        level("hudson", "20", remainder=FIRST),
    )
    split = share_out("10.00", low, high)
    assert (split.margin, split.remainder) == (DIFFERENCE, FIRST)
    assert earned(split) == ["1.00", "1.00"]


@pytest.mark.parametrize(
    ("remainder", "amount", "rates", "kept"),
    [
        (EACH, "0.50", ("1", "2", "3"), ["0.01", "0.00", "0.01"]),
        (LARGEST, "0.50", ("1", "2", "3"), ["0.01", "0.01", "0.00"]),
        (FIRST, "0.50", ("1", "2", "3"), ["0.01", "0.01", "0.00"]),
        (LARGEST, "0.50", ("1", "2", "5"), ["0.01", "0.00", "0.02"]),
        (FIRST, "0.50", ("1", "2", "5"), ["0.01", "0.01", "0.01"]),
        (LARGEST, "1.00", ("1", "1.5", "3.3"), ["0.01", "0.00", "0.02"]),
        (FIRST, "0.10", ("0", "4", "9"), ["0.00", "0.01", "0.00"]),
        (LARGEST, "0.10", ("0", "4", "9"), ["0.00", "0.00", "0.01"]),
        (LARGEST, "0.10", ("1", "2", "3"), ["0.00", "0.00", "0.00"]),
        (LARGEST, "0.00", ("1", "2", "3"), ["0.00", "0.00", "0.00"]),
    ],
)
def test_the_odd_cent_goes_where_the_policy_says(remainder, amount, rates, kept):
    assert earned(share_out(amount, *chain(*rates, remainder=remainder))) == kept
    assert earned(share_out(f"-{amount}", *chain(*rates, remainder=remainder))) == [
        f"-{cents}" if usd(cents) else cents for cents in kept
    ]


@pytest.mark.parametrize(
    ("remainder", "kept"), [(EACH, ["0.00"] * 4), (LARGEST, ["0.01", "0.01", "0.00", "0.00"])]
)
def test_what_all_earn_on_the_rest_is_rounded_once_where_the_cents_are_shared_out(remainder, kept):
    assert (
        earned(share_out("0.09", *chain("5", "5", "5", "5", margin=REST, remainder=remainder)))
        == kept
    )


def test_what_is_shared_out_is_rounded_as_the_top_level_rounds():
    methods = (HALF, HALF, AWAY)
    assert earned(share_out("0.31", *chain("1", "2", "3", methods=methods, remainder=LARGEST))) == [
        "0.01",
        "0.00",
        "0.00",
    ]
    methods = (AWAY, AWAY, DOWN)
    assert earned(share_out("0.31", *chain("1", "2", "3", methods=methods, remainder=LARGEST))) == [
        "0.00",
        "0.00",
        "0.00",
    ]


def test_rounding_down_level_by_level_never_makes_the_levels_earn_more_than_there_is():
    split = share_out(
        "0.01", *chain("99", "99", "99", methods=(DOWN,) * 3, margin=REST, remainder=LARGEST)
    )
    assert earned(split) == ["0.01", "0.00", "0.00"]
    assert split.provider == usd("0.00")


def test_a_fee_above_the_amount_leaves_nothing_to_the_levels_above():
    fees = (FlatFee(usd("3.00")), FlatFee(usd("5.00")))
    assert earned(share_out("2.00", *chain(*fees))) == ["2.00", "0.00"]
    assert earned(share_out("2.00", *chain(*fees, remainder=LARGEST))) == ["2.00", "0.00"]
    assert earned(share_out("2.00", *chain(*fees, margin=REST))) == ["2.00", "0.00"]
    assert earned(share_out("4.00", *chain(*fees, remainder=FIRST))) == ["3.00", "1.00"]


@pytest.mark.parametrize("remainder", Remainder)
def test_a_level_never_gets_more_than_the_one_above_it(remainder):
    assert earned(share_out("10.00", *chain("30", "20", remainder=remainder))) == ["2.00", "0.00"]
    split = share_out("10.00", *chain("30", "20", "25", remainder=remainder))
    assert earned(split) == ["2.00", "0.00", "0.50"]
    assert earned(share_out("-10.00", *chain("30", "20", "25", remainder=remainder))) == [
        "-2.00",
        "0.00",
        "-0.50",
    ]


def test_a_seller_that_rounds_up_gets_no_more_than_its_parent_that_rounds_down():
    assert earned(share_out("10.01", *chain("15", "15", methods=(AWAY, DOWN)))) == ["1.50", "0.00"]
    assert earned(share_out("10.01", *chain("15", "20", methods=(AWAY, DOWN)))) == ["1.51", "0.49"]


def test_each_level_earns_on_its_own_volume_so_far():
    tiers = Brackets(
        (Bracket(usd("0"), usd("1000"), Percent("10")), Bracket(usd("1000"), None, Percent("20")))
    )
    levels = level("soho", tiers, so_far=usd("0")), level("hudson", tiers, so_far=usd("5000"))
    assert earned(share_out("100.00", *levels)) == ["10.00", "10.00"]
    told = Circumstances(so_far=usd("950.00"))
    assert earned(share_out("100.00", level("soho", tiers), levels[1], circumstances=told)) == [
        "15.00",
        "5.00",
    ]
    (alone,) = share_out(
        "100.00", levels[1], circumstances=attrs.evolve(told, items=3, months=7)
    ).shares
    assert getattr(alone.calculation, "circumstances", None) == Circumstances(3, usd("5000"), 7)


def test_the_rest_contains_no_more_tax_than_it_is():
    basis = Basis(TaxBasis.NET_OF_TAX, DiscountBasis.BEFORE_DISCOUNT)
    levels = chain(FlatFee(usd("9.00")), "50", margin=REST, basis=basis)
    told = Circumstances(items=2, so_far=usd("7"), months=4, tax=usd("2.00"), discount=usd("1.00"))
    split = share_out("10.00", *levels, circumstances=told)
    assert earned(split) == ["9.00", "0.50"]
    assert getattr(split.shares[1].calculation, "circumstances", None) == attrs.evolve(
        told, tax=usd("1.00")
    )
    assert getattr(split.shares[0].calculation, "circumstances", None) == told
    assert earned(share_out("-10.00", *levels, circumstances=told)) == ["-9.00", "-0.50"]
    assert earned(share_out("10.00", *levels[::-1], circumstances=told)) == ["4.50", "5.50"]


@pytest.mark.parametrize("margin", Margin)
def test_tax_above_the_amount_is_refused_at_every_depth(margin):
    for levels in (chain("10", margin=margin), chain("10", "20", margin=margin)):
        with pytest.raises(InvalidValue, match="tax"):
            share_out("10.00", *levels, circumstances=Circumstances(tax=usd("10.01")))


def test_the_rate_is_the_one_for_the_kind_the_subject_and_the_instant():
    gold = Rate(SALE, Percent("50"), product="Gold", since=pendulum.date(2026, 3, 1))
    terms = Terms(Percent("15"), Percent("10"), rates=(gold,), zone="Etc/UTC")
    levels = [Level("soho", terms)]
    split = split_of(SALE, usd("10.00"), levels, at=MORNING, subject=Subject("Gold"))
    assert split.shares[0].calculation.origin.level is RateOrigin.PRODUCT
    assert split.earned_by("soho") == usd("5.00")
    before = split_of(
        SALE, usd("10.00"), levels, at=pendulum.datetime(2026, 2, 28), subject=Subject("Gold")
    )
    assert before.earned_by("soho") == usd("1.50")
    above = [*levels, level("hudson", "60")]
    assert earned(split_of(SALE, usd("10.00"), above, at=MORNING, subject=Subject("Gold"))) == [
        "5.00",
        "1.00",
    ]
    assert split_of(SALE, usd("10.00"), levels, at=MORNING).earned_by("soho") == usd("1.50")
    assert split_of(PAYMENT, usd("10.00"), levels, at=MORNING).earned_by("soho") == usd("1.00")


def test_a_share_keeps_when_its_commission_is_credited():
    split = share_out(
        "10.00", level("soho", "10", netting=Netting.AT_SETTLEMENT), level("hudson", "20")
    )
    assert [share.netting for share in split.shares] == [
        Netting.AT_SETTLEMENT,
        Netting.AT_COLLECTION,
    ]
    assert [
        share.netting
        for share in share_out("1.00", level("soho", "1", netting=Netting.AT_SETTLEMENT)).shares
    ] == [Netting.AT_SETTLEMENT]


@pytest.mark.parametrize("margin", Margin)
@pytest.mark.parametrize("remainder", Remainder)
@pytest.mark.parametrize("method", RoundingMethod)
def test_one_level_alone_earns_its_commission(margin, remainder, method):
    tiers = Brackets(
        (
            Bracket(usd("0"), usd("1000"), Percent("10.5")),
            Bracket(usd("1000"), None, Percent("20.33")),
        )
    )
    told = Circumstances(so_far=usd("999.99"))
    alone = level("soho", tiers, method, margin=margin, remainder=remainder)
    split = share_out("1.03", alone, circumstances=told)
    commission = commission_under(alone.terms, PAYMENT, usd("1.03"), at=MORNING, circumstances=told)
    assert split.shares == (Share("soho", commission.earned, commission.owed, commission),)
    assert (split.margin, split.remainder, attrs.evolve(split)) == (margin, remainder, split)


def test_a_thousand_levels_are_as_exact_as_one():
    split = share_out("1.00", *(level(f"d{place}", f"{place / 10:.1f}") for place in range(1001)))
    assert Money.sum(share.earned for share in split.shares) == usd("1.00")
    assert split.provider.is_zero


@pytest.mark.parametrize(
    ("levels", "error", "told"),
    [
        ((), InvalidValue, r"levels: \(\) .* at least one distributor"),
        ([], InvalidValue, r"levels: \[\] .* at least one distributor"),
        (chain("10", "20") + chain("5"), InvalidValue, "levels: 'soho' .* each distributor once"),
        (iter(chain("10")), InvalidType, "levels: .* a list or a tuple"),
        (level("soho", "10"), InvalidType, "levels: "),
        ([Terms(Percent("1"), Percent("1"))], InvalidType, "levels: .* a Level"),
        ([level("soho", "10"), "hudson"], InvalidType, "levels: 'hudson' .* a Level"),
    ],
)
def test_a_chain_has_at_least_one_level_and_each_distributor_once(levels, error, told):
    with pytest.raises(error, match=told):
        split_of(PAYMENT, usd("10.00"), levels, at=MORNING)


@pytest.mark.parametrize(
    ("levels", "more"),
    [
        (chain("10", FlatFee(Money("1", "EUR"))), {}),
        ((level("soho", "10", so_far=Money("1", "EUR")),), {}),
        (chain("10", "20"), {"circumstances": Circumstances(tax=Money("1", "EUR"))}),
    ],
)
def test_currencies_do_not_mix_in_a_chain(levels, more):
    with pytest.raises(CurrencyMismatch):
        share_out("10.00", *levels, **more)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("", Terms(Percent("1"), Percent("1"))), "distributor"),
        (("soho", Percent("1")), "terms"),
        (("soho", Terms(Percent("1"), Percent("1")), 5), "so_far"),
        (("soho", Terms(Percent("1"), Percent("1")), usd("-0.01")), "so_far"),
    ],
)
def test_a_level_is_a_distributor_with_its_terms(arguments, field):
    with pytest.raises((InvalidType, InvalidValue), match=f"^{field}: "):
        Level(*arguments)


TEN = usd("10.00")
LOW, HIGH = commission_on(TEN, Percent("15")), commission_on(TEN, Percent("20"))
SOHO, HUDSON = Party("soho"), Party("hudson")
EARNED = Commissions((LOW, HIGH), (usd("1.50"), usd("0.50")))
ALONE = Commissions((LOW,), (usd("1.50"),))
IN_EUROS = commission_on(Money("10.00", "EUR"), Percent("20"))
WHOLE = Split((SOHO, HUDSON), EARNED)
REVERSED = claw_back(WHOLE, usd("0.00"), usd("4.00"))
CORRECTED = corrected(WHOLE, usd("8.00"))


def test_a_split_that_is_written_out_is_the_one_that_is_computed():
    computed = share_out("10.00", *chain("15", "20"))
    assert attrs.evolve(computed, calculations=WHOLE.calculations) == WHOLE
    assert [share.earned for share in computed.shares] == [share.earned for share in WHOLE.shares]
    for split in (WHOLE, REVERSED, CORRECTED):
        assert attrs.evolve(split) == split
        assert attrs.evolve(split.calculations) == split.calculations


@pytest.mark.parametrize(
    ("value", "changes", "error", "told"),
    [
        (WHOLE, {"parties": ()}, InvalidValue, "parties: .* at least one distributor"),
        (WHOLE, {"parties": (SOHO, SOHO)}, InvalidValue,
         "parties: 'soho' .* each distributor once"),
        (WHOLE, {"parties": [SOHO, HUDSON]}, InvalidType, "parties: "),
        (WHOLE, {"parties": (SOHO, HIGH)}, InvalidType, "parties: .* a Party"),
        (WHOLE, {"parties": (SOHO,)}, InvalidValue, "parties: .* one for each of the 2 levels"),
        (WHOLE, {"calculations": ALONE}, InvalidValue, "parties: .* one for each of the 1 levels"),
        (WHOLE, {"calculations": HIGH}, InvalidType,
         "calculations: .* a Commissions or a Clawbacks or a Corrections"),
        (EARNED, {"margin": "difference_of_rates"}, InvalidType, "margin: "),
        (EARNED, {"remainder": None}, InvalidType, "remainder: "),
        (EARNED, {"levels": ()}, InvalidValue, "levels: .* at least one commission"),
        (EARNED, {"levels": (LOW, REVERSED.shares[1].calculation)}, InvalidType,
         "levels: .* a Commission"),
        (
            EARNED,
            {"levels": (commission_on(usd("9.00"), Percent("15")), HIGH)},
            InvalidValue,
            r"amount: Money\('10.00'.* give 9.00 USD.* the level at 1 ",
        ),
        (EARNED, {"levels": (LOW, IN_EUROS)}, CurrencyMismatch, "USD and EUR"),
        (EARNED, {"margin": REST}, InvalidValue,
         r"amount: Money\('10.00'.* give 8.50 USD.* the level at 1 "),
        (EARNED, {"levels": (HIGH, LOW)}, InvalidValue,
         r"earned: Money\('2.00'.* at most 1.50 USD"),
        (EARNED, {"kept": (usd("1.60"), usd("0.50"))}, InvalidValue,
         r"kept: .*'1.60'.* 1.50 USD, 0.50 USD, .* keep"),
        (EARNED, {"kept": (usd("1.50"),)}, InvalidValue, "kept: .* 1.50 USD, 0.50 USD, .* keep"),
        (EARNED, {"kept": 1}, InvalidType, "kept: "),
        (EARNED, {"remainder": LARGEST, "kept": (usd("1.49"), usd("0.51"))}, InvalidValue, "kept"),
        (REVERSED.calculations, {"original": WHOLE}, InvalidType, "original: .* a Commissions"),
        (REVERSED.calculations, {"before": usd("7.00")}, InvalidValue,
         "reversed: .* at most 3.00 USD"),
        (REVERSED.calculations, {"reversed": usd("0.00")}, InvalidValue, "reversed: .* above zero"),
        (REVERSED.calculations, {"reversed": Money("4.00", "EUR")}, CurrencyMismatch,
         "EUR and USD"),
        (REVERSED.calculations, {"kept": (usd("-0.50"), usd("-0.20"))}, InvalidValue,
         "kept: .* -0.60 USD"),
        (CORRECTED.calculations, {"after": HIGH}, InvalidType, "after: .* a Commissions"),
        (CORRECTED.calculations, {"after": ALONE}, InvalidValue,
         "after: .* levels and policies as before"),
        (CORRECTED.calculations, {"before": Commissions.of((IN_EUROS,) * 2, DIFFERENCE)},
         CurrencyMismatch, "USD and EUR"),
    ],
)  # fmt: skip
def test_a_split_whose_figures_are_not_what_its_reasons_give_cannot_be_made(
    value, changes, error, told
):
    with pytest.raises(error, match=told):
        attrs.evolve(value, **changes)


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"distributor": " soho"}, InvalidValue, "distributor: "),
        ({"earned": 1}, InvalidType, "earned: "),
        ({"owed": "8.50"}, InvalidType, "owed: "),
        (
            {"calculation": Percent("15")},
            InvalidType,
            "calculation: .* a Commission or a Clawback or a Correction",
        ),
        ({"netting": None}, InvalidType, "netting: "),
        ({"owed": Money("8.50", "EUR")}, CurrencyMismatch, "USD and EUR"),
    ],
)
def test_a_share_is_made_of_what_it_says(changes, error, told):
    with pytest.raises(error, match=told):
        attrs.evolve(WHOLE.shares[0], **changes)


@pytest.mark.parametrize("so_far", [None, usd("5.00")])
def test_circumstances_of_another_type_are_refused_whether_a_level_has_its_volume_or_not(so_far):
    with pytest.raises(InvalidType, match=r"^circumstances: "):
        split_of(
            SALE, usd("1.00"), [level("soho", "10", so_far=so_far)], at=MORNING, circumstances="x"
        )


def test_a_share_of_whoever_is_not_in_the_chain_is_an_error_that_names_the_chain():
    for ask in (WHOLE.earned_by, WHOLE.explain_share):
        with pytest.raises(
            InvalidValue, match=r"distributor: 'jersey' .* one of the chain: soho, hudson"
        ):
            ask("jersey")


def test_a_split_is_short_where_it_is_shown():
    assert repr(Split((SOHO,), ALONE)) == (
        "Split(amount=Money('10.00', 'USD'), shares=(Share(distributor='soho', "
        "earned=Money('1.50', 'USD'), "
        "owed=Money('8.50', 'USD'), calculation=Commission(…), netting=Netting.AT_COLLECTION),), "
        "margin=Margin.DIFFERENCE_OF_RATES, remainder=Remainder.EACH_LEVEL_ROUNDED)"
    )


@given(chains())
def test_a_split_is_a_value(chain):
    split = chain.split
    restored = pickle.loads(pickle.dumps(split))  # noqa: S301 - our own
    assert restored == copy.deepcopy(split) == chain.split == split
    assert hash(copy.deepcopy(split)) == hash(split)
    for value in (split, split.shares[0], chain.levels[0]):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            value.amount = split.amount


def test_who_keeps_what_and_who_owes_whom_is_told_level_by_level():
    levels = level("soho", "15"), level("hudson", "20", netting=Netting.AT_SETTLEMENT)
    assert share_out("10.00", *levels).explain().splitlines() == [
        "soho keeps $1.50 and owes hudson $8.50.",
        "hudson keeps $0.50 and owes the provider $8.00.",
        (
            "The commission of hudson is credited when its billing period closes; "
            "until then it owes $10.00."
        ),
        "The provider keeps $8.00.",
    ]
    assert share_out("-10.00", *levels[:1]).explain().splitlines() == [
        "soho gives back $1.50 and owes the provider $8.50 less.",
        "The provider gives back $8.50.",
    ]
    assert share_out("10.00", *levels).explain_share("hudson") == (
        "20% (default payment commission) of $10.00 is $2.00: earned $2.00, owed $8.00. "
        "$1.50 of it goes to levels below: hudson keeps $0.50. "
        "The commission of hudson is credited when its billing period closes; "
        "until then it owes $10.00."
    )


def in_german(amount: str) -> str:
    return usd(amount).format("de", exact=True)


FEE, LARGE_FEE, NO_FEE = FlatFee(usd("1.00")), FlatFee(usd("2000.00")), "0"


@pytest.mark.parametrize(
    ("levels", "amount", "right", "figures"),
    [
        (chain("10"), "12345.678", None, ("1234.57", "11111.108")),
        (chain(FEE), "0.005", None, ("0.005", "0.00")),
        (chain(FEE), "0.005", "0.001", ("0.004", "0.00")),
        (chain(NO_FEE), "0.005", "0.001", ("0.00", "0.004")),
        (chain(NO_FEE), "0.005", "0.008", ("0.00", "0.003")),
    ],
)
def test_who_keeps_what_is_told_to_the_last_digit_in_the_formats_of_the_reader(
    levels, amount, right, figures
):
    split = share_out(amount, *levels)
    told = split.explain("de") if right is None else corrected(split, usd(right)).explain("de")
    assert [figure for figure in figures if in_german(figure) not in told] == []
    assert not re.search(r"[$][0-9]", told)


@pytest.mark.parametrize(
    ("levels", "amount", "right", "figures"),
    [
        (chain(FEE, LARGE_FEE), "0.005", None, ("0.005", "0.00")),
        (chain("50", LARGE_FEE), "1000.005", None, ("1000.005", "500.00", "500.005")),
        (
            chain("50", LARGE_FEE, remainder=LARGEST),
            "1000.005",
            None,
            ("1000.005", "500.0025", "500.002"),
        ),
        (chain("0", FEE), "0.005", "0.001", ("0.005", "0.001", "-0.004")),
    ],
)
def test_why_it_is_kept_is_told_to_the_last_digit_in_the_formats_of_the_reader(
    levels, amount, right, figures
):
    split = share_out(amount, *levels)
    made = split if right is None else corrected(split, usd(right))
    told = made.explain_share("hudson", "de")
    assert [figure for figure in figures if in_german(figure) not in told] == []
    assert not re.search(r"[$][0-9]", told)


def test_no_digit_of_a_figure_is_left_out_where_it_is_told():
    assert share_out("12345.678", *chain("10")).explain().splitlines() == [
        "soho keeps $1,234.57 and owes the provider $11,111.108.",
        "The provider keeps $11,111.108.",
    ]
    below = share_out("0.005", *chain(FEE, LARGE_FEE)).explain_share("hudson")
    assert below.endswith(" $0.005 of it goes to levels below: hudson keeps $0.00.")
    shared = share_out("1000.005", *chain("50", LARGE_FEE, remainder=LARGEST)).explain_share(
        "hudson"
    )
    assert "All levels together earn $1,000.005, shared out as $500.0025 : $500.0025, " in shared
    assert shared.endswith(": hudson keeps $500.002.")
    difference = corrected(share_out("0.005", *chain("0", FEE)), usd("0.001")).explain_share(
        "hudson"
    )
    assert difference.endswith(" hudson keeps $0.001 in place of $0.005: -$0.004 is booked.")


def test_figures_in_a_split_are_told_in_the_formats_of_the_reader():
    told = share_out("1234.50", level("soho", "10")).explain("de")
    assert "123,45\xa0$" in told
    assert "1.111,05\xa0$" in told
    told = share_out("1234.50", *chain("10", "20")).explain_share("hudson", "de")
    assert "123,45\xa0$" in told
    told = share_out("0.50", *chain("1", "2", remainder=FIRST)).explain_share("hudson", "de")
    assert "0,005\xa0$ : 0,005\xa0$" in told


@pytest.mark.parametrize(
    ("levels", "amount", "distributor", "told"),
    [
        (chain("15", "20"), "10.00", "soho",
         "15% (default payment commission) of $10.00 is $1.50: earned $1.50, owed $8.50."),
        (chain("15", "20"), "10.00", "hudson",
         ("20% (default payment commission) of $10.00 is $2.00: earned $2.00, owed $8.00. "
         "$1.50 of it goes to levels below: hudson keeps $0.50.")),
        (chain("10", "10", margin=REST), "10.00", "hudson",
         "10% (default payment commission) of $9.00 is $0.90: earned $0.90, owed $8.10."),
        (chain("15", remainder=LARGEST), "10.00", "soho",
         "15% (default payment commission) of $10.00 is $1.50: earned $1.50, owed $8.50."),
        (chain("1", "2", "5", remainder=LARGEST), "0.50", "jersey",
         ("5% (default payment commission) of $0.50 is $0.025, rounded half away from zero to "
          "$0.03: "
         "earned $0.03, owed $0.47. All levels together earn $0.03, shared out as $0.005 : $0.005 "
         ": $0.015, "
         "odd units by the largest remainders: jersey keeps $0.02.")),
        (chain("5", "5", margin=REST, remainder=FIRST), "0.10", "hudson",
         ("5% (default payment commission) of $0.09 is $0.0045, rounded half away from zero to "
          "$0.00: "
         "earned $0.00, owed $0.09. All levels together earn $0.01, shared out as $0.005 : "
         "$0.0045, "
         "odd units in order from the seller: hudson keeps $0.00.")),
    ],
)  # fmt: skip
def test_how_a_share_came_about_is_told_so_that_a_reader_can_do_the_sum_again(
    levels, amount, distributor, told
):
    assert share_out(amount, *levels).explain_share(distributor) == told


def test_a_correction_is_told_with_what_was_recorded_and_what_is_booked():
    assert CORRECTED.explain().splitlines() == [
        "soho gives back $0.30 and owes hudson $1.70 less.",
        "hudson gives back $0.10 and owes the provider $1.60 less.",
        "The provider gives back $1.60.",
    ]
    assert CORRECTED.explain_share("hudson") == (
        "20% of $8.00 is $1.60: earned $1.60, owed $6.40. Recorded before: $0.50 earned. "
        "$1.20 of it goes to levels below: hudson keeps $0.40. hudson keeps $0.40 in place of "
        "$0.50: -$0.10 is booked."
    )


def test_a_reversal_is_told_with_what_each_gives_back():
    assert REVERSED.explain().splitlines() == [
        "soho gives back $0.60 and owes hudson $3.40 less.",
        "hudson gives back $0.20 and owes the provider $3.20 less.",
        "The provider gives back $3.20.",
    ]
    assert REVERSED.explain_share("hudson") == (
        "$0.50 × $4.00 ÷ $10.00, rounded half away from zero and at most $0.50, is $0.20 given "
        "back so far, "
        "$0.00 of it before: $0.20 now."
    )


def test_what_moves_in_two_directions_is_told_as_it_is():
    steep = share_out("0.05", level("soho", "90", MALAYSIAN))
    assert claw_back(steep, usd("0.02"), usd("0.01")).explain().splitlines() == [
        "soho gives back $0.05 and owes the provider $0.04 more.",
        "The provider keeps $0.04.",
    ]
    bands = Brackets(
        (Bracket(usd("0"), usd("100"), Percent("10")), Bracket(usd("100"), None, Percent("50"))),
        WHOLE_BAND,
        OPERATION,
    )
    moved = share_out("99.00", level("soho", bands))
    assert corrected(moved, usd("101.00")).explain().splitlines() == [
        "soho keeps $40.60 more and owes the provider $38.60 less.",
        "The provider gives back $38.60.",
    ]
    assert corrected(moved, usd("99.50")).explain().splitlines() == [
        "soho keeps $0.05 more and owes the provider $0.45 more.",
        "The provider keeps $0.45 more.",
    ]
    assert corrected(moved, usd("99.00")).explain().splitlines() == [
        "soho keeps $0.00 more and owes the provider $0.00 more.",
        "The provider keeps $0.00 more.",
    ]
