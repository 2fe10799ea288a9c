"""Instants as files write them: a date and time with its offset."""

from __future__ import annotations

import datetime as dt
import re

from pendulum import DateTime

from distbilling.errors import InvalidType, InvalidValue
from distbilling.rules import fields

_ACCEPTED = "a date and time with its offset, like 2026-03-01T09:00:00-05:00"
_WRITTEN = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII
).fullmatch


def instant(value: object, _kind: object = DateTime) -> DateTime:
    """Read an instant: TOML's date and time with its offset, or the same as ISO 8601 text.

    Source: rulebook R49.

    Raises:
        InvalidType: it is neither.
        InvalidValue: it has no offset, or there is no such date and time.

    >>> instant("2026-03-01T09:00:00-05:00").isoformat()
    '2026-03-01T14:00:00+00:00'
    """
    if type(value) is str:
        return fields.at(_parsed(value))
    if not isinstance(value, dt.datetime):
        raise InvalidType("at", value, _ACCEPTED)
    if value.tzinfo is None:
        raise InvalidValue("at", value.isoformat(), _ACCEPTED)
    return fields.at(value)


def _parsed(text: str) -> dt.datetime:
    if _WRITTEN(text):
        try:
            return dt.datetime.fromisoformat(text)
        except ValueError:
            pass
    raise InvalidValue("at", text, _ACCEPTED)
