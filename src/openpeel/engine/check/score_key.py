"""How well the checks do: what share of sown defects they find, and how many false alarms they raise.

A key lists the defects that were sown into made-up records, each a row or a block (something about a force's
month). A row is found if it was set aside or its key stands among the rows of a doubt; a block if a doubt names
its force, record type and month.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from openpeel.engine import clock
from openpeel.engine.check.aside import Aside
from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.held import BETWEEN
from openpeel.errors import UserError

COLUMNS = ("defect", "kind", "level", "force", "type", "month", "column", "key", "file", "row")
#: Ending of the file beside a key that names rows which may well be doubted for what was sown elsewhere.
CONSEQUENCES = "-consequences.csv"
#: A pseudonym: the key file has what it stands for, so that this part of a key cannot be compared.
_PSEUDONYM = re.compile(r"[0-9a-f]{32}")
#: A doubt about this many months in a row, or more, points at none of them.
_POINTS = 7
#: Checks that speak of single records; a doubt of the others names no clean row.
_OF_MONTHS = (
    "columns.",
    "months.",
    "days.",
    "times.midnight",
    "times.minutes",
    "times.clock",
    "twice.month",
    "twice.force",
    "supply.",
    "peers.",
)


@dataclass(frozen=True)
class Sown:
    """One line of the key: a defect that was sown."""

    defect: str
    kind: str
    level: str
    force: str
    type: str
    month: int | None
    column: str
    key: str
    file: str
    row: int | None


@dataclass(frozen=True)
class KindScore:
    """Of the defects of a kind: how many were sown and caught, and which were missed."""

    kind: str
    level: str
    sown: int
    caught: int
    missed: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share that was caught."""
        return self.caught / self.sown


@dataclass(frozen=True)
class KeyScore:
    """How the checks did against a key.

    Attributes:
        kinds: by kind of defect.
        clean_rows: how many records have no defect of their own.
        false_rows: how many of these are among the rows of a doubt, or were set aside.
        false_blocks: doubts about months, warnings and blocking, that name no force and month of the key.
    """

    kinds: tuple[KindScore, ...]
    clean_rows: int
    false_rows: int
    false_blocks: int

    @property
    def false_per_1000(self) -> float:
        """False alarms in 1,000 clean rows."""
        return 1000 * self.false_rows / self.clean_rows if self.clean_rows else 0.0

    def plain(self) -> dict[str, object]:
        """The score as plain data."""
        kinds = [vars(k) | {"share": k.share, "missed": list(k.missed)} for k in self.kinds]
        return {"kinds": kinds, **{n: v for n, v in vars(self).items() if n != "kinds"},
                "false_per_1000": self.false_per_1000}  # fmt: skip


def scored(
    doubts: Iterable[Doubt], aside: Iterable[Aside], key_file: Path, rows: Mapping[tuple[str, str], int]
) -> KeyScore:
    """Hold doubts and rows set aside against a key of sown defects.

    Args:
        doubts: what the checks found; notes are no alarms, but they count as found.
        aside: the rows set aside.
        key_file: the key, a CSV file with the columns of ``COLUMNS``. A defect may have several lines, such as
            one for each of two records with one key: it is caught if one of them is. Beside it may lie
            ``…-consequences.csv`` with rows that are not wrong themselves and may well be doubted.
        rows: record type and force -> number of records held.

    Raises:
        UserError: the key cannot be read.
    """
    sown, every, apart = read_key(key_file), list(doubts), list(aside)
    found = _Found(every, apart)
    by_kind: dict[tuple[str, str], dict[str, bool]] = {}
    for line in sown:
        caught = by_kind.setdefault((line.kind, line.level), {})
        caught[line.defect] = caught.get(line.defect, False) or found.has(line)
    kinds = []
    for (kind, level), caught in sorted(by_kind.items()):
        missed = tuple(d for d, has in caught.items() if not has)
        kinds.append(KindScore(kind, level, len(caught), len(caught) - len(missed), missed))
    more = key_file.with_name(f"{key_file.stem}{CONSEQUENCES}")
    wrong = sown + (read_key(more) if more.is_file() else [])
    total = sum(rows.values()) + len(apart)
    bad = sum(d.level == "row" for d in wrong)
    return KeyScore(tuple(kinds), max(0, total - bad), *_false(every, apart, wrong))


class _Found:
    """What was found, laid out for looking up."""

    def __init__(self, doubts: list[Doubt], aside: list[Aside]) -> None:
        self.rows = {(d.type, d.force, _key(r)) for d in doubts for r in d.rows}
        self.aside = {(a.type, _file(a.file), a.row) for a in aside}
        # A doubt about single rows has the collection's months, and speaks of none of them as a whole.
        self.blocks = {
            (d.type, d.force, m)
            for d in doubts
            if d.months and d.check.startswith((*_OF_MONTHS, "cells.")) and _points(d)
            for m in range(d.months[0], d.months[1] + 1)
        }

    def has(self, defect: Sown) -> bool:
        """Whether a defect was found."""
        if defect.level == "block":
            return (defect.type, defect.force, defect.month) in self.blocks
        if defect.row is not None and (defect.type, _file(defect.file), defect.row) in self.aside:
            return True
        return bool(defect.key) and (defect.type, defect.force, _key(defect.key)) in self.rows


def _false(doubts: list[Doubt], aside: list[Aside], sown: list[Sown]) -> tuple[int, int]:
    """Clean rows that were doubted or set aside, and doubts about months in which nothing was sown."""
    keys = {(d.type, d.force, _key(d.key)) for d in sown if d.key}
    places = {(d.type, _file(d.file), d.row) for d in sown if d.row is not None}
    blocks = {(d.type, d.force, d.month) for d in sown if d.level == "block"}
    wrong = {
        (d.type, d.force, _key(r))
        for d in doubts
        if d.severity != "note" and not _of_months(d) and d.check != "rows.set-aside"
        for r in d.rows
    } - keys
    apart = [a for a in aside if (a.type, _file(a.file), a.row) not in places]
    months = [d for d in doubts if d.severity != "note" and _of_months(d) and not _names(d, blocks)]
    return len(wrong) + len(apart), len(months)


def _points(doubt: Doubt) -> bool:
    """Whether a doubt points at some months, and does not take in more or less all of them."""
    first, last = doubt.months or (0, -1)
    return last - first < _POINTS and not doubt.check.startswith("peers.")


def _of_months(doubt: Doubt) -> bool:
    return doubt.check.startswith(_OF_MONTHS)


def _names(doubt: Doubt, blocks: set[tuple[str, str, int | None]]) -> bool:
    first, last = doubt.months or (0, -1)
    return any((doubt.type, doubt.force, m) in blocks for m in range(first, last + 1))


def _key(text: str) -> tuple[str, ...]:
    """A key for comparing; a pseudonym stands for anything, so it is left out."""
    parts = [p.strip().casefold() for p in text.split(BETWEEN.strip())]
    return tuple(p for p in parts if not _PSEUDONYM.fullmatch(p))


def _file(name: str) -> tuple[str, ...]:
    """Name and folder of a file: each delivery has files of the same names."""
    return tuple(p.casefold() for p in PurePath(name).parts[-2:])


def read_key(file: Path) -> list[Sown]:
    """The defects of a key.

    Raises:
        UserError: it cannot be read, lacks a column, or a line is wrong.
    """
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [c for c in COLUMNS if c not in (reader.fieldnames or [])]
            if missing:
                raise UserError(f"has no column {missing[0]}", str(file), f"it needs {', '.join(COLUMNS)}")
            return [_sown(row, n, file) for n, row in enumerate(reader, 1)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"cannot be read ({error})", str(file), "name a key of sown defects") from None


def _sown(row: Mapping[str, str | None], number: int, file: Path) -> Sown:
    told = {c: (row.get(c) or "").strip() for c in COLUMNS}
    where = f"{file} row {number}"
    if told["level"] not in ("row", "block"):
        raise UserError(f"the level is {told['level']!r}", where, "write row or block")
    try:
        month = clock.parse_month(told["month"]) if told["month"] else None
        place = int(told["row"]) if told["row"] else None
    except ValueError:
        raise UserError(f"the row is {told['row']!r}", where, "write a whole number") from None
    return Sown(
        told["defect"] or str(number), told["kind"], told["level"], told["force"], told["type"], month,
        told["column"], told["key"], told["file"], place,
    )  # fmt: skip
