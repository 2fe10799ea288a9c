"""What becomes of a customer or a subdistributor in other hands? The future changes, the past stays as it was booked."""

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
from distbilling.testing.stage import (
    BASE_COMMANDS,
    MARIA,
    MORNING,
    NUMBER,
    distributor,
    payment,
    sale,
    usd,
)
from distbilling.testing.trial import CHAIN, Trial, settling, subdistributor

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
    house = Trial(payment("p"), transfer())
    assert house.customer(BROWN).distributor == "jersey"
    assert house.reason(payment("q", at=EVENING)) == NotFound(RecordKind.CUSTOMER, BROWN)
    house.accept(RecordPayment("q", JERSEY, EVENING, BROWN, usd("20.00")))
    assert (house.owed("hudson"), house.owed("jersey")) == (usd("9.00"), usd("18.00"))
    assert house.books()[f"customer:{BROWN}"] == usd("-30.00")


def test_a_released_customer_is_the_providers_own():
    house = Trial(transfer(None))
    assert house.customer(BROWN).distributor is None
    assert house.reason(payment("p")) == NotFound(RecordKind.CUSTOMER, BROWN)
    house.accept(transfer("hudson"))
    assert isinstance(house.give(payment("p")), Accepted)


def test_from_a_released_customer_no_distributor_collects():
    house = Trial(transfer(None))
    house.policy = HANDBOOK_POLICY.extended(
        Allowed(Role.ADMINISTRATOR, Action.RECORD_PAYMENT, "our contract")
    )
    assert house.reason(attrs.evolve(payment("p"), by=MARIA)) == NoDistributor(BROWN)


def test_its_accounts_go_along_and_what_was_sold_is_not_sold_again():
    house = Trial(sale("s", "10.00"), transfer())
    account: Any = house.facts.account(NUMBER)
    assert (account.account.distributor, account.account.sold, account.funds) == (
        "jersey",
        True,
        usd("10.00"),
    )
    assert house.reason(ActivateAccount("again", MARIA, EVENING, NUMBER)) == AlreadyActive(NUMBER)
    assert (house.owed("hudson"), house.owed("jersey")) == (usd("8.50"), usd("0.00"))
    house.accept(RecordPayment("q", JERSEY, EVENING, BROWN, usd("20.00"), account=NUMBER))
    assert house.owed("jersey") == usd("18.00")


def test_an_account_that_was_not_sold_yet_is_sold_by_the_new_distributor():
    house = Trial(line("a", NUMBER, "hudson"), transfer())
    house.accept(ActivateAccount("now", JERSEY, EVENING, NUMBER))
    assert (house.owed("hudson"), house.owed("jersey")) == (usd("0.00"), usd("8.50"))


def owners_in(house: Trial) -> dict[str, str | None]:
    return {known.account.id: known.account.distributor for known in house.facts.accounts_of(BROWN)}


def test_an_account_in_the_hands_of_another_distributor_or_of_nobody_stays_there():
    house = Trial(
        line("a", "111", "jersey"), line("b", "222", None), line("c", "333", "hudson"), transfer()
    )
    assert owners_in(house) == {"111": "jersey", "222": None, "333": "jersey"}


def test_a_released_customer_takes_its_accounts_along_when_somebody_takes_it_in_again():
    house = Trial(
        line("a", "111", "jersey"),
        line("b", "222", None),
        line("c", "333", "hudson"),
        transfer(None),
    )
    assert owners_in(house) == {"111": "jersey", "222": None, "333": None}
    house.accept(attrs.evolve(transfer("jersey"), key="again"))
    assert owners_in(house) == {"111": "jersey", "222": "jersey", "333": "jersey"}


def test_an_account_that_the_transfer_would_sell_stays_until_it_is_assigned():
    house = Trial(transfer(None), line("a", "111", None, active=True))
    house.accept(attrs.evolve(transfer("jersey"), key="again"))
    assert owners_in(house) == {"111": None}
    assert house.owed("jersey") == usd("0.00")


def test_the_accounts_of_other_customers_of_the_same_distributor_stay():
    other = CreateCustomer("c", MARIA, MORNING, "eve", "Eve", Unlimited(), usd("0"), "hudson")
    house = Trial(other, line("a", NUMBER, "hudson"), transfer(customer="eve"))
    account: Any = house.facts.account(NUMBER)
    assert account.account.distributor == "hudson"


def test_the_relation_is_as_old_as_the_transfer():
    by_age = ByAge((Stage(1, Percent("10")), Stage(None, Percent("5"))))
    terms = ChangeTerms("t", MARIA, MORNING, "jersey", Terms(Percent("0"), by_age))
    house = Trial(terms, transfer(at=MORNING.add(months=6)))
    assert house.customer(BROWN).since == MORNING.add(months=6)
    house.accept(RecordPayment("p", JERSEY, MORNING.add(months=6, days=20), BROWN, usd("100.00")))
    assert house.owed("jersey") == usd("90.00")
    house.accept(RecordPayment("q", JERSEY, MORNING.add(months=7), BROWN, usd("100.00")))
    assert house.owed("jersey") == usd("185.00")


def test_a_customer_that_is_there_already_stays_as_it_is():
    house = Trial()
    assert house.accept(transfer("hudson")) == Accepted("transfer")
    assert house.customer(BROWN).since == MORNING
    released = Trial(transfer(None))
    assert released.accept(attrs.evolve(transfer(None), key="again")) == Accepted("again")


def test_what_was_paid_before_is_given_back_by_the_old_distributor():
    house = Trial(*CHAIN, payment("p", by="kiosk"), transfer("jersey", "customer of kiosk"))
    house.accept(Reverse("r", MARIA, EVENING, "p", Reversal.REFUND))
    assert house.books() == {}
    assert house.owed("jersey") == usd("0.00")


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
    house = Trial(CreateDistributor("e", MARIA, EUROPEAN))
    assert house.reason(attrs.evolve(transfer(), **changes)) == expected


def test_a_customer_may_be_transferred_from_the_creation_of_its_new_distributor_on():
    assert isinstance(Trial().give(transfer(at=distributor("jersey").created)), Accepted)


def test_what_a_subdistributor_sells_goes_up_to_its_new_parent():
    house = Trial(*CHAIN, moved())
    assert house.known("soho").distributor.parent == "jersey"
    house.accept(payment("p", by="kiosk"))
    assert house.owed("jersey") == usd("9.00")
    assert house.owed("hudson") == usd("0.00")
    assert house.books()["subdistributor_debts:jersey"] == usd("-9.20")


def test_a_released_subdistributor_owes_the_provider():
    house = Trial(*CHAIN, moved(None), payment("p", by="kiosk"))
    assert house.known("soho").distributor.parent is None
    assert house.books() == {
        "customer:customer of kiosk": usd("-10.00"),
        "distributor:kiosk": usd("9.50"),
        "subdistributor_debts:soho": usd("-9.50"),
        "distributor:soho": usd("9.20"),
        "commission_expense": usd("0.80"),
    }
    house.accept(Remit("r", MARIA, EVENING, "soho", usd("9.20")))
    assert house.books()["provider_cash"] == usd("9.20")


def test_what_is_owed_or_waits_is_settled_first():
    settles = Terms(Percent("12"), Percent("8"), netting=Netting.AT_SETTLEMENT)
    house = Trial(*CHAIN, payment("p", by="soho"))
    assert house.reason(moved()) == NotSettled("soho", usd("9.20"), usd("0.00"))
    house.accept(Remit("r", MARIA, MORNING, "soho", usd("9.20")))
    assert isinstance(house.give(moved()), Accepted)
    waiting = Trial(
        *CHAIN, ChangeTerms("t", MARIA, MORNING, "soho", settles), payment("p", by="soho")
    )
    waiting.accept(Remit("r", MARIA, MORNING, "soho", usd("10.00")))
    assert waiting.reason(moved()) == NotSettled("soho", usd("0.00"), usd("0.80"))
    waiting.accept(CreditCommission("c", MARIA, MORNING, "soho"))
    assert waiting.reason(moved(None)) == NotSettled("soho", usd("-0.80"), usd("0.00"))


def test_a_distributor_that_is_there_already_stays_as_it_is_also_with_a_balance():
    house = Trial(*CHAIN, payment("p", by="soho"))
    assert house.accept(moved("hudson")) == Accepted("move")
    assert house.accept(attrs.evolve(moved(None, "hudson"), key="top")) == Accepted("top")


@pytest.mark.parametrize("parent", ["hudson", "soho", "kiosk"])
def test_nobody_is_put_below_itself_or_below_those_below_it(parent):
    reason = Trial(*CHAIN).reason(moved(parent, "hudson"))
    assert reason == OwnSubdistributor("hudson", parent)


def test_a_distributor_may_rise_past_its_parent_and_sink_below_another_child():
    house = Trial(*CHAIN, *settling(subdistributor("tribeca", "hudson", "12", "8", "500.00")))
    house.accept(moved("hudson", "kiosk"))
    assert [known.distributor.id for known in house.facts.chain("kiosk")] == ["kiosk", "hudson"]
    house.accept(attrs.evolve(moved("tribeca", "kiosk"), key="down"))
    assert [known.distributor.id for known in house.facts.chain("kiosk")] == [
        "kiosk",
        "tribeca",
        "hudson",
    ]


def test_a_rate_above_that_of_the_new_parent_is_refused():
    lower = ChangeTerms("t", MARIA, MORNING, "jersey", Terms(Percent("15"), Percent("7.99")))
    reason = Trial(*CHAIN, lower).reason(moved())
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
    house = Trial(*CHAIN, payment("p", by="soho"), CreateDistributor("e", MARIA, EUROPEAN))
    assert house.reason(attrs.evolve(moved(), **changes)) == expected


def test_then_for_the_new_parents_date_and_its_currency():
    young = attrs.evolve(EUROPEAN, created=TOMORROW)
    house = Trial(*CHAIN, CreateDistributor("e", MARIA, young))
    assert house.reason(moved("euro")) == BeforeCreation("euro", TOMORROW)
    wrong = WrongCurrency("euro", Currency("EUR"), Currency("USD"))
    assert house.reason(moved("euro", at=TOMORROW)) == wrong


def test_a_reversal_of_what_was_sold_before_goes_up_the_originals_chain():
    house = Trial(
        *CHAIN, payment("p", by="soho"), Remit("r", MARIA, MORNING, "soho", usd("9.20")), moved()
    )
    house.accept(Reverse("back", MARIA, EVENING, "p", Reversal.CHARGEBACK))
    assert (house.owed("soho"), house.owed("hudson"), house.owed("jersey")) == (
        usd("-9.20"),
        usd("0.00"),
        usd("0.00"),
    )


def test_the_memory_reads_what_a_transfer_needs():
    billing = Billing(MemoryRepository())
    released = attrs.evolve(moved(None), key="released")
    commands = (*BASE_COMMANDS, *CHAIN, sale("s", "10.00"), transfer(), moved(), released)
    seen = Trial(facts=Facts())
    assert billing.execute_many(commands) == tuple(seen.give(command) for command in commands)
