"""Random measures of every kind, over one record type; what is asked of them: period, breakdowns, as-at day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpeel.engine.declare.measures import (
    NATIONAL,
    NEUTRAL,
    AgeOfBacklog,
    AnyMeasure,
    Backlog,
    Count,
    Distribution,
    Flow,
    Mean,
    MedianWait,
    Practice,
    PracticeRule,
    Proportion,
    Quantile,
    Rate,
    RatioOfRates,
    Reading,
    ShareWithin,
)
from reference import logic
from reference.draws import Draw, seldom, several
from reference.logic import Expr, condition
from reference.shape import ANCHORED, SORTS, Shape
from reference.tables import FORCES, Month

ABOUT: dict[str, Any] = {
    "title": "Events",
    "sentence": "{value} ({x} of {y}).",
    "of": ANCHORED,
    "comparable": NATIONAL,
    "better": NEUTRAL,
    "unit": "n",
    "question": "responding",
    "method": "local",
    "source": "drawn",
    "reviewed": date(2026, 11, 1),
}
SCHEME = "made-up"
#: Residents of each force, by group: the groups are the sorts.
RESIDENTS = {"kent": {"a": 70, "b": 200, "c": 30}, "surrey": {"a": 11, "b": 13, "c": 0}}


@dataclass
class Asked:
    """What is asked.

    Attributes:
        measures: the measures.
        logic: expression as declared -> what it gives.
        by: breakdowns, as on the command line.
        forces: of whom.
        first, last: the period's months.
        as_at: the day.
    """

    measures: list[AnyMeasure] = field(default_factory=list)
    logic: dict[str, Expr] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    forces: tuple[str, ...] = FORCES
    first: Month = date.min
    last: Month = date.min
    as_at: date = date.min

    def says(self, one: Expr) -> str:
        self.logic[one.text] = one
        return one.text


def asked(draw: Draw, shape: Shape, months: list[Month], days: list[date], many: int = 10) -> Asked:
    """Some measures, and a question that all of them answer."""
    out = Asked()
    for place in range(many):
        kind = draw.pick(list(KINDS))
        out.measures.append(KINDS[kind](draw, shape, out, common(draw, shape, out, f"gen.{kind}_{place}")))
    crossed = several(draw, shape.categories, 2, 2)
    out.by = tuple(several(draw, [*shape.categories, ",".join(crossed), ",".join(crossed[::-1])], 0, 2))
    out.forces = tuple(several(draw, FORCES, 1, 2))
    out.first = draw.pick(months)
    out.last = draw.pick([m for m in months if m >= out.first])
    out.as_at = draw.pick(days)
    return out


def common(draw: Draw, shape: Shape, out: Asked, id_: str) -> dict[str, Any]:
    """What measures of all kinds have."""
    where = out.says(condition(draw, shape.known)) if seldom(draw, 2) else ""
    crossed = tuple(several(draw, shape.categories, 2, 2))
    by = tuple(several(draw, [*shape.categories, crossed], 0, 2))
    return {**ABOUT, "id": id_, "where": where, "by": by}


def count(_draw: Draw, _shape: Shape, _out: Asked, common: dict[str, Any]) -> AnyMeasure:
    return Count(**common)


def rate(draw: Draw, _shape: Shape, _out: Asked, common: dict[str, Any]) -> AnyMeasure:
    return Rate(**common, per=draw.pick([1000, 7]))


def proportion(draw: Draw, shape: Shape, out: Asked, common: dict[str, Any]) -> AnyMeasure:
    return Proportion(**common, met=out.says(condition(draw, shape.known)))


def distribution(draw: Draw, shape: Shape, _out: Asked, common: dict[str, Any]) -> AnyMeasure:
    texts = [
        c for c in shape.categories if c != "again" and not c.startswith("yes_") and c != shape.name["flag"]
    ]
    return Distribution(**common | {"by": ()}, across=draw.pick(texts))


def ratio(draw: Draw, shape: Shape, _out: Asked, common: dict[str, Any]) -> AnyMeasure:
    reference, *others = several(draw, SORTS, 2, 3)
    return RatioOfRates(
        **common | {"by": ()}, across=((SCHEME, shape.name["sort"]),), groups=tuple(others), group_name="which",
        reference=reference, minimum=draw.pick([1, 3]),
    )  # fmt: skip


def times(draw: Draw, shape: Shape) -> dict[str, Any]:
    name = shape.name
    return {
        "start": name["start"], "served": name["served"], "withdrawn": draw.pick([name["gone"], ""]),
    }  # fmt: skip


def share_within(draw: Draw, shape: Shape, _out: Asked, common: dict[str, Any]) -> AnyMeasure:
    limits = [
        n for n in (shape.name["limit"], "target_", shape.name["took"]) if n != "target_" or n in shape.known
    ]
    limit = (
        {"limit": draw.pick(limits)}
        if seldom(draw, 2)
        else {"limit_seconds": draw.pick([300, 0, 86_400, 10**7])}
    )
    return ShareWithin(**common, **times(draw, shape), **limit)


def quantile(draw: Draw, shape: Shape, _out: Asked, common: dict[str, Any]) -> AnyMeasure:
    durations = [shape.name["took"], *(["wait"] if "wait" in shape.known else [])]
    return Quantile(**common, of_duration=draw.pick(durations), p=draw.pick([0.5, 0.9, 0.0, 1.0, 0.29]))


def median_wait(draw: Draw, shape: Shape, _out: Asked, common: dict[str, Any]) -> AnyMeasure:
    return MedianWait(**common, **times(draw, shape))


def mean(draw: Draw, shape: Shape, _out: Asked, common: dict[str, Any]) -> AnyMeasure:
    numbers = [n for n, (kind, _) in shape.known.items() if kind == "number"]
    return Mean(**common, of_number=draw.pick(numbers))


def span(draw: Draw, shape: Shape) -> dict[str, Any]:
    name = shape.name
    starts = [name["anchor"], name["start"], name["served"]]
    return {"start": draw.pick(starts), "end": draw.pick([name["ended"], name["gone"], name["served"]])}


def backlog(draw: Draw, shape: Shape, _out: Asked, common: dict[str, Any]) -> AnyMeasure:
    return Backlog(**common, **span(draw, shape))


def flow(draw: Draw, shape: Shape, _out: Asked, common: dict[str, Any]) -> AnyMeasure:
    return Flow(**common | {"by": ()}, **span(draw, shape))


def age(draw: Draw, shape: Shape, _out: Asked, common: dict[str, Any]) -> AnyMeasure:
    return AgeOfBacklog(**common, **span(draw, shape), p=draw.pick([0.5, 0.9, 0.25]))


def practised(draw: Draw, shape: Shape, out: Asked, common: dict[str, Any]) -> AnyMeasure:
    """A proportion whose column is filled in in one of several ways."""
    met = condition(draw, shape.known)
    n, known = logic.column("n"), logic.column("filled")
    twice = logic.both(known, lambda a, _: a * 2, known, "filled * 2")
    empty, odd = logic.compared(known, "=", logic.constant(0)), logic.compared(logic.column("hits"), ">", n)
    odd = draw.pick([odd, logic.compared(logic.column("hits"), ">=", logic.constant(draw.whole(1, 4)))])
    half = logic.compared(twice, "<", n)
    rules = (
        PracticeRule("empty", out.says(empty), "never filled in", status="not-supplied", reason="{filled} of {n}"),
        PracticeRule(
            "odd", out.says(odd), "makes no sense", status="not-interpretable", reason="{hits}",
            keep_bounds=draw.pick([False, True]),
        ),
        PracticeRule("half", out.says(half), "only where something followed", reading="as-no"),
        PracticeRule("full", out.says(logic.ALWAYS), "filled in"),
    )  # fmt: skip
    counts = (
        ("n", out.says(logic.ALWAYS)),
        ("filled", out.says(logic.blank(logic.column(shape.name["flag"]), False))),
        ("hits", out.says(condition(draw, shape.known, 1))),
    )
    no = logic.chosen([(Expr(f"({met.text}) is null", lambda r: met.value(r) is None), False)], met)
    return Proportion(
        **common, met=out.says(met), readings=(Reading("as-no", out.says(no), "a blank is a no"),),
        practice=Practice("gen.practice_" + common["id"][-1], "How it is filled in", counts, rules),
    )  # fmt: skip


Make = Callable[[Draw, Shape, Asked, dict[str, Any]], AnyMeasure]
KINDS: dict[str, Make] = {
    "count": count,
    "rate": rate,
    "proportion": proportion,
    "distribution": distribution,
    "ratio": ratio,
    "within": share_within,
    "quantile": quantile,
    "wait": median_wait,
    "mean": mean,
    "backlog": backlog,
    "flow": flow,
    "age": age,
    "practice": practised,
}
