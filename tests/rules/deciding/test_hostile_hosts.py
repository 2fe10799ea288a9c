"""What a host or somebody at a till must not get away with."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import Any

import attrs
import pytest

from distbilling import (
    Accepted,
    Account,
    AccountKind,
    ActivateAccount,
    AddAccount,
    Asked,
    AssignDistributor,
    Billing,
    ByFullForm,
    ByQuickForm,
    CreateCustomer,
    CreateDistributor,
    CreditTerms,
    Currency,
    Customer,
    CustomerCaps,
    Distributor,
    DistributorStaff,
    Field,
    Fixed,
    Limit,
    Money,
    Percent,
    PercentOfLimit,
    QuickForm,
    RecordPayment,
    Refused,
    Remit,
    Terms,
    Unlimited,
)
from distbilling.adapters.memory import MemoryRepository
from distbilling.adapters.notifiers import RecordingNotifier
from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.rules import Command, decide, evolve
from distbilling.rules.commission import Commission, RateOrigin, commission_on
from distbilling.rules.credit import Threshold, thresholds_crossed
from distbilling.rules.credit.credit_watch import CreditFacts, CreditStanding, evaluate
from distbilling.rules.credit.notices import DistributorResumed, DistributorSuspended
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import (
    NotFound,
    NumberInInventory,
    RecordKind,
    WrongCurrency,
)
from distbilling.rules.ledger.accounts import DistributorLedger, ProviderCash
from distbilling.rules.ledger.journal import Entry, EntryKind, Posting
from distbilling.rules.parties.permission import Action, Allowed, Denied, Policy, Role
from distbilling.testing import sample_data
from distbilling.testing.sample_data import BASE_COMMANDS, MARIA, MORNING, NUMBER, payment, usd

NUMBERS = count(1)
HUDSON, EURO = DistributorStaff("hudson"), Currency("EUR")
NO_EURO = Money("0", "EUR")


def case(make: Any, *arguments: Any, **named: Any) -> Any:
    """Return a call that no type checker would let pass."""
    return partial(make, *arguments, **named)


def numbered(value):
    return value if isinstance(value, str) else str(next(NUMBERS))


def distributor(name: str, **fields: Any) -> Distributor:
    return attrs.evolve(sample_data.distributor(name), **{"customer_class": None, **fields})


def after(facts: Facts, *commands: Command) -> Facts:
    for command in commands:
        decision = decide(command, facts)
        assert isinstance(decision, Accepted), decision
        facts = evolve(facts, decision)
    return facts


def prepared(*commands: Command) -> Facts:
    return after(Facts(), *BASE_COMMANDS, *commands)


@pytest.fixture
def _validators_off():
    attrs.validators.set_disabled(True)
    yield
    attrs.validators.set_disabled(False)


@pytest.mark.usefixtures("_validators_off")
@pytest.mark.parametrize(
    ("make", "field"),
    [
        (case(RecordPayment, "k", HUDSON, MORNING, "c", usd("-500")), "amount"),
        (case(RecordPayment, "k\0", HUDSON, MORNING, "c", usd("5")), "key"),
        (case(Remit, "k", MARIA, MORNING, "hudson", usd("-500")), "amount"),
        (case(Terms, 0.15, 10), "sales_commission"),
        (case(CreditTerms, 5, ("x",)), "limit"),
        (case(Limit, 5), "amount"),
        (case(Account, "1", "c", None, "line", AccountKind.PREPAID, usd("-5")), "opening_balance"),
        (case(Posting, "x", 5), "ledger"),
    ],
    ids=numbered,
)
def test_a_host_that_switches_attrs_validators_off_still_books_nothing_wrong(make, field):
    with pytest.raises((InvalidType, InvalidValue)) as refused:
        make()
    assert refused.value.field == field


def test_a_foreign_customer_is_told_as_a_missing_one_also_on_the_way_through_an_account():
    facts = prepared()
    foreign = decide(
        attrs.evolve(payment("k", by="hudson"), customer="customer of rival", account="x"), facts
    )
    missing = decide(attrs.evolve(payment("k", by="hudson"), customer="nobody", account="x"), facts)
    assert foreign == Refused(NotFound(RecordKind.CUSTOMER, "customer of rival"))
    assert missing == Refused(NotFound(RecordKind.CUSTOMER, "nobody"))


def test_whoever_may_activate_nothing_learns_nothing_of_what_is_there():
    facts, nothing_granted = prepared(), Policy()
    for account in (NUMBER, "99999999"):
        decision = decide(ActivateAccount("k", HUDSON, MORNING, account), facts, nothing_granted)
        assert decision == Refused(
            Denied(Role.DISTRIBUTOR, Action.ACTIVATE_PREPAID_ACCOUNT, "not granted")
        )


def test_a_host_that_forgets_the_distributor_of_a_customer_has_no_payment_booked():
    forgetful = attrs.evolve(prepared(), distributors={})
    assert decide(payment("k"), forgetful) == Refused(NotFound(RecordKind.DISTRIBUTOR, "hudson"))


def test_an_account_in_another_currency_than_its_distributors_is_refused_before_it_is_ever_sold():
    european = CreateCustomer("eu", MARIA, MORNING, "eu", "EU", Limit(NO_EURO), NO_EURO)
    facts = prepared(european)
    line = ByFullForm(NUMBER, "line", AccountKind.PREPAID, Money("10", "EUR"))
    wrong = Refused(WrongCurrency("hudson", Currency("USD"), EURO))
    assert decide(AddAccount("a", MARIA, MORNING, "eu", line, "hudson"), facts) == wrong
    facts = after(facts, AddAccount("a", MARIA, MORNING, "eu", line))
    assert decide(AssignDistributor("b", MARIA, MORNING, NUMBER, "hudson"), facts) == wrong


def first_key(name: str, terms: CreditTerms, owed: str) -> str:
    facts = CreditFacts(usd(owed), MORNING, terms.limit)
    return evaluate(terms, CreditStanding.new(name), facts)[1][0].key


def test_no_two_notices_share_a_key_whatever_parties_are_called():
    suspended = CreditTerms(Limit(usd("1")))
    told = [
        first_key(name, suspended, "1")
        for name in ("h", "h/suspended", "h%2Fsuspended", "h/suspended/1")
    ]
    assert len(set(told)) == len(told)


def test_a_threshold_has_one_key_however_its_amount_is_written():
    def key(threshold: Threshold) -> str:
        return first_key("h", CreditTerms(Limit(usd("1000")), (threshold,)), "901")

    assert key(PercentOfLimit("90")) == key(usd("900")) == "h/threshold-900/1"


def test_who_may_owe_nothing_is_told_of_the_suspension_before_the_resumption():
    creation = CreateDistributor("d", MARIA, distributor("z", credit=CreditTerms(Limit(usd("0")))))
    assert [type(notice) for notice in decide(creation, Facts()).notices] == [DistributorSuspended]
    paid = decide(Remit("r", MARIA, MORNING, "z", usd("5")), after(Facts(), creation))
    assert [type(notice) for notice in paid.notices] == [DistributorResumed]


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (case(distributor, "d", currency=Currency("XAU"), credit=CreditTerms(Unlimited())),
         "currency"),
        (case(Customer, "c", "n", Currency("XAU"), None, Unlimited(), MORNING), "currency"),
        (case(CreateDistributor, "k", MARIA, 5), "distributor"),
        (case(RecordPayment, "k", HUDSON, MORNING, "c", Money("1", "XAU")), "amount"),
        (case(RecordPayment, "k", HUDSON, MORNING, "c", usd("10000000000000.01")), "amount"),
        (case(CustomerCaps, usd("-1"), usd("0")), "credit_limit"),
        (case(MemoryRepository, ["12"]), "inventory"),
        (case(MemoryRepository, [5]), "inventory"),
        (case(ByQuickForm, "sip", {"nu\x00\x1b[2J": "x"}), "answers"),
        (case(ByQuickForm, "sip", {"number": "x" * 201}), "answers"),
        (case(ByQuickForm, "sip", {"number": "\ud800"}), "answers"),
        (case(ByQuickForm, "sip", (("number", "111"), ("number", "222"))), "answers"),
        (case(QuickForm, "f", "n", "p", AccountKind.PREPAID,
              (Asked(Field.NUMBER), Fixed(Field.ACTIVE, "maybe"))),
         "form_fields: active"),
        (case(QuickForm, "f", "n", "p", AccountKind.PREPAID,
                           (Asked(Field.NUMBER), Asked(Field.OPENING_BALANCE, "1e9"))),
         "form_fields: opening_balance"),
        (case(QuickForm, "f", "n", "p", AccountKind.POSTPAID,
                           (Asked(Field.NUMBER), Fixed(Field.OPENING_BALANCE, "5"))),
         "form_fields: opening_balance"),
        (case(DistributorLedger, 5), "distributor"),
        (case(Commission, usd("1"), Percent("10"), usd("5"), None), "rounding"),
        (case(Allowed, "x", 3, None), "role"),
        (case(Accepted, 5), "key"),
        (case(Refused, "x"), "reason"),
        (case(Billing, MemoryRepository(), policy="x"), "policy"),
        (case(Billing(MemoryRepository()).statement, ["x"], MORNING), "distributor"),
        (case(commission_on, usd("1"), Percent("10"), origin="x"), "origin"),
        (case(commission_on, usd("1"), Percent("10"), "x"), "method"),
        (case(thresholds_crossed, [PercentOfLimit("90")], usd("1000"), usd("0"), usd("950")),
         "limit"),
        (case(thresholds_crossed, [PercentOfLimit("90")], None, usd("0"), usd("950")), "limit"),
        (case(thresholds_crossed, [], Unlimited(), 0, usd("950")), "before"),
        (case(thresholds_crossed, [], Unlimited(), usd("0"), 950), "after"),
        (case(thresholds_crossed, usd("9"), Unlimited(), usd("0"), usd("950")), "thresholds"),
        (case(Entry, "k", "bogus", MORNING, MARIA, (Posting(ProviderCash(), usd("0")),) * 2),
         "kind"),
    ],
    ids=numbered,
)  # fmt: skip
def test_what_cannot_be_meant_is_one_error_that_names_its_field(make, field):
    with pytest.raises((InvalidType, InvalidValue)) as refused:
        make()
    assert refused.value.field == field


@pytest.mark.parametrize("amounts", [(usd("1"), NO_EURO, NO_EURO), (NO_EURO, NO_EURO, usd("1"))])
def test_thresholds_limit_and_balances_are_in_one_currency(amounts):
    limit, before, after = amounts
    with pytest.raises(CurrencyMismatch):
        thresholds_crossed([], Limit(limit), before, after)


def test_a_name_of_the_wrong_type_is_not_shown_either():
    with pytest.raises(InvalidType) as refused:
        case(Customer, "c", b"Jane Doe", Currency("USD"), None, Unlimited(), MORNING)()
    assert "Jane" not in str(refused.value)
    assert "a bytes" in str(refused.value)


def test_text_that_only_looks_like_text_is_refused():
    class Loud(str):
        __slots__ = ()

        def isprintable(self):
            return True

    with pytest.raises(InvalidType, match="key"):
        RecordPayment(Loud("\x00"), HUDSON, MORNING, "c", usd("1"))


def test_one_line_is_one_account_however_its_number_was_typed():
    typed = ByFullForm("+1 (212) 555-0100", "line", AccountKind.PREPAID, usd("1"))
    assert typed.number == ByQuickForm("sip", {"number": "0012125550100"}).number == "12125550100"
    assert (
        ByFullForm("alice@example", "line", AccountKind.PREPAID, usd("1")).number == "alice@example"
    )


def test_the_hosts_numbers_are_known_however_they_were_written():
    billing = Billing(MemoryRepository(["+1 212 555 0100"]))
    for command in BASE_COMMANDS:
        billing.execute(command)
    taken = AddAccount(
        "a", HUDSON, MORNING, "customer of hudson", ByQuickForm("sip", {"number": NUMBER})
    )
    assert billing.execute(taken) == Refused(NumberInInventory(NUMBER))


def test_a_repository_that_fails_after_the_commit_does_not_fail_the_command():
    class Unreadable(MemoryRepository):
        def pending_notices(self, _distributor=None, /):
            raise OSError

    billing = Billing(Unreadable(), RecordingNotifier())
    broke = distributor("z", credit=CreditTerms(Limit(usd("0"))))
    assert isinstance(billing.execute(CreateDistributor("d", MARIA, broke)), Accepted)


def test_every_kind_of_entry_says_its_name_in_a_repr_that_evaluates_back():
    assert repr(EntryKind.SALE) == "EntryKind.SALE"
    assert repr(RateOrigin.GIVEN) == "RateOrigin.GIVEN"


ANY_FACTS: Any = Facts


@pytest.mark.parametrize("field", ["distributors", "customers", "accounts", "forms", "entries"])
def test_facts_are_given_by_name(field):
    with pytest.raises(InvalidType, match=rf"^{field}: .* give a Mapping"):
        ANY_FACTS(**{field: ()})


@pytest.mark.parametrize("nonsense", ["hudson", None, ()])
def test_facts_are_made_of_facts_alone(nonsense):
    with pytest.raises(InvalidType, match=r"^facts: "):
        ANY_FACTS.of(nonsense)
