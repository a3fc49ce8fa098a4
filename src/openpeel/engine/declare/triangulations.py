"""Triangulations: one quantity as several sources tell it. They are set side by side, and never averaged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One source of the quantity.

    Attributes:
        name: a short name, to ask by and to stand in tables.
        measure: id of the measure that the source gives.
        says: what just this source counts, and what it cannot know.
    """

    name: str
    measure: str
    says: str


@dataclass(frozen=True)
class Triangulation:
    """One quantity from several sources.

    Attributes:
        id: area, dot, name; no measure has it.
        title: the quantity.
        question: the question of the assessment framework it bears on.
        method: page of the manual.
        sources: two or more, each by a measure of its own.
        tolerance: how far two sources may be apart and still be said to agree, in the unit of their difference: a
            fraction for shares, and for counts and rates in relation to the second. [our assumption]
    """

    id: str
    title: str
    question: str
    method: str
    sources: tuple[Source, ...]
    tolerance: float = 0.05
