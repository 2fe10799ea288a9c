"""How do the results of a model become files? All of them, or none: each is finished before any has its name."""

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
    """Yield a folder to write files of these names to; at the end they are moved, and nothing is if anything failed.

    The folder is made where there is none; other files in it are left as they are.

    Raises:
        FileError: it is no folder, cannot be written to, or has one of the names while they are not
            to be replaced.
    """
    made = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = [name for name in names if (folder / name).exists()]
        if there and not replace:
            told = f"has {', '.join(there)} already; give another folder, or --replace to write them anew"
            raise FileError(str(folder), (Problem("", "", told),))
        unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    except OSError as failure:
        raise FileError(
            str(folder), (Problem("", "", f"cannot be written to: {failure.strerror}"),)
        ) from None
    finished = False
    try:
        yield unfinished
        for name in names:
            (unfinished / name).replace(folder / name)
        finished = True
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        for parent in () if finished else made:
            parent.rmdir()
