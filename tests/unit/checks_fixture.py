"""Made-up records in which nothing is doubtful, and ways to spoil some of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from openpeel.engine import clock
from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.run import Checked, check_records
from openpeel.engine.declare.columns import (
    choice,
    day,
    flag,
    free_text,
    instant,
    operational,
    seconds,
    whole,
    word,
)
from openpeel.engine.declare.records import RecordType, Reference, RowRule, Total, Unique
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.intake.mapping import Mapping as FileMapping
from openpeel.engine.intake.mapping import Part, Scope

JOB = RecordType(
    id="test.job",
    title="Jobs",
    kind="event",
    anchor="opened_at",
    key=("job_id",),
    columns=(
        operational("job_id", "Number.", "J-000001", required=True),
        instant("opened_at", "Opened.", "2024-03-04 14:05:00", required=True),
        instant("closed_at", "Closed.", "2024-03-04 18:30:00"),
        day("review_on", "Day of the next review.", "2024-04-04"),
        seconds("wait_seconds", "Wait.", "95"),
        choice("grade", "Grade.", "high", "low", "other"),
        word("place", "Place.", "North"),
        flag("repeat", "Repeat."),
        operational("parent_id", "Job it belongs to.", "J-000001"),
        operational("log", "Log number.", "L1"),
        free_text("notes", "Notes.", "all quiet"),
    ),
    rules=(RowRule("in-order", "closed_at >= opened_at", "closed before it was opened"),),
    references=(Reference(("parent_id",), "test.job"),),
    unique=(Unique(("log",)),),
)
RETURNED = RecordType(
    id="test.returned",
    title="Returned jobs",
    kind="returned count",
    anchor="month_on",
    key=("month_on", "grade"),
    columns=(
        day("month_on", "First day of the month.", "2024-03-01", required=True),
        choice("grade", "Grade.", "All", "high", "low", "other", required=True),
        whole("opened", "Jobs opened.", "200", "jobs", low=0),
        whole("closed", "Jobs closed.", "150", "jobs", low=0),
    ),
    totals=(Total("grade", "All", ("opened", "closed")),),
)
TYPES = {t.id: t for t in (JOB, RETURNED)}
MONTHS = range(clock.month_number(2023, 10), clock.month_number(2024, 10))
SUPPLIED = date(2024, 10, 20)

Row = dict[str, str]
Spoil = Callable[[list[Row]], Iterable[Row] | None]


def jobs(per_month: int = 60, months: Iterable[int] = MONTHS, seed: int = 1) -> list[Row]:
    """Clean jobs, spread over the days of some months; the same ones each time."""
    rng, out = random.Random(seed), list[Row]()
    for month in months:
        days = clock.last_day(month).day
        many = per_month + rng.randint(-5, 5)
        for n in range(many):
            at = datetime.combine(clock.first_day(month), datetime.min.time())
            at += timedelta(days=n * days // many, hours=9 + rng.randint(0, 11), seconds=rng.randint(1, 3599))
            out.append(_job(rng, len(out), at))
    return out


def _job(rng: random.Random, number: int, at: datetime) -> Row:
    return {
        "job_id": f"J-{number + 1:06d}",
        "opened_at": str(at),
        # Closed by half past midnight: in March there is no half past one.
        "closed_at": str(
            at + timedelta(seconds=min(int(rng.lognormvariate(8, 1)), 8000 + rng.randint(0, 1000)))
        ),
        "review_on": str(at.date() + timedelta(days=30)),
        "wait_seconds": str(int(rng.lognormvariate(4, 0.8)) + 1),
        "grade": rng.choice(["high", "low", "low", "other"]),
        "place": rng.choice(["North", "South", "East", "West"]),
        "repeat": "" if rng.random() < 0.2 else rng.choice(["yes", "no"]),
        "parent_id": "" if rng.random() < 0.9 else "J-000001",
        "log": f"L{number}",
        "notes": rng.choice(["all quiet", "Who rang? Nobody did & left", "café, £5"]),
    }


def returned(months: Iterable[int] = MONTHS, seed: int = 1) -> list[Row]:
    """Clean totals by month and grade."""
    rng, out = random.Random(seed), list[Row]()
    for month in months:
        parts = {g: rng.randint(180, 240) for g in ("high", "low", "other")}
        parts = {"All": sum(parts.values()), **parts}
        for grade, n in parts.items():
            closed = sum(parts[g] - 40 for g in ("high", "low", "other")) if grade == "All" else n - 40
            day_ = clock.first_day(month).isoformat()
            out.append({"month_on": day_, "grade": grade, "opened": str(n), "closed": str(closed)})
    return out


def supply(
    root: Path,
    record_type: RecordType,
    rows: Mapping[str, Sequence[Row]],
    supplied: date = SUPPLIED,
    scope: Scope = "changes",
    months: tuple[int, int] | None = None,
) -> None:
    """Take in the rows of some forces, a file each."""
    mapping = FileMapping(record_type, {c.name: (c.name,) for c in record_type.columns}, (), scope, "local")
    parts = [_part(record_type, force, list(held), months) for force, held in rows.items()]
    done = take_in(root, mapping, parts, supplied=supplied)
    assert not done.refused, done.refused


def _part(record_type: RecordType, force: str, rows: list[Row], months: tuple[int, int] | None) -> Part:
    table = pa.table(
        {c.name: pa.array([r.get(c.name, "") for r in rows], pa.string()) for c in record_type.columns}
    )
    first, last = months or (None, None)
    numbers = pa.array(range(1, len(rows) + 1), pa.int64())
    return Part(f"{force}.csv", "0" * 64, len(rows), force, first, last, table, numbers)


def check(root: Path, **more: Any) -> Checked:
    """Check all that is here."""
    return check_records(root, TYPES, Vintage(date(2025, 1, 1)), **more)


def found(doubts: Iterable[Doubt], less: Iterable[str] = ()) -> set[tuple[str, str, str]]:
    """Check, force and subject of some doubts."""
    return {(d.check, d.force, d.subject) for d in doubts if d.check not in less}


def in_month(rows: Iterable[Row], month: int, column: str = "opened_at") -> list[Row]:
    """The rows of a month."""
    return [r for r in rows if r[column].startswith(clock.month_text(month))]
