"""The report in a real browser: Debian's Chromium, playwright and axe, where they are there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))

from report_fixture import make_report

from openpeel.report.page import render_page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_core = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
CHROMIUM = os.environ.get("OPENPEEL_BROWSER") or shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not there (apt-get install chromium)")

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET = ["--disable-background-networking", "--disable-component-update"]
OPEN_ALL = "document.querySelectorAll('details').forEach(d => { d.open = true })"
SHOWN = "[...document.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width > 0)"
SMALLEST_TEXT = 9
"""Pixels below which a chart's text counts as too small to read on a phone."""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "index.html"
    path.write_text(render_page(make_report()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS + QUIET)
        yield browser
        browser.close()


def opened(browser: Any, page_file: Path, width: int = 1200) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(page_file.as_uri())
    return page


@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.parametrize("everything", [False, True])
def test_axe_finds_nothing(browser: Any, page_file: Path, width: int, everything: bool) -> None:
    page = opened(browser, page_file, width)
    if everything:
        page.evaluate(OPEN_ALL)
    results = axe_core.Axe().run(page)
    assert len(results.response["passes"]) > 20
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [320, 400, 700, 1200])
def test_the_page_never_scrolls_sideways(browser: Any, page_file: Path, width: int) -> None:
    page = opened(browser, page_file, width)
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_chart_has_a_name_and_a_description(browser: Any, page_file: Path) -> None:
    page = opened(browser, page_file)
    found = page.evaluate(
        """[...document.querySelectorAll('svg')].map(svg => ['aria-labelledby', 'aria-describedby'].map(
            name => (document.getElementById(svg.getAttribute(name)) || {}).textContent || ''))"""
    )
    assert found
    assert all(name and description for name, description in found)


def test_one_layout_of_each_chart_shows(browser: Any, page_file: Path) -> None:
    for width in (320, 1200):
        page = opened(browser, page_file, width)
        page.evaluate(OPEN_ALL)
        shown = page.evaluate(
            "[...document.querySelectorAll('figure')].map(f => "
            "[...f.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width > 0).length)"
        )
        assert set(shown) == {1}


@pytest.mark.parametrize("width", [320, 1200])
def test_no_text_of_a_chart_is_cut_or_too_small(browser: Any, page_file: Path, width: int) -> None:
    page = opened(browser, page_file, width)
    page.evaluate(OPEN_ALL)
    cut = page.evaluate(
        SHOWN
        + """.flatMap(s => {
            const box = s.getBoundingClientRect();
            return [...s.querySelectorAll('text')].filter(t => {
                const b = t.getBoundingClientRect();
                return b.left < box.left - 1 || b.right > box.right + 1 || b.top < box.top - 1
                    || b.bottom > box.bottom + 1;
            }).map(t => s.id + ' ' + t.textContent);
        })"""
    )
    assert cut == []
    sizes = page.evaluate(
        """[...document.querySelectorAll('svg text')].filter(t => t.getBoundingClientRect().width > 0)
            .map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"""
    )
    assert min(sizes) >= SMALLEST_TEXT


@pytest.mark.parametrize("width", [320, 1200])
def test_no_two_names_or_values_of_a_chart_overlap(browser: Any, page_file: Path, width: int) -> None:
    page = opened(browser, page_file, width)
    page.evaluate(OPEN_ALL)
    overlaps = page.evaluate(
        SHOWN
        + """.flatMap(s => {
            const texts = [...s.querySelectorAll('text')]
                .map(t => [t.textContent, t.getBoundingClientRect()]);
            const bad = [];
            texts.forEach(([a, p], i) => texts.slice(i + 1).forEach(([b, q]) => {
                const across = Math.min(p.right, q.right) - Math.max(p.left, q.left);
                const down = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
                if (across > 1 && down > 4) bad.push(a + ' | ' + b);
            }));
            return bad;
        })"""
    )
    assert overlaps == []


def test_the_page_asks_for_nothing(browser: Any, page_file: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri(), wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    assert [url for url in asked if not url.startswith("data:")] == [page_file.as_uri()]


def test_the_bundled_font_is_used(browser: Any, page_file: Path) -> None:
    page = opened(browser, page_file)
    page.evaluate("document.fonts.ready")
    faces = page.evaluate("[...document.fonts].map(f => f.family + ' ' + f.weight + ' ' + f.status)")
    assert sorted(faces) == ["Openpeel Sans bold loaded", "Openpeel Sans normal loaded"]


def test_the_keyboard_reaches_what_opens_and_what_scrolls(browser: Any, page_file: Path) -> None:
    page = opened(browser, page_file, 320)
    wanted = page.evaluate("document.querySelectorAll('main .scroll, main summary').length")
    reached = 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _step in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        reached += page.evaluate("document.activeElement.matches('main .scroll, main summary')")
    hidden = page.evaluate("document.querySelectorAll('details .scroll, details details summary').length")
    assert reached == wanted - hidden
    page.locator("main summary").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('main details').open")


def test_printing_shows_what_is_folded(browser: Any, page_file: Path) -> None:
    page = opened(browser, page_file)
    page.emulate_media(media="print")
    hidden = page.evaluate(
        "[...document.querySelectorAll('main table')]"
        ".filter(t => t.getBoundingClientRect().height === 0).length"
    )
    assert hidden == 0
