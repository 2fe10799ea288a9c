"""Forecasts of warnings and suspension, if a balance goes on at the pace of now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, assert_never, cast

import attrs
import pendulum
from pendulum import DateTime

from distbilling.errors import InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.language.formats import instant_text
from distbilling.money import Currency, Money
from distbilling.money.units import from_units
from distbilling.periods import LAST_YEAR, iana_zone, utc_instant
from distbilling.rules import fields
from distbilling.rules.credit.credit_watch import CreditFacts
from distbilling.rules.credit.increase import LimitIncrease, limit_in_force
from distbilling.rules.credit.limits import CreditTerms, Limit, Unlimited
from distbilling.rules.credit.thresholds import Crossing, plain_span
from distbilling.rules.notebook import html_table

__all__ = ["AlreadyReached", "Flow", "Forecast", "NeverReached", "Outlook", "ReachedAt", "forecast"]

_DAY: Final = 86_400_000_000
"""Microseconds in 24 hours."""
_TARIFF_PLACES: Final = 5
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_END: Final = pendulum.datetime(LAST_YEAR + 1, 1, 1)
_elapsed: Final = cast(Any, dt.datetime.__sub__)  # pendulum's own gives an Interval, slowly
_later: Final = cast(Any, dt.datetime.__add__)


@attrs.frozen
class Flow(fields.Checked):
    """A pace: what is owed changes by so much, net, over so long.

    Raises:
        InvalidValue: the time is not above zero.

    Source: rulebook R22, R25.

    >>> Flow(Money("70.00", "USD"), dt.timedelta(days=7)).a_day
    Money('10.00', 'USD')
    """

    net: Money = attrs.field(validator=fields.one_of(Money))
    """The change; above zero is more debt."""

    over: dt.timedelta = attrs.field(converter=plain_span, validator=fields.one_of(dt.timedelta))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.over <= dt.timedelta(0):
            raise InvalidValue("over", self.over, "a length of time above zero")

    @classmethod
    def of(
        cls,
        movements: Iterable[tuple[dt.datetime, Money]],
        start: dt.datetime,
        end: dt.datetime,
        currency: Currency | str | None = None,
    ) -> Flow:
        """Return the pace of what moved a balance between two instants.

        Args:
            movements: instants, each with what it added to what is owed.
            start: the first instant that counts.
            end: the first instant after it that counts no more.
            currency: needed where nothing may have moved.

        Raises:
            InvalidValue: the end is not after the start, an instant is naive, or nothing moved and
                no currency is named.
            CurrencyMismatch: movements are in different currencies.

        Source: rulebook R22, R25.

        >>> noon = pendulum.datetime(2026, 3, 9, 12)
        >>> movements = [(noon, Money("9", "USD")), (noon.add(days=2), Money("5", "USD"))]
        >>> Flow.of(movements, noon, noon.add(days=2)).net
        Money('9.00', 'USD')
        """
        first, last = utc_instant(start, "start"), utc_instant(end, "end")
        if last <= first:
            raise InvalidValue("end", end, f"an instant after the start, {first.isoformat()}")
        counted = (
            amount for at, amount in movements if first <= utc_instant(at, "movements") < last
        )
        return cls(Money.sum(counted, currency), _elapsed(last, first))

    @property
    def a_day(self) -> Money:
        """The change in 24 hours, rounded half to even; forecasts use it unrounded."""
        currency = self.net.currency
        places = _TARIFF_PLACES if currency.digits is None else currency.digits
        return from_units(round(_a_microsecond(self) * _DAY * 10**places), places, currency)


@attrs.frozen
class ReachedAt:
    """At this pace an amount is reached, or exceeded, at an instant (in UTC) and not before.

    Source: rulebook R22, R24.
    """

    amount: Money
    at: DateTime


@attrs.frozen
class AlreadyReached:
    """An amount is reached, or exceeded, now.

    Source: rulebook R22, R24.
    """

    amount: Money


@attrs.frozen
class NeverReached:
    """At this pace an amount is not reached, or not before the year 9988.

    Source: rulebook R22, R24.
    """

    amount: Money


Outlook = ReachedAt | AlreadyReached | NeverReached


@attrs.frozen
class Forecast:
    """When each warning threshold and the limit will be reached, at one pace.

    Source: rulebook R19, R22, R24.
    """

    owed: Money
    at: DateTime
    flow: Flow

    warnings: tuple[Outlook, ...]
    """One for each threshold, lowest first."""

    limit: Outlook | Unlimited
    """Unlimited where there is no limit."""

    def explain(self, locale: str = "en", zone: str = "Etc/UTC") -> str:
        """Say it in sentences, one a line, in the words of a locale and on the clocks of a zone.

        Raises:
            InvalidType: the locale or the zone is not text.
            InvalidValue: the locale or the zone is unknown.
        """
        balance = sentence(
            "{owed} is owed, and the balance changes by {change} a day.",
            locale,
            owed=self.owed.format(locale, exact=True),
            change=self.flow.a_day,
        )
        warnings = (_warning_in_words(outlook, locale, zone) for outlook in self.warnings)
        return "\n".join((balance, *warnings, _limit_in_words(self.limit, locale, zone)))

    def _repr_html_(self) -> str:
        return html_table(
            (
                ("owed", self.owed.format(exact=True)),
                ("a day", self.flow.a_day.format()),
                *(
                    ("warning", _warning_in_words(outlook, "en", "Etc/UTC"))
                    for outlook in self.warnings
                ),
                ("limit", _limit_in_words(self.limit, "en", "Etc/UTC")),
            )
        )


def forecast(
    terms: CreditTerms, facts: CreditFacts, flow: Flow, increases: Sequence[LimitIncrease] = ()
) -> Forecast:
    """Return when a distributor will be warned and suspended, at the pace of now.

    The balance is taken to move evenly, without steps: after a time t it is what is owed now + net
    · t / over, exactly. A threshold is reached at the first microsecond at which it is crossed, the
    limit at the first at which it is owed. Earlier warnings and repeats play no part.

    Args:
        terms: the thresholds, and the permanent limit.
        facts: what is owed, since when, and the limit in force then.
        flow: the pace.
        increases: the limit in force lasts until one of them begins or ends; then it is what they
            make it.

    Raises:
        InvalidType: the terms, the facts, the pace or the increases are none.
        CurrencyMismatch: balance, pace, thresholds and limit are not all in one currency.

    Source: rulebook R21, R22, R24; handbook, "Credit limit".

    >>> from distbilling.rules.credit import PercentOfLimit
    >>> limit, noon = Limit(Money("1000", "USD")), pendulum.datetime(2026, 3, 9, 12)
    >>> terms = CreditTerms(limit, (PercentOfLimit("90"),), Crossing.REACHES)
    >>> facts = CreditFacts(Money("850", "USD"), noon, limit)
    >>> seen = forecast(terms, facts, Flow(Money("70", "USD"), dt.timedelta(days=7)))
    >>> print(seen.explain().replace("\u202f", " "))
    $850.00 is owed, and the balance changes by $10.00 a day.
    The warning threshold of $900.00 is crossed on Mar 14, 2026, 12:00:00 PM.
    The credit limit of $1,000.00 is reached on Mar 24, 2026, 12:00:00 PM.
    """
    fields.check_type("terms", terms, CreditTerms)
    fields.check_type("facts", facts, CreditFacts)
    fields.check_type("flow", flow, Flow)
    fields.check_type("increases", increases, tuple, list)
    fields.check_one_currency((facts.owed, terms, flow, facts.limit))

    owed, at = facts.owed, facts.at
    line = _Line(Fraction(owed.amount), _a_microsecond(flow), _elapsed(_END, at) // _MICROSECOND)
    warnings = (
        _outlook(amount, line.first(amount, terms.compare, 0, line.end), at)
        for amount in terms.levels.thresholds
    )
    return Forecast(owed, at, flow, tuple(warnings), _limit_outlook(terms, facts, line, increases))


@attrs.frozen
class _Line:
    """A balance that moves evenly by the microsecond, from now to the end of what is computed."""

    now: Fraction
    slope: Fraction
    end: int

    def first(self, amount: Money, compare: Crossing, since: int, before: int) -> int | None:
        """Return the first microsecond from one on, and before another, that crosses an amount."""
        threshold, balance = Fraction(amount.amount), self.now + self.slope * since
        if compare.count((threshold,), balance):
            return since if since < before else None
        if self.slope <= 0:
            return None

        reached = since + compare.least_across((threshold - balance) / self.slope)
        return reached if reached < before else None


def _limit_outlook(
    terms: CreditTerms, facts: CreditFacts, line: _Line, increases: Sequence[LimitIncrease]
) -> Outlook | Unlimited:
    at = facts.at
    turns = {instant for each in increases for instant in (each.granted, each.until)}
    changes = sorted(instant for instant in turns if instant > at)
    later = (limit_in_force(terms.limit, increases, instant) for instant in changes)
    limits = [facts.limit, *later]
    bounds = [*(_elapsed(instant, at) // _MICROSECOND for instant in (at, *changes)), line.end]

    last: Limit | None = None
    for limit, (start, end) in zip(limits, pairwise(bounds), strict=True):
        if isinstance(limit, Limit):
            last = limit
            reached = line.first(limit.amount, Crossing.REACHES, start, end)
            if reached is not None:
                return _outlook(limit.amount, reached, at)
    return Unlimited() if last is None else NeverReached(last.amount)


def _outlook(amount: Money, reached: int | None, at: DateTime) -> Outlook:
    if reached is None:
        return NeverReached(amount)
    if reached == 0:
        return AlreadyReached(amount)
    return ReachedAt(amount, _later(at, dt.timedelta(microseconds=reached)))


def _a_microsecond(flow: Flow) -> Fraction:
    return Fraction(flow.net.amount) / (flow.over // _MICROSECOND)


def _warning_in_words(outlook: Outlook, locale: str, zone: str) -> str:
    amount = outlook.amount.format(locale, exact=True)

    match outlook:
        case ReachedAt():
            return sentence(
                "The warning threshold of {amount} is crossed on {at}.",
                locale,
                amount=amount,
                at=_instant_in_words(outlook.at, locale, zone),
            )
        case AlreadyReached():
            return sentence(
                "The warning threshold of {amount} is crossed already.", locale, amount=amount
            )
        case NeverReached():
            return sentence(
                "The warning threshold of {amount} is not crossed at this pace.",
                locale,
                amount=amount,
            )
        case _:
            assert_never(outlook)


def _limit_in_words(outlook: Outlook | Unlimited, locale: str, zone: str) -> str:
    if isinstance(outlook, Unlimited):
        return sentence("There is no credit limit.", locale)
    amount = outlook.amount.format(locale, exact=True)

    match outlook:
        case ReachedAt():
            return sentence(
                "The credit limit of {amount} is reached on {at}.",
                locale,
                amount=amount,
                at=_instant_in_words(outlook.at, locale, zone),
            )
        case AlreadyReached():
            return sentence(
                "The credit limit of {amount} is reached already.", locale, amount=amount
            )
        case NeverReached():
            return sentence(
                "The credit limit of {amount} is not reached at this pace.", locale, amount=amount
            )
        case _:
            assert_never(outlook)


def _instant_in_words(instant: DateTime, locale: str, zone: str) -> str:
    return instant_text(instant.in_timezone(iana_zone(zone)), locale)
