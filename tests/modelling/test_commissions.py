"""Do columns give the very commission that the rules give, for every schedule, method and size of amount?"""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import InvalidValue
from distbilling.modelling.commissions import Operations, commissions, with_rates
from distbilling.modelling.engines import engine_of
from distbilling.modelling.rate_tables import Agreement, Reach, rate_tables
from distbilling.money import RoundingMethod
from distbilling.money.units import from_units, units_of
from distbilling.rules.circumstances import Circumstances
from distbilling.rules.commission import commission_on
from distbilling.rules.schedule import Schedule
from distbilling.rules.terms import Terms
from distbilling.testing.schedules import schedules

METHODS = tuple(RoundingMethod)
OPERATIONS = Operations("amount", "base", "so_far", "months", "items")


def _in_columns(plans: list[Schedule], digits: int, rows: list[tuple[int, ...]], reach: Reach) -> list[int]:
    tables = rate_tables([Agreement(Terms(plan, plan), digits) for plan in plans], reach)
    names = ("plan", "amount", "base", "so_far", "months", "items", "method")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64), orient="row")
    frame = frame.with_columns(slot=2 * pl.col("plan"), at_us=pl.lit(0)).with_row_index("row_number")
    engine = engine_of(frame)
    rated = with_rates(engine.frame, tables, engine)
    found = commissions(rated, tables, METHODS, OPERATIONS, engine)
    return engine.rows(found).sort("row_number")["earned"].to_list()


def _by_the_rules(plans: list[Schedule], digits: int, rows: list[tuple[int, ...]]) -> list[int]:
    currency = {0: "JPY", 2: "USD", 3: "KWD"}[digits]
    found = []
    for plan, amount, base, so_far, months, items, method in rows:
        told = Circumstances(items, from_units(so_far, digits, currency), months)
        earned = commission_on(from_units(base, digits, currency), plans[plan], METHODS[method], circumstances=told).earned
        found.append(min(units_of(earned, digits), amount))
    return found


def _rows(plans: int, most: int) -> st.SearchStrategy[list[tuple[int, ...]]]:
    amounts = st.integers(0, most) | st.integers(0, min(most, 400_000))
    row = st.tuples(
        st.integers(0, plans - 1),
        amounts,
        st.integers(0, min(most, 400_000)),
        st.integers(0, 36),
        st.integers(1, 9),
        st.integers(0, len(METHODS) - 1),
    ).map(lambda drawn: (drawn[0], drawn[1], *drawn[1:]))
    return st.lists(row, min_size=1, max_size=30)


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3)])
@given(data=st.data())
def test_many_schedules_at_once_give_what_each_gives_alone(currency: str, digits: int, data: st.DataObject) -> None:
    plans = data.draw(st.lists(schedules(currency), min_size=1, max_size=5))
    rows = data.draw(_rows(len(plans), 10**13))
    reach = Reach(max(row[2] for row in rows), max(row[2] + row[3] for row in rows), 9)
    try:
        found = _in_columns(plans, digits, rows, reach)
    except InvalidValue as refused:
        assert refused.field == "terms"
        return
    assert found == _by_the_rules(plans, digits, rows)
