"""What all charts share: layouts, colours, axes and marks, as pieces of a Vega-Lite specification.

Rows are placed by hand (in pixels) and values by Vega's scales: so a name, a bar and a printed value
always stand on one line, and nothing is left out because it did not fit.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from openpeel.report.numbers import Style, style_of
from openpeel.report.svg import ASSETS, FONT, FONT_FILE, FONT_SIZE, draw

Spec = dict[str, Any]

INK = "#0b0c0c"
DARK_BLUE = "#12436D"
PALE_BLUE = "#D3E6F7"
GREY = "#949494"
WHITE = "#FFFFFF"
HIGHLIGHT = "#FFF3BF"
GRID = "#D9D9D9"
DOTS = [0.1, 4]

FILLS = {"above": DARK_BLUE, "normal": GREY, "below": PALE_BLUE, "none": WHITE}
OUTLINES = {"above": DARK_BLUE, "normal": GREY, "below": DARK_BLUE, "none": INK}
CUES = {"above": "▲", "normal": "", "below": "▼", "none": "○"}


@dataclass(frozen=True)
class Layout:
    """One size a chart is drawn in: for a page, or for a phone about 320 pixels wide."""

    name: str
    width: int
    ticks: int
    roomy: bool


WIDE = Layout("wide", 760, 7, roomy=True)
NARROW = Layout("narrow", 350, 3, roomy=False)


@dataclass(frozen=True)
class Chart:
    """A chart in both layouts, of which the page shows the one that fits, with its name and description."""

    wide: str
    narrow: str
    title: str
    description: str


def both(build: Callable[[Layout], Spec], chart_id: str, title: str, description: str) -> Chart:
    """Draw a chart in both layouts."""
    wide, narrow = (
        draw(build(layout), f"{chart_id}-{layout.name}", title, description) for layout in (WIDE, NARROW)
    )
    return Chart(wide, narrow, title, description)


def frame(size: tuple[float, float], margins: tuple[float, float, float, float], layers: list[Spec]) -> Spec:
    """A specification with a plot of a given size and margins (left, top, right, bottom) around it."""
    left, top, right, bottom = margins
    axis = {"labelFontSize": FONT_SIZE, "labelColor": INK, "domainColor": "#6f6f6f", "tickColor": "#6f6f6f"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": size[0],
        "height": size[1],
        "padding": {"left": left, "top": top, "right": right, "bottom": bottom},
        "autosize": {"type": "none"},
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": axis | {"gridColor": GRID},
            "text": {"fontSize": FONT_SIZE, "fill": INK},
        },
        "layer": layers,
    }


def tick_format(unit: str) -> str:
    """How an axis prints values in this unit (d3-format)."""
    return {Style.PERCENT: "~%", Style.COUNT: ",~f"}.get(style_of(unit), ",.3~f")


@cache
def _widths() -> dict[str, dict[str, float]]:
    """Style -> character -> width as a part of the font size (made by tools/make_fonts.py)."""
    known: dict[str, dict[str, float]] = json.loads((ASSETS / f"{FONT_FILE}-widths.json").read_text("utf-8"))
    return known


def text_width(text: str, bold: bool = False) -> float:
    """How many pixels a text takes; an unknown character counts as a wide one."""
    known = _widths()["Bold" if bold else "Regular"]
    return FONT_SIZE * sum(known.get(c, 1.0) for c in text)


def pixels(channel: str) -> Spec:
    """An encoding that takes pixels as they are."""
    return {"field": channel, "type": "quantitative", "scale": None, "axis": None}


def layer(mark: Spec, rows: list[Spec], encoding: Spec) -> Spec:
    """One layer with data of its own."""
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def words(rows: list[Spec], align: str, bold: bool = False, **more: Any) -> Spec:
    """Texts at places in pixels; each row has x, y, text and, for a figure's value, its tag."""
    mark = {"type": "text", "align": align, "baseline": "middle", "fontWeight": "bold" if bold else "normal"}
    encoding = {"x": pixels("x"), "y": pixels("y"), "text": {"field": "text"}}
    if rows and "tag" in rows[0]:
        encoding["description"] = {"field": "tag"}
    return layer(mark | more, rows, encoding)


def boxes(rows: list[Spec], **more: Any) -> Spec:
    """Rectangles at places in pixels: x, x2, y, y2."""
    encoding = {"x": pixels("x"), "x2": {"field": "x2"}, "y": pixels("y"), "y2": {"field": "y2"}}
    return layer({"type": "rect"} | more, rows, encoding)


def upright(x: Spec, rows: list[Spec], **more: Any) -> Spec:
    """Vertical lines at values of the scale ``x``, from pixel y to pixel y2."""
    encoding = {"x": x, "y": pixels("y"), "y2": {"field": "y2"}}
    return layer({"type": "rule", "stroke": INK} | more, rows, encoding)
