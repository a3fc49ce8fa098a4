"""Figures from records by loops: for each measure, force and category, what the docs say it must come to."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from scipy import stats

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
    PracticeRule,
    Proportion,
    Quantile,
    Rate,
    RatioOfRates,
    ShareWithin,
)
from reference.ask_for import RESIDENTS, Asked
from reference.derive import Record, World, seconds_between
from reference.tables import LONDON, Month, last_day, month_after

NOT_KNOWN = "not known"
Cut = tuple[tuple[str, str], ...]
NUMBERS = re.compile(r"([0-9,]+) (not yet due|due and still waiting|still waiting|withdrawn)")


@dataclass
class Said:
    """What a figure says. ``told`` are the counts that stand in its reason."""

    status: str
    value: Any = None
    numerator: int | None = None
    denominator: int | None = None
    unknown: int | None = None
    unsure: int | None = None
    bounds: tuple[Any, Any] | None = None
    interval: tuple[float, float] | None = None
    reading: str | None = None
    told: dict[str, int] = field(default_factory=dict)


@dataclass
class Group:
    """The records of one category: those that belong for certain, and how many more could.

    A record could belong where its condition is not known, or where its category is not known.
    """

    sure: list[Record]
    unsure: int


class Reference:
    """Figures of what is asked, from a world."""

    def __init__(self, world: World, asked: Asked) -> None:
        self.world, self.asked = world, asked
        moment = datetime.combine(asked.as_at + timedelta(days=1), datetime.min.time(), LONDON)
        self.moment = moment.astimezone(UTC)

    def figures(self, measure: AnyMeasure) -> dict[tuple[str, Cut], Said]:
        """By force and category."""
        out = {}
        for force in self.asked.forces:
            for cut in self.cuts(measure):
                out[force, cut] = self.said(measure, force, cut)
        return out

    # ------------------------------------------------------------------------ which records, which categories

    def months(self, measure: AnyMeasure, force: str) -> list[Month]:
        """The months a figure needs: the period's, and for what is open all since the force's first."""
        first = self.asked.first
        if isinstance(measure, Backlog | Flow | AgeOfBacklog):
            first = min([first, *(m for f, m in self.world.held.months if f == force)])
        out = [first]
        while out[-1] < self.asked.last:
            out.append(month_after(out[-1]))
        return out

    def records(self, measure: AnyMeasure, force: str) -> list[Record]:
        held = self.world.held.months
        return [r for m in self.months(measure, force) for r in held.get((force, m), [])]

    def cuts(self, measure: AnyMeasure) -> list[Cut]:
        every = [r for f in self.asked.forces for r in self.records(measure, f)]
        if isinstance(measure, Distribution):
            allowed = self.allowed(measure.across)
            found = allowed or sorted({category(r, measure.across) for r in every} - {NOT_KNOWN})
            return [((measure.across, v),) for v in found] or [()]
        if isinstance(measure, RatioOfRates):
            return [((measure.group_name, g),) for g in measure.groups]
        if isinstance(measure, Flow):
            return [(("flow", f),) for f in FLOWS]
        cuts: list[Cut] = [()]
        for by in self.asked.by:
            columns = by.split(",")
            cuts += sorted({tuple((c, category(r, c)) for c in columns) for r in every})
        return cuts

    def allowed(self, name: str) -> list[str]:
        for column in self.world.shape.type.columns:
            if column.name == name:
                return list(column.allowed)
        ((kind, values),) = [v for n, v in self.world.shape.known.items() if n == name]
        return list(values) if kind == "text" and name in ("kind", "level") else []

    def group(self, measure: AnyMeasure, force: str, cut: Cut) -> Group:
        where = self.asked.logic[measure.where].value if measure.where else lambda _row: True
        sure, unsure = [], 0
        for record in self.records(measure, force):
            belongs = where(record)
            may = all(category(record, c) in (v, NOT_KNOWN) for c, v in cut)
            if belongs is False or not may:
                continue
            if belongs and all(category(record, c) == v for c, v in cut):
                sure.append(record)
            else:
                unsure += 1
        return Group(sure, unsure)

    # --------------------------------------------------------------------------------------------- figures

    def said(self, measure: AnyMeasure, force: str, cut: Cut) -> Said:
        if any((force, m) not in self.world.held.months for m in self.months(measure, force)):
            return Said("not-supplied")
        own = isinstance(measure, Distribution | RatioOfRates | Flow)
        group = self.group(measure, force, () if own else cut)
        if isinstance(measure, Count):
            n = len(group.sure)
            bounds = (n, n + group.unsure) if group.unsure else None
            return Said("ok", n, n, n, 0, group.unsure, bounds)
        if isinstance(measure, Rate):
            return self.rate(measure, group, force)
        if isinstance(measure, Proportion):
            return self.proportion(measure, group, force)
        if isinstance(measure, Distribution):
            return self.distribution(measure, group, cut)
        if isinstance(measure, RatioOfRates):
            return self.ratio(measure, group, force, cut[0][1])
        if isinstance(measure, ShareWithin):
            return self.within(measure, group)
        if isinstance(measure, MedianWait):
            return self.wait(measure, group)
        if isinstance(measure, Quantile):
            return quantile_of(measure, group)
        if isinstance(measure, Mean):
            return mean_of(measure, group, self.is_duration(measure.of_number))
        return self.stock(measure, group, cut)

    def is_duration(self, name: str) -> bool:
        return name in ("wait", self.world.shape.name["took"])

    def rate(self, measure: Rate, group: Group, force: str) -> Said:
        n, people = len(group.sure), sum(RESIDENTS[force].values())
        low, high = Fraction(n * measure.per, people), Fraction((n + group.unsure) * measure.per, people)
        return Said("ok", low, n, people, 0, group.unsure, (low, high) if group.unsure else None)

    def proportion(self, measure: Proportion, group: Group, force: str) -> Said:
        met = self.asked.logic[measure.met].value
        plain = share([met(r) for r in group.sure], group.unsure)
        rule = self.practice(measure, force)
        if rule is None:
            return plain
        if rule.status and rule.keep_bounds:
            return Said(
                rule.status,
                None,
                plain.numerator,
                plain.denominator,
                plain.unknown,
                plain.unsure,
                plain.bounds,
            )
        if rule.status:
            return Said(rule.status, unknown=len(group.sure), unsure=group.unsure)
        if not rule.reading:
            return plain
        (reading,) = [r for r in measure.readings if r.id == rule.reading]
        read = self.asked.logic[reading.met].value
        out = share([read(r) for r in group.sure], group.unsure)
        out.bounds, out.reading = plain.bounds, reading.id
        return out

    def practice(self, measure: Proportion, force: str) -> PracticeRule | None:
        """The force's way of filling in over the period; no value where a large month contradicts it."""
        if measure.practice is None:
            return None
        months = [self.world.held.months[force, m] for m in self.months(measure, force)]
        whole = self.rule(measure, [r for rows in months for r in rows])
        if whole.status or len(months) == 1:
            return whole
        named = {r.id for r in measure.readings}
        for rows in months:
            if len(rows) < 30:
                continue
            alone = self.rule(measure, rows)
            misread = alone.status == "not-supplied" and whole.reading in named
            if misread or (alone.status == "not-interpretable" and not alone.keep_bounds):
                return PracticeRule("differs", "true", "", status="not-interpretable")
        return whole

    def rule(self, measure: Proportion, rows: Sequence[Record]) -> PracticeRule:
        assert measure.practice is not None
        logic = self.asked.logic
        counts = {name: sum(logic[c].value(r) is True for r in rows) for name, c in measure.practice.counts}
        return next(r for r in measure.practice.rules if logic[r.when].value(counts) is True)

    def distribution(self, measure: Distribution, group: Group, cut: Cut) -> Said:
        answers = [category(r, measure.across) for r in group.sure]
        wanted = cut[0][1] if cut else None
        return share([None if a == NOT_KNOWN else a == wanted for a in answers], group.unsure)

    def ratio(self, measure: RatioOfRates, group: Group, force: str, one: str) -> Said:
        sort = [r[self.world.shape.name["sort"]] for r in group.sure]
        a, b = sort.count(one), sort.count(measure.reference)
        unknown = sum(s not in (measure.reference, *measure.groups) for s in sort)
        out = Said("ok", None, a, b, unknown, group.unsure)
        people, others = RESIDENTS[force][one], RESIDENTS[force][measure.reference]
        if not people or not others:
            out.status = "not-supplied"
        elif min(a, b) < measure.minimum:
            out.status = "too-few"
        else:
            more = unknown + group.unsure
            out.value = Fraction(a * others, people * b)
            if more:
                out.bounds = (
                    Fraction(a * others, people * (b + more)),
                    Fraction((a + more) * others, people * b),
                )
        return out

    # ------------------------------------------------------------------------------------------------ waits

    def state(self, measure: ShareWithin | MedianWait, record: Record) -> str:
        """Where a record stands at the as-at moment; times that cannot be true are not known."""
        start, served = record[measure.start], record[measure.served]
        gone = record[measure.withdrawn] if measure.withdrawn else None
        gone_day = record[f"{measure.withdrawn}_date"] if measure.withdrawn else None
        if start is not None and start > self.moment:
            return "unknown"
        if served is not None and (served > self.moment or (start is not None and served < start)):
            return "unknown"
        if served is None and record[f"{measure.served}_date"] is not None:
            return "unknown"  # served on that day, at a time that is not known
        if (
            served is None
            and gone is not None
            and (gone > self.moment or (start is not None and gone < start))
        ):
            return "unknown"
        if served is None and gone_day is not None:
            return "withdrawn"
        if start is None:
            return "unknown"
        return "waiting" if served is None else "served"

    def within(self, measure: ShareWithin, group: Group) -> Said:
        answers: list[bool | None] = []
        told = dict.fromkeys(("not yet due", "waiting", "withdrawn"), 0)
        for record in group.sure:
            state = self.state(measure, record)
            limit = record[measure.limit] if measure.limit else measure.limit_seconds
            if state == "withdrawn":
                told["withdrawn"] += 1
            elif state == "unknown" or limit is None or limit < 0:
                answers.append(None)
            elif (seconds_between(record[measure.start], self.moment) or 0) < limit:
                told["not yet due"] += 1
            elif state == "waiting":
                told["waiting"] += 1
                answers.append(False)
            else:
                took = seconds_between(record[measure.start], record[measure.served])
                answers.append(took is not None and took <= limit)
        out = share(answers, group.unsure)
        if out.status == "no-data" and told["not yet due"]:
            out.status = "not-yet-due"
        return finish(out, told)

    def wait(self, measure: MedianWait, group: Group) -> Said:
        states = [(self.state(measure, r), r) for r in group.sure]
        served = [seconds_between(r[measure.start], r[measure.served]) for s, r in states if s == "served"]
        waiting = [seconds_between(r[measure.start], self.moment) for s, r in states if s == "waiting"]
        unknown, gone = (sum(s == which for s, _ in states) for which in ("unknown", "withdrawn"))
        out = Said("ok", None, len(served), len(served) + len(waiting), unknown, group.unsure)
        if not states or not served + waiting:
            out.status = "no-data"
        else:
            out.value = median_with_waiting(served, waiting)  # type: ignore[arg-type]
            out.status = "ok" if out.value is not None else "not-yet-due"
        return finish(out, {"waiting": len(waiting), "withdrawn": gone})

    # ----------------------------------------------------------------------------------------------- stocks

    def day(self, record: Record, name: str) -> date | None:
        found: date | None = record[f"{name}_date" if f"{name}_date" in record else name]
        return found

    def stock(self, measure: Backlog | Flow | AgeOfBacklog, group: Group, cut: Cut) -> Said:
        spans = [(self.day(r, measure.start), self.day(r, measure.end)) for r in group.sure]
        known = [(a, b) for a, b in spans if a is not None and (b is None or b >= a)]
        unknown = len(spans) - len(known)

        def is_open(day: date) -> list[date]:
            return [a for a, b in known if a <= day and (b is None or b > day)]

        if isinstance(measure, AgeOfBacklog):
            ages = [(self.asked.as_at - a).days for a in is_open(self.asked.as_at)]
            out = Said("ok" if ages else "no-data", None, len(ages), len(ages), unknown, group.unsure)
            out.value = quantile(ages, measure.p) if ages else None
            return out
        first, last = self.asked.first, last_day(self.asked.last)
        if last > self.asked.as_at:
            return Said("not-yet-due", unknown=unknown, unsure=group.unsure)
        n = len(is_open(last))
        if isinstance(measure, Flow):
            came = sum(first <= a <= last for a, _ in known)
            went = sum(b is not None and first <= b <= last for _, b in known)
            four = (len(is_open(first - timedelta(days=1))), came, went, n)
            n = dict(zip(FLOWS, four, strict=True))[cut[0][1]]
        more = unknown + group.unsure
        return Said("ok", n, n, n, unknown, group.unsure, (n, n + more) if more else None)


def category(record: Record, name: str) -> str:
    value = record[name]
    if isinstance(value, bool):
        return "true" if value else "false"
    return NOT_KNOWN if value is None else str(value)


def share(answers: Iterable[bool | None], unsure: int) -> Said:
    """A share of the known answers, between every unknown one a no and every one a yes."""
    listed = list(answers)
    yes, unknown = listed.count(True), listed.count(None)
    known, total = len(listed) - unknown, len(listed) + unsure
    out = Said("ok" if known else "no-data", None, yes, known, unknown, unsure)
    if unknown + unsure:
        out.bounds = (Fraction(yes, total), Fraction(yes + unknown + unsure, total))
    if known:
        out.value, out.interval = Fraction(yes, known), wilson(yes, known)
    return out


def wilson(x: int, n: int) -> tuple[float, float]:
    z = stats.norm.ppf(0.975)
    middle, half = x + z * z / 2, z * math.sqrt(x * (n - x) / n + z * z / 4)
    return (
        0.0 if x == 0 else (middle - half) / (n + z * z),
        1.0 if x == n else (middle + half) / (n + z * z),
    )


def finish(out: Said, told: dict[str, int]) -> Said:
    out.told = {k: v for k, v in told.items() if v}
    return out


def quantile(values: Sequence[Any], p: float) -> Any:
    """R type 7; nothing where it lies among what is endless."""
    ordered, place = sorted(values), (len(values) - 1) * Fraction(str(p))
    below = math.floor(place)
    part = place - below
    if not part:
        return None if ordered[below] == math.inf else ordered[below]
    if math.inf in (ordered[below], ordered[below + 1]):
        return None
    return ordered[below] + part * (ordered[below + 1] - ordered[below])


def quantile_of(measure: Quantile, group: Group) -> Said:
    values = [r[measure.of_duration] for r in group.sure]
    known = [v for v in values if v is not None and v >= 0]
    unknown = len(values) - len(known)
    out = Said("ok" if known else "no-data", None, len(known), len(known), unknown, group.unsure)
    if known:
        out.value, more = quantile(known, measure.p), unknown + group.unsure
        if more:
            out.bounds = (
                quantile([*known, *[0] * more], measure.p),
                quantile([*known, *[math.inf] * more], measure.p),
            )
    return out


def mean_of(measure: Mean, group: Group, duration: bool) -> Said:
    values = [r[measure.of_number] for r in group.sure]
    known = [Fraction(v) for v in values if v is not None and not (duration and v < 0)]
    unknown = len(values) - len(known)
    out = Said("ok" if known else "no-data", None, len(known), len(known), unknown, group.unsure)
    if known:
        out.value = sum(known) / len(known)
    if len(known) > 1:
        half = stats.t.ppf(0.975, len(known) - 1) * math.sqrt(statistics.variance(known) / len(known))
        out.interval = (float(out.value) - half, float(out.value) + half)
    return out


def median_with_waiting(served: Sequence[int], waiting: Sequence[int]) -> Fraction | None:
    """The first time at which half or fewer still wait; in the middle where it is half until the next time.

    The share still waiting is multiplied, at each time at which somebody was served, by the share of those
    who had waited at least so long and were not served then.
    """
    left, half = Fraction(1), Fraction(1, 2)
    times = sorted(set(served))
    for place, time in enumerate(times):
        at_risk = sum(s >= time for s in [*served, *waiting])
        left *= 1 - Fraction(served.count(time), at_risk)
        if left < half or (left == half and place + 1 == len(times)):
            return Fraction(time)
        if left == half:
            return Fraction(time + times[place + 1], 2)
    return None
