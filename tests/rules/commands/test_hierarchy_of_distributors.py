"""Who owes whom, where distributors sell through distributors? Each its parent, and the top one the provider."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from distbilling import (
    Accepted,
    AccountKind,
    Billing,
    CreateDistributor,
    CreditTerms,
    Currency,
    CustomerCaps,
    DistributorStaff,
    Limit,
    Percent,
    Terms,
    Unlimited,
    WhenSuspended,
)
from distbilling.adapters.memory import MemoryRepository
from distbilling.errors import HostError, InvalidValue
from distbilling.rules.agreement.schedule import Bracket, Brackets
from distbilling.rules.agreement.terms import Basis, DiscountBasis, Margin, TaxBasis
from distbilling.rules.commands.customers.activate_account import ActivateAccount
from distbilling.rules.commands.customers.add_account import AddAccount, ByFullForm
from distbilling.rules.commands.customers.assign_distributor import AssignDistributor
from distbilling.rules.commands.customers.create_customer import CreateCustomer
from distbilling.rules.commands.distributors.change_credit import ChangeCredit
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.movements.record_payment import RecordPayment
from distbilling.rules.commands.movements.remit import Remit
from distbilling.rules.credit.increase import LimitIncrease
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import (
    AlreadyExists,
    BeforeCreation,
    CreditAboveCap,
    NotFound,
    OverCreditLimit,
    RateAboveParent,
    RecordKind,
    Suspended,
    WiderBasis,
    WrongCurrency,
)
from distbilling.rules.ledger.accounts import (
    CommissionExpense,
    CustomerLedger,
    DistributorLedger,
    OpeningBalances,
    PrepaidFunds,
    ProviderCash,
    SubdistributorDebts,
)
from distbilling.rules.ledger.journal import Posting
from distbilling.rules.parties import Distributor
from distbilling.rules.parties.permission import HANDBOOK_POLICY, Action, Denied, Role
from distbilling.testing.stage import (
    BASE_COMMANDS,
    MARIA,
    MORNING,
    NUMBER,
    distributor,
    payment,
    usd,
)
from distbilling.testing.trial import CHAIN, Trial, settling, subdistributor

HUDSON, SOHO = DistributorStaff("hudson"), DistributorStaff("soho")
SUB = subdistributor("tribeca", "hudson", "12", "8", "500.00")


def sold_by(name: str, amount: str = "10.00", key: str = "s", number: str = NUMBER) -> AddAccount:
    full = ByFullForm(number, "SIP line", AccountKind.PREPAID, usd(amount), active=True)
    return AddAccount(key, MARIA, MORNING, f"customer of {name}", full, name)


def creation(new: Distributor = SUB, by: Any = MARIA, **changes: Any) -> CreateDistributor:
    return CreateDistributor("create", by, attrs.evolve(new, **changes))


def credit_of(name: str, **changes: Any) -> ChangeCredit:
    credit = CreditTerms(Limit(usd("1000.00")))
    return ChangeCredit(f"credit of {name}", MARIA, MORNING, name, attrs.evolve(credit, **changes))


def test_one_entry_says_who_owes_whom_all_the_way_up():
    house = Trial(*CHAIN)
    entry: Any = house.accept(payment("p", by="kiosk")).entry
    assert entry.postings == (
        Posting(CustomerLedger("customer of kiosk"), usd("-10.00")),
        Posting(DistributorLedger("kiosk"), usd("9.50")),
        Posting(SubdistributorDebts("soho"), usd("-9.50")),
        Posting(DistributorLedger("soho"), usd("9.20")),
        Posting(SubdistributorDebts("hudson"), usd("-9.20")),
        Posting(DistributorLedger("hudson"), usd("9.00")),
        Posting(CommissionExpense(), usd("1.00")),
    )
    assert [(share.distributor, share.earned, share.owed) for share in entry.split.shares] == [
        ("kiosk", usd("0.50"), usd("9.50")),
        ("soho", usd("0.30"), usd("9.20")),
        ("hudson", usd("0.20"), usd("9.00")),
    ]


def test_a_subdistributor_at_ten_per_cent_below_one_at_fifteen():
    terms = Terms(Percent("0"), Percent("15"))
    house = Trial(
        ChangeTerms("t", MARIA, MORNING, "hudson", terms),
        *settling(subdistributor("soho", "hudson", "0", "10", "500.00")),
        payment("p", by="soho"),
    )
    assert house.books() == {  # decision 0012
        "customer:customer of soho": usd("-10.00"),
        "distributor:soho": usd("9.00"),
        "subdistributor_debts:hudson": usd("-9.00"),
        "distributor:hudson": usd("8.50"),
        "commission_expense": usd("1.50"),
    }


@pytest.mark.parametrize("way", ["created", "activated", "assigned"])
def test_a_sale_goes_up_the_chain_whichever_way_it_falls_due(way):
    full = ByFullForm(
        NUMBER, "SIP line", AccountKind.PREPAID, usd("10.00"), active=way != "activated"
    )
    owner = None if way == "assigned" else "kiosk"
    house = Trial(*CHAIN, AddAccount("created", MARIA, MORNING, "customer of kiosk", full, owner))
    if way == "activated":
        house.accept(ActivateAccount("activated", DistributorStaff("kiosk"), MORNING, NUMBER))
    if way == "assigned":
        house.accept(AssignDistributor("assigned", MARIA, MORNING, NUMBER, "kiosk"))
    assert [entry.postings for entry in house.journal] == [
        (
            Posting(PrepaidFunds(NUMBER), usd("-10.00")),
            Posting(DistributorLedger("kiosk"), usd("9.00")),
            Posting(SubdistributorDebts("soho"), usd("-9.00")),
            Posting(DistributorLedger("soho"), usd("8.80")),
            Posting(SubdistributorDebts("hudson"), usd("-8.80")),
            Posting(DistributorLedger("hudson"), usd("8.50")),
            Posting(CommissionExpense(), usd("1.50")),
        )
    ]


def test_a_remittance_goes_to_the_one_above_and_changes_nothing_for_those_further_up():
    house = Trial(*CHAIN, payment("p", by="kiosk"))
    to_soho: Any = house.accept(Remit("r", SOHO, MORNING, "kiosk", usd("9.50"))).entry
    assert to_soho.postings == (
        Posting(DistributorLedger("kiosk"), usd("-9.50")),
        Posting(SubdistributorDebts("soho"), usd("9.50")),
    )
    assert (house.owed("kiosk"), house.owed("soho"), house.owed("hudson")) == (
        usd("0"),
        usd("9.20"),
        usd("9.00"),
    )
    house.accept(Remit("s", MARIA, MORNING, "soho", usd("9.20")))
    to_provider: Any = house.accept(Remit("t", MARIA, MORNING, "hudson", usd("9.00"))).entry
    assert to_provider.postings[1] == Posting(ProviderCash(), usd("9.00"))
    assert house.books() == {
        "customer:customer of kiosk": usd("-10.00"),
        "provider_cash": usd("9.00"),
        "commission_expense": usd("1.00"),
    }


@pytest.mark.parametrize("name", ["hudson", "kiosk", "jersey", "nobody"])
def test_staff_records_remittances_of_those_directly_below_alone(name):
    house = Trial(*CHAIN)
    assert house.reason(Remit("r", HUDSON, MORNING, name, usd("1.00"))) == NotFound(
        RecordKind.DISTRIBUTOR, name
    )
    assert isinstance(house.give(Remit("r", HUDSON, MORNING, "soho", usd("1.00"))), Accepted)


def test_who_may_record_what_a_subdistributor_remits_is_a_permission_of_its_own():
    denied = Denied(Role.DISTRIBUTOR, Action.RECORD_SUBDISTRIBUTOR_REMITTANCE, "our contract")
    house = Trial(*CHAIN)
    house.policy = HANDBOOK_POLICY.extended(denied)
    assert house.reason(Remit("r", HUDSON, MORNING, "nobody", usd("1.00"))) == denied
    assert isinstance(house.give(Remit("r", MARIA, MORNING, "soho", usd("1.00"))), Accepted)
    refused = Denied(Role.ADMINISTRATOR, Action.RECORD_REMITTANCE, "our contract")
    house.policy = HANDBOOK_POLICY.extended(refused)
    assert house.reason(Remit("s", MARIA, MORNING, "nobody", usd("1.00"))) == refused


@pytest.mark.parametrize("by", [MARIA, HUDSON], ids=["administrator", "staff"])
def test_an_administrator_or_the_parents_staff_sets_a_subdistributor_up(by):
    house = Trial()
    house.accept(creation(by=by))
    assert house.known("tribeca").distributor == SUB
    assert [known.distributor.id for known in house.facts.chain("tribeca")] == ["tribeca", "hudson"]
    assert [known.distributor.id for known in house.facts.below("hudson")] == ["tribeca"]


@pytest.mark.parametrize(
    ("command", "parent"),
    [
        (creation(by=HUDSON, parent="jersey"), "jersey"),
        (creation(by=HUDSON, parent="soho"), "soho"),
        (creation(by=SOHO), "hudson"),
        (creation(by=HUDSON, parent="nobody"), "nobody"),
        (creation(parent="nobody"), "nobody"),
        (creation(by=DistributorStaff("nobody"), parent="nobody"), "nobody"),
    ],
    ids=[
        "another's",
        "a child's",
        "its own parent's",
        "nobody's",
        "of an administrator",
        "of nobody",
    ],
)
def test_staff_creates_below_its_own_distributor_and_nowhere_else(command, parent):
    assert Trial(*CHAIN).reason(command) == NotFound(RecordKind.DISTRIBUTOR, parent)


def test_a_distributor_without_a_parent_is_an_administrators_to_create():
    top = attrs.evolve(distributor("tribeca"), caps=CustomerCaps.none(Currency("USD")))
    assert Trial().reason(creation(top, HUDSON)) == Denied(
        Role.DISTRIBUTOR, Action.CREATE_DISTRIBUTOR, "not granted"
    )
    denied = Denied(Role.DISTRIBUTOR, Action.CREATE_SUBDISTRIBUTOR, "our contract")
    strict = Trial()
    strict.policy = HANDBOOK_POLICY.extended(denied)
    assert strict.reason(creation(by=HUDSON, parent="nobody")) == denied


def test_an_opening_balance_is_an_administrators_to_give_and_owed_to_the_parent():
    brought = attrs.evolve(creation(), opening_balance=usd("40.00"))
    house = Trial()
    denied = Denied(Role.DISTRIBUTOR, Action.ADJUST_BALANCE, "R28")
    assert house.reason(attrs.evolve(brought, by=HUDSON)) == denied
    assert house.reason(attrs.evolve(brought, by=HUDSON, opening_balance=usd("-0.01"))) == denied
    entry: Any = house.accept(brought).entry
    assert entry.postings == (
        Posting(DistributorLedger("tribeca"), usd("40.00")),
        Posting(SubdistributorDebts("hudson"), usd("-40.00")),
    )
    assert house.owed("hudson") == usd("0.00")
    top = CreateDistributor("top", MARIA, distributor("top"), usd("40.00"))
    assert top.opening_balance == usd("40.00")
    booked: Any = house.accept(top).entry
    assert booked.postings[1] == Posting(OpeningBalances(), usd("-40.00"))


def test_staff_gives_nobody_more_than_it_may_give_itself_and_no_raised_limit():
    own = distributor("hudson").caps
    more = attrs.evolve(own, credit_limit=usd("0.01"))
    house = Trial()
    assert house.reason(creation(by=HUDSON, caps=more)) == CreditAboveCap(
        "credit_limit", usd("0.00"), usd("0.01")
    )
    more = attrs.evolve(own, opening_balance=usd("25.01"))
    assert house.reason(creation(by=HUDSON, caps=more)) == CreditAboveCap(
        "opening_balance", usd("25.00"), usd("25.01")
    )
    raised = LimitIncrease("hudson", MORNING, MORNING.add(days=1), usd("1.00"))
    denied = Denied(Role.DISTRIBUTOR, Action.RAISE_CREDIT_LIMIT, "not granted")
    assert house.reason(creation(by=HUDSON, increases=(raised,))) == denied
    assert isinstance(house.give(creation(by=HUDSON, caps=own)), Accepted)
    assert isinstance(house.give(creation(id="noho", caps=more, increases=(raised,))), Accepted)


def test_staff_gives_nobody_a_rate_above_its_own_however_margins_are_shared():
    on_the_rest = Terms(Percent("5"), Percent("5"), margin=Margin.OWN_RATE_ON_THE_REST)
    house = Trial(ChangeTerms("t", MARIA, MORNING, "hudson", on_the_rest))
    assert isinstance(house.reason(creation(by=HUDSON)), RateAboveParent)
    assert isinstance(house.give(creation()), Accepted)


def test_a_suspended_distributor_or_one_below_it_sets_nobody_up_but_an_administrator_does():
    house = Trial(*CHAIN, payment("p", "600.00", by="soho"))
    tribeca = creation(by=SOHO, parent="soho", terms=Terms(Percent("1"), Percent("1")))
    suspended = Suspended("soho", usd("500.00"), usd("552.00"))
    assert house.reason(tribeca) == suspended
    below = attrs.evolve(
        tribeca,
        by=DistributorStaff("kiosk"),
        distributor=attrs.evolve(tribeca.distributor, parent="kiosk"),
    )
    assert house.reason(below) == suspended
    assert isinstance(house.give(attrs.evolve(tribeca, by=MARIA)), Accepted)


def test_a_name_is_taken_whoever_took_it():
    assert Trial().reason(creation(id="jersey", by=HUDSON)) == AlreadyExists(
        RecordKind.DISTRIBUTOR, "jersey"
    )


def test_a_subdistributor_is_not_older_than_its_parent_nor_than_those_above_it():
    created = distributor("hudson").created
    early = BeforeCreation("hudson", created)
    assert Trial().reason(creation(created=created.subtract(microseconds=1))) == early
    assert isinstance(Trial().give(creation(created=created)), Accepted)


@pytest.mark.parametrize("by", [MARIA, HUDSON], ids=["administrator", "staff"])
def test_a_subdistributors_currency_is_its_parents(by):
    euro: dict[str, Any] = {
        "currency": Currency("EUR"),
        "credit": CreditTerms(Unlimited()),
        "customer_class": None,
        "caps": CustomerCaps.none(Currency("EUR")),
    }
    assert Trial().reason(creation(by=by, **euro)) == WrongCurrency(
        "hudson", Currency("USD"), Currency("EUR")
    )


def test_a_rate_above_the_parents_is_refused_with_both_rates():
    reason = Trial().reason(creation(terms=Terms(Percent("15.01"), Percent("10"))))
    assert isinstance(reason, RateAboveParent)
    assert (reason.distributor, reason.parent, len(reason.rates)) == ("tribeca", "hudson", 1)
    assert reason.explain() == (
        "tribeca cannot earn more than its parent hudson. "
        "15.01% (default sales commission) can come out above the parent's 15% (default sales commission)."
    )
    both = Trial().reason(creation(terms=Terms(Percent("16"), Percent("11"))))
    assert isinstance(both, RateAboveParent)
    assert len(both.rates) == 2
    assert isinstance(Trial().give(creation(terms=Terms(Percent("15"), Percent("10")))), Accepted)


@pytest.mark.parametrize(
    ("own", "parents"),
    [
        (Basis(), Basis(tax=TaxBasis.NET_OF_TAX)),
        (Basis(discount=DiscountBasis.BEFORE_DISCOUNT), Basis()),
        (
            Basis(tax=TaxBasis.NET_OF_TAX, discount=DiscountBasis.BEFORE_DISCOUNT),
            Basis(tax=TaxBasis.NET_OF_TAX),
        ),
    ],
)
def test_a_child_earns_on_no_more_of_an_amount_than_its_parent(own, parents):
    def terms(basis: Basis) -> Terms:
        return Terms(Percent("1"), Percent("1"), basis=basis)

    house = Trial(ChangeTerms("t", MARIA, MORNING, "hudson", terms(parents)))
    assert house.reason(creation(terms=terms(own))) == WiderBasis("tribeca", "hudson")
    assert isinstance(house.give(creation(terms=terms(parents))), Accepted)


def test_where_each_level_earns_on_what_is_left_a_child_may_have_the_higher_rate():
    on_the_rest = Terms(Percent("5"), Percent("5"), margin=Margin.OWN_RATE_ON_THE_REST)
    house = Trial(ChangeTerms("t", MARIA, MORNING, "hudson", on_the_rest))
    house.accept(*settling(subdistributor("tribeca", "hudson", "20", "20", "500.00")))
    house.accept(payment("p", "100.00", by="tribeca"))
    assert (house.owed("tribeca"), house.owed("hudson")) == (usd("80.00"), usd("76.00"))


def test_where_rates_depend_on_each_ones_volume_a_child_never_earns_more_than_its_parent():
    falling = Brackets(
        (Bracket(usd("0"), usd("50"), Percent("10")), Bracket(usd("50"), None, Percent("2")))
    )
    terms = Terms(Percent("0"), falling)
    house = Trial(
        ChangeTerms("t", MARIA, MORNING, "hudson", terms), *settling(attrs.evolve(SUB, terms=terms))
    )
    house.accept(payment("p", "50.00"))
    entry: Any = house.accept(payment("q", by="tribeca")).entry
    assert [share.earned for share in entry.split.shares] == [usd("0.20"), usd("0.00")]
    assert (house.owed("tribeca"), house.owed("hudson")) == (usd("9.80"), usd("54.80"))


def test_a_sale_beyond_the_limit_of_any_level_is_refused_with_both_numbers():
    house = Trial(*CHAIN, payment("p", "199.99", by="kiosk"))
    assert house.owed("kiosk") == usd("189.99")
    assert house.reason(sold_by("kiosk", "11.13")) == OverCreditLimit(
        "kiosk", usd("200.00"), usd("200.01")
    )
    tight = Trial(*CHAIN, credit_of("kiosk"), payment("p", "530.00", by="kiosk"))
    assert tight.owed("soho") == usd("487.60")
    assert tight.reason(sold_by("kiosk", "14.10")) == OverCreditLimit(
        "soho", usd("500.00"), usd("500.01")
    )
    assert isinstance(tight.give(sold_by("kiosk", "14.09")), Accepted)
    both = Trial(
        *CHAIN, credit_of("kiosk", limit=Limit(usd("5"))), credit_of("soho", limit=Limit(usd("5")))
    )
    assert both.reason(sold_by("kiosk")) == OverCreditLimit("kiosk", usd("5.00"), usd("9.00"))


def test_a_payment_warns_and_suspends_at_every_level_and_flags_the_nearest():
    house = Trial(*CHAIN, credit_of("hudson", limit=Limit(usd("500.00"))))
    accepted = house.accept(payment("p", "600.00", by="kiosk"))
    assert accepted.over_limit is not None
    assert (
        accepted.over_limit.distributor,
        accepted.over_limit.limit,
        accepted.over_limit.owed,
    ) == (
        "kiosk",
        usd("200.00"),
        usd("570.00"),
    )
    assert [notice.key for notice in accepted.notices] == [
        "kiosk/threshold-180/1",
        "kiosk/suspended/2",
        "soho/threshold-450/1",
        "soho/suspended/2",
        "hudson/suspended/1",
    ]
    assert all(house.known(name).standing.suspended for name in ("kiosk", "soho", "hudson"))
    top = Trial(
        *CHAIN,
        credit_of("kiosk"),
        credit_of("soho"),
        credit_of("hudson", limit=Limit(usd("500.00"))),
    )
    flagged = top.accept(payment("p", "600.00", by="kiosk")).over_limit
    assert flagged is not None
    assert (flagged.distributor, flagged.owed) == ("hudson", usd("540.00"))


def test_whoever_sells_below_a_suspended_distributor_waits_with_it():
    house = Trial(*CHAIN, payment("p", "1200.00", by="hudson"))
    suspended = Suspended("hudson", usd("1000.00"), usd("1080.00"))
    kiosk = DistributorStaff("kiosk")
    own = CreateCustomer("c", kiosk, MORNING, "eve", "Eve", Limit(usd("0")), usd("0"))
    line = AddAccount(
        "a",
        MARIA,
        MORNING,
        "customer of kiosk",
        ByFullForm(NUMBER, "SIP", AccountKind.PREPAID, usd("0")),
        "kiosk",
    )
    house.accept(line)
    for command in (payment("q", by="kiosk"), own, ActivateAccount("x", kiosk, MORNING, NUMBER)):
        assert house.reason(command) == suspended
    house.accept(Remit("r", MARIA, MORNING, "hudson", usd("100.00")))
    for command in (payment("q", by="kiosk"), own, ActivateAccount("x", kiosk, MORNING, NUMBER)):
        assert isinstance(house.give(command), Accepted)


def test_a_level_that_always_accepts_does_not_stop_a_payment_but_a_strict_one_does():
    lenient = {"limit": Limit(usd("1.00")), "when_suspended": WhenSuspended.ALWAYS_ACCEPT}
    house = Trial(*CHAIN, credit_of("soho", **lenient), payment("p", by="soho"))
    assert house.known("soho").standing.suspended
    assert isinstance(house.give(payment("q", by="kiosk")), Accepted)
    house.accept(credit_of("hudson", limit=Limit(usd("1.00"))))
    assert house.reason(payment("r", by="kiosk")) == Suspended("hudson", usd("1.00"), usd("18.00"))


def test_nothing_is_booked_before_the_creation_of_anybody_it_goes_through():
    later = MORNING.add(days=2)
    house = Trial(*settling(attrs.evolve(SUB, created=later)))
    assert house.reason(payment("p", by="tribeca")) == BeforeCreation("tribeca", later)
    assert house.reason(sold_by("tribeca")) == BeforeCreation("tribeca", later)
    assert isinstance(house.give(payment("p", by="tribeca", at=later)), Accepted)
    young = attrs.evolve(
        house.facts.distributors_named(("hudson",))[0].distributor, created=later.add(days=1)
    )
    known = attrs.evolve(house.known("hudson"), distributor=young)
    house.facts = attrs.evolve(
        house.facts, distributors={**house.facts.distributors, "hudson": known}
    )
    assert house.reason(payment("q", by="tribeca", at=later)) == BeforeCreation(
        "hudson", later.add(days=1)
    )
    assert house.reason(attrs.evolve(sold_by("tribeca"), at=later)) == BeforeCreation(
        "hudson", later.add(days=1)
    )


def test_nobody_is_its_own_parent():
    with pytest.raises(InvalidValue, match="parent"):
        attrs.evolve(SUB, parent="tribeca")


def test_a_host_that_forgets_who_is_above_is_told_so():
    house = Trial(*CHAIN)
    forgetful = Facts(
        {name: known for name, known in house.facts.distributors.items() if name != "hudson"},
        house.facts.customers,
    )
    with pytest.raises(HostError, match="'hudson'"):
        Trial(facts=forgetful).give(payment("p", by="kiosk"))


def test_a_host_that_has_somebody_above_itself_is_told_so():
    house = Trial(*CHAIN)
    hudson = house.known("hudson")
    circular = attrs.evolve(hudson, distributor=attrs.evolve(hudson.distributor, parent="kiosk"))
    house.facts = attrs.evolve(
        house.facts, distributors={**house.facts.distributors, "hudson": circular}
    )
    with pytest.raises(HostError, match="above itself"):
        house.give(payment("p", by="kiosk"))


def test_no_customer_of_one_below_is_touched_by_the_staff_of_one_above():
    house = Trial(*CHAIN)
    foreign = RecordPayment("p", SOHO, MORNING, "customer of kiosk", usd("1.00"))
    assert house.reason(foreign) == NotFound(RecordKind.CUSTOMER, "customer of kiosk")


def test_the_memory_gives_every_command_those_above_as_one_who_sees_everything_would():
    billing = Billing(MemoryRepository())
    commands = (
        *BASE_COMMANDS,
        *CHAIN,
        payment("p", by="kiosk"),
        sold_by("kiosk"),
        Remit("r", SOHO, MORNING, "kiosk", usd("5")),
    )
    seen = Trial(facts=Facts())
    assert billing.execute_many(commands) == tuple(seen.give(command) for command in commands)


def test_the_statement_of_a_level_tells_what_it_was_owed_and_what_it_kept():
    billing = Billing(MemoryRepository())
    billing.execute_many((*BASE_COMMANDS, *CHAIN, payment("p", "100.00", by="kiosk")))
    for name, collected, kept, owed in (
        ("kiosk", "100.00", "5.00", "95.00"),
        ("soho", "95.00", "3.00", "92.00"),
        ("hudson", "92.00", "2.00", "90.00"),
    ):
        statement = billing.statement(name, MORNING)
        assert (statement.collected, statement.commission, statement.closing) == (
            usd(collected),
            usd(kept),
            usd(owed),
        )
