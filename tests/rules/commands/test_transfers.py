"""A transfer changes the future alone; what was booked stays."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from distbilling import (
    Accepted,
    AccountKind,
    Billing,
    CreditTerms,
    Currency,
    CustomerCaps,
    DistributorStaff,
    Limit,
    Money,
    Percent,
    Terms,
    Unlimited,
)
from distbilling.adapters.memory import MemoryRepository
from distbilling.rules.agreement.schedule import ByAge, Stage
from distbilling.rules.agreement.terms import Netting
from distbilling.rules.commands.customers.activate_account import ActivateAccount
from distbilling.rules.commands.customers.add_account import AddAccount, ByFullForm
from distbilling.rules.commands.customers.create_customer import CreateCustomer
from distbilling.rules.commands.customers.transfer_customer import TransferCustomer
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.commands.distributors.transfer_distributor import TransferDistributor
from distbilling.rules.commands.movements.credit_commission import CreditCommission
from distbilling.rules.commands.movements.record_payment import RecordPayment
from distbilling.rules.commands.movements.remit import Remit
from distbilling.rules.commands.movements.reverse import Reversal, Reverse
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import (
    AlreadyActive,
    BeforeCreation,
    NoDistributor,
    NotFound,
    NotSettled,
    OwnSubdistributor,
    RateAboveParent,
    RecordKind,
    WrongCurrency,
)
from distbilling.rules.parties.permission import HANDBOOK_POLICY, Action, Allowed, Denied, Role
from distbilling.testing.rule_ledger import CHAIN, RuleLedger, subdistributor
from distbilling.testing.sample_data import (
    BASE_COMMANDS,
    MARIA,
    MORNING,
    NUMBER,
    commands_for,
    distributor,
    payment,
    sale,
    usd,
)

BROWN = "customer of hudson"
EVENING = MORNING.add(hours=9)
JERSEY = DistributorStaff("jersey")


def transfer(to: str | None = "jersey", customer=BROWN, at=EVENING) -> TransferCustomer:
    return TransferCustomer("transfer", MARIA, at, customer, to)


def moved(to: str | None = "jersey", name="soho", at=EVENING) -> TransferDistributor:
    return TransferDistributor("move", MARIA, at, name, to)


def line(key: str, number: str, owner: str | None, *, active: bool = False) -> AddAccount:
    full = ByFullForm(number, "SIP line", AccountKind.PREPAID, usd("10.00"), active)
    return AddAccount(key, MARIA, MORNING, BROWN, full, owner)


def test_a_customer_pays_its_new_distributor_and_what_the_old_one_owes_stays():
    ledger = RuleLedger(payment("p"), transfer())
    assert ledger.customer(BROWN).distributor == "jersey"
    assert ledger.reason(payment("q", at=EVENING)) == NotFound(RecordKind.CUSTOMER, BROWN)
    ledger.accept(RecordPayment("q", JERSEY, EVENING, BROWN, usd("20.00")))
    assert (ledger.owed("hudson"), ledger.owed("jersey")) == (usd("9.00"), usd("18.00"))
    assert ledger.books()[f"customer:{BROWN}"] == usd("-30.00")


def test_a_released_customer_is_the_providers_own():
    ledger = RuleLedger(transfer(None))
    assert ledger.customer(BROWN).distributor is None
    assert ledger.reason(payment("p")) == NotFound(RecordKind.CUSTOMER, BROWN)
    ledger.accept(transfer("hudson"))
    assert isinstance(ledger.give(payment("p")), Accepted)


def test_from_a_released_customer_no_distributor_collects():
    ledger = RuleLedger(transfer(None))
    ledger.policy = HANDBOOK_POLICY.extended(
        Allowed(Role.ADMINISTRATOR, Action.RECORD_PAYMENT, "our contract")
    )
    assert ledger.reason(attrs.evolve(payment("p"), by=MARIA)) == NoDistributor(BROWN)


def test_its_accounts_go_along_and_what_was_sold_is_not_sold_again():
    ledger = RuleLedger(sale("s", "10.00"), transfer())
    account: Any = ledger.facts.account(NUMBER)
    assert (account.account.distributor, account.account.sold, account.funds) == (
        "jersey",
        True,
        usd("10.00"),
    )
    assert ledger.reason(ActivateAccount("again", MARIA, EVENING, NUMBER)) == AlreadyActive(NUMBER)
    assert (ledger.owed("hudson"), ledger.owed("jersey")) == (usd("8.50"), usd("0.00"))
    ledger.accept(RecordPayment("q", JERSEY, EVENING, BROWN, usd("20.00"), account=NUMBER))
    assert ledger.owed("jersey") == usd("18.00")


def test_an_account_that_was_not_sold_yet_is_sold_by_the_new_distributor():
    ledger = RuleLedger(line("a", NUMBER, "hudson"), transfer())
    ledger.accept(ActivateAccount("now", JERSEY, EVENING, NUMBER))
    assert (ledger.owed("hudson"), ledger.owed("jersey")) == (usd("0.00"), usd("8.50"))


def owners_in(ledger: RuleLedger) -> dict[str, str | None]:
    return {
        known.account.id: known.account.distributor for known in ledger.facts.accounts_of(BROWN)
    }


def test_an_account_in_the_hands_of_another_distributor_or_of_nobody_stays_there():
    ledger = RuleLedger(
        line("a", "111", "jersey"), line("b", "222", None), line("c", "333", "hudson"), transfer()
    )
    assert owners_in(ledger) == {"111": "jersey", "222": None, "333": "jersey"}


def test_a_released_customer_takes_its_accounts_along_when_somebody_takes_it_in_again():
    ledger = RuleLedger(
        line("a", "111", "jersey"),
        line("b", "222", None),
        line("c", "333", "hudson"),
        transfer(None),
    )
    assert owners_in(ledger) == {"111": "jersey", "222": None, "333": None}
    ledger.accept(attrs.evolve(transfer("jersey"), key="again"))
    assert owners_in(ledger) == {"111": "jersey", "222": "jersey", "333": "jersey"}


def test_an_account_that_the_transfer_would_sell_stays_until_it_is_assigned():
    ledger = RuleLedger(transfer(None), line("a", "111", None, active=True))
    ledger.accept(attrs.evolve(transfer("jersey"), key="again"))
    assert owners_in(ledger) == {"111": None}
    assert ledger.owed("jersey") == usd("0.00")


def test_the_accounts_of_other_customers_of_the_same_distributor_stay():
    other = CreateCustomer("c", MARIA, MORNING, "eve", "Eve", Unlimited(), usd("0"), "hudson")
    ledger = RuleLedger(other, line("a", NUMBER, "hudson"), transfer(customer="eve"))
    account: Any = ledger.facts.account(NUMBER)
    assert account.account.distributor == "hudson"


def test_the_relation_is_as_old_as_the_transfer():
    by_age = ByAge((Stage(1, Percent("10")), Stage(None, Percent("5"))))
    terms = ChangeTerms("t", MARIA, MORNING, "jersey", Terms(Percent("0"), by_age))
    ledger = RuleLedger(terms, transfer(at=MORNING.add(months=6)))
    assert ledger.customer(BROWN).since == MORNING.add(months=6)
    ledger.accept(RecordPayment("p", JERSEY, MORNING.add(months=6, days=20), BROWN, usd("100.00")))
    assert ledger.owed("jersey") == usd("90.00")
    ledger.accept(RecordPayment("q", JERSEY, MORNING.add(months=7), BROWN, usd("100.00")))
    assert ledger.owed("jersey") == usd("185.00")


def test_a_customer_that_is_there_already_stays_as_it_is():
    ledger = RuleLedger()
    assert ledger.accept(transfer("hudson")) == Accepted("transfer")
    assert ledger.customer(BROWN).since == MORNING
    released = RuleLedger(transfer(None))
    assert released.accept(attrs.evolve(transfer(None), key="again")) == Accepted("again")


def test_what_was_paid_before_is_given_back_by_the_old_distributor():
    ledger = RuleLedger(*CHAIN, payment("p", by="kiosk"), transfer("jersey", "customer of kiosk"))
    ledger.accept(Reverse("r", MARIA, EVENING, "p", Reversal.REFUND))
    assert ledger.books() == {}
    assert ledger.owed("jersey") == usd("0.00")


EUROPEAN: Any = attrs.evolve(
    distributor("euro"),
    currency=Currency("EUR"),
    credit=CreditTerms(Limit(Money("1000", "EUR"))),
    customer_class=None,
    caps=CustomerCaps.none(Currency("EUR")),
)
TOMORROW = MORNING.add(days=1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"by": JERSEY, "customer": "nobody"},
            Denied(Role.DISTRIBUTOR, Action.TRANSFER_CUSTOMER, "not granted"),
        ),
        ({"customer": "nobody", "distributor": "nobody"}, NotFound(RecordKind.CUSTOMER, "nobody")),
        ({"distributor": "nobody"}, NotFound(RecordKind.DISTRIBUTOR, "nobody")),
        (
            {"distributor": "euro", "at": EUROPEAN.created.subtract(microseconds=1)},
            BeforeCreation("euro", EUROPEAN.created),
        ),
        ({"distributor": "euro"}, WrongCurrency("euro", Currency("EUR"), Currency("USD"))),
    ],
    ids=["permission", "customer", "distributor", "date", "currency"],
)
def test_a_transfer_of_a_customer_is_refused_in_this_order(changes, expected):
    ledger = RuleLedger(CreateDistributor("e", MARIA, EUROPEAN))
    assert ledger.reason(attrs.evolve(transfer(), **changes)) == expected


def test_a_customer_may_be_transferred_from_the_creation_of_its_new_distributor_on():
    assert isinstance(RuleLedger().give(transfer(at=distributor("jersey").created)), Accepted)


def test_what_a_subdistributor_sells_goes_up_to_its_new_parent():
    ledger = RuleLedger(*CHAIN, moved())
    assert ledger.member("soho").distributor.parent == "jersey"
    ledger.accept(payment("p", by="kiosk"))
    assert ledger.owed("jersey") == usd("9.00")
    assert ledger.owed("hudson") == usd("0.00")
    assert ledger.books()["subdistributor_debts:jersey"] == usd("-9.20")


def test_a_released_subdistributor_owes_the_provider():
    ledger = RuleLedger(*CHAIN, moved(None), payment("p", by="kiosk"))
    assert ledger.member("soho").distributor.parent is None
    assert ledger.books() == {
        "customer:customer of kiosk": usd("-10.00"),
        "distributor:kiosk": usd("9.50"),
        "subdistributor_debts:soho": usd("-9.50"),
        "distributor:soho": usd("9.20"),
        "commission_expense": usd("0.80"),
    }
    ledger.accept(Remit("r", MARIA, EVENING, "soho", usd("9.20")))
    assert ledger.books()["provider_cash"] == usd("9.20")


def test_what_is_owed_or_waits_is_settled_first():
    settles = Terms(Percent("12"), Percent("8"), netting=Netting.AT_SETTLEMENT)
    ledger = RuleLedger(*CHAIN, payment("p", by="soho"))
    assert ledger.reason(moved()) == NotSettled("soho", usd("9.20"), usd("0.00"))
    ledger.accept(Remit("r", MARIA, MORNING, "soho", usd("9.20")))
    assert isinstance(ledger.give(moved()), Accepted)
    waiting = RuleLedger(
        *CHAIN, ChangeTerms("t", MARIA, MORNING, "soho", settles), payment("p", by="soho")
    )
    waiting.accept(Remit("r", MARIA, MORNING, "soho", usd("10.00")))
    assert waiting.reason(moved()) == NotSettled("soho", usd("0.00"), usd("0.80"))
    waiting.accept(CreditCommission("c", MARIA, MORNING, "soho"))
    assert waiting.reason(moved(None)) == NotSettled("soho", usd("-0.80"), usd("0.00"))


def test_a_distributor_that_is_there_already_stays_as_it_is_also_with_a_balance():
    ledger = RuleLedger(*CHAIN, payment("p", by="soho"))
    assert ledger.accept(moved("hudson")) == Accepted("move")
    assert ledger.accept(attrs.evolve(moved(None, "hudson"), key="top")) == Accepted("top")


@pytest.mark.parametrize("parent", ["hudson", "soho", "kiosk"])
def test_nobody_is_put_below_itself_or_below_those_below_it(parent):
    reason = RuleLedger(*CHAIN).reason(moved(parent, "hudson"))
    assert reason == OwnSubdistributor("hudson", parent)


def test_a_distributor_may_rise_past_its_parent_and_sink_below_another_child():
    ledger = RuleLedger(
        *CHAIN, *commands_for(subdistributor("tribeca", "hudson", "12", "8", "500.00"))
    )
    ledger.accept(moved("hudson", "kiosk"))
    assert [known.distributor.id for known in ledger.facts.chain("kiosk")] == ["kiosk", "hudson"]
    ledger.accept(attrs.evolve(moved("tribeca", "kiosk"), key="down"))
    assert [known.distributor.id for known in ledger.facts.chain("kiosk")] == [
        "kiosk",
        "tribeca",
        "hudson",
    ]


def test_a_rate_above_that_of_the_new_parent_is_refused():
    lower = ChangeTerms("t", MARIA, MORNING, "jersey", Terms(Percent("15"), Percent("7.99")))
    reason = RuleLedger(*CHAIN, lower).reason(moved())
    assert isinstance(reason, RateAboveParent)
    assert (reason.distributor, reason.parent) == ("soho", "jersey")
    assert "7.99%" in reason.explain()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"by": DistributorStaff("hudson"), "distributor": "nobody"},
            Denied(Role.DISTRIBUTOR, Action.TRANSFER_DISTRIBUTOR, "not granted"),
        ),
        ({"distributor": "nobody", "parent": "none"}, NotFound(RecordKind.DISTRIBUTOR, "nobody")),
        ({"parent": "none"}, NotFound(RecordKind.DISTRIBUTOR, "none")),
        (
            {"parent": "kiosk", "at": distributor("soho").created.subtract(microseconds=1)},
            OwnSubdistributor("soho", "kiosk"),
        ),
        (
            {"at": distributor("soho").created.subtract(microseconds=1)},
            BeforeCreation("soho", distributor("soho").created),
        ),
        ({"parent": "euro"}, NotSettled("soho", usd("9.20"), usd("0.00"))),
    ],
    ids=["permission", "distributor", "parent", "circle", "date", "balance"],
)
def test_a_transfer_of_a_distributor_is_refused_in_this_order(changes, expected):
    ledger = RuleLedger(*CHAIN, payment("p", by="soho"), CreateDistributor("e", MARIA, EUROPEAN))
    assert ledger.reason(attrs.evolve(moved(), **changes)) == expected


def test_then_for_the_new_parents_date_and_its_currency():
    young = attrs.evolve(EUROPEAN, created=TOMORROW)
    ledger = RuleLedger(*CHAIN, CreateDistributor("e", MARIA, young))
    assert ledger.reason(moved("euro")) == BeforeCreation("euro", TOMORROW)
    wrong = WrongCurrency("euro", Currency("EUR"), Currency("USD"))
    assert ledger.reason(moved("euro", at=TOMORROW)) == wrong


def test_a_reversal_of_what_was_sold_before_goes_up_the_originals_chain():
    ledger = RuleLedger(
        *CHAIN, payment("p", by="soho"), Remit("r", MARIA, MORNING, "soho", usd("9.20")), moved()
    )
    ledger.accept(Reverse("back", MARIA, EVENING, "p", Reversal.CHARGEBACK))
    assert (ledger.owed("soho"), ledger.owed("hudson"), ledger.owed("jersey")) == (
        usd("-9.20"),
        usd("0.00"),
        usd("0.00"),
    )


def test_the_memory_reads_what_a_transfer_needs():
    billing = Billing(MemoryRepository())
    released = attrs.evolve(moved(None), key="released")
    commands = (*BASE_COMMANDS, *CHAIN, sale("s", "10.00"), transfer(), moved(), released)
    seen = RuleLedger(facts=Facts())
    assert billing.execute_many(commands) == tuple(seen.give(command) for command in commands)
