"""The promises on batches: one transaction, in which each command sees those before it."""

# ruff: noqa: S101, D102 - a contract is made of assertions; their names are the promises

from __future__ import annotations

import attrs
import pytest

from distbilling.errors import KeyReused
from distbilling.rules import Command, decide
from distbilling.rules.deciding.decision import Accepted, Decision, Refused
from distbilling.testing.contract.observed import written
from distbilling.testing.contract.promises.contract import Contract
from distbilling.testing.sample_data import (
    BELOW_HUDSON,
    accept,
    correction,
    payment,
    remittance,
    reversal,
    sale,
    transfer,
    transfer_of_customer,
)

__all__ = ["BatchContract"]


class BatchContract(Contract):
    """A batch is one transaction, in which each command sees what those before it left.

    Source: rulebook R45, R46.
    """

    def test_each_of_many_commands_is_decided_on_what_the_ones_before_it_left(self) -> None:
        self.same_together(
            payment("k", "600.00"),
            payment("l", "600.00"),
            payment("m"),
            remittance("n", "99.00"),
            payment("o"),
        )

    def test_of_many_a_command_is_shown_the_records_that_the_ones_before_it_stored(self) -> None:
        self.same_together(
            *BELOW_HUDSON,
            payment("k", by="kiosk"),
            sale("sale", "20.00"),
            transfer_of_customer("t", "jersey"),
            remittance("l", "9.50", "kiosk"),
            transfer("u", "kiosk", "jersey"),
            payment("m", by="kiosk"),
        )

    def test_of_many_a_reversal_finds_what_was_booked_before_it(self) -> None:
        decisions = self.same_together(
            payment("k"),
            correction("c", "k", "9.00"),
            reversal("l", "k", "5.00"),
            reversal("m", "k", "5.00"),
            reversal("n", "k"),
            reversal("o", "k"),
        )
        assert [type(decision) for decision in decisions] == [
            *[Accepted] * 3,
            Refused,
            Accepted,
            Refused,
        ]

    def test_a_refused_one_of_many_stops_none_of_the_others(self) -> None:
        repository = self.prepared()
        nobody = attrs.evolve(payment("l"), customer="nobody")
        decisions = repository.transact_many((payment("k"), nobody, payment("m")), decide)
        assert [type(decision) for decision in decisions] == [Accepted, Refused, Accepted]
        assert [entry.key for entry in repository.journal()] == ["k", "m"]

    def test_of_many_a_command_accepted_before_gets_its_first_answer(self) -> None:
        repository = self.prepared()
        first = accept(repository, payment("k"))
        decisions = repository.transact_many((payment("k"), payment("l"), payment("l")), decide)
        assert decisions[0] == first
        assert decisions[1] == decisions[2]
        assert [entry.key for entry in repository.journal()] == ["k", "l"]

    def test_of_many_none_is_written_if_a_key_is_reused(self) -> None:
        repository = self.prepared(payment("k"))
        before = written(repository)
        for earlier in ("k", "l"):
            with pytest.raises(KeyReused):
                repository.transact_many((payment("l"), payment(earlier, "10.01")), decide)
        assert written(repository) == before

    def test_many_may_be_none(self) -> None:
        assert self.repository().transact_many((), decide) == ()

    def same_together(self, *commands: Command) -> tuple[Decision, ...]:
        """Give commands one by one, and together elsewhere: decisions and writing are the same."""
        scalar_oracle, together = self.prepared(), self.prepared()
        expected = tuple(scalar_oracle.transact(command, decide) for command in commands)
        assert together.transact_many(commands, decide) == expected
        assert written(together) == written(scalar_oracle)
        return expected
