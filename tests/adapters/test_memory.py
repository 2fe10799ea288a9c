"""Does the memory keep what the ports promise, sync and async?"""

from __future__ import annotations

from typing import Any

from distbilling.adapters.memory import AsyncMemoryRepository, MemoryRepository
from distbilling.testing.contract import RepositoryContract
from distbilling.testing.synchronous import Synchronous

DID = "12125550199"


class TestMemoryRepository(RepositoryContract):
    number_in_inventory = DID

    def repository(self) -> Any:
        return MemoryRepository(inventory={DID})


class TestAsyncMemoryRepository(RepositoryContract):
    number_in_inventory = DID

    def repository(self) -> Any:
        return Synchronous(AsyncMemoryRepository(MemoryRepository(inventory={DID})))
