"""Computing what is out of date, and saying what that is."""

from __future__ import annotations

from openpeel.engine.declare.measures import AnyMeasure
from openpeel.engine.measure import cells
from openpeel.engine.measure.build import plans
from openpeel.engine.measure.context import Context


def outline(context: Context) -> list[str]:
    """The plan in words: one line a record type, with its scan and what is reused."""
    out = []
    for type_id, measures in _by_type(context).items():
        plan, _ = plans(context, context.catalogue.types[type_id], measures)
        held = [e for e in context.view.of(type_id) if e.rows]
        missing = cells.missing(context.con, context.root, plan, held)
        out.append(
            f"{type_id}: {len(measures)} measures as {len(plan.conditions)} counts by "
            f"{len(plan.dimensions)} breakdowns in one scan; {len(missing)} of {len(held)} snapshots to count "
            f"({sum(e.rows for e in missing)} rows), {len(held) - len(missing)} reused; plan {plan.key[:12]}"
        )
    return out


def refresh_all(context: Context) -> list[str]:
    """Count every snapshot that holds now and has no cells yet."""
    out = []
    for type_id, measures in _by_type(context).items():
        plan, _ = plans(context, context.catalogue.types[type_id], measures)
        entries = context.view.of(type_id)
        done = cells.refresh(context.con, context.root, plan, entries, context.sources(), context.progress)
        out.append(
            f"{type_id}: {done} snapshots counted, {len([e for e in entries if e.rows]) - done} reused"
        )
    return out


def _by_type(context: Context) -> dict[str, list[AnyMeasure]]:
    out: dict[str, list[AnyMeasure]] = {}
    for measure in context.catalogue.measures.values():
        out.setdefault(measure.of, []).append(measure)
    return out
