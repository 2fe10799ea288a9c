"""Every command is generated and has a worked example; one that was forgotten is named."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from distbilling.money import Currency
from distbilling.rules import Command
from distbilling.rules.commands.customers.create_customer import CreateCustomer
from distbilling.rules.commands.customers.prepare_quick_form import PrepareQuickForm
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.scenarios.values.spelling import spelt
from distbilling.testing.strategies.arbitrary_commands import commands
from distbilling.testing.strategies.typical_commands import typical_commands

EXAMPLES = Path(__file__).parents[1] / "worked_examples"


def forgotten(kinds: set[type[Command]]) -> list[str]:
    return sorted(kind.__name__ for kind in set(get_args(Command)) - kinds)


def drawn_from(strategy: SearchStrategy[Command]) -> set[type[Command]]:
    """Return the kinds of the commands that a strategy gives in five hundred draws."""
    kinds: set[type[Command]] = set()

    @settings(
        max_examples=500,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    @given(strategy)
    def draw(command: Command) -> None:
        kinds.add(type(command))

    draw()
    return kinds


def test_commands_of_every_kind_are_among_the_arbitrary_ones():
    assert not forgotten(drawn_from(commands("USD")))


def test_commands_of_every_kind_are_among_the_typical_ones_or_set_a_history_up():
    typical = drawn_from(typical_commands(Currency("USD"), by_hand=False))
    assert not forgotten(typical | {CreateDistributor, CreateCustomer, PrepareQuickForm})


def test_commands_of_every_kind_are_given_in_a_worked_example():
    text = "\n".join(file.read_text("utf-8") for file in EXAMPLES.glob("*.toml"))
    # A quick form is prepared by a table of its name.
    assert not forgotten(
        {kind for kind in get_args(Command) if spelt(kind).removeprefix("prepare_") in text}
    )
