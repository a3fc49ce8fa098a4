"""The data-quality score of a force and record type: its parts, each a count of a count, and the lowest of them.

The parts are never averaged: a supply that is on time does not make up for half a year that is missing. Which
parts there are, and that the lowest is the score, is openpeel's choice; no rule of an inspectorate is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from openpeel.engine.check.aside import HARMLESS, FileRows
from openpeel.engine.check.held import TABLE, Held
from openpeel.engine.check.late import Lines, is_late
from openpeel.engine.check.series import missing_months
from openpeel.engine.check.set_rules import SetRuleCount
from openpeel.engine.sql import quote

#: A column is important if it is required, or known on so many of all forces' records.
IMPORTANT = 0.9


@dataclass(frozen=True)
class Part:
    """One part of a score: ``count`` of ``of``; nothing can be told where ``of`` is zero."""

    name: str
    count: int
    of: int

    @property
    def share(self) -> float | None:
        """The part as a share; ``None`` where nothing can be told."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True)
class Quality:
    """The data-quality score of a force and record type."""

    force: str
    type: str
    parts: tuple[Part, ...]

    @property
    def lowest(self) -> Part | None:
        """The part that is the score; the first named of several equal ones."""
        told = [p for p in self.parts if p.of]
        return min(told, key=lambda p: p.count / p.of, default=None)

    def plain(self) -> dict[str, object]:
        """The score as plain data."""
        lowest = self.lowest
        return {
            "force": self.force,
            "type": self.type,
            "score": lowest.share if lowest else None,
            "lowest": lowest.name if lowest else None,
            "parts": [{"part": p.name, "count": p.count, "of": p.of, "share": p.share} for p in self.parts],
        }


def scores_of(
    held: Held, files: Iterable[FileRows], rules: Iterable[SetRuleCount], lines: Lines
) -> list[Quality]:
    """The score of every force that supplied the type at hand."""
    mine: dict[str, list[FileRows]] = defaultdict(list)
    for file in files:
        if file.type == held.type.id:
            mine[file.force].append(file)
    counted, known = list(rules), _known(held)
    return [
        Quality(
            force,
            held.type.id,
            (
                _coverage(held, force),
                _accepted(mine[force]),
                Part("known", *known.get(force, (0, 0))),
                _kept([c for c in counted if c.force == force]),
                _on_time(held, lines, force),
            ),
        )
        for force in held.counts
    ]


def _coverage(held: Held, force: str) -> Part:
    """Months here of those expected; things that merely exist, and tables by year, have no months."""
    if held.window is None or held.type.kind not in ("event", "returned count"):
        return Part("months", 0, 0)
    months = held.window[1] - held.window[0] + 1
    return Part("months", months - len(missing_months(held, force, edges=True)), months)


def _accepted(files: list[FileRows]) -> Part:
    wrong = sum(n for f in files for reason, n in f.aside.items() if reason not in HARMLESS)
    accepted = sum(f.accepted for f in files)
    return Part("accepted", accepted, accepted + wrong)


def _known(held: Held) -> dict[str, tuple[int, int]]:
    """Force -> known cells and cells in the columns that are important."""
    columns = [c for c in held.kept() if c.name not in held.type.key]
    if not columns:
        return {}
    counts = ", ".join(f"count({quote(c.name)})" for c in columns)
    found = held.con.execute(
        f"SELECT force, count(*), {counts} FROM {TABLE} WHERE {held.asked_sql()} GROUP BY force"
    ).fetchall()
    rows = sum(f[1] for f in found)
    important = [
        n for n, c in enumerate(columns) if c.required or sum(f[n + 2] for f in found) >= IMPORTANT * rows > 0
    ]
    return {f[0]: (sum(f[n + 2] for n in important), f[1] * len(important)) for f in found}


def _kept(counts: list[SetRuleCount]) -> Part:
    told = [c for c in counts if c.broken is not None]
    records = sum(c.records for c in told)
    return Part("set rules", records - sum(c.broken or 0 for c in told), records)


def _on_time(held: Held, lines: Lines, force: str) -> Part:
    told = [is_late(held, lines, force, m) for m in held.series(force) if held.asked(m)]
    known = [t for t in told if t is not None]
    return Part("on time", known.count(False), len(known))
