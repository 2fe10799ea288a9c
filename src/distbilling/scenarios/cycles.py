"""Which billing period is meant? A word such as "monthly" or "every 30 days", or a table that says more."""

from __future__ import annotations

import re
from typing import Any

import attrs
from cattrs import Converter

from distbilling.errors import CallerError, InvalidType, InvalidValue
from distbilling.periods import CYCLE_KINDS, Cycle, Daily
from distbilling.scenarios.files import is_table
from distbilling.scenarios.instants import instant
from distbilling.scenarios.words import attributes_of, nearest, spelt

_KINDS = {spelt(kind): kind for kind in CYCLE_KINDS}
_COUNTED = re.compile(r"every ([1-9][0-9]{0,3}) (days|weeks|months)", re.ASCII).fullmatch
_ACCEPTED = (
    'a word like "monthly" or "every 30 days", or a table like { kind = "weekly", first_day = "sunday" }; '
    f"the kinds are {', '.join(_KINDS)}"
)


@attrs.frozen
class _Written:
    zone: str
    billing_period: Any


def cycle_of(converter: Converter, value: object, _kind: object = Cycle) -> Cycle:
    """Return the cycle of a ``zone`` and a ``billing_period``.

    Source: rulebook R32, R35.

    Raises:
        BaseValidationError: zone or billing period is missing, or the parameters of the period are wrong.
        InvalidType: it is no table, or the billing period is neither text nor a table.
        InvalidValue: the billing period is of no kind there is.

    >>> from distbilling.scenarios.values import converter_in
    >>> cycle_of(converter_in(None), {"zone": "Etc/UTC", "billing_period": {"kind": "weekly", "first_day": "sunday"}})
    Weekly(zone='Etc/UTC', first_day=Weekday.SUNDAY)
    """
    written = converter.structure(value, _Written)
    kind, parameters = _read(written.billing_period)
    return converter.structure({"zone": written.zone, **parameters}, _KINDS[kind])


def counted_from(created: object, zone: Any, written: object) -> object:  # noqa: ANN401 - what stands in a file may be anything
    """Return a billing period with what it counts from filled in, where it does not tell: the local day of creation.

    What is wrong in itself is returned as it is, and reported where it is read.

    Source: rulebook R32, R35.

    >>> counted_from("2026-03-02T00:00:00Z", "America/New_York", "every 2 weeks")
    {'kind': 'every_weeks', 'first': datetime.date(2026, 3, 1), 'n': 2}
    """
    try:
        kind, parameters = _read(written)
        day = Daily(zone).period_at(instant(created)).first_day
    except CallerError:
        return written
    anchors = {"day": day.day, "first": day}
    wanted = {name: anchors[name] for name in attributes_of(_KINDS[kind]) if name in anchors}
    return {"kind": kind} | wanted | parameters


def _read(written: object) -> tuple[str, dict[str, Any]]:
    """Return the kind of a billing period and what else it tells."""
    parameters: dict[str, Any] = {}
    kind = written
    if is_table(written):
        parameters = {**written}
        kind = parameters.pop("kind", None)
    elif type(written) is str and (counted := _COUNTED(written)):
        parameters = {"n": int(counted[1])}
        kind = f"every_{counted[2]}"
    if type(kind) is not str:
        raise InvalidType("billing_period", written, _ACCEPTED)
    if kind not in _KINDS:
        raise InvalidValue("billing_period", kind, _ACCEPTED + nearest(kind, _KINDS))
    return kind, parameters
