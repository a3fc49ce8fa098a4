"""A small workspace of searches for the crash tests: before an import, and what the import brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from helpers import different, new_workspace, write_search_file
from incidents import leftovers, unchained, untrue
from openpeel.areas.powers.records import STOP_SEARCH
from openpeel.catalogue import shipped
from openpeel.engine.intake import generations
from openpeel.engine.intake.commit import Intake, take_in
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.measure.build import answer
from openpeel.engine.measure.context import open_context
from openpeel.engine.measure.period import parse_period
from openpeel.engine.measure.refresh import refresh_all
from openpeel.register import load_register
from openpeel.sources.police_uk.files import Found, Options, read_parts
from openpeel.sources.police_uk.mapping import STOP_SEARCH_FILES

REGISTER = load_register("england-and-wales")
FORCES = ("staffordshire", "surrey")
MEASURES = ("powers.searches", "powers.arrest_rate")
#: Two measures only: compiling the whole catalogue at every kill would take most of the time.
CATALOGUE = replace(shipped(), measures={m: shipped().measures[m] for m in MEASURES})
EVER = Vintage(date(2999, 1, 1))

State = dict[tuple[str, str, str], str]
Figures = list[tuple[Any, ...]]


def search_file(folder: Path, force: str, month: str, rows: int, **same: str) -> Path:
    """A file of so many searches of one force and month."""
    moved = [{**r, "Date": r["Date"].replace("2019-07", month)} for r in different(rows, **same)]
    return write_search_file(folder / f"{month}-{force}-stop-and-search.csv", moved)


def bring_in(root: Path, paths: Sequence[Path], supplied: date | None = None) -> Intake:
    """Import files as the command does, without the command around it."""
    parts = read_parts(list(paths), REGISTER, Options(), Found(), lambda _text: None)
    return take_in(root, STOP_SEARCH_FILES, parts, supplied=supplied)


def make_before(folder: Path) -> Path:
    """A workspace with July of two forces, and its figures computed."""
    root = new_workspace(folder / "before")
    bring_in(root, [search_file(folder / "july", f, "2019-07", 20 + n) for n, f in enumerate(FORCES)])
    compute(root)
    return root


def correction(folder: Path) -> list[Path]:
    """July of one force corrected, August of both."""
    arrest = {"Outcome": "Arrest"}
    corrected = search_file(folder / "next", FORCES[0], "2019-07", 25, **arrest)
    return [corrected, *(search_file(folder / "next", f, "2019-08", 5) for f in FORCES)]


def compute(root: Path) -> None:
    """``openpeel refresh``."""
    context = open_context(root, CATALOGUE, EVER)
    refresh_all(context)
    context.close()


def figures(root: Path) -> Figures:
    """Some figures, as a reader gets them now."""
    context = open_context(root, CATALOGUE, EVER)
    measures = list(CATALOGUE.measures.values())
    found: Figures = []
    for period in ("2019-07", "2019-08"):
        made = answer(context, measures, FORCES, parse_period(period, None)).figures
        found += [(f.measure, f.force, period, f.status, f.value, f.numerator, f.denominator) for f in made]
    context.close()
    return found


def must_be_whole(root: Path) -> None:
    """What holds of any workspace at any time."""
    assert not untrue(root, STOP_SEARCH)
    assert not unchained(root)
    for entry in generations.newest(root).entries:
        assert (root / "intake" / entry.intake / "manifest.json").is_file()
        assert not entry.pack or (root / "records" / entry.pack).is_file()


def must_be_swept(root: Path) -> None:
    """What holds after an import that came to its end."""
    must_be_whole(root)
    assert not leftovers(root)
