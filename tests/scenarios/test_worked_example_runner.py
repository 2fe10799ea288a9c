"""The runner of worked examples fails where it should, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.scenarios import ScenarioError
from distbilling.scenarios.problems import Report
from distbilling.testing.worked_examples import cases, check
from distbilling.testing.worked_examples.cases import STORIES, cases_in

CASE = """
[[case]]
it     = "a distributor on 10 % owes the payment less the commission"
source = "handbook, Default payment commission (R8)"
given = { distributor = { owes = "0", payment_commission = "10" }, customer = { owes = "150.00" } }
when   = { record_payment = "10.00", currency = "USD", at = "2026-03-01T09:00:00+01:00" }
then   = { distributor = "9.00", customer = "140.00", commission = "1.00" }
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "ours.toml"
    file.write_text(text, "utf-8")
    return file


def case(
    given: str = "{}",
    when: str = '{ percent = "10", of = "10.00", currency = "USD" }',
    then: str = '{ share = "1.00" }',
    more: str = "",
) -> str:
    return (
        f'[[case]]\nit = "ours"\nsource = "R10"\ngiven = {given}\nwhen = {when}\nthen = '
        f"{then}\n{more}\n"
    )


def differences(tmp_path: Path, **parts: str) -> list[str]:
    (result,) = check(written(tmp_path, case(**parts)))
    return [str(difference) for difference in result.differences]


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ScenarioError) as refusal:
        cases(written(tmp_path, text))
    return [str(problem) for problem in refusal.value.problems]


def test_the_model_of_the_style_guide_runs_as_it_stands(tmp_path):
    (result,) = check(written(tmp_path, CASE))
    assert result.passed
    assert str(result) == "a distributor on 10 % owes the payment less the commission"
    assert result.case.source == "handbook, Default payment commission (R8)"


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("9.00", "9.01", "distributor: expected $9.01, found $9.00"),
        ("140.00", "150.00", "customer: expected $150.00, found $140.00"),
        ('commission = "1.00"', 'commission = "1.10"', "commission: expected $1.10, found $1.00"),
        ('commission = "1.00"', 'refused = "denied"', "refused: expected 'denied', found nothing"),
        ('commission = "1.00"', 'warnings = ["5.00"]', "warnings: expected [$5.00], found []"),
        ('commission = "1.00"', "suspended = true", "suspended: expected yes, found no"),
        ('commission = "1.00"', 'funds = "1.00"', "funds: expected $1.00, found nothing"),
        ('commission = "1.00"', "sold = true", "sold: expected yes, found nothing"),
        ('commission = "1.00"', 'account = "112"', "account: expected '112', found nothing"),
        ('commission = "1.00"', "entries = 1", "entries: expected 1, found 2"),
        ('commission = "1.00"', 'booked = "sale"', "booked: expected 'sale', found 'payment'"),
        ('commission = "1.00"', 'original = "k"', "original: expected 'k', found nothing"),
        ('commission = "1.00"', 'accrued = "1.00"', "accrued: expected $1.00, found $0.00"),
        ('commission = "1.00"', 'limit = "9.00"', "limit: expected $9.00, found unlimited"),
        ('commission = "1.00"', 'available = "9.00"', "available: expected $9.00, found unlimited"),
        ('commission = "1.00"', 'cleared = ["9.00"]', "cleared: expected [$9.00], found []"),
        (
            'commission = "1.00"',
            'commissions = { distributor = "1.01" }',
            "commissions: expected {distributor: $1.01}, found {distributor: $1.00}",
        ),
        (
            'commission = "1.00"',
            'balances = { distributor = "9.01", nobody = "0.00" }',
            "balances: expected {distributor: $9.01, nobody: $0.00}, found {distributor: $9.00}",
        ),
        (
            'commission = "1.00"',
            "entry = {}",
            (
                "entry: expected {}, found {customer:customer: -$10.00, distributor:distributor: "
                "$9.00, commission_expense: $1.00}"
            ),
        ),
    ],
)
def test_a_wrong_expectation_fails_with_a_difference_that_can_be_read(tmp_path, right, wrong, told):
    (result,) = check(written(tmp_path, CASE.replace(right, wrong)))
    assert not result.passed
    assert [str(difference) for difference in result.differences] == [told]
    assert str(result).endswith(f"\n  {told}")


@pytest.mark.parametrize(
    "parts",
    [
        {
            "when": '{ round = "1.005", currency = "USD", method = "down" }',
            "then": '{ rounded = "1.01" }',
        },
        {"when": '{ sum = ["1", "2"], currency = "USD" }', "then": '{ total = "4" }'},
        {"when": '{ write = "1", currency = "USD" }', "then": '{ text = "1" }'},
        {"then": '{ share = "1.01" }'},
        {
            "when": '{ commission_on = "10", currency = "USD", rate = "10" }',
            "then": '{ owed = "10" }',
        },
        {
            "when": (
                '{ allocate = "1", currency = "USD", ratios = ["1"], strategy = "first_in_order" }'
            ),
            "then": '{ shares = ["2"] }',
        },
        {
            "given": '{ owes = "1", warn_at = ["5"], currency = "USD" }',
            "when": '{ balance_moves_to = "6" }',
            "then": "{ warnings = [] }",
        },
        {
            "given": (
                '{ distributor = { sales_commission = "1", payment_commission = "2" },'
                ' currency = "USD" }'
            ),
            "when": '{ commission_in_force = "10", at = 2026-03-01T00:00:00Z }',
            "then": '{ earned = "0.30" }',
        },
        {
            "given": '{ credit_limit = "unlimited", currency = "USD" }',
            "when": '{ distributor_owes = "6" }',
            "then": '{ available = "6" }',
        },
        {
            "given": '{ warn_at = ["5"], currency = "USD" }',
            "when": '{ owed_becomes = [{ owes = "6" }] }',
            "then": '{ told = ["threshold-6/1"] }',
        },
        {
            "given": '{ credit_limit = "200", cap = "10%", cap_days = 7, currency = "USD" }',
            "when": '{ raise_limit_by = "20", lasting = "7 days" }',
            "then": "{ granted = false }",
        },
        {
            "given": '{ owes = "5", warn_at = ["6"], currency = "USD" }',
            "when": '{ owed_changes_by = "1", within = "1 day" }',
            "then": '{ warned = ["never"] }',
        },
        {
            "when": '{ allocate_with_rest = "1", currency = "USD", ratios = ["1"] }',
            "then": '{ rest = "2" }',
        },
        {
            "when": (
                '{ commission_under = "10", payment_commission = "10", at = '
                '"2026-03-01T00:00:00Z", currency = "USD" }'
            ),
            "then": '{ owed = "10" }',
        },
        {
            "when": (
                '{ split_of = "10", currency = "USD", chain = [{ distributor = "soho", rate = '
                '"10" }] }'
            ),
            "then": '{ provider = "10" }',
        },
        {
            "when": (
                '{ claw_back = ["1"], of = "10", currency = "USD", chain = [{ distributor = '
                '"soho", rate = "10" }] }'
            ),
            "then": '{ provider = "9" }',
        },
        {
            "when": (
                '{ corrected_to = ["1"], of = "10", currency = "USD", chain = [{ distributor = '
                '"soho", rate = "10" }] }'
            ),
            "then": '{ provider = "9" }',
        },
        {"when": '{ may = "record_payment", role = "distributor" }', "then": "{ allowed = false }"},
        {"when": '{ typed_number = "112" }', "then": '{ number = "113" }'},
        {
            "given": '{ zone = "Etc/UTC", billing_period = "monthly" }',
            "when": '{ period_at = "2026-03-15T00:00:00Z" }',
            "then": "{ days = 30 }",
        },
        {
            "given": '{ zone = "Etc/UTC", billing_period = "monthly" }',
            "when": '{ first_period_of = "2026-03-15T00:00:00Z" }',
            "then": '{ start = "2026-03-01T00:00:00Z" }',
        },
        {
            "given": '{ zone = "Etc/UTC", billing_period = "monthly" }',
            "when": "{ periods_from = 2026-03-01, until = 2026-04-01 }",
            "then": "{ contiguous = false }",
        },
        {
            "given": '{ zone = "Etc/UTC", billing_period = "monthly" }',
            "when": (
                '{ change_at = "2026-03-15T00:00:00Z", to = { zone = "Etc/UTC", billing_period = '
                '"daily" } }'
            ),
            "then": "{ bridged = true }",
        },
        {
            "given": '{ zone = "Etc/UTC" }',
            "when": '{ day_of = "2026-03-15T00:00:00Z" }',
            "then": "{ day = 2026-03-16 }",
        },
        {
            "given": '{ zone = "Etc/UTC" }',
            "when": "{ start_of = 2026-03-15 }",
            "then": '{ instant = "2026-03-15T01:00:00Z" }',
        },
    ],
    ids=lambda parts: parts.get("when", "percent"),
)
def test_every_kind_of_case_can_fail(tmp_path, parts):
    (difference,) = differences(tmp_path, **parts)
    assert ": expected " in difference


def test_every_kind_of_case_has_one_in_the_list_above():
    marks = test_every_kind_of_case_can_fail.pytestmark[0].args[1]
    asked = " ".join(parts.get("when", "{ percent = ") for parts in marks)
    assert not [key for key in STORIES if f"{{ {key} = " not in asked]


def test_an_error_may_be_what_is_expected(tmp_path):
    twice = '[{ remit = "1", key = "k" }, { remit = "2", key = "k" }]'
    given = '{ currency = "USD", distributor = {} }'
    assert differences(tmp_path, given=given, when=twice, then='{ error = "key_reused" }') == []
    (unlike,) = differences(tmp_path, given=given, when=twice, then='{ error = "invalid_value" }')
    assert unlike.startswith(
        "error: expected 'invalid_value', found \"key_reused: key 'k' was accepted before"
    )


def test_an_error_that_does_not_come_is_a_difference(tmp_path):
    assert differences(tmp_path, then='{ error = "invalid_value" }') == [
        "error: expected 'invalid_value', found nothing"
    ]


def test_an_error_that_nobody_expects_is_a_difference(tmp_path):
    when = '{ sum = ["99999999999999999999999999999999999999", "0.01"], currency = "USD" }'
    (difference,) = differences(tmp_path, when=when, then='{ total = "1" }')
    assert difference.startswith("error: expected nothing, found 'precision_exceeded: ")


def test_what_is_given_must_be_possible(tmp_path):
    given = (
        '{ currency = "USD", distributor = { credit_limit = "1" }, customer = {}, account = { '
        'distributor = "nobody" } }'
    )
    (difference,) = differences(
        tmp_path, given=given, when='{ remit = "1" }', then="{ accepted = true }"
    )
    assert "what the rules allow: There is no distributor 'nobody'." in difference


def test_a_case_says_for_whom_and_by_whom_where_it_is_not_as_usual(tmp_path):
    given = (
        '{ distributor = { id = "hudson", currency = "KWD", created = "2026-02-01T00:00:00Z" } }'
    )
    when = '{ create_customer = { id = "brown" }, by = { distributor = "hudson" } }'
    assert (
        differences(tmp_path, given=given, when=when, then="{ accepted = true, entries = 0 }") == []
    )


@pytest.mark.parametrize(
    ("when", "then"),
    [
        ('{ record_payment = "1" }', '{ balances = { soho = "1.00", hudson = "1.00" } }'),
        ('{ record_payment = "1", by = "distributor" }', '{ balances = { soho = "1.00" } }'),
        (
            '{ remit = "1" }',
            '{ distributor = "-1.00", balances = { hudson = "-1.00", soho = "0.00" } }',
        ),
        ("{ review_credit = {} }", '{ booked = "nothing", limit = "unlimited" }'),
        ('{ change_credit = { credit_limit = "5" } }', '{ limit = "5.00", available = "5.00" }'),
        ('{ change_terms = { sales_commission = "5" } }', "{ accepted = true }"),
        ("{ credit_commission = {} }", '{ refused = "no_commission_accrued" }'),
        ("{ transfer_customer = {} }", "{ accepted = true }"),
        (
            '[{ record_payment = "1", key = "k" }, { reverse = { entry = "k" } }]',
            '{ booked = "refund" }',
        ),
        ('{ create_distributor = { id = "rival" } }', '{ balances = { rival = "0.00" } }'),
    ],
)
def test_a_command_is_about_the_first_of_each_and_given_by_the_owner_unless_the_case_says(
    tmp_path, when, then
):
    given = (
        '{ currency = "USD", distributor = [{ id = "hudson" }, { id = "soho", parent = "hudson" '
        "}], "
        'customer = { id = "brown", distributor = "soho" } }'
    )
    assert differences(tmp_path, given=given, when=when, then=then) == []


def test_an_account_of_a_case_is_the_first_customers(tmp_path):
    given = (
        '{ currency = "USD", distributor = {}, customer = { id = "brown" }, account = { '
        'distributor = "distributor" } }'
    )
    then = '{ funds = "1.00", customer = "0.00" }'
    payment = '{ record_payment = { amount = "1", account = "12125550100" } }'
    assert differences(tmp_path, given=given, when=payment, then=then) == []


def test_a_case_may_have_a_customer_without_distributor_and_limit(tmp_path):
    given = '{ currency = "USD", customer = { credit_limit = "unlimited" } }'
    (difference,) = differences(
        tmp_path, given=given, when='{ record_payment = "1" }', then='{ customer_available = "1" }'
    )
    assert difference == "customer_available: expected $1.00, found nothing"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "case: is missing; write at least one [[case]]"),
        ("case = 3", "case 1: 3 (number) is not accepted; give a table"),
        (case() + "[[command]]\n",
         "command: is not known here; a file of worked examples holds [[case]] tables alone"),
        ('[[case]]\nit = "ours"\n', "case 'ours': source: is missing"),
        ("[[case]]\nit = 3\n", "case 1: it: 3 (number) is not accepted; give text in quotes"),
        (case(then="{}"), "case 'ours': then: checks nothing; name what is to come out"),
        (case(then="3"), "case 'ours': then: is no table in braces, like { … }"),
        (case(given="3"), "case 'ours': given: is no table in braces, like { … }"),
        (case(when="3"), "case 'ours': when: asks for nothing; ask for one of round, "),
        (case(when="{}"), "case 'ours': when: asks for nothing; ask for one of round, "),
        (case(when='{ round = "1", write = "1" }'),
         "case 'ours': when: asks for round, write; ask for one of"),
        (case(when='{ round = "1", remit = "1" }'),
         "case 'ours': when: asks for round, remit; ask for one of"),
        (case(when='[{ round = "1" }, { round = "1" }]'),
         "case 'ours': when: asks for round, round; ask for one of"),
        (case(then='{ shaer = "1.00" }'),
         "case 'ours': then.shaer: is not known here (did you mean 'share'?)"),
        (case(then="{ share = 1.00 }"),
         "case 'ours': then.share: 1.0 (float) is not accepted; give a number in quotes"),
        (case(then='{ error = "boom" }'),
         "case 'ours': then.error: stands alone, and is one of currency_mismatch, "),
        (case(then='{ error = "invalid_value", share = "1" }'),
         "case 'ours': then.error: stands alone"),
        (case(then="{ error = [] }"), "case 'ours': then.error: stands alone"),
        (case(when='{ percent = "10", of = "1", currency = "usd" }'),
         "case 'ours': when.currency: 'usd' is not accepted"),
        (case(when='{ percent = "10", of = "1" }'),
         "case 'ours': when.of: '1' is not accepted; give its currency beside it"),
        (case(more="polciy = 'x'"),
         "case 'ours': polciy: is not known here (did you mean 'policy'?)"),
        (CASE.replace('"10.00", currency', "10.00, currency"),
         "command 1: record_payment.amount: 10.0 (float)"),
        (CASE.replace("distributor = {", "distribtor = {"),
         "given.distribtor: is not known here (did you mean 'distributor'?)"),
        (CASE.replace('"10" }', '"101" }'),
         "distributor 1: payment_commission: '101' is not accepted"),
        (CASE.replace("at = ", "expect = {}, at = "), "command 1: expect: checks nothing"),
        (CASE.replace("at = ", "expect = { accepted = true }, at = "),
         "when: expect: is for scenarios"),
        (CASE.replace("customer = {", "account = 3, customer = {"), "command 1: is not a table"),
        (CASE.replace("customer = {", "quick_form = 3, customer = {"),
         "quick_form 1: 3 (number) is not accepted"),
        (CASE.replace('"10.00", currency', '"10.00", by = 3, currency'),
         "command 1: by: 3 (number) is not accepted"),
        (CASE.replace("record_payment =", "create_customer ="),
         "create_customer: '10.00' (text) is not accepted"),
        (case(when='[3, { remit = "1" }]'), "command 1: is not a table"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_meant_is_refused_with_its_sentence_and_field(tmp_path, text, told):
    assert told in "\n".join(problems(tmp_path, text))


def test_all_problems_of_all_cases_are_told_at_once(tmp_path):
    assert (
        len(problems(tmp_path, case(then="{}") + case(when="{}") + case(then='{ shaer = "1" }')))
        == 3
    )


KEYS = st.sampled_from(
    [
        *STORIES,
        "record_payment",
        "remit",
        "currency",
        "of",
        "rate",
        "zone",
        "billing_period",
        "to",
        "at",
    ]
)


def _containers(inner):
    names = KEYS | st.text(max_size=5)
    return st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)


VALUES = st.recursive(
    st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.dates()
    | st.sampled_from(["10.00", "USD", "daily"]),
    _containers,
    max_leaves=4,
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=4) | VALUES


@given(
    st.fixed_dictionaries(
        {"it": VALUES | st.just("ours"), "source": st.just("R1"), "when": TABLES, "then": TABLES}
    )
)
def test_whatever_a_case_holds_it_is_refused_or_comes_out(table):
    try:
        read = cases_in({"case": [table]}, Report("ours.toml"))
    except ScenarioError:
        return
    assert [found.check().case for found in read] == list(read)
