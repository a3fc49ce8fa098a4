"""One quantity from several sources, side by side: where they agree, where they conflict, where nobody can tell.

No figure is made of them. Two sources that conflict are both wrong or one of them is; a mean of them would be a
third number that nobody has counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from openpeel.engine.compare.difference import Difference, difference, form_of
from openpeel.engine.declare.measures import AnyMeasure
from openpeel.engine.declare.triangulations import Triangulation
from openpeel.engine.measure import build
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.figure import Figure
from openpeel.engine.measure.maker import Answers
from openpeel.engine.measure.period import Period
from openpeel.errors import UserError

Verdict = Literal["agree", "conflict", "cannot-tell"]


@dataclass(frozen=True)
class Pair:
    """Two sources held against each other.

    Attributes:
        one, other: their names.
        difference: the first less the other.
        verdict: ``agree`` where all of the interval lies within the tolerance, ``conflict`` where the difference is
            larger than that and its interval does not hold 0, else ``cannot-tell``.
    """

    one: str
    other: str
    difference: Difference
    verdict: Verdict


@dataclass(frozen=True)
class SideBySide:
    """What the sources of one quantity say of one force; ``figures`` in the order of the sources."""

    of: Triangulation
    force: str
    figures: tuple[Figure, ...]
    pairs: tuple[Pair, ...]

    @property
    def verdict(self) -> Verdict:
        """A conflict where any two conflict; agreement only where all agree."""
        found = {p.verdict for p in self.pairs}
        if "conflict" in found:
            return "conflict"
        return "agree" if found == {"agree"} else "cannot-tell"

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "triangulation": self.of.id,
            "force": self.force,
            "verdict": self.verdict,
            "tolerance": self.of.tolerance,
            "sources": [
                {"name": s.name, "says": s.says, "figure": f.as_json()}
                for s, f in zip(self.of.sources, self.figures, strict=True)
            ],
            "pairs": [
                {"one": p.one, "other": p.other, "verdict": p.verdict, "difference": p.difference.as_json()}
                for p in self.pairs
            ],
        }


def check(one: Triangulation, measures: Mapping[str, AnyMeasure]) -> None:
    """Whether a triangulation can be asked.

    Raises:
        UserError: fewer than two sources, a name twice, a measure that is not there or is of another form.
    """
    names = [s.name for s in one.sources]
    if len(names) < 2 or len(set(names)) < len(names):
        raise UserError("needs two sources or more, each with a name of its own", one.id, "name them")
    if one.id in measures:
        raise UserError("is the id of a measure, too", one.id, "give it one of its own")
    if lacking := [s.measure for s in one.sources if s.measure not in measures]:
        raise UserError(f"there is no measure `{lacking[0]}`", one.id, "`openpeel measures` lists them")
    forms = {form_of(measures[s.measure]) for s in one.sources}
    if len(forms) > 1 or None in forms:
        raise UserError("its measures are of several kinds", one.id, "take shares alone, or counts alone")
    if forms == {"amount"} and len({measures[s.measure].unit for s in one.sources}) > 1:
        raise UserError("its measures have several units", one.id, "take measures of one unit")
    if not one.tolerance > 0:
        raise UserError(f"the tolerance {one.tolerance} is not above 0", one.id, "give a fraction: 0.05")


def triangulate(
    context: Context, asked: Triangulation, forces: Sequence[str], periods: Mapping[str, Period]
) -> tuple[list[SideBySide], Answers]:
    """What each source says of each force.

    Args:
        context: the opened workspace.
        asked: the triangulation.
        forces: force ids, in the order wanted.
        periods: source -> the period asked of it: a survey may ask in one month about the year before.

    Returns:
        one for each force, and the answers that they rest on, for the ledger.
    """
    measures, answers = context.catalogue.measures, Answers()
    by_force: dict[str, list[Figure]] = {force: [] for force in forces}
    for source in asked.sources:
        found = build.answer(context, [measures[source.measure]], forces, periods[source.name])
        answers.figures += found.figures
        answers.questions |= found.questions
        for figure in found.figures:
            by_force[figure.force].append(figure)
    return [side_by_side(asked, measures, force, figures) for force, figures in by_force.items()], answers


def side_by_side(
    asked: Triangulation, measures: Mapping[str, AnyMeasure], force: str, figures: Sequence[Figure]
) -> SideBySide:
    """The figures of the sources, in their order, held against each other two by two."""
    form = form_of(measures[asked.sources[0].measure])
    assert form is not None
    pairs = []
    named = zip((s.name for s in asked.sources), figures, strict=True)
    for (one, figure), (other, figure_other) in combinations(named, 2):
        apart = difference(form, figure, figure_other)
        pairs.append(Pair(one, other, apart, _verdict(apart, asked.tolerance)))
    return SideBySide(asked, force, tuple(figures), tuple(pairs))


def _verdict(apart: Difference, tolerance: float) -> Verdict:
    if apart.value is None or apart.interval is None:
        return "cannot-tell"
    low, high = apart.interval.low, apart.interval.high
    if -tolerance <= low and high is not None and high <= tolerance:
        return "agree"
    beyond = abs(apart.value) > tolerance and (low > 0 or (high is not None and high < 0))
    return "conflict" if beyond else "cannot-tell"
