"""The report says what the frames say, and needs nothing but itself."""

from __future__ import annotations

import base64
import datetime as dt
import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import attrs
import pendulum
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import (
    CreditTerms,
    Currency,
    Distributor,
    Limit,
    Money,
    Percent,
    PercentOfLimit,
    Terms,
)
from distbilling.errors import InvalidType, InvalidValue
from distbilling.modelling import Book
from distbilling.modelling.report import report_of, write_report
from distbilling.modelling.report.sums import owed_most, sums_of, together
from distbilling.modelling.report.watched import watched
from distbilling.periods import Monthly, first_instant, iana_version

NEW_YORK = "America/New_York"
MADE = pendulum.datetime(2026, 4, 1, 9)
FIELDS = (
    "opening",
    "brought_forward",
    "collected",
    "sales",
    "reversed",
    "adjusted",
    "commission",
    "remitted",
)
SIGNS = {"reversed": -1, "commission": -1, "remitted": -1}


def _distributor(name: str, code: str = "USD") -> Distributor:
    currency = Currency(code)
    return Distributor(
        id=name,
        name=f"{name.title()} <Phones> & Sons",
        currency=currency,
        terms=Terms(Percent("15"), Percent("10")),
        credit=CreditTerms(Limit(Money("1000", currency)), (PercentOfLimit("90"),)),
        cycle=Monthly(NEW_YORK),
        created=pendulum.datetime(2025, 1, 1, 5),
    )


BOOK = Book.of(
    _distributor("hudson"),
    attrs.evolve(_distributor("soho"), parent="hudson"),
    _distributor("tokyo", "JPY"),
)


def _statement(
    distributor: str, month: int = 3, code: str = "USD", **amounts: Any
) -> dict[str, Any]:
    row = {field: amounts.get(field, 0) for field in FIELDS}
    start, end = (
        first_instant(NEW_YORK, dt.date(2026, month + more, 1)).in_timezone("UTC")
        for more in (0, 1)
    )
    closing = sum(SIGNS.get(field, 1) * amount for field, amount in row.items())
    return {
        "distributor": distributor, "currency": code, "period_start": start, "period_end": end,
        **row, "closing": closing,
    }  # fmt: skip


STATEMENTS = pl.DataFrame(
    [
        _statement("soho", 2, collected=10_000, commission=1_000),
        _statement("soho", 3, opening=9_000, collected=20_000, commission=2_000, remitted=9_000),
        _statement("hudson", 3, collected=27_000, commission=1_350),
        _statement("tokyo", 3, code="JPY", collected=5_000, commission=500),
    ]
)


def _exposure(*told: tuple[str, str, int, str | None]):
    """Return an exposure whose every balance is an event."""
    at = [pendulum.datetime(2026, 3, 1, 12).add(hours=hour) for hour in range(len(told))]
    columns = {
        "distributor": [one for one, _, _, _ in told],
        "at": at,
        "event": [event for _, event, _, _ in told],
        "owed": [owed for _, _, owed, _ in told],
        "limit": [100_000] * len(told),
        "bound": [None if threshold else "1000.00" for _, _, _, threshold in told],
        "threshold": [threshold for _, _, _, threshold in told],
    }
    events = pl.DataFrame(
        columns,
        schema_overrides={
            "at": pl.Datetime("us", "UTC"),
            "threshold": pl.String,
            "bound": pl.String,
        },
    )
    balances = events.select("distributor", "at", "owed", "limit")
    return SimpleNamespace(
        balances=balances, events=events.drop("limit").rename({"bound": "limit"})
    )


EXPOSURE = _exposure(
    ("hudson", "warning", 95_000, "900.00"),
    ("hudson", "suspended", 100_000, None),
    ("hudson", "resumed", 5_000, None),
)


def _report(**changed: Any) -> str:
    given: dict[str, Any] = {
        "book": BOOK,
        "statements": STATEMENTS,
        "exposure": EXPOSURE,
        "source": "march <draft> & more.parquet",
        "at": MADE,
        "locale": "en",
    } | changed
    return report_of(given.pop("book"), given.pop("statements"), given.pop("exposure"), **given)


class _Page(HTMLParser):
    """What a browser makes of a page: tables, texts, pictures, and whether elements are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.texts: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.elements: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        if tag not in {"meta", "img"}:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in {"td", "th"}:
            self.tables[-1][-1].append("")
        if tag == "img":
            self.pictures.append(dict(attrs))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in {"td", "th"}:
            self.tables[-1][-1][-1] += data
        elif self.open and self.open[-1] != "style":
            self.texts.append(data)


def test_the_report_is_one_sound_page_that_needs_nothing_else():
    text = _report()
    page = _Page(text)
    assert page.open == []
    assert not {"script", "link", "iframe", "object"} & set(page.elements)
    assert not re.findall(r"(?:src|href)=\"(?!data:)", text)
    assert "default-src 'none'" in text


def test_the_head_says_from_what_for_when_and_when_it_was_written():
    texts = _Page(_report()).texts
    assert "Transactions: march <draft> & more.parquet" in texts
    assert "Billing periods from Feb 1, 2026 to Mar 31, 2026; 3 distributors" in texts
    assert "Written on Apr 1, 2026, 9:00:00\u202fAM UTC" in texts


def test_texts_of_others_are_escaped():
    text = _report()
    assert "<draft>" not in text
    assert "<Phones>" not in text
    assert "Hudson &lt;Phones&gt; &amp; Sons" in text


def test_the_key_figures_are_those_of_the_provider():
    table = _Page(_report()).tables[0]
    assert table[1:] == [
        ["JPY", "1", "¥5,000", "¥500", "¥0", "¥4,500", "0", "0"],
        ["USD", "2", "$300.00", "$43.50", "$0.00", "$256.50", "1", "1"],
    ]


def test_the_tables_of_distributors_add_up_with_those_who_owe_most_first():
    _, yen, dollars, _ = _Page(_report()).tables
    assert yen[-1] == ["Together in JPY", "¥0", "¥5,000", "¥500", "¥0", "¥4,500"]
    assert dollars[1:] == [
        ["Hudson <Phones> & Sons (hudson)", "$0.00", "$270.00", "$13.50", "$0.00", "$256.50"],
        ["Soho <Phones> & Sons (soho)", "$0.00", "$300.00", "$30.00", "$90.00", "$180.00"],
        ["Together in USD", "$0.00", "$570.00", "$43.50", "$90.00", "$436.50"],
    ]
    assert any("amounts of several levels overlap" in text for text in _Page(_report()).texts)


def test_of_many_distributors_those_who_owe_most_are_listed_and_the_others_added_up():
    many = Book.of(*(_distributor(f"d{number}") for number in range(500)))
    rows = [
        _statement(one.id, collected=1_000 + number, commission=100)
        for number, one in enumerate(many.distributors)
    ]
    text = _report(
        book=many,
        statements=pl.DataFrame(rows),
        exposure=_exposure(("d7", "warning", 95_000, "900.00")),
    )
    table = _Page(text).tables[1]
    assert len(table) == 1 + 20 + 1 + 1
    assert table[1][0] == "D499 <Phones> & Sons (d499)"
    assert table[-2][0] == "480 others (they are in the files)"
    assert table[-1][-1] == f"${(sum(range(1_000, 1_500)) - 500 * 100) / 100:,.2f}"
    assert len(text) < 400_000


def test_events_are_listed_with_what_was_owed_and_passed():
    table = _Page(_report()).tables[-1]
    blank = "\u202f"
    assert table[1:] == [
        [
            f"Mar 1, 2026, 7:00:00{blank}AM",
            "Hudson <Phones> & Sons (hudson)",
            "Warning",
            "$950.00",
            "$900.00",
        ],
        [
            f"Mar 1, 2026, 8:00:00{blank}AM",
            "Hudson <Phones> & Sons (hudson)",
            "Suspended",
            "$1,000.00",
            "$1,000.00",
        ],
        [
            f"Mar 1, 2026, 9:00:00{blank}AM",
            "Hudson <Phones> & Sons (hudson)",
            "Resumed",
            "$50.00",
            "$1,000.00",
        ],
    ]


def test_of_many_events_the_last_ones_are_listed():
    often = _exposure(*[("hudson", "warning", 95_000, "900.00")] * 75)
    page = _Page(_report(exposure=often))
    assert len(page.tables[-1]) == 1 + 60
    assert "The 15 earlier ones are in the files." in page.texts


def test_it_is_said_when_nothing_happened():
    calm = SimpleNamespace(balances=EXPOSURE.balances, events=EXPOSURE.events.head(0))
    page = _Page(_report(exposure=calm))
    assert "Nobody was warned or suspended." in page.texts
    assert [row[-2:] for row in page.tables[0][1:]] == [["0", "0"], ["0", "0"]]


def test_pictures_are_inside_and_are_told_to_who_cannot_see_them():
    pictures = _Page(_report()).pictures
    assert len(pictures) == 3
    for picture in pictures:
        drawn = base64.b64decode((picture["src"] or "").removeprefix("data:image/svg+xml;base64,"))
        assert drawn.startswith(b"<svg")
    assert "2 distributors: earned and owed by period Earned $43.50, owed $256.50." in (
        pictures[1]["alt"] or ""
    )


def test_the_notes_say_which_rules_and_zones_it_was_computed_with():
    assert any(
        str(iana_version()) in text and "distbilling" in text for text in _Page(_report()).texts
    )


@pytest.mark.parametrize(
    ("locale", "said", "tag"),
    [
        ("de_CH", "Was Vertriebspartner verdienen und schulden", "de-CH"),
        ("es", "Lo que ganan y adeudan los distribuidores", "es"),
    ],
)
def test_the_report_is_in_the_language_of_its_reader(locale, said, tag):
    text = _report(locale=locale)
    assert said in _Page(text).texts
    assert f'<html lang="{tag}">' in text


def test_the_same_frames_make_the_same_report(tmp_path):
    file = write_report(
        tmp_path / "report.html", BOOK, STATEMENTS, EXPOSURE, source="march.parquet", at=MADE
    )
    again = report_of(BOOK, STATEMENTS, EXPOSURE, source="march.parquet", at=MADE)
    assert file.read_text("utf-8") == again


def test_those_who_were_suspended_come_before_those_near_their_limit():
    exposure = _exposure(
        ("soho", "warning", 99_000, "900.00"),
        ("soho", "warning", 99_000, "900.00"),
        ("hudson", "suspended", 100_000, None),
        ("tokyo", "resumed", 99_999, None),
    )
    rows = exposure.events.rows(named=True)
    assert watched(exposure, rows, 3) == ["hudson", "soho", "tokyo"]
    assert watched(exposure, [], 3) == ["hudson", "tokyo", "soho"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["hudson", "soho"]),
            st.dictionaries(st.sampled_from(FIELDS[1:]), st.integers(0, 10**9)),
        ),
        min_size=1,
        max_size=12,
    ),
    st.integers(0, 3),
)
def test_opening_turnover_commission_and_remittances_make_the_closing(months, shown):
    balances = {"hudson": 0, "soho": 0}
    rows: list[dict[str, Any]] = []
    for month, (one, amounts) in enumerate(months):
        row = _statement(one, 1, opening=balances[one], **amounts) | {"period_start": month}
        balances[one] = row["closing"]
        rows.append(row)
    sums = sums_of(rows[::-1])
    most, others = owed_most(sums, shown)
    for each in (*sums, together(most, Currency("USD")), together(others, Currency("USD"))):
        assert each.opening + each.turnover - each.commission - each.remitted == each.closing
    assert {each.distributor: each.closing for each in sums} == {
        one: balances[one] for one, _ in months
    }
    assert all(first.closing >= second.closing for first in most for second in others)


def test_what_cannot_be_reported_is_refused():
    with pytest.raises(InvalidType, match="book"):
        _report(book=None)
    with pytest.raises(InvalidValue, match="statements"):
        _report(statements=STATEMENTS.head(0))
    with pytest.raises(InvalidValue, match="remitted is missing"):
        _report(statements=STATEMENTS.drop("remitted"))
    with pytest.raises(InvalidType, match="a float is never exact"):
        _report(statements=STATEMENTS.cast({"closing": pl.Float64}))
    with pytest.raises(InvalidValue, match="distributor: 'soho' is not accepted"):
        _report(book=Book.of(_distributor("hudson"), _distributor("tokyo", "JPY")))
    with pytest.raises(InvalidValue, match="at"):
        _report(at=dt.datetime(2026, 4, 1))  # noqa: DTZ001 - that is what is refused
    with pytest.raises(InvalidValue, match="locale"):
        _report(locale="xx")
