"""A list of records of theirs: each row that only one side has is put to one rule."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reconcile_fixture import ALL, QUICK, URGENT, hold, july, parts, reconcile

from helpers import new_workspace, set_aside
from incidents import mapping, part
from openpeel.engine.declare.columns import person
from openpeel.engine.declare.measures import Distribution
from openpeel.engine.declare.records import Column, ColumnType
from openpeel.engine.identity.keys import open_keyring, pseudonym
from openpeel.engine.identity.removal import Removals
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.supply import Deletion
from openpeel.engine.reconcile.match import matching_of
from openpeel.engine.reconcile.theirs import TheirFile
from openpeel.errors import UserError
from waits import ABOUT, COLUMNS, INCIDENT, SHARE


def listed(*ids: str) -> list[str]:
    return ["incident_id", *ids]


def test_the_same_records_agree(workspace: Path) -> None:
    hold(workspace, july("a"), july("b"))
    found = reconcile(workspace, ALL, listed("b", "A "))
    assert (found.kind, found.lines[0].verdict, parts(found)) == ("records", "agrees", {})
    assert "2 records are in both; matched by incident_id" in found.notes


def test_what_our_conditions_leave_out_is_named(workspace: Path) -> None:
    hold(
        workspace,
        july("a"),
        july("routine", grade="C"),
        july("closed", closed="2023-07-11 10:00:00"),
        july("blank", grade=""),
    )
    found = reconcile(workspace, URGENT, listed("a", "routine", "closed", "blank"))
    says = {r.their_line: (r.rule, r.says) for r in found.rows}
    assert says[3] == ("scope", "out of scope: we count records with grade IN ('A', 'B')")
    assert says[4] == ("scope", "out of scope: we count records with closed_at IS NULL")
    assert says[5] == ("eligibility-unknown", "not known whether grade IN ('A', 'B')")
    assert parts(found) == {"scope": 2, "eligibility-unknown": 1}
    assert found.lines[0].verdict == "explained"


def test_the_edge_of_the_period(workspace: Path) -> None:
    early, late = "2023-07-01 00:30:00", "2023-08-01 00:30:00"  # summer time: the day before, in UTC
    hold(workspace, ("early", early, "", "", "A"), july("a"))
    hold(
        workspace,
        ("late", late, "", "", "A"),
        ("august", "2023-08-09 12:00:00", "", "", "A"),
        month="2023-08",
    )
    found = reconcile(workspace, ALL, listed("a", "late", "august"))
    assert parts(found) == {"period-by-utc": 0, "period": 1}
    rules = {(r.side, r.rule) for r in found.rows}
    assert rules == {("ours", "period-by-utc"), ("theirs", "period-by-utc"), ("theirs", "period")}


def test_the_date_by_which_they_count_is_found_in_the_rows_that_both_have(workspace: Path) -> None:
    def of(id_: str, received: str, closed: str) -> tuple[str, str, str, str, str]:
        return (id_, f"{received} 12:00:00", "", f"{closed} 12:00:00" if closed else "", "A")

    hold(workspace, of("june", "2023-06-28", "2023-07-02"), month="2023-06")
    hold(
        workspace,
        of("a", "2023-07-03", "2023-07-04"),
        of("b", "2023-07-10", "2023-07-11"),
        of("slow", "2023-07-30", "2023-08-03"),
        of("open", "2023-07-12", ""),
    )
    lines = ["incident_id,date", "a,2023-07-04", "b,11/07/2023", "june,2023-07-02"]
    found = reconcile(workspace, ALL, lines)
    assert "their day is closed_at on 3 of the 3 rows that are here; received_at is it on 0" in found.notes
    says = {r.rule: r.says for r in found.rows}
    assert says["period-by-closed_at"] == "within the period by closed_at, and not by received_at"
    assert says["period"] == "outside the period by closed_at, which is their day"
    assert parts(found) == {"period": -2, "period-by-closed_at": 1}


def test_unknown_no_and_yes_of_a_share(workspace: Path) -> None:
    hold(workspace, july("in", attended="12:05:00"), july("out", attended="12:50:00"), july("waits"))
    whole = reconcile(workspace, QUICK, listed("in", "out", "waits"))
    assert parts(whole) == {"unknown": 1}
    assert int(whole.lines[0].ours["count"]) == 2
    met = reconcile(workspace, QUICK, listed("in", "out", "waits"), which="numerator")
    assert parts(met) == {"unknown": 1, "answer": 1}


def test_what_they_list_twice_and_what_of_ours_they_leave_out(workspace: Path) -> None:
    hold(workspace, july("a"), july("b"))
    found = reconcile(workspace, ALL, listed("a", "a", "c"))
    assert parts(found) == {"listed-twice": 1, "not-held": 1, "not-in-their-list": -1}
    (line,) = found.lines
    assert line.verdict == "not-explained" and int(line.rest["count"]) == -1
    assert [p.explains for p in line.parts] == [True, True, False]


def test_another_force_said_and_found(workspace: Path) -> None:
    hold(workspace, july("a"))
    hold(workspace, july("x"), force="essex")
    found = reconcile(workspace, ALL, ["incident_id,force", "a,Kent", "x,Kent", "y,Essex"])
    says = {r.their_line: r.says for r in found.rows}
    assert says == {3: "a record of another force: essex", 4: "of another force, by their own file"}
    assert parts(found) == {"other-force": 2}


def test_removed_set_aside_gone_replaced_and_known_later(workspace: Path) -> None:
    hold(workspace, july("a"), july("removed"), july("dropped"), supplied="2023-08-05")
    hold(workspace, july("a"), july("removed"), july("gone"), supplied="2023-08-10")
    spoilt = [("bad", "no time", "", "", "A")]
    changed = part([*spoilt, july("late")], "", "kent", columns=COLUMNS)
    take_in(
        workspace,
        mapping("changes", INCIDENT),
        [changed],
        deletions=[Deletion("kent", ("gone",))],
        supplied=date(2023, 10, 1),
    )
    assert len(set_aside(workspace)) == 1
    removals = Removals(workspace, "kent", open_keyring(workspace))
    removals.remove(removals.by_key(INCIDENT, ["removed"]), "court order", "the court")
    ids = listed("a", "removed", "bad", "gone", "dropped", "late")
    now = {r.their_line: r.rule for r in reconcile(workspace, ALL, ids).rows}
    assert now == {3: "lawfully-removed", 4: "set-aside", 5: "gone", 6: "replaced"}
    then = {r.their_line: r.rule for r in reconcile(workspace, ALL, ids, as_at="2023-09-01").rows}
    assert then[7] == "known-later"


def test_rows_are_named_by_no_number_of_the_forces(workspace: Path) -> None:
    hold(workspace, july("INC-1"), july("INC-2"))
    found = reconcile(workspace, ALL, listed("INC-1", "INC-9"))
    assert "INC" not in str(found.rows) and "INC" not in str(found.as_json())
    ours = next(r for r in found.rows if r.side == "ours")
    assert "#" in ours.record_id and ours.month == "2023-07"


@pytest.mark.parametrize(
    ("lines", "more", "said"),
    [
        (["number", "a"], {}, "no column of ours to match by"),
        (["number", "a"], {"match": {"nummer": "incident_id"}}, "has no column `nummer`"),
        (["number", "a"], {"match": {"number": "id"}}, "has no column `id`"),
        (["incident_id,date", "a,soon"], {}, "`soon` is not a day"),
        (["incident_id"], {}, "holds no rows"),
        (["incident_id,incident_id", "a,a"], {}, "two columns"),
        (["incident_id,x", "a"], {}, "line 2 has not as many fields"),
        (["incident_id", "a"], {"period": ""}, "of which period"),
        (["incident_id", "a"], {"force": ""}, "of which one force"),
    ],
)
def test_a_list_that_does_not_do_is_one_line(
    workspace: Path, lines: list[str], more: dict[str, object], said: str
) -> None:
    hold(workspace, july("a"))
    with pytest.raises(UserError) as told:
        reconcile(workspace, ALL, lines, **more)  # type: ignore[arg-type]
    assert said in told.value.line()


def test_their_own_headings_are_named(workspace: Path) -> None:
    hold(workspace, july("a"), july("b"))
    match = {"Ref no.": "incident_id"}
    found = reconcile(
        workspace, ALL, ["Ref no.,On", "A,10/07/2023", "B,10/07/2023 12:00"], match=match, date="On"
    )
    assert found.lines[0].verdict == "agrees"


def test_a_month_that_was_not_supplied_is_no_figure(workspace: Path) -> None:
    hold(workspace, july("a"))
    found = reconcile(workspace, ALL, listed("a"), period="2023-05")
    assert (found.lines[0].verdict, found.lines[0].ours) == ("no-figure", {})
    assert found.lines[0].reason == "nothing supplied for the period"


IDS = st.lists(st.sampled_from(list("abcdefgh")), max_size=8)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(list("abcdefgh")), min_size=1), IDS, st.sampled_from("ABC"))
def test_whatever_the_lists_are_the_parts_add_up(
    tmp_path_factory: pytest.TempPathFactory, ours: set[str], theirs: list[str], grade: str
) -> None:
    root = new_workspace(tmp_path_factory.mktemp("drawn") / "workspace")
    hold(root, *(july(i, 1 + n, grade=grade if n % 2 else "A") for n, i in enumerate(sorted(ours))))
    found = reconcile(root, URGENT, listed("z", *theirs))
    (line,) = found.lines
    counted = {i for n, i in enumerate(sorted(ours)) if grade != "C" or not n % 2}
    assert int(line.ours["count"]) == len(counted) and int(line.theirs["count"]) == 1 + len(theirs)
    assert sum(r.side == "ours" for r in found.rows) == len(counted - set(theirs))
    assert sum(r.side == "theirs" for r in found.rows) == 1 + len(theirs) - len(counted & set(theirs))
    assert len([r for r in found.rows if r.rule == "scope"]) == len((ours - counted) & set(theirs))


def test_a_list_held_against_a_distribution(workspace: Path) -> None:
    hold(workspace, july("a"), july("b", grade=""))
    more = {k: v for k, v in SHARE.items() if k in ABOUT}
    share = Distribution(id="test.grades", across="grade", unit="share", better="neutral", **more)
    found = reconcile(workspace, share, listed("a", "b"))
    assert parts(found) == {"unknown": 1}
    with pytest.raises(UserError, match="a numerator for each grade"):
        reconcile(workspace, share, listed("a"), which="numerator")


def test_numbers_of_persons_are_known_again_by_their_pseudonyms(workspace: Path) -> None:
    number = person("nominal", "Number.", "N-1", required=True)
    of = replace(INCIDENT, key=("nominal",), columns=(number, *INCIDENT.columns[1:]))
    ring = open_keyring(workspace)
    stored = replace(of, columns=(replace(number, personal="none", stands_for=""), *of.columns[1:]))
    kept = pseudonym(ring.keys("kent"), "person", "N-1")
    day = "2023-07-10 12:00:00"
    columns = ("nominal", *COLUMNS[1:])
    rows = [(kept, day, "", "", "A"), ("f" * 32, day, "", "", "A")]
    take_in(workspace, mapping("complete", stored), [part(rows, "2023-07", "kent", columns=columns)])
    file = TheirFile(workspace / "x.csv", ("nominal",), ({"nominal": "N-1"}, {"nominal": "N-2"}), (2, 3))
    matching = matching_of(of, file, {}, "", lambda what, value: pseudonym(ring.keys("kent"), what, value))
    assert matching.key_of(file.rows[0], "") == (kept,) and matching.is_key
    assert matching.key_of(file.rows[1], "") != matching.key_of(file.rows[0], "")


@pytest.mark.parametrize(
    ("type_", "theirs", "ours"),
    [
        ("instant", "2023-07-01T00:30:00+01:00", "2023-06-30 23:30:00"),
        ("instant", "01/07/2023 00:30:00", "2023-06-30 23:30:00"),
        ("instant", "2023-07-01 00:30", "2023-06-30 23:30"),
        ("instant", "01/07/2023", "2023-07-01"),
        ("date", "01/07/2023 08:00", "2023-07-01"),
        ("number", "52.8068", "52.806800"),
        ("integer", " 24 ", "24"),
        ("boolean", "Y", "true"),
        ("text", " INC-1 ", "inc-1"),
    ],
)
def test_how_a_value_of_theirs_is_written_to_be_compared(type_: ColumnType, theirs: str, ours: str) -> None:
    of = replace(INCIDENT, key=(), columns=(Column("x", type_, "X."), *INCIDENT.columns[1:]))
    file = TheirFile(Path("x.csv"), ("x",), ({"x": theirs},), (2,))
    matching = matching_of(of, file, {}, "", lambda _what, value: value)
    assert matching.key_of(file.rows[0], "") == (ours,)
    with pytest.raises(UserError, match="cannot be matched by") if type_ != "text" else nullcontext():
        matching.key_of({"x": "?"}, "x.csv, line 2")
