"""Random record types: which columns there are, what they are called, and what is derived from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from openpeel.engine.declare.derivations import (
    Derivation,
    Derived,
    FromPolicy,
    Lookup,
    RepeatWithin,
    Rollup,
    SecondsBetween,
    Translation,
)
from openpeel.engine.declare.records import Column, RecordType
from reference import logic
from reference.draws import Draw, often, several
from reference.logic import Expr, condition

PLACES = ("north", "South  Side", "it's", "", "Nörd")
SORTS = ("b", "a", "c")
PEOPLE = ("p", "q", "")
LINKS = ("u1", "u2", "u3", "")
TEAMS = ("red", "blue", "")
POLICY = "force.within"
WORDINGS = {"North": "up", "south side": "down", "it's": "up"}

#: What a column is for -> what it may be called: words of SQL and of the engine among them.
NAMES = {
    "key": ("ref", "key", "id"),
    "anchor": ("began", "date", "timestamp"),
    "start": ("rung", "first", "start"),
    "served": ("served", "end", "desc"),
    "gone": ("gone", "left", "withdrawn"),
    "ended": ("ended", "until", "over"),
    "place": ("place", "order", "value"),
    "sort": ("sort", "group", "dimension"),
    "flag": ("flag", "select", "known"),
    "score": ("score", "n", "count"),
    "amount": ("amount", "sum", "bin"),
    "took": ("took", "interval", "seconds"),
    "limit": ("within", "limit", "target"),
    "who": ("who", "user", "person"),
    "link": ("link", "on", "basis"),
}
ANCHORED, VISIT_COLUMNS = "gen.event", ("of", "on_day", "minutes")
UNIT = RecordType(
    id="gen.unit", title="Units", kind="reference", anchor="since", key=("number",),
    columns=(
        Column("number", "text", "Number.", True), Column("since", "date", "Since when.", True),
        Column("team", "text", "Team."), Column("minutes", "integer", "Minutes."),
    ),
)  # fmt: skip
VISIT = RecordType(
    id="gen.visit", title="Visits", kind="event", anchor="on_day",
    columns=(
        Column("of", "text", "Of what."), Column("on_day", "date", "When.", True),
        Column("minutes", "integer", "Minutes."),
    ),
)  # fmt: skip


@dataclass
class Shape:
    """A record type with what the reference must know of it.

    Attributes:
        type: the declaration.
        name: what a column is for -> its name.
        formulas: derived column -> its expression, where it has one.
        categories: columns by which records can be broken down.
        known: columns that conditions may use.
    """

    type: RecordType
    name: dict[str, str]
    formulas: dict[str, Expr] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    known: dict[str, tuple[str, Sequence[Any]]] = field(default_factory=dict)

    @property
    def keyed(self) -> bool:
        return bool(self.type.key)

    def kind_of(self, name: str) -> str:
        return self.type.column(name).type


def shape(draw: Draw) -> Shape:
    """A record type."""
    name = {role: draw.pick(names) for role, names in NAMES.items()}
    keyed, by_day = often(draw, 4), not often(draw, 4)
    if not by_day:
        name["start"] = name["anchor"]
    columns = [
        *([Column(name["key"], "text", "Its key.", True)] if keyed else []),
        Column(name["anchor"], "date" if by_day else "instant", "When it began.", True),
        *([Column(name["start"], "instant", "When the clock began.")] if by_day else []),
        Column(name["served"], "instant", "When it was served."),
        Column(name["gone"], "instant", "When it was withdrawn."),
        Column(name["ended"], draw.pick(["date", "instant"]), "When it ended."),
        Column(name["place"], "text", "Where."),
        Column(name["sort"], "text", "What sort.", allowed=SORTS),
        Column(name["flag"], "boolean", "Whether."),
        Column(name["score"], "integer", "How many."),
        Column(name["amount"], "number", "How much."),
        Column(name["took"], "duration", "How long."),
        Column(name["limit"], "integer", "Within how many seconds."),
        Column(name["who"], "text", "Who."),
        Column(name["link"], "text", "Which unit."),
    ]
    made = Shape(
        RecordType(
            id=ANCHORED, title="Events", kind="event", anchor=name["anchor"], columns=tuple(columns),
            key=(name["key"],) if keyed else (),
        ),
        name,
    )  # fmt: skip
    made.known = {
        name["place"]: ("text", ["north", "it's"]),
        name["sort"]: ("text", list(SORTS)),
        name["flag"]: ("boolean", [True]),
        name["score"]: ("number", [0, 1, 3]),
        name["amount"]: ("number", [0, 1.5, -2]),
        name["took"]: ("number", [0, 60, 300]),
        name["served"]: ("instant", []),
        name["start"]: ("instant", []),
    }
    made.categories = [name["place"], name["sort"], name["flag"], name["who"]]
    return with_derivations(draw, made)


def with_derivations(draw: Draw, made: Shape) -> Shape:
    """The same with some derived columns, each of which may use those before it."""
    ways = ["wait", "target", "kind", "again", "team", "visits", "level", "more", "yes"]
    derived = [derivation(draw, made, how) for how in several(draw, ways, 3, 9)]
    made.type = RecordType(**{**vars(made.type), "derived": tuple(derived)})
    return made


def derivation(draw: Draw, made: Shape, how: str) -> Derivation:
    name = made.name
    if how == "wait":
        made.known["wait"] = ("number", [0, 60, 300])
        return SecondsBetween("wait", name["start"], name["served"], "Wait.")
    if how == "target":
        made.known["target_"] = ("number", [0, 60, 300])
        return FromPolicy("target_", POLICY, "The standard.")
    if how == "kind":
        made.known["kind"], made.categories = ("text", ["up", "down"]), [*made.categories, "kind"]
        return Translation("kind", name["place"], WORDINGS, "Which way.")
    if how == "again" and made.keyed:
        made.known["again"], made.categories = ("boolean", [True]), [*made.categories, "again"]
        of = draw.pick([(name["who"],), (name["who"], name["sort"])])
        return RepeatWithin("again", of, draw.pick([20, 0, 1, 31, 70]), "Whether again.")
    if how == "team":
        made.known["team"], made.categories = ("text", ["red", "blue"]), [*made.categories, "team"]
        return Lookup("team", UNIT.id, ((name["link"], "number"),), "team", "text", "Its team.")
    if how == "visits":
        made.known["visits"] = ("number", [0, 1, 5])
        way = draw.pick(["count", "sum", "min", "max"])
        return Rollup("visits", VISIT.id, ((name["link"], "of"),), way, "minutes", "integer", "Visits.")  # type: ignore[arg-type]
    if how == "level":
        branches = [(condition(draw, made.known, 1), "high"), (condition(draw, made.known, 1), "low")]
        made.formulas["level"] = logic.chosen(branches, draw.pick([None, "low"]))
        made.known["level"], made.categories = ("text", ["high", "low"]), [*made.categories, "level"]
        return Derived("level", "text", made.formulas["level"].text, "How high.", ("high", "low"))
    if how == "more":
        one, other = logic.column(name["score"]), logic.column(draw.pick([name["score"], name["took"]]))
        made.formulas["more"] = logic.both(
            one, lambda a, b: a * 2 + b, other, f"{one.text} * 2 + {other.text}"
        )
        made.known["more"] = ("number", [0, 5, 100])
        return Derived("more", "integer", made.formulas["more"].text, "More.")
    flag = f"yes_{len(made.formulas)}"
    made.formulas[flag] = condition(draw, made.known)
    made.known[flag], made.categories = ("boolean", [True]), [*made.categories, flag]
    return Derived(flag, "boolean", made.formulas[flag].text, "Whether.")
