"""A subdistributor owes its parent, and the top distributor the provider."""

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
from distbilling.testing.rule_ledger import CHAIN, RuleLedger, subdistributor
from distbilling.testing.sample_data import (
    BASE_COMMANDS,
    MARIA,
    MORNING,
    NUMBER,
    commands_for,
    distributor,
    payment,
    usd,
)

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
    ledger = RuleLedger(*CHAIN)
    entry: Any = ledger.accept(payment("p", by="kiosk")).entry
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
    ledger = RuleLedger(
        ChangeTerms("t", MARIA, MORNING, "hudson", terms),
        *commands_for(subdistributor("soho", "hudson", "0", "10", "500.00")),
        payment("p", by="soho"),
    )
    assert ledger.books() == {  # decision 0012
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
    ledger = RuleLedger(
        *CHAIN, AddAccount("created", MARIA, MORNING, "customer of kiosk", full, owner)
    )
    if way == "activated":
        ledger.accept(ActivateAccount("activated", DistributorStaff("kiosk"), MORNING, NUMBER))
    if way == "assigned":
        ledger.accept(AssignDistributor("assigned", MARIA, MORNING, NUMBER, "kiosk"))
    assert [entry.postings for entry in ledger.journal] == [
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
    ledger = RuleLedger(*CHAIN, payment("p", by="kiosk"))
    to_soho: Any = ledger.accept(Remit("r", SOHO, MORNING, "kiosk", usd("9.50"))).entry
    assert to_soho.postings == (
        Posting(DistributorLedger("kiosk"), usd("-9.50")),
        Posting(SubdistributorDebts("soho"), usd("9.50")),
    )
    assert (ledger.owed("kiosk"), ledger.owed("soho"), ledger.owed("hudson")) == (
        usd("0"),
        usd("9.20"),
        usd("9.00"),
    )
    ledger.accept(Remit("s", MARIA, MORNING, "soho", usd("9.20")))
    to_provider: Any = ledger.accept(Remit("t", MARIA, MORNING, "hudson", usd("9.00"))).entry
    assert to_provider.postings[1] == Posting(ProviderCash(), usd("9.00"))
    assert ledger.books() == {
        "customer:customer of kiosk": usd("-10.00"),
        "provider_cash": usd("9.00"),
        "commission_expense": usd("1.00"),
    }


@pytest.mark.parametrize("name", ["hudson", "kiosk", "jersey", "nobody"])
def test_staff_records_remittances_of_those_directly_below_alone(name):
    ledger = RuleLedger(*CHAIN)
    assert ledger.reason(Remit("r", HUDSON, MORNING, name, usd("1.00"))) == NotFound(
        RecordKind.DISTRIBUTOR, name
    )
    assert isinstance(ledger.give(Remit("r", HUDSON, MORNING, "soho", usd("1.00"))), Accepted)


def test_who_may_record_what_a_subdistributor_remits_is_a_permission_of_its_own():
    denied = Denied(Role.DISTRIBUTOR, Action.RECORD_SUBDISTRIBUTOR_REMITTANCE, "our contract")
    ledger = RuleLedger(*CHAIN)
    ledger.policy = HANDBOOK_POLICY.extended(denied)
    assert ledger.reason(Remit("r", HUDSON, MORNING, "nobody", usd("1.00"))) == denied
    assert isinstance(ledger.give(Remit("r", MARIA, MORNING, "soho", usd("1.00"))), Accepted)
    refused = Denied(Role.ADMINISTRATOR, Action.RECORD_REMITTANCE, "our contract")
    ledger.policy = HANDBOOK_POLICY.extended(refused)
    assert ledger.reason(Remit("s", MARIA, MORNING, "nobody", usd("1.00"))) == refused


@pytest.mark.parametrize("by", [MARIA, HUDSON], ids=["administrator", "staff"])
def test_an_administrator_or_the_parents_staff_sets_a_subdistributor_up(by):
    ledger = RuleLedger()
    ledger.accept(creation(by=by))
    assert ledger.member("tribeca").distributor == SUB
    assert [known.distributor.id for known in ledger.facts.chain("tribeca")] == [
        "tribeca",
        "hudson",
    ]
    assert [known.distributor.id for known in ledger.facts.below("hudson")] == ["tribeca"]


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
    assert RuleLedger(*CHAIN).reason(command) == NotFound(RecordKind.DISTRIBUTOR, parent)


def test_a_distributor_without_a_parent_is_an_administrators_to_create():
    top = attrs.evolve(distributor("tribeca"), caps=CustomerCaps.none(Currency("USD")))
    assert RuleLedger().reason(creation(top, HUDSON)) == Denied(
        Role.DISTRIBUTOR, Action.CREATE_DISTRIBUTOR, "not granted"
    )
    denied = Denied(Role.DISTRIBUTOR, Action.CREATE_SUBDISTRIBUTOR, "our contract")
    strict = RuleLedger()
    strict.policy = HANDBOOK_POLICY.extended(denied)
    assert strict.reason(creation(by=HUDSON, parent="nobody")) == denied


def test_an_opening_balance_is_an_administrators_to_give_and_owed_to_the_parent():
    brought = attrs.evolve(creation(), opening_balance=usd("40.00"))
    ledger = RuleLedger()
    denied = Denied(Role.DISTRIBUTOR, Action.ADJUST_BALANCE, "R28")
    assert ledger.reason(attrs.evolve(brought, by=HUDSON)) == denied
    assert ledger.reason(attrs.evolve(brought, by=HUDSON, opening_balance=usd("-0.01"))) == denied
    entry: Any = ledger.accept(brought).entry
    assert entry.postings == (
        Posting(DistributorLedger("tribeca"), usd("40.00")),
        Posting(SubdistributorDebts("hudson"), usd("-40.00")),
    )
    assert ledger.owed("hudson") == usd("0.00")
    top = CreateDistributor("top", MARIA, distributor("top"), usd("40.00"))
    assert top.opening_balance == usd("40.00")
    booked: Any = ledger.accept(top).entry
    assert booked.postings[1] == Posting(OpeningBalances(), usd("-40.00"))


def test_staff_gives_nobody_more_than_it_may_give_itself_and_no_raised_limit():
    own = distributor("hudson").caps
    more = attrs.evolve(own, credit_limit=usd("0.01"))
    ledger = RuleLedger()
    assert ledger.reason(creation(by=HUDSON, caps=more)) == CreditAboveCap(
        "credit_limit", usd("0.00"), usd("0.01")
    )
    more = attrs.evolve(own, opening_balance=usd("25.01"))
    assert ledger.reason(creation(by=HUDSON, caps=more)) == CreditAboveCap(
        "opening_balance", usd("25.00"), usd("25.01")
    )
    raised = LimitIncrease("hudson", MORNING, MORNING.add(days=1), usd("1.00"))
    denied = Denied(Role.DISTRIBUTOR, Action.RAISE_CREDIT_LIMIT, "not granted")
    assert ledger.reason(creation(by=HUDSON, increases=(raised,))) == denied
    assert isinstance(ledger.give(creation(by=HUDSON, caps=own)), Accepted)
    assert isinstance(ledger.give(creation(id="noho", caps=more, increases=(raised,))), Accepted)


def test_staff_gives_nobody_a_rate_above_its_own_however_margins_are_shared():
    on_the_rest = Terms(Percent("5"), Percent("5"), margin=Margin.OWN_RATE_ON_THE_REST)
    ledger = RuleLedger(ChangeTerms("t", MARIA, MORNING, "hudson", on_the_rest))
    assert isinstance(ledger.reason(creation(by=HUDSON)), RateAboveParent)
    assert isinstance(ledger.give(creation()), Accepted)


def test_a_suspended_distributor_or_one_below_it_sets_nobody_up_but_an_administrator_does():
    ledger = RuleLedger(*CHAIN, payment("p", "600.00", by="soho"))
    tribeca = creation(by=SOHO, parent="soho", terms=Terms(Percent("1"), Percent("1")))
    suspended = Suspended("soho", usd("500.00"), usd("552.00"))
    assert ledger.reason(tribeca) == suspended
    below = attrs.evolve(
        tribeca,
        by=DistributorStaff("kiosk"),
        distributor=attrs.evolve(tribeca.distributor, parent="kiosk"),
    )
    assert ledger.reason(below) == suspended
    assert isinstance(ledger.give(attrs.evolve(tribeca, by=MARIA)), Accepted)


def test_a_name_is_taken_whoever_took_it():
    assert RuleLedger().reason(creation(id="jersey", by=HUDSON)) == AlreadyExists(
        RecordKind.DISTRIBUTOR, "jersey"
    )


def test_a_subdistributor_is_not_older_than_its_parent_nor_than_those_above_it():
    created = distributor("hudson").created
    early = BeforeCreation("hudson", created)
    assert RuleLedger().reason(creation(created=created.subtract(microseconds=1))) == early
    assert isinstance(RuleLedger().give(creation(created=created)), Accepted)


@pytest.mark.parametrize("by", [MARIA, HUDSON], ids=["administrator", "staff"])
def test_a_subdistributors_currency_is_its_parents(by):
    euro: dict[str, Any] = {
        "currency": Currency("EUR"),
        "credit": CreditTerms(Unlimited()),
        "customer_class": None,
        "caps": CustomerCaps.none(Currency("EUR")),
    }
    assert RuleLedger().reason(creation(by=by, **euro)) == WrongCurrency(
        "hudson", Currency("USD"), Currency("EUR")
    )


def test_a_rate_above_the_parents_is_refused_with_both_rates():
    reason = RuleLedger().reason(creation(terms=Terms(Percent("15.01"), Percent("10"))))
    assert isinstance(reason, RateAboveParent)
    assert (reason.distributor, reason.parent, len(reason.rates)) == ("tribeca", "hudson", 1)
    assert reason.explain() == (
        "tribeca cannot earn more than its parent hudson. "
        "15.01% (default sales commission) can come out above the parent's 15% "
        "(default sales commission)."
    )
    both = RuleLedger().reason(creation(terms=Terms(Percent("16"), Percent("11"))))
    assert isinstance(both, RateAboveParent)
    assert len(both.rates) == 2
    assert isinstance(
        RuleLedger().give(creation(terms=Terms(Percent("15"), Percent("10")))), Accepted
    )


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

    ledger = RuleLedger(ChangeTerms("t", MARIA, MORNING, "hudson", terms(parents)))
    assert ledger.reason(creation(terms=terms(own))) == WiderBasis("tribeca", "hudson")
    assert isinstance(ledger.give(creation(terms=terms(parents))), Accepted)


def test_where_each_level_earns_on_what_is_left_a_child_may_have_the_higher_rate():
    on_the_rest = Terms(Percent("5"), Percent("5"), margin=Margin.OWN_RATE_ON_THE_REST)
    ledger = RuleLedger(ChangeTerms("t", MARIA, MORNING, "hudson", on_the_rest))
    ledger.accept(*commands_for(subdistributor("tribeca", "hudson", "20", "20", "500.00")))
    ledger.accept(payment("p", "100.00", by="tribeca"))
    assert (ledger.owed("tribeca"), ledger.owed("hudson")) == (usd("80.00"), usd("76.00"))


def test_where_rates_depend_on_each_ones_volume_a_child_never_earns_more_than_its_parent():
    falling = Brackets(
        (Bracket(usd("0"), usd("50"), Percent("10")), Bracket(usd("50"), None, Percent("2")))
    )
    terms = Terms(Percent("0"), falling)
    ledger = RuleLedger(
        ChangeTerms("t", MARIA, MORNING, "hudson", terms),
        *commands_for(attrs.evolve(SUB, terms=terms)),
    )
    ledger.accept(payment("p", "50.00"))
    entry: Any = ledger.accept(payment("q", by="tribeca")).entry
    assert [share.earned for share in entry.split.shares] == [usd("0.20"), usd("0.00")]
    assert (ledger.owed("tribeca"), ledger.owed("hudson")) == (usd("9.80"), usd("54.80"))


def test_a_sale_beyond_the_limit_of_any_level_is_refused_with_both_numbers():
    ledger = RuleLedger(*CHAIN, payment("p", "199.99", by="kiosk"))
    assert ledger.owed("kiosk") == usd("189.99")
    assert ledger.reason(sold_by("kiosk", "11.13")) == OverCreditLimit(
        "kiosk", usd("200.00"), usd("200.01")
    )
    tight = RuleLedger(*CHAIN, credit_of("kiosk"), payment("p", "530.00", by="kiosk"))
    assert tight.owed("soho") == usd("487.60")
    assert tight.reason(sold_by("kiosk", "14.10")) == OverCreditLimit(
        "soho", usd("500.00"), usd("500.01")
    )
    assert isinstance(tight.give(sold_by("kiosk", "14.09")), Accepted)
    both = RuleLedger(
        *CHAIN, credit_of("kiosk", limit=Limit(usd("5"))), credit_of("soho", limit=Limit(usd("5")))
    )
    assert both.reason(sold_by("kiosk")) == OverCreditLimit("kiosk", usd("5.00"), usd("9.00"))


def test_a_payment_warns_and_suspends_at_every_level_and_flags_the_nearest():
    ledger = RuleLedger(*CHAIN, credit_of("hudson", limit=Limit(usd("500.00"))))
    accepted = ledger.accept(payment("p", "600.00", by="kiosk"))
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
    assert all(ledger.member(name).standing.suspended for name in ("kiosk", "soho", "hudson"))
    top = RuleLedger(
        *CHAIN,
        credit_of("kiosk"),
        credit_of("soho"),
        credit_of("hudson", limit=Limit(usd("500.00"))),
    )
    flagged = top.accept(payment("p", "600.00", by="kiosk")).over_limit
    assert flagged is not None
    assert (flagged.distributor, flagged.owed) == ("hudson", usd("540.00"))


def test_whoever_sells_below_a_suspended_distributor_waits_with_it():
    ledger = RuleLedger(*CHAIN, payment("p", "1200.00", by="hudson"))
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
    ledger.accept(line)
    for command in (payment("q", by="kiosk"), own, ActivateAccount("x", kiosk, MORNING, NUMBER)):
        assert ledger.reason(command) == suspended
    ledger.accept(Remit("r", MARIA, MORNING, "hudson", usd("100.00")))
    for command in (payment("q", by="kiosk"), own, ActivateAccount("x", kiosk, MORNING, NUMBER)):
        assert isinstance(ledger.give(command), Accepted)


def test_a_level_that_always_accepts_does_not_stop_a_payment_but_a_strict_one_does():
    lenient = {"limit": Limit(usd("1.00")), "when_suspended": WhenSuspended.ALWAYS_ACCEPT}
    ledger = RuleLedger(*CHAIN, credit_of("soho", **lenient), payment("p", by="soho"))
    assert ledger.member("soho").standing.suspended
    assert isinstance(ledger.give(payment("q", by="kiosk")), Accepted)
    ledger.accept(credit_of("hudson", limit=Limit(usd("1.00"))))
    assert ledger.reason(payment("r", by="kiosk")) == Suspended("hudson", usd("1.00"), usd("18.00"))


def test_nothing_is_booked_before_the_creation_of_anybody_it_goes_through():
    later = MORNING.add(days=2)
    ledger = RuleLedger(*commands_for(attrs.evolve(SUB, created=later)))
    assert ledger.reason(payment("p", by="tribeca")) == BeforeCreation("tribeca", later)
    assert ledger.reason(sold_by("tribeca")) == BeforeCreation("tribeca", later)
    assert isinstance(ledger.give(payment("p", by="tribeca", at=later)), Accepted)
    young = attrs.evolve(
        ledger.facts.distributors_named(("hudson",))[0].distributor, created=later.add(days=1)
    )
    known = attrs.evolve(ledger.member("hudson"), distributor=young)
    ledger.facts = attrs.evolve(
        ledger.facts, distributors={**ledger.facts.distributors, "hudson": known}
    )
    assert ledger.reason(payment("q", by="tribeca", at=later)) == BeforeCreation(
        "hudson", later.add(days=1)
    )
    assert ledger.reason(attrs.evolve(sold_by("tribeca"), at=later)) == BeforeCreation(
        "hudson", later.add(days=1)
    )


def test_nobody_is_its_own_parent():
    with pytest.raises(InvalidValue, match="parent"):
        attrs.evolve(SUB, parent="tribeca")


def test_a_host_that_forgets_who_is_above_is_told_so():
    ledger = RuleLedger(*CHAIN)
    forgetful = Facts(
        {name: known for name, known in ledger.facts.distributors.items() if name != "hudson"},
        ledger.facts.customers,
    )
    with pytest.raises(HostError, match="'hudson'"):
        RuleLedger(facts=forgetful).give(payment("p", by="kiosk"))


def test_a_host_that_has_somebody_above_itself_is_told_so():
    ledger = RuleLedger(*CHAIN)
    hudson = ledger.member("hudson")
    circular = attrs.evolve(hudson, distributor=attrs.evolve(hudson.distributor, parent="kiosk"))
    ledger.facts = attrs.evolve(
        ledger.facts, distributors={**ledger.facts.distributors, "hudson": circular}
    )
    with pytest.raises(HostError, match="above itself"):
        ledger.give(payment("p", by="kiosk"))


def test_no_customer_of_one_below_is_touched_by_the_staff_of_one_above():
    ledger = RuleLedger(*CHAIN)
    foreign = RecordPayment("p", SOHO, MORNING, "customer of kiosk", usd("1.00"))
    assert ledger.reason(foreign) == NotFound(RecordKind.CUSTOMER, "customer of kiosk")


def test_the_memory_gives_every_command_those_above_as_one_who_sees_everything_would():
    billing = Billing(MemoryRepository())
    commands = (
        *BASE_COMMANDS,
        *CHAIN,
        payment("p", by="kiosk"),
        sold_by("kiosk"),
        Remit("r", SOHO, MORNING, "kiosk", usd("5")),
    )
    seen = RuleLedger(facts=Facts())
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
