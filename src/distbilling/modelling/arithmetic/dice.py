"""Reproducible draws: each has a name, and is made of the seed alone, on every machine.

A draw is a hash: of text for the few values of a book, of whole numbers (splitmix64) for the many
rows of a column. No draw depends on the one before it, so that one more of them changes none of the
others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final, TypeVar

import attrs
import polars

from distbilling.errors import InvalidType

__all__ = ["Dice", "below", "check_seed", "one_of", "stream", "whole"]

Item = TypeVar("Item")
_BITS: Final = 64
_GOLDEN: Final = 0x9E37_79B9_7F4A_7C15
_FIRST: Final = 0xBF58_476D_1CE4_E5B9
_SECOND: Final = 0x94D0_49BB_1331_11EB


@attrs.frozen
class Dice:
    """What falls by chance to one owner, by the name of what is drawn.

    >>> dice = Dice(7, "hudson")
    >>> dice.below("rate", 100) == Dice(7, "hudson").below("rate", 100)
    True
    >>> dice.pick("colour", ["red", "red"])
    'red'
    """

    seed: int | str
    owner: str

    @property
    def number(self) -> int:
        """A number of 64 bits from which the columns of this owner are drawn."""
        return whole(f"{self.seed}\0{self.owner}")

    def below(self, name: str, end: int) -> int:
        """Return a whole number from zero on, below the end."""
        return whole(f"{self.seed}\0{self.owner}\0{name}") * end >> _BITS

    def pick(self, name: str, items: Sequence[Item]) -> Item:
        """Return one of the items, each as likely as the others."""
        return items[self.below(name, len(items))]

    def chance(self, name: str, percent: int) -> bool:
        """Tell whether it happens, in so many cases of a hundred."""
        return self.below(name, 100) < percent


def check_seed(seed: object) -> None:
    """Refuse a seed that is no whole number.

    >>> check_seed("7")
    Traceback (most recent call last):
    distbilling.errors.InvalidType: seed: '7' (str) is not accepted; give a whole number
    """
    if type(seed) is not int:
        raise InvalidType("seed", seed, "a whole number")


def whole(text: str) -> int:
    """Return a number of 64 bits made of a text.

    >>> whole("hudson") == whole("hudson") != whole("Hudson")
    True
    """
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=_BITS // 8).digest())


def stream(parent: polars.Expr, number: polars.Expr) -> polars.Expr:
    """Return the state of a numbered part, of the state of the whole.

    A part is a day of a distributor, or a trade of a day.

    >>> schema = {"state": polars.UInt64, "day": polars.Int64}
    >>> frame = polars.DataFrame({"state": [1, 1], "day": [5, 6]}, schema=schema)
    >>> frame.select(stream(polars.col("state"), polars.col("day")))["state"].n_unique()
    2
    """
    counted = number.cast(polars.UInt64, wrap_numerical=True) + _unsigned(1)
    return _mixed(parent + counted * _unsigned(_GOLDEN))


def below(state: polars.Expr, name: str, end: int | polars.Expr) -> polars.Expr:
    """Return, for each state, a whole number from zero on, below the end.

    The end is at most 4,294,967,296.

    >>> states = polars.DataFrame({"state": range(1000)}, schema={"state": polars.UInt64})
    >>> drawn = states.select(below(polars.col("state"), "die", 6)).to_series()
    >>> sorted(drawn.unique()), drawn.dtype
    ([0, 1, 2, 3, 4, 5], Int64)
    """
    most = _unsigned(end) if isinstance(end, int) else end.cast(polars.UInt64)
    upper_half = _shifted(_mixed(state + _unsigned(whole(name))), 32)
    return _shifted(upper_half * most, 32).cast(polars.Int64)


def one_of(state: polars.Expr, name: str, items: Sequence[Any]) -> polars.Expr:
    """Return, for each state, one of the items; one that is listed twice is twice as likely.

    >>> states = polars.DataFrame({"state": range(100)}, schema={"state": polars.UInt64})
    >>> sides = states.select(one_of(polars.col("state"), "coin", ["head", "tail"])).to_series()
    >>> sorted(sides.unique())
    ['head', 'tail']
    """
    return polars.lit(polars.Series(items)).gather(below(state, name, len(items)))


def _mixed(number: polars.Expr) -> polars.Expr:
    """Return what splitmix64 makes of a number: each of its bits bears on all of the result."""
    once = (number ^ _shifted(number, 30)) * _unsigned(_FIRST)
    twice = (once ^ _shifted(once, 27)) * _unsigned(_SECOND)
    return twice ^ _shifted(twice, 31)


def _shifted(number: polars.Expr, bits: int) -> polars.Expr:
    return number // _unsigned(1 << bits)


def _unsigned(number: int) -> polars.Expr:
    return polars.lit(number, dtype=polars.UInt64)
