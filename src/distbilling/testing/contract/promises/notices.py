"""The promises on notices: pending from their commit until delivered, in order."""

# ruff: noqa: S101, D102 - a contract is made of assertions; their names are the promises

from __future__ import annotations

from distbilling.rules.credit.notices import CreditThresholdCrossed, DistributorSuspended
from distbilling.testing.contract.promises.contract import Contract
from distbilling.testing.sample_data import BELOW_HUDSON, accept, payment, remittance

__all__ = ["NoticeContract"]


class NoticeContract(Contract):
    """Notices are pending from their commit until they are delivered, in order.

    Source: rulebook R23, R47.
    """

    def test_notices_are_pending_once_their_command_is_accepted(self) -> None:
        repository = self.prepared()
        accepted = accept(repository, payment("k", "1200.00"))
        assert [type(notice) for notice in accepted.notices] == [CreditThresholdCrossed] * 2 + [
            DistributorSuspended
        ]
        assert tuple(repository.pending_notices()) == accepted.notices

    def test_pending_notices_keep_the_order_of_writing(self) -> None:
        repository = self.prepared()
        commands = (
            payment("z", "600.00"),
            payment("l", "600.00", by="jersey"),
            payment("a", "600.00"),
            remittance("b", "1000.00"),
            payment("c", "500.00"),
        )
        written = [notice for command in commands for notice in accept(repository, command).notices]
        assert list(repository.pending_notices()) == written

    def test_pending_notices_can_be_those_of_one_distributor(self) -> None:
        repository = self.prepared(payment("k", "600.00"), payment("l", "600.00", by="jersey"))
        assert [notice.distributor for notice in repository.pending_notices("jersey")] == ["jersey"]

    def test_a_notice_of_every_level_of_a_chain_is_pending(self) -> None:
        repository = self.prepared(*BELOW_HUDSON, payment("k", "560.00", by="kiosk"))
        assert [notice.distributor for notice in repository.pending_notices()] == [
            "kiosk",
            "soho",
            "hudson",
        ]

    def test_what_is_delivered_is_no_longer_pending_and_all_else_is(self) -> None:
        repository = self.prepared(payment("k", "1200.00"))
        first, *others = repository.pending_notices()
        repository.mark_delivered([first.key, "no such notice"])
        assert list(repository.pending_notices()) == others
