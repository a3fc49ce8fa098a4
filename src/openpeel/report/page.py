"""The report of one force as one page of its own: no script, nothing fetched, always the same bytes."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from openpeel.engine.compare.comparison import Comparison
from openpeel.engine.measure.figure import Figure
from openpeel.report import phrases
from openpeel.report.chart_frame import Chart
from openpeel.report.chart_own import breakdown_name, own_chart
from openpeel.report.compared import Compared
from openpeel.report.content import Report, Section, Table
from openpeel.report.numbers import Style, date_text, has, level_text, style_of, unit_text
from openpeel.report.svg import ASSETS, FONT, FONT_FILE
from openpeel.report.tokens import figure_token
from openpeel.words import AREAS, _, ngettext

TEMPLATES = Path(__file__).parent / "templates"


def render_page(report: Report) -> str:
    """The whole report as one HTML page."""
    sections = [SectionView(report, section, n) for n, section in enumerate(report.sections, start=1)]
    page = _environment().get_template("page.html.j2")
    return page.render(report=report, sections=sections, areas=_areas(sections), style=_style()) + "\n"


def _areas(sections: Sequence[SectionView]) -> list[tuple[str, list[SectionView]]]:
    """The sections by the area of the inspection that they belong to, in the order of the first of each."""
    out: dict[str, list[SectionView]] = {}
    for one in sections:
        out.setdefault(one.section.measure.id.split(".")[0], []).append(one)
    own = _("The force's own measures")
    return [(_(AREAS[area]) if area in AREAS else own, mine) for area, mine in out.items()]


@dataclass(frozen=True)
class SectionView:
    """One measure as the page shows it; ``number`` is its place on the page."""

    report: Report
    section: Section
    number: int

    @property
    def id(self) -> str:
        """Start of every id on the page that belongs to this section."""
        return f"m{self.number}-{slug(self.section.measure.id)}"

    @property
    def is_breakdown(self) -> bool:
        """Whether there is one figure for each of several categories."""
        return len(self.section.figures) > 1 or any(f.breakdown for f in self.section.figures)

    @property
    def figure(self) -> Figure | None:
        """The one figure of a measure without breakdown."""
        return self.section.figures[0] if self.section.figures and not self.is_breakdown else None

    @property
    def is_ratio(self) -> bool:
        """Whether the values are ratios, drawn on a log scale."""
        return style_of(self.section.measure.unit) is Style.RATIO

    def sentences(self) -> list[Markup]:
        """The measure's sentence with its figure in it; for a breakdown one for each category."""
        return list(dict.fromkeys(self._sentence(f) for f in self.section.figures))

    def _sentence(self, figure: Figure) -> Markup:
        template, category = self.section.measure.sentence, breakdown_name(figure)
        words = {"force": self.report.force_name, "period": self.report.period_label, "category": category}
        said = phrases.sentence(template, figure, words)
        named = not category or "data-figure" not in said or category in said
        return said if named else phrases.say("%(category)s: %(said)s", category=category, said=said)

    @cached_property
    def compared(self) -> list[Compared]:
        """The comparisons, in the order of the figures."""
        return [self._compared(c, n) for n, c in enumerate(self.section.comparisons, start=1)]

    def _compared(self, comparison: Comparison, n: int) -> Compared:
        names = {"title": self.section.measure.title, "period": self.report.period_label}
        title = _("%(title)s, %(period)s") % names
        if comparison.breakdown:
            title = f"{', '.join(comparison.breakdown.values())}: {title}"
        return Compared(f"{self.id}-c{n}", comparison, self.report.force, self.report.force_names, title)

    @cached_property
    def own_chart(self) -> Chart | None:
        """The force's own figures across the categories, where any has a value."""
        figures = self.section.figures
        if not self.is_breakdown or all(f.value is None for f in figures):
            return None
        names = {"title": self.section.measure.title, "force": self.report.force_name}
        title = _("%(title)s: %(force)s") % names
        return own_chart(figures, self.means(), title, f"{self.id}-own")

    def means(self) -> list[float | None]:
        """The forces' mean of each figure's category, or nothing where it is not compared."""
        found = [self.compared_of(f) for f in self.section.figures]
        return [c.version.mean if c and c.version else None for c in found]

    def compared_of(self, figure: Figure) -> Compared | None:
        """The comparison of a figure's category."""
        return next((c for c in self.compared if c.comparison.breakdown == figure.breakdown), None)

    def any_has(self, part: str) -> bool:
        """Whether any of the force's figures has this part to print."""
        return any(has(f, part) for f in self.section.figures)

    def overdue(self) -> bool:
        """Whether the measure should have been reviewed before the report's as-at date."""
        return self.section.measure.review_due < self.report.as_at


def slug(text: str) -> str:
    """A text as part of an id: lower case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _is_table(part: str | Table) -> bool:
    return isinstance(part, Table)


def _force_name(force: str, compared: Compared) -> str:
    return compared.name(force)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


@cache
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(fig=figure_token, has=has, words=phrases, category=breakdown_name, svg=Markup)
    env.filters.update(day=date_text, slug=slug, level=level_text, unit_words=unit_text, listed=_listed)
    env.filters["force_name"] = _force_name
    env.tests["table"] = _is_table
    return env


@cache
def _style() -> Markup:
    """The style sheet with the fonts in it."""
    sheet = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    return Markup(_faces() + sheet)  # noqa: S704 - our own files


def _faces() -> str:
    face = (
        "@font-face{{font-family:'{}';font-weight:{};font-display:block;"
        "src:url(data:font/woff2;base64,{}) format('woff2')}}\n"
    )
    files = [("normal", f"{FONT_FILE}-Regular.woff2"), ("bold", f"{FONT_FILE}-Bold.woff2")]
    return "".join(
        face.format(FONT, weight, base64.b64encode((ASSETS / name).read_bytes()).decode("ascii"))
        for weight, name in files
    )
