"""The promises on repeated commands: a key seen before is answered from the record."""

# ruff: noqa: S101, D102 - a contract is made of assertions; their names are the promises

from __future__ import annotations

import pytest

from distbilling.errors import KeyReused
from distbilling.rules import decide
from distbilling.rules.deciding.decision import Refused
from distbilling.testing.contract.observed import failing_at, written
from distbilling.testing.contract.promises.contract import Contract
from distbilling.testing.sample_data import accept, payment, remittance, reversal

__all__ = ["IdempotencyContract"]


class IdempotencyContract(Contract):
    """A command that was accepted is answered from the record; a key is never used for two.

    Source: rulebook R45.
    """

    def test_an_accepted_command_gets_its_first_answer_again_and_is_not_decided_anew(self) -> None:
        repository = self.prepared()
        first = accept(repository, payment("k", "1200.00"))
        accept(repository, remittance("r", "500.00"))
        assert repository.transact(payment("k", "1200.00"), failing_at("k")) == first

    def test_a_repeated_command_writes_nothing(self) -> None:
        repository = self.prepared(payment("k", "600.00"), reversal("r", "k", "1.00"))
        repository.mark_delivered([notice.key for notice in repository.pending_notices()])
        before = written(repository)
        for command in (payment("k", "600.00"), reversal("r", "k", "1.00")):
            repository.transact(command, decide)
        assert written(repository) == before

    def test_a_refused_command_may_be_tried_again_and_is_decided_afresh(self) -> None:
        repository = self.prepared(payment("k", "1200.00"))
        assert isinstance(repository.transact(payment("l"), decide), Refused)
        accept(repository, remittance("r", "500.00"))
        accept(repository, payment("l"))

    def test_a_refused_key_may_be_used_for_another_command(self) -> None:
        repository = self.prepared(payment("k", "1200.00"))
        assert isinstance(repository.transact(payment("l"), decide), Refused)
        accept(repository, remittance("l", "500.00"))

    def test_a_key_with_other_content_is_an_error_that_names_the_field_and_writes_nothing(
        self,
    ) -> None:
        repository = self.prepared(payment("k"))
        before = written(repository)
        with pytest.raises(KeyReused) as reused:
            repository.transact(payment("k", "10.01"), decide)
        assert (reused.value.key, reused.value.field) == ("k", "amount")
        assert written(repository) == before

    def test_a_key_with_another_kind_of_command_is_an_error_that_writes_nothing(self) -> None:
        repository = self.prepared(payment("k"))
        before = written(repository)
        with pytest.raises(KeyReused):
            repository.transact(remittance("k", "10.00"), decide)
        assert written(repository) == before
