"""Answering: which cells are needed for the figures of a period, and the figures made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from openpeel.engine.declare.measures import (
    AnyMeasure,
    Distribution,
    Flow,
    RatioOfRates,
)
from openpeel.engine.declare.records import RecordType
from openpeel.engine.derive import layer
from openpeel.engine.intake.generations import Entry
from openpeel.engine.measure import cells as cells_module
from openpeel.engine.measure.cells import Cells
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.cubes import Breakdown
from openpeel.engine.measure.maker import Answers, Maker
from openpeel.engine.measure.period import Period
from openpeel.engine.measure.predicates import (
    Compiled,
    compile_measure,
)
from openpeel.engine.measure.stocks import is_stock
from openpeel.errors import UserError


def answer(
    context: Context,
    measures: Sequence[AnyMeasure],
    forces: Sequence[str],
    period: Period,
    by: Sequence[str] = (),
) -> Answers:
    """Work out the figures of some measures for some forces and one period.

    Args:
        context: the opened workspace.
        measures: the measures.
        forces: force ids, in the order wanted.
        period: whole months.
        by: breakdowns asked for besides the total; each gives one figure a category.

    Returns:
        the figures, by measure, then force, then breakdown.

    Raises:
        UserError: a breakdown does not fit.
    """
    answers = Answers()
    breakdowns, forces = tuple(dict.fromkeys(map(asked_breakdown, by))), list(dict.fromkeys(forces))
    measures = list({m.id: m for m in measures}.values())
    for measure in measures:
        refuse_second_breakdown(measure, breakdowns)
    for type_id in dict.fromkeys(m.of for m in measures):
        mine = [m for m in measures if m.of == type_id]
        _answer_type(context, context.catalogue.types[type_id], mine, forces, period, breakdowns, answers)
    return answers


def asked_breakdown(by: str) -> Breakdown:
    """A breakdown as it is asked for: a column, or several that are crossed, with commas between them."""
    return tuple(dict.fromkeys(part.strip() for part in by.split(",")))


def refuse_second_breakdown(measure: AnyMeasure, by: Sequence[Breakdown]) -> None:
    """A measure that is a breakdown itself has no second one, and must not drop the wish in silence.

    Raises:
        UserError: another breakdown is asked for.
    """
    own = measure.group_name if isinstance(measure, RatioOfRates) else ""
    own = measure.across if isinstance(measure, Distribution) else own
    own = "flow" if isinstance(measure, Flow) else own
    if own and set(by) - {(own,)}:
        raise UserError(f"is already broken down by {own}, one way", measure.id, "leave --by away")


def plan_of(context: Context, record_type: RecordType, compiled: Iterable[Compiled]) -> cells_module.Plan:
    """The plan that counts some measures on a record type."""
    parts = list(compiled)
    return context.once(
        "plan", [record_type, *parts], (), lambda: cells_module.plan(record_type, parts, context.sources())
    )


def whole_plan(context: Context, record_type: RecordType) -> cells_module.Plan:
    """The plan that counts all the catalogue's measures on a record type."""
    declared = [m for m in context.catalogue.measures.values() if m.of == record_type.id]
    return plan_of(context, record_type, [_compiled(context, record_type, m, (), True) for m in declared])


def compile_asked(
    context: Context, record_type: RecordType, measures: Iterable[AnyMeasure], by: tuple[Breakdown, ...] = ()
) -> dict[str, Compiled]:
    """Measures as conditions, by the breakdowns asked for; where nothing is kept, by no other."""
    return {m.id: _compiled(context, record_type, m, by, not context.fresh) for m in measures}


def _compiled(
    context: Context, record_type: RecordType, measure: AnyMeasure, by: tuple[Breakdown, ...], declared: bool
) -> Compiled:
    as_at = context.view.vintage.as_at
    return context.once(
        "conditions", [record_type, measure], (tuple(by), declared, as_at),
        lambda: compile_measure(measure, record_type, by, declared, as_at),
    )  # fmt: skip


def _answer_type(
    context: Context,
    record_type: RecordType,
    measures: Sequence[AnyMeasure],
    forces: Sequence[str],
    period: Period,
    by: tuple[Breakdown, ...],
    answers: Answers,
) -> None:
    compiled = compile_asked(context, record_type, measures, by)
    found = counted(
        context,
        plan_of(context, record_type, compiled.values()),
        entries_of(context, record_type.id, measures, forces, period),
    )
    for measure in measures:
        held = held_of(context, measure, forces, period)
        maker = Maker(context, record_type, measure, compiled[measure.id], found, period, held)
        maker.make(forces, by, answers)


def cells_of(
    context: Context, type_id: str, measures: Sequence[AnyMeasure], forces: Sequence[str], period: Period
) -> Cells:
    """The cells behind the figures of some measures, for publication beside them."""
    record_type = context.catalogue.types[type_id]
    compiled = compile_asked(context, record_type, (m for m in measures if m.of == type_id))
    entries = entries_of(context, type_id, measures, forces, period)
    return counted(context, plan_of(context, record_type, compiled.values()), entries)


def looked_up(context: Context, measures: Sequence[AnyMeasure], entries: Sequence[Entry]) -> list[Entry]:
    """The other snapshots that the figures of some measures on some snapshots hang on."""
    out: dict[Entry, None] = {}
    for type_id in dict.fromkeys(m.of for m in measures):
        record_type = context.catalogue.types[type_id]
        compiled = compile_asked(context, record_type, (m for m in measures if m.of == type_id))
        columns = {c for one in compiled.values() for c in one.columns}
        mine = [e for e in entries if e.type == type_id]
        out |= dict.fromkeys(layer.beyond(record_type, columns, mine, context.sources()))
    return list(out)


def held_of(
    context: Context, measure: AnyMeasure, forces: Sequence[str], period: Period
) -> dict[str, list[Entry | None]]:
    """Force -> what is held of each month that a measure needs for a period; ``None`` for a month that is not.

    A measure of what is open needs all the months from the force's first on.
    """
    get = partial(context.view.get, measure.of)
    if not is_stock(measure):
        return {force: [get(force, month) for month in period.months()] for force in forces}
    first = dict.fromkeys(forces, period.first)
    for entry in context.view.of(measure.of):
        if entry.force in first and entry.month < first[entry.force]:
            first[entry.force] = entry.month
    return {f: [get(f, month) for month in range(begins, period.last + 1)] for f, begins in first.items()}


def entries_of(
    context: Context, type_id: str, measures: Sequence[AnyMeasure], forces: Sequence[str], period: Period
) -> list[Entry]:
    """The snapshots of a type on which the figures of some measures rest."""
    out: dict[Entry, None] = {}
    for stock in {is_stock(m): m for m in measures if m.of == type_id}.values():
        for months in held_of(context, stock, forces, period).values():
            out |= dict.fromkeys(e for e in months if e is not None)
    return list(out)


def counted(context: Context, plan: cells_module.Plan, entries: list[Entry]) -> Cells:
    """The cells of some snapshots: kept, worked out anew, or given."""
    if context.given is not None:
        return context.given
    con, root, sources, engine = context.con, context.root, context.sources(), context.engine
    if context.fresh:
        return cells_module.compute(con, plan, entries, sources, engine)
    if cells_module.tasks(root, plan, entries, sources):
        # Where these records have to be gone through anyway, all that the catalogue wants is counted with them.
        whole = whole_plan(context, plan.type)
        cells_module.refresh(con, root, whole, entries, sources, engine, context.progress)
    return cells_module.fetch(con, root, plan, entries, sources, engine, context.progress)
