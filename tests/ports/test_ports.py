"""The two sides of every port are one promise, and our adapters have its shape."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from distbilling import ports
from distbilling.adapters.memory import AsyncMemoryRepository, MemoryRepository
from distbilling.adapters.notifiers import PrintingNotifier, RecordingNotifier
from distbilling.testing.contract.synchronous import Synchronous
from distbilling.testing.fakes import AwaitedNotifier


def methods(kind) -> Any:
    functions = inspect.getmembers(kind, inspect.isfunction)
    return {
        name: list(inspect.signature(function).parameters)
        for name, function in functions
        if name[0] != "_"
    }


@pytest.mark.parametrize(
    "kind", [ports.AsyncRepository, MemoryRepository, AsyncMemoryRepository, Synchronous]
)
def test_every_repository_has_the_methods_of_the_port_with_the_same_parameters(kind):
    assert methods(kind) == methods(ports.Repository)


@pytest.mark.parametrize(
    "kind", [ports.AsyncNotifier, RecordingNotifier, PrintingNotifier, AwaitedNotifier]
)
def test_every_notifier_has_the_methods_of_the_port_with_the_same_parameters(kind):
    assert methods(kind) == methods(ports.Notifier)


@pytest.mark.parametrize("port", [ports.Repository, ports.Notifier])
def test_what_waits_on_one_side_of_a_port_answers_at_once_on_the_other(port):
    other = getattr(ports, f"Async{port.__name__}")
    awaited = {name for name in methods(other) if inspect.iscoroutinefunction(getattr(other, name))}
    assert awaited == set(methods(port)) - {"journal"}
    assert not any(inspect.iscoroutinefunction(getattr(port, name)) for name in methods(port))
