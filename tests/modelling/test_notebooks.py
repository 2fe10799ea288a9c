"""The notebooks: kept without results, in words before each step; they run and show something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "docs/notebooks").glob("*.ipynb"))
HANGS_AFTER_SECONDS = 3600
JUPYTER = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")


def read(file: Path) -> Any:
    import nbformat

    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    return notebook


EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
file, made, folder, seconds = sys.argv[1:]
notebook = nbformat.read(file, as_version=4)
options = {"timeout": int(seconds), "startup_timeout": int(seconds), "kernel_name": "python3"}
client = NotebookClient(notebook, resources={"metadata": {"path": folder}}, **options)
nbformat.write(client.execute(), made)
"""


def run(file: Path, folder: Path) -> Any:
    """Return the notebook with its results, run in a process with its files in a folder."""
    places = {name: str(folder / name.lower()) for name in JUPYTER}
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    made = folder / file.name
    command = [
        sys.executable,
        "-c",
        EXECUTE,
        str(file),
        str(made),
        str(folder),
        str(HANGS_AFTER_SECONDS),
    ]
    subprocess.run(command, check=True, env=os.environ | places | {"PYTHONPATH": path})
    return read(made)


def test_there_are_three_notebooks():
    assert [file.stem for file in NOTEBOOKS] == [
        "a-year-of-one-distributor",
        "choosing-a-commission-plan",
        "who-will-hit-the-limit",
    ]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_is_kept_without_results(file):
    notebook = read(file)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert not [
        cell
        for cell in notebook.cells
        if cell.metadata or cell.get("outputs") or cell.get("execution_count")
    ]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_tells_a_story_in_words_before_each_step(file):
    cells = read(file).cells
    assert cells[0].source.startswith("# ")
    kinds_of_cells = "".join("w" if cell.cell_type == "markdown" else "c" for cell in cells)
    assert "cccc" not in kinds_of_cells


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_runs_and_shows_tables_and_charts(file, tmp_path):
    outputs = [output for cell in run(file, tmp_path).cells for output in cell.get("outputs", ())]
    assert not [
        output.text
        for output in outputs
        if output.output_type == "stream" and output.name == "stderr"
    ]
    shown = [
        output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})
    ]
    charts = [html for html in shown if "vegaEmbed" in html]
    assert len(charts) >= 2
    assert len(shown) - len(charts) >= 4
