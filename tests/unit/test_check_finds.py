"""Each check: what it must find among clean records, and what comes near to it and must not be doubted."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from checks_fixture import JOB, MONTHS, RETURNED, Row, check, found, in_month, jobs, returned, supply

from openpeel.engine import clock
from openpeel.engine.check.doubt import Doubt

MAY = clock.month_number(2024, 5)


def test_clean_records_raise_no_doubt(workspace: Path) -> None:
    supply(workspace, JOB, {"kent": jobs(), "essex": jobs(seed=2)})
    supply(workspace, RETURNED, {"kent": returned(), "essex": returned(seed=2)})
    assert check(workspace).doubts == []


# --- what is done to the rows of one force -----------------------------------------------------------


def _power_of_ten(rows: list[Row]) -> None:
    rows[5]["job_id"] = "1.2E+05"


def _power_in_a_name(rows: list[Row]) -> None:
    for n, row in enumerate(rows):
        row["job_id"] = f"{n + 1:03d}E{n % 7}"
        row["parent_id"] = ""


def _zeros_lost(rows: list[Row]) -> None:
    for n, row in enumerate(rows):
        row["job_id"], row["parent_id"] = f"{n + 1:06d}", ""
    rows[50]["job_id"] = "51"


def _zeros_never_there(rows: list[Row]) -> None:
    for n, row in enumerate(rows):
        row["job_id"], row["parent_id"] = str(n + 95), ""


def _other_shape(rows: list[Row]) -> None:
    rows[9]["job_id"] = "KENT/2024/9"


def _second_system(rows: list[Row]) -> None:
    for n, row in enumerate(rows[-150:]):
        row["job_id"] = f"NEW{n}"


def _twice(rows: list[Row]) -> None:
    rows.append(rows[7] | {"job_id": "J-900001", "log": ""})
    rows[7]["log"] = ""


def _twice_but_for_a_second(rows: list[Row]) -> None:
    at = datetime.fromisoformat(rows[7]["opened_at"]) - timedelta(seconds=1)
    rows.append(rows[7] | {"job_id": "J-900001", "log": "", "opened_at": str(at)})
    rows[7]["log"] = ""


def _month_twice(rows: list[Row]) -> None:
    for row in rows:
        row["log"] = ""
    rows += [r | {"job_id": f"J-{800000 + n}"} for n, r in enumerate(in_month(rows, MAY))]


def _future(rows: list[Row]) -> None:
    rows[-1]["closed_at"] = "2024-10-21 00:10:00"


def _the_day_itself(rows: list[Row]) -> None:
    rows[-1]["closed_at"] = "2024-10-20 23:10:00"


def _planned_later(rows: list[Row]) -> None:
    rows[-1]["review_on"] = "2025-09-30"


def _planned_in_2124(rows: list[Row]) -> None:
    rows[-1]["review_on"] = "2124-10-01"


def _century(rows: list[Row]) -> None:
    rows[5]["review_on"] = "1924-01-05"


def _sentinel(rows: list[Row]) -> None:
    rows[5]["review_on"] = "1970-01-01"


def _some_years_ago(rows: list[Row]) -> None:
    rows[5]["review_on"] = "2016-01-05"


def _anchor_century(rows: list[Row]) -> None:
    rows[5]["opened_at"] = "1924-01-05 12:30:00"


def _midnights(rows: list[Row]) -> None:
    for row in in_month(rows, MAY):
        row["opened_at"] = row["opened_at"][:10] + " 00:00:00"


def _some_midnights(rows: list[Row]) -> None:
    for row in in_month(rows, MAY)[::2]:
        row["opened_at"] = row["opened_at"][:10] + " 00:00:00"


def _month_missing(rows: list[Row]) -> None:
    rows[:] = [r for r in rows if r not in in_month(rows, MAY)]


def _small_month_missing(rows: list[Row]) -> None:
    """With one or two records a month, a month without any is nothing out of the ordinary."""
    rows[:] = [r for m in MONTHS if m != MAY for r in in_month(rows, m)[: 1 + m % 2]]


def _half_missing(rows: list[Row]) -> None:
    rows[:] = [r for r in rows if not "2024-05-15" <= r["opened_at"][:10] <= "2024-05-31"]


def _days_missing(rows: list[Row]) -> None:
    rows[:] = [r for r in rows if not "2024-05-08" <= r["opened_at"][:10] <= "2024-05-19"]


def _two_days_missing(rows: list[Row]) -> None:
    rows[:] = [r for r in rows if not "2024-05-08" <= r["opened_at"][:10] <= "2024-05-09"]


def _month_triple(rows: list[Row]) -> None:
    more = jobs(130, [MAY], seed=9)
    rows += [r | {"job_id": f"J-{700000 + n}", "log": "", "parent_id": ""} for n, r in enumerate(more)]


def _month_third_more(rows: list[Row]) -> None:
    more = jobs(20, [MAY], seed=9)
    rows += [r | {"job_id": f"J-{700000 + n}", "log": "", "parent_id": ""} for n, r in enumerate(more)]


def _spike(rows: list[Row]) -> None:
    for row in in_month(rows, MAY)[:25]:
        row["opened_at"] = "2024-05-07" + row["opened_at"][10:]
        row["closed_at"] = ""


def _busy_day(rows: list[Row]) -> None:
    for row in in_month(rows, MAY)[:4]:
        row["opened_at"] = "2024-05-07" + row["opened_at"][10:]
        row["closed_at"] = ""


def _blank_month(rows: list[Row]) -> None:
    for row in in_month(rows, MAY):
        row["wait_seconds"] = ""


def _blank_fifth(rows: list[Row]) -> None:
    for row in in_month(rows, MAY)[::5]:
        row["wait_seconds"] = ""


def _still_open(rows: list[Row]) -> None:
    """The newest jobs are not closed yet; that is no gap."""
    for row in in_month(rows, MONTHS[-1])[::4] + in_month(rows, MONTHS[-1])[1::4]:
        row["closed_at"] = ""


def _one_value(rows: list[Row]) -> None:
    for row in in_month(rows, MAY):
        row["place"] = "North"


def _often_one_value(rows: list[Row]) -> None:
    for row in in_month(rows, MAY)[::2]:
        row["place"] = "North"


def _minutes_for_seconds(rows: list[Row]) -> None:
    for row in in_month(rows, MAY):
        row["wait_seconds"] = str(int(row["wait_seconds"]) * 60)


def _twice_as_long(rows: list[Row]) -> None:
    for row in in_month(rows, MAY):
        row["wait_seconds"] = str(int(row["wait_seconds"]) * 2)


def _zero_for_missing(rows: list[Row]) -> None:
    for row in in_month(rows, MAY):
        row["wait_seconds"] = "0"


def _whole_minutes(rows: list[Row]) -> None:
    for row in in_month(rows, MAY):
        row["wait_seconds"] = str(60 * (1 + int(row["wait_seconds"]) // 60))


def _far_too_long(rows: list[Row]) -> None:
    rows[5]["wait_seconds"] = "99999999"


def _long(rows: list[Row]) -> None:
    rows[5]["wait_seconds"] = "3000"


def _mojibake(rows: list[Row]) -> None:
    rows[5]["notes"] = "cafÃ© next door"
    rows[6]["notes"] = "cost Â£5"
    rows[7]["place"] = "Caf\ufffd"


def _accents(rows: list[Row]) -> None:
    rows[5]["notes"] = "Ångström, naïve, “quoted” – £5 & more"
    rows[6]["place"] = "Ynys Môn"


def _orphan(rows: list[Row]) -> None:
    rows[5]["parent_id"] = "J-999999"


def _log_twice(rows: list[Row]) -> None:
    rows[5]["log"] = rows[6]["log"] = "L77"
    rows[77]["log"] = ""


def _afternoons_lost(rows: list[Row]) -> None:
    for row in in_month(rows, MAY):
        at = datetime.fromisoformat(row["opened_at"])
        row["opened_at"] = str(at.replace(hour=at.hour if at.hour <= 12 else at.hour - 12))


def _a_morning_shift(rows: list[Row]) -> None:
    for row in in_month(rows, MAY)[::2]:
        at = datetime.fromisoformat(row["opened_at"])
        row["opened_at"] = str(at.replace(hour=9))


def _full_hours(rows: list[Row]) -> None:
    for row in in_month(rows, MAY):
        row["closed_at"] = row["closed_at"][:13] + ":00:00"
        row["opened_at"] = row["opened_at"][:13] + ":00:00"


def _other_codes(rows: list[Row]) -> None:
    for row in in_month(rows, MAY):
        row["place"] = row["place"][:1]


def _one_more_place(rows: list[Row]) -> None:
    for row in in_month(rows, MAY)[::6]:
        row["place"] = "Market"


def _targets_in_minutes(rows: list[Row]) -> None:
    for n, row in enumerate(rows):
        row["wait_seconds"] = ("900", "3600", "259200")[n % 3]
    for row in in_month(rows, MAY):
        row["wait_seconds"] = str(int(row["wait_seconds"]) // 60)


def _another_target(rows: list[Row]) -> None:
    for n, row in enumerate(rows):
        row["wait_seconds"] = ("900", "3600", "259200")[n % 3]
    for row in in_month(rows, MAY):
        row["wait_seconds"] = {"900": "1200"}.get(row["wait_seconds"], row["wait_seconds"])


def _one_parent(rows: list[Row]) -> None:
    for n, row in enumerate(rows):
        row["parent_id"] = f"J-{n + 1:06d}"
    for row in in_month(rows, MAY):
        row["parent_id"] = "J-000001"


MUST = {
    "afternoons lost": (_afternoons_lost, ("times.clock", "opened_at")),
    "full hours": (_full_hours, ("times.clock", "closed_at")),
    "other codes": (_other_codes, ("columns.words", "place")),
    "targets in minutes": (_targets_in_minutes, ("columns.unit", "wait_seconds")),
    "one parent": (_one_parent, ("columns.one-value", "parent_id")),
    "power of ten": (_power_of_ten, ("keys.odd", "job_id: a number as a power of ten")),
    "zeros lost": (_zeros_lost, ("keys.odd", "job_id: too few figures")),
    "other shape": (_other_shape, ("keys.odd", "job_id: another shape")),
    "twice": (_twice, ("twice.event", "key")),
    "month twice": (_month_twice, ("twice.month", "all rows")),
    "future": (_future, ("times.future", "closed_at")),
    "planned in 2124": (_planned_in_2124, ("times.future", "review_on")),
    "century": (_century, ("times.ancient", "review_on")),
    "sentinel": (_sentinel, ("times.ancient", "review_on")),
    "anchor in another century": (_anchor_century, ("times.ancient", "opened_at")),
    "midnights": (_midnights, ("times.midnight", "opened_at")),
    "month missing": (_month_missing, ("months.missing", "all rows")),
    "half a month missing": (_half_missing, ("days.missing", "all rows")),
    "days missing": (_days_missing, ("days.missing", "all rows")),
    "month triple": (_month_triple, ("months.jump", "all rows")),
    "spike": (_spike, ("days.spike", "all rows")),
    "blank month": (_blank_month, ("columns.blank", "wait_seconds")),
    "one value": (_one_value, ("columns.one-value", "place")),
    "minutes for seconds": (_minutes_for_seconds, ("columns.unit", "wait_seconds")),
    "zero for missing": (_zero_for_missing, ("columns.zero", "wait_seconds")),
    "whole minutes": (_whole_minutes, ("times.minutes", "wait_seconds")),
    "far too long": (_far_too_long, ("numbers.extreme", "wait_seconds")),
    "mojibake": (_mojibake, ("text.broken", "notes")),
    "orphan": (_orphan, ("set.reference", "parent_id")),
    "log twice": (_log_twice, ("set.unique", "log")),
}
MUST_NOT = (
    _power_in_a_name, _zeros_never_there, _second_system, _twice_but_for_a_second, _the_day_itself, _planned_later,
    _some_years_ago, _some_midnights, _small_month_missing, _two_days_missing, _month_third_more, _busy_day,
    _a_morning_shift, _one_more_place, _another_target, _blank_fifth, _still_open,
    _often_one_value, _twice_as_long, _long, _accents,
)  # fmt: skip


def _doubts(workspace: Path, spoil: object) -> list[Doubt]:
    rows = jobs()
    spoil(rows)  # type: ignore[operator]
    supply(workspace, JOB, {"kent": rows, "essex": jobs(seed=2)})
    return check(workspace).doubts


@pytest.mark.parametrize("name", MUST)
def test_it_is_found(workspace: Path, name: str) -> None:
    spoil, (id_, subject) = MUST[name]
    doubts = _doubts(workspace, spoil)
    assert (id_, "kent", subject) in found(doubts)
    assert {d.force for d in doubts} == {"kent"}
    doubt = next(d for d in doubts if (d.check, d.subject) == (id_, subject))
    assert doubt.severity in ("warning", "blocking")
    assert doubt.count > 0 and len(doubt.text) > 40
    if id_ in ("twice.month", "times.midnight", "columns.blank", "columns.one-value", "columns.unit", "columns.zero",
               "days.missing", "days.spike", "months.jump", "months.missing", "times.minutes",
               "times.clock", "columns.words"):  # fmt: skip
        assert doubt.months == (MAY, MAY)


@pytest.mark.parametrize("spoil", MUST_NOT, ids=lambda f: f.__name__.strip("_"))
def test_it_is_not_doubted(workspace: Path, spoil: object) -> None:
    assert found(_doubts(workspace, spoil)) == set()


def test_the_rows_are_named_by_their_keys(workspace: Path) -> None:
    doubts = _doubts(workspace, _mojibake)
    assert [(d.subject, d.rows) for d in doubts] == [
        ("notes", ("J-000006", "J-000007")),
        ("place", ("J-000008",)),
    ]


def test_a_pair_entered_twice_is_named_whole(workspace: Path) -> None:
    assert _doubts(workspace, _twice)[0].rows == ("J-000008", "J-900001")


def test_a_doubt_keeps_its_id_when_more_rows_join_it(workspace: Path, tmp_path: Path) -> None:
    from helpers import new_workspace

    one = _doubts(workspace, _mojibake)[0]

    def more(rows: list[Row]) -> None:
        _mojibake(rows)
        rows[20]["notes"] = "cafÃ©"

    two = _doubts(new_workspace(tmp_path / "other"), more)[0]
    assert one.key == two.key
    assert two.count == one.count + 1


def test_a_number_of_the_force_stands_in_no_text(workspace: Path) -> None:
    assert all("J-0" not in d.text for d in _doubts(workspace, _one_parent))


def test_a_month_of_another_force(workspace: Path) -> None:
    kent, essex = jobs(), jobs(seed=2)
    essex = [r for r in essex if r not in in_month(essex, MAY)] + in_month(kent, MAY)
    for n, row in enumerate(essex):
        essex[n] = row | {"parent_id": "", "log": ""}
    kept = {r["job_id"]: r for r in essex}
    supply(workspace, JOB, {"kent": kent, "essex": list(kept.values())})
    doubts = [d for d in check(workspace).doubts if d.check == "twice.force"]
    assert {(d.force, d.severity, d.months) for d in doubts} == {
        ("kent", "blocking", (MAY, MAY)),
        ("essex", "blocking", (MAY, MAY)),
    }


def test_dates_alone_are_said_once(workspace: Path) -> None:
    def spoil(rows: list[Row]) -> None:
        for row in in_month(rows, MAY):
            row["opened_at"] = row["opened_at"][:10]
            row["closed_at"] = row["closed_at"][:10]

    doubts = _doubts(workspace, spoil)
    assert [(d.check, d.subject) for d in doubts] == [("times.midnight", "opened_at, closed_at")]


def test_a_few_slips_in_a_small_type_do_not_hide_each_other(workspace: Path) -> None:
    rows = jobs(12)
    for row, at in zip(rows[10:13], ("1924-06-05", "1924-08-01", "1925-02-01"), strict=True):
        row["opened_at"] = at + row["opened_at"][10:]
    supply(workspace, JOB, {"kent": rows})
    assert found(check(workspace).doubts) == {("times.ancient", "kent", "opened_at")}
