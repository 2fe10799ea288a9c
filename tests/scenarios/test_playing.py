"""A scenario plays out as its file expects, or the difference is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from distbilling import Billing, Money, Unlimited
from distbilling.adapters.memory import MemoryRepository
from distbilling.scenarios import Difference, play, read_scenario

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
STORY = """
title = "a payment"

[[distributor]]
id = "hudson"
name = "Hudson Phones"
currency = "USD"
zone = "America/New_York"
billing_period = "monthly"
sales_commission = "15"
payment_commission = "10"
credit_limit = "1000.00"
warn_at = ["5.00", "8.00"]
created = 2026-03-01T00:00:00-05:00

[[customer]]
id = "brown"
name = "Brown Bakery"
distributor = "hudson"

[[command]]
at = 2026-03-02T09:00:00-05:00
by = { distributor = "hudson" }
record_payment = { customer = "brown", amount = "10.00" }
"""


def differences(tmp_path: Path, expected: str, more: str = "") -> list[str]:
    file = tmp_path / "story.toml"
    file.write_text(f"{STORY}{more}expect = {{ {expected} }}\n", "utf-8")
    scenario = read_scenario(file)
    *_, last = play(scenario, Billing(MemoryRepository(scenario.inventory)))
    return [str(difference) for difference in last.differences]


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_example_comes_out_as_it_says(file):
    scenario = read_scenario(file)
    played = list(play(scenario, Billing(MemoryRepository(scenario.inventory))))
    assert [step.step for step in played] == list(scenario.steps)
    assert not [
        (step.step.it, str(difference)) for step in played for difference in step.differences
    ]


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ('owes = "9.00", commission = "1.00", warnings = ["5.00", "8.00"], over_limit = false', []),
        ('notices = ["credit_threshold_crossed", "credit_threshold_crossed"], accepted = true', []),
        ('owes = "9.01"', ["owes: expected $9.01, found $9.00"]),
        ('commission = "1.10"', ["commission: expected $1.10, found $1.00"]),
        ('warnings = ["5.00"]', ["warnings: expected [$5.00], found [$5.00, $8.00]"]),
        ("over_limit = true", ["over_limit: expected yes, found no"]),
        ('refused = "suspended"', ["refused: expected 'suspended', found nothing"]),
        ("accepted = false", ["accepted: expected no, found yes"]),
        (
            (
                'booked = "payment", limit = "1000.00", available = "991.00", accrued = "0.00", '
                "cleared = []"
            ),
            [],
        ),
        ('commissions = { hudson = "1.00" }, balances = { hudson = "9.00" }', []),
        ('booked = "refund"', ["booked: expected 'refund', found 'payment'"]),
        ('original = "till-7"', ["original: expected 'till-7', found nothing"]),
        ('limit = "unlimited"', ["limit: expected unlimited, found $1,000.00"]),
        ('available = "-991.00"', ["available: expected -$991.00, found $991.00"]),
        ('accrued = "1.00"', ["accrued: expected $1.00, found $0.00"]),
        ('cleared = ["5.00"]', ["cleared: expected [$5.00], found []"]),
        (
            'commissions = { hudson = "1.01" }',
            ["commissions: expected {hudson: $1.01}, found {hudson: $1.00}"],
        ),
        (
            'balances = { hudson = "9.00", soho = "1.00" }',
            ["balances: expected {hudson: $9.00, soho: $1.00}, found {hudson: $9.00}"],
        ),
    ],
)
def test_what_comes_out_otherwise_than_expected_is_told(tmp_path, expected, found):
    assert differences(tmp_path, expected) == found


REFUND = """
[[command]]
at = 2026-03-03T09:00:00-05:00
by = { administrator = "maria" }
reverse = { entry = "command-1", why = "refund" }
"""
LIFTED = """
[[command]]
at = 2026-03-03T09:00:00-05:00
by = { administrator = "maria" }
change_credit = { distributor = "hudson", credit_limit = "unlimited", warn_at = ["8.00"] }
"""


def test_a_reversal_is_expected_with_what_it_reverses_and_the_warnings_that_are_over(tmp_path):
    expected = (
        'booked = "refund", original = "command-1", commission = "-1.00", owes = "0.00", '
        'commissions = { hudson = "-1.00" }, warnings = [], cleared = ["8.00", "5.00"]'
    )
    assert differences(tmp_path, expected, REFUND) == []


def test_where_nothing_is_booked_and_no_limit_is_left_both_are_expected_by_a_word(tmp_path):
    words = (
        'booked = "nothing", limit = "unlimited", available = "unlimited", commissions = {}, '
        'owes = "9.00"'
    )
    assert differences(tmp_path, words, LIFTED) == []
    assert differences(tmp_path, 'available = "1.00"', LIFTED) == [
        "available: expected $1.00, found unlimited"
    ]


def test_what_a_command_of_nobody_expects_of_a_distributor_is_not_found(tmp_path):
    transfer = """
[[command]]
at = 2026-03-03T09:00:00-05:00
by = { administrator = "maria" }
transfer_customer = { customer = "brown" }
"""
    expected = (
        'limit = "1000.00", available = "1.00", accrued = "0.00", balances = { hudson = "9.00" }'
    )
    assert differences(tmp_path, expected, transfer) == [
        "accrued: expected $0.00, found nothing",
        "limit: expected $1,000.00, found nothing",
        "available: expected $1.00, found nothing",
    ]


def test_a_refusal_is_expected_by_its_reason_and_its_words(tmp_path):
    unknown = """
[[command]]
at = 2026-03-02T09:00:00-05:00
by = { distributor = "hudson" }
record_payment = { customer = "nobody", amount = "10.00" }
"""
    refused = (
        """refused = "not_found", explanation = "There is no customer 'nobody'.", owes = "9.00" """
    )
    assert differences(tmp_path, refused, unknown) == []
    assert differences(tmp_path, 'commission = "1.00"', unknown) == [
        "commission: expected $1.00, found nothing"
    ]


def test_a_command_that_concerns_no_distributor_has_no_balance_to_expect(tmp_path):
    activation = """
[[command]]
at = 2026-03-02T09:00:00-05:00
by = { administrator = "maria" }
currency = "USD"
activate_account = { account = "12125550100" }
"""
    assert differences(tmp_path, 'owes = "0.00"', activation) == [
        "owes: expected $0.00, found nothing"
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "nothing"),
        (Money("9", "EUR"), "€9.00"),
        ({"provider_cash": Money("9", "USD")}, "{provider_cash: $9.00}"),
        (Unlimited(), "unlimited"),
    ],
    ids=str,
)
def test_a_difference_is_readable(value, said):
    assert str(Difference("found", "this", value)) == f"found: expected 'this', found {said}"
