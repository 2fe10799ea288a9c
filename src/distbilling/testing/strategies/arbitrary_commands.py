"""Strategies of commands of every kind, also those that make no sense."""

from __future__ import annotations

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from distbilling.money import Currency, Money
from distbilling.rules import Command
from distbilling.rules.commands.customers.activate_account import ActivateAccount
from distbilling.rules.commands.customers.add_account import AddAccount, ByQuickForm
from distbilling.rules.commands.customers.assign_distributor import AssignDistributor
from distbilling.rules.commands.customers.create_customer import CreateCustomer
from distbilling.rules.commands.customers.prepare_quick_form import PrepareQuickForm
from distbilling.rules.commands.customers.transfer_customer import TransferCustomer
from distbilling.rules.commands.distributors.change_credit import ChangeCredit
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.commands.distributors.review_credit import ReviewCredit
from distbilling.rules.commands.distributors.transfer_distributor import TransferDistributor
from distbilling.rules.commands.movements.credit_commission import CreditCommission
from distbilling.rules.commands.movements.remit import Remit
from distbilling.rules.credit.limits import CreditTerms, Limit
from distbilling.testing.strategies.agreements import agreements
from distbilling.testing.strategies.movements import (
    corrections,
    full_forms,
    increases,
    payments,
    reversals,
)
from distbilling.testing.strategies.values import (
    CUSTOMERS,
    DISTRIBUTORS,
    FORMS,
    NUMBERS,
    actors,
    credit_limits,
    credit_terms,
    distributors,
    instants,
    keys,
    made_once,
    money,
    quick_forms,
    rearms,
)

__all__ = ["commands", "new_credit_terms"]


@made_once
def commands(currency: Currency | str = "USD", *, by_hand: bool = False) -> SearchStrategy[Command]:
    """Return commands of every kind about a few parties, so that they meet; not all of them make sense.

    Their keys are any; what they name may not exist, and now and then they are in another currency.
    With ``by_hand`` they bring terms that a clerk can compute by hand.
    """
    usual, foreign = (
        Currency(currency),
        Currency("EUR" if Currency(currency) is not Currency("EUR") else "USD"),
    )
    common = {"key": keys(), "by": actors(), "at": instants()}
    somebody = st.sampled_from((*DISTRIBUTORS, "nobody"))
    about = {**common, "distributor": somebody}
    named = st.none() | st.none() | somebody
    customer = st.sampled_from((*CUSTOMERS, "nobody"))
    number = st.sampled_from((*NUMBERS, "12125550000"))
    cash = st.one_of(
        *(money(code, min_value=1, max_value=400) for code in (usual, usual, usual, foreign))
    )
    zero = Money.zero(usual)
    limits = st.just(Limit(zero)) | st.just(Limit(zero)) | credit_limits(usual)
    form = st.builds(ByQuickForm, st.sampled_from((*FORMS, "unknown")), _answers())
    through = form | full_forms(number, money(usual, min_value=0, max_value=400))
    return st.one_of(
        payments(common, customer=customer, amount=cash, account=st.none() | number),
        st.builds(Remit, **about, amount=cash),
        st.builds(
            CreateCustomer,
            **common,
            customer=customer,
            name=st.just("Brown Bakery"),
            credit_limit=limits,
            opening_balance=st.just(zero)
            | st.just(zero)
            | money(usual, min_value=-40, max_value=40),
            distributor=named,
        ),
        st.builds(AddAccount, **common, customer=customer, through=through, distributor=named),
        st.builds(ActivateAccount, **common, account=number),
        st.builds(AssignDistributor, **common, account=number, distributor=somebody),
        _new_distributors(usual, by_hand=by_hand),
        st.builds(PrepareQuickForm, **common, form=quick_forms()),
        reversals(common, cash),
        corrections(common, usual, cash),
        st.builds(CreditCommission, **about, amount=st.none() | cash),
        st.builds(ChangeTerms, **about, terms=agreements(usual, by_hand=by_hand)),
        st.builds(ChangeCredit, **about, credit=new_credit_terms(usual)),
        increases(common, usual),
        st.builds(ReviewCredit, **about),
        st.builds(TransferCustomer, **common, customer=customer, distributor=st.none() | somebody),
        st.builds(TransferDistributor, **about, parent=st.none() | somebody),
    )


@st.composite
def new_credit_terms(draw: st.DrawFn, currency: Currency) -> CreditTerms:
    """Return credit terms with a say in when warnings are given again."""
    return attrs.evolve(draw(credit_terms(currency)), rearm=draw(rearms(currency)))


@made_once
def _answers() -> SearchStrategy[dict[str, str]]:
    typed = {
        "number": st.sampled_from((*NUMBERS, "+1 (212) 555-0101", "0171 555 0100", "")),
        "opening_balance": st.sampled_from(("0", "10", "10.00", "10.00001", "-1", "ten")),
        "customer_name": st.sampled_from(("Ada & Sons", "B")),
        "active": st.sampled_from(("yes", "no", "perhaps")),
        "colour": st.just("red"),
    }
    filled = {name: values for name, values in typed.items() if name != "colour"}
    return st.fixed_dictionaries({"number": typed["number"]}) | st.fixed_dictionaries(
        {}, optional=filled | typed
    )


@st.composite
def _new_distributors(draw: st.DrawFn, currency: Currency, *, by_hand: bool) -> CreateDistributor:
    name = draw(st.sampled_from((*DISTRIBUTORS, "west", "east")))
    parents = [other for other in (*DISTRIBUTORS, "west", "nobody") if other != name]
    distributor = attrs.evolve(
        draw(distributors(st.just(name), currency)),
        terms=draw(agreements(currency, by_hand=by_hand)),
        parent=draw(st.none() | st.sampled_from(parents)),
        created=draw(instants()),
    )
    owed = st.just(Money.zero(currency)) | money(currency, min_value=-100, max_value=100)
    return CreateDistributor(draw(keys()), draw(actors()), distributor, draw(owed))
