"""Which rate is in force for a subject at an instant? Rates by batch, product and distributor, each with its dates."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from distbilling.choices import Choice
from distbilling.errors import InvalidValue
from distbilling.periods import first_instant, utc_instant
from distbilling.periods.instant import local_day
from distbilling.rules import fields
from distbilling.rules.agreement.origin import Origin, RateOrigin
from distbilling.rules.agreement.schedule import Schedule, a_schedule

__all__ = ["CommissionKind", "Rate", "RateInForce", "Subject"]


class CommissionKind(Choice):
    """What a commission is earned for: the sale of an account, or a payment that was collected.

    Source: rulebook R7, R8.

    >>> CommissionKind.PAYMENT.value
    'payment'
    """

    SALE = "sale"
    PAYMENT = "payment"


@attrs.frozen
class Subject(fields.Checked):
    """What was sold or paid for: its product, and the batch (the lot of accounts) it belongs to.

    Source: rulebook R11.

    >>> Subject(product="SIP line").batch is None
    True
    """

    product: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(fields.name)
    )
    batch: str | None = attrs.field(default=None, validator=attrs.validators.optional(fields.name))


def _since(day: dt.date | None) -> dt.date | None:
    return None if day is None else local_day(day, "since")


def _until(day: dt.date | None) -> dt.date | None:
    return None if day is None else local_day(day, "until")


@attrs.frozen
class Rate(fields.Checked):
    """A rate for one product, for one batch, or (neither named) for all that the distributor sells.

    It holds from the start of ``since`` to the start of ``until``, local days in the zone of the
    terms; None is open.

    Source: rulebook R11, R12.

    >>> from distbilling.money import Percent
    >>> Rate(CommissionKind.SALE, Percent("20"), product="SIP line", since=dt.date(2026, 3, 1)).until is None
    True
    """

    kind: CommissionKind = attrs.field(validator=fields.one_of(CommissionKind))
    schedule: Schedule = attrs.field(validator=a_schedule)
    product: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(fields.name)
    )
    batch: str | None = attrs.field(default=None, validator=attrs.validators.optional(fields.name))
    since: dt.date | None = attrs.field(default=None, converter=_since)
    until: dt.date | None = attrs.field(default=None, converter=_until)

    @property
    def origin(self) -> Origin:
        """Where the rate comes from, once it is in force."""
        if self.batch is not None:
            return Origin(RateOrigin.BATCH, self.batch, self.since, self.until)
        if self.product is not None:
            return Origin(RateOrigin.PRODUCT, self.product, self.since, self.until)
        return Origin(RateOrigin.DISTRIBUTOR, None, self.since, self.until)

    @property
    def is_dated(self) -> bool:
        """Tell whether the rate starts or ends on a date."""
        return self.since is not None or self.until is not None


@attrs.frozen
class RateInForce:
    """The rate that counts, and where it came from.

    Source: rulebook R11, R12.

    >>> from distbilling.money import Percent
    >>> RateInForce(Percent("15"), Origin(RateOrigin.DEFAULT_SALES_COMMISSION)).schedule
    Percent('15')
    """

    schedule: Schedule
    origin: Origin

    def format(self, locale: str = "en") -> str:
        """Return the rate with where it came from, in the words and formats of the locale."""
        return self.origin.beside(self.schedule.format(locale), locale)


_EVER: Final = 0
_NEVER: Final = 10**12
"""Before and after every instant, in seconds as :func:`second_of` counts them."""


@attrs.frozen
class Timeline:
    """The rates of one subject, one after the other: each from its second on, as :func:`second_of` counts.

    After the last rate, None is in force: the next level counts.
    """

    starts: tuple[int, ...]
    rates: tuple[RateInForce | None, ...]

    def at(self, second: int) -> RateInForce | None:
        """Return the rate in force at an instant; None where there is none yet, or none any more."""
        place = bisect_right(self.starts, second)
        return self.rates[place - 1] if place else None


@attrs.frozen
class RateBook:
    """The rates of one kind of commission: by batch, by product, for all that the distributor sells, and the default."""

    batches: Mapping[str | None, Timeline]
    products: Mapping[str | None, Timeline]
    own: Timeline | None
    default: RateInForce

    def at(self, subject: Subject, instant: dt.datetime) -> RateInForce:
        """Return the rate in force for a subject at an instant in UTC."""
        for timeline in (
            self.batches.get(subject.batch),
            self.products.get(subject.product),
            self.own,
        ):
            if timeline is not None:
                found = timeline.at(second_of(instant))
                if found is not None:
                    return found
        return self.default


@attrs.frozen
class _Span:
    """A rate with its place in the terms, and the seconds from which and until which it holds."""

    place: int
    rate: Rate
    start: int
    end: int


def second_of(instant: dt.datetime) -> int:
    """Return the whole second of an instant in UTC, counted so that no two share a number; days start at midnight UTC.

    >>> second_of(dt.datetime(1, 1, 1, 0, 0, 1, tzinfo=dt.UTC))
    86401
    """
    return (
        instant.toordinal() * 86_400 + instant.hour * 3_600 + instant.minute * 60 + instant.second
    )


def rate_book(
    rates: Sequence[Rate], zone: str, kind: CommissionKind, default: RateInForce
) -> RateBook:
    """Return the rates of one kind in order of time, by what they are for; they neither overlap nor leave holes.

    Source: rulebook R11, R12.

    >>> from distbilling.money import Percent
    >>> default = RateInForce(Percent("15"), Origin(RateOrigin.DEFAULT_SALES_COMMISSION))
    >>> rate_book([], "Etc/UTC", CommissionKind.SALE, default).own is None
    True
    """
    levels: dict[RateOrigin, dict[str | None, Timeline]] = {level: {} for level in RateOrigin}
    for (level, name), spans in _by_subject(rates, zone, kind).items():
        in_force = tuple(RateInForce(span.rate.schedule, span.rate.origin) for span in spans)
        starts = tuple(span.start for span in spans)
        levels[level][name] = Timeline((*starts, spans[-1].end), (*in_force, None))
    own = levels[RateOrigin.DISTRIBUTOR].get(None)
    return RateBook(levels[RateOrigin.BATCH], levels[RateOrigin.PRODUCT], own, default)


def problems_of(rates: Sequence[Rate], zone: str) -> Iterator[InvalidValue]:
    """Yield what is wrong with the rates of some terms, with the dates.

    That is: a rate for both a product and a batch, one that ends before it starts, rates of one
    subject that overlap or leave a hole between them, and rates of all the distributor sells that
    leave no instant to the default. Before its first rate and after its last, a subject has the
    rate of the next level.

    Source: rulebook R12.

    >>> list(problems_of([], "Etc/UTC"))
    []
    """
    for place, rate in enumerate(rates):
        if rate.product is not None and rate.batch is not None:
            yield InvalidValue(
                f"rates[{place}].batch",
                rate.batch,
                f"a batch or the product {rate.product!r}, not both",
            )
    for kind in CommissionKind:
        for (level, _), spans in _by_subject(rates, zone, kind).items():
            lasting = [span for span in spans if span.start < span.end]
            yield from (_empty(span) for span in spans if span.start >= span.end)
            clashes = list(_clashes(lasting))
            yield from clashes
            if level is RateOrigin.DISTRIBUTOR and lasting and not clashes:
                first, last = lasting[0], lasting[-1]
                if first.start == _EVER and last.end == _NEVER:
                    accepted = f"a date: else the default {kind.value} commission is never reached"
                    yield InvalidValue(f"rates[{last.place}].until", None, accepted)


def _empty(span: _Span) -> InvalidValue:
    accepted = f"a date after {span.rate.since}, where this rate starts"
    return InvalidValue(f"rates[{span.place}].until", span.rate.until, accepted)


def _clashes(spans: Sequence[_Span]) -> Iterator[InvalidValue]:
    if not spans:
        return
    latest = spans[0]
    for span in spans[1:]:
        field, since = f"rates[{span.place}].since", span.rate.since
        if span.start < latest.end:
            accepted = f"a date not within rates[{latest.place}], which holds {_held(latest.rate)}"
            yield InvalidValue(field, since, accepted)
        elif span.start > latest.end:
            accepted = (
                f"{latest.rate.until}, where rates[{latest.place}] ends: no rate is given between"
            )
            yield InvalidValue(field, since, accepted)
        if span.end > latest.end:
            latest = span


def _held(rate: Rate) -> str:
    if rate.until is None:
        return "at all times" if rate.since is None else f"from {rate.since} on"
    return f"until {rate.until}" if rate.since is None else f"from {rate.since} until {rate.until}"


def _by_subject(
    rates: Sequence[Rate], zone: str, kind: CommissionKind
) -> dict[tuple[RateOrigin, str | None], list[_Span]]:
    """Return the rates of one kind with their bounds, by level and name, in order of time."""
    spans: dict[tuple[RateOrigin, str | None], list[_Span]] = {}
    for place, rate in enumerate(rates):
        if rate.kind is kind:
            start = (
                _EVER
                if rate.since is None
                else second_of(utc_instant(first_instant(zone, rate.since)))
            )
            end = (
                _NEVER
                if rate.until is None
                else second_of(utc_instant(first_instant(zone, rate.until)))
            )
            origin = rate.origin
            spans.setdefault((origin.level, origin.subject), []).append(
                _Span(place, rate, start, end)
            )
    for found in spans.values():
        found.sort(key=lambda span: (span.start, span.end))
    return spans
