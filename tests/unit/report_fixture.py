"""A made-up but realistic report: 43 fictional forces, all statuses, all kinds of measure."""

from __future__ import annotations

import math
import random
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from openpeel.areas import shared
from openpeel.engine.compare.comparison import Comparison
from openpeel.engine.compare.funnel import proportion_funnel, rate_funnel
from openpeel.engine.compare.peers import peer_version
from openpeel.engine.intervals import poisson_rate, wilson
from openpeel.engine.measure.figure import Bounds, Figure, Inflated, Interval
from openpeel.report.content import MeasureCard, Report, Section, Table

REGISTER = Path(shared.__file__ or "").parent / "registers" / "demo.toml"
START, END, AS_AT = date(2019, 7, 1), date(2019, 8, 31), date(2026, 11, 2)
OWN = "ember-and-thornfold"
CITY = "city-of-kingsquay"
RAILWAY = "crossline-railway-police"
PER_1000 = "searches per 1,000 population in 2 months"
OBJECTS = {
    "Controlled drugs": 0.61,
    "Offensive weapons": 0.15,
    "Stolen goods": 0.11,
    "Article for use in theft": 0.06,
    "Articles for use in criminal damage": 0.03,
    "Anything to threaten or harm anyone": 0.02,
    "Firearms": 0.015,
    "Fireworks": 0.005,
}


def forces() -> dict[str, str]:
    """The 43 fictional forces of the demo register, id -> name."""
    listed = tomllib.loads(REGISTER.read_text(encoding="utf-8"))["force"]
    return {f["id"]: f["name"] for f in listed if f["id"] != RAILWAY}


def figure(measure: str, force: str, unit: str, **more: object) -> Figure:
    """An ok figure, or with ``status`` another one."""
    key = f"{measure}|{force}|{sorted(more.get('breakdown', {}).items())}"  # type: ignore[attr-defined]
    base = Figure(
        measure=measure,
        force=force,
        period_start=START,
        period_end=END,
        breakdown={},
        status="ok",
        unit=unit,
        as_at=AS_AT,
        figure_id=f"f-{sha256(key.encode()).hexdigest()[:24]}",
    )
    return replace(base, **more)  # type: ignore[arg-type]


def card(measure: str, title: str, sentence: str, unit: str, **more: object) -> MeasureCard:
    base = MeasureCard(
        id=measure,
        title=title,
        sentence=sentence,
        unit=unit,
        better="neutral",
        method="docs/methods/stop-and-search.md",
        source="data.police.uk, stop and search files as published on 7 October 2019",
        comparable="national",
        checked_by="nobody yet",
        reviewed=date(2026, 11, 1),
        review_due=date(2027, 11, 1),
    )
    return replace(base, **more)  # type: ignore[arg-type]


class World:
    """Populations, searches and outcomes of 43 forces, drawn once from a fixed seed."""

    def __init__(self) -> None:
        self.rng = random.Random(43)
        self.names = forces()
        ids = list(self.names)
        self.population = {f: int(math.exp(self.rng.gauss(13.8, 0.55))) for f in ids} | {CITY: 9_721}
        self.searches = {f: self._searches(f) for f in ids} | {CITY: 417, OWN: 1_284}
        self.population[OWN] = 1_131_052
        others = [f for f in ids if f not in (OWN, CITY)]
        self.missing = sorted(others[5:8] + others[20:22])
        self.few, self.uninterpretable = others[2], others[30]
        self.searches[self.few] = 7

    def _searches(self, force: str) -> int:
        return max(30, int(self.population[force] / 1000 * math.exp(self.rng.gauss(-0.2, 0.55))))

    def share(self, around: float, spread: float) -> float:
        logit = math.log(around / (1 - around)) + self.rng.gauss(0, spread)
        return 1 / (1 + math.exp(-logit))


def rate_figure(world: World, force: str) -> Figure:
    measure = "powers.searches_per_1000"
    if force in world.missing:
        return figure(measure, force, PER_1000, status="not-supplied")
    x, people = world.searches[force], world.population[force]
    return figure(
        measure,
        force,
        PER_1000,
        value=x / people * 1000,
        numerator=x,
        denominator=people,
        population=people,
        population_source="mid-2018 estimates",
        interval=poisson_rate(x, people),
    )


def share_figure(world: World, force: str, measure: str, share: float, unit: str, **more: object) -> Figure:
    """A proportion, or the status that a force without one has."""
    if force in world.missing:
        return figure(measure, force, unit, status="not-supplied", **more)
    if force == world.few:
        said = {"status": "too-few", "numerator": 1, "denominator": 7, "reason": "7 searches, fewer than 10"}
        return figure(measure, force, unit, **said, **more)
    if force == world.uninterpretable:
        why = "every outcome is recorded as linked, which cannot be"
        return figure(measure, force, unit, status="not-interpretable", reason=why, **more)
    n = world.searches[force]
    x, unknown = round(share * n * 0.97), round(n * 0.03)
    known = n - unknown
    ends = Bounds(low=x / n, high=(x + unknown) / n)
    counts = {"numerator": x, "denominator": known, "unknown": unknown, "unknown_eligibility": 0}
    return figure(
        measure, force, unit, value=x / known, interval=wilson(x, known), bounds=ends, **counts, **more
    )


def compared(figures: list[Figure], excluded: list[str], missing: list[str]) -> Comparison:
    """Versions and funnel as the engine works them out."""
    ok = {f.force: f for f in figures if f.value is not None}
    values = {force: f.value or 0.0 for force, f in ok.items()}
    versions = [peer_version(values, excluded, "sample")]
    if excluded:
        versions.append(peer_version(values, [], "sample"))
    counts = {force: (f.numerator or 0, f.denominator or 1) for force, f in ok.items()}
    rate = figures[0].unit == PER_1000
    funnel = rate_funnel(counts, excluded=excluded) if rate else proportion_funnel(counts, excluded)
    return Comparison(
        measure=figures[0].measure,
        figures=figures,
        versions=versions,
        funnel=funnel,
        missing=missing,
        breakdown=dict(figures[0].breakdown),
    )


def own(figures: list[Figure]) -> Figure:
    return next(f for f in figures if f.force == OWN)


def count_section(world: World) -> Section:
    sentence = "{force} recorded {value} searches of people and vehicles in {period}."
    said = card("powers.searches", "Stop and searches", sentence, "searches")
    count = figure("powers.searches", OWN, "searches", value=1284, numerator=1284)
    return Section(said, [count], [])


def rate_section(world: World) -> Section:
    figures = [rate_figure(world, f) for f in world.names]
    said = card(
        "powers.searches_per_1000",
        "Searches for each 1,000 residents",
        "{force} carried out {value} searches for each 1,000 residents in {period}: {x} searches.",
        PER_1000,
        captions=["Residents are not the same as the people who are there to be searched."],
    )
    return Section(said, [own(figures)], [compared(figures, [CITY], world.missing)])


def outcome_section(world: World) -> Section:
    unit, measure = "share of searches", "powers.outcome_rate"
    figures = [share_figure(world, f, measure, world.share(0.27, 0.25), unit) for f in world.names]
    said = card(
        measure,
        "Searches that led to an outcome",
        "In {force}, {value} of searches ({x} of {y}) led to something other than no further action.",
        unit,
        better="higher",
        captions=["An outcome is not always linked to what officers were looking for."],
        review_due=date(2026, 10, 1),
    )
    return Section(said, [own(figures)], [compared(figures, [], world.missing)])


def linked_section(world: World) -> Section:
    unit, measure = "share of searches", "powers.linked_outcome_rate"
    reading = "a blank counts as not linked"
    figures = [
        share_figure(world, f, measure, world.share(0.2, 0.5), unit, reading=reading) for f in world.names
    ]
    why = "forces fill in the field in at least four ways, so that their values cannot be set side by side"
    said = card(
        measure,
        "Searches with an outcome linked to what was looked for",
        "{value} of searches in {force} had an outcome recorded as linked to the object of the search.",
        unit,
        better="higher",
        comparable="source's own recording",
        captions=["The record says that the outcome was linked, not that the object was found."],
    )
    comparison = Comparison(
        measure=measure, figures=figures, versions=[], funnel=None, missing=world.missing, reason=why
    )
    return Section(said, [own(figures)], [comparison])


def object_section(world: World) -> Section:
    unit, measure = "share of searches with a known object", "powers.share_by_object"
    comparisons = []
    for name, share in OBJECTS.items():
        breakdown = {"object": name}
        figures = [
            share_figure(world, f, measure, world.share(share, 0.35), unit, breakdown=breakdown)
            for f in world.names
        ]
        comparisons.append(compared(figures, [], world.missing))
    said = card(
        measure,
        "What officers were looking for",
        "{value} of {force}'s searches in {period} were for this ({x} of {y}).",
        unit,
    )
    return Section(said, [own(c.figures) for c in comparisons], comparisons)


def ratio(group: str, value: float, ends: tuple[float, float], wide: tuple[float, float] | None) -> Figure:
    interval = Interval(ends[0], ends[1], 0.95, "exact conditional")
    if wide:
        interval = replace(interval, inflated=Inflated(wide[0], wide[1], 2.31, "monthly counts"))
    return figure(
        "powers.disproportionality",
        OWN,
        "times the rate of White people",
        breakdown={"ethnic_group": group},
        value=value,
        numerator=round(60 * value),
        denominator=812,
        unknown=92,
        interval=interval,
        bounds=Bounds(value * 0.9, value * 1.2),
    )


def ratio_section(world: World) -> Section:
    few = figure(
        "powers.disproportionality",
        OWN,
        "times the rate of White people",
        breakdown={"ethnic_group": "Other"},
        status="too-few",
        numerator=6,
        denominator=812,
        reason="6 searches, fewer than 20",
    )
    figures = [
        ratio("Black", 4.113, (3.42, 4.97), (2.98, 5.71)),
        ratio("Asian", 0.83, (0.61, 1.12), (0.52, 1.33)),
        ratio("Mixed", 2.47, (1.99, 3.05), None),
        few,
    ]
    said = card(
        "powers.disproportionality",
        "How often people of different ethnic groups are searched",
        "{force} searched {ethnic_group} residents {value} times as often as White residents.",
        "times the rate of White people",
        better="lower",
        captions=["The same person can be searched more than once, so the intervals are too narrow."],
    )
    return Section(said, figures, [])


def about(world: World) -> list[str | Table]:
    rows = [["2019-07", "654", "652", "2"], ["2019-08", "632", "632", "0"]]
    columns = ["Month", "Rows read", "Accepted", "Set aside"]
    return [
        "This report rests on the files below. Every row of them is accounted for.",
        Table("rows", "Rows read, accepted and set aside", columns, rows, "Set aside: two rows had no date."),
        "Five forces supplied nothing for the period.",
    ]


SECTIONS: list[Callable[[World], Section]] = [
    count_section,
    rate_section,
    outcome_section,
    linked_section,
    object_section,
    ratio_section,
]


def make_report(synthetic: bool = True) -> Report:
    """A whole report, the same every time."""
    world = World()
    return Report(
        title="Stop and search in Ember and Thornfold",
        force=OWN,
        force_name="Ember and Thornfold",
        period_start=START,
        period_end=END,
        period_label="July to August 2019",
        as_at=AS_AT,
        synthetic=synthetic,
        force_names=world.names,
        sections=[make(world) for make in SECTIONS],
        about=about(world),
        software="openpeel 0.1.0",
    )
