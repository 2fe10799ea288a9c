"""A story in the words of its readers: its steps, its statements, and a check of the books."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from distbilling.cli.page import Page
from distbilling.cli.run.story import NewBalance, Story, StoryStep
from distbilling.documents import statement_document
from distbilling.language.catalogue import sentence
from distbilling.language.formats import instant_text
from distbilling.rules.deciding.decision import Accepted, Refused
from distbilling.rules.ledger.accounts import AccruedCommission, DistributorLedger
from distbilling.rules.ledger.journal import Entry

__all__ = ["write_story"]

_INDENT = 4


def write_story(story: Story, page: Page, locale: str | None = None) -> None:
    """Write the story: step by step, then the statements, then the check.

    Each step and statement is in the language, formats and zone of the distributor it concerns; a
    step that concerns none, in those of the file's first distributor. With a ``locale`` everything
    is in that one.
    """
    words = locale or story.locale
    page.line(story.scenario.title, "bold")
    if story.scenario.source:
        page.line(sentence("Source: {source}", words, source=story.scenario.source), "dim")
    for played in story.steps:
        page.line()
        _write_step(played, page, locale or played.locale)
    for statement in story.statements:
        page.line()
        page.statement(statement_document(statement, locale=locale))
    page.line()
    _write_check(story, page, words)


def _write_step(played: StoryStep, page: Page, words: str) -> None:
    command, title = played.step.command, played.step.it
    explanation = command.explain(words)
    page.line(title or explanation, "bold", indent=_INDENT, label=f"{played.number} ")
    at = instant_text(command.at.in_timezone(played.zone), words)
    circumstances = [at, command.by.explain(words), *([explanation] if title else [])]
    page.line(" · ".join(circumstances), "dim", indent=_INDENT)

    for text, style in _decision(played, words):
        page.line(text, style, indent=_INDENT)
    for balance in played.balances:
        page.line(_balance(balance, words), indent=_INDENT)
    for difference in played.differences:
        text = sentence("Not as expected: {difference}", words, difference=str(difference))
        page.line(text, "bold red", indent=_INDENT)


def _decision(played: StoryStep, words: str) -> Iterator[tuple[str, str]]:
    """Yield what was decided and why, line by line, each with its style."""
    match played.decision:
        case Accepted(entry=entry, over_limit=over_limit, notices=notices):
            for text in _reasons(entry, words):
                yield text, "green"
            if over_limit is not None:
                why = over_limit.explain(words)
                yield sentence("Over the limit: {why}", words, why=why), "yellow"
            for notice in notices:
                yield sentence("Notice: {why}", words, why=notice.explain(words)), "yellow"
        case Refused(reason=reason):
            yield sentence("Refused: {why}", words, why=reason.explain(words)), "red"
        case _:
            assert_never(played.decision)


def _reasons(entry: Entry | None, words: str) -> Iterator[str]:
    """Yield that something was accepted, and how each level of the chain came by its share."""
    split = None if entry is None else entry.split
    if split is None:
        yield sentence("Accepted.", words)
        return
    for share in split.shares:
        why = split.explain_share(share.distributor, words)
        whose = f"{share.distributor}: " if len(split.shares) > 1 else ""
        yield sentence("Accepted: {why}", words, why=f"{whose}{why}")


def _balance(balance: NewBalance, words: str) -> str:
    match balance.ledger:
        case DistributorLedger(name):
            owed = balance.owed.format(words, exact=True)
            return sentence("{distributor} now owes {owed}.", words, distributor=name, owed=owed)
        case AccruedCommission(name):
            accrued = (-balance.owed).format(words, exact=True)
            return sentence(
                "Commission to be credited to {distributor}: {accrued}.",
                words,
                distributor=name,
                accrued=accrued,
            )
        case _:
            assert_never(balance.ledger)


def _write_check(story: Story, page: Page, words: str) -> None:
    text = sentence("Check: {told}", words, told=" ".join(_check(story, words)))
    page.line(text, "bold green" if story.is_sound else "bold red")


def _check(story: Story, words: str) -> Iterator[str]:
    audit = story.audit
    if audit.off:
        yield sentence(
            "{count} entries, which do not sum to zero but to {amounts}.",
            words,
            count=audit.entries,
            amounts=", ".join(amount.format(words, exact=True) for amount in audit.off),
        )
    else:
        yield sentence("{count} entries, which sum to zero.", words, count=audit.entries)

    if not audit.differing:
        yield sentence("The balances rebuilt from the journal equal the books.", words)
    for differing in audit.differing:
        yield sentence(
            "{ledger}: the journal gives {rebuilt}, the books say {kept}.",
            words,
            ledger=str(differing.ledger),
            rebuilt=differing.rebuilt.format(words, exact=True),
            kept=differing.kept.format(words, exact=True),
        )

    if story.expectations:
        yield sentence(
            "{met} of {count} expectations met.",
            words,
            met=story.expectations_met,
            count=story.expectations,
        )
