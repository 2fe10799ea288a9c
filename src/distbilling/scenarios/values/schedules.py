"""Commissions as files write them: a percentage, or a table of parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import attrs
from cattrs import Converter

from distbilling.errors import InvalidFields, InvalidType, InvalidValue
from distbilling.money import Money, Percent
from distbilling.rules.agreement.measure import Measure, Per, Tiering
from distbilling.rules.agreement.schedule import (
    Bounded,
    Bracket,
    Brackets,
    ByAge,
    FlatFee,
    Schedule,
    Stage,
    Sum,
)
from distbilling.rules.agreement.schedule_checks import amount_text
from distbilling.rules.agreement.terms import CommissionKind, Rate
from distbilling.scenarios.files import is_list, is_table

_STARTS = ("percent", "fee", "fee_per_item", "brackets", "ages", "rate")
_ACCEPTED = f"a table that begins with one of {', '.join(_STARTS)}"
_NOT_NEGATIVE = "an amount of zero or more"
_ADDED = 'an amount like "5.00", a table like { percent = "5" }, or a list of them'


@attrs.frozen
class Added:
    """What a file adds to a rate with ``plus``."""

    parts: tuple[Schedule, ...]


@attrs.frozen
class _Bracket:
    rate: Schedule
    up_to: Money | None = None


@attrs.frozen
class _Stage:
    rate: Schedule
    months: int | None = None


@attrs.frozen
class _Written:
    """A table: one of the first six keys is what is earned, the others change or bound it."""

    percent: Percent | None = None
    fee: Money | None = None
    fee_per_item: Money | None = None
    brackets: tuple[_Bracket, ...] | None = None
    ages: tuple[_Stage, ...] | None = None
    rate: Schedule | None = None
    tiers: Tiering | None = None
    measure: Measure | None = None
    plus: Added | None = None
    minimum: Money | None = None
    cap: Money | None = None


@attrs.frozen
class _Rate:
    kind: CommissionKind
    rate: Schedule
    product: str | None = None
    batch: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None


def schedule_of(converter: Converter, value: object, _kind: object = Schedule) -> Schedule:
    """Return the schedule that a file writes: a percentage, or a table of parts.

    A table begins with one of ``percent``, ``fee``, ``fee_per_item``, ``brackets`` (with ``tiers``
    and ``measure``), ``ages`` and ``rate`` (another table); ``plus`` adds to it, ``minimum`` and
    ``cap`` bound all of it. The last bracket has no ``up_to``, the last age no ``months``.

    Source: rulebook R13, R14.

    Raises:
        InvalidType, InvalidValue: it is neither, or begins with none of them or with several.
        InvalidFields, BaseValidationError: a part of the table is wrong.

    >>> from distbilling.money import Currency
    >>> from distbilling.scenarios.values.converter import converter_in
    >>> written = {"percent": "5", "plus": "5.00", "cap": "50.00"}
    >>> print(schedule_of(converter_in(Currency("USD")), written).format())
    (5% plus $5.00), at most $50.00
    """
    if not is_table(value):
        return converter.structure(value, Percent)
    written = converter.structure(value, _Written)
    schedule = _beginning(converter, written, value)
    if written.plus is not None:
        schedule = Sum((schedule, *written.plus.parts))
    if written.minimum is None and written.cap is None:
        return schedule
    try:
        return Bounded(schedule, written.minimum, written.cap)
    except InvalidValue as failure:
        raise InvalidFields((failure,)) from None


def added_of(converter: Converter, value: object, _kind: object = Added) -> Added:
    """Return what ``plus`` adds: text is an amount here, not a percentage.

    Source: rulebook R14.

    Raises:
        InvalidType: it is neither an amount, nor a table, nor a list of them.
        InvalidFields, BaseValidationError: a part of it is wrong.

    >>> from distbilling.money import Currency
    >>> from distbilling.scenarios.values.converter import converter_in
    >>> added_of(converter_in(Currency("USD")), "5.00").parts
    (FlatFee(amount=Money('5.00', 'USD'), per=Per.OPERATION),)
    """
    if is_list(value):
        several = converter.structure(value, tuple[Added, ...])
        return Added(tuple(part for added in several for part in added.parts))
    if is_table(value):
        return Added((converter.structure(value, Schedule),))  # type: ignore[arg-type]
    if type(value) is not str:
        raise InvalidType("plus", value, _ADDED)
    fee = converter.structure(value, Money)
    if fee.is_negative:
        raise InvalidValue("plus", fee, _NOT_NEGATIVE)
    return Added((FlatFee(fee),))


def rate_of(converter: Converter, value: object, _kind: object = Rate) -> Rate:
    """Return a rate of some terms: its ``kind``, for what, since and until when, and ``rate``.

    Source: rulebook R11, R12.

    Raises:
        InvalidFields, BaseValidationError: a part of the table is wrong.

    >>> from distbilling.scenarios.values.converter import converter_in
    >>> rate_of(converter_in(None), {"kind": "sale", "product": "Gold", "rate": "20"}).schedule
    Percent('20')
    """
    written = converter.structure(value, _Rate)
    try:
        return Rate(
            written.kind, written.rate, written.product, written.batch, written.since, written.until
        )
    except InvalidValue as failure:
        raise InvalidFields((failure,)) from None


def _beginning(converter: Converter, written: _Written, value: dict[str, object]) -> Schedule:
    if len(value.keys() & set(_STARTS)) != 1:
        raise InvalidValue("rate", value, _ACCEPTED)
    if written.brackets is not None:
        return _brackets(written, written.brackets, converter.structure("0", Money))
    _refuse(
        InvalidValue(key, value[key], "it beside brackets")
        for key in ("tiers", "measure")
        if key in value
    )
    if written.ages is not None:
        return _by_age(written.ages)
    if written.fee is not None:
        return _fee(written.fee, "fee", Per.OPERATION)
    if written.fee_per_item is not None:
        return _fee(written.fee_per_item, "fee_per_item", Per.ITEM)
    return cast(Schedule, written.rate if written.percent is None else written.percent)


def _fee(amount: Money, key: str, per: Per) -> FlatFee:
    if amount.is_negative:
        _refuse([InvalidValue(key, amount, _NOT_NEGATIVE)])
    return FlatFee(amount, per)


def _brackets(written: _Written, brackets: Sequence[_Bracket], zero: Money) -> Brackets:
    """Return brackets, each from where the one before ends; errors name the keys of the file."""
    tiers = written.tiers or Tiering.MARGINAL
    _refuse(_wrong_brackets(brackets, tiers, zero))
    lowers = [zero, *(bracket.up_to for bracket in brackets if bracket.up_to is not None)]
    made = (
        Bracket(lower, each.up_to, each.rate) for lower, each in zip(lowers, brackets, strict=True)
    )
    return Brackets(tuple(made), tiers, written.measure or Measure.PERIOD_VOLUME)


def _wrong_brackets(
    brackets: Sequence[_Bracket], tiers: Tiering, zero: Money
) -> Iterator[InvalidValue]:
    if not brackets:
        yield InvalidValue("brackets", [], "at least one bracket")
    lower, last = zero, len(brackets) - 1

    for place, bracket in enumerate(brackets):
        rate, up_to = f"brackets[{place}].rate", f"brackets[{place}].up_to"
        if tiers is Tiering.MARGINAL and not isinstance(bracket.rate, Percent):
            yield InvalidValue(
                rate, None, 'a percentage like "15": under marginal tiers, each slice has one'
            )
        if bracket.up_to is None:
            if place < last:
                yield InvalidValue(up_to, None, "an amount: another bracket follows")
            continue
        if place == last:
            yield InvalidValue(up_to, bracket.up_to, "no such key: the last bracket has no end")
        if bracket.up_to <= lower:
            yield InvalidValue(
                up_to,
                bracket.up_to,
                f"an amount above {amount_text(lower)}, where the bracket starts",
            )
        lower = bracket.up_to


def _by_age(ages: Sequence[_Stage]) -> ByAge:
    _refuse(_wrong_ages(ages))
    return ByAge(tuple(Stage(stage.months, stage.rate) for stage in ages))


def _wrong_ages(ages: Sequence[_Stage]) -> Iterator[InvalidValue]:
    if not ages:
        yield InvalidValue("ages", [], "at least one age")
    last = len(ages) - 1
    for place, stage in enumerate(ages):
        months = f"ages[{place}].months"
        if stage.months is None:
            if place < last:
                yield InvalidValue(months, None, "a number of months: another age follows")
        elif place == last:
            yield InvalidValue(months, stage.months, "no such key: the last age has no end")
        elif stage.months < 1:
            yield InvalidValue(months, stage.months, "a number of months above zero")


def _refuse(problems: Iterable[InvalidValue]) -> None:
    """Raise what is wrong with the keys of a table, as several fields, so that each is named."""
    wrong = tuple(problems)
    if wrong:
        raise InvalidFields(wrong)
