"""What is said of each step, and of the whole, in the reader's words?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from distbilling.cli.page import Page
from distbilling.cli.story import Moved, Story, StoryStep
from distbilling.documents import statement_document
from distbilling.language.catalogue import sentence
from distbilling.language.formats import instant_text
from distbilling.rules.deciding.decision import Accepted, Refused
from distbilling.rules.ledger.accounts import AccruedCommission, DistributorLedger
from distbilling.rules.ledger.journal import Entry

__all__ = ["tell"]

_INDENT = 4


def tell(story: Story, page: Page, locale: str | None = None) -> None:
    """Write the story: step by step, then the statements, then the check.

    Each step and statement is in the language, formats and zone of the distributor it concerns,
    what concerns none in those of the file's first distributor; with a ``locale`` everything is in
    that one.
    """
    words = locale or story.locale
    page.line(story.scenario.title, "bold")
    if story.scenario.source:
        page.line(sentence("Source: {source}", words, source=story.scenario.source), "dim")
    for step in story.steps:
        page.line()
        _tell_step(step, page, locale or step.locale)
    for statement in story.statements:
        page.line()
        page.statement(statement_document(statement, locale=locale))
    page.line()
    _tell_check(story, page, words)


def _tell_step(told: StoryStep, page: Page, words: str) -> None:
    command = told.step.command
    deed = command.explain(words)
    page.line(told.step.it or deed, "bold", indent=_INDENT, label=f"{told.number} ")
    circumstances = [
        instant_text(command.at.in_timezone(told.zone), words),
        command.by.explain(words),
    ]
    circumstances += [deed] if told.step.it else []
    page.line(" · ".join(circumstances), "dim", indent=_INDENT)
    match told.decision:
        case Accepted(entry=entry, over_limit=over_limit, notices=notices):
            for why in _reasons(entry, words):
                page.line(why, "green", indent=_INDENT)
            if over_limit is not None:
                why = over_limit.explain(words)
                page.line(
                    sentence("Over the limit: {why}", words, why=why), "yellow", indent=_INDENT
                )
            for notice in notices:
                why = notice.explain(words)
                page.line(sentence("Notice: {why}", words, why=why), "yellow", indent=_INDENT)
        case Refused(reason=reason):
            why = reason.explain(words)
            page.line(sentence("Refused: {why}", words, why=why), "red", indent=_INDENT)
        case _:
            assert_never(told.decision)
    for moved in told.moved:
        page.line(_balance(moved, words), indent=_INDENT)
    for difference in told.differences:
        page.line(
            sentence("Not as expected: {difference}", words, difference=str(difference)),
            "bold red",
            indent=_INDENT,
        )


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


def _balance(moved: Moved, words: str) -> str:
    match moved.ledger:
        case DistributorLedger(name):
            owed = moved.owed.format(words, exact=True)
            return sentence("{distributor} now owes {owed}.", words, distributor=name, owed=owed)
        case AccruedCommission(name):
            accrued = (-moved.owed).format(words, exact=True)
            return sentence(
                "Commission to be credited to {distributor}: {accrued}.",
                words,
                distributor=name,
                accrued=accrued,
            )
        case _:
            assert_never(moved.ledger)


def _tell_check(story: Story, page: Page, words: str) -> None:
    audit = story.audit
    said: list[str] = []
    if audit.off:
        amounts = ", ".join(amount.format(words, exact=True) for amount in audit.off)
        said.append(
            sentence(
                "{count} entries, which do not sum to zero but to {amounts}.",
                words,
                count=audit.entries,
                amounts=amounts,
            )
        )
    else:
        said.append(sentence("{count} entries, which sum to zero.", words, count=audit.entries))
    if not audit.differing:
        said.append(sentence("The balances rebuilt from the journal equal the books.", words))
    said += [
        sentence(
            "{ledger}: the journal gives {rebuilt}, the books say {kept}.",
            words,
            ledger=str(differs.ledger),
            rebuilt=differs.rebuilt.format(words, exact=True),
            kept=differs.kept.format(words, exact=True),
        )
        for differs in audit.differing
    ]
    if story.expectations:
        met = sentence(
            "{met} of {count} expectations met.",
            words,
            met=story.expectations_met,
            count=story.expectations,
        )
        said.append(met)
    page.line(
        sentence("Check: {told}", words, told=" ".join(said)),
        "bold green" if story.is_sound else "bold red",
    )
