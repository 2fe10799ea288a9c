"""Which commands and histories could there be? Hypothesis strategies, for our tests and for those of hosts."""

from __future__ import annotations

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from distbilling.money import Currency, Money
from distbilling.rules import Command
from distbilling.rules.commands.activate_account import ActivateAccount
from distbilling.rules.commands.add_account import AddAccount, ByFullForm, ByQuickForm
from distbilling.rules.commands.assign_distributor import AssignDistributor
from distbilling.rules.commands.create_customer import CreateCustomer
from distbilling.rules.commands.create_distributor import CreateDistributor
from distbilling.rules.commands.prepare_quick_form import PrepareQuickForm
from distbilling.rules.commands.record_payment import RecordPayment
from distbilling.rules.commands.remit import Remit
from distbilling.rules.credit import Limit
from distbilling.rules.parties import (
    AccountKind,
    Distributor,
    DistributorStaff,
)
from distbilling.rules.quick_form import QuickForm
from distbilling.testing.strategies import (
    CUSTOMERS,
    DISTRIBUTORS,
    FIRST_INSTANT,
    FORMS,
    MARIA,
    NUMBERS,
    OWNERS,
    actors,
    credit_limits,
    currencies,
    distributors,
    instants,
    keys,
    made_once,
    money,
    quick_forms,
)

__all__ = ["commands", "histories"]


@made_once
def commands(currency: Currency | str = "USD") -> SearchStrategy[Command]:
    """Return commands of every kind about a few parties, so that they meet; not all of them make sense.

    Their keys are any; what they name may not exist, and now and then they are in another currency.
    """
    usual, foreign = Currency(currency), Currency("EUR" if Currency(currency) is not Currency("EUR") else "USD")
    common = {"key": keys(), "by": actors(), "at": instants()}
    named = st.sampled_from((None, None, *DISTRIBUTORS, "nobody"))
    customer = st.sampled_from((*CUSTOMERS, "nobody"))
    number = st.sampled_from((*NUMBERS, "12125550000"))
    spoken = money(usual, min_value=0, max_value=400)
    cash = st.one_of(*(money(code, min_value=1, max_value=400) for code in (usual, usual, usual, foreign)))
    zero = Money.zero(usual)
    brought = st.just(zero) | st.just(zero) | money(usual, min_value=-40, max_value=40)
    limits = st.just(Limit(zero)) | st.just(Limit(zero)) | credit_limits(usual)
    through = st.builds(ByQuickForm, st.sampled_from((*FORMS, "unknown")), _answers()) | _full_forms(number, spoken)
    return st.one_of(
        st.builds(RecordPayment, **common, customer=customer, amount=cash, account=st.none() | number),
        st.builds(Remit, **common, distributor=st.sampled_from((*DISTRIBUTORS, "nobody")), amount=cash),
        st.builds(
            CreateCustomer,
            **common,
            customer=customer,
            name=st.just("Brown Bakery"),
            credit_limit=limits,
            opening_balance=brought,
            distributor=named,
        ),
        st.builds(AddAccount, **common, customer=customer, through=through, distributor=named),
        st.builds(ActivateAccount, **common, account=number),
        st.builds(AssignDistributor, **common, account=number, distributor=st.sampled_from((*DISTRIBUTORS, "nobody"))),
        _new_distributors(usual),
        st.builds(PrepareQuickForm, **common, form=quick_forms()),
    )


@st.composite
def histories(draw: st.DrawFn, min_size: int = 8, max_size: int = 24) -> tuple[Command, ...]:
    """Return commands in order, each with its own key, from an empty house: parties and forms first, then so many more.

    >>> from hypothesis import given
    >>> @given(history=histories())
    ... def test_our_books_balance(history): ...
    """
    currency = draw(currencies())
    anything = st.lists(_anything(currency), min_size=min_size, max_size=max_size)
    drawn = (*draw(_settled(currency)), *draw(anything))
    return tuple(attrs.evolve(command, key=f"k-{number}") for number, command in enumerate(drawn))


@made_once
def _anything(currency: Currency) -> SearchStrategy[Command]:
    return st.one_of(_sensible(currency), _sensible(currency), commands(currency))


@st.composite
def _settled(draw: st.DrawFn, currency: Currency) -> tuple[Command, ...]:
    """Return what an administrator sets up: distributors, forms, customers, an account to activate and one to assign."""
    zero = Money.zero(currency)
    setting_up: list[Command] = [
        CreateDistributor(name, MARIA, draw(_named_distributors(name, currency)), zero) for name in DISTRIBUTORS
    ]
    setting_up += [PrepareQuickForm(name, MARIA, FIRST_INSTANT, draw(_named_forms(name))) for name in FORMS]
    setting_up += [
        CreateCustomer(name, MARIA, FIRST_INSTANT, name, "Brown Bakery", Limit(zero), zero, owner)
        for name, owner in OWNERS.items()
    ]
    ten = Money("10", currency)
    waiting, roaming = (
        ByFullForm(number, "SIP line", AccountKind.PREPAID, ten, index > 0) for index, number in enumerate(NUMBERS[:2])
    )
    setting_up += [
        AddAccount("waiting", MARIA, FIRST_INSTANT, "ada", waiting, "north"),
        AddAccount("roaming", MARIA, FIRST_INSTANT, "cid", roaming),
    ]
    return tuple(setting_up)


@made_once
def _named_distributors(name: str, currency: Currency) -> SearchStrategy[Distributor]:
    return distributors(st.just(name), currency)


@made_once
def _named_forms(name: str) -> SearchStrategy[QuickForm]:
    return quick_forms(st.just(name))


@made_once
def _sensible(currency: Currency) -> SearchStrategy[Command]:
    """Return commands that the two distributors and the administrator give on an ordinary day."""
    at, cash = instants(), money(currency, min_value=1, max_value=400)
    number, opening = st.sampled_from(NUMBERS), money(currency, min_value=0, max_value=100)

    def of_a_distributor(name: str) -> SearchStrategy[Command]:
        staff = st.just(DistributorStaff(name))
        own = st.sampled_from([customer for customer, owner in OWNERS.items() if owner in {name, None}])
        quick = st.builds(ByQuickForm, st.sampled_from(FORMS), number.map(lambda typed: {"number": typed}))
        return st.one_of(
            st.builds(RecordPayment, key=keys(), by=staff, at=at, customer=own, amount=cash),
            st.builds(RecordPayment, key=keys(), by=staff, at=at, customer=own, amount=cash, account=number),
            st.builds(
                AddAccount, key=keys(), by=staff, at=at, customer=own | st.sampled_from(("dee", "eve")), through=quick
            ),
            st.builds(ActivateAccount, key=keys(), by=staff, at=at, account=number),
        )

    maria, name = st.just(MARIA), st.sampled_from(DISTRIBUTORS)
    full, customer = _full_forms(number, opening), st.sampled_from(CUSTOMERS)
    return st.one_of(
        *map(of_a_distributor, DISTRIBUTORS),
        st.builds(Remit, key=keys(), by=maria, at=at, distributor=name, amount=cash),
        st.builds(
            AddAccount, key=keys(), by=maria, at=at, customer=customer, through=full, distributor=st.none() | name
        ),
        st.builds(ActivateAccount, key=keys(), by=maria, at=at, account=number),
        st.builds(AssignDistributor, key=keys(), by=maria, at=at, account=number, distributor=name),
    )


def _answers() -> SearchStrategy[dict[str, str]]:
    typed = {
        "number": st.sampled_from((*NUMBERS, "+1 (212) 555-0101", "0171 555 0100", "")),
        "opening_balance": st.sampled_from(("0", "10", "10.00", "10.00001", "-1", "ten")),
        "customer_name": st.sampled_from(("Ada & Sons", "B")),
        "active": st.sampled_from(("yes", "no", "perhaps")),
        "colour": st.just("red"),
    }
    filled = {name: values for name, values in typed.items() if name != "colour"}
    return st.fixed_dictionaries({"number": typed["number"]}) | st.fixed_dictionaries({}, optional=filled | typed)


@st.composite
def _full_forms(draw: st.DrawFn, number: SearchStrategy[str], opening: SearchStrategy[Money]) -> ByFullForm:
    kind = draw(st.sampled_from(AccountKind))
    amount = draw(opening)
    balance = amount if kind is AccountKind.PREPAID else Money.zero(amount.currency)
    return ByFullForm(draw(number), "SIP line", kind, balance, draw(st.booleans()))


@st.composite
def _new_distributors(draw: st.DrawFn, currency: Currency) -> CreateDistributor:
    distributor = draw(distributors(st.sampled_from((*DISTRIBUTORS, "west")), currency))
    owed = st.just(Money.zero(currency)) | money(currency, min_value=-100, max_value=100)
    return CreateDistributor(draw(keys()), draw(actors()), distributor, draw(owed))
