"""The promises on writing: an accepted command is written whole, a refused one not at all."""

# ruff: noqa: S101, D102 - a contract is made of assertions; their names are the promises

from __future__ import annotations

from typing import Final

import attrs
import pytest

from distbilling.errors import PrecisionExceeded
from distbilling.rules import Command, decide
from distbilling.rules.commands.distributors.change_credit import ChangeCredit
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.commands.movements.credit_commission import CreditCommission
from distbilling.rules.credit.limits import CreditTerms, Unlimited
from distbilling.rules.deciding.decision import Refused
from distbilling.rules.ledger.accounts import (
    AccruedCommission,
    CustomerLedger,
    DistributorLedger,
    PrepaidFunds,
)
from distbilling.rules.ledger.audit import audit
from distbilling.rules.ledger.journal import EntryKind
from distbilling.testing.contract.observed import failing_at, shown, written
from distbilling.testing.contract.promises.contract import Contract
from distbilling.testing.sample_data import (
    BELOW_HUDSON,
    MARIA,
    MORNING,
    NUMBER,
    accept,
    correction,
    distributor,
    payment,
    remittance,
    reversal,
    sale,
    transfer_of_customer,
    usd,
)

__all__ = ["WriteContract"]

_KEPT: Final = (
    (DistributorLedger, "hudson", usd("35.00")),
    (CustomerLedger, "customer of hudson", usd("-10.00")),
    (PrepaidFunds, NUMBER, usd("-20.00")),
    (AccruedCommission, "soho", usd("-0.80")),
)
_COMMISSION: Final = CreditCommission("credited", MARIA, MORNING, "soho")
_EVERY_KIND: Final[tuple[Command, ...]] = (
    sale("sale", "20.00"),
    payment("paid", by="kiosk"),
    attrs.evolve(payment("noted", "8.00"), comment="cash, Mr. Brown"),
    correction("corrected", "noted", "9.00"),
    reversal("refunded", "paid", "3.33"),
    reversal("part", "sale", "1.00"),
    _COMMISSION,
    remittance("remitted", "1.00", "kiosk"),
    CreateDistributor("brought", MARIA, distributor("west"), usd("-7.00")),
)


class WriteContract(Contract):
    """What was accepted is written whole; what was refused or failed writes nothing.

    Source: rulebook R2, R15, R16, R17, R46, R48.
    """

    def test_an_accepted_entry_is_in_the_journal_as_it_was_decided(self) -> None:
        repository = self.prepared(*BELOW_HUDSON)
        booked = [accept(repository, command).entry for command in _EVERY_KIND]
        assert {entry.kind for entry in booked if entry is not None} == {*EntryKind} - {
            EntryKind.VOID,
            EntryKind.CHARGEBACK,
        }
        assert list(repository.journal()) == booked

    def test_the_journal_says_who_gave_each_command(self) -> None:
        commands = (payment("paid"), remittance("remitted", "1.00"))
        given_by = {command.key: command.by for command in commands}
        for entry in self.prepared(*commands).journal():
            assert entry.by == given_by[entry.key]

    def test_the_next_command_sees_the_balances_that_the_entries_left(self) -> None:
        repository = self.prepared(sale("sale", "20.00"), payment("k", "10.00"))
        to_the_account = attrs.evolve(payment("next"), account=NUMBER)
        facts = shown(repository, to_the_account)
        assert [member.owed for member in facts.distributors.values()] == [usd("26.00")]
        assert [member.owed for member in facts.customers.values()] == [usd("-10.00")]
        assert [member.funds for member in facts.accounts.values()] == [usd("20.00")]

    def test_the_next_command_sees_the_commission_that_waits_for_settlement(self) -> None:
        repository = self.prepared(*BELOW_HUDSON, payment("k", by="soho"))
        (soho,) = shown(repository, _COMMISSION).distributors_named(("soho",))
        assert (soho.owed, soho.accrued) == (usd("10.00"), usd("0.80"))
        accept(repository, _COMMISSION)
        (soho,) = shown(repository, attrs.evolve(_COMMISSION, key="look")).distributors_named(
            ("soho",)
        )
        assert (soho.owed, soho.accrued) == (usd("9.20"), usd("0.00"))

    def test_an_amount_comes_back_to_its_last_digit(self) -> None:
        huge = usd("9999999999999.99")
        brought = CreateDistributor("k", MARIA, distributor("west"), -huge)
        repository = self.prepared(brought)
        facts = shown(repository, attrs.evolve(brought, key="look"))
        assert [member.owed for member in facts.distributors.values()] == [-huge]
        assert repository.extract("west", MORNING, MORNING.add(days=1)).opening == -huge

    def test_all_balances_can_be_rebuilt_from_the_journal(self) -> None:
        repository = self.prepared(*BELOW_HUDSON, *_EVERY_KIND)
        result = audit(repository.journal(), repository.balance)
        assert (result.entries, result.differing, result.off) == (len(_EVERY_KIND), (), ())

    def test_the_balance_of_a_party_is_what_its_entries_left_and_nobody_has_none(self) -> None:
        repository = self.prepared(
            *BELOW_HUDSON,
            sale("sale", "20.00"),
            payment("k", "10.00"),
            payment("l", "10.00", by="soho"),
        )
        for kind, name, kept in _KEPT:
            assert repository.balance(kind(name)) == kept
            assert repository.balance(kind("nobody")) is None

    def test_the_journal_keeps_the_order_of_writing(self) -> None:
        late_night = payment("l", at=MORNING.subtract(days=3))
        late = payment("k"), late_night, payment("m", by="jersey"), payment("a"), reversal("b", "l")
        assert [entry.key for entry in self.prepared(*late).journal()] == ["k", "l", "m", "a", "b"]

    def test_a_record_takes_the_place_of_the_one_before_it(self) -> None:
        repository = self.prepared(payment("k"), payment("l"), payment("m", "1200.00"))
        facts = shown(repository, payment("look"))
        (hudson,) = facts.distributors.values()
        assert len({(volume.kind, volume.start) for volume in hudson.volumes}) == len(
            hudson.volumes
        )
        accept(repository, ChangeCredit("n", MARIA, MORNING, "hudson", CreditTerms(Unlimited())))
        (changed,) = shown(repository, payment("look")).distributors.values()
        assert changed.distributor == attrs.evolve(
            hudson.distributor, credit=CreditTerms(Unlimited())
        )
        assert repository.distributor("hudson") == changed.distributor

    def test_what_a_party_owes_outlives_a_change_of_its_record(self) -> None:
        repository = self.prepared(
            *BELOW_HUDSON, sale("sale", "20.00"), payment("k"), payment("l", by="soho")
        )
        accept(repository, transfer_of_customer("t", "jersey"))

        for name in ("hudson", "soho"):
            before = shown(repository, remittance("look", "1.00", name)).distributors_named(
                (name,)
            )[0]
            accept(
                repository,
                ChangeCredit(f"change {name}", MARIA, MORNING, name, CreditTerms(Unlimited())),
            )
            after = shown(repository, remittance("look", "1.00", name)).distributors_named((name,))[
                0
            ]
            kept = [(member.owed, member.accrued, member.volumes) for member in (before, after)]
            assert kept[0] == kept[1]

        facts = shown(repository, transfer_of_customer("look", None))
        assert [
            (member.customer.distributor, member.owed) for member in facts.customers.values()
        ] == [("jersey", usd("-10.00"))]
        assert [
            (member.account.distributor, member.funds) for member in facts.accounts.values()
        ] == [("jersey", usd("20.00"))]

    def test_a_refusal_writes_nothing(self) -> None:
        repository = self.prepared(payment("k", "600.00"))
        before = written(repository)
        for command in (sale("sale", "9999.00"), reversal("r", "k", "600.01")):
            assert isinstance(repository.transact(command, decide), Refused)
        assert written(repository) == before
        assert shown(repository, sale("other", "1.00")).account(NUMBER) is None

    def test_a_rule_that_fails_writes_nothing(self) -> None:
        repository = self.prepared(payment("k"))
        before = written(repository)
        with pytest.raises(PrecisionExceeded):
            repository.transact(payment("l"), failing_at("l"))
        for earlier in (payment("l", "700.00"), reversal("l", "k", "1.00")):
            with pytest.raises(PrecisionExceeded):
                repository.transact_many((earlier, payment("m")), failing_at("m"))
        assert written(repository) == before
        accept(repository, payment("l", "5.00"))
