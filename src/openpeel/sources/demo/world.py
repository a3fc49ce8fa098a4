"""Writing a demo world to a folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Container, Sequence
from pathlib import Path
from typing import Final

from openpeel.errors import UserError
from openpeel.register import Force, load_register
from openpeel.sources.demo.focus import FOCUS
from openpeel.sources.demo.months import Month, months_of_world
from openpeel.sources.demo.profile import Profile, profile_of
from openpeel.sources.demo.searches import searches_of
from openpeel.sources.demo.stories import Story, story_called
from openpeel.sources.demo.stream import Stream
from openpeel.sources.demo.truth import ForceTruth, World
from openpeel.sources.demo.wording import COLUMNS, GROUPS

_FIRST_IN_LINE: Final = (FOCUS, "city-of-kingsquay")
_HEADER: Final = ",".join(COLUMNS)
_README: Final = """\
Everything in this folder is synthetic: police forces that do not exist and searches of nobody, drawn by a
computer (openpeel, {what}).
Layout, size and habits of record keeping are like those of the public files of data.police.uk; nothing in it
is true of any place, force or person. Not imitated: names, real places (the points lie in the North Sea),
officers, grounds, the same person searched twice, wording in use before 2017, outcomes that differ by
ethnicity, age or gender. Use it to learn and to test, never to conclude anything about policing.
"""


def write_world(
    folder: Path,
    *,
    forces: int = 43,
    months: int = 12,
    scale: float = 1.0,
    seed: int = 1,
    story: str = "plain",
    closer: float = 1.0,
    without: Container[str] = (),
    progress: Callable[[str], None] | None = None,
) -> World:
    """Write a demo world into an empty or new folder: same arguments, same bytes.

    A file of searches depends on its force, its month, the scale, the seed and the story, not on which other
    files there are.

    Args:
        folder: where to.
        forces: how many, from 1 to all of the demo register; Stonemarsh and the city come first.
        months: how many, from April 2024 on.
        scale: factor on residents and searches alike, so that rates hold.
        seed: which world.
        story: what happens in it: see `openpeel.sources.demo.stories`.
        closer: how many times larger Stonemarsh is made than the others.
        without: forces that have no files of searches, since they send their own records.
        progress: is told a line a force.

    Raises:
        UserError: the folder is not empty, a number is out of range, or there is no such story.
    """
    _check(folder, forces, months, scale)
    plot, run = story_called(story), months_of_world(months)
    profiles = [
        profile_of(force, place, scale * (closer if force.id == FOCUS else 1.0), seed)
        for place, force in enumerate(line_up(seed)[:forces])
    ]
    profiles.sort(key=lambda profile: profile.force.id)
    population = folder / "population" / "population-by-force-by-ethnicity.csv"
    what = f"{forces} forces, {months} months, scale {scale:g}, seed {seed}, story {story}"
    _write(folder / "README.txt", _README.format(what=what))
    _write(population, _population(profiles))
    told = progress or _silent
    truth = {
        p.force.id: _write_force(folder, p, run, seed, plot, told)
        for p in profiles
        if p.force.id not in without
    }
    labels = tuple(month.label for month in run)
    return World(folder, folder / "stop-search", population, labels, truth, plot.text)


def line_up(seed: int) -> list[Force]:
    """The forces in the order in which a world takes them, which also decides how they keep records."""
    register = load_register("demo")
    first = [force for name in _FIRST_IN_LINE for force in register.forces if force.id == name]
    return first + Stream(seed, "line").shuffled(force for force in register.forces if force not in first)


def _check(folder: Path, forces: int, months: int, scale: float) -> None:
    all_forces = len(load_register("demo").forces)
    if not 1 <= forces <= all_forces:
        raise UserError(f"a demo world has from 1 to {all_forces} forces, not {forces}", "forces")
    if months < 1:
        raise UserError(f"a demo world has at least 1 month, not {months}", "months")
    if not 0 < scale <= 1000:
        raise UserError(f"the scale is above 0 and up to 1000, not {scale}", "scale")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError("there is something there already", str(folder), "name a new or an empty folder")


def _write_force(
    folder: Path,
    profile: Profile,
    months: Sequence[Month],
    seed: int,
    plot: Story,
    told: Callable[[str], None],
) -> ForceTruth:
    name, practice = profile.force.id, profile.practice
    rows: dict[str, int] = {}
    duplicates = section_60 = 0
    for month in (month for month in months if month.index not in practice.missing):
        found = searches_of(profile, month, seed, *plot.effect(name, month.index))
        file = folder / "stop-search" / month.label / f"{month.label}-{name}-stop-and-search.csv"
        _write(file, "\n".join([_HEADER, *found.lines, ""]))
        rows[month.label] = len(found.lines)
        duplicates, section_60 = duplicates + found.duplicates, section_60 + found.section_60
    told(f"{profile.force.name}: {sum(rows.values()):,} searches in {len(rows)} files")
    return ForceTruth(
        residents=profile.residents,
        searches_a_year=profile.searches_a_year,
        relative=profile.relative,
        practice=practice,
        rows=rows,
        missing=tuple(month.label for month in months if month.index in practice.missing),
        duplicates=duplicates,
        section_60=section_60,
    )


def _population(profiles: Sequence[Profile]) -> str:
    """Residents by force and group, in the layout of the census table the Home Office uses."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("Census Year", "Geocode", "Police Force Area", "Self-defined ethnicity", "Population"))
    for profile in profiles:
        for group in GROUPS:
            residents = f"{profile.residents[group]:,}"
            table.writerow((2021, profile.force.code, profile.force.name, group, residents))
    return text.getvalue()


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def _silent(line: str) -> None:
    pass
