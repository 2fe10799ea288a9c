"""The reader of values: one strict reading for each kind."""

from __future__ import annotations

import datetime as dt
import enum
import functools
from collections.abc import Callable
from typing import Any, cast, get_args, get_origin

import attrs
from cattrs import Converter, cols
from cattrs.gen import make_dict_structure_fn, override
from pendulum import DateTime

from distbilling.errors import InvalidType, InvalidValue
from distbilling.money import Currency, Money, Percent
from distbilling.periods import Cycle
from distbilling.rules.agreement.schedule import Schedule
from distbilling.rules.agreement.terms import Rate
from distbilling.rules.commands.customers.add_account import ByFullForm, ByQuickForm
from distbilling.rules.credit.increase import IncreaseCaps
from distbilling.rules.credit.limits import CreditLimit, Threshold, Unlimited
from distbilling.rules.parties import Actor, Administrator, CustomerClass, DistributorStaff
from distbilling.scenarios.files import is_list, is_table
from distbilling.scenarios.values.cycles import cycle_of
from distbilling.scenarios.values.durations import duration
from distbilling.scenarios.values.error_text import withheld
from distbilling.scenarios.values.instants import instant
from distbilling.scenarios.values.limits import (
    funds_of,
    limit_of,
    share_of,
    threshold_of,
    written_number,
)
from distbilling.scenarios.values.quick_forms import FormFields, form_fields_of
from distbilling.scenarios.values.schedules import Added, added_of, rate_of, schedule_of
from distbilling.scenarios.values.spelling import choice


@functools.lru_cache(maxsize=64)
def converter_in(currency: Currency | None) -> Converter:
    """Return what reads values out of a file, amounts in this currency; None if it is unknown.

    >>> converter_in(Currency("USD")).structure("10.00", Money)
    Money('10.00', 'USD')
    """
    converter = Converter(detailed_validation=True)
    converter.register_structure_hook_factory(attrs.has, _of_tables)
    converter.register_structure_hook_factory(_is_series, _of_series)
    converter.register_structure_hook_factory(_is_mapping, _of_mappings)
    converter.register_structure_hook_func(_is_enumeration, choice)

    def amount(value: object, _kind: object = Money) -> Money:
        number = written_number(value)
        if currency is None:
            raise InvalidValue(
                "amount",
                value,
                'its currency beside it, like currency = "USD": nothing else tells it',
            )
        return Money(number, currency)

    _register(converter, Money, amount)
    _register(converter, CreditLimit, functools.partial(limit_of, amount))
    _register(converter, Threshold, functools.partial(threshold_of, amount))
    for kind in (Money | Percent, Money | Percent | None):
        _register(converter, kind, functools.partial(share_of, amount))
    _register(converter, Money | Unlimited | None, functools.partial(funds_of, amount))
    for kind in (Schedule, Schedule | None):
        _register(converter, kind, functools.partial(schedule_of, converter))
    _register(converter, Added, functools.partial(added_of, converter))
    _register(converter, Rate, functools.partial(rate_of, converter))
    for kind, reading in _READINGS.items():
        _register(converter, kind, reading)
    _register(converter, Actor, functools.partial(_actor, converter))
    _register(converter, Cycle, functools.partial(cycle_of, converter))
    _register(converter, FormFields, functools.partial(form_fields_of, converter))
    _register(converter, ByQuickForm | ByFullForm, functools.partial(_form_of, converter))
    return converter


def _text(value: object, _kind: object = str) -> str:
    if type(value) is not str:
        raise InvalidType("text", value, "text in quotes")
    return value


def _yes_or_no(value: object, _kind: object) -> bool:
    if type(value) is not bool:
        raise InvalidType("answer", value, "true or false")
    return value


def _whole(value: object, _kind: object) -> int:
    if type(value) is not int:
        raise InvalidType("number", value, "a whole number, without quotes")
    return value


def _percent(value: object, _kind: object) -> Percent:
    return Percent(written_number(value))


def _currency(value: object, _kind: object) -> Currency:
    return Currency(_text(value))


def _day(value: object, _kind: object) -> dt.date:
    if type(value) is not dt.date:
        raise InvalidType("day", value, "a date without quotes, like 2026-03-01")
    return value


@attrs.frozen
class _Administrator:
    administrator: str
    increase_caps: IncreaseCaps | None = None


def _actor(converter: Converter, value: object, _kind: object) -> Actor:
    if is_table(value) and {"administrator"} <= value.keys() <= {"administrator", "increase_caps"}:
        written = converter.structure(value, _Administrator)
        return Administrator(written.administrator, written.increase_caps)
    if is_table(value) and value.keys() == {"distributor"}:
        return DistributorStaff(_text(value["distributor"]))
    raise InvalidType("by", value, 'who acts: { administrator = "…" } or { distributor = "…" }')


def _customer_class(value: object, _kind: object) -> CustomerClass:
    if is_table(value) and value.keys() == {"name", "currency"}:
        return CustomerClass(_text(value["name"]), Currency(_text(value["currency"])))
    if type(value) is str:
        return CustomerClass(value)
    raise InvalidType(
        "customer_class", value, 'a name, or a table like { name = "…", currency = "USD" }'
    )


def _typed(value: object, _kind: object) -> tuple[tuple[str, str], ...]:
    if not is_table(value):
        raise InvalidType(
            "fields", value, 'what is typed, by field, like { number = "+1 212 555 0100" }'
        )
    return tuple((name, _text(typed)) for name, typed in value.items())


def _form_of(
    converter: Converter, value: dict[str, object], _kind: object
) -> ByQuickForm | ByFullForm:
    if "full_form" not in value:
        return converter.structure(value, ByQuickForm)
    if len(value) > 1:
        raise InvalidValue(
            "full_form", sorted(value), "either the full form, or a quick form and its fields"
        )
    return converter.structure(value["full_form"], ByFullForm)


_READINGS: dict[Any, Callable[[Any, Any], object]] = {
    str: _text,
    bool: _yes_or_no,
    int: _whole,
    Percent: _percent,
    Currency: _currency,
    DateTime: instant,
    dt.timedelta: duration,
    dt.date: _day,
    CustomerClass: _customer_class,
    tuple[tuple[str, str], ...]: _typed,
}


_PRIMITIVES = (
    str,
    bool,
    int,
)  # cattrs finds its own readings of these before any function is asked


def _register(
    converter: Converter,
    kind: Any,  # noqa: ANN401 - a union is no type
    reading: Callable[[Any, Any], object],
) -> None:
    if kind in _PRIMITIVES:
        converter.register_structure_hook(kind, reading)
    else:
        converter.register_structure_hook_func(lambda asked: asked == kind, reading)


def _is_enumeration(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, enum.Enum)


def _is_series(kind: object) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,)


def _of_series(kind: type[Any], converter: Converter) -> Callable[[Any, Any], Any]:
    items: Callable[[Any, Any], Any] = cols.homogenous_tuple_structure_factory(kind, converter)

    def read(value: object, asked: object) -> object:
        if not is_list(value):
            raise InvalidType("list", value, "a list in square brackets")
        return items(value, asked)

    return read


def _is_mapping(kind: object) -> bool:
    return get_origin(kind) is dict


def _of_mappings(kind: type[Any], converter: Converter) -> Callable[[Any, Any], Any]:
    factory = cast(Callable[..., Any], getattr(cols, "mapping_structure_factory"))  # noqa: B009
    items = factory(kind, converter)

    def read(value: object, asked: object) -> object:
        if not is_table(value):
            raise InvalidType("table", value, "a table in braces, like { … }")
        return items(value, asked)

    return read


def _of_tables(kind: type[Any], converter: Converter) -> Callable[[Any, Any], Any]:
    attrs.resolve_types(kind)
    checked: dict[str, Any] = {
        field.name: override(struct_hook=_checked(field, converter))
        for field in attrs.fields(kind)
        if field.init
    }
    table: Callable[[Any, Any], Any] = make_dict_structure_fn(
        kind, converter, _cattrs_forbid_extra_keys=True, **checked
    )

    def read(value: object, asked: object) -> object:
        if not is_table(value):
            raise InvalidType("table", value, "a table in braces, like { … }")
        return table(value, asked)

    return read


def _checked(
    field: attrs.Attribute[Any], converter: Converter
) -> Callable[[object, object], object]:
    """Check each attribute as it is read: the class would only name the first that is wrong.

    What our classes leave out of their repr may be personal: an error does not show it.
    """
    structure = converter.get_structure_hook(field.type)
    converted: Callable[[Any], object] | None = getattr(field, "converter")  # noqa: B009

    def read(value: object, kind: object) -> object:
        result: object = structure(value, kind)
        if converted is not None:
            result = converted(result)
        if field.validator is not None:
            # There is no instance yet; each validator of ours looks at its field alone.
            field.validator(None, field, result)
        return result

    def read_unseen(value: object, kind: object) -> object:
        try:
            return read(value, kind)
        except (InvalidType, InvalidValue) as failure:
            raise withheld(failure) from None

    return read if field.repr else read_unseen
