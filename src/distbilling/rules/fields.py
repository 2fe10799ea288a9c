"""What a field may hold: keys, identifiers, names and instants, checked where a value is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, ParamSpec, TypeVar, cast

import attr
import attrs
from pendulum import DateTime

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.money import Currency, Money, RoundingMethod
from distbilling.periods import utc_instant

IDENTIFIER_CHARACTERS = 64
KEY_CHARACTERS = 128
NAME_CHARACTERS = 200
COMMENT_CHARACTERS = 500
MOST_CASH = Decimal(10**13)
"""In whole units of a currency.

At five decimals it fits the integers of every database, and leaves room for sums.
"""

_P = ParamSpec("_P")
_T = TypeVar("_T")
_attrs_validates: Final = attr.get_run_validators


class Checked:
    """A value that is checked when it is made, even where attrs' validators are switched off.

    ``attrs.validators.set_disabled()`` holds for the whole process; what a host does to its own
    classes must not let a negative payment in here.
    """

    __slots__ = ()

    def __attrs_post_init__(self) -> None:
        """Run the validators that attrs has not run; classes with own checks call this first."""
        if not _attrs_validates():
            kind: Any = type(self)
            for field in attrs.fields(kind):
                if field.validator is not None:
                    field.validator(self, field, getattr(self, field.name))


def unchecked(kind: Callable[_P, _T]) -> Callable[_P, _T]:
    """Return what makes values of a frozen class without its checks, three times as fast.

    It takes what the class takes, and keeps it as it is: no converter and no validator runs. It is
    for values that were checked or computed already, and are made with every command.

    >>> make = unchecked(Withheld)
    >>> make("a text")
    a text
    """
    described: Any = kind
    scope: dict[str, Any] = {"new": object.__new__, "kind": kind}
    parameters: list[str] = []
    lines: list[str] = []

    # Written out field by field, as attrs writes __init__: a loop takes twice as long.
    for field in attrs.fields(described):
        scope[f"set_{field.name}"] = getattr(kind, field.name).__set__
        scope[f"default_{field.name}"] = field.default
        required = field.default is attrs.NOTHING
        parameters.append(field.name if required else f"{field.name}=default_{field.name}")
        lines.append(f" set_{field.name}(value, {field.name})\n")

    head = f"def make({', '.join(parameters)}):\n value = new(kind)\n"
    exec(f"{head}{''.join(lines)} return value", scope)  # noqa: S102 - of our own fields' names
    make: Callable[_P, _T] = scope["make"]
    return make


def one_of(*types: type) -> Callable[[object, attrs.Attribute[Any], object], None]:
    """Accept instances of these types alone."""

    def check(_instance: object, field: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, types):
            check_type(field.name, value, *types)

    return check


def tuple_of(*types: type) -> Callable[[object, attrs.Attribute[Any], tuple[object, ...]], None]:
    """Accept tuples whose every item is an instance of one of the types."""

    def check(_instance: object, field: attrs.Attribute[Any], value: tuple[object, ...]) -> None:
        check_type(field.name, value, tuple)
        for item in value:
            if not isinstance(item, types):
                check_type(field.name, item, *types)

    return check


def check_type(field: str, value: object, *types: type) -> None:
    """Refuse a value that is an instance of none of the types.

    Source: rulebook R49.

    >>> check_type("limit", 1000, Money)
    Traceback (most recent call last):
    distbilling.errors.InvalidType: limit: 1000 (int) is not accepted; give a Money
    """
    if not isinstance(value, types):
        names = ("None" if kind is type(None) else f"a {kind.__name__}" for kind in types)
        raise InvalidType(field, value, " or ".join(names))


def check_whole(field: str, value: object, least: int, most: int | None = None) -> None:
    """Refuse what is no whole number from the least to the most, both included; None is no end.

    Source: rulebook R49.

    >>> check_whole("days", 31, 0, 30)
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: days: 31 is not accepted; give a whole number from 0 to 30
    """
    accepted = f"a whole number of {least} or more"
    if most is not None:
        accepted = f"a whole number from {least} to {most:,}"
    if type(value) is not int:
        raise InvalidType(field, value, accepted)
    if value < least or (most is not None and value > most):
        raise InvalidValue(field, value, accepted)


def amounts_in(value: object) -> Iterator[Money]:
    """Yield every amount that a value holds, in the order of its items and fields.

    Source: rulebook R3.

    >>> [*amounts_in((Money("5", "USD"), None, (Money("3", "USD"),)))]
    [Money('5.00', 'USD'), Money('3.00', 'USD')]
    """
    if isinstance(value, Money):
        yield value
    elif isinstance(value, tuple):
        for item in cast("tuple[object, ...]", value):
            yield from amounts_in(item)
    else:
        kind: Any = type(value)
        for name in _compared_fields(kind):
            yield from amounts_in(getattr(value, name))


@cache
def _compared_fields(kind: type[Any]) -> tuple[str, ...]:
    """Return the fields of a class that count for equality: not those computed from others."""
    return tuple(field.name for field in attrs.fields(kind) if field.eq) if attrs.has(kind) else ()


def check_one_currency(value: object) -> None:
    """Refuse a value that holds amounts in different currencies.

    Source: rulebook R3.

    >>> check_one_currency((Money("1", "USD"), Money("2", "EUR")))
    Traceback (most recent call last):
    distbilling.errors.CurrencyMismatch: USD and EUR do not mix; convert one of them first
    """
    first = None
    for amount in amounts_in(value):
        if first is None:
            first = amount.currency
        elif amount.currency is not first:
            raise CurrencyMismatch(first.code, amount.currency.code)


def identifier(_instance: object, field: attrs.Attribute[Any], value: object) -> None:
    """Accept 1 to 64 printable characters: the host's own key of a party or form."""
    check_text(field.name, value, IDENTIFIER_CHARACTERS)


def key(_instance: object, field: attrs.Attribute[Any], value: object) -> None:
    """Accept 1 to 128 printable characters: what makes a repeated command recognisable."""
    check_text(field.name, value, KEY_CHARACTERS)


def name(_instance: object, field: attrs.Attribute[Any], value: object) -> None:
    """Accept 1 to 200 printable characters."""
    check_text(field.name, value, NAME_CHARACTERS)


def person(_instance: object, field: attrs.Attribute[Any], value: object) -> None:
    """Accept 1 to 200 printable characters; they may be personal: an error does not show them."""
    check_text(field.name, value, NAME_CHARACTERS, personal=True)


def comment(_instance: object, field: attrs.Attribute[Any], value: object) -> None:
    """Accept no text, or up to 500 printable characters; an error does not show them."""
    if type(value) is not str or value:
        check_text(field.name, value, COMMENT_CHARACTERS, personal=True)


def check_text(field: str, value: object, most: int, *, personal: bool = False) -> None:
    r"""Refuse text that stores and terminals treat differently.

    That is: control characters, lone surrogates, blanks at the ends, over-long text.

    Source: rulebook R49, R50.

    >>> check_text("name", "Hudson Phones", 200)
    >>> check_text("name", "a\tb", 200)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: name: 'a\tb' is not accepted; give 1 to 200 printable ...
    """
    if type(value) is str and is_text(value, most):
        return
    accepted = f"1 to {most} printable characters, no blank at either end"
    if type(value) is not str:
        raise InvalidType(
            field, Withheld(f"a {type(value).__name__}") if personal else value, accepted
        )
    raise InvalidValue(
        field, Withheld(f"a text of {len(value)} characters") if personal else value, accepted
    )


def is_text(value: str, most: int) -> bool:
    """Tell whether a text is of 1 to so many printable characters, without a blank at either end.

    >>> is_text("Hudson Phones", 200), is_text(" ", 200)
    (True, False)
    """
    return 0 < len(value) <= most and value.isprintable() and value[0] != " " and value[-1] != " "


def not_negative(_instance: object, field: attrs.Attribute[Any], value: Money) -> None:
    """Accept amounts of zero or more."""
    if value.is_negative:
        raise InvalidValue(field.name, value, "an amount of zero or more")


def optional_not_negative(
    _instance: object, field: attrs.Attribute[Any], value: Money | None
) -> None:
    """Accept None, and amounts of zero or more."""
    if value is not None:
        check_type(field.name, value, Money)
        not_negative(_instance, field, value)


def optional_cash(_instance: object, field: attrs.Attribute[Any], value: Money | None) -> None:
    """Accept None, and amounts above zero that can change hands."""
    if value is not None:
        check_type(field.name, value, Money)
        positive(_instance, field, value)
        cash(_instance, field, value)


def counted(_instance: object, field: attrs.Attribute[Any], value: int) -> None:
    """Accept whole numbers from one on."""
    if type(value) is not int:
        raise InvalidType(field.name, value, "a whole number from 1 on")
    if value < 1:
        raise InvalidValue(field.name, value, "a whole number from 1 on")


def positive(_instance: object, field: attrs.Attribute[Any], value: Money) -> None:
    """Accept amounts above zero."""
    if not value.is_positive:
        raise InvalidValue(field.name, value, "an amount above zero")


def cash(_instance: object, field: attrs.Attribute[Any], value: Money) -> None:
    """Accept amounts that can change hands: whole minor units that every store can hold."""
    spendable(_instance, field, value.currency)
    if not is_cash(value):
        raise InvalidValue(field.name, value, f"whole minor units of {value.currency.code}")
    if value.amount.copy_abs() > MOST_CASH:
        raise InvalidValue(
            field.name, value, f"an amount of at most {MOST_CASH:,} {value.currency.code}"
        )


def spendable(_instance: object, field: attrs.Attribute[Any], value: Currency) -> None:
    """Accept currencies with a minor unit: those that people pay in."""
    if value.digits is None:
        raise InvalidValue(
            field.name, value.code, "a currency that people pay in, with a minor unit"
        )


def is_cash(amount: Money) -> bool:
    """Tell whether the amount can change hands: it is a whole number of its currency's minor units.

    >>> is_cash(Money("10.00", "USD")), is_cash(Money("10.005", "USD"))
    (True, False)
    """
    return amount == amount.rounded(RoundingMethod.DOWN)


def at(value: datetime) -> DateTime:
    """Turn the aware datetime of a field ``at`` into the same instant in UTC."""
    return utc_instant(value, "at")


def since(value: datetime) -> DateTime:
    """Turn the aware datetime of a field ``since`` into the same instant in UTC."""
    return utc_instant(value, "since")


def until(value: datetime) -> DateTime:
    """Turn the aware datetime of a field ``until`` into the same instant in UTC."""
    return utc_instant(value, "until")


def created(value: datetime) -> DateTime:
    """Turn the aware datetime of a field ``created`` into the same instant in UTC."""
    return utc_instant(value, "created")


@attrs.frozen
class Withheld:
    """Stands in an error for what may be personal.

    Source: rulebook R50.

    >>> Withheld("a text of 12 characters")
    a text of 12 characters
    """

    description: str

    def __repr__(self) -> str:
        return self.description
