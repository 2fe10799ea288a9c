"""Of several reasons, the first of a documented order is given."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from distbilling import (
    AccountKind,
    ActivateAccount,
    AddAccount,
    Administrator,
    Asked,
    AssignDistributor,
    ByFullForm,
    ByQuickForm,
    CreateCustomer,
    CreateDistributor,
    CustomerCaps,
    DistributorStaff,
    Field,
    Fixed,
    Limit,
    Money,
    PrepareQuickForm,
    QuickForm,
    Refused,
    Unlimited,
    rules,
)
from distbilling.rules.deciding.decision import Accepted
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import (
    AboveCap,
    AlreadyActive,
    AlreadyAssigned,
    AlreadyExists,
    BeforeCreation,
    BeforeOriginal,
    CreditAboveCap,
    FormNotAccepted,
    MoreThanAccrued,
    MoreThanRemains,
    NoCommissionAccrued,
    NoDistributor,
    NoLimitToRaise,
    NotFound,
    NothingRemains,
    NotReversible,
    NotSettled,
    NumberInInventory,
    OverCreditLimit,
    OwnSubdistributor,
    PartlyReversed,
    RecordKind,
    Suspended,
    TaxMissing,
    WiderBasis,
    WrongCurrency,
)
from distbilling.rules.parties.permission import (
    HANDBOOK_POLICY,
    Action,
    Allowed,
    Denied,
    Policy,
    Role,
)
from distbilling.rules.parties.quick_form import IS_MISSING, FieldProblem
from distbilling.testing.sample_data import (
    BASE_COMMANDS,
    MARIA,
    MORNING,
    NUMBER,
    distributor,
    payment,
    usd,
)

decide: Any = rules.decide
evolve: Any = rules.evolve

HUDSON, JERSEY = DistributorStaff("hudson"), DistributorStaff("jersey")
ZERO = usd("0.00")
EURO = Money("5.00", "EUR")
DID = "12125550199"
NEWCOMER = QuickForm(
    "newcomer",
    "New customer",
    "SIP line",
    AccountKind.PREPAID,
    (
        Asked(Field.NUMBER),
        Asked(Field.CUSTOMER_NAME),
        Asked(Field.OPENING_BALANCE, "0"),
        Fixed(Field.ACTIVE, "yes"),
    ),
)


def prepared(*commands, suspended=False) -> Any:
    facts = Facts(inventory=frozenset({DID}))
    for command in (*BASE_COMMANDS, PrepareQuickForm("n", MARIA, MORNING, NEWCOMER), *commands):
        facts = evolve(facts, decide(command, facts))
    if suspended:
        owing = (attrs.evolve(known, owed=usd("1000.00")) for known in facts.distributors.values())
        facts = attrs.evolve(facts, distributors=Facts.of(*owing).distributors)
    return facts


def account(
    *, by=MARIA, owner="hudson", number=NUMBER, active=False, kind=AccountKind.PREPAID
) -> Any:
    amount = usd("10.00" if kind is AccountKind.PREPAID else "0")
    full = ByFullForm(number, "SIP line", kind, amount, active)
    return AddAccount("account", by, MORNING, "customer of hudson", full, owner)


def quick(
    *, by=HUDSON, form="sip", number=NUMBER, customer="customer of hudson", owner=None, **answers
) -> Any:
    return AddAccount(
        "quick", by, MORNING, customer, ByQuickForm(form, {"number": number} | answers), owner
    )


NO_CREDIT = Limit(ZERO)


def new_customer(by=HUDSON, owner=None, customer="eve", limit=NO_CREDIT, opening=ZERO) -> Any:
    return CreateCustomer("new", by, MORNING, customer, "Eve", limit, opening, owner)


def reasons(command, *situations) -> Any:
    """Return the reason of the worst situation, then as one cause after another is removed."""
    found = []
    for changes, facts in situations:
        decision = decide(attrs.evolve(command, **changes), facts)
        found.append(type(decision.reason) if isinstance(decision, Refused) else Accepted)
    return found


def test_a_customer_is_refused_for_presence_then_suspension_then_its_name_then_currency_and_caps():
    good, suspended = prepared(), prepared(suspended=True)
    above = {"limit": Limit(usd("0.01"))}
    facts = [
        (
            new_customer(
                owner="jersey", customer="customer of hudson", opening=EURO, limit=Unlimited()
            ),
            suspended,
            NotFound,
        ),
        (
            new_customer(customer="customer of hudson", opening=EURO, limit=Unlimited()),
            suspended,
            Suspended,
        ),
        (
            new_customer(customer="customer of hudson", opening=EURO, limit=Unlimited()),
            good,
            AlreadyExists,
        ),
        (new_customer(opening=EURO, limit=Unlimited()), good, WrongCurrency),
        (new_customer(**above, opening=usd("99")), good, CreditAboveCap),
        (new_customer(), good, Accepted),
    ]
    for command, known, expected in facts:
        decision = decide(command, known)
        assert expected in {type(decision), type(getattr(decision, "reason", None))}, decision


def test_nobody_creates_customers_without_permission():
    policy = HANDBOOK_POLICY.extended(
        Denied(Role.DISTRIBUTOR, Action.CREATE_CUSTOMER, "our contract")
    )
    decision = decide(new_customer(owner="nobody"), prepared(suspended=True), policy)
    assert decision.reason == Denied(Role.DISTRIBUTOR, Action.CREATE_CUSTOMER, "our contract")


@pytest.mark.parametrize(
    ("limit", "opening", "field", "asked"),
    [
        (Unlimited(), "0.00", "credit_limit", None),
        (Limit(usd("0.01")), "0.00", "credit_limit", usd("0.01")),
        (Limit(ZERO), "25.01", "opening_balance", usd("25.01")),
        (Limit(ZERO), "-25.01", "opening_balance", usd("-25.01")),
        (Limit(ZERO), "25.00", None, None),
        (Limit(ZERO), "-25.00", None, None),
    ],
)
def test_a_distributor_gives_a_customer_up_to_its_caps_and_an_administrator_anything(
    limit, opening, field, asked
):
    command = new_customer(limit=limit, opening=usd(opening))
    decision = decide(command, prepared())
    if field is None:
        assert isinstance(decision, Accepted)
    else:
        cap = getattr(distributor("hudson").caps, field)
        assert decision.reason == CreditAboveCap(field, cap, asked)
        assert field in decision.explain()
    assert isinstance(
        decide(attrs.evolve(command, by=MARIA, distributor="hudson"), prepared()), Accepted
    )


def test_without_caps_a_distributor_gives_nothing():
    plain = attrs.evolve(distributor("hudson"), caps=CustomerCaps.none(ZERO.currency))
    facts = evolve(Facts(), decide(CreateDistributor("d", MARIA, plain), Facts()))
    assert isinstance(decide(new_customer(), facts), Accepted)
    assert isinstance(decide(new_customer(opening=usd("0.01")), facts), Refused)


def test_a_quick_form_is_refused_for_presence_suspension_customer_answers_and_number():
    good, suspended = prepared(), prepared(suspended=True)
    taken = prepared(account())
    nearly = prepared()
    at_the_brim = attrs.evolve(
        nearly,
        distributors=Facts.of(
            *(attrs.evolve(known, owed=usd("999.99")) for known in nearly.distributors.values())
        ).distributors,
    )
    ten = {"opening_balance": "10"}
    cases = [
        (
            quick(form="unknown", owner="jersey", customer="nobody"),
            suspended,
            NotFound(RecordKind.QUICK_FORM, "unknown"),
        ),
        (
            quick(owner="jersey", customer="nobody"),
            suspended,
            NotFound(RecordKind.DISTRIBUTOR, "jersey"),
        ),
        (
            quick(customer="nobody", number="x"),
            suspended,
            Suspended("hudson", usd("1000"), usd("1000")),
        ),
        (quick(customer="nobody", number="x"), good, NotFound(RecordKind.CUSTOMER, "nobody")),
        (quick(number="x"), good, FormNotAccepted),
        (quick(number=DID), prepared(account(number=DID)), NumberInInventory(DID)),
        (quick(), taken, AlreadyExists(RecordKind.ACCOUNT, NUMBER)),
        (quick(**ten), at_the_brim, OverCreditLimit("hudson", usd("1000"), usd("1008.49"))),
    ]
    for command, facts, expected in cases:
        reason = decide(command, facts).reason
        assert expected in {reason, type(reason)}


def test_a_form_that_creates_the_customer_wants_a_new_name_and_a_distributor():
    facts = prepared()
    both = {"form": "newcomer", "customer_name": "Eve"}
    assert decide(quick(**both), facts).reason == AlreadyExists(
        RecordKind.CUSTOMER, "customer of hudson"
    )
    (problem,) = decide(quick(by=MARIA, customer="eve", **both), facts).reason.problems
    assert problem.field == "distributor"
    after = evolve(facts, decide(quick(customer="eve", **both), facts))
    eve = after.customer("eve").customer
    assert (eve.name, eve.distributor, eve.credit_limit) == ("Eve", "hudson", Limit(ZERO))
    assert after.account(NUMBER).account.customer == "eve"


def test_the_full_form_is_the_administrators():
    facts = prepared()
    assert decide(account(by=HUDSON), facts).reason == Denied(
        Role.DISTRIBUTOR, Action.ADD_ACCOUNT_BY_FULL_FORM, "R28"
    )
    assert isinstance(decide(account(number=DID), facts), Accepted)
    assert decide(account(owner="nobody"), facts).reason == NotFound(
        RecordKind.DISTRIBUTOR, "nobody"
    )
    euro = attrs.evolve(
        account(), through=ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, EURO)
    )
    assert isinstance(decide(euro, facts).reason, WrongCurrency)


def test_nobody_fills_in_a_form_without_permission():
    nobody_may = Policy()
    assert isinstance(decide(quick(form="unknown"), prepared(), nobody_may).reason, Denied)
    assert isinstance(decide(account(owner="nobody"), prepared(), nobody_may).reason, Denied)


def test_an_activation_is_refused_for_presence_permission_state_suspension_and_limit():
    activate = ActivateAccount("k", HUDSON, MORNING, NUMBER)
    postpaid = {"kind": AccountKind.POSTPAID}
    owing = prepared(account())
    owing = attrs.evolve(
        owing,
        distributors=Facts.of(
            *(attrs.evolve(known, owed=usd("999.99")) for known in owing.distributors.values())
        ).distributors,
    )
    assert reasons(
        activate,
        ({"account": "nobody"}, prepared(account(), suspended=True)),
        ({"by": JERSEY}, prepared(account(**postpaid, active=True), suspended=True)),
        ({}, prepared(account(**postpaid, active=True), suspended=True)),
        ({}, prepared(account(active=True), suspended=True)),
        ({}, prepared(account(), suspended=True)),
        ({}, owing),
        ({}, prepared(account())),
        ({"by": MARIA}, prepared(account(**postpaid), suspended=True)),
    ) == [NotFound, NotFound, Denied, AlreadyActive, Suspended, OverCreditLimit, Accepted, Accepted]


def test_an_assignment_is_refused_for_permission_then_presence_then_state_then_the_limit():
    assign = AssignDistributor("k", MARIA, MORNING, NUMBER, "hudson")
    owned, free = prepared(account()), prepared(account(owner=None, active=True))
    owing = attrs.evolve(
        free,
        distributors=Facts.of(
            *(attrs.evolve(known, owed=usd("999.99")) for known in free.distributors.values())
        ).distributors,
    )
    assert reasons(
        assign,
        ({"by": HUDSON, "account": "nobody"}, owned),
        ({"account": "nobody", "distributor": "nobody"}, owned),
        ({"distributor": "nobody"}, owned),
        ({}, owned),
        ({}, owing),
        ({}, free),
    ) == [Denied, NotFound, NotFound, AlreadyAssigned, OverCreditLimit, Accepted]
    assert decide(attrs.evolve(assign, account="nobody"), owned).reason == NotFound(
        RecordKind.ACCOUNT, "nobody"
    )
    assert decide(attrs.evolve(assign, distributor="nobody"), owned).reason == NotFound(
        RecordKind.DISTRIBUTOR, "nobody"
    )


def test_what_an_administrator_prepares_is_refused_to_others():
    facts = prepared()
    again = CreateDistributor("k", HUDSON, distributor("hudson"))
    assert isinstance(decide(again, facts).reason, Denied)
    assert decide(attrs.evolve(again, by=MARIA), facts).reason == AlreadyExists(
        RecordKind.DISTRIBUTOR, "hudson"
    )
    assert isinstance(
        decide(PrepareQuickForm("k", HUDSON, MORNING, NEWCOMER), facts).reason, Denied
    )


FOREIGN = [
    (payment("k"), {"customer": "customer of jersey"}, {"customer": "nobody"}),
    (payment("k"), {"account": "12125550177"}, {"account": "12125550178"}),
    (
        ActivateAccount("k", HUDSON, MORNING, NUMBER),
        {"account": "12125550177"},
        {"account": "12125550178"},
    ),
    (quick(), {"customer": "customer of jersey"}, {"customer": "nobody"}),
    (new_customer(), {"distributor": "jersey"}, {"distributor": "nobody"}),
]


@pytest.mark.parametrize(
    ("command", "foreign", "missing"),
    FOREIGN,
    ids=lambda value: (
        next(iter(value.values())) if isinstance(value, dict) else type(value).__name__
    ),
)
@pytest.mark.parametrize("suspended", [False, True])
def test_what_is_anothers_is_not_found_just_as_what_is_not_there(
    command, foreign, missing, suspended
):
    full = ByFullForm("12125550177", "SIP line", AccountKind.PREPAID, usd("1"))
    theirs = AddAccount("theirs", MARIA, MORNING, "customer of jersey", full, "jersey")
    facts = prepared(theirs, suspended=suspended)
    other = decide(attrs.evolve(command, **foreign), facts).reason
    nobody = decide(attrs.evolve(command, **missing), facts).reason
    assert type(other) is type(nobody)
    if isinstance(other, NotFound):
        assert attrs.evolve(other, id=nobody.id) == nobody
        assert other.explain() == nobody.explain().replace(nobody.id, other.id)
    else:
        assert other == nobody


def test_staff_of_a_distributor_that_is_not_there_can_do_nothing():
    ghost = DistributorStaff("ghost")
    full = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, usd("1"))
    ours = AddAccount("ours", MARIA, MORNING, "customer of hudson", full, "hudson")
    facts = prepared(ours)
    assert isinstance(decide(attrs.evolve(payment("k"), by=ghost), facts).reason, NotFound)
    assert isinstance(decide(new_customer(by=ghost), facts).reason, NotFound)
    assert isinstance(decide(quick(by=ghost), facts).reason, NotFound)
    assert isinstance(decide(ActivateAccount("k", ghost, MORNING, NUMBER), facts).reason, NotFound)


def test_with_a_policy_of_its_own_a_host_lets_an_administrator_collect_for_a_distributor():
    policy = HANDBOOK_POLICY.extended(
        Allowed(Role.ADMINISTRATOR, Action.RECORD_PAYMENT, "our contract")
    )
    facts = prepared()
    collected = attrs.evolve(payment("k"), by=Administrator("office"))
    assert evolve(facts, decide(collected, facts, policy)).distributor("hudson").owed == usd("9.00")
    own = evolve(facts, decide(new_customer(by=MARIA), facts))
    of_the_provider = attrs.evolve(collected, customer="eve")
    assert decide(of_the_provider, own, policy) == Refused(NoDistributor("eve"))


def test_every_refusal_is_told_in_one_sentence():
    sentences = [
        BeforeCreation("hudson", MORNING).explain("en_GB"),
        NumberInInventory("1").explain(),
        AlreadyActive("1").explain(),
        AlreadyAssigned("1").explain(),
        WrongCurrency("eve", ZERO.currency, EURO.currency).explain(),
        CreditAboveCap("credit_limit", ZERO, None).explain(),
        Denied(Role.ADMINISTRATOR, Action.RECORD_PAYMENT, "not granted").explain(),
        Refused(Suspended("hudson", ZERO, ZERO)).explain(),
        Suspended("hudson", ZERO, ZERO).explain(),
        CreditAboveCap("credit_limit", ZERO, usd("0.01")).explain(),
        AlreadyExists(RecordKind.ACCOUNT, "1").explain(),
        FormNotAccepted(
            (FieldProblem("number", IS_MISSING), FieldProblem("x", IS_MISSING))
        ).explain(),
        BeforeCreation("hudson", MORNING).explain().replace("\u202f", " "),
        BeforeOriginal("p", MORNING).explain().replace("\u202f", " "),
        NotFound(RecordKind.ENTRY, "p").explain(),
        NotReversible("r").explain(),
        BeforeOriginal("p", MORNING).explain("en_GB"),
        MoreThanRemains("p", ZERO, usd("0.01")).explain(),
        PartlyReversed("p", usd("0.01")).explain(),
        TaxMissing("hudson").explain(),
        NoCommissionAccrued("hudson").explain(),
        MoreThanAccrued("hudson", ZERO, usd("0.01")).explain(),
        NoLimitToRaise("hudson").explain(),
        AboveCap("days", 7, 8).explain(),
        OwnSubdistributor("hudson", "soho").explain(),
        NotSettled("soho", usd("9.00"), ZERO).explain(),
        NoDistributor("eve").explain(),
        OverCreditLimit("hudson", ZERO, usd("0.01")).explain(),
        NothingRemains("p").explain(),
        WiderBasis("soho", "hudson").explain(),
    ]
    assert sentences == [
        "hudson was created on 1 Mar 2026, 09:00:00; nothing before that can be booked.",
        "The number 1 is in the DID inventory and cannot be taken from it.",
        "The account '1' is active already.",
        "The account '1' has a distributor already.",
        "eve is kept in USD; the amount is in EUR.",
        "credit_limit: no limit is more than the $0.00 that this distributor may give.",
        "An administrator may not record collected payments (not granted).",
        "hudson is suspended: it owes $0.00 at a credit limit of $0.00.",
        "hudson is suspended: it owes $0.00 at a credit limit of $0.00.",
        "credit_limit: $0.01 is more than the $0.00 that this distributor may give.",
        "The account '1' exists already.",
        "The form is not complete: number: is missing; x: is missing.",
        "hudson was created on Mar 1, 2026, 9:00:00 AM; nothing before that can be booked.",
        (
            "The entry 'p' is dated Mar 1, 2026, 9:00:00 AM; "
            "it cannot be reversed or corrected before that."
        ),
        "There is no entry 'p'.",
        "The entry 'r' is no payment and no sale, so it cannot be reversed or corrected.",
        (
            "The entry 'p' is dated 1 Mar 2026, 09:00:00; "
            "it cannot be reversed or corrected before that."
        ),
        "Of the entry 'p' $0.00 remains to be reversed; $0.01 is more than that.",
        (
            "Of the entry 'p' $0.01 is reversed already, so its amount cannot be corrected; "
            "reverse the rest instead."
        ),
        (
            "The commission of hudson is on amounts without tax; "
            "give the tax contained in the amount (zero, if none)."
        ),
        "hudson has no commission to be credited.",
        "hudson has $0.00 of commission to be credited; $0.01 is more than that.",
        "hudson has no credit limit that could be raised.",
        "days: 8 is more than the 7 that you may grant.",
        "hudson cannot be put below soho, which is itself or below it.",
        (
            "soho owes $9.00 and has $0.00 of commission to be credited; "
            "settle both before it is transferred."
        ),
        "eve has no distributor that could have collected from it.",
        "hudson would owe $0.01, above the credit limit of $0.00.",
        "Of the entry 'p' nothing remains to be reversed.",
        "soho cannot earn on tax, or before a discount, where its parent hudson does not.",
    ]
