"""Strategies of amounts, rates, zones, parties and forms."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final, ParamSpec, TypeVar, cast

import pendulum
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pendulum import DateTime

from distbilling.money import Currency, Money, Percent, RoundingMethod
from distbilling.periods import CYCLE_KINDS, Cycle, MonthEnd, Weekday
from distbilling.rules.agreement.terms import Netting, Terms
from distbilling.rules.credit.increase import IncreaseCaps
from distbilling.rules.credit.limits import (
    CreditLimit,
    CreditTerms,
    Crossing,
    Limit,
    PercentOfLimit,
    Unlimited,
    WhenSuspended,
)
from distbilling.rules.credit.thresholds import Rearm
from distbilling.rules.parties import (
    Account,
    AccountKind,
    Actor,
    Administrator,
    Customer,
    CustomerCaps,
    Distributor,
    DistributorStaff,
    Preferences,
)
from distbilling.rules.parties.quick_form import Asked, Field, Fixed, FormField, QuickForm

__all__ = [
    "accounts",
    "actors",
    "credit_limits",
    "credit_terms",
    "currencies",
    "customers",
    "cycles",
    "distributors",
    "identifiers",
    "instants",
    "keys",
    "money",
    "parts_of",
    "percents",
    "quick_forms",
    "rearms",
    "terms",
    "zones",
]

CODES: Final = ("USD", "JPY", "KWD", "EUR")
ZONES: Final = (
    "America/New_York",
    "Europe/Berlin",
    "Asia/Tokyo",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Etc/UTC",
)
PARENTS: Final[dict[str, str | None]] = {
    "north": None,
    "south": None,
    "soho": "north",
    "kiosk": "soho",
}
DISTRIBUTORS: Final = tuple(PARENTS)
OWNERS: Final[dict[str, str | None]] = {
    "ada": "north",
    "ben": "south",
    "cid": None,
    "dan": "kiosk",
    "eli": "soho",
}
CUSTOMERS: Final = tuple(OWNERS)
NUMBERS: Final = ("12125550100", "12125550101", "12125550102", "12125550199")
FORMS: Final = ("sip", "prepaid", "newcomer")
_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")
MARIA: Final = Administrator("maria")
NORA: Final = Administrator("nora", IncreaseCaps(Percent("10"), days=30))
FIRST_INSTANT: Final = pendulum.datetime(2026, 1, 1)
LAST_INSTANT: Final = pendulum.datetime(2026, 12, 31)


def made_once(strategy: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """Keep what a function makes: strategies take far longer to make than to draw from."""
    return cast(Callable[_Given, _Made], functools.cache(strategy))


@made_once
def currencies() -> SearchStrategy[Currency]:
    """Return currencies with 0, 2 and 3 decimals."""
    return st.sampled_from(CODES).map(Currency)


@st.composite
def money(
    draw: st.DrawFn,
    currency: Currency | str | None = None,
    min_value: Decimal | int | str = "-1000000",
    max_value: Decimal | int | str = "1000000",
    places: int | None = None,
) -> Money:
    """Return amounts from ``min_value`` to ``max_value``, both included.

    They have so many ``places``, or as many decimals as the currency.

    >>> from hypothesis import find
    >>> find(money("USD", min_value="0.01"), lambda amount: True)
    Money('0.01', 'USD')
    """
    chosen = draw(currencies()) if currency is None else Currency(currency)
    decimals = (chosen.digits or 0) if places is None else places
    least, most = (Fraction(str(bound)) * 10**decimals for bound in (min_value, max_value))
    units = draw(st.integers(ceil(least), floor(most)))
    digits = tuple(map(int, str(abs(units))))
    return Money(Decimal((int(units < 0), digits, -decimals)), chosen)


def parts_of(amount: Money) -> SearchStrategy[Money]:
    """Return amounts from zero to this one, both included, such as its tax or discount.

    >>> from hypothesis import find
    >>> find(parts_of(Money("5.00", "USD")), lambda part: True)
    Money('0.00', 'USD')
    """
    return money(amount.currency, min_value=0, max_value=amount.amount)


@made_once
def percents(places: int = 3) -> SearchStrategy[Percent]:
    """Return percentages from 0 to 100 with up to so many decimals, round ones often."""
    whole = st.sampled_from((0, 1, 10, 15, 50, 99, 100)).map(Percent)
    parts = st.integers(0, 100 * 10**places)
    return whole | parts.map(
        lambda part: Percent(Decimal((0, tuple(map(int, str(part))), -places)))
    )


@made_once
def zones() -> SearchStrategy[str]:
    """Return zones with and without summer time, ahead of UTC and behind it."""
    return st.sampled_from(ZONES)


@made_once
def cycles() -> SearchStrategy[Cycle]:
    """Return billing cycles of every kind, in several zones."""

    def cycle(kind: type[Cycle], zone: str, **values: object) -> Cycle:
        return kind.from_fields(zone, **values)

    return st.builds(
        cycle,
        st.sampled_from(CYCLE_KINDS),
        zones(),
        n=st.integers(1, 60),
        first=st.just(dt.date(2026, 1, 1)),
        first_day=st.sampled_from(Weekday),
        first_month=st.integers(1, 12),
        day=st.integers(1, 31),
        month_end=st.sampled_from(MonthEnd),
    )


@made_once
def instants(zone: str = "Etc/UTC") -> SearchStrategy[DateTime]:
    """Return aware instants of the year 2026, to the second."""
    seconds = st.integers(int(FIRST_INSTANT.timestamp()), int(LAST_INSTANT.timestamp()))
    return seconds.map(lambda second: pendulum.from_timestamp(second, zone))


@made_once
def keys() -> SearchStrategy[str]:
    """Return keys of commands."""
    return st.text("abcdefghijklmnopqrstuvwxyz0123456789-/", min_size=1, max_size=20)


@made_once
def identifiers() -> SearchStrategy[str]:
    """Return names that a host may give its parties and forms, in many scripts."""
    allowed = st.characters(categories=("L", "N", "P", "S"), codec="utf-8")
    return st.text(allowed, min_size=1, max_size=64).filter(str.isprintable)


@made_once
def actors(distributors: SearchStrategy[str] | None = None) -> SearchStrategy[Actor]:
    """Return administrators, with and without caps on what they grant, and distributors' staff."""
    staff = st.builds(
        DistributorStaff, st.sampled_from(DISTRIBUTORS) if distributors is None else distributors
    )
    return st.one_of(st.just(MARIA), st.just(NORA), staff, staff)


@made_once
def credit_limits(currency: Currency | str) -> SearchStrategy[CreditLimit]:
    """Return credit limits: none at all, zero, and positive ones."""
    limits = money(currency, min_value=0, max_value=2000)
    zero = st.just(Limit(Money.zero(currency)))
    return st.one_of(st.just(Unlimited()), *(st.builds(Limit, limits),) * 3, zero)


@made_once
def credit_terms(currency: Currency | str) -> SearchStrategy[CreditTerms]:
    """Return credit terms with up to four thresholds, of both kinds and in any order."""
    threshold = st.builds(PercentOfLimit, percents(places=1)) | money(
        currency, min_value=0, max_value=2000
    )
    return st.builds(
        CreditTerms,
        credit_limits(currency),
        st.lists(threshold, max_size=4).map(tuple),
        st.sampled_from(Crossing),
        st.sampled_from(WhenSuspended),
    )


@made_once
def rearms(currency: Currency | str) -> SearchStrategy[Rearm]:
    """Return when warnings may be given again: by band, interval and number of repeats."""
    band = st.one_of(st.none(), percents(places=1), money(currency, min_value=0, max_value=100))
    interval = st.none() | st.timedeltas(dt.timedelta(hours=1), dt.timedelta(days=60))
    return st.builds(Rearm, band, interval, st.none() | st.integers(0, 2), st.booleans())


@made_once
def terms() -> SearchStrategy[Terms]:
    """Return terms of two percentages, with every rounding method and netting."""
    return st.builds(
        Terms,
        percents(),
        percents(),
        st.sampled_from(RoundingMethod),
        netting=st.sampled_from(Netting),
    )


@st.composite
def distributors(
    draw: st.DrawFn, ids: SearchStrategy[str] | None = None, currency: Currency | str | None = None
) -> Distributor:
    """Return distributors whose amounts are in their own currency."""
    chosen = draw(currencies()) if currency is None else Currency(currency)
    return Distributor(
        id=draw(identifiers() if ids is None else ids),
        name="Hudson Phones",
        currency=chosen,
        terms=draw(terms()),
        credit=draw(credit_terms(chosen)),
        cycle=draw(cycles()),
        created=pendulum.datetime(2026, 1, 1),
        preferences=Preferences(draw(st.sampled_from(("en", "de", "ja")))),
        caps=draw(_caps(chosen)),
    )


@st.composite
def customers(
    draw: st.DrawFn, ids: SearchStrategy[str] | None = None, currency: Currency | str | None = None
) -> Customer:
    """Return customers, of a distributor or of the provider itself."""
    chosen = draw(currencies()) if currency is None else Currency(currency)
    return Customer(
        id=draw(identifiers() if ids is None else ids),
        name="Brown Bakery",
        currency=chosen,
        distributor=draw(st.none() | st.sampled_from(DISTRIBUTORS)),
        credit_limit=draw(credit_limits(chosen)),
        since=draw(instants()),
    )


@st.composite
def accounts(
    draw: st.DrawFn, ids: SearchStrategy[str] | None = None, currency: Currency | str | None = None
) -> Account:
    """Return accounts of both kinds that were not sold yet."""
    kind = draw(st.sampled_from(AccountKind))
    chosen = draw(currencies()) if currency is None else Currency(currency)
    opening = (
        draw(money(chosen, min_value=0, max_value=500))
        if kind is AccountKind.PREPAID
        else Money.zero(chosen)
    )

    return Account(
        id=draw(st.sampled_from(NUMBERS) if ids is None else ids),
        customer=draw(st.sampled_from(CUSTOMERS)),
        distributor=draw(st.none() | st.sampled_from(DISTRIBUTORS)),
        product="SIP line",
        kind=kind,
        opening_balance=opening,
        active=draw(st.booleans()),
        batch=draw(st.sampled_from((None, "spring lot"))),
        tax=draw(st.none() | parts_of(opening)),
    )


@st.composite
def quick_forms(draw: st.DrawFn, ids: SearchStrategy[str] | None = None) -> QuickForm:
    """Return quick forms that ask for a number and ask for, fix or leave out every other field."""
    kind = draw(st.sampled_from(AccountKind))
    opening = "10" if kind is AccountKind.PREPAID else "0"
    values = {
        Field.CUSTOMER_NAME: "Brown Bakery",
        Field.OPENING_BALANCE: opening,
        Field.ACTIVE: "yes",
    }
    form_fields: list[FormField] = [Asked(Field.NUMBER)]

    for field, value in values.items():
        choices = (None, Asked(field), Asked(field, value), Fixed(field, value))
        if (choice := draw(st.sampled_from(choices))) is not None:
            form_fields.append(choice)

    chosen = draw(st.sampled_from(FORMS) if ids is None else ids)
    batch = draw(st.sampled_from((None, "spring lot")))
    return QuickForm(chosen, "SIP phone", "SIP line", kind, tuple(form_fields), batch)


@made_once
def _caps(currency: Currency) -> SearchStrategy[CustomerCaps]:
    cap = st.just(Money.zero(currency)) | money(currency, min_value=0, max_value=50)
    return st.builds(CustomerCaps, cap, cap)
