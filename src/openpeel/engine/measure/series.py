"""Figures month by month, for the price of one question: the cells are fetched once, each month taken from them.

Each figure is the one that ``build.answer`` gives for that month alone, with the same figure id.
"""

from __future__ import annotations

from collections.abc import Sequence

from openpeel.engine.declare.measures import AnyMeasure
from openpeel.engine.measure import build
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.maker import Answers, Maker
from openpeel.engine.measure.period import Period
from openpeel.engine.measure.stocks import is_stock


def monthly(
    context: Context, measure: AnyMeasure, forces: Sequence[str], last: int, by: Sequence[str] = ()
) -> Answers:
    """The figures of each month from the first that a force supplied up to the last.

    Args:
        context: the opened workspace.
        measure: the measure.
        forces: force ids, in the order wanted; one that supplied nothing has the last month alone.
        last: month number.
        by: breakdowns asked for besides the total.

    Returns:
        the figures by force, then breakdown, then month. A category that occurs in any month and force
        has a figure in every month. Recording practices are those of each month; they are not returned.

    Raises:
        UserError: a breakdown does not fit.
    """
    breakdowns, forces = tuple(dict.fromkeys(map(build.asked_breakdown, by))), list(dict.fromkeys(forces))
    build.refuse_second_breakdown(measure, breakdowns)
    first = {force: _first(context, measure.of, force, last) for force in forces}
    period = Period(min(first.values(), default=last), last)
    # Each force from its own first month on: months before it are no gap in what is open at that force.
    held = {f: build.held_of(context, measure, [f], Period(first[f], last))[f] for f in forces}
    record_type = context.catalogue.types[measure.of]
    compiled = build.compile_asked(context, record_type, [measure], breakdowns)
    plan = build.plan_of(context, record_type, compiled.values())
    counted = build.counted(context, plan, [e for months in held.values() for e in months if e is not None])
    whole = Maker(context, record_type, measure, compiled[measure.id], counted, period, held)
    makers = {month: _of_month(whole, month) for month in period.months()}
    answers, cuts = Answers(), whole.cuts(forces, breakdowns)
    for force in forces:
        for breakdown, cut in cuts:
            for month in range(first[force], last + 1):
                figure, question = makers[month].figure(force, breakdown, cut)
                answers.figures.append(figure)
                answers.questions[figure.figure_id] = question
    return answers


def _first(context: Context, type_id: str, force: str, last: int) -> int:
    """The first month that a force supplied, or the last asked for."""
    held = [e.month for e in context.view.current.values() if (e.type, e.force) == (type_id, force)]
    return min([*held, last])


def _of_month(whole: Maker, month: int) -> Maker:
    """The maker of one month's figures: what was fetched and compiled for all of them serves it."""
    later = whole.period.last - month
    upto = {f: months[: len(months) - later] for f, months in whole.held.items() if len(months) > later}
    # What is open rests on all the months before, anything else on the month alone.
    held = upto if is_stock(whole.measure) else {force: months[-1:] for force, months in upto.items()}
    period = Period(month, month)
    maker = Maker(
        whole.context, whole.record_type, whole.measure, whole.compiled, whole.counted, period, held
    )
    maker.found = maker.classify(list(held), Answers())
    return maker
