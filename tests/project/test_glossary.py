"""The words of the glossary: each stands for something in the code, and is explained once."""

from __future__ import annotations

import pkgutil
import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs/reference/glossary.md").read_text("utf-8")


def test_what_a_word_stands_for_is_in_the_code():
    for name in re.findall(r"`(distbilling\.[\w.]+)`", PAGE):
        package, _, last = name.rpartition(".")
        assert pkgutil.resolve_name(f"{package}:{last}") is not None


def test_a_word_is_explained_once():
    words = re.findall(r"^\*\*(.+?)\*\*$", PAGE, re.MULTILINE)
    assert len(words) > 40
    assert sorted(words) == sorted(set(words))
