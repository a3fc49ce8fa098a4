"""Incidents that wait for somebody: a record type for tests, its measures, and asking for figures.

A row is ``incident(id, received, attended, closed, grade)``: local times as text, blank where there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from incidents import mapping, part
from openpeel.catalogue import shipped
from openpeel.engine import clock
from openpeel.engine.declare.derivations import FromPolicy, SecondsBetween
from openpeel.engine.declare.measures import (
    HIGHER,
    LOWER,
    OWN_DEFINITION,
    AnyMeasure,
    MedianWait,
    Quantile,
    ShareWithin,
)
from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.measure.build import answer
from openpeel.engine.measure.context import Catalogue, Context, open_context
from openpeel.engine.measure.figure import Figure
from openpeel.engine.measure.maker import Answers
from openpeel.engine.measure.period import Period

COLUMNS = ("incident_id", "received_at", "attended_at", "closed_at", "grade")
INCIDENT = RecordType(
    id="test.incident",
    title="Incidents",
    kind="event",
    anchor="received_at",
    key=("incident_id",),
    columns=(
        Column("incident_id", "text", "Number of the incident.", True),
        Column("received_at", "instant", "When it was received.", True),
        Column("attended_at", "instant", "When somebody was there."),
        Column("closed_at", "instant", "When it was closed or cancelled."),
        Column("grade", "text", "How urgent it was."),
    ),
    derived=(
        SecondsBetween("seconds_to_attend", "received_at", "attended_at", "Time to attend."),
        FromPolicy("target_seconds", "force.attend_within", "The force's own target."),
    ),
)
ABOUT: dict[str, Any] = {
    "title": "Incidents attended",
    "sentence": "{value} ({x} of {y}).",
    "of": "test.incident",
    "comparable": OWN_DEFINITION,
    "comparable_why": "Each force sets its own target.",
    "question": "responding",
    "method": "local",
    "source": "the force's own records",
    "reviewed": date(2026, 11, 1),
}
TIMES: dict[str, Any] = {"start": "received_at", "served": "attended_at", "withdrawn": "closed_at"}
SHARE: dict[str, Any] = ABOUT | TIMES | {"unit": "share of incidents", "better": HIGHER, "by": ("grade",)}
SECONDS: dict[str, Any] = ABOUT | {"unit": "seconds to attendance", "better": LOWER, "by": ("grade",)}
WITHIN = ShareWithin(id="test.within", limit_seconds=360, **SHARE)
WITHIN_TARGET = ShareWithin(id="test.within_target", limit="target_seconds", **SHARE)
MEDIAN = Quantile(id="test.median", of_duration="seconds_to_attend", p=0.5, **SECONDS)
WAIT = MedianWait(id="test.wait", **SECONDS, **TIMES)

Row = tuple[str, str, str, str, str]


def incident(id_: str, received: str, attended: str = "", closed: str = "", grade: str = "") -> Row:
    """One row; a time of day alone is on 31 January 2023."""
    times = (f"2023-01-31 {t}" if t and "-" not in t else t for t in (received, attended, closed))
    at, there, gone = times
    return (id_, at, there, gone, grade)


def put(
    root: Path, *rows: Row, month: str = "2023-01", supplied: str = "2023-01-31", force: str = "kent"
) -> None:
    """Supply all incidents of a month."""
    intake = take_in(
        root,
        mapping("complete", INCIDENT),
        [part(rows, month, force, columns=COLUMNS)],
        supplied=date.fromisoformat(supplied),
    )
    assert intake.accepted() == len(rows), [f.set_aside for f in intake.files]


def catalogue(*measures: AnyMeasure) -> Catalogue:
    """The shipped types, incidents, and these measures alone."""
    base = shipped()
    types = {**base.types, INCIDENT.id: INCIDENT}
    return Catalogue(types, {m.id: m for m in measures}, base.population)


def opened(root: Path, *measures: AnyMeasure, as_at: str = "2023-01-31", **more: Any) -> Context:
    return open_context(root, catalogue(*measures), Vintage(date.fromisoformat(as_at)), **more)


def months(text: str = "2023-01") -> Period:
    return Period(*clock.parse_months(text))


def answers(
    root: Path,
    *measures: AnyMeasure,
    as_at: str = "2023-01-31",
    period: str = "2023-01",
    by: Sequence[str] = (),
    forces: Sequence[str] = ("kent",),
    fresh: bool = False,
) -> Answers:
    """Work out figures; ``fresh`` past everything that is kept."""
    context = opened(root, *measures, as_at=as_at)
    try:
        return answer(replace(context, fresh=fresh), measures, forces, months(period), by)
    finally:
        context.close()


def figure(root: Path, measure: AnyMeasure, as_at: str = "2023-01-31", **more: Any) -> Figure:
    """The one figure of a measure; the same whether cells are kept or not."""
    (kept,) = answers(root, measure, as_at=as_at, **more).figures
    (fresh,) = answers(root, measure, as_at=as_at, fresh=True, **more).figures
    assert kept == fresh
    return kept


def policy(root: Path, value: int, since: str = "2020-01-01", known_from: str = "2020-01-01") -> None:
    """The force's own target, in seconds."""
    (root / "policies" / f"attend-{known_from}.toml").write_text(
        f'id = "force.attend_within"\ntitle = "Attend within"\nsource = "Policy"\nknown_from = {known_from}\n'
        f"[[value]]\nfrom = {since}\nvalue = {value}\n",
        encoding="utf-8",
    )
