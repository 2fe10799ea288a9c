"""The promises on extracts: the opening balance, and all entries of the time in order."""

# ruff: noqa: S101, D102 - a contract is made of assertions; their names are the promises

from __future__ import annotations

import pendulum
import pytest

from distbilling.errors import HostError
from distbilling.testing.contract.promises.contract import Contract
from distbilling.testing.sample_data import (
    BELOW_HUDSON,
    MORNING,
    payment,
    remittance,
    reversal,
    usd,
)

__all__ = ["ExtractContract"]


class ExtractContract(Contract):
    """An extract is the opening balance and all entries of a time, as of one moment.

    Source: rulebook R39, R48.
    """

    def test_an_extract_holds_the_entries_from_its_start_until_before_its_end(self) -> None:
        start, end = MORNING, MORNING.add(days=1)
        second = pendulum.duration(seconds=1)
        times = {"before": start - second, "first": start, "last": end - second, "after": end}
        repository = self.prepared(*(payment(key, at=at) for key, at in times.items()))
        extract = repository.extract("hudson", start, end)
        assert [entry.key for entry in extract.entries] == ["first", "last"]
        assert extract.opening == usd("9.00")

    def test_an_extract_is_in_the_order_of_the_dates_and_then_of_writing(self) -> None:
        later = MORNING.add(hours=1)
        repository = self.prepared(payment("z", at=later), payment("c"), payment("a"), payment("b"))
        keys = [
            entry.key for entry in repository.extract("hudson", MORNING, later.add(hours=1)).entries
        ]
        assert keys == ["c", "a", "b", "z"]

    def test_an_extract_holds_the_entries_of_its_distributor_alone(self) -> None:
        repository = self.prepared(payment("k"), payment("l", by="jersey"), payment("m"))
        extract = repository.extract("jersey", MORNING, MORNING.add(days=1))
        assert ([entry.key for entry in extract.entries], extract.opening) == (["l"], usd("0.00"))

    def test_an_extract_holds_what_moved_the_debt_of_its_distributor_and_only_that(self) -> None:
        repository = self.prepared(
            *BELOW_HUDSON,
            payment("k", by="kiosk"),
            remittance("l", "9.00", "kiosk"),
            reversal("m", "k", "5.00"),
        )
        keys = {
            name: [
                entry.key
                for entry in repository.extract(name, MORNING, MORNING.add(days=1)).entries
            ]
            for name in ("kiosk", "soho", "hudson", "jersey")
        }
        assert keys == {
            "kiosk": ["k", "l", "m"],
            "soho": ["k", "m"],
            "hudson": ["k", "m"],
            "jersey": [],
        }

    def test_an_extract_of_nobody_is_an_error_of_the_host(self) -> None:
        with pytest.raises(HostError):
            self.prepared().extract("nobody", MORNING, MORNING.add(days=1))
