"""Statements of account: from opening to closing balance, in every period from the first on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pendulum
import pytest

from distbilling import Billing, Correct, Reversal, Reverse
from distbilling.adapters.memory import MemoryRepository
from distbilling.errors import HostError, InvalidValue
from distbilling.periods import Monthly
from distbilling.rules.ledger.journal import EntryKind
from distbilling.rules.ledger.statement import Extract, Statement, statement_of
from distbilling.testing.sample_data import (
    BASE_COMMANDS,
    MARIA,
    MORNING,
    accept,
    distributor,
    payment,
    remittance,
    sale,
    usd,
)

MARCH = pendulum.datetime(2026, 3, 15)


def prepared(*commands) -> Any:
    repository = MemoryRepository()
    accept(repository, *BASE_COMMANDS, *commands)
    return Billing(repository)


def test_the_handbooks_month_is_told_line_by_line():
    billing = prepared(
        payment("feb", "100.00", MORNING.subtract(days=10)),
        sale("s", "10.00"),
        payment("p"),
        remittance("r", "17.50"),
    )
    statement = billing.statement("hudson", MARCH)
    assert statement.opening == usd("90.00")
    assert (statement.collected, statement.sales) == (usd("10.00"), usd("10.00"))
    assert (statement.commission, statement.remitted) == (usd("2.50"), usd("17.50"))
    assert (statement.brought_forward, statement.closing) == (usd("0.00"), usd("90.00"))
    assert [(line.key, line.turnover, line.earned, line.adds) for line in statement.lines] == [
        ("s", usd("10.00"), usd("1.50"), usd("8.50")),
        ("p", usd("10.00"), usd("1.00"), usd("9.00")),
        ("r", usd("-17.50"), usd("0.00"), usd("-17.50")),
    ]


def test_what_is_given_back_and_corrected_has_places_of_its_own():
    billing = prepared(
        payment("p", "100.00"),
        payment("q", "50.00"),
        attrs.evolve(
            Reverse("refund", MARIA, MARCH, "p", Reversal.REFUND, usd("10.00")),
            comment="wrong line",
        ),
        Reverse("void", MARIA, MARCH, "p", Reversal.VOID, usd("20.00")),
        Reverse("chargeback", MARIA, MARCH, "p", Reversal.CHARGEBACK, usd("40.00")),
        Correct("correction", MARIA, MARCH, "q", usd("80.00")),
    )
    statement = billing.statement("hudson", MARCH)
    assert (statement.distributor, statement.period) == (
        distributor("hudson"),
        distributor("hudson").period_at(MARCH),
    )
    assert (statement.collected, statement.reversed, statement.adjusted) == (
        usd("150.00"),
        usd("70.00"),
        usd("30.00"),
    )
    assert (statement.commission, statement.closing) == (usd("11.00"), usd("99.00"))
    assert [
        (line.key, line.kind, line.at, line.turnover, line.earned, line.comment)
        for line in statement.lines[2:]
    ] == [
        ("refund", EntryKind.REFUND, MARCH, usd("-10.00"), usd("-1.00"), "wrong line"),
        ("void", EntryKind.VOID, MARCH, usd("-20.00"), usd("-2.00"), ""),
        ("chargeback", EntryKind.CHARGEBACK, MARCH, usd("-40.00"), usd("-4.00"), ""),
        ("correction", EntryKind.CORRECTION, MARCH, usd("30.00"), usd("3.00"), ""),
    ]


def test_a_month_without_entries_is_told_in_the_distributors_currency():
    statement = prepared().statement("hudson", MARCH)
    assert (statement.lines, statement.commission, statement.closing) == (
        (),
        usd("0.00"),
        usd("0.00"),
    )


def test_a_balance_brought_from_before_is_in_the_first_statement():
    hudson: Any = BASE_COMMANDS[0]
    settled = attrs.evolve(hudson, opening_balance=usd("40.00"))
    billing = Billing(MemoryRepository())
    billing.execute(settled)
    first = billing.statement("hudson", settled.at)
    assert (first.opening, first.brought_forward, first.closing) == (
        usd("0.00"),
        usd("40.00"),
        usd("40.00"),
    )


def test_the_first_period_starts_when_the_distributor_was_created():
    hudson = attrs.evolve(distributor("hudson"), created=MARCH)
    first = hudson.period_at(MARCH)
    assert (first.start, first.end) == (MARCH, hudson.cycle.period_at(MARCH).end)
    assert hudson.period_at(first.end) == hudson.cycle.period_at(first.end)
    with pytest.raises(InvalidValue, match="instant"):
        hudson.period_at(MARCH.subtract(microseconds=1))
    on_a_bound = attrs.evolve(hudson, created=hudson.cycle.period_at(MARCH).start)
    assert on_a_bound.period_at(MARCH) == hudson.cycle.period_at(MARCH)


@pytest.mark.parametrize(
    ("zone", "instant", "start", "end"),
    [
        (
            "America/New_York",
            "2026-03-15T00:00:00Z",
            "2026-03-01T05:00:00Z",
            "2026-04-01T04:00:00Z",
        ),
        (
            "America/Sao_Paulo",
            "2018-11-15T00:00:00Z",
            "2018-11-01T03:00:00Z",
            "2018-12-01T02:00:00Z",
        ),
        ("Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-01T10:00:00Z", "2011-12-31T10:00:00Z"),
    ],
)
def test_an_entry_belongs_to_the_month_of_the_billing_zone_summer_time_or_not(
    zone, instant, start, end
):
    long_ago = pendulum.datetime(2010, 1, 1)
    known = attrs.evolve(distributor("hudson"), cycle=Monthly(zone), created=long_ago)
    period = known.period_at(dt.datetime.fromisoformat(instant))
    assert (period.start, period.end) == (pendulum.parse(start), pendulum.parse(end))
    first, last = (
        attrs.evolve(ENTRY, key=key, at=at) for key, at in (("a", period.start), ("b", period.end))
    )
    assert statement_of(known, period, Extract(usd("0"), (first,))).closing == usd("9.00")
    with pytest.raises(HostError, match=r"^entries: .*outside the period"):
        statement_of(known, period, Extract(usd("0"), (first, last)))


ENTRY: Any = accept(prepared().repository, payment("k")).entry


def test_a_statement_that_does_not_add_up_cannot_be_made():
    statement = prepared(payment("k")).statement("hudson", MARCH)
    fields = {field.name: getattr(statement, field.name) for field in attrs.fields(Statement)}
    with pytest.raises(HostError, match=r"^statement: .*do not make the closing"):
        Statement(**fields | {"closing": usd("9.01")})


def test_a_statement_of_nobody_is_refused_with_the_name():
    with pytest.raises(InvalidValue, match="distributor: 'nobody'"):
        prepared().statement("nobody", MARCH)
