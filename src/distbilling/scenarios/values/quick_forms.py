"""Quick forms as files write them: the fields that they ask for and fix."""

from __future__ import annotations

from typing import Any

import attrs
from cattrs import Converter

from distbilling.errors import InvalidValue
from distbilling.rules.parties.quick_form import Asked, Field, Fixed, FormField

FormFields = tuple[FormField, ...]


@attrs.frozen
class _Written:
    asks: tuple[Field, ...]
    defaults: dict[Field, str] = attrs.field(factory=dict[Field, str])
    fixed: dict[Field, str] = attrs.field(factory=dict[Field, str])


def form_fields_of(
    converter: Converter,
    value: Any,  # noqa: ANN401 - a file may hold anything
    _kind: object = FormFields,
) -> FormFields:
    """Return the fields of a form: those it ``asks``, with ``defaults``, and those ``fixed``.

    Source: rulebook R30.

    Raises:
        InvalidValue: there is a default for a field that is not asked.

    >>> from distbilling.scenarios.values.converter import converter_in
    >>> form_fields_of(converter_in(None), {"asks": ["number"], "fixed": {"active": "yes"}})
    (Asked(field=Field.NUMBER, default=None), Fixed(field=Field.ACTIVE, value='yes'))
    """
    written = converter.structure(value, _Written)
    for field in written.defaults:
        if field not in written.asks:
            raise InvalidValue(
                "defaults", field.value, "defaults for the fields that the form asks for, no others"
            )
    asked = (Asked(field, written.defaults.get(field)) for field in written.asks)
    return (*asked, *(Fixed(field, text) for field, text in written.fixed.items()))
