"""Reversals in any parts and order give back exactly what was earned, at every level."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import accumulate, pairwise
from random import Random
from typing import Any, assert_never

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import Money, RoundingMethod
from distbilling.money import from_units, units_of
from distbilling.rules.chain.calculations import Calculations, Clawbacks, Commissions, Corrections
from distbilling.rules.chain.reversal import Clawback, claw_back, corrected, effective
from distbilling.rules.chain.split import Split
from distbilling.rules.commission import Commission
from distbilling.testing.strategies.chains import Chain, chain_by, chains

GENERATED = 20_000


def parts_of(amount: Money, cuts: Iterable[int]) -> list[Money]:
    """Cut an amount at places told as fractions of a million; parts of nothing are left out."""
    decimals = amount.currency.digits or 0
    while Fraction(amount.amount) * 10**decimals % 1:
        decimals += 1
    units = units_of(amount, decimals)
    places = [0, *sorted(units * cut // 10**6 for cut in cuts), units]
    return [
        from_units(end - start, decimals, amount.currency)
        for start, end in pairwise(places)
        if end > start
    ]


def reversals(split: Split[Commissions], parts: Iterable[Money]) -> list[Split[Clawbacks]]:
    already, found = Money.zero(split.amount.currency), []
    for part in parts:
        found.append(claw_back(split, already, part))
        already += part
    return found


def is_closed(split: Split[Commissions], movements: Iterable[Split[Calculations]]) -> bool:
    """Tell whether nothing is left of the amount, nor of what any level earned and owed."""
    all_of_them: list[Split[Calculations]] = [split, *movements]
    return all(
        Money.sum(figures).is_zero
        for figures in (
            [each.amount for each in all_of_them],
            [each.provider for each in all_of_them],
            *(
                [each.shares[place].earned for each in all_of_them]
                for place in range(len(split.shares))
            ),
            *(
                [each.shares[place].owed for each in all_of_them]
                for place in range(len(split.shares))
            ),
        )
    )


def rounded(exact: Fraction, method: RoundingMethod, digits: int) -> Fraction:
    """Round a figure that is not negative, by the words of the rulebook."""
    steps = exact * 10**digits
    whole = int(steps)
    rest = steps - whole
    match method:
        case RoundingMethod.HALF_AWAY_FROM_ZERO:
            whole += rest >= Fraction(1, 2)
        case RoundingMethod.AWAY_FROM_ZERO:
            whole += rest > 0
        case RoundingMethod.HALF_EVEN:
            whole += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2)
        case RoundingMethod.DOWN:
            pass
        case RoundingMethod.MALAYSIAN:
            whole += {0: 0, 1: -1, 2: -2, 3: 2, 4: 1, 5: 0, 6: -1, 7: -2, 8: 2, 9: 1}[whole % 10]
        case _:
            assert_never(method)
    return Fraction(whole, 10**digits)


CUTS = st.lists(st.integers(0, 10**6), max_size=5)


@given(chains(), CUTS, st.randoms(use_true_random=False))
def test_partial_reversals_in_any_order_close_to_zero_at_every_level(chain, cuts, order):
    split = chain.split
    parts = parts_of(split.amount, cuts)
    order.shuffle(parts)
    made = reversals(split, parts)
    assert is_closed(split, made)
    for share, *backs in zip(split.shares, *(each.shares for each in made), strict=True):
        for so_far in accumulate(back.earned for back in backs):
            assert share.earned.amount >= -so_far.amount >= 0
        assert all(back.earned.amount <= 0 for back in backs)


@given(chains(), CUTS)
def test_what_is_given_back_so_far_is_the_rounded_part_of_what_was_earned(chain, cuts):
    split = chain.split
    digits = split.amount.currency.digits or 0
    so_far, given_back = Fraction(0), [Fraction(0)] * len(split.shares)
    for back in reversals(split, parts_of(split.amount, cuts)):
        so_far -= Fraction(back.amount.amount)
        for place, (share, gone) in enumerate(zip(split.shares, back.shares, strict=True)):
            given_back[place] -= Fraction(gone.earned.amount)
            earned = Fraction(share.earned.amount)
            part = earned * so_far / Fraction(split.amount.amount)
            assert isinstance(share.calculation, Commission)
            due = min(rounded(part, share.calculation.rounding.method, digits), earned)
            assert given_back[place] == (earned if so_far == Fraction(split.amount.amount) else due)


@given(chains(), CUTS)
def test_a_reversal_is_conserved_and_can_be_computed_again_from_its_explanation_alone(chain, cuts):
    split = chain.split
    for back in reversals(split, parts_of(split.amount, cuts)):
        assert Money.sum([back.provider, *(share.earned for share in back.shares)]) == back.amount
        assert attrs.evolve(back) == back
        for share in back.shares:
            assert isinstance(share.calculation, Clawback)
            told: dict[str, Any] = {step.name: step.value for step in share.calculation.steps}
            again = Clawback(
                told["earned"],
                told["amount"],
                told["reversed_before"],
                told["reversed"],
                told["rounding"],
            )
            assert again == share.calculation
            assert -again.taken == share.earned
            assert told["taken"] == told["taken_so_far"] - told["taken_before"] == again.taken
            assert again.taken.format(exact=True) in share.calculation.explain()


@given(chains(), CUTS)
def test_two_reversals_give_back_what_one_of_both_amounts_would(chain, cuts):
    split = chain.split
    none = Money.zero(split.amount.currency)
    made = reversals(split, parts_of(split.amount, cuts))
    so_far = none
    for place, back in enumerate(made):
        so_far -= back.amount
        at_once = claw_back(split, none, so_far)
        for number, share in enumerate(at_once.shares):
            assert share.earned == Money.sum(
                each.shares[number].earned for each in made[: place + 1]
            )


def without_tax(chain: Chain) -> bool:
    return chain.circumstances.tax is None


@given(chains().filter(without_tax), chains(), st.booleans())
def test_a_corrected_split_stands_as_if_the_right_amount_had_been_split_at_once(
    chain, other, below_zero
):
    right = Money(
        -other.amount.amount if below_zero else other.amount.amount, chain.amount.currency
    )
    split = chain.split
    difference = corrected(split, right)
    at_once = attrs.evolve(chain, amount=right).split
    assert effective(split, [difference]) == at_once
    assert difference.amount == right - chain.amount
    assert attrs.evolve(difference) == difference
    for before, change, after in zip(split.shares, difference.shares, at_once.shares, strict=True):
        assert (before.earned + change.earned, before.owed + change.owed) == (
            after.earned,
            after.owed,
        )


@given(chains(), st.lists(st.integers(1, 10**6), min_size=1, max_size=3), CUTS)
def test_what_is_corrected_and_then_reversed_in_parts_closes_to_zero(chain, rights, cuts):
    split = chain.split
    corrections: list[Split[Corrections]] = []
    for right in rights:
        stands = effective(split, corrections)
        amount = from_units(right, chain.amount.currency.digits or 0, chain.amount.currency)
        corrections.append(corrected(stands, amount))
    assert [attrs.evolve(correction) for correction in corrections] == corrections
    stands = effective(split, corrections)
    assert stands.amount == Money.sum(
        [split.amount, *(correction.amount for correction in corrections)]
    )
    assert attrs.evolve(stands) == stands
    assert is_closed(split, [*corrections, *reversals(stands, parts_of(stands.amount, cuts))])


@pytest.mark.exhaustive
@pytest.mark.parametrize("method", RoundingMethod)
def test_of_20_000_generated_chains_all_reversals_close_to_zero(method):
    random = Random(f"reversal/{method.name}")  # noqa: S311 - chosen, not secret
    choose: Any = random.choice
    checked = wrong = 0
    for _ in range(GENERATED):
        split = chain_by(choose, method=method).split
        parts = parts_of(
            split.amount, [random.randrange(10**6) for _ in range(random.randrange(6))]
        )
        random.shuffle(parts)
        wrong += not is_closed(split, reversals(split, parts))
        checked += len(parts)
    print(f"\n{checked:,} reversals of {GENERATED:,} chains rounded {method.name}: {wrong} off")
    assert wrong == 0
