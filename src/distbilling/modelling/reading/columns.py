"""The columns of a frame of transactions, their types, and the kinds of transactions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import narwhals.stable.v2 as nw
from narwhals.dtypes import DType

from distbilling.choices import Choice
from distbilling.errors import CallerError, InvalidType, InvalidValue, raise_all
from distbilling.rules.ledger.journal import EntryKind

__all__ = [
    "AMENDMENTS",
    "AMOUNTS",
    "CASH",
    "CORRECTION",
    "KINDS",
    "OPTIONAL",
    "REQUIRED",
    "REVERSALS",
    "TRADES",
    "check_columns",
    "kind_number",
]

REQUIRED: Final = ("transaction", "distributor", "kind", "at", "amount")
OPTIONAL: Final = (
    "currency",
    "product",
    "batch",
    "items",
    "tax",
    "discount",
    "customer_since",
    "original",
)
AMOUNTS: Final = ("amount", "tax", "discount")

TRADES: Final[tuple[str, ...]] = (EntryKind.SALE.value, EntryKind.PAYMENT.value)
"""On what commission is earned."""
REVERSALS: Final[tuple[str, ...]] = (
    EntryKind.REFUND.value,
    EntryKind.VOID.value,
    EntryKind.CHARGEBACK.value,
)
"""What gives back a sale or payment, or part of it."""
CORRECTION: Final[str] = EntryKind.CORRECTION.value
AMENDMENTS: Final[tuple[str, ...]] = (*REVERSALS, CORRECTION)
"""What amends an original: reverses it, or corrects it."""
CASH: Final[tuple[str, ...]] = (
    EntryKind.REMITTANCE.value,
    EntryKind.COMMISSION.value,
    EntryKind.OPENING_BALANCE.value,
)
"""What concerns one distributor alone, and earns nothing."""
KINDS: Final[tuple[str, ...]] = (*TRADES, *AMENDMENTS, *CASH)
"""All kinds; the place of one is its number."""


class _Holds(Choice):
    KEYS = "whole numbers or text"
    TEXT = "text"
    INSTANTS = "datetimes with a time zone, or whole microseconds since 1970 UTC"
    AMOUNTS = "whole minor units (or of the decimals you declare), decimals or text"
    NUMBERS = "whole numbers"


_HOLD: Final = {
    "transaction": _Holds.KEYS,
    "original": _Holds.KEYS,
    "at": _Holds.INSTANTS,
    "customer_since": _Holds.INSTANTS,
    "items": _Holds.NUMBERS,
    **dict.fromkeys(AMOUNTS, _Holds.AMOUNTS),
    **dict.fromkeys(("distributor", "kind", "currency", "product", "batch"), _Holds.TEXT),
}


def check_columns(schema: Mapping[str, DType], required: Iterable[str] = REQUIRED) -> None:
    """Refuse a frame that lacks a column, or has one that cannot hold what it is for.

    A column of nulls alone, whose type nothing tells, is one that nobody filled in.

    Raises:
        InvalidValue, InvalidType, InvalidFields: a column is missing, or has the wrong type; a
            float is never an amount.

    >>> check_columns({"amount": nw.Float64(), "kind": nw.String()}, ("kind", "amount"))
    Traceback (most recent call last):
    distbilling.errors.InvalidType: amount: Float64 (Float64) is not accepted; give exact ...
    """
    problems: list[CallerError] = [
        InvalidValue(name, None, f"a column of {_HOLD[name].value}")
        for name in required
        if name not in schema
    ]
    given = {name: holds for name, holds in _HOLD.items() if name in schema}
    problems += (
        _problem(name, schema[name], holds)
        for name, holds in given.items()
        if not _can_hold(schema[name], holds)
    )

    keys = [schema[name] for name, holds in given.items() if holds is _Holds.KEYS]
    keys = [key for key in keys if _can_hold(key, _Holds.KEYS)]
    if len({key.is_integer() for key in keys}) > 1:
        accepted = f"a column of the type of transaction, {schema['transaction']}"
        problems.append(InvalidType("original", schema["original"], accepted))
    raise_all(problems)


def kind_number(kinds: tuple[str, ...]) -> nw.Expr:
    """Return the number of each row's kind, which is one of these."""
    numbers = {kind: nw.lit(KINDS.index(kind), nw.Int64()) for kind in kinds}
    _, number = numbers.popitem()
    for kind, own in numbers.items():
        number = nw.when(nw.col("kind") == kind).then(own).otherwise(number)
    return number


def _can_hold(dtype: DType, holds: _Holds) -> bool:
    match holds:
        case _Holds.KEYS:
            return _is_whole(dtype) or _is_text(dtype)
        case _Holds.TEXT:
            return _is_text(dtype)
        case _Holds.INSTANTS:
            return _is_whole(dtype) or (
                isinstance(dtype, nw.Datetime) and dtype.time_zone is not None
            )
        case _Holds.AMOUNTS:
            return _is_whole(dtype) or dtype.is_decimal() or _is_text(dtype)
        case _Holds.NUMBERS:
            return _is_whole(dtype)


def _problem(name: str, dtype: DType, holds: _Holds) -> InvalidType:
    accepted = holds.value

    if holds is _Holds.AMOUNTS and dtype.is_float():
        accepted = (
            "exact amounts: read the column as text or decimal from its source, for a float has "
            "lost cents already; rounding it here would hide which"
        )
    elif dtype.is_integer():
        accepted += "; cast it to Int64, or keys that are too large for that to text"
    elif dtype.is_float():
        accepted += (
            ": pandas made floats of a column with gaps; read it with dtype='Int64', "
            "or give transactions.convert_dtypes() if none is above 2**53"
        )
    elif isinstance(dtype, nw.Datetime):
        accepted += ": attach the zone that these clock readings are of"

    return InvalidType(name, dtype, accepted)


def _is_whole(dtype: DType) -> bool:
    """Tell whether all values of a type fit 64 bits with a sign."""
    return dtype.is_integer() and not isinstance(dtype, nw.UInt64 | nw.Int128 | nw.UInt128)


def _is_text(dtype: DType) -> bool:
    return isinstance(dtype, nw.String | nw.Categorical | nw.Enum)
