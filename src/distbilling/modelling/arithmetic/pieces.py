"""Sums of amounts that one column of 64 bits might not hold, in pieces."""

from __future__ import annotations

from typing import Final

import narwhals.stable.v2 as nw

__all__ = ["in_pieces", "whole_of"]

_PIECE: Final = 2**32
"""No sum of a billion such pieces, or of what is left of a billion amounts, gets too large."""


def in_pieces(amount: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    """Return how many pieces an amount of zero or more has, and what is left.

    Each is summed by itself.
    """
    pieces = (amount // _PIECE).cast(nw.Int64())
    return pieces, amount - pieces * _PIECE


def whole_of(pieces: int, left: int) -> int:
    """Return the sum of the amounts, of the sum of their pieces and the sum of what is left.

    >>> whole_of(1, 5) == 2**32 + 5
    True
    """
    return pieces * _PIECE + left
