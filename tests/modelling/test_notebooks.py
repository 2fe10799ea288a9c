"""Does every notebook run from top to bottom, is it kept without results, and does it show something?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

HOUSE = Path(__file__).parents[2]
NOTEBOOKS = sorted((HOUSE / "docs/notebooks").glob("*.ipynb"))
SECONDS = 120


def read(file: Path) -> Any:
    return nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]


def run(file: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the notebook with what came out of it, run in a kernel whose files are all in a folder of the test."""
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(folder / name.lower()))
    path = os.pathsep.join(filter(None, [str(HOUSE / "src"), os.environ.get("PYTHONPATH")]))
    monkeypatch.setenv("PYTHONPATH", path)
    client = NotebookClient(
        read(file), timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": folder}}
    )
    return client.execute()


def test_there_are_three_notebooks():
    assert [file.stem for file in NOTEBOOKS] == [
        "a-year-of-one-distributor",
        "choosing-a-commission-plan",
        "who-will-hit-the-limit",
    ]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_is_kept_without_results(file):
    notebook = read(file)
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert not [cell for cell in notebook.cells if cell.metadata or cell.get("outputs") or cell.get("execution_count")]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_tells_a_story_in_words_before_each_step(file):
    cells = read(file).cells
    assert cells[0].source.startswith("# ")
    told = "".join("w" if cell.cell_type == "markdown" else "c" for cell in cells)
    assert "cccc" not in told


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_runs_and_shows_tables_and_charts(file, tmp_path, monkeypatch):
    outputs = [output for cell in run(file, tmp_path, monkeypatch).cells for output in cell.get("outputs", ())]
    assert not [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    shown = [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    charts = [html for html in shown if "vegaEmbed" in html]
    assert len(charts) >= 2
    assert len(shown) - len(charts) >= 4
