"""Figures: from the cells of a period to values with their counts, status and provenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpeel.engine import clock
from openpeel.engine.declare.measures import (
    AnyMeasure,
    Count,
    Distribution,
    MedianWait,
    Proportion,
    Quantile,
    Rate,
    RatioOfRates,
    ShareWithin,
)
from openpeel.engine.declare.records import RecordType
from openpeel.engine.derive.names import all_names
from openpeel.engine.intake.generations import Entry
from openpeel.engine.measure import cells as cells_module
from openpeel.engine.measure import kinds, practices, timeliness
from openpeel.engine.measure.ages import by_age, is_aged
from openpeel.engine.measure.cells import NOT_KNOWN, Cells
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.figure import Figure
from openpeel.engine.measure.kinds import Tally
from openpeel.engine.measure.period import Period
from openpeel.engine.measure.population import Estimate
from openpeel.engine.measure.predicates import (
    Compiled,
    cell_column,
    compile_measure,
    own_groups,
    seconds_column,
)
from openpeel.engine.measure.question import Question, version
from openpeel.errors import UserError


@dataclass
class Answers:
    """Figures with the questions they answer, and the recording practices found on the way.

    ``practices`` maps practice id -> force -> practice; ``questions`` figure id -> question.
    """

    figures: list[Figure] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    practices: dict[str, dict[str, practices.Found]] = field(default_factory=dict)
    practice_titles: dict[str, str] = field(default_factory=dict)


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
    by, forces = tuple(dict.fromkeys(by)), list(dict.fromkeys(forces))
    measures = list({m.id: m for m in measures}.values())
    for measure in measures:
        _refuse_second_breakdown(measure, by)
    for type_id in dict.fromkeys(m.of for m in measures):
        mine = [m for m in measures if m.of == type_id]
        _answer_type(context, context.catalogue.types[type_id], mine, forces, period, by, answers)
    return answers


def _refuse_second_breakdown(measure: AnyMeasure, by: Sequence[str]) -> None:
    """A measure that is a breakdown itself has no second one, and must not drop the wish in silence."""
    own = measure.group_name if isinstance(measure, RatioOfRates) else ""
    own = measure.across if isinstance(measure, Distribution) else own
    if own and set(by) - {own}:
        raise UserError(f"is already broken down by {own}, one way", measure.id, "leave --by away")


def plans(
    context: Context, record_type: RecordType, measures: Sequence[AnyMeasure], by: tuple[str, ...] = ()
) -> tuple[cells_module.Plan, dict[str, Compiled]]:
    """The plan that counts the whole catalogue's measures on a type, and these among them.

    A breakdown that nobody declared gets a plan of its own, by the same path. So do measures with ages,
    whose cells hold for one as-at day: ask for them apart from the others.
    """
    as_at = context.view.vintage.as_at
    aged = {is_aged(m) for m in measures}
    of_type = [m for m in context.catalogue.measures.values() if m.of == record_type.id]
    declared = [m for m in of_type if is_aged(m) in aged]
    asked = {m.id: compile_measure(m, record_type, by, not context.fresh, as_at) for m in measures}
    extra = any(set(by) - set(m.by) for m in measures)
    ours = all(context.catalogue.measures.get(m.id) == m for m in measures)
    every = list(asked.values())
    if ours and not extra and not context.fresh:
        every = [compile_measure(m, record_type, as_at=as_at) for m in declared]
    return cells_module.plan(record_type, every, context.sources()), asked


def _answer_type(
    context: Context,
    record_type: RecordType,
    measures: Sequence[AnyMeasure],
    forces: Sequence[str],
    period: Period,
    by: tuple[str, ...],
    answers: Answers,
) -> None:
    held = _held(context, record_type.id, forces, period)
    entries = [e for months in held.values() for e in months if e is not None]
    counted: dict[str, tuple[Compiled, Cells]] = {}
    for part in by_age(measures):
        plan, compiled = plans(context, record_type, part, by)
        found = _counted(context, plan, entries)
        counted |= {m.id: (compiled[m.id], found) for m in part}
    for measure in measures:
        maker = _Maker(context, record_type, measure, *counted[measure.id], period, held)
        maker.make(forces, by, answers)


def cells_of(
    context: Context, type_id: str, measures: Sequence[AnyMeasure], forces: Sequence[str], period: Period
) -> Cells:
    """The cells behind the figures of some measures, for publication beside them; see ``plans``."""
    mine = [m for m in measures if m.of == type_id]
    plan, _ = plans(context, context.catalogue.types[type_id], mine)
    held = _held(context, type_id, forces, period)
    return _counted(context, plan, [e for months in held.values() for e in months if e is not None])


def _held(
    context: Context, type_id: str, forces: Sequence[str], period: Period
) -> dict[str, list[Entry | None]]:
    return {force: [context.view.get(type_id, force, month) for month in period.months()] for force in forces}


def _counted(context: Context, plan: cells_module.Plan, entries: list[Entry]) -> Cells:
    if context.given is not None:
        return context.given
    if context.fresh:
        return cells_module.compute(context.con, context.root, plan, entries, context.sources())
    return cells_module.fetch(context.con, context.root, plan, entries, context.sources(), context.progress)


class _Maker:
    """Makes the figures of one measure."""

    def __init__(
        self,
        context: Context,
        record_type: RecordType,
        measure: AnyMeasure,
        compiled: Compiled,
        counted: Cells,
        period: Period,
        held: dict[str, list[Entry | None]],
    ) -> None:
        self.context, self.record_type, self.measure = context, record_type, measure
        self.compiled, self.period, self.counted, self.held = compiled, period, counted, held
        self.versions: dict[tuple[str, ...], str] = {}
        self.found: dict[str, practices.Found] = {}

    def make(self, forces: Sequence[str], by: tuple[str, ...], answers: Answers) -> None:
        self.found = self.classify(forces, answers)
        cuts = self.cuts(forces, by)
        for force in forces:
            for breakdown, cut in cuts:
                figure, question = self.figure(force, breakdown, cut)
                answers.figures.append(figure)
                answers.questions[figure.figure_id] = question

    def cuts(
        self, forces: Sequence[str], by: tuple[str, ...]
    ) -> list[tuple[dict[str, str], tuple[str, str]]]:
        """The breakdowns of which a figure is wanted: shown as, and (dimension, category)."""
        measure = self.measure
        if isinstance(measure, RatioOfRates):
            return [({measure.group_name: g}, ("", g)) for g in measure.groups]
        if isinstance(measure, Distribution):
            names = all_names(self.record_type)[measure.across].allowed
            shown = list(names) or sorted(self.occurring(forces, measure.across) - {NOT_KNOWN})
            # Where no category is known of any force, one figure still says why there is none.
            return [({measure.across: v}, (measure.across, v)) for v in shown] or [({}, ("", ""))]
        cuts: list[tuple[dict[str, str], tuple[str, str]]] = [({}, ("", ""))]
        for dimension in by:
            allowed = list(all_names(self.record_type)[dimension].allowed)
            there = self.occurring(forces, dimension)
            ordered = [v for v in allowed if v in there] + sorted(there - set(allowed) - {NOT_KNOWN})
            ordered += [NOT_KNOWN] if NOT_KNOWN in there else []
            cuts += [({dimension: v}, (dimension, v)) for v in ordered]
        return cuts

    def occurring(self, forces: Iterable[str], dimension: str) -> set[str]:
        return set().union(*(self.counted.values(self.snapshots(f), dimension) for f in forces))

    def snapshots(self, force: str) -> list[str]:
        return [e.snapshot for e in self.held[force] if e is not None]

    def classify(self, forces: Sequence[str], answers: Answers) -> dict[str, practices.Found]:
        practice = self.measure.practice
        if practice is None:
            return {}
        columns = {name: cell_column(self.compiled.counts[f"practice:{name}"]) for name, _ in practice.counts}
        monthly = {
            force: {
                clock.month_text(e.month): {
                    n: self.counted.total([e.snapshot], c) for n, c in columns.items()
                }
                for e in self.held[force]
                if e is not None
            }
            for force in forces
            if all(self.held[force])
        }
        named = {r.id for r in self.measure.readings} if isinstance(self.measure, Proportion) else set()
        found = practices.classify(self.context.con, practice, monthly, named, self.measure.id)
        answers.practices[practice.id] = found
        answers.practice_titles[practice.id] = practice.title
        return found

    def tally(self, force: str) -> Tally:
        snapshots = self.snapshots(force)
        columns = {what: cell_column(c) for what, c in self.compiled.counts.items()}
        counted = self.counted

        def total(what: str, dimension: str, value: str) -> int:
            return counted.total(snapshots, columns[what], dimension, value) if what in columns else 0

        def monthly(what: str, dimension: str, value: str) -> list[int]:
            return [counted.total([s], columns[what], dimension, value) for s in snapshots]

        timed = {what: seconds_column(s) for what, s in self.compiled.seconds.items()}

        def seconds(what: str, dimension: str, value: str) -> Mapping[int, int]:
            return counted.durations(snapshots, timed[what], dimension, value)

        return Tally(total, monthly, lambda dimension: counted.values(snapshots, dimension), seconds)

    def figure(self, force: str, breakdown: dict[str, str], cut: tuple[str, str]) -> tuple[Figure, Question]:
        measure, period = self.measure, self.period
        question = self.question(force, breakdown)
        missing = [m for m, e in zip(period.months(), self.held[force], strict=True) if e is None]
        estimate = self.estimate(force)
        if missing:
            fields: dict[str, Any] = {"status": "not-supplied", "reason": _missing(missing, period)}
        else:
            fields = self.fields(force, cut, estimate)
        unit = f"{measure.unit} in {_months(period)}" if isinstance(measure, Rate) else measure.unit
        figure = Figure(
            measure=measure.id,
            force=force,
            period_start=period.start(),
            period_end=period.end(),
            breakdown=breakdown,
            unit=unit,
            as_at=self.context.view.vintage.as_at,
            figure_id=question.id(),
            snapshots=self.provenance(force, estimate),
            **fields,
        )
        return figure, question

    def fields(self, force: str, cut: tuple[str, str], estimate: Estimate | None) -> dict[str, Any]:
        found = self.found.get(force)
        fields = self.kind(force, cut, found.rule.reading if found else "", estimate)
        if found is None:
            return fields
        if found.rule.status:
            status = {"status": found.rule.status, "reason": found.reason()}
            return self.kept(force, cut, fields, found.rule.keep_bounds) | status
        return fields | {"reading": found.rule.reading or None}

    def kept(self, force: str, cut: tuple[str, str], fields: dict[str, Any], bounded: bool) -> dict[str, Any]:
        """What stands beside a status in place of a value.

        Bounds and counts stay where what is recorded can be trusted as far as it goes. Otherwise no
        answer counts as known, and only how many records that concerns is said.
        """
        if bounded:
            return {k: v for k, v in fields.items() if k not in ("value", "interval")}
        own = isinstance(self.measure, Distribution | RatioOfRates)
        return {
            "unknown": self.tally(force).at("n", ("", "") if own else cut),
            "unknown_eligibility": fields["unknown_eligibility"],
        }

    def kind(
        self, force: str, cut: tuple[str, str], reading: str, estimate: Estimate | None
    ) -> dict[str, Any]:
        measure, tally = self.measure, self.tally(force)
        if isinstance(measure, Count):
            return kinds.count(measure, tally, cut)
        if isinstance(measure, Rate):
            return kinds.rate(measure, tally, cut, estimate)
        if isinstance(measure, Proportion):
            return kinds.proportion(measure, tally, cut, reading)
        if isinstance(measure, Distribution):
            return kinds.distribution(measure, tally, cut[1])
        if isinstance(measure, ShareWithin):
            return timeliness.share_within(tally, cut, self.known_on(force))
        if isinstance(measure, Quantile):
            return timeliness.quantile(measure, tally, cut)
        if isinstance(measure, MedianWait):
            return timeliness.median_wait(tally, cut, self.known_on(force))
        column = dict(measure.across).get(estimate.scheme, "") if estimate else ""
        return kinds.ratio(measure, tally, cut[1], column, estimate if column else None)

    def known_on(self, force: str) -> str:
        """The day from which the oldest of a force's records are known, where that is before the as-at day."""
        oldest = min((e.known_from for e in self.held[force] if e is not None), default="")
        return oldest if oldest < self.context.view.vintage.as_at.isoformat() else ""

    def estimate(self, force: str) -> Estimate | None:
        populations = self.context.populations
        if isinstance(self.measure, Rate):
            return populations.find(force, self.period.end())
        if isinstance(self.measure, RatioOfRates):
            return populations.find(force, self.period.end(), [s for s, _ in self.measure.across])
        return None

    def provenance(self, force: str, estimate: Estimate | None) -> list[str]:
        snapshots = self.snapshots(force)
        if estimate is not None:
            month = clock.month_of(estimate.day)
            entry = self.context.view.get(self.context.catalogue.population.id, force, month)
            snapshots += [entry.snapshot] if entry else []
        return snapshots

    def version(self, dimensions: tuple[str, ...]) -> str:
        """The measure's version; with the derivations of a breakdown that it does not declare itself."""
        own = {*self.measure.by, *own_groups(self.measure), getattr(self.measure, "group_name", "")}
        extra = tuple(d for d in dimensions if d not in own)
        if extra not in self.versions:
            self.versions[extra] = version(self.measure, self.record_type, self.context.methods, extra)
        return self.versions[extra]

    def question(self, force: str, breakdown: dict[str, str]) -> Question:
        context = self.context
        vintage = context.view.vintage
        return Question(
            measure=self.measure.id,
            version=self.version(tuple(breakdown)),
            force=force,
            first=clock.month_text(self.period.first),
            last=clock.month_text(self.period.last),
            breakdown=tuple(sorted(breakdown.items())),
            generation=context.generation_hash,
            as_at=vintage.as_at.isoformat(),
            recorded_by=vintage.recorded_by.isoformat() if vintage.recorded_by else None,
            population=context.populations.choice,
            policies=context.policies_hash(),
        )


def _missing(months: list[int], period: Period) -> str:
    if len(months) == period.length():
        return "nothing supplied for the period"
    return "nothing supplied for " + ", ".join(clock.month_text(m) for m in months)


def _months(period: Period) -> str:
    return "1 month" if period.length() == 1 else f"{period.length()} months"
