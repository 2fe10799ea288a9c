"""The reader and runner of files of worked examples."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import attrs
from cattrs import Converter

from distbilling.errors import (
    CallerError,
    CurrencyMismatch,
    InvalidFields,
    InvalidType,
    InvalidValue,
    KeyReused,
    PrecisionExceeded,
)
from distbilling.money import Currency
from distbilling.rules import fields
from distbilling.scenarios.currencies import STAND_IN
from distbilling.scenarios.files import Table, arrays_of, is_list, is_table, tables_of
from distbilling.scenarios.problems import Report
from distbilling.scenarios.table_reader import dotted, reader_of
from distbilling.scenarios.values.converter import converter_in
from distbilling.scenarios.values.error_text import shown
from distbilling.scenarios.values.spelling import spelt
from distbilling.scenarios.verbs import VERBS
from distbilling.testing.worked_examples import (
    credit_stories,
    money_stories,
    period_stories,
    rule_stories,
    split_stories,
)
from distbilling.testing.worked_examples.case import Case, CaseResult
from distbilling.testing.worked_examples.command_story import CaseOutcome
from distbilling.testing.worked_examples.command_tables import currency_in, play_in
from distbilling.testing.worked_examples.story import AnyStory

__all__ = ["cases", "check"]

_Then = TypeVar("_Then")

STORIES: dict[str, AnyStory] = (
    money_stories.STORIES
    | rule_stories.STORIES
    | split_stories.STORIES
    | credit_stories.STORIES
    | period_stories.STORIES
)
"""The stories that are not about commands, each by the key of ``when`` that asks for it."""


ERRORS = tuple(
    spelt(kind)
    for kind in (
        CurrencyMismatch,
        InvalidFields,
        InvalidType,
        InvalidValue,
        KeyReused,
        PrecisionExceeded,
    )
)
"""The errors of the caller that a case may be about, as words."""


@attrs.frozen
class _Written:
    it: str = attrs.field(validator=fields.name)
    source: str = attrs.field(validator=fields.name)
    when: Any
    then: Any
    policy: str = attrs.field(default="", validator=fields.comment)
    given: Any = attrs.field(factory=dict[str, object])


_WRITTEN = reader_of(_Written)


def cases(path: str | Path) -> tuple[Case, ...]:
    """Read the worked examples of a file, in their order.

    Raises:
        ScenarioError: the file cannot be read, holds no case, or anything in it is wrong; all
            problems are reported at once.

    Source: rulebook R49.

    >>> cases("nowhere.toml")
    Traceback (most recent call last):
    distbilling.scenarios.problems.ScenarioError: nowhere.toml: cannot be read:...
    """
    return cases_in(tables_of(path), Report(str(path)))


def check(path: str | Path) -> tuple[CaseResult, ...]:
    """Work out every case of a file and say how each came out.

    Raises:
        ScenarioError: the file cannot be read, holds no case, or anything in it is wrong; all
            problems are reported at once.
    """
    return tuple(case.check() for case in cases(path))


def cases_in(document: Table, report: Report) -> tuple[Case, ...]:
    """Read the worked examples from the tables of a file.

    Raises:
        ScenarioError: there is no case, or anything in them is wrong; all problems are reported at
            once.

    >>> written = {"it": "cash", "source": "R4", "then": {"rounded": "1.22"}}
    >>> asked = {"round": "1.214", "currency": "USD", "method": "away_from_zero"}
    >>> document = {"case": [written | {"when": asked}]}
    >>> [case.check().passed for case in cases_in(document, Report("ours.toml"))]
    [True]
    """
    for key in sorted(document.keys() - {"case"}):
        report.add(
            "",
            dotted(key),
            "is not known here; a file of worked examples holds [[case]] tables alone",
        )

    read = [
        _case(number, table, report) for number, table in enumerate(arrays_of(document, "case"), 1)
    ]
    report.part = ""
    if not read:
        report.add("", "case", "is missing; write at least one [[case]]")
    if report.problems:
        raise report.error
    return tuple(case for case in read if case is not None)


def _case(number: int, table: object, report: Report) -> Case | None:
    report.part = _part(number, table)
    written = _WRITTEN.read(table, converter_in(None), "", report)
    if written is None:
        return None
    for key, value in (("given", written.given), ("then", written.then)):
        if not is_table(value):
            report.add("", key, "is no table in braces, like { … }")
            return None

    when: list[object] = written.when if is_list(written.when) else [written.when]
    converter = converter_in(_currency(currency_in(written.given, when)))
    asked = [
        key
        for question in when
        if is_table(question)
        for key in question
        if key in STORIES or key in VERBS
    ]
    if asked and all(key in VERBS for key in asked):
        return _about_commands(written, when, converter, report)
    if len(asked) == len(when) == 1:
        return _about_a_rule(written, STORIES[asked[0]], when[0], converter, report)
    report.add(
        "",
        "when",
        f"asks for {', '.join(asked) or 'nothing'}; ask for one of {', '.join((*STORIES, *VERBS))}",
    )
    return None


def _about_commands(
    written: _Written, when: list[object], converter: Converter, report: Report
) -> Case | None:
    play = play_in(written.given, when, report)
    expected, error = _expected(written.then, CaseOutcome, converter, report)
    if play is None:
        return None
    find = partial(play.find, () if expected is None else expected.balances or ())
    return Case(written.it, written.source, written.policy, expected, error, find)


def _about_a_rule(
    written: _Written, story: AnyStory, when: object, converter: Converter, report: Report
) -> Case | None:
    question = story.asked.read(
        {**written.given, **cast("Table", when)}, converter, "", report, within="when"
    )
    expected, error = _expected(written.then, story.then, converter, report)
    find = partial(story.find, question)
    return Case(written.it, written.source, written.policy, expected, error, find)


def _expected(
    then: Table, kind: type[_Then], converter: Converter, report: Report
) -> tuple[_Then | None, str | None]:
    """Return what is to come out, and the word for the error that is to be raised, if any."""
    if not then:
        report.add("", "then", "checks nothing; name what is to come out")
    error = then.get("error")
    figures = {key: value for key, value in then.items() if key != "error"}
    if error is not None and (error not in ERRORS or figures):
        report.add("", "then.error", f"stands alone, and is one of {', '.join(ERRORS)}")
    return reader_of(kind).read(figures, converter, "", report, within="then"), error


def _currency(code: object) -> Currency | None:
    """Return the currency of a code; a stand-in for a wrong one, which is reported elsewhere."""
    try:
        return None if code is None else Currency(code)  # type: ignore[arg-type]
    except CallerError:
        return STAND_IN


def _part(number: int, table: object) -> str:
    it = table.get("it") if is_table(table) else None
    return f"case {shown(it)}" if type(it) is str else f"case {number}"
