"""The reader of tables of a file into classes, which says where in the file a problem is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Generic, TypeVar

import attrs
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)

from distbilling.errors import InvalidFields, InvalidType
from distbilling.scenarios.files import Table, is_table
from distbilling.scenarios.problems import Report
from distbilling.scenarios.values.error_text import shown, words_of
from distbilling.scenarios.values.spelling import attributes_of, nearest

_Value = TypeVar("_Value")
_Path = tuple[str, ...]

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII).fullmatch
_STEPS = re.compile(r"[^.\[\]]+").findall


@attrs.frozen
class TableReader(Generic[_Value]):
    """Reads tables into values of one class.

    A table of a file is flat, our classes are not: ``keys`` has, for each key, the path of
    attributes that it fills. ``beside`` are the keys that stand next to the table, not in it. An
    error in an attribute that no key names is reported of the key that shares most of its path; of
    several, the last.

    >>> from distbilling.rules.parties import Administrator
    >>> from distbilling.scenarios.values.converter import converter_in
    >>> report = Report("march.toml")
    >>> reader = reader_of(Administrator)
    >>> reader.read({"nmae": "maria"}, converter_in(None), "command 1", report) is None
    True
    >>> [str(problem) for problem in report.problems]
    ["command 1: nmae: is not known here (did you mean 'name'?)", 'command 1: name: is missing']
    """

    kind: type[_Value]
    keys: Mapping[str, _Path]
    beside: frozenset[str] = frozenset()

    def read(  # noqa: PLR0913 - a place in a file has several names
        self,
        table: object,
        converter: Converter,
        place: str,
        report: Report,
        *,
        within: str = "",
        around: Table | None = None,
    ) -> _Value | None:
        """Return the value of a table; None where something is wrong, which is reported.

        Args:
            table: what stands in the file.
            converter: reads the values, in the currency of the table.
            place: where the table stands, like ``command 3``.
            report: collects what is wrong.
            within: the key under which the table stands in its place.
            around: what stands beside that key.
        """
        if not is_table(table):
            report.add(
                place, within, words_of(InvalidType("table", table, "a table of keys and values"))
            )
            return None

        allowed = self.keys.keys() - self.beside
        unknown = sorted(table.keys() - allowed)
        for key in unknown:
            report.add(place, dotted(within, key), f"is not known here{nearest(key, allowed)}")

        try:
            value = converter.structure(self._nested(table | (around or {})), self.kind)
        except BaseValidationError as group:
            for path, problem in _leaves(group, ()):
                first, *rest = self._key(path) or ("",)
                report.add(
                    place, dotted("" if first in self.beside else within, first, *rest), problem
                )
            return None
        return None if unknown else value

    def _nested(self, table: Table) -> Table:
        nested: Table = {}
        for key, (*outer, last) in self.keys.items():
            inner = nested
            for name in outer:
                inner = inner.setdefault(name, {})
            if key in table:
                inner[last] = table[key]
        return nested

    def _key(self, path: _Path) -> _Path:
        """Return an attribute's path as the file knows it."""
        shared, nearest_key = 0, ""
        for key, keyed in self.keys.items():
            common = _common(path, keyed)
            if common and common >= shared:
                shared, nearest_key = common, key
        return (nearest_key, *path[shared:]) if shared else path


def reader_of(kind: type[_Value], beside: frozenset[str] = frozenset()) -> TableReader[_Value]:
    """Return the reader whose keys are the attributes of a class.

    >>> from distbilling.rules.parties import DistributorStaff
    >>> reader_of(DistributorStaff).keys
    {'distributor': ('distributor',)}
    """
    return TableReader(kind, {name: (name,) for name in attributes_of(kind)}, beside)


def dotted(*keys: str) -> str:
    """Return keys as one path, those that are no plain words in quotes.

    >>> dotted("", "remit", "the amount")
    "remit.'the amount'"
    """
    return ".".join(key if _PLAIN_KEY(key) else shown(key) for key in keys if key)


def _leaves(failure: Exception, path: _Path) -> Iterator[tuple[_Path, str]]:
    """Yield each thing that is wrong, with the path of attributes to it."""
    own = tuple(_named(note) for note in getattr(failure, "__notes__", ()))
    path += own

    match failure:
        case BaseValidationError():
            for inner in failure.exceptions:
                yield from _leaves(inner, path)
        case ForbiddenExtraKeysError():
            for key in sorted(failure.extra_fields):
                yield (*path, key), f"is not known here{nearest(key, attributes_of(failure.cl))}"
        case KeyError():
            yield path, "is missing"
        case InvalidFields():
            for problem in failure.problems:
                yield (*path, *_steps_to(problem)), words_of(problem)
        case _:
            yield (path if own else (*path, *_steps_to(failure))), words_of(failure)


def _steps_to(failure: Exception) -> _Path:
    """Return the path to the field that an error of ours is about, like ``rates[1].since``."""
    return tuple(_STEPS(getattr(failure, "field", "")))


def _named(note: AttributeValidationNote | IterableValidationNote) -> str:
    return note.name if isinstance(note, AttributeValidationNote) else str(note.index)


def _common(path: _Path, keyed: _Path) -> int:
    """Return how many attributes two paths share from their start."""
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(path, keyed, strict=False))
    )
