"""Computing what is out of date, and saying what that is."""

from __future__ import annotations

from collections.abc import Iterator

from openpeel.engine.derive.layer import Scan
from openpeel.engine.measure import cells
from openpeel.engine.measure.ages import is_aged
from openpeel.engine.measure.build import whole_plan
from openpeel.engine.measure.cells import Plan, Task
from openpeel.engine.measure.context import Context


def outline(context: Context) -> list[str]:
    """The plan in words: a line for each record type and each scan, with what is reused and why not the rest."""
    out = []
    for type_id, plan in _plans(context):
        held = [e for e in context.view.of(type_id) if e.rows]
        todo = cells.tasks(context.root, plan, held, context.sources())
        fresh = {e.snapshot: e for task in todo for e in task.entries.values()}
        measures = [m for m in context.catalogue.measures.values() if m.of == type_id]
        out.append(
            f"{type_id}{_ages(context, type_id)}: {len(measures)} measures as {len(plan.names())} counts by "
            f"{len(plan.breakdowns())} breakdowns; {len(fresh)} of {len(held)} snapshots to count "
            f"({sum(e.rows for e in fresh.values())} rows), {len(held) - len(fresh)} reused; plan {plan.key()[:12]}"
        )
        for task in todo:
            out += [f"  {line}" for line in _scans(context, task)]
    return out


def _scans(context: Context, task: Task) -> Iterator[str]:
    """The scans of one task: by what, what is counted, and why."""
    why = "counted before without these" if task.again else "not counted yet"
    beyond = sorted({name for s in task.plan.sums for name in s.reach})
    if beyond:
        why += f"; looks beyond the record for {', '.join(beyond)}"
    yield f"{len(task.entries)} snapshots, {task.rows()} rows: {why}"
    scan = Scan(task.plan.type, list(task.entries.values()), context.sources())
    for cube in cells.scans_of(context.con, task.plan, scan, context.engine):
        key = " x ".join(cube.key) or "nothing"
        what = f"exact counts of {cube.bins.name}" if cube.bins else f"{len(cube.columns())} sums"
        wanted = ", ".join(" x ".join(b) or "the whole" for b in sorted(cube.wanted))
        yield f"  a scan of {len(task.plan.touched_by([cube]))} columns grouped by {key}: {what}, for {wanted}"


def refresh_all(context: Context) -> list[str]:
    """Count every snapshot that holds now and has no cells yet, or not all of them."""
    out = []
    for type_id, plan in _plans(context):
        entries = context.view.of(type_id)
        done = cells.refresh(
            context.con, context.root, plan, entries, context.sources(), context.engine, context.progress
        )
        reused = len([e for e in entries if e.rows]) - done
        out.append(f"{type_id}{_ages(context, type_id)}: {done} snapshots counted, {reused} reused")
    return out


def _plans(context: Context) -> Iterator[tuple[str, Plan]]:
    """Record types that have measures, with the plan of all of these."""
    for type_id in dict.fromkeys(m.of for m in context.catalogue.measures.values()):
        yield type_id, whole_plan(context, context.catalogue.types[type_id])


def _ages(context: Context, type_id: str) -> str:
    measures = (m for m in context.catalogue.measures.values() if m.of == type_id)
    return f", ages on {context.view.vintage.as_at}" if any(map(is_aged, measures)) else ""
