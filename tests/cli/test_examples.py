"""Do the stories in examples/ come out with the figures that they tell?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from distbilling import Money
from distbilling.cli import main
from distbilling.cli.story import Story, play_story
from distbilling.rules.decision import Refused

HOUSE = Path(__file__).parents[2]
HANDBOOK = HOUSE / "examples/handbook.toml"
MONTH = HOUSE / "examples/month_in_another_language.toml"
GOLDEN = Path(__file__).parent / "handbook.json"


def _owed(story: Story) -> list[str]:
    return [moved.owed.format("en", exact=True) for told in story.steps for moved in told.moved]


@pytest.mark.parametrize("file", sorted((HOUSE / "examples").glob("*.toml")), ids=lambda file: file.stem)
def test_a_story_is_sound_and_every_command_of_it_says_what_it_expects(file):
    story = play_story(file)
    assert story.is_sound
    unexpected = [told.number for told in story.steps if told.step.it and told.step.expectation is None]
    assert not unexpected
    assert story.expectations == story.expectations_met > 0


def test_the_handbook_owes_the_figures_of_the_handbook():
    assert _owed(play_story(HANDBOOK)) == ["$8.50", "$0.00", "$9.00", "$900.00", "$900.01", "$0.00"]


def test_the_handbook_warns_at_900_01_and_not_at_900_00():
    warned = [(told.step.it, told.messages) for told in play_story(HANDBOOK).steps if told.messages]
    assert [(it, message.subject) for it, (message,) in warned] == [
        ("One cent more, and Hudson is warned", "Hudson Phones: your balance has passed $900.00")
    ]


def test_the_handbook_refuses_the_administrators_form_and_the_did_number():
    refused = [
        type(told.decision.reason).__name__ for told in play_story(HANDBOOK).steps if isinstance(told.decision, Refused)
    ]
    assert refused == ["NumberInInventory", "Denied"]


def test_the_handbooks_march_closes_at_900_01_and_april_opens_with_it():
    march, april = play_story(HANDBOOK).statements
    figures = (march.opening, march.collected, march.sales, march.commission, march.remitted, march.closing)
    assert figures == tuple(Money(text, "USD") for text in ("0", "1000.01", "10.00", "101.50", "8.50", "900.01"))
    assert april.opening == march.closing
    assert april.closing.is_zero


def test_the_handbook_is_told_in_new_york_time(capsys):
    assert main(["run", str(HANDBOOK)]) == 0
    told = capsys.readouterr().out.replace("\u202f", " ")
    assert "Mar 9, 2026, 4:45:00 PM · hudson (distributor) · record a payment of $10.00 from brown" in told
    assert "Accepted: 15% (default sales commission) of $10.00 is $1.50: earned $1.50, owed $8.50." in told
    assert "Notice: hudson owes $900.01 and has crossed the warning threshold of $900.00." in told
    assert "Refused: A distributor may not create accounts with the administrator's form (R28)." in told
    assert "Mar 1, 2026 – Mar 31, 2026 (time zone America/New_York)" in told
    assert told.endswith(
        "Check: 6 entries, which sum to zero. The balances rebuilt from the journal equal the books. "
        "11 of 11 expectations met.\n"
    )


def test_the_month_owes_what_an_accountant_gets():
    assert _owed(play_story(MONTH)) == [
        "CHF44.00",
        "CHF593.00",
        "CHF0.00",
        "¥3,100",
        "CHF1,098.00",
        "CHF1,647.50",
        "CHF2,059.25",
        "CHF559.25",
        "CHF603.25",
        "CHF621.55",
    ]


def test_the_month_has_a_statement_for_each_half_and_one_in_yen():
    closed = [
        (
            statement.distributor.id,
            statement.period.first_day.day,
            statement.period.last_day.day,
            repr(statement.closing),
        )
        for statement in play_story(MONTH).statements
    ]
    assert closed == [
        ("alpenfunk", 1, 15, "Money('0.00', 'CHF')"),
        ("alpenfunk", 16, 31, "Money('621.55', 'CHF')"),
        ("sakura", 1, 31, "Money('3100', 'JPY')"),
    ]


def test_the_month_is_told_in_german_with_swiss_figures(capsys):
    assert main(["run", str(MONTH)]) == 0
    told = capsys.readouterr().out.replace("\xa0", " ")
    assert (
        "17.03.2026, 16:00:00 · alpenfunk (Vertriebspartner) · Zahlung von CHF 1’200.00 von bergbahn erfassen" in told
    )
    assert "kaufmännisch auf CHF 51.05 gerundet: verdient CHF 51.05, geschuldet CHF 549.50." in told
    assert "Über dem Limit: alpenfunk schuldet CHF 2’059.25, mehr als das Kreditlimit von CHF 2’000.00." in told
    assert (
        "Abgelehnt: alpenfunk ist gesperrt: geschuldet sind CHF 2’059.25 bei einem Kreditlimit von CHF 2’000.00."
        in told
    )
    assert "Meldung: alpenfunk schuldet CHF 559.25, weniger als das Kreditlimit von CHF 2’000.00" in told
    assert "16.03.2026 – 31.03.2026 (Zeitzone Europe/Zurich)" in told
    assert "Endsaldo        CHF 621.55" in told
    assert "Mar 1, 2026 – Mar 31, 2026 (time zone Asia/Tokyo)" in told


def test_one_locale_for_everything_may_be_chosen(capsys):
    assert main(["run", str(MONTH), "--locale", "en_GB"]) == 0
    told = capsys.readouterr().out
    assert "17 Mar 2026, 16:00:00 · alpenfunk (distributor) · record a payment of CHF1,200.00 from bergbahn" in told
    assert "Abrechnung" not in told


def test_the_report_for_machines_is_the_one_that_was_agreed(capsys):
    assert main(["run", str(HANDBOOK), "--json"]) == 0
    told = capsys.readouterr().out
    assert told == GOLDEN.read_text("utf-8")
    assert json.loads(told)["check"]["sound"] is True
