"""The amounts of a statement, from its opening to its closing balance: labels and signs."""

from __future__ import annotations

from typing import Final

import attrs

from distbilling.language.catalogue import sentence

__all__ = ["AMOUNTS", "StatementAmount"]


@attrs.frozen
class StatementAmount:
    """An amount of a statement; ``name`` is its field, and its column in a frame of statements.

    ``sign`` is -1 for what lowers the debt. ``is_turnover`` is true of what was moved before
    commission and remittances. Some are ``shown_if_zero``.
    """

    name: str
    words: str
    sign: int = 1
    is_turnover: bool = False
    shown_if_zero: bool = True

    def label(self, locale: str) -> str:
        """Return what the amount is called.

        >>> [amount.label("en") for amount in AMOUNTS if amount.sign < 0]
        ['Reversed', 'Commission', 'Remitted']
        """
        return sentence(self.words, locale)


AMOUNTS: Final = (
    StatementAmount("opening", "Opening balance"),
    StatementAmount("brought_forward", "Brought forward", is_turnover=True),
    StatementAmount("collected", "Collected", is_turnover=True),
    StatementAmount("sales", "Sales", is_turnover=True),
    StatementAmount("reversed", "Reversed", -1, is_turnover=True, shown_if_zero=False),
    StatementAmount("adjusted", "Corrected", is_turnover=True, shown_if_zero=False),
    StatementAmount("commission", "Commission", -1),
    StatementAmount("remitted", "Remitted", -1),
    StatementAmount("closing", "Closing balance"),
)
"""From the first to the one before the last, each with its sign, they add up to the last."""
