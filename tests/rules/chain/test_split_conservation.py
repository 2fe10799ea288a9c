"""An amount is shared to the last minor unit, whatever the chain, rates and policies."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import Money, RoundingMethod
from distbilling.rules.agreement.terms import Margin, Remainder
from distbilling.rules.chain.calculations import Commissions
from distbilling.rules.chain.margins import margins_of
from distbilling.rules.chain.split import Split
from distbilling.rules.commission import Commission, commission_on, commission_under
from distbilling.testing.sample_data import MORNING
from distbilling.testing.strategies.chains import chain_by, chains

GENERATED = 100_000


def commissions(split: Split[Commissions]) -> list[Commission]:
    return [
        share.calculation for share in split.shares if isinstance(share.calculation, Commission)
    ]


def by_hand(of: Sequence[Commission], margin: Margin, remainder: Remainder) -> list[Fraction]:
    """Work out what each level keeps, on fractions, by the words of the rulebook."""
    earned = [Fraction(commission.earned.amount) for commission in of]
    if len(of) == 1 or (
        remainder is Remainder.EACH_LEVEL_ROUNDED and margin is Margin.OWN_RATE_ON_THE_REST
    ):
        return earned
    if remainder is Remainder.EACH_LEVEL_ROUNDED:
        return [above - below for below, above in pairwise([Fraction(0), *earned])]
    sign = -1 if of[0].amount.is_negative else 1
    exact = [
        min(abs(Fraction(each.exact.amount)), abs(Fraction(each.amount.amount))) for each in of
    ]
    if margin is Margin.DIFFERENCE_OF_RATES:
        total = abs(earned[-1])
        most = [min(exact[place:]) for place in range(len(exact))]
        weights = [above - below for below, above in pairwise([Fraction(0), *most])]
    else:
        weights = exact
        amount = abs(of[0].amount)
        summed = sum(
            (min(abs(each.exact), abs(each.amount)) for each in of), Money.zero(amount.currency)
        )
        total = Fraction(min(of[-1].rounding.apply(summed), amount).amount)
    return [
        sign * part for part in shared(total, weights, of[0].amount.currency.digits or 0, remainder)
    ]


def shared(
    total: Fraction, weights: list[Fraction], digits: int, remainder: Remainder
) -> list[Fraction]:
    """Share out a total unit by unit, like a clerk: in minor units, or in its own last decimal."""
    if not total:
        return [Fraction(0)] * len(weights)
    while total * 10**digits % 1:
        digits += 1
    unit = Fraction(1, 10**digits)
    wanted = [total * weight / sum(weights) for weight in weights]
    parts = [part // unit * unit for part in wanted]
    takers = [place for place, weight in enumerate(weights) if weight]
    if remainder is Remainder.LARGEST_REMAINDER:
        takers.sort(key=lambda place: (parts[place] - wanted[place], place))
    while sum(parts) < total:
        parts[takers.pop(0)] += unit
    return parts


def off(amount: Money, kept: Sequence[Money], provider: Money) -> bool:
    """Tell whether something was lost or added, or somebody has a part of the other sign."""
    parts = (provider, *kept)
    return Money.sum(parts) != amount or any(
        not part.is_zero and part.is_negative != amount.is_negative for part in parts
    )


@given(chains())
def test_what_all_parties_have_is_the_amount_and_nobody_has_less_than_nothing(chain):
    split = chain.split
    assert not off(split.amount, [share.earned for share in split.shares], split.provider)
    assert [share.distributor for share in split.shares] == [
        level.distributor for level in chain.levels
    ]
    rest = chain.amount
    for share, level in zip(split.shares, chain.levels, strict=True):
        rest -= share.earned
        assert (share.owed, share.netting) == (rest, level.terms.netting)
        assert split.earned_by(share.distributor) == share.earned


@given(chains())
def test_what_each_level_keeps_can_be_worked_out_by_hand(chain):
    split = chain.split
    kept = [Fraction(share.earned.amount) for share in split.shares]
    assert kept == by_hand(commissions(split), split.margin, split.remainder)


@given(chains(), st.sampled_from(RoundingMethod))
def test_a_negative_amount_mirrors_the_positive_one(chain, method):
    mirrored = attrs.evolve(chain, amount=-chain.amount).split
    assert [(-share.earned, -share.owed) for share in mirrored.shares] == [
        (share.earned, share.owed) for share in chain.split.shares
    ]
    assert attrs.evolve(mirrored) == mirrored


@given(chains())
def test_every_level_is_paid_by_its_own_terms_and_by_no_others(chain):
    split = chain.split
    top = chain.levels[-1].terms
    assert (split.margin, split.remainder) == (top.margin, top.remainder)
    on = chain.amount
    found = commissions(split)
    for place, (level, commission) in enumerate(zip(chain.levels, found, strict=True)):
        difference = split.margin is Margin.DIFFERENCE_OF_RATES
        above = found[place + 1].earned if difference and place + 1 < len(found) else None
        tax = (
            chain.circumstances.tax
            if on is chain.amount or chain.circumstances.tax is None
            else min(chain.circumstances.tax, on)
        )
        told = attrs.evolve(chain.circumstances, so_far=level.so_far, tax=tax)
        assert commission == commission_under(
            level.terms, chain.kind, on, at=MORNING, circumstances=told, at_most=above
        )
        on = on if difference else commission.owed


@given(chains())
def test_a_split_can_be_computed_again_from_its_explanation_alone(chain):
    split = chain.split
    again = []
    for share in split.shares:
        assert isinstance(share.calculation, Commission)
        told = share.calculation
        again.append(
            commission_on(
                told.amount,
                told.rate,
                told.rounding,
                told.origin,
                basis=told.basis,
                circumstances=told.circumstances,
                at_most=told.at_most,
            )
        )
    assert margins_of(again, split.margin, split.remainder) == tuple(
        share.earned for share in split.shares
    )
    assert attrs.evolve(split) == split


@given(chains())
def test_how_each_share_came_about_can_be_told_of_every_chain(chain):
    split = chain.split
    assert len(split.explain().splitlines()) > len(chain.levels)
    for share in split.shares:
        assert share.earned.format(exact=True) in split.explain_share(share.distributor)


@given(chains().filter(lambda chain: len(chain.levels) == 1))
def test_one_level_earns_what_its_terms_say_alone(chain):
    (share,) = chain.split.shares
    (level,) = chain.levels
    told = attrs.evolve(chain.circumstances, so_far=level.so_far)
    commission = commission_under(
        level.terms, chain.kind, chain.amount, at=MORNING, circumstances=told
    )
    assert (share.calculation, share.earned, share.owed) == (
        commission,
        commission.earned,
        commission.owed,
    )


@pytest.mark.exhaustive
@pytest.mark.parametrize("method", RoundingMethod)
def test_of_100_000_generated_chains_none_is_off_under_any_policy(method):
    choose: Any = Random(f"conservation/{method.name}").choice  # noqa: S311 - chosen, not secret
    checked = wrong = 0
    for _ in range(GENERATED):
        chain = chain_by(choose, method=method, remainder=Remainder.EACH_LEVEL_ROUNDED)
        split = chain.split
        found = commissions(split)
        for remainder in Remainder:
            kept = margins_of(found, split.margin, remainder)
            wrong += off(chain.amount, kept, chain.amount - Money.sum(kept))
            checked += 1
        wrong += off(chain.amount, [share.earned for share in split.shares], split.provider)
    print(f"\n{checked:,} splits of {GENERATED:,} chains rounded {method.name}: {wrong} off")
    assert (checked, wrong) == (GENERATED * len(Remainder), 0)


@pytest.mark.exhaustive
def test_of_100_000_generated_chains_none_is_other_than_by_hand():
    choose: Any = Random("by hand").choice  # noqa: S311 - chosen, not secret
    wrong = 0
    for _ in range(GENERATED):
        split = chain_by(choose).split
        kept = [Fraction(share.earned.amount) for share in split.shares]
        wrong += kept != by_hand(commissions(split), split.margin, split.remainder)
    print(f"\n{GENERATED:,} chains by hand: {wrong} off")
    assert wrong == 0
