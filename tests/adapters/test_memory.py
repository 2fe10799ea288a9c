"""The memory adapters keep what the ports promise, sync and async."""

from __future__ import annotations

from typing import Any

import pytest

from distbilling.adapters.memory import AsyncMemoryRepository, MemoryRepository
from distbilling.errors import InvalidValue
from distbilling.rules import decide
from distbilling.testing.contract import RepositoryContract
from distbilling.testing.contract.synchronous import Synchronous
from distbilling.testing.sample_data import BASE_COMMANDS, accept, payment

DID = "12125550199"


class TestMemoryRepository(RepositoryContract):
    number_in_inventory = DID

    def repository(self) -> Any:
        return MemoryRepository(inventory={DID})


class TestAsyncMemoryRepository(RepositoryContract):
    number_in_inventory = DID

    def repository(self) -> Any:
        return Synchronous(AsyncMemoryRepository(MemoryRepository(inventory={DID})))


@pytest.mark.parametrize("typed", ["12", "no number", 12125550199])
def test_the_inventory_is_of_telephone_numbers(typed):
    with pytest.raises(InvalidValue, match="inventory"):
        MemoryRepository(inventory=[typed])


def test_each_of_many_commands_is_shown_what_it_reads_and_nothing_of_the_others():
    repository = MemoryRepository()
    accept(repository, *BASE_COMMANDS)
    seen = []

    def looking_on(command, facts):
        seen.append(facts)
        return decide(command, facts)

    repository.transact_many([payment("k"), payment("l", by="jersey"), payment("m")], looking_on)
    names = [list(facts.distributors) for facts in seen]
    assert names == [["hudson"], ["jersey"], ["hudson"]]
    assert [facts.entries for facts in seen] == [{}, {}, {}]
