"""``import extract`` of Parquet: the same records as from CSV, whatever the file's types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from extracts import HEADINGS, MAPPING, TYPED, A, B, extract, parquet, put, refused
from helpers import entries, held, new_workspace, set_aside
from openpeel.sources.extract import tables

NAN = float("nan")


FULL = (
    'type = "incident"\nscope = "changes"\nzone = "local"\nforce = "kent"\n[columns]\n'
    'incident_id = "id"\nopened_at = "opened"\narrived_at = "arrived"\ntarget_seconds = "target"\n'
    'vulnerable = "vulnerable"\neasting = "east"\ngrade = "grade"\nward = "ward"\nbeat = "beat"\n'
)
ROWS: list[dict[str, Any]] = [
    {
        "id": 4711,
        "opened": dt.datetime(2023, 1, 5, 10, 0, 1),
        "arrived": dt.datetime(2023, 7, 5, 10, 0, 1, 500_000, tzinfo=dt.UTC),
        "target": 3600,
        "vulnerable": True,
        "east": 412300.5,
        "grade": "1",
        "ward": 12.0,
        "beat": dt.date(2023, 1, 5),
    },
    {
        "id": 4712,
        "opened": dt.datetime(2023, 7, 1),
        "arrived": None,
        "target": None,
        "vulnerable": None,
        "east": float("nan"),
        "grade": None,
        "ward": float("nan"),
        "beat": None,
    },
]
WRITTEN = [
    ("4711", "2023-01-05 10:00:01", "2023-07-05T10:00:01.5+00:00", "3600", "yes", "412300.5", "1", "12", "2023-01-05"),
    ("4712", "2023-07-01 00:00:00", "", "", "", "NaN", "", "", ""),
]  # fmt: skip


def typed_table(rows: Sequence[Mapping[str, Any]] = ROWS) -> pa.Table:
    table = pa.Table.from_pylist([dict(r) for r in rows])
    coded = table["grade"].combine_chunks().dictionary_encode()
    return table.set_column(table.column_names.index("grade"), "grade", coded)


def ids(workspace: Path) -> dict[tuple[str, str], str]:
    return {key: entry["snapshot"] for key, entry in entries(workspace).items()}


@pytest.fixture
def as_csv(workspace: Path, tmp_path: Path) -> dict[tuple[str, str], str]:
    """The snapshots of the same rows from CSV."""
    other = new_workspace(tmp_path / "other")
    done = extract(other, put(tmp_path, *WRITTEN, headings=list(ROWS[0])), mapping=FULL)
    assert done.returncode == 0 and "2 accepted + 0 set aside" in done.stdout
    return ids(other)


def test_parquet_gives_the_records_that_csv_gives(
    workspace: Path, tmp_path: Path, as_csv: Mapping[Any, str]
) -> None:
    done = extract(workspace, parquet(tmp_path / "log.parquet", typed_table()), mapping=FULL)
    assert done.returncode == 0, done.stderr
    assert ids(workspace) == as_csv


def test_parquet_of_texts_too(workspace: Path, tmp_path: Path, as_csv: Mapping[Any, str]) -> None:
    columns = dict(zip(ROWS[0], zip(*WRITTEN, strict=True), strict=True))
    table = pa.table({name: pa.array(values, pa.large_string()) for name, values in columns.items()})
    assert extract(workspace, parquet(tmp_path / "log.parquet", table), mapping=FULL).returncode == 0
    assert ids(workspace) == as_csv


def test_files_that_type_a_column_differently_agree(
    workspace: Path, tmp_path: Path, as_csv: Mapping[Any, str]
) -> None:
    one = parquet(tmp_path / "1.parquet", typed_table(ROWS[:1]))
    two = typed_table(ROWS[1:]).set_column(6, "grade", pa.nulls(1))
    two = two.set_column(1, "opened", two["opened"].cast(pa.string()))
    two = two.set_column(3, "target", pa.nulls(1, pa.float64()))
    two = two.set_column(2, "arrived", pa.nulls(1))
    done = extract(workspace, one, parquet(tmp_path / "2.parquet", two), mapping=FULL)
    assert done.returncode == 0, done.stderr
    assert ids(workspace) == as_csv


def test_parquet_beside_csv(workspace: Path, tmp_path: Path, as_csv: Mapping[Any, str]) -> None:
    one = parquet(tmp_path / "1.parquet", typed_table(ROWS[:1]))
    two = put(tmp_path, *WRITTEN[1:], headings=list(ROWS[0]))
    assert extract(workspace, one, two, mapping=FULL).returncode == 0
    assert ids(workspace) == as_csv


def test_a_column_with_a_rule_is_read_as_text(workspace: Path, tmp_path: Path) -> None:
    mapping = FULL.replace(
        'opened_at = "opened"', 'opened_at = { join = ["day", "time"], formats = ["%Y-%m-%d %H:%M:%S"] }'
    ).replace('vulnerable = "vulnerable"', 'vulnerable = { from = "vulnerable", values = { "true" = "no" } }')
    table = typed_table(ROWS[:1]).append_column("day", [[dt.date(2023, 1, 5)]])
    table = table.append_column("time", [pa.array([dt.time(10, 0, 1)])])
    assert extract(workspace, parquet(tmp_path / "log.parquet", table), mapping=mapping).returncode == 0
    assert held(workspace, "opened_at, vulnerable") == [(dt.datetime(2023, 1, 5, 10, 0, 1), False)]


def test_many_rows_are_taken_in_several_parts(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PART_ROWS", 4)
    many = {"Log No": list(range(10)), "Opened": [dt.datetime(2023, 1, 5)] * 10, "Pri": ["1"] * 10}
    done = extract(workspace, parquet(tmp_path / "log.parquet", many, row_group_size=3))
    assert "3 files: 10 rows read = 10 accepted" in done.stdout, done.stderr
    assert "log.parquet (rows 1 to 4)" in done.stdout
    whole = extract(workspace, tmp_path / "log.parquet", "--scope", "complete", "--month", "2023-01")
    assert "1 file: 10 rows read = 10 accepted" in whole.stdout


def test_a_table_without_rows(workspace: Path, tmp_path: Path) -> None:
    table = pa.table({h: pa.array([], pa.string()) for h in HEADINGS})
    done = extract(workspace, parquet(tmp_path / "log.parquet", table))
    assert done.returncode == 0 and "1 file: 0 rows read = 0 accepted" in done.stdout


def test_times_that_no_text_is_read_as_are_set_aside(workspace: Path, tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": ["1", "2", "3"],
            "opened": pa.array([A[1], "0001-01-01 00:00:00", B[1]]).cast(pa.timestamp("us")),
            "arrived": pa.array([None, None, "2023-01-06 12:00:00"]).cast(pa.timestamp("ns")),
            "target": pa.array([1, 2, 1 << 63], pa.uint64()),
            **{name: pa.nulls(3, pa.string()) for name in ("vulnerable", "east", "grade", "ward", "beat")},
        }
    )
    done = extract(workspace, parquet(tmp_path / "log.parquet", table), mapping=FULL)
    assert "3 rows read = 1 accepted + 2 set aside" in done.stdout, done.stderr
    assert [(r["row"], r["reason"], r["text"]) for r in set_aside(workspace)] == [
        ("2", "opened_at cannot be read", "0001-01-01 00:00:00"),
        ("3", "target_seconds cannot be read", str(1 << 63)),
    ]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (pa.array([["1"]]), "the column Pri holds lists or tables; write one value a row"),
        (pa.array([{"a": 1}]), "the column Pri holds lists or tables"),
        (pa.array([b"1"]), "the column Pri holds bytes, no text"),
    ],
)
def test_values_that_are_no_values(workspace: Path, tmp_path: Path, values: pa.Array, says: str) -> None:
    table = pa.table({"Log No": ["1"], "Opened": [A[1]], "Pri": values})
    assert says in refused(extract(workspace, parquet(tmp_path / "log.parquet", table)))
    used = MAPPING.replace('grade = "Pri"\n', "")
    assert extract(workspace, tmp_path / "log.parquet", mapping=used).returncode == 0, "not used, no matter"


def test_a_parquet_file_that_was_cut_off(workspace: Path, tmp_path: Path) -> None:
    file = parquet(tmp_path / "log.parquet", {"Log No": ["3"], **TYPED})
    file.write_bytes(file.read_bytes()[:-20])
    assert "is not a whole Parquet file" in refused(extract(workspace, file))


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array([1, None, -5], pa.int8()), ["1", None, "-5"]),
        (pa.array([12.0, -0.0, 0.1, 1e300, NAN, None]), ["12", "0", "0.1", "1e+300", None, None]),
        (pa.array([float("inf")]), ["inf"]),
        (pa.array([0.1, 2**24 + 0.0], pa.float32()), ["0.1", str(2**24)]),
        (pa.array([0.5], pa.float16()), ["0.5"]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array([None, None]), [None, None]),
        (pa.array(["12.50", "0.0000001"]).cast(pa.decimal128(12, 7)), ["12.5000000", "0.0000001"]),
        (pa.array(["a", None, "a"]).dictionary_encode(), ["a", None, "a"]),
        (pa.array([12.0, 3.0]).dictionary_encode(), ["12", "3"]),
        (pa.array([dt.date(2023, 1, 5)], pa.date64()), ["2023-01-05"]),
        (pa.array([dt.time(14, 5), dt.time(14, 5, 0, 120_000)]), ["14:05:00", "14:05:00.12"]),
        (pa.array([dt.timedelta(seconds=90), dt.timedelta(milliseconds=1500)]), ["90", "1.5"]),
        (pa.array([dt.datetime(2023, 7, 5, 10)], pa.timestamp("s")), ["2023-07-05 10:00:00"]),
        (pa.array([dt.datetime(2023, 7, 5, 10)], pa.timestamp("ms", "Europe/London")), ["2023-07-05 10:00:00+00:00"]),
        (pa.array([1], pa.timestamp("ns")), ["1970-01-01 00:00:00.000000001"]),
        (pa.array([dt.datetime(2023, 7, 5)], pa.timestamp("us")), ["2023-07-05 00:00:00"]),
    ],
)  # fmt: skip
def test_values_as_texts(values: pa.Array, texts: Sequence[str | None]) -> None:
    assert tables.as_text(pa.chunked_array([values]), "f").to_pylist() == list(texts)
    assert tables.as_text(pa.chunked_array([values[:1], values[1:]]), "f").to_pylist() == list(texts)


def test_midnight_is_a_way_to_write_a_day_where_a_day_is_wanted() -> None:
    values = pa.chunked_array([pa.array([dt.datetime(2023, 7, 5), dt.datetime(2023, 7, 5, 1)])])
    assert tables.as_text(values, "f", of_date=True).to_pylist() == ["2023-07-05", "2023-07-05 01:00:00"]


def test_a_local_time_that_never_was_is_no_blank(workspace: Path, tmp_path: Path) -> None:
    never = dt.datetime(2023, 3, 26, 1, 30)  # the clocks went forward from one to two
    fine = dt.datetime(2023, 1, 5)
    columns = {"Log No": ["1", "2", "3"], "Opened": [fine, never, fine], "At": [never, None, None]}
    mapping = MAPPING.replace('grade = "Pri"', 'arrived_at = "At"')
    done = extract(workspace, parquet(tmp_path / "log.parquet", columns), mapping=mapping)
    assert [r["reason"] for r in set_aside(workspace)] == [
        "arrived_at cannot be read",
        "opened_at cannot be read",
    ], done.stdout
