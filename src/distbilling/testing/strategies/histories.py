"""Strategies of histories: commands in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from distbilling.money import Currency, Money
from distbilling.rules import Command, decide, evolve
from distbilling.rules.commands.customers.add_account import AddAccount, ByFullForm
from distbilling.rules.commands.customers.create_customer import CreateCustomer
from distbilling.rules.commands.customers.prepare_quick_form import PrepareQuickForm
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.commands.movements.correct import Correct
from distbilling.rules.commands.movements.reverse import Reverse
from distbilling.rules.credit.limits import CreditTerms, Limit, Unlimited
from distbilling.rules.deciding.decision import Accepted
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.ledger.journal import EntryKind
from distbilling.rules.parties import AccountKind, Distributor
from distbilling.rules.parties.quick_form import QuickForm
from distbilling.testing.strategies.agreements import PRODUCT, agreements, agreements_below
from distbilling.testing.strategies.arbitrary_commands import commands
from distbilling.testing.strategies.typical_commands import collections, typical_commands
from distbilling.testing.strategies.values import (
    DISTRIBUTORS,
    FIRST_INSTANT,
    FORMS,
    MARIA,
    NUMBERS,
    OWNERS,
    PARENTS,
    currencies,
    distributors,
    made_once,
    quick_forms,
)

__all__ = ["commands", "histories"]

_REVERSIBLE: Final = (EntryKind.PAYMENT, EntryKind.SALE)


@st.composite
def histories(
    draw: st.DrawFn, min_size: int = 8, max_size: int = 24, *, by_hand: bool = False
) -> tuple[Command, ...]:
    """Return commands in order, each with its own key: parties and forms first, then more.

    Two distributors sell for the provider, one of them through a chain of two more; they collect,
    and then come other commands, from ``min_size`` to ``max_size``. With ``by_hand`` they have
    terms that a clerk can compute by hand.

    >>> from hypothesis import given
    >>> @given(history=histories())
    ... def test_our_books_balance(history): ...
    """
    currency = draw(currencies())
    collected = st.lists(collections(currency), min_size=min_size // 2, max_size=min_size)
    anything = st.lists(
        _typical_or_arbitrary(currency, by_hand=by_hand), min_size=min_size, max_size=max_size
    )
    return _numbered((*draw(_set_up(currency, by_hand=by_hand)), *draw(collected), *draw(anything)))


def _numbered(drawn: Iterable[Command]) -> tuple[Command, ...]:
    """Give each command its own key, and each reversal or correction an earlier movement."""
    facts = Facts()
    numbered: list[Command] = []

    for number, command in enumerate(drawn):
        named = attrs.evolve(command, key=f"k-{number}")
        if isinstance(named, Reverse | Correct) and named.entry.isdigit():
            moved = [
                movement.entry.key
                for movement in facts.entries.values()
                if movement.entry.kind in _REVERSIBLE
            ] or ["k-0"]
            named = attrs.evolve(named, entry=moved[int(named.entry) % len(moved)])
        decision = decide(named, facts)
        facts = evolve(facts, decision) if isinstance(decision, Accepted) else facts
        numbered.append(named)

    return tuple(numbered)


@st.composite
def _typical_or_arbitrary(draw: st.DrawFn, currency: Currency, *, by_hand: bool) -> Command:
    is_typical = draw(st.sampled_from((True, True, True, False)))
    return draw((typical_commands if is_typical else commands)(currency, by_hand=by_hand))


@st.composite
def _set_up(draw: st.DrawFn, currency: Currency, *, by_hand: bool) -> tuple[Command, ...]:
    """Return the commands that set up distributors, forms, customers and two accounts."""
    zero = Money.zero(currency)
    distributors_by_name: dict[str, Distributor] = {}

    for name in DISTRIBUTORS:
        above = PARENTS[name]
        terms = (
            agreements(currency, by_hand=by_hand)
            if above is None
            else agreements_below(distributors_by_name[above].terms, by_hand=by_hand)
        )
        drawn = draw(_named_distributors(name, currency))
        credit = draw(st.sampled_from((drawn.credit, CreditTerms(Unlimited()))))
        distributors_by_name[name] = attrs.evolve(
            drawn, terms=draw(terms), credit=credit, parent=above
        )

    setting_up: list[Command] = [
        CreateDistributor(name, MARIA, distributors_by_name[name], zero) for name in DISTRIBUTORS
    ]
    setting_up += [
        PrepareQuickForm(name, MARIA, FIRST_INSTANT, draw(_named_forms(name))) for name in FORMS
    ]
    setting_up += [
        CreateCustomer(name, MARIA, FIRST_INSTANT, name, "Brown Bakery", Limit(zero), zero, owner)
        for name, owner in OWNERS.items()
    ]
    ten = Money("10", currency)
    waiting, roaming = (
        ByFullForm(number, PRODUCT, AccountKind.PREPAID, ten, index > 0, tax=zero)
        for index, number in enumerate(NUMBERS[:2])
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
