"""The command `model`: all its files or none, and what is wrong with a table."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import Currency
from distbilling.cli import main
from distbilling.cli.model.results import results_in
from distbilling.cli.model.spreadsheets import for_spreadsheets
from distbilling.cli.model.transactions import transactions_in
from distbilling.cli.progress import stages
from distbilling.modelling import Book
from distbilling.modelling.sample import sample_transactions
from distbilling.money.units import from_units
from distbilling.scenarios.problems import FileError

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "examples/books/distributors.toml"
TABLES = [
    "events.csv",
    "events.parquet",
    "exposure_balances.parquet",
    "settled.parquet",
    "statements.csv",
    "statements.parquet",
]
MARCH = """\
transaction,distributor,kind,at,amount,original,customer_since
sale-1,hudson,sale,2025-03-03T14:35:00-05:00,10.00,,2025-03-01T12:00Z
pay-1,hudson,payment,2025-03-09T16:45:00-04:00,10.00,,2025-03-01T12:00Z
pay-2,hudson,payment,2025-03-20T10:10:00-04:00,990.00,,2025-03-01T12:00Z
pay-3,hudson,payment,2025-03-20T10:15:00-04:00,0.01,,2025-03-01T12:00Z
back-1,hudson,refund,2025-03-21T10:15:00-04:00,5.00,pay-1,
cash-1,hudson,remittance,2025-04-02T11:00:00-04:00,904.01,,
yen-1,sakura,sale,2025-04-02T11:00:00+09:00,2000,,2025-04-01T12:00Z
"""
WITH_AMOUNTS = {"opening", "collected", "sales", "reversed", "commission", "remitted", "closing"}


def _march(folder: Path, text: str = MARCH) -> str:
    file = folder / "march.csv"
    file.write_text(text, "utf-8")
    return str(file)


def _model(folder: Path, transactions: str, *options: str, report: bool = False) -> int:
    out = str(folder / "out")
    more = () if report else ("--no-report",)
    return main(["model", transactions, "--book", str(BOOK), "--out", out, *more, *options])


@pytest.fixture(scope="module", name="march")
def _modelled(tmp_path_factory):
    """March, modelled once: the folder, and what was printed."""
    folder = tmp_path_factory.mktemp("march")
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert _model(folder, _march(folder)) == 0
    return folder / "out", printed.getvalue()


def _written(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "out").iterdir())


def test_a_month_is_settled_as_an_accountant_would(march):
    out, _ = march
    with (out / "statements.csv").open(encoding="utf-8", newline="") as file:
        march, april, *yen = csv.DictReader(file)
    assert {
        name: march[name] for name in ("distributor", "currency", "period_start", "period_end")
    } == {
        "distributor": "hudson",
        "currency": "USD",
        "period_start": "2025-03-01T05:00:00Z",
        "period_end": "2025-04-01T04:00:00Z",
    }
    assert {name: march[name] for name in march if name in WITH_AMOUNTS} == {
        "opening": "0.00",
        "collected": "1000.01",
        "sales": "10.00",
        "reversed": "5.00",
        "commission": "101.00",
        "remitted": "0.00",
        "closing": "904.01",
    }
    assert (april["opening"], april["remitted"], april["closing"]) == ("904.01", "904.01", "0.00")
    assert [(row["distributor"], row["sales"], row["closing"]) for row in yen] == [
        ("sakura", "2000", "1850")
    ]


def test_parquet_has_whole_minor_units_where_spreadsheets_have_amounts(march):
    out, _ = march
    table = pl.read_parquet(out / "statements.parquet")
    assert table.schema["closing"] == pl.Int64
    assert table["closing"].to_list()[:2] == [90401, 0]
    assert table["period_start"][0] == dt.datetime(2025, 3, 1, 5, tzinfo=dt.UTC)
    settled = pl.read_parquet(out / "settled.parquet").sort("at", "transaction")
    rows = (
        settled.filter(pl.col("seller") == "hudson").select("transaction", "earned", "owed").rows()
    )
    assert rows[:3] == [("sale-1", 150, 850), ("pay-1", 100, 900), ("pay-2", 9900, 89100)]
    balances = pl.read_parquet(out / "exposure_balances.parquet").filter(
        pl.col("distributor") == "hudson"
    )
    assert balances.sort("at")["owed"].to_list() == [850, 1750, 90850, 90851, 90401, 0]


def test_warnings_are_written_with_their_instants(march):
    out, _ = march
    with (out / "events.csv").open(encoding="utf-8", newline="") as file:
        events = list(csv.DictReader(file))
    assert [
        (event["at"], event["event"], event["threshold"], event["owed"], event["limit"])
        for event in events
    ] == [
        ("2025-03-20T14:10:00Z", "warning", "900", "908.50", ""),
        ("2025-04-02T15:00:00Z", "warning_over", "900", "0.00", ""),
    ]
    assert pl.read_parquet(out / "events.parquet")["owed"].to_list() == [90850, 0]


def test_what_came_of_it_is_summed_up_in_a_few_lines(march):
    out, printed = march
    assert printed == (
        "7 transactions of 2 of the 7 distributors of the book.\n"
        "JPY: 1 came to ¥2,000; distributors earned ¥150, and ¥1,850 is the provider's.\n"
        "USD: 5 came to $1,005.01; distributors earned $101.00, and $904.01 is the provider's.\n"
        "Credit: warnings 1, warnings over 1.\n"
        f"Written to {out}: settled.parquet, statements.parquet, statements.csv, "
        f"exposure_balances.parquet,"
        " events.parquet, events.csv.\n"
    )


def test_the_summary_is_in_the_formats_that_are_asked_for(tmp_path, capsys):
    assert _model(tmp_path, _march(tmp_path), "--locale", "de_CH") == 0
    assert "1’005.01" in capsys.readouterr().out
    assert _model(tmp_path, _march(tmp_path), "--locale", "xx") == 2
    assert "locale: 'xx' is not accepted" in capsys.readouterr().err


def test_csv_and_parquet_come_to_the_same(tmp_path):
    book = Book.read(BOOK)
    sample = sample_transactions(book, since=dt.date(2025, 5, 1), days=20, seed=4, per_day=4)
    sample.write_parquet(tmp_path / "sample.parquet")
    spread = for_spreadsheets(sample.drop("items"), book).with_columns(sample["items"])
    spread.write_csv(tmp_path / "sample.csv")
    for kind in ("parquet", "csv"):
        out = str(tmp_path / kind)
        arguments = [
            "model",
            str(tmp_path / f"sample.{kind}"),
            "--book",
            str(BOOK),
            "--out",
            out,
            "--no-report",
        ]
        assert main(arguments) == 0
    for name in TABLES:
        if name.endswith(".csv"):
            assert (tmp_path / "csv" / name).read_bytes() == (
                tmp_path / "parquet" / name
            ).read_bytes()


def test_whole_numbers_may_be_of_other_decimals_than_the_currency_has(tmp_path):
    text = (
        MARCH.replace("990.00", "9900000")
        .replace("904.01", "9040100")
        .replace("0.01,", "100,")
        .replace("10.00", "100000")
    )
    text = text.replace("5.00,pay", "50000,pay").replace("2000,", "20000000,")
    assert _model(tmp_path, _march(tmp_path, text), "--decimals", "4") == 0
    assert pl.read_parquet(tmp_path / "out/statements.parquet")["closing"].to_list() == [
        90401,
        0,
        1850,
    ]


def test_the_report_is_one_page_that_tells_where_its_figures_come_from(tmp_path, capsys):
    assert _model(tmp_path, _march(tmp_path), report=True) == 0
    assert _written(tmp_path) == sorted([*TABLES, "report.html"])
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "march.csv" in page
    assert "$904.01" in page
    assert capsys.readouterr().out.endswith(", events.csv, report.html.\n")


def test_a_forecast_is_drawn_from_its_seed(tmp_path):
    forecasts = []
    for seed in ("7", "7", "8"):
        assert (
            _model(tmp_path, _march(tmp_path), "--forecast", "10", "--seed", seed, "--replace") == 0
        )
        forecasts.append((tmp_path / "out/forecast.csv").read_text("utf-8"))
    assert _written(tmp_path) == sorted([*TABLES, "forecast.csv", "forecast.parquet"])
    assert forecasts[0] == forecasts[1] != forecasts[2]


def test_files_that_are_there_are_replaced_only_if_that_is_asked_for(tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir()
    (out / "events.csv").write_text("mine")
    (out / "notes.txt").write_text("mine")
    assert _model(tmp_path, _march(tmp_path)) == 2
    problem = (
        f"{out}: has events.csv already; give another folder, or --replace to write them anew\n"
    )
    assert capsys.readouterr().err == problem
    assert _written(tmp_path) == ["events.csv", "notes.txt"]
    assert _model(tmp_path, _march(tmp_path), "--replace") == 0
    assert _written(tmp_path) == sorted([*TABLES, "notes.txt"])
    assert (out / "events.csv").read_text("utf-8").startswith("distributor,")
    assert (out / "notes.txt").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            ("sale-1,hudson", "sale-1,hudsn"),
            "'hudsn' is not accepted; give a distributor of the book",
        ),
        (
            ("2025-03-03T14:35:00-05:00", "3 March"),
            "row 2: at: '3 March' is not accepted; give a date and time",
        ),
        (
            ("2025-03-03T14:35:00-05:00", "2025-03-03T14:35:00"),
            "row 2: at: '2025-03-03T14:35:00' is not accepted",
        ),
        (("05:00,10.00,", "05:00,10.005,"), "'10.005' is not accepted"),
        (("kind", "sort"), "kind: "),
    ],
)
def test_what_is_wrong_with_the_transactions_is_told_and_nothing_is_written(
    tmp_path, capsys, wrong, told
):
    right, slip = wrong
    assert _model(tmp_path, _march(tmp_path, MARCH.replace(right, slip, 1))) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert told in output.err
    assert not (tmp_path / "out").exists()


def test_what_is_wrong_with_the_book_is_told_by_row_and_column(tmp_path, capsys):
    book = tmp_path / "book.csv"
    text = (ROOT / "examples/books/distributors.csv").read_text("utf-8")
    book.write_text(text.replace("America/Denver", "Denver").replace("INR", "inr", 1), "utf-8")
    assert (
        main(
            [
                "model",
                _march(tmp_path),
                "--book",
                str(book),
                "--out",
                str(tmp_path / "out"),
                "--no-report",
            ]
        )
        == 2
    )
    problems = capsys.readouterr().err.splitlines()
    assert [line.partition(" is not accepted")[0] for line in problems] == [
        f"{book}: row 3: zone: 'Denver'",
        f"{book}: row 4: currency: 'inr'",
    ]


def test_a_file_that_is_damaged_inside_is_told_as_such(tmp_path, capsys):
    sample = sample_transactions(Book.read(BOOK), since=dt.date(2025, 5, 1), days=2, seed=4)
    sample.write_parquet(file := tmp_path / "sales.parquet")
    content = bytearray(file.read_bytes())
    content[100:500] = bytes(400)
    file.write_bytes(content)
    assert _model(tmp_path, str(file)) == 2
    assert capsys.readouterr().err.startswith(f"{file}: is damaged, or cannot be worked on: ")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_told_as_such(tmp_path, capsys):
    (tmp_path / "out").write_text("a file")
    assert _model(tmp_path, _march(tmp_path)) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'out'}: cannot be written to: File exists\n"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("sales.xlsx", b"PK", "is not known; give a file that ends with .parquet or .csv"),
        ("sales.parquet", b"PAR1", "is not parquet: "),
        ("sales.csv", b"", "is not csv: "),
        ("sales.csv", b"\xff\xfe,\n\xff,", "is not csv: "),
        ("nowhere.csv", None, "cannot be read: No such file or directory"),
        ("nowhere.parquet", None, "cannot be read: No such file or directory"),
    ],
)
def test_a_file_without_transactions_is_told_as_a_whole(tmp_path, name, content, told):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(FileError) as refusal:
        transactions_in(file)
    (problem,) = refusal.value.problems
    assert str(problem).startswith(told)


def test_an_instant_of_csv_may_be_written_in_a_few_ways(tmp_path):
    written = [
        "2025-03-03T14:35:00-05:00",
        "2025-03-03T19:35:00Z",
        "2025-03-03T19:35Z",
        "2025-03-03 19:35:00.000+00:00",
        "1741030500000000",
    ]
    file = tmp_path / "sales.csv"
    file.write_text("at,items\n" + "".join(f"{at},3\n" for at in written) + ", \n")
    assert transactions_in(file).collect().rows() == [(1741030500000000, 3)] * len(written) + [
        (None, None)
    ]


def test_of_many_rows_that_are_wrong_the_first_are_told_and_the_others_counted(tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text("at,items\n" + "soon,many\n" * 1200)
    with pytest.raises(FileError) as refusal:
        transactions_in(file)
    problems = [str(problem) for problem in refusal.value.problems]
    assert len(problems) == 42
    assert problems[0].startswith(
        "row 2: at: 'soon' is not accepted; give a date and time with its offset"
    )
    assert problems[20] == "at: and 1,180 more rows"
    assert problems[21] == "row 2: items: 'many' is not accepted; give a whole number"


def test_what_a_column_is_called_may_look_like_a_pattern(tmp_path):
    file = tmp_path / "sales[1]*.csv"
    file.write_text("distributor,name[1]\nhudson,\n")
    assert transactions_in(file).collect().to_dicts() == [
        {"distributor": "hudson", "name[1]": None}
    ]
    table = tmp_path / "sales[1]*.parquet"
    pl.DataFrame({"distributor": ["hudson"]}).write_parquet(table)
    assert transactions_in(table).collect().height == 1


def test_results_are_there_all_together_or_not_at_all(tmp_path):
    deep = tmp_path / "a/b/c"

    def writing(*names: str, failing: bool) -> None:
        with results_in(deep, ("one", "two"), replace=True) as folder:
            for name in names:
                (folder / name).write_text("new")
            if failing:
                raise InterruptedError

    with pytest.raises(InterruptedError):
        writing("one", "two", failing=True)
    assert list(tmp_path.iterdir()) == []
    deep.mkdir(parents=True)
    (deep / "one").write_text("old")
    with pytest.raises(InterruptedError):
        writing("one", "two", failing=True)
    assert [(file.name, file.read_text()) for file in deep.iterdir()] == [("one", "old")]
    writing("one", "two", failing=False)
    assert sorted((file.name, file.read_text()) for file in deep.iterdir()) == [
        ("one", "new"),
        ("two", "new"),
    ]


INT64 = st.integers(-(2**63) + 1, 2**63 - 1)


@given(
    st.lists(
        st.tuples(st.sampled_from(["hudson", "sakura", "alpenfunk"]), st.none() | INT64),
        max_size=20,
    )
)
def test_an_amount_in_a_spreadsheet_is_the_amount_to_the_last_digit(rows):
    book = Book.read(BOOK)
    frame = pl.DataFrame(rows, schema={"distributor": pl.String, "owed": pl.Int64}, orient="row")
    for (name, units), written in zip(rows, for_spreadsheets(frame, book)["owed"], strict=True):
        if units is None:
            assert written is None
            continue
        currency: Currency = book[name].currency
        expected = from_units(units, currency.digits or 0, currency)
        assert written == f"{expected.amount:.{currency.digits}f}"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_sees_how_far_it_is_and_in_a_pipe_nothing():
    for stream, shown in ((_Terminal(), True), (io.StringIO(), False)):
        with contextlib.redirect_stderr(stream), stages(2) as begin:
            begin("Settling")
            begin("Adding up")
        assert ("Settling" in stream.getvalue() or "Adding up" in stream.getvalue()) is shown


def _without(package: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = (
        f"import sys; sys.modules[{package!r}] = None\nfrom distbilling.cli import main; "
        f"sys.exit(main(sys.argv[1:]))"
    )
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("package", ["polars", "narwhals", "altair", "vl_convert"])
def test_a_missing_extra_is_named_before_anything_is_read(tmp_path, package):
    out = tmp_path / "out"
    finished = _without(
        package, "model", "nowhere.parquet", "--book", "nowhere.toml", "--out", str(out)
    )
    needed = (
        f"{package} is not installed; the command line needs it: pip install "
        f'"distbilling[cli,frames,plots]"\n'
    )
    assert (finished.returncode, finished.stdout, finished.stderr) == (2, "", needed)
    assert not out.exists()


def test_without_the_plots_everything_but_the_report_is_there(tmp_path):
    arguments = (
        "model",
        _march(tmp_path),
        "--book",
        str(BOOK),
        "--out",
        str(tmp_path / "out"),
        "--no-report",
    )
    finished = _without("altair", *arguments)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert _written(tmp_path) == TABLES


@pytest.mark.parametrize(
    "options", [[], ["--book", "b.toml"], ["--out", "o"], ["--decimals", "two"]]
)
def test_a_model_needs_a_book_and_a_folder(options, capsys):
    with pytest.raises(SystemExit) as end:
        main(["model", "sales.parquet", *options])
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: distbilling model")
