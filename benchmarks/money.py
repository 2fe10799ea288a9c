"""The cost of an exact amount, beside a bare Decimal and the money of other libraries."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import moneyed
import prices

from benchmarks.harness import Row, measured
from distbilling.money import Currency, Money, Percent, RoundingMethod


def rows() -> list[Row]:
    """Measure the operations that a commission is made of."""
    names: dict[str, object] = {
        "Decimal": Decimal,
        "HALF_UP": ROUND_HALF_UP,
        "HALF_AWAY": RoundingMethod.HALF_AWAY_FROM_ZERO,
        "Money": Money,
        "usd": Currency("USD"),
        "moneyed_usd": moneyed.USD,
        "moneyed": moneyed.Money,
        "prices": prices.Money,
        "number": Decimal("1234.56"),
        "other": Decimal("0.44"),
        "cent": Decimal("0.01"),
        "rate": Decimal("0.0725"),
        "percent": Percent("7.25"),
        "our": Money("1234.56", "USD"),
        "our_other": Money("0.44", "USD"),
        "their": moneyed.Money("1234.56", "USD"),
        "their_other": moneyed.Money("0.44", "USD"),
        "price": prices.Money(Decimal("1234.56"), "USD"),
        "price_other": prices.Money(Decimal("0.44"), "USD"),
        "ours": [Money("1234.56", "USD")] * 1000,
        "theirs": [moneyed.Money("1234.56", "USD")] * 1000,
        "numbers": [Decimal("1234.56")] * 1000,
    }
    return [
        measured(
            "construct from Decimal",
            "Money(number, usd)",
            {
                "Decimal": "Decimal(number)",
                "py-moneyed": "moneyed(number, moneyed_usd)",
                "prices": "prices(number, 'USD')",
            },
            names,
        ),
        measured(
            "construct from text",
            "Money('1234.56', 'USD')",
            {
                "Decimal": "Decimal('1234.56')",
                "py-moneyed": "moneyed('1234.56', 'USD')",
                "prices": "prices(Decimal('1234.56'), 'USD')",
            },
            names,
        ),
        measured(
            "add",
            "our + our_other",
            {
                "Decimal": "number + other",
                "py-moneyed": "their + their_other",
                "prices": "price + price_other",
            },
            names,
            "2.2x faster than py-moneyed, at most 8x slower than Decimal",
        ),
        measured(
            "x 7.25 % and round",
            "percent.of(our, HALF_AWAY)",
            {
                "Decimal": "(number * rate).quantize(cent, HALF_UP)",
                "py-moneyed": "(their * rate).round(2)",
                "prices": "(price * rate).quantize(cent, HALF_UP)",
            },
            names,
            "3x faster than py-moneyed, at most 3x slower than Decimal",
        ),
        measured(
            "x 7.25 %, then round",
            "percent.of(our).rounded(HALF_AWAY)",
            {
                "Decimal": "(number * rate).quantize(cent, HALF_UP)",
                "py-moneyed": "(their * rate).round(2)",
                "prices": "(price * rate).quantize(cent, HALF_UP)",
            },
            names,
        ),
        measured(
            "equal",
            "our == our_other",
            {"Decimal": "number == other", "py-moneyed": "their == their_other"},
            names,
        ),
        measured(
            "less than",
            "our < our_other",
            {"Decimal": "number < other", "py-moneyed": "their < their_other"},
            names,
        ),
        measured(
            "sum of 1,000",
            "Money.sum(ours)",
            {"Decimal": "sum(numbers)", "py-moneyed": "sum(theirs)"},
            names,
        ),
    ]
