"""The command `check`: examples that come out, and those that do not, with both figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from distbilling.cli import main

RIGHT = """
[[case]]
it = "a cent begun is a cent"
source = "R4"
policy = "AWAY_FROM_ZERO"
when = { round = "1.214", currency = "USD", method = "away_from_zero" }
then = { rounded = "1.22" }
"""
WRONG = RIGHT.replace("1.22", "1.21").replace("a cent begun is a cent", "a cent begun is none")


def _file(tmp_path: Path, name: str, text: str) -> str:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return str(file)


def test_examples_that_come_out_end_with_0(tmp_path, capsys):
    first, second = _file(tmp_path, "one.toml", RIGHT), _file(tmp_path, "two.toml", RIGHT * 2)
    assert main(["check", first, second]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{first}: 1 of 1 came out as written",
        f"{second}: 2 of 2 came out as written",
        "All 3 came out as written.",
    ]


def test_an_example_that_does_not_is_told_with_its_source_and_both_figures(tmp_path, capsys):
    file = _file(tmp_path, "one.toml", RIGHT + WRONG)
    assert main(["check", file]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{file}: 1 of 2 came out as written",
        "  a cent begun is none (R4, AWAY_FROM_ZERO)",
        "    rounded: expected $1.21, found $1.22",
        "1 of 2 came out as written.",
    ]


def test_what_is_wrong_with_any_of_the_files_is_told_before_anything_is_worked_out(
    tmp_path, capsys
):
    right = _file(tmp_path, "right.toml", RIGHT)
    empty, slip = (
        _file(tmp_path, "empty.toml", ""),
        _file(tmp_path, "slip.toml", RIGHT.replace("source", "sauce")),
    )
    assert main(["check", right, empty, slip, "nowhere.toml"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert [line.split(": ")[0] for line in output.err.splitlines()] == [
        empty,
        slip,
        slip,
        "nowhere.toml",
    ]


def test_the_projects_own_examples_come_out(capsys, request):
    files = sorted((request.config.rootpath / "tests/worked_examples").glob("*.toml"))
    assert main(["check", *map(str, files)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("All ")


@pytest.mark.parametrize("text", ["[[case]]\n", "case = 3\n", 'title = "a story"\n'])
def test_a_file_that_holds_no_example_ends_with_2(tmp_path, capsys, text):
    assert main(["check", _file(tmp_path, "none.toml", text)]) == 2
    assert "none.toml: " in capsys.readouterr().err
