"""All promises of the contract, put to a repository one after the other."""

from __future__ import annotations

from typing import Any

import pytest

from distbilling.testing.contract import RepositoryContract

DID = "12125550199"
HANGS_AFTER_SECONDS = 3600
MAY_MEET = {"a_crowd_loses_no_update", "a_crowd_gives_back_what_there_is_and_no_more"}
"""A crowd finds some of the races, some of the times."""


@pytest.fixture
def promises_of() -> Any:
    """The names of the promises of a theme."""
    return lambda theme: {
        name.removeprefix("test_") for name in dir(theme) if name.startswith("test_")
    }


@pytest.fixture
def promises_broken_by(promises_of) -> Any:
    """The promises that a kind of repository breaks."""

    def broken_by(repository) -> set[str]:
        class Contract(RepositoryContract):
            number_in_inventory = DID
            seconds_to_meet = HANGS_AFTER_SECONDS

            def repository(self) -> Any:
                return repository(inventory={DID})

        broken = set()
        for promise in promises_of(Contract):
            try:
                getattr(Contract(), f"test_{promise}")()
            except (Exception, pytest.fail.Exception):  # noqa: BLE001 - however it is noticed
                broken.add(promise)
        return broken

    return broken_by


@pytest.fixture
def check_noticed(promises_broken_by) -> Any:
    """A check that a saboteur is noticed by the promises that it breaks, and by no others."""

    def check(saboteur, expected) -> None:
        noticed = promises_broken_by(saboteur)
        assert noticed | MAY_MEET == expected | MAY_MEET
        assert noticed >= expected

    return check
