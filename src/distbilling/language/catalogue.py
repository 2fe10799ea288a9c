"""In which words? Sentences come from message catalogues; amounts, percentages and dates inside them follow the locale."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final, Protocol

from distbilling.language.formats import locale_named

__all__ = ["Sayable", "available_languages", "sentence"]

SOURCE_LANGUAGE: Final = "en"
_CATALOGUES: Final = files("distbilling.language") / "catalogues"


class Sayable(Protocol):
    """A value that can be put into words for a reader."""

    def format(self, locale: str) -> str:
        """Return the value as the reader of the locale writes it."""
        ...


def sentence(text: str, locale: str, /, **values: Sayable | str | int) -> str:
    """Say the English ``text`` in the language of the locale, with each ``{name}`` filled in as that locale writes it.

    A language without a catalogue is answered in English words, with amounts and dates still in the
    locale's format.

    Raises:
        InvalidType: the locale is not text.
        InvalidValue: the locale is unknown.

    Source: rulebook R19, R43.

    >>> sentence("There is no {kind} '{id}'.", "en", kind="customer", id="brown")
    "There is no customer 'brown'."
    >>> sentence("There is no {kind} '{id}'.", "de_CH", kind=sentence("customer", "de_CH"), id="brown")
    "Nicht vorhanden: Kunde 'brown'."
    """
    words = _translations(locale_named(locale).language).get(text, text)
    said = {
        name: value if isinstance(value, (str, int)) else value.format(locale)
        for name, value in values.items()
    }
    return words.format(**said)


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
    """Return what the catalogue of a language says for each English text; what its translator marked as fuzzy is left out."""
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
