"""All problems of a file are reported at once, by place and field, and nothing escapes."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import CallerError
from distbilling.scenarios import Problem, ScenarioError, read_scenario
from distbilling.scenarios.problems import Report
from distbilling.scenarios.reading import scenario_in
from distbilling.scenarios.verbs import VERBS

HANDBOOK = (Path(__file__).parents[2] / "examples/handbook.toml").read_bytes()
DISTRIBUTOR = """
[[distributor]]
id = "hudson"
name = "Hudson Phones"
currency = "USD"
zone = "America/New_York"
billing_period = "monthly"
sales_commission = "15"
payment_commission = "10"
credit_limit = "1000.00"
created = 2026-03-01T00:00:00-05:00
"""
COMMAND = '[[command]]\nat = 2026-03-02T09:00:00-05:00\nby = { distributor = "hudson" }\n'
BY_MARIA = '[[command]]\nat = 2026-03-02T09:00:00Z\nby = { administrator = "m" }\n'
PAYMENT = 'record_payment = { customer = "brown", amount = "10.00" }\n'


def problems(tmp_path: Path, text: bytes | str) -> list[str]:
    file = tmp_path / "march.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScenarioError) as refusal:
        read_scenario(file)
    assert isinstance(refusal.value, CallerError)
    return [str(problem) for problem in refusal.value.problems]


def told_of(tmp_path: Path, table: str) -> list[str]:
    return problems(tmp_path, f'title = "a month"\n{table}')


def with_key(key: str, value: str) -> str:
    lines = [line for line in DISTRIBUTOR.splitlines() if not line.startswith(f"{key} =")]
    return "\n".join([*lines, f"{key} = {value}\n"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"\xff", "is not UTF-8 text: byte 0 belongs to no character"),
        (b"title = ", "is not TOML: Invalid value (at end of document)"),
        (
            b'title = "a"\ntitle = "b"\n',
            "is not TOML: Cannot overwrite a value (at line 2, column 12)",
        ),
        (b"a = " + b"[" * 100_000, "is nested too deeply"),
        (b"a = " + b"9" * 5000, "is not TOML: Exceeds the limit"),
        (b"at = 2026-02-30T00:00:00Z", "is not TOML: Invalid date or datetime"),
    ],
    ids=["no UTF-8", "cut off", "twice", "nested", "a number without end", "no such day"],
)
def test_what_is_no_toml_is_refused_with_line_and_column(tmp_path, text, told):
    (problem,) = problems(tmp_path, text)
    assert problem.startswith(told)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("nowhere.toml", "No such file"),
        (".", "Is a directory"),
        ("a\0b.toml", "is no name of a file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(path, told):
    with pytest.raises(ScenarioError, match=told):
        read_scenario(path)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("id", '"hud\\u0007son"',
         "id: 'hud\\x07son' is not accepted; give 1 to 64 printable characters"),
        ("id", f'"{"h" * 65}"', "id: 'hhhh"),
        ("name", "4", "name: 4 (number) is not accepted; give text in quotes"),
        ("currency", '"usd"',
         "currency: 'usd' is not accepted; give a code of ISO 4217 in capitals, like 'USD'"),
        ("currency", "840", "currency: 840 (number) is not accepted"),
        ("zone", '"localtime"', "zone: 'localtime' is not accepted; give an IANA time zone"),
        ("zone", '"america/new_york"', "did you mean 'America/New_York'?"),
        ("sales_commission", "15.0",
         'sales_commission: 15.0 (float) is not accepted; give a number in quotes, like "10.00"'),
        ("sales_commission", '"101"',
         "sales_commission: '101' is not accepted; give a percentage from 0 to 100"),
        ("sales_commission", '"15 %"',
         "sales_commission: '15 %' is not accepted; give at most 38 digits"),
        ("payment_commission", "true",
         "payment_commission: true is not accepted; give a number in quotes"),
        ("payment_commission", "nan", "payment_commission: nan (float) is not accepted"),
        ("credit_limit", "1000.00",
         "credit_limit: 1000.0 (float) is not accepted; give a number in quotes"),
        ("credit_limit", "0x" + "f" * 5000,
         "credit_limit: a number of very many digits is not accepted"),
        ("credit_limit", '"1_000"',
         "credit_limit: '1_000' is not accepted; give at most 38 digits"),
        ("credit_limit", '"\\uff11\\uff10"',
         "credit_limit: '\uff11\uff10' is not accepted; give at most 38 digits"),
        ("credit_limit", '"-1"',
         "credit_limit: '-1' is not accepted; give an amount of zero or more, or \"unlimited\""),
        ("warn_at", '"90%"',
         "warn_at: '90%' (text) is not accepted; give a list in square brackets"),
        ("warn_at", '["90%", "x"]', "warn_at.1: 'x' is not accepted"),
        ("warn_at", '["-1"]', "warn_at: -1.00 USD is not accepted; give amounts of zero or more"),
        ("compare", '"exceed"',
         ("compare: 'exceed' is not accepted; give one of exceeds, reaches (did you mean "
          "'exceeds'?)")),
        ("compare", "1", "compare: 1 (number) is not accepted; give one of exceeds, reaches"),
        ("created", "2026-03-01T00:00:00",
         "created: '2026-03-01T00:00:00' is not accepted; give a date and time with"),
        ("created", "2026-03-01", "created: 2026-03-01 is not accepted"),
        ("created", '"2026-03-01 00:00Z"', "created: '2026-03-01 00:00Z' is not accepted"),
        ("created", '"2026-02-30T00:00:00Z"', "created: '2026-02-30T00:00:00Z' is not accepted"),
        ("created", "0001-01-01T00:00:00+05:00", "created: "),
        ("billing_period", '"mothly"', "(did you mean 'monthly'?)"),
        ("billing_period", "30", "billing_period: 30 (number) is not accepted"),
        ("billing_period", "{ n = 30 }", "billing_period: {'n' = 30} (table) is not accepted"),
        ("billing_period", '{ kind = "weekly", first_day = "sundy" }',
         "billing_period.first_day: 'sundy' is not accepted"),
        ("billing_period", '{ kind = "weekly", fist_day = "sunday" }',
         "fist_day: is not known here (did you mean 'first_day'?)"),
        ("billing_period", '{ kind = "every_days", n = 0 }',
         "billing_period.n: 0 is not accepted; give a whole number"),
        ("billing_period", '{ kind = "every_days", n = "3" }',
         "billing_period.n: '3' (text) is not accepted"),
        ("billing_period", '{ kind = "every_days", n = 3, first = "2026-01-01" }',
         "billing_period.first: '2026-01-01' (text)"),
        ("language", '"tlh"', "language: 'tlh' is not accepted; give a locale that Babel knows"),
        ("self_care_zone", '"UTC0"',
         "self_care_zone: 'UTC0' is not accepted; give an IANA time zone"),
        ("customer_class", "3", "customer_class: 3 (number) is not accepted; give a name"),
        ("customer_class", '{ name = "R", currency = "EUR" }',
         "customer_class: USD and EUR do not mix"),
        ("customer_class", '{ name = "R", color = "red" }',
         "customer_class: {'name' = 'R', 'color' = 'red'} (table)"),
        ("curency", '"USD"', "curency: is not known here (did you mean 'currency'?)"),
        ("parent", '"hudson"',
         "parent: 'hudson' is not accepted; give another distributor than itself"),
        ("netting", '"at_settlment"',
         "netting: 'at_settlment' is not accepted; give one of at_collection, at_settlement (did"),
        ("tax_basis", '"net"', "tax_basis: 'net' is not accepted; give one of gross, net_of_tax"),
        ("discount_basis", '"net"',
         "discount_basis: 'net' is not accepted; give one of after_discount, before_discount"),
        ("margin", '"own"',
         "margin: 'own' is not accepted; give one of difference_of_rates, own_rate_on_the_rest"),
        ("remainder", "1", "remainder: 1 (number) is not accepted; give one of"),
        ("warn_at", '["every 0"]',
         "warn_at.0: 0.00 USD is not accepted; give an amount above zero"),
        ("warn_at", '["every 1", "every 2"]', "warn_at: "),
        ("warn_band", '"a little"', "warn_band: 'a little' is not accepted; give a share from"),
        ("warn_band", '"-1"',
         "warn_band: -1.00 USD is not accepted; give an amount of zero or more"),
        ("warn_interval", '"a day"',
         "warn_interval: 'a day' is not accepted; give a length of time like"),
        ("warn_interval", "24",
         "warn_interval: 24 (number) is not accepted; give a length of time like"),
        ("warn_interval", '"0 hours"',
         "warn_interval: is not accepted; give a length of time above zero"),
        ("warn_repeats", '"3"', "warn_repeats: '3' (text) is not accepted; give a whole number"),
        ("warn_repeats", "-1",
         "warn_repeats: -1 is not accepted; give a whole number of 0 or more"),
        ("tell_cleared", '"no"', "tell_cleared: 'no' (text) is not accepted; give true or false"),
        ("rates", '{ kind = "sale" }',
         "rates: {'kind' = 'sale'} (table) is not accepted; give a list in square brackets"),
        ("rates", '[{ kind = "sale" }]', "rates.0.rate: is missing"),
        ("rates", '[{ kind = "sael", rate = "5" }]',
         "rates.0.kind: 'sael' is not accepted; give one of payment, sale (did you"),
        ("rates", '[{ kind = "sale", rate = "5", sinc = 1 }]',
         "sinc: is not known here (did you mean 'since'?)"),
        (
            "rates",
            '[{ kind = "sale", rate = "5", since = 2026-03-16, until = 2026-03-16 }]',
            "rates.0.until: 2026-03-16 is not accepted; give a date after 2026-03-16",
        ),
        ("warn_intervall", '"1 day"',
         "warn_intervall: is not known here (did you mean 'warn_interval'?)"),
        ('"the limit"', '"USD"', "'the limit': is not known here"),
        (f'"{"x" * 70}"', "1", "x…: is not known here"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_party_is_told_by_field(tmp_path, key, value, told):
    assert told in "\n".join(told_of(tmp_path, with_key(key, value)))


def test_what_a_party_must_tell_and_does_not_is_told_field_by_field(tmp_path):
    missing = told_of(tmp_path, "[[distributor]]\n[[quick_form]]\n[[customer]]\n")
    commission, the_rest = (
        {"sales_commission", "payment_commission"},
        {"id", "name", "currency", "credit_limit"},
    )
    assert {problem for problem in missing if problem.startswith("distributor 1")} == {
        f"distributor 1: {field}: is missing"
        for field in commission | the_rest | {"zone", "billing_period", "created"}
    }
    assert "quick_form 1: asks: is missing" in missing
    assert "customer 1: name: is missing" in missing


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ('asks = ["numbr"]', "asks.0: 'numbr' is not accepted; give one of"),
        (
            'asks = ["number"]\ndefaults = { active = "yes" }',
            "asks: 'active' is not accepted; give defaults for the fields",
        ),
        (
            'asks = ["number"]\nfixed = { active = true }',
            "fixed.active: true is not accepted; give text in quotes",
        ),
        (
            'asks = ["number"]\nfixed = 3',
            "fixed: 3 (number) is not accepted; give a table in braces",
        ),
        ("asks = []", "a form that asks for the number"),
    ],
)
def test_what_is_wrong_with_a_quick_form_is_told_by_field(tmp_path, form, told):
    table = (
        f'[[quick_form]]\nid = "sip"\nname = "SIP"\nproduct = "SIP"\nkind = "postpaid"\n{form}\n'
    )
    assert told in "\n".join(told_of(tmp_path, DISTRIBUTOR + table))


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("[[command]]\n", "command 1: gives none; give exactly one command of"),
        (COMMAND + PAYMENT + "remit = {}\n",
         "command 1: gives record_payment, remit; give exactly one"),
        (COMMAND + PAYMENT + "exspect = {}\n",
         "command 1: exspect: is not known here (did you mean 'expect'?)"),
        (COMMAND + 'record_payment = "10.00"\n',
         "command 1: record_payment: '10.00' (text) is not accepted; give a table"),
        (COMMAND + 'record_payment = { customer = "b", amount = 10.00 }\n',
         "record_payment.amount: 10.0 (float)"),
        (COMMAND + 'record_payment = { customer = "b", amount = "10.005" }\n',
         "amount: 10.005 USD is not accepted"),
        (COMMAND + 'record_payment = { customer = "b", amount = "0" }\n',
         "give an amount above zero"),
        (COMMAND + 'record_payment = { customer = "b", amuont = "1" }\n',
         "amuont: is not known here (did you mean 'amount'?)"),
        (COMMAND + 'record_payment = { customer = "b", amount = "1", at = 3 }\n',
         "record_payment.at: is not known here"),
        (COMMAND + PAYMENT + 'currency = "usd"\n', "command 1: currency: 'usd' is not accepted"),
        (COMMAND + PAYMENT + 'key = ""\n', "command 1: key: '' is not accepted"),
        (COMMAND + PAYMENT + "it = 3\n", "command 1: it: 3 (number) is not accepted"),
        (COMMAND + PAYMENT + 'it = "a\\u0000"\n', "command 1: it: 'a\\x00' is not accepted"),
        (COMMAND + PAYMENT + "expect = {}\n", "command 1: expect: checks nothing"),
        (COMMAND + PAYMENT + "expect = 3\n",
         "command 1: expect: 3 (number) is not accepted; give a table"),
        (COMMAND + PAYMENT + 'expect = { refused = "denyed" }\n',
         "expect.refused: 'denyed' is not accepted; give one of"),
        (COMMAND + PAYMENT + 'expect = { notices = ["warned"] }\n',
         "expect.notices: 'warned' is not accepted; give one of"),
        (COMMAND + PAYMENT + 'expect = { booked = "paymnt" }\n',
         "expect.booked: 'paymnt' is not accepted; give one of"),
        (COMMAND + PAYMENT + 'expect = { balances = "9" }\n',
         "expect.balances: '9' (text) is not accepted; give a table"),
        (COMMAND + PAYMENT + "expect = { balances = { hudson = 9.0 } }\n",
         "expect.balances.hudson: 9.0 (float) is not"),
        (COMMAND + PAYMENT + "expect = { available = 9.0 }\n",
         "expect.available: 9.0 (float) is not accepted"),
        (COMMAND + PAYMENT + 'expect = { limit = "none" }\n',
         "expect.limit: 'none' is not accepted; give an amount like"),
        (COMMAND + PAYMENT + "expect = { owes = 9.00 }\n",
         "expect.owes: 9.0 (float) is not accepted"),
        (COMMAND + PAYMENT + 'expect = { accepted = "yes" }\n',
         "expect.accepted: 'yes' (text) is not accepted; give true"),
        (COMMAND + 'add_account = { customer = "b" }\n', "add_account.fields: is missing"),
        (COMMAND + 'add_account = { customer = "b", form = "f", fields = 3 }\n',
         "add_account.fields: a number is not accepted"),
        (COMMAND + 'add_account = { customer = "b", form = "f", fields = { number = 3 } }\n',
         "add_account.fields: a number"),
        (COMMAND + 'add_account = { customer = "b", form = "f", full_form = {} }\n',
         "either the full form, or a quick form"),
        (COMMAND + 'add_account = { customer = "b", full_form = 3 }\n',
         "add_account.full_form: 3 (number) is not accepted"),
        (COMMAND + 'add_account = { customer = "b", full_form = {} }\n',
         "add_account.full_form.product: is missing"),
        (
            COMMAND + (
                "[command.create_distributor]\n"
            ) + with_key("currency", '"usd"').partition("]]")[2],
            "create_distributor.currency: 'usd' is not accepted",
        ),
        (BY_MARIA + 'reverse = { entry = "command-0", why = "void" }\n',
         "reverse.entry: 'command-0' is the key of no command"),
        (BY_MARIA + 'reverse = { entry = 3, why = "void" }\n',
         "command 1: reverse.entry: 3 (number) is not accepted"),
        (BY_MARIA + "reverse = { entry = 3 }\n", "command 1: reverse.why: is missing"),
        (BY_MARIA + 'change_terms = { distributor = "hudson" }\n',
         "command 1: change_terms.sales_commission: is missing"),
        (BY_MARIA + 'change_credit = { distributor = "hudson", warn_at = [] }\n',
         "change_credit.credit_limit: is missing"),
        (BY_MARIA + 'change_credit = { distributor = "hudson", warn_ta = [] }\n',
         "(did you mean 'warn_at'?)"),
        (BY_MARIA + 'transfer_customer = { distributor = "hudson" }\n',
         "transfer_customer.customer: is missing"),
        (BY_MARIA + 'transfer_customer = { customer = "b", distributor = "" }\n',
         "transfer_customer.distributor: '' is not"),
        (BY_MARIA + "grant_limit_increase = { raises_by = 10 }\n",
         "grant_limit_increase.until: is missing"),
        (
            BY_MARIA + (
                'grant_limit_increase = { distributor = "hudson", raises_by = "1", until = '
                '2026-03-02T09:00:00Z }\n'
            ),
            ("grant_limit_increase.until: 2026-03-02T09:00:00+00:00 is not accepted; give an "
             "instant after the granting"),
        ),
        (
            BY_MARIA.replace('"m"', '"m", increase_caps = { most = "10%", day = 3 }') + PAYMENT,
            "by.increase_caps.day: is not known here (did you mean 'days'?)",
        ),
        (
            BY_MARIA.replace('"m"', '"m", increase_caps = { most = "10%", days = "3" }') + PAYMENT,
            "by.increase_caps.days: '3' (text) is not accepted; give a whole number",
        ),
        (BY_MARIA.replace('"m"', '"m", caps = {}') + PAYMENT,
         "by: {'administrator' = 'm', 'caps' = {}} (table) is not"),
        ("command = 3\n", "command: 3 (number) is not accepted; give a list in square brackets"),
        ("command = [3]\n", "command 1: is not a table; write [[command]] above its keys"),
        ("[[command]]\nat = 3\nby = 3\n" + PAYMENT,
         "command 1: by: 3 (number) is not accepted; give who acts"),
        ('[[command]]\nat = 3\nby = { distributr = "x" }\n' + PAYMENT,
         "command 1: at: 3 (number) is not accepted"),
        ('[[command]]\nby = { administrator = "m" }\n' + PAYMENT, "give its currency beside it"),
        ('[[command]]\nby = { administrator = "m" }\n' + PAYMENT, "command 1: at: is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_command_is_told_by_field(tmp_path, command, told):
    before = "" if command.startswith("command") else DISTRIBUTOR
    assert told in "\n".join(told_of(tmp_path, command if not before else before + command))


def test_a_slip_in_the_key_of_what_goes_back_gets_the_nearest_key(tmp_path):
    paid = COMMAND + PAYMENT + 'key = "receipt-17"\n'
    back = BY_MARIA + 'reverse = { entry = "reciept-17", why = "refund", amount = "1" }\n'
    (problem,) = told_of(tmp_path, DISTRIBUTOR + paid + back)
    assert problem == (
        "command 2: reverse.entry: 'reciept-17' is the key of no command that comes before (did "
        "you mean 'receipt-17'?);"
        " if it is meant, tell the currency"
    )


def test_what_goes_back_comes_after_what_it_is_of(tmp_path):
    back = BY_MARIA + 'reverse = { entry = "till-7", why = "refund" }\n'
    (problem,) = told_of(tmp_path, DISTRIBUTOR + back + COMMAND + PAYMENT + 'key = "till-7"\n')
    assert problem.startswith(
        "command 1: reverse.entry: 'till-7' is the key of no command that comes before; if it"
    )


def test_what_goes_back_of_a_command_that_is_wrong_is_not_blamed(tmp_path):
    paid = COMMAND + 'key = "till-7"\nrecord_payment = { customer = "brown", amount = 10.00 }\n'
    back = BY_MARIA + 'reverse = { entry = "till-7", why = "refund", amount = "1" }\n'
    (problem,) = told_of(tmp_path, DISTRIBUTOR + paid + back)
    assert problem.startswith("command 1: record_payment.amount: 10.0 (float)")


def test_what_goes_back_of_a_command_that_is_none_is_not_blamed_either(tmp_path):
    nothing = COMMAND + 'key = "till-7"\n'
    back = BY_MARIA + 'reverse = { entry = "till-7", why = "refund", amount = "1" }\n'
    (problem,) = told_of(tmp_path, DISTRIBUTOR + nothing + back)
    assert problem.startswith("command 1: gives none; give exactly one command of")


def test_what_goes_back_of_a_command_whose_currency_nobody_knows_tells_it(tmp_path):
    unknown = BY_MARIA + 'activate_account = { account = "113" }\n'
    back = BY_MARIA + 'reverse = { entry = "command-1", why = "refund", amount = "1" }\n'
    (problem,) = told_of(tmp_path, DISTRIBUTOR + unknown + back)
    assert problem.startswith(
        "command 2: reverse.amount: '1' is not accepted; give its currency beside it"
    )


def test_rates_that_overlap_or_leave_a_hole_are_told_with_their_dates_all_at_once(tmp_path):
    rates = """[
        { kind = "sale", rate = "5", until = 2026-04-01 },
        { kind = "sale", rate = "6", since = 2026-03-30, until = 2026-05-01 },
        { kind = "sale", rate = "7", since = 2026-05-03 },
    ]"""
    overlap, hole = told_of(tmp_path, with_key("rates", rates))
    assert overlap.startswith(
        "distributor 1: rates.1.since: 2026-03-30 is not accepted; give a date not within rates[0]"
    )
    assert "until 2026-04-01" in overlap
    assert hole.startswith(
        "distributor 1: rates.2.since: 2026-05-03 is not accepted; give 2026-05-01, where "
        "rates[1] ends"
    )


def test_dated_rates_of_a_distributor_that_the_file_does_not_know_need_a_zone(tmp_path):
    rates = 'rates = [{ kind = "sale", rate = "5", since = 2026-03-16 }]'
    changed = (
        f'change_terms = {{ distributor = "nobody", sales_commission = "1", payment_commission = '
        f'"1", {rates} }}\n'
    )
    (problem,) = told_of(tmp_path, DISTRIBUTOR + BY_MARIA + changed)
    assert problem == (
        "command 1: change_terms.rates_zone: is not accepted; give an IANA time zone: rates "
        "have dates"
    )
    assert len(told_of(tmp_path, with_key("name", "3") + BY_MARIA + changed)) == 1


def test_a_wrong_zone_is_told_once_where_rates_are_dated_in_it(tmp_path):
    wrong = (
        with_key("zone", '"nowhere"')
        + 'rates = [{ kind = "sale", rate = "5", since = 2026-03-16 }]\n'
    )
    (problem,) = told_of(tmp_path, wrong)
    assert problem.startswith("distributor 1: zone: 'nowhere' is not accepted")


def test_two_commands_do_not_share_a_key(tmp_path):
    keyed = COMMAND + PAYMENT + 'key = "till-7"\n'
    assert told_of(tmp_path, DISTRIBUTOR + keyed + keyed) == [
        "key: 'till-7' is given to two commands; each needs its own"
    ]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ('titel = "a month"', "titel: is not known here (did you mean 'title'?)"),
        ("source = 'ours'", "title: is missing"),
        ('title = ""', "title: '' is not accepted"),
        (
            'title = "a"\ninventory = ["12"]',
            "inventory: '12' is not accepted; give telephone numbers",
        ),
        (
            'title = "a"\ninventory = [112]',
            "inventory.0: 112 (number) is not accepted; give text in quotes",
        ),
        ('title = "a"\nadministrator = 3', "administrator: 3 (number) is not accepted"),
        ('title = "a"\ndistributor = 3', "distributor 1: 3 (number) is not accepted; give a table"),
        ('title = "a"\ncustomer = ["b"]', "customer 1: 'b' (text) is not accepted; give a table"),
    ],
)
def test_what_is_wrong_with_the_head_of_a_file_is_told_by_field(tmp_path, head, told):
    assert any(problem.startswith(told) for problem in problems(tmp_path, head))


def test_all_problems_of_a_file_are_told_at_once(tmp_path):
    wrong = (
        with_key("zone", '"nowhere"').replace('"15"', "15.0")
        + COMMAND
        + PAYMENT
        + COMMAND.replace("at", "ta")
    )
    told = told_of(tmp_path, wrong)
    assert [problem.partition(": ")[0] for problem in told] == [
        "distributor 1",
        "distributor 1",
        "command 2",
        "command 2",
    ]


def test_a_wrong_distributor_is_not_blamed_on_those_who_pay_it(tmp_path):
    assert len(told_of(tmp_path, with_key("currency", '"US dollars"') + COMMAND + PAYMENT)) == 1


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("id", "3", "distributor 1: id: 3 (number) is not accepted; give text in quotes"),
        (
            "created",
            '"today"',
            "distributor 1: created: 'today' is not accepted; give a date and time",
        ),
        (
            "zone",
            '"nowhere"',
            "distributor 1: zone: 'nowhere' is not accepted; give an IANA time zone",
        ),
        (
            "currency",
            '"XAU"',
            "distributor 1: currency: 'XAU' is not accepted; give a currency that people pay in",
        ),
        ("currency", '"usd"', "distributor 1: currency: 'usd' is not accepted"),
        ("currency", "[]", "distributor 1: currency: [] (list) is not accepted"),
    ],
)
@pytest.mark.parametrize("period", ["monthly", "every 30 days", "monthly_anniversary"])
def test_what_is_wrong_is_told_once_and_nothing_is_told_that_nobody_wrote(
    tmp_path, key, value, told, period
):
    form = (
        '[[quick_form]]\nid = "sip"\nname = "SIP"\nproduct = "SIP"\nkind = "postpaid"\nasks = '
        '["number"]\n'
    )
    customer = '[[customer]]\nid = "brown"\nname = "Brown"\ndistributor = "hudson"\n'
    distributor = with_key(key, value).replace('"monthly"', f'"{period}"')
    (problem,) = told_of(tmp_path, distributor + form + customer + COMMAND + PAYMENT)
    assert problem.startswith(told)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ('[[customer]]\nid = "brown"\nname = "B"\n', "customer 1: currency: is missing"),
        ('[[customer]]\nid = "brown"\nname = "B"\ndistributor = "hudsn"\n',
         "customer 1: currency: is missing"),
        (COMMAND + PAYMENT + 'currency = "XAU"\n',
         "command 1: currency: 'XAU' is not accepted; give a currency that"),
        (COMMAND.replace("by = {", "by = { x = 1,") + PAYMENT,
         "command 1: by: {'x' = 1, 'distributor' = 'hudson'} (table)"),
        ("[[command]]\nat = 2026-03-02T09:00:00Z\nby = 3\n" + PAYMENT,
         "command 1: by: 3 (number) is not accepted"),
        ("[[command]]\nat = 2026-03-02T09:00:00Z\nby = { x = 1 }\n" + PAYMENT,
         "command 1: by: {'x' = 1} (table) is not"),
        (
            BY_MARIA + 'create_customer = { id = "b", name = "B" }\n',
            "command 1: currency: is missing, and no distributor that comes before tells it",
        ),
        (
            '[[customer]]\nid = 3\nname = "B"\ncurrency = "USD"\n' + BY_MARIA + PAYMENT,
            "customer 1: id: 3 (number) is not accepted",
        ),
    ],
)  # fmt: skip
def test_where_a_currency_cannot_be_told_the_reason_is_told_and_not_what_follows(
    tmp_path, command, told
):
    (problem,) = told_of(tmp_path, DISTRIBUTOR + command)
    assert problem.startswith(told)


def test_a_party_that_is_as_old_as_nobody_must_tell_when_it_was_created(tmp_path):
    assert told_of(tmp_path, '[[customer]]\nid = "brown"\nname = "Brown"\ncurrency = "USD"\n') == [
        "customer 1: created: is missing"
    ]


def test_a_billing_period_has_no_zone_of_its_own(tmp_path):
    assert told_of(
        tmp_path, with_key("billing_period", '{ kind = "monthly", zone = "Etc/UTC" }')
    ) == ["distributor 1: billing_period.zone: is not known here"]


@pytest.mark.parametrize(
    "threshold", ['"90 %"', '"90%%"', '"101%"', '"-1%"', '"%"', '"ninety"', '"1e3"', '"90 USD"']
)
def test_what_is_no_threshold_is_told_what_one_may_be(tmp_path, threshold):
    (problem,) = told_of(tmp_path, with_key("warn_at", f"[{threshold}]"))
    assert problem == (
        f"distributor 1: warn_at.0: {threshold.replace(chr(34), chr(39))} is not accepted;"
        ' give a share of the limit from "0%" to "100%", an amount like "900.00", or "every '
        '100.00" beyond the others'
    )


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('[[customer]]\nid = "b"\nname = "Anna\\u001b Brown"\n',
         "customer 1: name: a text of 11 characters is not accepted"),
        ('[[customer]]\nid = "b"\nname = ["Anna"]\n', "customer 1: name: a list is not accepted"),
        ('[[customer]]\nid = "b"\nname = { first = "Anna" }\n', "customer 1: name: a table is not"),
        ('[[customer]]\nid = "b"\nname = 1990-01-01\n',
         "customer 1: name: a value is not accepted"),
        (COMMAND + 'record_payment = { customer = "b", amount = "1", comment = ["Anna"] }\n',
         "comment: a list"),
        (COMMAND + 'record_payment = { customer = "b", amount = "1", comment = "Anna\\t" }\n',
         "comment: a text of 5 characters"),
        (COMMAND + 'add_account = { customer = "b", form = "f", fields = "Anna" }\n',
         "fields: a text of 4 characters is not"),
        (COMMAND + 'add_account = { customer = "b", form = "f", fields = { a = ["Anna"] } }\n',
         "fields: a list"),
        (COMMAND + 'add_account = { customer = "b", form = "f", fields = { a = "Anna\\t" } }\n',
         "fields: a text of 5"),
    ],
)  # fmt: skip
def test_what_may_be_personal_is_in_no_error(tmp_path, table, told):
    (problem,) = told_of(
        tmp_path, DISTRIBUTOR + table.replace('id = "b"\n', 'id = "b"\ndistributor = "hudson"\n')
    )
    assert told in problem
    assert "Anna" not in problem
    assert "1990" not in problem


def test_a_value_is_shown_as_a_file_writes_it_and_never_as_python_does(tmp_path):
    tables = [
        (
            "by",
            "{ x = [true, 1.5, 2026-03-01T00:00:00Z] }",
            "{'x' = [true, 1.5, 2026-03-01T00:00:00+00:00]} (table)",
        ),
        ("by", "[[[[1]]]]", "[[[[…]]]] (list)"),
        ("by", "{ a.b.c.d = 1 }", "{'a' = {'b' = {'c' = {…}}}} (table)"),
    ]
    for key, value, shown in tables:
        command = f"[[command]]\nat = 2026-03-02T09:00:00Z\n{key} = {value}\n" + PAYMENT
        assert told_of(tmp_path, DISTRIBUTOR + command)[0].startswith(
            f"command 1: {key}: {shown} is not accepted"
        )
    form = (
        '[[quick_form]]\nid = "sip"\nname = "SIP"\nproduct = "SIP"\nkind = "postpaid"\nasks = '
        '["active"]\n'
    )
    assert told_of(tmp_path, DISTRIBUTOR + form) == [
        (
            "quick_form 1: asks: is not accepted; give a form that asks for the number, without a "
            "default"
        )
    ]


def test_a_name_of_a_file_commands_no_terminal():
    error = ScenarioError("a\x1b[31mb\nx\u202e.toml", (Problem("command 3", "at", "is missing"),))
    assert str(error) == "'a\\x1b[31mb\\nx\\u202e.toml': command 3: at: is missing"


def test_the_error_names_the_file_and_travels_between_processes(tmp_path):
    error = ScenarioError(
        "march.toml", (Problem("", "", "is not TOML"), Problem("command 3", "at", "is missing"))
    )
    assert str(error) == "march.toml: is not TOML\nmarch.toml: command 3: at: is missing"
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert again.problems == error.problems


_WORDS = st.sampled_from(
    [
        "",
        "USD",
        "hudson",
        "10.00",
        "-1",
        "unlimited",
        "90%",
        "monthly",
        "every 30 days",
        "Etc/UTC",
        "x" * 600,
        "\x00",
        "\ud800",
    ]
)


def _containers(inner):
    names = st.text(max_size=8) | _WORDS
    return st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | _WORDS
    | st.dates()
    | st.times()
    | st.datetimes()
    | st.datetimes(timezones=st.just(dt.timezone(dt.timedelta(hours=14)))),
    _containers,
    max_leaves=5,
)
KEYS = sorted(
    {key for verb in VERBS.values() for key in verb.reader.keys}
    | {"created", "currency", "expect", "it", *VERBS}
)
TABLES = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), VALUES, max_size=8)
COMMANDS = st.builds(
    lambda verb, inner, beside: {**beside, verb: inner},
    st.sampled_from(sorted(VERBS)),
    TABLES | VALUES,
    st.fixed_dictionaries(
        {}, optional={"at": VALUES, "by": VALUES, "expect": TABLES, "key": VALUES}
    ),
)
DOCUMENTS = st.fixed_dictionaries(
    {"title": st.just("a month") | VALUES},
    optional={
        "inventory": VALUES,
        "distributor": st.lists(TABLES | VALUES, max_size=2) | VALUES,
        "quick_form": st.lists(TABLES, max_size=2) | VALUES,
        "customer": st.lists(TABLES, max_size=2) | VALUES,
        "command": st.lists(COMMANDS | TABLES | VALUES, max_size=2) | VALUES,
    },
)


def refusal_of(read: Callable[[], object]) -> ScenarioError | None:
    try:
        read()
    except ScenarioError as refusal:
        return refusal
    return None


@given(DOCUMENTS)
def test_whatever_the_tables_hold_nothing_but_a_scenario_error_escapes(document):
    refusal = refusal_of(lambda: scenario_in(document, Report("march.toml")))
    assert refusal is None or str(refusal).startswith("march.toml: ")


@given(st.data())
def test_whatever_byte_is_changed_nothing_but_a_scenario_error_escapes(tmp_path_factory, data):
    changed = bytearray(HANDBOOK)
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(changed)))
        changed[start : start + data.draw(st.integers(0, 12))] = data.draw(st.binary(max_size=4))
    file = tmp_path_factory.getbasetemp() / "changed.toml"
    file.write_bytes(changed)
    refusal = refusal_of(lambda: read_scenario(file))
    assert refusal is None or refusal.problems
