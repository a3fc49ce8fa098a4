"""Computing what is out of date, and saying what that is."""

from __future__ import annotations

from openpeel.engine.declare.measures import AnyMeasure
from openpeel.engine.measure import cells
from openpeel.engine.measure.ages import by_age, is_aged
from openpeel.engine.measure.build import plans
from openpeel.engine.measure.context import Context


def outline(context: Context) -> list[str]:
    """The plan in words: one line a record type, with its scan and what is reused."""
    out = []
    for type_id, measures in _by_type(context):
        plan, _ = plans(context, context.catalogue.types[type_id], measures)
        held = [e for e in context.view.of(type_id) if e.rows]
        missing = cells.missing(context.con, context.root, plan, held)
        out.append(
            f"{_named(context, type_id, measures)}: {len(measures)} measures as {len(plan.conditions)} counts by "
            f"{len(plan.dimensions)} breakdowns in one scan; {len(missing)} of {len(held)} snapshots "
            f"to count "
            f"({sum(e.rows for e in missing)} rows), {len(held) - len(missing)} reused; plan {plan.key[:12]}"
        )
    return out


def refresh_all(context: Context) -> list[str]:
    """Count every snapshot that holds now and has no cells yet."""
    out = []
    for type_id, measures in _by_type(context):
        plan, _ = plans(context, context.catalogue.types[type_id], measures)
        entries = context.view.of(type_id)
        done = cells.refresh(context.con, context.root, plan, entries, context.sources(), context.progress)
        reused = len([e for e in entries if e.rows]) - done
        out.append(f"{_named(context, type_id, measures)}: {done} snapshots counted, {reused} reused")
    return out


def _by_type(context: Context) -> list[tuple[str, list[AnyMeasure]]]:
    """Record types with the measures that are counted in one scan."""
    out: dict[str, list[AnyMeasure]] = {}
    for measure in context.catalogue.measures.values():
        out.setdefault(measure.of, []).append(measure)
    return [(type_id, part) for type_id, measures in out.items() for part in by_age(measures)]


def _named(context: Context, type_id: str, measures: list[AnyMeasure]) -> str:
    ages = f", with ages on {context.view.vintage.as_at}" if any(map(is_aged, measures)) else ""
    return type_id + ages
