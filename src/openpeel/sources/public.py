"""Every public table that can be imported: its kind on the command line, its mapping and its reader."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from openpeel.engine.intake.mapping import Mapping, Part
from openpeel.errors import UserError
from openpeel.register import Register
from openpeel.sources import home_office
from openpeel.sources.bt import answer_times
from openpeel.sources.ons import area_population, areas, deprivation
from openpeel.sources.ons.areas import AreaLookup, lookup_of
from openpeel.sources.police_uk import street

HOW_TO_LIST = "`openpeel import public --list` lists the kinds"


@dataclass
class Supply:
    """What a reader draws parts from, and what it says of files that give none.

    Attributes:
        paths: files, folders, archives.
        register: the forces.
        progress: called with each file's name.
        lookup: which force an area belongs to, as the workspace knows it.
        refused: errors of files that cannot be used, filled while the parts are drawn.
        skipped: a line for each file that is passed over, likewise.
    """

    paths: list[Path]
    register: Register
    progress: Callable[[str], None]
    lookup: AreaLookup = field(default_factory=AreaLookup)
    refused: list[UserError] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PublicKind:
    """One public table.

    Attributes:
        name: its kind on the command line.
        title: what it is, in words.
        mapping: the record type, and what an import replaces.
        read: its rows as parts of a supply.
        needs_lookup: whether its areas get their force from the area lookup of the workspace.
        joins: whether crimes and outcomes join by crime id.
    """

    name: str
    title: str
    mapping: Mapping
    read: Callable[[Supply], Iterator[Part]]
    needs_lookup: bool = False
    joins: bool = False

    def parts(self, supply: Supply, root: Path) -> Iterator[Part]:
        """The parts of a supply for a workspace.

        Raises:
            UserError: a path does not exist, or the workspace has no area lookup and one is needed.
        """
        # A lookup table itself may rest on what is known already.
        if self.needs_lookup or self.mapping is areas.AREA_LOOKUP_TABLES:
            supply.lookup = lookup_of(root)
        if self.needs_lookup and not supply.lookup.forces:
            raise UserError(
                "its areas have no force yet",
                self.name,
                "import the area lookup first: `openpeel import public area-lookup PATH...`",
            )
        return self.read(supply)


def kind_of(name: str) -> PublicKind:
    """The kind of that name.

    Raises:
        UserError: there is none; near matches are named.
    """
    if name in PUBLIC_KINDS:
        return PUBLIC_KINDS[name]
    near = difflib.get_close_matches(name, PUBLIC_KINDS, 3, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else HOW_TO_LIST
    raise UserError(f"there is no kind of public table `{name}`", "KIND", hint)


def _by_force(reader: Callable[..., Iterator[Part]]) -> Callable[[Supply], Iterator[Part]]:
    """A reader of tables that name forces."""
    return lambda s: reader(s.paths, s.register, s.refused, s.skipped, s.progress)


def _by_area(reader: Callable[..., Iterator[Part]]) -> Callable[[Supply], Iterator[Part]]:
    """A reader of tables that name areas."""
    return lambda s: reader(s.paths, s.register, s.refused, s.skipped, s.progress, s.lookup)


_KINDS = (
    PublicKind(
        "street-crime",
        "street crimes of data.police.uk, by month",
        street.STREET_FILES,
        _by_force(street.read_street),
        joins=True,
    ),
    PublicKind(
        "street-outcomes",
        "outcomes of street crimes of data.police.uk, by month",
        street.OUTCOME_FILES,
        _by_force(street.read_outcomes),
        joins=True,
    ),
    PublicKind(
        "answer-times",
        "999 answer times by force and month",
        answer_times.ANSWER_TIME_TABLES,
        _by_force(answer_times.read_parts),
    ),
    PublicKind(
        "area-lookup",
        "areas of official statistics and their forces",
        areas.AREA_LOOKUP_TABLES,
        _by_area(areas.read_parts),
    ),
    PublicKind(
        "area-population",
        "residents by area: Census and mid-year estimates",
        area_population.AREA_POPULATION_TABLES,
        _by_area(area_population.read_parts),
        needs_lookup=True,
    ),
    PublicKind(
        "deprivation",
        "deprivation of small areas in England and in Wales",
        deprivation.DEPRIVATION_TABLES,
        _by_area(deprivation.read_parts),
        needs_lookup=True,
    ),
    *(
        PublicKind(t.name, t.title, t.mapping, _by_force(partial(home_office.read_parts, t.name)))
        for t in home_office.KINDS.values()
    ),
)
PUBLIC_KINDS: dict[str, PublicKind] = {kind.name: kind for kind in _KINDS}
