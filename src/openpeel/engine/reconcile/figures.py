"""Figures of theirs: each rule tried as a re-count, and the smallest set of them that gives their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from openpeel.engine import clock
from openpeel.engine.declare.measures import Distribution, Rate
from openpeel.engine.measure.build import answer
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.figure import Figure
from openpeel.engine.measure.maker import Answers
from openpeel.engine.reconcile.beside import Beside, Set, dated_by, near
from openpeel.engine.reconcile.candidates import candidates, estimates_of
from openpeel.engine.reconcile.flags import Flags, Held, Rows, flags_of
from openpeel.engine.reconcile.result import Line, Part, Reconciliation, Row, Try, Verdict
from openpeel.engine.reconcile.rules import Asked, Rule, Seen, counts, sets_of
from openpeel.engine.reconcile.theirs import TheirFigure
from openpeel.errors import UserError

#: A rule that gives none of their numbers is shown as the closest only if it leaves at most so much of each difference.
_CLOSE = Fraction(1, 2)
#: Other sets of rules that fit as well and are named.
_NAMED = 10


def reconcile_figures(
    context: Context,
    measure: Held,
    theirs: Sequence[TheirFigure],
    against: str,
    with_rows: bool = False,
    record: Callable[[Answers], None] = lambda _answers: None,
) -> Reconciliation:
    """Put our figures beside somebody else's, and split each difference by the rules that give their number.

    One set of rules is taken for the whole file, since whoever made it counted one way: the smallest of those
    that give the most of their numbers exactly. Where none gives any, the closest single rule is shown if it
    leaves at most half of the difference, and the rest stays.

    Args:
        context: the opened workspace.
        measure: a measure of a kind whose records can be told one by one.
        theirs: their figures.
        against: the name of their file.
        with_rows: whether the rows behind the parts are wanted.
        record: is given the figures of ours, for the ledger.

    Raises:
        UserError: a breakdown does not fit the measure, or the measure has another kind.
    """
    flags = flags_of(context, measure, (b for t in theirs for b in t.breakdown))
    figures = _figures(context, measure, theirs, record)
    forces = {t.force for t in theirs}
    entries = [e for e in context.view.of(measure.of) if e.force in forces]
    rows = Rows(context, flags, entries)
    dates = rows.dated_by()
    cells = {d: rows.cells([d]) for d in dates}
    held = [_held(context, flags, t, f, cells) for t, f in zip(theirs, figures, strict=True)]
    _check(held)
    counted = [h for h in held if h.figure.numerator is not None and h.comes_out(())]
    rules = candidates(context, flags, dates, [h.asked.reading for h in counted], sorted(forces))
    found = _choose(counted, rules)
    moved = _Moved(rows, found.rules)
    lines = [_line(h, found.rules, rules, moved if h in counted else None) for h in held]
    listed = moved.rows_of(counted) if with_rows else []
    return Reconciliation(
        measure.id,
        against,
        "figures",
        lines,
        [r.id for r in found.rules],
        [[r.id for r in s] for s in found.alternatives],
        found.tried,
        _notes(lines, found, _at_the_edge(context, counted, found.rules)),
        listed,
    )


def _figures(
    context: Context, measure: Held, theirs: Sequence[TheirFigure], record: Callable[[Answers], None]
) -> list[Figure]:
    """Our figure for each of theirs; those of one period and breakdown are worked out together."""
    asked: dict[tuple[Any, tuple[str, ...]], dict[str, None]] = {}
    for t in theirs:
        asked.setdefault((t.period, tuple(t.breakdown)), {})[t.force] = None
    made: dict[tuple[Any, ...], list[Figure]] = {}
    for (period, columns), forces in asked.items():
        own = isinstance(measure, Distribution)
        by = [] if own or not columns else [",".join(columns)]
        answers = answer(context, [measure], list(forces), period, by)
        record(answers)
        for figure in answers.figures:
            made.setdefault((period, columns, figure.force), []).append(figure)
    return [_of(made[t.period, tuple(t.breakdown), t.force], t, measure) for t in theirs]


def _of(figures: Sequence[Figure], theirs: TheirFigure, measure: Held) -> Figure:
    for figure in figures:
        if figure.breakdown == dict(theirs.breakdown):
            return figure
    whole = [f for f in figures if not f.counted()]
    if whole:  # nothing is held, so no category occurs either
        return whole[0]
    known = sorted({" ".join(f"{k}={v}" for k, v in f.breakdown.items()) for f in figures} - {""})[:_NAMED]
    text = ", ".join(f"{k}={v}" for k, v in theirs.breakdown.items()) or "the whole"
    raise UserError(
        f"{measure.id} has no figure for {text}", f"line {theirs.line}", "ours are: " + "; ".join(known)
    )


def _held(
    context: Context,
    flags: Flags,
    theirs: TheirFigure,
    figure: Figure,
    cells: Mapping[str, Mapping[str, Counter[Seen]]],
) -> Beside:
    measure, period = flags.measure, theirs.period
    across = measure.across if isinstance(measure, Distribution) else ""
    asked = Asked(period.first, period.last, dict(theirs.breakdown), flags.reading(figure.reading), across)
    people: dict[str, int] = {}
    if isinstance(measure, Rate):
        known = estimates_of(context, theirs.force)
        people = {e.source(grouped=False): e.total() for e in known}
        if figure.population:
            people[""] = figure.population
    mine = {d: near(of_force.get(theirs.force, Counter()), asked) for d, of_force in cells.items()}
    return Beside(theirs, figure, asked, mine, measure, people)


def _check(held: Sequence[Beside]) -> None:
    """The re-count without any rule is the figure: else parts would be parts of something else."""
    for h in held:
        if h.figure.numerator is None:
            continue
        ours = h.comes_out(())
        for name in ("count", "numerator", "denominator"):
            said = h.figure.denominator if name == "denominator" else h.figure.numerator
            if name in ours and said is not None and ours[name] != said:
                raise UserError(
                    f"our records count to {ours[name]} and the figure says {said}", h.figure.measure,
                    "run `openpeel verify`; records or cells have been altered",
                )  # fmt: skip


@dataclass(frozen=True)
class _Found:
    rules: Set
    fits: int
    tried: int
    alternatives: tuple[Set, ...]


def _choose(held: Sequence[Beside], rules: Sequence[Rule]) -> _Found:
    moving = [r for r in rules if any(h.comes_out((r,)) != h.comes_out(()) for h in held)]
    sets = sets_of(rules, moving)
    fit = {s: sum(h.fits(s) for h in held) for s in sets}
    best = max(fit.values(), default=0)
    if best > fit[()]:
        smallest = min(len(s) for s in sets if fit[s] == best)
        equal = [s for s in sets if fit[s] == best and len(s) == smallest]
        equal.sort(key=lambda s: sum(h.far(s) for h in held))
        return _Found(equal[0], best, len(sets), tuple(equal[1 : _NAMED + 1]))
    if fit[()] == len(held) or fit[()]:
        return _Found((), fit[()], len(sets), ())
    close = [r for r in moving if all(h.nearer((r,), _CLOSE) for h in held)]
    close.sort(key=lambda r: sum(h.far((r,)) for h in held))
    return _Found(tuple(close[:1]), 0, len(sets), ())


def _line(held: Beside, chosen: Set, rules: Sequence[Rule], moved: _Moved | None) -> Line:
    figure, theirs = held.figure, held.theirs
    about = (theirs.force, (str(theirs.period.start()), str(theirs.period.end())), dict(theirs.breakdown))
    if moved is None:
        reason = figure.reason or figure.status
        return Line(*about, {}, theirs.amounts, [], "no-figure", figure.figure_id, reason)
    ours = held.comes_out(())
    used = held.used(chosen)
    parts = _parts(held, used, moved)
    lacking = sorted(set(theirs.amounts) - set(ours))
    reason = f"ours has no {', '.join(lacking)}: {figure.reason or figure.status}" if lacking else ""
    verdict: Verdict = "agrees" if held.fits(()) else "explained" if held.fits(used) else "not-explained"
    return Line(
        *about, ours, theirs.amounts, parts, verdict,
        figure.figure_id, reason, [] if held.fits(()) else _tries(held, rules),
    )  # fmt: skip


def _parts(held: Beside, chosen: Set, moved: _Moved) -> list[Part]:
    """What each rule changes after those before it."""
    out = []
    for place, rule in enumerate(chosen):
        before, after = held.comes_out(chosen[:place]), held.comes_out(chosen[: place + 1])
        change = {n: after[n] - before[n] for n in after if n in before and after[n] != before[n]}
        if change:
            rows = None if rule.group == "population" else moved.count(held, place)
            out.append(Part(rule.id, rule.says, change, rows=rows))
    return out


def _tries(held: Beside, rules: Sequence[Rule]) -> list[Try]:
    ours = held.comes_out(())
    return [
        Try(r.id, r.says, held.comes_out((r,)), held.rest((r,)), held.fits((r,)))
        for r in rules
        if held.comes_out((r,)) != ours
    ]


class _Moved:
    """The records that a rule takes in, leaves out or counts otherwise than the rules before it."""

    def __init__(self, rows: Rows, chosen: Set) -> None:
        self.rows, self.chosen = rows, chosen
        self.dates = list(dict.fromkeys(["", dated_by(chosen)]))
        self.cells = rows.cells(self.dates) if chosen else {}

    def count(self, held: Beside, place: int) -> int:
        """How many records the rule at a place moves."""
        mine = near(self.cells.get(held.theirs.force, Counter()), held.asked)
        return sum(n for seen, n in mine.items() if self.moves(seen, held, place))

    def moves(self, seen: Seen, held: Beside, place: int) -> bool:
        """Whether the rule at a place moves a record."""
        before, after = self.chosen[:place], self.chosen[: place + 1]
        return counts(seen, held.asked, before) != counts(seen, held.asked, after)

    def rows_of(self, held: Sequence[Beside]) -> list[Row]:
        """Every record that is moved, with its rule."""
        by_force: dict[str, list[Beside]] = {}
        for one in held:
            if one.used(self.chosen):
                by_force.setdefault(one.theirs.force, []).append(one)
        if not by_force:
            return []
        asked = [one.asked for mine in by_force.values() for one in mine]
        months = min(a.first for a in asked), max(a.last for a in asked)
        out = []
        for given in self.rows.rows(self.dates, self.rows.within(self.dates, months)):
            for one in by_force.get(given["_force"], []):
                out += self._row(given, one)
        return out

    def _row(self, given: Mapping[str, Any], held: Beside) -> list[Row]:
        month = clock.month_text(given["_month"])
        return [
            Row("ours", rule.id, rule.says, given["_force"], month, given["_id"])
            for place, rule in enumerate(self.chosen)
            if self.moves(given["seen"], held, place)
        ]


def _notes(lines: Sequence[Line], found: _Found, edge: Sequence[str]) -> list[str]:
    out = list(edge)
    differ = [line for line in lines if line.verdict in ("explained", "not-explained")]
    if found.rules and found.fits:
        out.append(
            f"their number comes out in {found.fits} of {len(lines)} lines if "
            + ", and ".join(r.says for r in found.rules)
            + f"; {found.tried} sets of rules were tried, and one of many can fit by chance"
        )
    elif found.rules:
        out.append(
            f"no rule gives any of their numbers; the closest: {found.rules[0].says}. It is not shown to be theirs"
        )
    elif differ:
        out.append(f"none of {found.tried} sets of rules gives more of their numbers than ours does as it is")
    return out + ["fits as well: " + ", and ".join(r.says for r in other) for other in found.alternatives]


def _at_the_edge(context: Context, held: Sequence[Beside], chosen: Set) -> list[str]:
    """A word of warning where records that another date would bring into the period may not be here."""
    if not any(r.group == "period" for r in chosen):
        return []
    lacking = sorted(
        {
            clock.month_text(month)
            for h in held
            for month in (h.asked.first - 1, h.asked.last + 1)
            if context.view.get(h.measure.of, h.theirs.force, month) is None
        }
    )
    return (
        [f"records of {', '.join(lacking)} are not here, and some could belong by that date"]
        if lacking
        else []
    )
