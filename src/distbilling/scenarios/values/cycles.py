"""Billing periods as files write them: a word such as "monthly", or a table."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import attrs
from cattrs import Converter, ForbiddenExtraKeysError

from distbilling.errors import CallerError, InvalidType, InvalidValue
from distbilling.periods import CYCLE_KINDS, Cycle, Daily
from distbilling.scenarios.files import is_table
from distbilling.scenarios.values.instants import instant
from distbilling.scenarios.values.spelling import attributes_of, nearest, spelt

_KINDS = {spelt(kind): kind for kind in CYCLE_KINDS}
_COUNTED = re.compile(r"every ([1-9][0-9]{0,3}) (days|weeks|months)", re.ASCII).fullmatch
_ACCEPTED = (
    'a word like "monthly" or "every 30 days", '
    'or a table like { kind = "weekly", first_day = "sunday" }; '
    f"the kinds are {', '.join(_KINDS)}"
)


_STAND_IN = dt.date(2000, 1, 1)
"""Stands in for a wrong day of creation, which is reported where it is read."""


@attrs.frozen
class _Period:
    """The kind of a billing period, and what else it tells."""

    kind: str
    parameters: dict[str, Any]


def _without_a_zone(_instance: object, _field: object, written: object) -> None:
    if "zone" in _read(written).parameters:
        message = "the zone stands beside the billing period, not in it"
        raise ForbiddenExtraKeysError(message, _Period, {"zone"})


@attrs.frozen
class _Written:
    zone: str
    billing_period: Any = attrs.field(validator=_without_a_zone)


def cycle_of(converter: Converter, value: object, _kind: object = Cycle) -> Cycle:
    """Return the cycle of a ``zone`` and a ``billing_period``.

    Source: rulebook R32, R35.

    Raises:
        BaseValidationError: zone or billing period is missing or wrong, or the parameters of the
            period are.
        InvalidType: it is no table.

    >>> from distbilling.scenarios.values.converter import converter_in
    >>> weekly = {"kind": "weekly", "first_day": "sunday"}
    >>> cycle_of(converter_in(None), {"zone": "Etc/UTC", "billing_period": weekly})
    Weekly(zone='Etc/UTC', first_day=Weekday.SUNDAY)
    """
    written = converter.structure(value, _Written)
    period = _read(written.billing_period)
    return converter.structure({"zone": written.zone, **period.parameters}, _KINDS[period.kind])


def counted_from(created: object, zone: Any, written: object) -> object:  # noqa: ANN401
    """Return a billing period that counts from the local day of creation if it names no other.

    A billing period that is wrong is returned as it is, and reported where it is read.

    Source: rulebook R32, R35.

    >>> counted_from("2026-03-02T00:00:00Z", "America/New_York", "every 2 weeks")
    {'kind': 'every_weeks', 'first': datetime.date(2026, 3, 1), 'n': 2}
    """
    try:
        period = _read(written)
    except CallerError:
        return written
    try:
        day = Daily(zone).period_at(instant(created)).first_day
    except CallerError:
        day = _STAND_IN
    anchors = {"day": day.day, "first": day}
    wanted = {name: anchors[name] for name in attributes_of(_KINDS[period.kind]) if name in anchors}
    return {"kind": period.kind} | wanted | period.parameters


def _read(written: object) -> _Period:
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
    return _Period(kind, parameters)
