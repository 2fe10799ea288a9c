"""The command line: exit codes, clear messages, and never a traceback."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.adapters.memory import MemoryRepository
from distbilling.cli import main
from distbilling.cli.program import ended
from distbilling.cli.run.story import play_story
from distbilling.errors import HostError
from distbilling.scenarios import ScenarioError

ROOT = Path(__file__).parents[2]
HANDBOOK = ROOT / "examples/handbook.toml"
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT / "src")}


def _changed(tmp_path: Path, *changes: tuple[str, str]) -> str:
    """Return the handbook's file with something in it changed."""
    text = HANDBOOK.read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    file = tmp_path / "changed.toml"
    file.write_text(text, "utf-8")
    return str(file)


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_a_figure_that_is_not_as_expected_ends_with_1_and_is_named(tmp_path, capsys):
    file = _changed(
        tmp_path, ('owes = "8.50", commission = "1.50"', 'owes = "8.55", commission = "1.45"')
    )
    assert main(["run", file]) == 1
    output = capsys.readouterr().out
    assert "Not as expected: owes: expected $8.55, found $8.50" in output
    assert "Not as expected: commission: expected $1.45, found $1.50" in output
    assert "10 of 11 expectations met." in output


def test_machines_learn_what_is_not_as_expected_too(tmp_path, capsys):
    file = _changed(tmp_path, ('owes = "8.50", commission', 'owes = "8.55", commission'))
    assert main(["run", "--json", file]) == 1
    report = json.loads(capsys.readouterr().out)
    (unexpected,) = (found for step in report["steps"] for found in step["unexpected"])
    assert unexpected["field"] == "owes"
    assert report["check"]["sound"] is False
    assert report["check"]["expectations_met"] == report["check"]["expectations"] - 1


def test_all_that_is_wrong_with_a_file_is_told_at_once_with_place_field_value_and_what_is_accepted(
    tmp_path, capsys
):
    file = _changed(
        tmp_path,
        ('zone = "America/New_York"', 'zone = "america/new_york"'),
        ('amount = "10.00"', "amount = 10.00"),
        ("by = { distributor", "bye = { distributor"),
    )
    assert main(["run", file]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    problems = output.err.splitlines()
    assert len(problems) >= 3
    assert all(line.startswith(f"{file}: ") for line in problems)
    assert re.search(
        r"distributor 1: zone: 'america/new_york' is not accepted; give .*'America/New_York'",
        output.err,
    )
    assert re.search(
        (
            r"command \d+: record_payment\.amount: 10\.0 \(float\) is not accepted; give a "
            r"number in quotes"
        ),
        output.err,
    )
    assert re.search(r"command 1: bye: is not known here", output.err)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"title = ", "is not TOML"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"", "title: is missing"),
        (b'title = "\x1b[31m"', "is not TOML"),
        (b"[" * 5000, "TOML"),
    ],
)
def test_a_file_that_is_none_ends_with_2(tmp_path, capsys, content, said):
    file = tmp_path / "story.toml"
    file.write_bytes(content)
    assert main(["run", str(file)]) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_not_there_ends_with_2(tmp_path, capsys):
    assert main(["run", str(tmp_path / "nowhere.toml")]) == 2
    assert "nowhere.toml: cannot be read" in capsys.readouterr().err


@given(content=st.binary(max_size=200))
def test_whatever_a_file_holds_there_is_no_traceback(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("any") / "story.toml"
    file.write_bytes(content)
    assert main(["run", str(file)]) == 2


def test_a_command_from_before_its_distributor_is_refused(tmp_path, capsys):
    file = _changed(tmp_path, ("at = 2026-03-03T14:35:00-05:00", "at = 2026-02-03T14:35:00-05:00"))
    assert main(["run", file]) == 1
    output = capsys.readouterr().out
    assert (
        "Refused: hudson was created on Mar 1, 2026, 12:00:00\u202fAM; nothing before "
        "that can be booked." in output
    )


def test_a_file_is_not_played_over_books_that_have_its_keys(tmp_path):
    kept = MemoryRepository({"12125550199"})
    play_story(HANDBOOK, kept)
    changed = _changed(tmp_path, ('name = "Hudson Phones"', 'name = "Hudson Telephones"'))
    with pytest.raises(
        ScenarioError, match=r"changed.toml: distributor 1: key .* before with another distributor"
    ):
        play_story(changed, kept)


def test_a_command_that_cannot_be_committed_is_named_by_its_place(tmp_path):
    kept = MemoryRepository({"12125550199"})
    play_story(HANDBOOK, kept)
    changed = _changed(
        tmp_path, ('customer = "brown", amount = "10.00"', 'customer = "brown", amount = "10.01"')
    )
    with pytest.raises(
        ScenarioError, match=r"changed.toml: command \d+: key 'command-\d+' was accepted before"
    ):
        play_story(changed, kept)


def _with_output(redirection: str, *arguments: str) -> tuple[int, str]:
    """Return the exit code of a program whose output goes elsewhere, and its standard error."""
    command = f'exec "{sys.executable}" -m distbilling "$@" {redirection}'
    finished = subprocess.run(
        ["/bin/sh", "-c", command, "sh", *arguments],
        env=ENVIRONMENT | {"PYTHONUNBUFFERED": ""},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    return finished.returncode, finished.stderr


@pytest.mark.parametrize(
    "arguments", [("run", str(HANDBOOK)), ("run", "--json", str(HANDBOOK)), ("--help",)], ids=str
)
@pytest.mark.parametrize(
    ("redirection", "why"), [(">/dev/full", "No space left on device"), (">&-", "it is closed")]
)
def test_an_output_that_cannot_be_written_ends_with_2_and_says_why(redirection, why, arguments):
    assert _with_output(redirection, *arguments) == (2, f"the output cannot be written: {why}\n")


@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-", ">&- 2>&-"])
def test_where_nothing_can_be_said_the_number_says_it(redirection):
    assert _with_output(redirection, "run", "nowhere.toml") == (2, "")


def test_a_story_is_told_where_there_is_no_standard_error():
    assert _with_output(">/dev/null 2>&-", "run", str(HANDBOOK)) == (0, "")


@pytest.mark.parametrize("redirect", [contextlib.redirect_stdout, contextlib.redirect_stderr])
def test_a_closed_stream_ends_no_host(redirect):
    with redirect(None):
        assert main(["run", "nowhere.toml"]) == 2


class _Full(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_stream_of_a_host_ends_it_with_2(capsys):
    with contextlib.redirect_stdout(_Full()):
        assert main(["run", str(HANDBOOK)]) == 2
    assert capsys.readouterr().err == "the output cannot be written: No space left on device\n"
    with contextlib.redirect_stderr(_Full()):
        assert main(["run", "nowhere.toml"]) == 2


def test_what_a_file_says_commands_no_terminal(tmp_path, capsys):
    reset, around = "\\u001b[2J", "\\u202e"
    named = tmp_path / "a\x1b[31mb\nx.toml"
    typed = ("fields = { number", f'fields = {{ "{reset}{around}x" = "1", number')
    expected = ("expect = { owes", f'expect = {{ explanation = "{reset}{around}", owes')
    for changes in ((typed,), (expected,)):
        named.write_text(Path(_changed(tmp_path, *changes)).read_text("utf-8"), "utf-8")
        for arguments in (
            ["run", str(named)],
            ["run", "--json", str(named)],
            ["check", str(named)],
        ):
            assert main(arguments) != 0
            output = "".join(capsys.readouterr())
            assert not set(output) & {"\x1b", "\u202e", "\x9b"}
    named.write_text(
        '[[case]]\nit = "a"\nsource = "R8"\nwhen = { typed_number = "112" }\nthen = { '
        'number = "112" }\n'
    )
    assert main(["check", str(named)]) == 0
    assert capsys.readouterr().out.startswith(repr(str(named)))


def test_what_is_said_of_a_case_commands_no_terminal_either(tmp_path, capsys):
    ledger = "provider\\u001b[2J\\u009b\\u202e"
    file = tmp_path / "ours.toml"
    file.write_text(
        '[[case]]\nit = "a"\nsource = "R8"\ngiven = { currency = "USD", distributor = {} }\n'
        f'when = {{ remit = "1" }}\nthen = {{ owed = {{ "{ledger}" = "1" }} }}\n'
    )
    assert main(["check", str(file)]) == 1
    assert f"owed: expected {{{ledger}: $1.00}}, found" in capsys.readouterr().out


def test_each_distributor_gets_the_statement_of_the_last_period_even_if_nothing_happened_in_it(
    tmp_path,
):
    text = HANDBOOK.read_text("utf-8")
    tables = text.split("[[")
    distributor = next(table for table in tables if table.startswith("distributor]]"))
    quiet = distributor.replace('"hudson"', '"quiet"')
    later = distributor.replace('"hudson"', '"later"').replace(
        "created = 2026-03-01", "created = 2027-03-01"
    )
    assert later != quiet.replace('"quiet"', '"later"')
    file = tmp_path / "two_more.toml"
    file.write_text(
        text.replace(f"[[{distributor}", f"[[{distributor}\n[[{quiet}\n[[{later}", 1), "utf-8"
    )
    codes = [
        (
            statement.distributor.id,
            str(statement.period.first_day),
            statement.opening == statement.closing,
        )
        for statement in play_story(file).statements
    ]
    assert codes == [
        ("hudson", "2026-03-01", False),
        ("hudson", "2026-04-01", False),
        ("quiet", "2026-04-01", True),
        ("later", "2027-03-01", True),
    ]


def test_a_host_may_catch_the_output_in_any_stream():
    caught = io.StringIO()
    with contextlib.redirect_stdout(caught):
        assert main(["run", str(HANDBOOK)]) == 0
    assert "Check: 6 entries" in caught.getvalue()


def test_importing_the_program_starts_nothing(capsys):
    importlib.import_module("distbilling.__main__")
    assert capsys.readouterr() == ("", "")


def test_an_unknown_locale_ends_with_2(capsys):
    assert main(["run", str(HANDBOOK), "--locale", "xx"]) == 2
    assert "locale: 'xx' is not accepted; give" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["play"], ["run"], ["run", "--xml", "a.toml"], ["check"]]
)
def test_what_is_not_an_option_ends_with_2_and_shows_how_to_ask(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: distbilling")


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["check", "--help"]])
def test_help_says_with_which_numbers_it_ends(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 0
    assert "1 if entries do not sum to zero" in " ".join(capsys.readouterr().out.split())


def test_the_version_names_the_time_zone_data_on_which_periods_depend(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert re.fullmatch(r"distbilling.* \(Python 3\.\d+\.\d+\S*, time zones \S+ \(.+\)\)", said)


def test_a_host_at_fault_ends_with_1(capsys):
    def failing():
        raise HostError("statement", "the lines do not make the closing")

    assert ended(failing) == 1
    assert capsys.readouterr().err == "statement: the lines do not make the closing\n"


@pytest.mark.parametrize("missing", ["cattrs", "rich"])
def test_a_missing_extra_is_named_with_the_command_that_installs_it(missing):
    script = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from distbilling.cli import main; from distbilling.cli.program import ended\n"
        "if sys.argv[1] == 'rich':\n"
        "    sys.exit(ended(lambda: __import__('rich.table') and 0))\n"
        "sys.exit(main(['run', sys.argv[2]]))"
    )
    finished = _python("-c", script, missing, str(HANDBOOK))
    assert finished.returncode == 2
    assert (
        finished.stderr == f"{missing} is not installed; the command line needs it: pip install "
        f'"distbilling[cli]"\n'
    )
    assert finished.stdout == ""


def test_a_broken_installation_is_not_taken_for_a_missing_extra():
    def importing():
        raise ModuleNotFoundError(name="pendulum")

    with pytest.raises(ModuleNotFoundError):
        ended(importing)


def test_a_reader_that_has_gone_is_no_failure_to_shout_about():
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as gone:
        finished = subprocess.run(
            [sys.executable, "-m", "distbilling", "run", str(HANDBOOK)],
            env=ENVIRONMENT,
            stdout=gone,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert finished.returncode == 141
    assert finished.stderr == b""


def test_ctrl_c_ends_with_130_and_no_traceback(tmp_path):
    slow = tmp_path / "slow.toml"
    os.mkfifo(slow)
    # A shell starts what runs in the background with Ctrl-C ignored; at a terminal it is not.
    at_a_terminal = (
        "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "runpy.run_module('distbilling', run_name='__main__')"
    )
    arguments = [sys.executable, "-c", at_a_terminal, "run", str(slow)]
    with (
        subprocess.Popen(arguments, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) as started,
        slow.open("w"),  # opens when the program does, which then waits for what is never written
    ):
        started.send_signal(signal.SIGINT)
        try:
            _, said = started.communicate(timeout=600)
        finally:
            started.kill()
    assert (started.returncode, said) == (130, "interrupted\n")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_that_cannot_show_a_character_ends_nothing(encoding):
    month = ROOT / "examples/month_in_another_language.toml"
    finished = subprocess.run(
        [sys.executable, "-m", "distbilling", "run", str(month)],
        env=ENVIRONMENT | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert finished.returncode == 0
    assert finished.stderr == b""
    assert b"621.55" in finished.stdout.decode(encoding).encode("utf-8")


def test_the_report_for_machines_is_utf_8_whatever_the_terminal():
    month = ROOT / "examples/month_in_another_language.toml"
    finished = subprocess.run(
        [sys.executable, "-m", "distbilling", "run", "--json", str(month)],
        env=ENVIRONMENT | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    )
    assert (
        json.loads(finished.stdout.decode("utf-8"))["steps"][8]["entry"]["shares"][0]["earned"][
            "amount"
        ]
        == "233"
    )
    assert finished.stdout.endswith(b"}\n")


def test_without_a_terminal_there_is_no_colour_and_no_line_depends_on_a_width():
    runs = [
        subprocess.run(
            [sys.executable, "-m", "distbilling", "run", str(HANDBOOK)],
            env=ENVIRONMENT | {"COLUMNS": columns},
            capture_output=True,
            check=True,
        ).stdout
        for columns in ("40", "200")
    ]
    assert runs[0] == runs[1]
    assert b"\x1b" not in runs[0]
