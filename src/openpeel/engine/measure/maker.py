"""Figures of one measure, from the cells of a period to values with their counts, status and provenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from openpeel.engine import clock
from openpeel.engine.declare.measures import (
    FLOWS,
    AgeOfBacklog,
    AnyMeasure,
    Backlog,
    Count,
    Distribution,
    Flow,
    Mean,
    MedianWait,
    Proportion,
    Quantile,
    Rate,
    RatioOfRates,
    ShareWithin,
)
from openpeel.engine.declare.records import RecordType
from openpeel.engine.derive.names import all_names
from openpeel.engine.intake.canonical import UNIT_SEPARATOR
from openpeel.engine.intake.generations import Entry
from openpeel.engine.measure import kinds, means, practices, stocks, timeliness
from openpeel.engine.measure.cells import NOT_KNOWN, Cells
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.cubes import Breakdown, dimension_of
from openpeel.engine.measure.figure import Figure
from openpeel.engine.measure.kinds import Tally
from openpeel.engine.measure.period import Period
from openpeel.engine.measure.population import Estimate
from openpeel.engine.measure.predicates import (
    Compiled,
    as_breakdown,
    bins_column,
    cell_column,
    own_groups,
    total_column,
)
from openpeel.engine.measure.question import Question, version


@dataclass
class Answers:
    """Figures with the questions they answer, and the recording practices found on the way.

    ``practices`` maps practice id -> force -> practice; ``questions`` figure id -> question.
    """

    figures: list[Figure] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    practices: dict[str, dict[str, practices.Found]] = field(default_factory=dict)
    practice_titles: dict[str, str] = field(default_factory=dict)


class Maker:
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
        self.found: dict[str, practices.Found] = {}

    def make(self, forces: Sequence[str], by: tuple[Breakdown, ...], answers: Answers) -> None:
        """The figures of some forces, by nothing and by each breakdown."""
        self.found = self.classify(forces, answers)
        cuts = self.cuts(forces, by)
        for force in forces:
            for breakdown, cut in cuts:
                figure, question = self.figure(force, breakdown, cut)
                answers.figures.append(figure)
                answers.questions[figure.figure_id] = question

    def cuts(
        self, forces: Sequence[str], by: tuple[Breakdown, ...]
    ) -> list[tuple[dict[str, str], tuple[str, str]]]:
        """The breakdowns of which a figure is wanted: shown as, and (dimension, category)."""
        measure = self.measure
        if isinstance(measure, RatioOfRates):
            return [({measure.group_name: g}, ("", g)) for g in measure.groups]
        if isinstance(measure, Flow):
            return [({"flow": which}, ("", which)) for which in FLOWS]
        if isinstance(measure, Distribution):
            names = all_names(self.record_type)[measure.across].allowed
            shown = list(names) or sorted(self.occurring(forces, measure.across) - {NOT_KNOWN})
            # Where no category is known of any force, one figure still says why there is none.
            return [({measure.across: v}, (measure.across, v)) for v in shown] or [({}, ("", ""))]
        cuts: list[tuple[dict[str, str], tuple[str, str]]] = [({}, ("", ""))]
        for columns in by:
            dimension = dimension_of(columns)
            for value in sorted(self.occurring(forces, dimension), key=partial(self.place, columns)):
                parts = dict(zip(columns, value.split(UNIT_SEPARATOR), strict=True))
                cuts.append((parts, (dimension, value)))
        return cuts

    def place(self, breakdown: Breakdown, value: str) -> list[tuple[int, int, str]]:
        """Where a category stands: declared ones in their order, then others by name, *not known* last."""
        names, out = all_names(self.record_type), []
        for dimension, part in zip(breakdown, value.split(UNIT_SEPARATOR), strict=True):
            allowed = names[dimension].allowed
            known = allowed.index(part) if part in allowed else len(allowed)
            out.append((int(part == NOT_KNOWN), known, part))
        return out

    def occurring(self, forces: Iterable[str], dimension: str) -> set[str]:
        """The categories that occur with some forces."""
        return set().union(*(self.counted.values(self.snapshots(f), dimension) for f in forces))

    def snapshots(self, force: str) -> list[str]:
        """The snapshots a force's figures rest on."""
        return [e.snapshot for e in self.held[force] if e is not None]

    def classify(self, forces: Sequence[str], answers: Answers) -> dict[str, practices.Found]:
        """How each force fills in what the measure is about; empty where the measure has no such question."""
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
        con, where = self.context.con, self.measure.id
        # Several measures share a practice, and ask of it with the same counts.
        found = self.context.once(
            "practice", [practice], (frozenset(named), repr(monthly)),
            lambda: practices.classify(con, practice, monthly, named, where),
        )  # fmt: skip
        answers.practices[practice.id] = found
        answers.practice_titles[practice.id] = practice.title
        return found

    def tally(self, force: str) -> Tally:
        """A force's counts over the period."""
        snapshots = self.snapshots(force)
        columns = {what: cell_column(c) for what, c in self.compiled.counts.items()}
        counted = self.counted

        def total(what: str, dimension: str, value: str) -> int:
            return counted.total(snapshots, columns[what], dimension, value) if what in columns else 0

        def monthly(what: str, dimension: str, value: str) -> list[int]:
            return [counted.total([s], columns[what], dimension, value) for s in snapshots]

        binned = {what: bins_column(s) for what, s in self.compiled.bins.items()}

        def bins(what: str, dimension: str, value: str) -> Mapping[int, int]:
            return counted.durations(snapshots, binned[what], dimension, value)

        totals = {what: total_column(sql) for what, (_, sql) in self.compiled.totals.items()}

        def added(what: str, dimension: str, value: str) -> Any:
            return counted.total(snapshots, totals[what], dimension, value)

        return Tally(total, monthly, lambda dimension: counted.values(snapshots, dimension), bins, added)

    def figure(self, force: str, breakdown: dict[str, str], cut: tuple[str, str]) -> tuple[Figure, Question]:
        """One figure, and the question that it answers."""
        measure, period = self.measure, self.period
        question = self.question(force, breakdown)
        begins = period.last + 1 - len(self.held[force])
        missing = [m for m, e in enumerate(self.held[force], begins) if e is None]
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
        """What a figure says, the recording practice taken into account."""
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
        """What a figure says, by the kind of the measure."""
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
        if isinstance(measure, Mean):
            return means.mean(tally, cut)
        if isinstance(measure, Backlog | Flow | AgeOfBacklog):
            return self.stock(measure, tally, force, cut)
        column = dict(measure.across).get(estimate.scheme, "") if estimate else ""
        return kinds.ratio(measure, tally, cut[1], column, estimate if column else None)

    def stock(
        self, measure: Backlog | Flow | AgeOfBacklog, tally: Tally, force: str, cut: tuple[str, str]
    ) -> dict[str, Any]:
        """What is open, with what the reader must know of the records it was counted from."""
        first = clock.month_text(self.period.last + 1 - len(self.held[force]))
        told = f", as supplied on {self.known_on(force)}" if self.known_on(force) else ""
        said = f"of records that began in {first} or later{told}"
        last, as_at = self.period.end(), self.context.view.vintage.as_at
        if isinstance(measure, AgeOfBacklog):
            return stocks.age_of_backlog(measure, tally, cut, said)
        if last > as_at:
            young = {"unknown": tally.at("unknown", cut), "unknown_eligibility": tally.unsure(cut)}
            return young | {"status": "not-yet-due", "reason": f"{last} is after the as-at day"}
        if isinstance(measure, Backlog):
            return stocks.backlog(tally, cut, last, said)
        return stocks.flow(tally, cut[1], self.period.start(), last, said)

    def known_on(self, force: str) -> str:
        """The day from which the oldest of a force's records are known, where that is before the as-at day."""
        oldest = min((e.known_from for e in self.held[force] if e is not None), default="")
        return oldest if oldest < self.context.view.vintage.as_at.isoformat() else ""

    def estimate(self, force: str) -> Estimate | None:
        """The residents that the figure rests on, where it does."""
        populations = self.context.populations
        if isinstance(self.measure, Rate):
            return populations.find(force, self.period.end())
        if isinstance(self.measure, RatioOfRates):
            return populations.find(force, self.period.end(), [s for s, _ in self.measure.across])
        return None

    def provenance(self, force: str, estimate: Estimate | None) -> list[str]:
        """The snapshots a figure rests on, those of the population among them."""
        snapshots = self.snapshots(force)
        if estimate is not None:
            month = clock.month_of(estimate.day)
            entry = self.context.view.get(self.context.catalogue.population.id, force, month)
            snapshots += [entry.snapshot] if entry else []
        return snapshots

    def version(self, dimensions: Breakdown) -> str:
        """The measure's version; with the derivations of a breakdown that it does not declare itself."""
        own = {d for b in map(as_breakdown, self.measure.by) for d in b}
        own |= {*own_groups(self.measure), getattr(self.measure, "group_name", ""), "flow"}
        extra = tuple(d for d in dimensions if d not in own)
        measure, of = self.measure, self.record_type
        return self.context.once(
            "version", [of, measure], extra, lambda: version(measure, of, self.context.methods, extra)
        )

    def question(self, force: str, breakdown: dict[str, str]) -> Question:
        """The question that a figure answers."""
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
    if set(months) == set(period.months()):
        return "nothing supplied for the period"
    return "nothing supplied for " + ", ".join(clock.month_text(m) for m in months)


def _months(period: Period) -> str:
    return "1 month" if period.length() == 1 else f"{period.length()} months"
