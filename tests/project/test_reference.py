"""The pages of the reference as the code is, and every file that the docs show."""

from __future__ import annotations

import importlib.util
import re
import types
from importlib import import_module
from pathlib import Path

import attrs
import pytest

from distbilling.cli import main
from distbilling.scenarios.expectations import Expectation
from distbilling.scenarios.reading import PARTIES, Scenario
from distbilling.scenarios.verbs import BESIDE, VERBS
from distbilling.testing.worked_examples.cases import STORIES
from distbilling.testing.worked_examples.command_story import CaseOutcome

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs/reference"
GENERATOR = ROOT / "tools/generate_reference.py"


def _generator() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("generate_reference", GENERATOR)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MADE = _generator()
WORKED_EXAMPLES = (ROOT / "docs/how-to/write-a-worked-example.md").read_text("utf-8")
FORMAT = (REFERENCE / "scenario-format.md").read_text("utf-8")
FILES = {
    f"{page.name}, file {number}": text
    for page in sorted((ROOT / "docs").rglob("*.md"))
    for number, text in enumerate(
        re.findall(r"^```toml\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL),
        start=1,
    )
}


def _keys(heading: str) -> set[str]:
    """Return what stands in backticks in the first column of the table below a heading."""
    section = re.split(r"^#", FORMAT.partition(f"{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[
        0
    ]
    firsts = re.findall(r"^\| (`.+?`) \|", section, re.MULTILINE)
    return set(re.findall(r"`(?:\[\[)?(\w+)(?:\]\])?`", " ".join(firsts)))


@pytest.mark.parametrize("page", MADE.TABLES)
def test_a_generated_page_is_as_the_code_is(page):
    assert (REFERENCE / page).read_text("utf-8") == MADE.page_text(page), (
        "run tools/generate_reference.py"
    )


@pytest.mark.parametrize("page", MADE.TABLES)
def test_a_generated_page_has_one_place_for_its_table(page):
    text = (REFERENCE / page).read_text("utf-8")
    assert text.count(MADE.BEGIN) == text.count(MADE.END) == 1


def test_every_name_that_hosts_import_can_be_looked_up_once():
    looked_up = re.findall(
        r"^\| \*\*`(\w+)`\*\* \| (.+) \|$", (REFERENCE / "api.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(name for name, _ in looked_up) == sorted(import_module("distbilling").__all__)
    assert not [name for name, summary in looked_up if not summary.endswith(".")]


@pytest.mark.parametrize("name", ["MemoryRepository", "RepositoryContract", "cases"])
def test_a_name_that_a_package_passes_on_can_be_looked_up(name):
    rows = re.findall(rf"^\| `{name}` \| (.+) \|$", MADE.names(), re.MULTILINE)
    assert len(rows) == 1
    assert rows[0].endswith(".")


def test_no_table_of_names_is_empty():
    assert not re.findall(r"^\|---\|---\|\n(?!\|)", MADE.names(), re.MULTILINE)


@pytest.mark.parametrize(("kind", "verb"), PARTIES.items())
def test_every_key_of_a_party_is_listed(kind, verb):
    own = VERBS[verb].reader.keys.keys() - BESIDE
    currency = {"currency"} if kind == "customer" else set()
    assert _keys(f"### `[[{kind}]]`") == own | {"created"} | currency


def test_every_command_is_listed_with_its_keys():
    rows = dict(
        re.findall(r"^\| `(\w+)` \| (.+) \|$", FORMAT.partition("## Commands")[2], re.MULTILINE)
    )
    assert rows.keys() & VERBS.keys() == VERBS.keys()
    for verb in VERBS.keys() - {"create_distributor", "prepare_quick_form"}:
        own = VERBS[verb].reader.keys.keys() - BESIDE
        assert own <= set(re.findall(r"`(\w+)`", rows[verb])), verb


def test_every_expectation_is_listed():
    assert _keys("## Expectations") == {field.name for field in attrs.fields(Expectation)}


def test_every_key_of_a_file_is_listed():
    read = {field.name for field in attrs.fields(Scenario)} - {"steps"}
    assert _keys("## The file") == read | {"administrator", "command", *PARTIES}


def test_every_story_of_a_worked_example_is_listed():
    rows = re.findall(
        r"^\| (`.+?) \| (.*?) ?\| (`.+) \|$",
        WORKED_EXAMPLES.partition("| `when` asks |")[2],
        re.MULTILINE,
    )
    columns = ([set(re.findall(r"`(\w+)`", column)) for column in row] for row in rows)
    listed = {story: (around, then) for asked, around, then in columns for story in asked}
    assert listed == {
        name: (set(story.asked.keys) - {name}, {field.name for field in attrs.fields(story.then)})
        for name, story in STORIES.items()
    }


def test_everything_that_comes_of_a_command_is_listed():
    listed = set(
        re.findall(
            r"`(\w+)`",
            WORKED_EXAMPLES.partition("of the last command:")[2].partition("\n## ")[0],
        )
    )
    assert {field.name for field in attrs.fields(CaseOutcome)} | {"error"} <= listed


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_a_file_that_the_docs_show_comes_out_as_it_says(text, tmp_path):
    file = tmp_path / "shown.toml"
    file.write_text(text, encoding="utf-8")
    task = "check" if "[[case]]" in text else "run"
    assert main([task, str(file)]) == 0


@pytest.mark.parametrize(
    "task", [[], ["run"], ["check"]], ids=lambda task: "".join(task) or "the whole"
)
def test_every_option_of_the_command_line_is_listed(task, capsys):
    with pytest.raises(SystemExit):
        main([*task, "--help"])
    listed = (REFERENCE / "command-line.md").read_text("utf-8")
    asked = capsys.readouterr().out
    options = set(re.findall(r"^ +(?:-\w, )?(--[\w-]+)", asked, re.MULTILINE))
    assert options
    assert not [option for option in options if f"`{option}" not in listed]
