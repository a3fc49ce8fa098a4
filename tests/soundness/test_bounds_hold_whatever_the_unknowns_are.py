"""Whatever the unknown records turn out to be, the value lies within the bounds that were printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ask import BLACK, CHINESE, NFA, WHITE
from openpeel.catalogue import shipped
from openpeel.engine.clock import parse_month
from openpeel.engine.connection import connect
from openpeel.engine.declare.measures import AnyMeasure, Distribution, Proportion, RatioOfRates
from openpeel.engine.derive.layer import Sources, derived_sql
from openpeel.engine.intake.generations import Entry, Generation, View, Vintage
from openpeel.engine.measure import build, cells
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.figure import Figure
from openpeel.engine.measure.period import Period
from openpeel.engine.measure.population import Estimate, Populations
from openpeel.engine.measure.scan import DuckDB
from openpeel.engine.sql import quote, text

Row = dict[str, str | None]

OF = shipped().types["powers.stop_search"]
MONTH = parse_month("2019-07")
VALUES: dict[str, list[str]] = {
    "search_type": ["Person search", "Vehicle search"],
    "gender": ["Male", "Female"],
    "age_range": ["10-17", "18-24"],
    "self_defined_ethnicity": [WHITE, BLACK, CHINESE, "Not stated"],
    "legislation": [
        "Misuse of Drugs Act 1971 (section 23)",
        "Criminal Justice and Public Order Act 1994 (section 60)",
    ],
    "object_of_search": ["Controlled drugs", "Stolen goods"],
    "outcome": ["Arrest", NFA, "Community resolution"],
    "outcome_linked": ["true", "false"],
    "more_than_outer_clothing": ["true", "false"],
}
#: "Not stated" is an answer for the one measure and no group for the others.
KNOWN = {c: [v for v in values if v != "Not stated"] for c, values in VALUES.items()}

#: A ratio needs records in both groups: fewer values, so that most examples have some.
NARROW = KNOWN | {"search_type": ["Person search"], "self_defined_ethnicity": [WHITE, BLACK]}


def rows_of(values: dict[str, list[str]]) -> st.SearchStrategy[list[Row]]:
    """A few rows, each cell one of the values or blank."""
    cells = {c: st.one_of(st.none(), *[st.just(v) for v in vs]) for c, vs in values.items()}
    return st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=12)


RESIDENTS = Estimate(
    "kent", "Census", "chinese-in-other", date(2021, 3, 21),
    {"White": 900, "Asian": 50, "Black": 20, "Mixed": 20, "Other": 10},
)  # fmt: skip


def plain(measure: AnyMeasure) -> AnyMeasure:
    """The measure without the rules that withhold values: the bounds have to hold for any value."""
    changes: dict[str, object] = {"practice": None}
    if isinstance(measure, RatioOfRates):
        changes["minimum"] = 1
    return replace(measure, **changes)  # type: ignore[arg-type]


MEASURES = [
    plain(m)
    for m in shipped().measures.values()
    if m.of == OF.id and isinstance(m, Proportion | Distribution | RatioOfRates)
]


CON = connect()
QUICK = settings(max_examples=20, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))


def figures(measure: AnyMeasure, rows: list[Row], by: str = "") -> dict[str, Figure]:
    """Figures of rows that were never imported: category -> figure."""
    entry = Entry(
        OF.id, "kent", MONTH, "s", 1, "p", "i", "2019-08-01", True, "2019-08-01T00:00:00+00:00", "complete"
    )
    vintage = Vintage(date(2026, 1, 1))

    catalogue = replace(shipped(), measures={measure.id: measure})
    context = Context(
        con=CON, root=Path(), catalogue=catalogue, generation=Generation(1, "", ""), generation_hash="g",
        view=View(1, vintage, {(OF.id, "kent", MONTH): entry}), populations=Populations((RESIDENTS,)),
        policies={}, progress=lambda _: None, fresh=True, engine=DuckDB(Path()),
    )  # fmt: skip
    wanted = (by,) if by else ()
    compiled = build.compile_asked(context, OF, [measure], [(d,) for d in wanted])
    plan = cells.plan(OF, list(compiled.values()), Sources())
    layer = derived_sql(CON, OF, plan.columns(), rows_sql(rows), Sources())
    context.given = cells.count_rows(CON, plan, layer)
    found = build.answer(context, [measure], ["kent"], Period(MONTH, MONTH), wanted).figures
    return {" ".join(f.breakdown.values()): f for f in found}


def rows_sql(rows: list[Row]) -> str:
    parts = []
    for row in rows:
        values = []
        for name, kind in OF.stored():
            value = row.get(name)
            values.append(f"CAST({'NULL' if value is None else text(value)} AS {kind}) AS {quote(name)}")
        parts.append(f"SELECT 's' AS snapshot, {', '.join(values)}")
    return " UNION ALL ".join(parts)


def within(figure: Figure, truth: Figure | None) -> None:
    if truth is None or truth.value is None:
        return
    bounds = figure.bounds
    if bounds is None:
        assert figure.value is None or figure.value == pytest.approx(truth.value)
        return
    assert bounds.low - 1e-9 <= truth.value
    assert bounds.high is None or truth.value <= bounds.high + 1e-9


@pytest.mark.parametrize("measure", MEASURES, ids=[m.id for m in MEASURES])
@given(data=st.data())
@QUICK
def test_any_assignment_lies_within(measure: AnyMeasure, data: st.DataObject) -> None:
    domain = VALUES if measure.id == "powers.ethnicity_not_stated" else KNOWN
    domain = NARROW if isinstance(measure, RatioOfRates) else domain
    rows = data.draw(rows_of(VALUES if domain is KNOWN else domain))
    true = [
        {c: v if v in domain[c] else data.draw(st.sampled_from(domain[c])) for c, v in row.items()}
        for row in rows
    ]
    shown, truth = figures(measure, rows), figures(measure, true)
    for category, figure in shown.items():
        within(figure, truth.get(category))


@pytest.mark.parametrize("by", ["power", "person_gender"])
@pytest.mark.parametrize("id_", ["powers.outcome_rate", "powers.linked_outcome_rate"])
@given(data=st.data())
@QUICK
def test_also_within_a_category(id_: str, by: str, data: st.DataObject) -> None:
    measure = plain(shipped().measures[id_])
    rows = data.draw(rows_of(VALUES))
    true = [
        {c: v if v is not None else data.draw(st.sampled_from(KNOWN[c])) for c, v in row.items()}
        for row in rows
    ]
    shown, truth = figures(measure, rows, by), figures(measure, true, by)
    for category, figure in shown.items():
        if category != "not known":
            within(figure, truth.get(category))
