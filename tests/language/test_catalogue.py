"""All sentences in every language, with the same figures in them."""

from __future__ import annotations

import ast
import inspect
import string
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from distbilling import Money, Percent, RoundingMethod
from distbilling.documents import message as messages
from distbilling.documents import rows
from distbilling.documents.amounts import AMOUNTS
from distbilling.errors import InvalidType, InvalidValue
from distbilling.language import catalogue
from distbilling.language.catalogue import Term, available_languages, sentence
from distbilling.rules.agreement.schedule import HOW_BRACKETS_APPLY
from distbilling.rules.parties import quick_form

SOURCES = Path(inspect.getfile(catalogue)).parents[1]
CATALOGUES = files("distbilling.language") / "catalogues"
LISTED = {
    "HOW_BRACKETS_APPLY[self.tiering, self.measure]": list(HOW_BRACKETS_APPLY.values()),
    "method.words": [method.words for method in RoundingMethod],
    "KINDS[line.kind]": list(rows.KINDS.values()),
    "column.heading": [column.heading for column in rows.COLUMNS],
    "self.problem": list(quick_form.PROBLEMS),
    "self.value": [term.value for kind in Term.__subclasses__() for term in kind],
    "self.words": [amount.words for amount in AMOUNTS],
    "text": [
        *messages.CROSSED,
        messages.WITH_LIMIT,
        *messages.CLEARED,
        *messages.SUSPENDED,
        *messages.RESUMED,
        *messages.RESUMED_WITHOUT_LIMIT,
    ],
}
"""The sentences that are not written where they are said, by what is written there instead."""

TRANSLATIONS = [language for language in available_languages() if language != "en"]
GLOSSARY = {
    "de": {
        "account": "anschl",
        "administrator": "administrat",
        "commission": "provision",
        "credit limit": "kreditlimit",
        "customer": "kunde",
        "distributor": "vertriebspartner",
        "DID": "did",
        "entry": "buchungss",
        "remit": "führ",
        "warning": "warn",
    },
    "es": {
        "account": "línea",
        "administrator": "administración",
        "commission": "comisi",
        "credit limit": "límite",
        "customer": "cliente",
        "distributor": "distribuidor",
        "DID": "did",
        "entry": "asiento",
        "remit": "rem",
        "warning": "aviso",
    },
}
"""What a translation calls the things of the field, whatever the ending: one word for one thing."""

SUSPENDIDO = "hudson tiene sus operaciones suspendidas: adeuda {0} con un límite de crédito de {0}."


def _said() -> list[ast.expr]:
    """Return what `sentence` is called with in the library, and the `_WORDS` of its classes."""
    said: list[ast.expr] = []
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="sentence"), args=[text, *_]):
                    said.append(text)
                case ast.Assign(targets=[ast.Name(id="_WORDS")], value=text):
                    said.append(text)
                case _:
                    pass
    return said


def _sentences() -> set[str]:
    written = {str(said.value) for said in _said() if isinstance(said, ast.Constant)}
    return written.union(*LISTED.values())


def _placeholders(text: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _words(text: str) -> str:
    """Return the text in lower case, without its placeholders."""
    return "".join(words for words, _, _, _ in string.Formatter().parse(text)).lower()


def _catalogue(language: str) -> Catalog:
    with (CATALOGUES / f"{language}.po").open("rb") as lines:
        return read_po(lines, locale=language, abort_invalid=True)


def _translated(language: str) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in _catalogue(language) if message.id}


def test_every_sentence_is_written_where_it_is_said_or_listed():
    elsewhere = {ast.unparse(said) for said in _said() if not isinstance(said, ast.Constant)}
    assert elsewhere == {*LISTED, "self._WORDS"}
    assert len(_sentences()) > 100


def test_english_and_two_more_languages_are_shipped():
    assert available_languages() == ("en", "de", "es")


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_catalogue_has_every_sentence_and_no_other(language):
    translated = _translated(language).keys()
    missing, left_over = sorted(_sentences() - translated), sorted(translated - _sentences())
    assert missing == []
    assert left_over == []
    assert not _catalogue(language).obsolete


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_catalogue_has_a_sentence_once(language):
    lines = (CATALOGUES / f"{language}.po").read_text("utf-8").splitlines()
    ids = Counter(line for line in lines if line.startswith("msgid ") and line != 'msgid ""')
    assert len(ids) > 100
    assert max(ids.values()) == 1


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_is_finished_and_fills_in_the_same_values(language):
    for message in _catalogue(language):
        if message.id:
            assert message.string, message.id
            assert not message.fuzzy, message.id
            wanted, filled_in = _placeholders(str(message.id)), _placeholders(str(message.string))
            assert filled_in == wanted, message.id
            assert ("python-brace-format" in message.flags) == bool(wanted), message.id
            assert str(message.string).endswith(".") == str(message.id).endswith("."), message.id
            assert str(message.string) == " ".join(str(message.string).split()), message.id


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_calls_the_same_thing_by_the_same_word(language):
    for english, translated in _translated(language).items():
        for term, word in GLOSSARY[language].items():
            if term.lower() in _words(english):
                assert word in _words(translated), english


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_catalogue_names_the_files_that_say_a_sentence(language):
    for message in _catalogue(language):
        for file, _ in message.locations:
            assert (SOURCES.parent / file).is_file(), message.id


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_the_checkers_of_babel_object_to_nothing(language):
    translations = _catalogue(language)
    assert list(translations.check()) == []
    assert translations.charset == "utf-8"
    assert str(translations.locale) == language


def test_german_is_spelt_alike_on_both_sides_of_the_border():
    assert "ß" not in (CATALOGUES / "de.po").read_text("utf-8")


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "hudson is suspended: it owes {0} at a credit limit of {0}."),
        ("en_GB", "hudson is suspended: it owes {0} at a credit limit of {0}."),
        ("de", "hudson ist gesperrt: geschuldet sind {0} bei einem Kreditlimit von {0}."),
        ("de_CH", "hudson ist gesperrt: geschuldet sind {0} bei einem Kreditlimit von {0}."),
        ("es", SUSPENDIDO),
        ("es_MX", SUSPENDIDO),
        ("es-US", SUSPENDIDO),
        ("fr", "hudson is suspended: it owes {0} at a credit limit of {0}."),
    ],
)
def test_a_sentence_is_in_the_words_and_formats_of_the_reader(locale, said):
    text = "{distributor} is suspended: it owes {owed} at a credit limit of {limit}."
    amount = Money("1000.00", "USD")
    translated = sentence(text, locale, distributor="hudson", owed=amount, limit=amount)
    assert translated == said.format(amount.format(locale))


@pytest.mark.parametrize(
    "region", ["de_AT", "de_CH", "de_LI", "es_419", "es_AR", "es_MX", "es_ES", "es-US"]
)
def test_every_region_reads_the_sentences_of_its_language(region):
    for text, translated in _translated(region[:2]).items():
        values = {name: f"<{name}>" for name in _placeholders(text)}
        assert sentence(text, region, **values) == translated.format(**values)


def test_percentages_and_numbers_can_be_said_too():
    assert sentence("{rate} of {count}", "de", rate=Percent("12.5"), count=3) == "12,5\xa0% of 3"


@pytest.mark.parametrize(
    ("language", "said"), [("de", "{limit} (Administration)"), ("es", "{limit} (administración)")]
)
def test_what_is_filled_in_is_never_read_as_a_placeholder(language, said):
    assert sentence("{name} (administrator)", language, name="{limit}") == said


@pytest.mark.parametrize(
    ("locale", "error"),
    [("xx", InvalidValue), ("", InvalidValue), ("../de", InvalidValue), (7, InvalidType)],
)
def test_an_unknown_language_is_refused(locale, error):
    with pytest.raises(error, match="locale"):
        sentence("Sale", locale)
