"""The content of a report, before it has a shape: what the page shows, as plain data.

A page is drawn from this and from nothing else, so that the same content always gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from openpeel.engine.compare.comparison import Comparison
from openpeel.engine.measure.figure import Figure


@dataclass(frozen=True)
class MeasureCard:
    """What the catalogue says of one measure, as printed beside its figures.

    ``better`` is "higher", "lower" or "neutral"; ``comparable`` "national", "own definition" or
    "source's own recording"; ``captions`` are the cautions that must stand with every figure of it.
    """

    id: str
    title: str
    sentence: str
    unit: str
    better: str
    method: str
    source: str
    comparable: str
    checked_by: str
    reviewed: date
    review_due: date
    captions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """One measure on the page: the force's own figures and, where it can be had, the comparison.

    ``figures`` holds the reported force's figures (one, or one for each category of a breakdown);
    ``comparisons`` one comparison for each of them in the same order, or nothing.
    """

    measure: MeasureCard
    figures: list[Figure]
    comparisons: list[Comparison]


@dataclass(frozen=True)
class Table:
    """A plain table of the page's *about the data* part; every cell is text, numbers already set."""

    id: str
    caption: str
    columns: list[str]
    rows: list[list[str]]
    note: str = ""


@dataclass(frozen=True)
class Report:
    """A whole report for one force.

    Attributes:
        force: register id; ``force_name`` its name in words.
        period_label: the period in words ("July to August 2019").
        as_at: what was known on this date.
        synthetic: the records are made up, and every page must say so.
        force_names: register id -> name in words, for every force and body shown.
        sections: the measures, in the order of the catalogue.
        about: paragraphs and tables of *about the data*, generated from what was imported and computed.
    """

    title: str
    force: str
    force_name: str
    period_start: date
    period_end: date
    period_label: str
    as_at: date
    synthetic: bool
    force_names: dict[str, str]
    sections: list[Section]
    about: list[str | Table]
    software: str
