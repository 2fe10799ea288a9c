"""A story on a terminal of the usual widths."""

from __future__ import annotations

import os
import pty
import re
import struct
import subprocess
import sys
import termios
from fcntl import ioctl
from pathlib import Path

import pytest

from distbilling.cli.progress import LONG
from distbilling.documents.columns import cells_of

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(file.name for file in (ROOT / "examples").glob("*.toml"))
WRITE = """
import sys; from distbilling import Money
currency, locale, *amounts = sys.argv[1:]
print(*(Money(amount, currency).format(locale) for amount in amounts), sep="\\n")
"""
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def _on_a_terminal(columns: int, *arguments: str, watched_error: bool = False) -> str:
    """Return the standard output, or the watched standard error, on a terminal of that width."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}
    }
    program = subprocess.Popen(
        [sys.executable, "-m", "distbilling", *arguments],
        env=kept | {"PYTHONPATH": str(ROOT / "src"), "TERM": "xterm-256color", "PYTHONUTF8": "1"},
        stdout=subprocess.DEVNULL if watched_error else theirs,
        stderr=theirs,
        stdin=subprocess.DEVNULL,
    )
    os.close(theirs)
    sent = b""
    try:
        while chunk := os.read(ours, 65536):
            sent += chunk
    except OSError:  # the other end is closed: all has been sent
        pass
    os.close(ours)
    assert program.wait() == 0, sent.decode()
    return sent.decode("utf-8")


def _written_afresh(currency: str, locale: str, *amounts: str) -> list[str]:
    """Return how another process writes amounts: as the Babel that is installed, nothing frozen."""
    shown = subprocess.run(
        [sys.executable, "-c", WRITE, currency, locale, *amounts],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return shown.stdout.splitlines()


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("example", EXAMPLES)
def test_on_a_terminal_there_is_colour_and_nothing_is_wider_than_it(example, columns):
    sent = _on_a_terminal(columns, "run", str(ROOT / "examples" / example))
    assert ESCAPES.search(sent)
    lines = ESCAPES.sub("", sent).splitlines()
    assert max(map(cells_of, lines)) <= columns
    assert len(lines) > 50


@pytest.mark.parametrize("columns", [80, 120])
def test_figures_are_never_broken_or_cut(columns):
    shown = ESCAPES.sub(
        "", _on_a_terminal(columns, "run", str(ROOT / "examples/month_in_another_language.toml"))
    )
    francs = _written_afresh("CHF", "de_CH", "1200.00", "-1500.00", "2270.55", "621.55")
    for figure in (*francs, *_written_afresh("JPY", "en", "3100")):
        assert figure in shown
    assert "…" not in shown


def test_a_long_story_shows_how_far_it_is_and_a_short_one_does_not(tmp_path):
    handbook = (ROOT / "examples/handbook.toml").read_text("utf-8")
    payment = (
        '\n[[command]]\nat = 2026-04-03T10:00:00-04:00\nby = { distributor = "hudson" }\n'
        'record_payment = { customer = "brown", amount = "0.01" }\n'
    )
    long = tmp_path / "long.toml"
    long.write_text(handbook + payment * LONG, "utf-8")
    assert "Playing" in _on_a_terminal(100, "run", str(long), watched_error=True)
    assert (
        _on_a_terminal(100, "run", str(ROOT / "examples/handbook.toml"), watched_error=True) == ""
    )
