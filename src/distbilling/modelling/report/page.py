"""The layout of a report: one page of HTML that needs nothing else and prints on A4."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from html import escape
from typing import Any, Final

from distbilling.language.formats import locale_named
from distbilling.modelling.plots.drawing.theme import Layer
from distbilling.modelling.plots.output import svg

__all__ = ["figure", "page", "section"]

_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE: Final = """
@page { size: A4; margin: 16mm 14mm }
:root { color-scheme: light }
body { font: 15px/1.45 system-ui, "Helvetica Neue", Arial, sans-serif; color: #222;
  background: white; max-width: 62rem; margin: 2rem auto; padding: 0 1.25rem }
h1 { font-size: 1.7rem; margin: 0 0 .3rem } h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem }
p { margin: .25rem 0 }
header p, footer, .note { color: #4d4d4d }
figure { margin: 1rem 0; break-inside: avoid } figure img { max-width: 100%; height: auto }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .9rem }
th, td { padding: .3rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top }
thead th { border-bottom: 2px solid #888 } tfoot th { border-top: 2px solid #888; border-bottom: 0 }
tr { break-inside: avoid } thead { display: table-header-group }
@media print { body { font-size: 10pt; margin: 0; max-width: none; padding: 0 }
  h2 { break-after: avoid } }
"""


def page(
    title: str, head: Iterable[str], sections: Iterable[str], notes: Iterable[str], *, locale: str
) -> str:
    """Return the page; texts are escaped.

    Args:
        title: of the page.
        head: the lines below the title.
        sections: pieces of HTML.
        notes: the lines at the end.
        locale: of the words.

    >>> '<html lang="de-CH">' in page("Abrechnung", ["heute"], ["<p></p>"], [], locale="de_CH")
    True
    """
    language = str(locale_named(locale)).replace("_", "-")
    lines = "".join(f"<p>{escape(line)}</p>" for line in head)
    foot = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><header><h1>{escape(title)}</h1>{lines}</header><main>{''.join(sections)}</main>"
        f"<footer>{foot}</footer></body></html>\n"
    )


def section(title: str, *parts: str, notes: Iterable[str] = ()) -> str:
    """Return a section: its title, its parts of HTML, and notes below them.

    >>> section("Events", "<p></p>", notes=["and 3 more"])
    '<section><h2>Events</h2><p></p><p class="note">and 3 more</p></section>'
    """
    lines = "".join(f'<p class="note">{escape(note)}</p>' for note in notes)
    inner = "".join(
        f'<div class="wide">{part}</div>' if part.startswith("<table") else part for part in parts
    )
    return f"<section><h2>{escape(title)}</h2>{inner}{lines}</section>"


def figure(chart: Layer) -> str:
    """Return a chart as a picture inside the page, with its title for who cannot see it."""
    image = b64encode(svg(chart).encode()).decode("ascii")
    untyped: Any = chart
    title = " ".join([*untyped.title.text, *untyped.title.subtitle])
    return f'<figure><img alt="{escape(title)}" src="data:image/svg+xml;base64,{image}"></figure>'
