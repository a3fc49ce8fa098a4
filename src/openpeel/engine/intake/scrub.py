"""Copies of removed records among the rows set aside: their text is blanked, the account of the row stays.

A row set aside is known as a copy by its whole text, or by columns that say which record or person it is
of. A row that could not be told into fields is known by words that stand in it.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpeel.engine.intake.disk import put_file

#: What stands in the set-aside file in place of the text of a row that was removed.
REMOVED_TEXT = "(lawfully removed)"
_BETWEEN_FIELDS = re.compile(r'[",;\t|\r\n]+')


@dataclass
class Copies:
    """Which rows set aside of one record type are copies of what is removed.

    Attributes:
        type: the record type.
        texts: whole rows as text, as a typed row set aside is kept.
        marks: force and columns -> values as text, in the order of the columns; the columns that say
            which record or person a row is of.
    """

    type: str
    texts: set[str] = field(default_factory=set)
    marks: dict[tuple[str, tuple[str, ...]], set[tuple[str, ...]]] = field(default_factory=dict)

    def add(self, force: str, columns: Sequence[str], values: Iterable[tuple[str, ...]]) -> None:
        """Add marks."""
        self.marks.setdefault((force, tuple(columns)), set()).update(values)

    def hold(self, text: str, force: str) -> bool:
        """Whether a row set aside is one of them.

        Args:
            text: the row.
            force: the force of its file; blank if that stands in the row, or is not known.
        """
        if text in self.texts:
            return True
        row = _fields(text)
        if row is None:
            words = {w.strip() for w in _BETWEEN_FIELDS.split(text)}
            return any(
                force in ("", of) and any(set(v) <= words for v in values)
                for (of, _), values in self.marks.items()
            )
        of_row = str(row.get("force") or force)
        return any(
            of_row in ("", of) and tuple(str(row.get(c) or "").strip() for c in columns) in values
            for (of, columns), values in self.marks.items()
        )


def _fields(text: str) -> dict[str, Any] | None:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def scrub(root: Path, copies: Iterable[Copies], write: bool = True) -> int:
    """Blank the copies among the rows set aside of every intake; only under the writer lock.

    Args:
        root: the workspace.
        copies: what to look for.
        write: whether to blank them, or only to count.

    Returns:
        how many there are.
    """
    csv.field_size_limit(1 << 30)
    wanted = {c.type: c for c in copies}
    found = 0
    for file in sorted((root / "intake").glob("*/set-aside.csv.gz")):
        type_, forces = _manifest(file.parent / "manifest.json")
        mine = [wanted[type_]] if type_ in wanted else [] if type_ else list(wanted.values())
        found += _scrub_file(file, mine, forces, write) if mine else 0
    return found


def _manifest(file: Path) -> tuple[str, dict[str, str]]:
    """The record type of an intake, and the force of each of its files; blank where it does not say."""
    try:
        manifest = json.loads(file.read_bytes())
        return str(manifest["type"]), {str(f["file"]): str(f["force"]) for f in manifest["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return "", {}


def _scrub_file(file: Path, copies: Sequence[Copies], forces: dict[str, str], write: bool) -> int:
    rows = list(csv.reader(io.StringIO(gzip.decompress(file.read_bytes()).decode(), newline="")))
    found = 0
    for row in rows[1:]:
        if row[-1] != REMOVED_TEXT and any(c.hold(row[-1], forces.get(row[0], "")) for c in copies):
            row[-1] = REMOVED_TEXT
            found += 1
    if found and write:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
        put_file(file, gzip.compress(out.getvalue().encode(), mtime=0))
    return found
