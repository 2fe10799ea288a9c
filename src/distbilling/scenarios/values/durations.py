"""Lengths of time as files write them: whole minutes, hours or days."""

from __future__ import annotations

import datetime as dt
import re

from distbilling.errors import InvalidType, InvalidValue

_ACCEPTED = 'a length of time like "36 hours", "7 days" or "90 minutes"'
_WRITTEN = re.compile(r"([0-9]{1,6}) (minute|hour|day)s?", re.ASCII).fullmatch


def duration(value: object, _kind: object = dt.timedelta) -> dt.timedelta:
    """Read a length of time; a day is 24 hours.

    Source: rulebook R49.

    Raises:
        InvalidType: it is no text.
        InvalidValue: it is not a whole number of minutes, hours or days.

    >>> duration("36 hours")
    datetime.timedelta(days=1, seconds=43200)
    """
    if type(value) is not str:
        raise InvalidType("duration", value, _ACCEPTED)
    written = _WRITTEN(value)
    if written is None:
        raise InvalidValue("duration", value, _ACCEPTED)
    number, unit = int(written[1]), written[2]
    return dt.timedelta(**{f"{unit}s": number})
