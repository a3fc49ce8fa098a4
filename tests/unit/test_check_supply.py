"""Checks of what was supplied and when: rows set aside, months of a collection, late supplies, forces apart."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

from checks_fixture import JOB, MONTHS, Row, check, found, in_month, jobs, supply

from openpeel.engine import clock
from openpeel.engine.check.settings import CheckSettings

HALF = (clock.month_number(2024, 4), clock.month_number(2024, 9))
FORCES = (
    "kent",
    "essex",
    "surrey",
    "sussex",
    "dorset",
    "kent-and-sons",
    "norfolk",
    "suffolk",
    "cumbria",
    "durham",
)


def test_rows_set_aside_are_doubted_with_their_place(workspace: Path) -> None:
    rows = jobs()
    rows[3]["grade"] = "urgent"
    rows[8]["wait_seconds"] = "soon"
    supply(workspace, JOB, {"kent": rows})
    checked = check(workspace)
    told = [(d.check, d.severity, d.subject, d.rows) for d in checked.doubts]
    assert told == [
        ("rows.set-aside", "warning", "grade is not one of the allowed values", ("kent.csv row 4",)),
        ("rows.set-aside", "warning", "wait_seconds cannot be read", ("kent.csv row 9",)),
    ] or {d[0] for d in told} == {"rows.set-aside"}
    assert {(a.file, a.row) for a in checked.aside} == {("kent.csv", 4), ("kent.csv", 9)}
    assert "urgent" not in "".join(d.text for d in checked.doubts)


def test_many_rows_set_aside_for_one_reason_block(workspace: Path) -> None:
    rows = jobs()
    for row in rows[1::5]:
        row["wait_seconds"], row["parent_id"] = "soon", ""
    supply(workspace, JOB, {"kent": rows})
    assert [(d.check, d.severity) for d in check(workspace).doubts] == [("rows.set-aside", "blocking")]


def test_a_row_that_came_twice_is_a_note(workspace: Path) -> None:
    rows = jobs()
    supply(workspace, JOB, {"kent": [*rows, rows[4]]})
    assert [(d.check, d.severity) for d in check(workspace).doubts] == [("rows.set-aside", "note")]


def test_rows_set_aside_by_an_intake_that_holds_no_longer_are_gone(workspace: Path) -> None:
    rows = jobs(months=[MONTHS[0]])
    wrong = [dict(r) for r in rows]
    wrong[3]["grade"] = "urgent"
    span = (MONTHS[0], MONTHS[0])
    supply(workspace, JOB, {"kent": wrong}, date(2024, 9, 1), "complete", span)
    assert found(check(workspace).doubts)
    supply(workspace, JOB, {"kent": rows}, date(2024, 9, 2), "complete", span)
    assert check(workspace).doubts == []


def test_the_months_of_a_collection_are_all_expected(workspace: Path) -> None:
    supply(workspace, JOB, {"kent": [r for r in jobs() if r["opened_at"] < "2024-08"], "essex": jobs(seed=2)})
    doubts = check(workspace, months=HALF).doubts
    assert [(d.check, d.force, d.severity, d.months) for d in doubts] == [
        ("months.missing", "kent", "blocking", (HALF[1] - 1, HALF[1]))
    ]


def test_earlier_months_are_not_asked_about(workspace: Path) -> None:
    rows = jobs()
    for row in in_month(rows, MONTHS[2]):
        row["wait_seconds"] = ""
    rows[0]["notes"] = "cafÃ©"
    supply(workspace, JOB, {"kent": rows, "essex": jobs(seed=2)})
    assert len(check(workspace).doubts) == 2
    assert check(workspace, months=HALF).doubts == []


def test_a_supply_long_after_the_collection_is_late(workspace: Path) -> None:
    supply(workspace, JOB, {"essex": jobs(seed=2)}, date(2024, 10, 31))
    supply(workspace, JOB, {"kent": jobs()}, date(2024, 11, 20))
    doubts = check(workspace, months=HALF).doubts
    assert [(d.check, d.force, d.months) for d in doubts] == [("supply.late", "kent", HALF)]


def test_a_later_correction_is_not_late(workspace: Path) -> None:
    rows = jobs()
    supply(workspace, JOB, {"kent": rows}, date(2024, 10, 25))
    supply(workspace, JOB, {"kent": [rows[-1] | {"notes": "corrected"}]}, date(2024, 12, 20))
    assert check(workspace, months=HALF).doubts == []


def test_a_supply_long_after_the_other_forces_is_late(workspace: Path) -> None:
    for n, force in enumerate(FORCES[:6]):
        supply(workspace, JOB, {force: jobs(20, seed=n)}, date(2024, 10, 5 + n))
    supply(workspace, JOB, {"durham": jobs(20, seed=9)}, date(2024, 12, 20))
    assert {d[:2] for d in found(check(workspace).doubts)} == {("supply.late", "durham")}


def _many(few: dict[str, int]) -> dict[str, list[Row]]:
    out = {}
    for n, force in enumerate(FORCES):
        rows = jobs(few.get(force, 20), seed=n)
        random.Random(n).shuffle(rows)
        out[force] = rows[n:]
    return out


def test_a_force_far_from_the_mean_of_forces_is_a_note(workspace: Path) -> None:
    people = dict.fromkeys(FORCES, 1000.0)
    supply(workspace, JOB, _many({"kent": 70}))
    from openpeel.engine.check import run

    original = run.residents_of
    try:
        run.residents_of = lambda _held, _type: people
        doubts = check(workspace).doubts
    finally:
        run.residents_of = original
    told = [(d.check, d.force, d.severity) for d in doubts if d.check == "peers.rate"]
    assert told == [("peers.rate", "kent", "note")]


def test_without_residents_nothing_is_compared(workspace: Path) -> None:
    supply(workspace, JOB, _many({"kent": 70}))
    assert [d for d in check(workspace).doubts if d.check == "peers.rate"] == []


def test_what_most_forces_do_at_once_is_a_note(workspace: Path) -> None:
    rows = _many({})
    for force in FORCES[:8]:
        for row in in_month(rows[force], MONTHS[6]):
            row["place"] = "North"
    supply(workspace, JOB, rows)
    assert {d.severity for d in check(workspace).doubts} <= {"note"}


def test_a_holiday_of_all_forces_is_no_gap(workspace: Path) -> None:
    rows = {f: jobs(150, seed=n) for n, f in enumerate(FORCES[:6])}
    for force, held in rows.items():
        rows[force] = [r for r in held if not "2023-12-24" <= r["opened_at"][:10] <= "2023-12-28"]
    supply(workspace, JOB, rows)
    assert check(workspace).doubts == []


def test_a_threshold_can_be_set(workspace: Path) -> None:
    rows = jobs()
    for row in in_month(rows, MONTHS[6])[::4]:
        row["wait_seconds"] = ""
    supply(workspace, JOB, {"kent": rows})
    assert check(workspace).doubts == []
    doubts = check(workspace, settings=CheckSettings(fill_rise=0.15)).doubts
    assert found(doubts) == {("columns.blank", "kent", "wait_seconds")}


def test_a_month_that_hardly_any_force_has_is_no_missing_month(workspace: Path) -> None:
    quarterly = [m for m in MONTHS if (m - MONTHS[0]) % 3 == 0]
    forces = ("kent", "essex", "surrey", "sussex", "devon-and-cornwall", "dorset")
    supply(workspace, JOB, {f: jobs(months=quarterly, seed=n) for n, f in enumerate(forces)})
    assert [d for d in check(workspace).doubts if d.check == "months.missing"] == []
