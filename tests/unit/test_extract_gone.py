"""Records that are gone: named by the rows of an extract, or by a list beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from extracts import HEADINGS, MAPPING, A, B, extract, line, put
from helpers import held
from openpeel.catalogue import shipped

BY_ROW = MAPPING.replace('force = "kent"', 'force_column = "F"')


def test_rows_that_say_their_record_is_gone(workspace: Path, tmp_path: Path) -> None:
    extract(workspace, put(tmp_path, A, B), "--supplied", "2023-02-01")
    mapping = MAPPING + '[gone]\n"State" = ["Deleted"]\n'
    rows = [(*A, "deleted"), (*B, "open")]
    file = put(tmp_path, *rows, headings=[*HEADINGS, "State"])
    done = extract(workspace, file, "--supplied", "2023-02-02", mapping=mapping)
    assert done.returncode == 0 and "1 says that the record is gone" in done.stdout
    assert [r[0] for r in held(workspace, "incident_id")] == ["2"]
    assert "1 record was taken out as gone" in done.stderr


def test_a_list_of_records_that_are_gone(workspace: Path, tmp_path: Path) -> None:
    extract(workspace, put(tmp_path, A, B), "--supplied", "2023-02-01")
    gone = put(tmp_path, ("reason", " 1 "), ("", ""), ("x", "9"), name="gone.csv", headings=["Why", "log no"])
    done = extract(workspace, "--gone", gone, "--supplied", "2023-02-02")
    assert done.returncode == 0, done.stderr
    assert [r[0] for r in held(workspace, "incident_id")] == ["2"]
    assert "1 record was taken out as gone (2 named by the list)" in done.stderr
    assert "1 of 2 deletions name records that are not here" in done.stderr


def test_a_key_of_several_parts_is_made_as_the_mapping_makes_it(workspace: Path, tmp_path: Path) -> None:
    mapping = (
        'type = "call_leg"\nscope = "changes"\nzone = "local"\nforce_column = "F"\n[columns]\n'
        'call_id = { join = ["Day", "No"], with = "/" }\nentered_at = "At"\n'
        'leg_number = { from = "Leg", values = { "first" = 1 } }\n'
    )
    headings = ["F", "Day", "No", "At", "Leg"]
    rows = [("kent", "0501", str(n), A[1], leg) for n in (1, 2) for leg in ("first", "2")]
    extract(workspace, put(tmp_path, *rows, headings=headings), "--supplied", "2023-02-01", mapping=mapping)
    gone = put(
        tmp_path, ("Kent Police", "0501", "1", "First"), name="gone.csv", headings=["F", "Day", "No", "Leg"]
    )
    done = extract(workspace, "--gone", gone, "--supplied", "2023-02-02", mapping=mapping)
    assert done.returncode == 0, done.stderr
    assert held(workspace, "call_id, leg_number") == [("0501/1", 2), ("0501/2", 1), ("0501/2", 2)]


@pytest.mark.parametrize(
    ("data", "mapping", "args", "says"),
    [
        ("Log No\n\n,", MAPPING, [], "row 1 has 2 fields where the heading has 1; mend the list"),
        ("Log No,Pri\nN/A,1\n", MAPPING, [], "gone.csv: row 1: `incident_id` is blank; give every part"),
        ("Pri\n1\n", MAPPING, [], "has no column `Log No`"),
        ("Log No\n1\n", MAPPING, ["--scope", "complete", "--month", "2023-01"], "--gone: is for changes alone"),
        ("Log No,F\n1,Ruritania\n", BY_ROW, [], "row 1: the force is not known"),
        (
            "x\n",
            'type = "managed_offender"\nscope = "changes"\nforce = "kent"\n[columns]\noffender_id = "No"\n',
            [],
            "is a pseudonym, which no list can name; name the rows in the extract with [gone] instead",
        ),
        (
            "x\n",
            MAPPING.replace('incident_id = "Log No"', 'incident_id = { from = "Log No", blank = "0" }'),
            [],
            "--gone: `incident_id` of responding.incident cannot be read from a list",
        ),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_followed(
    workspace: Path, tmp_path: Path, data: str, mapping: str, args: Sequence[str], says: str
) -> None:
    if "managed_offender" in mapping:
        of = shipped().types["offenders.managed_offender"]
        mapping += "".join(f'{c.name} = "x"\n' for c in of.columns if c.required and c.name != "offender_id")
    (tmp_path / "gone.csv").write_text(data)
    assert says in line(extract(workspace, "--gone", tmp_path / "gone.csv", *args, mapping=mapping))
    assert not list((workspace / "generations").glob("*"))
