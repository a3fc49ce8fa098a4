"""A drawn case: supplied to a workspace, asked of the engine, and held to the reference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa

from openpeel.catalogue import shipped
from openpeel.engine import clock
from openpeel.engine.declare.measures import Distribution
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.intake.mapping import Mapping, Part
from openpeel.engine.intake.supply import Deletion
from openpeel.engine.measure.build import answer
from openpeel.engine.measure.context import Catalogue, Context, open_context
from openpeel.engine.measure.figure import Figure
from openpeel.engine.measure.period import Period
from openpeel.engine.measure.population import Estimate, Populations
from openpeel.engine.measure.series import monthly
from reference.ask_for import RESIDENTS, SCHEME, Asked, asked
from reference.derive import World
from reference.draws import Draw
from reference.figures import NUMBERS, Reference, Said
from reference.shape import POLICY, UNIT, VISIT, Shape, shape
from reference.tables import Supply, Tables, known_on, read, tables


@dataclass
class Case:
    """A record type, what was supplied of it, and what is asked."""

    shape: Shape
    tables: Tables
    asked: Asked

    def types(self) -> list[RecordType]:
        return [self.shape.type, UNIT, VISIT]


def case(draw: Draw, many: int = 10, most: int = 7) -> Case:
    """A case of some measures and at most so many new rows of a force and month."""
    of = shape(draw)
    drawn = tables(draw, of, most)
    known = sorted({s.known for s in drawn.supplies})
    late = [known[-1] + timedelta(days=n) for n in (0, 1, 30, 400)]
    days = [*late, *known, known[0] - timedelta(days=1)]
    return Case(of, drawn, asked(draw, of, drawn.months, days, many))


# ---------------------------------------------------------------------------------- into a workspace


def supply(root: Path, case: Case) -> None:
    """Take everything in, in the order in which it came; what is accepted must be what can be read."""
    types = {t.id: t for t in case.types()}
    for one in case.tables.supplies:
        if one.rows or one.gone:
            take(root, types[one.type], one)
    for known, values in case.tables.policies.items():
        write_policy(root, known, values)


def take(root: Path, of: RecordType, one: Supply) -> None:
    mapping = Mapping(
        of, {c.name: (c.name,) for c in of.columns}, (), "complete" if one.complete else "changes", "local"
    )
    parts = [part(of, force, month, rows) for (force, month), rows in one.rows.items()]
    gone = [Deletion(force, (key,)) for force, key in one.gone]
    intake = take_in(root, mapping, parts, deletions=gone, supplied=one.known)
    assert not intake.refused, [e.line() for e in intake.refused]
    readable = sum(read(of.columns, t) is not None for rows in one.rows.values() for t in rows)
    assert intake.accepted() == readable, [f.set_aside for f in intake.files]


def part(of: RecordType, force: str, month: date | None, rows: Sequence[dict[str, str]]) -> Part:
    number = clock.month_of(month) if month else None
    table = pa.table({c.name: pa.array([r.get(c.name, "") for r in rows], pa.string()) for c in of.columns})
    lines = pa.array(range(1, len(rows) + 1), pa.int64())
    return Part(f"{force} {month}", "0" * 64, len(rows), force, number, number, table, lines)


def write_policy(root: Path, known: date, values: Sequence[tuple[date, date | None, int]]) -> None:
    lines = [f'id = "{POLICY}"\ntitle = "T"\nsource = "S"\nknown_from = {known}\n']
    for first, last, value in values:
        until = f"until = {last}\n" if last else ""
        lines.append(f"[[value]]\nfrom = {first}\n{until}value = {value}\n")
    (root / "policies" / f"{known}.toml").write_text("".join(lines), encoding="utf-8")


# ------------------------------------------------------------------------------------ asked and held


def opened(root: Path, case: Case, **more: Any) -> Context:
    base = shipped()
    types = {**base.types, **{t.id: t for t in case.types()}}
    catalogue = Catalogue(types, {m.id: m for m in case.asked.measures}, base.population)
    context = open_context(root, catalogue, Vintage(case.asked.as_at), **more)
    context.populations = Populations(
        tuple(Estimate(f, "Census", SCHEME, date(2021, 3, 21), groups) for f, groups in RESIDENTS.items())
    )
    return context


def engine_figures(context: Context, case: Case) -> list[Figure]:
    period = Period(clock.month_of(case.asked.first), clock.month_of(case.asked.last))
    out: list[Figure] = []
    for measure in case.asked.measures:
        own = hasattr(measure, "across") or hasattr(measure, "group_name") or type(measure).__name__ == "Flow"
        by = () if own else case.asked.by
        out += answer(context, [measure], case.asked.forces, period, by).figures
    return out


def hold_months(context: Context, case: Case) -> None:
    """Month by month, asked for at once, the figures of one measure are those of each month alone."""
    measure, forces, last = case.asked.measures[0], case.asked.forces, clock.month_of(case.asked.last)
    together = {f.figure_id: f for f in monthly(context, measure, forces, last).figures}
    months = {clock.month_of(f.period_start) for f in together.values()}
    alone = {f.figure_id: f for m in months for f in answer(context, [measure], forces, Period(m, m)).figures}
    shared = alone.keys() & together.keys()
    assert {i: alone[i] for i in shared} == {i: together[i] for i in shared}
    # A category of another month stands in ``together`` alone, a month before a force's first in ``alone``.
    assert shared or isinstance(measure, Distribution)


def world(case: Case) -> World:
    """What the reference knows on the as-at day."""
    day, supplies = case.asked.as_at, case.tables.supplies

    def known(of: RecordType) -> Any:
        mine = [s for s in supplies if s.type == of.id]
        return known_on(of.columns, of.key[0] if of.key else "", of.anchor_date(), mine, day)

    made = World(
        case.shape, known(case.shape.type), {t.id: known(t) for t in (UNIT, VISIT)}, case.tables.policies, day
    )
    made.derive()
    return made


def hold(root: Path, case: Case) -> int:
    """Hold the engine to the reference, kept cells and fresh ones; gives how many figures there were."""
    supply(root, case)
    context = opened(root, case)
    try:
        kept = engine_figures(context, case)
        fresh = engine_figures(replace(context, fresh=True), case)
        hold_months(context, case)
    finally:
        context.close()
    assert kept == fresh
    compare(case, kept)
    return len(kept)


def compare(case: Case, figures: Sequence[Figure]) -> None:
    """Hold figures to the reference.

    Raises:
        AssertionError: one of them says something else; with measure, force and category.
    """
    reference = Reference(world(case), case.asked)
    for measure in case.asked.measures:
        mine = {(f.force, tuple(f.breakdown.items())): f for f in figures if f.measure == measure.id}
        theirs = reference.figures(measure)
        assert set(mine) == set(theirs), (measure, set(mine) ^ set(theirs))
        for key, said in theirs.items():
            wrong = differences(mine[key], said)
            assert not wrong, f"{measure}\n{key}: {wrong}\nengine {mine[key]}\nreference {said}"


def differences(figure: Figure, said: Said) -> list[str]:
    """The parts in which a figure and the reference differ."""
    bounds = (figure.bounds.low, figure.bounds.high) if figure.bounds else None
    interval = (
        (figure.interval.low, figure.interval.high) if figure.interval and said.interval else said.interval
    )
    told: dict[str, int] = {}
    for number, what in NUMBERS.findall(figure.reason or "") if said.told or said.status != "no-data" else ():
        told[what.removeprefix("due and still ").removeprefix("still ")] = int(number.replace(",", ""))
    pairs = {
        "status": (figure.status, said.status),
        "value": (figure.value, said.value),
        "numerator": (figure.numerator, said.numerator),
        "denominator": (figure.denominator, said.denominator),
        "unknown": (figure.unknown, said.unknown),
        "unsure": (figure.unknown_eligibility, said.unsure),
        "bounds": (bounds, said.bounds),
        "interval": (interval, said.interval),
        "reading": (figure.reading, said.reading),
        "told": (told, said.told),
    }
    if figure.status == "not-yet-due" and "flow" in figure.breakdown:
        pairs = {"status": pairs["status"]}  # how many are not known is not held to anything there yet
    return [f"{what}: {a} is not {b}" for what, (a, b) in pairs.items() if not same(a, b)]


def same(one: Any, other: Any) -> bool:
    """Equal: numbers to a relative 1e-9, counts exactly."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, int | float | Fraction):
        return math.isclose(one, float(other), rel_tol=1e-9, abs_tol=1e-9 if other else 0.0)
    return bool(one == other)
