"""Parts in proportion: one number times another by a third, in 64 bits, exact up to 2**53."""

from __future__ import annotations

from typing import Final

import narwhals.stable.v2 as nw

from distbilling.modelling.arithmetic.rounding import rounded_units
from distbilling.modelling.arithmetic.worksheet import Worksheet, chosen
from distbilling.money import RoundingMethod

__all__ = ["LARGEST", "divided_exactly", "given_back", "rounded_part"]

LARGEST: Final = 2**53
"""What numbers that are multiplied and divided stay below."""
_SHORT: Final = 2**31
_BITS: Final = 9
"""How many bits are taken at a time: a remainder of 53 bits, moved up by them, still has 63."""


def rounded_part(  # noqa: PLR0913 - three numbers, and how
    sheet: Worksheet,
    number: nw.Expr,
    times: nw.Expr,
    by: nw.Expr,
    methods: tuple[RoundingMethod, ...],
    *,
    largest: int,
) -> nw.Expr:
    """Return number × times ÷ by, rounded.

    Args:
        sheet: where the steps are computed.
        number: a whole number of zero or more.
        times: another one.
        by: a third one, above zero.
        methods: how it is rounded; of several, the column ``method`` has the place.
        largest: what none of the three exceeds; it is below 2**53.

    Source: rulebook R4, R15, as :func:`distbilling.money.kernels.divided`.

    >>> import polars as pl
    >>> from distbilling.modelling.engines import engine_of
    >>> engine = engine_of(pl.DataFrame({"earned": [150, 2**52 + 1], "back": [333, 2**52 - 1],
    ...     "amount": [1000, 2**52]}))
    >>> sheet = Worksheet(engine, engine.frame)
    >>> columns = [nw.col(name) for name in ("earned", "back", "amount")]
    >>> part = rounded_part(sheet, *columns, (RoundingMethod.DOWN,), largest=2**53 - 1)
    >>> engine.handed_back(sheet.done(part=part))["part"].to_list() == [49, (2**104 - 1) // 2**52]
    True
    """
    number, times, by = sheet.let_all(number, times, by)
    divided = _short if largest < _SHORT else _long
    whole, remainder = divided(sheet, number, times, by)
    rounded = [rounded_units(sheet, whole, remainder, by, method) for method in methods]
    return sheet.let(chosen("method", rounded))


def divided_exactly(
    sheet: Worksheet, number: nw.Expr, times: nw.Expr, by: nw.Expr
) -> tuple[nw.Expr, nw.Expr]:
    """Return how many times ``by`` goes into number × times, and what is left.

    All three are below 2**53, ``by`` above zero.

    Source: rulebook R6.
    """
    return _long(sheet, *sheet.let_all(number, times, by))


def given_back(  # noqa: PLR0913, PLR0917 - as the scalar kernel
    sheet: Worksheet,
    earned: nw.Expr,
    amount: nw.Expr,
    already: nw.Expr,
    back: nw.Expr,
    methods: tuple[RoundingMethod, ...],
    *,
    largest: int,
) -> nw.Expr:
    """Return how much of what was earned is given back when more of its amount is reversed.

    Args:
        sheet: where the steps are computed.
        earned: what was earned on the amount.
        amount: the amount, above zero.
        already: how much of it was reversed before.
        back: how much more of it is reversed.
        methods: as for :func:`rounded_part`.
        largest: as for :func:`rounded_part`.

    Source: rulebook R15, as :func:`distbilling.money.kernels.clawed`.
    """
    so_far = sheet.let(already + back)

    def until(part: nw.Expr) -> nw.Expr:
        share = rounded_part(sheet, earned, part, amount, methods, largest=largest)
        return sheet.let(nw.when((part == amount) | (share > earned)).then(earned).otherwise(share))

    return until(so_far) - until(already)


def _short(
    sheet: Worksheet, number: nw.Expr, times: nw.Expr, by: nw.Expr
) -> tuple[nw.Expr, nw.Expr]:
    product = sheet.let(number * times)
    whole = sheet.let(sheet.divided(product, by))
    return whole, sheet.let(product - whole * by)


def _long(
    sheet: Worksheet, number: nw.Expr, times: nw.Expr, by: nw.Expr
) -> tuple[nw.Expr, nw.Expr]:
    """Return quotient and remainder, a few bits of one factor at a time, the highest first."""
    zero = nw.lit(0, nw.Int64())
    whole, remainder, left = sheet.let_all(zero, zero, times)

    for place in range(LARGEST.bit_length() // _BITS, -1, -1):
        step = 2 ** (_BITS * place)
        digit = sheet.let(sheet.divided(left, step))
        left, moved = sheet.let_all(left - digit * step, remainder * 2**_BITS)
        # Both are below 63 bits, their sum may not be: they are divided one by one.
        high, low = sheet.let_all(sheet.divided(moved, by), sheet.divided(digit * number, by))
        remainder = sheet.let((moved - high * by) + (digit * number - low * by))
        over = remainder >= by
        whole, remainder = sheet.let_all(
            whole * 2**_BITS + high + low + nw.when(over).then(nw.lit(1, nw.Int64())).otherwise(0),
            nw.when(over).then(remainder - by).otherwise(remainder),
        )

    return whole, remainder
