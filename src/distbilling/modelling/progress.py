"""The progress of a long piece of work, as its caller wants to show it."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Progress", "unseen"]

Progress = Callable[[int, int], None]
"""Takes how many parts are done, and of how many: first 0, at the end all of them."""


def unseen(done: int, parts: int, /) -> None:
    """Show nothing.

    >>> unseen(1, 2)
    """
