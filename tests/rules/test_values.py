"""Values of the rules are equal by content, frozen, pickled whole, and shown as written."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from importlib import import_module
from typing import Any

import attrs
import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

import distbilling
from distbilling import (
    Account,
    AccountKind,
    Administrator,
    ByQuickForm,
    CommissionKind,
    CreateCustomer,
    CreateDistributor,
    CreditTerms,
    Currency,
    Customer,
    CustomerCaps,
    CustomerClass,
    EveryFurther,
    FlatFee,
    IncreaseCaps,
    Limit,
    LimitIncrease,
    Money,
    Netting,
    Percent,
    PercentOfLimit,
    Preferences,
    Rate,
    Rearm,
    Subject,
    Terms,
    Unlimited,
    rules,
)
from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.periods import CYCLE_KINDS, MonthEnd, Weekday
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.movements.correct import Correct
from distbilling.rules.commands.movements.credit_commission import CreditCommission
from distbilling.rules.commands.movements.reverse import Reversal, Reverse
from distbilling.rules.deciding.decision import Accepted
from distbilling.rules.deciding.facts import EntryFacts, Facts
from distbilling.rules.deciding.reads import Reads
from distbilling.rules.ledger.accounts import ProviderCash
from distbilling.rules.ledger.history import Original
from distbilling.rules.ledger.journal import Entry, EntryKind, Posting, balances, out_of_balance
from distbilling.testing.rule_ledger import CHAIN, RuleLedger
from distbilling.testing.sample_data import (
    BASE_COMMANDS,
    MARIA,
    MORNING,
    NUMBER,
    USD,
    distributor,
    payment,
    remittance,
    sale,
    usd,
)
from distbilling.testing.strategies.agreements import agreements
from distbilling.testing.strategies.histories import commands
from distbilling.testing.strategies.values import (
    accounts,
    customers,
    distributors,
    identifiers,
    quick_forms,
)

decide: Any = rules.decide
_limit: Any = Limit
HUDSON: Any = BASE_COMMANDS[0]

VALUES = st.one_of(
    accounts(), customers(), distributors(), quick_forms(), agreements("USD"), commands()
)
WRITTEN_OUT = {name: getattr(distbilling, name) for name in import_module("distbilling").__all__}
WRITTEN_OUT |= {kind.__name__: kind for kind in CYCLE_KINDS} | {
    "datetime": dt,
    "MonthEnd": MonthEnd,
    "Weekday": Weekday,
}


@given(VALUES)
def test_a_value_survives_pickle_and_copy_and_is_hashed_as_it_is_compared(value):
    pickled = pickle.loads(pickle.dumps(value))  # noqa: S301 - our own
    assert pickled == copy.deepcopy(value) == copy.copy(value) == value
    assert hash(copy.deepcopy(value)) == hash(value)


@given(VALUES)
def test_a_value_cannot_be_changed(value):
    for field in attrs.fields(type(value)):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, field.name, getattr(value, field.name))
    with pytest.raises((AttributeError, TypeError)):
        value.novelty = 1


@pytest.mark.parametrize(
    "value",
    [
        Unlimited(),
        Limit(usd("1000")),
        PercentOfLimit("12.5"),
        CustomerClass("Resellers", Currency("USD")),
        Preferences("de_CH", "Europe/Zurich"),
        CustomerCaps(usd("1"), usd("2.50")),
        distributor("hudson").terms.sales_commission,
        distributor("hudson").terms,
        distributor("hudson").credit,
        IncreaseCaps(Percent("10"), 30),
        Administrator("maria", IncreaseCaps(usd("50"), 0)),
        Subject("SIP line", "spring lot"),
        Rearm(Percent("5"), dt.timedelta(days=1), 3, tell_cleared=False),
        EveryFurther(usd("100"), 5),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_without_a_choice_in_it_is_shown_as_it_is_written(value):
    assert eval(repr(value), WRITTEN_OUT) == value  # noqa: S307 - our own


@given(agreements("USD"))
def test_terms_are_shown_as_they_are_written(terms):
    assert eval(repr(terms), WRITTEN_OUT) == terms  # noqa: S307 - our own


@given(commands())
def test_a_command_reads_what_it_names(command):
    assert isinstance(command.reads, Reads)
    assert command.at.tzinfo is pendulum.UTC
    assert len({*command.reads.distributors}) == len(command.reads.distributors)


@given(identifiers())
def test_a_host_may_name_its_parties_in_any_script(name):
    assert Administrator(name).name == name


@pytest.mark.parametrize(
    "text",
    ["", " ", " a", "a ", "a\nb", "a\u00a0", "a\u200bb", "\ud800", "a" * 65, "a\x7f", "\ufeffa"],
)
def test_a_name_has_no_character_that_stores_and_terminals_treat_differently(text):
    with pytest.raises(InvalidValue, match="name"):
        Administrator(text)


def test_a_key_a_name_and_a_comment_may_be_longer_than_an_identifier():
    command = attrs.evolve(payment("k" * 128), comment="c" * 500)
    assert len(command.key) + len(command.comment) == 628
    too_long: tuple[dict[str, Any], ...] = (
        {"key": "k" * 129},
        {"comment": "c" * 501},
        {"comment": "\n"},
    )
    for changes in too_long:
        with pytest.raises(InvalidValue, match=next(iter(changes))):
            attrs.evolve(command, **changes)


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2026, 3, 1, 4, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
        dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC),
        pendulum.datetime(2026, 3, 1, 10, tz="Europe/Berlin"),
        pendulum.datetime(2026, 3, 1, 9),
    ],
)
def test_an_instant_is_kept_in_utc_whatever_zone_it_was_given_in(moment):
    kept = attrs.evolve(payment("k"), at=moment).at
    assert (kept, kept.tzinfo) == (pendulum.datetime(2026, 3, 1, 9), pendulum.UTC)


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2026, 3, 1, 9),  # noqa: DTZ001 - naive on purpose
        pendulum.naive(2026, 3, 1),
        dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-12))),
        dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(hours=12))),
    ],
)
def test_an_instant_that_utc_cannot_express_or_without_a_zone_is_refused(moment):
    with pytest.raises(InvalidValue, match="at"):
        attrs.evolve(payment("k"), at=moment)


@pytest.mark.parametrize("repeated", [0, 1])
def test_the_two_ends_of_a_repeated_hour_are_two_instants(repeated):
    moment = dt.datetime(2026, 11, 1, 1, 30, tzinfo=dt.UTC).replace(
        tzinfo=pendulum.timezone("America/New_York"), fold=repeated
    )
    assert attrs.evolve(payment("k"), at=moment).at == pendulum.datetime(
        2026, 11, 1, 5 + repeated, 30
    )


def test_amounts_of_two_currencies_do_not_meet_in_one_party():
    euro, hudson = Money("1", "EUR"), distributor("hudson")
    for changes in (
        {"caps": CustomerCaps(euro, usd("0"))},
        {"caps": CustomerCaps(usd("0"), euro)},
        {"credit": CreditTerms(Limit(euro))},
        {"credit": CreditTerms(Unlimited(), (euro,))},
        {"credit": CreditTerms(Unlimited(), (EveryFurther(euro),))},
        {"credit": CreditTerms(Unlimited(), rearm=Rearm(euro))},
        {"customer_class": CustomerClass("C", Currency("EUR"))},
        {"terms": Terms(FlatFee(euro), Percent("10"))},
        {
            "terms": Terms(
                Percent("15"),
                Percent("10"),
                rates=(Rate(CommissionKind.SALE, FlatFee(euro), product="x"),),
            )
        },
        {"increases": (LimitIncrease("maria", MORNING, MORNING.add(days=1), euro),)},
    ):
        with pytest.raises(CurrencyMismatch):
            attrs.evolve(hudson, **changes)
    for make in (
        lambda: Customer("c", "C", USD, None, Limit(euro), MORNING),
        lambda: CreateDistributor("k", Administrator("maria"), hudson, euro),
        lambda: CreateCustomer(
            "k", Administrator("maria"), MORNING, "c", "C", Limit(euro), usd("0")
        ),
    ):
        with pytest.raises(CurrencyMismatch):
            make()
    assert attrs.evolve(hudson, customer_class=CustomerClass("C")).customer_class == CustomerClass(
        "C"
    )
    raised = LimitIncrease("maria", MORNING, MORNING.add(days=1), Percent("10"))
    assert attrs.evolve(hudson, increases=(raised,)).increases == (raised,)


@pytest.mark.parametrize("amount", ["0", "-0.01", "0.001"])
def test_a_payment_is_cash_above_zero(amount):
    with pytest.raises(InvalidValue, match="amount"):
        payment("k", amount)


@pytest.mark.parametrize(
    ("kind", "amount"), [("prepaid", "-0.01"), ("prepaid", "0.001"), ("postpaid", "0.01")]
)
def test_an_account_is_sold_with_cash_and_a_postpaid_one_with_none(kind, amount):
    with pytest.raises(InvalidValue, match="opening_balance"):
        Account("1", "c", None, "SIP", AccountKind(kind), usd(amount))


def test_a_distributor_reads_in_its_own_zone_or_in_that_of_its_bills():
    hudson = distributor("hudson")
    assert hudson.reading_zone() == "Europe/Zurich"
    assert attrs.evolve(hudson, preferences=Preferences()).reading_zone() == "America/New_York"


def test_an_entry_has_two_postings_or_more_that_sum_to_zero_in_one_currency():
    entry = decide(sale("k", "1.00"), _facts()).entry
    one, *_ = entry.postings
    for postings in ((), (one,), (one, one), (*entry.postings, one)):
        with pytest.raises(InvalidValue, match="postings"):
            attrs.evolve(entry, postings=postings)
    with pytest.raises(CurrencyMismatch):
        Entry(
            "k",
            EntryKind.REMITTANCE,
            MORNING,
            MARIA,
            (one, Posting(ProviderCash(), Money("1", "EUR"))),
        )
    assert entry.added_to(ProviderCash()) == usd("0")
    twice = attrs.evolve(entry, postings=(*entry.postings, one, Posting(ProviderCash(), -one.adds)))
    assert twice.added_to(one.ledger) == one.adds + one.adds


def test_books_that_do_not_balance_say_by_how_much():
    entry = decide(sale("k", "1.00"), _facts()).entry
    books = balances([entry, entry])
    assert out_of_balance(books) == ()
    books[ProviderCash()] = {USD: usd("0.01"), Currency("EUR"): Money("2", "EUR")}
    assert set(out_of_balance(books)) == {usd("0.01"), Money("2", "EUR")}


def _facts() -> Any:
    facts = Facts()
    for command in BASE_COMMANDS:
        decision = decide(command, facts)
        facts = facts.after(decision.records, decision.entry)
    return facts


def test_an_entry_about_parties_that_are_not_among_the_facts_changes_none_of_them():
    ledger = RuleLedger(*CHAIN)
    later = Terms(Percent("12"), Percent("8"), netting=Netting.AT_SETTLEMENT)
    ledger.accept(
        ChangeTerms("terms", MARIA, MORNING, "soho", later),
        payment("p", by="kiosk"),
        sale("s", "1.00"),
    )
    for entry in ledger.journal:
        assert Facts().after((), entry) == Facts.of(EntryFacts(entry))
        jersey = Facts.of(ledger.facts.distributors["jersey"])
        assert jersey.after((), entry).distributors == jersey.distributors


def test_facts_of_every_sort_are_each_under_its_own_name_or_key():
    facts: Any = RuleLedger(sale("s", "1.00")).facts
    sorts = (facts.distributors, facts.customers, facts.accounts, facts.forms, facts.entries)
    assert all(sorts)
    every_fact = (fact for sort in sorts for fact in sort.values())
    assert Facts.of(*every_fact, inventory=facts.inventory) == facts


def test_an_entry_that_was_not_shared_out_changes_nothing_of_a_payment():
    ledger = RuleLedger(payment("p"), remittance("r", "1.00"))
    paid, remitted = ledger.journal
    assert Original.of(paid, [remitted]) == Original.of(paid)
    assert Original.of(remitted) is None


def test_an_entry_is_kept_beside_the_one_that_it_reverses_and_beside_no_other():
    ledger = RuleLedger(
        payment("p"), payment("q"), Reverse("r", MARIA, MORNING, "q", Reversal.VOID, usd("1.00"))
    )
    ledger.accept(
        Correct("c", MARIA, MORNING, "p", usd("9.00")),
        Reverse("t", MARIA, MORNING, "q", Reversal.VOID),
    )
    kept = [
        (known.entry.key, [entry.key for entry in known.amendments])
        for known in ledger.facts.entries.values()
    ]
    assert kept == [("p", ["c"]), ("q", ["r", "t"]), ("r", []), ("c", []), ("t", [])]
    assert ledger.facts.entry("s") is None


def test_what_is_stored_of_a_distributor_again_keeps_its_balance_commission_and_memory():
    later = Terms(Percent("15"), Percent("10"), netting=Netting.AT_SETTLEMENT)
    ledger = RuleLedger(ChangeTerms("t", MARIA, MORNING, "hudson", later), payment("p", "600.00"))
    before = ledger.member("hudson")
    ledger.accept(ChangeTerms("u", MARIA, MORNING, "hudson", Terms(Percent("1"), Percent("1"))))
    assert ledger.member("hudson") == attrs.evolve(
        before, distributor=ledger.member("hudson").distributor
    )
    assert (before.owed, before.accrued, before.standing.last_warning_number) == (
        usd("600.00"),
        usd("60.00"),
        1,
    )
    ledger.accept(CreditCommission("c", MARIA, MORNING, "hudson"))
    assert ledger.member("hudson").volumes == before.volumes != ()


def test_what_people_typed_is_in_no_repr():
    secret = "canary-4711"  # noqa: S105 - a canary
    commented = attrs.evolve(payment("k"), comment=secret)
    typed = ByQuickForm("sip", {"customer_name": secret})
    named = CreateCustomer("k", Administrator("maria"), MORNING, "c", secret, Unlimited(), usd("0"))
    customer = Customer("c", secret, USD, None, Unlimited(), MORNING)
    assert not [value for value in (commented, typed, named, customer) if secret in repr(value)]


def test_an_accepted_command_without_money_has_nothing_to_explain():
    assert Accepted("k").explain() == ""


def test_a_distributor_gives_customers_nothing_unless_caps_are_granted():
    hudson = distributor("hudson")
    given = {
        field.name: getattr(hudson, field.name)
        for field in attrs.fields(type(hudson))
        if field.name != "caps"
    }
    assert type(hudson)(**given).caps == CustomerCaps.none(USD)


def test_a_limit_is_an_amount_of_zero_or_more_even_where_a_host_has_switched_attrs_validators_off():
    with attrs.validators.disabled():
        with pytest.raises(InvalidType, match="amount"):
            _limit("1000.00")
        with pytest.raises(InvalidValue, match="amount"):
            Limit(usd("-0.01"))


def test_every_ledger_account_has_a_name_to_print():
    later = Terms(Percent("12"), Percent("8"), netting=Netting.AT_SETTLEMENT)
    ledger = RuleLedger(*CHAIN, ChangeTerms("terms", MARIA, MORNING, "soho", later))
    ledger.accept(payment("p", by="soho"), sale("s", "1.00"), remittance("r", "0.01"))
    opening: Any = attrs.evolve(HUDSON, opening_balance=usd("1.00"))
    ledger.journal += RuleLedger(opening, facts=Facts()).journal
    assert {str(ledger) for ledger in balances(ledger.journal)} == {
        "distributor:hudson",
        "distributor:soho",
        "customer:customer of soho",
        f"prepaid_funds:{NUMBER}",
        "accrued_commission:soho",
        "subdistributor_debts:hudson",
        "commission_expense",
        "provider_cash",
        "opening_balances",
    }
