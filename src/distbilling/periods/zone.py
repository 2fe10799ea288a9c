"""The IANA time zones, and whose time zone data answers for them.

A host chooses the source of the data as for all of Python: ``zoneinfo`` reads the folders of
``zoneinfo.TZPATH`` (environment variable ``PYTHONTZPATH``, or ``zoneinfo.reset_tzpath``) and falls
back to the ``tzdata`` wheel. ``PYTHONTZPATH=`` (empty) leaves the wheel alone, the same on every
machine. The choice is made before the first period is computed: what was looked up once is
remembered.
"""

from __future__ import annotations

import difflib
import functools
import pathlib
import zoneinfo
from importlib import resources

import attrs
import pendulum

from distbilling.errors import InvalidType, InvalidValue

__all__ = ["TzdataInForce", "iana_version", "iana_zone", "zone_names"]

_LONGEST_NAME_TO_COMPARE = 60
_PLACEHOLDERS = {"Factory"}  # of a machine whose zone nobody has set yet: nobody lives there


@attrs.frozen
class TzdataInForce:
    """One edition of the IANA time zone data, and where it was read from.

    ``version`` is the IANA's own name of the edition, or ``unknown`` where a system does not say.
    ``source`` is a folder, or ``tzdata wheel``.

    >>> str(TzdataInForce("2025b", "tzdata wheel"))
    '2025b (tzdata wheel)'
    """

    version: str
    source: str

    def __str__(self) -> str:
        return f"{self.version} ({self.source})"


def iana_version(zone: str = "Etc/UTC") -> TzdataInForce:
    """Return the edition of the time zone data that answers for a zone.

    Editions move bounds: keep this beside a closed period. A system may carry some zones only; the
    wheel then answers for the others.

    Raises:
        InvalidValue: the zone is not a name of the IANA list.
        InvalidType: the zone is not text.

    Source: decision 0007.

    >>> iana_version("America/New_York") == iana_version("America/Chicago")
    True
    """
    name = iana_zone(zone)
    for folder in map(pathlib.Path, zoneinfo.TZPATH):
        if (folder / name).is_file():
            return TzdataInForce(_edition_of(folder), str(folder))
    return TzdataInForce(
        _version_in(_wheel_text("zoneinfo", "tzdata.zi").partition("\n")[0]), "tzdata wheel"
    )


def iana_zone(name: str, field: str = "zone") -> str:
    """Return the name, if it is in the IANA list as it is written there, backward links included.

    POSIX strings (``UTC0``), paths, ``localtime``, ``posixrules`` and other spellings
    (``america/new_york``) are not in the list; its placeholder ``Factory`` is no zone.

    Raises:
        InvalidValue: the name is not in the list; the nearest one is suggested.
        InvalidType: the name is not text.

    Source: rulebook R49.

    >>> iana_zone("America/New_York")
    'America/New_York'
    >>> iana_zone("europe/kyiv")
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: zone: 'europe/kyiv' is not accepted; give an IANA time zone...
    """
    plain = _text(name, field)
    if plain not in zone_names():
        raise InvalidValue(field, plain, f"an IANA time zone{_suggestion(plain)}")
    return plain


@functools.cache
def zone_names() -> frozenset[str]:
    """Return every name of the IANA list, backward links included, but not ``Factory``.

    Source: rulebook R49.

    >>> "Pacific/Apia" in zone_names()
    True
    """
    return frozenset(_wheel_text("zones").split()) - _PLACEHOLDERS


@functools.lru_cache(maxsize=1024)
def rules_of(zone: str) -> pendulum.Timezone:
    """Return the offset rules of a checked zone name.

    >>> rules_of("Europe/Kyiv")
    Timezone('Europe/Kyiv')
    """
    return pendulum.Timezone(zone)


def _text(name: object, field: str) -> str:
    if not isinstance(name, str):
        raise InvalidType(field, name, "the name of an IANA time zone, as text")
    return str.__str__(name)


def _suggestion(name: str) -> str:
    if len(name) > _LONGEST_NAME_TO_COMPARE:
        return ""
    by_lower_case = {known.lower(): known for known in sorted(zone_names())}
    nearest = difflib.get_close_matches(name.lower().strip().replace(" ", "_"), by_lower_case, n=1)
    return f" (did you mean {by_lower_case[nearest[0]]!r}?)" if nearest else ""


def _edition_of(folder: pathlib.Path) -> str:
    compiled, stamp = folder / "tzdata.zi", folder / "+VERSION"
    if compiled.is_file():
        with compiled.open(encoding="utf-8") as lines:
            return _version_in(lines.readline())
    return stamp.read_text(encoding="utf-8").strip() if stamp.is_file() else "unknown"


def _version_in(first_line: str) -> str:
    return first_line.strip().removeprefix("# version ")


def _wheel_text(*path: str) -> str:
    return resources.files("tzdata").joinpath(*path).read_text(encoding="utf-8")
