"""How tests run: Hypothesis profiles, a hostile host, files spread, examples of the docs."""

from __future__ import annotations

import decimal
import doctest
import os
from typing import Any

import pytest
from babel import localedata
from babel.dates import parse_pattern as date_pattern
from babel.numbers import parse_pattern as number_pattern
from hypothesis import HealthCheck, settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

_SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.differing_executors]

settings.register_profile(
    "default", database=None, deadline=None, print_blob=True, suppress_health_check=_SLOW_IS_FINE
)
settings.register_profile("short", settings.get_profile("default"), max_examples=20)
settings.register_profile(
    "mutation", settings.get_profile("default"), max_examples=25, derandomize=True
)
settings.register_profile("exhaustive", settings.get_profile("default"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _writing(point: str, group: str, amount: str, percent: str, **others: object) -> dict[str, Any]:
    return {
        "number_symbols": {"latn": {"decimal": point, "group": group, "percentSign": "%"}},
        "currency_formats": {"standard": number_pattern(amount)},
        "percent_formats": {None: number_pattern(percent)},
        "datetime_formats": {"medium": "{1}, {0}"},
        **others,
    }


def _dates(day: str, clock: str) -> dict[str, Any]:
    return {
        "date_formats": {"medium": date_pattern(day)},
        "time_formats": {
            "medium": date_pattern(clock),
            "short": date_pattern(clock.replace(":ss", "")),
        },
    }


_SYMBOLS = {"CHF": "CHF", "EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "KWD": "KWD"}
_FROZEN = {
    "en": _writing(
        *(".", ",", "¤#,##0.00", "#,##0%"),
        currency_symbols=_SYMBOLS | {"NZD": "NZ$", "USD": "$"},
        datetime_skeletons={
            "MMM": date_pattern("MMM"),
            "MMMd": date_pattern("MMM d"),
            "y": date_pattern("y"),
        },
        months={"format": {"abbreviated": dict(enumerate(_MONTHS, start=1))}},
        day_periods={"format": {"abbreviated": {"am": "AM", "pm": "PM"}}},
        **_dates("MMM d, y", "h:mm:ss\u202fa"),
    ),
    "en_GB": _writing(
        *(".", ",", "¤#,##0.00", "#,##0%"),
        currency_symbols={"USD": "US$"},
        datetime_skeletons={"MMMd": date_pattern("d MMM")},
        months={"format": {"abbreviated": dict(enumerate(_MONTHS, start=1))}},
        **_dates("d MMM y", "HH:mm:ss"),
    ),
    "de": _writing(
        *(",", ".", "#,##0.00\xa0¤", "#,##0\xa0%"),
        currency_symbols=_SYMBOLS | {"USD": "$"},
        **_dates("dd.MM.y", "HH:mm:ss"),
    ),
    "en_IN": _writing(".", ",", "¤#,##,##0.00", "#,##0%"),
    "hi_IN": _writing(".", ",", "¤#,##,##0.00", "#,##0%", currency_symbols=_SYMBOLS | {"USD": "$"}),
    "de_CH": _writing(".", "’", "¤\xa0#,##0.00;¤-#,##0.00", "#,##0%"),
}
"""How examples write figures, whatever Babel's release: as CLDR 48 does in these locales.

Every other locale is compared with what Babel says of it.
"""

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS), SkipParser()],
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
).pytest()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run prove that the host's decimal context does not matter."""
    parser.addoption(
        "--host-decimal-precision",
        type=int,
        metavar="DIGITS",
        help="run as in a host whose decimals have so few digits and are rounded towards the floor",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Set the formats of examples and the decimal context; spread files over processes."""
    for locale, writing in _FROZEN.items():
        localedata.merge(localedata.load(locale), writing)
    digits: int | None = config.getoption("--host-decimal-precision")
    if digits is not None:
        # Of this thread, and of those that start later.
        for context in (decimal.DefaultContext, decimal.getcontext()):
            context.prec = digits
            context.rounding = decimal.ROUND_FLOOR

    if config.getoption("dist", "no") == "load":
        # The examples of a page go on from the ones before them: a file stays in one process. Files
        # keep their order, so that the many small ones come last and all processes end together.
        config.option.dist = "loadfile"
        config.option.loadscopereorder = False


def pytest_report_header() -> str:
    """Say under which host the suite runs."""
    context = decimal.getcontext()
    zone, locale = os.environ.get("TZ", "unset"), os.environ.get("LC_ALL", "unset")
    examples = settings.get_current_profile_name()
    decimals = f"decimal prec={context.prec} {context.rounding}"
    return f"host: {decimals}, TZ={zone}, LC_ALL={locale}; examples: {examples}"
