"""The statement of a month in which nothing happened."""

from __future__ import annotations

from distbilling.rules.ledger.statement import Extract, statement_of
from distbilling.testing.sample_data import MORNING, distributor, usd


def test_a_month_without_entries_is_still_the_distributors_and_carries_its_balance_over():
    hudson = distributor("hudson")
    march = hudson.period_at(MORNING)
    quiet = statement_of(hudson, march, Extract(usd("8.50"), ()))
    assert (quiet.distributor, quiet.period, quiet.lines) == (hudson, march, ())
    assert (quiet.opening, quiet.closing) == (usd("8.50"), usd("8.50"))
    turnover = (quiet.brought_forward, quiet.collected, quiet.sales, quiet.reversed, quiet.adjusted)
    assert {*turnover, quiet.commission, quiet.remitted} == {usd("0.00")}
