"""Who acts: the provider's administrators and the staff of distributors."""

from __future__ import annotations

import attrs

from distbilling.language.catalogue import Explained
from distbilling.rules import fields
from distbilling.rules.credit.increase import IncreaseCaps

__all__ = ["Actor", "Administrator", "DistributorStaff"]


@attrs.frozen
class Administrator(fields.Checked, Explained):
    """Somebody who acts for the provider.

    Administrators set up distributors, terms, classes and forms, and receive remittances.

    ``increase_caps`` are the most by which, and the longest for which, this administrator may raise
    a credit limit; without them there is no such bound.

    Source: rulebook R21, R29.

    >>> Administrator("maria").increase_caps is None
    True
    """

    name: str = attrs.field(validator=fields.identifier)
    increase_caps: IncreaseCaps | None = attrs.field(
        default=None, validator=fields.one_of(IncreaseCaps, type(None))
    )

    _WORDS = "{name} (administrator)"


@attrs.frozen
class DistributorStaff(fields.Checked, Explained):
    """Somebody who acts for a distributor.

    Staff creates customers, fills in quick forms and records collected payments.

    Source: rulebook R27, R28.

    >>> DistributorStaff("hudson")
    DistributorStaff(distributor='hudson')
    """

    distributor: str = attrs.field(validator=fields.identifier)

    _WORDS = "{distributor} (distributor)"


Actor = Administrator | DistributorStaff
