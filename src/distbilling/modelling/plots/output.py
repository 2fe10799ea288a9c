"""Charts as images and files, drawn on this machine without a browser and without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import altair
import vl_convert

from distbilling.errors import InvalidType, InvalidValue

__all__ = ["png", "save", "svg"]

_KINDS: Final = (".png", ".svg", ".pdf", ".html")
_ACCEPTED: Final = "a chart of altair"
_NO_NETWORK: Final[list[str]] = []
_PIXELS_PER_INCH: Final = 72


def svg(chart: altair.TopLevelMixin) -> str:
    """Return the chart as the text of an SVG image.

    Raises:
        InvalidType: ``chart`` is none of altair's.

    >>> import altair
    >>> svg(altair.Chart(altair.InlineData(values=[{"x": 1}])).mark_point())[:4]
    '<svg'
    """
    return vl_convert.vegalite_to_svg(_spec(chart), allowed_base_urls=_NO_NETWORK)


def png(chart: altair.TopLevelMixin, *, scale: int = 2) -> bytes:
    r"""Return the chart as a PNG image, with ``scale`` pixels to each point.

    Raises:
        InvalidType: ``chart`` is none of altair's.

    >>> import altair
    >>> png(altair.Chart(altair.InlineData(values=[{"x": 1}])).mark_point())[:4]
    b'\x89PNG'
    """
    return vl_convert.vegalite_to_png(
        _spec(chart), scale=scale, ppi=_PIXELS_PER_INCH, allowed_base_urls=_NO_NETWORK
    )


def save(chart: altair.TopLevelMixin, path: Path | str, *, scale: int = 2) -> Path:
    """Write the chart to a file, by the end of its name: ``.png``, ``.svg``, ``.pdf`` or ``.html``.

    In HTML a reader can point at its parts. It needs no network either: what draws it is inside, so
    it is large.

    Raises:
        InvalidType: ``chart`` is none of altair's.
        InvalidValue: the name of the file ends in none of these.
        OSError: the file cannot be written.

    >>> import altair, tempfile
    >>> chart = altair.Chart(altair.InlineData(values=[{"x": 1}])).mark_point()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(chart, Path(folder, "chart.svg")).name
    'chart.svg'
    """
    file = Path(path)

    match file.suffix:
        case ".png":
            file.write_bytes(png(chart, scale=scale))
        case ".svg":
            file.write_text(svg(chart), encoding="utf-8")
        case ".pdf":
            file.write_bytes(
                vl_convert.vegalite_to_pdf(_spec(chart), allowed_base_urls=_NO_NETWORK)
            )
        case ".html":
            file.write_text(
                vl_convert.vegalite_to_html(_spec(chart), bundle=True), encoding="utf-8"
            )
        case _:
            raise InvalidValue("path", str(path), f"a name that ends in {', '.join(_KINDS)}")

    return file


def _spec(chart: altair.TopLevelMixin) -> dict[str, Any]:
    if not isinstance(chart, altair.TopLevelMixin):
        raise InvalidType("chart", chart, _ACCEPTED)
    return chart.to_dict()
