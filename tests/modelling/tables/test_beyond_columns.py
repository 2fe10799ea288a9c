"""What columns cannot hold is refused by name before anything is computed."""

from __future__ import annotations

import attrs
import polars as pl
import pytest

from distbilling.errors import InvalidFields, InvalidValue
from distbilling.modelling import Book, settle
from distbilling.money import Money, Percent
from distbilling.rules.agreement.schedule import Bounded, FlatFee, Schedule
from distbilling.rules.agreement.terms import Remainder
from distbilling.rules.parties import Distributor
from distbilling.testing.sample_data import distributor

MARCH = 1_772_700_000_000_000
HUDSON = distributor("hudson")


def paid(*amounts: int, to: str = "hudson") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "transaction": range(len(amounts)),
            "distributor": to,
            "kind": "payment",
            "at": [MARCH + number for number in range(len(amounts))],
            "amount": amounts,
        }
    )


def for_payments(schedule: Schedule, who: Distributor = HUDSON) -> Distributor:
    return attrs.evolve(who, terms=attrs.evolve(who.terms, payment_commission=schedule))


def test_a_rate_of_more_decimals_than_columns_hold_is_named():
    with pytest.raises(
        InvalidValue,
        match=r"terms: '1\.12345678% \(default payment commission\)'.*at most 7 decimals",
    ):
        settle(paid(1001), Book.of(for_payments(Percent("1.12345678"))))


@pytest.mark.parametrize(("rate", "earned"), [("1.1234567", 11_234_567), ("0.0000001", 1)])
def test_seven_decimals_are_held(rate, earned):
    assert settle(paid(10**9), Book.of(for_payments(Percent(rate))))["earned"].to_list() == [earned]


def test_a_fee_may_be_a_thousand_millionth_of_a_cent_and_no_less():
    fine = FlatFee(Money("0.01499999999", "USD"))
    assert settle(paid(1001), Book.of(for_payments(fine)))["earned"].to_list() == [1]
    with pytest.raises(InvalidValue, match="at most 9 decimals of a minor unit"):
        settle(paid(1001), Book.of(for_payments(FlatFee(Money("0.014999999999", "USD")))))


def test_a_commission_beyond_what_a_column_holds_is_refused():
    generous = Bounded(Percent("100"), minimum=Money("92233720368547758.00", "USD"))
    with pytest.raises(
        InvalidValue, match=r"transactions: .* give amounts whose commission stays within"
    ):
        settle(paid(1001), Book.of(for_payments(generous)))


def test_where_a_chain_shares_the_odd_cent_out_amounts_have_fewer_digits():
    shared = attrs.evolve(
        HUDSON, terms=attrs.evolve(HUDSON.terms, remainder=Remainder.LARGEST_REMAINDER)
    )
    book = Book.of(
        shared, attrs.evolve(for_payments(Percent("5"), distributor("soho")), parent="hudson")
    )
    assert (
        settle(paid(9 * 10**9, to="soho"), book).sort("level")["earned"].to_list()
        == [45 * 10**7] * 2
    )
    with pytest.raises(
        InvalidValue, match=r"amount: 9007199255 .* a chain shares the odd cent out"
    ):
        settle(paid(9_007_199_255, to="soho"), book)


def test_of_many_reversals_that_do_not_fit_some_are_told_and_how_many_more_there_are():
    refunds = paid(*[5] * 8).with_columns(kind=pl.lit("refund"), original=pl.lit(99))
    with pytest.raises(InvalidFields) as refused:
        settle(refunds, Book.of(HUDSON))
    places = [str(problem).partition(" is not accepted")[0] for problem in refused.value.problems]
    assert places[:1] == ["transaction 0, original: 99"]
    assert places[-1] == "3 more rows, original: None"
    assert len(places) == 6
