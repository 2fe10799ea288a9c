"""The base of the closed lists that a caller chooses from."""

from __future__ import annotations

from enum import Enum

__all__ = ["Choice"]


class Choice(Enum):
    """One of a closed list; a member is shown as it is written in code.

    >>> class Side(Choice):
    ...     DEBIT = "debit"
    >>> Side.DEBIT
    Side.DEBIT
    """

    __repr__ = Enum.__str__
