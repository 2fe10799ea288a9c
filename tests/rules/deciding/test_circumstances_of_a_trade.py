"""A commission rests on the circumstances of its payment or sale, also when corrected."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from distbilling import Accepted, Percent, Terms
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.schedule import Bracket, Brackets
from distbilling.rules.agreement.terms import CommissionKind, Netting
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.commands.movements.credit_commission import CreditCommission
from distbilling.rules.deciding.decision import OverLimit
from distbilling.rules.deciding.original import original_of
from distbilling.rules.deciding.volumes import volumes_after
from distbilling.rules.ledger.history import Original
from distbilling.testing.rule_ledger import CHAIN, RuleLedger
from distbilling.testing.sample_data import (
    MARIA,
    MORNING,
    NUMBER,
    distributor,
    payment,
    remittance,
    reversal,
    sale,
    transfer_of_customer,
    usd,
)

BY_VOLUME = Brackets(
    (Bracket(usd("0"), usd("100"), Percent("10")), Bracket(usd("100"), None, Percent("20")))
)
TEN_MONTHS_LATER = MORNING.add(months=10)


def told(ledger: RuleLedger) -> list[Circumstances]:
    return [
        entry.commission.circumstances for entry in ledger.journal if entry.commission is not None
    ]


def by_volume() -> ChangeTerms:
    return ChangeTerms("terms", MARIA, MORNING, "hudson", Terms(Percent("15"), BY_VOLUME))


def test_one_percentage_for_everything_is_told_the_items_and_nothing_else():
    ledger = RuleLedger(payment("p"), sale("s", "10.00"), attrs.evolve(payment("q"), items=2))
    assert told(ledger) == [Circumstances(), Circumstances(), Circumstances(items=2)]


def test_brackets_are_told_the_volume_and_how_long_the_customer_has_been_there():
    ledger = RuleLedger(by_volume(), payment("p", "60.00"), sale("s", "10.00"), payment("q"))
    assert told(ledger) == [
        Circumstances(so_far=usd("0.00"), months=0),
        Circumstances(),
        Circumstances(so_far=usd("60.00"), months=0),
    ]


def test_a_correction_is_told_what_the_original_was_told():
    ledger = RuleLedger(by_volume(), payment("p", "60.00"))
    ledger.accept(
        attrs.evolve(
            payment("q", "60.00", TEN_MONTHS_LATER), items=3, tax=usd("10.00"), discount=usd("6.00")
        )
    )
    ledger.accept(
        attrs.evolve(
            payment("r", "60.00", TEN_MONTHS_LATER), items=2, tax=usd("10.00"), discount=usd("6.00")
        )
    )
    original = original_of(ledger.facts, "r", TEN_MONTHS_LATER)
    assert isinstance(original, Original)
    assert original.circumstances_of(usd("30.00")) == Circumstances(
        2, usd("60.00"), 10, usd("5.00"), usd("3.00")
    )


def test_a_split_counts_for_the_chain_that_it_was_made_over_and_no_other():
    ledger = RuleLedger(*CHAIN, payment("p", by="kiosk"))
    split: Any = ledger.journal[0].split
    with pytest.raises(ValueError, match="argument"):
        volumes_after(ledger.facts.chain("hudson"), CommissionKind.PAYMENT, MORNING, split)


def test_only_what_was_collected_or_corrected_is_flagged_as_above_the_limit():
    ledger = RuleLedger()
    assert ledger.accept(payment("p", "2000.00")).over_limit == OverLimit(
        "hudson", usd("1000.00"), usd("1800.00")
    )
    assert ledger.accept(remittance("bank", "100.00")).over_limit is None
    assert ledger.accept(reversal("back", "p", "100.00")).over_limit is None
    assert ledger.owed("hudson") == usd("1610.00")
    late = CreateDistributor("late", MARIA, distributor("late"), usd("5000.00"))
    assert isinstance(answer := ledger.give(late), Accepted)
    assert answer.over_limit is None


def test_what_the_till_wrote_beside_a_payment_is_kept_with_its_entry():
    entry = RuleLedger().accept(attrs.evolve(payment("p"), comment="paid in coins")).entry
    assert entry is not None
    assert entry.comment == "paid in coins"


def test_an_account_keeps_its_funds_when_it_is_stored_again():
    ledger = RuleLedger(sale("s", "10.00"), transfer_of_customer("t", "jersey"))
    stored = ledger.facts.account(NUMBER)
    assert stored is not None
    assert (stored.account.distributor, stored.funds) == ("jersey", usd("10.00"))


def test_commission_that_waits_for_settlement_leaves_the_volume_as_it_is():
    later = Terms(Percent("15"), BY_VOLUME, netting=Netting.AT_SETTLEMENT)
    ledger = RuleLedger(
        ChangeTerms("terms", MARIA, MORNING, "hudson", later), payment("p", "60.00")
    )
    ledger.accept(CreditCommission("settled", MARIA, MORNING, "hudson"), payment("q"))
    assert told(ledger)[-1] == Circumstances(so_far=usd("60.00"), months=0)
