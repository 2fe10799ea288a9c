"""Strategies of payments, reversals, corrections, increases and full forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from distbilling.money import Currency, Money, Percent
from distbilling.rules.commands.customers.add_account import ByFullForm
from distbilling.rules.commands.distributors.grant_limit_increase import GrantLimitIncrease
from distbilling.rules.commands.movements.correct import Correct
from distbilling.rules.commands.movements.record_payment import RecordPayment
from distbilling.rules.commands.movements.reverse import Reversal, Reverse
from distbilling.rules.parties import AccountKind
from distbilling.testing.strategies.agreements import BATCH, PRODUCT
from distbilling.testing.strategies.values import DISTRIBUTORS, made_once, money, parts_of

__all__ = ["Common", "corrections", "full_forms", "increases", "payments", "reversals"]

Common = Mapping[str, SearchStrategy[Any]]
"""The strategies of a command's key, actor and instant."""

_MOST_ITEMS: Final = 3
_MOST_DAYS: Final = 60
_SHARES: Final = tuple(map(Percent, (1, 5, 10, 50)))


@st.composite
def payments(
    draw: st.DrawFn,
    common: Common,
    *,
    customer: SearchStrategy[str],
    amount: SearchStrategy[Money],
    account: SearchStrategy[str | None],
) -> RecordPayment:
    """Return payments; most of them with tax, discount and items."""
    collected, has_details = draw(amount), draw(st.sampled_from((True, True, True, False)))
    return RecordPayment(
        key=draw(common["key"]),
        by=draw(common["by"]),
        at=draw(common["at"]),
        customer=draw(customer),
        amount=collected,
        account=draw(account),
        items=draw(st.integers(1, _MOST_ITEMS)) if has_details else 1,
        tax=draw(parts_of(collected)) if has_details else None,
        discount=draw(st.none() | parts_of(collected)) if has_details else None,
    )


@st.composite
def full_forms(
    draw: st.DrawFn, number: SearchStrategy[str], opening: SearchStrategy[Money]
) -> ByFullForm:
    """Return full forms, with and without batch and tax; a postpaid account has no funds."""
    kind, amount = draw(st.sampled_from(AccountKind)), draw(opening)
    balance = amount if kind is AccountKind.PREPAID else Money.zero(amount.currency)
    tax, batch = draw(st.none() | parts_of(balance)), draw(st.sampled_from((None, BATCH)))
    return ByFullForm(draw(number), PRODUCT, kind, balance, draw(st.booleans()), batch, tax)


def reversals(common: Common, amount: SearchStrategy[Money]) -> SearchStrategy[Reverse]:
    """Return reversals of entries, whole and in part."""
    return st.builds(
        Reverse,
        **common,
        entry=_entries(),
        why=st.sampled_from(Reversal),
        amount=st.none() | amount,
    )


def corrections(
    common: Common, currency: Currency, amount: SearchStrategy[Money]
) -> SearchStrategy[Correct]:
    """Return corrections of entries, now and then to nothing."""
    return st.builds(
        Correct, **common, entry=_entries(), amount=st.just(Money.zero(currency)) | amount
    )


@st.composite
def increases(draw: st.DrawFn, common: Common, currency: Currency) -> GrantLimitIncrease:
    """Return limit increases by an amount or a percentage, for up to two months."""
    at = draw(common["at"])
    return GrantLimitIncrease(
        key=draw(common["key"]),
        by=draw(common["by"]),
        at=at,
        distributor=draw(st.sampled_from(DISTRIBUTORS)),
        raises_by=draw(st.sampled_from(_SHARES) | money(currency, min_value=1, max_value=200)),
        until=at.add(days=draw(st.integers(1, _MOST_DAYS))),
    )


@made_once
def _entries() -> SearchStrategy[str]:
    """Return keys of entries: numbers, which a history turns into keys of its movements, or any."""
    number = st.integers(0, 99).map(str)
    return st.one_of(number, number, st.integers(0, 40).map("k-{}".format))
