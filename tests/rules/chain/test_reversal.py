"""What refunds in parts give back, what corrections book, and what cannot be reversed."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import attrs
import pytest

from distbilling import Money, Percent, Rounding, RoundingMethod
from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.schedule import FlatFee
from distbilling.rules.agreement.terms import CommissionKind, Margin, Netting, Remainder, Terms
from distbilling.rules.chain import reversal as rules
from distbilling.rules.chain.calculations import Commissions
from distbilling.rules.chain.reversal import Clawback, Correction
from distbilling.rules.chain.split import Level, Split, split_of
from distbilling.rules.commission import commission_on
from distbilling.testing.sample_data import MORNING, usd

claw_back: Any = rules.claw_back
corrected: Any = rules.corrected
effective: Any = rules.effective
HALF, AWAY = RoundingMethod.HALF_AWAY_FROM_ZERO, RoundingMethod.AWAY_FROM_ZERO
EVEN, DOWN, MALAYSIAN = (
    RoundingMethod.HALF_EVEN,
    RoundingMethod.DOWN,
    RoundingMethod.MALAYSIAN,
)
NET = Basis(TaxBasis.NET_OF_TAX)
BEFORE = Basis(TaxBasis.NET_OF_TAX, DiscountBasis.BEFORE_DISCOUNT)
NONE = usd("0.00")


def split(
    amount: str,
    *rates: Any,
    method: RoundingMethod = HALF,
    told: Circumstances | None = None,
    **more: Any,
) -> Split[Commissions]:
    levels = []
    for name, rate in zip(("soho", "hudson", "jersey"), rates, strict=False):
        schedule = Percent(rate) if isinstance(rate, str) else rate
        levels.append(Level(name, Terms(schedule, schedule, method, **more)))
    return split_of(
        CommissionKind.PAYMENT,
        usd(amount),
        levels,
        at=MORNING,
        circumstances=told or Circumstances(),
    )


def taken(original: Split[Commissions], *parts: str) -> list[list[str]]:
    """Return what each distributor earns of each partial reversal, as written."""
    already, found = NONE, []
    for part in parts:
        back = claw_back(original, already, usd(part))
        found.append([str(share.earned.amount) for share in back.shares])
        already += usd(part)
    return found


def test_three_thirds_give_back_what_was_earned_to_the_cent():
    assert taken(split("10.00", "15"), "3.33", "3.33", "3.34") == [["-0.50"], ["-0.50"], ["-0.50"]]
    assert taken(split("10.00", "15", method=DOWN), "3.33", "3.33", "3.34") == [
        ["-0.49"],
        ["-0.50"],
        ["-0.51"],
    ]
    assert taken(split("10.00", "15", method=AWAY), "3.33", "3.33", "3.34") == [
        ["-0.50"],
        ["-0.50"],
        ["-0.50"],
    ]
    assert taken(split("10.00", "15", method=MALAYSIAN), "3.33", "3.33", "3.34") == [
        ["-0.50"],
        ["-0.50"],
        ["-0.50"],
    ]
    assert taken(split("10.00", "15", method=MALAYSIAN), "1.00", "9.00") == [["-0.15"], ["-1.35"]]
    assert taken(split("10.00", "14.5", method=MALAYSIAN), "1.00", "9.00") == [["-0.15"], ["-1.30"]]


def test_a_reversal_is_a_split_below_zero_in_which_each_level_owes_so_much_less():
    back = claw_back(split("10.00", "15", "20", "25"), NONE, usd("4.00"))
    assert back.amount == usd("-4.00")
    assert [(share.earned, share.owed) for share in back.shares] == [
        (usd("-0.60"), usd("-3.40")),
        (usd("-0.20"), usd("-3.20")),
        (usd("-0.20"), usd("-3.00")),
    ]
    assert back.provider == usd("-3.00")
    assert back.shares[1].calculation == Clawback(
        usd("0.50"), usd("10.00"), NONE, usd("4.00"), Rounding(HALF)
    )


def test_each_level_gives_back_by_its_own_rounding():
    down, away = (Level(name, Terms(Percent(rate), Percent(rate), method)) for name, rate, method in
                  (("soho", "15", DOWN), ("hudson", "30", AWAY)))  # fmt: skip
    original = split_of(CommissionKind.SALE, usd("10.00"), [down, away], at=MORNING)
    assert taken(original, "3.33", "6.67") == [["-0.49", "-0.50"], ["-1.01", "-1.00"]]


def test_a_reversal_keeps_the_policies_and_when_commission_is_credited():
    original = split("10.00", "10", "10", margin=Margin.OWN_RATE_ON_THE_REST,
    remainder=Remainder.FIRST_IN_ORDER,
                     netting=Netting.AT_SETTLEMENT)  # fmt: skip
    for made in (claw_back(original, NONE, usd("5.00")), corrected(original, usd("5.00"))):
        assert (made.margin, made.remainder) == (original.margin, original.remainder)
        assert [share.netting for share in made.shares] == [Netting.AT_SETTLEMENT] * 2
    stands = effective(original, [corrected(original, usd("5.00"))])
    assert stands == split("5.00", "10", "10", margin=original.margin, remainder=original.remainder,
                           netting=Netting.AT_SETTLEMENT)  # fmt: skip


def test_what_was_earned_on_a_fraction_of_a_cent_is_given_back_whole():
    original = split("0.001", "60", method=AWAY)
    assert original.earned_by("soho") == usd("0.001")
    assert taken(original, "0.0005", "0.0005") == [["-0.0010"], ["0.0000"]]
    assert taken(split("0.001", "60", method=DOWN), "0.001") == [["0.000"]]


@pytest.mark.parametrize(
    ("already", "back", "error", "told"),
    [
        (
            "0.00",
            "10.01",
            InvalidValue,
            r"reversed: Money\('10.01'.* at most 10.00 USD, which is left of 10.00 USD",
        ),
        (
            "6.66",
            "3.35",
            InvalidValue,
            r"reversed: Money\('3.35'.* at most 3.34 USD, which is left of 10.00 USD",
        ),
        ("10.00", "0.01", InvalidValue, r"reversed: .* at most 0.00 USD"),
        ("11.00", "0.01", InvalidValue, r"reversed: .* at most -1.00 USD"),
        ("0.00", "0.00", InvalidValue, r"reversed: Money\('0.00'.* above zero"),
        ("1.00", "-0.01", InvalidValue, r"reversed: Money\('-0.01'.* above zero"),
        (
            "-0.01",
            "1.00",
            InvalidValue,
            r"already: Money\('-0.01'.* give an amount of zero or more$",
        ),
    ],
)
def test_more_than_remains_or_nothing_cannot_be_reversed(already, back, error, told):
    with pytest.raises(error, match=told):
        claw_back(split("10.00", "15", "20"), usd(already), usd(back))


def test_nothing_can_be_reversed_of_what_is_nothing():
    for amount in ("0.00", "-10.00"):
        with pytest.raises(InvalidValue, match=r"amount: .* above zero"):
            claw_back(split(amount, "15"), NONE, usd("0.01"))


ORIGINAL = split("10.00", "15", "20")
BACK, DIFFERENCE = claw_back(ORIGINAL, NONE, usd("4.00")), corrected(ORIGINAL, usd("8.00"))


@pytest.mark.parametrize("made", [BACK, DIFFERENCE])
def test_a_reversal_or_a_correction_can_be_neither_reversed_nor_corrected(made):
    accepted = (
        r"split: Split\(.* give a split as it stands, which is itself no reversal and no correction"
    )
    for ask, arguments in (
        (claw_back, (NONE, usd("1.00"))),
        (corrected, (usd("1.00"),)),
        (effective, ([],)),
    ):
        with pytest.raises(InvalidValue, match=accepted):
            ask(made, *arguments)


@pytest.mark.parametrize(
    ("ask", "arguments", "error", "told"),
    [
        (claw_back, (ORIGINAL.shares, NONE, usd("1.00")), InvalidType, "^split: "),
        (claw_back, (ORIGINAL, 0, usd("1.00")), InvalidType, "^already: "),
        (claw_back, (ORIGINAL, NONE, "1.00"), InvalidType, "^reversed: "),
        (claw_back, (ORIGINAL, Money("0", "EUR"), usd("1.00")), CurrencyMismatch, "USD and EUR"),
        (claw_back, (ORIGINAL, NONE, Money("1.00", "EUR")), CurrencyMismatch, "EUR and USD"),
        (corrected, (None, usd("1.00")), InvalidType, "^split: "),
        (corrected, (ORIGINAL, 1), InvalidType, "^right: "),
        (corrected, (ORIGINAL, usd("1.00"), {}), InvalidType, "^circumstances: "),
        (corrected, (ORIGINAL, Money("1.00", "EUR")), CurrencyMismatch, "EUR and USD"),
        (effective, (5, []), InvalidType, "^split: "),
        (effective, (ORIGINAL, [5]), InvalidType, "^corrections: "),
    ],
)
def test_what_is_no_split_and_no_money_is_an_error_that_names_it(ask, arguments, error, told):
    with pytest.raises(error, match=told):
        ask(*arguments)


def test_a_correction_is_the_difference_to_what_is_right():
    assert [(share.earned, share.owed) for share in DIFFERENCE.shares] == [
        (usd("-0.30"), usd("-1.70")),
        (usd("-0.10"), usd("-1.60")),
    ]
    assert DIFFERENCE.amount == usd("-2.00")
    more = corrected(ORIGINAL, usd("10.10"))
    assert (more.amount, more.earned_by("soho"), more.provider) == (
        usd("0.10"),
        usd("0.02"),
        usd("0.08"),
    )
    nothing = corrected(ORIGINAL, NONE)
    assert [share.owed for share in nothing.shares] == [-share.owed for share in ORIGINAL.shares]


def test_a_correction_to_below_zero_mirrors_one_above():
    difference = corrected(split("100.00", "10"), usd("-1110.00"))
    assert difference.amount == usd("-1210.00")
    assert difference.earned_by("soho") == usd("-121.00")
    because = difference.shares[0].calculation
    assert (because.before, because.after.earned) == (usd("10.00"), usd("-111.00"))


def test_a_correction_is_at_the_terms_of_the_original():
    told = Circumstances(
        items=3, so_far=usd("50.00"), months=4, tax=usd("20.00"), discount=usd("10.00")
    )
    original = split("120.00", "10", "20", method=DOWN, told=told, basis=BEFORE)
    right = corrected(original, usd("60.00")).shares[0].calculation.after
    before: Any = original.shares[0].calculation
    assert (right.rate, right.rounding, right.origin, right.basis) == (
        before.rate, before.rounding, before.origin, before.basis)  # fmt: skip
    assert right.circumstances == attrs.evolve(told, tax=usd("10.00"), discount=usd("5.00"))
    assert right.earned == usd("5.50")
    assert right.at_most == usd("11.00")


def test_tax_and_discount_of_a_corrected_amount_are_in_proportion_unless_they_are_told():
    told = Circumstances(tax=usd("20.00"))
    original = split("120.00", "10", told=told, basis=NET)
    assert corrected(original, usd("100.00")).shares[0].calculation.after.circumstances.tax == usd(
        "16.67"
    )
    assert corrected(original, usd("-100.00")).shares[0].calculation.after.earned == usd("-8.33")
    discounted = split("90.00", "10", told=Circumstances(discount=usd("10.00")))
    assert corrected(discounted, usd("45.00")).shares[
        0
    ].calculation.after.circumstances.discount == usd("5.00")
    now = Circumstances(
        items=2, so_far=usd("99.00"), months=9, tax=usd("5.00"), discount=usd("1.00")
    )
    right = corrected(original, usd("60.00"), now).shares[0].calculation.after
    assert right.circumstances == Circumstances(items=2, tax=usd("5.00"), discount=usd("1.00"))
    assert right.earned == usd("5.50")
    kept = corrected(
        split("120.00", "10", told=Circumstances(so_far=usd("7.00"), months=8)), usd("6.00"), now
    )
    assert kept.shares[0].calculation.after.circumstances == attrs.evolve(
        now, so_far=usd("7.00"), months=8
    )


def test_tax_in_proportion_is_never_above_the_amount():
    original = split("10.00", "10", told=Circumstances(tax=usd("10.00")), basis=NET)
    assert corrected(original, usd("0.005")).shares[0].calculation.after.circumstances.tax == usd(
        "0.005"
    )
    with pytest.raises(InvalidValue, match="tax"):
        corrected(original, usd("1.00"), Circumstances(tax=usd("1.01")))


def test_tax_is_never_above_what_the_levels_below_left():
    levels = (FlatFee(usd("9.00")), "50")
    told = Circumstances(tax=usd("2.00"))
    original = split("10.00", *levels, told=told, basis=NET, margin=Margin.OWN_RATE_ON_THE_REST)
    again = corrected(original, usd("10.00"), told)
    assert [share.earned for share in again.shares] == [NONE, NONE]
    assert effective(original, [again]) == original
    assert corrected(original, usd("20.00")).shares[1].calculation.after.circumstances.tax == usd(
        "2.00"
    )


def test_tax_in_proportion_to_nothing_has_to_be_told():
    original = split("12.00", "10", told=Circumstances(tax=usd("2.00")), basis=NET)
    nothing = effective(original, [corrected(original, NONE)])
    with pytest.raises(
        InvalidValue, match=r"circumstances: None .* give the tax and .* the original was nothing$"
    ):
        corrected(nothing, usd("6.00"))
    assert corrected(nothing, usd("6.00"), Circumstances(tax=usd("1.00"))).earned_by("soho") == usd(
        "0.50"
    )
    assert corrected(effective(ORIGINAL, [corrected(ORIGINAL, NONE)]), usd("10.00")).shares[
        0
    ].owed == usd("8.50")


def test_what_was_corrected_stands_as_if_it_had_been_right_at_once():
    second = corrected(effective(ORIGINAL, [DIFFERENCE]), usd("12.00"))
    assert effective(ORIGINAL, []) is ORIGINAL
    assert effective(ORIGINAL, [DIFFERENCE]) == split("8.00", "15", "20")
    assert effective(ORIGINAL, (DIFFERENCE, second)) == split("12.00", "15", "20")
    assert second.amount == usd("4.00")


@pytest.mark.parametrize(
    "corrections",
    [
        [ORIGINAL],
        [BACK],
        [DIFFERENCE, DIFFERENCE],
        [corrected(effective(ORIGINAL, [DIFFERENCE]), usd("12.00"))],
        [corrected(split("10.00", "15"), usd("8.00"))],
        [corrected(split("10.00", "15", "20", remainder=Remainder.FIRST_IN_ORDER), usd("8.00"))],
        [corrected(split("10.00", "15", "20", netting=Netting.AT_SETTLEMENT), usd("8.00"))],
        [corrected(split("10.00", "16", "20"), usd("8.00"))],
        [corrected(split("20.00", "7.5", "10"), usd("8.00"))],
    ],
)
def test_a_correction_of_something_else_is_refused(corrections):
    with pytest.raises(
        InvalidValue,
        match=r"corrections: Split\(.* give what corrects (10|8).00 USD of this chain, in order",
    ):
        effective(ORIGINAL, corrections)


def test_what_was_corrected_is_reversed_as_it_stands():
    stands = effective(ORIGINAL, [DIFFERENCE])
    assert taken(stands, "3.00", "5.00") == [["-0.45", "-0.15"], ["-0.75", "-0.25"]]


CLAWBACK = Clawback(usd("1.50"), usd("10.00"), usd("3.33"), usd("3.33"), Rounding(DOWN))
CORRECTION = Correction(usd("1.00"), commission_on(usd("11.00"), Percent("10")))


def test_a_clawback_tells_all_its_figures():
    assert (CLAWBACK.reversed_so_far, CLAWBACK.taken_before, CLAWBACK.taken_so_far,
    CLAWBACK.taken) == (
        usd("6.66"), usd("0.49"), usd("0.99"), usd("0.50"))  # fmt: skip
    assert [(step.name, step.value) for step in CLAWBACK.steps] == [
        ("earned", usd("1.50")),
        ("amount", usd("10.00")),
        ("reversed_before", usd("3.33")),
        ("reversed", usd("3.33")),
        ("rounding", Rounding(DOWN)),
        ("taken_so_far", usd("0.99")),
        ("taken_before", usd("0.49")),
        ("taken", usd("0.50")),
    ]
    assert CLAWBACK.explain() == (
        "$1.50 × $6.66 ÷ $10.00, rounded towards zero and at most $1.50, is $0.99 given back so "
        "far, "
        "$0.49 of it before: $0.50 now."
    )
    assert attrs.evolve(CLAWBACK, reversed=usd("6.67")).explain() == (
        "All of $10.00 is reversed, so all of $1.50 is given back so far, $0.49 of it before: "
        "$1.01 now."
    )
    assert "0,99\xa0$" in CLAWBACK.explain("de")
    assert "6,66\xa0$" in CLAWBACK.explain("de")
    fine = Clawback(
        usd("0.005"), usd("10.005"), usd("1.001"), usd("1.001"), Rounding(DOWN, 4)
    ).explain("de")
    for figure in ("0.005", "10.005", "2.002", "0.001", "0.0005"):
        assert usd(figure).format("de", exact=True) in fine
    assert "1,01\xa0$" in attrs.evolve(CLAWBACK, reversed=usd("6.67")).explain("de")


def test_a_correction_tells_what_is_right_and_what_was_recorded():
    assert [step.name for step in CORRECTION.steps][:2] == ["before", "base"]
    assert CORRECTION.steps[0].value == usd("1.00")
    assert CORRECTION.steps[1:] == CORRECTION.after.steps
    assert (
        CORRECTION.explain()
        == "10% of $11.00 is $1.10: earned $1.10, owed $9.90. Recorded before: $1.00 earned."
    )
    assert "1,0005\xa0$" in attrs.evolve(CORRECTION, before=usd("1.0005")).explain("de")
    assert "9,90\xa0$" in CORRECTION.explain("de")


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"earned": 1}, InvalidType, "^earned: "),
        ({"amount": NONE}, InvalidValue, "^amount: .* above zero"),
        ({"amount": None}, InvalidType, "^amount: "),
        ({"before": usd("-0.01")}, InvalidValue, "^before: .* zero or more"),
        ({"before": "3.33"}, InvalidType, "^before: "),
        ({"reversed": NONE}, InvalidValue, "^reversed: .* above zero"),
        ({"reversed": 3}, InvalidType, "^reversed: "),
        (
            {"reversed": usd("6.68")},
            InvalidValue,
            r"^reversed: .* at most 6.67 USD, which is left of 10.00 USD",
        ),
        ({"rounding": DOWN}, InvalidType, "^rounding: .* a Rounding"),
        ({"earned": Money("1.50", "EUR")}, CurrencyMismatch, "USD and EUR"),
        ({"before": Money("3.33", "EUR")}, CurrencyMismatch, "USD and EUR"),
        ({"reversed": Money("3.33", "EUR")}, CurrencyMismatch, "EUR and USD"),
    ],
)
def test_a_clawback_that_cannot_be_is_not_made(changes, error, told):
    with pytest.raises(error, match=told):
        attrs.evolve(CLAWBACK, **changes)


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"before": 1}, InvalidType, "^before: "),
        ({"after": usd("1.10")}, InvalidType, "^after: .* a Commission"),
        ({"before": Money("1.00", "EUR")}, CurrencyMismatch, "USD and EUR"),
    ],
)
def test_a_correction_that_cannot_be_is_not_made(changes, error, told):
    with pytest.raises(error, match=told):
        attrs.evolve(CORRECTION, **changes)


@pytest.mark.parametrize("made", [BACK, DIFFERENCE, CLAWBACK, CORRECTION])
def test_what_reverses_and_corrects_is_a_value(made):
    assert pickle.loads(pickle.dumps(made)) == copy.deepcopy(made) == made  # noqa: S301 - our own
    assert hash(copy.deepcopy(made)) == hash(made)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.amount = NONE
    assert attrs.evolve(made) == made


def test_what_cannot_be_is_not_made_either_where_a_host_has_switched_validators_off():
    attrs.validators.set_disabled(True)
    try:
        for value, changes in (
            (CLAWBACK, {"amount": None}),
            (CORRECTION, {"after": None}),
            (BACK, {"calculations": None}),
        ):
            with pytest.raises(InvalidType):
                attrs.evolve(value, **changes)
    finally:
        attrs.validators.set_disabled(False)
