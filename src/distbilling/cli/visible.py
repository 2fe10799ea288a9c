"""Characters that would command a terminal, shown as a file may write them."""

from __future__ import annotations

__all__ = ["visible"]

_COMMANDING = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0x2028,
    0x2029,
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)
"""The controls of ASCII and Latin 1, other ends of a line, and changes of the text's direction."""
_ESCAPED = {number: f"\\u{number:04x}" for number in _COMMANDING}


def visible(text: str) -> str:
    r"""Return one line of text that moves no cursor, changes no colour, and reads as it is written.

    Escapes are the same in TOML and JSON.

    >>> print(visible("a\x1b[2Jb"))
    a\u001b[2Jb
    """
    return text.translate(_ESCAPED)
