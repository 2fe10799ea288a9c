"""The files of the project: their size, shape and names, and what they must not hold."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ("src", "tests", "docs", "examples", "benchmarks", "tools", "changelog.d", ".ci", ".github")
WRITTEN = {".cfg", ".csv", ".json", ".md", ".po", ".py", ".toml", ".txt", ".yaml", ".yml", ""}
NAMES_WITHOUT_A_HOME = {
    "base",
    "common",
    "core",
    "helper",
    "helpers",
    "manager",
    "misc",
    "shared",
    "util",
    "utils",
}
WAYS_TO_PATCH = {"mock", "monkeypatch", "mocker"}
WAYS_TO_LOOK_AWAY = (
    "pragma: no " + "cover",
    "mark.ski" + "p",
    "mark.xfai" + "l",
    "pytest.ski" + "p(",
    "pytest.xfai" + "l(",
)
MOST_LINES = 400
MOST_FILES = 12


def _modules(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def _kept() -> Iterator[Path]:
    yield from (
        file
        for file in ROOT.iterdir()
        if file.is_file() and file.suffix in WRITTEN and file.name not in {".coverage", ".git"}
    )
    for folder in KEPT:
        yield from (
            file for file in (ROOT / folder).rglob("*") if file.is_file() and file.suffix in WRITTEN
        )


def _name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_every_module_fits_in_one_reading():
    lengths = {
        _name_of(file): len(file.read_text("utf-8").splitlines()) for file in _modules("src")
    }
    assert not {name: length for name, length in lengths.items() if length > MOST_LINES}


def test_every_folder_fits_on_one_screen():
    files = Counter(_name_of(file.parent) for file in _modules("src") if file.name[0] != "_")
    assert not {name: count for name, count in files.items() if count > MOST_FILES}


def test_every_module_has_a_name_from_the_domain():
    parts = {
        part: file
        for file in _modules("src")
        for part in file.relative_to(ROOT).with_suffix("").parts
    }
    assert not {
        part: _name_of(file)
        for part, file in parts.items()
        if NAMES_WITHOUT_A_HOME & set(part.split("_"))
    }


def test_every_folder_of_the_library_is_a_package():
    folders = {file.parent for file in _modules("src")}
    assert not [_name_of(folder) for folder in folders if not (folder / "__init__.py").is_file()]


def test_no_test_patches_anything():
    assert not [_name_of(file) for file in _modules("tests") if WAYS_TO_PATCH & _names_in(file)]


def test_no_test_looks_away():
    assert not [
        f"{_name_of(file)}: {way}"
        for file in _modules("tests")
        for way in WAYS_TO_LOOK_AWAY
        if way in file.read_text("utf-8")
    ]


def _names_in(file: Path) -> set[str]:
    """Return the names, arguments and imports of a module; of a dotted name, its last part."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            names.add(node.name.rpartition(".")[2])
    return names


def test_no_line_of_the_library_hides_from_coverage():
    assert not [
        _name_of(file)
        for file in _modules("src")
        if WAYS_TO_LOOK_AWAY[0] in file.read_text("utf-8")
    ]


def test_every_python_example_in_the_docs_is_run():
    """A fence that is called anything but `python` would be skipped in silence."""
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    skipped = re.compile(r"^ *```+ *\{? *\.?(pycon|py|python3|python-repl|doctest)\b", re.MULTILINE)
    assert not [_name_of(file) for file in documents if skipped.search(file.read_text("utf-8"))]


def test_nothing_refers_to_the_place_where_it_was_written():
    places = re.compile(
        "|".join(
            (
                "(?<![.\\w])/wo" + "rk/",
                "(?<![.\\w])/op" + "t/",
                r"\.lib" + "rary/",
                r"\.\./sha" + "red/",
            )
        )
    )
    assert not [
        _name_of(file)
        for file in _kept()
        if places.search(file.read_text("utf-8", errors="replace"))
    ]
