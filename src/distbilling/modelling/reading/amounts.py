"""Amounts, however they are written, as whole minor units."""

from __future__ import annotations

from typing import Any, Final

import attrs
import narwhals.stable.v2 as nw
from narwhals.dtypes import DType

from distbilling.errors import InvalidType, InvalidValue
from distbilling.modelling.engines import Engine

__all__ = ["DECIMALS_OF_TEXT", "in_minor_units"]

DECIMALS_OF_TEXT: Final = 6
"""How many decimals an amount may have that is written as text."""
_MOST_DECIMALS: Final = 9
_WRITTEN: Final = rf"^-?[0-9]{{1,12}}(\.[0-9]{{1,{DECIMALS_OF_TEXT}}})?$"
_MINOR: Final = "digits"
_LARGEST: Final = 2**63 - 1


@attrs.frozen
class _Scaled:
    """An amount as whole units of so many decimals; None where the units are minor ones already."""

    units: nw.Expr
    decimals: int | None


def in_minor_units(  # noqa: PLR0913 - each is a fact of its own
    engine: Engine,
    frame: nw.LazyFrame[Any],
    column: str,
    decimals: int | None,
    digits: frozenset[int],
    *,
    into: str,
) -> nw.LazyFrame[Any]:
    """Return a frame with a column of amounts in minor units beside it.

    It is null where an amount is none, or finer than a minor unit.

    Args:
        engine: holds the frame.
        frame: rows with the column.
        column: names the amounts.
        decimals: those of a column of whole numbers; None where they are minor units already.
        digits: those of the currencies; of several, the column ``digits`` has those of each row.
        into: names the column of minor units.

    Raises:
        InvalidType: the decimals are no whole number.
        InvalidValue: there are more than 9 decimals, in the column or given.

    Source: rulebook R3.

    >>> import polars as pl
    >>> from distbilling.modelling.engines import engine_of
    >>> engine = engine_of(pl.DataFrame({"amount": ["12.50", "0.005", "ten"]}))
    >>> frame = in_minor_units(
    ...     engine, engine.frame, "amount", decimals=None, digits=frozenset({2}), into="units"
    ... )
    >>> engine.rows(frame)["units"].to_list()
    [1250, None, None]
    """
    scaled = _scaled(column, frame.collect_schema()[column], decimals)
    frame = frame.with_columns(scaled.units.alias(into))
    if scaled.decimals is None or not digits:
        return frame

    first, *further = sorted(digits)
    minor = _shifted(engine, nw.col(into), scaled.decimals - first)
    for each in further:
        units = _shifted(engine, nw.col(into), scaled.decimals - each)
        minor = nw.when(nw.col(_MINOR) == each).then(units).otherwise(minor)
    return frame.with_columns(minor.alias(into))


def _scaled(column: str, dtype: DType, decimals: int | None) -> _Scaled:
    amount = nw.col(column)
    if dtype.is_integer():
        if decimals is not None:
            _check(column, decimals)
        return _Scaled(amount.cast(nw.Int64()), decimals)
    if isinstance(dtype, nw.Decimal):
        scale = dtype.scale
        _check(column, scale)
        most = _LARGEST // 10**scale
        held = nw.when((amount < most) & (amount > -most)).then(amount)
        return _Scaled((held * 10**scale).cast(nw.Int64()), scale)

    written = nw.when(amount.str.contains(_WRITTEN)).then(amount)
    whole = written.str.replace_all(r"[-]|\..*$", "").cast(nw.Int64())
    parts = nw.concat_str(written.str.replace_all(r"^[^.]*\.?", ""), nw.lit("0" * DECIMALS_OF_TEXT))
    units = whole * 10**DECIMALS_OF_TEXT + parts.str.slice(0, DECIMALS_OF_TEXT).cast(nw.Int64())
    signed = nw.when(written.str.starts_with("-")).then(-units).otherwise(units)
    return _Scaled(signed, DECIMALS_OF_TEXT)


def _shifted(engine: Engine, units: nw.Expr, decimals: int) -> nw.Expr:
    """Return units of so many decimals more than the minor unit as minor units.

    Null where that leaves a part of one.
    """
    if decimals <= 0:
        return nw.when(units.abs() <= _LARGEST // 10**-decimals).then(units * 10**-decimals)
    step = 10**decimals
    magnitude = units.abs()
    whole = engine.whole_division(magnitude, step)
    minor = nw.when(units < 0).then(-whole).otherwise(whole)
    return nw.when(whole * step == magnitude).then(minor)


def _check(column: str, decimals: int) -> None:
    accepted = (
        f"at most {_MOST_DECIMALS} decimals, for example a decimal of 18 digits, 4 of them decimals"
    )
    if type(decimals) is not int:
        raise InvalidType("decimals", decimals, f"a whole number from 0 to {_MOST_DECIMALS}")
    if not 0 <= decimals <= _MOST_DECIMALS:
        raise InvalidValue(column, decimals, accepted)
