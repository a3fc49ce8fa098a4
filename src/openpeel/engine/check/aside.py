"""Rows that were set aside when they came in, as doubts: from the accounts of the intakes that still hold."""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from openpeel.engine import clock
from openpeel.engine.check.doubt import Doubt, Severity
from openpeel.engine.check.held import known_at
from openpeel.engine.check.settings import CheckSettings
from openpeel.engine.intake.generations import Generation, View
from openpeel.engine.intake.normalise import GONE
from openpeel.engine.intake.sift import REMOVED, SAME_FILE, SAME_ROW
from openpeel.errors import UserError

#: Reasons that say nothing against a row: it is here already, is gone, or was never meant to come in.
HARMLESS = frozenset({SAME_FILE, SAME_ROW, REMOVED, GONE, "left out by the mapping"})
#: A row's text may be as long as its file lets it be.
_LONGEST = 1 << 30


@dataclass(frozen=True)
class Aside:
    """A row that was set aside.

    Attributes:
        type, force: what it was to be; ``force`` is blank where it stood in the row.
        file, row: where it stands; the first row under the heading is 1.
        reason: why it was set aside.
        text: the row as it was.
    """

    type: str
    force: str
    file: str
    row: int
    reason: str
    text: str


@dataclass(frozen=True)
class FileRows:
    """What became of the rows of a file: how many were read, accepted, and set aside by reason."""

    type: str
    force: str
    file: str
    months: str
    read: int
    accepted: int
    aside: dict[str, int]


def files_of(root: Path, generation: Generation, view: View) -> list[FileRows]:
    """The accounts of all files whose intake still holds, oldest intake first.

    Raises:
        UserError: an account is missing or damaged.
    """
    return [file for manifest in _manifests(root, generation, view) for file in _files(manifest)]


def rows_aside(root: Path, generation: Generation, view: View) -> list[Aside]:
    """All rows set aside by the intakes that still hold.

    Raises:
        UserError: an account is missing or damaged.
    """
    out = list[Aside]()
    for manifest in _manifests(root, generation, view):
        if any(f["set_aside"] for f in manifest["files"]):
            forces = {f["file"]: f["force"] for f in manifest["files"]}
            out += _rows(root / "intake" / manifest["intake"] / "set-aside.csv.gz", manifest["type"], forces)
    return out


def doubts_aside(files: list[FileRows], rows: list[Aside], settings: CheckSettings) -> list[Doubt]:
    """A doubt for each force, record type and reason."""
    read: dict[tuple[str, str], int] = defaultdict(int)
    months: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
    for file in files:
        read[file.type, file.force] += file.read
        if file.months and file.aside:
            months[file.type, file.force].add(clock.parse_months(file.months))
    found: dict[tuple[str, str, str], list[Aside]] = defaultdict(list)
    for row in rows:
        found[row.type, row.force, row.reason].append(row)
    return [
        _doubt(key, asides, read[key[:2]], months[key[:2]], settings) for key, asides in sorted(found.items())
    ]


def _doubt(
    key: tuple[str, str, str],
    asides: list[Aside],
    read: int,
    months: set[tuple[int, int]],
    settings: CheckSettings,
) -> Doubt:
    type_, force, reason = key
    span = (min(m[0] for m in months), max(m[1] for m in months)) if months else None
    many = len(asides) > read * settings.aside_blocking_share
    rows = tuple(f"{_short(a.file)} row {a.row}" for a in asides)
    severity: Severity = "note" if reason in HARMLESS else "blocking" if many else "warning"
    told = (
        f"{len(asides)} of {read} rows were set aside: {reason}. They are in no figure. Correct them in the source "
        "system and supply them again, or say why they do not belong."
    )
    return Doubt("rows.set-aside", force, type_, span, severity, reason, len(rows), rows, told)


@cache
def _short(file: str) -> str:
    """A file by its name and folder: where the folder lies is no business of whoever reads the doubt."""
    return "/".join(PurePath(file).parts[-2:])


def _manifests(root: Path, generation: Generation, view: View) -> Iterator[dict[str, Any]]:
    for intake in _that_hold(generation, view):
        file = root / "intake" / intake / "manifest.json"
        try:
            manifest = json.loads(file.read_bytes())
        except (OSError, ValueError):
            raise UserError(
                "the account of an intake cannot be read", str(file), "restore it from a copy"
            ) from None
        yield manifest


def _that_hold(generation: Generation, view: View) -> list[str]:
    """The intakes whose rows set aside are still wanting, oldest first.

    A complete supply is done with once another has taken the place of all of its months. One of changes is not:
    that its months were changed by others does not mean that the rows it could not bring in have come since.
    """
    current = {e.intake for e in view.current.values()}
    known = {e.intake for e in generation.entries if e.scope == "changes" and known_at(e, view.vintage)}
    return sorted(current | known)


def _files(manifest: dict[str, Any]) -> Iterator[FileRows]:
    for f in manifest["files"]:
        yield FileRows(
            manifest["type"], f["force"], f["file"], f["months"], f["read"], f["accepted"], f["set_aside"]
        )


def _rows(file: Path, type_: str, forces: dict[str, str]) -> Iterator[Aside]:
    csv.field_size_limit(_LONGEST)
    try:
        with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                force = forces.get(row["file"], "")
                yield Aside(type_, force, row["file"], int(row["row"]), row["reason"], row["text"])
    except (OSError, EOFError, KeyError, ValueError):
        raise UserError("the rows set aside cannot be read", str(file), "restore it from a copy") from None
