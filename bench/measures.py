"""All measures of a record type at once against bare scans and against one query each, in the same run.

Usage: python bench/measures.py [ROWS]   (default: 2,000,000)
       python bench/measures.py WORKSPACE TYPE [FIRST..LAST]

The second form takes records that are there, such as those of `openpeel demo --scale national --type TYPE`: all of
them, or those of some months. In the first, stop and searches of six forces over 36 months are made up and taken in.
Then these are timed:

- *cubes*: what `openpeel refresh` does, from the records to kept cells (without reading the settings);
- *bare scan*: DuckDB reading the same columns of the same files and adding up their lengths, nothing else;
- *one query each*: each measure's counts by each of its breakdowns as a query of its own on DuckDB;
- *one query by hand*: all counts by all breakdowns at once as grouping sets over the same rows;
- *one new month*: what counting one month of one force more takes, beside what an empty refresh takes.

Best of three; runs of what is compared take turns. Peak memory is that of this process.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import extract

from openpeel.catalogue import load_catalogue, shipped
from openpeel.engine import clock
from openpeel.engine.declare.measures import AnyMeasure
from openpeel.engine.derive import layer
from openpeel.engine.derive.layer import Scan
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.generations import Entry, Vintage
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.measure import build, cells
from openpeel.engine.measure.context import Context, open_context
from openpeel.engine.measure.period import Period
from openpeel.engine.measure.scan import DuckDB
from openpeel.register import load_register
from openpeel.sources.extract.files import Found, read_parts, stated
from openpeel.sources.extract.mapping_file import parse_mapping
from openpeel.workspace import create

RUNS = 3
TYPE = "powers.stop_search"
FORCES = ("avon-and-somerset", "bedfordshire", "cheshire", "essex", "kent", "staffordshire")


def main() -> None:
    if len(sys.argv) > 2:
        there(Path(sys.argv[1]), *sys.argv[2:])
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    print(f"{rows:,} rows; best of {RUNS}; {os.cpu_count()} cores, {platform.machine()},")
    print(f"Python {platform.python_version()}, DuckDB {duckdb.__version__}")
    os.environ["OPENPEEL_KEYS"] = tempfile.mkdtemp()
    with tempfile.TemporaryDirectory() as name:
        root = made(Path(name), rows)
        context = open_context(root, shipped(), Vintage(date(2090, 1, 1)))
        compare(context, TYPE, context.view.of(TYPE))
        context.close()


def there(root: Path, type_id: str, months: str = "") -> None:
    """Measure on the records of one type that a workspace holds; its cells are emptied."""
    context = open_context(root, load_catalogue(root), Vintage(date(2090, 1, 1)))
    entries = [e for e in context.view.of(type_id) if e.rows]
    if months:
        first, last = clock.parse_months(months)
        entries = [e for e in entries if first <= e.month <= last]
    print(
        f"{type_id}: {sum(e.rows for e in entries):,} rows, {len(entries)} snapshots; best of {RUNS}; ",
        end="",
    )
    print(f"{os.cpu_count()} cores, {platform.machine()},")
    print(f"Python {platform.python_version()}, DuckDB {duckdb.__version__}")
    compare(context, type_id, entries)
    context.close()


def made(folder: Path, rows: int) -> Path:
    """A workspace with the rows, six imports of a sixth each."""
    record_type = shipped().types[TYPE]
    root = create(folder / "w").root
    con = duckdb.connect()
    columns = "\n".join(f'{c.name} = "{c.name}"' for c in record_type.columns if c.personal != "identity")
    register = load_register("england-and-wales")
    for force in FORCES:
        file = folder / f"{force}.parquet"
        sql = extract.typed_sql(record_type, extract.made_up_sql(record_type, rows // len(FORCES)))
        con.execute(f"COPY ({spread(sql)}) TO '{file}' (FORMAT parquet)")
        head = f'type = "{TYPE}"\nscope = "complete"\nzone = "UTC"\nforce = "{force}"\n'
        said = parse_mapping(f"{head}[columns]\n{columns}\n", "bench", shipped().types)
        found = Found()
        of = stated(said, register, months="2022-01..2024-12")
        intake = take_in(root, said.mapping, read_parts([file], said, of, register, found, lambda _t: None))
        if intake.accepted() != rows // len(FORCES):
            raise SystemExit(
                f"{intake.accepted()} of {rows // len(FORCES)} rows were accepted: {found.refused}"
            )
        file.unlink()
    con.close()
    return root


def spread(sql: str) -> str:
    """The rows over 36 months, their outcomes, powers and objects in the words of the public files."""
    words = {
        "outcome": (
            "A no further action disposal",
            "Arrest",
            "Community resolution",
            "Summons / charged by post",
        ),
        "legislation": (
            "Misuse of Drugs Act 1971 (section 23)",
            "Police and Criminal Evidence Act 1984 (section 1)",
            "Criminal Justice and Public Order Act 1994 (section 60)",
        ),
        "object_of_search": ("Controlled drugs", "Stolen goods", "Offensive weapons"),
        "self_defined_ethnicity": (
            "White - English/Welsh/Scottish/Northern Irish/British",
            "Black/African/Caribbean/Black British - African",
            "Asian/Asian British - Pakistani",
            "Other ethnic group - Not stated",
        ),
        "gender": ("Male", "Female", "Other"),
        "age_range": ("under 10", "10-17", "18-24", "25-34", "over 34"),
    }
    drawn = ", ".join(
        f"({list(texts)})[1 + CAST(hash(n, '{name}') % {len(texts)} AS INTEGER)] AS {name}"
        for name, texts in words.items()
    )
    moved = "TIMESTAMP '2022-01-01 12:00:00' + to_hours(CAST(n * 7 % 26000 AS BIGINT))"
    return f"SELECT * REPLACE ({moved} AS searched_at, {drawn}) FROM (SELECT *, row_number() OVER () AS n FROM ({sql}))"


def compare(context: Context, type_id: str, entries: list[Entry]) -> None:
    record_type = context.catalogue.types[type_id]
    plan = build.whole_plan(context, record_type)
    stored = {n for n, _ in record_type.stored()}
    columns = [c for c in needed(context, type_id) if c in stored]
    rows = rows_sql(context.root, record_type, entries, ", ".join(f'"{c}"' for c in columns))

    def cubes() -> None:
        empty(context.root / "cells")
        engine = DuckDB(context.root)  # a new one, which has no wordings at hand
        cells.refresh(context.con, context.root, plan, entries, context.sources(), engine, lambda _t: None)

    def bare() -> None:
        sums = ", ".join(f'sum(length(CAST("{c}" AS VARCHAR)))' for c in columns)
        context.con.execute(f"SELECT {sums} FROM ({rows})").fetchall()

    scan_ = Scan(record_type, [e for e in entries if e.rows], context.sources())
    compiled = build.compile_asked(context, record_type, measures(context, type_id)).values()
    singles = [cells.plan(record_type, [one], scan_.sources) for one in compiled]

    def each() -> None:
        """A query for each measure and breakdown: what an analyst's script does."""
        for single in singles:
            for breakdown in ((), *single.breakdowns()):
                alone = cells.Plan(record_type, tuple(s for s in single.sums if s.breakdown == breakdown))
                for cube in alone.cubes():
                    context.engine.cubes(context.con, {"alone": cube}, alone.touched_by([cube]), scan_)

    def fused() -> None:
        """One query with all counts by all breakdowns at once, as grouping sets: the best one query by hand."""
        derived = layer.layer_sql(context.con, scan_, plan.columns(), layer.rows_of(context.root))
        sets = ", ".join(
            "(" + ", ".join(["snapshot", *(f'"{c}"' for c in b)]) + ")" for b in ((), *plan.breakdowns())
        )
        sums = {s.counted.name: s.counted.summed() for s in plan.sums if s.counted.kind != "bins"}
        listed = ", ".join(f"{sql} AS {name}" for name, sql in sums.items())
        keys = ", ".join(f'"{c}"' for c in sorted({c for b in plan.breakdowns() for c in b}))
        context.con.execute(
            f"CREATE OR REPLACE TEMP TABLE fused AS WITH r AS MATERIALIZED ({derived}) "
            f"SELECT snapshot, {keys}, {listed} FROM r GROUP BY GROUPING SETS ({sets})"
        )

    ours, scan, single, once = best(cubes, bare, each, fused)
    counts, breakdowns = len(plan.names()), len(plan.breakdowns())
    scans = len(cells.scans_of(context.con, plan, scan_, context.engine))
    print(f"{counts} counts by {breakdowns} breakdowns in {scans} scans of {len(columns)} columns")
    print("| | seconds | ratio |\n|---|---|---|")
    print(f"| all measures, cubes | {ours:.2f} | 1 |")
    print(f"| bare scan of the same columns | {scan:.2f} | {ours / scan:.1f} (cubes / bare scan) |")
    print(f"| one query each | {single:.2f} | {single / ours:.1f} (one each / cubes) |")
    print(f"| one query by hand, grouping sets | {once:.2f} | {once / ours:.1f} (by hand / cubes) |")
    nothing, month, six = later(context, plan, entries)
    print(f"| nothing new | {nothing:.3f} | |")
    print(f"| one new month of one force | {month:.3f} | |")
    each_month = (six - month) / 5
    print(
        f"| of that, its records (a sixth month more) | {each_month:.4f} | {each_month / ours:.2%} of all |"
    )
    newest, of = entries[-1], measures(context, type_id)
    period = Period(newest.month, newest.month)
    page = best(lambda: build.answer(context, of, [newest.force], period))[0]
    print(f"| figures of one force and month from cells | {page:.3f} | |")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def later(context: Context, plan: cells.Plan, entries: list[Entry]) -> tuple[float, float, float]:
    """Seconds of a refresh that finds nothing new, of one that finds a month of one force, and of one that finds six.

    Six months more than one cost what the records of five cost; the rest of the time of one month is the fixed cost.
    """
    rest = (context.sources(), lambda _t: None)

    def refresh(held: list[Entry]) -> float:
        begins = time.perf_counter()
        engine = DuckDB(context.root)
        cells.refresh(context.con, context.root, plan, held, rest[0], engine, rest[1])
        return time.perf_counter() - begins

    nothing, one, six = [], [], []
    for _ in range(RUNS):
        empty(context.root / "cells")
        refresh(entries[7:])
        nothing.append(refresh(entries[7:]))
        one.append(refresh(entries[6:]))
        six.append(refresh(entries))
    return min(nothing), min(one), min(six)


def measures(context: Context, type_id: str) -> list[AnyMeasure]:
    return [m for m in context.catalogue.measures.values() if m.of == type_id]


def needed(context: Context, type_id: str) -> list[str]:
    """The stored columns that the measures rest on, those under derivations among them."""
    record_type = context.catalogue.types[type_id]
    compiled = build.compile_asked(context, record_type, measures(context, type_id)).values()
    used = {c for one in compiled for c in one.columns}
    return sorted({c for c, _ in record_type.stored()} & (used | layer.sources_of(record_type, used)))


def empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def best(*works: Callable[[], object]) -> list[float]:
    """The least seconds of a few runs of each, the runs taking turns."""
    runs = []
    for _ in range(RUNS):
        each = []
        for work in works:
            begins = time.perf_counter()
            work()
            each.append(time.perf_counter() - begins)
        runs.append(each)
    return [min(of) for of in zip(*runs, strict=True)]


if __name__ == "__main__":
    main()
