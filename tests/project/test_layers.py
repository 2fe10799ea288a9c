"""The imports that each package may have; a forbidden one is noticed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IMPORTED_LATE = {"babel", "cattrs", "hypothesis", "pytest", "rich", "sqlalchemy"}


def test_every_package_imports_only_packages_below_it():
    report = _imports_of(ROOT)
    assert report.returncode == 0, report.stdout


@pytest.mark.parametrize(
    ("broken", "intruders"),
    [
        ("A package imports only packages below it", {"novelty/__init__.py": ""}),
        (
            "A package imports only packages below it",
            {"money/amount.py": "import distbilling.rules"},
        ),
        (
            "A package imports only packages below it",
            {"money/amount.py": "import distbilling.periods"},
        ),
        ("The core knows no I/O", {"rules/novelty.py": "import logging"}),
        ("The core knows no I/O", {"periods/novelty.py": "def f():\n    from time import time"}),
        ("Only language imports Babel", {"money/amount.py": "def f():\n    import babel.numbers"}),
        ("Only cli imports rich", {"scenarios/novelty.py": "import rich.table"}),
        ("cattrs lives where files are read", {"services/novelty.py": "import cattrs"}),
        ("Only the proof kit knows", {"rules/novelty.py": "import hypothesis"}),
        (
            "Commands are separate stories",
            {
                "rules/commands/movements/remit.py": (
                    "import distbilling.rules.commands.movements.record_payment"
                )
            },
        ),
        (
            "No package goes in circles",
            {
                "money/a.py": "import distbilling.money.b",
                "money/b.py": "import distbilling.money.a",
            },
        ),
    ],
    ids=lambda value: (
        value
        if isinstance(value, str)
        else next(iter(value.values())) or "a package without a layer"
    ),
)
def test_a_forbidden_import_is_noticed(tmp_path, broken, intruders):
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, text in intruders.items():
        file = tmp_path / "src/distbilling" / name
        file.parent.mkdir(exist_ok=True)
        with file.open("a", encoding="utf-8") as end:
            end.write(f"\n{text}\n")
    report = _imports_of(tmp_path)
    assert any(
        line.startswith(broken) and " BROKEN" in line for line in report.stdout.splitlines()
    ), report.stdout


@pytest.mark.parametrize("wings", ["rules", "modelling"])
def test_every_wing_is_in_the_map_that_a_newcomer_reads(wings):
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition(f"Inside `{wings}`")[2]
    listed = re.findall(
        r"`(\w+)`", guide.partition("\n\n`errors`" if wings == "rules" else "\n## ")[0]
    )
    there = {
        path.stem if path.is_file() else path.name
        for path in (ROOT / "src/distbilling" / wings).iterdir()
        if path.name[0] != "_"
    }
    assert there <= set(listed)


def test_importing_the_library_loads_only_what_every_host_needs():
    script = (
        "import sys; from distbilling import *; "
        f"print(sorted({IMPORTED_LATE!r} & set(sys.modules)))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"


def _imports_of(project: Path) -> subprocess.CompletedProcess[str]:
    lint = (
        "import sys; from importlinter.cli import lint_imports; "
        "sys.exit(lint_imports(no_cache=True))"
    )
    return subprocess.run(
        [sys.executable, "-c", lint],
        cwd=project,
        env=os.environ
        | {
            "PYTHONPATH": str(project / "src"),
            "NO_COLOR": "1",
            "COLUMNS": "200",
            "PYTHONUTF8": "1",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
