"""Of several reasons, the first is given, also where money would move."""

from __future__ import annotations

from typing import Any

import attrs

from distbilling import (
    AccountKind,
    AddAccount,
    AssignDistributor,
    ByFullForm,
    CreateCustomer,
    CreateDistributor,
    CreditTerms,
    CustomerCaps,
    DistributorStaff,
    Money,
    Percent,
    Refused,
    Terms,
    Unlimited,
    rules,
)
from distbilling.rules.agreement.basis import Basis, TaxBasis
from distbilling.rules.agreement.terms import Netting
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.movements.correct import Correct
from distbilling.rules.commands.movements.credit_commission import CreditCommission
from distbilling.rules.commands.movements.reverse import Reversal, Reverse
from distbilling.rules.deciding.decision import Accepted
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import (
    AlreadyExists,
    BeforeCreation,
    BeforeOriginal,
    MoreThanAccrued,
    MoreThanRemains,
    NoCommissionAccrued,
    NotFound,
    NotReversible,
    OverCreditLimit,
    PartlyReversed,
    RateAboveParent,
    Suspended,
    TaxMissing,
    WrongCurrency,
)
from distbilling.rules.parties.permission import HANDBOOK_POLICY, Action, Denied, Role
from distbilling.testing.rule_ledger import CHAIN, subdistributor
from distbilling.testing.sample_data import (
    BASE_COMMANDS,
    MARIA,
    MORNING,
    NUMBER,
    distributor,
    payment,
    remittance,
    usd,
)

decide: Any = rules.decide
evolve: Any = rules.evolve

HUDSON = DistributorStaff("hudson")
ZERO = usd("0.00")
EURO = Money("5.00", "EUR")
BEFORE_ALL = distributor("hudson").created.subtract(microseconds=1)


def prepared(*commands, suspended=False) -> Any:
    facts = Facts()
    for command in (*BASE_COMMANDS, *commands):
        facts = evolve(facts, decide(command, facts))
    owing = Facts.of(
        *(attrs.evolve(known, owed=usd("1000.00")) for known in facts.distributors.values())
    )
    return attrs.evolve(facts, distributors=owing.distributors) if suspended else facts


def reasons(command, *situations) -> Any:
    """Return the reason of the worst situation, then as one cause after another is removed."""
    decisions = [decide(attrs.evolve(command, **changes), facts) for changes, facts in situations]
    return [
        type(decision.reason) if isinstance(decision, Refused) else Accepted
        for decision in decisions
    ]


def net_of_tax(name="hudson") -> Any:
    terms = Terms(Percent("12"), Percent("8"), basis=Basis(TaxBasis.NET_OF_TAX))
    return ChangeTerms(f"terms of {name}", MARIA, MORNING, name, terms)


def test_a_payment_is_refused_for_permission_presence_date_suspension_currency_and_tax():
    good, suspended = prepared(net_of_tax()), prepared(net_of_tax(), suspended=True)
    early = {"at": BEFORE_ALL, "amount": EURO}
    assert reasons(
        payment("k"),
        ({"by": MARIA, "customer": "nobody", **early}, suspended),
        ({"customer": "nobody", **early}, suspended),
        (early, suspended),
        ({"amount": EURO}, suspended),
        ({"amount": EURO}, good),
        ({}, good),
        ({"tax": ZERO}, good),
    ) == [Denied, NotFound, BeforeCreation, Suspended, WrongCurrency, TaxMissing, Accepted]


def test_a_remittance_is_refused_for_permission_presence_date_and_currency():
    facts = prepared(*CHAIN, suspended=True)
    denied = HANDBOOK_POLICY.extended(
        Denied(Role.DISTRIBUTOR, Action.RECORD_SUBDISTRIBUTOR_REMITTANCE, "our contract"),
        Denied(Role.ADMINISTRATOR, Action.RECORD_REMITTANCE, "our contract"),
    )
    for by, name in ((MARIA, "hudson"), (HUDSON, "soho")):
        remit = attrs.evolve(remittance("k", "1.00"), by=by, distributor=name)
        assert isinstance(
            decide(attrs.evolve(remit, distributor="nobody"), facts, denied).reason, Denied
        )
        assert reasons(
            remit,
            ({"distributor": "nobody", "at": BEFORE_ALL, "amount": EURO}, facts),
            ({"at": BEFORE_ALL, "amount": EURO}, facts),
            ({"amount": EURO}, facts),
            ({}, facts),
        ) == [NotFound, BeforeCreation, WrongCurrency, Accepted]


def test_a_sale_is_refused_for_its_currency_then_its_date_then_its_tax_then_the_limit():
    good = prepared(net_of_tax())
    amounts = {"dear": usd("1138.00"), "euro": EURO, "fair": usd("10.00")}
    forms = {
        name: ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, amount, active=True)
        for name, amount in amounts.items()
    }
    of_nobody = AddAccount("a", MARIA, MORNING, "european", forms["euro"])
    facts = evolve(
        good,
        decide(CreateCustomer("c", MARIA, MORNING, "european", "Eve", Unlimited(), EURO), good),
    )
    facts = evolve(facts, decide(of_nobody, facts))
    assign = AssignDistributor("k", MARIA, BEFORE_ALL, NUMBER, "hudson")
    assert isinstance(decide(assign, facts).reason, WrongCurrency)
    taxed = {name: attrs.evolve(form, tax=ZERO) for name, form in forms.items() if name != "euro"}
    assert reasons(
        AddAccount("k", MARIA, MORNING, "customer of hudson", forms["dear"], "hudson"),
        ({"at": BEFORE_ALL}, good),
        ({}, good),
        ({"through": taxed["dear"]}, good),
        ({"through": taxed["fair"]}, good),
    ) == [BeforeCreation, TaxMissing, OverCreditLimit, Accepted]


def test_a_subdistributor_is_refused_in_this_order_permission_presence_suspension_name_and_so_on():
    new = subdistributor("tribeca", "hudson", "99", "99", "100.00")
    european = attrs.evolve(
        new,
        currency=EURO.currency,
        credit=CreditTerms(Unlimited()),
        customer_class=None,
        caps=CustomerCaps.none(EURO.currency),
        created=BEFORE_ALL,
    )
    good, suspended = prepared(), prepared(suspended=True)
    brought = {"opening_balance": EURO}

    def create(distributor: Any, **changes: Any) -> Any:
        return {"distributor": distributor} | changes

    assert reasons(
        CreateDistributor("k", HUDSON, new),
        (create(attrs.evolve(european, parent="nobody"), **brought), suspended),
        (
            create(attrs.evolve(european, parent="nobody"), opening_balance=Money("0", "EUR")),
            suspended,
        ),
        (create(attrs.evolve(european, id="jersey"), opening_balance=Money("0", "EUR")), suspended),
        (create(attrs.evolve(european, id="jersey"), opening_balance=Money("0", "EUR")), good),
        (create(european, opening_balance=Money("0", "EUR")), good),
        (create(attrs.evolve(european, created=MORNING), opening_balance=Money("0", "EUR")), good),
        ({}, good),
        (create(attrs.evolve(new, terms=Terms(Percent("1"), Percent("1")))), good),
    ) == [
        Denied,
        NotFound,
        Suspended,
        AlreadyExists,
        BeforeCreation,
        WrongCurrency,
        RateAboveParent,
        Accepted,
    ]


def test_a_reversal_is_refused_for_permission_presence_kind_date_currency_and_amount():
    facts = prepared(payment("p"), remittance("r", "1.00"))
    early = {"at": MORNING.subtract(seconds=1), "amount": EURO}
    assert reasons(
        Reverse("k", MARIA, MORNING, "p", Reversal.VOID, usd("10.01")),
        ({"by": HUDSON, "entry": "nothing", **early}, facts),
        ({"entry": "nothing", **early}, facts),
        ({"entry": "r", **early}, facts),
        (early, facts),
        ({"amount": EURO}, facts),
        ({}, facts),
        ({"amount": usd("10.00")}, facts),
    ) == [Denied, NotFound, NotReversible, BeforeOriginal, WrongCurrency, MoreThanRemains, Accepted]


def test_a_correction_is_refused_for_permission_presence_kind_date_currency_and_what_was_reversed():
    partly = Reverse("partly", MARIA, MORNING, "p", Reversal.VOID, usd("1.00"))
    facts = prepared(payment("p"), payment("q"), remittance("r", "1.00"), partly)
    early = {"at": MORNING.subtract(seconds=1), "amount": EURO}
    assert reasons(
        Correct("k", MARIA, MORNING, "p", usd("5.00")),
        ({"by": HUDSON, "entry": "nothing", **early}, facts),
        ({"entry": "nothing", **early}, facts),
        ({"entry": "r", **early}, facts),
        (early, facts),
        ({"amount": EURO}, facts),
        ({}, facts),
        ({"entry": "q"}, facts),
    ) == [Denied, NotFound, NotReversible, BeforeOriginal, WrongCurrency, PartlyReversed, Accepted]


def test_a_credit_of_commission_is_refused_for_permission_presence_date_currency_and_amount():
    later = Terms(Percent("15"), Percent("10"), netting=Netting.AT_SETTLEMENT)
    nothing = prepared(ChangeTerms("t", MARIA, MORNING, "hudson", later))
    waiting = prepared(ChangeTerms("t", MARIA, MORNING, "hudson", later), payment("p"))
    early = {"at": BEFORE_ALL, "amount": EURO}
    assert reasons(
        CreditCommission("k", MARIA, MORNING, "hudson", usd("1.01")),
        ({"by": HUDSON, "distributor": "nobody", **early}, nothing),
        ({"distributor": "nobody", **early}, nothing),
        (early, nothing),
        ({"amount": EURO}, nothing),
        ({"amount": None}, nothing),
        ({}, waiting),
        ({"amount": usd("1.00")}, waiting),
    ) == [
        Denied,
        NotFound,
        BeforeCreation,
        WrongCurrency,
        NoCommissionAccrued,
        MoreThanAccrued,
        Accepted,
    ]
