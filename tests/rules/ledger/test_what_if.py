"""What entries would have earned under other terms, by the rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pendulum
import pytest

from distbilling import Money, Percent, Terms
from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.periods import Daily, Monthly
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.origin import RateOrigin
from distbilling.rules.agreement.schedule import (
    Bounded,
    Bracket,
    Brackets,
    ByAge,
    Circumstances,
    FlatFee,
    Per,
    Stage,
)
from distbilling.rules.agreement.terms import (
    CommissionKind,
    Margin,
    Netting,
    Rate,
    Remainder,
    Subject,
)
from distbilling.rules.chain.calculations import Calculations, Commissions
from distbilling.rules.chain.reversal import claw_back, corrected
from distbilling.rules.chain.split import Level, Split, split_of
from distbilling.rules.deciding.booking import postings_of
from distbilling.rules.ledger.accounts import DistributorLedger, PrepaidFunds, ProviderCash
from distbilling.rules.ledger.journal import Entry, EntryKind, Posting
from distbilling.rules.ledger.what_if import WhatIf, what_if
from distbilling.testing.sample_data import MARIA, usd

MARCH = pendulum.datetime(2026, 3, 1, 12)
PLAIN = Terms(Percent("15"), Percent("10"))
BRACKETS = Brackets(
    (Bracket(usd("0"), usd("100"), Percent("10")), Bracket(usd("100"), None, Percent("20")))
)


def entry(
    key: str,
    split: Split[Calculations],
    kind: EntryKind = EntryKind.PAYMENT,
    *,
    days: int = 0,
    original: str | None = None,
) -> Entry:
    postings = postings_of(split, PrepaidFunds("12125550100"))
    return Entry(key, kind, MARCH + dt.timedelta(days), MARIA, postings, split, original=original)


def paid(amount: str, *levels: Level, **told) -> Split[Commissions]:
    chain = levels or (Level("hudson", PLAIN),)
    return split_of(
        CommissionKind.PAYMENT, usd(amount), chain, at=MARCH, circumstances=Circumstances(**told)
    )


def test_each_entry_tells_what_would_have_come_of_it():
    found = what_if(
        [entry("p-1", paid("10.00")), entry("p-2", paid("20.00"))],
        {"hudson": Terms(PLAIN.sales_commission, Percent("12.5"))},
    )
    assert [outcome.difference("hudson") for outcome in found.outcomes] == [
        usd("0.25"),
        usd("0.50"),
    ]
    assert found.differences == {"hudson": usd("0.75")}
    assert found.outcomes[0].explain("hudson") == (
        "p-1: hudson earned $1.00; under the other terms $1.25, a difference of $0.25. "
        "12.5% (default payment commission) of $10.00 is $1.25: earned $1.25, owed $8.75."
    )
    assert Percent("12.5").format("de") in found.outcomes[0].explain("hudson", "de")
    assert usd("0.25").format("de") in found.outcomes[0].explain("hudson", "de")
    assert (
        found.explain()
        == "hudson earned $3.00; under the other terms $3.75, a difference of $0.75."
    )
    assert found.of("hudson") == found.outcomes
    assert found.of("soho") == ()


def test_a_chain_is_settled_again_and_those_that_are_not_named_keep_their_rate():
    levels = [
        Level("soho", Terms(PLAIN.sales_commission, Percent("10"))),
        Level("hudson", Terms(PLAIN.sales_commission, Percent("15"))),
    ]
    booked = paid("100.00", *levels)
    found = what_if([entry("p-1", booked)], {"soho": Terms(PLAIN.sales_commission, Percent("12"))})
    assert found.differences == {"soho": usd("2.00"), "hudson": usd("-2.00")}
    assert what_if(
        [entry("p-1", booked)], {"soho": Terms(PLAIN.sales_commission, Percent("20"))}
    ).differences == {
        "soho": usd("5.00"),
        "hudson": usd("-5.00"),
    }
    assert found.explain().splitlines() == [
        "soho earned $10.00; under the other terms $12.00, a difference of $2.00.",
        "hudson earned $5.00; under the other terms $3.00, a difference of -$2.00.",
    ]


def test_the_policies_of_the_top_level_count_and_each_ones_own_netting():
    levels = [Level("soho", PLAIN), Level("hudson", PLAIN)]
    top = Terms(
        Percent("15"), Percent("10"), margin=Margin.OWN_RATE_ON_THE_REST,
        remainder=Remainder.FIRST_IN_ORDER,
        netting=Netting.AT_SETTLEMENT,
    )  # fmt: skip
    (outcome,) = what_if([entry("p-1", paid("100.00", *levels))], {"hudson": top}).outcomes
    assert (outcome.other.margin, outcome.other.remainder) == (
        Margin.OWN_RATE_ON_THE_REST,
        Remainder.FIRST_IN_ORDER,
    )
    assert [share.netting for share in outcome.other.shares] == [
        Netting.AT_COLLECTION,
        Netting.AT_SETTLEMENT,
    ]
    assert [share.earned for share in outcome.other.shares] == [usd("10.00"), usd("9.00")]
    (below,) = what_if([entry("p-1", paid("100.00", *levels))], {"soho": top}).outcomes
    assert (below.other.margin, below.other.remainder) == (
        Margin.DIFFERENCE_OF_RATES,
        Remainder.EACH_LEVEL_ROUNDED,
    )
    assert [share.netting for share in below.other.shares] == [
        Netting.AT_SETTLEMENT,
        Netting.AT_COLLECTION,
    ]


def test_a_tax_is_told_to_each_level_only_as_far_as_the_levels_below_leave_it():
    net = Basis(TaxBasis.NET_OF_TAX)
    rest = Terms(Percent("0"), Percent("50"), margin=Margin.OWN_RATE_ON_THE_REST, basis=net)
    booked = paid("100.00", Level("soho", PLAIN), Level("hudson", PLAIN), tax=usd("80.00"))
    (outcome,) = what_if(
        [entry("p-1", booked)], {"soho": Terms(Percent("0"), Percent("50")), "hudson": rest}
    ).outcomes
    assert [share.earned for share in outcome.other.shares] == [usd("50.00"), usd("0.00")]


def test_kind_product_batch_and_instant_choose_the_other_rate():
    rates = (
        Rate(CommissionKind.PAYMENT, Percent("20"), "Gold"),
        Rate(CommissionKind.PAYMENT, Percent("30"), since=dt.date(2026, 3, 11)),
    )
    other = Terms(Percent("40"), Percent("10"), rates=rates, zone="Etc/UTC")
    history = [
        entry("p-1", paid("10.00")),
        attrs.evolve(entry("p-2", paid("10.00")), subject=Subject("Gold")),
        entry("p-3", paid("10.00"), days=10),
        entry("s-1", paid("10.00"), EntryKind.SALE),
    ]
    found = what_if(history, {"hudson": other})
    assert [outcome.other.earned_by("hudson") for outcome in found.outcomes] == [
        usd("1.00"), usd("2.00"), usd("3.00"), usd("4.00"),
    ]  # fmt: skip
    shares: list[Any] = [outcome.other.shares[0] for outcome in found.outcomes]
    origins = [share.calculation.origin.level for share in shares]
    assert origins == [
        RateOrigin.DEFAULT_PAYMENT_COMMISSION, RateOrigin.PRODUCT, RateOrigin.DISTRIBUTOR,
        RateOrigin.DEFAULT_SALES_COMMISSION,
    ]  # fmt: skip


def test_items_tax_discount_age_and_volume_are_those_that_were_told():
    booked = paid(
        "100.00", items=3, tax=usd("20.00"), discount=usd("10.00"), months=5, so_far=usd("90.00")
    )
    both = Basis(TaxBasis.NET_OF_TAX, DiscountBasis.BEFORE_DISCOUNT)
    for schedule, basis, earned in (
        (FlatFee(usd("2.00"), Per.ITEM), Basis(), "6.00"),
        (Percent("10"), both, "9.00"),
        (ByAge((Stage(5, Percent("1")), Stage(None, Percent("2")))), Basis(), "2.00"),
        (BRACKETS, Basis(), "19.00"),
    ):
        found = what_if(
            [entry("p-1", booked)], {"hudson": Terms(Percent("0"), schedule, basis=basis)}
        )
        assert found.outcomes[0].other.earned_by("hudson") == usd(earned)


def test_a_discount_that_nobody_told_of_is_none():
    before = Terms(Percent("0"), Percent("10"), basis=Basis(discount=DiscountBasis.BEFORE_DISCOUNT))
    found = what_if([entry("p-1", paid("100.00"))], {"hudson": before})
    assert found.outcomes[0].other.earned_by("hudson") == usd("10.00")


def test_the_volume_of_the_period_is_counted_again_where_the_cycle_is_known():
    history = [entry("p-1", paid("60.00")), entry("p-2", paid("60.00"), days=1), entry("s-1",
    paid("60.00"), EntryKind.SALE),
               entry("p-3", paid("60.00"), days=31)]  # fmt: skip
    terms = {"hudson": Terms(BRACKETS, BRACKETS)}
    months, days = (
        what_if(history, terms, cycles={"hudson": cycle("Etc/UTC")}) for cycle in (Monthly, Daily)
    )
    assert [outcome.other.earned_by("hudson") for outcome in months.outcomes] == [
        usd("6.00"), usd("8.00"), usd("6.00"), usd("6.00"),
    ]  # fmt: skip
    assert {outcome.other.earned_by("hudson") for outcome in days.outcomes} == {usd("6.00")}


def test_what_is_reversed_or_corrected_leaves_the_volume_of_its_originals_period():
    first, second = paid("80.00"), paid("40.00")
    terms, cycles = {"hudson": Terms(BRACKETS, BRACKETS)}, {"hudson": Monthly("Etc/UTC")}
    back = entry(
        "r-1", claw_back(first, usd("0"), usd("40.00")), EntryKind.REFUND, days=40, original="p-1"
    )
    history = [entry("p-1", first), back, entry("p-2", second, days=1)]
    found = what_if(history, terms, cycles=cycles)
    assert [outcome.other.earned_by("hudson") for outcome in found.outcomes] == [
        usd("8.00"),
        usd("-4.00"),
        usd("4.00"),
    ]
    right = entry(
        "c-1", corrected(first, usd("100.00")), EntryKind.CORRECTION, days=40, original="p-1"
    )
    found = what_if(
        [entry("p-1", first), right, entry("p-2", second, days=1)], terms, cycles=cycles
    )
    assert [outcome.other.earned_by("hudson") for outcome in found.outcomes] == [
        usd("8.00"),
        usd("2.00"),
        usd("8.00"),
    ]


def test_reversals_in_parts_give_back_what_the_other_terms_gave():
    payment = paid("10.00")
    parts = [usd("3.33"), usd("3.33"), usd("3.34")]
    history = [entry("p-1", payment)]
    for number, part in enumerate(parts):
        back = claw_back(payment, Money.sum(parts[:number], "USD"), part)
        history.append(
            entry(f"r-{number}", back, EntryKind.CHARGEBACK, days=number, original="p-1")
        )
    found = what_if(history, {"hudson": Terms(Percent("0"), Percent("15.5"))})
    assert [outcome.other.earned_by("hudson") for outcome in found.outcomes] == [
        usd("1.55"), usd("-0.52"), usd("-0.51"), usd("-0.52"),
    ]  # fmt: skip
    assert found.differences == {"hudson": usd("0.00")}


def test_a_correction_follows_its_original_with_the_tax_and_discount_of_its_own():
    net = Terms(
        Percent("0"), Percent("10"), basis=Basis(TaxBasis.NET_OF_TAX, DiscountBasis.BEFORE_DISCOUNT)
    )
    payment = paid("100.00", tax=usd("20.00"))
    right = corrected(payment, usd("50.00"), Circumstances(tax=usd("5.00")))
    again = corrected(paid("50.00", tax=usd("5.00")), usd("60.00"))
    history = [
        entry("p-1", payment),
        entry("c-1", right, EntryKind.CORRECTION, days=1, original="p-1"),
        entry("c-2", again, EntryKind.CORRECTION, days=2, original="p-1"),
    ]
    found = what_if(history, {"hudson": net})
    assert [outcome.other.earned_by("hudson") for outcome in found.outcomes] == [
        usd("8.00"),
        usd("-3.50"),
        usd("0.90"),
    ]
    per_item = what_if(
        [entry("p-1", paid("100.00", items=2)),
         entry("c-1", corrected(paid("100.00", items=2), usd("90.00")), EntryKind.CORRECTION,
         original="p-1")],
        {"hudson": Terms(Percent("0"), FlatFee(usd("1.00"), Per.ITEM))},
    )  # fmt: skip
    assert [outcome.other.earned_by("hudson") for outcome in per_item.outcomes] == [
        usd("2.00"),
        usd("0.00"),
    ]
    told = paid("100.00", items=2, tax=usd("20.00"))
    more = corrected(told, usd("90.00"), Circumstances(items=3, tax=usd("18.00")))
    per_item = what_if(
        [entry("p-1", told), entry("c-1", more, EntryKind.CORRECTION, original="p-1")],
        {"hudson": Terms(Percent("0"), FlatFee(usd("1.00"), Per.ITEM))},
    )
    assert [outcome.other.earned_by("hudson") for outcome in per_item.outcomes] == [
        usd("2.00"),
        usd("1.00"),
    ]


def test_a_correction_follows_its_original_with_the_items_and_the_discount_that_it_tells_itself():
    told = paid("100.00", items=2)
    more = corrected(told, usd("90.00"), Circumstances(items=3))
    per_item = what_if(
        [entry("p-1", told), entry("c-1", more, EntryKind.CORRECTION, original="p-1")],
        {"hudson": Terms(Percent("0"), FlatFee(usd("1.00"), Per.ITEM))},
    )
    assert [outcome.other.earned_by("hudson") for outcome in per_item.outcomes] == [
        usd("2.00"),
        usd("1.00"),
    ]
    told = paid("100.00", discount=usd("10.00"))
    less = corrected(told, usd("50.00"), Circumstances(discount=usd("2.00")))
    before = Terms(Percent("0"), Percent("10"), basis=Basis(discount=DiscountBasis.BEFORE_DISCOUNT))
    found = what_if(
        [entry("p-1", told), entry("c-1", less, EntryKind.CORRECTION, original="p-1")],
        {"hudson": before},
    )
    assert [outcome.other.earned_by("hudson") for outcome in found.outcomes] == [
        usd("11.00"),
        usd("-5.80"),
    ]


def test_what_reverses_or_corrects_an_entry_before_the_history_stays_as_it_was_booked():
    payment = paid("10.00")
    history = [
        entry("r-1", claw_back(payment, usd("0"), usd("5.00")), EntryKind.VOID, original="p-0"),
        entry("c-1", corrected(payment, usd("8.00")), EntryKind.CORRECTION, original="p-0"),
    ]
    found = what_if(history, {"hudson": Terms(Percent("0"), Percent("50"))})
    assert [outcome.other for outcome in found.outcomes] == [each.split for each in history]


@pytest.mark.parametrize(
    ("other", "field", "accepted"),
    [
        (
            Terms(Percent("0"), Percent("10"), basis=Basis(TaxBasis.NET_OF_TAX)),
            "tax",
            "the tax that the amount contains",
        ),
        (Terms(Percent("0"), BRACKETS), "so_far", "the volume of the billing period so far"),
        (
            Terms(Percent("0"), ByAge((Stage(None, Percent("1")),))),
            "months",
            "the whole months since",
        ),
    ],
)
def test_what_an_entry_does_not_tell_is_named_with_the_entry(other, field, accepted):
    with pytest.raises(InvalidValue, match=accepted) as refused:
        what_if([entry("p-1", paid("10.00"))], {"hudson": other})
    assert (refused.value.field, refused.value.value) == (f"entries['p-1'].{field}", None)


def test_terms_in_another_currency_are_refused():
    euro = Terms(Percent("0"), Bounded(Percent("1"), cap=Money("1", "EUR")))
    with pytest.raises(CurrencyMismatch):
        what_if([entry("p-1", paid("10.00"))], {"hudson": euro})


@pytest.mark.parametrize(
    ("entries", "terms", "cycles", "field"),
    [
        (["p-1"], {}, None, "entries"),
        ((), {"hudson": Percent("10")}, None, "other_terms"),
        ((), {}, {"hudson": "monthly"}, "cycles"),
    ],
)
def test_what_is_of_another_type_is_refused_by_name(entries, terms, cycles, field):
    with pytest.raises(InvalidType) as refused:
        what_if(entries, terms, cycles=cycles)
    assert refused.value.field == field


def test_a_distributor_that_is_not_in_the_chain_is_refused():
    (outcome,) = what_if([entry("p-1", paid("10.00"))], {}).outcomes
    with pytest.raises(InvalidValue, match="one of the chain: hudson"):
        outcome.difference("soho")
    with pytest.raises(InvalidValue, match="one of the chain: hudson"):
        outcome.explain("soho")


def test_what_nobody_earns_of_is_left_out():
    nine = usd("9.00")
    postings = (Posting(DistributorLedger("hudson"), -nine), Posting(ProviderCash(), nine))
    remittance = Entry("r-1", EntryKind.REMITTANCE, MARCH, MARIA, postings)
    assert what_if([remittance], {"hudson": PLAIN}) == WhatIf(())


def test_an_empty_history_differs_in_nothing():
    assert what_if((), {"hudson": PLAIN}) == WhatIf(())
    assert WhatIf(()).explain() == ""
