"""The stories in examples/ and their figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from distbilling import Money
from distbilling.cli import main
from distbilling.cli.run.story import Story, play_story
from distbilling.rules.deciding.decision import Accepted, Refused
from distbilling.rules.ledger.journal import EntryKind, balances

ROOT = Path(__file__).parents[2]
REFUNDS = ROOT / "examples/refunds.toml"
HIERARCHY = ROOT / "examples/hierarchy.toml"
HOVERING = ROOT / "examples/hovering.toml"
RATE_CHANGE = ROOT / "examples/rate_change.toml"
HANDBOOK = ROOT / "examples/handbook.toml"
MONTH = ROOT / "examples/month_in_another_language.toml"
PARTS = ("refund-1", "refund-2", "refund-3")
GOLDEN = Path(__file__).parent / "handbook.json"


def _owed(story: Story) -> list[str]:
    balances = (balance for played in story.steps for balance in played.balances)
    return [balance.owed.format("en", exact=True) for balance in balances]


def _closings(story: Story) -> list[tuple[str, int, str]]:
    """Return what each statement closes with, by distributor and month."""
    return [
        (statement.distributor.id, statement.period.last_day.month, str(statement.closing))
        for statement in story.statements
    ]


@pytest.mark.parametrize(
    "file", sorted((ROOT / "examples").glob("*.toml")), ids=lambda file: file.stem
)
def test_a_story_is_sound_and_every_command_of_it_says_what_it_expects(file):
    story = play_story(file)
    assert story.is_sound
    unexpected = [
        played.number
        for played in story.steps
        if played.step.it and played.step.expectation is None
    ]
    assert not unexpected
    assert story.expectations == story.expectations_met > 0


def test_the_handbook_owes_the_figures_of_the_handbook():
    assert _owed(play_story(HANDBOOK)) == ["$8.50", "$0.00", "$9.00", "$900.00", "$900.01", "$0.00"]


def test_the_handbook_warns_at_900_01_and_not_at_900_00():
    warned = [
        (played.step.it, played.messages)
        for played in play_story(HANDBOOK).steps
        if played.messages
    ]
    assert [(it, message.subject) for it, (message,) in warned] == [
        ("One cent more, and Hudson is warned", "Hudson Phones: your balance has passed $900.00"),
        (
            "In April the rest is handed over, and the warning is over",
            "Hudson Phones: the warning at $900.00 is over",
        ),
    ]


def test_the_handbook_refuses_the_administrators_form_and_the_did_number():
    refused = [
        type(played.decision.reason).__name__
        for played in play_story(HANDBOOK).steps
        if isinstance(played.decision, Refused)
    ]
    assert refused == ["NumberInInventory", "Denied"]


def test_the_handbooks_march_closes_at_900_01_and_april_opens_with_it():
    march, april = play_story(HANDBOOK).statements
    figures = (
        march.opening,
        march.collected,
        march.sales,
        march.commission,
        march.remitted,
        march.closing,
    )
    assert figures == tuple(
        Money(text, "USD") for text in ("0", "1000.01", "10.00", "101.50", "8.50", "900.01")
    )
    assert april.opening == march.closing
    assert april.closing.is_zero


def test_the_handbook_is_told_in_new_york_time(capsys):
    assert main(["run", str(HANDBOOK)]) == 0
    output = capsys.readouterr().out.replace("\u202f", " ")
    assert (
        "Mar 9, 2026, 4:45:00 PM · hudson (distributor) · record a payment of $10.00 from brown"
        in output
    )
    assert (
        "Accepted: 15% (default sales commission) of $10.00 is $1.50: earned $1.50, owed $8.50."
        in output
    )
    assert "Notice: hudson owes $900.01 and has crossed the warning threshold of $900.00." in output
    assert (
        "Refused: A distributor may not create accounts with the administrator's form (R28)."
        in output
    )
    assert "Mar 1, 2026 – Mar 31, 2026 (time zone America/New_York)" in output
    assert output.endswith(
        "Check: 6 entries, which sum to zero. The balances rebuilt from the journal "
        "equal the books. "
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
    output = capsys.readouterr().out.replace("\xa0", " ")
    assert (
        "17.03.2026, 16:00:00 · alpenfunk (Vertriebspartner) · Zahlung von CHF 1’200.00 "
        "von bergbahn erfassen" in output
    )
    assert (
        "kaufmännisch auf CHF 51.05 gerundet: verdient CHF 51.05, geschuldet CHF 549.50." in output
    )
    assert (
        "Über dem Limit: alpenfunk schuldet CHF 2’059.25, mehr als das Kreditlimit von "
        "CHF 2’000.00." in output
    )
    assert (
        "Abgelehnt: alpenfunk ist gesperrt: geschuldet sind CHF 2’059.25 bei einem "
        "Kreditlimit von CHF 2’000.00." in output
    )
    assert (
        "Meldung: alpenfunk schuldet CHF 559.25, weniger als das Kreditlimit von CHF 2’000.00"
        in output
    )
    assert "16.03.2026 – 31.03.2026 (Zeitzone Europe/Zurich)" in output
    assert "Endsaldo        CHF 621.55" in output
    assert "Mar 1, 2026 – Mar 31, 2026 (time zone Asia/Tokyo)" in output


def test_one_locale_for_everything_may_be_chosen(capsys):
    assert main(["run", str(MONTH), "--locale", "en_GB"]) == 0
    output = capsys.readouterr().out
    assert (
        "17 Mar 2026, 16:00:00 · alpenfunk (distributor) · record a payment of "
        "CHF1,200.00 from bergbahn" in output
    )
    assert "Abrechnung" not in output


def test_what_was_refunded_in_three_parts_leaves_nobody_owing_anything():
    sold = [
        played
        for played in play_story(REFUNDS).steps
        if played.step.command.key in {"sale-1", *PARTS}
    ]
    entries = [
        played.decision.entry
        for played in sold
        if isinstance(played.decision, Accepted) and played.decision.entry
    ]
    assert [str(entry.split.shares[0].earned) for entry in entries if entry.split] == [
        "€1.50",
        *["-€0.50"] * 3,
    ]
    left = balances(entries)
    assert {str(ledger) for ledger in left} == {
        "prepaid_funds:35391555010",
        "distributor:claddagh",
        "commission_expense",
    }
    assert not [
        ledger for ledger, purse in left.items() for owed in purse.values() if not owed.is_zero
    ]


def test_the_refunds_close_with_what_is_left_to_each_distributors_credit():
    assert _closings(play_story(REFUNDS)) == [
        ("claddagh", 5, "€0.00"),
        ("claddagh", 6, "-€45.00"),
        ("corrib", 6, "-€176.00"),
    ]


def test_a_commission_that_was_paid_out_comes_back_as_a_negative_line():
    corrib = play_story(REFUNDS).statements[-1]
    credited = [str(line.earned) for line in corrib.lines if line.kind is EntryKind.COMMISSION]
    assert credited == ["€36.00", "-€24.00"]


def test_in_the_hierarchy_every_amount_is_what_all_levels_and_the_provider_keep_of_it():
    booked = [
        played.decision.entry
        for played in play_story(HIERARCHY).steps
        if isinstance(played.decision, Accepted)
    ]
    splits = [entry.split for entry in booked if entry is not None and entry.split is not None]
    assert [len(split.shares) for split in splits] == [3, 3, 3, 3, 3, 2, 3, 2]
    for split in splits:
        assert (
            Money.sum((split.provider, *(share.earned for share in split.shares))) == split.amount
        )


def test_the_hierarchy_is_told_level_by_level_from_the_shop_to_the_top(capsys):
    assert main(["run", str(HIERARCHY)]) == 0
    output = capsys.readouterr().out
    assert (
        "    Accepted: naupada: 5% (default payment commission) of ₹333.33 is ₹16.6665, "
        "rounded half away from zero to"
        " ₹16.67: earned ₹16.67, owed ₹316.66.\n"
        "    Accepted: thane: 6% (default payment commission) of ₹333.33 is ₹19.9998, "
        "rounded half away from zero to"
        " ₹20.00: earned ₹20.00, owed ₹313.33. ₹16.67 of it goes to levels below: thane "
        "keeps ₹3.33.\n"
    ) in output
    assert (
        "    naupada now owes ₹1,716.66.\n    thane now owes ₹1,678.33.\n    konkan now "
        "owes ₹1,626.66.\n" in output
    )


def test_a_transfer_changes_what_comes_after_it_and_nothing_that_was_there():
    steps = play_story(HIERARCHY).steps
    (transferred,) = (
        place
        for place, played in enumerate(steps)
        if played.step.it == "Now the shop goes over to Pune"
    )
    assert not steps[transferred].balances
    assert [balance.ledger.distributor for balance in steps[transferred + 1].balances] == [
        "naupada",
        "pune",
    ]
    assert [balance.ledger.distributor for balance in steps[transferred + 2].balances] == [
        "naupada",
        "thane",
        "konkan",
    ]


def test_a_week_of_hovering_is_two_warnings_and_two_ends_of_them():
    notices = [notice for step in play_story(HOVERING).steps for notice in step.decision.notices]
    assert [notice.key for notice in notices] == [
        "salmiya/threshold-900/1",
        "salmiya/cleared-900/1",
        "salmiya/threshold-900/2",
        "salmiya/suspended/3",
        "salmiya/cleared-900/2",
        "salmiya/resumed/3",
    ]


def test_a_payment_in_two_parts_earns_what_it_would_have_earned_as_one():
    june, july = play_story(RATE_CHANGE).statements
    # Ten in the morning of the 12th in Wellington is the evening of the 11th in Greenwich.
    parts = [line for line in june.lines if line.at.day == 11]
    assert [str(line.earned) for line in parts] == ["NZ$5.01", "NZ$4.99"]
    assert (str(june.closing), str(july.closing)) == ("NZ$0.00", "NZ$86.00")


def test_the_rates_change_at_midnight_where_the_distributor_is(capsys):
    assert main(["run", "--json", str(RATE_CHANGE)]) == 0
    steps = json.loads(capsys.readouterr().out)["steps"]
    commissions = [step["entry"]["shares"][0]["commission"] for step in steps[9:13]]
    assert [
        (commission["origin"], commission["subject"], commission["since"])
        for commission in commissions
    ] == [
        ("default_payment_commission", None, None),
        ("distributor", None, "2026-06-16"),
        ("product", "Travel SIM", "2026-06-16"),
        ("batch", "winter-2026", None),
    ]
    assert [step["at"] for step in steps[9:11]] == ["2026-06-15T11:59:00Z", "2026-06-15T12:00:00Z"]


def test_commission_that_waits_for_settlement_is_told_beside_the_debt(capsys):
    assert main(["run", str(REFUNDS)]) == 0
    output = capsys.readouterr().out
    assert (
        "    corrib now owes €300.00.\n    Commission to be credited to corrib: €36.00.\n" in output
    )
    assert (
        "    corrib now owes -€300.00.\n    Commission to be credited to corrib: -€36.00.\n"
        in output
    )


def test_the_report_for_machines_is_the_one_that_was_agreed(capsys):
    assert main(["run", str(HANDBOOK), "--json"]) == 0
    output = capsys.readouterr().out
    assert output == GOLDEN.read_text("utf-8")
    assert json.loads(output)["check"]["sound"] is True
