"""Deprivation of small areas: the indices of England and of Wales, one record for each area and domain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.areas.shared.published import DEPRIVATION
from openpeel.engine.intake.mapping import Mapping, Part, normal_heading
from openpeel.errors import UserError
from openpeel.register import Register
from openpeel.sources.ons.areas import AreaLookup
from openpeel.sources.ons.tables import (
    Cell,
    Content,
    cells_note,
    number,
    parts_by_area,
    read_contents,
    records_of,
)

#: Areas are put in or replaced by key.
DEPRIVATION_TABLES = Mapping(type=DEPRIVATION, headings={}, needed=(), scope="changes")


@dataclass(frozen=True)
class _Index:
    """An index: its name in the records, the areas it ranks, where they lie, and when it was published."""

    name: str
    kind: str
    country: str
    published: str


#: By the word in a file's name, since an index of another year has the same headings.
_INDICES = {
    "imd2019": _Index("IMD 2019 England", "LSOA11", "E", "2019-09-26"),
    "wimd2019": _Index("WIMD 2019 Wales", "LSOA11", "W", "2019-11-27"),
    "imd2025": _Index("IMD 2025 England", "LSOA21", "E", "2025-10-30"),
}
_WORD = re.compile(r"(?<![a-z])w?imd[-_ ]?\d{4}", re.IGNORECASE)
_AREA = re.compile(r"lsoa(\d\d) ?(?:code|cd)")


def read_parts(
    paths: list[Path],
    register: Register,
    refused: list[UserError],
    skipped: list[str],
    progress: Callable[[str], None],
    lookup: AreaLookup,
) -> Iterator[Part]:
    """Deprivation by area and domain as parts of a supply, for the mapping ``DEPRIVATION_TABLES``.

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
        contents, lambda content: _part(content, lookup), "not a table of deprivation", refused, skipped
    )


def _part(content: Content, lookup: AreaLookup) -> Part | None:
    places = {normal_heading(h): place for place, h in enumerate(content.delimited.headings)}
    area = next(((fits, p) for h, p in places.items() if (fits := _AREA.fullmatch(h))), None)
    domains = [h.removesuffix(" decile") for h in places if h.endswith(" decile")]
    domains = [d for d in domains if f"{d} rank" in places]
    if area is None or not domains:
        return None
    index = _index(content, f"LSOA{area[0][1]}")
    codes = content.column(area[1])
    _refuse_other_country(content, codes, index)
    scored = any(f"{d} score" in places for d in domains)
    cells = [_cell(content, places, domain, index, scored) for domain in domains]
    for cell in cells:
        _refuse_turned_round(content, cell)
    records = lookup.place(records_of(content, {"area_code": codes}, cells), index.kind, content.label)
    return records.part(content, _notes(index, scored, cells))


def _index(content: Content, kind: str) -> _Index:
    word = _WORD.search(content.member.name)
    index = _INDICES.get(re.sub("[-_ ]", "", word[0].lower())) if word else None
    if index is None:
        raise UserError(
            "its name does not tell an index that is understood",
            content.label,
            f"name it with one of {', '.join(_INDICES)}",
        )
    if index.kind != kind:
        raise UserError(
            f"{index.name} ranks areas of {index.kind}, and these are {kind}",
            content.label,
            "check file and name",
        )
    return index


def _refuse_other_country(content: Content, codes: pa.Array, index: _Index) -> None:
    other = pc.sum(pc.invert(pc.or_(pc.starts_with(codes, index.country), pc.equal(codes, "")))).as_py()
    if other:
        raise UserError(
            f"{other} of its areas are not of the country of {index.name}",
            content.label,
            "check file and name",
        )


def _cell(content: Content, places: dict[str, int], domain: str, index: _Index, scored: bool) -> Cell:
    found = {"rank": places[f"{domain} rank"], "decile": places[f"{domain} decile"]}
    constants: dict[str, str | None] = {
        "index_name": index.name,
        "domain": "Overall" if domain == "imd" else domain.capitalize(),
        "area_kind": index.kind,
        "published_on": index.published,
    }
    if f"{domain} score" in places:
        found["score"] = places[f"{domain} score"]
    elif scored:
        raise UserError(
            f"gives no score of {domain} and one of other domains", content.label, "check the file"
        )
    return Cell(found, constants)


def _refuse_turned_round(content: Content, cell: Cell) -> None:
    """Rank 1 must be in decile 1, and no area in a lower decile than one ranked before it."""
    domain = cell.constants["domain"]
    rank, decile = (number(content.column(cell.places[c])) for c in ("rank", "decile"))
    first = pc.unique(decile.filter(pc.fill_null(pc.equal(rank, 1), False))).to_pylist()
    if not first:
        raise UserError(
            f"has no area of rank 1 ({domain}), so that nobody can say which end is the most deprived",
            content.label,
            "give the whole table",
        )
    # Areas of one rank may stand on both sides of a decile's edge.
    sorted_ = pa.table({"rank": rank, "decile": decile}).sort_by(
        [("rank", "ascending"), ("decile", "ascending")]
    )
    ordered = sorted_["decile"].combine_chunks().drop_null()
    falls = pc.any(pc.less(ordered[1:], ordered[:-1])).as_py()
    if first != [1.0] or falls:
        what = (
            f"rank 1 is in decile {first[0] or 'unknown'}" if first != [1.0] else "deciles fall as ranks rise"
        )
        raise UserError(
            f"decile 1 is not the most deprived ({domain}: {what})", content.label, "turn the deciles round"
        )


def _notes(index: _Index, scored: bool, cells: list[Cell]) -> list[str]:
    country = "England's and Wales's indices are not comparable with each other, nor those of two years"
    notes = [
        f"{index.name}, by the file's name; rank 1 stands in decile 1 in every domain, the most deprived",
        f"the day it was published, {index.published}, is assumed: the file does not tell it",
        country,
        *cells_note(cells),
    ]
    return notes if scored else [*notes, "columns not in the file, unknown on every row: score"]
