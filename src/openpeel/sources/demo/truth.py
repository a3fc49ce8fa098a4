"""What was written, and what was sown in it: what tests and readers check figures against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from openpeel.sources.demo.practice import Practice


@dataclass(frozen=True)
class ForceTruth:
    """What one force is like and what its files hold.

    Attributes:
        residents: by group of the population table.
        searches_a_year: expected, before season, scatter, operations and story.
        relative: searches of a resident of each group against one who is white, as sown.
        practice: how the force fills in its records.
        rows: in each of its files, by month.
        missing: months without a file.
        duplicates: rows written a second time.
        section_60: searches in operations under section 60, duplicates not counted.
    """

    residents: Mapping[str, int]
    searches_a_year: float
    relative: Mapping[str, float]
    practice: Practice
    rows: Mapping[str, int]
    missing: tuple[str, ...]
    duplicates: int
    section_60: int


@dataclass(frozen=True)
class World:
    """A demo world on disk.

    Attributes:
        folder: all of it.
        searches: folder of the search files, one folder a month within.
        population: the population table.
        months: from first to last, such as ``2024-04``.
        forces: what is true of each, by id, in the order of the register.
        story: what happens, in a sentence.
    """

    folder: Path
    searches: Path
    population: Path
    months: tuple[str, ...]
    forces: Mapping[str, ForceTruth]
    story: str

    @property
    def rows(self) -> int:
        """Searches in all files, duplicates included."""
        return sum(sum(force.rows.values()) for force in self.forces.values())

    @property
    def files(self) -> int:
        """Number of search files."""
        return sum(len(force.rows) for force in self.forces.values())
