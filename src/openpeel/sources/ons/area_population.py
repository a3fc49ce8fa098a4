"""Residents by area: Census tables by ethnic group, age and sex, and mid-year estimates by district."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from openpeel.areas.shared.published import AREA_POPULATION
from openpeel.engine.intake.mapping import Mapping, Part, normal_heading
from openpeel.errors import UserError
from openpeel.register import Register
from openpeel.sources.ons.areas import AreaLookup
from openpeel.sources.ons.layouts import LAYOUTS
from openpeel.sources.ons.tables import Content, Records, parts_by_area, read_contents

#: Numbers are put in or replaced by key: a table never claims to be all there is for a date.
AREA_POPULATION_TABLES = Mapping(type=AREA_POPULATION, headings={}, needed=(), scope="changes")


def read_parts(
    paths: list[Path],
    register: Register,
    refused: list[UserError],
    skipped: list[str],
    progress: Callable[[str], None],
    lookup: AreaLookup,
) -> Iterator[Part]:
    """Residents by area as parts of a supply, for the mapping ``AREA_POPULATION_TABLES``.

    Args:
        paths: files, folders, archives.
        register: the forces; areas get theirs from ``lookup``, which was made with it.
        refused: errors of files that cannot be used are added here.
        skipped: a line for each file of another kind is added here.
        progress: called with each file's name.
        lookup: which force an area belongs to.

    Raises:
        UserError: a path does not exist.
    """
    contents = read_contents(paths, refused, skipped, progress)
    return parts_by_area(
        contents, lambda content: _part(content, lookup), "not a table of residents by area", refused, skipped
    )


def _part(content: Content, lookup: AreaLookup) -> Part | None:
    places = {normal_heading(h): place for place, h in enumerate(content.delimited.headings)}
    for layout in LAYOUTS:
        made = layout(content, places)
        if made:
            records, kind, notes = made
            records = Records(
                records.table.append_column("area_kind", pa.repeat(pa.scalar(kind), records.table.num_rows)),
                records.rows,
                records.malformed,
            )
            return lookup.place(records, kind, content.label).part(content, notes)
    return None
