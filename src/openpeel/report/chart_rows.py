"""Rows of a chart: a name, a mark on a scale and the printed value, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpeel.engine.measure.figure import Figure
from openpeel.report.chart_frame import (
    CUES,
    FILLS,
    HIGHLIGHT,
    INK,
    OUTLINES,
    WHITE,
    Layout,
    Spec,
    boxes,
    layer,
    pixels,
    text_width,
    tick_format,
    words,
)
from openpeel.report.numbers import printed
from openpeel.report.svg import tag

STEP = 17
"""Height of a row where many forces stand under each other; charts with few rows take more."""
GAP = 7
LEAST_ROOM = 0.22
"""Part of the picture the marks need; where names leave less, they go above the marks."""
ROOM_FOR_FEW = 0.4
"""The same where few rows stand under each other."""


@dataclass(frozen=True)
class Row:
    """One line of a chart.

    ``look`` is above, normal, below or none (hollow); ``note`` stands after the printed value.
    """

    figure: Figure
    name: str
    look: str = "normal"
    own: bool = False
    note: str = ""
    place: int = 0

    def value(self) -> str:
        """The printed value, or the status in words."""
        return printed(self.figure).text

    def tag(self) -> str:
        """What ties the printed value to its figure."""
        return tag("figure", self.figure.figure_id, printed(self.figure).raw)


@dataclass(frozen=True)
class Grid:
    """Where the columns of a chart of rows lie, in pixels from the left end of the plot."""

    rows: Sequence[Row]
    layout: Layout
    stacked: bool
    names: float
    plot: float
    values: float
    line: int

    def step(self) -> int:
        """Height of a row."""
        return self.line + 19 if self.stacked else self.line

    def bar(self) -> int:
        """Thickness of a bar."""
        return round(self.line * 0.65)

    def height(self) -> int:
        """Height of all rows."""
        return self.step() * (1 + max((r.place for r in self.rows), default=0))

    def y(self, row: Row) -> float:
        """The middle of a row's mark."""
        return self.step() * (row.place + 1) - self.line / 2


def grid(rows: Sequence[Row], layout: Layout, line: int = STEP, least: float = LEAST_ROOM) -> Grid:
    """Columns as wide as their longest text; names go above the marks where they leave no room."""
    ok = [r for r in rows if r.figure.status == "ok"]
    names = max((text_width(marked(r), bold=r.own) for r in rows), default=0) + GAP + 5
    values = max((text_width(r.value(), bold=r.own) for r in ok), default=0) + GAP
    notes = max((text_width(r.note) + GAP for r in rows if r.note), default=0) + 2
    room = layout.width - names - values - notes
    stacked = room < layout.width * least
    if stacked:
        names, room = 12, layout.width - 12 - values - notes
    return Grid(rows, layout, stacked, names, room, values, line)


def marked(row: Row) -> str:
    """The name, with a pointer before the reported force's."""
    return f"▶ {row.name}" if row.own else row.name


def columns(g: Grid) -> list[Spec]:
    """The layers with the texts of all rows: names left, values and notes right."""
    specs = []
    for own in (False, True):
        chosen = [r for r in g.rows if r.own is own]
        if chosen:
            specs += [_names(g, chosen, own), *_values(g, chosen, own)]
    notes = [{"x": g.plot + g.values + GAP, "y": g.y(r), "text": r.note} for r in g.rows if r.note]
    return specs + ([words(notes, "left")] if notes else [])


def backdrop(g: Grid) -> list[Spec]:
    """A band of light behind the reported force's row; goes below everything else."""
    top, bottom = g.line / 2 - g.step(), g.line / 2
    ends = {"x": -g.names, "x2": g.layout.width - g.names}
    bands = [ends | {"y": g.y(r) + top, "y2": g.y(r) + bottom} for r in g.rows if r.own]
    return [boxes(bands, fill=HIGHLIGHT, stroke=INK, strokeWidth=0.6)] if bands else []


def _names(g: Grid, rows: list[Row], own: bool) -> Spec:
    if g.stacked:
        texts = [{"x": 0, "y": g.y(r) - g.line / 2 - 8, "text": marked(r)} for r in rows]
        return words(texts, "left", bold=own, stroke=WHITE, strokeWidth=0 if own else 4)
    return words([{"x": -GAP, "y": g.y(r), "text": marked(r)} for r in rows], "right", bold=own)


def _values(g: Grid, rows: list[Row], own: bool) -> list[Spec]:
    """Values right-aligned in their column; statuses in words start where the marks would."""
    with_value = [r for r in rows if r.figure.status == "ok"]
    without = [r for r in rows if r.figure.status != "ok"]
    end = g.plot + g.values
    specs = []
    if with_value:
        texts = [{"x": end, "y": g.y(r), "text": r.value(), "tag": r.tag()} for r in with_value]
        specs.append(words(texts, "right", bold=own))
    if without:
        texts = [{"x": 4, "y": g.y(r), "text": r.value(), "tag": r.tag()} for r in without]
        specs.append(words(texts, "left", bold=own, stroke=WHITE, strokeWidth=4))
    return specs


def row_axis(unit: str, g: Grid) -> Spec:
    """The axis under the rows; its title begins at the left edge, where there is most room."""
    fits = text_width(unit) < g.layout.width - 8
    return {
        "format": tick_format(unit),
        "tickCount": g.layout.ticks,
        "labelOverlap": "greedy",
        "labelSeparation": 6,
        "labelFlush": False,
        "title": unit if fits else None,
        "titleFontWeight": "normal",
        "titleFontSize": 12,
        "titleAlign": "left",
        "titleAnchor": "start",
        "titleX": 0 if g.layout.roomy else 4 - g.names,
        "titlePadding": 8,
    }


def bars(g: Grid, x: Spec, top: float | None = None) -> list[Spec]:
    """Horizontal bars from 0, one layer a look; a bar longer than ``top`` is cut there."""
    specs = []
    for look in FILLS:
        chosen = [r for r in g.rows if r.look == look and r.figure.value is not None]
        if chosen:
            encoding = {"x": x, "x2": {"datum": 0}, "y": pixels("y"), "y2": {"field": "y2"}}
            dash = {"strokeDash": [3, 2]} if look == "none" else {}
            mark = {"type": "rect", "fill": FILLS[look], "stroke": OUTLINES[look], "strokeWidth": 1, **dash}
            specs.append(layer(mark, [_bar(g, r, top) for r in chosen], encoding))
    return specs


def _bar(g: Grid, row: Row, top: float | None) -> Spec:
    value = row.figure.value or 0.0
    return {
        "x": value if top is None else min(value, top),
        "y": g.y(row) - g.bar() / 2,
        "y2": g.y(row) + g.bar() / 2,
    }


def cue(look: str, word: str, layout: Layout) -> str:
    """What stands after a value so that colour is not needed: a sign, with a word where there is room."""
    sign = CUES[look]
    return f"{sign} {word}" if sign and layout.roomy else sign
