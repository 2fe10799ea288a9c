"""Worked examples of credit warnings, limit increases and forecasts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs
import pendulum
from pendulum import DateTime

from distbilling.money import Currency, Money, Percent
from distbilling.rules import fields
from distbilling.rules.credit.credit_watch import CreditFacts, CreditStanding, evaluate
from distbilling.rules.credit.forecast import AlreadyReached, Flow, Outlook, ReachedAt, forecast
from distbilling.rules.credit.increase import (
    AboveCap,
    IncreaseCaps,
    LimitIncrease,
    exceeded_cap,
    limit_in_force,
)
from distbilling.rules.credit.limits import (
    CreditLimit,
    CreditTerms,
    Crossing,
    Limit,
    Rearm,
    Threshold,
    Unlimited,
)
from distbilling.rules.credit.notices import CreditThresholdCrossed, Notice
from distbilling.testing.worked_examples.story import AnyStory, Story

_NOON = pendulum.datetime(2026, 3, 1, 12)
_PARTY = "party"


@attrs.frozen
class _Owed:
    """A moment: what is owed, and the limits from then on where they change."""

    owes: Money
    at: DateTime = attrs.field(default=_NOON, converter=fields.at)
    credit_limit: Money | None = None
    raised_to: Money | None = None


@attrs.frozen
class _OwedWatch:
    owed_becomes: tuple[_Owed, ...]
    currency: Currency
    warn_at: tuple[Threshold, ...] = ()
    credit_limit: CreditLimit = attrs.field(factory=Unlimited)
    compare: Crossing = Crossing.EXCEEDS
    rearm: Rearm = attrs.field(factory=Rearm)


@attrs.frozen
class _Told:
    warnings: tuple[Money, ...] | None = None
    told: tuple[str, ...] | None = None
    suspended: bool | None = None


def _owed_becomes(when: _OwedWatch) -> _Told:
    terms = CreditTerms(when.credit_limit, when.warn_at, when.compare, rearm=when.rearm)
    standing = CreditStanding.new(_PARTY)
    given: list[tuple[Notice, ...]] = []

    for moment in when.owed_becomes:
        if moment.credit_limit is not None:
            terms = attrs.evolve(terms, limit=Limit(moment.credit_limit))
        in_force = terms.limit if moment.raised_to is None else Limit(moment.raised_to)
        standing, notices = evaluate(terms, standing, CreditFacts(moment.owes, moment.at, in_force))
        given.append(notices)

    warnings = tuple(
        notice.threshold for notice in given[-1] if isinstance(notice, CreditThresholdCrossed)
    )
    return _Told(
        warnings, _keys(notice.key for notices in given for notice in notices), standing.suspended
    )


def _keys(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys without the party, which is one and the same."""
    return tuple(key.removeprefix(f"{_PARTY}/") for key in keys)


@attrs.frozen
class _Raise:
    raise_limit_by: Money | Percent
    lasting: dt.timedelta
    currency: Currency
    credit_limit: CreditLimit
    cap: Money | Percent
    cap_days: int


@attrs.frozen
class _Raised:
    granted: bool | None = None
    above: str | None = None
    limit: Money | None = None
    afterwards: Money | None = None


def _raise_limit_by(when: _Raise) -> _Raised:
    end = _NOON + when.lasting
    increase = LimitIncrease("grantor", _NOON, end, when.raise_limit_by)
    above = exceeded_cap(when.credit_limit, increase, IncreaseCaps(when.cap, when.cap_days))
    history = () if above else (increase,)
    return _Raised(
        granted=above is None,
        above=None if above is None else _above_in_words(above),
        limit=_amount(limit_in_force(when.credit_limit, history, _NOON)),
        afterwards=_amount(limit_in_force(when.credit_limit, history, end)),
    )


def _above_in_words(above: AboveCap) -> str:
    return f"{above.field}: {above.asked} above {above.cap}"


def _amount(limit: CreditLimit) -> Money | None:
    return limit.amount if isinstance(limit, Limit) else None


@attrs.frozen
class _Pace:
    owed_changes_by: Money
    within: dt.timedelta
    currency: Currency
    owes: Money
    at: DateTime = attrs.field(default=_NOON, converter=fields.at)
    warn_at: tuple[Threshold, ...] = ()
    credit_limit: CreditLimit = attrs.field(factory=Unlimited)
    compare: Crossing = Crossing.EXCEEDS


@attrs.frozen
class _Foreseen:
    warned: tuple[str, ...] | None = None
    suspended: str | None = None


def _owed_changes_by(when: _Pace) -> _Foreseen:
    terms = CreditTerms(when.credit_limit, when.warn_at, when.compare)
    facts = CreditFacts(when.owes, when.at, terms.limit)
    outlook = forecast(terms, facts, Flow(when.owed_changes_by, when.within))
    limit = None if isinstance(outlook.limit, Unlimited) else _outlook_in_words(outlook.limit)
    return _Foreseen(tuple(map(_outlook_in_words, outlook.warnings)), limit)


def _outlook_in_words(outlook: Outlook) -> str:
    """Return the instant in UTC as a file writes it, or `already`, or `never`."""
    if isinstance(outlook, ReachedAt):
        return outlook.at.isoformat().replace("+00:00", "Z")
    return "already" if isinstance(outlook, AlreadyReached) else "never"


STORIES: dict[str, AnyStory] = {
    "owed_becomes": Story(_OwedWatch, _Told, _owed_becomes),
    "raise_limit_by": Story(_Raise, _Raised, _raise_limit_by),
    "owed_changes_by": Story(_Pace, _Foreseen, _owed_changes_by),
}
"""The stories about warnings, raised limits and forecasts, by the key of ``when``."""
