"""What an import replaces: whole months, or records by key; against a plain dictionary."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import new_workspace, set_aside
from incidents import (
    INCIDENT,
    Row,
    changes,
    complete,
    incident,
    known,
    leftovers,
    mapping,
    months_held,
    part,
    unchained,
    untrue,
)
from openpeel.engine.intake import generations
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.mapping import Mapping
from openpeel.engine.intake.supply import Deletion
from openpeel.errors import UserError


def test_an_incident_of_january_closed_in_march(workspace: Path) -> None:
    """March's changes: the newest file alone would lose 940 of 1,000, a union would hold 60 twice."""
    january = [incident(f"i{n}", f"2023-01-{n % 31 + 1:02d}", grade="open") for n in range(1000)]
    closed = [replace_grade(r, "closed") for r in january[:60]]
    march = [incident(f"m{n}", "2023-03-05", grade="open") for n in range(7)]
    complete(workspace, "2023-01", *january, supplied="2023-02-01")
    intake = changes(workspace, *closed, *march, supplied="2023-04-01")

    assert months_held(workspace) == {"2023-01": 1000, "2023-03": 7}
    assert Counter(known(workspace).values()) == {
        ("2023-01", "closed"): 60,
        ("2023-01", "open"): 940,
        ("2023-03", "open"): 7,
    }
    assert set(known(workspace, "2023-03-31").values()) == {("2023-01", "open")}
    assert (intake.read(), intake.accepted(), intake.snapshots) == (67, 67, 2)
    assert not untrue(workspace)


def replace_grade(row: Row, grade: str) -> Row:
    return (row[0], row[1], row[2], grade)


def test_complete_replaces_its_months_and_no_other(workspace: Path) -> None:
    complete(
        workspace, "2023-01..2023-03", incident("a"), incident("b", "2023-02-02"), incident("c", "2023-03-03")
    )
    complete(workspace, "2023-02", incident("d", "2023-02-20"))
    assert sorted(known(workspace)) == ["a", "c", "d"]
    complete(workspace, "2023-02")
    assert months_held(workspace) == {"2023-01": 1, "2023-02": 0, "2023-03": 1}


def test_complete_of_one_force_leaves_the_others(workspace: Path) -> None:
    complete(workspace, "2023-01", incident("a"), force="kent")
    complete(workspace, "2023-01", incident("b"), force="surrey")
    complete(workspace, "2023-01", force="kent")
    assert sorted(known(workspace)) == ["b"]


def test_changes_put_in_and_replace_by_key(workspace: Path) -> None:
    changes(workspace, incident("a", grade="1"), incident("b", grade="1"))
    changes(workspace, incident("b", grade="2"), incident("c", "2023-02-01", grade="1"))
    assert known(workspace) == {"a": ("2023-01", "1"), "b": ("2023-01", "2"), "c": ("2023-02", "1")}


def test_one_number_in_two_forces_is_two_incidents(workspace: Path) -> None:
    changes(workspace, incident("a", grade="kent's"), force="kent")
    changes(workspace, incident("b"), force="surrey")
    changes(workspace, incident("b", grade="kent's"), gone=["a"], force="kent")
    changes(workspace, gone=["b"], force="kent")
    assert known(workspace) == {"b": ("2023-01", "")}


@pytest.mark.parametrize("scope", ["complete", "changes"])
def test_a_corrected_anchor_date_moves_the_row(workspace: Path, scope: str) -> None:
    complete(workspace, "2023-01..2023-02", incident("a"), incident("b"), supplied="2023-02-01")
    if scope == "complete":
        complete(workspace, "2023-02", incident("a", "2023-02-10"), supplied="2023-03-01")
    else:
        changes(workspace, incident("a", "2023-02-10"), supplied="2023-03-01")
    assert known(workspace) == {"a": ("2023-02", ""), "b": ("2023-01", "")}
    assert known(workspace, "2023-02-15") == {"a": ("2023-01", ""), "b": ("2023-01", "")}
    assert months_held(workspace) == {"2023-01": 1, "2023-02": 1}
    assert not untrue(workspace)


@pytest.mark.parametrize("scope", ["complete", "changes"])
def test_no_other_update_moves_it(workspace: Path, scope: str) -> None:
    """Attended in February, closed in March: an incident of January stays one of January."""
    complete(workspace, "2023-01", incident("a"), incident("b"))
    late = incident("a", "2023-01-10", "2023-02-20 08:00:00", "closed")
    if scope == "complete":
        complete(workspace, "2023-01", late, incident("b"))
    else:
        changes(workspace, late)
    assert known(workspace) == {"a": ("2023-01", "closed"), "b": ("2023-01", "")}


def test_the_month_is_the_local_one_of_the_anchor(workspace: Path) -> None:
    """Half past midnight on 1 July in London is still June by UTC; a move of an hour can move the month."""
    changes(workspace, incident("a", "2023-07-01 00:30:00"))
    assert known(workspace)["a"][0] == "2023-07"
    changes(workspace, incident("a", "2023-06-30 23:30:00"))
    assert months_held(workspace) == {"2023-06": 1, "2023-07": 0}


def test_a_month_that_is_emptied_was_still_supplied(workspace: Path) -> None:
    changes(workspace, incident("a"))
    changes(workspace, gone=["a"])
    assert known(workspace) == {}
    assert months_held(workspace) == {"2023-01": 0}


# ------------------------------------------------------------------------------------- deletions


def test_deletions_are_explicit_and_counted(workspace: Path) -> None:
    changes(workspace, incident("a"), incident("b"), incident("c", "2023-02-01"), supplied="2023-03-01")
    intake = changes(workspace, incident("b", grade="2"), gone=["a", "c"], supplied="2023-04-01")
    assert intake.deleted == 2
    assert known(workspace) == {"b": ("2023-01", "2")}
    assert sorted(known(workspace, "2023-03-15")) == ["a", "b", "c"]


def test_a_deletion_of_what_is_not_here_is_told(workspace: Path) -> None:
    changes(workspace, incident("a"))
    intake = changes(workspace, gone=["a", "zz"])
    assert intake.deleted == 1
    assert any("1 of 2 deletions name records that are not here" in n for n in intake.notes)


def test_deleting_again_adds_nothing(workspace: Path) -> None:
    changes(workspace, incident("a"), incident("b"))
    changes(workspace, gone=["a"])
    number = generations.newest(workspace).number
    assert changes(workspace, gone=["a"]).id == ""
    assert generations.newest(workspace).number == number


@pytest.mark.parametrize(
    ("deletion", "says"),
    [
        (Deletion("kent", ()), "give every part of it"),
        (Deletion("kent", ("a", "b")), "give every part of it"),
        (Deletion("kent", ("",)), "give every part of it"),
        (Deletion("", ("a",)), "give every part of it"),
        (Deletion("kent", (None,)), "give every part of it"),
    ],
)
def test_a_deletion_names_a_whole_key(workspace: Path, deletion: Deletion, says: str) -> None:
    with pytest.raises(UserError, match=says):
        take_in(workspace, mapping("changes"), [], deletions=[deletion])


def test_a_deletion_whose_key_cannot_be_read(workspace: Path) -> None:
    dated = replace(INCIDENT, key=("incident_id", "reported_at"))
    with pytest.raises(UserError, match="cannot be read"):
        take_in(workspace, mapping("changes", dated), [], deletions=[Deletion("kent", ("a", "soon"))])


def test_supplied_and_deleted_at_once_is_refused(workspace: Path) -> None:
    changes(workspace, incident("a"))
    with pytest.raises(UserError, match="both supplied and deleted"):
        changes(workspace, incident("a", grade="2"), gone=["a"])
    assert known(workspace) == {"a": ("2023-01", "")}


def test_deletions_do_not_come_with_a_complete_supply(workspace: Path) -> None:
    with pytest.raises(UserError, match="deletions come with changes only"):
        take_in(workspace, mapping("complete"), [], deletions=[Deletion("kent", ("a",))])


# ---------------------------------------------------------------------------- repeats in one supply


def test_equal_rows_of_one_key_count_once(workspace: Path) -> None:
    intake = changes(workspace, incident("a"), incident("a"), incident("b"), incident("a"))
    assert intake.files[0].set_aside == {"the same row again": 2}
    assert sorted(known(workspace)) == ["a", "b"]
    assert [r["row"] for r in set_aside(workspace)] == ["2", "4"]


def test_different_rows_of_one_key_are_all_set_aside(workspace: Path) -> None:
    intake = changes(workspace, incident("a", grade="1"), incident("b"), incident("a", grade="2"))
    assert intake.files[0].set_aside == {"one key with different rows": 2}
    assert sorted(known(workspace)) == ["b"]
    assert {'"grade":"1"' in r["text"] or '"grade":"2"' in r["text"] for r in set_aside(workspace)} == {True}


def test_what_holds_stays_when_the_new_rows_contradict_each_other(workspace: Path) -> None:
    changes(workspace, incident("a", grade="0"))
    changes(workspace, incident("a", grade="1"), incident("a", grade="2"), incident("b"))
    assert known(workspace)["a"] == ("2023-01", "0")


def test_a_blank_key_is_set_aside(workspace: Path) -> None:
    """It could neither replace a row nor be replaced, and would be there once more with every supply."""
    lax = replace(INCIDENT, columns=(replace(INCIDENT.columns[0], required=False), *INCIDENT.columns[1:]))
    rows = [incident(""), incident("a")]
    for _ in range(2):
        intake = take_in(workspace, mapping("changes", lax), [part(rows)])
        assert intake.files[0].set_aside == {"the key is blank": 1}
    assert sorted(known(workspace, record_type=lax)) == ["a"]


def test_a_supply_that_only_contradicts_itself_is_no_empty_month(workspace: Path) -> None:
    complete(workspace, "2023-01", incident("a"))
    intake = complete(workspace, "2023-01", incident("b", grade="1"), incident("b", grade="2"))
    assert len(intake.refused) == 1 and "none of its 2 rows" in intake.refused[0].line()
    assert sorted(known(workspace)) == ["a"]


def test_the_same_file_twice_in_one_command(workspace: Path) -> None:
    """Of a keyed type too: equal rows count once, and nothing is refused."""
    parts = [part([incident("a"), incident("b")], "2023-01", label=n) for n in ("one.csv", "two.csv")]
    intake = take_in(workspace, mapping("complete"), parts)
    assert not intake.refused
    assert [f.set_aside for f in intake.files] == [{}, {"same file": 2}]
    assert sorted(known(workspace)) == ["a", "b"]


def test_three_files_of_one_month_of_which_one_differs(workspace: Path) -> None:
    """Two equal ones do not outvote the third, and the month is not emptied."""
    complete(workspace, "2023-01", incident("old"))
    same, other = [incident("a")], [incident("b")]
    parts = [part(r, "2023-01", label=f"{n}.csv") for n, r in enumerate([same, other, same])]
    intake = take_in(workspace, mapping("complete"), parts)
    assert len(intake.refused) == 3
    assert sorted(known(workspace)) == ["old"]


def test_a_file_equal_in_one_month_to_a_file_refused_for_another(workspace: Path) -> None:
    """The first is refused for February; what the third says of January must not get lost with it."""
    both = part([incident("a"), incident("x", "2023-02-01")], "2023-01..2023-02", label="both.csv")
    february = part([incident("y", "2023-02-01")], "2023-02", label="february.csv")
    january = part([incident("a")], "2023-01", label="january.csv")
    intake = take_in(workspace, mapping("complete"), [both, february, january])
    assert sorted(e.where for e in intake.refused) == ["both.csv", "february.csv"]
    assert known(workspace) == {"a": ("2023-01", "")}


def test_a_force_in_the_rows(workspace: Path) -> None:
    """A complete file of several forces speaks for those in it, and for no nameless one."""
    columns = ["force", "incident_id", "reported_at", "attended_at", "grade"]
    complete(workspace, "2023-01", incident("old"), force="surrey")
    complete(workspace, "2023-01", incident("kept"), force="essex")
    rows = [("kent", *incident("a")), ("surrey", *incident("b"))]
    take_in(workspace, mapping("complete"), [part(rows, "2023-01", "", columns=columns)])
    assert sorted(known(workspace)) == ["a", "b", "kept"]
    assert {e.force for e in generations.newest(workspace).entries} == {"kent", "surrey", "essex"}


# ----------------------------------------------------------------------------------- wrong use


def test_an_undeclared_scope_cannot_happen(workspace: Path) -> None:
    with pytest.raises(TypeError, match="scope"):
        Mapping(INCIDENT, {}, ())  # type: ignore[call-arg]
    for wrong in ("", "newest", None):
        with pytest.raises(UserError, match="there is no scope"):
            take_in(workspace, mapping(wrong), [part([incident("a")], "2023-01")])  # type: ignore[arg-type]
    assert generations.newest(workspace).number == 0


def test_a_complete_supply_says_of_which_months(workspace: Path) -> None:
    intake = take_in(workspace, mapping("complete"), [part([incident("a")])])
    assert "state its months" in intake.refused[0].line()
    assert generations.newest(workspace).number == 0


def test_changes_need_a_key(workspace: Path) -> None:
    with pytest.raises(UserError, match="has no key"):
        take_in(workspace, mapping("changes", replace(INCIDENT, key=())), [part([incident("a")])])


def test_the_future_is_refused(workspace: Path) -> None:
    with pytest.raises(UserError, match="lies in the future"):
        changes(workspace, incident("a"), supplied="2999-01-01")


# ------------------------------------------------------------------------------ order of supply


def test_changes_out_of_order_are_refused(workspace: Path) -> None:
    changes(workspace, incident("a", grade="1"), supplied="2023-03-01")
    with pytest.raises(UserError, match="in the order in which they were supplied"):
        changes(workspace, incident("a", grade="0"), incident("b"), supplied="2023-02-01")
    assert known(workspace) == {"a": ("2023-01", "1")}


def test_an_older_complete_supply_under_a_newer_one(workspace: Path) -> None:
    complete(workspace, "2023-01", incident("a", grade="new"), supplied="2023-03-01")
    complete(workspace, "2023-01", incident("a", grade="old"), incident("b"), supplied="2023-02-01")
    assert known(workspace) == {"a": ("2023-01", "new")}
    assert known(workspace, "2023-02-15") == {"a": ("2023-01", "old"), "b": ("2023-01", "")}


@pytest.mark.parametrize("later", ["complete", "changes"])
def test_a_record_that_moves_is_not_slid_in_underneath(workspace: Path, later: str) -> None:
    """Else it would be there twice today: in the month of the older supply and in that of the newer."""
    moved = incident("a", "2023-02-10")
    if later == "complete":
        complete(workspace, "2023-02", moved, supplied="2023-03-01")
    else:
        changes(workspace, moved, supplied="2023-03-01")
    with pytest.raises(UserError, match="in the order in which they were supplied"):
        complete(workspace, "2023-01", incident("a"), supplied="2023-02-01")
    assert known(workspace) == {"a": ("2023-02", "")}


def test_a_month_stated_to_be_unchanged_stays_so(workspace: Path) -> None:
    """A, then A again, and then B that was known in between: today's answer is A."""
    for grade, day in (("A", "2023-02-01"), ("A", "2023-04-01"), ("B", "2023-03-01")):
        complete(workspace, "2023-01", incident("a", grade=grade), supplied=day)
    assert [known(workspace, d)["a"][1] for d in ("2023-02-15", "2023-03-15", "2023-04-15")] == [
        "A",
        "B",
        "A",
    ]
    assert len(generations.newest(workspace).packs()) == 2


# -------------------------------------------------------------------- against a plain dictionary

FORCES = ("kent", "surrey")
MONTHS = ("2023-01", "2023-02", "2023-03")
Records = dict[tuple[str, str], tuple[str, str]]


@dataclass
class Supply:
    """One import, of one force: ``rows`` maps numbers to month and grade."""

    force: str
    scope: str
    day: int
    months: tuple[int, int]
    rows: dict[str, tuple[int, str]]
    gone: set[str] = field(default_factory=set)

    def on(self) -> str:
        return f"2024-01-{self.day:02d}"

    def incidents(self) -> list[Row]:
        return [incident(i, f"{MONTHS[m]}-15", grade=g) for i, (m, g) in self.rows.items()]

    def bring_to(self, root: Path) -> None:
        if self.scope == "complete":
            months = f"{MONTHS[self.months[0]]}..{MONTHS[self.months[1]]}"
            complete(root, months, *self.incidents(), supplied=self.on(), force=self.force)
        else:
            gone = sorted(self.gone - set(self.rows))
            changes(root, *self.incidents(), supplied=self.on(), gone=gone, force=self.force)

    def apply_to(self, records: Records) -> None:
        replaced = MONTHS[self.months[0] : self.months[1] + 1] if self.scope == "complete" else ()
        deleted = self.gone if self.scope == "changes" else set()
        for (force, id_), (month, _) in list(records.items()):
            if force == self.force and (month in replaced or id_ in self.rows or id_ in deleted):
                del records[force, id_]
        records |= {(self.force, i): (MONTHS[m], g) for i, (m, g) in self.rows.items()}


IDS = st.sampled_from("abcd")


@st.composite
def supplies(draw: st.DrawFn) -> Supply:
    first = draw(st.integers(0, 2))
    last = draw(st.integers(first, 2))
    scope = draw(st.sampled_from(["complete", "changes"]))
    lowest, highest = (first, last) if scope == "complete" else (0, 2)
    rows = draw(
        st.dictionaries(IDS, st.tuples(st.integers(lowest, highest), st.sampled_from("xyz")), max_size=4)
    )
    gone = draw(st.sets(IDS, max_size=2)) if scope == "changes" else set()
    return Supply(draw(st.sampled_from(FORCES)), scope, draw(st.integers(1, 6)), (first, last), rows, gone)


def both(root: Path, as_at: str) -> Records:
    out: Records = {}
    for force in FORCES:
        out |= {(force, i): v for i, v in _known_of(root, force, as_at).items()}
    return out


def _known_of(root: Path, force: str, as_at: str) -> dict[str, tuple[str, str]]:
    from openpeel.engine.connection import connect
    from openpeel.engine.intake.packs import rows_sql

    view = generations.view(generations.newest(root), generations.Vintage(date.fromisoformat(as_at)))
    con = connect()
    entries = [e for e in view.of(INCIDENT.id) if e.force == force]
    rows = con.execute(
        f"SELECT incident_id, month, grade FROM ({rows_sql(root, INCIDENT, entries)})"
    ).fetchall()
    con.close()
    out = {i: (f"{m // 12}-{m % 12 + 1:02d}", g) for i, m, g in rows}
    assert len(out) == len(rows), "a record is there twice"
    assert sum(e.rows for e in entries) == len(rows), "the entries' numbers of rows are wrong"
    return out


def compare(root: Path, done: list[Supply]) -> None:
    """As-at answers for every day are those of the supplies known by then, in the order of their days."""
    for day in range(0, 8):
        records: Records = {}
        for supply in sorted(done, key=lambda s: s.day):
            if supply.day <= day:
                supply.apply_to(records)
        as_at = f"2024-01-{day:02d}" if day else "2023-12-31"
        assert both(root, as_at) == records, as_at
    assert not untrue(root)
    assert not leftovers(root)
    assert not unchained(root)


def play(sequence: list[Supply], in_order: bool) -> int:
    """Bring supplies in; out of order, some may be refused, but none may give a wrong answer."""
    refused = 0
    with tempfile.TemporaryDirectory() as folder:
        root = new_workspace(Path(folder) / "w")
        done: list[Supply] = []
        for supply in sequence:
            try:
                supply.bring_to(root)
            except UserError as error:
                assert not in_order, error.line()
                assert error.where == "--supplied", error.line()
                refused += 1
                continue
            done.append(supply)
        compare(root, done)
    return refused


PLAYS = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@PLAYS
@given(st.lists(supplies(), min_size=1, max_size=6))
def test_supplies_in_order_give_what_a_dictionary_gives(sequence: list[Supply]) -> None:
    play(sorted(sequence, key=lambda s: s.day), in_order=True)


@PLAYS
@given(st.lists(supplies(), min_size=2, max_size=6))
def test_supplies_out_of_order_are_refused_or_right(sequence: list[Supply]) -> None:
    play(sequence, in_order=False)


@pytest.mark.long
@settings(PLAYS, max_examples=300)
@given(st.lists(supplies(), min_size=1, max_size=9), st.booleans())
def test_many_supplies(sequence: list[Supply], in_order: bool) -> None:
    play(sorted(sequence, key=lambda s: s.day) if in_order else sequence, in_order)
