"""Scenarios: TOML files of commands that :class:`distbilling.Billing` plays.

Needs the extra ``cli``.

>>> from distbilling import Billing
>>> from distbilling.adapters.memory import MemoryRepository
>>> list(play(Scenario("An empty month", "ours", (), ()), Billing(MemoryRepository())))
[]
"""

from distbilling.scenarios.expectations import Difference, Expectation
from distbilling.scenarios.playing import Played, play
from distbilling.scenarios.problems import Problem, ScenarioError
from distbilling.scenarios.reading import Scenario, read_scenario
from distbilling.scenarios.steps import Step

__all__ = [
    "Difference",
    "Expectation",
    "Played",
    "Problem",
    "Scenario",
    "ScenarioError",
    "Step",
    "play",
    "read_scenario",
]
