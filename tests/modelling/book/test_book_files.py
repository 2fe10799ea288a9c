"""Books are read exactly from TOML, CSV and Parquet; problems are named by row and column."""

from __future__ import annotations

import csv
import datetime as dt
import io
import pickle
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import attrs
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import Money, Percent, Unlimited
from distbilling.modelling import Book
from distbilling.modelling.book.files import BookError, read_distributors
from distbilling.rules.agreement.schedule import Bounded, Brackets, ByAge
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.scenarios import Problem, ScenarioError, read_scenario
from distbilling.scenarios.distributors import KEYS, keys_needed
from distbilling.scenarios.verbs import VERBS

ROOT = Path(__file__).parents[3]
BOOKS = ROOT / "examples/books"
HUDSON = {
    "id": "hudson",
    "name": "Hudson Phones",
    "currency": "USD",
    "zone": "America/New_York",
    "billing_period": "monthly",
    "created": "2026-03-01T00:00:00-05:00",
    "sales_commission": "15",
    "payment_commission": "10",
    "credit_limit": "1000.00",
}
HEADER = ",".join(HUDSON)


def _toml(path: Path, text: str) -> Path:
    path /= "book.toml"
    path.write_text(text, "utf-8")
    return path


def _table(**changed: str) -> str:
    keys = {key: f'"{value}"' for key, value in HUDSON.items()} | changed
    return "\n".join(("[[distributor]]", *(f"{key} = {value}" for key, value in keys.items()), ""))


def _csv(path: Path, *rows: dict[str, str], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Write rows as a spreadsheet does, a column for each key that any of them has."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path /= "book.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def _parquet(path: Path, **columns: list[Any] | pl.Series) -> Path:
    path /= "book.parquet"
    pl.DataFrame(
        {key: [value] for key, value in HUDSON.items()} | columns, strict=False
    ).write_parquet(path)
    return path


def _problems(file: Path) -> list[str]:
    """Return what is said to be wrong with a file, without its name."""
    with pytest.raises(BookError) as refusal:
        Book.read(file)
    return [line.removeprefix(f"{file}: ") for line in str(refusal.value).split("\n")]


def test_a_scenario_is_a_book_of_the_distributors_that_it_sets_up():
    for name in ("handbook", "hierarchy", "rate_change", "month_in_another_language"):
        file = ROOT / f"examples/{name}.toml"
        created = [
            step.command
            for step in read_scenario(file).steps
            if isinstance(step.command, CreateDistributor)
        ]
        assert Book.read(file).distributors == tuple(command.distributor for command in created)


def test_the_example_tells_the_same_in_toml_csv_and_parquet(tmp_path):
    book = Book.read(BOOKS / "distributors.toml")
    pl.read_csv(BOOKS / "distributors.csv", infer_schema=False).write_parquet(
        tmp_path / "book.parquet"
    )
    assert Book.read(BOOKS / "distributors.csv") == book
    assert Book.read(tmp_path / "book.parquet") == book
    assert Book.read(str(BOOKS / "distributors.toml")) == book


def test_the_example_holds_what_an_analyst_looks_for():
    book = Book.read(BOOKS / "distributors.toml")
    kinds = {
        type(book[name].terms.payment_commission)
        for name in ("hudson", "mesa", "alpenfunk", "sakura")
    }
    assert kinds == {Percent, Brackets, Bounded, ByAge}
    assert [level.id for level in book.chain("naupada")] == ["naupada", "thane", "konkan"]
    assert [rate.since for rate in book["mesa"].terms.rates] == [dt.date(2025, 7, 1), None]
    assert {distributor.currency.code for distributor in book.distributors} == {
        "USD",
        "INR",
        "CHF",
        "JPY",
    }
    assert book["sakura"].credit.limit == Unlimited()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_spreadsheet_may_part_its_columns_and_begin_its_file_as_it_does(
    tmp_path, delimiter, encoding
):
    (seller,) = Book.read(
        _csv(tmp_path, HUDSON, delimiter=delimiter, encoding=encoding)
    ).distributors
    assert seller == Book.read(_toml(tmp_path, _table()))["hudson"]


def test_columns_may_stand_in_any_order_and_what_is_empty_is_not_given(tmp_path):
    turned = dict(reversed(HUDSON.items())) | {"parent": "", "warn_at": " ", "language": ""}
    assert Book.read(_csv(tmp_path, turned)) == Book.read(_toml(tmp_path, _table()))


def test_empty_rows_and_columns_that_a_spreadsheet_leaves_behind_are_no_distributors(tmp_path):
    file = tmp_path / "book.CSV"
    row = ",".join(HUDSON.values())
    file.write_text(
        f"{HEADER} ,,\r\n{row},,\r\n\r\n,,,\r\n"
        f"{row.replace('hudson', 'second', 1)}, ,\r\n,,,,,,,,,,\r\n"
    )
    assert [seller.id for seller in Book.read(file).distributors] == ["hudson", "second"]


def test_a_cell_holds_what_toml_would_hold(tmp_path):
    problems = {
        "sales_commission": '{ brackets = [{ up_to = "100", rate = "5" },\n'
        '{ rate = "7" }], tiers = "whole" }',
        "payment_commission": ' { percent = "5", cap = "50.00" } ',
        "warn_at": '["90%", "500.00"]',
        "warn_repeats": "3",
        "customer_class": '{ name = "Resellers", currency = "USD" }',
        "billing_period": '{ kind = "weekly", first_day = "sunday" }',
        "rates": '[{ kind = "sale", rate = "20", since = 2026-06-01 }]',
        "rounding": "half_even",
    }
    written = {key: f'"{value}"' if key == "rounding" else value for key, value in problems.items()}
    written["sales_commission"] = written["sales_commission"].replace("\n", " ")
    assert Book.read(_csv(tmp_path, HUDSON | problems)) == Book.read(
        _toml(tmp_path, _table(**written))
    )


@pytest.mark.parametrize(("cell", "answer"), [("TRUE", True), ("false", False), ("", True)])
def test_an_answer_is_read_as_a_spreadsheet_writes_it(tmp_path, cell, answer):
    (seller,) = Book.read(_csv(tmp_path, HUDSON | {"tell_cleared": cell})).distributors
    assert seller.credit.rearm.tell_cleared is answer


def test_a_name_in_brackets_is_a_name_and_no_toml(tmp_path):
    rows = (
        HUDSON | {"id": "[1]", "name": "{Hudson}"},
        HUDSON | {"id": "2", "name": "True", "parent": "[1]"},
    )
    top, below = Book.read(_csv(tmp_path, *rows)).distributors
    assert (top.id, top.name, below.id, below.name, below.parent) == (
        "[1]",
        "{Hudson}",
        "2",
        "True",
        "[1]",
    )


def test_parquet_holds_numbers_instants_and_lists_as_what_they_are(tmp_path):
    (seller,) = Book.read(
        _parquet(
            tmp_path,
            created=[dt.datetime(2026, 3, 1, 5, tzinfo=dt.UTC)],
            sales_commission=[Decimal("15.000000")],
            payment_commission=[10],
            credit_limit=pl.Series([Decimal(1000)], dtype=pl.Decimal(38, 9)),
            warn_at=[["90%", "500.00"]],
            warn_repeats=[3],
            tell_cleared=[False],
            warn_band=pl.Series([None], dtype=pl.Float64),
            rates=[[{"kind": "sale", "rate": "20", "since": dt.date(2026, 6, 1), "until": None}]],
            customer_class=[{"name": "Resellers", "currency": "USD"}],
        )
    ).distributors
    more = {
        "warn_at": '["90%", "500.00"]',
        "warn_repeats": "3",
        "tell_cleared": "false",
        "rates": '[{ kind = "sale", rate = "20", since = 2026-06-01 }]',
        "customer_class": '{ name = "Resellers", currency = "USD" }',
    }
    assert seller == Book.read(_toml(tmp_path, _table(**more)))["hudson"]
    assert str(seller.credit.limit) == "Limit(Money('1000.00', 'USD'))"


def test_the_text_of_a_parquet_cell_is_read_as_that_of_a_spreadsheet(tmp_path):
    (seller,) = Book.read(
        _parquet(
            tmp_path, warn_at=['["90%"]'], warn_repeats=["3"], tell_cleared=["True"], parent=[""]
        )
    ).distributors
    assert (
        seller
        == Book.read(_csv(tmp_path, HUDSON | {"warn_at": '["90%"]', "warn_repeats": "3"}))["hudson"]
    )


@pytest.mark.parametrize("dtype", [pl.Float32, pl.Float64])
def test_a_column_of_floats_is_refused_and_told_what_to_give(tmp_path, dtype):
    floats = pl.Series([15.0], dtype=dtype)
    assert _problems(_parquet(tmp_path, sales_commission=floats, credit_limit=floats)) == [
        (
            "row 1: sales_commission: is a column of floats, which are never exact; "
            "give text or decimals"
        ),
        "row 1: credit_limit: is a column of floats, which are never exact; give text or decimals",
    ]


def test_a_float_within_a_cell_is_refused_too(tmp_path):
    (problem,) = _problems(_parquet(tmp_path, sales_commission=[{"percent": 15.0}]))
    assert problem.startswith(
        "row 2: sales_commission.percent: 15.0 (float) is not accepted; give a number in quotes"
    )


def test_all_that_is_wrong_with_the_rows_is_told_at_once_by_row_and_column(tmp_path):
    rows = (
        HUDSON,
        HUDSON | {"id": "a", "sales_commission": "15,5", "zone": "new york"},
        HUDSON | {"id": "b", "payment_commission": '{ percent = "5", cap = 50.0 }'},
        HUDSON
        | {
            "id": "c",
            "rates": '[{ kind = "sale", rate = "5", until = 2026-01-31 }, { kind = "sale" }]',
        },
        HUDSON | {"id": "d", "credit_limit": "", "created": "2026-03-01 00:00"},
        HUDSON | {"id": "e", "warn_at": '["90%"', "tell_cleared": "maybe", "warn_repeats": "1.5"},
    )
    problems = [
        problem.replace(": is ", ": ").split(": ")[:2]
        for problem in _problems(_csv(tmp_path, *rows))
    ]
    assert sorted(problems) == [
        ["row 3", "sales_commission"],
        ["row 3", "zone"],
        ["row 4", "payment_commission.cap"],
        ["row 5", "rates.1.rate"],
        ["row 6", "created"],
        ["row 6", "credit_limit"],
        ["row 7", "tell_cleared"],
        ["row 7", "warn_at"],
        ["row 7", "warn_repeats"],
    ]


@pytest.mark.parametrize(
    "cell", ['{ percent = "5"', "[1", "{}}", "[1]\nx = 1", "[" * 5000, "{ a = 1, a = 2 }"]
)
def test_a_cell_that_begins_like_toml_and_is_none_is_told_once(tmp_path, cell):
    (problem,) = _problems(_csv(tmp_path, HUDSON | {"sales_commission": cell}))
    assert problem.startswith("row 2: sales_commission: ")
    assert problem.endswith(
        'is no value of TOML; give one like ["90%"] or { percent = "5", cap = "50.00" }'
    )


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path):
    file = tmp_path / "book.csv"
    broken = '"Hudson\nPhones"'
    row = ",".join(HUDSON.values())
    first = row.replace("Hudson Phones", broken)
    file.write_text(
        f"{HEADER}\n{first}\n\n{row.replace('hudson', 'third', 1).replace('USD', 'usd')}\n"
    )
    assert [problem.split(": ")[:2] for problem in _problems(file)] == [
        ["row 2", "name"],
        ["row 4", "currency"],
    ]


def test_a_header_that_is_wrong_is_told_once_and_not_of_each_row(tmp_path):
    row = {
        "sales_comission" if key == "sales_commission" else key: value
        for key, value in HUDSON.items()
    }
    assert _problems(_csv(tmp_path, row, row | {"zone": "nowhere"})) == [
        "row 1: 'sales_comission': is not known here (did you mean 'sales_commission'?)",
        "row 1: sales_commission: is missing",
    ]


@pytest.mark.parametrize(
    ("header", "problems"),
    [
        ("", [f"row 1: {key}: is missing" for key in sorted(HUDSON)]),
        (f"{HEADER},id", ["row 1: id: is given twice"]),
        (f"{HEADER},,zone", ["row 1: has a column without a name", "row 1: zone: is given twice"]),
    ],
)
def test_a_header_names_each_column_once(tmp_path, header, problems):
    file = tmp_path / "book.csv"
    file.write_text(header)
    assert sorted(_problems(file)) == sorted(problems)


def test_transactions_are_no_book(tmp_path):
    pl.DataFrame({"transaction": [1], "distributor": ["hudson"], "amount": [1000]}).write_parquet(
        file := tmp_path / "sales.parquet"
    )
    problems = _problems(file)
    assert {f"row 1: {key}: is missing" for key in HUDSON} <= set(problems)
    assert "row 1: 'transaction': is not known here" in problems


def test_a_row_of_another_width_is_told_as_such_and_those_below_it_are_not_blamed(tmp_path):
    below = HUDSON | {"id": "below", "parent": "hudson"}
    file = _csv(tmp_path, HUDSON | {"parent": ""}, below)
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join((lines[0], f"{lines[1]},more", lines[2], "hudson,Hudson")), "utf-8")
    assert _problems(file) == [
        "row 2: has 11 cells; the header has 10",
        "row 4: has 2 cells; the header has 10",
    ]


def test_who_stands_where_is_told_by_row_too(tmp_path):
    def row(name: str, **changed: str) -> dict[str, str]:
        return HUDSON | {"id": name, "parent": ""} | changed

    rows = (
        row("top"),
        row("top"),
        row("lost", parent="tpo"),
        row("yen", currency="JPY", parent="top", credit_limit="1000"),
        row("egg", parent="hen"),
        row("hen", parent="egg"),
        row("below the hen", parent="hen"),
        row("wrong", zone="nowhere"),
        row("below wrong", parent="wrong"),
    )
    assert [
        problem for problem in _problems(_csv(tmp_path, *rows)) if "nowhere" not in problem
    ] == [
        "row 3: id: 'top' is not accepted; give each distributor once",
        "row 4: parent: 'tpo' is not accepted; give a distributor of the book",
        "row 5: parent: 'top' is not accepted; give a distributor in JPY, as 'yen' is",
        "row 6: parent: 'hen' is not accepted; give a distributor that is not below 'egg' itself",
        "row 7: parent: 'egg' is not accepted; give a distributor that is not below 'hen' itself",
    ]


def test_a_table_of_toml_is_told_by_its_number_and_key(tmp_path):
    text = (
        _table()
        + _table(id='"second"', zone='"nowhere"', rate='"5"')
        + _table(id='"third"', parent='"fourth"')
    )
    first, *further = _problems(_toml(tmp_path, text))
    assert first == "distributor 2: rate: is not known here (did you mean 'rates'?)"
    assert [problem.partition(" is ")[0] for problem in further] == [
        "distributor 2: zone: 'nowhere'",
        "distributor 3: parent: 'fourth'",
    ]


def test_what_no_scenario_knows_is_not_known_in_a_book_either(tmp_path):
    assert _problems(_toml(tmp_path, f'titel = "a book"\n{_table()}')) == [
        "titel: is not known here (did you mean 'title'?)"
    ]
    assert _problems(_toml(tmp_path, "distributor = 3")) == [
        "distributor 1: 3 (number) is not accepted; give a table of keys and values"
    ]


def test_what_was_owed_before_is_a_transaction_and_no_term(tmp_path):
    assert _problems(_toml(tmp_path, _table(owes='"12.00"'))) == [
        'distributor 1: owes: is no term; give it as a transaction of the kind "opening_balance"'
    ]
    (problem,) = _problems(_csv(tmp_path, HUDSON | {"owes": "12.00"}))
    assert problem.startswith("row 1: 'owes': is not known here")


def test_a_book_without_a_distributor_is_none(tmp_path):
    assert _problems(_toml(tmp_path, "")) == ["tells of no distributor"]
    file = tmp_path / "book.csv"
    file.write_text(HEADER)
    assert _problems(file) == ["tells of no distributor"]


@pytest.mark.parametrize(
    ("name", "content", "problems"),
    [
        ("book.xlsx", b"PK", "is no book; give a file that ends with .toml, .csv or .parquet"),
        ("book", b"", "is no book; give a file that ends with .toml, .csv or .parquet"),
        ("book.toml", b"[[", "is not TOML: "),
        ("book.toml", b"\xff", "is not UTF-8 text: byte 0 belongs to no character"),
        ("book.csv", b"\xff", "is not UTF-8 text: byte 0 belongs to no character"),
        ("book.csv", HEADER.encode() + b'\n"hud"son,', "is not CSV: line 2: "),
        ("book.csv", HEADER.encode() + b'\n"hudson,', "is not CSV: line 2: "),
        ("book.parquet", b"PAR1PAR1", "is not Parquet"),
        ("book.parquet", b"", "is not Parquet"),
    ],
)
def test_what_is_no_such_file_is_told_as_a_whole(tmp_path, name, content, problems):
    file = tmp_path / name
    file.write_bytes(content)
    (problem,) = _problems(file)
    assert problem.startswith(problems)


@pytest.mark.parametrize("suffix", ["toml", "csv", "parquet"])
def test_a_file_that_is_not_there_is_told_as_such(tmp_path, suffix):
    assert _problems(tmp_path / f"nowhere.{suffix}") == [
        "cannot be read: No such file or directory"
    ]


def test_the_error_is_data_that_travels_and_not_that_of_a_scenario(tmp_path):
    with pytest.raises(BookError) as refusal:
        read_distributors(_csv(tmp_path, HUDSON | {"zone": "nowhere"}))
    error = refusal.value
    assert not isinstance(error, ScenarioError)
    assert error.problems == (Problem("row 2", "zone", error.problems[0].problem),)
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(copied), copied.problems) == (BookError, error.problems)


def test_every_key_of_a_distributor_can_stand_in_a_cell():
    """A whole number and an answer are no text: a spreadsheet could not tell more of them."""
    beyond_text = {key for key in KEYS if {bool, int} & set(_kinds_of(key))}
    assert beyond_text == {"warn_repeats", "tell_cleared"}
    assert keys_needed() == set(HUDSON)


def _kinds_of(key: str) -> tuple[Any, ...]:
    kind: Any = CreateDistributor
    for name in VERBS["create_distributor"].created().keys[key]:
        if attrs.has(kind):
            attrs.resolve_types(kind)
            kind = getattr(attrs.fields(kind), name).type
    return (kind, *get_args(kind))


CELLS = st.sampled_from(
    ["", "[", "{}", "[]", "15", "-1", "unlimited", "90%", "TRUE", "2026-03-01T00:00:00Z", "\x00"]
)


@given(
    st.lists(
        st.dictionaries(st.sampled_from(sorted(KEYS)), CELLS | st.text(max_size=6), max_size=4),
        max_size=3,
    )
)
def test_whatever_stands_in_the_cells_nothing_but_a_book_error_escapes(tmp_path_factory, changes):
    rows = [
        HUDSON | {key: value.replace("\ud800", "") for key, value in change.items()}
        for change in changes
    ]
    file = _csv(
        tmp_path_factory.mktemp("any"), HUDSON | dict.fromkeys(KEYS - HUDSON.keys(), ""), *rows
    )
    refusal = _refusal_of(file)
    assert refusal is None or all(problem.place.startswith("row ") for problem in refusal.problems)


def _refusal_of(file: Path) -> BookError | None:
    try:
        Book.read(file)
    except BookError as refusal:
        return refusal
    return None


@given(st.binary(max_size=200), st.sampled_from(["toml", "csv", "parquet"]))
def test_whatever_a_file_holds_nothing_but_a_book_error_escapes(tmp_path_factory, content, suffix):
    file = tmp_path_factory.mktemp("any") / f"book.{suffix}"
    file.write_bytes(content)
    with pytest.raises(BookError):
        Book.read(file)


def test_the_examples_of_both_kinds_are_written_with_the_same_keys():
    tables = tomllib.loads((BOOKS / "distributors.toml").read_text("utf-8"))["distributor"]
    with (BOOKS / "distributors.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert set(header) == {key for table in tables for key in table}


def test_an_amount_of_a_row_is_in_the_currency_of_that_row(tmp_path):
    yen = HUDSON | {"id": "sakura", "currency": "JPY", "credit_limit": "1000"}
    first, second = Book.read(_csv(tmp_path, HUDSON, yen)).distributors
    assert [seller.credit.amounts for seller in (first, second)] == [
        (Money("1000.00", "USD"),),
        (Money("1000", "JPY"),),
    ]
