"""The reach of the rules in columns: many schedules in one pass, more rows than memory holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns

import polars as pl

from benchmarks.harness import Row
from benchmarks.modelling_data import book, transactions, written
from distbilling import Bounded, Bracket, Brackets, FlatFee, Measure, Money, Percent, Sum
from distbilling.modelling import sweep
from distbilling.rules.agreement.schedule import Schedule

ROWS = 10_000_000
TIMES = 10
SCHEDULES = 16
SWEEP = "16 <= 5x one"
OUT_OF_CORE = "100 M <= 20x 10 M, <= 2 GiB"
ALONE = """
import re, sys, tempfile, time
from pathlib import Path
import polars as pl
from benchmarks.modelling_data import book
from distbilling.modelling import statements
from distbilling.modelling.partitions import model_in_parts
what, folder = sys.argv[1:]
frame, found = pl.scan_parquet(folder + "/*.parquet"), book()
begun = time.perf_counter_ns()
if what == "statements":
    statements(frame, found).collect(engine="streaming")
else:
    with tempfile.TemporaryDirectory() as out:
        model_in_parts(frame, found, Path(out))
took = time.perf_counter_ns() - begun
print(took, *re.findall(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text()))
"""


def rows() -> list[Row]:
    """Measure sweeps from Parquet; then all results and events of ten times as many rows."""
    with TemporaryDirectory() as folder:
        return [_sweep(Path(folder)), *_out_of_core(Path(folder))]


def _sweep(folder: Path) -> Row:
    path, found = written(ROWS, folder), book()
    least = {}
    for count in (1, SCHEDULES):
        plans = {f"plan {place}": _schedules()[place % len(_schedules())] for place in range(count)}
        times = []
        for _ in range(3):
            begun = perf_counter_ns()
            sweep(pl.scan_parquet(path), plans, found).collect(engine="streaming")
            times.append(perf_counter_ns() - begun)
        least[count] = min(times)
    return Row(
        f"sweep, {SCHEDULES} schedules, {ROWS:,} rows",
        least[SCHEDULES],
        {"one schedule": least[1]},
        SWEEP,
    )


def _schedules() -> list[Schedule]:
    def usd(amount: str) -> Money:
        return Money(amount, "USD")

    brackets = (Bracket(usd("0"), usd("50"), Percent("12")), Bracket(usd("50"), None, Percent("8")))
    return [
        Percent("10"),
        Percent("7.25"),
        Bounded(Percent("10"), cap=usd("5")),
        Sum((Percent("5"), FlatFee(usd("0.50")))),
        Brackets(brackets, measure=Measure.OPERATION),
        Bounded(Percent("3"), minimum=usd("1")),
        Percent("12.5"),
        Percent("15"),
    ]


def _out_of_core(folder: Path) -> list[Row]:
    """Measure in processes of their own, whose memory is told apart."""
    small, large = folder / "small", folder / "large"
    for there in (small, large):
        there.mkdir()
    for part in range(TIMES):
        frame = transactions(ROWS).with_columns(pl.col("transaction") + part * ROWS)
        frame.write_parquet(large / f"{part}.parquet")
    (small / "0.parquet").hardlink_to(large / "0.parquet")
    found = []
    for what in ("statements", "settled, statements, balances and events, in parts"):
        ours, memory = _alone(what, large)
        tenth, _ = _alone(what, small)
        label = f"{what}: {TIMES * ROWS:,} rows, at most {memory:,} MiB"
        found.append(Row(label, ours, {f"{ROWS:,} rows": tenth}, OUT_OF_CORE))
    return found


def _alone(what: str, folder: Path) -> tuple[int, int]:
    """Return nanoseconds and mebibytes, on Linux, without what a process inherits."""
    command = [sys.executable, "-c", ALONE, what, str(folder)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return int(told[0]), int(told[1]) // 1024
