"""The program ``python -m distbilling``: its commands, its options, and its exit codes."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.metadata
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TextIO

from distbilling.cli.visible import visible
from distbilling.errors import CallerError, HostError

__all__ = ["main"]

SOUND = 0
"""Everything was played, checked or modelled, and the books agree."""
UNSOUND = 1
"""Entries do not sum to zero, balances differ, or something is not as the file expects."""
NOT_ACCEPTED = 2
"""A file, an option, an installation or an output cannot be used; a message says which and why."""
INTERRUPTED = 130
"""Somebody pressed Ctrl-C."""
NOBODY_READS = 141
"""Whatever read the output has gone, as ``head`` does."""

_ENDS = """\
ends with 0 if all is well; 1 if entries do not sum to zero, the books differ from the journal or
something is not as the file expects; 2 if a file cannot be used as it is written, which is then
told, all of it at once
"""
_FOR_MODELS = "cli,frames,plots"
_EXTRAS = {
    "rich": "cli",
    "cattrs": "cli",
    "polars": _FOR_MODELS,
    "narwhals": _FOR_MODELS,
    "altair": _FOR_MODELS,
    "vl_convert": _FOR_MODELS,
}
"""What has to be installed where a package is missing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments ask, those of the process unless given; return the exit code.

    >>> main(["run", "no-such-file.toml"])
    2
    """
    return ended(partial(_do, arguments))


def ended(task: Callable[[], int]) -> int:
    """Do a task and return the exit code, also if a file, an option, the host or the output fails.

    What failed is then written to the standard error, if there is one. Only a defect of this
    program, or of its installation, is raised as it is.

    Raises:
        SystemExit: the task ends the program itself, as ``--help`` does.

    >>> ended(lambda: SOUND)
    0
    """
    if _is_closed(sys.stderr):
        with (
            open(os.devnull, "w", encoding="utf-8") as nowhere,  # noqa: PTH123
            contextlib.redirect_stderr(nowhere),
        ):
            return ended(task)
    if _is_closed(sys.stdout):
        return _complain("the output cannot be written: it is closed", NOT_ACCEPTED)
    try:
        try:
            code = task()
        finally:
            sys.stdout.flush()
    except (CallerError, HostError) as failure:
        return _complain(str(failure), UNSOUND if isinstance(failure, HostError) else NOT_ACCEPTED)
    except ModuleNotFoundError as failure:
        package = (failure.name or "").partition(".")[0]
        if package not in _EXTRAS:
            raise
        extras = _EXTRAS[package]
        needed = f'the command line needs it: pip install "distbilling[{extras}]"'
        return _complain(f"{package} is not installed; {needed}", NOT_ACCEPTED)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    except BrokenPipeError:
        _let_go(sys.stdout)
        return NOBODY_READS
    except OSError as failure:
        _let_go(sys.stdout)
        problem = f"the output cannot be written: {failure.strerror or failure}"
        return _complain(problem, NOT_ACCEPTED)

    return code


def _do(arguments: Sequence[str] | None) -> int:
    chosen = _parser().parse_args(arguments)
    task: Callable[[argparse.Namespace], int] = chosen.do
    return task(chosen)


def _run(chosen: argparse.Namespace) -> int:
    from distbilling.cli.page import Page
    from distbilling.cli.run.narrative import write_story
    from distbilling.cli.run.report import report_of
    from distbilling.cli.run.story import play_story
    from distbilling.language.formats import locale_named

    if chosen.locale is not None:
        locale_named(chosen.locale)
    story = play_story(chosen.file)
    if chosen.json:
        _written_as("utf-8", "strict")
        report = json.dumps(report_of(story, chosen.locale), ensure_ascii=False, indent=2)
        sys.stdout.writelines(f"{visible(line)}\n" for line in report.split("\n"))
    else:
        _written_as(None, "replace")
        write_story(story, Page(sys.stdout), chosen.locale)
    return SOUND if story.is_sound else UNSOUND


def _check(chosen: argparse.Namespace) -> int:
    from distbilling.cli.check import work_out
    from distbilling.cli.page import Page
    from distbilling.scenarios import ScenarioError
    from distbilling.testing.worked_examples import Case, cases

    read: dict[str, Sequence[Case]] = {}
    unreadable: list[str] = []
    for file in chosen.files:
        try:
            read[file] = cases(file)
        except ScenarioError as failure:
            unreadable.append(str(failure))
    if unreadable:
        return _complain("\n".join(unreadable), NOT_ACCEPTED)
    _written_as(None, "replace")
    return SOUND if work_out(read, Page(sys.stdout)) else UNSOUND


def _model(chosen: argparse.Namespace) -> int:
    from distbilling.cli.model.model import ModelOptions, model
    from distbilling.cli.page import Page

    if not chosen.no_report:
        # Without this, the work would be done before a package is missed.
        for package in ("altair", "vl_convert"):
            importlib.import_module(package)
    _written_as(None, "replace")
    options = ModelOptions(
        transactions=chosen.transactions,
        book=chosen.book,
        folder=chosen.out,
        locale=chosen.locale,
        decimals=chosen.decimals,
        days=chosen.forecast,
        seed=chosen.seed,
        report=not chosen.no_report,
        replaced=chosen.replace,
    )
    model(options, Page(sys.stdout))
    return SOUND


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="distbilling",
        description="Billing of distributors: watch a story of sales and payments happen, "
        "with every figure explained.",
        epilog=_ENDS,
    )
    parser.add_argument("--version", action="version", version=_version("distbilling"))
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")

    run = tasks.add_parser(
        "run",
        help="play a file of dated commands and print what was decided, and the statements",
        description="Play a TOML file: its parties, then its dated commands in order. "
        "Prints step by step what was decided and why, then each distributor's statement for each "
        "billing period, then whether the books agree.",
        epilog=_ENDS,
    )
    run.add_argument(
        "file", metavar="FILE.toml", help="the file to play, for example examples/handbook.toml"
    )
    run.add_argument(
        "--json", action="store_true", help="print one JSON object instead, for machines"
    )
    run.add_argument(
        "--locale",
        help="words and formats to print in, such as en, de_CH or ja; "
        "each distributor's own unless given",
    )
    run.set_defaults(do=_run)

    check = tasks.add_parser(
        "check",
        help="check worked examples: do the rules still give the figures in these files?",
        description="Check TOML files of worked examples (given, when, then), "
        "and print what came out otherwise.",
        epilog=_ENDS,
    )
    check.add_argument("files", metavar="FILE.toml", nargs="+", help="files of worked examples")
    check.set_defaults(do=_check)

    model = tasks.add_parser(
        "model",
        help="model what distributors earn and owe, from a table of transactions",
        description="Settle transactions by the terms of a book of distributors. "
        "Writes what each of them earned and owes, its statements of all billing periods, "
        "its balances with every warning, and a report with charts.",
        epilog=_ENDS,
    )
    model.set_defaults(do=_model)
    _add_options(model)
    return parser


def _add_options(model: argparse.ArgumentParser) -> None:
    add = model.add_argument
    table = "Parquet or CSV, a row for each transaction"
    book = "the distributors: TOML, CSV or Parquet"
    out = "the folder to write to; it is made where there is none"
    locale = "formats of the summary and the report, such as de_CH; en unless given"
    decimals = "decimals of amounts that are whole numbers; minor units unless given"
    days = "forecast the balances of so many days, too"
    seed = "what a forecast is drawn from; 0 unless given"

    add("transactions", metavar="TRANSACTIONS", type=Path, help=table)
    add("--book", type=Path, required=True, help=book)
    add("--out", type=Path, required=True, metavar="DIR", help=out)
    add("--locale", default="en", help=locale)
    add("--decimals", type=int, metavar="N", help=decimals)
    add("--forecast", type=int, default=0, metavar="DAYS", help=days)
    add("--seed", type=int, default=0, metavar="S", help=seed)
    add(
        "--no-report", action="store_true", help="leave the report out, which needs the extra plots"
    )
    add("--replace", action="store_true", help="write the files of an earlier run anew")


def _version(distribution: str) -> str:
    """Return the version that is installed, and those on which figures and dates depend.

    >>> _version("no-such-distribution").partition(" (")[0]
    'no-such-distribution, not installed'
    """
    from distbilling.periods import iana_version

    try:
        ours = f"{distribution} {importlib.metadata.version(distribution)}"
    except importlib.metadata.PackageNotFoundError:
        ours = f"{distribution}, not installed"
    return f"{ours} (Python {platform.python_version()}, time zones {iana_version()})"


def _written_as(encoding: str | None, errors: str) -> None:
    """Set how text becomes bytes: what a terminal cannot show must not end the program."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding=encoding, errors=errors)


def _complain(message: str, code: int) -> int:
    lines = "".join(f"{visible(line)}\n" for line in message.split("\n"))
    try:
        sys.stderr.write(lines)
        sys.stderr.flush()
    except OSError:
        _let_go(sys.stderr)
    return code


def _is_closed(stream: TextIO | None) -> bool:
    """Tell whether the program was started without the stream, as ``>&-`` does."""
    return stream is None


def _let_go(stream: TextIO) -> None:
    """Turn away from a stream: what is left to be written would fail again when Python ends."""
    with contextlib.suppress(OSError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - no file
        os.dup2(nowhere.fileno(), stream.fileno())
