"""Errors in the words of the file, never as Python writes a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from distbilling.errors import InvalidType, InvalidValue
from distbilling.money import Money
from distbilling.money.exact import plain
from distbilling.rules.fields import Withheld
from distbilling.scenarios.files import is_list, is_table

_SHOWN_CHARACTERS = 60
_SHOWN_DEPTH = 3
_KINDS: Mapping[type, str] = {
    str: "text",
    int: "number",
    float: "float",
    dict: "table",
    list: "list",
}
"""What a value of a file is called beside it; the other kinds show what they are."""


def words_of(failure: Exception) -> str:
    """Return what an error says, without the field: the place in the file stands for that.

    >>> words_of(InvalidValue("amount", Money("10.005", "USD"), "whole minor units of USD"))
    '10.005 USD is not accepted; give whole minor units of USD'
    """
    if not isinstance(failure, InvalidType | InvalidValue):
        return str(failure)
    said = _said(failure.value)
    kind = _kind(failure.value) if isinstance(failure, InvalidType) else ""
    value = f"{_cut(said)} " if said else ""
    return f"{value}{f'({kind}) ' if kind else ''}is not accepted; give {failure.accepted}"


def withheld(failure: InvalidType | InvalidValue) -> InvalidType | InvalidValue:
    """Return the error without the value, which may be personal.

    Source: rulebook R50.

    >>> words_of(withheld(InvalidValue("name", "Anna Brown ", "no blank at either end")))
    'a text of 11 characters is not accepted; give no blank at either end'
    """
    value = failure.value
    if isinstance(value, Withheld):
        return failure
    said = (
        f"a text of {len(value)} characters"
        if type(value) is str
        else f"a {_kind(value) or 'value'}"
    )
    return type(failure)(failure.field, Withheld(said), failure.accepted)


def shown(key: str) -> str:
    """Return what a file says in quotes, cut where it is long.

    >>> shown("a payment")
    "'a payment'"
    """
    return _cut(repr(key))


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "")


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1]}…"


def _said(value: object, depth: int = 0) -> str:
    """Return a value as a file would write it; nothing for what no file could."""
    if isinstance(value, Money):
        return f"{plain(value.amount, value.currency.digits or 0)} {value.currency.code}"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if type(value) is bool:
        return "true" if value else "false"
    if is_table(value):
        items = (f"{shown(key)} = {_said(item, depth + 1)}" for key, item in value.items())
        return f"{{{', '.join(items)}}}" if depth < _SHOWN_DEPTH else "{…}"
    if is_list(value):
        return (
            f"[{', '.join(_said(item, depth + 1) for item in value)}]"
            if depth < _SHOWN_DEPTH
            else "[…]"
        )
    if isinstance(value, str | float | Withheld):
        return repr(value)
    return _digits(value) if type(value) is int else ""


def _digits(number: int) -> str:
    try:
        return str(number)
    except ValueError:  # Python writes no number of thousands of digits
        return "a number of very many digits"
