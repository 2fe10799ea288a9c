"""Is every public name where it says it is, although it loads only when it is first used?"""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import distbilling


def _names_that_type_checkers_see() -> dict[str, str]:
    tree = ast.parse(Path(distbilling.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    return {
        alias.name: str(node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@pytest.mark.parametrize(("name", "home"), sorted(_names_that_type_checkers_see().items()))
def test_what_type_checkers_see_is_what_the_program_gets(name: str, home: str) -> None:
    expected = (
        import_module(f"distbilling.{name}")
        if home == "distbilling"
        else getattr(import_module(home), name)
    )
    assert getattr(distbilling, name) is expected


def test_everything_public_is_seen_by_type_checkers() -> None:
    assert set(distbilling.__all__) <= set(_names_that_type_checkers_see())
    assert set(dir(distbilling)) == set(_names_that_type_checkers_see())


def test_a_room_is_there_as_soon_as_it_is_named():
    script = "import distbilling; print(distbilling.rules.commission.commission_on.__name__)"
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout == "commission_on\n"


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Cheque'"):
        distbilling.Cheque  # noqa: B018 - looking is the test
