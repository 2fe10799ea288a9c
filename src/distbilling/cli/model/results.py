"""The files of a model's results: all of them, or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from distbilling.scenarios.problems import FileError, Problem

__all__ = ["results_in"]


@contextmanager
def results_in(
    folder: Path, names: tuple[str, ...], *, replace: bool
) -> Generator[Path, None, None]:
    """Yield a folder to write files of these names to; they are moved if nothing failed.

    Args:
        folder: where they are moved to; it is made if there is none, other files in it stay.
        names: of the files.
        replace: files of these names in the folder are replaced, and not in the way.

    Raises:
        FileError: it is no folder, cannot be written to, or files are in the way.
    """
    new_folders = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = [name for name in names if (folder / name).exists()]
        if present and not replace:
            advice = "give another folder, or --replace to write them anew"
            problem = Problem("", "", f"has {', '.join(present)} already; {advice}")
            raise FileError(str(folder), (problem,))
        unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    except OSError as failure:
        problem = Problem("", "", f"cannot be written to: {failure.strerror}")
        raise FileError(str(folder), (problem,)) from None

    finished = False
    try:
        yield unfinished
        for name in names:
            (unfinished / name).replace(folder / name)
        finished = True
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        for empty in () if finished else new_folders:
            empty.rmdir()
