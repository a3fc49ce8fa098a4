"""Defects of kinds that no generator of ours sows, and habits of forces and record types that are none."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from checks_fixture import JOB, MONTHS, SUPPLIED, Row, check, found, in_month, jobs, supply

from openpeel.engine import clock
from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.run import check_records
from openpeel.engine.declare.columns import employee, instant, operational, seconds, word
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.generations import Vintage

MAY, JUNE = clock.month_number(2024, 5), clock.month_number(2024, 6)
TRIP = RecordType(
    id="test.trip",
    title="Trips",
    kind="event",
    anchor="sent_at",
    key=("driver_id", "sent_at"),
    columns=(
        employee("driver_id", "Who drove.", "P-00001", required=True),
        instant("sent_at", "Sent.", "2024-03-04 14:05:00", required=True),
        instant("left_at", "Left.", "2024-03-04 14:06:00"),
        instant("there_at", "There.", "2024-03-04 14:16:00"),
        seconds("drive_seconds", "Time at the wheel.", "600"),
        word("place", "Place.", "North"),
        operational("car", "Car.", "C1"),
    ),
)


def _swapped(rows: list[Row]) -> None:
    for n, row in enumerate(rows):
        row["repeat"] = "yes" if n % 8 == 0 else "no"
    for row in in_month(rows, MAY):
        row["repeat"] = {"yes": "no", "no": "yes"}[row["repeat"]]


def _more_of_one(rows: list[Row]) -> None:
    for n, row in enumerate(rows):
        row["repeat"] = "yes" if n % 8 == 0 else "no"
    for row in in_month(rows, MAY)[::4]:
        row["repeat"] = "yes"


def _codes_exchanged(rows: list[Row]) -> None:
    for n, row in enumerate(rows):
        row["grade"] = ("high", "low", "low", "low", "low", "other")[n % 6]
    for row in in_month(rows, MAY):
        row["grade"] = {"high": "low", "low": "high"}.get(row["grade"], row["grade"])


def _place_gone(rows: list[Row]) -> None:
    rows[:] = [r for r in rows if r not in in_month(rows, MAY) or r["place"] != "North"]


def _place_renamed(rows: list[Row]) -> None:
    for row in in_month(rows, MAY):
        row["place"] = row["place"].replace("North", "Upper town")


def _june_is_may(rows: list[Row]) -> None:
    rows[:] = [r | {"log": "", "parent_id": ""} for r in rows if r not in in_month(rows, JUNE)]
    for n, row in enumerate(in_month(rows, MAY)):
        rows.append(row | {"job_id": f"J-{800000 + n}"} | _later(row, "opened_at", "closed_at"))


def _later(row: Row, *columns: str, days: int = 30) -> Row:
    return {c: str(datetime.fromisoformat(row[c]) + timedelta(days)) for c in columns}


def _a_few_of_may(rows: list[Row]) -> None:
    for n, row in enumerate(in_month(rows, MAY)[:12]):
        rows.append(row | {"job_id": f"J-{800000 + n}", "log": ""} | _later(row, "opened_at", "closed_at"))


def _test_record(rows: list[Row]) -> None:
    rows[5]["place"], rows[6]["place"] = "TEST 1", "Dummy"


def _test_valley(rows: list[Row]) -> None:
    rows[5]["place"], rows[6]["place"] = "Test Valley", "Driving test"


def _its_own_word(rows: list[Row]) -> None:
    for row in rows[::5]:
        row["place"] = "Test"


def _one_nought_more(rows: list[Row]) -> None:
    for row in in_month(rows, MAY):
        row["wait_seconds"] += "0"


def _pence(rows: list[Row]) -> None:
    for row in in_month(rows, MAY):
        row["wait_seconds"] += "00"


def _one_place_a_month(rows: list[Row]) -> None:
    for month in MONTHS:
        for row in in_month(rows, month):
            row["place"] = ("North", "South", "East", "West")[month % 4]


MUST = {
    "yes and no exchanged": (_swapped, ("columns.swapped", "repeat")),
    "two codes exchanged": (_codes_exchanged, ("columns.swapped", "grade")),
    "a place gone": (_place_gone, ("columns.gone", "place")),
    "one month supplied as the next": (_june_is_may, ("twice.month", "all rows")),
    "test records": (_test_record, ("text.test", "place")),
    "one nought more": (_one_nought_more, ("columns.unit", "wait_seconds")),
    "pence for pounds": (_pence, ("columns.unit", "wait_seconds")),
}
MUST_NOT = (
    _more_of_one, _place_renamed, _a_few_of_may, _test_valley, _its_own_word, _one_place_a_month,
)  # fmt: skip


def _doubts(workspace: Path, spoil: object) -> list[Doubt]:
    rows = jobs(80)
    spoil(rows)  # type: ignore[operator]
    supply(workspace, JOB, {"kent": rows, "essex": jobs(80, seed=2)})
    return check(workspace).doubts


@pytest.mark.parametrize("name", MUST)
def test_it_is_found_and_nothing_else(workspace: Path, name: str) -> None:
    spoil, (id_, subject) = MUST[name]
    assert found(_doubts(workspace, spoil)) == {(id_, "kent", subject)}


@pytest.mark.parametrize("spoil", MUST_NOT, ids=lambda f: f.__name__.strip("_"))
def test_it_is_not_doubted(workspace: Path, spoil: object) -> None:
    assert found(_doubts(workspace, spoil)) == set()


# --- times that follow each other; records told by pseudonyms -------------------------------------------


def _trips(seed: int) -> list[Row]:
    out = []
    for n, job in enumerate(jobs(seed=seed)):
        sent = datetime.fromisoformat(job["opened_at"])
        left = sent + timedelta(seconds=20 + n * 7 % 61)
        there = left + timedelta(seconds=100 + n * 31 % 1717)
        out.append(
            {"driver_id": f"P-{seed}{n % 9}", "sent_at": str(sent), "left_at": str(left), "there_at": str(there),
             "drive_seconds": str((there - left).seconds), "place": job["place"], "car": f"C{n % 7}"}
        )  # fmt: skip
    return out


def _trip_doubts(workspace: Path, kent: list[Row], essex: list[Row]) -> set[tuple[str, str, str]]:
    supply(workspace, TRIP, {"kent": kent, "essex": essex}, SUPPLIED)
    return found(check_records(workspace, {TRIP.id: TRIP}, Vintage(SUPPLIED)).doubts)


def test_trips_as_they_are_raise_no_doubt(workspace: Path) -> None:
    assert _trip_doubts(workspace, _trips(1), _trips(2)) == set()


def test_two_times_in_each_others_columns_for_a_month(workspace: Path) -> None:
    kent = _trips(1)
    for row in in_month(kent, MAY, "sent_at"):
        row["left_at"], row["there_at"] = row["there_at"], row["left_at"]
    assert ("columns.order", "kent", "left_at and there_at") in _trip_doubts(workspace, kent, _trips(2))


def test_a_time_written_for_another_for_a_month(workspace: Path) -> None:
    kent = _trips(1)
    for row in in_month(kent, MAY, "sent_at"):
        row["there_at"] = row["left_at"]
    assert ("columns.order", "kent", "left_at and there_at") in _trip_doubts(workspace, kent, _trips(2))


def test_a_month_of_another_force_under_other_pseudonyms(workspace: Path) -> None:
    kent, essex = _trips(1), _trips(2)
    essex = [r for r in essex if r not in in_month(essex, MAY, "sent_at")] + in_month(kent, MAY, "sent_at")
    told = _trip_doubts(workspace, kent, essex)
    assert {("twice.force", f, "all rows") for f in ("kent", "essex")} <= told


# --- what is the type's own rhythm ----------------------------------------------------------------------

SMALL = ("dorset", "surrey", "sussex", "norfolk", "suffolk", "cumbria", "durham", "cleveland", "humberside")


def _on_the_seventh(rows: list[Row], first: str) -> list[Row]:
    """All records from a month on, on its seventh day."""
    for row in rows:
        if row["opened_at"] >= first:
            row["opened_at"] = row["opened_at"][:8] + "07" + row["opened_at"][10:]
            row["closed_at"] = ""
    return rows


@pytest.mark.parametrize("together", [True, False])
def test_small_forces_say_together_which_days_have_records(workspace: Path, together: bool) -> None:
    rows = {f: jobs(6, seed=n) for n, f in enumerate(SMALL, 5)}
    rows = {f: _on_the_seventh(r, "2024-08") if together else r for f, r in rows.items()}
    supply(workspace, JOB, {"kent": _on_the_seventh(jobs(60), "2024-08"), **rows})
    doubts = [d for d in check(workspace).doubts if d.check in ("days.missing", "days.spike")]
    assert any(d.force == "kent" and d.severity == "warning" for d in doubts) != together


def test_what_a_handful_of_others_do_by_chance_excuses_nothing(workspace: Path) -> None:
    kent, small = jobs(), {f: jobs(6, seed=n)[::6] for n, f in enumerate(SMALL, 5)}
    for n, row in enumerate(kent):
        row["place"] = "North" if n % 2 else row["place"]
    for row in in_month(kent, MAY):
        row["place"] = "North"
    for rows in small.values():
        for n, row in enumerate(rows):
            row["place"] = ("North", "South", "East", "West")[n % 4]
    for force in SMALL[:5]:
        for row in in_month(small[force], MAY):
            row["place"] = "North"
    supply(workspace, JOB, {"kent": kent, **small})
    assert ("columns.one-value", "kent", "place") in found(check(workspace).doubts)


def test_a_force_whose_few_records_all_came_before_the_others_began_lacks_no_month(workspace: Path) -> None:
    first = clock.month_number(2023, 8)
    supply(workspace, JOB, {"kent": jobs(), "essex": jobs(1, [first])[:1]})
    assert {f for _check, f, _subject in found(check(workspace).doubts)} <= {"kent"}


def test_a_force_that_had_many_and_stopped_lacks_its_months(workspace: Path) -> None:
    before = range(clock.month_number(2023, 7), clock.month_number(2023, 10))
    supply(workspace, JOB, {"kent": jobs(120), "essex": jobs(12, before)})
    assert ("months.missing", "essex", "all rows") in found(check(workspace).doubts)
