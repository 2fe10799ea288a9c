"""Strategies of commands of every kind, also those that make no sense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from distbilling.money import Currency, Money
from distbilling.rules import Command
from distbilling.rules.commands.customers.add_account import ByQuickForm
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.commands.distributors.grant_limit_increase import GrantLimitIncrease
from distbilling.rules.commands.movements.correct import Correct
from distbilling.rules.commands.movements.record_payment import RecordPayment
from distbilling.rules.commands.movements.reverse import Reverse
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
    """Return commands of every kind about a few parties, so that they meet.

    Not all of them make sense: their keys are any, what they name may not exist, and now and then
    they are in another currency. With ``by_hand`` they bring terms that a clerk can compute by
    hand.
    """
    usual = Currency(currency)
    foreign = Currency("USD" if usual is Currency("EUR") else "EUR")
    cash = st.one_of(
        *(money(code, min_value=1, max_value=400) for code in (usual, usual, usual, foreign))
    )
    somebody = st.sampled_from((*DISTRIBUTORS, "nobody"))
    customer = st.sampled_from((*CUSTOMERS, "nobody"))
    number = st.sampled_from((*NUMBERS, "12125550000"))
    zero = st.just(Money.zero(usual))
    form = st.builds(ByQuickForm, st.sampled_from((*FORMS, "unknown")), _answers())

    common = {"key": keys(), "by": actors(), "at": instants()}
    whole: dict[type[Command], SearchStrategy[Command]] = {
        RecordPayment: payments(common, customer=customer, amount=cash, account=st.none() | number),
        CreateDistributor: _new_distributors(usual, by_hand=by_hand),
        Reverse: reversals(common, cash),
        Correct: corrections(common, usual, cash),
        GrantLimitIncrease: increases(common, usual),
    }
    fields: dict[str, SearchStrategy[Any]] = {
        **common,
        "account": number,
        "amount": cash,
        "credit": new_credit_terms(usual),
        "credit_limit": zero.map(Limit) | zero.map(Limit) | credit_limits(usual),
        "customer": customer,
        "distributor": somebody,
        "form": quick_forms(),
        "name": st.just("Brown Bakery"),
        "opening_balance": zero | zero | money(usual, min_value=-40, max_value=40),
        "parent": somebody,
        "terms": agreements(usual, by_hand=by_hand),
        "through": form | full_forms(number, money(usual, min_value=0, max_value=400)),
    }
    kinds: tuple[type[Command], ...] = get_args(Command)
    return st.one_of([whole[kind] if kind in whole else _built(kind, fields) for kind in kinds])


def _built(
    kind: type[Command], strategies: Mapping[str, SearchStrategy[Any]]
) -> SearchStrategy[Command]:
    """Return commands of one kind from strategies by field; what may be None is None at times."""
    values: dict[str, SearchStrategy[Any]] = {}
    types = get_type_hints(kind)
    for field in attrs.fields(kind):
        if (strategy := strategies.get(field.name)) is not None:
            is_optional = type(None) in get_args(types[field.name])
            values[field.name] = st.none() | strategy if is_optional else strategy
        elif field.default is attrs.NOTHING:
            raise LookupError(f"there is no strategy for {kind.__name__}.{field.name}")
    return st.builds(kind, **values)


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
