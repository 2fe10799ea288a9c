"""Rates by batch, by product and for all that a distributor sells, each with its dates."""

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
from distbilling.rules.agreement.policies import TermsLayer
from distbilling.rules.agreement.schedule import Schedule, a_schedule

__all__ = ["ANYTHING", "CommissionKind", "Rate", "RateInForce", "Subject"]

_optional_name: Final = attrs.validators.optional(fields.name)


class CommissionKind(Choice):
    """What a commission is earned for.

    Source: rulebook R7, R8.

    >>> CommissionKind.PAYMENT.value
    'payment'
    """

    SALE = "sale"
    """The sale of an account."""

    PAYMENT = "payment"
    """A payment that was collected."""


@attrs.frozen
class Subject(fields.Checked):
    """What was sold or paid for: its product, and the batch (the lot of accounts) it is from.

    Source: rulebook R11.

    >>> Subject(product="SIP line").batch is None
    True
    """

    product: str | None = attrs.field(default=None, validator=_optional_name)
    batch: str | None = attrs.field(default=None, validator=_optional_name)


ANYTHING: Final = Subject()
"""What belongs to no product and no batch in particular."""


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
    >>> Rate(CommissionKind.SALE, Percent("20"), product="Gold", since=dt.date(2026, 3, 1)).is_dated
    True
    """

    kind: CommissionKind = attrs.field(validator=fields.one_of(CommissionKind))
    schedule: Schedule = attrs.field(validator=a_schedule)
    product: str | None = attrs.field(default=None, validator=_optional_name)
    batch: str | None = attrs.field(default=None, validator=_optional_name)
    since: dt.date | None = attrs.field(default=None, converter=_since)
    until: dt.date | None = attrs.field(default=None, converter=_until)

    @property
    def origin(self) -> Origin:
        """Where the rate comes from, once it is in force, if the distributor agreed on it."""
        level, name = self.level_and_name
        return Origin(level, name, self.since, self.until)

    @property
    def level_and_name(self) -> tuple[RateOrigin, str | None]:
        """The level of the rate, and the product or batch that it is for."""
        if self.batch is not None:
            return RateOrigin.BATCH, self.batch
        if self.product is not None:
            return RateOrigin.PRODUCT, self.product
        return RateOrigin.DISTRIBUTOR, None

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
_ANY: Final = "Etc/UTC"
"""The zone of dates that are refused for having none, while the other problems are looked for."""


@attrs.frozen
class Timeline:
    """The rates of one subject, one after the other: each from its second on.

    Seconds are those of :func:`second_of`. After the last rate, None is in force: the next level
    counts.
    """

    starts: tuple[int, ...]
    rates: tuple[RateInForce | None, ...]

    def at(self, second: int) -> RateInForce | None:
        """Return the rate in force at an instant; None before the first and after the last."""
        place = bisect_right(self.starts, second)
        return self.rates[place - 1] if place else None


@attrs.frozen
class RateBook:
    """The rates of one kind of commission, from the nearest level to the default."""

    batches: Mapping[str | None, Timeline]
    products: Mapping[str | None, Timeline]
    own: Timeline | None
    default: RateInForce

    def at(self, subject: Subject, instant: dt.datetime) -> RateInForce:
        """Return the rate in force for a subject at an instant in UTC."""
        by_batch, by_product = self.batches.get(subject.batch), self.products.get(subject.product)
        for timeline in (by_batch, by_product, self.own):
            if timeline is not None and (rate := timeline.at(second_of(instant))) is not None:
                return rate
        return self.default


@attrs.frozen
class _Span:
    """A rate with its place in the terms, and the seconds from which and until which it holds."""

    place: int
    rate: Rate
    start: int
    end: int


def second_of(instant: dt.datetime) -> int:
    """Return the whole second of an instant in UTC, counted from the year 1 by days of 86,400.

    >>> second_of(dt.datetime(1, 1, 1, 0, 0, 1, tzinfo=dt.UTC))
    86401
    """
    return (
        instant.toordinal() * 86_400 + instant.hour * 3_600 + instant.minute * 60 + instant.second
    )


def rate_book(
    rates: Sequence[Rate],
    zone: str | None,
    kind: CommissionKind,
    default: RateInForce,
    layer: TermsLayer,
) -> RateBook:
    """Return the rates of one kind in order of time, by what they are for.

    Args:
        rates: rates that neither overlap nor leave holes; of both kinds.
        zone: the zone of their dates.
        kind: which of them.
        default: the rate where none of them is in force.
        layer: who agreed on the rates.

    Source: rulebook R11, R12.

    >>> from distbilling.money import Percent
    >>> default = RateInForce(Percent("15"), Origin(RateOrigin.DEFAULT_SALES_COMMISSION))
    >>> rate_book([], None, CommissionKind.SALE, default, TermsLayer.DISTRIBUTOR).own is None
    True
    """
    levels: dict[RateOrigin, dict[str | None, Timeline]] = {level: {} for level in RateOrigin}
    for (level, name), spans in _by_subject(rates, zone, kind).items():
        in_force = (
            RateInForce(span.rate.schedule, attrs.evolve(span.rate.origin, layer=layer))
            for span in spans
        )
        starts = (span.start for span in spans)
        levels[level][name] = Timeline((*starts, spans[-1].end), (*in_force, None))

    own = levels[RateOrigin.DISTRIBUTOR].get(None)
    return RateBook(levels[RateOrigin.BATCH], levels[RateOrigin.PRODUCT], own, default)


def problems_of(rates: Sequence[Rate], zone: str | None) -> Iterator[InvalidValue]:
    """Yield what is wrong with rates whose dates are in a zone.

    That is: dates without a zone, a rate for both a product and a batch, one that ends before it
    starts, rates of one subject that overlap or leave a hole between them, and rates of all the
    distributor sells that leave no instant to the default.

    Source: rulebook R12.

    >>> list(problems_of([], "Etc/UTC"))
    []
    """
    if zone is None and any(rate.is_dated for rate in rates):
        yield InvalidValue("zone", None, "an IANA time zone: rates have dates")
    for place, rate in enumerate(rates):
        if rate.product is not None and rate.batch is not None:
            accepted = f"a batch or the product {rate.product!r}, not both"
            yield InvalidValue(f"rates[{place}].batch", rate.batch, accepted)

    for kind in CommissionKind:
        for (level, _), spans in _by_subject(rates, zone, kind).items():
            lasting = [span for span in spans if span.start < span.end]
            yield from (_empty(span) for span in spans if span.start >= span.end)
            clashes = list(_clashes(lasting))
            yield from clashes
            if level is RateOrigin.DISTRIBUTOR and lasting and not clashes:
                yield from _without_default(lasting, kind)


def _without_default(spans: Sequence[_Span], kind: CommissionKind) -> Iterator[InvalidValue]:
    if spans[0].start == _EVER and spans[-1].end == _NEVER:
        accepted = f"a date: else the default {kind.value} commission is never reached"
        yield InvalidValue(f"rates[{spans[-1].place}].until", None, accepted)


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
    rates: Sequence[Rate], zone: str | None, kind: CommissionKind
) -> dict[tuple[RateOrigin, str | None], list[_Span]]:
    """Return the rates of one kind with their bounds, by level and name, in order of time."""
    spans: dict[tuple[RateOrigin, str | None], list[_Span]] = {}
    for place, rate in enumerate(rates):
        if rate.kind is kind:
            start, end = _second(rate.since, zone, _EVER), _second(rate.until, zone, _NEVER)
            spans.setdefault(rate.level_and_name, []).append(_Span(place, rate, start, end))

    for of_subject in spans.values():
        of_subject.sort(key=lambda span: (span.start, span.end))
    return spans


def _second(day: dt.date | None, zone: str | None, without: int) -> int:
    """Return the first second of a local day, or another number where there is no day."""
    return without if day is None else second_of(utc_instant(first_instant(zone or _ANY, day)))
