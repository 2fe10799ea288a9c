"""Limits, thresholds and shares in a file are read as they were meant."""

from __future__ import annotations

from typing import Any

import pytest

from distbilling.errors import InvalidType, InvalidValue
from distbilling.money import Currency, Money, Percent
from distbilling.rules.credit import CreditLimit, EveryFurther, PercentOfLimit, Rearm, Threshold
from distbilling.scenarios.values.converter import converter_in
from distbilling.testing.sample_data import usd

READ: Any = converter_in(Currency("USD")).structure
SHARE: Any = Money | Percent


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("90%", PercentOfLimit("90")),
        ("12.5%", PercentOfLimit("12.5")),
        ("900.00", usd("900")),
        (900, usd("900")),
        ("every 100.00", EveryFurther(usd("100"))),
    ],
    ids=str,
)
def test_a_threshold_is_a_percentage_an_amount_or_one_that_recurs(written, meant):
    assert READ(written, Threshold) == meant


@pytest.mark.parametrize("written", ["every 5%", "every", "every  5", "every x", "5 %", "101%"])
def test_what_is_no_threshold_is_refused(written):
    with pytest.raises(InvalidValue) as refused:
        READ(written, Threshold)
    assert refused.value.field == "threshold"


@pytest.mark.parametrize(
    ("written", "meant"), [("10%", Percent("10")), ("10", usd("10")), (10, usd("10"))], ids=repr
)
def test_a_share_is_a_percentage_or_an_amount(written, meant):
    for kind in (SHARE, SHARE | None):
        assert READ(written, kind) == meant


@pytest.mark.parametrize("written", ["10 %", "ten", "1e3", "%"])
def test_what_is_no_share_is_refused(written):
    with pytest.raises(InvalidValue) as refused:
        READ(written, SHARE)
    assert refused.value.accepted == 'a share from "0%" to "100%", or an amount like "50.00"'


def test_numbers_with_a_point_are_in_quotes():
    for kind in (SHARE, Threshold, CreditLimit):
        with pytest.raises(InvalidType):
            READ(0.5, kind)


def test_when_a_warning_may_be_repeated_is_a_table():
    table = {"band": "5%", "minimum_interval": "24 hours", "most_repeats": 3, "tell_cleared": False}
    read = READ(table, Rearm)
    assert (read.band, read.most_repeats, read.tell_cleared) == (Percent("5"), 3, False)
    assert str(read.minimum_interval) == "1 day, 0:00:00"
