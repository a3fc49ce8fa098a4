"""The charts: named, described, the same every time, self-contained, and true to the figures."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from report_fixture import CITY, OWN, make_report

from openpeel.engine.compare.comparison import Comparison
from openpeel.report.chart_frame import NARROW, WIDE, Chart, text_width
from openpeel.report.chart_funnel import funnel_chart
from openpeel.report.chart_own import own_chart
from openpeel.report.charts import bar_chart, sorted_figures
from openpeel.report.numbers import printed
from openpeel.report.tokens import page_tokens

REPORT = make_report()
NAMES = REPORT.force_names
RATE, OUTCOME, LINKED, OBJECTS, RATIO = REPORT.sections[1:]
SVG = "{http://www.w3.org/2000/svg}"


def bars(comparison: Comparison, chart_id: str = "c") -> Chart:
    return bar_chart(comparison, OWN, NAMES, "Searches <compared>", chart_id)


def all_charts() -> dict[str, Chart]:
    comparison, shares = RATE.comparisons[0], OBJECTS.figures
    return {
        "bars": bars(comparison),
        "bars without bands": bars(LINKED.comparisons[0]),
        "funnel of a rate": funnel_chart(comparison, OWN, NAMES, "Funnel", "f"),
        "funnel of a share": funnel_chart(OUTCOME.comparisons[0], OWN, NAMES, "Funnel", "g"),
        "shares": own_chart(shares, [c.versions[0].mean for c in OBJECTS.comparisons], "Objects", "o"),
        "ratios": own_chart(RATIO.figures, [], "Ratios", "r"),
    }


CHARTS = all_charts()


def both_of(chart: Chart) -> list[str]:
    return [chart.wide, chart.narrow]


def texts(svg: str) -> list[str]:
    return ["".join(t.itertext()) for t in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_a_name_and_a_description(name: str) -> None:
    for svg in both_of(CHARTS[name]):
        root = ET.fromstring(svg)
        by_id = {e.get("id"): e.text for e in root.iter() if e.get("id")}
        assert root.get("role") == "img"
        assert by_id[root.get("aria-labelledby")] == CHARTS[name].title
        assert by_id[root.get("aria-describedby")] == CHARTS[name].description
        assert len(CHARTS[name].description) > 60


@pytest.mark.parametrize("name", CHARTS)
def test_charts_scale_and_fetch_nothing(name: str) -> None:
    for svg, layout in zip(both_of(CHARTS[name]), (WIDE, NARROW), strict=True):
        root = ET.fromstring(svg)
        assert root.get("viewBox", "").startswith(f"0 0 {layout.width} ")
        assert (root.get("width"), root.get("height")) == ("100%", None)
        assert re.findall(r"https?://[^\"' ]*", svg) == ["http://www.w3.org/2000/svg"]
        assert "<script" not in svg
        assert "href" not in svg


def test_the_same_content_gives_the_same_bytes() -> None:
    assert all_charts() == CHARTS


def test_ids_of_two_charts_do_not_meet() -> None:
    found = [
        e.get("id")
        for chart in (*CHARTS.values(), bars(OUTCOME.comparisons[0], "d"))
        for svg in both_of(chart)
        for e in ET.fromstring(svg).iter()
        if e.get("id")
    ]
    without_first = [i for i in found if not (i or "").startswith("c-")]
    assert len(without_first) == len(set(without_first))


def test_every_value_is_printed_and_tied_to_its_figure() -> None:
    for comparison in (RATE.comparisons[0], OUTCOME.comparisons[0], LINKED.comparisons[0]):
        for svg in both_of(bars(comparison)):
            found = {t.figure_id: t for t in page_tokens(svg) if t.figure_id}
            for figure in sorted_figures(comparison):
                assert (found[figure.figure_id].raw, found[figure.figure_id].text) == (
                    printed(figure).raw,
                    printed(figure).text,
                )


def test_the_mean_and_the_lines_are_printed_and_tied() -> None:
    tokens = {t.comparison: t.text for t in page_tokens(bars(OUTCOME.comparisons[0]).wide) if t.comparison}
    assert set(tokens) == {f"powers.outcome_rate||version.0.{p}" for p in ("mean", "line_low", "line_high")}


def test_a_line_below_zero_is_not_drawn() -> None:
    comparison = RATE.comparisons[0]
    with_city = replace(comparison, versions=comparison.versions[1:])
    words = " ".join(texts(bars(with_city).wide))
    assert "+1 SD" in words
    assert "−1 SD" not in words


def test_bands_show_without_colour() -> None:
    chart = bars(RATE.comparisons[0])
    bands = list(RATE.comparisons[0].versions[0].bands.values())
    for svg in both_of(chart):
        signs = "".join(texts(svg))
        assert signs.count("▲") == bands.count("above") > 0
        assert signs.count("▼") == bands.count("below") > 0


def test_the_reported_force_is_marked() -> None:
    for svg in both_of(bars(RATE.comparisons[0])):
        assert [t for t in texts(svg) if t.startswith("▶")] == [f"▶ {NAMES[OWN]}"]


def test_a_force_left_out_of_the_mean_stands_apart_and_does_not_squeeze_the_others() -> None:
    comparison = RATE.comparisons[0]
    assert sorted_figures(comparison)[-1].force == CITY
    wide = bars(comparison).wide
    assert "○ not in the mean" in texts(wide)
    ticks = [float(t) for t in texts(wide) if re.fullmatch(r"\d(\.\d+)?", t)]
    assert max(ticks) < 5 < (sorted_figures(comparison)[-1].value or 0)


def test_a_force_whose_band_depends_on_the_sd_is_marked() -> None:
    comparison = OUTCOME.comparisons[0]
    version = replace(comparison.versions[0], depends_on_sd=[OWN])
    assert "*" in texts(bars(replace(comparison, versions=[version])).wide)


def test_without_versions_there_are_no_lines_and_no_bands() -> None:
    for svg in both_of(bars(LINKED.comparisons[0])):
        words = "".join(texts(svg))
        assert not any(sign in words for sign in ("▲", "▼", "SD", "mean"))
        assert "stroke-dasharray" not in svg
        assert "#12436D" not in svg


def test_the_funnel_tells_its_lines_apart_without_colour() -> None:
    svg = CHARTS["funnel of a rate"].wide
    lines = [e for e in ET.fromstring(svg).iter(f"{SVG}path") if e.get("fill") is None]
    dotted = {e.get("stroke-width") for e in lines if (e.get("stroke-dasharray") or "").startswith("0.1")}
    solid = {
        e.get("stroke-width", "1") for e in lines if e.get("stroke-dasharray") is None and e.get("stroke")
    }
    assert dotted == {"1.4", "2.4"}
    assert {"1", "2.4"} <= solid


def test_the_funnel_names_the_reported_force() -> None:
    for svg in both_of(CHARTS["funnel of a share"]):
        assert NAMES[OWN] in texts(svg)


def test_a_funnel_that_is_not_there_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="no funnel"):
        funnel_chart(LINKED.comparisons[0], OWN, NAMES, "t", "x")


def test_a_category_without_value_shows_its_status() -> None:
    for svg in both_of(CHARTS["ratios"]):
        assert "too few to say" in texts(svg)
        assert "Other" in texts(svg)


def test_ratios_are_drawn_around_one() -> None:
    for svg in both_of(CHARTS["ratios"]):
        assert {"0.5", "1", "2", "4"} <= set(texts(svg))


def test_hostile_names_stay_text() -> None:
    names = NAMES | {OWN: "<script>alert(1)</script>"}
    chart = bar_chart(RATE.comparisons[0], OWN, names, "</title><script>", "c")
    for svg in both_of(chart):
        assert "<script" not in svg
        assert any("<script>" in t for t in texts(svg))


def test_a_name_that_looks_like_a_tie_stays_text() -> None:
    names = NAMES | {OWN: json.dumps({"onload": "x", "data-figure": "forged"})}
    svg = bar_chart(RATE.comparisons[0], OWN, names, "t", "c").wide
    assert "forged" not in {t.figure_id for t in page_tokens(svg)}
    assert "onload=" not in svg


def test_one_force_and_equal_values_can_be_drawn() -> None:
    comparison = OUTCOME.comparisons[0]
    one = [f for f in comparison.figures if f.force == OWN]
    zero = [replace(f, value=0.0) for f in one]
    for figures in (one, zero):
        assert bars(replace(comparison, figures=figures, versions=[])).wide


def test_text_widths_come_from_the_font() -> None:
    assert 0 < text_width("iii") < text_width("mmm") < text_width("mmm", bold=True)
    assert text_width("\N{SNOWMAN}") == 12
