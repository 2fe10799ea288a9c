"""How far is a long piece of work? Whoever waits is told, and may show it as it likes."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Progress", "unseen"]

Progress = Callable[[int, int], None]
"""Is told how many parts are done, and of how many: first 0, at the end all of them."""


def unseen(done: int, parts: int, /) -> None:
    """Show nothing.

    >>> unseen(1, 2)
    """
