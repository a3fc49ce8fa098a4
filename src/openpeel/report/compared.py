"""One comparison as the page shows it: charts, rows of its tables, and what can be said in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from openpeel.engine.compare.comparison import Comparison, FunnelPoint, PeerVersion
from openpeel.engine.measure.figure import Figure
from openpeel.report.chart_frame import Chart
from openpeel.report.chart_funnel import funnel_chart, outliers, side, size_word
from openpeel.report.charts import bar_chart, sorted_figures
from openpeel.report.comparison_numbers import comparison_key, comparison_numbers, lines
from openpeel.report.numbers import Printed, level_text, status_text
from openpeel.report.phrases import say
from openpeel.report.tokens import comparison_token
from openpeel.words import _


@dataclass(frozen=True)
class Compared:
    """A comparison with what is needed to show it.

    Attributes:
        id: start of every id on the page that belongs to it.
        comparison: the comparison.
        force: the reported force.
        names: force -> name in words.
        title: what is compared, with the period.
    """

    id: str
    comparison: Comparison
    force: str
    names: Mapping[str, str]
    title: str

    @cached_property
    def numbers(self) -> dict[str, Printed]:
        """All numbers of the comparison, as printed."""
        return comparison_numbers(self.comparison)

    @property
    def key(self) -> str:
        """What ties the comparison's numbers to it."""
        return comparison_key(self.comparison)

    def number(self, what: str, of: bool = False) -> Markup:
        """One number of the comparison, tied (``of``: in a table whose ``data-of`` is the key)."""
        if what not in self.numbers:
            return Markup("{}").format(_("none"))
        return comparison_token("" if of else self.key, self.numbers, what)

    @property
    def version(self) -> PeerVersion | None:
        """The version that draws the bands."""
        return self.comparison.versions[0] if self.comparison.versions else None

    @property
    def own(self) -> Figure | None:
        """The reported force's figure."""
        return next((f for f in self.comparison.figures if f.force == self.force), None)

    @cached_property
    def bars(self) -> Chart | None:
        """The bar chart, if any force has a value."""
        if not sorted_figures(self.comparison):
            return None
        return bar_chart(self.comparison, self.force, self.names, self.title, f"{self.id}-bars")

    @cached_property
    def funnel(self) -> Chart | None:
        """The funnel, where there is one."""
        if self.comparison.funnel is None or not self.comparison.funnel.points:
            return None
        title = _("%(title)s: funnel") % {"title": self.title}
        return funnel_chart(self.comparison, self.force, self.names, title, f"{self.id}-funnel")

    def name(self, force: str) -> str:
        """A force's name in words."""
        return self.names.get(force, force)

    def rows(self) -> list[Figure]:
        """The figures in the order of the chart, those without a value last, by name."""
        without = [f for f in self.comparison.figures if f.value is None]
        return sorted_figures(self.comparison) + sorted(without, key=lambda f: self.name(f.force))

    def unlisted(self) -> list[str]:
        """Missing forces that have no figure at all."""
        listed = {f.force for f in self.comparison.figures}
        return sorted((m for m in self.comparison.missing if m not in listed), key=self.name)

    def left_out(self) -> list[str]:
        """Forces with a value that are not in the mean, in words."""
        excluded = self.version.excluded if self.version else []
        valued = {f.force for f in self.comparison.figures if f.value is not None}
        return [self.name(f) for f in excluded if f in valued]

    def cut(self) -> bool:
        """Whether a bar of a force left out is longer than the chart can show."""
        inside = [f.value or 0.0 for f in self.comparison.figures if self.place(f.force) != "out"]
        outside = [f.value or 0.0 for f in self.comparison.figures if self.place(f.force) == "out"]
        return max(outside, default=0.0) > max(inside, default=0.0)

    def place(self, force: str) -> str:
        """Where a force lies: above, normal, below, ``out`` of the mean, or empty."""
        if self.version is None:
            return ""
        if force in self.version.excluded:
            return "out"
        return self.version.bands.get(force, "")

    def place_in_words(self, force: str) -> str:
        """The same in words."""
        words = {
            "above": _("▲ above"),
            "normal": _("normal range"),
            "below": _("▼ below"),
            "out": _("○ not in the mean"),
            "": "",
        }
        return words[self.place(force)] + ("*" if self.depends(force) else "")

    def depends(self, force: str) -> bool:
        """Whether a force's band depends on which standard deviation is used."""
        return self.version is not None and force in self.version.depends_on_sd

    def missing_names(self) -> list[str]:
        """The forces that supplied nothing, by name."""
        return sorted(self.name(m) for m in self.comparison.missing)

    def other_statuses(self) -> list[tuple[str, list[str]]]:
        """Status in words -> names, of forces without a value that are not missing."""
        groups: dict[str, list[str]] = {}
        for figure in self.comparison.figures:
            if figure.status != "ok" and figure.force not in self.comparison.missing:
                groups.setdefault(figure.status, []).append(self.name(figure.force))
        return [(status_text(status), sorted(found)) for status, found in sorted(groups.items())]

    def points(self) -> list[FunnelPoint]:
        """The points of the funnel, highest value first."""
        funnel = self.comparison.funnel
        return sorted(funnel.points, key=lambda p: (-p.value, p.force)) if funnel else []

    def figure_of(self, force: str) -> Figure | None:
        """A force's figure."""
        return next((f for f in self.comparison.figures if f.force == force), None)

    def size_word(self) -> str:
        """What the funnel's sizes count."""
        return size_word(self.comparison.funnel) if self.comparison.funnel else ""

    def beyond(self) -> list[str]:
        """Names of the forces outside the adjusted limits, with the side in words."""
        found = outliers(self.comparison.funnel) if self.comparison.funnel else []
        return [f"{self.name(p.force)} ({self.beyond_in_words(p)})" for p in found]

    def beyond_in_words(self, point: FunnelPoint) -> str:
        """Where a point lies against the adjusted limits."""
        where = side(point)
        if where == "inside":
            return _("inside")
        level = level_text((point.outside_adjusted or "").split()[-1])
        template = _("▲ above the %(level)s limit") if where == "high" else _("▼ below the %(level)s limit")
        return template % {"level": level}

    def own_point(self) -> FunnelPoint | None:
        """The reported force on the funnel."""
        return next((p for p in self.points() if p.force == self.force), None)

    def versions(self) -> list[tuple[int, str]]:
        """The versions of the mean with what each leaves out, in words."""
        return [(i, self._version_name(v)) for i, v in enumerate(self.comparison.versions)]

    def _version_name(self, version: PeerVersion) -> str:
        names = ", ".join(self.name(f) for f in version.excluded)
        return _("without %(names)s") % {"names": names} if names else _("all forces with a value")

    def below_zero(self) -> bool:
        """Whether the lower line lies below zero, so that it is not drawn."""
        ends = lines(self.version) if self.version else None
        return ends is not None and ends[0] < 0

    def sd_name(self) -> str:
        """Which standard deviation draws the bands."""
        if self.version is None or self.version.sd_used == "sample":
            return _("sample (divisor n − 1)")
        return _("population (divisor n)")

    def rule_sentence(self) -> Markup:
        """What the rule of one standard deviation flags by construction, and what it flags here."""
        text = _(
            "By construction, the rule of one standard deviation puts about a third of forces outside the "
            "normal range, however alike or unlike they are. Here it puts %(outside)s of %(n)s outside: "
            "%(above)s above and %(below)s below."
        )
        parts = {part: self.number(f"version.0.{part}") for part in ("outside", "n", "above", "below")}
        return say(text, **parts)

    def dispersion_sentence(self) -> Markup:
        """How much more the forces differ than chance alone would make them."""
        funnel = self.comparison.funnel
        phi = self.number("funnel.dispersion")
        if funnel is None or funnel.dispersion <= 1:
            return say(_("The forces differ no more than chance allows (dispersion φ = %(phi)s)."), phi=phi)
        text = _(
            "Values vary %(phi)s times as much between forces as chance alone would make them (dispersion φ)."
            " The adjusted limits allow for that, and only they support saying that a force is beyond chance."
        )
        return say(text, phi=phi)

    def chance_sentence(self) -> str:
        """Which forces are outside the adjusted limits."""
        found = self.beyond()
        if not found:
            return _("No force lies outside the adjusted limits.")
        return _("Outside the adjusted limits: %(names)s.") % {"names": ", ".join(found)}
