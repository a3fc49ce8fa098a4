"""The sorted bar chart of all forces on one measure, with the mean and one standard deviation either side."""

from __future__ import annotations

from collections.abc import Mapping

from openpeel.engine.compare.comparison import Comparison, PeerVersion
from openpeel.engine.measure.figure import Figure
from openpeel.report.chart_frame import (
    DOTS,
    WHITE,
    Chart,
    Layout,
    Spec,
    both,
    frame,
    text_width,
    upright,
    words,
)
from openpeel.report.chart_rows import GAP, Grid, Row, backdrop, bars, columns, cue, grid, row_axis
from openpeel.report.comparison_numbers import comparison_key, comparison_numbers, comparison_unit, lines
from openpeel.report.numbers import printed
from openpeel.report.svg import tag
from openpeel.words import _

Names = Mapping[str, str]
HEAD = 44
FOOT = 40


def sorted_figures(comparison: Comparison) -> list[Figure]:
    """The figures with a value, highest first; those left out of the mean come last."""
    left_out = comparison.versions[0].excluded if comparison.versions else []
    ok = [f for f in comparison.figures if f.value is not None]
    return sorted(ok, key=lambda f: (f.force in left_out, -(f.value or 0.0), f.force))


def bar_chart(comparison: Comparison, force: str, names: Names, title: str, chart_id: str) -> Chart:
    """All forces of a comparison as sorted bars, the reported force marked.

    Args:
        comparison: the forces' figures with the versions of mean and SD.
        force: the reported force.
        names: force -> name in words.
        title: what is compared, in words; the chart's accessible name.
        chart_id: start of every id in the chart, unique on the page.
    """
    text = _describe(comparison, force, names)
    return both(lambda layout: _spec(comparison, force, names, layout), chart_id, title, text)


def band_word(band: str) -> str:
    """A band in one word."""
    return {"above": _("above"), "below": _("below"), "normal": _("normal")}[band]


def _rows(comparison: Comparison, force: str, names: Names, layout: Layout) -> list[Row]:
    version = comparison.versions[0] if comparison.versions else None
    rows = []
    for index, figure in enumerate(sorted_figures(comparison)):
        look, note = _look(figure.force, version, layout)
        place = index + (1 if look == "none" else 0)
        name = names.get(figure.force, figure.force)
        rows.append(Row(figure, name, look, figure.force == force, note, place))
    return rows


def _look(force: str, version: PeerVersion | None, layout: Layout) -> tuple[str, str]:
    """How a force's bar looks, and what stands after its value."""
    if version is None:
        return "normal", ""
    if force in version.excluded:
        return "none", cue("none", _("not in the mean"), layout)
    band = version.bands.get(force, "normal")
    star = "*" if force in version.depends_on_sd else ""
    return band, cue(band, band_word(band), layout) + star


def _top(rows: list[Row], version: PeerVersion | None) -> float:
    """The upper end of the scale: a force left out of the mean does not squeeze the others."""
    inside = [r.figure.value or 0.0 for r in rows if r.look != "none"] or [
        r.figure.value or 0.0 for r in rows
    ]
    drawn = (lines(version) if version else None) or ()
    return max([*inside, *drawn, 0.0]) * 1.04 or 1.0


def _spec(comparison: Comparison, force: str, names: Names, layout: Layout) -> Spec:
    version = comparison.versions[0] if comparison.versions else None
    rows = _rows(comparison, force, names, layout)
    g, top = grid(rows, layout), _top(rows, version)
    scale = {"domain": [0, top], "nice": False}
    axis = row_axis(comparison_unit(comparison), g)
    x = {"field": "x", "type": "quantitative", "scale": scale, "axis": axis}
    marks = bars(g, x, top) + _cuts(g, x, top)
    if version is not None:
        marks += _lines(comparison, g, x, top)
    head = HEAD if version is not None else 8
    right = layout.width - g.names - g.plot
    return frame((g.plot, g.height()), (g.names, head, right, FOOT), [*backdrop(g), *marks, *columns(g)])


def _cuts(g: Grid, x: Spec, top: float) -> list[Spec]:
    """A white gap near the end of every bar that is longer than the scale."""
    cut = [r for r in g.rows if (r.figure.value or 0.0) > top]
    gaps = [{"x": top * 0.95, "y": g.y(r) - 8, "y2": g.y(r) + 8} for r in cut]
    return [upright(x, gaps, stroke=WHITE, strokeWidth=5)] if gaps else []


def _lines(comparison: Comparison, g: Grid, x: Spec, top: float) -> list[Spec]:
    """Mean (solid) and one SD either side (dotted), each with its number; none below zero."""
    version = comparison.versions[0]
    between = lines(version)
    inside = [r for r in g.rows if r.look != "none"]
    if version.mean is None or between is None or not inside:
        return []
    low, high = between
    dotted = [value for value in (low, high) if value >= 0]
    whole = {"y": -4, "y2": g.y(max(inside, key=lambda r: r.place)) + g.step() / 2}
    return [
        upright(x, [{"x": v} | whole for v in (version.mean, *dotted)], stroke=WHITE, strokeWidth=3),
        upright(x, [{"x": v} | whole for v in dotted], strokeDash=DOTS, strokeCap="round", strokeWidth=2),
        upright(x, [{"x": version.mean} | whole], strokeWidth=1.5),
        *_line_texts(comparison, g, top),
    ]


def _line_texts(comparison: Comparison, g: Grid, top: float) -> list[Spec]:
    numbers = comparison_numbers(comparison)
    places = [("mean", _("mean"), "center", 0.0, -32), ("line_high", _("+1 SD"), "left", 3.0, -14)]
    if float(numbers["version.0.line_low"].raw) >= 0:
        places.append(("line_low", _("−1 SD"), "right", -3.0, -14))
    specs = []
    for part, word, align, shift, y in places:
        number, key = numbers[f"version.0.{part}"], f"{comparison_key(comparison)}|version.0.{part}"
        at = float(number.raw) / top * g.plot + shift
        left = _left_end(at, align, f"{word} {number.text}", g)
        value = {"x": left + text_width(f"{word} "), "y": y, "text": number.text}
        specs.append(words([{"x": left, "y": y, "text": word}], "left"))
        specs.append(words([value | {"tag": tag("comparison", key, number.raw)}], "left"))
    return specs


def _left_end(x: float, align: str, text: str, g: Grid) -> float:
    """Where a line's text begins, moved so that all of it is in the picture."""
    width = text_width(text)
    left = x - {"left": 0.0, "center": width / 2, "right": width}[align]
    return max(-g.names, min(left, g.layout.width - g.names - GAP / 2 - width))


def _describe(comparison: Comparison, force: str, names: Names) -> str:
    """The picture in a few sentences, for those who do not see it."""
    figures = sorted_figures(comparison)
    parts = [_("Bar chart of %(n)s forces, highest first.") % {"n": len(figures)}]
    parts += [_own_words(f, comparison, names) for f in figures if f.force == force]
    if figures:
        ends = {"high": _named(figures[0], names), "low": _named(_last_inside(figures, comparison), names)}
        parts.append(_("Highest: %(high)s. Lowest: %(low)s.") % ends)
    if comparison.versions:
        parts.append(_lines_in_words(comparison))
    parts.append(_("The table that follows holds every value."))
    return " ".join(parts)


def _last_inside(figures: list[Figure], comparison: Comparison) -> Figure:
    left_out = comparison.versions[0].excluded if comparison.versions else []
    return ([f for f in figures if f.force not in left_out] or figures)[-1]


def _named(figure: Figure, names: Names) -> str:
    return f"{names.get(figure.force, figure.force)}, {printed(figure).text}"


def _own_words(figure: Figure, comparison: Comparison, names: Names) -> str:
    words_ = _named(figure, names)
    if not comparison.versions:
        return f"{words_}."
    band = comparison.versions[0].bands.get(figure.force)
    if band is None:
        return _("%(force)s, is not in the mean.") % {"force": words_}
    if band == "normal":
        return _("%(force)s, is within one standard deviation of the mean.") % {"force": words_}
    if band == "above":
        return _("%(force)s, is more than one standard deviation above the mean.") % {"force": words_}
    return _("%(force)s, is more than one standard deviation below the mean.") % {"force": words_}


def _lines_in_words(comparison: Comparison) -> str:
    numbers = comparison_numbers(comparison)
    if "version.0.line_low" not in numbers:
        return ""
    values = {part: numbers[f"version.0.{part}"].text for part in ("mean", "line_low", "line_high")}
    return _("Mean %(mean)s; one standard deviation either side: %(line_low)s to %(line_high)s.") % values
