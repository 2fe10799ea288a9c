"""Notifiers for tests and trials: notices go to a list, or to a text stream."""

from __future__ import annotations

import sys
from typing import TextIO

from distbilling.rules.credit.notices import Notice

__all__ = ["PrintingNotifier", "RecordingNotifier"]


class RecordingNotifier:
    """Keeps every notice it is sent, in order, in ``sent``.

    Source: rulebook R47.

    >>> RecordingNotifier().sent
    []
    """

    def __init__(self) -> None:
        self.sent: list[Notice] = []

    def send(self, notice: Notice, /) -> None:
        """Keep the notice."""
        self.sent.append(notice)


class PrintingNotifier:
    """Writes every notice as one line, in the words and formats of a locale, to a stream.

    The stream is standard output unless another is given.

    Source: rulebook R47.

    >>> PrintingNotifier(locale="de").locale
    'de'
    """

    def __init__(self, locale: str = "en", stream: TextIO | None = None) -> None:
        self.locale = locale
        self.stream = stream

    def send(self, notice: Notice, /) -> None:
        """Write the notice."""
        print(notice.explain(self.locale), file=self.stream or sys.stdout)
