"""The base of all kinds of worked example: what is given, asked and computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import attrs

from distbilling.scenarios.table_reader import TableReader, reader_of

_When = TypeVar("_When")
_Then = TypeVar("_Then")

_CYCLE = {"zone": ("cycle", "zone"), "billing_period": ("cycle", "billing_period")}


@attrs.frozen
class Story(Generic[_When, _Then]):
    """One kind of worked example: what its tables may say, and the function that finds the figures.

    ``given`` and ``when`` are read together as a ``when``; ``then`` is what may be checked, None
    where it is not.
    """

    when: type[_When]
    then: type[_Then]
    find: Callable[[_When], _Then]

    @property
    def asked(self) -> TableReader[_When]:
        """The keys of ``given`` and ``when``; a cycle is a zone and a billing period."""
        reader = reader_of(self.when)
        if "cycle" not in reader.keys:
            return reader
        return attrs.evolve(
            reader, keys={key: path for key, path in reader.keys.items() if key != "cycle"} | _CYCLE
        )


AnyStory = Story[Any, Any]
