"""The funnel: each force's value against its size, with what chance alone and the usual differences allow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from openpeel.engine.compare.comparison import Comparison, Funnel, FunnelPoint
from openpeel.report.chart_frame import (
    DARK_BLUE,
    DOTS,
    GREY,
    INK,
    PALE_BLUE,
    WHITE,
    Chart,
    Layout,
    Spec,
    both,
    frame,
    layer,
    text_width,
    tick_format,
    words,
)
from openpeel.report.comparison_numbers import comparison_numbers, comparison_unit
from openpeel.report.numbers import Style, style_of
from openpeel.words import _

HEIGHTS = {"wide": 430, "narrow": 350}
LOG_FROM = 6
"""Ratio of the largest size to the smallest from which the sizes are drawn on a log scale."""

LIMITS = [
    ("plain", "0.95", {"strokeDash": DOTS, "strokeCap": "round", "strokeWidth": 1.4, "stroke": INK}),
    ("plain", "0.998", {"strokeDash": DOTS, "strokeCap": "round", "strokeWidth": 2.4, "stroke": INK}),
    ("adjusted", "0.95", {"strokeWidth": 1, "stroke": DARK_BLUE}),
    ("adjusted", "0.998", {"strokeWidth": 2.4, "stroke": DARK_BLUE}),
]
LOOKS = {
    "high": {"shape": "triangle-up", "fill": DARK_BLUE, "size": 90},
    "low": {"shape": "triangle-down", "fill": PALE_BLUE, "size": 90},
    "inside": {"shape": "circle", "fill": GREY, "size": 46},
}


def funnel_chart(
    comparison: Comparison, force: str, names: Mapping[str, str], title: str, chart_id: str
) -> Chart:
    """The funnel of a comparison, the reported force named in it. The comparison must have one."""
    funnel = comparison.funnel
    if funnel is None:
        raise ValueError(f"{comparison.measure} has no funnel to draw")
    unit = comparison_unit(comparison)
    text = _describe(comparison, funnel, force, names)
    return both(lambda layout: _spec(funnel, unit, force, names, layout), chart_id, title, text)


def side(point: FunnelPoint) -> str:
    """Which side of the adjusted limits a point lies: high, low or inside (of the 95% ones)."""
    return (point.outside_adjusted or "inside").split()[0]


def outliers(funnel: Funnel, level: str | None = None) -> list[FunnelPoint]:
    """The points outside the adjusted limits (of that level where one is given), highest value first."""
    found = [p for p in funnel.points if p.outside_adjusted]
    if level:
        found = [p for p in found if (p.outside_adjusted or "").endswith(level)]
    return sorted(found, key=lambda p: (-p.value, p.force))


def size_word(funnel: Funnel) -> str:
    """What the size of a force counts, in words."""
    return {"people": _("residents"), "records": _("records")}.get(funnel.size_unit, funnel.size_unit)


def _is_log(points: Sequence[FunnelPoint]) -> bool:
    sizes = [p.size for p in points]
    return bool(sizes) and min(sizes) > 0 and max(sizes) / min(sizes) >= LOG_FROM


def _spec(funnel: Funnel, unit: str, force: str, names: Mapping[str, str], layout: Layout) -> Spec:
    points = sorted(funnel.points, key=lambda p: (p.size, p.force))
    x, y = _size_scale(funnel, points, layout), _value_scale(points, unit, layout)
    layers = [_centre(funnel, points, x, y)]
    layers += [_limit(points, kind, level, at, mark, x, y) for kind, level, mark in LIMITS for at in (0, 1)]
    layers += _dots(points, force, x, y)
    left, right, top, bottom = 50, 34, 26, 46
    size = (layout.width - left - right, HEIGHTS[layout.name] - top - bottom)
    layers += [_label(p, points, names, x, y, size) for p in points if p.force == force]
    return frame(size, (left, top, right, bottom), layers)


def _size_scale(funnel: Funnel, points: Sequence[FunnelPoint], layout: Layout) -> Spec:
    log = _is_log(points)
    domain = [points[0].size / 1.15, points[-1].size * 1.15] if log else [0, points[-1].size * 1.05]
    title = f"{size_word(funnel)} ({_('log scale')})" if log else size_word(funnel)
    axis = _axis(title) | {
        "format": ",~f",
        "tickCount": layout.ticks,
        "labelOverlap": "greedy",
        "labelSeparation": 6,
    }
    if log:
        axis |= {"values": _log_ticks(*domain), "tickCount": 40}
    scale = {"type": "log" if log else "linear", "domain": domain, "nice": False}
    return {"field": "size", "type": "quantitative", "scale": scale, "axis": axis}


def _log_ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 of every power of ten in the range."""
    ticks = [digit * 10.0**power for power in range(0, 10) for digit in (1, 2, 5)]
    return [t for t in ticks if low <= t <= high]


def _value_scale(points: Sequence[FunnelPoint], unit: str, layout: Layout) -> Spec:
    """As far as the points and most wide limits go; those of very small forces run out of the picture."""
    middle = points[len(points) // 4].adjusted["0.998"]
    low = min([middle[0], *(p.value for p in points)])
    high = max([middle[1], *(p.value for p in points)])
    pad = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    most = 1.0 if style_of(unit) is Style.PERCENT else high + pad
    domain = [max(0.0, low - pad), min(most, high + pad)]
    title = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": -44, "titleY": -14}
    axis = _axis(unit if text_width(unit) < layout.width - 10 else "") | title
    axis |= {"format": tick_format(unit), "tickCount": layout.ticks, "titleBaseline": "middle"}
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": domain, "nice": False},
        "axis": axis,
    }


def _axis(title: str) -> Spec:
    return {"title": title or None, "titleFontWeight": "normal", "titleFontSize": 12, "titlePadding": 8}


def _centre(funnel: Funnel, points: Sequence[FunnelPoint], x: Spec, y: Spec) -> Spec:
    ends = [{"size": p.size, "value": funnel.centre} for p in (points[0], points[-1])]
    return layer(
        {"type": "line", "stroke": INK, "strokeWidth": 1.2, "strokeDash": [8, 4]}, ends, {"x": x, "y": y}
    )


def _limit(
    points: Sequence[FunnelPoint], kind: str, level: str, end: int, mark: Spec, x: Spec, y: Spec
) -> Spec:
    """One limit as a line from the smallest force to the largest."""
    rows = [
        {"size": p.size, "value": getattr(p, kind)[level][end]} for p in points if level in getattr(p, kind)
    ]
    return layer({"type": "line", "clip": True} | mark, rows, {"x": x, "y": y})


def _dots(points: Sequence[FunnelPoint], force: str, x: Spec, y: Spec) -> list[Spec]:
    specs = []
    for own in (False, True):
        for name, look in LOOKS.items():
            rows = [
                {"size": p.size, "value": p.value}
                for p in points
                if side(p) == name and (p.force == force) is own
            ]
            edge = {"stroke": INK, "strokeWidth": 2.4 if own else 0.8, "opacity": 1, "filled": True}
            mark = {"type": "point", **look, **edge} | ({"size": 170} if own else {})
            specs += [layer(mark, rows, {"x": x, "y": y})] if rows else []
    return specs


def _label(
    own: FunnelPoint,
    points: Sequence[FunnelPoint],
    names: Mapping[str, str],
    x: Spec,
    y: Spec,
    size: tuple[float, float],
) -> Spec:
    """The reported force's name, near its point where it hides the fewest other points."""
    name = names.get(own.force, own.force)
    at = _place(own, x, y, size)
    others = [_place(p, x, y, size) for p in points if p is not own]
    box = min(_label_boxes(at, text_width(name, bold=True)), key=lambda b: _hidden(b, others, size))
    row = {"x": box[0], "y": (box[1] + box[3]) / 2, "text": name}
    return words([row], "left", bold=True, stroke=WHITE, strokeWidth=3)


Box = tuple[float, float, float, float]


def _place(point: FunnelPoint, x: Spec, y: Spec, size: tuple[float, float]) -> tuple[float, float]:
    """Where a point is drawn, in pixels."""
    (left, right), (bottom, top) = x["scale"]["domain"], y["scale"]["domain"]
    if x["scale"]["type"] == "log":
        across = math.log(point.size / left) / math.log(right / left)
    else:
        across = (point.size - left) / (right - left)
    return across * size[0], (top - point.value) / (top - bottom) * size[1]


def _label_boxes(at: tuple[float, float], width: float) -> list[Box]:
    """Places for a label around a point, the nearest first."""
    lefts = (at[0] + 12, at[0] - 12 - width, at[0] - width / 2)
    return [
        (left, at[1] + away - 8, left + width, at[1] + away + 8)
        for away in (0, -18, 18, -34, 34, -52, 52)
        for left in lefts[: 3 if away else 2]
    ]


def _hidden(box: Box, points: Sequence[tuple[float, float]], size: tuple[float, float]) -> int:
    """How many points a label would hide; very many when it leaves the picture."""
    left, top, right, bottom = box
    if left < 0 or top < 0 or right > size[0] or bottom > size[1]:
        return 1000
    return sum(left - 5 < x < right + 5 and top - 5 < y < bottom + 5 for x, y in points)


def _describe(comparison: Comparison, funnel: Funnel, force: str, names: Mapping[str, str]) -> str:
    """The picture in a few sentences, for those who do not see it."""
    numbers = comparison_numbers(comparison)
    parts = [
        _("Funnel plot of %(n)s forces: value against number of %(size)s, around %(centre)s.")
        % {"n": numbers["funnel.n"].text, "size": size_word(funnel), "centre": numbers["funnel.centre"].text}
    ]
    parts += [_own_words(p, comparison, names) for p in funnel.points if p.force == force]
    beyond = [names.get(p.force, p.force) for p in outliers(funnel)]
    parts.append(
        _("Outside the adjusted limits: %(names)s.") % {"names": ", ".join(beyond)}
        if beyond
        else _("No force is outside the adjusted limits.")
    )
    parts.append(_("The table that follows holds every value and limit."))
    return " ".join(parts)


def _own_words(point: FunnelPoint, comparison: Comparison, names: Mapping[str, str]) -> str:
    limits = comparison_numbers(comparison)[f"point.{point.force}.adjusted.0.95"].text
    said = {"force": names.get(point.force, point.force), "limits": limits}
    if side(point) == "high":
        return _("%(force)s is above the adjusted 95%% limits for its size, %(limits)s.") % said
    if side(point) == "low":
        return _("%(force)s is below the adjusted 95%% limits for its size, %(limits)s.") % said
    return _("%(force)s is inside the adjusted 95%% limits for its size, %(limits)s.") % said
