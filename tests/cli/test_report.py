"""The report of a story in JSON: all that can happen, under keys that stay."""

from __future__ import annotations

import json
import re
import sys
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from distbilling.cli import main
from distbilling.cli.run import report_keys
from distbilling.cli.run.report import FORMAT, report_of
from distbilling.cli.run.story import play_story
from distbilling.rules.deciding.reasons import Reason
from distbilling.scenarios.values.spelling import spelt

PARTIES = """
title = "Every way to be refused"
inventory = ["12125550199"]

[[distributor]]
id = "hudson"
name = "Hudson Phones"
created = 2026-03-01T00:00:00-05:00
currency = "USD"
zone = "America/New_York"
billing_period = "monthly"
sales_commission = "15"
payment_commission = "10"
credit_limit = "20.00"

[[quick_form]]
id = "phone"
name = "Phone"
product = "Line"
kind = "prepaid"
asks = ["number", "opening_balance"]
defaults = { opening_balance = "10" }
fixed = { active = "yes" }

[[customer]]
id = "brown"
name = "Brown"
distributor = "hudson"
"""
BY_HUDSON, BY_SOHO, BY_MARIA = (
    '{ distributor = "hudson" }',
    '{ distributor = "soho" }',
    '{ administrator = "maria" }',
)
SOHO = (
    '{ id = "soho", name = "Soho Corner", parent = "hudson", currency = "USD", zone = '
    '"America/New_York", '
    'billing_period = "monthly", sales_commission = "5", payment_commission = "5", '
    'credit_limit = "unlimited", '
    'netting = "at_settlement", tax_basis = "net_of_tax" }'
)
TOO_MUCH = (
    '{ distributor = "soho", sales_commission = "5", payment_commission = "5", '
    'rates = [{ kind = "payment", rate = "50", since = 2026-03-16 }] }'
)
ON_MORE = (
    '{ distributor = "soho", sales_commission = "5", payment_commission = "5", '
    'discount_basis = "before_discount" }'
)
FULL = (
    'full_form = { number = "12125550107", product = "Line", kind = "postpaid", '
    'opening_balance = "0", active = true }'
)
COMMANDS = [
    (
        BY_HUDSON,
        (
            'add_account = { customer = "brown", form = "phone", fields = { number = "+1 212 '
            '555 0100" } }'
        ),
        None,
    ),
    (BY_HUDSON, f'add_account = {{ customer = "brown", {FULL} }}', "denied"),
    (
        BY_HUDSON,
        'add_account = { customer = "green", form = "phone", fields = { number = "123" } }',
        "not_found",
    ),
    (
        BY_MARIA,
        'create_customer = { id = "brown", name = "B" }\ncurrency = "USD"',
        "already_exists",
    ),
    (BY_HUDSON, 'activate_account = { account = "12125550100" }', "already_active"),
    (
        BY_MARIA,
        'assign_distributor = { account = "12125550100", distributor = "hudson" }',
        "already_assigned",
    ),
    (BY_MARIA, 'remit = { distributor = "hudson", amount = "1" }', "before_creation"),
    (
        BY_MARIA,
        'remit = { distributor = "hudson", amount = "1" }\ncurrency = "EUR"',
        "wrong_currency",
    ),
    (
        BY_HUDSON,
        (
            'add_account = { customer = "brown", form = "phone", fields = { colour = "red", '
            'opening_balance = "x" } }'
        ),
        "form_not_accepted",
    ),
    (
        BY_HUDSON,
        'add_account = { customer = "brown", form = "phone", fields = { number = "12125550199" } }',
        "number_in_inventory",
    ),
    (
        BY_HUDSON,
        'create_customer = { id = "green", name = "G", credit_limit = "unlimited" }',
        "credit_above_cap",
    ),
    (
        BY_HUDSON,
        (
            'add_account = { customer = "brown", form = "phone", fields = { number = "123", '
            'opening_balance = "20" } }'
        ),
        "over_credit_limit",
    ),
    (BY_HUDSON, 'record_payment = { customer = "brown", amount = "100" }', None),
    (BY_HUDSON, 'record_payment = { customer = "brown", amount = "1" }', "suspended"),
    (BY_MARIA, 'remit = { distributor = "hudson", amount = "90" }\nkey = "remittance"', None),
    (BY_MARIA, 'reverse = { entry = "remittance", why = "void" }', "not_reversible"),
    (BY_MARIA, 'reverse = { entry = "command-13", why = "void" }', "before_original"),
    (
        BY_MARIA,
        'reverse = { entry = "command-13", why = "refund", amount = "100.01" }',
        "more_than_remains",
    ),
    (BY_MARIA, 'reverse = { entry = "command-13", why = "refund", amount = "1" }', None),
    (BY_MARIA, 'correct = { entry = "command-13", amount = "90" }', "partly_reversed"),
    (BY_MARIA, f"create_distributor = {SOHO}", None),
    (BY_MARIA, f"change_terms = {TOO_MUCH}", "rate_above_parent"),
    (BY_MARIA, f"change_terms = {ON_MORE}", "wider_basis"),
    (
        BY_MARIA,
        'transfer_distributor = { distributor = "hudson", parent = "soho" }',
        "own_subdistributor",
    ),
    (BY_MARIA, 'create_customer = { id = "green", name = "Green", distributor = "soho" }', None),
    (BY_SOHO, 'record_payment = { customer = "green", amount = "1" }', "tax_missing"),
    (BY_SOHO, 'record_payment = { customer = "green", amount = "1", tax = "0.20" }', None),
    (BY_MARIA, 'transfer_distributor = { distributor = "soho" }', "not_settled"),
    (BY_MARIA, 'credit_commission = { distributor = "hudson" }', "no_commission_accrued"),
    (BY_MARIA, 'credit_commission = { distributor = "soho", amount = "5" }', "more_than_accrued"),
    (
        BY_MARIA,
        (
            'grant_limit_increase = { distributor = "soho", raises_by = "10%", until = '
            "2026-04-02T10:00:00Z }"
        ),
        "no_limit_to_raise",
    ),
    (
        '{ administrator = "nina", increase_caps = { most = "10%", days = 30 } }',
        (
            'grant_limit_increase = { distributor = "hudson", raises_by = "10%", until = '
            "2026-04-03T10:00:00Z }"
        ),
        "above_cap",
    ),
    (BY_MARIA, 'reverse = { entry = "command-13", why = "void" }', None),
    (BY_MARIA, 'reverse = { entry = "command-13", why = "void" }', "nothing_remains"),
]


@pytest.fixture
def file(tmp_path):
    commands = ""
    for minute, (by, command, code) in enumerate(COMMANDS):
        year = 2025 if str(code).startswith("before_") else 2026
        commands += (
            f"\n[[command]]\nat = {year}-03-02T10:{minute:02}:00-05:00\nby = {by}\n{command}\n"
        )
    path = tmp_path / "refusals.toml"
    path.write_text(PARTIES + commands, "utf-8")
    return str(path)


def test_every_reason_to_refuse_has_a_code_and_its_details(file):
    steps = report_of(play_story(file))["steps"][3:]
    codes = [None if step["reason"] is None else step["reason"]["code"] for step in steps]
    assert codes == [reason for _, _, reason in COMMANDS]
    # Of the handbook's roles none records a payment of a customer that has no distributor.
    assert {code for code in codes if code} == {spelt(kind) for kind in get_args(Reason)} - {
        "no_distributor"
    }
    details = {
        step["reason"]["code"]: step["reason"]["details"]
        for step in steps
        if step["reason"] is not None
    }
    assert details["denied"] == {
        "role": "distributor",
        "action": "add_account_by_full_form",
        "rule": "R28",
    }
    assert details["wrong_currency"] == {"party": "hudson", "expected": "USD", "found": "EUR"}
    (above,) = json.loads(json.dumps(details["rate_above_parent"]))["rates"]
    assert (above["kind"], above["child"]["schedule"], above["parent"]["schedule"]) == (
        "payment",
        "50",
        "10",
    )
    assert (above["since"], above["child"]["origin"]["since"]) == (
        "2026-03-16T04:00:00Z",
        "2026-03-16",
    )
    assert details["credit_above_cap"] == {
        "field": "credit_limit",
        "cap": {"amount": "0.00", "currency": "USD"},
        "asked": None,
    }
    assert details["form_not_accepted"]["problems"] == [
        {"field": "colour", "problem": "is not on the form"},
        {"field": "number", "problem": "is missing"},
        {
            "field": "opening_balance",
            "problem": "must be an amount of zero or more, such as 10.00, in whole minor units",
        },
    ]


def test_what_a_cap_on_days_refuses_is_told_in_days(file):
    refused = report_of(play_story(file))["steps"][-3]
    assert refused["by"] == {"role": "administrator", "name": "nina"}
    assert refused["reason"] is not None
    assert refused["reason"]["details"] == {"field": "days", "cap": 30, "asked": 32}


def test_a_reversal_is_told_with_what_it_reverses_and_what_each_level_gives_back(file):
    refund = report_of(play_story(file))["steps"][21]
    booked = refund["entry"]
    assert booked is not None
    assert (booked["kind"], booked["original"]) == ("refund", "command-13")
    (share,) = booked["shares"]
    assert share["commission"] is None
    assert (share["amount"]["amount"], share["earned"]["amount"], share["owed"]["amount"]) == (
        "-1.00",
        "-0.10",
        "-0.90",
    )
    assert share["text"].startswith("$10.00 × $1.00 ÷ $100.00, rounded half away from zero")


def test_a_chain_is_told_from_the_seller_up_and_commission_that_waits_as_a_balance_of_its_own(file):
    paid = report_of(play_story(file))["steps"][29]
    booked = paid["entry"]
    assert booked is not None
    assert [(share["distributor"], share["netting"]) for share in booked["shares"]] == [
        ("soho", "at_settlement"),
        ("hudson", "at_collection"),
    ]
    bases = [
        share["commission"]["base"]["amount"]
        for share in booked["shares"]
        if share["commission"] is not None
    ]
    assert bases == ["0.80", "1.00"]
    assert [(told["ledger"], told["owes"]["amount"]) for told in paid["balances"]] == [
        ("distributor:soho", "1.00"),
        ("accrued_commission:soho", "-0.04"),
        ("distributor:hudson", "8.50"),
    ]


def test_no_limit_any_more_is_told_as_a_word(tmp_path):
    file = tmp_path / "lifted.toml"
    command = '\n[[command]]\nat = 2026-03-02T10:00:00-05:00\nby = { administrator = "maria" }\n'
    file.write_text(
        PARTIES.replace("[[quick_form]]", 'owes = "20.00"\n\n[[quick_form]]', 1)
        + f'{command}change_credit = {{ distributor = "hudson", credit_limit = "unlimited" }}\n',
        "utf-8",
    )
    (notice,) = report_of(play_story(file))["steps"][-1]["notices"]
    assert (notice["code"], notice["details"]["limit"]) == ("distributor_resumed", "unlimited")


def test_a_payment_over_the_limit_is_told_with_its_notice_and_its_message(file):
    over = report_of(play_story(file))["steps"][15]
    assert over["decision"] == "accepted"
    assert over["over_limit"] == {
        "code": "over_limit",
        "details": {
            "distributor": "hudson",
            "limit": {"amount": "20.00", "currency": "USD"},
            "owed": {"amount": "98.50", "currency": "USD"},
        },
        "text": "hudson owes $98.50, above the credit limit of $20.00.",
    }
    (notice,), (message,) = over["notices"], over["messages"]
    assert notice["code"] == "distributor_suspended"
    assert notice["details"]["at"] == "2026-03-02T15:12:00Z"
    assert message["key"] == notice["details"]["key"]


def test_texts_follow_the_locale_and_codes_do_not(file, capsys):
    reports = []
    for locale in ("en", "de"):
        assert main(["run", "--json", "--locale", locale, file]) == 0
        reports.append(json.loads(capsys.readouterr().out))
    english, german = reports
    assert english["steps"][4]["reason"]["text"] != german["steps"][4]["reason"]["text"]
    assert english["steps"][4]["reason"]["code"] == german["steps"][4]["reason"]["code"]
    assert english["statements"] == german["statements"]
    assert english["check"] == german["check"]


def test_without_a_source_and_expectations_nothing_is_said_of_them(file, capsys):
    assert main(["run", file]) == 0
    output = capsys.readouterr().out
    assert "Source" not in output
    assert "expectations" not in output


def test_a_story_in_which_nothing_happens_is_sound_and_in_english(tmp_path, capsys):
    quiet = tmp_path / "quiet.toml"
    quiet.write_text('title = "Nothing happens"\n', "utf-8")
    assert main(["run", str(quiet)]) == 0
    assert capsys.readouterr().out == (
        "Nothing happens\n\nCheck: 0 entries, which sum to zero. The balances rebuilt "
        "from the journal equal the books.\n"
    )


def _agrees(value: object, kind: Any) -> bool:
    """Tell whether a value of JSON has exactly the keys, in their order, that its type states."""
    if is_typeddict(kind):
        assert isinstance(value, dict)
        hints = get_type_hints(kind, vars(sys.modules[kind.__module__]))
        return list(value) == list(hints) and all(_agrees(value[key], hints[key]) for key in hints)
    if isinstance(value, list):
        (item,) = get_args(kind)
        return all(_agrees(each, item) for each in value)
    allowed = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    if isinstance(value, dict) and any(map(is_typeddict, allowed)):
        return _agrees(value, next(filter(is_typeddict, allowed)))
    return type(value) in {get_origin(each) or each for each in allowed}


def test_the_report_has_the_keys_that_are_documented_in_their_order(file):
    assert _agrees(report_of(play_story(file)), report_keys.Report)


@pytest.mark.parametrize(
    "kind", [kind for kind in vars(report_keys).values() if is_typeddict(kind)]
)
def test_every_part_of_the_report_says_what_it_is(kind):
    assert kind.__doc__
    assert kind.__doc__.partition("\n")[0].endswith((".", ";", ":"))


def test_every_key_of_the_report_can_be_looked_up(request):
    page = (request.config.rootpath / "docs/reference/command-line.md").read_text("utf-8")
    listed = set(
        re.findall(
            r"`(\w+)`", page.partition("### The report for machines")[2].partition("\n## ")[0]
        )
    )
    kinds = [
        kind
        for kind in vars(report_keys).values()
        if is_typeddict(kind) and kind is not report_keys.Amount
    ]
    assert not {key for kind in kinds for key in kind.__annotations__} - listed
    assert f"`{FORMAT}`" in page
