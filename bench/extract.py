"""Import of a force's extracts against bare reading of the same file, in the same run.

Usage: python bench/extract.py [ROWS [ROWS_OF_SHEETS]]   (default: 1,000,000 and 100,000)

Five record types, made up from their declarations, as CSV, Parquet and XLSX. What is compared, best of three:
`openpeel import extract` as a library call into a new workspace (read, check every row against type, list and
rules, hash, settle what is replaced, sort, snapshot, make it last) with

- DuckDB reading the file, sorting it by the key and writing Parquet (CSV and Parquet; bare reading beside it);
- calamine reading the sheet and keeping nothing (XLSX), which opens no process of its own and checks nothing.

The runs of both take turns. Beside the time by the clock, the ratio of the processors' time is printed: where other
work keeps the machine busy it is the steadier of the two. (Sheets are read in another process, whose time counts.)
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow
import python_calamine
from openpyxl import Workbook

from openpeel.catalogue import shipped
from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.intake.commit import take_in
from openpeel.register import load_register
from openpeel.sources.extract.files import Found, read_parts, stated
from openpeel.sources.extract.mapping_file import parse_mapping
from openpeel.workspace import create

RUNS = 3
TYPES = (
    "responding.incident",
    "responding.call",
    "investigating.crime",
    "offenders.bail_period",
    "vulnerable.safeguarding_referral",
)
FORCE, YEAR = "kent", "2023-01..2025-12"


@dataclass(frozen=True)
class Seconds:
    """The least of a few runs, by the clock and of the processors."""

    clock: float
    processors: float


@dataclass(frozen=True)
class Timing:
    """One file: openpeel, bare reading, and reading with sorting and writing (None: not measured)."""

    type: str
    file: str
    columns: int
    rows: int
    ours: Seconds
    bare: Seconds
    written: Seconds | None


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    sheet_rows = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    print(
        f"best of {RUNS}; {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()},"
    )
    print(
        f"DuckDB {duckdb.__version__}, pyarrow {pyarrow.__version__}, calamine {version('python-calamine')}"
    )
    print(
        "| type | columns | file | rows | openpeel rows per second | bare reading | read, sorted, written "
        "| ratio | of processors' time |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    os.environ["OPENPEEL_KEYS"] = tempfile.mkdtemp()
    for id_ in TYPES:
        with tempfile.TemporaryDirectory() as name:
            for timing in measure(shipped().types[id_], Path(name), rows, sheet_rows):
                print(line(timing), flush=True)


def line(t: Timing) -> str:
    peer = t.written or t.bare
    per_second = [f"{t.rows / one.clock:,.0f}" if one else "" for one in (t.ours, t.bare, t.written)]
    ratios = [f"{t.ours.clock / peer.clock:.1f}", f"{t.ours.processors / peer.processors:.1f}"]
    cells = [t.type, str(t.columns), t.file, f"{t.rows:,}", *per_second, *ratios]
    return f"| {' | '.join(cells)} |"


def measure(record_type: RecordType, folder: Path, rows: int, sheet_rows: int) -> Iterator[Timing]:
    con = duckdb.connect(config={"memory_limit": "4GB"})
    made = made_up_sql(record_type, rows)
    csv, parquet, sheet = (folder / f"rows.{ending}" for ending in ("csv", "parquet", "xlsx"))
    con.execute(f"COPY ({made}) TO '{csv}' (HEADER)")
    con.execute(f"COPY ({typed_sql(record_type, made)}) TO '{parquet}' (FORMAT parquet)")
    write_sheet(con, made_up_sql(record_type, sheet_rows), sheet)
    key = ", ".join(record_type.key)
    for file, count in ((csv, rows), (parquet, rows), (sheet, sheet_rows)):

        def ours(file: Path = file, count: int = count) -> None:
            imported(record_type, folder, file, count)

        if file == sheet:
            one, bare = best(ours, lambda: read_by_calamine(sheet))
            yield Timing(record_type.id, "XLSX", len(record_type.columns), count, one, bare, None)
            continue
        source = f"read_csv('{file}')" if file == csv else f"read_parquet('{file}')"

        def into_table(source: str = source) -> None:
            con.execute(f"CREATE OR REPLACE TEMP TABLE t AS FROM {source}")
            con.execute("DROP TABLE t")

        def into_file(source: str = source) -> None:
            con.execute(f"COPY (FROM {source} ORDER BY {key}) TO '{folder / 'out'}' (FORMAT parquet)")

        one, bare, written = best(ours, into_table, into_file)
        kind = "CSV" if file == csv else "Parquet"
        yield Timing(record_type.id, kind, len(record_type.columns), count, one, bare, written)
    con.close()


def imported(record_type: RecordType, folder: Path, file: Path, rows: int) -> None:
    root = create(folder / f"w{time.time_ns()}").root
    columns = "\n".join(f'{c.name} = "{c.name}"' for c in record_type.columns if c.personal != "identity")
    text = f'type = "{record_type.id}"\nscope = "complete"\nzone = "local"\nforce = "{FORCE}"\n[columns]\n{columns}\n'
    said = parse_mapping(text, "bench", shipped().types)
    register, found = load_register("england-and-wales"), Found()
    of = stated(said, register, months=YEAR)
    parts = read_parts([file], said, of, register, found, lambda _t: None)
    intake = take_in(root, said.mapping, parts)
    if intake.accepted() != rows:
        raise SystemExit(f"{record_type.id}: {intake.accepted()} of {rows} rows were accepted: {intake}")


def made_up_sql(record_type: RecordType, rows: int) -> str:
    """Rows as texts: the examples, moved in time together, with what no rule speaks of drawn anew.

    They are moved into the summer, away from the hour in March that does not exist.
    """
    ruled = " ".join(rule.condition for rule in record_type.rules)
    columns = ", ".join(f"{_value(c, record_type, c.name in ruled)} AS {c.name}" for c in record_type.columns)
    # A stride that has nothing in common with the number of rows: no order that would help anybody.
    return f"SELECT {columns} FROM (SELECT (n * 7919 + 13) % {rows} AS i FROM range({rows}) r(n))"


def _value(column: Column, record_type: RecordType, ruled: bool) -> str:
    draw = f"hash(i, '{column.name}')"
    example = column.example.replace("'", "''")
    if column.name in record_type.key:
        return f"'{example}-' || lpad(CAST(i AS VARCHAR), 8, '0')"
    if column.type == "instant":
        moved = f"TIMESTAMP '{_stamp(example)}' + to_seconds(2592000 + CAST(i * 31 % 15000000 AS BIGINT))"
        return f"strftime({moved}, '%Y-%m-%d %H:%M:%S')"
    if column.type == "date":
        return f"CAST(DATE '{example}' + 30 + CAST(i * 31 % 15000000 // 86400 AS INTEGER) AS VARCHAR)"
    if ruled:
        return f"'{example}'"
    if column.allowed:
        words = column.allowed if column.required else (*column.allowed, "")
        listed = ", ".join("'" + a.replace("'", "''") + "'" for a in words)
        return f"([{listed}])[1 + CAST({draw} % {len(words)} AS INTEGER)]"
    if column.type == "boolean":
        return f"(['yes', 'no', ''])[1 + CAST({draw} % 3 AS INTEGER)]"
    if column.type in ("integer", "duration"):
        return (
            f"CAST({draw} % 60 AS VARCHAR)" if column.low is None and column.high is None else f"'{example}'"
        )
    if column.type == "number":
        return f"'{example}'"
    if column.personal in ("pseudonym", "operational-reference"):
        several = 3_000 if column.stands_for == "employee" else 400_000
        return f"'{example}-' || CAST({draw} % {several} AS VARCHAR)"
    return f"'{example} ' || CAST({draw} % 500 AS VARCHAR)"


def _stamp(example: str) -> str:
    return example if len(example) > 10 else f"{example} 12:00:00"


def typed_sql(record_type: RecordType, made: str) -> str:
    """The same rows as a system writes them to Parquet: typed."""
    types = {
        "instant": "TIMESTAMP",
        "date": "DATE",
        "boolean": "BOOLEAN",
        "integer": "BIGINT",
        "duration": "BIGINT",
    }
    return (
        "SELECT "
        + ", ".join(
            f"CAST(nullif({c.name}, '') AS {types.get(c.type, 'VARCHAR')}) AS {c.name}"
            for c in record_type.columns
        )
        + f" FROM ({made})"
    )


def write_sheet(con: duckdb.DuckDBPyConnection, made: str, file: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    rows = con.execute(made)
    sheet.append([d[0] for d in rows.description or []])
    for row in rows.fetchall():
        sheet.append(row)
    book.save(file)


def read_by_calamine(file: Path) -> None:
    python_calamine.load_workbook(file).get_sheet_by_index(0).to_python()


def best(*works: Callable[[], object]) -> list[Seconds]:
    """The least of a few runs of each, the runs taking turns."""
    runs = [[_run(work) for work in works] for _ in range(RUNS)]
    return [
        Seconds(min(one.clock for one in of), min(one.processors for one in of))
        for of in zip(*runs, strict=True)
    ]


def _run(work: Callable[[], object]) -> Seconds:
    start, before = time.perf_counter(), os.times()
    work()
    after, ends = os.times(), time.perf_counter()
    return Seconds(ends - start, sum(after[:4]) - sum(before[:4]))


if __name__ == "__main__":
    main()
