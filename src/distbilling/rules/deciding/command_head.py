"""The head of a command: its key, who gives it, and when."""

from __future__ import annotations

from typing import get_args

import attrs
from pendulum import DateTime

from distbilling.language.catalogue import Explained
from distbilling.rules import fields
from distbilling.rules.parties.actors import Actor

__all__ = ["CommandHead"]


@attrs.frozen
class CommandHead(fields.Checked, Explained):
    """What every command begins with.

    ``key`` makes a repeated command recognisable; ``at`` is the instant that it counts from.

    Source: rulebook R29, R45.

    >>> import pendulum
    >>> from distbilling.rules.parties.actors import DistributorStaff
    >>> CommandHead("k-1", DistributorStaff("hudson"), pendulum.datetime(2026, 3, 2)).by
    DistributorStaff(distributor='hudson')
    """

    key: str = attrs.field(validator=fields.key)
    by: Actor = attrs.field(validator=fields.one_of(*get_args(Actor)))
    at: DateTime = attrs.field(converter=fields.at)
