"""Books that are wrong are noticed, and said so."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from distbilling import Money
from distbilling.adapters.memory import MemoryRepository
from distbilling.cli.page import Page
from distbilling.cli.run.narrative import write_story
from distbilling.cli.run.report import report_of
from distbilling.cli.run.story import Story, play_story
from distbilling.rules.ledger.accounts import (
    CustomerLedger,
    DistributorLedger,
    PrepaidFunds,
    ProviderCash,
)
from distbilling.rules.ledger.audit import audit
from distbilling.rules.ledger.journal import Entry, Posting

HANDBOOK = Path(__file__).parents[2] / "examples/handbook.toml"


class _Forgetful(MemoryRepository):
    """Loses the last entry of its journal."""

    def journal(self):
        yield from list(super().journal())[:-1]


class _Falsified(MemoryRepository):
    """Hands out a journal in which one cent has appeared from nowhere."""

    def journal(self):
        for entry in super().journal():
            first, *others = entry.postings
            if isinstance(first.ledger, CustomerLedger) and entry.key == "command-8":
                cent = Money("0.01", "USD")
                object.__setattr__(
                    entry, "postings", (attrs.evolve(first, adds=first.adds + cent), *others)
                )
            yield entry


def _told(story: Story, capsys: pytest.CaptureFixture[str]) -> str:
    write_story(story, Page(sys.stdout))
    return capsys.readouterr().out


def test_a_lost_entry_shows_as_a_balance_that_differs(capsys):
    story = play_story(HANDBOOK, _Forgetful({"12125550199"}))
    assert not story.is_sound
    assert [
        (str(differing.ledger), str(differing.kept), str(differing.rebuilt))
        for differing in story.audit.differing
    ] == [("distributor:hudson", "$0.00", "$900.01")]
    assert "distributor:hudson: the journal gives $900.01, the books say $0.00." in _told(
        story, capsys
    )
    check = report_of(story)["check"]
    assert check["sound"] is False
    assert check["differing_balances"] == [
        {
            "ledger": "distributor:hudson",
            "kept": {"amount": "0.00", "currency": "USD"},
            "rebuilt": {"amount": "900.01", "currency": "USD"},
        }
    ]


def test_a_cent_from_nowhere_shows_as_a_sum_that_is_not_zero(capsys):
    story = play_story(HANDBOOK, _Falsified({"12125550199"}))
    assert not story.is_sound
    assert story.audit.off
    output = _told(story, capsys)
    assert "6 entries, which do not sum to zero but to $" in output
    assert "The balances rebuilt from the journal equal the books" not in output
    assert report_of(story)["check"]["off_zero"][0]["currency"] == "USD"


@pytest.mark.parametrize(
    "ledger", [DistributorLedger("nobody"), CustomerLedger("nobody"), PrepaidFunds("nobody")]
)
def test_a_party_that_is_in_the_journal_alone_differs(ledger):
    class Haunted(MemoryRepository):
        def journal(self) -> Iterator[Entry]:
            amount = Money("5.00", "USD")
            for entry in list(super().journal())[:1]:
                yield attrs.evolve(
                    entry, postings=(Posting(ledger, amount), Posting(ProviderCash(), -amount))
                )

    kept = Haunted({"12125550199"})
    play_story(HANDBOOK, kept)
    assert [
        (str(differing.kept), str(differing.rebuilt))
        for differing in audit(kept.journal(), kept.balance).differing
        if differing.ledger == ledger
    ] == [("$0.00", "$5.00")]
