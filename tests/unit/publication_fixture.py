"""A small synthetic workspace and a publication of three measures from it, quick enough to make often."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openpeel.catalogue import shipped
from openpeel.engine.compare.build import Rules
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.measure.context import Catalogue, Context, open_context
from openpeel.engine.measure.period import Period, parse_period
from openpeel.register import load_register
from openpeel.report.gather import Subject, gather
from openpeel.report.publish import publish
from openpeel.sources.demo import write_world
from openpeel.sources.ons import population
from openpeel.sources.police_uk import files, mapping
from openpeel.workspace import create

MEASURES = ("powers.searches_per_1000", "powers.linked_outcome_rate", "powers.arrest_rate")
FORCE = "stonemarsh"


def make_workspace(folder: Path) -> Path:
    """A workspace with two months of a small demo world."""
    register = load_register("demo")
    world = write_world(folder / "files", forces=8, months=2, scale=0.2, seed=3)
    root = create(folder / "w", "demo").root
    errors: list[Exception] = []
    tables = population.read_parts([world.population], register, "chinese-in-other", errors, _quiet)
    take_in(root, population.POPULATION_TABLES, tables)
    parts = files.read_parts([world.searches], register, files.Options(), files.Found(), _quiet)
    take_in(root, mapping.STOP_SEARCH_FILES, parts)
    assert not errors
    return root


def few_measures() -> Catalogue:
    """The shipped types with three of the measures."""
    whole = shipped()
    return Catalogue(whole.types, {m: whole.measures[m] for m in MEASURES}, whole.population)


def open_few(root: Path) -> Context:
    return open_context(root, few_measures(), Vintage(date.today()))


def publish_few(root: Path, out: Path) -> Path:
    context = open_few(root)
    register = load_register("demo")
    subject = Subject(FORCE, period(), register, Rules("sample", register.few_residents()))
    page = publish(gather(context, subject), out, root)
    context.close()
    return page


def period() -> Period:
    return parse_period("2024-04..2024-05", None)


def _quiet(_text: str) -> None:
    pass
