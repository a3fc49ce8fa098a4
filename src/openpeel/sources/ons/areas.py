"""Which force an area belongs to: lookup tables of the Office for National Statistics.

The tables name police forces for the districts of some years only. A code of another year is followed
through the tables that lead from one year's codes to the next, and small areas through their district.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.areas.shared.published import AREA_LOOKUP
from openpeel.engine.intake import mapping as engine
from openpeel.engine.intake.held import held_rows
from openpeel.engine.intake.mapping import Part
from openpeel.errors import UserError
from openpeel.register import Register
from openpeel.sources.ons.lists import AreaList, links_of, lists_of, notes_of, records_of_list
from openpeel.sources.ons.tables import Records, pass_over, read_contents

#: Areas are put in or replaced by key: a table never claims to be all there is for a date.
AREA_LOOKUP_TABLES = engine.Mapping(type=AREA_LOOKUP, headings={}, needed=(), scope="changes")
NO_FORCE = "the area belongs to no force of the register"


@dataclass(frozen=True)
class AreaLookup:
    """Which force an area belongs to, by kind of area and code, whatever the year of the code.

    ``forces`` is kind (``LAD``, ``LSOA11``, ``LSOA21``) -> code -> force id.
    """

    forces: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @staticmethod
    def from_rows(rows: Iterable[tuple[str, str, str, str]]) -> AreaLookup:
        """From (force id, area kind, vintage, area code); of several vintages the last one holds."""
        forces: dict[str, dict[str, str]] = {}
        for force, kind, _, code in sorted(rows, key=lambda r: r[2]):
            forces.setdefault(kind, {})[code] = force
        return AreaLookup(forces)

    def force_of(self, kind: str, code: str) -> str | None:
        """The id of the area's force; nothing if the lookup does not know the area."""
        return self.forces.get(kind, {}).get(code)

    def forces_of(self, kind: str, codes: pa.Array) -> pa.Array:
        """As `force_of` for a whole column; null where the area is not known."""
        known = self.forces.get(kind, {})
        places = pc.index_in(codes, value_set=pa.array(list(known.keys()), pa.string()))
        return pa.array(list(known.values()), pa.string()).take(places)

    def place(self, records: Records, kind: str, label: str) -> Records:
        """Records with the force of their ``area_code``; those of no force are set aside.

        Raises:
            UserError: none of the areas is known, so that the lookup itself is wanting.
        """
        codes = records.table["area_code"].combine_chunks()
        forces = self.forces_of(kind, codes)
        if len(codes) and forces.null_count == len(codes):
            raise UserError(
                f"none of its areas ({kind}) is known", label, "import the lookup tables of these areas first"
            )
        table = records.table.append_column("force", forces)
        unknown = pc.and_(pc.is_null(forces), pc.not_equal(codes, ""))
        return Records(table, records.rows, records.malformed).set_aside(unknown, NO_FORCE, "area_code")


def lookup_of(root: Path, as_at: date | None = None) -> AreaLookup:
    """The lookup that the records of a workspace make.

    Args:
        root: the workspace.
        as_at: the day whose knowledge is used; today if not stated.

    Raises:
        UserError: the workspace cannot be read.
    """
    held = held_rows(root, AREA_LOOKUP, ("force", "area_kind", "vintage", "area_code"), as_at)
    return AreaLookup.from_rows(zip(*(column.to_pylist() for column in held.columns), strict=True))


def read_lookup(
    paths: list[Path],
    register: Register,
    refused: list[UserError],
    skipped: list[str],
    progress: Callable[[str], None],
    base: AreaLookup | None = None,
) -> AreaLookup:
    """The lookup that some tables make, with ``base`` for the districts they do not place.

    The other arguments are those of `read_parts`.

    Raises:
        UserError: a path does not exist.
    """
    return _resolved(_lists(paths, refused, skipped, progress), register, base or AreaLookup())[0]


def read_parts(
    paths: list[Path],
    register: Register,
    refused: list[UserError],
    skipped: list[str],
    progress: Callable[[str], None],
    lookup: AreaLookup | None = None,
) -> Iterator[Part]:
    """The areas of lookup tables as parts of a supply, for the mapping ``AREA_LOOKUP_TABLES``.

    All tables are read before the first part is given, since one may name the force of another's areas.

    Args:
        paths: files, folders, archives.
        register: the forces.
        refused: errors of files that cannot be used are added here.
        skipped: a line for each file of another kind is added here.
        progress: called with each file's name.
        lookup: what the workspace knows already, for tables that name no forces.

    Raises:
        UserError: a path does not exist.
    """
    files = _lists(paths, refused, skipped, progress)
    known, through = _resolved(files, register, lookup or AreaLookup())
    for lists in files:
        try:
            yield _part(lists, known, through)
        except UserError as error:
            refused.append(error)


def _lists(
    paths: list[Path], refused: list[UserError], skipped: list[str], progress: Callable[[str], None]
) -> list[list[AreaList]]:
    """The lists of areas that each file holds."""
    files = []
    for content in read_contents(paths, refused, skipped, progress):
        lists = lists_of(content)
        if lists:
            files.append(lists)
        else:
            pass_over(content.label, content.meant, "not a lookup table of areas", refused, skipped)
    return files


_Node = tuple[str, str]


def _resolved(
    files: list[list[AreaList]], register: Register, base: AreaLookup
) -> tuple[AreaLookup, dict[_Node, str]]:
    """The force of every area, and how it was found where no table says it of the area itself."""
    direct: dict[_Node, str] = {(k, c): f for k, codes in base.forces.items() for c, f in codes.items()}
    after: dict[_Node, set[_Node]] = {}
    every = sorted((each for lists in files for each in lists), key=lambda each: each.vintage)
    for each in every:
        direct |= {(each.kind, code): force for code, force in each.forces(register).items()}
        for node, others in links_of(each).items():
            after.setdefault(node, set()).update(others)
    before: dict[_Node, set[_Node]] = {}
    for node, others in after.items():
        for other in others:
            before.setdefault(other, set()).add(node)
    forces: dict[str, dict[str, str]] = {kind: dict(codes) for kind, codes in base.forces.items()}
    through: dict[_Node, str] = {}
    for node in {(each.kind, code) for each in every for code in each.names} | set(before):
        force, how = _follow(node, direct, after, before)
        if force:
            forces.setdefault(node[0], {})[node[1]] = force
            through[node] = how
    return AreaLookup(forces), through


def _follow(
    node: _Node, direct: dict[_Node, str], after: dict[_Node, set[_Node]], before: dict[_Node, set[_Node]]
) -> tuple[str, str]:
    """The force that the table, the later codes or the earlier codes of an area all agree on."""
    for how, links in (("later", after), ("earlier", before)):
        found = _reached(node, direct, links, set())
        if found:
            way = "" if node in direct else how
            return (found.pop(), way) if len(found) == 1 else ("", "")
    return "", ""


def _reached(
    node: _Node, direct: dict[_Node, str], links: dict[_Node, set[_Node]], seen: set[_Node]
) -> set[str]:
    if node in direct:
        return {direct[node]}
    seen.add(node)
    found: set[str] = set()
    for other in links.get(node, ()):
        if other not in seen:
            found |= _reached(other, direct, links, seen)
    return found


def _part(lists: list[AreaList], known: AreaLookup, through: dict[_Node, str]) -> Part:
    content = lists[0].content
    records = records_of_list(lists)
    kinds = records.table["area_kind"].to_pylist()
    codes = records.table["area_code"].to_pylist()
    forces = [known.force_of(kind, code) for kind, code in zip(kinds, codes, strict=True)]
    if not any(forces):
        raise UserError(
            "no table here says which force its areas belong to",
            content.label,
            "import the lookup of districts to police force areas with it",
        )
    placed = records.table.append_column("force", pa.array(forces, pa.string()))
    unknown = pa.array([force is None for force in forces], pa.bool_())
    aside = Records(placed, records.rows, records.malformed).set_aside(unknown, NO_FORCE, "area_code")
    return aside.part(content, [*notes_of(lists), *_ways(lists, through)])


def _ways(lists: list[AreaList], through: dict[_Node, str]) -> list[str]:
    """Which districts got their force by way of other codes."""
    out = []
    districts = {code for each in lists if each.kind == "LAD" for code in each.names}
    for how, what in (("later", "the codes that replaced them"), ("earlier", "the codes that they replaced")):
        found = sorted(code for code in districts if through.get(("LAD", code)) == how)
        if found:
            shown = ", ".join(found[:3]) + (" ..." if len(found) > 3 else "")
            out.append(
                f"{len(found)} district codes are in no table of forces and are placed by {what} ({shown})"
            )
    return out
