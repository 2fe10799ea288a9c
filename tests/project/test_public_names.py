"""Every public name is in the typed stub, once, and loads from there when it is first used."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import distbilling

PUBLIC = import_module("distbilling").__all__
STUB = Path(distbilling.__file__).with_suffix(".pyi")
IMPORTED = [
    (str(alias.asname), str(node.module))
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
]
PACKAGES = {str(name) for name, home in IMPORTED if home == "distbilling"}


def _output_of(script: str) -> str:
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_what_type_checkers_see_is_what_the_program_gets() -> None:
    assert not [
        name for name, home in IMPORTED if getattr(distbilling, name) is not _imported(name, home)
    ]


def _imported(name: str, home: str) -> object:
    if home == "distbilling":
        return import_module(f"distbilling.{name}")
    return getattr(import_module(home), name)


def test_a_public_name_is_imported_once() -> None:
    names = [str(name) for name, _ in IMPORTED]
    assert dir(distbilling) == sorted(names)
    assert sorted(set(names) - PACKAGES) == PUBLIC


def test_a_star_import_brings_every_public_name() -> None:
    script = "from distbilling import *; print(*sorted(name for name in vars() if name[0] != '_'))"
    assert _output_of(script).split() == PUBLIC


def test_a_package_is_there_as_soon_as_it_is_named() -> None:
    script = "import distbilling; print(distbilling.rules.commission.commission_on.__name__)"
    assert _output_of(script) == "commission_on\n"


def test_nothing_is_loaded_before_it_is_used() -> None:
    script = (
        "import sys, distbilling; print(*(name for name in sys.modules if 'distbilling' in name))"
    )
    assert _output_of(script) == "distbilling\n"


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Cheque'"):
        distbilling.Cheque  # type: ignore[attr-defined]  # noqa: B018 - looking is the test
