"""The data-quality score, and how well the checks find what was sown."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from checks_fixture import JOB, MONTHS, check, in_month, jobs, supply

from openpeel.engine import clock
from openpeel.engine.check.aside import Aside
from openpeel.engine.check.score import Part, Quality
from openpeel.engine.check.score_key import COLUMNS, scored
from openpeel.errors import UserError

HALF = (clock.month_number(2024, 4), clock.month_number(2024, 9))


def _score(workspace: Path, force: str = "kent") -> Quality:
    (found,) = [q for q in check(workspace, months=HALF).scores if q.force == force]
    return found


def _parts(quality: Quality) -> dict[str, tuple[int, int]]:
    return {p.name: (p.count, p.of) for p in quality.parts}


def test_the_score_of_clean_records_is_whole(workspace: Path) -> None:
    supply(workspace, JOB, {"kent": jobs()})
    quality = _score(workspace)
    assert _parts(quality)["months"] == (6, 6)
    assert all(p.count == p.of for p in quality.parts)
    assert quality.plain()["score"] == 1.0


def test_the_score_is_the_lowest_part_and_never_a_mean(workspace: Path) -> None:
    rows = [r for r in jobs() if r["opened_at"] < "2024-09"]
    for row in in_month(rows, HALF[0])[::4]:
        row["log"], row["place"] = "L1", ""
    rows[0]["grade"] = "urgent"
    supply(workspace, JOB, {"kent": rows}, date(2024, 10, 31))
    quality = _score(workspace)
    parts = _parts(quality)
    assert parts["months"] == (5, 6)
    assert parts["accepted"] == (len(rows) - 1, len(rows))
    assert parts["known"][0] < parts["known"][1]
    assert parts["set rules"][0] < parts["set rules"][1]
    assert parts["on time"] == (5, 5)
    lowest = quality.lowest
    assert lowest is not None and lowest.share == min(c / n for c, n in parts.values() if n)


def test_a_late_supply_is_not_on_time(workspace: Path) -> None:
    supply(workspace, JOB, {"kent": jobs()}, date(2024, 12, 24))
    assert _parts(_score(workspace))["on time"] == (0, 6)


def test_what_cannot_be_told_is_no_part_of_it() -> None:
    quality = Quality("kent", "test.job", (Part("months", 0, 0), Part("known", 3, 4)))
    assert quality.lowest == Part("known", 3, 4)
    assert Quality("kent", "test.job", (Part("months", 0, 0),)).plain()["score"] is None


def _key(folder: Path, *lines: dict[str, str]) -> Path:
    file = folder / "key.csv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        for line in lines:
            writer.writerow(dict.fromkeys(COLUMNS, "") | {"force": "kent", "type": "test.job"} | line)
    return file


def test_sown_defects_are_counted_by_kind(workspace: Path, tmp_path: Path) -> None:
    rows = jobs()
    rows[3]["grade"] = "urgent"
    rows[4]["notes"] = "cafÃ©"
    rows[6]["notes"] = "cafÃ©"
    for row in in_month(rows, MONTHS[6]):
        row["place"] = "North"
    supply(workspace, JOB, {"kent": rows, "essex": jobs(seed=2)})
    checked = check(workspace)
    month = clock.month_text(MONTHS[6])
    key = _key(
        tmp_path,
        {"defect": "1", "kind": "wording", "level": "row", "file": "kent.csv", "row": "4"},
        {"defect": "2", "kind": "characters", "level": "row", "key": "J-000005"},
        {"defect": "3", "kind": "characters", "level": "row", "key": "J-000006"},
        {"defect": "4", "kind": "value", "level": "block", "month": month},
        {"defect": "5", "kind": "value", "level": "block", "month": "2024-09"},
    )
    result = scored(checked.doubts, checked.aside, key, checked.rows)
    told = {k.kind: (k.sown, k.caught, k.missed) for k in result.kinds}
    assert told == {"wording": (1, 1, ()), "characters": (2, 1, ("3",)), "value": (2, 1, ("5",))}
    assert result.false_rows == 1  # J-000007 was not in the key
    assert result.clean_rows == sum(checked.rows.values()) + 1 - 3
    assert result.false_blocks == 0


def test_a_defect_of_two_lines_is_one_and_consequences_are_no_alarms(workspace: Path, tmp_path: Path) -> None:
    rows = jobs()
    rows[4]["notes"] = rows[6]["notes"] = "cafÃ©"
    supply(workspace, JOB, {"kent": rows})
    checked = check(workspace)
    lines = [{"defect": "1", "kind": "pair", "level": "row", "key": k} for k in ("J-000005", "J-000099")]
    key = _key(tmp_path, *lines)
    assert scored(checked.doubts, checked.aside, key, checked.rows).false_rows == 1
    also = _key(tmp_path / "..", {"defect": "1", "kind": "pair", "level": "row", "key": "J-000007"})
    also.rename(tmp_path / "key-consequences.csv")
    result = scored(checked.doubts, checked.aside, key, checked.rows)
    assert [(k.sown, k.caught) for k in result.kinds] == [(1, 1)]
    assert result.false_rows == 0


def test_the_same_file_name_in_another_delivery_is_another_file(workspace: Path, tmp_path: Path) -> None:
    aside = [Aside("test.job", "kent", "/x/2024-10/jobs.csv", 4, "why", "")]
    for folder, caught in (("2024-10", 1), ("2025-04", 0)):
        key = _key(tmp_path, {"kind": "k", "level": "row", "file": f"{folder}/jobs.csv", "row": "4"})
        assert scored([], aside, key, {}).kinds[0].caught == caught


def test_a_doubt_about_another_month_is_a_false_alarm(workspace: Path, tmp_path: Path) -> None:
    rows = jobs()
    for row in in_month(rows, MONTHS[6]):
        row["place"] = "North"
    supply(workspace, JOB, {"kent": rows})
    checked = check(workspace)
    key = _key(tmp_path, {"kind": "value", "level": "block", "month": "2024-09"})
    assert scored(checked.doubts, checked.aside, key, checked.rows).false_blocks == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no column defect"),
        ("defect,kind\n", "has no column level"),
        (",".join(COLUMNS) + "\n1,k,cell,kent,test.job,,,,,\n", "the level is 'cell'"),
        (",".join(COLUMNS) + "\n1,k,row,kent,test.job,,,,f,x\n", "the row is 'x'"),
        (",".join(COLUMNS) + "\n1,k,row,kent,test.job,May,,,,\n", "`May` is not a month"),
    ],
)
def test_a_key_that_cannot_be_read(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "key.csv"
    file.write_text(text)
    with pytest.raises(UserError) as error:
        scored([], [], file, {})
    assert said in error.value.line()
