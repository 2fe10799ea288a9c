"""How far is it? A bar on the standard error of a terminal while a long file is played, and nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TypeVar

__all__ = ["watched"]

_Item = TypeVar("_Item")

LONG = 500
"""How many items take long enough to look at a bar."""


def watched(items: Iterable[_Item], total: int, doing: str) -> Iterable[_Item]:
    """Hand the items through, with a bar that goes away at the end, if they are many and somebody is looking.

    >>> list(watched("abc", 3, "Playing"))
    ['a', 'b', 'c']
    """
    if total < LONG or not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, doing, total, console=Console(stderr=True), transient=True)
