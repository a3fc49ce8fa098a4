"""Charts of one force's own figures across a breakdown: shares as bars, ratios on a log scale."""

from __future__ import annotations

from collections.abc import Sequence

from openpeel.engine.measure.figure import Figure
from openpeel.report.chart_frame import (
    DARK_BLUE,
    INK,
    WHITE,
    Chart,
    Layout,
    Spec,
    both,
    frame,
    layer,
    pixels,
    upright,
)
from openpeel.report.chart_rows import ROOM_FOR_FEW, Grid, Row, bars, columns, grid, row_axis
from openpeel.report.numbers import Style, ends, has, printed, style_of
from openpeel.words import _

LINE = 26
WIDEST = 32.0
"""The scale of ratios goes no further than this many times as much or as little."""


def breakdown_name(figure: Figure) -> str:
    """The category of a figure in words."""
    return ", ".join(figure.breakdown.values())


def own_chart(figures: Sequence[Figure], means: Sequence[float | None], title: str, chart_id: str) -> Chart:
    """One force's figures across the categories of a breakdown, with their intervals.

    Args:
        figures: the force's figures, one a category.
        means: the forces' mean of each category where it is known, drawn as a tick; or nothing.
        title: the chart's accessible name.
        chart_id: start of every id in the chart, unique on the page.
    """
    build = _ratio_spec if style_of(figures[0].unit) is Style.RATIO else _bar_spec
    pairs = [*means, *[None] * (len(figures) - len(means))]
    return both(lambda layout: build(figures, pairs, layout), chart_id, title, _describe(figures))


def _rows(figures: Sequence[Figure], look: str) -> list[Row]:
    return [Row(f, breakdown_name(f), look, place=i) for i, f in enumerate(figures)]


def _bar_spec(figures: Sequence[Figure], means: Sequence[float | None], layout: Layout) -> Spec:
    g = grid(_rows(figures, "normal"), layout, LINE, ROOM_FOR_FEW)
    numbers = _numbers(figures, ("interval",)) + [m for m in means if m is not None]
    top = max(numbers, default=0.0) * 1.03 or 1.0
    x = _scale(figures[0].unit, {"domain": [0, top], "nice": False}, g)
    ticks = [
        {"x": m, "y": g.y(r) - 7, "y2": g.y(r) + 7}
        for r, m in zip(g.rows, means, strict=True)
        if m is not None
    ]
    layers = [*bars(g, x), *_whiskers(g, x, (0, top))]
    if ticks:
        layers += [
            upright(x, ticks, stroke=WHITE, strokeWidth=6),
            upright(x, ticks, stroke=DARK_BLUE, strokeWidth=3),
        ]
    return _framed(g, [*layers, *columns(g)])


def _ratio_spec(figures: Sequence[Figure], means: Sequence[float | None], layout: Layout) -> Spec:
    g = grid(_rows(figures, "above"), layout, LINE, ROOM_FOR_FEW)
    low, high = _ratio_domain(figures)
    scale = {"type": "log", "domain": [low, high], "nice": False}
    x = _scale(figures[0].unit, scale, g)
    x["axis"] |= {"values": _doublings(low, high, layout), "labelOverlap": False, "tickCount": 20}
    line = upright(x, [{"x": 1.0, "y": -4, "y2": g.height()}], strokeWidth=1.5)
    dots = [{"x": r.figure.value, "y": g.y(r)} for r in g.rows if r.figure.value]
    mark = {"type": "point", "shape": "diamond", "filled": True, "fill": INK, "size": 110, "opacity": 1}
    layers = [line, *_whiskers(g, x, (low, high))]
    if dots:
        layers.append(layer(mark | {"stroke": WHITE, "strokeWidth": 1.5}, dots, {"x": x, "y": pixels("y")}))
    return _framed(g, [*layers, *columns(g)])


def _framed(g: Grid, layers: list[Spec]) -> Spec:
    right = g.layout.width - g.names - g.plot
    return frame((g.plot, g.height()), (g.names, 8, right, 40), layers)


def _scale(unit: str, scale: Spec, g: Grid) -> Spec:
    return {"field": "x", "type": "quantitative", "scale": scale, "axis": row_axis(unit, g)}


def _ratio_domain(figures: Sequence[Figure]) -> tuple[float, float]:
    """From the lowest to the highest end of any interval, 1 always well inside."""
    numbers = _numbers(figures, ("interval", "inflated"))
    inside = [0.5, 2.0, *(n for n in numbers if n > 0)]
    return max(min(inside) / 1.1, 1 / WIDEST), min(max(inside) * 1.1, WIDEST)


def _numbers(figures: Sequence[Figure], ranges: Sequence[str]) -> list[float]:
    """The values of the figures and the ends of these of their ranges."""
    values = [f.value for f in figures]
    limits = [end for f in figures for part in ranges if has(f, part) for end in ends(f, part)]
    return [number for number in values + limits if number is not None]


def _doublings(low: float, high: float, layout: Layout) -> list[float]:
    """1 and its doublings and halvings within the scale, every other one where they would crowd."""
    inside = [p for p in range(-5, 6) if low <= 2.0**p <= high]
    crowded = len(inside) > layout.ticks + 1
    return [2.0**p for p in inside if not (crowded and p % 2)]


def _whiskers(g: Grid, x: Spec, domain: tuple[float, float]) -> list[Spec]:
    """Intervals as lines: the plain one thick, the widened one thin with ends."""
    plain, widened = [], []
    for row in g.rows:
        interval = row.figure.interval
        if row.figure.value is None or interval is None:
            continue
        plain.append(_span(g, row, interval.low, interval.high, domain))
        if interval.inflated is not None:
            widened.append(_span(g, row, interval.inflated.low, interval.inflated.high, domain))
    log = x["scale"].get("type") == "log"
    specs = _ended(widened, x, 1.2, 5) if widened else []
    if plain:
        specs += [_level(plain, x, 5.0, DARK_BLUE)] if log else _ended(plain, x, 1.4, 3)
    return specs


def _span(g: Grid, row: Row, low: float, high: float | None, domain: tuple[float, float]) -> Spec:
    least, most = domain
    end = most if high is None else min(high, most)
    return {"x": max(low, least), "x2": end, "y": g.y(row)}


def _level(spans: list[Spec], x: Spec, width: float, stroke: str) -> Spec:
    encoding = {"x": x, "x2": {"field": "x2"}, "y": pixels("y")}
    return layer({"type": "rule", "stroke": stroke, "strokeWidth": width}, spans, encoding)


def _ended(spans: list[Spec], x: Spec, width: float, half: float) -> list[Spec]:
    """Lines with a small stroke across at both ends."""
    strokes = [{"x": s[k], "y": s["y"] - half, "y2": s["y"] + half} for s in spans for k in ("x", "x2")]
    return [_level(spans, x, width, INK), upright(x, strokes, strokeWidth=width)]


def _describe(figures: Sequence[Figure]) -> str:
    """The picture as a list of its values, for those who do not see it."""
    parts = []
    for figure in figures:
        text = f"{breakdown_name(figure)}: {printed(figure).text}"
        if figure.status == "ok" and has(figure, "interval"):
            text += f" ({printed(figure, 'interval').text})"
        parts.append(text)
    return _("%(values)s. The table that follows holds every value.") % {"values": "; ".join(parts)}
