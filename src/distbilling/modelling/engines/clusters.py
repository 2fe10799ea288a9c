"""Frames of Spark, worked on in their own session."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import attrs
import narwhals.stable.v2 as nw
import polars as pl

from distbilling.modelling.engines.engine import Engine

__all__ = ["SparkFrame"]

_BROADCAST_ROWS: Final = 500_000
_LEAST_DIVISOR_WRONG_BY_ONE: Final = 2**11


@attrs.frozen(eq=False)
class SparkFrame(Engine):
    """A frame of Spark, classic or by Spark Connect."""

    name: ClassVar[str] = "pyspark"

    def from_rows(self, rows: pl.DataFrame) -> nw.LazyFrame[Any]:
        """Return rows that were computed here as a frame of the session, small ones broadcast."""
        given: Any = self.frame.to_native()
        sent = given.sparkSession.createDataFrame(rows.to_arrow())
        lazy: nw.LazyFrame[Any] = nw.from_native(
            sent.hint("broadcast") if rows.height <= _BROADCAST_ROWS else sent
        )
        return lazy

    def kept(self, lazy: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Compute a frame now, and leave its rows with the workers.

        They free them when nothing here refers to them any more. Persisted only, it would still be
        planned again with all that is made of it, and its steps would be computed in one task, each
        with memory of its own.
        """
        frame: Any = lazy.to_native()
        checkpoint: nw.LazyFrame[Any] = nw.from_native(frame.localCheckpoint())
        return checkpoint

    def instants(self, lazy: nw.LazyFrame[Any], *columns: str) -> nw.LazyFrame[Any]:
        """Turn columns of microseconds since 1970 UTC into instants."""
        return _replaced(lazy, "timestamp_micros", columns)

    def whole_division(self, dividend: nw.Expr, divisor: int | nw.Expr) -> nw.Expr:
        """Divide integers, of zero or more, and cut off what is left: exact up to 2**63 - 1.

        narwhals divides in doubles here: a quotient up to 2**52 is wrong by one at most. A larger
        one comes from a dividend lowered by what a double may be too high, so that no product
        overflows; what is left then is exact in a double.
        """
        if isinstance(divisor, int) and divisor >= _LEAST_DIVISOR_WRONG_BY_ONE:
            quotient = (dividend // divisor).cast(nw.Int64)
            left = dividend - (quotient - 1) * divisor
            return (
                nw.when(left < divisor)
                .then(quotient - 1)
                .when(left < 2 * divisor)
                .then(quotient)
                .otherwise(quotient + 1)
            )
        lowered = dividend - (dividend // 2**52).cast(nw.Int64)
        quotient = (lowered // divisor).cast(nw.Int64)
        left = dividend - quotient * divisor
        return quotient + (left // divisor).cast(nw.Int64)

    def _fetched(self, native: Any) -> pl.DataFrame:  # noqa: ANN401 - as the engine says
        return pl.DataFrame(native.toArrow())

    def _to_microseconds(self, lazy: nw.LazyFrame[Any], columns: list[str]) -> nw.LazyFrame[Any]:
        return _replaced(lazy, "unix_micros", columns)


def _replaced(
    lazy: nw.LazyFrame[Any], function: str, columns: tuple[str, ...] | list[str]
) -> nw.LazyFrame[Any]:
    if not columns:
        return lazy
    frame: Any = lazy.to_native()
    quoted = {name: _quoted(name) for name in frame.columns}
    parts = [
        f"{function}({text}) AS {text}" if name in columns else text
        for name, text in quoted.items()
    ]
    replaced: nw.LazyFrame[Any] = nw.from_native(frame.selectExpr(*parts))
    return replaced


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
