"""The contract says what it needs of a subclass, and fits adapters that can do less."""

from __future__ import annotations

from typing import Any, get_args

import attrs
import pytest

from distbilling.adapters.memory import MemoryRepository
from distbilling.errors import HostError
from distbilling.rules.agreement.schedule import Schedule
from distbilling.testing.contract import RepositoryContract
from distbilling.testing.contract.full_records import full_distributor
from distbilling.testing.contract.notifier import NotifierContract
from distbilling.testing.contract.observed import shown
from distbilling.testing.fakes import RecordingDecider
from distbilling.testing.sample_data import BASE_COMMANDS, accept, payment


class TestAnAdapterForOneThreadThatKnowsNoInventory(RepositoryContract):
    shared_by_threads = False

    def repository(self) -> Any:
        return MemoryRepository()


def test_the_contract_wants_a_factory():
    with pytest.raises(NotImplementedError):
        RepositoryContract().repository()
    with pytest.raises(NotImplementedError):
        NotifierContract().notifier()


def test_a_command_of_the_stage_that_is_refused_says_so():
    with pytest.raises(HostError, match="was refused"):
        accept(MemoryRepository(), payment("k"))
    with pytest.raises(HostError, match="no command"):
        accept(MemoryRepository())


def test_facts_cannot_be_shown_of_a_command_that_is_answered_from_the_record():
    repository = MemoryRepository()
    accept(repository, *BASE_COMMANDS)
    with pytest.raises(HostError, match="without a decision"):
        shown(repository, BASE_COMMANDS[0])


def test_an_onlooker_decides_by_the_rules_unless_told_otherwise():
    onlooker, repository = RecordingDecider(), MemoryRepository()
    repository.transact_many(BASE_COMMANDS, onlooker)
    assert len(onlooker.shown) == len(list(BASE_COMMANDS))
    assert repository.distributor("hudson") is not None


def test_the_full_distributor_has_nothing_as_it_is_by_default():
    everything = full_distributor("uptown")
    for value in (
        everything,
        everything.terms,
        everything.credit,
        everything.credit.rearm,
        everything.terms.basis,
    ):
        given = {
            field.name: getattr(value, field.name)
            for field in attrs.fields(type(value))
            if field.init
        }
        wanted = {
            field.name
            for field in attrs.fields(type(value))
            if field.init and field.default is attrs.NOTHING
        }
        plain = type(value)(**{name: given[name] for name in wanted})
        by_default = {name for name in given.keys() - wanted if given[name] == getattr(plain, name)}
        assert by_default <= {"parent"}


def test_the_full_distributor_has_every_kind_of_schedule():
    terms = full_distributor("uptown").terms
    schedules = repr((terms.sales_commission, terms.payment_commission, terms.rates))
    assert [
        kind.__name__ for kind in get_args(Schedule) if f"{kind.__name__}(" not in schedules
    ] == []
