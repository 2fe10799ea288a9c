"""The speed of the library: ``python -m benchmarks``, or a part, ``python -m benchmarks money``."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec

from benchmarks.harness import table

PARTS = (
    "money",
    "formatting",
    "periods",
    "rules",
    "commission",
    "hierarchy",
    "credit",
    "modelling",
    "modelling_scale",
    "importing",
)


def main(parts: list[str]) -> None:
    """Measure the named parts, or all, and print a table of each."""
    for part in parts or [part for part in PARTS if find_spec(f"benchmarks.{part}")]:
        module = import_module(f"benchmarks.{part}")
        print(f"{part}\n{table(module.rows())}\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
