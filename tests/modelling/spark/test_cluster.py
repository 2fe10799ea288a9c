"""Does a real cluster, of a master and two workers, compute what this process does?"""

from __future__ import annotations

from pathlib import Path


def test_two_workers_without_python_compute_the_same_figures_as_this_machine(on_the_cluster):
    assert on_the_cluster(Path(__file__).with_name("engine_on_a_cluster.py")) == "the same on 2 workers\n"
