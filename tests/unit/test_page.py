"""The page: what it says, how it is built, and that every number on it is tied to the records."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from markupsafe import escape
from report_fixture import CITY, OWN, World, make_report

from openpeel.engine.measure.figure import Figure
from openpeel.report.comparison_numbers import comparison_key, comparison_numbers
from openpeel.report.content import Report, Section, Table
from openpeel.report.numbers import STATUS_WORDS, printed
from openpeel.report.page import render_page, slug
from openpeel.report.tokens import Token, page_tokens

REPORT = make_report()
PAGE = render_page(REPORT)
TOKENS = page_tokens(PAGE)
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Outline(HTMLParser):
    """What the tests look at: elements with their attributes and text, and that all are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self.open: list[tuple[str, dict[str, str], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = (tag, {k: v or "" for k, v in attrs}, [])
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}, []))

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element[2].append(data)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    found.close()
    assert found.open == []
    return found


OUTLINE = outline(PAGE)


def found(tag: str, **attributes: str) -> list[tuple[dict[str, str], str]]:
    return [
        (attrs, " ".join("".join(text).split()))
        for name, attrs, text in OUTLINE.elements
        if name == tag and all(attrs.get(k.rstrip("_")) == v for k, v in attributes.items())
    ]


def visible(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<body") :]).split())


def all_figures(report: Report) -> list[Figure]:
    own = [f for s in report.sections for f in s.figures]
    return own + [f for s in report.sections for c in s.comparisons for f in c.figures]


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render_page(make_report()) == PAGE


def test_the_page_has_one_h1_and_headings_in_order() -> None:
    levels = [int(name[1]) for name, _attrs, _text in OUTLINE.elements if re.fullmatch(r"h[1-6]", name)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_language_landmarks_and_skip_link() -> None:
    assert found("html")[0][0]["lang"] == "en-GB"
    assert [len(found(tag)) for tag in ("main", "nav", "header")] == [1, 1, 1]
    assert found("a", class_="skip")[0][0]["href"] == "#main"


def test_ids_are_unique_and_references_lead_somewhere() -> None:
    ids = [attrs["id"] for _tag, attrs, _text in OUTLINE.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    wanted = [attrs["href"][1:] for attrs, _text in found("a")]
    for _tag, attrs, _text in OUTLINE.elements:
        wanted += attrs.get("aria-labelledby", "").split() + attrs.get("aria-describedby", "").split()
    assert set(wanted) <= set(ids)


def test_nothing_is_fetched_and_nothing_runs() -> None:
    assert set(re.findall(r"https?://[^\"'\s)<]*", PAGE)) == {"http://www.w3.org/2000/svg"}
    assert not {"script", "img", "iframe", "object", "embed"} & {name for name, _a, _t in OUTLINE.elements}
    assert re.findall(r"url\((?!data:|#)[^)]*\)", PAGE) == []
    assert all(attrs["href"].startswith("data:") for attrs, _text in found("link"))
    assert "default-src 'none'" in PAGE


def test_every_printed_figure_is_tied_to_its_figure_and_printed_by_the_one_function() -> None:
    known = {f.figure_id: f for f in all_figures(REPORT)}
    tied = [t for t in TOKENS if t.figure_id]
    assert {t.figure_id for t in tied} == set(known)
    for token in tied:
        shown = printed(known[token.figure_id], token.part)
        assert (token.raw, token.text) == (shown.raw, shown.text)


def test_every_printed_number_of_a_comparison_is_tied_to_it() -> None:
    known = {
        f"{comparison_key(c)}|{what}": number
        for s in REPORT.sections
        for c in s.comparisons
        for what, number in comparison_numbers(c).items()
    }
    tied = [t for t in TOKENS if t.comparison]
    for token in tied:
        assert (token.raw, token.text) == (known[token.comparison].raw, known[token.comparison].text)
    only_said_of_the_first = {name for name in known if name.endswith("version.1.outside")}
    assert {t.comparison for t in tied} == set(known) - only_said_of_the_first


def test_tables_hold_every_value_of_every_chart() -> None:
    tables = "".join(re.findall(r"<table.*?</table>", PAGE, re.S))
    in_tables = {t.figure_id for t in page_tokens(tables)}
    in_charts = {t.figure_id for svg in re.findall(r"<svg.*?</svg>", PAGE, re.S) for t in page_tokens(svg)}
    assert in_charts - {""} <= in_tables


def test_every_chart_is_named_described_and_drawn_for_both_widths() -> None:
    charts = found("svg")
    assert len(charts) == 2 * len(found("figure"))
    for attrs, _text in charts:
        assert attrs["role"] == "img"
        assert attrs["aria-labelledby"]
        assert attrs["aria-describedby"]


def test_tables_have_captions_scopes_and_a_way_in_by_keyboard() -> None:
    assert len(found("caption")) == len(found("table")) == len(found("div", class_="scroll"))
    assert all(attrs.get("scope") in ("row", "col", "rowgroup") for attrs, _text in found("th"))
    assert all(attrs["tabindex"] == "0" for attrs, _text in found("div", class_="scroll"))


@pytest.mark.parametrize("status", sorted(STATUS_WORDS))
def test_a_figure_without_value_prints_its_status_and_never_a_zero(status: str) -> None:
    page = render_page(with_own_status(status))
    own = [t for t in page_tokens(page) if t.figure_id == own_figure(REPORT, 2).figure_id]
    assert own
    assert {(t.raw, t.text) for t in own if t.part == "value"} == {("", STATUS_WORDS[status])}
    sentence = re.search(r'<p class="sentence">(.*?)</p>', page[page.index('id="m1-') :], re.S)
    assert sentence
    assert STATUS_WORDS[status] in visible("<body>" + sentence.group(1))


def own_figure(report: Report, section: int) -> Figure:
    return report.sections[section].figures[0]


def with_own_status(status: str) -> Report:
    figure = replace(own_figure(REPORT, 2), status=status, value=None, interval=None, bounds=None)  # type: ignore[arg-type]
    return replace(REPORT, sections=[Section(REPORT.sections[2].measure, [figure], [])])


def test_no_token_without_value_prints_as_a_number() -> None:
    for token in TOKENS:
        if token.raw == "":
            assert token.text in STATUS_WORDS.values()
    assert "None" not in visible(PAGE)
    assert "nan" not in {t.raw for t in TOKENS}


def test_missing_forces_and_other_statuses_are_named() -> None:
    world = World()
    names = ", ".join(sorted(world.names[m] for m in world.missing))
    assert f"Not supplied, for all or part of the period: {names}" in visible(PAGE)
    assert f"No value, too few to say: {world.names[world.few]}" in visible(PAGE)
    assert f"No value, cannot be interpreted: {world.names[world.uninterpretable]}" in visible(PAGE)


def test_a_missing_force_without_a_figure_is_in_the_table_too() -> None:
    section = REPORT.sections[1]
    comparison = section.comparisons[0]
    gone = comparison.missing[0]
    fewer = replace(comparison, figures=[f for f in comparison.figures if f.force != gone])
    page = render_page(replace(REPORT, sections=[replace(section, comparisons=[fewer])]))
    rows = re.findall(r"<tr.*?</tr>", page, re.S)
    assert any(REPORT.force_names[gone] in row and "not supplied" in row for row in rows)


def test_the_rule_and_the_funnel_say_what_they_flag() -> None:
    numbers = comparison_numbers(REPORT.sections[1].comparisons[0])
    text = visible(PAGE)
    assert "about a third of forces outside" in text
    outside, n = numbers["version.0.outside"].text, numbers["version.0.n"].text
    assert f"Here it puts {outside} of {n} outside" in text
    row = ("expected.0.95", "outside_plain.0.95", "outside_adjusted.0.95")
    assert "95% " + " ".join(numbers[f"funnel.{what}"].text for what in row) in text
    assert f"Values vary {numbers['funnel.dispersion'].text} times as much" in text
    assert "Beyond chance is not the same as performance" in text


def test_both_versions_of_the_mean_are_shown_where_a_force_is_left_out() -> None:
    text = visible(PAGE)
    city = REPORT.force_names[CITY]
    assert f"without {city} (drawn)" in text
    assert "all forces with a value" in text
    assert f"Not in the mean, by a declared rule: {city}" in text


def test_forces_whose_band_depends_on_the_sd_are_named_and_marked() -> None:
    section = REPORT.sections[2]
    comparison = section.comparisons[0]
    version = replace(comparison.versions[0], depends_on_sd=[OWN])
    changed = replace(section, comparisons=[replace(comparison, versions=[version])])
    page = render_page(replace(REPORT, sections=[changed]))
    assert f"the band would differ for: {REPORT.force_name} (marked *)" in visible(page)
    assert "normal range*" in visible(page)


def test_a_measure_that_cannot_be_compared_says_why_and_gives_no_band() -> None:
    page = render_page(replace(REPORT, sections=[REPORT.sections[3]]))
    text = visible(page)
    assert "Not compared. Forces fill in the field in at least four ways" in text
    assert "normal range" not in re.sub(r"How to read.*?At a glance|outside the normal range when", "", text)
    assert "funnel." not in {t.comparison for t in page_tokens(page)}
    assert [t for t in page_tokens(page) if t.comparison] == []


def test_every_section_says_where_it_comes_from_and_who_checked_it() -> None:
    footers = [text for attrs, text in found("footer") if attrs.get("class") == "provenance"]
    assert len(footers) == len(REPORT.sections)
    for footer, section in zip(footers, REPORT.sections, strict=True):
        assert "Known as at2 November 2026" in footer
        assert section.measure.source in footer
        assert section.measure.method in footer
        assert "Checked bynobody yet" in footer


def test_a_review_that_is_overdue_is_marked() -> None:
    footers = [text for attrs, text in found("footer") if attrs.get("class") == "provenance"]
    marked = ["overdue" in footer for footer in footers]
    due = [s.measure.review_due < date(2026, 11, 2) for s in REPORT.sections]
    assert marked == due
    assert any(due)


def test_captions_readings_and_counts_stand_with_their_measure() -> None:
    text = visible(PAGE)
    for section in REPORT.sections:
        for caption in section.measure.captions:
            assert caption in text
    assert "A blank counts as not linked." in text
    own = own_figure(REPORT, 2)
    assert f"{own.numerator} of {own.denominator:,}" in text
    assert "39 with the answer not known" in text


def test_synthetic_worlds_say_so_at_the_top_and_at_every_chart() -> None:
    assert len(found("div", class_="banner")) == 1
    captions = [text for _attrs, text in found("figcaption")]
    assert all("Synthetic data: these forces do not exist." in caption for caption in captions)
    assert "Synthetic data" not in render_page(make_report(synthetic=False))


def test_about_the_data_shows_prose_and_tables_with_numbers_as_given() -> None:
    about = visible("<body>" + PAGE[PAGE.index('id="about-h"') :])
    for part in REPORT.about:
        if isinstance(part, Table):
            assert part.caption in about
            assert part.note in about
            assert all(" ".join(row) in about for row in part.rows)
        else:
            assert part in about


def test_hostile_words_stay_words() -> None:
    bad = '<script>alert("x")</script>{{ 7*7 }}%(n)s{0}'
    measure = replace(REPORT.sections[1].measure, title=bad, captions=[bad], source=bad)
    section = replace(REPORT.sections[1], measure=measure)
    names = dict.fromkeys(REPORT.force_names, bad)
    table = Table("t", bad, [bad], [[bad]], bad)
    report = replace(
        REPORT,
        title=bad,
        force_name=bad,
        force_names=names,
        sections=[section],
        about=[bad, table],
        software=bad,
    )
    page = render_page(report)
    assert "<script" not in page
    assert str(escape(bad)) in page
    outline(page)


def test_a_sentence_with_a_place_that_cannot_be_filled_is_an_error() -> None:
    measure = replace(REPORT.sections[0].measure, sentence="{force} has {nothing}.")
    with pytest.raises(ValueError, match="nothing to fill it with"):
        render_page(replace(REPORT, sections=[replace(REPORT.sections[0], measure=measure)]))


def test_a_report_without_measures_and_a_measure_without_figures_still_make_a_page() -> None:
    assert "At a glance" in visible(render_page(replace(REPORT, sections=[], about=[])))
    empty = Section(REPORT.sections[0].measure, [], [])
    assert "There is no figure for this measure." in visible(render_page(replace(REPORT, sections=[empty])))


def test_the_page_stays_small() -> None:
    """About 25 comparisons of 43 forces should be under 3 MB."""
    comparisons = sum(len(s.comparisons) for s in REPORT.sections)
    fonts = len(re.search(r"<style>.*?</style>", PAGE, re.S).group())  # type: ignore[union-attr]
    assert fonts + (len(PAGE) - fonts) / comparisons * 25 < 3_300_000


def test_tokens_are_read_back_as_written() -> None:
    html = (
        '<p><data class="figure" data-figure="f1" value="0.5">50.0%</data>'
        '<data class="figure" data-figure="f1" data-part="interval" value="0.4 0.6">40.0% to 60.0%</data></p>'
        '<data class="comparison" data-comparison="m||version.0.mean" value="1">1.00 &lt;</data>'
        '<table data-of="m|a=b"><data data-comparison="point.x.size" value="9">9</data></table>'
        '<svg><text data-figure="f2" data-value="">not supplied</text><text>other</text></svg>'
    )
    assert page_tokens(html) == [
        Token("f1", "0.5", "50.0%"),
        Token("f1", "0.4 0.6", "40.0% to 60.0%", "interval"),
        Token("", "1", "1.00 <", "", "m||version.0.mean"),
        Token("", "9", "9", "", "m|a=b|point.x.size"),
        Token("f2", "", "not supplied"),
    ]


def test_means_stand_beside_their_own_category_when_only_some_are_compared() -> None:
    section = REPORT.sections[4]
    only = section.comparisons[2]
    page = render_page(replace(REPORT, sections=[replace(section, comparisons=[only])]))
    name = only.breakdown["object"]
    row = next(r for r in re.findall(r"<tr.*?</tr>", page, re.S) if f'<th scope="row">{name}</th>' in r)
    assert comparison_numbers(only)["version.0.mean"].text in row
    assert visible("<body>" + page[page.index("own-caption") :]).count("not compared") == 7


def test_slugs() -> None:
    assert slug("powers.Searches per 1,000") == "powers-searches-per-1-000"


def test_measures_stand_by_area_in_contents_and_at_a_glance() -> None:
    heads = [text for attrs, text in found("th") if attrs.get("scope") == "rowgroup"]
    assert heads == ["Police powers and treating the public fairly and respectfully"]
    assert PAGE.count(heads[0]) == 2  # once in the contents
