"""Sentences in the language of a locale, from message catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from typing import ClassVar, Final, Protocol

from distbilling.choices import Choice
from distbilling.language.formats import instant_text, locale_named

__all__ = ["Explained", "Sayable", "Term", "available_languages", "sentence"]

SOURCE_LANGUAGE: Final = "en"
_CATALOGUES: Final = files("distbilling.language") / "catalogues"


class Sayable(Protocol):
    """A value that can be put into words for a reader."""

    def format(self, locale: str) -> str:
        """Return the value as the reader of the locale writes it."""
        ...


class Explained:
    """A value that one sentence says: its ``_WORDS``, with its own fields filled in."""

    __slots__ = ()
    _WORDS: ClassVar[str]

    def explain(self, locale: str = "en") -> str:
        """Say it in the words and formats of the locale."""
        names = (name for _, name, _, _ in Formatter().parse(self._WORDS) if name is not None)
        return sentence(self._WORDS, locale, **{name: getattr(self, name) for name in names})


class Term(Choice):
    """One of a closed list; the value is the phrase that a reader sees, in English.

    >>> class Colour(Term):
    ...     RED = "red"
    >>> sentence("It is {colour}.", "en", colour=Colour.RED)
    'It is red.'
    """

    def format(self, locale: str) -> str:
        """Return the phrase in the words of the locale."""
        return sentence(self.value, locale)


def sentence(text: str, locale: str, /, **values: Sayable | datetime | str | int) -> str:
    """Say the English ``text`` in the language of the locale, with each ``{name}`` filled in.

    Amounts, percentages and dates are written as the locale writes them. A language without a
    catalogue is answered in English words.

    Raises:
        InvalidType: the locale is not text.
        InvalidValue: the locale is unknown.

    Source: rulebook R19, R43.

    >>> sentence("There is no {kind} '{id}'.", "en", kind="customer", id="brown")
    "There is no customer 'brown'."
    >>> kind = sentence("customer", "de_CH")
    >>> sentence("There is no {kind} '{id}'.", "de_CH", kind=kind, id="brown")
    "Nicht vorhanden: Kunde 'brown'."
    """
    words = _translations(locale_named(locale).language).get(text, text)
    return words.format(**{name: _value_text(value, locale) for name, value in values.items()})


def _value_text(value: Sayable | datetime | str | int, locale: str) -> str | int:
    if isinstance(value, (str, int)):
        return value
    return instant_text(value, locale) if isinstance(value, datetime) else value.format(locale)


def available_languages() -> tuple[str, ...]:
    """Return the languages that sentences are available in, English first.

    >>> available_languages()[0], "de" in available_languages()
    ('en', True)
    """
    catalogues = sorted(
        file.name.removesuffix(".po") for file in _CATALOGUES.iterdir() if file.name.endswith(".po")
    )
    return (SOURCE_LANGUAGE, *catalogues)


@lru_cache(maxsize=64)
def _translations(language: str) -> Mapping[str, str]:
    """Return the translations of a language by English text, without those marked as fuzzy."""
    file = _CATALOGUES / f"{language}.po"
    if not file.is_file():
        return {}
    from babel.messages.pofile import read_po

    with file.open("rb") as lines:
        catalogue = read_po(lines, locale=language, abort_invalid=True)
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }
