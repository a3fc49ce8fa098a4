"""A measure against an earlier period of its own: what has changed, and whether that is more than chance.

The two periods may not overlap; figures of both stay what they are, with their own ids. What a change is worth is
for people to say: the words here tell its direction, and whether the measure declares that direction the better one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from openpeel.engine.compare.difference import Difference, difference, form_of
from openpeel.engine.declare.measures import AnyMeasure, Better
from openpeel.engine.intervals import monthly_dispersion
from openpeel.engine.measure import build
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.figure import Figure
from openpeel.engine.measure.maker import Answers
from openpeel.engine.measure.period import Period
from openpeel.engine.measure.series import monthly
from openpeel.errors import UserError

Verdict = Literal["improved", "worsened", "higher", "lower", "no-clear-change", "cannot-say"]


@dataclass(frozen=True)
class Change:
    """One figure and the figure of the same force and category in an earlier period.

    Attributes:
        better: which direction the measure declares to be better.
        now, before: the two figures.
        difference: ``now`` less ``before``.
    """

    better: Better
    now: Figure
    before: Figure
    difference: Difference

    @property
    def verdict(self) -> Verdict:
        """The direction of the change in a word, decided by the interval of the difference."""
        clear = self.difference.clear()
        if clear == "unsaid":
            return "cannot-say"
        if clear == "no":
            return "no-clear-change"
        if self.better == "neutral":
            return clear
        return "improved" if clear == self.better else "worsened"

    def as_json(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "measure": self.now.measure,
            "force": self.now.force,
            "breakdown": self.now.breakdown,
            "verdict": self.verdict,
            "difference": self.difference.as_json(),
            "now": self.now.as_json(),
            "before": self.before.as_json(),
        }


def change(
    context: Context,
    measure: AnyMeasure,
    forces: Sequence[str],
    now: Period,
    before: Period,
    by: Sequence[str] = (),
) -> tuple[list[Change], Answers]:
    """Hold the figures of one period against those of an earlier one.

    Args:
        context: the opened workspace.
        measure: the measure.
        forces: force ids, in the order wanted.
        now, before: the periods, which may not overlap. Counts and rates are related by the day, so that 28 days of
            February are not less than 29; other lengths that differ by more are refused for what is counted.
        by: breakdowns besides the total.

    Returns:
        the changes by force, then category, and the answers that they rest on, for the ledger. A category that
        occurs in one period alone has no change.

    Raises:
        UserError: the periods overlap or do not fit, or the measure has no differences.
    """
    form = form_of(measure)
    if form is None:
        raise UserError(
            "is a ratio itself: a change of it is not worked out", measure.id, "ask for its rates"
        )
    _refuse_unfit(form, now, before)
    answers = Answers()
    for period in (now, before):
        found = build.answer(context, [measure], forces, period, by)
        answers.figures += found.figures
        answers.questions |= found.questions
    mine = [f for f in answers.figures if f.period_start == now.start()]
    earlier = {_of(f): f for f in answers.figures if f.period_start == before.start()}
    spread = _dispersions(context, measure, forces, now, before, by) if form == "relative" else {}
    pairs = [(f, earlier[_of(f)]) for f in mine if _of(f) in earlier]
    changes = [Change(measure.better, f, e, difference(form, f, e, spread.get(_of(f)))) for f, e in pairs]
    return changes, answers


def _of(figure: Figure) -> tuple[str, tuple[tuple[str, str], ...]]:
    return figure.force, tuple(sorted(figure.breakdown.items()))


def _refuse_unfit(form: str, now: Period, before: Period) -> None:
    """No month may stand on both sides, and a longer period has more of anything."""
    if before.last >= now.first:
        raise UserError(
            f"{before.text()} is not wholly before {now.text()}",
            "--against",
            "name an earlier period without a month of the other",
        )
    if form == "relative" and now.length() != before.length():
        raise UserError(
            f"{before.text()} has {before.length()} months, {now.text()} {now.length()}",
            "--against",
            "name as many: counts of unlike periods are unlike",
        )


def _dispersions(
    context: Context,
    measure: AnyMeasure,
    forces: Sequence[str],
    now: Period,
    before: Period,
    by: Sequence[str],
) -> dict[tuple[str, tuple[tuple[str, str], ...]], float | None]:
    """How much the counts of both periods vary from month to month beside each other, beyond chance."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], dict[int, int]] = {}
    months = {p.start(): i for i, p in enumerate(Period(m, m) for m in (*now.months(), *before.months()))}
    for figure in monthly(context, measure, forces, now.last, by).figures:
        if figure.period_start in months and figure.numerator is not None:
            found.setdefault(_of(figure), {})[months[figure.period_start]] = figure.numerator
    length = now.length()
    return {
        of: monthly_dispersion(
            [counts[i] for i in range(length)], [counts[length + i] for i in range(length)]
        )
        for of, counts in found.items()
        if len(counts) == 2 * length
    }
