"""The cost of ``import distbilling``, beside importing only what it is made of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.harness import Row

ROUNDS = 12
TARGETS = {"import distbilling": "at most 1.5x slower"}
SOURCES = Path(__file__).parents[1] / "src"
GUESTS = ("babel", "sqlalchemy", "rich", "cattrs", "hypothesis", "pytest")
CLOCK = """
import sys, time
sys.path.insert(0, {sources!r})
start = time.perf_counter_ns()
{statement}
print(time.perf_counter_ns() - start, *({guests!r} & sys.modules.keys()))
"""


def rows() -> list[Row]:
    """Measure in fresh interpreters that take turns, the least of several each.

    Names load when they are first used: so the import alone, and with every public name.

    Raises:
        RuntimeError: our names bring in a package that should load when it is first used.
    """
    statements = {
        "import distbilling": "import distbilling",
        "... and use every public name": "from distbilling import *",
        "pendulum and attrs": "import pendulum, attrs",
    }
    least = dict.fromkeys(statements, float("inf"))
    for _ in range(ROUNDS):
        for label, statement in statements.items():
            least[label] = min(least[label], _nanoseconds(statement))
    made_of = {"pendulum and attrs": least.pop("pendulum and attrs")}
    return [Row(label, took, made_of, TARGETS.get(label, "")) for label, took in least.items()]


def _nanoseconds(statement: str) -> int:
    script = CLOCK.format(sources=str(SOURCES), statement=statement, guests=set(GUESTS))
    told = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True
    )
    nanoseconds, *guests = told.stdout.split()
    if guests:
        found = f"{statement!r} brings in {', '.join(guests)}"
        raise RuntimeError(found)
    return int(nanoseconds)
