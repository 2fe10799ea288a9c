"""The look of every chart: colours that all readers can tell apart, and titles that are not cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

import altair

from distbilling.documents.columns import cells_of, wrapped

__all__ = [
    "BLACK",
    "BLUE",
    "CYCLE",
    "GREEN",
    "GREY",
    "HEIGHT",
    "ORANGE",
    "PURPLE",
    "SKY",
    "VERMILLION",
    "WIDTH",
    "Chart",
    "Layer",
    "colors_of",
    "data_of",
    "dressed",
    "layered",
    "pixels_of",
    "spread",
    "tooltips",
]

Layer = altair.Chart | altair.LayerChart
Chart = TypeVar("Chart", altair.LayerChart, altair.HConcatChart)

BLACK: Final = "#222222"
BLUE: Final = "#0072B2"
GREEN: Final = "#009E73"
GREY: Final = "#767676"
ORANGE: Final = "#E69F00"
PURPLE: Final = "#CC79A7"
SKY: Final = "#56B4E9"
VERMILLION: Final = "#D55E00"
CYCLE: Final = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
"""Okabe and Ito's colours, without the yellow that paper swallows."""

WIDTH: Final = 680
HEIGHT: Final = 320
_CELL: Final = 6.3
"""What a character takes of a line at 11 pixels, on the average."""
_FONT: Final = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', 'Noto Sans CJK JP', sans-serif"


def dressed(chart: Chart, title: str, subtitle: Sequence[str], *, width: int = WIDTH) -> Chart:
    """Return the chart with its title and the lines below it, in the look of all charts."""
    untyped: Any = chart
    drawn: Chart = untyped.properties(
        title=altair.TitleParams(
            text=wrapped(title, int(width / 8.5)),
            subtitle=[line for text in subtitle for line in wrapped(text, int(width / 6.2))],
        )
    ).configure(**_config())
    return drawn


def layered(*layers: Layer | None, independent: Sequence[str] = ()) -> altair.LayerChart:
    """Return layers on one another, the first below; some scales may be ``independent``."""
    untyped: Any = altair.layer(*(layer for layer in layers if layer is not None))
    chart: altair.LayerChart = untyped.resolve_scale(**dict.fromkeys(independent, "independent"))
    return chart


def data_of(rows: Sequence[dict[str, Any]]) -> altair.InlineData:
    """Return rows as the data of a chart."""
    return altair.InlineData(values=list(rows))


def tooltips(**titles: str) -> list[altair.Tooltip]:
    """Return what is shown of fields to who points at a mark: of each its title and its value."""
    return [altair.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def colors_of(colors: Mapping[str, str]) -> altair.Scale:
    """Return a scale that gives each name its colour, in the order of the legend."""
    return altair.Scale(domain=list(colors), range=list(colors.values()))


def pixels_of(text: str) -> float:
    """Return about how wide a text is, in the size of the figures.

    >>> pixels_of("$1,234.50") > pixels_of("$1.50")
    True
    """
    return cells_of(text) * _CELL


def spread(wanted: Sequence[int], gap: int) -> list[int]:
    """Return where labels stand: no two nearer than the gap, each as near as can be to its place.

    >>> spread([100, 0, 101], 10)
    [95, 0, 105]
    """

    def start(block: Sequence[int]) -> int:
        """Return where the first label of a block stands, so that the block is in the middle."""
        wished = sum(wanted[number] for number in block)
        return (wished - gap * len(block) * (len(block) - 1) // 2) // len(block)

    # Labels that would overlap become a block; a block that overlaps the one below joins it.
    blocks: list[list[int]] = []
    for label in sorted(range(len(wanted)), key=lambda number: wanted[number]):
        block = [label]
        while blocks and start(blocks[-1]) + gap * len(blocks[-1]) > start(block):
            block = blocks.pop() + block
        blocks.append(block)

    places = [0] * len(wanted)
    for block in blocks:
        for number, label in enumerate(block):
            places[label] = start(block) + gap * number
    return places


def _config() -> dict[str, Any]:
    return {
        "background": "white",
        "font": _FONT,
        "padding": 12,
        "view": altair.ViewConfig(stroke=None),
        "title": altair.TitleConfig(
            anchor="start",
            frame="bounds",
            fontSize=17,
            fontWeight=600,
            color=BLACK,
            offset=14,
            subtitleFontSize=12,
            subtitleColor="#4d4d4d",
            subtitlePadding=6,
            subtitleLineHeight=16,
            lineHeight=21,
        ),
        "axis": altair.AxisConfig(
            labelFontSize=11,
            labelColor="#333333",
            titleFontSize=11,
            titleFontWeight="normal",
            titleColor="#4d4d4d",
            grid=False,
            domainColor="#888888",
            tickColor="#888888",
            gridColor="#e4e4e4",
            labelLimit=0,
            titleLimit=0,
            labelLineHeight=14,
        ),
        "legend": altair.LegendConfig(
            orient="top",
            direction="horizontal",
            title=None,
            labelFontSize=12,
            labelColor=BLACK,
            symbolSize=110,
            symbolType="square",
            labelLimit=0,
            offset=8,
            columnPadding=18,
            symbolStrokeWidth=2,
        ),
        "text": altair.MarkConfig(fontSize=11, color=BLACK),
    }
