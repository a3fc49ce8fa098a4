"""Joining another record type must never multiply rows: an incident with three officers is one incident.

A plain join would count it three times, and no total would look wrong.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import new_workspace
from incidents import INCIDENT, complete, incident, mapping, part
from openpeel.engine.connection import connect
from openpeel.engine.declare.derivations import Derivation, Lookup, Rollup
from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.derive.layer import Scan, Sources, layer_sql, rows_of
from openpeel.engine.intake import generations
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.generations import Vintage
from openpeel.errors import UserError

VISIT = RecordType(
    id="test.visit",
    title="Visits",
    kind="event",
    anchor="on_day",
    columns=(
        Column("incident", "text", "Which incident."),
        Column("on_day", "date", "When.", True),
        Column("minutes", "integer", "How long."),
    ),
)
ON = (("incident_id", "incident"),)


def workspace_with(folder: Path, visits: list[tuple[str, str]]) -> Path:
    root = new_workspace(folder / "w")
    complete(root, "2023-01", *(incident(i) for i in "abc"))
    rows = [(i, f"2023-01-{n % 28 + 1:02d}", m) for n, (i, m) in enumerate(visits)]
    columns = ["incident", "on_day", "minutes"]
    take_in(root, mapping("complete", VISIT), [part(rows, "2023-01", columns=columns)])
    return root


def derive(root: Path, *derivations: Derivation) -> list[tuple[object, ...]]:
    view = generations.view(generations.newest(root), Vintage(date(2999, 1, 1)))
    record_type = replace(INCIDENT, derived=derivations)
    con = connect()
    columns = ["incident_id", *(d.name for d in derivations)]
    sources = Sources({VISIT.id: VISIT}, {}, view)
    query = layer_sql(con, Scan(record_type, view.of(INCIDENT.id), sources), columns, rows_of(root))
    rows = con.execute(f"SELECT {', '.join(columns)} FROM ({query}) ORDER BY 1").fetchall()
    con.close()
    return rows


def test_an_incident_with_three_visits_is_one_incident(tmp_path: Path) -> None:
    root = workspace_with(tmp_path, [("a", "5"), ("a", "5"), ("a", "7"), ("b", "1"), ("", "9"), ("z", "9")])
    visits = Rollup("visits", VISIT.id, ON, "count", "", "integer", "")
    minutes = Rollup("minutes", VISIT.id, ON, "sum", "minutes", "integer", "")
    longest = Rollup("longest", VISIT.id, ON, "max", "minutes", "integer", "")
    assert derive(root, visits, minutes, longest) == [("a", 3, 17, 7), ("b", 1, 1, 1), ("c", 0, None, None)]


def test_a_lookup_that_would_multiply_is_refused(tmp_path: Path) -> None:
    """Also where the two rows are equal, and though only one force has them."""
    root = workspace_with(tmp_path, [("a", "5"), ("b", "1"), ("b", "1")])
    with pytest.raises(UserError, match="use a rollup"):
        derive(root, Lookup("minutes", VISIT.id, ON, "minutes", "integer", ""))


VISITS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", "z", ""]), st.sampled_from(["", "1", "7"])), max_size=8
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(VISITS)
def test_never_more_rows_than_incidents(visits: list[tuple[str, str]]) -> None:
    """Whatever the other type holds: a rollup gives each incident once, a lookup too or it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        root = workspace_with(Path(folder), [*visits, ("z", "1")])
        counted = derive(root, Rollup("out", VISIT.id, ON, "count", "", "integer", ""))
        assert counted == [(i, sum(v == i for v, _ in visits)) for i in "abc"]
        lookup = Lookup("out", VISIT.id, ON, "minutes", "integer", "")
        keys = [v for v, _ in [*visits, ("z", "1")] if v]
        if len(keys) > len(set(keys)):
            with pytest.raises(UserError, match="use a rollup"):
                derive(root, lookup)
        else:
            assert [r[0] for r in derive(root, lookup)] == ["a", "b", "c"]
