"""Charts: the very figures, in the reader's words and formats, in parts to tell apart."""

from __future__ import annotations

import datetime as dt
import html
import itertools
import json
import math
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import attrs
import pendulum
import polars as pl
import pytest
from babel.dates import format_skeleton, format_time
from hypothesis import given
from hypothesis import strategies as st

from distbilling import (
    Bounded,
    Bracket,
    Brackets,
    CreditTerms,
    Currency,
    Distributor,
    FlatFee,
    Limit,
    Measure,
    Money,
    Percent,
    PercentOfLimit,
    Sum,
    Terms,
    Tiering,
    Unlimited,
)
from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.language.formats import currency_formatter
from distbilling.language.short_dates import clock_text, day_text, month_name, year_text
from distbilling.modelling import Book
from distbilling.modelling.plots import (
    curves,
    earned_and_owed,
    exposure_over_time,
    forecast_fan,
    png,
    save,
    schedule_comparison,
    schedule_curves,
    statement_waterfall,
    svg,
)
from distbilling.modelling.plots.drawing import axes, theme
from distbilling.modelling.plots.drawing.thinning import thinned
from distbilling.periods import BillingPeriod, Monthly, Weekly, first_instant
from distbilling.periods.instant import microseconds_of
from distbilling.rules.agreement.schedule import ByAge, Schedule, Stage
from distbilling.rules.commission import commission_on
from distbilling.rules.ledger.statement import Statement

NEW_YORK = "America/New_York"
AMOUNTS = st.integers(-(10**12), 10**12)


def _distributor(name: str, **changed: Any) -> Distributor:
    currency = Currency(changed.pop("currency", "USD"))
    made = Distributor(
        id=name,
        name=f"{name.title()} Phones",
        currency=currency,
        terms=Terms(Percent("15"), Percent("10")),
        credit=CreditTerms(
            Limit(Money("1000", currency)), (PercentOfLimit("90"), Money("500", currency))
        ),
        cycle=Monthly(NEW_YORK),
        created=pendulum.datetime(2025, 1, 1, 5),
    )
    return attrs.evolve(made, **changed)


BOOK = Book.of(
    _distributor("hudson"),
    _distributor("soho", parent="hudson"),
    _distributor("weekly", cycle=Weekly(NEW_YORK)),
    _distributor("free", credit=CreditTerms(Unlimited())),
    _distributor("tokyo", currency="JPY", cycle=Monthly("Asia/Tokyo")),
)


def _statement(distributor: str, month: int = 3, **amounts: Any) -> dict[str, Any]:
    """Return a row of statements whose amounts, in minor units, lead to its closing."""
    zone, currency = BOOK[distributor].cycle.zone, BOOK[distributor].currency.code
    fields = (
        "opening",
        "brought_forward",
        "collected",
        "sales",
        "reversed",
        "adjusted",
        "commission",
        "remitted",
    )
    row = {field: amounts.get(field, 0) for field in fields}
    signs = {"reversed": -1, "commission": -1, "remitted": -1}
    start, end = (
        first_instant(zone, dt.date(2026, month + more, 1)).in_timezone("UTC") for more in (0, 1)
    )
    closing = sum(signs.get(field, 1) * amount for field, amount in row.items())
    bounds = {"period_start": amounts.get("start", start), "period_end": amounts.get("end", end)}
    return {"distributor": distributor, "currency": currency, **bounds, **row, "closing": closing}


MARCH = _statement(
    "hudson",
    opening=52_345,
    collected=123_450,
    sales=20_000,
    reversed=1_050,
    commission=15_005,
    remitted=80_000,
)


def _exposure(
    *steps: tuple[str, int, str | None], distributor: str = "hudson", limit: int | None = 100_000
):
    """Return an exposure of balances and events, a day apart from the first of March."""
    at = [pendulum.datetime(2026, 3, 1, 12).add(days=day) for day in range(len(steps))]
    balances = pl.DataFrame(
        {
            "distributor": [distributor] * len(steps),
            "at": at,
            "owed": [owed for _, owed, _ in steps],
            "limit": [limit] * len(steps),
        },
        schema_overrides={"at": pl.Datetime("us", "UTC"), "limit": pl.Int64},
    )
    events_told = [
        (moment, owed, event) for moment, (_, owed, event) in zip(at, steps, strict=True) if event
    ]
    events = pl.DataFrame(
        {
            "distributor": [distributor] * len(events_told),
            "at": [moment for moment, _, _ in events_told],
            "event": [event for _, _, event in events_told],
            "owed": [owed for _, owed, _ in events_told],
        },
        schema={
            "distributor": pl.String,
            "at": pl.Datetime("us", "UTC"),
            "event": pl.String,
            "owed": pl.Int64,
        },
    )
    return SimpleNamespace(balances=balances, events=events)


WATCHED = _exposure(
    ("", 40_000, None),
    ("", 95_000, "warning"),
    ("", 100_000, "suspended"),
    ("", 30_000, "resumed"),
    ("", 55_000, "warning"),
    ("", 20_000, "warning_over"),
)


def _ahead(distributor: str = "hudson", limit: int | None = 100_000) -> pl.DataFrame:
    days = [dt.date(2026, 4, 1) + dt.timedelta(days=day) for day in range(30)]
    levels = {"p05": -9, "p25": -3, "p50": 0, "p75": 4, "p95": 11}
    spread = {
        level: [50_000 + 777 * day + width * 130 * day for day in range(30)]
        for level, width in levels.items()
    }
    chance = pl.Series([day * 5 for day in range(30)], dtype=pl.Int64)
    return pl.DataFrame(
        {
            "distributor": distributor,
            "day": days,
            **spread,
            "limit": limit,
            "chance_of_limit": chance,
        },
        schema_overrides={"limit": pl.Int64},
    )


def _sweep(count: int, rates: dict[str, int]) -> tuple[pl.DataFrame, Book]:
    """Return what distributors would earn at rates in percent, the first half of it by the last."""
    book = Book.of(*(_distributor(f"d{number}") for number in range(count)))
    last = list(rates)[-1]
    rows = [
        {
            "distributor": one.id,
            "schedule": name,
            "earned": 1_000 * rate // (2 if name == last and number < count // 3 else 1),
            "turnover": 100_000,
        }
        for number, one in enumerate(book.distributors)
        for name, rate in rates.items()
    ]
    return pl.DataFrame(rows), book


EVERY_CHART: dict[str, Callable[[str], Any]] = {
    "waterfall": lambda locale: statement_waterfall(MARCH, BOOK, locale=locale),
    "earned and owed": lambda locale: earned_and_owed(pl.DataFrame([MARCH]), BOOK, locale=locale),
    "exposure": lambda locale: exposure_over_time(WATCHED, BOOK, "hudson", locale=locale),
    "comparison": lambda locale: schedule_comparison(
        *_sweep(9, {"a": 10, "b": 12}), baseline="a", locale=locale
    ),
    "few compared": lambda locale: schedule_comparison(
        *_sweep(3, {"a": 10, "b": 12}), baseline="a", locale=locale
    ),
    "curves": lambda locale: schedule_curves(
        {"a": Percent("10")}, Money("50", "USD"), locale=locale
    ),
    "forecast": lambda locale: forecast_fan(_ahead(), BOOK, "hudson", past=WATCHED, locale=locale),
}


def _texts(chart) -> list[str]:
    """Return what can be read in the picture, non-breaking blanks as blanks."""
    pieces = re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", svg(chart))
    return [
        html.unescape(piece).replace("\xa0", " ").replace("\u202f", " ").strip() for piece in pieces
    ]


def _rows(chart) -> list[dict[str, Any]]:
    """Return everything that a chart draws.

    That every kind of chart is valid is tested apart; whatever it draws, its schema is the same.
    """
    return [row for rows in chart.to_dict(validate=False)["datasets"].values() for row in rows]


def _having(chart, *fields: str) -> list[dict[str, Any]]:
    return [row for row in _rows(chart) if set(fields) <= set(row)]


@pytest.mark.parametrize("locale", ["de_CH", "ja"])
@pytest.mark.parametrize("chart", EVERY_CHART)
def test_every_chart_becomes_a_picture_in_every_language(chart, locale):
    drawn = EVERY_CHART[chart](locale)
    picture = svg(drawn)
    assert picture.startswith("<svg")
    assert "undefined" not in picture
    assert "NaN" not in picture


@pytest.mark.parametrize("chart", EVERY_CHART)
def test_a_chart_fetches_nothing_and_is_the_same_twice(chart):
    first, second = (json.dumps(EVERY_CHART[chart]("en").to_dict()) for _ in range(2))
    assert first == second
    assert '"url"' not in first


@pytest.mark.parametrize("chart", EVERY_CHART)
def test_a_chart_says_in_its_title_of_whom_and_below_it_in_which_currency(chart):
    title = EVERY_CHART[chart]("en").to_dict()["title"]
    assert title["text"]
    assert any("USD" in line for line in title["subtitle"])


@pytest.mark.parametrize("chart", EVERY_CHART)
def test_no_money_is_drawn_from_a_float(chart):
    drawn = {"from", "to", "low", "high", "owed", "earned", "limit", "amount"}
    positions = [
        row[field] for row in _rows(EVERY_CHART[chart]("en")) for field in drawn & set(row)
    ]
    assert positions
    assert all(isinstance(value, int) for value in positions)


@pytest.mark.parametrize(
    ("locale", "figures"),
    [
        ("en", {"$523.45", "+$1,234.50", "-$10.50", "-$800.00", "$997.40", "Collected", "$1,500"}),
        (
            "de",
            {"523,45 $", "+1.234,50 $", "-10,50 $", "-800,00 $", "997,40 $", "Kassiert", "1.500 $"},
        ),
    ],
)
def test_a_statement_reads_in_the_words_and_formats_of_the_reader(locale, figures):
    assert figures <= set(_texts(statement_waterfall(MARCH, BOOK, locale=locale)))


@pytest.mark.parametrize(("locale", "collected"), [("es", "Cobrado"), ("ja", "Collected")])
def test_a_statement_reads_as_the_locale_is_written_today(locale, collected):
    def written(amount: str, digits: int = 2) -> str:
        text = currency_formatter(locale, "USD", digits)(Decimal(amount))
        return text.replace("\xa0", " ").replace("\u202f", " ")

    figures = {written(amount) for amount in ("523.45", "-10.50", "-800.00", "997.40")}
    figures |= {f"+{written('1234.50')}", written("1500", 0), collected}
    assert figures <= set(_texts(statement_waterfall(MARCH, BOOK, locale=locale)))


@given(
    st.fixed_dictionaries(
        dict.fromkeys(("opening", "collected", "reversed", "adjusted", "remitted"), AMOUNTS)
    )
)
def test_each_step_of_a_statement_begins_where_the_last_one_ended(amounts):
    row = _statement("hudson", **amounts)
    bars = sorted(
        _having(statement_waterfall(row, BOOK), "from", "to", "place"), key=lambda bar: bar["place"]
    )
    assert bars[0]["to"] == row["opening"]
    assert bars[-1]["to"] == row["closing"]
    assert [bar["from"] for bar in bars[1:-1]] == [bar["to"] for bar in bars[:-2]]
    assert bars[-2]["to"] == row["closing"]
    assert len(bars) == 2 + sum(
        amount != 0 for field, amount in amounts.items() if field != "opening"
    )


def test_a_statement_of_the_rules_and_its_row_are_the_same_picture():
    hudson = BOOK["hudson"]
    amounts = {
        name: Money("0.01", "USD") * value
        for name, value in MARCH.items()
        if isinstance(value, int)
    }
    period = BillingPeriod.between(NEW_YORK, "2026-03-01", "2026-04-01")
    statement = Statement(distributor=hudson, period=period, lines=(), **amounts)
    assert svg(statement_waterfall(statement)) == svg(statement_waterfall(MARCH, BOOK))


def test_amounts_finer_than_the_minor_unit_are_written_with_all_their_digits():
    nothing, fine = Money("0", "USD"), Money("0.005", "USD")
    period = BillingPeriod.between(NEW_YORK, "2026-03-01", "2026-04-01")
    moved = dict.fromkeys(
        ("brought_forward", "sales", "reversed", "adjusted", "commission", "remitted"), nothing
    )
    statement = Statement(
        BOOK["hudson"], period, nothing, collected=fine, closing=fine, lines=(), **moved
    )
    assert "+$0.005" in _texts(statement_waterfall(statement))


@pytest.mark.parametrize("what", [{}, {"opening": 1}, 7, None, "statement"])
def test_what_is_no_statement_is_refused(what):
    with pytest.raises(InvalidType, match="statement"):
        statement_waterfall(what, BOOK)


def test_a_row_of_a_pandas_frame_is_a_row_of_statements_too():
    row = pl.DataFrame([MARCH]).to_pandas().iloc[0].to_dict()
    assert _rows(statement_waterfall(row, BOOK)) == _rows(statement_waterfall(MARCH, BOOK))
    with pytest.raises(InvalidType, match="closing"):
        statement_waterfall(MARCH | {"closing": 99740.0}, BOOK)


def test_a_row_of_statements_needs_its_book():
    with pytest.raises(InvalidType, match="book"):
        statement_waterfall(MARCH)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=9))
def test_the_parts_of_a_bar_make_the_turnover_of_its_period(amounts):
    rows = [
        _statement("hudson", month, collected=collected, commission=earned)
        for month, (collected, earned) in enumerate(amounts, 1)
    ]
    chart = earned_and_owed(pl.DataFrame(rows), BOOK)
    bars = _having(chart, "part", "place")
    for place, (collected, earned) in enumerate(amounts):
        parts = {bar["part"]: bar["to"] - bar["from"] for bar in bars if bar["place"] == place}
        assert parts == {"Owed": collected - earned, "Earned": earned}


def test_in_a_hierarchy_all_levels_earn_and_only_the_top_owes_the_provider():
    below = _statement("soho", collected=10_000, commission=1_000)
    above = _statement("hudson", collected=9_000, commission=500)
    assert "Earned $15.00, owed $85.00." in _texts(
        earned_and_owed(pl.DataFrame([below, above]), BOOK)
    )
    assert "Earned $10.00, owed $90.00." in _texts(
        earned_and_owed(pl.DataFrame([below, above]), BOOK, distributor="soho")
    )


def test_periods_of_different_cycles_are_put_together_by_months():
    weeks = [
        _statement(
            "weekly",
            collected=1_000,
            start=first_instant(NEW_YORK, dt.date(2026, 3, day)).in_timezone("UTC"),
            end=first_instant(NEW_YORK, dt.date(2026, 3, day + 7)).in_timezone("UTC"),
        )
        for day in (2, 9)
    ]
    chart = earned_and_owed(pl.DataFrame([_statement("hudson", collected=5_000), *weeks]), BOOK)
    assert {row["to"] for row in _having(chart, "part") if row["part"] == "Owed"} == {7_000}
    assert "by the month in which they end" in chart.to_dict()["title"]["subtitle"][-1]


def test_a_month_in_which_no_period_ended_is_an_empty_place():
    week = _statement(
        "weekly",
        collected=1_000,
        start=first_instant(NEW_YORK, dt.date(2026, 3, 2)).in_timezone("UTC"),
        end=first_instant(NEW_YORK, dt.date(2026, 3, 9)).in_timezone("UTC"),
    )
    chart = earned_and_owed(
        pl.DataFrame([week, _statement("hudson"), _statement("hudson", 6, collected=500)]), BOOK
    )
    assert [row["to"] for row in _having(chart, "part") if row["part"] == "Owed"] == [
        1_000,
        0,
        0,
        500,
    ]
    assert [text for text in _texts(chart) if text in {"Mar", "Apr", "May", "Jun"}] == [
        "Mar",
        "Apr",
        "May",
        "Jun",
    ]


def test_the_figures_stand_in_the_bars_where_there_is_room():
    few = [_statement("hudson", month, collected=12_345, commission=2_345) for month in (1, 2)]
    assert _texts(earned_and_owed(pl.DataFrame(few), BOOK)).count("$100.00") == 2
    weeks = [
        _statement(
            "weekly",
            collected=12_345,
            start=first_instant(NEW_YORK, day).in_timezone("UTC"),
            end=first_instant(NEW_YORK, day + dt.timedelta(days=7)).in_timezone("UTC"),
        )
        for day in (dt.date(2025, 1, 6) + dt.timedelta(days=7 * week) for week in range(52))
    ]
    assert _texts(earned_and_owed(pl.DataFrame(weeks), BOOK)).count("$123.45") == 0


def test_currencies_do_not_mix_in_a_chart():
    rows = pl.DataFrame([MARCH, _statement("tokyo", collected=5_000)])
    with pytest.raises(InvalidValue, match="one of JPY, USD: a chart shows one currency"):
        earned_and_owed(rows, BOOK)
    assert "Earned ¥0, owed ¥5,000." in _texts(earned_and_owed(rows, BOOK, currency="JPY"))
    with pytest.raises(InvalidValue, match="currency"):
        earned_and_owed(rows, BOOK, currency="EUR")


def test_each_event_is_marked_where_it_was():
    chart = exposure_over_time(WATCHED, BOOK, "hudson")
    marked = [(row["name"], row["owed"], row["figure"]) for row in _having(chart, "name", "owed")]
    assert marked == [
        ("Warning", 95_000, "$950.00"),
        ("Suspended", 100_000, "$1,000.00"),
        ("Resumed", 30_000, "$300.00"),
        ("Warning", 55_000, "$550.00"),
        ("Warning over", 20_000, "$200.00"),
    ]
    assert {"Warning", "Warning over", "Suspended", "Resumed"} <= set(_texts(chart))


def test_limit_and_thresholds_are_named_beside_their_lines():
    assert {"Limit $1,000.00", "Warning at $900.00", "Warning at $500.00"} <= set(
        _texts(exposure_over_time(WATCHED, BOOK, "hudson"))
    )


def test_the_time_of_a_suspension_is_shaded_until_it_is_over():
    start = pendulum.datetime(2026, 3, 1, 12)
    spans = [
        row
        for row in _rows(exposure_over_time(WATCHED, BOOK, "hudson"))
        if set(row) == {"from", "to"}
    ]
    assert [(row["from"], row["to"]) for row in spans] == [
        tuple(start.add(days=day).timestamp() * 1000 for day in (2, 3))
    ]
    still = _exposure(("", 100_000, "suspended"), ("", 120_000, None))
    (span,) = (
        row
        for row in _rows(exposure_over_time(still, BOOK, "hudson"))
        if set(row) == {"from", "to"}
    )
    assert span["to"] == start.add(days=1).timestamp() * 1000


def test_what_came_with_the_creation_is_shaded_from_the_first_day_on_and_not_marked():
    before = WATCHED.events.head(1).with_columns(
        at=pl.lit(pendulum.datetime(2025, 1, 1)).cast(pl.Datetime("us", "UTC")),
        event=pl.lit("suspended"),
    )
    early = SimpleNamespace(
        balances=WATCHED.balances, events=pl.concat([before, WATCHED.events.slice(2)])
    )
    chart = exposure_over_time(early, BOOK, "hudson")
    assert [row["name"] for row in _having(chart, "name", "owed")] == [
        "Resumed",
        "Warning",
        "Warning over",
    ]
    (span,) = (row for row in _rows(chart) if set(row) == {"from", "to"})
    first, resumed = first_instant(NEW_YORK, dt.date(2026, 3, 1)), pendulum.datetime(2026, 3, 4, 12)
    assert (span["from"], span["to"]) == (first.timestamp() * 1000, resumed.timestamp() * 1000)


def test_a_limit_out_of_sight_is_said_and_no_limit_too():
    low = _exposure(("", 100, None), ("", 200, None))
    assert "The credit limit of $1,000.00 lies above what is shown." in _texts(
        exposure_over_time(low, BOOK, "hudson")
    )
    none = _exposure(("", 100, None), ("", 200, None), distributor="free", limit=None)
    assert "There is no credit limit." in _texts(exposure_over_time(none, BOOK, "free"))


def test_a_limit_that_was_raised_for_a_time_is_drawn_as_steps():
    raised = WATCHED.balances.with_columns(
        limit=pl.Series([100_000, 100_000, 150_000, 150_000, 100_000, 100_000])
    )
    chart = exposure_over_time(
        SimpleNamespace(balances=raised, events=WATCHED.events), BOOK, "hudson"
    )
    assert [row["limit"] for row in _rows(chart) if "limit" in row] == [
        100_000,
        150_000,
        100_000,
        100_000,
    ]


def test_times_are_told_on_the_clock_of_the_billing_zone_or_of_another():
    instants = {row["when"] for row in _having(exposure_over_time(WATCHED, BOOK, "hudson"), "when")}
    assert "Mar 2, 2026, 7:00:00\u202fAM" in instants
    there = exposure_over_time(WATCHED, BOOK, "hudson", zone="Asia/Tokyo")
    assert "Mar 2, 2026, 9:00:00\u202fPM" in {row["when"] for row in _having(there, "when")}
    with pytest.raises(InvalidValue, match="zone"):
        exposure_over_time(WATCHED, BOOK, "hudson", zone="Tokyo")


@given(st.lists(AMOUNTS, min_size=1, max_size=400), st.integers(1, 40))
def test_thinning_keeps_the_highest_the_lowest_and_the_ends(amounts, stretches):
    points = [{"at": at * 7, "owed": owed} for at, owed in enumerate(amounts)]
    kept = thinned(points, stretches)
    owed = [point["owed"] for point in kept]
    assert (max(owed), min(owed), owed[0], owed[-1]) == (
        max(amounts),
        min(amounts),
        amounts[0],
        amounts[-1],
    )
    assert kept == sorted(kept, key=lambda point: point["at"])
    assert len(kept) <= 4 * stretches


def test_a_year_of_many_balances_is_still_a_small_picture():
    balances = pl.DataFrame(
        {"distributor": "hudson", "at": range(0, 10**9, 10_000), "limit": 100_000}
    ).with_columns(owed=pl.col("at") % 99_991)
    chart = exposure_over_time(
        SimpleNamespace(balances=balances, events=WATCHED.events.head(0)), BOOK, "hudson"
    )
    assert len(balances) == 100_000
    assert len(svg(chart)) < 300_000


@given(
    st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=5),
    st.sampled_from(["USD", "JPY", "KWD"]),
)
def test_labels_of_an_axis_are_round_few_and_exact(minors, code):
    currency = Currency(code)
    ticks = axes.money_along(minors, currency, "en")
    assert ticks.low <= min([0, *minors])
    assert max([0, *minors]) <= ticks.high
    assert 0 in ticks.labels
    assert 2 <= len(ticks.labels) <= 8
    for place, label in ticks.labels.items():
        digits = re.sub(r"[^0-9.-]", "", str(label))
        assert Fraction(digits) * 10 ** (currency.digits or 0) == place


@given(
    st.integers(631_152_000, 2_114_380_800).map(
        lambda second: dt.datetime.fromtimestamp(second, dt.UTC)
    ),
    st.timedeltas(dt.timedelta(hours=2), dt.timedelta(days=9000)),
    st.sampled_from(
        ["America/New_York", "Europe/Zurich", "America/Havana", "Pacific/Apia", "Asia/Kathmandu"]
    ),
)
def test_labels_of_time_are_few_and_from_a_few_days_on_at_first_instants(start, span, zone):
    first = microseconds_of(start, "start")
    days = axes.days_along(first, first + span // dt.timedelta(microseconds=1), zone, "en")
    assert len(days.labels) <= 12
    for at in days.labels:
        assert days.low <= at <= days.high
        if span > dt.timedelta(days=4):
            local = pendulum.from_timestamp(at / 1000, tz=zone)
            assert first_instant(zone, local.date()).timestamp() * 1000 == at


def test_the_year_stands_below_the_first_label_and_below_each_new_year():
    start, end = (
        microseconds_of(pendulum.datetime(year, 10, 1, tz=NEW_YORK), "at") for year in (2025, 2026)
    )
    labels = list(axes.days_along(start, end, NEW_YORK, "en").labels.values())
    assert labels[0] == ["Nov", "2025"]
    assert labels[1:3] == [["Jan", "2026"], ["Mar"]]


@given(st.lists(st.integers(-1000, 1000), max_size=12), st.integers(1, 50))
def test_labels_beside_lines_never_overlap_and_keep_their_order(wanted, gap):
    places = theme.spread(wanted, gap)
    assert all(later - earlier >= gap for earlier, later in itertools.pairwise(sorted(places)))
    assert [
        wanted[place] for place in sorted(range(len(wanted)), key=places.__getitem__)
    ] == sorted(wanted)


def test_a_comparison_tells_what_each_schedule_costs_and_who_gains():
    chart = schedule_comparison(*_sweep(9, {"flat": 10, "brackets": 12}), baseline="flat")
    texts = set(_texts(chart))
    assert {"$900.00", "6 earn more, 3 less"} <= texts
    assert "Compared with flat" in texts
    (box,) = [row for row in _having(chart, "p50 figure") if row["schedule"] == "brackets"]
    assert (box["p05 figure"], box["p25 figure"], box["p50 figure"], box["p95 figure"]) == (
        "6%",
        "6%",
        "12%",
        "12%",
    )


def test_a_few_distributors_are_compared_one_by_one():
    frame, book = _sweep(3, {"flat": 10, "brackets": 12})
    shares = sorted(row["figure"] for row in _having(schedule_comparison(frame, book), "share"))
    assert shares == ["10%", "10%", "10%", "12%", "12%", "6%"]


def test_a_baseline_that_was_not_swept_is_refused():
    with pytest.raises(InvalidValue, match="give one of the schedules: b, a"):
        schedule_comparison(*_sweep(2, {"a": 10, "b": 20}), baseline="none")


def usd(amount: str) -> Money:
    return Money(amount, "USD")


SCHEDULES: dict[str, Schedule] = {
    "percent": Percent("10"),
    "fee": FlatFee(usd("2.50")),
    "both": Sum((Percent("5"), FlatFee(usd("1.00")))),
    "bounded": Bounded(Percent("12"), usd("0.50"), usd("8.00")),
    "slices": Brackets(
        (Bracket(usd("0"), usd("50"), Percent("5")), Bracket(usd("50"), None, Percent("15"))),
        Tiering.MARGINAL,
        Measure.OPERATION,
    ),
    "whole": Brackets(
        (Bracket(usd("0"), usd("60"), Percent("5")), Bracket(usd("60"), None, Percent("11"))),
        Tiering.WHOLE,
        Measure.OPERATION,
    ),
}


def test_a_curve_goes_through_what_the_rules_pay():
    chart = schedule_curves(SCHEDULES, usd("100"))
    rows = _having(chart, "name", "amount", "earned")
    jumps = {("whole", 6_000)}
    compared = [row for row in rows if row["amount"] and (row["name"], row["amount"]) not in jumps]
    assert len({row["name"] for row in compared}) == len(SCHEDULES)
    for row in compared:
        paid = commission_on(usd("0.01") * row["amount"], SCHEDULES[row["name"]])
        assert abs(paid.earned - usd("0.01") * row["earned"]) <= usd("0.01"), row


def test_brackets_by_volume_are_drawn_over_the_volume_of_the_period():
    brackets = Brackets(
        (Bracket(usd("0"), usd("5000"), Percent("5")), Bracket(usd("5000"), None, Percent("15")))
    )
    chart = schedule_curves({"flat": Percent("10"), "volume": brackets}, usd("10000"))
    assert "Volume of the period" in _texts(chart)
    ends = {
        row["name"]: row["earned"] for row in _having(chart, "earned") if row["amount"] == 1_000_000
    }
    assert ends == {"flat": 100_000, "volume": 100_000}


@pytest.mark.parametrize(
    "beside",
    [
        {"by age": ByAge((Stage(None, Percent("5")),))},
        {
            "whole volume": Brackets(
                (Bracket(usd("0"), usd("5"), Percent("5")), Bracket(usd("5"), None, Percent("9"))),
                Tiering.WHOLE,
            )
        },
        {"fee": FlatFee(usd("1")), "volume": Brackets((Bracket(usd("0"), None, Percent("5")),))},
    ],
)
def test_a_schedule_that_looks_at_more_than_the_amount_has_no_curve(beside):
    with pytest.raises(InvalidValue, match="schedules of the amount of an operation alone"):
        schedule_curves({"flat": Percent("10"), **beside}, usd("100"))


def test_curves_are_few_in_one_currency_and_reach_somewhere():
    draw: Any = schedule_curves
    with pytest.raises(InvalidValue, match="1 to 7 schedules"):
        schedule_curves({}, usd("100"))
    with pytest.raises(InvalidValue, match="1 to 7 schedules"):
        schedule_curves({str(number): Percent("1") for number in range(8)}, usd("100"))
    with pytest.raises(InvalidValue, match="up_to"):
        schedule_curves({"a": Percent("1")}, usd("0"))
    with pytest.raises(InvalidType, match="up_to"):
        draw({"a": Percent("1")}, 100)
    with pytest.raises(InvalidType, match="schedules"):
        draw([Percent("1")], usd("100"))
    with pytest.raises(InvalidType, match="a: '0"):
        draw({"a": "0.1"}, usd("100"))
    with pytest.raises(CurrencyMismatch):
        schedule_curves({"a": FlatFee(Money("1", "EUR"))}, usd("100"))


def test_a_forecast_says_what_its_last_day_brings():
    texts = set(_texts(forecast_fan(_ahead(), BOOK, "hudson")))
    assert {
        "On Apr 30, 2026: $725.33 in the middle, from $386.03 to $1,140.03 in nine of ten paths.",
        "The credit limit is reached by then in 14.5% of the paths.",
        "Limit $1,000.00",
        "nine of ten paths",
        "half of the paths",
        "median",
    } <= texts


def test_what_is_known_leads_to_the_forecast():
    chart = forecast_fan(_ahead(), BOOK, "hudson", past=WATCHED)
    start = first_instant(NEW_YORK, dt.date(2026, 4, 1)).timestamp() * 1000
    balances = [row for row in _rows(chart) if set(row) == {"at", "owed"}]
    assert balances[-1] == {"at": start, "owed": 20_000}
    opened = [row for row in _having(chart, "low", "high") if row["at"] == start]
    assert [(row["low"], row["high"]) for row in opened] == [(20_000, 20_000)] * 3


def test_a_forecast_without_a_limit_tells_of_none():
    texts = _texts(forecast_fan(_ahead("free", None), BOOK, "free"))
    assert not [text for text in texts if "limit" in text.lower()]


def test_frames_of_every_kind_are_the_same_picture(kind, as_kind):
    statements = pl.DataFrame([MARCH])
    assert _rows(earned_and_owed(as_kind(statements, kind), BOOK)) == _rows(
        earned_and_owed(statements, BOOK)
    )
    other = SimpleNamespace(
        balances=as_kind(WATCHED.balances, kind), events=as_kind(WATCHED.events, kind)
    )
    assert _rows(exposure_over_time(other, BOOK, "hudson")) == _rows(
        exposure_over_time(WATCHED, BOOK, "hudson")
    )


def test_what_cannot_be_drawn_is_refused_with_what_is_wrong():
    draw: Any = earned_and_owed
    statements = pl.DataFrame([MARCH])
    with pytest.raises(
        InvalidValue, match="distributor: 'nobody' is not accepted; give the id of a distributor"
    ):
        earned_and_owed(statements, BOOK, distributor="nobody")
    with pytest.raises(
        InvalidValue, match="statements: '0 rows' is not accepted; give a frame with rows of 'soho'"
    ):
        earned_and_owed(statements, BOOK, distributor="soho")
    with pytest.raises(InvalidValue, match="give a frame with rows in it"):
        earned_and_owed(statements.head(0), BOOK)
    with pytest.raises(InvalidValue, match="commission is missing"):
        earned_and_owed(statements.drop("commission"), BOOK)
    with pytest.raises(InvalidType, match="a float is never exact"):
        earned_and_owed(statements.cast({"commission": pl.Float64}), BOOK)
    with pytest.raises(InvalidType, match="statements"):
        earned_and_owed([MARCH], BOOK)
    with pytest.raises(InvalidType, match="book"):
        draw(statements, {"hudson": BOOK["hudson"]})
    with pytest.raises(InvalidValue, match="locale"):
        earned_and_owed(statements, BOOK, locale="xx")
    with pytest.raises(InvalidValue, match="soho"):
        exposure_over_time(WATCHED, BOOK, "soho")
    with pytest.raises(InvalidValue, match="soho"):
        forecast_fan(_ahead(), BOOK, "soho")


def test_a_long_name_is_broken_and_not_cut():
    name = (
        "Compañía Distribuidora de Telefonía Prepago y Tarjetas del Área Metropolitana, "
        "Sociedad Anónima"
    )
    book = Book.of(attrs.evolve(_distributor("hudson"), name=name))
    title = statement_waterfall(MARCH, book).to_dict()["title"]["text"]
    assert len(title) > 1
    assert " ".join(title).startswith(name)


@pytest.mark.parametrize(
    ("name", "starts"),
    [("a.png", b"\x89PNG"), ("a.svg", b"<svg"), ("a.pdf", b"%PDF"), ("a.html", b"<!DOCTYPE html>")],
)
def test_a_chart_is_saved_as_its_name_says(tmp_path, name, starts):
    file = save(statement_waterfall(MARCH, BOOK), tmp_path / name)
    assert file.read_bytes().strip().startswith(starts)


def test_what_is_no_chart_or_no_picture_is_refused(tmp_path):
    chart = statement_waterfall(MARCH, BOOK)
    with pytest.raises(InvalidValue, match="a name that ends in"):
        save(chart, tmp_path / "chart.gif")
    drawings: list[Any] = [svg, png]
    for drawn in drawings:
        with pytest.raises(InvalidType, match="a chart of altair"):
            drawn("chart")


def test_without_the_extra_it_is_said_what_to_install():
    script = "import sys; sys.modules['altair'] = None\nimport distbilling.modelling.plots"
    failed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert failed.returncode == 1
    assert (
        'altair is not installed; charts need it: pip install "distbilling[plots]"' in failed.stderr
    )


SEEN_BY = {
    "everybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopes": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopes": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopes": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""How red, green and blue reach an eye (Machado, Oliveira and Fernandes 2009, severity 1)."""


def _linear(color: str) -> list[float]:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _lab(linear: list[float]) -> tuple[float, float, float]:
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    scaled = [
        max(sum(a * b for a, b in zip(row, linear, strict=True)) / w, 0)
        for row, w in zip(to_xyz, white, strict=True)
    ]
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in scaled)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _difference(first: str, second: str, eye: str) -> float:
    near, far = (
        _lab([sum(a * b for a, b in zip(row, _linear(color), strict=True)) for row in SEEN_BY[eye]])
        for color in (first, second)
    )
    return math.dist(near, far)


TOGETHER = [
    (theme.BLUE, theme.VERMILLION, theme.GREEN),
    (theme.BLUE, theme.ORANGE),
    (theme.ORANGE, theme.GREEN, theme.VERMILLION, theme.PURPLE),
    theme.CYCLE,
]


@pytest.mark.parametrize("eye", SEEN_BY)
@pytest.mark.parametrize("colors", TOGETHER)
def test_colours_of_a_chart_can_be_told_apart_by(eye, colors):
    differences = [
        _difference(first, second, eye) for first, second in itertools.combinations(colors, 2)
    ]
    assert min(differences) > 12


def test_what_has_a_colour_has_a_shape_or_a_dash_too():
    assert len(set(map(tuple, curves._DASHES))) == len(theme.CYCLE)
    marks = json.dumps(exposure_over_time(WATCHED, BOOK, "hudson").to_dict())
    assert {"triangle-up", "triangle-down", "square", "circle"} <= set(
        re.findall(r'"([a-z-]+)"', marks)
    )


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("en_US", ("Mar 31", "Mar", "2026", "6:05 PM")),
        ("en_GB", ("31 Mar", "Mar", "2026", "18:05")),
    ],
)
def test_days_beside_an_axis_are_written_as_the_reader_writes_them(locale, written):
    moment = pendulum.datetime(2026, 3, 31, 18, 5)
    texts = [text(moment, locale) for text in (day_text, month_name, year_text, clock_text)]
    assert tuple(text.replace("\u202f", " ") for text in texts) == written


@pytest.mark.parametrize("locale", ["de", "es", "ja", "ar_EG"])
def test_days_beside_an_axis_are_written_as_babel_writes_them_today(locale):
    moment = pendulum.datetime(2026, 3, 31, 18, 5)
    texts = [text(moment, locale) for text in (day_text, month_name, year_text, clock_text)]
    dates = [format_skeleton(name, moment, locale=locale) for name in ("MMMd", "MMM", "y")]
    assert texts == [*dates, format_time(moment, "short", locale=locale)]


@pytest.mark.parametrize("text", [day_text, month_name, year_text, clock_text])
def test_days_are_written_for_a_locale_that_there_is(text):
    with pytest.raises(InvalidValue, match="locale"):
        text(pendulum.datetime(2026, 3, 31), "xx")
    with pytest.raises(InvalidType, match="locale"):
        text(pendulum.datetime(2026, 3, 31), 7)
