"""A commission in a file is read as an accountant means it; a slip names its key."""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest
from cattrs import BaseValidationError

from distbilling import Currency, Percent, Terms
from distbilling.rules.agreement.schedule import (
    Bounded,
    Bracket,
    Brackets,
    ByAge,
    FlatFee,
    Measure,
    Per,
    Schedule,
    Stage,
    Sum,
    Tiering,
)
from distbilling.rules.agreement.terms import CommissionKind, Rate
from distbilling.scenarios.problems import Report
from distbilling.scenarios.table_reader import TableReader, reader_of
from distbilling.scenarios.values.converter import converter_in
from distbilling.testing.sample_data import usd

USD = converter_in(Currency("USD"))
TERMS: TableReader[Terms] = reader_of(Terms)
FIVE = FlatFee(usd("5.00"))


def terms(written: str, converter=USD) -> tuple[Terms | None, list[str]]:
    report = Report("march.toml")
    table = tomllib.loads(written)
    found = TERMS.read({"payment_commission": "10"} | table, converter, "distributor 1", report)
    return found, [f"{problem.field}: {problem.problem}" for problem in report.problems]


def schedule(written: str) -> Schedule:
    found, problems = terms(f"sales_commission = {written}")
    assert found is not None, problems
    return found.sales_commission


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"15"', Percent("15")),
        ("15", Percent("15")),
        ('{ percent = "15" }', Percent("15")),
        ('{ fee = "5.00" }', FIVE),
        ('{ fee = "0" }', FlatFee(usd("0"))),
        ('{ fee_per_item = "2.50" }', FlatFee(usd("2.50"), Per.ITEM)),
        ('{ percent = "5", plus = "5.00" }', Sum((Percent("5"), FIVE))),
        ('{ percent = "5", plus = { percent = "0.5" } }', Sum((Percent("5"), Percent("0.5")))),
        ('{ percent = "5", plus = ["5.00", { fee_per_item = "1" }, ["5.00"]] }',
         Sum((Percent("5"), FIVE, FlatFee(usd("1"), Per.ITEM), FIVE))),
        ('{ percent = "10", cap = "50.00" }', Bounded(Percent("10"), cap=usd("50"))),
        ('{ percent = "10", minimum = "5.00" }', Bounded(Percent("10"), minimum=usd("5"))),
        ('{ percent = "0", plus = "5.00", minimum = "1", cap = "50.00" }',
         Bounded(Sum((Percent("0"), FIVE)), usd("1"), usd("50"))),
        ('{ rate = { percent = "10", cap = "9.00" }, plus = "5.00" }',
         Sum((Bounded(Percent("10"), cap=usd("9")), FIVE))),
        ('{ rate = "15", cap = "9.00" }', Bounded(Percent("15"), cap=usd("9"))),
        ('{ brackets = [{ up_to = "100", rate = "30" }, { rate = "4.9" }] }',
         Brackets((Bracket(usd((
             "0"
         )), usd("100"), Percent("30")), Bracket(usd("100"), None, Percent("4.9"))))),
        ('{ brackets = [{ rate = { fee = "5.00" } }], tiers = "whole", measure = "operation" }',
         Brackets((Bracket(usd("0"), None, FIVE),), Tiering.WHOLE, Measure.OPERATION)),
        (('{ brackets = [{ rate = "5" }], tiers = "marginal", measure = "period_volume", cap = '
          '"1" }'),
         Bounded(Brackets((Bracket(usd("0"), None, Percent("5")),)), cap=usd("1"))),
        ('{ ages = [{ months = 3, rate = "10" }, { rate = { fee = "5.00" } }] }',
         ByAge((Stage(3, Percent("10")), Stage(None, FIVE)))),
    ],
)  # fmt: skip
def test_what_is_written_is_what_is_meant(written, meant):
    assert schedule(written) == meant


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ((
            "1.5"
        ), ('sales_commission: 1.5 (float) is not accepted; give a number in quotes, like "10.00" '
                "(without quotes it would be a float, which is never exact)")),
        ('"101"',
         ("sales_commission: '101' is not accepted; give a percentage from 0 to 100 with at most "
          "12 decimals")),
        ((
            "{}"
        ), ("sales_commission: {} is not accepted; give a table that begins with one of "
            "percent, fee, fee_per_item, "
               "brackets, ages, rate")),
        ((
            '{ plus = "5.00" }'
        ), ("sales_commission: {'plus' = '5.00'} is not accepted; give a table that begins with "
            "one of "
                              "percent, fee, fee_per_item, brackets, ages, rate")),
        ((
            '{ percent = "5", fee = "5" }'
        ), ("sales_commission: {'percent' = '5', 'fee' = '5'} is not accepted; give a table "
                                         "that begins with one of percent, fee, fee_per_item, "
                                         "brackets, ages, rate")),
        ('{ percent = "5", cpa = "5" }',
         "sales_commission.cpa: is not known here (did you mean 'cap'?)"),
        ((
            "{ percent = 5.5 }"
        ), ("sales_commission.percent: 5.5 (float) is not accepted; give a number in quotes, like "
                              '"10.00" (without quotes it would be a float, which is never '
                              'exact)')),
        ('{ fee = "-5" }',
         "sales_commission.fee: -5.00 USD is not accepted; give an amount of zero or more"),
        ('{ fee_per_item = "-5" }',
         ("sales_commission.fee_per_item: -5.00 USD is not accepted; give an amount of zero or "
          "more")),
        ('{ percent = "5", plus = "-5" }',
         "sales_commission.plus: -5.00 USD is not accepted; give an amount of zero or more"),
        ('{ percent = "5", plus = 5 }',
         ('sales_commission.plus: 5 (number) is not accepted; give an amount like "5.00", a '
          'table like '
         '{ percent = "5" }, or a list of them')),
        ('{ percent = "5", plus = ["5", { fee = "-1" }] }',
         "sales_commission.plus.1.fee: -1.00 USD is not accepted; give an amount of zero or more"),
        ('{ percent = "5", cap = "4.00", minimum = "5.00" }',
         "sales_commission.cap: 4.00 USD is not accepted; give at least the minimum, 5.00 USD"),
        ('{ percent = "5", minimum = "0.001" }',
         "sales_commission.minimum: 0.001 USD is not accepted; give whole minor units of USD"),
        ('{ percent = "5", tiers = "whole" }',
         "sales_commission.tiers: 'whole' is not accepted; give it beside brackets"),
        ('{ fee = "5", measure = "operation" }',
         "sales_commission.measure: 'operation' is not accepted; give it beside brackets"),
        ("{ brackets = [] }",
         "sales_commission.brackets: [] is not accepted; give at least one bracket"),
        ('{ brackets = [{ rate = "5" }], tiers = "slices" }',
         "sales_commission.tiers: 'slices' is not accepted; give one of marginal, whole"),
        ('{ brackets = [{ up_to = "5" }] }', "sales_commission.brackets.0.rate: is missing"),
        ('{ brackets = [{ up_to = "5", rate = "5" }] }',
         ("sales_commission.brackets.0.up_to: 5.00 USD is not accepted; give no such key: the "
          "last bracket has no end")),
        ('{ brackets = [{ rate = "5" }, { rate = "4" }] }',
         ("sales_commission.brackets.0.up_to: is not accepted; give an amount: another bracket "
          "follows")),
        ('{ brackets = [{ up_to = "0", rate = "5" }, { rate = "4" }] }',
         ("sales_commission.brackets.0.up_to: 0.00 USD is not accepted; give an amount above "
          "0.00 USD, where the bracket "
         "starts")),
        (('{ brackets = [{ up_to = "9", rate = "5" }, { up_to = "8", rate = "5" }, { rate = "4" '
          '}] }'),
         ("sales_commission.brackets.1.up_to: 8.00 USD is not accepted; give an amount above "
          "9.00 USD, where the bracket "
         "starts")),
        ('{ brackets = [{ rate = { fee = "5" } }] }',
         ('sales_commission.brackets.0.rate: is not accepted; give a percentage like "15": '
          'under marginal tiers, each '
         "slice has one")),
        ('{ brackets = [{ rate = { fee = "5", cap = "-1" } }] }',
         ("sales_commission.brackets.0.rate.cap: -1.00 USD is not accepted; give an amount of "
          "zero or more")),
        ("{ ages = [] }", "sales_commission.ages: [] is not accepted; give at least one age"),
        ('{ ages = [{ months = 3, rate = "5" }] }',
         ("sales_commission.ages.0.months: 3 is not accepted; give no such key: the last age has "
          "no end")),
        ('{ ages = [{ rate = "5" }, { rate = "4" }] }',
         ("sales_commission.ages.0.months: is not accepted; give a number of months: another age "
          "follows")),
        ('{ ages = [{ months = 0, rate = "5" }, { rate = "4" }] }',
         "sales_commission.ages.0.months: 0 is not accepted; give a number of months above zero"),
        ('{ ages = [{ months = "3", rate = "5" }, { rate = "4" }] }',
         ("sales_commission.ages.0.months: '3' (text) is not accepted; give a whole number, "
          "without quotes")),
        ('{ rate = { fee = "-1" } }',
         "sales_commission.rate.fee: -1.00 USD is not accepted; give an amount of zero or more"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_key(written, problem):
    found, problems = terms(f"sales_commission = {written}")
    assert found is None
    assert problems == [problem]


def test_all_that_is_wrong_with_brackets_is_told_at_once():
    brackets = (
        '[{ rate = "1" }, { up_to = "9", rate = { fee = "1" } }, { up_to = "8", rate = "5" }]'
    )
    _, problems = terms(f"sales_commission = {{ brackets = {brackets} }}")
    assert [problem.partition(":")[0] for problem in problems] == [
        "sales_commission.brackets.0.up_to",
        "sales_commission.brackets.1.rate",
        "sales_commission.brackets.2.up_to",
        "sales_commission.brackets.2.up_to",
    ]


def test_amounts_need_a_currency_and_percentages_do_not():
    without = converter_in(None)
    found, problems = terms(
        'sales_commission = { percent = "5", plus = { percent = "1" } }', without
    )
    assert found is not None, problems
    assert found.sales_commission == Sum((Percent("5"), Percent("1")))
    _, problems = terms('sales_commission = { percent = "5", plus = "1" }', without)
    assert [problem.partition(":")[0] for problem in problems] == ["sales_commission.plus"]


RATES = """
sales_commission = "15"
zone = "America/New_York"
rates = [
    { kind = "sale", rate = "20", product = "Gold", since = 2026-03-01, until = 2026-04-01 },
    { kind = "payment", rate = { percent = "5", cap = "9.00" }, batch = "B1" },
]
"""


def test_the_rates_of_terms_are_read_with_their_dates():
    found, problems = terms(RATES)
    assert found is not None, problems
    assert found.rates == (
        Rate(
            CommissionKind.SALE,
            Percent("20"),
            "Gold",
            since=dt.date(2026, 3, 1),
            until=dt.date(2026, 4, 1),
        ),
        Rate(CommissionKind.PAYMENT, Bounded(Percent("5"), cap=usd("9.00")), batch="B1"),
    )
    assert found.zone == "America/New_York"


@pytest.mark.parametrize(
    ("old", "new", "problems"),
    [
        ('kind = "sale"', 'kind = "sales"',
         [("rates.0.kind: 'sales' is not accepted; give one of payment, sale (did you mean "
           "'sale'?)")]),
        ('kind = "sale", ', "", ["rates.0.kind: is missing"]),
        ('rate = "20"', 'rat = "20"',
         ["rates.0.rate: is missing", "rates.0.rat: is not known here (did you mean 'rate'?)"]),
        ('"Gold"', '""',
         [("rates.0.product: '' is not accepted; give 1 to 200 printable characters, no blank at "
           "either end")]),
        ('"B1"', '" B1"',
         [("rates.1.batch: ' B1' is not accepted; give 1 to 200 printable characters, no blank "
           "at either end")]),
        ("2026-03-01", '"2026-03-01"',
         [("rates.0.since: '2026-03-01' (text) is not accepted; give a date without quotes, like "
           "2026-03-01")]),
        ("2026-03-01", "0001-01-01",
         ["rates.0.since: 0001-01-01 is not accepted; give a date within the years 2 to 9998"]),
        ("2026-04-01", "2026-03-01",
         [("rates.0.until: 2026-03-01 is not accepted; give a date after 2026-03-01, where this "
           "rate starts")]),
        ('"9.00"', '"-9.00"',
         ["rates.1.rate.cap: -9.00 USD is not accepted; give an amount of zero or more"]),
        ('zone = "America/New_York"', "",
         ["zone: is not accepted; give an IANA time zone: rates have dates"]),
        ((
            'product = "Gold", since = 2026-03-01, until = 2026-04-01'
        ), 'product = "Gold", batch = "B1"',
         ["rates.0.batch: 'B1' is not accepted; give a batch or the product 'Gold', not both"]),
    ],
)  # fmt: skip
def test_a_slip_in_a_rate_is_told_with_its_place_and_key(old, new, problems):
    assert old in RATES
    assert terms(RATES.replace(old, new)) == (None, problems)


def test_all_that_is_wrong_between_rates_is_told_at_once():
    gold = (
        '{ kind = "sale", rate = "1", product = "Gold", since = 2026-02-01, until = 2026-03-02 }, '
    )
    everything = '{ kind = "payment", rate = "1" }, '
    _, problems = terms(RATES.replace("rates = [", f"rates = [{gold}{everything}"))
    assert problems == [
        (
            "rates.2.since: 2026-03-01 is not accepted; give a date not within rates[0], which "
            "holds from 2026-02-01 "
            "until 2026-03-02"
        ),
        (
            "rates.1.until: is not accepted; give a date: else the default payment commission is "
            "never reached"
        ),
    ]


def test_a_schedule_is_refused_where_a_table_of_it_is_read_alone():
    with pytest.raises(BaseValidationError):
        USD.structure({"percent": "5", "cpa": "1"}, Schedule)  # type: ignore[arg-type]
