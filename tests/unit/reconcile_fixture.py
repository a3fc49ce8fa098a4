"""Incidents of July 2023 held against somebody else's file, as short as can be."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from openpeel.engine.declare.measures import HIGHER, NEUTRAL, AnyMeasure, Count, Proportion
from openpeel.engine.measure.period import parse_period
from openpeel.engine.reconcile.ask import Wanted, reconcile_with
from openpeel.engine.reconcile.result import Line, Reconciliation
from waits import ABOUT, Row, opened, put

URGENT = Count(
    id="test.urgent",
    where="grade in ('A', 'B') and closed_at is null",
    unit="incidents",
    better=NEUTRAL,
    by=("grade",),
    **ABOUT,
)
ALL = Count(id="test.all", unit="incidents", better=NEUTRAL, by=("grade",), **ABOUT)
QUICK = Proportion(
    id="test.quick",
    met="seconds_to_attend <= 600",
    unit="share of incidents",
    better=HIGHER,
    by=("grade",),
    **ABOUT,
)


def july(id_: str, day: int = 10, attended: str = "", closed: str = "", grade: str = "A") -> Row:
    """An incident received at noon on a day of July 2023; ``attended`` is a time of that day."""
    at = f"2023-07-{day:02d}"
    return (id_, f"{at} 12:00:00", f"{at} {attended}" if attended else "", closed, grade)


def hold(root: Path, *rows: Row, month: str = "2023-07", force: str = "kent", supplied: str = "") -> None:
    """Supply all incidents of a month."""
    put(root, *rows, month=month, force=force, supplied=supplied or "2023-09-01")


def reconcile(
    root: Path,
    measure: AnyMeasure,
    lines: Sequence[str],
    force: str = "kent",
    period: str = "2023-07",
    as_at: str = "2023-12-31",
    **more: Any,
) -> Reconciliation:
    """Hold a file of some lines against ours; the parts must add up whatever they are."""
    file = root.parent / "theirs.csv"
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    context = opened(root, measure, as_at=as_at)
    try:
        months = parse_period(period, None) if period else None
        found = reconcile_with(context, measure, Wanted(file, force, months, **more), lambda f: f.casefold())
    finally:
        context.close()
    for line in found.lines:
        adds_up(line)
    return found


def adds_up(line: Line) -> None:
    """Ours, the parts that explain, and the rest are theirs, to the last of them."""
    for name, ours in line.ours.items():
        parts = sum((p.change.get(name, Fraction(0)) for p in line.parts if p.explains), Fraction(0))
        assert ours + parts + line.rest[name] == line.theirs[name]


def parts(found: Reconciliation) -> dict[str, int]:
    """Rule -> what it changes of the count, of a reconciliation of one line."""
    (line,) = found.lines
    out: dict[str, int] = {}
    for part in line.parts:
        out[part.rule] = out.get(part.rule, 0) + int(part.change.get("count", 0))
    return out
