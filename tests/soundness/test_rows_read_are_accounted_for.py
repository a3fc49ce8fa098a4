"""Impossible: a row that is neither accepted nor set aside, or an accepted row that reads back otherwise."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import HEADINGS, LINKED, SEARCH, held, manifests, new_workspace, run_here, set_aside, tree

NAME = "2019-07-kent-stop-and-search.csv"
WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")) | st.sampled_from('",\n'), max_size=12
)
GOOD = {
    "Type": st.sampled_from(["Person search", "Vehicle search", "Person and Vehicle search", ""]),
    "Date": st.datetimes(datetime(2019, 7, 1), datetime(2019, 7, 30)).map(
        lambda d: d.replace(tzinfo=UTC).isoformat()
    ),
    "Policing operation": WORDS,
    "Object of search": WORDS,
    "Outcome": WORDS,
    "Latitude": st.decimals(50, 60, places=6).map(str) | st.just(""),
    LINKED: st.sampled_from(["True", "False", "1.0", "0.0", "", "NA"]),
}
DAMAGE: list[tuple[str, str]] = [
    ("Type", "Person"),
    ("Date", "2019-07-10T12:00:00"),
    ("Date", "2019-08-10T12:00:00Z"),
    ("Date", ""),
    ("Latitude", "north"),
    ("Latitude", "91"),
    (LINKED, "perhaps"),
    ("Outcome", "a\x07b"),
]


@st.composite
def files(draw: st.DrawFn) -> tuple[list[dict[str, str]], list[tuple[str, Any]]]:
    """Good rows, and the whole file's rows: some damaged in a field, some ragged, in any order."""
    good = draw(st.lists(st.fixed_dictionaries(GOOD), min_size=1, max_size=12))
    bad = draw(st.lists(st.sampled_from([*DAMAGE, ("short", ""), ("long", "")]), max_size=6))
    rows: list[tuple[str, Any]] = [("good", {**SEARCH, **row}) for row in good]
    for column, value in bad:
        rows.append((column, value) if column in ("short", "long") else ("bad", {**SEARCH, column: value}))
    return good, draw(st.permutations(rows))


def written(rows: list[tuple[str, Any]], end: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(HEADINGS)
    for kind, row in rows:
        fields = list(row.values()) if isinstance(row, dict) else list(SEARCH.values())
        writer.writerow(fields[:-1] if kind == "short" else [*fields, "x"] if kind == "long" else fields)
    return out.getvalue().encode()


def word(text: str) -> str | None:
    trimmed = text.strip(" \t\n\r\u00a0\ufeff")
    return None if trimmed.upper() in ("", "NA", "N/A", "NULL", "NAN", "NONE") else trimmed


def expected(row: dict[str, str]) -> tuple[Any, ...]:
    moment = datetime.fromisoformat(row["Date"]).replace(tzinfo=None)
    linked = {"True": True, "1.0": True, "False": False, "0.0": False}.get(row[LINKED])
    place = Decimal(row["Latitude"]) if row["Latitude"] else None
    operation, thing, outcome = (word(row[c]) for c in ("Policing operation", "Object of search", "Outcome"))
    return (row["Type"] or None, moment, operation, thing, outcome, place, linked)


COLUMNS = "search_type, searched_at, operation, object_of_search, outcome, latitude, outcome_linked"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files(), st.sampled_from(["\n", "\r\n"]))
def test_read_is_accepted_and_set_aside_and_what_was_accepted_reads_back(
    case: tuple[list[dict[str, str]], list[tuple[str, Any]]], end: str
) -> None:
    good, rows = case
    with tempfile.TemporaryDirectory() as folder:
        workspace = new_workspace(Path(folder) / "w")
        file = Path(folder) / NAME
        file.write_bytes(written(rows, end))
        done = run_here("import", "police-uk", file, cwd=workspace)
        assert done.returncode == 0, done.stderr
        account = manifests(workspace)[0]["files"][0]
        assert account["read"] == len(rows)
        assert account["accepted"] == len(good)
        assert sum(account["set_aside"].values()) == len(rows) - len(good) == len(set_aside(workspace))
        assert sorted(map(repr, held(workspace, COLUMNS))) == sorted(repr(expected(row)) for row in good)
        before = tree(workspace)
        run_here("import", "police-uk", file, cwd=workspace)
        assert tree(workspace) == before
