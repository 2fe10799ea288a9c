"""How tests run: Hypothesis profiles, a hostile host on request, files spread, examples of the docs."""

from __future__ import annotations

import decimal
import doctest
import os

import pytest
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
        help="run everything as in a host whose decimal context has so few digits (and rounds towards the floor)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Set the ambient decimal context, and spread files over processes."""
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
    return f"host: decimal prec={context.prec} {context.rounding}, TZ={zone}, LC_ALL={locale}; examples: {examples}"
