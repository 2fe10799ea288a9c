"""Strategies of the commands of an ordinary day."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from distbilling.money import Currency
from distbilling.rules import Command
from distbilling.rules.commands.customers.activate_account import ActivateAccount
from distbilling.rules.commands.customers.add_account import AddAccount, ByQuickForm
from distbilling.rules.commands.customers.assign_distributor import AssignDistributor
from distbilling.rules.commands.customers.transfer_customer import TransferCustomer
from distbilling.rules.commands.distributors.change_credit import ChangeCredit
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.distributors.review_credit import ReviewCredit
from distbilling.rules.commands.distributors.transfer_distributor import TransferDistributor
from distbilling.rules.commands.movements.credit_commission import CreditCommission
from distbilling.rules.commands.movements.record_payment import RecordPayment
from distbilling.rules.commands.movements.remit import Remit
from distbilling.rules.parties import DistributorStaff
from distbilling.testing.strategies.agreements import agreements
from distbilling.testing.strategies.arbitrary_commands import new_credit_terms
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
    LAST_INSTANT,
    MARIA,
    NORA,
    NUMBERS,
    OWNERS,
    PARENTS,
    instants,
    keys,
    made_once,
    money,
)

__all__ = ["collections", "typical_commands"]


@st.composite
def typical_commands(draw: st.DrawFn, currency: Currency, *, by_hand: bool) -> Command:
    """Return commands of an ordinary day, most of them about money.

    >>> from hypothesis import given
    >>> @given(command=typical_commands(Currency("USD"), by_hand=True))
    ... def test_our_till_understands(command): ...
    """
    # Of twenty commands, eight are a distributor's, eight the administrator's, four are changes.
    number = draw(st.integers(0, 19))
    if number < 8:  # noqa: PLR2004
        return draw(_of_a_distributor(draw(st.sampled_from(DISTRIBUTORS)), currency))
    if number < 16:  # noqa: PLR2004
        return draw(_of_the_administrator(currency))
    return draw(_changes(currency, by_hand=by_hand))


@made_once
def collections(currency: Currency) -> SearchStrategy[RecordPayment]:
    """Return payments that distributors record of their own customers.

    >>> from hypothesis import find
    >>> kiosk = DistributorStaff("kiosk")
    >>> find(collections(Currency("USD")), lambda payment: payment.by == kiosk).customer
    'dan'
    """
    return st.one_of(*(_collected_by(name, currency) for name in DISTRIBUTORS))


def _collected_by(name: str, currency: Currency) -> SearchStrategy[RecordPayment]:
    common = {"key": keys(), "by": st.just(DistributorStaff(name)), "at": instants()}
    own = st.sampled_from([customer for customer, owner in OWNERS.items() if owner == name])
    return payments(
        common, customer=own, amount=money(currency, min_value=1, max_value=200), account=st.none()
    )


@made_once
def _of_a_distributor(name: str, currency: Currency) -> SearchStrategy[Command]:
    common = {"key": keys(), "by": st.just(DistributorStaff(name)), "at": instants()}
    cash, number = money(currency, min_value=1, max_value=200), st.sampled_from(NUMBERS)
    somebody = st.sampled_from(
        [customer for customer, owner in OWNERS.items() if owner in {name, None}]
    )
    quick = st.builds(
        ByQuickForm, st.sampled_from(FORMS), number.map(lambda typed: {"number": typed})
    )
    below = [child for child, parent in PARENTS.items() if parent == name]
    collected = _collected_by(name, currency)

    return st.one_of(
        collected,
        collected,
        collected,
        payments(common, customer=somebody, amount=cash, account=number),
        st.builds(
            AddAccount, **common, customer=somebody | st.sampled_from(("dee", "eve")), through=quick
        ),
        st.builds(ActivateAccount, **common, account=number),
        st.builds(Remit, **common, distributor=st.sampled_from(below or [name]), amount=cash),
    )


@made_once
def _of_the_administrator(currency: Currency) -> SearchStrategy[Command]:
    common = {"key": keys(), "by": st.just(MARIA), "at": instants()}
    later = {**common, "at": st.just(LAST_INSTANT)}
    name, number = st.sampled_from(DISTRIBUTORS), st.sampled_from(NUMBERS)
    cash, some = (money(currency, min_value=1, max_value=most) for most in (200, 20))
    full = full_forms(number, money(currency, min_value=0, max_value=100))
    customer, given_back = st.sampled_from(CUSTOMERS), reversals(later, some)

    return st.one_of(
        st.builds(Remit, **common, distributor=name, amount=cash),
        st.builds(
            AddAccount, **common, customer=customer, through=full, distributor=st.none() | name
        ),
        st.builds(ActivateAccount, **common, account=number),
        st.builds(AssignDistributor, **common, account=number, distributor=name),
        given_back,
        given_back,
        given_back,
        corrections(later, currency, cash),
        corrections(later, currency, cash),
        st.builds(CreditCommission, **common, distributor=name),
        st.builds(
            CreditCommission,
            **common,
            distributor=name,
            amount=money(currency, min_value=1, max_value=2),
        ),
    )


@made_once
def _changes(currency: Currency, *, by_hand: bool) -> SearchStrategy[Command]:
    common = {"key": keys(), "by": st.just(MARIA), "at": instants()}
    granting = {**common, "by": st.sampled_from((MARIA, NORA))}
    name, customer = st.sampled_from(DISTRIBUTORS), st.sampled_from(CUSTOMERS)
    about = {**common, "distributor": name}
    return st.one_of(
        st.builds(ChangeTerms, **about, terms=agreements(currency, by_hand=by_hand)),
        st.builds(ChangeCredit, **about, credit=new_credit_terms(currency)),
        increases(granting, currency),
        st.builds(ReviewCredit, **about),
        st.builds(TransferCustomer, **common, customer=customer, distributor=st.none() | name),
        st.builds(TransferDistributor, **about, parent=st.none() | name),
    )
