"""A progress bar on the standard error of a terminal while something long is done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import TypeVar

__all__ = ["Stages", "stages", "watched"]

_Item = TypeVar("_Item")

LONG = 500
"""How many items take long enough to look at a bar."""


def watched(items: Iterable[_Item], total: int, doing: str) -> Iterable[_Item]:
    """Hand the items through, with a bar if they are many and the standard error is a terminal.

    >>> list(watched("abc", 3, "Playing"))
    ['a', 'b', 'c']
    """
    if total < LONG or not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, doing, total, console=Console(stderr=True), transient=True)


class Stages:
    """The stages of a long task: call it as the next one begins; it moves the bar, if there is one.

    >>> begin = Stages(None)
    >>> begin("Settling")
    >>> begin.part(1, 2)
    """

    def __init__(self, show: Callable[[str, float], None] | None) -> None:
        self._show = show
        self._begun = -1
        self._doing = ""

    def __call__(self, doing: str) -> None:
        """Begin the next stage."""
        self._begun, self._doing = self._begun + 1, doing
        self.part(0, 1)

    def part(self, done: int, parts: int) -> None:
        """Show how many parts of the stage are done."""
        if self._show is not None:
            doing = f"{self._doing} ({done:,} of {parts:,})" if parts > 1 else self._doing
            self._show(doing, self._begun + done / parts)


@contextmanager
def stages(total: int) -> Generator[Stages, None, None]:
    """Yield the stages of a task, shown with a bar if the standard error is a terminal.

    >>> with stages(2) as begin:
    ...     begin("Settling")
    """
    if not sys.stderr.isatty():
        yield Stages(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    shown = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*shown, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=total)
        yield Stages(lambda doing, done: progress.update(bar, description=doing, completed=done))
