"""Names as files write them: small letters with underscores."""

from __future__ import annotations

import difflib
import enum
import re
from collections.abc import Iterable
from typing import TypeVar

import attrs

from distbilling.errors import InvalidType, InvalidValue

_Choice = TypeVar("_Choice", bound=enum.Enum)

_LONGEST_SLIP = 60


def spelt(kind: type) -> str:
    """Return the word that stands for a class in a file.

    >>> spelt(KeyError)
    'key_error'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def attributes_of(kind: type) -> tuple[str, ...]:
    """Return the names of what an attrs class is made from.

    >>> from distbilling.rules.parties import Administrator
    >>> attributes_of(Administrator)
    ('name', 'increase_caps')
    """
    return tuple(field.name for field in attrs.fields(kind) if field.init)


def choice(value: object, choices: type[_Choice]) -> _Choice:
    """Return the member of an enumeration that a word stands for.

    Raises:
        InvalidType: it is no text.
        InvalidValue: it is no such word; all of them are listed.

    >>> from distbilling.money import Allocation
    >>> choice("first_in_order", Allocation)
    Allocation.FIRST_IN_ORDER
    """
    return choices[word(value, [member.name.lower() for member in choices]).upper()]


def word(value: object, words: Iterable[str]) -> str:
    """Return the value, if it is one of the words.

    Raises:
        InvalidType: it is no text.
        InvalidValue: it is another word.

    >>> word("weekly", ["daily", "weekly"])
    'weekly'
    """
    choices = sorted(words)
    accepted = f"one of {', '.join(choices)}"
    if type(value) is not str:
        raise InvalidType("word", value, accepted)
    if value not in choices:
        raise InvalidValue("word", value, accepted + nearest(value, choices))
    return value


def nearest(slip: str, words: Iterable[str]) -> str:
    """Return a suggestion in brackets; nothing where no word is near.

    >>> nearest("amuont", ["amount", "account"])
    " (did you mean 'amount'?)"
    """
    if len(slip) > _LONGEST_SLIP:
        return ""
    matches = difflib.get_close_matches(slip.lower(), sorted(words), n=1)
    return f" (did you mean {matches[0]!r}?)" if matches else ""
