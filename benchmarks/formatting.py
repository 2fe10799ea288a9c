"""The cost of writing an amount in the formats of a locale, beside Babel's own function."""

from __future__ import annotations

from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency

from benchmarks.harness import Row, measured
from distbilling.money import Money

LOCALES = ("en_US", "de_DE", "hi_IN", "ar_EG")
TARGET = "8x faster than Babel"


def rows() -> list[Row]:
    """Measure an everyday amount in four locales, Babel being given its locale ready-made."""
    amount = Decimal("-1234567.89")
    return [
        measured(
            f"format in {name}",
            f"our.format({name!r})",
            {"Babel": "format_currency(amount, 'USD', locale=locale)"},
            {
                "our": Money(amount, "USD"),
                "amount": amount,
                "locale": Locale.parse(name),
                "format_currency": format_currency,
            },
            TARGET,
        )
        for name in LOCALES
    ]
